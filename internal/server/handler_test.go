package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"accord/authz"
	"accord/domain/fault"
	"accord/internal/server"
	"accord/internal/toyschema"
)

func TestThereIsNoServerWithoutItsParts(t *testing.T) {
	_, err := server.New(server.Config{})
	if err == nil {
		t.Fatal("a server of nothing")
	}
	for _, part := range []string{"Schema", "Gate", "Authenticate", "BeforeAnswer", "Ready", "Logger", "Clock", "NewRequestID"} {
		if !strings.Contains(err.Error(), part+" is not set") {
			t.Errorf("%s is not missed: %v", part, err)
		}
	}
	whole := server.Config{
		Schema: toySchema(nil), Gate: &around{}, Authenticate: authenticate,
		BeforeAnswer: func(context.Context) error { return nil }, Ready: func(context.Context) error { return nil },
		Logger: slog.New(slog.DiscardHandler), Clock: func() time.Time { return noon }, NewRequestID: func() string { return "" },
	}
	for _, rate := range []server.RateLimit{{PerSecond: 1}, {Burst: 1}, {PerSecond: 1, Burst: 1}} {
		whole.Rate = rate
		if _, err := server.New(whole); err == nil {
			t.Errorf("a server with a rate limit of %+v", rate)
		}
	}
}

// Whoever is not fully signed in gets the same bytes.
func TestStrangersGetTheSameAnswerWhateverIsWrong(t *testing.T) {
	one := authz.Capacity{Person: "prac_1", Agency: "agency_1", Roles: []authz.Role{authz.Idva}}
	cases := map[string]struct {
		capacity authz.Capacity
		err      error
	}{
		"no token":              {},
		"a bad token":           {err: errors.New("bad")},
		"a fault, no capacity":  {err: fault.Refused("The account is closed.")},
		"an unauthenticated":    {capacity: one, err: &fault.Fault{Code: fault.Unauthenticated, Message: "Expired."}},
		"capacity and an error": {capacity: one, err: errors.New("bad")},
		"no agency":             {capacity: authz.Capacity{Person: "prac_1", Roles: []authz.Role{authz.Idva}}},
		"a system":              {capacity: authz.Capacity{System: "list relay"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(config *server.Config) {
				config.Authenticate = func(context.Context, *http.Request) (authz.Capacity, error) { return c.capacity, c.err }
			})
			answer := s.post(query("{ __typename }"))
			want := `{"errors":[{"message":"Sign in to continue.","extensions":{"code":"UNAUTHENTICATED"}}]}`
			if answer.Code != http.StatusUnauthorized || answer.Body.String() != want || answer.Header().Get("WWW-Authenticate") != "Bearer" {
				t.Errorf("answered %d %s", answer.Code, answer.Body)
			}
			if s.audited.Load()+s.entered.Load() != 0 {
				t.Error("the request went on")
			}
		})
	}
}

func TestSomebodySignedInIsToldWhatIsWrongWithTheirHeaders(t *testing.T) {
	one := authz.Capacity{Person: "prac_1", Agency: "agency_1", Roles: []authz.Role{authz.Idva}}
	cases := map[string]struct {
		capacity authz.Capacity
		err      error
		status   int
		want     string
	}{
		"an unknown purpose":   {one, fault.Input("Accord-Purpose", "purpose", "There is no such purpose."), 400, refusal("BAD_USER_INPUT", "There is no such purpose.", `,"constraint":"purpose","path":"Accord-Purpose"`)},
		"a purpose not theirs": {one, fault.Refused("That purpose is not of your role."), 403, refusal("FORBIDDEN", "That purpose is not of your role.", "")},
		"no directory":         {authz.Capacity{}, fault.NotAvailable(errors.New(toyschema.Secret)), 503, refusal("UNAVAILABLE", "Accord cannot answer at the moment. Nothing was changed; try again.", `,"correlationId":"req_1"`)},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(config *server.Config) {
				config.Authenticate = func(context.Context, *http.Request) (authz.Capacity, error) { return c.capacity, c.err }
			})
			answer := s.post(query("{ __typename }"))
			if answer.Code != c.status || answer.Body.String() != c.want {
				t.Errorf("answered %d %s, want %s", answer.Code, answer.Body, c.want)
			}
			if strings.Contains(s.log.String(), toyschema.Secret) {
				t.Errorf("logged %s", s.log)
			}
		})
	}
}

func TestAPanicOutsideTheResolversIsAnsweredTheSameWay(t *testing.T) {
	s := serve(t, func(c *server.Config) {
		c.Authenticate = func(context.Context, *http.Request) (authz.Capacity, error) { panic(toyschema.Secret) }
	})
	answer := s.post(query("{ __typename }"))
	want := refusal("INTERNAL", "Accord could not do this because of a fault of its own. Give the correlation id to those who run it.", `,"correlationId":"req_1"`)
	if answer.Code != http.StatusInternalServerError || answer.Body.String() != want {
		t.Errorf("answered %d %s", answer.Code, answer.Body)
	}
	if strings.Contains(s.log.String(), toyschema.Secret) || !strings.Contains(s.log.String(), `"kind":"panic: string at accord/internal/server_test.`) {
		t.Errorf("logged %s", s.log)
	}
}

func TestTheLogHasOneLineForARequestAndNothingTheCallerChose(t *testing.T) {
	s := serve(t, nil)
	s.post(query(`query Canary { Canary: shelf(name: "Canary") { name } }`), "User-Agent", "Canary", "X-Forwarded-For", "Canary")
	var line map[string]any
	if err := json.Unmarshal([]byte(s.log.String()), &line); err != nil {
		t.Fatalf("%v in %s", err, s.log)
	}
	want := map[string]any{
		"level": "INFO", "msg": "request", "requestId": "req_1", "person": "prac_1", "agency": "agency_1", "operation": "query",
		"status": float64(200), "took": float64(0), "bytes": line["bytes"],
	}
	for key, value := range want {
		if line[key] != value {
			t.Errorf("%s is %v, want %v", key, line[key], value)
		}
	}
	keys := []string{"agency", "bytes", "codes", "level", "msg", "operation", "person", "requestId", "status", "time", "took"}
	if got := slices.Sorted(maps.Keys(line)); !slices.Equal(got, keys) {
		t.Errorf("the line holds %v", got)
	}
	if strings.Contains(s.log.String(), "Canary") {
		t.Errorf("logged %s", s.log)
	}
}

func TestAnAnswerIsNobodysToKeepOrToEmbed(t *testing.T) {
	s := serve(t, nil)
	for name, answer := range map[string]*httptest.ResponseRecorder{
		"an answer": s.post(query("{ __typename }")), "a refusal": s.post(query("{"), "Authorization", ""),
	} {
		for header, want := range map[string]string{
			"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
			"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "Referrer-Policy": "no-referrer",
		} {
			if got := answer.Header().Get(header); got != want {
				t.Errorf("%s: %s is %q", name, header, got)
			}
		}
	}
}

type around struct{ called bool }

func (*around) ExtensionName() string                   { return "Around" }
func (*around) Validate(graphql.ExecutableSchema) error { return nil }
func (a *around) InterceptRootField(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
	a.called = ctx.Value(around{}) == "loaders"
	return next(ctx)
}

func TestResolversSeeWhatWasPutAroundTheRequest(t *testing.T) {
	hook := &around{}
	s := serve(t, func(c *server.Config) {
		c.Gate = hook
		c.AroundRequest = func(ctx context.Context, capacity authz.Capacity, requestID string) context.Context {
			if capacity.Person != "prac_1" || requestID != "req_1" {
				t.Errorf("around %v, %s", capacity, requestID)
			}
			return context.WithValue(ctx, around{}, "loaders")
		}
		c.Schema = toySchema(func(ctx context.Context) {
			if capacity, ok := authz.CapacityFrom(ctx); !ok || capacity.Agency != "agency_1" {
				t.Errorf("resolved as %v", capacity)
			}
		})
	})
	s.post(query(`{ shelf(name: "top") { name } }`))
	if !hook.called {
		t.Error("the extension was not called within it")
	}
}

func TestOnePersonIsHeldBackAndNobodyElse(t *testing.T) {
	now := noon
	person := "prac_1"
	s := serve(t, func(c *server.Config) {
		c.Clock = func() time.Time { return now }
		c.Rate = server.RateLimit{PerSecond: 0.5, Burst: 3, People: 2}
		c.Authenticate = func(context.Context, *http.Request) (authz.Capacity, error) {
			return authz.Capacity{Person: person, Agency: "agency_1", Roles: []authz.Role{authz.Idva}}, nil
		}
	})
	ask := func() *httptest.ResponseRecorder { return s.post(query("{ __typename }")) }
	for range 3 {
		if answer := ask(); answer.Code != http.StatusOK {
			t.Fatalf("answered %d within the burst", answer.Code)
		}
	}
	for range 3 { // being refused costs nothing
		answer := ask()
		want := refusal("RATE_LIMITED", "There are too many requests in your name. Wait a moment.", "")
		if answer.Code != http.StatusTooManyRequests || answer.Body.String() != want || answer.Header().Get("Retry-After") != "2" {
			t.Fatalf("answered %d %s, Retry-After %s", answer.Code, answer.Body, answer.Header().Get("Retry-After"))
		}
	}
	person = "prac_2"
	if answer := ask(); answer.Code != http.StatusOK {
		t.Errorf("somebody else was answered %d", answer.Code)
	}
	person = "prac_1"
	now = now.Add(2 * time.Second)
	if answer := ask(); answer.Code != http.StatusOK {
		t.Errorf("answered %d after the wait", answer.Code)
	}
	if answer := ask(); answer.Code != http.StatusTooManyRequests {
		t.Errorf("answered %d right after", answer.Code)
	}
}

func TestHealthSaysReadyOrNotAndNothingElse(t *testing.T) {
	ready := error(nil)
	s := serve(t, func(c *server.Config) { c.Ready = func(context.Context) error { return ready } })
	get := func() *httptest.ResponseRecorder {
		return s.send(httptest.NewRequest(http.MethodGet, server.HealthPath, http.NoBody))
	}
	if answer := get(); answer.Code != http.StatusOK || answer.Body.String() != `{"status":"ready"}` {
		t.Errorf("answered %d %s", answer.Code, answer.Body)
	}
	ready = errors.New("the store of " + toyschema.Secret)
	if answer := get(); answer.Code != http.StatusServiceUnavailable || answer.Body.String() != `{"status":"not ready"}` {
		t.Errorf("answered %d %s", answer.Code, answer.Body)
	}
	if strings.Contains(s.log.String(), toyschema.Secret) {
		t.Errorf("logged %s", s.log)
	}
}

func TestRequestsAreCountedByWhatCameOfThem(t *testing.T) {
	s := serve(t, nil)
	s.post(query(`{ shelf(name: "top") { name } }`))
	s.post(query(`query Canary { Canary: shelf(name: "Canary") { name } }`))
	s.post(query(`{ Canary }`), "Accept", graphQLMedia)
	s.post(query(`{ Canary }`), "Authorization", "")
	recorder := httptest.NewRecorder()
	s.metrics.Handler().ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/metrics", http.NoBody))
	text := recorder.Body.String()
	for _, line := range []string{
		`accord_requests_total{status="200"} 2`, `accord_requests_total{status="400"} 1`, `accord_requests_total{status="401"} 1`,
		`accord_request_errors_total{code="NOT_FOUND"} 1`, `accord_request_errors_total{code="BAD_USER_INPUT"} 1`,
		`accord_request_errors_total{code="UNAUTHENTICATED"} 1`,
		`accord_request_duration_seconds_count{operation="query"} 2`, `accord_request_duration_seconds_count{operation="none"} 2`,
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("the metrics do not say %s", line)
		}
	}
	if strings.Contains(text, "Canary") {
		t.Error("the metrics repeat the request")
	}
}
