package devidp

import (
	"context"
	"errors"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// storage is what the op library asks for. Only the code flow of one public
// client is served, so everything that belongs to refresh tokens, client
// secrets, introspection or sessions is refused.
type storage struct {
	*requestStore

	key      *signingKey
	loginURL string
}

var errNotServed = errors.New("this provider serves the authorization code flow only")

func (s *storage) GetClientByClientID(_ context.Context, id string) (op.Client, error) {
	if id != ClientID {
		return nil, oidc.ErrInvalidClient()
	}
	return client{loginURL: s.loginURL}, nil
}

func (s *storage) SigningKey(context.Context) (op.SigningKey, error) { return libraryKey{s.key}, nil }

func (s *storage) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	return []jose.SignatureAlgorithm{s.key.algorithm}, nil
}

func (s *storage) KeySet(context.Context) ([]op.Key, error) {
	return []op.Key{libraryPublicKey{s.key}}, nil
}

func (s *storage) Health(context.Context) error { return nil }

func (s *storage) CreateAccessToken(context.Context, op.TokenRequest) (string, time.Time, error) {
	return "", time.Time{}, errNotServed
}

func (s *storage) CreateAccessAndRefreshTokens(context.Context, op.TokenRequest, string) (accessID, refresh string, expires time.Time, err error) {
	return "", "", time.Time{}, errNotServed
}

func (s *storage) TokenRequestByRefreshToken(context.Context, string) (op.RefreshTokenRequest, error) {
	return nil, errNotServed
}

func (s *storage) TerminateSession(context.Context, string, string) error { return errNotServed }

func (s *storage) RevokeToken(context.Context, string, string, string) *oidc.Error {
	return oidc.ErrInvalidRequest().WithParent(errNotServed)
}

func (s *storage) GetRefreshTokenInfo(context.Context, string, string) (subject, tokenID string, err error) {
	return "", "", op.ErrInvalidRefreshToken
}

func (s *storage) AuthorizeClientIDSecret(context.Context, string, string) error {
	return errNotServed
}

func (s *storage) SetUserinfoFromScopes(context.Context, *oidc.UserInfo, string, string, []string) error {
	return errNotServed
}

func (s *storage) SetUserinfoFromToken(context.Context, *oidc.UserInfo, string, string, string) error {
	return errNotServed
}

func (s *storage) SetIntrospectionFromToken(context.Context, *oidc.IntrospectionResponse, string, string, string) error {
	return errNotServed
}

func (s *storage) GetPrivateClaimsFromScopes(context.Context, string, string, []string) (map[string]any, error) {
	return nil, errNotServed
}

func (s *storage) GetKeyByIDAndClientID(context.Context, string, string) (*jose.JSONWebKey, error) {
	return nil, errNotServed
}

func (s *storage) ValidateJWTProfileScopes(context.Context, string, []string) ([]string, error) {
	return nil, errNotServed
}

// client is the one public client, ClientID.
type client struct{ loginURL string }

func (c client) GetID() string                       { return ClientID }
func (c client) RedirectURIs() []string              { return []string{"http://127.0.0.1/callback"} }
func (c client) PostLogoutRedirectURIs() []string    { return nil }
func (c client) ApplicationType() op.ApplicationType { return op.ApplicationTypeNative }
func (c client) AuthMethod() oidc.AuthMethod         { return oidc.AuthMethodNone }
func (c client) ResponseTypes() []oidc.ResponseType {
	return []oidc.ResponseType{oidc.ResponseTypeCode}
}

func (c client) GrantTypes() []oidc.GrantType         { return []oidc.GrantType{oidc.GrantTypeCode} }
func (c client) LoginURL(id string) string            { return c.loginURL + "?request=" + id }
func (c client) AccessTokenType() op.AccessTokenType  { return op.AccessTokenTypeJWT }
func (c client) IDTokenLifetime() time.Duration       { return tokenLifetime }
func (c client) DevMode() bool                        { return false }
func (c client) IsScopeAllowed(string) bool           { return false }
func (c client) IDTokenUserinfoClaimsAssertion() bool { return false }
func (c client) ClockSkew() time.Duration             { return 0 }

func (c client) RestrictAdditionalIdTokenScopes() func([]string) []string { return noScopes } //nolint:revive // op.Client spells it so

func (c client) RestrictAdditionalAccessTokenScopes() func([]string) []string { return noScopes }

func noScopes([]string) []string { return nil }

// libraryKey and libraryPublicKey show the signing key to the library.
type libraryKey struct{ key *signingKey }

func (k libraryKey) SignatureAlgorithm() jose.SignatureAlgorithm { return k.key.algorithm }
func (k libraryKey) Key() any                                    { return k.key.private }
func (k libraryKey) ID() string                                  { return k.key.id }

type libraryPublicKey struct{ key *signingKey }

func (k libraryPublicKey) ID() string                         { return k.key.id }
func (k libraryPublicKey) Algorithm() jose.SignatureAlgorithm { return k.key.algorithm }
func (k libraryPublicKey) Use() string                        { return "sig" }
func (k libraryPublicKey) Key() any                           { return k.key.private.Public() }
