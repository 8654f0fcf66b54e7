package secrets

import (
	"io"
	"strings"
)

// alphabet leaves out i, l, o and u, which are misread or make words. It is
// Crockford's, in lower case for identifiers and in upper case for references.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

const (
	identifierBytes = 16 // 128 bits
	bodySymbols     = 26 // of 5 bits, for 128 bits
	maxPrefix       = 24
	referencePrefix = "ACC"
	referenceGroup  = 4 // symbols in each of the two groups: 40 bits together
)

// Identifiers makes identifiers and references. Safe for concurrent use.
type Identifiers struct{ entropy *entropy }

// NewIdentifiers makes identifiers from source; production passes
// crypto/rand.Reader.
func NewIdentifiers(source io.Reader) *Identifiers {
	return &Identifiers{entropy: newEntropy(source)}
}

// Identifiers makes identifiers from the entropy of the keyring.
func (k *Keyring) Identifiers() *Identifiers { return &Identifiers{entropy: k.entropy} }

// New returns prefix, "_" and 128 random bits, such as
// "case_4f0q9x2m7c1tz8r5v3k6hwnp0d". The prefix is lower-case letters.
//
// It panics when the machine has no entropy: there is no identifier that would be
// safe to go on with.
func (i *Identifiers) New(prefix string) string {
	body := make([]byte, identifierBytes)
	if err := i.entropy.fill(body); err != nil {
		panic(err)
	}
	return prefix + "_" + encodeBody(body)
}

// Reference returns a random case reference that people can read out, such as
// "ACC-7K3M-92QF": 40 bits, so among a million cases about one new reference in a
// million is taken already, and the unique index of references has the last word.
// It panics when the machine has no entropy.
func (i *Identifiers) Reference() string {
	random := make([]byte, 2*referenceGroup)
	if err := i.entropy.fill(random); err != nil {
		panic(err)
	}
	text := make([]byte, 0, len(referencePrefix)+2*(1+referenceGroup))
	text = append(text, referencePrefix...)
	for n, b := range random {
		if n%referenceGroup == 0 {
			text = append(text, '-')
		}
		text = append(text, alphabet[b&31])
	}
	return strings.ToUpper(string(text))
}

// IsIdentifier reports whether text has the form of an identifier or a blind
// token: what has not can be answered as not found without a look.
func IsIdentifier(text string) bool {
	prefix, body, found := strings.Cut(text, "_")
	if !found || prefix == "" || len(prefix) > maxPrefix || len(body) != bodySymbols {
		return false
	}
	for i := range len(prefix) {
		if prefix[i] < 'a' || prefix[i] > 'z' {
			return false
		}
	}
	for i := range len(body) {
		if !inAlphabet[body[i]] {
			return false
		}
	}
	// 26 symbols hold 130 bits; the two that are no part of the 128 are zero, so
	// that an identifier has one text only.
	return strings.IndexByte(alphabet, body[bodySymbols-1])&3 == 0
}

var inAlphabet = func() (in [256]bool) {
	for i := range len(alphabet) {
		in[alphabet[i]] = true
	}
	return in
}()

// encodeBody writes 16 bytes as 26 symbols.
func encodeBody(b []byte) string {
	text := make([]byte, 0, bodySymbols)
	var held uint
	var bits int
	for _, next := range b {
		held = held<<8 | uint(next)
		for bits += 8; bits >= 5; bits -= 5 {
			text = append(text, alphabet[held>>(bits-5)&31])
		}
		held &= 1<<bits - 1
	}
	if bits > 0 {
		text = append(text, alphabet[held<<(5-bits)&31])
	}
	return string(text)
}
