package identity

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
)

const (
	maxKeys       = 32   // each is tried on a token, so there must not be many
	minRSABits    = 2048 // NIST SP 800-131A
	maxRSABits    = 8192 // verification grows with the square of it
	maxAnswerSize = 256 << 10
)

// keySet is what an issuer published at one moment. It never changes.
type keySet struct {
	public oidc.StaticKeySet
	digest [sha256.Size]byte // of the keys, whatever their order
	loaded time.Time         // when the load began
}

// fetchKeys discovers the issuer and reads its keys. The library's own remote
// key set is not used: it asks for the keys at every bad signature and trusts a
// withdrawn key until then.
func fetchKeys(ctx context.Context, client *http.Client, issuerURL string) (*keySet, error) {
	provider, err := oidc.NewProvider(oidc.ClientContext(ctx, client), issuerURL)
	if err != nil {
		return nil, transportError(err, "discovery document")
	}
	var metadata struct {
		KeysURL string `json:"jwks_uri"`
	}
	if err = provider.Claims(&metadata); err != nil {
		return nil, errors.New("discovery document cannot be read")
	}
	if err = checkTransport(metadata.KeysURL, issuerURL); err != nil {
		return nil, fmt.Errorf("jwks_uri: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, metadata.KeysURL, http.NoBody)
	if err != nil {
		return nil, errors.New("jwks_uri is not a URL")
	}
	request.Header.Set("Accept", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return nil, transportError(err, "keys")
	}
	defer func() { _ = response.Body.Close() }() // read to the end or given up
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("keys: status %d", response.StatusCode)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, transportError(err, "keys")
	}
	return readKeys(body)
}

// transportError keeps what a connection failed of and drops what a server
// answered: that may hold anything.
func transportError(err error, what string) error {
	if failed, ok := errors.AsType[*url.Error](err); ok {
		return failed
	}
	return fmt.Errorf("%s: not the answer of an issuer", what)
}

// readKeys reads a JWK set (RFC 7517 5). Keys Accord has no use for are left
// out; a set without one it has a use for is an error.
func readKeys(body []byte) (*keySet, error) {
	var document struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(body, &document); err != nil {
		return nil, errors.New("keys: not a JWK set")
	}
	if len(document.Keys) > maxKeys {
		return nil, fmt.Errorf("keys: more than %d", maxKeys)
	}
	var keys keySet
	var thumbprints [][]byte
	for _, raw := range document.Keys {
		var key jose.JSONWebKey
		if key.UnmarshalJSON(raw) != nil || !useful(key) {
			continue
		}
		thumbprint, err := key.Thumbprint(crypto.SHA256)
		if err != nil {
			continue
		}
		keys.public.PublicKeys = append(keys.public.PublicKeys, key.Key)
		thumbprints = append(thumbprints, thumbprint)
	}
	if len(thumbprints) == 0 {
		return nil, errors.New("keys: none for ES256 or RS256")
	}
	slices.SortFunc(thumbprints, bytes.Compare)
	keys.digest = sha256.Sum256(bytes.Join(thumbprints, nil))
	return &keys, nil
}

// useful reports whether a key is for verifying ES256 or RS256 signatures.
func useful(key jose.JSONWebKey) bool {
	if key.Use != "" && key.Use != "sig" {
		return false
	}
	var algorithm jose.SignatureAlgorithm
	switch public := key.Key.(type) {
	case *ecdsa.PublicKey:
		if public.Curve != elliptic.P256() {
			return false
		}
		algorithm = jose.ES256
	case *rsa.PublicKey:
		if bits := public.N.BitLen(); bits < minRSABits || bits > maxRSABits {
			return false
		}
		algorithm = jose.RS256
	default:
		return false
	}
	return key.Algorithm == "" || key.Algorithm == string(algorithm)
}

// newIssuerClient makes the HTTP client issuers are asked through: bounded in
// time and size, and going only where it was told to go.
func newIssuerClient(transport http.RoundTripper) *http.Client {
	if transport == nil {
		transport = http.DefaultTransport
	}
	return &http.Client{
		Transport:     boundedAnswers{transport},
		Timeout:       loadTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// boundedAnswers fails an answer longer than maxAnswerSize.
type boundedAnswers struct{ next http.RoundTripper }

func (b boundedAnswers) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := b.next.RoundTrip(request)
	if err != nil {
		return nil, err //nolint:wrapcheck // a round tripper adds nothing to its transport's error
	}
	response.Body = http.MaxBytesReader(nil, response.Body, maxAnswerSize)
	return response, nil
}
