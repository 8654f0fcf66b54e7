package worlds

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"

	"accord/authz"
	"accord/internal/identity"
	"accord/internal/server"
)

// Question is an operation somebody asks.
type Question struct {
	Query     string         `json:"query"`
	Variables map[string]any `json:"variables,omitempty"`
	Purpose   authz.Purpose  `json:"-"` // what it declares to be for; empty: nothing
}

// Ask asks the program in process, as somebody signed in, and returns the body of
// the answer as it would travel.
func (p *Player) Ask(login string, question Question) []byte {
	p.tb.Helper()
	body, err := json.Marshal(question)
	if err != nil {
		p.tb.Fatalf("encoding a question: %v", err)
	}
	request := httptest.NewRequestWithContext(p.tb.Context(), http.MethodPost, server.GraphQLPath, bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+p.Stage.Token(p.tb, login))
	if question.Purpose != "" {
		request.Header.Set(identity.PurposeHeader, string(question.Purpose))
	}
	recorder := httptest.NewRecorder()
	p.Stage.Program.Handler().ServeHTTP(recorder, request)
	return recorder.Body.Bytes()
}
