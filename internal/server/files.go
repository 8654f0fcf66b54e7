package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"path"
	"strings"

	"accord/domain/fault"
)

// Files attaches files to records and gives them back, in the name of the capacity that
// the context holds. Its errors are answered as those of an operation.
type Files interface {
	// Attach attaches a file to a record.
	Attach(ctx context.Context, file Upload) (Attached, error)
	// Fetch returns the file of an attachment.
	Fetch(ctx context.Context, id string) (Attached, error)
}

// Upload is a file as it was sent.
type Upload struct {
	Record         string // id of the record it is to be attached to
	Name           string
	Type           string // media type it was sent as
	Content        []byte
	IdempotencyKey string // empty: none
}

// Attached is a file that is attached to a record.
type Attached struct {
	ID      string
	Name    string
	Type    string // media type, as the content shows it
	Size    int
	Content []byte // nil of a file that was just attached
}

// The headers that say what a file is. Its name is in a header because what is in a
// path is written into the logs of everything on the way.
const (
	recordHeader         = "Accord-Record"
	fileNameHeader       = "Accord-File-Name"
	idempotencyKeyHeader = "Accord-Idempotency-Key"
)

const (
	// filesAtOnce is how many files are in memory at once. Each takes some of its size
	// again to be sealed and stored; the others wait.
	filesAtOnce = 8

	uploading   = "upload"
	downloading = "download"
)

var (
	errAttachMethod = fault.Input("method", "method", "Send the file in a POST request.")
	errFetchMethod  = fault.Input("method", "method", "Ask for the file in a GET request.")
	errFileHeader   = fault.Input("headers", "once", "Send Accord-Record, Accord-File-Name and Content-Type once each, and Accord-Idempotency-Key at most once.")
	errFileName     = fault.Input(fileNameHeader, "percentEncoding", "Send the name of the file in UTF-8, percent-encoded.")
)

// attaching is the way of a file to its record.
func (s *server) attaching() way {
	var file Upload
	done := func() {}
	return way{
		method: http.MethodPost, onlyBy: errAttachMethod,
		take: func(w http.ResponseWriter, r *http.Request) (refused *answer) {
			outcomeFrom(r.Context()).noteFile(uploading)
			file, done, refused = s.takeFile(w, r)
			return refused
		},
		end: func() { done() },
		answer: func(w http.ResponseWriter, r *http.Request) {
			attached, err := s.config.Files.Attach(r.Context(), file)
			if err != nil {
				s.transport.leave(r.Context(), w, s.refuse(r, statusOf(codeOf(err)), err))
				return
			}
			s.transport.leave(r.Context(), w, s.told(r, attached))
		},
	}
}

// fetching is the way of a file to who asks for it.
func (s *server) fetching(id string) way {
	done := func() {}
	return way{
		method: http.MethodGet, onlyBy: errFetchMethod,
		end: func() { done() },
		answer: func(w http.ResponseWriter, r *http.Request) {
			outcomeFrom(r.Context()).noteFile(downloading)
			var err error
			var file Attached
			if done, err = s.carry(r.Context()); err == nil {
				file, err = s.config.Files.Fetch(r.Context(), id)
			}
			if err != nil {
				s.transport.leave(r.Context(), w, s.refuse(r, statusOf(codeOf(err)), err))
				return
			}
			s.transport.leave(r.Context(), w, sent(r, file))
		},
	}
}

// takeFile takes in a file: what is said of it first, so that nobody who says it wrong
// sends 8 MB for nothing. Done is to be called when the file is out of memory.
func (s *server) takeFile(w http.ResponseWriter, r *http.Request) (file Upload, done func(), refused *answer) {
	turn := func(status int, why error) (Upload, func(), *answer) {
		built := s.refuse(r, status, why)
		return Upload{}, func() {}, &built
	}
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		cutOff(w, r)
		return turn(http.StatusUnsupportedMediaType, errEncoding)
	}
	file, wrong := said(r.Header)
	if wrong != nil {
		cutOff(w, r)
		return turn(http.StatusBadRequest, wrong)
	}
	ctx, cancel := context.WithTimeout(r.Context(), s.config.Deadline)
	defer cancel()
	done, err := s.carry(ctx)
	if err != nil {
		cutOff(w, r)
		return turn(http.StatusServiceUnavailable, err)
	}
	body, status, wrong := readBody(w, r, s.config.MaxFile)
	if wrong != nil {
		done()
		return turn(status, wrong)
	}
	file.Content = body
	return file, done, nil
}

// said is what the headers say of a file.
func said(header http.Header) (Upload, *fault.Fault) {
	for _, name := range []string{recordHeader, fileNameHeader, "Content-Type"} {
		if len(header.Values(name)) != 1 {
			return Upload{}, errFileHeader
		}
	}
	if len(header.Values(idempotencyKeyHeader)) > 1 {
		return Upload{}, errFileHeader
	}
	name, err := url.PathUnescape(header.Get(fileNameHeader))
	if err != nil {
		return Upload{}, errFileName
	}
	return Upload{
		Record: header.Get(recordHeader), Name: name, Type: header.Get("Content-Type"),
		IdempotencyKey: header.Get(idempotencyKeyHeader),
	}, nil
}

// carry waits until there is room in memory for one more file.
func (s *server) carry(ctx context.Context) (done func(), err error) {
	select {
	case s.carried <- struct{}{}:
		return func() { <-s.carried }, nil
	case <-ctx.Done():
		return func() {}, fault.NotAvailable(ctx.Err())
	}
}

// codeOf is the code of an error, by which its status goes.
func codeOf(err error) fault.Code {
	told := fault.Of(err)
	switch {
	case told != nil:
		return told.Code
	case errors.Is(err, context.DeadlineExceeded): // as it is presented
		return fault.Unavailable
	default:
		return fault.Internal
	}
}

// told is the answer to who has attached a file.
func (s *server) told(r *http.Request, file Attached) answer {
	body, err := json.Marshal(map[string]any{"data": map[string]any{"attachment": map[string]any{
		"id": file.ID, "name": file.Name, "type": file.Type, "size": file.Size,
	}}})
	if err != nil {
		return s.refuse(r, http.StatusInternalServerError, err)
	}
	return answer{
		status: http.StatusCreated, media: mediaJSON, body: body,
		header: map[string]string{"Location": AttachmentsPath + "/" + file.ID},
	}
}

// sent is the answer that is a file: to be kept by who asked, and never to be run or
// shown by a browser as a page of Accord.
func sent(r *http.Request, file Attached) answer {
	media := file.Type
	if media == "text/plain" {
		media += "; charset=utf-8" // the only one that is taken
	}
	return answer{
		status: http.StatusOK, media: negotiate(r.Header.Values("Accept")), body: file.Content, header: map[string]string{
			"Content-Type":            media,
			"Content-Disposition":     disposition(file.Name),
			"Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
			"Accept-Ranges":           "none",
		},
	}
}

// disposition has a name without its words for those who cannot read the other (RFC 6266,
// appendix D), and the name as it is in RFC 8187.
func disposition(name string) string {
	encoded := strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
	plain := "attachment"
	if extension := path.Ext(name); isPlain(extension) {
		plain += extension
	}
	return `attachment; filename="` + plain + `"; filename*=UTF-8''` + encoded
}

// isPlain reports whether text is a dot with letters and digits behind it.
func isPlain(text string) bool {
	return len(text) > 1 && strings.IndexFunc(text[1:], func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	}) < 0
}

// noteFile notes what is done with a file.
func (o *Outcome) noteFile(operation string) {
	o.Operation = operation
	if operation == uploading {
		o.Root = "attachFile"
		return
	}
	o.Root = "attachedFile"
}
