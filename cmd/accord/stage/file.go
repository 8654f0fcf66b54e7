package stage

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"testing"

	"accord/internal/server"
)

// File is a file that somebody attaches to a record.
type File struct {
	Record, Name, Type string
	Content            []byte
	Key                string // of idempotency; empty: none
}

// Response is what was answered to a request that is no operation.
type Response struct {
	Answer
	Header http.Header
}

// Attach attaches a file as somebody of the demo.
func (s *Stage) Attach(tb testing.TB, login string, file File) Response {
	tb.Helper()
	header := http.Header{"Accord-Record": {file.Record}, "Accord-File-Name": {url.PathEscape(file.Name)}, "Content-Type": {file.Type}}
	if file.Key != "" {
		header.Set("Accord-Idempotency-Key", file.Key)
	}
	return s.Request(tb, login, http.MethodPost, server.AttachmentsPath, header, file.Content)
}

// Fetch asks for the file of an attachment as somebody of the demo.
func (s *Stage) Fetch(tb testing.TB, login, attachment string) Response {
	tb.Helper()
	return s.Request(tb, login, http.MethodGet, server.AttachmentsPath+"/"+attachment, nil, nil)
}

// Request sends any request as somebody of the demo; an empty login is nobody.
func (s *Stage) Request(tb testing.TB, login, method, path string, header http.Header, body []byte) Response {
	tb.Helper()
	request, err := http.NewRequestWithContext(tb.Context(), method, s.server.URL+path, bytes.NewReader(body))
	if err != nil {
		tb.Fatalf("making a request: %v", err)
	}
	if header != nil {
		request.Header = header.Clone()
	}
	if login != "" {
		request.Header.Set("Authorization", "Bearer "+s.Token(tb, login))
	}
	response, err := s.server.Client().Do(request)
	if err != nil {
		tb.Fatalf("asking: %v", err)
	}
	answered, err := io.ReadAll(response.Body)
	if closed := response.Body.Close(); err != nil || closed != nil {
		tb.Fatalf("reading an answer: %v, %v", err, closed)
	}
	return Response{Answer{Status: response.StatusCode, Body: answered}, response.Header}
}
