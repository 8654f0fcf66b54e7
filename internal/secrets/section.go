package secrets

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
)

// Address is where a sealed section belongs. A section opens nowhere else.
type Address struct {
	Kind    string // kind of document, such as "case"
	Record  string // id of the document
	Section string // such as "VICTIM_IDENTITY" or "VICTIM_IDENTITY.masked"
	Version int64  // version of the document it was sealed at, from 1
}

// A sealed section is one byte of form, the nonce, and the ciphertext with its
// tag. The nonce is random: one key would have to seal 2^32 sections before two
// nonces meet with a chance of 2^-32, and a family has thousands.
const (
	sealedForm = 1
	nonceSize  = 12
	tagSize    = 16
	sealedHead = 1 + nonceSize
)

// SealedOverhead is how many bytes longer a sealed section is than its content.
const SealedOverhead = sealedHead + tagSize

// Seal seals plain for its address, under a nonce of its own.
func (f *FamilyKey) Seal(address Address, plain []byte) ([]byte, error) {
	if f.ring.isDestroyed(f.family) {
		return nil, ErrDestroyed
	}
	if err := address.check(); err != nil {
		return nil, err
	}
	sealed := make([]byte, sealedHead, len(plain)+SealedOverhead)
	sealed[0] = sealedForm
	nonce := sealed[1:sealedHead]
	if err := f.ring.entropy.fill(nonce); err != nil {
		return nil, err
	}
	bound := bindings.Get().(*[]byte) //nolint:forcetypeassert // the pool holds nothing else
	defer bindings.Put(bound)
	*bound = address.appendTo((*bound)[:0])
	return f.aead.Seal(sealed, nonce, plain, *bound), nil
}

// Open returns the content of a section sealed for this address. ErrSealed when it
// was sealed for another, or is not what Seal made; ErrDestroyed when the family is
// destroyed.
func (f *FamilyKey) Open(address Address, sealed []byte) ([]byte, error) {
	return f.OpenTo(make([]byte, 0, max(0, len(sealed)-SealedOverhead)), address, sealed)
}

// OpenTo appends the content to dst, whose spare room must not overlap sealed; it
// allocates nothing when there is room.
func (f *FamilyKey) OpenTo(dst []byte, address Address, sealed []byte) ([]byte, error) {
	if f.ring.isDestroyed(f.family) {
		return nil, ErrDestroyed
	}
	if err := address.check(); err != nil {
		return nil, err
	}
	if len(sealed) < SealedOverhead || sealed[0] != sealedForm {
		return nil, ErrSealed
	}
	bound := bindings.Get().(*[]byte) //nolint:forcetypeassert // the pool holds nothing else
	defer bindings.Put(bound)
	*bound = address.appendTo((*bound)[:0])
	plain, err := f.aead.Open(dst, sealed[1:sealedHead], sealed[sealedHead:], *bound)
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

// bindings reuses the buffers of encoded addresses: they cross an interface, so
// they would each be an allocation.
var bindings = sync.Pool{New: func() any {
	b := make([]byte, 0, 160)
	return &b
}}

func (a Address) check() error {
	if a.Kind == "" || a.Record == "" || a.Section == "" || a.Version < 1 {
		return errors.New("a section's address needs kind, record, section and version")
	}
	return nil
}

// appendTo writes the address so that no two addresses are the same bytes: each
// text behind its length. The form is bound too, so that it cannot be changed.
func (a Address) appendTo(b []byte) []byte {
	b = append(b, sealedForm)
	b = appendText(b, a.Kind)
	b = appendText(b, a.Record)
	b = appendText(b, a.Section)
	return binary.AppendVarint(b, a.Version)
}

func appendText(b []byte, text string) []byte {
	b = binary.AppendUvarint(b, uint64(len(text)))
	return append(b, text...)
}

func newAES(material []byte) (cipher.Block, error) {
	block, err := aes.NewCipher(material)
	if err != nil {
		return nil, fmt.Errorf("AES: %w", err)
	}
	return block, nil
}
