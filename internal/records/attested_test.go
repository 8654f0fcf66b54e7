package records

import (
	"context"
	"crypto/rand"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"accord/internal/audit"
	"accord/internal/secrets"
	"accord/internal/store"
	"accord/internal/store/sqlite"
)

// A document that anybody changed without the keys is believed by nobody: not its
// tokens, which decide who reaches it, nor an older section put back.
func TestADocumentIsBelievedOnlyAsItWasWritten(t *testing.T) {
	clock := func() time.Time { return time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC) }
	keyring, err := secrets.OpenKeyring(t.Context(), filepath.Join(t.TempDir(), "keys"), rand.Reader, clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = keyring.Close() })
	key, err := keyring.LogKey()
	if err != nil {
		t.Fatal(err)
	}
	inner, err := sqlite.Open(t.Context(), sqlite.Options{
		Path: filepath.Join(t.TempDir(), "accord.db"), Kinds: Kinds(), Indexes: Indexes(), Sign: audit.Signer(key.Origin, key.Signer), Clock: clock,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = inner.Close() })
	believing := attested{inner, keyring}
	written := store.Document{
		ID: keyring.Identifiers().New("case"), Kind: "case", Version: 1, Tokens: []string{"a:prac_1", "c:area_1"},
		Fields: []store.Field{{Name: "opened", Value: store.Number(7)}, {Name: "status", Value: store.Text("OPEN")}},
	}
	written.Family = written.ID
	if written.Head, err = bson.Marshal(bson.D{{Key: "area", Value: "area_1"}}); err != nil {
		t.Fatal(err)
	}
	written.Sections = []store.Section{{Name: "SAFE_CONTACT", Version: 1, Sealed: []byte("sealed")}}
	put := func(ctx context.Context, s store.Store, doc store.Document, expect int64) {
		t.Helper()
		doc.Version = expect + 1
		if err := s.Apply(ctx, store.Batch{Family: doc.Family, Writes: []store.Write{{Document: doc, Expect: expect}}}); err != nil {
			t.Fatal(err)
		}
	}
	put(t.Context(), believing, written, 0)
	sound, err := believing.Get(t.Context(), written.ID)
	if err != nil {
		t.Fatalf("what was written is not believed: %v", err)
	}

	version := int64(1)
	for name, change := range map[string]func(*store.Document){
		"a token more": func(d *store.Document) { d.Tokens = []string{"a:prac_1", "a:prac_2", "c:area_1"} },
		"a token less": func(d *store.Document) { d.Tokens = []string{"a:prac_1"} },
		"another head": func(d *store.Document) { d.Head, _ = bson.Marshal(bson.D{{Key: "area", Value: "area_2"}}) },
		"another field": func(d *store.Document) {
			d.Fields = []store.Field{{Name: "opened", Value: store.Number(8)}, d.Fields[1]}
		},
		"a section of elsewhen":  func(d *store.Document) { d.Sections[1].Version = 2 },
		"a section less":         func(d *store.Document) { d.Sections = d.Sections[:1] },
		"no attestation":         func(d *store.Document) { d.Sections = d.Sections[1:] },
		"nothing but the number": func(*store.Document) {},
	} {
		forged := sound
		forged.Sections = slices.Clone(sound.Sections)
		forged.Fields = slices.Clone(sound.Fields)
		change(&forged)
		put(t.Context(), inner, forged, version)
		version++
		if _, err := believing.Get(t.Context(), written.ID); err == nil {
			t.Errorf("%s: believed", name)
		}
		if _, err := believing.GetMany(t.Context(), []string{written.ID}); err == nil {
			t.Errorf("%s: believed among many", name)
		}
		if _, err := believing.Families(t.Context(), "case", []string{written.Family}, 10); err == nil {
			t.Errorf("%s: believed in its family", name)
		}
		if _, err := believing.Find(t.Context(), store.Query{Index: "cases_opened_newest", Tokens: []string{"a:prac_1"}, Limit: 10}); err == nil {
			t.Errorf("%s: believed in a page", name)
		}
	}
	put(t.Context(), believing, written, version)
	if _, err := believing.Get(t.Context(), written.ID); err != nil {
		t.Errorf("what records wrote again is not believed: %v", err)
	}
}
