package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"accord/internal/server"
)

const graphQLMedia = "application/graphql-response+json"

func refusal(code, message, rest string) string {
	return fmt.Sprintf(`{"errors":[{"message":%q,"extensions":{"code":%q%s}}]}`, message, code, rest)
}

func atPlace(line, column int, message, rest string) string {
	return fmt.Sprintf(`{"errors":[{"message":%q,"locations":[{"line":%d,"column":%d}],"extensions":{"code":"BAD_USER_INPUT"%s}}]}`,
		message, line, column, rest)
}

func tooMuch(limit string) string {
	return refusal("TOO_EXPENSIVE", "The operation passes the limit of "+limit+". Ask for less at a time.", "")
}

func doubling(count int) string {
	var document strings.Builder
	document.WriteString(`{ shelf(name: "top") { ...F0 } }`)
	for i := range count {
		fmt.Fprintf(&document, " fragment F%d on Shelf { ...F%d ...F%d }", i, i+1, i+1)
	}
	fmt.Fprintf(&document, " fragment F%d on Shelf { name }", count)
	return document.String()
}

func renames(count int) string {
	var changes strings.Builder
	for i := range count {
		fmt.Fprintf(&changes, `Canary%d: rename(input: {id: 1, title: \"Canary\"}) { id } `, i)
	}
	return changes.String()
}

// Every bad request has one clear answer with a code, which repeats nothing of
// what was sent, and leaves nothing of it in the log. "Canary" stands wherever
// the caller's words can.
func TestBadInputIsAnsweredInOneClearSentenceAndEchoedNowhere(t *testing.T) {
	signIn := `{"errors":[{"message":"Sign in to continue.","extensions":{"code":"UNAUTHENTICATED"}}]}`
	deep := `{ shelf(name: \"Canary\") {` + strings.Repeat("below {", 10_000) + "name" + strings.Repeat("}", 10_002)
	cases := map[string]struct {
		body    string
		headers []string
		status  int // when the answer is application/graphql-response+json
		relaxed int // when it is application/json; 0: the same
		want    string
		silent  bool // no audit entry: nobody is signed in
	}{
		"malformed query": {
			body: `{"query":"{\n  shelf(name: \"Canary\") {\n    name Canary: }"}`, status: 400, relaxed: 200,
			want: atPlace(3, 18, "The document cannot be read at line 3, column 18.", `,"constraint":"document","path":"query"`),
		},
		"unknown field": {
			body: `{"query":"{\n  shelf(name: \"top\") { Canary } }"}`, status: 400, relaxed: 200,
			want: atPlace(2, 24, "Type Shelf has no field of that name. (Line 2, column 24.)", `,"rule":"FieldsOnCorrectType"`),
		},
		"wrong type in the document": {
			body: `{"query":"{ big(bytes: \"Canary\") }"}`, status: 400, relaxed: 200,
			want: atPlace(1, 15, "The value does not fit Int. (Line 1, column 15.)", `,"rule":"ValuesOfCorrectType"`),
		},
		"wrong type in a variable": {
			body: `{"query":"query($Canary: Int!) { big(bytes: $Canary) }","variables":{"Canary":"Canary"}}`, status: 400, relaxed: 200,
			want: refusal("BAD_USER_INPUT", "The variable of type Int! at line 1, column 7 does not fit.", `,"constraint":"type"`),
		},
		"wrong type inside a variable": {
			body:   `{"query":"query($f: BookFilter!) { books(filter: $f) { id } }","variables":{"f":{"kind":"BOUND","pages":[1,"Canary"]}}}`,
			status: 400, relaxed: 200,
			want: refusal("BAD_USER_INPUT", "The variable of type BookFilter! at line 1, column 7 does not fit, at pages[1].", `,"constraint":"type","path":"pages[1]"`),
		},
		"unknown value of an enumeration in a variable": {
			body: `{"query":"query($f: BookFilter!) { books(filter: $f) { id } }","variables":{"f":{"kind":"Canary"}}}`, status: 400, relaxed: 200,
			want: refusal("BAD_USER_INPUT", "The variable of type BookFilter! at line 1, column 7 does not fit, at kind.", `,"constraint":"type","path":"kind"`),
		},
		"unknown field in a variable": {
			body: `{"query":"query($f: BookFilter!) { books(filter: $f) { id } }","variables":{"f":{"kind":"BOUND","Canary":1}}}`, status: 400, relaxed: 200,
			want: refusal("BAD_USER_INPUT", "The variable of type BookFilter! at line 1, column 7 has a field that its type does not know.", `,"constraint":"knownField"`),
		},
		"a variable left out": {
			body: `{"query":"query($Canary: Int!) { big(bytes: $Canary) }"}`, status: 400, relaxed: 200,
			want: refusal("BAD_USER_INPUT", "The variable of type Int! at line 1, column 7 has no value where one is required.", `,"constraint":"required"`),
		},
		"an operation that is not there": {
			body: `{"query":"query A { __typename } query B { __typename }","operationName":"Canary"}`, status: 400, relaxed: 200,
			want: refusal("BAD_USER_INPUT", "The document holds no operation of that name, or several and operationName is not given.", `,"constraint":"operation","path":"operationName"`),
		},
		"a document without an operation": {
			body: `{"query":"# Canary"}`, status: 400, relaxed: 200,
			want: refusal("BAD_USER_INPUT", "The document holds no operation.", `,"constraint":"operation","path":"query"`),
		},
		"defer": {
			body: `{"query":"{ ... @defer(label: \"Canary\") { __typename } }"}`, status: 400, relaxed: 200,
			want: atPlace(1, 8, "Answers are given whole: @defer and @stream are not served. (Line 1, column 8.)", `,"rule":"NoIncrementalDelivery"`),
		},
		"10,000 deep":              {body: `{"query":"` + deep + `"}`, status: 400, relaxed: 200, want: tooMuch("4,000 tokens in a document")},
		"17 deep":                  {body: `{"query":"{ Canary: shelf(name: \"Canary\") {` + strings.Repeat("below {", 15) + "name" + strings.Repeat("}", 17) + `"}`, status: 400, relaxed: 200, want: tooMuch("16 levels of depth")},
		"10,000 deep in variables": {body: `{"query":"{ __typename }","variables":{"Canary":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + "}}", status: 400, want: refusal("BAD_USER_INPUT", "The body nests more than 32 levels deep.", `,"constraint":"depth","path":"body"`)},
		"24 doubling fragments":    {body: fmt.Sprintf(`{"query":%q}`, doubling(24)), status: 400, relaxed: 200, want: tooMuch("2,000 fields in a document with its fragments written out")},
		"too dear":                 {body: `{"query":"{ shelves(first: 100) { edges { node { books { authors { books { id } } } } } } }"}`, status: 400, relaxed: 200, want: tooMuch("20,000 points of cost")},
		"too many changes":         {body: `{"query":"mutation { ` + renames(6) + `}"}`, status: 400, relaxed: 200, want: tooMuch("5 changes in one operation")},
		"no body":                  {body: ``, status: 400, want: refusal("BAD_USER_INPUT", "The body is not one JSON object in UTF-8.", `,"constraint":"json","path":"body"`)},
		"half a body":              {body: `{"query":"{ Canary`, status: 400, want: refusal("BAD_USER_INPUT", "The body is not one JSON object in UTF-8.", `,"constraint":"json","path":"body"`)},
		"not UTF-8":                {body: "{\"query\":\"{ Canary }\xff\"}", status: 400, want: refusal("BAD_USER_INPUT", "The body is not one JSON object in UTF-8.", `,"constraint":"json","path":"body"`)},
		"something after it":       {body: `{"query":"{ __typename }"} {"query":"Canary"}`, status: 400, want: refusal("BAD_USER_INPUT", "The body is not one JSON object in UTF-8.", `,"constraint":"json","path":"body"`)},
		"an array of operations":   {body: `[{"query":"{ __typename }"},{"query":"Canary"}]`, status: 400, want: refusal("BAD_USER_INPUT", "The body is an array. Send one operation at a time.", `,"constraint":"object","path":"body"`)},
		"a key twice":              {body: `{"query":"{ __typename }","query":"{ Canary }"}`, status: 400, want: refusal("BAD_USER_INPUT", "A key of the body is given twice.", `,"constraint":"uniqueKeys","path":"body"`)},
		"a key twice in variables": {body: `{"query":"{ __typename }","variables":{"Canary":1,"Canary":2}}`, status: 400, want: refusal("BAD_USER_INPUT", "A key of the body is given twice.", `,"constraint":"uniqueKeys","path":"body"`)},
		"query in capitals":        {body: `{"QUERY":"{ Canary }"}`, status: 400, want: refusal("BAD_USER_INPUT", "The body has no query, or it is not a string.", `,"constraint":"string","path":"query"`)},
		"a huge number":            {body: `{"query":"{ __typename }","variables":{"Canary":1e999}}`, status: 400, want: refusal("BAD_USER_INPUT", "A number of the body is too large.", `,"constraint":"number","path":"body"`)},
		"a form":                   {body: `query=Canary`, headers: []string{"Content-Type", "application/x-www-form-urlencoded"}, status: 415, want: refusal("BAD_USER_INPUT", "Send the request as application/json in UTF-8.", `,"constraint":"mediaType","path":"Content-Type"`)},
		"another charset":          {body: `{"query":"Canary"}`, headers: []string{"Content-Type", "application/json; charset=Canary"}, status: 415, want: refusal("BAD_USER_INPUT", "Send the request as application/json in UTF-8.", `,"constraint":"mediaType","path":"Content-Type"`)},
		"compressed":               {body: `Canary`, headers: []string{"Content-Encoding", "Canary"}, status: 415, want: refusal("BAD_USER_INPUT", "Send the request without compression.", `,"constraint":"encoding","path":"Content-Encoding"`)},
		"5 MB":                     {body: `{"query":"` + strings.Repeat("Canary", 850_000) + `"}`, status: 413, want: refusal("BAD_USER_INPUT", "The body is longer than 1048576 bytes.", `,"constraint":"size","path":"body"`)},
		"an expired token":         {body: `{"query":"Canary"}`, headers: []string{"Authorization", "Bearer expired"}, status: 401, want: signIn, silent: true},
		"an unknown issuer":        {body: `{"query":"Canary"}`, headers: []string{"Authorization", "Bearer stranger"}, status: 401, want: signIn, silent: true},
		"no token":                 {body: `{"query":"Canary"}`, headers: []string{"Authorization", ""}, status: 401, want: signIn, silent: true},
		"no token and 5 MB":        {body: strings.Repeat("Canary", 850_000), headers: []string{"Authorization", "Canary"}, status: 401, want: signIn, silent: true},
	}
	for name, c := range cases {
		for _, media := range []string{graphQLMedia, "application/json"} {
			t.Run(name+" as "+media, func(t *testing.T) {
				s := serve(t, nil)
				answer := s.post(strings.NewReader(c.body), append([]string{"Accept", media}, c.headers...)...)
				status := c.status
				if media == "application/json" && c.relaxed != 0 {
					status = c.relaxed
				}
				if answer.Code != status || answer.Body.String() != c.want {
					t.Errorf("answered %d %s\nwant %d %s", answer.Code, answer.Body, status, c.want)
				}
				if got := answer.Header().Get("Content-Type"); got != media+"; charset=utf-8" {
					t.Errorf("answered as %q", got)
				}
				for _, trace := range []string{"Canary", "ada@example", "ada.example", "Did you mean"} {
					if strings.Contains(answer.Body.String(), trace) || strings.Contains(s.log.String(), trace) {
						t.Errorf("%q is in the answer or the log: %s %s", trace, answer.Body, s.log)
					}
				}
				if s.entered.Load() != 0 {
					t.Error("a resolver was called")
				}
				if audited := s.audited.Load() == 1; audited == c.silent {
					t.Errorf("audited %v", audited)
				}
				if lines := strings.Count(s.log.String(), "\n"); lines != 1 {
					t.Errorf("%d lines in the log: %s", lines, s.log)
				}
			})
		}
	}
}

// The rule about fields that merge takes time exponential in such a document;
// the guard refuses it before the rule sees it. Without the guard this test
// takes minutes.
func TestADocumentThatTakesForeverToValidateIsRefusedFirst(t *testing.T) {
	var document strings.Builder
	document.WriteString(`{ shelf(name: "top") { ` + strings.Repeat("below { ", 14) + "name" + strings.Repeat(" }", 14) + " ...F0 } }")
	for i := range 24 {
		fmt.Fprintf(&document, " fragment F%d on Shelf { below { ...F%d } below { ...F%d } }", i, i+1, i+1)
	}
	document.WriteString(" fragment F24 on Shelf { name }")
	answer := serve(t, nil).post(query(document.String()))
	if want := tooMuch("100 renamed or repeated fields"); answer.Body.String() != want {
		t.Errorf("answered %s, want %s", answer.Body, want)
	}
}

func TestOnlyPostsToTheOnePathAreRead(t *testing.T) {
	cases := map[string]struct {
		method, path string
		status       int
		allow, want  string
	}{
		"a query in the URL": {http.MethodGet, server.GraphQLPath + "?query={Canary}", 405, "POST", refusal("BAD_USER_INPUT", "Send the operation in a POST request.", `,"constraint":"method","path":"method"`)},
		"a preflight":        {http.MethodOptions, server.GraphQLPath, 405, "POST", refusal("BAD_USER_INPUT", "Send the operation in a POST request.", `,"constraint":"method","path":"method"`)},
		"another path":       {http.MethodPost, "/Canary", 404, "", refusal("NOT_FOUND", "There is nothing here that you can see.", "")},
		"a change of health": {http.MethodPost, server.HealthPath, 405, "GET, HEAD", refusal("BAD_USER_INPUT", "Ask for the health in a GET request.", `,"constraint":"method","path":"method"`)},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := serve(t, nil)
			request, err := http.NewRequestWithContext(t.Context(), c.method, c.path, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			answer := s.send(request)
			if answer.Code != c.status || answer.Body.String() != c.want || answer.Header().Get("Allow") != c.allow {
				t.Errorf("answered %d %s, Allow %q", answer.Code, answer.Body, answer.Header().Get("Allow"))
			}
			if strings.Contains(s.log.String(), "Canary") {
				t.Errorf("logged %s", s.log)
			}
		})
	}
}
