// Package identity says in whose name a request is made. It verifies bearer
// tokens of the agencies' own sign-in providers and asks Accord's directory
// which capacity the verified person has: a token says who, never what for.
package identity

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"accord/domain/fault"
)

const (
	// maxTokenBytes is the longest token looked at.
	maxTokenBytes = 8 << 10

	// defaultCachedTokens is how many verified tokens are held when
	// VerifierConfig does not say; about 200 bytes each.
	defaultCachedTokens = 20_000
)

// Why a token was not accepted, for the log. None holds a value of the token.
var (
	// ErrIssuerUnreachable is the cause when the token's issuer has no keys to
	// offer: an outage, not necessarily a bad token.
	ErrIssuerUnreachable = errors.New("issuer cannot be reached")

	errUnknownIssuer = errors.New("token is of an issuer that is not configured")
	errTokenType     = errors.New("token is not an access token")
	errSignature     = errors.New("token is not signed by its issuer with an allowed algorithm")
)

// VerifierConfig is what a Verifier is made from.
type VerifierConfig struct {
	// Issuers are the issuer URLs trusted, exactly as their tokens say iss; at
	// least one, each as ValidateIssuer requires.
	Issuers []string

	// Audience is the one aud an access token must have. A token for Accord and
	// somebody else too is refused: that somebody could use it here.
	Audience string

	Clock        func() time.Time  // judges times, refreshes and back-off
	Transport    http.RoundTripper // reaches the issuers; http.DefaultTransport when nil
	CachedTokens int               // verified tokens held at most; 20,000 when 0
}

// Principal is who a verified token was issued to.
type Principal struct {
	Issuer  string // issuer URL, one of those configured
	Subject string // sub; means a person only together with Issuer
	Expires time.Time
}

// Verifier verifies the access tokens of the configured issuers. It is safe for
// concurrent use. Making one reaches nobody: an issuer is asked for its keys
// when the first of its tokens comes.
type Verifier struct {
	issuers  map[string]*issuer
	audience string
	clock    func() time.Time
	verified *verifiedTokens
	config   *oidc.Config
}

// NewVerifier checks the configuration and names every fault in it.
func NewVerifier(config VerifierConfig) (*Verifier, error) {
	var faults []error
	if len(config.Issuers) == 0 {
		faults = append(faults, errors.New("there is no issuer"))
	}
	if config.Audience == "" {
		faults = append(faults, errors.New("there is no audience"))
	}
	if config.Clock == nil {
		faults = append(faults, errors.New("there is no clock"))
	}
	if config.CachedTokens < 0 {
		faults = append(faults, errors.New("the number of cached tokens is negative"))
	}
	if config.CachedTokens == 0 {
		config.CachedTokens = defaultCachedTokens
	}
	client := newIssuerClient(config.Transport)
	issuers := make(map[string]*issuer, len(config.Issuers))
	for _, url := range config.Issuers {
		if err := ValidateIssuer(url); err != nil {
			faults = append(faults, err)
		}
		if issuers[url] != nil {
			faults = append(faults, fmt.Errorf("issuer %s stands twice", url))
		}
		issuers[url] = &issuer{url: url, client: client, clock: config.Clock}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("sign-in configuration: %w", err)
	}
	return &Verifier{
		issuers:  issuers,
		audience: config.Audience,
		clock:    config.Clock,
		verified: newVerifiedTokens(config.CachedTokens),
		config: &oidc.Config{
			ClientID:             config.Audience,
			SupportedSigningAlgs: []string{oidc.ES256, oidc.RS256},
			Now:                  func() time.Time { return config.Clock().Add(-leeway) },
		},
	}, nil
}

// Verify returns who the token was issued to. Every failure is the same
// fault.SignIn; its cause tells an unreachable issuer (ErrIssuerUnreachable)
// from a bad token and names the issuer if it is a configured one.
func (v *Verifier) Verify(ctx context.Context, token string) (Principal, error) {
	principal, err := v.verify(ctx, token)
	if err != nil {
		return Principal{}, fault.SignIn(err)
	}
	return principal, nil
}

func (v *Verifier) verify(ctx context.Context, token string) (Principal, error) {
	if len(token) > maxTokenBytes {
		return Principal{}, errMalformed
	}
	digest := sha256.Sum256([]byte(token))
	if held, ok := v.verified.find(digest); ok {
		principal, ok, err := v.stillGood(ctx, held)
		if ok || err != nil {
			return principal, err
		}
	}

	said, err := readUnverified(token)
	if err != nil {
		return Principal{}, err
	}
	issuer, ok := v.issuers[said.issuer]
	if !ok {
		return Principal{}, errUnknownIssuer
	}
	if !said.isAccessToken() {
		return Principal{}, issuer.because(errTokenType)
	}
	principal, keys, err := v.check(ctx, issuer, token)
	if err != nil {
		return Principal{}, issuer.because(err)
	}
	v.verified.add(digest, verifiedToken{principal: principal, keys: keys.digest})
	return principal, nil
}

// stillGood reports whether a token verified before needs no second look: it
// has not expired and its issuer still publishes the very keys it was verified
// with, so that withdrawing a key ends the tokens signed with it.
func (v *Verifier) stillGood(ctx context.Context, held verifiedToken) (Principal, bool, error) {
	if !v.clock().Before(held.principal.Expires) {
		return Principal{}, false, nil
	}
	issuer := v.issuers[held.principal.Issuer]
	keys, err := issuer.current(ctx)
	if err != nil {
		return Principal{}, false, issuer.because(err)
	}
	if keys.digest != held.keys {
		return Principal{}, false, nil
	}
	return held.principal, true, nil
}

// check verifies signature and claims, and returns the keys it was done with.
func (v *Verifier) check(ctx context.Context, from *issuer, token string) (Principal, *keySet, error) {
	// Asked first, so that an outage is told from a bad signature.
	keys, err := from.current(ctx)
	if err != nil {
		return Principal{}, nil, err
	}
	signature := &signatureCheck{issuer: from, keys: keys}
	checked, err := oidc.NewVerifier(from.url, signature, v.config).Verify(ctx, token)
	if err != nil && !signature.good {
		return Principal{}, nil, errSignature
	}
	if err != nil {
		// The library's own words repeat claims, so they go nowhere.
		return Principal{}, nil, errClaims
	}
	claims, err := readClaims(checked)
	if err != nil {
		return Principal{}, nil, err
	}
	if err := claims.check(from.url, v.audience, v.clock()); err != nil {
		return Principal{}, nil, err
	}
	return Principal{Issuer: from.url, Subject: claims.subject, Expires: claims.expires}, signature.keys, nil
}
