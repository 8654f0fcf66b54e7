package attached

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"image/jpeg"
	"image/png"
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"accord/domain/fault"
)

// format is one that may be attached.
type format struct {
	mediaType    string
	extensions   []string // in small letters, with the dot
	alsoDeclared []string // other names of the media type that browsers send
	sniffed      []string // what its content may look like
	inspect      func(content []byte) error
}

const (
	wordType  = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	sheetType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

var formats = []format{
	{
		mediaType:  "application/pdf",
		extensions: []string{".pdf"},
		sniffed:    []string{"application/pdf"},
		inspect:    inspectPDF,
	},
	{
		mediaType:  "image/png",
		extensions: []string{".png"},
		sniffed:    []string{"image/png"},
		inspect:    inspectPNG,
	},
	{
		mediaType:    "image/jpeg",
		extensions:   []string{".jpg", ".jpeg"},
		alsoDeclared: []string{"image/jpg", "image/pjpeg"},
		sniffed:      []string{"image/jpeg"},
		inspect:      inspectJPEG,
	},
	{
		mediaType:  "text/plain",
		extensions: []string{".txt"},
		// Text that happens to be a table, data or a message is text; text that a
		// program would run or render is not.
		sniffed: []string{"text/plain", "text/csv", "text/tab-separated-values", "application/json", "application/x-ndjson", "message/rfc822"},
		inspect: inspectText,
	},
	{
		mediaType:  wordType,
		extensions: []string{".docx"},
		sniffed:    []string{wordType, "application/zip"},
		inspect:    func(content []byte) error { return inspectOffice(content, wordType+".main+xml") },
	},
	{
		mediaType:  sheetType,
		extensions: []string{".xlsx"},
		sniffed:    []string{sheetType, "application/zip"},
		inspect:    func(content []byte) error { return inspectOffice(content, sheetType+".main+xml") },
	},
	{
		mediaType:  "message/rfc822",
		extensions: []string{".eml"},
		sniffed:    []string{"text/plain", "message/rfc822"},
		inspect:    inspectMail,
	},
	{
		mediaType:    "audio/mpeg",
		extensions:   []string{".mp3"},
		alsoDeclared: []string{"audio/mp3"},
		sniffed:      []string{"audio/mpeg"},
		inspect:      notAnArchive,
	},
	{
		mediaType:  "video/mp4",
		extensions: []string{".mp4"},
		sniffed:    []string{"video/mp4"},
		inspect:    notAnArchive,
	},
	{
		mediaType:    "audio/wav",
		extensions:   []string{".wav"},
		alsoDeclared: []string{"audio/x-wav", "audio/wave", "audio/vnd.wave"},
		sniffed:      []string{"audio/wav"},
		inspect:      notAnArchive,
	},
}

var errEncoding = fault.Rule(rule, source,
	"The text is not plain text in UTF-8. Save it as UTF-8, and attach that.")

// notAnArchive refuses what can be read as an archive too: archives are read from
// their end, so one fits behind nearly any other format.
func notAnArchive(content []byte) error {
	if _, err := zip.NewReader(bytes.NewReader(content), int64(len(content))); err == nil {
		return errAround
	}
	return nil
}

// inspectPDF demands the header at the very beginning, where ISO 32000-2 7.5.2 has it
// (readers look for it further on, which is how another format gets before it), and
// nothing but white space and the zeros that scanners pad with behind the end.
func inspectPDF(content []byte) error {
	if !bytes.HasPrefix(content, []byte("%PDF-1.")) && !bytes.HasPrefix(content, []byte("%PDF-2.")) {
		return errAround
	}
	end := []byte("%%EOF")
	last := bytes.LastIndex(content, end)
	if last < 0 {
		return errContent
	}
	if len(bytes.Trim(content[last+len(end):], " \t\r\n\f\x00")) > 0 {
		return errAround
	}
	return notAnArchive(content)
}

// inspectPNG demands that the chunks end the file (PNG specification 5.6: IEND is
// last).
func inspectPNG(content []byte) error {
	if _, err := png.DecodeConfig(bytes.NewReader(content)); err != nil {
		return errContent
	}
	const signature, frame = 8, 12 // a chunk is its length, type and checksum, and its data
	for rest := content[signature:]; len(rest) >= frame; {
		length := uint64(binary.BigEndian.Uint32(rest)) + frame
		if length > uint64(len(rest)) {
			return errContent
		}
		if string(rest[4:8]) == "IEND" {
			if length < uint64(len(rest)) {
				return errAround
			}
			return nil
		}
		rest = rest[length:]
	}
	return errContent
}

// inspectJPEG leaves what stands behind the picture alone: telephones keep a second
// picture and notes of their own there.
func inspectJPEG(content []byte) error {
	if _, err := jpeg.DecodeConfig(bytes.NewReader(content)); err != nil {
		return errContent
	}
	return notAnArchive(content)
}

func inspectText(content []byte) error {
	if !utf8.Valid(content) {
		return errEncoding
	}
	for _, r := range string(content) {
		if unicode.IsControl(r) && !strings.ContainsRune("\t\n\r\f", r) {
			return errEncoding
		}
	}
	return nil
}

// inspectMail demands what RFC 5322 3.6 demands of every message: a date and who it is
// from. What is attached to it stays in it, as it came, and is for the malware scanner
// to open.
func inspectMail(content []byte) error {
	if bytes.IndexByte(content, 0) >= 0 {
		return errContent
	}
	message, err := mail.ReadMessage(bytes.NewReader(content))
	if err != nil {
		return errContent
	}
	if _, err := message.Header.Date(); err != nil {
		return errContent
	}
	if _, err := message.Header.AddressList("From"); err != nil {
		return errContent
	}
	return notAnArchive(content)
}
