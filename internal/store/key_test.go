package store_test

import (
	"cmp"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"accord/internal/store"
)

func drawText(t *rapid.T, label string) string {
	return rapid.StringOf(rapid.RuneFrom([]rune{0, 1, 2, 'a', 'b', 0x7f, 0xff, '😀', 0x10ffff})).Draw(t, label)
}

func drawValue(t *rapid.T, label string) store.Value {
	if rapid.Bool().Draw(t, label+" is text") {
		return store.Text(drawText(t, label))
	}
	return store.Number(rapid.Int64().Draw(t, label))
}

func compareValues(a, b store.Value) int {
	switch {
	case a.IsText && b.IsText:
		return cmp.Compare(a.Text, b.Text)
	case a.IsText:
		return 1
	case b.IsText:
		return -1
	default:
		return cmp.Compare(a.Number, b.Number)
	}
}

// Whatever the values and the ids, keys with their ids behind them stand in the
// order of the port, and between the ends of their equality fields and of no
// others.
func TestKeysCompareLikeTheirValues(t *testing.T) {
	for name, x := range map[string]store.Index{
		"both":     {Equal: []string{"a"}, Order: "b"},
		"equality": {Equal: []string{"a"}},
		"order":    {Order: "b"},
		"neither":  {},
	} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				equalA, orderA, idA := []store.Value{drawValue(t, "a1")}[:len(x.Equal)], drawValue(t, "a2"), "i"+drawText(t, "id a")
				equalB, orderB, idB := []store.Value{drawValue(t, "b1")}[:len(x.Equal)], drawValue(t, "b2"), drawText(t, "id b")+"i"
				if rapid.Bool().Draw(t, "same equality") {
					equalB = equalA
				}
				if rapid.Bool().Draw(t, "same order") {
					orderB = orderA
				}
				same, want := true, 0
				if len(x.Equal) > 0 {
					want = compareValues(equalA[0], equalB[0])
					same = want == 0
				}
				if x.Order != "" {
					want = cmp.Or(want, compareValues(orderA, orderB))
				}
				keyA, keyB := x.KeyAt(equalA, orderA), x.KeyAt(equalB, orderB)
				if got := cmp.Compare(keyA, keyB); got != want {
					t.Fatalf("keys of %v %v and %v %v compare as %d, the values as %d", equalA, orderA, equalB, orderB, got, want)
				}
				if got, want := cmp.Compare(keyA+idA, keyB+idB), cmp.Or(want, strings.Compare(idA, idB)); got != want {
					t.Fatalf("with their ids %q and %q they compare as %d, not as %d", idA, idB, got, want)
				}
				for _, key := range []string{keyB, keyB + idB} {
					if inRange := key >= x.Near(equalA) && key < x.Far(equalA); inRange != same {
						t.Fatalf("the key of %v is in the range of %v: %v", equalB, equalA, inRange)
					}
				}
				if !utf8.ValidString(keyA) {
					t.Fatalf("key %q is not well-formed", keyA)
				}
			})
		})
	}
}
