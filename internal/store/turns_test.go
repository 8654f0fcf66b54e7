package store_test

import (
	"context"
	"strings"
	"testing"

	"accord/internal/store"
)

// A document that no adapter could keep is refused before it shares a commit with
// what others have written.
func TestADocumentThatIsTooLongWaitsForNoTurn(t *testing.T) {
	t.Parallel()
	declared, err := store.Declare([]store.Kind{"note"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	committed := 0
	turns := store.NewTurns(func(_ context.Context, together []*store.Turn) ([]error, error) {
		committed += len(together)
		return make([]error, len(together)), nil
	})
	defer turns.Close()
	note := func(size int) store.Batch {
		return store.Batch{Family: "f", Writes: []store.Write{{Document: store.Document{
			ID: "n", Kind: "note", Family: "f", Version: 1, Sections: []store.Section{{Name: "s", Version: 1, Sealed: make([]byte, size)}},
		}}}}
	}
	if err := turns.Apply(t.Context(), declared, note(store.MaxDocumentBytes)); err == nil || !strings.Contains(err.Error(), "more than 12582912") {
		t.Errorf("too long: %v", err)
	}
	if err := turns.Apply(t.Context(), declared, note(store.MaxDocumentBytes-1000)); err != nil {
		t.Errorf("as long as it may be: %v", err)
	}
	if committed != 1 {
		t.Errorf("%d batches had a turn", committed)
	}
}
