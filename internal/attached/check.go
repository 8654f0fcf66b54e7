// Package attached decides what may be attached to a record: which formats, how
// large, under what name. What it accepts is what it says it is; whether that is
// malware is for a scanner to say, and who may read it for the gate.
//
// The formats are those in which agencies hold evidence and write to each other. None
// of them is run when it is opened by what a practitioner's machine usually opens it
// with, and a document that holds programs, or fetches parts from elsewhere and so
// tells somebody that and where it is read, is refused.
package attached

import (
	"mime"
	"path"
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"accord/domain/fault"
)

// MaxSize is how large an attachment may be, in bytes: 8 MB.
const MaxSize = 8 << 20

const (
	rule   = "ATTACHMENT_TYPE"
	source = "Accord, attachments"
)

// Accepted is what is kept of an attachment beside its content.
type Accepted struct {
	// Name is the name of the file: 1 to 200 characters, without a path, control or
	// direction characters, and with the extension of its format.
	Name string
	// MediaType is the one name of its format, such as "application/pdf". It is what
	// the attachment is to be served as, whatever was declared.
	MediaType string
	// Size is in bytes, from 1 to MaxSize.
	Size int
}

// What is wrong with a file as such.
var (
	errEmpty = fault.Input("input.content", "notEmpty", "Attach a file that is not empty.")
	errLarge = fault.Input("input.content", "maxLength", "Attach a file of at most 8 MB.")

	errFormat = fault.Rule(rule, source,
		"Attach a file of one of these formats: PDF, PNG, JPEG, TXT in UTF-8, DOCX, XLSX, EML, MP3, MP4 or WAV.")
	errDeclared = fault.Rule(rule, source,
		"The media type does not fit the extension of the file's name. Send the file under the media type and the name of its format.")
	errContent = fault.Rule(rule, source,
		"The content is not what the file's name says. Save the file again in the format it is to have, and attach that.")
	errAround = fault.Rule(rule, source,
		"The file holds something before or behind its content. Save it again in its format, and attach that.")
)

// Check decides whether a file may be attached. name is the name it was given,
// declared the media type it was sent as, which may carry parameters. Extension,
// declared type and content must all be of one format. The error is always a
// *fault.Fault that says what would make it right and repeats neither name nor
// content; content is read and not kept.
func Check(name, declared string, content []byte) (Accepted, error) {
	cleaned, err := clean(name)
	if err != nil {
		return Accepted{}, err
	}
	switch {
	case len(content) == 0:
		return Accepted{}, errEmpty
	case len(content) > MaxSize:
		return Accepted{}, errLarge
	}
	is, known := formatOf(cleaned)
	if !known {
		return Accepted{}, errFormat
	}
	said, _, err := mime.ParseMediaType(declared)
	if err != nil || said != is.mediaType && !slices.Contains(is.alsoDeclared, said) {
		return Accepted{}, errDeclared
	}
	sniffed, _, _ := strings.Cut(mimetype.Detect(content).String(), ";")
	if !slices.Contains(is.sniffed, sniffed) {
		return Accepted{}, errContent
	}
	if err := is.inspect(content); err != nil {
		return Accepted{}, err
	}
	return Accepted{Name: cleaned, MediaType: is.mediaType, Size: len(content)}, nil
}

func formatOf(name string) (format, bool) {
	extension := strings.ToLower(path.Ext(name))
	for _, f := range formats {
		if slices.Contains(f.extensions, extension) {
			return f, true
		}
	}
	return format{}, false
}
