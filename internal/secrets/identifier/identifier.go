// Package identifier makes what records are called and referred to by, and knows it
// again: 128 random bits, or 40 that people can read out.
package identifier

import (
	"fmt"
	"io"
	"strings"
	"sync"
)

// alphabet leaves out i, l, o and u, which are misread or make words. It is
// Crockford's, in lower case for identifiers and in upper case for references.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// Bytes is how many bytes an identifier holds: 128 bits.
const Bytes = 16

const (
	bodySymbols     = 26 // of 5 bits, for 128 bits
	maxPrefix       = 24
	referencePrefix = "ACC"
	referenceGroup  = 4 // symbols in each of the two groups: 40 bits together
)

// Maker makes identifiers and references. Safe for concurrent use.
type Maker struct {
	mutex  sync.Mutex
	source io.Reader
}

// NewMaker makes identifiers from source, which need not be safe for concurrent use;
// production passes crypto/rand.Reader.
func NewMaker(source io.Reader) *Maker { return &Maker{source: source} }

// fill fills b whole or fails; there is no half random identifier.
func (m *Maker) fill(b []byte) error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if _, err := io.ReadFull(m.source, b); err != nil {
		return fmt.Errorf("read entropy: %w", err)
	}
	return nil
}

// New returns prefix, "_" and 128 random bits, such as
// "case_4f0q9x2m7c1tz8r5v3k6hwnp0d". The prefix is lower-case letters.
//
// It panics when the machine has no entropy: there is no identifier that would be
// safe to go on with.
func (m *Maker) New(prefix string) string {
	body := make([]byte, Bytes)
	if err := m.fill(body); err != nil {
		panic(err)
	}
	return prefix + "_" + Encode(body)
}

// Reference returns a random case reference that people can read out, such as
// "ACC-7K3M-92QF": 40 bits, so among a million cases about one new reference in a
// million is taken already, and the unique index of references has the last word.
// It panics when the machine has no entropy.
func (m *Maker) Reference() string {
	random := make([]byte, 2*referenceGroup)
	if err := m.fill(random); err != nil {
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

// Is reports whether text has the form of an identifier or a blind
// token: what has not can be answered as not found without a look.
func Is(text string) bool {
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

// Encode writes Bytes bytes as the 26 symbols of an identifier.
func Encode(b []byte) string {
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
