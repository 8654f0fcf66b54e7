package identity_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"accord/authz"
	"accord/domain/fault"
	"accord/internal/devidp"
	"accord/internal/identity"
)

const (
	police   = "northmoor-police"
	cps      = "cps-northmoor" // signs with RS256
	password = "demo-only"
	audience = "accord"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// clock is a time that only a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by)
}

// world is a real sign-in provider on loopback and a verifier that trusts it.
type world struct {
	*clock

	idp      *devidp.Provider
	base     string
	verifier *identity.Verifier

	mu       sync.Mutex
	serve    http.Handler   // what answers at base; nil answers 503
	requests map[string]int // requests seen, by path
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	w := &world{clock: newClock(), requests: map[string]int{}}
	server := httptest.NewUnstartedServer(http.HandlerFunc(w.ServeHTTP))
	w.base = "http://" + server.Listener.Addr().String()
	w.idp = w.newProvider(tb)
	w.serve = w.idp.Handler()
	server.Start()
	tb.Cleanup(http.DefaultTransport.(*http.Transport).CloseIdleConnections)
	tb.Cleanup(server.Close)
	w.verifier = w.newVerifier(tb, 0)
	return w
}

// newProvider makes a provider with keys of its own for the same issuers.
func (w *world) newProvider(tb testing.TB) *devidp.Provider {
	tb.Helper()
	provider, err := devidp.New(devidp.Config{
		BaseURL:  w.base,
		Password: password,
		Audience: audience,
		Clock:    w.Now,
		Agencies: []devidp.Agency{
			{Name: police, Users: []devidp.User{{Login: "pc.ahmed", Name: "A. Ahmed"}, {Login: "insp.cole", Subject: "officer-7"}}},
			{Name: cps, RS256: true, Users: []devidp.User{{Login: "pros.lane"}}},
		},
	})
	if err != nil {
		tb.Fatal(err)
	}
	return provider
}

func (w *world) newVerifier(tb testing.TB, cached int) *identity.Verifier {
	tb.Helper()
	verifier, err := identity.NewVerifier(identity.VerifierConfig{
		Issuers:      []string{w.idp.Issuer(police), w.idp.Issuer(cps)},
		Audience:     audience,
		Clock:        w.Now,
		CachedTokens: cached,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return verifier
}

func (w *world) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	w.requests[r.URL.Path]++
	serve := w.serve
	w.mu.Unlock()
	if serve == nil {
		http.Error(rw, "down for maintenance", http.StatusServiceUnavailable)
		return
	}
	serve.ServeHTTP(rw, r)
}

// answer sets what answers from now on; nil is an issuer that is down.
func (w *world) answer(serve http.Handler) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.serve = serve
}

func (w *world) seen(path string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.requests[path]
}

func (w *world) keyFetches(agency string) int { return w.seen("/" + agency + "/keys") }

func (w *world) discoveries(agency string) int {
	return w.seen("/" + agency + "/.well-known/openid-configuration")
}

func (w *world) mint(tb testing.TB, agency string, edit func(header, claims map[string]any)) string {
	tb.Helper()
	return mint(tb, w.idp, agency, edit)
}

func mint(tb testing.TB, idp *devidp.Provider, agency string, edit func(header, claims map[string]any)) string {
	tb.Helper()
	token, err := idp.Mint(agency, edit)
	if err != nil {
		tb.Fatal(err)
	}
	return token
}

func (w *world) signIn(tb testing.TB, agency, login string) string {
	tb.Helper()
	token, err := identity.SignIn(tb.Context(), identity.SignInRequest{
		Issuer: w.idp.Issuer(agency), ClientID: devidp.ClientID, Login: login, Password: password, Clock: w.Now,
	})
	if err != nil {
		tb.Fatalf("%s cannot sign in at %s: %v", login, agency, err)
	}
	return token
}

// directory stands for the real one, which keeps its people in the store. Its
// keys are issuer and subject with a space between.
type directory map[string]authz.Capacity

var errDirectoryDown = errors.New("directory is down")

func (d directory) Capacity(_ context.Context, issuer, subject string) (authz.Capacity, error) {
	if d == nil {
		return authz.Capacity{}, errDirectoryDown
	}
	capacity, ok := d[issuer+" "+subject]
	if !ok {
		return authz.Capacity{}, fault.Missing()
	}
	return capacity, nil
}

func (w *world) directory() directory {
	return directory{
		w.idp.Issuer(police) + " pc.ahmed":  {Person: "prac_ahmed", Agency: "agency_police", Roles: []authz.Role{authz.Investigator}, Areas: []string{"area_northmoor"}},
		w.idp.Issuer(police) + " officer-7": {Person: "prac_cole", Agency: "agency_police", Roles: []authz.Role{authz.DutyInspector}, Areas: []string{"area_northmoor"}},
		w.idp.Issuer(cps) + " pros.lane":    {Person: "prac_lane", Agency: "agency_cps", Roles: []authz.Role{authz.Prosecutor}, Areas: []string{"area_northmoor"}},
	}
}

func (w *world) authenticator() *identity.Authenticator {
	return identity.NewAuthenticator(w.verifier, w.directory())
}

func bearing(authorization ...string) *http.Request {
	request := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader("{}"))
	for _, value := range authorization {
		request.Header.Add("Authorization", value)
	}
	return request
}

// mustBeAnonymous holds a failure to the one answer everybody gets who is not
// signed in, and to saying nothing of the token in its cause.
func mustBeAnonymous(t *testing.T, err error, secrets ...string) {
	t.Helper()
	refusal := fault.Of(err)
	if refusal == nil {
		t.Fatalf("not refused as a fault: %v", err)
	}
	if refusal.Code != fault.Unauthenticated || refusal.Message != "Sign in to continue." ||
		refusal.Path+refusal.Constraint+refusal.Rule+refusal.Source != "" {
		t.Errorf("refused with %+v, not with the one answer", refusal)
	}
	if errors.Unwrap(refusal) == nil {
		t.Error("the log would not learn why")
	}
	for _, secret := range secrets {
		if secret != "" && strings.Contains(err.Error(), secret) {
			t.Errorf("the cause %q repeats what the token says", err)
		}
	}
}
