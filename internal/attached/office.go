package attached

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"accord/domain/fault"
)

const (
	// maxParts and maxUnpacked are how much a document may unpack to: files, and
	// bytes together.
	maxParts    = 4000
	maxUnpacked = 64 << 20
	// maxRead is how long a part may be that is read for what it says, in bytes.
	maxRead = 1 << 20
)

// typesPart names the types of all parts, in small letters.
const typesPart = "[content_types].xml"

// What is wrong with a document.
var (
	errPrograms = fault.Rule(rule, source,
		"The document holds macros, controls or embedded objects. Save it without them, or as PDF, and attach that.")
	errFetches = fault.Rule(rule, source,
		"The document fetches parts from elsewhere when it is opened. Save it with everything in it, or as PDF, and attach that.")
	errUnpacked = fault.Rule(rule, source,
		"The document unpacks to more than Accord opens. Save it as PDF, and attach that.")
)

// inspectOffice opens an Office Open XML document (ECMA-376 part 2: a ZIP archive of
// named parts, their types in one of them, their relations in others) and reads all
// of it once. mainType is the type of the part such a document is about; one that can
// hold macros has another.
func inspectOffice(content []byte, mainType string) error {
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return errContent
	}
	if !fills(archive, content) {
		return errAround
	}
	if len(archive.File) > maxParts {
		return errUnpacked
	}
	seen := map[string]bool{}
	left := int64(maxUnpacked)
	var isMain bool
	for _, part := range archive.File {
		// Two parts of one name are read as one by this program and as the other by
		// that; names of parts differ in more than their case (part 2, 6.3.5).
		name := strings.ToLower(part.Name)
		if seen[name] || !orderly(part) {
			return errContent
		}
		seen[name] = true
		if holdsPrograms(name) {
			return errPrograms
		}
		var text bytes.Buffer
		switch {
		case name == typesPart:
			if err = unpack(part, &left, &text); err == nil {
				isMain, err = inspectTypes(text.Bytes(), mainType)
			}
		case path.Ext(name) == ".rels":
			if err = unpack(part, &left, &text); err == nil {
				err = inspectRelations(text.Bytes())
			}
		default:
			err = unpack(part, &left, io.Discard)
		}
		if err != nil {
			return err
		}
	}
	if !isMain {
		return errContent
	}
	return nil
}

// fills reports whether an archive begins where the content begins and ends where it
// ends, its directory right before the end: readers differ in where they look for it
// when something stands before the archive.
func fills(archive *zip.Reader, content []byte) bool {
	const localHeader, endRecord = 30, 22 // their fixed parts, in bytes (APPNOTE.TXT 4.3.7, 4.3.16)
	if len(content) < localHeader || len(archive.File) == 0 {
		return false
	}
	end := content[len(content)-endRecord:]
	if string(end[:4]) != "PK\x05\x06" || archive.Comment != "" {
		return false
	}
	directory := int64(binary.LittleEndian.Uint32(end[12:])) + int64(binary.LittleEndian.Uint32(end[16:]))
	if directory != int64(len(content)-endRecord) {
		return false
	}
	first := int64(localHeader) + int64(binary.LittleEndian.Uint16(content[26:])) + int64(binary.LittleEndian.Uint16(content[28:]))
	return slices.ContainsFunc(archive.File, func(part *zip.File) bool {
		offset, err := part.DataOffset()
		return err == nil && offset == first
	})
}

// orderly reports whether a part has a name inside the document and can be read by
// everybody.
func orderly(part *zip.File) bool {
	const encrypted = 1
	name := strings.TrimSuffix(part.Name, "/")
	return name != "" && path.Clean("/"+name) == "/"+name && !strings.Contains(name, `\`) && part.Flags&encrypted == 0
}

func holdsPrograms(name string) bool {
	if base := path.Base(name); base == "vbaproject.bin" || base == "vbadata.xml" {
		return true
	}
	return slices.ContainsFunc(strings.Split(path.Dir(name), "/"), func(folder string) bool {
		return folder == "activex" || folder == "embeddings" || folder == "macrosheets"
	})
}

// unpack reads a part whole, whatever it says its size is, and takes what it reads
// from what may still be read.
func unpack(part *zip.File, left *int64, into io.Writer) error {
	in, err := part.Open()
	if err != nil {
		return errContent
	}
	defer in.Close()
	most := *left
	if into != io.Discard {
		most = min(most, maxRead)
	}
	n, err := io.Copy(into, io.LimitReader(in, most+1))
	switch *left -= n; {
	case n > most:
		return errUnpacked
	case err != nil:
		return errContent
	}
	return nil
}

// inspectTypes reports whether the document is about a part of the type given.
func inspectTypes(text []byte, mainType string) (isMain bool, err error) {
	type typed struct {
		ContentType string `xml:"ContentType,attr"`
	}
	var types struct {
		Defaults  []typed `xml:"Default"`
		Overrides []typed `xml:"Override"`
	}
	if err := decode(text, &types); err != nil {
		return false, errContent
	}
	for _, t := range slices.Concat(types.Defaults, types.Overrides) {
		said := strings.ToLower(t.ContentType)
		for _, program := range []string{"macro", "vbaproject", "activex", "oleobject"} {
			if strings.Contains(said, program) {
				return false, errPrograms
			}
		}
		isMain = isMain || said == mainType
	}
	return isMain, nil
}

// inspectRelations refuses relations to anything outside the document but links, which
// are followed only by whoever clicks on them.
func inspectRelations(text []byte) error {
	var relations struct {
		Relationships []struct {
			Type       string `xml:"Type,attr"`
			TargetMode string `xml:"TargetMode,attr"`
		} `xml:"Relationship"`
	}
	if err := decode(text, &relations); err != nil {
		return errContent
	}
	for _, r := range relations.Relationships {
		if strings.EqualFold(r.TargetMode, "External") && !strings.HasSuffix(r.Type, "/hyperlink") {
			return errFetches
		}
	}
	return nil
}

// decode reads one XML document without a document type, which parts must not have
// (part 2, 6.2.5).
func decode(text []byte, into any) error {
	if bytes.Contains(text, []byte("<!DOCTYPE")) {
		return errors.New("a part declares a document type")
	}
	decoder := xml.NewDecoder(bytes.NewReader(text))
	return decoder.Decode(into) //nolint:wrapcheck // what is wrong with it is told to nobody
}
