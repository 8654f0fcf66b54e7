package records

import (
	"context"

	"accord/internal/store"
)

// FileOf is the id of the bytes of an attachment.
func FileOf(attachment string) string { return fileOf(attachment) }

// Lend puts the sealed bytes of one attachment under the id of another, with the
// attestation they came with, as somebody would who has no keys.
func (r *Records) Lend(ctx context.Context, from, to string) error {
	lent, err := r.stored.Get(ctx, fileOf(from))
	if err != nil {
		return err //nolint:wrapcheck // a test says what failed
	}
	doc, err := r.stored.Get(ctx, fileOf(to))
	if err != nil {
		return err //nolint:wrapcheck // as above
	}
	expect := doc.Version
	doc.Sections, doc.Version = lent.Sections, expect+1
	return r.stored.Apply(ctx, store.Batch{Family: doc.Family, Writes: []store.Write{{Document: doc, Expect: expect}}}) //nolint:wrapcheck // as above
}

// ReattestFile attests the bytes of an attachment as they now are, as nobody could
// without the keys.
func (r *Records) ReattestFile(ctx context.Context, attachment string) error {
	doc, err := r.stored.Get(ctx, fileOf(attachment))
	if err != nil {
		return err //nolint:wrapcheck // a test says what failed
	}
	expect := doc.Version
	doc.Version++
	return attested{r.stored, r.keyring}.Apply(ctx, store.Batch{Family: doc.Family, Writes: []store.Write{{Document: doc, Expect: expect}}}) //nolint:wrapcheck // as above
}

// TokensOf are the tokens of a document as it is stored.
func (r *Records) TokensOf(ctx context.Context, id string) ([]string, error) {
	doc, err := r.stored.Get(ctx, id)
	return doc.Tokens, err //nolint:wrapcheck // a test says what failed
}
