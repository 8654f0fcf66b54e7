package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"accord/authz"
	"accord/graph"
	"accord/internal/server"
	"accord/internal/toyschema"
)

func TestAnOperationIsAnsweredWithItsDataAndThenItsErrorsInOrder(t *testing.T) {
	s := serve(t, nil)
	// Changes run one after the other, so b fails before a.
	answer := s.post(query(`mutation { b: rename(input: {id: 1, title: ""}) { id } a: rename(input: {id: 1, title: ""}) { id } c: rename(input: {id: 1, title: "x"}) { title } }`))
	said := `{"message":"A book has a title.","path":[%q],"locations":[{"line":1,"column":%d}],"extensions":{"code":"BAD_USER_INPUT","constraint":"notEmpty","path":"input.title"}}`
	want := `{"errors":[` + fmt.Sprintf(said, "a", 56) + "," + fmt.Sprintf(said, "b", 12) + `],"data":{"b":null,"a":null,"c":{"title":"x"}}}`
	if answer.Code != http.StatusOK || answer.Body.String() != want {
		t.Errorf("answered %d %s\nwant %s", answer.Code, answer.Body, want)
	}
}

func TestWhatFailsInsideIsAnsweredWithAnIdAndNothingElse(t *testing.T) {
	internal := "Accord could not do this because of a fault of its own. Give the correlation id to those who run it."
	cases := map[string]string{
		"INTERNAL":    fmt.Sprintf(`"message":%q,"path":["fails"],"locations":[{"line":1,"column":3}],"extensions":{"code":"INTERNAL","correlationId":"req_1"}`, internal),
		"PANIC":       fmt.Sprintf(`"message":%q,"path":["fails"],"extensions":{"code":"INTERNAL","correlationId":"req_1"}`, internal),
		"UNAVAILABLE": `"message":"Accord cannot answer at the moment. Nothing was changed; try again.","path":["fails"],"locations":[{"line":1,"column":3}],"extensions":{"code":"UNAVAILABLE","correlationId":"req_1"}`,
		"LATE":        `"message":"Accord did not answer in time. Before you repeat a change, read the record again.","path":["fails"],"locations":[{"line":1,"column":3}],"extensions":{"code":"UNAVAILABLE","correlationId":"req_1"}`,
	}
	for how, said := range cases {
		t.Run(how, func(t *testing.T) {
			s := serve(t, func(c *server.Config) { c.Deadline = 20 * time.Millisecond })
			answer := s.post(query("{ fails(how: " + how + ") { id } }"))
			if want := `{"errors":[{` + said + `}],"data":{"fails":null}}`; answer.Body.String() != want {
				t.Errorf("answered %s\nwant %s", answer.Body, want)
			}
			if strings.Contains(s.log.String(), toyschema.Secret) {
				t.Errorf("logged %s", s.log)
			}
			if !strings.Contains(s.log.String(), `"requestId":"req_1"`) || !strings.Contains(s.log.String(), `"kind":"`) {
				t.Errorf("the log does not say what kind of error: %s", s.log)
			}
		})
	}
}

func TestAnArgumentThatCannotBeReadIsTheCallersFaultAndAPanicOverItIsNot(t *testing.T) {
	cases := map[string]struct{ variables, said string }{
		"a scalar that says why": {`{"kind":"BOUND","since":"Canary"}`, `"message":"A day is written like 2026-12-03.","path":["books"],"extensions":{"code":"BAD_USER_INPUT","constraint":"day","path":"filter.since"}`},
		"a value in small type":  {`{"kind":"bound"}`, `"message":"The argument filter of type BookFilter! does not fit, at filter.kind.","path":["books"],"extensions":{"code":"BAD_USER_INPUT","constraint":"type","path":"filter.kind"}`},
		"half a page":            {`{"kind":"BOUND","pages":[1,1.5]}`, `"message":"The argument filter of type BookFilter! does not fit, at filter.pages[1].","path":["books"],"extensions":{"code":"BAD_USER_INPUT","constraint":"type","path":"filter.pages[1]"}`},
		"a scalar that panics":   {`{"kind":"BOUND","since":7}`, `"message":"Accord could not do this because of a fault of its own. Give the correlation id to those who run it.","path":["books"],"extensions":{"code":"INTERNAL","correlationId":"req_1"}`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := serve(t, nil)
			answer := s.post(strings.NewReader(`{"query":"query($f: BookFilter!) { books(filter: $f) { id } }","variables":{"f":` + c.variables + `}}`))
			if want := `{"errors":[{` + c.said + `}],"data":{"books":null}}`; answer.Body.String() != want {
				t.Errorf("answered %s\nwant %s", answer.Body, want)
			}
			if strings.Contains(s.log.String(), "Canary") {
				t.Errorf("logged %s", s.log)
			}
		})
	}
}

func TestNothingLeavesBeforeItsAuditEntryIsDurable(t *testing.T) {
	var begun []string
	var recorder *httptest.ResponseRecorder
	s := serve(t, func(c *server.Config) {
		c.Schema = toySchema(func(context.Context) { begun = append(begun, "resolver") })
		c.BeforeAnswer = func(ctx context.Context) error {
			begun = append(begun, "audit")
			if recorder.Body.Len() > 0 || recorder.Code != http.StatusOK || recorder.Header().Get("Content-Type") != "" {
				t.Error("part of the answer had left")
			}
			if capacity, ok := authz.CapacityFrom(ctx); !ok || capacity.Person != "prac_1" || graph.RequestID(ctx) != "req_1" {
				t.Errorf("the audit entry is of %v, request %q", capacity, graph.RequestID(ctx))
			}
			if got := server.OutcomeFrom(ctx); got.Operation != "query" || got.Status != 200 || got.Codes != nil || got.Bytes == 0 {
				t.Errorf("the outcome is %+v", got)
			}
			return nil
		}
	})
	recorder = httptest.NewRecorder()
	request := httptest.NewRequest(http.MethodPost, server.GraphQLPath, query(`{ shelf(name: "top") { name } }`))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", token)
	s.handler.ServeHTTP(recorder, request)
	if want := `{"data":{"shelf":{"name":"top"}}}`; recorder.Body.String() != want {
		t.Errorf("answered %s, want %s", recorder.Body, want)
	}
	if strings.Join(begun, " ") != "resolver audit" {
		t.Errorf("in the order %v", begun)
	}
}

func TestWithoutAnAuditEntryThereIsNoAnswer(t *testing.T) {
	cases := map[string]struct{ document, message string }{
		"a query":         {`{ shelf(name: "top") { name } }`, "Accord cannot answer at the moment. Nothing was changed; try again."},
		"a refused query": {`{ shelf }`, "Accord cannot answer at the moment. Nothing was changed; try again."},
		"a change":        {`mutation { rename(input: {id: 1, title: "x"}) { title } }`, "Accord cannot answer at the moment. Before you repeat a change, read the record again."},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(c *server.Config) {
				c.BeforeAnswer = func(context.Context) error { return errors.New("no room for " + toyschema.Secret) }
			})
			answer := s.post(query(c.document))
			want := refusal("UNAVAILABLE", c.message, `,"correlationId":"req_1"`)
			if answer.Code != http.StatusServiceUnavailable || answer.Body.String() != want {
				t.Errorf("answered %d %s, want %s", answer.Code, answer.Body, want)
			}
			if strings.Contains(s.log.String(), toyschema.Secret) {
				t.Errorf("logged %s", s.log)
			}
		})
	}
}

func TestTheAuditEntryOfSomebodyWhoHangsUpIsWrittenAllTheSame(t *testing.T) {
	ctx, hangUp := context.WithCancel(t.Context())
	audited := false
	s := serve(t, func(c *server.Config) {
		c.Schema = toySchema(func(context.Context) { hangUp() })
		c.BeforeAnswer = func(ctx context.Context) error {
			audited = true
			return ctx.Err()
		}
	})
	request := httptest.NewRequestWithContext(ctx, http.MethodPost, server.GraphQLPath, query(`{ shelf(name: "top") { name } }`))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", token)
	answer := s.send(request)
	if !audited || answer.Code != http.StatusOK {
		t.Errorf("audited %v, answered %d", audited, answer.Code)
	}
}

func TestAnAnswerLongerThanItMayBeIsRefusedWhole(t *testing.T) {
	cases := map[string]struct {
		document, want string
	}{
		"it fits":     {`{ big(bytes: 100) }`, `{"data":{"big":"` + strings.Repeat("x", 100) + `"}}`},
		"it does not": {`{ big(bytes: 1000) }`, refusal("TOO_EXPENSIVE", "The answer is longer than 200 bytes. Ask for less at a time.", "")},
		"a change":    {`mutation { rename(input: {id: 1, title: "` + strings.Repeat("x", 300) + `"}) { title } }`, refusal("TOO_EXPENSIVE", "The change was made, but its answer is longer than 200 bytes.", "")},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(c *server.Config) { c.MaxAnswer = 200 })
			if answer := s.post(query(c.document)); answer.Body.String() != c.want {
				t.Errorf("answered %s, want %s", answer.Body, c.want)
			}
			if s.audited.Load() != 1 {
				t.Errorf("audited %d times", s.audited.Load())
			}
		})
	}
}

func TestADocumentWrongInAThousandPlacesGetsTwentyErrors(t *testing.T) {
	var fields strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&fields, "x%d ", i)
	}
	var answer struct {
		Errors []struct{ Locations []struct{ Column int } }
	}
	if err := json.Unmarshal(serve(t, nil).post(query("{"+fields.String()+"}")).Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	if len(answer.Errors) != 20 || answer.Errors[0].Locations[0].Column != 2 {
		t.Errorf("%d errors, the first %+v", len(answer.Errors), answer.Errors[0])
	}
}

// counted counts what is read of it.
type counted struct {
	source io.Reader
	read   int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.source.Read(p)
	c.read += int64(n)
	return n, err //nolint:wrapcheck // a reader passes io.EOF on
}

func TestABodyIsReadAsFarAsTheCapAndNotAtAllForStrangers(t *testing.T) {
	const longest = 4096
	cases := map[string]struct {
		headers []string
		status  int
		most    int64
	}{
		"somebody signed in": {nil, http.StatusRequestEntityTooLarge, longest + 1},
		"a stranger":         {[]string{"Authorization", ""}, http.StatusUnauthorized, 0},
		"not JSON":           {[]string{"Content-Type", "text/plain"}, http.StatusUnsupportedMediaType, 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(c *server.Config) { c.MaxBody = longest })
			body := &counted{source: strings.NewReader(strings.Repeat(" ", 5_000_000))} // of no declared length
			if answer := s.post(body, c.headers...); answer.Code != c.status {
				t.Errorf("answered %d", answer.Code)
			}
			if body.read > c.most {
				t.Errorf("read %d bytes, want at most %d", body.read, c.most)
			}
		})
	}
	s := serve(t, nil)
	if answer := s.post(strings.NewReader(strings.Repeat(" ", 5_000_000))); answer.Header().Get("Connection") != "close" {
		t.Error("a connection with a body nobody reads stays open")
	}
}
