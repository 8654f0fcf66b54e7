package devidp_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"accord/internal/devidp"
)

func TestALogInYieldsAnAccessTokenForAccordAndAnIDTokenForTheClient(t *testing.T) {
	s := newSite(t)
	got := s.exchange(t, s.code(t), nil)
	var tokens struct {
		Access string `json:"access_token"`
		ID     string `json:"id_token"`
		Type   string `json:"token_type"`
		In     int    `json:"expires_in"`
	}
	if err := json.Unmarshal([]byte(got.body), &tokens); err != nil || got.status != http.StatusOK {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if tokens.Type != "Bearer" || tokens.In != 3600 || got.header.Get("Cache-Control") != "no-store" {
		t.Errorf("answer %s, Cache-Control %q", got.body, got.header.Get("Cache-Control"))
	}
	now := float64(s.clock().Unix())

	header, claims := s.opened(t, agency, tokens.Access)
	if header["typ"] != "at+jwt" || header["alg"] != "ES256" || header["kid"] == "" {
		t.Errorf("access token header %v", header)
	}
	want := map[string]any{"iss": s.Issuer(agency), "sub": "pc.ahmed", "aud": "accord", "client_id": "accord", "iat": now, "exp": now + 3600}
	for name, value := range want {
		if claims[name] != value {
			t.Errorf("access token: %s is %v, want %v", name, claims[name], value)
		}
	}
	if id, _ := claims["jti"].(string); id == "" || len(claims) != len(want)+1 {
		t.Errorf("access token claims %v", claims)
	}

	header, claims = s.opened(t, agency, tokens.ID)
	if header["typ"] != "JWT" {
		t.Errorf("ID token header %v", header)
	}
	for name, value := range map[string]any{"iss": s.Issuer(agency), "sub": "pc.ahmed", "aud": "accord", "azp": "accord", "nonce": "no", "name": "A. Ahmed", "auth_time": now, "exp": now + 3600} {
		if claims[name] != value {
			t.Errorf("ID token: %s is %v, want %v", name, claims[name], value)
		}
	}
}

func TestEachAgencyIsAnIssuerOfItsOwn(t *testing.T) {
	s := newSite(t)
	keys := map[string]bool{}
	for name, algorithm := range map[string]string{agency: "ES256", "cps-northmoor": "RS256"} {
		var document map[string]any
		if err := json.Unmarshal([]byte(s.do(t, http.MethodGet, s.Issuer(name)+"/.well-known/openid-configuration", nil).body), &document); err != nil {
			t.Fatal(err)
		}
		if document["issuer"] != s.base+"/"+name {
			t.Errorf("%s calls itself %v", name, document["issuer"])
		}
		token, err := s.Mint(name, nil)
		if err != nil {
			t.Fatal(err)
		}
		header, claims := s.opened(t, name, token)
		if header["alg"] != algorithm || claims["iss"] != s.Issuer(name) {
			t.Errorf("%s signs %v %v", name, header, claims)
		}
		keys[header["kid"].(string)] = true
	}
	if len(keys) != 2 {
		t.Error("agencies share a key")
	}
	for _, path := range []string{"/", "/no-such-agency/.well-known/openid-configuration", "/" + agency, "/" + agency + "/userinfo", "/" + agency + "/oauth/introspect"} {
		if got := s.do(t, http.MethodGet, s.base+path, nil); got.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, got.status)
		}
	}
}

func TestAnAuthorizationRequestWithoutItsSafeguardsIsRefused(t *testing.T) {
	s := newSite(t)
	for name, c := range map[string]struct {
		edit func(url.Values)
		to   string // error of the redirect to the client; empty when there must be none
	}{
		"without PKCE":         {func(q url.Values) { q.Del("code_challenge"); q.Del("code_challenge_method") }, "invalid_request"},
		"plain PKCE":           {func(q url.Values) { q.Set("code_challenge_method", "plain") }, "invalid_request"},
		"PKCE without method":  {func(q url.Values) { q.Del("code_challenge_method") }, "invalid_request"},
		"without openid":       {func(q url.Values) { q.Set("scope", "profile") }, "invalid_scope"},
		"implicit flow":        {func(q url.Values) { q.Set("response_type", "id_token token") }, "unauthorized_client"},
		"without a page":       {func(q url.Values) { q.Set("prompt", "none") }, "login_required"},
		"unknown client":       {func(q url.Values) { q.Set("client_id", "other") }, ""},
		"another host":         {func(q url.Values) { q.Set("redirect_uri", "http://sign-in.example/callback") }, ""},
		"another path":         {func(q url.Values) { q.Set("redirect_uri", "http://127.0.0.1:1/other") }, ""},
		"a name for loopback":  {func(q url.Values) { q.Set("redirect_uri", "http://localhost:1/callback") }, ""},
		"https on loopback":    {func(q url.Values) { q.Set("redirect_uri", "https://127.0.0.1:1/callback") }, ""},
		"user in the redirect": {func(q url.Values) { q.Set("redirect_uri", "http://a@127.0.0.1:1/callback") }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := s.do(t, http.MethodGet, s.authorization(c.edit), nil)
			if c.to == "" {
				if got.location != nil || got.status != http.StatusBadRequest {
					t.Errorf("%d to %v", got.status, got.location)
				}
				return
			}
			if got.location == nil || !strings.HasPrefix(got.location.String(), callback) || got.location.RawQuery+got.location.Fragment == "" ||
				!strings.Contains(got.location.String(), "error="+c.to) {
				t.Errorf("%d to %v, want error %s", got.status, got.location, c.to)
			}
		})
	}
}

func TestTheLogInPageDoesNotSayWhetherAUserExists(t *testing.T) {
	s := newSite(t)
	shown := func(login, password string) answer {
		form := s.loginForm(t)
		form.Set("login", login)
		form.Set("password", password)
		got := s.do(t, http.MethodPost, s.Issuer(agency)+"/login", form)
		if got.location != nil || strings.Contains(got.body, password) {
			t.Errorf("%s: redirect %v, or the page repeats the password", login, got.location)
		}
		got.body = strings.ReplaceAll(got.body, login, "LOGIN")
		got.body = strings.ReplaceAll(got.body, form.Get("request"), "REQUEST")
		return got
	}
	known, unknown := shown("pc.ahmed", "guessed-wrong"), shown("nobody", "guessed-wrong")
	if known.status != unknown.status || known.body != unknown.body {
		t.Errorf("known user: %d %s\nunknown user: %d %s", known.status, known.body, unknown.status, unknown.body)
	}
	if elsewhere := shown("pros.lane", "demo-only"); elsewhere.body != unknown.body {
		t.Error("another agency's user is told from an unknown one")
	}
}

func TestTheLogInPageServesEverybody(t *testing.T) {
	s := newSite(t)
	form := s.loginForm(t)
	form.Set("login", `"><script>alert(1)</script>`)
	page := s.do(t, http.MethodPost, s.Issuer(agency)+"/login", form)
	for _, want := range []string{
		`lang="en-GB"`, "<title>Error: ", `<label for="login">`, `<label for="password">`, `role="alert"`, `aria-describedby="error"`,
		`autocomplete="username"`, `autocomplete="current-password"`,
	} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(page.body, "<script") {
		t.Error("the page holds a script")
	}
	if policy := page.header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") {
		t.Errorf("content security policy %q", policy)
	}
}

func TestACodeIsGoodOnceForItsOwnClient(t *testing.T) {
	for name, edit := range map[string]func(url.Values){
		"another verifier":     func(f url.Values) { f.Set("code_verifier", "another-verifier-that-is-long-enough-also") },
		"no verifier":          func(f url.Values) { f.Del("code_verifier") },
		"another client":       func(f url.Values) { f.Set("client_id", "other") },
		"another redirect":     func(f url.Values) { f.Set("redirect_uri", "http://127.0.0.1:1/callback") },
		"another grant":        func(f url.Values) { f.Set("grant_type", "refresh_token") },
		"no grant":             func(f url.Values) { f.Del("grant_type") },
		"another code":         func(f url.Values) { f.Set("code", "another") },
		"no code":              func(f url.Values) { f.Del("code") },
		"a secret nobody gave": func(f url.Values) { f.Set("client_assertion_type", "x"); f.Set("client_id", "") },
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			if got := s.exchange(t, s.code(t), edit); got.status != http.StatusBadRequest || strings.Contains(got.body, "access_token") {
				t.Errorf("%d %s", got.status, got.body)
			}
		})
	}
	t.Run("twice", func(t *testing.T) {
		s := newSite(t)
		code := s.code(t)
		var good int
		var mu sync.Mutex
		var clients sync.WaitGroup
		for range 8 {
			clients.Go(func() {
				if s.exchange(t, code, nil).status == http.StatusOK {
					mu.Lock()
					good++
					mu.Unlock()
				}
			})
		}
		clients.Wait()
		if good != 1 {
			t.Errorf("one code was good %d times", good)
		}
	})
	t.Run("late", func(t *testing.T) {
		s := newSite(t)
		code := s.code(t)
		s.advance(time.Minute)
		if got := s.exchange(t, code, nil); got.status != http.StatusBadRequest {
			t.Errorf("%d %s", got.status, got.body)
		}
	})
}

func TestOneLogInFormYieldsOneCode(t *testing.T) {
	s := newSite(t)
	form := s.loginForm(t)
	redirects := make(chan bool, 32)
	var browsers sync.WaitGroup
	for range cap(redirects) {
		browsers.Go(func() { redirects <- s.do(t, http.MethodPost, s.Issuer(agency)+"/login", form).location != nil })
	}
	browsers.Wait()
	codes := 0
	for range cap(redirects) {
		if <-redirects {
			codes++
		}
	}
	if codes != 1 {
		t.Errorf("one form yielded %d codes", codes)
	}
}

func TestASignInEnds(t *testing.T) {
	s := newSite(t)
	login := s.Issuer(agency) + "/login"

	form := s.loginForm(t)
	s.advance(10 * time.Minute)
	if got := s.do(t, http.MethodPost, login, form); got.status != http.StatusNotFound {
		t.Errorf("ten minutes late: %d", got.status)
	}

	form = s.loginForm(t)
	if got := s.do(t, http.MethodPost, login, form); got.location == nil {
		t.Fatalf("no redirect: %d", got.status)
	}
	if got := s.do(t, http.MethodPost, login, form); got.status != http.StatusNotFound || got.location != nil {
		t.Errorf("the same log-in twice: %d", got.status)
	}
	if got := s.do(t, http.MethodGet, login+"?request="+form.Get("request"), nil); got.status != http.StatusNotFound {
		t.Errorf("the page of a sign-in that is over: %d", got.status)
	}
	if got := s.do(t, http.MethodGet, login, nil); got.status != http.StatusNotFound || strings.Contains(got.body, "<form") {
		t.Errorf("the page without a sign-in: %d", got.status)
	}
	if got := s.do(t, http.MethodPost, login, url.Values{"login": {strings.Repeat("a", 1<<20)}}); got.status != http.StatusBadRequest {
		t.Errorf("a megabyte: %d", got.status)
	}
}

func TestATokenIsMintedAsATestWantsIt(t *testing.T) {
	s := newSite(t)
	parts := func(edit func(header, claims map[string]any)) []string {
		token, err := s.Mint("cps-northmoor", edit)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Split(token, ".")
	}
	if got := parts(func(header, _ map[string]any) { header["alg"] = "none" }); got[2] != "" {
		t.Error("alg none is signed")
	}
	if got := parts(func(header, _ map[string]any) { header["alg"] = "HS256" }); len(got[2]) != 43 {
		t.Errorf("HS256 signature %q", got[2])
	}
	token, err := s.Mint("cps-northmoor", func(header, claims map[string]any) {
		delete(header, "kid")
		header["typ"] = "odd"
		claims["sub"] = "somebody"
		delete(claims, "exp")
	})
	if err != nil {
		t.Fatal(err)
	}
	header, claims := s.opened(t, "cps-northmoor", token)
	_, hasKey := header["kid"]
	_, hasExpiry := claims["exp"]
	if hasKey || hasExpiry || header["typ"] != "odd" || claims["sub"] != "somebody" {
		t.Errorf("header %v, claims %v", header, claims)
	}
	if _, err := s.Mint("cps-northmoor", func(header, _ map[string]any) { header["alg"] = "ES256" }); err == nil {
		t.Error("signed under another key's algorithm")
	}
	if _, err := s.Mint("no-such-agency", nil); err == nil {
		t.Error("minted for an unknown agency")
	}
}

func TestAConfigurationNamesAllItsFaults(t *testing.T) {
	if _, err := devidp.New(goodConfig()); err != nil {
		t.Fatal(err)
	}
	_, err := devidp.New(devidp.Config{BaseURL: "http://10.0.0.7:9100", Agencies: []devidp.Agency{
		{Name: "One"},
		{Name: "two", Users: []devidp.User{{Login: "a"}, {Login: "b", Subject: "a"}, {}}},
		{Name: "two", Users: []devidp.User{{Login: "a"}}},
	}})
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{
		"not a loopback address", "password is empty", "no clock", `agency name "One"`, "agency One has no user",
		"user b stands twice", "user without a login", "agency two stands twice",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
	for _, base := range []string{"", "https://127.0.0.1:1", "http://127.0.0.1:1/", "http://127.0.0.1:1/x", "http://a@127.0.0.1:1", "http://localhost:1", "127.0.0.1:1"} {
		config := goodConfig()
		config.BaseURL = base
		if _, err := devidp.New(config); err == nil {
			t.Errorf("base URL %q was accepted", base)
		}
	}
}
