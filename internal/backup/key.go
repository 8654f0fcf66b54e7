package backup

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/streamingaead"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// Key encrypts backups of one purpose. It has a file of its own, which is the
// secret: who holds it reads every backup made with it.
type Key struct {
	purpose Purpose
	keyset  []byte // tink keyset as JSON, in the clear
	stream  tink.StreamingAEAD
}

// writtenKey is the JSON of a key file.
type writtenKey struct {
	Accord      string          `json:"accord"`
	Purpose     Purpose         `json:"purpose"`
	Fingerprint string          `json:"fingerprint"`
	Keyset      json.RawMessage `json:"keyset"`
}

const (
	keyFileForm = "backup key, form 1"

	// MaxKeyFile bounds the file of a key.
	MaxKeyFile = 16 << 10
)

// NewKey makes a key: AES-256-GCM in segments of 1 MiB, each backup under a key
// derived from this one by HKDF.
func NewKey(purpose Purpose) (Key, error) {
	if !purpose.known() {
		return Key{}, fmt.Errorf("no backup keys for %q", purpose)
	}
	handle, err := keyset.NewHandle(streamingaead.AES256GCMHKDF1MBKeyTemplate())
	if err != nil {
		return Key{}, fmt.Errorf("make a backup key: %w", err)
	}
	var text bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&text)); err != nil {
		return Key{}, fmt.Errorf("make a backup key: %w", err)
	}
	return openKey(purpose, text.Bytes())
}

func openKey(purpose Purpose, text []byte) (Key, error) {
	var compact bytes.Buffer
	if err := json.Compact(&compact, text); err != nil {
		return Key{}, ErrNoKey
	}
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(compact.Bytes())))
	if err != nil {
		return Key{}, ErrNoKey // the reader's error may quote the file
	}
	stream, err := streamingaead.New(handle)
	if err != nil {
		return Key{}, ErrNoKey
	}
	return Key{purpose: purpose, keyset: compact.Bytes(), stream: stream}, nil
}

// Text is the content of the key's file.
func (k Key) Text() ([]byte, error) {
	text, err := json.Marshal(writtenKey{Accord: keyFileForm, Purpose: k.purpose, Fingerprint: k.Fingerprint(), Keyset: k.keyset})
	if err != nil {
		return nil, fmt.Errorf("write a backup key: %w", err)
	}
	return append(text, '\n'), nil
}

// ParseKey reads the content of a key's file. ErrNoKey when it is none, or when
// its purpose was changed, which its fingerprint covers.
func ParseKey(text []byte) (Key, error) {
	var written writtenKey
	if err := json.Unmarshal(text, &written); err != nil || written.Accord != keyFileForm || !written.Purpose.known() {
		return Key{}, ErrNoKey
	}
	key, err := openKey(written.Purpose, written.Keyset)
	if err != nil {
		return Key{}, err
	}
	if key.Fingerprint() != written.Fingerprint {
		return Key{}, ErrNoKey
	}
	return key, nil
}

// For returns an error unless the key is for backups of this purpose.
func (k Key) For(purpose Purpose) error {
	if k.stream == nil {
		return ErrNoKey
	}
	if k.purpose == purpose {
		return nil
	}
	if k.purpose == Data {
		return ErrKeyForData
	}
	return ErrKeyForKeys
}

// Fingerprint names the key in the backups made with it: 128 bits of a hash of
// its purpose and of the key itself, which is random and so not told by it.
func (k Key) Fingerprint() string {
	sum := sha256.Sum256(append([]byte("accord backup key for "+string(k.purpose)+"\n"), k.keyset...))
	return hex.EncodeToString(sum[:16])
}
