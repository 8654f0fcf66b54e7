package devidp_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"accord/internal/devidp"
)

const (
	agency   = "northmoor-police"
	verifier = "a-verifier-that-is-long-enough-for-rfc-7636"
	callback = "http://127.0.0.1:53682/callback"
)

// site is the provider on a port of its own, and a browser that stops at every
// redirect.
type site struct {
	*devidp.Provider

	base    string
	browser *http.Client

	mu  sync.Mutex
	now time.Time
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	server := httptest.NewUnstartedServer(nil)
	s.base = "http://" + server.Listener.Addr().String() // known only once it listens
	config := goodConfig()
	config.BaseURL, config.Clock = s.base, s.clock
	var err error
	if s.Provider, err = devidp.New(config); err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = s.Handler()
	server.Start()
	t.Cleanup(server.Close)
	s.browser = server.Client()
	s.browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return s
}

func goodConfig() devidp.Config {
	return devidp.Config{
		BaseURL:  "http://127.0.0.1:9100",
		Password: "demo-only",
		Clock:    func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) },
		Agencies: []devidp.Agency{
			{Name: agency, Users: []devidp.User{{Login: "pc.ahmed", Name: "A. Ahmed"}}},
			{Name: "cps-northmoor", RS256: true, Users: []devidp.User{{Login: "pros.lane", Subject: "lawyer-1"}}},
		},
	}
}

func (s *site) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *site) advance(by time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(by)
}

// answer is what the browser was shown.
type answer struct {
	status   int
	header   http.Header
	location *url.URL // nil without a redirect
	body     string
}

func (s *site) do(t *testing.T, method, address string, form url.Values) answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := s.browser.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	location, _ := response.Location()
	return answer{response.StatusCode, response.Header, location, string(body)}
}

// authorization is a good authorization request; edit makes another of it.
func (s *site) authorization(edit func(url.Values)) string {
	challenge := sha256.Sum256([]byte(verifier))
	query := url.Values{
		"client_id": {"accord"}, "response_type": {"code"}, "scope": {"openid"}, "state": {"st"}, "nonce": {"no"},
		"redirect_uri":   {callback},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])}, "code_challenge_method": {"S256"},
	}
	if edit != nil {
		edit(query)
	}
	return s.Issuer(agency) + "/authorize?" + query.Encode()
}

// loginForm opens the log-in page and returns the form as a browser holds it.
func (s *site) loginForm(t *testing.T) url.Values {
	t.Helper()
	redirect := s.do(t, http.MethodGet, s.authorization(nil), nil)
	if redirect.location == nil {
		t.Fatalf("no way to the log-in page: %d %s", redirect.status, redirect.body)
	}
	page := s.do(t, http.MethodGet, redirect.location.String(), nil)
	hidden := regexp.MustCompile(`name="request" value="([^"]+)"`).FindStringSubmatch(page.body)
	if page.status != http.StatusOK || hidden == nil {
		t.Fatalf("no log-in form: %d %s", page.status, page.body)
	}
	return url.Values{"request": {html.UnescapeString(hidden[1])}, "login": {"pc.ahmed"}, "password": {"demo-only"}}
}

// code logs in and returns the code of the redirect.
func (s *site) code(t *testing.T) string {
	t.Helper()
	redirect := s.do(t, http.MethodPost, s.Issuer(agency)+"/login", s.loginForm(t))
	if redirect.location == nil || !strings.HasPrefix(redirect.location.String(), callback+"?") {
		t.Fatalf("no redirect to the callback: %d %v", redirect.status, redirect.location)
	}
	if got := redirect.location.Query().Get("state"); got != "st" {
		t.Errorf("state is %q", got)
	}
	return redirect.location.Query().Get("code")
}

func (s *site) exchange(t *testing.T, code string, edit func(url.Values)) answer {
	t.Helper()
	form := url.Values{
		"grant_type": {"authorization_code"}, "client_id": {"accord"}, "code": {code},
		"redirect_uri": {callback}, "code_verifier": {verifier},
	}
	if edit != nil {
		edit(form)
	}
	return s.do(t, http.MethodPost, s.Issuer(agency)+"/oauth/token", form)
}

// opened verifies a token with the agency's published keys.
func (s *site) opened(t *testing.T, agency, token string) (header, claims map[string]any) {
	t.Helper()
	var published jose.JSONWebKeySet
	if err := json.Unmarshal([]byte(s.do(t, http.MethodGet, s.Issuer(agency)+"/keys", nil).body), &published); err != nil {
		t.Fatal(err)
	}
	signed, err := jose.ParseSigned(token, []jose.SignatureAlgorithm{jose.ES256, jose.RS256})
	if err != nil {
		t.Fatal(err)
	}
	payload, err := signed.Verify(published.Keys[0])
	if err != nil {
		t.Fatalf("the published key did not sign it: %v", err)
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatal(err)
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &header); err != nil {
		t.Fatal(err)
	}
	return header, claims
}
