package identity

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
)

var errMalformed = errors.New("token is malformed")

// unverified is what a token says before anything about it is proved. It
// chooses whose keys to try, and nothing else.
type unverified struct {
	issuer    string // iss; never empty
	tokenType string // typ of the header; may be empty
}

// isAccessToken reports whether the header says JWT access token (RFC 9068 2.1).
// The signature covers the header, so the word is proved later. By this an ID
// token, whose typ is "JWT" or nothing, is told from an access token.
func (u unverified) isAccessToken() bool {
	return strings.EqualFold(u.tokenType, "at+jwt") || strings.EqualFold(u.tokenType, "application/at+jwt")
}

// readUnverified reads a compact JWS (RFC 7515 7.1).
func readUnverified(token string) (unverified, error) {
	head, rest, _ := strings.Cut(token, ".")
	body, signature, found := strings.Cut(rest, ".")
	if !found || !isBase64URL(head) || !isBase64URL(body) || !isBase64URL(signature) {
		return unverified{}, errMalformed
	}
	var read unverified
	header, err := readObject(head)
	if err != nil {
		return unverified{}, err
	}
	if typ, ok := header["typ"]; ok && json.Unmarshal(typ, &read.tokenType) != nil {
		return unverified{}, errMalformed
	}
	claims, err := readObject(body)
	if err != nil {
		return unverified{}, err
	}
	if json.Unmarshal(claims["iss"], &read.issuer) != nil || read.issuer == "" {
		return unverified{}, errMalformed
	}
	return read, nil
}

func readObject(part string) (map[string]json.RawMessage, error) {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return nil, errMalformed
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(raw, &object); err != nil {
		return nil, errMalformed
	}
	return object, nil
}

// isBase64URL refuses what the decoder would skip, line ends among it.
func isBase64URL(part string) bool {
	for _, c := range []byte(part) {
		switch {
		case 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '-', c == '_':
		default:
			return false
		}
	}
	return true
}
