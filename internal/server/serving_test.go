package server_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"accord/authz"
	"accord/domain/fault"
	"accord/internal/server"
	"accord/internal/toyschema"
)

const token = "Bearer good"

// noon is when everything in these tests happens.
var noon = time.Date(2026, time.December, 3, 12, 0, 0, 0, time.UTC)

// toySchema tells entered, when it is not nil, of every call of a resolver.
func toySchema(entered func(ctx context.Context)) graphql.ExecutableSchema {
	return toyschema.NewExecutableSchema(toyschema.Config{Resolvers: &toyschema.Resolver{Entered: entered}})
}

// journal is a log that many goroutines may write.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// served is a server on the toy schema and what came of it.
type served struct {
	handler http.Handler
	log     *journal
	audited atomic.Int64 // calls of BeforeAnswer
	entered atomic.Int64 // calls of resolvers
	metrics *server.Metrics
}

func serve(t *testing.T, change func(*server.Config)) *served {
	t.Helper()
	s := &served{log: &journal{}, metrics: server.NewMetrics()}
	var requests atomic.Int64
	config := server.Config{
		Schema:       toySchema(func(context.Context) { s.entered.Add(1) }),
		Gate:         &around{},
		Authenticate: authenticate,
		BeforeAnswer: func(context.Context) error { s.audited.Add(1); return nil },
		Ready:        func(context.Context) error { return nil },
		Logger:       slog.New(slog.NewJSONHandler(s.log, nil)),
		Clock:        func() time.Time { return noon },
		NewRequestID: func() string { return fmt.Sprintf("req_%d", requests.Add(1)) },
		Metrics:      s.metrics,
	}
	if change != nil {
		change(&config)
	}
	handler, err := server.New(config)
	if err != nil {
		t.Fatal(err)
	}
	s.handler = handler
	return s
}

// authenticate knows one person.
func authenticate(_ context.Context, r *http.Request) (authz.Capacity, error) {
	switch r.Header.Get("Authorization") {
	case token:
		return authz.Capacity{Person: "prac_1", Agency: "agency_1", Roles: []authz.Role{authz.MaracCoordinator}}, nil
	case "Bearer expired":
		return authz.Capacity{}, errors.New("the token of ada@example.invalid expired at 11:00")
	case "Bearer stranger":
		return authz.Capacity{}, fault.Refused("The issuer https://ada.example.invalid is not known.")
	default:
		return authz.Capacity{}, nil
	}
}

// post sends a body as somebody signed in; headers come in pairs and replace.
func (s *served) post(body io.Reader, headers ...string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodPost, server.GraphQLPath, body)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", token)
	for pair := range slices.Chunk(headers, 2) {
		request.Header.Set(pair[0], pair[1])
	}
	return s.send(request)
}

func (s *served) send(request *http.Request) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	s.handler.ServeHTTP(recorder, request)
	return recorder
}

func query(document string) io.Reader {
	return strings.NewReader(fmt.Sprintf(`{"query":%q}`, document))
}
