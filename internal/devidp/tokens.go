package devidp

import (
	"crypto/rand"
	"fmt"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
)

// tokenLifetime is how long an access token and an ID token hold.
const tokenLifetime = time.Hour

// accessTokenType is the typ of a JWT access token (RFC 9068 2.1). The library's
// own token creation knows only "JWT", by which nobody could tell an access
// token from an ID token; so the token end point signs here.
const accessTokenType = "at+jwt"

// accessClaims are the claims of an access token (RFC 9068 2.2). They say who
// signed in and nothing of roles: those are the directory's to say.
func (i *issuer) accessClaims(subject string) map[string]any {
	now := i.clock()
	return map[string]any{
		"iss":       i.url,
		"sub":       subject,
		"aud":       i.audience,
		"client_id": ClientID,
		"iat":       now.Unix(),
		"exp":       now.Add(tokenLifetime).Unix(),
		"jti":       rand.Text(),
	}
}

// accessToken signs an access token for the subject.
func (i *issuer) accessToken(subject string) (string, error) {
	token, err := i.key.sign(i.key.header(accessTokenType), i.accessClaims(subject))
	if err != nil {
		return "", fmt.Errorf("access token: %w", err)
	}
	return token, nil
}

// idToken signs the ID token that goes with an access token
// (OpenID Connect Core 3.1.3.6).
func (i *issuer) idToken(request *signInRequest, accessToken string) (string, error) {
	accessHash, err := oidc.ClaimHash(accessToken, i.key.algorithm)
	if err != nil {
		return "", fmt.Errorf("hash access token: %w", err)
	}
	now := i.clock()
	claims := map[string]any{
		"iss":       i.url,
		"sub":       request.user.subject(),
		"aud":       request.GetClientID(),
		"azp":       request.GetClientID(),
		"iat":       now.Unix(),
		"exp":       now.Add(tokenLifetime).Unix(),
		"auth_time": request.signedInAt.Unix(),
		"amr":       request.GetAMR(),
		"at_hash":   accessHash,
	}
	if nonce := request.GetNonce(); nonce != "" {
		claims["nonce"] = nonce
	}
	if request.user.Name != "" {
		claims["name"] = request.user.Name
	}
	token, err := i.key.sign(i.key.header("JWT"), claims)
	if err != nil {
		return "", fmt.Errorf("ID token: %w", err)
	}
	return token, nil
}
