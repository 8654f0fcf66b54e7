package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"accord/domain/fault"
)

const (
	// callbackURL is where the provider sends the code. Nobody listens there:
	// the redirect is read and not followed.
	callbackURL = "http://127.0.0.1/callback"

	signInTimeout = 30 * time.Second // for each request, when the caller's client says nothing
	mostRedirects = 10
)

// The four ways a sign-in fails.
var (
	errWrongPassword = &fault.Fault{Code: fault.Unauthenticated, Message: "The user name or the password is wrong."}
	errNoProvider    = &fault.Fault{Code: fault.Unavailable, Message: "The sign-in provider cannot be reached; check that it runs and that its address is right."}
	errNoIssuer      = &fault.Fault{Code: fault.NotFound, Message: "There is no sign-in provider at this address; check the agency in it."}
	errProvider      = &fault.Fault{Code: fault.Unavailable, Message: "The sign-in provider did not answer as OpenID Connect requires."}
)

// SignInRequest is who signs in where.
type SignInRequest struct {
	Issuer   string // issuer URL, as ValidateIssuer requires
	ClientID string
	Login    string
	Password string

	Clock      func() time.Time // judges the ID token
	HTTPClient *http.Client     // its transport and time-out are used; may be nil
}

// SignIn goes the way of a browser through the authorization code flow with
// PKCE (RFC 7636, S256), filling in the provider's log-in form, and returns the
// access token. It is the client of the command line and the end-to-end tests.
// The password is sent to the issuer's own origin and nowhere else.
//
// The error is a Fault in one sentence: Unauthenticated for a wrong user name
// or password, NotFound when the address answers but holds no issuer,
// Unavailable when it does not answer or not as it should, BadInput for an
// issuer that ValidateIssuer refuses.
func SignIn(ctx context.Context, request SignInRequest) (token string, err error) {
	flow, err := newCodeFlow(ctx, request)
	if err != nil {
		return "", err
	}
	ctx = oidc.ClientContext(ctx, flow.client)
	answer, err := flow.authorize(ctx, request.Login, request.Password)
	if err != nil {
		return "", err
	}
	return flow.exchange(ctx, answer)
}

// codeFlow is one sign-in: its secrets are used once.
type codeFlow struct {
	issuer   *url.URL
	provider *oidc.Provider
	client   *http.Client
	oauth    oauth2.Config
	verifier *oidc.IDTokenVerifier

	state, nonce, pkce string
}

func newCodeFlow(ctx context.Context, request SignInRequest) (*codeFlow, error) {
	if request.Clock == nil {
		return nil, errors.New("sign in: there is no clock")
	}
	if err := ValidateIssuer(request.Issuer); err != nil {
		return nil, fault.Input("issuer", "issuer", "The issuer must be an https URL, or http on a loopback address.")
	}
	issuer, err := url.Parse(request.Issuer)
	if err != nil {
		return nil, fmt.Errorf("parse issuer: %w", err)
	}
	client, err := browser(issuer, request.HTTPClient)
	if err != nil {
		return nil, err
	}
	provider, err := oidc.NewProvider(oidc.ClientContext(ctx, client), request.Issuer)
	if err != nil {
		if failed, ok := errors.AsType[*url.Error](err); ok {
			return nil, fmt.Errorf("%w (%w)", errNoProvider, failed)
		}
		return nil, errNoIssuer
	}
	endpoint := provider.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInParams // a public client has no secret to put in a header
	return &codeFlow{
		issuer:   issuer,
		provider: provider,
		client:   client,
		oauth: oauth2.Config{
			ClientID:    request.ClientID,
			Endpoint:    endpoint,
			RedirectURL: callbackURL,
			Scopes:      []string{oidc.ScopeOpenID},
		},
		verifier: provider.VerifierContext(oidc.ClientContext(ctx, client), &oidc.Config{
			ClientID:             request.ClientID,
			SupportedSigningAlgs: []string{oidc.ES256, oidc.RS256},
			Now:                  request.Clock,
		}),
		state: rand.Text(),
		nonce: rand.Text(),
		pkce:  oauth2.GenerateVerifier(),
	}, nil
}

// browser is a client with cookies that stays at the issuer's origin and stops
// at the redirect that carries the code.
func browser(issuer *url.URL, from *http.Client) (*http.Client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, fmt.Errorf("make cookie jar: %w", err)
	}
	client := &http.Client{Timeout: signInTimeout, Jar: jar}
	transport := http.DefaultTransport
	if from != nil && from.Transport != nil {
		transport = from.Transport
	}
	if from != nil && from.Timeout != 0 {
		client.Timeout = from.Timeout
	}
	client.Transport = boundedAnswers{transport}
	client.CheckRedirect = func(next *http.Request, before []*http.Request) error {
		if !sameOrigin(next.URL, issuer) || len(before) >= mostRedirects {
			return http.ErrUseLastResponse
		}
		return nil
	}
	return client, nil
}

func sameOrigin(a, b *url.URL) bool { return a.Scheme == b.Scheme && a.Host == b.Host }

// authorize opens the authorization page, logs in, and returns what the
// redirect to the callback says.
func (f *codeFlow) authorize(ctx context.Context, login, password string) (url.Values, error) {
	start := f.oauth.AuthCodeURL(f.state, oauth2.S256ChallengeOption(f.pkce), oidc.Nonce(f.nonce))
	page, err := f.open(ctx, http.MethodGet, start, nil)
	if err != nil {
		return nil, err
	}
	if page.callback != nil {
		return page.callback, nil // refused before anybody could log in
	}
	if page.form == nil {
		return nil, fmt.Errorf("%w (no log-in form)", errProvider)
	}
	action, err := page.url.Parse(page.form.action)
	if err != nil || !sameOrigin(action, f.issuer) {
		return nil, fmt.Errorf("%w (log-in form leads elsewhere)", errProvider)
	}
	answer, err := f.open(ctx, http.MethodPost, action.String(), page.form.filled(login, password))
	if err != nil {
		return nil, err
	}
	if answer.callback != nil {
		return answer.callback, nil
	}
	if answer.form != nil {
		return nil, errWrongPassword // the page asks again
	}
	return nil, fmt.Errorf("%w (log-in leads nowhere)", errProvider)
}

// exchange takes the code to the token end point and checks the ID token that
// comes with the access token.
func (f *codeFlow) exchange(ctx context.Context, answer url.Values) (string, error) {
	if subtle.ConstantTimeCompare([]byte(answer.Get("state")), []byte(f.state)) != 1 {
		return "", fmt.Errorf("%w (state differs)", errProvider)
	}
	if answer.Get("error") != "" || answer.Get("code") == "" {
		return "", fmt.Errorf("%w (authorization refused)", errProvider)
	}
	tokens, err := f.oauth.Exchange(ctx, answer.Get("code"), oauth2.VerifierOption(f.pkce))
	if err != nil {
		return "", fmt.Errorf("%w (code refused)", errProvider)
	}
	raw, _ := tokens.Extra("id_token").(string)
	identity, err := f.verifier.Verify(ctx, raw)
	if err != nil {
		return "", fmt.Errorf("%w (ID token refused)", errProvider)
	}
	if subtle.ConstantTimeCompare([]byte(identity.Nonce), []byte(f.nonce)) != 1 {
		return "", fmt.Errorf("%w (nonce differs)", errProvider)
	}
	if identity.AccessTokenHash != "" && identity.VerifyAccessToken(tokens.AccessToken) != nil {
		return "", fmt.Errorf("%w (access token is not the ID token's)", errProvider)
	}
	return tokens.AccessToken, nil
}
