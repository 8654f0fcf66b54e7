package identity

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

const (
	leeway          = 30 * time.Second // how far an issuer's clock may be off
	longestLifetime = 24 * time.Hour   // from iat to exp
	maxSubjectBytes = 255              // OpenID Connect Core 2: sub
	lastNumericDate = 253402300799     // the end of year 9999, in seconds since 1970
)

var (
	errClaims      = errors.New("token's claims cannot be read, or are another issuer's or audience's")
	errAudience    = errors.New("token is for another audience")
	errSubject     = errors.New("token has no usable subject")
	errExpired     = errors.New("token has expired")
	errNotYetValid = errors.New("token is not valid yet")
	errLifetime    = errors.New("token lives longer than is allowed")
)

// accessClaims are the claims of an access token that mean anything to Accord
// (RFC 9068 2.2). Whatever else a token says, roles and groups included, is
// not read.
type accessClaims struct {
	issuer    string
	audience  []string
	subject   string
	issuedAt  time.Time
	notBefore time.Time // zero when absent
	expires   time.Time
}

// readClaims reads the claims of a token whose signature is good. Names match
// by their exact case: decoding into a struct would let a claim "SUB" stand in
// for "sub".
func readClaims(token *oidc.IDToken) (accessClaims, error) {
	var all map[string]json.RawMessage
	if err := token.Claims(&all); err != nil {
		return accessClaims{}, errClaims
	}
	var claims accessClaims
	var single string
	if json.Unmarshal(all["aud"], &single) == nil {
		claims.audience = []string{single}
	} else if json.Unmarshal(all["aud"], &claims.audience) != nil {
		return accessClaims{}, errAudience
	}
	if json.Unmarshal(all["iss"], &claims.issuer) != nil {
		return accessClaims{}, errClaims
	}
	if json.Unmarshal(all["sub"], &claims.subject) != nil {
		return accessClaims{}, errSubject
	}
	var err error
	if claims.issuedAt, err = numericDate(all["iat"]); err != nil {
		return accessClaims{}, fmt.Errorf("iat: %w", err)
	}
	if claims.expires, err = numericDate(all["exp"]); err != nil {
		return accessClaims{}, fmt.Errorf("exp: %w", err)
	}
	if raw, ok := all["nbf"]; ok {
		if claims.notBefore, err = numericDate(raw); err != nil {
			return accessClaims{}, fmt.Errorf("nbf: %w", err)
		}
	}
	return claims, nil
}

// numericDate reads a time of RFC 7519 2, which may have a fraction; it is
// dropped.
func numericDate(raw json.RawMessage) (time.Time, error) {
	var seconds *float64
	if err := json.Unmarshal(raw, &seconds); err != nil || seconds == nil {
		return time.Time{}, errors.New("missing, or not a number")
	}
	if *seconds < 1 || *seconds > lastNumericDate {
		return time.Time{}, errors.New("not a time")
	}
	return time.Unix(int64(*seconds), 0).UTC(), nil
}

// check applies RFC 9068 4 and Accord's own limits.
func (c accessClaims) check(issuer, audience string, now time.Time) error {
	switch {
	case c.issuer != issuer:
		return errClaims
	case len(c.audience) != 1 || c.audience[0] != audience:
		return errAudience
	case c.subject == "" || len(c.subject) > maxSubjectBytes:
		return errSubject
	case !now.Before(c.expires.Add(leeway)):
		return errExpired
	case c.issuedAt.After(now.Add(leeway)), c.notBefore.After(now.Add(leeway)):
		return errNotYetValid
	case c.expires.Sub(c.issuedAt) > longestLifetime:
		return errLifetime
	}
	return nil
}
