package identity_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"accord/authz"
	"accord/domain/fault"
	"accord/internal/devidp"
	"accord/internal/identity"
)

// realIDToken signs in and returns the ID token instead of the access token.
func (w *world) realIDToken(t *testing.T) string {
	t.Helper()
	var idToken string
	watch := dishonest(func(r *http.Request, response *http.Response) *http.Response {
		if !strings.HasSuffix(r.URL.Path, "/oauth/token") {
			return response
		}
		body, _ := io.ReadAll(response.Body)
		_ = response.Body.Close()
		var answer struct {
			IDToken string `json:"id_token"`
		}
		if err := json.Unmarshal(body, &answer); err != nil {
			t.Error(err)
		}
		idToken = answer.IDToken
		return withBody(response, body)
	})
	_, err := identity.SignIn(t.Context(), identity.SignInRequest{
		Issuer: w.idp.Issuer(police), ClientID: devidp.ClientID, Login: "pc.ahmed", Password: password, Clock: w.Now,
		HTTPClient: &http.Client{Transport: watch},
	})
	if err != nil || idToken == "" {
		t.Fatalf("no ID token: %v", err)
	}
	return idToken
}

// rewritten returns the token with other claims under the old signature.
func rewritten(t *testing.T, token string, edit func(claims map[string]any)) string {
	t.Helper()
	parts := strings.Split(token, ".")
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(raw, &claims); err != nil {
		t.Fatal(err)
	}
	edit(claims)
	if raw, err = json.Marshal(claims); err != nil {
		t.Fatal(err)
	}
	parts[1] = base64.RawURLEncoding.EncodeToString(raw)
	return strings.Join(parts, ".")
}

func keyID(t *testing.T, token string) string {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[0])
	if err != nil {
		t.Fatal(err)
	}
	var header struct{ Kid string }
	if err := json.Unmarshal(raw, &header); err != nil {
		t.Fatal(err)
	}
	return header.Kid
}

func TestWhoeverIsNotSignedInHearsTheSameWhateverWasWrong(t *testing.T) {
	w := newWorld(t)
	now := w.Now()
	claim := func(name string, value any) string {
		return w.mint(t, police, func(_, claims map[string]any) { claims[name] = value })
	}
	without := func(name string) string {
		return w.mint(t, police, func(_, claims map[string]any) { delete(claims, name) })
	}
	header := func(name string, value any) string {
		return w.mint(t, police, func(header, _ map[string]any) { header[name] = value })
	}
	good := w.mint(t, police, nil)

	for name, token := range map[string]string{
		"expired":                   claim("exp", now.Add(-time.Minute).Unix()),
		"expires beyond the leeway": claim("exp", now.Add(-30*time.Second).Unix()),
		"without exp":               without("exp"),
		"exp null":                  claim("exp", nil),
		"exp a string":              claim("exp", "tomorrow"),
		"exp beyond all time":       claim("exp", 1e300),
		"not yet valid":             claim("nbf", now.Add(31*time.Second).Unix()),
		"nbf a string":              claim("nbf", "later"),
		"far-future iat": w.mint(t, police, func(_, claims map[string]any) {
			claims["iat"] = now.Add(time.Hour).Unix()
			claims["exp"] = now.Add(2 * time.Hour).Unix()
		}),
		"without iat":               without("iat"),
		"lives 24 hours and more":   claim("exp", now.Add(24*time.Hour+time.Second).Unix()),
		"unknown issuer":            claim("iss", w.base+"/no-such-agency"),
		"issuer with a slash":       claim("iss", w.idp.Issuer(police)+"/"),
		"issuer in capitals":        claim("iss", strings.ToUpper(w.idp.Issuer(police))),
		"without iss":               without("iss"),
		"iss a list":                claim("iss", []string{w.idp.Issuer(police)}),
		"wrong audience":            claim("aud", "another-api"),
		"audience that begins well": claim("aud", audience+"-two"),
		"another audience too":      claim("aud", []string{audience, "another-api"}),
		"no audience":               without("aud"),
		"empty audience":            claim("aud", []string{}),
		"missing sub":               without("sub"),
		"empty sub":                 claim("sub", ""),
		"sub a number":              claim("sub", 7),
		"sub in capitals":           w.mint(t, police, func(_, c map[string]any) { delete(c, "sub"); c["SUB"] = "pc.ahmed" }),
		"sub of 256 bytes":          claim("sub", strings.Repeat("s", 256)),
		"wrong typ":                 header("typ", "JWT"),
		"typ of a logout token":     header("typ", "logout+jwt"),
		"typ a number":              header("typ", 7),
		"no typ":                    w.mint(t, police, func(header, _ map[string]any) { delete(header, "typ") }),
		"ID token":                  w.realIDToken(t),
		"alg none":                  header("alg", "none"),
		"HS256 with the public key": header("alg", "HS256"),
		"other agency's key": w.mint(t, cps, func(header, claims map[string]any) {
			header["kid"] = keyID(t, good)
			claims["iss"] = w.idp.Issuer(police)
			claims["sub"] = "pc.ahmed"
		}),
		"other agency's key, unnamed": w.mint(t, cps, func(header, claims map[string]any) {
			delete(header, "kid")
			claims["iss"] = w.idp.Issuer(police)
		}),
		"tampered payload":   rewritten(t, good, func(claims map[string]any) { claims["sub"] = "officer-7" }),
		"tampered signature": good[:len(good)-8] + "AAAAAAAA",
		"signature left out": good[:strings.LastIndexByte(good, '.')+1],
		"over-long":          claim("padding", strings.Repeat("p", 8<<10)),
		"garbage":            "garbage",
		"three empty parts":  "..",
		"two tokens":         good + ", Bearer " + good,
		"line end inside":    good[:10] + "\n" + good[10:],
		"JSON serialisation": `{"payload":"e30","protected":"e30","signature":"e30"}`,
		"empty":              "",
		"payload not an object": strings.Split(good, ".")[0] + "." +
			base64.RawURLEncoding.EncodeToString([]byte("null")) + "." + strings.Split(good, ".")[2],
	} {
		t.Run(name, func(t *testing.T) {
			capacity, err := w.authenticator().Authenticate(t.Context(), bearing("Bearer "+token))
			if !reflect.DeepEqual(capacity, authz.Capacity{}) {
				t.Errorf("capacity %+v was given", capacity)
			}
			mustBeAnonymous(t, err, token, "pc.ahmed", "officer-7", "another-api", "no-such-agency")
			_, err = w.verifier.Verify(t.Context(), token) // not for want of such a person in the directory
			mustBeAnonymous(t, err, token)
		})
	}

	for name, request := range map[string]*http.Request{
		"no header":                 bearing(),
		"empty header":              bearing(""),
		"two Authorization headers": bearing("Bearer "+good, "Bearer "+good),
		"Basic scheme":              bearing("Basic " + good),
		"no scheme":                 bearing(good),
		"scheme alone":              bearing("Bearer"),
		"tab for a space":           bearing("Bearer\t" + good),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.authenticator().Authenticate(t.Context(), request)
			mustBeAnonymous(t, err, good)
		})
	}
}

func TestATokenAtTheEdgeOfWhatIsAllowedIsAccepted(t *testing.T) {
	w := newWorld(t)
	now := w.Now()
	good := w.mint(t, police, nil)
	for name, authorization := range map[string]string{
		"scheme in lower case":         "bearer " + good,
		"two spaces":                   "Bearer  " + good,
		"audience as a list":           "Bearer " + w.mint(t, police, func(_, c map[string]any) { c["aud"] = []string{audience} }),
		"typ as a media type":          "Bearer " + w.mint(t, police, func(h, _ map[string]any) { h["typ"] = "application/at+jwt" }),
		"expired within the leeway":    "Bearer " + w.mint(t, police, func(_, c map[string]any) { c["exp"] = now.Add(-29 * time.Second).Unix() }),
		"issued within the leeway":     "Bearer " + w.mint(t, police, func(_, c map[string]any) { c["iat"] = now.Add(30 * time.Second).Unix() }),
		"valid within the leeway":      "Bearer " + w.mint(t, police, func(_, c map[string]any) { c["nbf"] = now.Add(30 * time.Second).Unix() }),
		"lives 24 hours":               "Bearer " + w.mint(t, police, func(_, c map[string]any) { c["exp"] = now.Add(24 * time.Hour).Unix() }),
		"times with fractions":         "Bearer " + w.mint(t, police, func(_, c map[string]any) { c["iat"] = float64(now.Unix()) + 0.5 }),
		"key unnamed":                  "Bearer " + w.mint(t, police, func(h, _ map[string]any) { delete(h, "kid") }),
		"signed with RS256 at the CPS": "Bearer " + w.mint(t, cps, nil),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := w.authenticator().Authenticate(t.Context(), bearing(authorization)); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestWhatATokenSaysOfRolesAndAgenciesChangesNothing(t *testing.T) {
	w := newWorld(t)
	plain, err := w.authenticator().Authenticate(t.Context(), bearing("Bearer "+w.mint(t, police, nil)))
	if err != nil {
		t.Fatal(err)
	}
	boasting := w.mint(t, police, func(_, claims map[string]any) {
		maps.Copy(claims, map[string]any{
			"roles": []string{"LEAD_AUDITOR"}, "groups": []string{"chair"}, "agency": "agency_oversight", "areas": []string{"area_southvale"},
			"authorities": []string{"ROLE_ADMIN"}, "scope": "admin", "person": "prac_grant", "purpose": "BREAK_GLASS",
			"system": "list relay", "realm_access": map[string]any{"roles": []string{"admin"}},
			"_claim_names": map[string]string{"groups": "src1"}, "_claim_sources": map[string]any{"src1": map[string]string{"endpoint": w.base + "/groups"}},
		})
	})
	got, err := w.authenticator().Authenticate(t.Context(), bearing("Bearer "+boasting))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, plain) {
		t.Errorf("the token's own claims made %+v of %+v", got, plain)
	}
	if w.seen("/groups") != 0 {
		t.Error("the token sent the verifier to fetch claims")
	}
}

func TestASubjectMeansAPersonOnlyTogetherWithItsIssuer(t *testing.T) {
	w := newWorld(t)
	token := w.mint(t, cps, func(_, claims map[string]any) { claims["sub"] = "pc.ahmed" })
	_, err := w.authenticator().Authenticate(t.Context(), bearing("Bearer "+token))
	mustBeAnonymous(t, err, token, "pc.ahmed")
	if errors.Is(err, identity.ErrDirectoryUnavailable) {
		t.Error("a stranger was taken for an outage")
	}
}

func TestADirectoryThatCannotTellLetsNobodyIn(t *testing.T) {
	w := newWorld(t)
	token := w.mint(t, police, nil)
	_, err := identity.NewAuthenticator(w.verifier, directory(nil)).Authenticate(t.Context(), bearing("Bearer "+token))
	mustBeAnonymous(t, err, token, "pc.ahmed")
	if !errors.Is(err, identity.ErrDirectoryUnavailable) || !errors.Is(err, errDirectoryDown) {
		t.Errorf("the log would not learn of the outage: %v", err)
	}
}

// fixed answers everybody with the same capacity.
type fixed authz.Capacity

func (f fixed) Capacity(context.Context, string, string) (authz.Capacity, error) {
	return authz.Capacity(f), nil
}

func TestACapacityWithoutPersonOrAgencyIsNobodys(t *testing.T) {
	w := newWorld(t)
	token := w.mint(t, police, nil)
	whole := authz.Capacity{Person: "prac_ahmed", Agency: "agency_police", Roles: []authz.Role{authz.Investigator}}
	for name, spoil := range map[string]func(*authz.Capacity){
		"no person": func(c *authz.Capacity) { c.Person = "" },
		"no agency": func(c *authz.Capacity) { c.Agency = "" },
		"a system":  func(c *authz.Capacity) { c.System = "list relay" },
	} {
		t.Run(name, func(t *testing.T) {
			capacity := whole
			spoil(&capacity)
			_, err := identity.NewAuthenticator(w.verifier, fixed(capacity)).Authenticate(t.Context(), bearing("Bearer "+token))
			mustBeAnonymous(t, err, token)
		})
	}
}

// A condition of access that lapsed takes the roles and not the sign-in: whoever is
// known is told what has lapsed.
func TestWhoHasNoRoleTodayIsSignedInAndDeclaresNothing(t *testing.T) {
	w := newWorld(t)
	request := bearing("Bearer " + w.mint(t, police, nil))
	lapsed := identity.NewAuthenticator(w.verifier, fixed{Person: "prac_ahmed", Agency: "agency_police"})
	if capacity, err := lapsed.Authenticate(t.Context(), request); err != nil || capacity.Person != "prac_ahmed" {
		t.Errorf("signed in as %+v, %v", capacity, err)
	}
	request.Header.Set(identity.PurposeHeader, string(authz.Investigation))
	if _, err := lapsed.Authenticate(t.Context(), request); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a purpose without a role: %v", err)
	}
}

func TestAPurposeIsOneOfTheEnumerationOrNone(t *testing.T) {
	w := newWorld(t)
	declared := func(token string, purposes ...string) (authz.Capacity, error) {
		request := bearing("Bearer " + token)
		for _, purpose := range purposes {
			request.Header.Add(identity.PurposeHeader, purpose)
		}
		return w.authenticator().Authenticate(t.Context(), request)
	}
	good := w.mint(t, police, nil)

	for _, purpose := range authz.Purposes() {
		capacity, err := declared(good, string(purpose))
		if capacity.MayDeclare(purpose) {
			if err != nil || capacity.Purpose != purpose {
				t.Errorf("%s: capacity has purpose %q, error %v", purpose, capacity.Purpose, err)
			}
		} else if !fault.Is(err, fault.Forbidden) || capacity.Purpose != "" {
			t.Errorf("an investigator declares %s: purpose %q, error %v", purpose, capacity.Purpose, err)
		}
	}
	for _, never := range []authz.Purpose{authz.Emergency, authz.QaAudit, authz.Prosecution} {
		if _, err := declared(good, string(never)); !fault.Is(err, fault.Forbidden) {
			t.Errorf("an investigator declares %s: %v", never, err)
		}
	}
	if capacity, err := declared(good); err != nil || capacity.Purpose != "" {
		t.Errorf("a routine read has purpose %q, error %v", capacity.Purpose, err)
	}
	for _, c := range []struct {
		purposes   []string
		constraint string
	}{
		{[]string{"CURIOSITY"}, "enum"},
		{[]string{"marac_prep"}, "enum"},
		{[]string{""}, "enum"},
		{[]string{"MARAC_PREP", "SAR"}, "single"},
	} {
		capacity, err := declared(good, c.purposes...)
		refusal := fault.Of(err)
		if refusal == nil || refusal.Code != fault.BadInput || refusal.Path != "Accord-Purpose" || refusal.Constraint != c.constraint {
			t.Errorf("%q: refused with %v", c.purposes, err)
		}
		if capacity.Person == "" || capacity.Purpose != "" || strings.Contains(err.Error(), "CURIOSITY") {
			t.Errorf("%q: capacity %+v, error %v", c.purposes, capacity, err)
		}
	}
	_, err := declared("garbage", "CURIOSITY")
	mustBeAnonymous(t, err)
}
