package secrets

import (
	"fmt"

	"accord/internal/secrets/cursors"
)

// Cursors returns the codec under the keyring's cursor key.
func (k *Keyring) Cursors() (*cursors.Codec, error) {
	codec, err := cursors.New(k.purposes[purposeCursor])
	if err != nil {
		return nil, fmt.Errorf("the cursor key in %s: %w", databaseFile, err)
	}
	return codec, nil
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
