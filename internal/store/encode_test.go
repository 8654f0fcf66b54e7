package store_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"pgregory.net/rapid"

	"accord/internal/store"
)

func drawDocument(t *rapid.T) store.Document {
	d := store.Document{
		ID: rapid.String().Draw(t, "id"), Kind: store.Kind(rapid.String().Draw(t, "kind")),
		Family: rapid.String().Draw(t, "family"), Version: rapid.Int64().Draw(t, "version"),
	}
	for i := range rapid.IntRange(0, 5).Draw(t, "tokens") {
		d.Tokens = append(d.Tokens, rapid.String().Draw(t, fmt.Sprint("token ", i)))
	}
	names := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z]{1,8}`), 0, 5, rapid.ID[string]).Draw(t, "field names")
	for _, name := range slices.Sorted(slices.Values(names)) {
		value := store.Number(rapid.Int64().Draw(t, name))
		if rapid.Bool().Draw(t, name+" is text") {
			value = store.Text(rapid.String().Draw(t, name))
		}
		d.Fields = append(d.Fields, store.Field{Name: name, Value: value})
	}
	if rapid.Bool().Draw(t, "has head") {
		head, err := bson.Marshal(bson.D{{Key: "state", Value: rapid.String().Draw(t, "state")}, {Key: "n", Value: 1.5}})
		if err != nil {
			t.Fatal(err)
		}
		d.Head = head
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "sections") {
		d.Sections = append(d.Sections, store.Section{
			Name: fmt.Sprintf("S%d.masked", i), Version: rapid.Int64().Draw(t, "section version"),
			Sealed: rapid.SliceOfN(rapid.Byte(), 1, 40).Draw(t, "sealed"),
		})
	}
	return d
}

func encode(t interface{ Fatal(...any) }, d store.Document) bson.Raw {
	raw, err := store.EncodeDocument(d)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestADocumentDecodesToWhatWasEncoded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawDocument(t)
		raw := encode(t, want)
		if err := raw.Validate(); err != nil {
			t.Fatal(err)
		}
		got, err := store.DecodeDocument(raw)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got  %+v\nwant %+v", got, want)
		}
	})
}

// The stored form is what operators and other adapters meet.
func TestTheStoredFormIsPlainBSON(t *testing.T) {
	raw := encode(t, store.Document{
		ID: "case_1", Kind: "case", Family: "case_1", Version: 2, Tokens: []string{"u:1"},
		Fields:   []store.Field{{Name: "at", Value: store.Number(7)}, {Name: "status", Value: store.Text("OPEN")}},
		Sections: []store.Section{{Name: "CASE_CORE", Version: 2, Sealed: []byte{1}}},
	})
	want := `{"_id": "case_1","kind": "case","fam": "case_1","v": {"$numberLong":"2"},"vis": ["u:1"],` +
		`"f": {"at": {"$numberLong":"7"},"status": "OPEN"},` +
		`"s": [{"n": "CASE_CORE","v": {"$numberLong":"2"},"b": {"$binary":{"base64":"AQ==","subType":"00"}}}]}`
	if raw.String() != want {
		t.Fatalf("got  %s\nwant %s", raw, want)
	}
}

func TestAMalformedDocumentIsRefused(t *testing.T) {
	full := bson.D{
		{Key: "_id", Value: "a"},
		{Key: "kind", Value: "case"},
		{Key: "fam", Value: "a"},
		{Key: "v", Value: int64(1)},
		{Key: "vis", Value: bson.A{}},
		{Key: "f", Value: bson.D{}},
		{Key: "h", Value: bson.D{}},
		{Key: "s", Value: bson.A{}},
	}
	marshal := func(d bson.D) bson.Raw {
		raw, err := bson.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	if _, err := store.DecodeDocument(marshal(full)); err != nil {
		t.Fatal(err)
	}
	for i, part := range full {
		without := slices.Delete(slices.Clone(full), i, i+1)
		if _, err := store.DecodeDocument(marshal(without)); (err != nil) != (part.Key != "h") {
			t.Errorf("without %s: got %v", part.Key, err)
		}
		wrong := slices.Clone(full)
		wrong[i].Value = bson.Binary{Data: []byte("wrong")}
		if _, err := store.DecodeDocument(marshal(wrong)); err == nil {
			t.Errorf("%s was accepted as binary", part.Key)
		}
	}
	if _, err := store.DecodeDocument(marshal(append(slices.Clone(full), bson.E{Key: "more", Value: "x"}))); err == nil {
		t.Error("an unknown part was accepted")
	}
	raw := marshal(full)
	for n := range raw {
		if _, err := store.DecodeDocument(raw[:n]); err == nil {
			t.Errorf("%d of %d bytes were accepted", n, len(raw))
		}
	}
}

// What decodes is what encodes to the same document again, and nothing panics.
func FuzzDecodeDocument(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{5, 0, 0, 0, 0})
	f.Add([]byte(encode(f, store.Document{ID: "a", Kind: "case", Family: "a", Version: 1})))
	f.Add([]byte(encode(f, store.Document{
		ID: "a", Kind: "case", Family: "a", Version: 1, Tokens: []string{"t", "u"}, Head: bson.Raw{5, 0, 0, 0, 0},
		Fields:   []store.Field{{Name: "at", Value: store.Number(7)}, {Name: "status", Value: store.Text("OPEN")}},
		Sections: []store.Section{{Name: "CASE_CORE", Version: 2, Sealed: []byte{1}}},
	})))
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, err := store.DecodeDocument(raw)
		if err != nil {
			return
		}
		again, err := store.DecodeDocument(encode(t, d))
		if err != nil {
			t.Fatal(err)
		}
		if fmt.Sprintf("%+v", again) != fmt.Sprintf("%+v", d) {
			t.Fatalf("got  %+v\nwant %+v", again, d)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	d := store.Document{ID: "case_000001", Kind: "case", Family: "case_000001", Version: 3}
	for i := range 12 {
		d.Tokens = append(d.Tokens, fmt.Sprintf("u:user-%03d", i))
	}
	d.Fields = []store.Field{{Name: "status", Value: store.Text("OPEN")}, {Name: "updatedAt", Value: store.Number(7)}}
	for i := range 3 {
		d.Sections = append(d.Sections, store.Section{Name: fmt.Sprintf("SECTION_%d", i), Version: 3, Sealed: make([]byte, 1300)})
	}
	raw := encode(b, d)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := store.DecodeDocument(raw); err != nil {
			b.Fatal(err)
		}
	}
}
