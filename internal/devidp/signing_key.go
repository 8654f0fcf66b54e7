package devidp

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"

	"github.com/go-jose/go-jose/v4"
)

// signingKey is an agency's one key, made at start and gone at the end.
type signingKey struct {
	id        string // RFC 7638 thumbprint
	algorithm jose.SignatureAlgorithm
	private   crypto.Signer
}

func newSigningKey(rs256 bool) (*signingKey, error) {
	key := &signingKey{algorithm: jose.ES256}
	var err error
	if rs256 {
		key.algorithm = jose.RS256
		key.private, err = rsa.GenerateKey(rand.Reader, 2048)
	} else {
		key.private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	if err != nil {
		return nil, fmt.Errorf("generate signing key: %w", err)
	}
	thumbprint, err := (&jose.JSONWebKey{Key: key.private.Public()}).Thumbprint(crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("name signing key: %w", err)
	}
	key.id = base64.RawURLEncoding.EncodeToString(thumbprint)
	return key, nil
}

// public is the key as the issuer publishes it.
func (k *signingKey) public() jose.JSONWebKey {
	return jose.JSONWebKey{Key: k.private.Public(), KeyID: k.id, Algorithm: string(k.algorithm), Use: "sig"}
}

// header is the JOSE header of a token of the given type.
func (k *signingKey) header(tokenType string) map[string]any {
	return map[string]any{"alg": string(k.algorithm), "kid": k.id, "typ": tokenType}
}

// sign signs under the algorithm the header names. Beside the key's own it
// knows the two that a verifier must never accept: "none", which signs nothing,
// and HS256, keyed with what everybody has, the public key.
func (k *signingKey) sign(header, claims map[string]any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("encode claims: %w", err)
	}
	var key any = k.private
	algorithm, _ := header["alg"].(string)
	switch jose.SignatureAlgorithm(algorithm) {
	case k.algorithm:
	case jose.HS256:
		if key, err = k.publicPEM(); err != nil {
			return "", err
		}
	case "none":
		return unsigned(header, payload)
	default:
		return "", fmt.Errorf("algorithm %q is not one this key can sign with", algorithm)
	}

	rest := maps.Clone(header)
	delete(rest, "alg")
	keyID, _ := rest["kid"].(string)
	delete(rest, "kid")
	options := &jose.SignerOptions{ExtraHeaders: make(map[jose.HeaderKey]any, len(rest))}
	for name, value := range rest {
		options.ExtraHeaders[jose.HeaderKey(name)] = value
	}
	signer, err := jose.NewSigner(jose.SigningKey{
		Algorithm: jose.SignatureAlgorithm(algorithm),
		Key:       jose.JSONWebKey{Key: key, KeyID: keyID},
	}, options)
	if err != nil {
		return "", fmt.Errorf("make signer: %w", err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		return "", fmt.Errorf("write token: %w", err)
	}
	return token, nil
}

func unsigned(header map[string]any, payload []byte) (string, error) {
	head, err := json.Marshal(header)
	if err != nil {
		return "", fmt.Errorf("encode header: %w", err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	return encode(head) + "." + encode(payload) + ".", nil
}

func (k *signingKey) publicPEM() ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(k.private.Public())
	if err != nil {
		return nil, fmt.Errorf("encode public key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), nil
}
