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

	"accord/internal/identity"
)

func TestAFloodOfBadSignaturesAsksForTheKeysOnceInHalfAMinute(t *testing.T) {
	w := newWorld(t)
	good := w.mint(t, police, nil)
	if _, err := w.verifier.Verify(t.Context(), good); err != nil {
		t.Fatal(err)
	}
	forged := w.newProvider(t) // the same issuer, other keys
	flood := func() {
		var callers sync.WaitGroup
		for range 200 {
			bad := mint(t, forged, police, nil)
			callers.Go(func() {
				if _, err := w.verifier.Verify(t.Context(), bad); err == nil {
					t.Error("a forged token was accepted")
				}
			})
		}
		callers.Wait()
	}
	flood()
	if got := w.keyFetches(police); got != 1 {
		t.Errorf("200 bad signatures right after the load: keys fetched %d times, want 1", got)
	}
	w.advance(30 * time.Second)
	flood()
	if got := w.keyFetches(police); got != 2 {
		t.Errorf("200 more half a minute later: keys fetched %d times, want 2", got)
	}
	if _, err := w.verifier.Verify(t.Context(), good); err != nil {
		t.Errorf("the flood locked a good token out: %v", err)
	}
}

func TestAFloodOfUnknownIssuersReachesNobody(t *testing.T) {
	w := newWorld(t)
	for range 50 {
		token := w.mint(t, police, func(_, claims map[string]any) { claims["iss"] = w.base + "/elsewhere" })
		if _, err := w.verifier.Verify(t.Context(), token); err == nil {
			t.Fatal("accepted")
		}
	}
	if w.seen("/elsewhere/.well-known/openid-configuration")+w.discoveries(police) != 0 {
		t.Error("an unknown issuer was asked")
	}
}

func TestAnIssuerThatIsDownAtTheStartIsFoundWhenItComesUp(t *testing.T) {
	w := newWorld(t)
	w.answer(nil)
	token := w.mint(t, police, nil)
	refused := func() {
		t.Helper()
		_, err := w.verifier.Verify(t.Context(), token)
		mustBeAnonymous(t, err, token, "maintenance")
		if !errors.Is(err, identity.ErrIssuerUnreachable) {
			t.Errorf("the log would not learn of the outage: %v", err)
		}
	}
	refused()
	refused()
	if got := w.discoveries(police); got != 1 {
		t.Errorf("asked %d times within the back-off, want 1", got)
	}
	w.advance(time.Second)
	refused() // the second failure: two seconds of back-off
	w.advance(time.Second)
	refused()
	if got := w.discoveries(police); got != 2 {
		t.Errorf("asked %d times within the doubled back-off, want 2", got)
	}

	w.answer(w.idp.Handler())
	refused()
	w.advance(time.Second)
	if _, err := w.verifier.Verify(t.Context(), token); err != nil {
		t.Fatalf("the issuer is up again: %v", err)
	}
}

func TestTheBackOffNeverExceedsHalfAMinute(t *testing.T) {
	w := newWorld(t)
	w.answer(nil)
	token := w.mint(t, police, nil)
	for range 8 {
		if _, err := w.verifier.Verify(t.Context(), token); err == nil {
			t.Fatal("accepted")
		}
		w.advance(30 * time.Second)
	}
	if got := w.discoveries(police); got != 8 {
		t.Errorf("asked %d times in eight half minutes, want 8", got)
	}
}

func TestCallersAtOnceShareOneLoad(t *testing.T) {
	w := newWorld(t)
	began, release := make(chan struct{}, 100), make(chan struct{})
	w.answer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		began <- struct{}{}
		<-release
		w.idp.Handler().ServeHTTP(rw, r)
	}))
	token := w.mint(t, police, nil)
	var callers sync.WaitGroup
	for range 20 {
		callers.Go(func() {
			if _, err := w.verifier.Verify(t.Context(), token); err != nil {
				t.Error(err)
			}
		})
	}
	<-began
	close(release)
	callers.Wait()
	if w.discoveries(police) != 1 || w.keyFetches(police) != 1 {
		t.Errorf("20 callers: %d discoveries, %d key fetches", w.discoveries(police), w.keyFetches(police))
	}
}

func TestACallerWhoHangsUpTakesNobodyWithThem(t *testing.T) {
	w := newWorld(t)
	began, release := make(chan struct{}, 100), make(chan struct{})
	w.answer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		began <- struct{}{}
		<-release
		w.idp.Handler().ServeHTTP(rw, r)
	}))
	token := w.mint(t, police, nil)
	hurried, hangUp := context.WithCancel(t.Context())
	first := make(chan error)
	go func() {
		_, err := w.verifier.Verify(hurried, token)
		first <- err
	}()
	<-began
	second := make(chan error)
	go func() {
		_, err := w.verifier.Verify(t.Context(), token)
		second <- err
	}()
	hangUp()
	if err := <-first; err == nil {
		t.Error("who hung up was let in")
	}
	close(release)
	if err := <-second; err != nil {
		t.Errorf("who waited was not let in: %v", err)
	}
}

func TestAWithdrawnKeyIsTrustedForFiveMinutesAtMost(t *testing.T) {
	w := newWorld(t)
	var tokens []string
	for range 2 {
		tokens = append(tokens, w.mint(t, police, nil))
	}
	if _, err := w.verifier.Verify(t.Context(), tokens[0]); err != nil { // held as verified from now on
		t.Fatal(err)
	}
	w.answer(w.newProvider(t).Handler()) // other keys from now on
	w.advance(5*time.Minute - time.Second)
	for _, token := range tokens {
		if _, err := w.verifier.Verify(t.Context(), token); err != nil {
			t.Fatalf("keys are not due for another look: %v", err)
		}
	}
	w.advance(time.Second)
	for i, token := range tokens {
		if _, err := w.verifier.Verify(t.Context(), token); err == nil {
			t.Errorf("token %d of a withdrawn key is still trusted", i)
		}
	}
}

func TestANewKeyIsFoundWithinHalfAMinute(t *testing.T) {
	w := newWorld(t)
	if _, err := w.verifier.Verify(t.Context(), w.mint(t, police, nil)); err != nil {
		t.Fatal(err)
	}
	successor := w.newProvider(t)
	w.answer(successor.Handler())
	token := mint(t, successor, police, nil)
	if _, err := w.verifier.Verify(t.Context(), token); err == nil {
		t.Fatal("a key nobody has asked for yet is known")
	}
	w.advance(30 * time.Second)
	if _, err := w.verifier.Verify(t.Context(), token); err != nil {
		t.Fatalf("the new key is not known: %v", err)
	}
}

func TestKeysOfAnUnreachableIssuerServeForAQuarterOfAnHour(t *testing.T) {
	w := newWorld(t)
	token := w.mint(t, police, nil)
	if _, err := w.verifier.Verify(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	w.answer(nil)
	w.advance(15*time.Minute - time.Second)
	if _, err := w.verifier.Verify(t.Context(), token); err != nil {
		t.Fatalf("a short outage locks everybody out: %v", err)
	}
	w.advance(time.Second)
	_, err := w.verifier.Verify(t.Context(), token)
	mustBeAnonymous(t, err, token)
	if !errors.Is(err, identity.ErrIssuerUnreachable) {
		t.Errorf("not told as an outage: %v", err)
	}
}

func TestATokenVerifiedBeforeEndsWithItsExpiry(t *testing.T) {
	w := newWorld(t)
	token := w.mint(t, police, func(_, claims map[string]any) { claims["exp"] = w.Now().Add(time.Minute).Unix() })
	principal, err := w.verifier.Verify(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	if want := (identity.Principal{Issuer: w.idp.Issuer(police), Subject: "pc.ahmed", Expires: w.Now().Add(time.Minute)}); principal != want {
		t.Errorf("verified as %+v, want %+v", principal, want)
	}
	w.advance(time.Minute + 29*time.Second) // the leeway counts alike, verified before or not
	if _, err := w.verifier.Verify(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	w.advance(time.Second)
	if _, err := w.verifier.Verify(t.Context(), token); err == nil {
		t.Fatal("an expired token lives on because it was verified before")
	}
}

func TestAVerifiedTokenIsNotVerifiedTwice(t *testing.T) {
	w := newWorld(t)
	token := w.mint(t, police, nil)
	verify := func() {
		if _, err := w.verifier.Verify(t.Context(), token); err != nil {
			t.Fatal(err)
		}
	}
	verify()
	// An ES256 verification allocates far more than looking one up.
	if allocations := testing.AllocsPerRun(20, verify); allocations > 2 {
		t.Errorf("a token verified before costs %v allocations", allocations)
	}
}

func TestAnIssuerThatAnswersNonsenseIsAnOutage(t *testing.T) {
	document, keys := "openid-configuration", "keys"
	padding := `{"padding":"` + strings.Repeat("p", 1<<20) + `",`
	for name, c := range map[string]struct {
		answer  string                             // last part of the path it is the answer at
		change  func(good string, w *world) string // what becomes of the good answer
		because string
	}{
		"another issuer's document": {document, func(good string, w *world) string {
			return strings.Replace(good, `"issuer":"`+w.idp.Issuer(police), `"issuer":"`+w.idp.Issuer(cps), 1)
		}, "discovery document"},
		"keys on a network in the clear": {document, func(good string, w *world) string {
			return strings.Replace(good, w.idp.Issuer(police)+"/keys", "http://keys.example/keys", 1)
		}, "jwks_uri: not https"},
		"document not JSON": {document, func(string, *world) string { return "<html>secret</html>" }, "discovery document"},
		"endless document":  {document, func(good string, _ *world) string { return padding + good[1:] }, "discovery document"},
		"keys not JSON":     {keys, func(string, *world) string { return "<html>secret</html>" }, "not a JWK set"},
		"endless keys":      {keys, func(good string, _ *world) string { return padding + good[1:] }, "keys"},
		"far too many keys": {keys, func(good string, _ *world) string {
			return strings.Replace(good, `[`, `[`+strings.Repeat(`{"kty":"EC"},`, 32), 1)
		}, "more than 32"},
		"no usable key": {keys, func(string, *world) string {
			return `{"keys":[{"kty":"oct","k":"c2VjcmV0"},{"kty":"EC"},{"kty":"OKP","crv":"Ed448","x":"AA"}]}`
		}, "none for ES256 or RS256"},
		"key for something else": {keys, func(good string, _ *world) string {
			return strings.Replace(good, `"use":"sig"`, `"use":"enc"`, 1)
		}, "none for ES256 or RS256"},
		"key for another algorithm": {keys, func(good string, _ *world) string {
			return strings.Replace(good, `"alg":"ES256"`, `"alg":"ES384"`, 1)
		}, "none for ES256 or RS256"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.answer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				if !strings.HasSuffix(r.URL.Path, "/"+c.answer) {
					w.idp.Handler().ServeHTTP(rw, r)
					return
				}
				good := httptest.NewRecorder()
				w.idp.Handler().ServeHTTP(good, r)
				changed := c.change(strings.TrimSpace(good.Body.String()), w)
				if changed == good.Body.String() {
					t.Error("the answer is as good as before")
				}
				_, _ = rw.Write([]byte(changed))
			}))
			_, err := w.verifier.Verify(t.Context(), w.mint(t, police, nil))
			mustBeAnonymous(t, err, "secret")
			if !errors.Is(err, identity.ErrIssuerUnreachable) || !strings.Contains(err.Error(), c.because) {
				t.Errorf("got %v, want an outage because %s", err, c.because)
			}
		})
	}
}

func TestARedirectIsNotFollowedToTheKeys(t *testing.T) {
	w := newWorld(t)
	w.answer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/keys") && !strings.HasPrefix(r.URL.Path, "/moved") {
			http.Redirect(rw, r, "/moved"+r.URL.Path, http.StatusFound)
			return
		}
		r.URL.Path = strings.TrimPrefix(r.URL.Path, "/moved")
		w.idp.Handler().ServeHTTP(rw, r)
	}))
	if _, err := w.verifier.Verify(t.Context(), w.mint(t, police, nil)); !errors.Is(err, identity.ErrIssuerUnreachable) {
		t.Errorf("got %v", err)
	}
	if w.seen("/moved/"+police+"/keys") != 0 {
		t.Error("the redirect was followed")
	}
}

func TestAConfigurationNamesAllItsFaults(t *testing.T) {
	_, err := identity.NewVerifier(identity.VerifierConfig{Issuers: []string{"http://sign-in.example/a", "https://b.example", "https://b.example"}})
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{"http://sign-in.example/a is neither https", "https://b.example stands twice", "no audience", "no clock"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
	if _, err := identity.NewVerifier(identity.VerifierConfig{Audience: "a", Clock: newClock().Now}); err == nil {
		t.Error("a verifier without issuers was made")
	}
}

func TestPlainHTTPIsForLoopbackOnly(t *testing.T) {
	for issuer, fits := range map[string]bool{
		"https://login.example/tenant":     true,
		"https://login.example":            true,
		"http://127.0.0.1:9100/police":     true,
		"http://127.8.9.10/police":         true,
		"http://[::1]:9100/police":         true,
		"http://localhost:9100/police":     true,
		"http://login.example/tenant":      false,
		"http://10.0.0.7/police":           false,
		"http://0.0.0.0:9100/police":       false,
		"http://localhost.example/police":  false,
		"http://127.0.0.1.example/police":  false,
		"http://127.0.0.1@evil.example/x":  false,
		"https://user:pass@login.example/": false,
		"https://login.example/?tenant=1":  false,
		"https://login.example/?":          false,
		"https://login.example/#x":         false,
		"ftp://127.0.0.1/police":           false,
		"https:///police":                  false,
		"login.example":                    false,
		"":                                 false,
		"http://127.0.0.1:port/":           false,
	} {
		if err := identity.ValidateIssuer(issuer); (err == nil) != fits {
			t.Errorf("%q: %v", issuer, err)
		} else if err != nil && strings.Contains(err.Error(), "pass") {
			t.Errorf("%q: the fault repeats the password", issuer)
		}
	}
}
