package records

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"accord/domain/fault"
	"accord/internal/secrets"
	"accord/internal/store"
)

// attestation is the section by which a document proves that what of it is clear
// is what records wrote: tokens and head decide who reaches it, and nobody without
// the keys may change them, put an older section back, or lend a document the
// tokens of another.
const attestation = "ATTESTATION"

// attested is a store that attests what is written and believes nothing that is
// read without its attestation.
type attested struct {
	store.Store
	keyring *secrets.Keyring
}

// Get implements store.Store.
func (a attested) Get(ctx context.Context, id string) (store.Document, error) {
	doc, err := a.Store.Get(ctx, id)
	if err != nil {
		return doc, unanswered(err)
	}
	return doc, a.check(ctx, doc)
}

// GetMany implements store.Store.
func (a attested) GetMany(ctx context.Context, ids []string) ([]store.Document, error) {
	docs, err := a.Store.GetMany(ctx, ids)
	return a.checked(ctx, docs, err)
}

// Families implements store.Store.
func (a attested) Families(ctx context.Context, kind store.Kind, families []string, limit int) ([]store.Document, error) {
	docs, err := a.Store.Families(ctx, kind, families, limit)
	return a.checked(ctx, docs, err)
}

// Find implements store.Store.
func (a attested) Find(ctx context.Context, q store.Query) (store.Page, error) {
	page, err := a.Store.Find(ctx, q)
	if err != nil {
		return page, unanswered(err)
	}
	page.Documents, err = a.checked(ctx, page.Documents, nil)
	return page, err
}

// Count implements store.Store.
func (a attested) Count(ctx context.Context, q store.Query, limit int) (int, error) {
	n, err := a.Store.Count(ctx, q, limit)
	return n, unanswered(err)
}

// Excluded implements store.Store.
func (a attested) Excluded(ctx context.Context, principal string) ([]string, error) {
	families, err := a.Store.Excluded(ctx, principal)
	return families, unanswered(err)
}

// Receipt implements store.Store.
func (a attested) Receipt(ctx context.Context, person, key string) (store.Receipt, error) {
	receipt, err := a.Store.Receipt(ctx, person, key)
	return receipt, unanswered(err)
}

// unanswered tells what the store cannot answer from what it answers: the errors
// a caller asks for, and the end of the caller's time.
func unanswered(err error) error {
	for _, answer := range []error{nil, store.ErrAbsent, context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, answer) {
			return err
		}
	}
	// It may have been asked after a change.
	return fault.Unsure(err)
}

// Apply implements store.Store.
func (a attested) Apply(ctx context.Context, b store.Batch) error {
	writes := make([]store.Write, len(b.Writes))
	for i, write := range b.Writes {
		doc, err := a.attest(ctx, write.Document)
		if err != nil {
			return err
		}
		write.Document = doc
		writes[i] = write
	}
	b.Writes = writes
	takeBack, err := a.keepExclusions(ctx, b)
	if err != nil {
		return err
	}
	err = a.Store.Apply(ctx, b)
	switch {
	case err == nil:
		return a.forget(ctx, liftedBy(b))
	case isRefused(err):
		return errors.Join(err, takeBack())
	default:
		return err //nolint:wrapcheck // the caller asks which of the store's errors it is
	}
}

func (a attested) checked(ctx context.Context, docs []store.Document, err error) ([]store.Document, error) {
	if err != nil {
		return nil, unanswered(err)
	}
	for _, doc := range docs {
		if err := a.check(ctx, doc); err != nil {
			return nil, err
		}
	}
	return docs, nil
}

func (a attested) attest(ctx context.Context, doc store.Document) (store.Document, error) {
	key, err := a.keyring.Family(ctx, doc.Family)
	if err != nil {
		return doc, fmt.Errorf("the key of %s: %w", doc.Family, err)
	}
	sum := digest(doc)
	sealedSum, err := key.Seal(address(doc, attestation, doc.Version), sum[:])
	if err != nil {
		return doc, fmt.Errorf("attesting %s: %w", doc.ID, err)
	}
	doc.Sections = slices.Clone(doc.Sections)
	putSection(&doc, store.Section{Name: attestation, Version: doc.Version, Sealed: sealedSum})
	return doc, nil
}

// check refuses a document that is not as records wrote it.
func (a attested) check(ctx context.Context, doc store.Document) error {
	section, ok := doc.Section(attestation)
	if !ok || section.Version != doc.Version {
		return fmt.Errorf("%s carries no attestation of version %d", doc.ID, doc.Version)
	}
	key, err := a.keyring.Known(ctx, doc.Family)
	if err != nil {
		return fmt.Errorf("the key of %s: %w", doc.Family, err)
	}
	attestedSum, err := key.Open(address(doc, attestation, doc.Version), section.Sealed)
	if err != nil {
		return fmt.Errorf("the attestation of %s: %w", doc.ID, err)
	}
	if sum := digest(doc); subtle.ConstantTimeCompare(sum[:], attestedSum) != 1 {
		return fmt.Errorf("%s is not what its attestation says", doc.ID)
	}
	return nil
}

// digest is over everything clear, and over which sections there are at which
// version; their content is sealed for itself. Id, kind and version are bound by
// the address of the attestation.
func digest(doc store.Document) [sha256.Size]byte {
	text := make([]byte, 0, 2048)
	add := func(part string) {
		text = binary.AppendUvarint(text, uint64(len(part)))
		text = append(text, part...)
	}
	add(doc.Family)
	add(strconv.Itoa(len(doc.Tokens)))
	for _, token := range doc.Tokens {
		add(token)
	}
	add(strconv.Itoa(len(doc.Fields)))
	for _, field := range doc.Fields {
		add(field.Name)
		add(strconv.FormatBool(field.Value.IsText))
		add(field.Value.Text)
		add(strconv.FormatInt(field.Value.Number, 10))
	}
	text = binary.AppendUvarint(text, uint64(len(doc.Head)))
	text = append(text, doc.Head...)
	for _, section := range doc.Sections {
		if section.Name == attestation {
			continue
		}
		add(section.Name)
		add(strconv.FormatInt(section.Version, 10))
	}
	return sha256.Sum256(text)
}
