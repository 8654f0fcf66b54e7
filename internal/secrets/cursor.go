package secrets

import (
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/tink-crypto/tink-go/v2/daead/subtle"

	"accord/domain/fault"
)

const cursorKeySize = subtle.AESSIVKeySize

// maxCursor bounds the text of a cursor that is looked at, in bytes.
const maxCursor = 2048

// Cursors turns a place in a list into a text that says nothing and is good for
// nobody else. AES-SIV needs no nonce, so equal places are equal texts and two
// equal views are equal bytes. Safe for concurrent use.
type Cursors struct{ siv *subtle.AESSIV }

// Cursors returns the codec under the keyring's cursor key.
func (k *Keyring) Cursors() (*Cursors, error) {
	siv, err := subtle.NewAESSIV(k.purposes[purposeCursor])
	if err != nil {
		return nil, fmt.Errorf("the cursor key in %s: %w", databaseFile, err)
	}
	return &Cursors{siv: siv}, nil
}

// Binding joins what a cursor is bound to (person, agency, query, policy …) so
// that no two lists of parts are the same bytes.
func Binding(parts ...string) []byte {
	size := 0
	for _, part := range parts {
		size += len(part) + 2
	}
	b := make([]byte, 0, size)
	for _, part := range parts {
		b = appendText(b, part)
	}
	return b
}

// Encode returns the cursor of payload, safe in a URL.
func (c *Cursors) Encode(binding, payload []byte) string {
	sealed, err := c.siv.EncryptDeterministically(payload, binding)
	if err != nil {
		// Only a payload as long as the address space gets here. No cursor is the
		// safe answer: Decode refuses it.
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(sealed)
}

// Decode returns the payload. A cursor that is malformed or was made for another
// binding is one and the same fault.
func (c *Cursors) Decode(binding []byte, cursor string) ([]byte, error) {
	// The decoder skips line breaks, which would give a place a second text.
	if len(cursor) > maxCursor || strings.ContainsAny(cursor, "\r\n") {
		return nil, badCursor()
	}
	sealed, err := strictCursor.DecodeString(cursor)
	if err != nil {
		return nil, badCursor()
	}
	payload, err := c.siv.DecryptDeterministically(sealed, binding)
	if err != nil {
		return nil, badCursor()
	}
	return payload, nil
}

var strictCursor = base64.RawURLEncoding.Strict()

func badCursor() *fault.Fault {
	return fault.Input("after", "cursor", "The cursor is not one that this list gave you. Start the list again without it.")
}
