package identity_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"accord/domain/fault"
	"accord/internal/devidp"
	"accord/internal/identity"
)

func TestAPersonSignsInAtTheirAgencyAndHasTheCapacityTheDirectoryKnows(t *testing.T) {
	w := newWorld(t)
	for _, person := range []struct{ agency, login, want string }{
		{police, "pc.ahmed", "prac_ahmed"},
		{police, "insp.cole", "prac_cole"}, // subject and login differ
		{cps, "pros.lane", "prac_lane"},    // signed with RS256
	} {
		token := w.signIn(t, person.agency, person.login)
		capacity, err := w.authenticator().Authenticate(t.Context(), bearing("Bearer "+token))
		if err != nil {
			t.Fatalf("%s: %v", person.login, err)
		}
		if capacity.Person != person.want {
			t.Errorf("%s acts as %s, want %s", person.login, capacity.Person, person.want)
		}
	}
}

func TestAFailedSignInSaysInOneSentenceWhatToDo(t *testing.T) {
	w := newWorld(t)
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := "http://" + nobody.Addr().String() + "/" + police
	if err := nobody.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		issuer, login, password string
		code                    fault.Code
		message                 string
	}{
		"wrong password":       {w.idp.Issuer(police), "pc.ahmed", "guess", fault.Unauthenticated, "The user name or the password is wrong."},
		"unknown user":         {w.idp.Issuer(police), "nobody", password, fault.Unauthenticated, "The user name or the password is wrong."},
		"other agency's user":  {w.idp.Issuer(cps), "pc.ahmed", password, fault.Unauthenticated, "The user name or the password is wrong."},
		"unknown issuer path":  {w.idp.Issuer("no-such-agency"), "pc.ahmed", password, fault.NotFound, "There is no sign-in provider at this address; check the agency in it."},
		"unreachable provider": {closed, "pc.ahmed", password, fault.Unavailable, "The sign-in provider cannot be reached; check that it runs and that its address is right."},
		"plain http elsewhere": {"http://sign-in.example/" + police, "pc.ahmed", password, fault.BadInput, "The issuer must be an https URL, or http on a loopback address."},
	} {
		t.Run(name, func(t *testing.T) {
			token, err := identity.SignIn(t.Context(), identity.SignInRequest{
				Issuer: c.issuer, ClientID: devidp.ClientID, Login: c.login, Password: c.password, Clock: w.Now,
			})
			refusal := fault.Of(err)
			if token != "" || refusal == nil || refusal.Code != c.code || refusal.Message != c.message {
				t.Fatalf("token %q, error %v", token, err)
			}
			if strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), c.password) {
				t.Errorf("error is not one line without the password: %q", err)
			}
		})
	}
}

// dishonest is a transport that changes what the provider answers.
type dishonest func(*http.Request, *http.Response) *http.Response

func (d dishonest) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	return d(r, response), nil
}

func withBody(response *http.Response, body []byte) *http.Response {
	response.Body = io.NopCloser(bytes.NewReader(body))
	response.ContentLength = int64(len(body))
	response.Header.Del("Content-Length")
	return response
}

func TestASignInThatWasTamperedWithYieldsNoToken(t *testing.T) {
	w := newWorld(t)
	redirect := func(change func(url.Values)) dishonest {
		return func(_ *http.Request, response *http.Response) *http.Response {
			location, err := response.Location()
			if err != nil || location.Path != "/callback" {
				return response
			}
			query := location.Query()
			change(query)
			location.RawQuery = query.Encode()
			response.Header.Set("Location", location.String())
			return response
		}
	}
	page := func(from, to string) dishonest {
		return func(r *http.Request, response *http.Response) *http.Response {
			if !strings.HasSuffix(r.URL.Path, "/login") {
				return response
			}
			body, _ := io.ReadAll(response.Body)
			_ = response.Body.Close()
			return withBody(response, bytes.ReplaceAll(body, []byte(from), []byte(to)))
		}
	}
	tokens := func(change func(map[string]any)) dishonest {
		return func(r *http.Request, response *http.Response) *http.Response {
			if !strings.HasSuffix(r.URL.Path, "/oauth/token") {
				return response
			}
			var answer map[string]any
			_ = json.NewDecoder(response.Body).Decode(&answer)
			_ = response.Body.Close()
			change(answer)
			body, _ := json.Marshal(answer)
			return withBody(response, body)
		}
	}
	for name, c := range map[string]struct {
		transport dishonest
		because   string
	}{
		"state of another sign-in": {redirect(func(q url.Values) { q.Set("state", "another") }), "state differs"},
		"state left out":           {redirect(func(q url.Values) { q.Del("state") }), "state differs"},
		"code of another sign-in":  {redirect(func(q url.Values) { q.Set("code", "another") }), "code refused"},
		"refused by the provider":  {redirect(func(q url.Values) { q.Del("code"); q.Set("error", "access_denied") }), "authorization refused"},
		"ID token with another nonce": {tokens(func(a map[string]any) {
			a["id_token"] = w.mint(t, police, func(h, c map[string]any) { h["typ"] = "JWT"; c["aud"] = devidp.ClientID; c["nonce"] = "another" })
		}), "nonce differs"},
		"ID token of another issuer": {tokens(func(a map[string]any) {
			a["id_token"] = w.mint(t, cps, func(_, c map[string]any) { c["aud"] = devidp.ClientID })
		}), "ID token refused"},
		"no ID token":            {tokens(func(a map[string]any) { delete(a, "id_token") }), "ID token refused"},
		"another access token":   {tokens(func(a map[string]any) { a["access_token"] = w.mint(t, police, nil) }), "access token is not the ID token's"},
		"form that leads away":   {page(`action="login"`, `action="http://127.0.0.1:1/login"`), "log-in form leads elsewhere"},
		"page without a form":    {page("<form", "<div"), "no log-in form"},
		"form without password":  {page(`type="password"`, `type="text"`), "no log-in form"},
		"redirect to a stranger": {func(_ *http.Request, response *http.Response) *http.Response { return stranger(response) }, "redirect leads elsewhere"},
	} {
		t.Run(name, func(t *testing.T) {
			token, err := identity.SignIn(t.Context(), identity.SignInRequest{
				Issuer: w.idp.Issuer(police), ClientID: devidp.ClientID, Login: "pc.ahmed", Password: password, Clock: w.Now,
				HTTPClient: &http.Client{Transport: c.transport},
			})
			if token != "" || !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), c.because) {
				t.Fatalf("token %q, error %v; want none because %s", token, err, c.because)
			}
		})
	}
}

func stranger(response *http.Response) *http.Response {
	if response.Header.Get("Location") != "" {
		response.Header.Set("Location", "http://127.0.0.1:1/elsewhere")
	}
	return response
}

func TestTheProviderRefusesTheClientBeforeAnybodyLogsIn(t *testing.T) {
	w := newWorld(t)
	token, err := identity.SignIn(t.Context(), identity.SignInRequest{
		Issuer: w.idp.Issuer(police), ClientID: "unknown", Login: "pc.ahmed", Password: password, Clock: w.Now,
	})
	if token != "" || !fault.Is(err, fault.Unavailable) {
		t.Fatalf("token %q, error %v", token, err)
	}
}
