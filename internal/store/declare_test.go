package store_test

import (
	"testing"

	"accord/internal/store"
)

func TestDeclarationsAreChecked(t *testing.T) {
	good := store.Index{Name: "x", Kind: "case", Equal: []string{"a"}, Order: "b"}
	with := func(change func(*store.Index)) []store.Index {
		x := good
		change(&x)
		return []store.Index{x}
	}
	if _, err := store.Declare([]store.Kind{"note"}, []store.Index{good}); err != nil {
		t.Fatal(err)
	}
	for name, indexes := range map[string][]store.Index{
		"no name":              with(func(x *store.Index) { x.Name = "" }),
		"no kind":              with(func(x *store.Index) { x.Kind = "" }),
		"a name twice":         {good, good},
		"visible and unique":   with(func(x *store.Index) { x.Visible, x.Unique = true, true }),
		"unique over nothing":  with(func(x *store.Index) { x.Unique, x.Equal = true, nil }),
		"an empty field":       with(func(x *store.Index) { x.Equal = []string{""} }),
		"a field with a dot":   with(func(x *store.Index) { x.Equal = []string{"a.b"} }),
		"a field twice":        with(func(x *store.Index) { x.Equal = []string{"a", "a"} }),
		"an order of equality": with(func(x *store.Index) { x.Order = "a" }),
	} {
		if _, err := store.Declare(nil, indexes); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	if _, err := store.Declare([]store.Kind{""}, nil); err == nil {
		t.Error("a kind without a name was accepted")
	}
}

func TestAKindIsKnownByItsIndexOrByName(t *testing.T) {
	d, err := store.Declare([]store.Kind{"note"}, []store.Index{{Name: "x", Kind: "case"}})
	if err != nil {
		t.Fatal(err)
	}
	for kind, known := range map[store.Kind]bool{"case": true, "note": true, "meeting": false, "": false} {
		if err := d.CheckKind(kind); (err == nil) != known {
			t.Errorf("%q: got %v", kind, err)
		}
	}
}
