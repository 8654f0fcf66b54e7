package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"accord/domain/fault"
	"accord/graph"
)

// maxErrors is how many errors an answer says. A document can be wrong in
// thousands of places.
const maxErrors = 20

// answer is a response that is complete in memory: nothing of it has left.
type answer struct {
	status int
	media  string
	body   []byte
	codes  []string          // the codes of its errors, sorted, each once
	header map[string]string // instead of what every answer has, and beside it
}

// executed is the answer of an operation that ran.
func executed(response *graphql.Response, media string) (answer, error) {
	response.Errors = graph.SortErrors(response.Errors)
	var body bytes.Buffer
	body.Grow(len(response.Data) + 256)
	body.WriteByte('{')
	if len(response.Errors) > 0 {
		if err := writeMember(&body, "errors", response.Errors); err != nil {
			return answer{}, err
		}
		body.WriteByte(',')
	}
	// The data is JSON already; encoding/json would read all of it once more.
	body.WriteString(`"data":`)
	if len(response.Data) == 0 {
		body.WriteString("null")
	}
	body.Write(response.Data)
	if len(response.Extensions) > 0 {
		body.WriteByte(',')
		if err := writeMember(&body, "extensions", response.Extensions); err != nil {
			return answer{}, err
		}
	}
	body.WriteByte('}')
	return answer{status: http.StatusOK, media: media, body: body.Bytes(), codes: codesOf(response.Errors)}, nil
}

// refused is the answer of a request that did not run: errors and no data.
func refused(status int, media string, errs gqlerror.List) answer {
	errs = graph.SortErrors(errs)
	if len(errs) > maxErrors {
		errs = errs[:maxErrors]
	}
	var body bytes.Buffer
	body.WriteByte('{')
	if err := writeMember(&body, "errors", errs); err != nil {
		// What the presenter makes always encodes; if not, say the least.
		body.Reset()
		body.WriteString(`{"errors":[{"message":"Accord cannot answer.","extensions":{"code":"INTERNAL"}}]`)
	}
	body.WriteByte('}')
	return answer{status: status, media: media, body: body.Bytes(), codes: codesOf(errs)}
}

func writeMember(body *bytes.Buffer, name string, value any) error {
	encoded, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("encoding %s: %w", name, err)
	}
	body.WriteString(strconv.Quote(name))
	body.WriteByte(':')
	body.Write(encoded)
	return nil
}

// requestErrorStatus is the status of a well-formed request that was refused
// before it ran (GraphQL over HTTP, 6.4.1 and 6.4.2).
func requestErrorStatus(media string) int {
	if media == mediaGraphQL {
		return http.StatusBadRequest
	}
	return http.StatusOK
}

// send writes the answer. The client may have gone; there is nobody to tell.
func (a answer) send(w http.ResponseWriter) {
	header := w.Header()
	header.Set("Content-Type", a.media+"; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(a.body)))
	for name, value := range a.header {
		header.Set(name, value)
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

// knownCodes are the codes an answer may carry; they are safe to log and count.
var knownCodes = []string{
	string(fault.BadInput), string(fault.Conflict), string(fault.Forbidden), string(fault.Internal),
	string(fault.NotFound), string(fault.RateLimited), string(fault.RuleViolation), string(fault.TooExpensive),
	string(fault.Unauthenticated), string(fault.Unavailable),
}

func codesOf(errs gqlerror.List) []string {
	var codes []string
	for _, err := range errs {
		code, _ := err.Extensions["code"].(string)
		if !slices.Contains(knownCodes, code) {
			code = string(fault.Internal)
		}
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}
