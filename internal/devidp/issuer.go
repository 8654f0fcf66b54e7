package devidp

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/go-jose/go-jose/v4"
	httphelper "github.com/zitadel/oidc/v3/pkg/http"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// issuer is the sign-in of one agency. Requests are read and checked by the op
// library; what it does not do (the log-in page, access tokens of their own
// type) stands here.
type issuer struct {
	url      string
	audience string
	clock    func() time.Time
	key      *signingKey
	users    []User
	password [sha256.Size]byte

	requests *requestStore
	op       *op.Provider
}

func newIssuer(p *Provider, agency Agency, password string) (*issuer, error) {
	key, err := newSigningKey(agency.RS256)
	if err != nil {
		return nil, err
	}
	i := &issuer{
		url:      p.Issuer(agency.Name),
		audience: p.audience,
		clock:    p.clock,
		key:      key,
		users:    agency.Users,
		password: sha256.Sum256([]byte(password)),
		requests: newRequestStore(p.clock),
	}
	config := &op.Config{CodeMethodS256: true}
	if _, err = rand.Read(config.CryptoKey[:]); err != nil {
		return nil, fmt.Errorf("generate code key: %w", err)
	}
	storage := &storage{requestStore: i.requests, key: key, loginURL: i.url + "/login"}
	// checkBase has already refused every plain http address but loopback.
	i.op, err = op.NewProvider(config, storage, op.StaticIssuer(i.url), op.WithAllowInsecure())
	if err != nil {
		return nil, fmt.Errorf("make provider: %w", err)
	}
	return i, nil
}

// mount serves the four end points of the code flow and the log-in page. The
// library's router would also serve end points this provider has no use for.
func (i *issuer) mount(mux *http.ServeMux, path string) {
	mux.HandleFunc("GET "+path+oidc.DiscoveryEndpoint, i.discovery)
	mux.HandleFunc("GET "+path+"/keys", i.keys)
	mux.HandleFunc("GET "+path+"/authorize", i.authorize)
	mux.HandleFunc("GET "+path+"/login", i.showLogin)
	mux.HandleFunc("POST "+path+"/login", i.login)
	mux.HandleFunc("POST "+path+"/oauth/token", i.token)
}

func (i *issuer) discovery(w http.ResponseWriter, _ *http.Request) {
	op.Discover(w, &oidc.DiscoveryConfiguration{
		Issuer:                            i.url,
		AuthorizationEndpoint:             i.url + "/authorize",
		TokenEndpoint:                     i.url + "/oauth/token",
		JwksURI:                           i.url + "/keys",
		ScopesSupported:                   []string{oidc.ScopeOpenID, oidc.ScopeProfile},
		ResponseTypesSupported:            []string{string(oidc.ResponseTypeCode)},
		ResponseModesSupported:            []string{string(oidc.ResponseModeQuery)},
		GrantTypesSupported:               []oidc.GrantType{oidc.GrantTypeCode},
		SubjectTypesSupported:             []string{"public"},
		IDTokenSigningAlgValuesSupported:  []string{string(i.key.algorithm)},
		TokenEndpointAuthMethodsSupported: []oidc.AuthMethod{oidc.AuthMethodNone},
		CodeChallengeMethodsSupported:     []oidc.CodeChallengeMethod{oidc.CodeChallengeMethodS256},
		ClaimsSupported:                   []string{"iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "amr", "azp", "at_hash", "name"},
	})
}

func (i *issuer) keys(w http.ResponseWriter, _ *http.Request) {
	httphelper.MarshalJSON(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{i.key.public()}})
}

func (i *issuer) authorize(w http.ResponseWriter, r *http.Request) {
	op.Authorize(w, r.WithContext(op.ContextWithIssuer(r.Context(), i.url)), i.op)
}

// token exchanges a code, once, for an access token and an ID token.
func (i *issuer) token(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	answer, err := i.exchange(r)
	if err != nil {
		var refusal *oidc.Error
		if !errors.As(err, &refusal) {
			refusal = oidc.ErrServerError()
		}
		httphelper.MarshalJSONWithStatus(w, refusal, http.StatusBadRequest)
		return
	}
	httphelper.MarshalJSON(w, answer)
}

func (i *issuer) exchange(r *http.Request) (*oidc.AccessTokenResponse, error) {
	if err := r.ParseForm(); err != nil {
		return nil, oidc.ErrInvalidRequest().WithParent(err)
	}
	if r.PostForm.Get("grant_type") != string(oidc.GrantTypeCode) {
		return nil, oidc.ErrUnsupportedGrantType()
	}
	exchange, err := op.ParseAccessTokenRequest(r, i.op.Decoder())
	if err != nil {
		return nil, fmt.Errorf("read token request: %w", err)
	}
	checked, _, err := op.ValidateAccessTokenRequest(r.Context(), exchange, i.op)
	if err != nil {
		return nil, fmt.Errorf("check token request: %w", err)
	}
	// Between the look-up and here another exchange of the same code may have
	// won; only one may leave with tokens.
	request, ok := i.requests.redeem(checked.GetID())
	if !ok {
		return nil, oidc.ErrInvalidGrant()
	}
	accessToken, err := i.accessToken(request.user.subject())
	if err != nil {
		return nil, err
	}
	idToken, err := i.idToken(request, accessToken)
	if err != nil {
		return nil, err
	}
	return &oidc.AccessTokenResponse{
		AccessToken: accessToken,
		IDToken:     idToken,
		TokenType:   oidc.BearerToken,
		ExpiresIn:   uint64(tokenLifetime.Seconds()),
		Scope:       request.GetScopes(),
	}, nil
}

// userFor returns the user with this login if the password is right. The work
// is the same for a login nobody has.
func (i *issuer) userFor(login, password string) (User, bool) {
	offered := sha256.Sum256([]byte(password))
	right := subtle.ConstantTimeCompare(offered[:], i.password[:])
	var found User
	known := 0
	for _, user := range i.users {
		same := subtle.ConstantTimeCompare([]byte(user.Login), []byte(login))
		if same == 1 {
			found = user
		}
		known |= same
	}
	return found, right&known == 1
}
