package program_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"accord/cmd/accord/stage"
	"accord/graph"
	"accord/internal/demo"
	"accord/internal/server"
)

// Inquiry is what somebody asks of the API, in one of these ways: a file of
// testdata/queries or a query that stands in the world; a look at a case or at a
// record, by what the world calls it; something that they do, which is a mutation of
// that name; a file that they attach, or fetch by what the world calls it.
type Inquiry struct {
	Query     string         `yaml:"query"`
	Variables map[string]any `yaml:"variables"`

	Case   string         `yaml:"case"`   // by its victim
	Record string         `yaml:"record"` // by what the world calls it
	Asks   string         `yaml:"asks"`   // a whole query without variables
	Does   string         `yaml:"does"`   // a mutation
	Input  map[string]any `yaml:"input"`  // of the mutation
	Look   string         `yaml:"look"`   // what is selected of the case, the record or the payload

	Attaches *attaching `yaml:"attaches"`
	Fetches  string     `yaml:"fetches"` // an attachment
}

// attaching is a file and the record that it is attached to.
type attaching struct {
	To      string `yaml:"to"` // by what the world calls it
	Name    string `yaml:"name"`
	Type    string `yaml:"type"`
	Content string `yaml:"content"`
}

// isOpen reports whether the question names nothing that is asked.
func (q Inquiry) isOpen() bool {
	return q.Query == "" && q.Case == "" && q.Record == "" && q.Does == "" && q.Asks == "" && q.Attaches == nil && q.Fetches == ""
}

// changes reports whether what is asked changes something.
func (q Inquiry) changes() bool { return q.Does != "" || q.Attaches != nil }

// name says what is asked, in the name of a test.
func (q Inquiry) name() string {
	switch {
	case q.Does != "":
		return q.Does
	case q.Attaches != nil:
		return "to attach " + q.Attaches.Name
	case q.Fetches != "":
		return "for " + q.Fetches
	case q.Query != "":
		return q.Query
	case q.Record != "":
		return q.Record
	case q.Case != "":
		return "of " + q.Case
	default:
		return q.Asks
	}
}

// root is the field of the answer that an expected answer is about; empty: all of it.
func (q Inquiry) root() string {
	switch {
	case q.Case != "":
		return "case"
	case q.Record != "":
		return "node"
	case q.Attaches != nil:
		return "attachment"
	default:
		return q.Does
	}
}

// asked is a question as it is sent.
type asked struct {
	variables map[string]any

	method, path string // empty: a POST to the API
	header       map[string]string
	body         []byte
}

// put makes the request of a question, with some of the variables or of the input
// replaced.
func (p *play) put(t *testing.T, q Inquiry, login string, replaced map[string]any) asked {
	t.Helper()
	if q.Attaches != nil || q.Fetches != "" {
		return p.putFile(t, q, replaced)
	}
	var document string
	variables := merged(q.Variables, replaced)
	switch {
	case q.Does != "":
		document = changing(t, q)
		variables = map[string]any{"input": merged(q.Input, replaced)}
	case q.Record != "":
		document = "query($id: ID!) { node(id: $id) { __typename " + q.Look + " } }"
		variables = merged(map[string]any{"id": map[string]any{"the": q.Record}}, replaced)
	case q.Case != "":
		document = "query($reference: String!) { case(reference: $reference) { " + q.Look + " } }"
		variables = merged(map[string]any{"reference": map[string]any{"the": "reference of " + q.Case}}, replaced)
	case q.Asks != "":
		document = q.Asks
	default:
		text, err := os.ReadFile(filepath.Join("testdata", "queries", q.Query+".graphql"))
		if err != nil {
			t.Fatalf("reading a query: %v", err)
		}
		document = string(text)
	}
	resolved := p.resolve(t, login, variables)
	body, err := json.Marshal(map[string]any{"query": document, "variables": resolved})
	if err != nil {
		t.Fatalf("encoding a question: %v", err)
	}
	return asked{variables: resolved, body: body}
}

// putFile makes the request that carries or fetches a file; replaced may name another
// id.
func (p *play) putFile(t *testing.T, q Inquiry, replaced map[string]any) asked {
	t.Helper()
	other, _ := replaced["id"].(string)
	if q.Fetches != "" {
		if other == "" {
			other = p.facts.id(t, q.Fetches)
		}
		return asked{method: http.MethodGet, path: server.AttachmentsPath + "/" + other}
	}
	if other == "" {
		other = p.facts.id(t, q.Attaches.To)
	}
	return asked{
		method: http.MethodPost, path: server.AttachmentsPath, body: []byte(q.Attaches.Content),
		header:    map[string]string{"Accord-Record": other, "Accord-File-Name": url.PathEscape(q.Attaches.Name), "Content-Type": q.Attaches.Type},
		variables: map[string]any{"name": q.Attaches.Name, "content": q.Attaches.Content},
	}
}

// changing is the document of a mutation: its input by the schema's own type, and
// of its payload what the step selects, or else the id of what was changed.
func changing(t *testing.T, q Inquiry) string {
	t.Helper()
	schema := graph.NewExecutableSchema(graph.Config{}).Schema()
	mutation := schema.Mutation.Fields.ForName(q.Does)
	if mutation == nil {
		t.Fatalf("there is no mutation %q", q.Does)
	}
	look := q.Look
	if look == "" {
		payload := schema.Types[mutation.Type.Name()].Fields[0]
		look = payload.Name + " { " + identifying(schema.Types[payload.Type.Name()]) + " }"
	}
	return fmt.Sprintf("mutation($input: %s) { %s(input: $input) { %s } }", mutation.Arguments.ForName("input").Type, q.Does, look)
}

func identifying(payload *ast.Definition) string {
	if payload.Fields.ForName("id") != nil {
		return "id"
	}
	return "__typename"
}

// send sends a request, with the purpose that is declared for it.
func (p *play) send(t *testing.T, login, purpose string, question asked) stage.Answer {
	t.Helper()
	address := strings.TrimSuffix(p.stage.URL(), server.GraphQLPath) + cmp.Or(question.path, server.GraphQLPath)
	request, err := http.NewRequestWithContext(t.Context(), cmp.Or(question.method, http.MethodPost), address, bytes.NewReader(question.body))
	if err != nil {
		t.Fatalf("making a request: %v", err)
	}
	request.Header.Set("Content-Type", "application/json")
	for name, value := range question.header {
		request.Header.Set(name, value)
	}
	request.Header.Set("Authorization", "Bearer "+p.token(t, login))
	if purpose != "" {
		request.Header.Set("Accord-Purpose", purpose)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatalf("asking: %v", err)
	}
	answered, err := io.ReadAll(response.Body)
	if closed := response.Body.Close(); err != nil || closed != nil {
		t.Fatalf("reading an answer: %v, %v", err, closed)
	}
	return stage.Answer{Status: response.StatusCode, Body: answered}
}

// token is a token of the time that the world's clock shows.
func (p *play) token(t *testing.T, login string) string {
	t.Helper()
	now := p.stage.Clock.Now()
	if now.Equal(stage.Start) {
		return p.stage.Token(t, login)
	}
	token, err := p.stage.SignIn().Provider.Mint(demo.AgencyOf(login), func(_, claims map[string]any) {
		claims["sub"], claims["iat"], claims["exp"] = login, now.Unix(), now.Unix()+60
	})
	if err != nil {
		t.Fatalf("signing in %s later: %v", login, err)
	}
	return token
}

// call remembers what a world calls the record of an answer: the first id in it.
func (f facts) call(t *testing.T, name string, body []byte) {
	t.Helper()
	var answer struct {
		Data any `json:"data"`
	}
	must(t, json.Unmarshal(body, &answer))
	id := firstID(answer.Data)
	if id == "" {
		t.Fatalf("%q: the answer has no id: %s", name, body)
	}
	f.ids[name] = id
}

// firstID is the id that stands nearest to the root.
func firstID(value any) string {
	object, _ := value.(map[string]any)
	if id, ok := object["id"].(string); ok {
		return id
	}
	for _, inner := range object {
		if id := firstID(inner); id != "" {
			return id
		}
	}
	if list, ok := value.([]any); ok && len(list) > 0 {
		return firstID(list[0])
	}
	return ""
}

// hasErrors reports whether an answer is a refusal.
func hasErrors(body []byte) bool { return strings.HasPrefix(string(body), `{"errors"`) }
