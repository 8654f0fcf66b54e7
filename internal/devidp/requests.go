package devidp

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

const (
	loginWithin  = 10 * time.Minute // from the authorization request to the log-in
	redeemWithin = time.Minute      // from the log-in to the exchange of its code (RFC 6749 4.1.2)
	maxRequests  = 10_000           // sign-ins under way at once, per agency
)

var errNoRequest = errors.New("no such sign-in under way")

// signInRequest is one sign-in under way, from the authorization request to the
// exchange of its code. It is never changed in place: a log-in replaces it.
type signInRequest struct {
	oidc.AuthRequest

	id         string
	code       string // empty until the log-in
	expires    time.Time
	user       User // the zero value until the log-in
	signedInAt time.Time
}

func (r *signInRequest) GetID() string          { return r.id }
func (r *signInRequest) GetACR() string         { return "" }
func (r *signInRequest) GetAMR() []string       { return []string{"pwd"} }
func (r *signInRequest) GetAudience() []string  { return []string{r.ClientID} }
func (r *signInRequest) GetAuthTime() time.Time { return r.signedInAt }
func (r *signInRequest) GetClientID() string    { return r.ClientID }
func (r *signInRequest) GetNonce() string       { return r.Nonce }
func (r *signInRequest) GetScopes() []string    { return r.Scopes }
func (r *signInRequest) GetSubject() string     { return r.user.subject() }
func (r *signInRequest) Done() bool             { return !r.signedInAt.IsZero() }

func (r *signInRequest) GetResponseMode() oidc.ResponseMode { return oidc.ResponseModeQuery }

func (r *signInRequest) GetCodeChallenge() *oidc.CodeChallenge {
	return &oidc.CodeChallenge{Challenge: r.CodeChallenge, Method: r.CodeChallengeMethod}
}

// requestStore holds the sign-ins under way at one agency.
type requestStore struct {
	clock func() time.Time

	mu   sync.Mutex
	byID map[string]*signInRequest
}

func newRequestStore(clock func() time.Time) *requestStore {
	return &requestStore{clock: clock, byID: make(map[string]*signInRequest)}
}

// CreateAuthRequest begins a sign-in. It holds what the library leaves open:
// PKCE with S256, and a redirect to 127.0.0.1 with the path /callback.
func (s *requestStore) CreateAuthRequest(_ context.Context, asked *oidc.AuthRequest, _ string) (op.AuthRequest, error) {
	if !loopbackCallback(asked.RedirectURI) {
		return nil, oidc.ErrInvalidRequestRedirectURI().WithDescription("redirect_uri must be http://127.0.0.1 with any port and the path /callback")
	}
	if asked.CodeChallenge == "" || asked.CodeChallengeMethod != oidc.CodeChallengeMethodS256 {
		return nil, oidc.ErrInvalidRequest().WithDescription("PKCE with code_challenge_method S256 is required")
	}
	if !slices.Contains(asked.Scopes, oidc.ScopeOpenID) {
		return nil, oidc.ErrInvalidScope().WithDescription("the scope openid is required")
	}
	if slices.Contains(asked.Prompt, oidc.PromptNone) {
		return nil, oidc.ErrLoginRequired() // no session outlives a sign-in
	}
	now := s.clock()
	request := &signInRequest{AuthRequest: *asked, id: rand.Text(), expires: now.Add(loginWithin)}

	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.byID) >= maxRequests {
		for id, held := range s.byID {
			if !now.Before(held.expires) {
				delete(s.byID, id)
			}
		}
	}
	if len(s.byID) >= maxRequests {
		return nil, oidc.ErrServerError().WithDescription("too many sign-ins under way")
	}
	s.byID[request.id] = request
	return request, nil
}

func loopbackCallback(uri string) bool {
	u, err := url.Parse(uri)
	return err == nil && u.Scheme == "http" && net.ParseIP(u.Hostname()).Equal(net.IPv4(127, 0, 0, 1)) &&
		u.Path == "/callback" && u.RawQuery == "" && u.Fragment == "" && u.User == nil
}

// find returns the sign-in under way with this id.
func (s *requestStore) find(id string) (*signInRequest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	request, ok := s.byID[id]
	if !ok || !s.clock().Before(request.expires) {
		return nil, errNoRequest
	}
	return request, nil
}

// complete records who logged in, once: a second log-in to the same request
// finds nothing.
func (s *requestStore) complete(id string, user User) (*signInRequest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	request, ok := s.byID[id]
	now := s.clock()
	if !ok || request.Done() || !now.Before(request.expires) {
		return nil, errNoRequest
	}
	done := *request
	done.user, done.signedInAt, done.expires = user, now, now.Add(redeemWithin)
	s.byID[id] = &done
	return &done, nil
}

// redeem takes a sign-in out, so that its code is good for one exchange.
func (s *requestStore) redeem(id string) (*signInRequest, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	request, ok := s.byID[id]
	delete(s.byID, id)
	return request, ok && request.Done()
}

// AuthRequestByID returns a sign-in under way.
func (s *requestStore) AuthRequestByID(_ context.Context, id string) (op.AuthRequest, error) {
	return s.find(id)
}

// AuthRequestByCode returns the sign-in a code was given for.
func (s *requestStore) AuthRequestByCode(_ context.Context, code string) (op.AuthRequest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock()
	for _, request := range s.byID {
		if code != "" && request.code == code && now.Before(request.expires) {
			return request, nil
		}
	}
	return nil, errNoRequest
}

// SaveAuthCode notes the code a completed sign-in was given.
func (s *requestStore) SaveAuthCode(_ context.Context, id, code string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	request, ok := s.byID[id]
	if !ok || !request.Done() {
		return errNoRequest
	}
	coded := *request
	coded.code = code
	s.byID[id] = &coded
	return nil
}

// DeleteAuthRequest forgets a sign-in.
func (s *requestStore) DeleteAuthRequest(_ context.Context, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.byID, id)
	return nil
}
