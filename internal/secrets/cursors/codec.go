// Package cursors turns a place in a list into a text that says nothing and is good
// for nobody else.
package cursors

import (
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/tink-crypto/tink-go/v2/daead/subtle"

	"accord/domain/fault"
)

// KeySize is how long the key of a Codec is, in bytes.
const KeySize = subtle.AESSIVKeySize

// maxCursor bounds the text of a cursor that is looked at, in bytes.
const maxCursor = 2048

// Codec makes and reads cursors under one key. AES-SIV needs no nonce, so equal
// places are equal texts and two equal views are equal bytes. Safe for concurrent
// use.
type Codec struct{ siv *subtle.AESSIV }

// New is the codec under a key of KeySize bytes; any other is an error.
func New(key []byte) (*Codec, error) {
	siv, err := subtle.NewAESSIV(key)
	if err != nil {
		return nil, fmt.Errorf("making the codec of cursors: %w", err)
	}
	return &Codec{siv: siv}, nil
}

// Encode returns the cursor of payload, safe in a URL.
func (c *Codec) Encode(binding, payload []byte) string {
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
func (c *Codec) Decode(binding []byte, cursor string) ([]byte, error) {
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
