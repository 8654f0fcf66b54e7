package attached_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"accord/internal/attached"
)

func TestDocumentsWithProgramsAreRefused(t *testing.T) {
	t.Parallel()
	const macros = "application/vnd.ms-word.document.macroEnabled.main+xml"
	cases := []struct {
		what    string
		content []byte
		says    string
	}{
		{"macros", docx(t, part{"word/vbaProject.bin", "\xd0\xcf\x11\xe0"}), "macros"},
		{"macros in capitals", docx(t, part{"WORD/VBAPROJECT.BIN", "\xd0\xcf\x11\xe0"}), "macros"},
		{"what Word keeps about macros", docx(t, part{"word/vbaData.xml", "<a/>"}), "macros"},
		{"a control", docx(t, part{"word/activeX/activeX1.xml", "<a/>"}), "macros"},
		{"an embedded object", docx(t, part{"word/embeddings/oleObject1.bin", "MZ"}), "macros"},
		{"macros of old", docx(t, part{"xl/macrosheets/sheet1.xml", "<a/>"}), "macros"},
		{"a document with macros under another name", archive(t, types("/word/document.xml", macros), part{"word/document.xml", "<a/>"}), "macros"},
		{"macros of another name", archive(t, types("/word/document.xml", word+".main+xml", "/word/a.bin", "application/vnd.ms-office.vbaProject"), part{"word/document.xml", "<a/>"}), "macros"},
		{"macros by extension", archive(t, part{"[Content_Types].xml", `<Types><Default Extension="bin" ContentType="application/vnd.ms-office.VBAPROJECT"/><Override PartName="/word/document.xml" ContentType="` + word + `.main+xml"/></Types>`}, part{"word/document.xml", "<a/>"}), "macros"},

		{"a template from elsewhere", docx(t, relations("word/_rels/settings.xml.rels", relation("attachedTemplate", "https://example.org/a.dotm", ` TargetMode="External"`))), "fetches"},
		{"a picture from elsewhere", docx(t, relations("word/_rels/header1.xml.rels", relation("image", "https://example.org/seen.png", ` TargetMode="external"`))), "fetches"},
		{"a relation that cannot be read", docx(t, part{"word/_rels/a.rels", "<Relationships"}), "not what the file's name says"},
		{"relations with a document type", docx(t, part{"word/_rels/a.rels", `<!DOCTYPE a [<!ENTITY b "c">]><Relationships/>`}), "not what the file's name says"},

		{"a sheet under the name of a document", archive(t, types("/xl/workbook.xml", sheet+".main+xml"), part{"xl/workbook.xml", "<a/>"}), "not what the file's name says"},
		{"an archive that is no document", archive(t, part{"a.exe", "MZ"}), "not what the file's name says"},
		{"an archive of nothing", archive(t), ""},
		{"types that cannot be read", archive(t, part{"[Content_Types].xml", "<Types"}, part{"word/document.xml", "<a/>"}), "not what the file's name says"},
		{"a part twice", docx(t, part{"word/document.xml", "<a/>"}), "not what the file's name says"},
		{"a part twice but for capitals", docx(t, part{"Word/Document.xml", "<a/>"}), "not what the file's name says"},
		{"a part outside", docx(t, part{"../run.exe", "MZ"}), "not what the file's name says"},
		{"a part at the root of the disk", docx(t, part{"/run.exe", "MZ"}), "not what the file's name says"},
		{"a part of Windows", docx(t, part{`word\run.exe`, "MZ"}), "not what the file's name says"},

		{"a bomb", bomb(t, 65<<20), "unpacks to more"},
		{"a bomb of relations", docx(t, part{"word/_rels/a.rels", strings.Repeat(" ", 1<<20+1)}), "unpacks to more"},
		{"a bomb of parts", docx(t, many(4000)...), "unpacks to more"},
		{"a bomb that denies it", bomb(t, 1), "not what the file's name says"},
		{"a locked part", locked(docx(t)), "not what the file's name says"},
		{"a part packed in another way", packed(docx(t), 12), "not what the file's name says"},
		{"a part that is damaged", damaged(t), "not what the file's name says"},
	}
	for _, c := range cases {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			got, err := attached.Check("plan.docx", word, c.content)
			if err == nil {
				t.Fatalf("accepted as %+v", got)
			}
			refused(t, err, c.says)
		})
	}
}

func TestSheetsWithProgramsAreRefused(t *testing.T) {
	t.Parallel()
	for what, content := range map[string][]byte{
		"macros":                            xlsx(t, part{"xl/vbaProject.bin", "\xd0\xcf\x11\xe0"}),
		"macros of old":                     xlsx(t, part{"xl/macrosheets/sheet1.xml", "<a/>"}),
		"another book":                      xlsx(t, relations("xl/externalLinks/_rels/externalLink1.xml.rels", relation("externalLinkPath", "file:///server/a.xlsx", ` TargetMode="External"`))),
		"a document under the wrong name":   docx(t),
		"a sheet with macros, another name": archive(t, types("/xl/workbook.xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml"), part{"xl/workbook.xml", "<a/>"}),
	} {
		if got, err := attached.Check("calls.xlsx", sheet, content); err == nil {
			t.Errorf("%s: accepted as %+v", what, got)
		} else {
			refused(t, err, "")
		}
	}
}

func TestADocumentMayHoldManyPartsAndFolders(t *testing.T) {
	t.Parallel()
	content := docx(t, append(many(3000), part{"word/", ""}, part{"word/media/", ""})...)
	if _, err := attached.Check("plan.docx", word, content); err != nil {
		t.Errorf("%v", err)
	}
}

func many(n int) []part {
	parts := make([]part, n)
	for i := range parts {
		parts[i] = part{fmt.Sprintf("word/media/%d.xml", i), "<a/>"}
	}
	return parts
}

// central calls change for the entry in the central directory of every part.
func central(content []byte, change func(entry []byte)) []byte {
	changed := bytes.Clone(content)
	for at := 0; ; {
		next := bytes.Index(changed[at:], []byte("PK\x01\x02"))
		if next < 0 {
			return changed
		}
		at += next
		change(changed[at:])
		at += 4
	}
}

// bomb is a document with a part of 65 MB of zeros that says how large it is.
func bomb(t *testing.T, says uint64) []byte {
	t.Helper()
	var million bytes.Buffer
	pack, err := flate.NewWriter(&million, flate.BestCompression)
	if err != nil {
		t.Fatalf("flate: %v", err)
	}
	pack.Write(make([]byte, 1<<20))
	if err := pack.Flush(); err != nil {
		t.Fatalf("flush: %v", err)
	}
	packed := append(bytes.Repeat(million.Bytes(), 65), 3, 0) // and the block that ends it

	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, p := range wordParts() {
		in, err := w.Create(p.name)
		if err != nil {
			t.Fatalf("create: %v", err)
		}
		in.Write([]byte(p.text))
	}
	in, err := w.CreateRaw(&zip.FileHeader{
		Name: "word/media/a.xml", Method: zip.Deflate, CompressedSize64: uint64(len(packed)), UncompressedSize64: says,
	})
	if err != nil {
		t.Fatalf("create: %v", err)
	}
	in.Write(packed)
	if err := w.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
	return b.Bytes()
}

func locked(content []byte) []byte {
	return central(content, func(entry []byte) { entry[8] |= 1 })
}

func packed(content []byte, method uint16) []byte {
	return central(content, func(entry []byte) { binary.LittleEndian.PutUint16(entry[10:], method) })
}

// damaged is a document whose last part does not have the checksum it says it has.
func damaged(t *testing.T) []byte {
	t.Helper()
	return central(docx(t), func(entry []byte) { binary.LittleEndian.PutUint32(entry[16:], 12345) })
}
