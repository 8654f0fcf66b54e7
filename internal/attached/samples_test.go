package attached_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

const (
	word  = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// sample is a sound file of one format.
type sample struct {
	name, declared string
	content        []byte
}

func samples(tb testing.TB) []sample {
	tb.Helper()
	return []sample{
		{"statement.pdf", "application/pdf", pdf()},
		{"door.png", "image/png", pngPicture(tb)},
		{"door.jpg", "image/jpeg", jpegPicture(tb)},
		{"messages.txt", "text/plain", []byte("He was outside again at 07:40.\nI did not go out.\n")},
		{"plan.docx", word, docx(tb)},
		{"calls.xlsx", sheet, xlsx(tb)},
		{"threat.eml", "message/rfc822", eml()},
		{"voicemail.mp3", "audio/mpeg", mp3()},
		{"doorbell.mp4", "video/mp4", mp4()},
		{"voicemail.wav", "audio/wav", wav()},
	}
}

func pdf() []byte {
	return []byte("%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n" +
		"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000053 00000 n \ntrailer\n<</Size 3/Root 1 0 R>>\nstartxref\n100\n%%EOF\n")
}

func picture() image.Image {
	p := image.NewGray(image.Rect(0, 0, 20, 20))
	for i := range p.Pix {
		p.Pix[i] = uint8(i)
	}
	return p
}

func pngPicture(tb testing.TB) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, picture()); err != nil {
		tb.Fatalf("encode: %v", err)
	}
	return b.Bytes()
}

func jpegPicture(tb testing.TB) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture(), nil); err != nil {
		tb.Fatalf("encode: %v", err)
	}
	return b.Bytes()
}

func eml() []byte {
	return []byte("Received: from mail.example ([192.0.2.1]) by mx.example; Sun, 22 Nov 2026 08:00:00 +0000\r\n" +
		"From: Somebody <somebody@example.org>\r\nTo: me@example.org\r\nDate: Sun, 22 Nov 2026 07:59:58 +0000\r\n" +
		"Subject: =?utf-8?q?you?=\r\nMessage-ID: <1@example.org>\r\n\r\nYou will see.\r\n")
}

// mp3 is a tag and twenty silent frames of MPEG-1 layer III, 128 kbit/s at 44.1 kHz.
func mp3() []byte {
	b := []byte("ID3\x03\x00\x00\x00\x00\x00\x00")
	for range 20 {
		frame := make([]byte, 417)
		copy(frame, "\xff\xfb\x90\x64")
		b = append(b, frame...)
	}
	return b
}

func mp4() []byte {
	b := []byte("\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41")
	return append(b, "\x00\x00\x00\x08free\x00\x00\x00\x10mdat\x01\x02\x03\x04\x05\x06\x07\x08"...)
}

func wav() []byte {
	data := make([]byte, 400)
	b := []byte("RIFF")
	b = binary.LittleEndian.AppendUint32(b, uint32(36+len(data)))
	b = append(b, "WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(data)))
	return append(b, data...)
}

// part is one part of a document.
type part struct{ name, text string }

func types(overrides ...string) part {
	var text strings.Builder
	text.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>`)
	for i := 0; i+1 < len(overrides); i += 2 {
		text.WriteString(`<Override PartName="` + overrides[i] + `" ContentType="` + overrides[i+1] + `"/>`)
	}
	return part{"[Content_Types].xml", text.String() + `</Types>`}
}

const relationType = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

func relation(kind, target, mode string) string {
	return `<Relationship Id="r1" Type="` + relationType + kind + `" Target="` + target + `"` + mode + `/>`
}

func relations(name string, each ...string) part {
	return part{name, `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + strings.Join(each, "") + `</Relationships>`}
}

func wordParts() []part {
	return []part{
		types("/word/document.xml", word+".main+xml"),
		relations("_rels/.rels", relation("officeDocument", "word/document.xml", "")),
		{"word/document.xml", `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body/></w:document>`},
		relations("word/_rels/document.xml.rels", relation("hyperlink", "https://www.example.org/", ` TargetMode="External"`)),
	}
}

func docx(tb testing.TB, further ...part) []byte {
	tb.Helper()
	return archive(tb, append(wordParts(), further...)...)
}

func xlsx(tb testing.TB, further ...part) []byte {
	tb.Helper()
	return archive(tb, append([]part{
		types("/xl/workbook.xml", sheet+".main+xml"),
		relations("_rels/.rels", relation("officeDocument", "xl/workbook.xml", "")),
		{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>`},
		{"xl/printerSettings/printerSettings1.bin", "\x00\x01\x02"},
	}, further...)...)
}

func archive(tb testing.TB, parts ...part) []byte {
	tb.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, p := range parts {
		method := zip.Deflate
		if len(p.text) < 10 {
			method = zip.Store
		}
		in, err := w.CreateHeader(&zip.FileHeader{Name: p.name, Method: method})
		if err == nil {
			_, err = in.Write([]byte(p.text))
		}
		if err != nil {
			tb.Fatalf("write %s: %v", p.name, err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatalf("close: %v", err)
	}
	return b.Bytes()
}

// Programs, as they begin.
var programs = map[string][]byte{
	"a program for Windows": append([]byte("MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00"), append(make([]byte, 44), "\x40\x00\x00\x00PE\x00\x00L\x01"+strings.Repeat("\x00", 300)...)...),
	"a program for Linux":   append([]byte("\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x3e\x00"), make([]byte, 300)...),
	"a program for macOS":   append([]byte("\xcf\xfa\xed\xfe\x07\x00\x00\x01\x03\x00\x00\x00\x02\x00\x00\x00"), make([]byte, 300)...),
	"a class of Java":       append([]byte("\xca\xfe\xba\xbe\x00\x00\x00\x34"), make([]byte, 300)...),
	"a script":              []byte("#!/bin/sh\ncurl https://example.org | sh\n"),
	"a page":                []byte("<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"),
	"a page without a type": []byte("<script>fetch('https://example.org/')</script>"),
	"a drawing":             []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`),
	"rich text":             []byte(`{\rtf1\ansi{\object\objupdate}}`),
	"an old document":       append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 1500)...),
	"a shortcut":            append([]byte("L\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00F"), make([]byte, 100)...),
}
