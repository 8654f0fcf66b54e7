package storetest

import (
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"accord/internal/store"
)

func documentsSay(say says) {
	say("a document comes back as it was written", func(t TB, open Open) {
		b := begin(t, open)
		head := raw(bson.D{{Key: "state", Value: "OPEN"}, {Key: "areas", Value: bson.A{"a", int64(2)}}})
		for _, d := range []store.Document{
			{ID: "bare", Kind: noteKind, Family: "bare", Version: 1},
			{
				ID: "full", Kind: caseKind, Family: "full", Version: 1,
				Tokens: []string{"t:one", "u:zoë", "u:åsa"},
				Fields: fields("at", -5, "big", store.Number(1<<62), "empty", "", "status", "OPEN", "zero", "a\x00b"),
				Head:   head,
				Sections: []store.Section{
					{Name: "VICTIM_IDENTITY", Version: 1, Sealed: []byte{0, 1, 2, 255}},
					{Name: "VICTIM_IDENTITY.masked", Version: 1, Sealed: make([]byte, 100_000)},
					{Name: "Z", Version: 1},
				},
			},
		} {
			b.save(d)
			got, err := b.Get(t.Context(), d.ID)
			if err != nil {
				t.Fatal(err)
			}
			b.equal(plain(got), plain(d))
		}
	})
	say("a change replaces the whole document", func(t TB, open Open) {
		b := begin(t, open)
		b.save(openCase("a", 1, 1, "u:one", "u:two"))
		changed := store.Document{ID: "a", Kind: caseKind, Family: "a", Version: 2}
		b.save(changed)
		got, err := b.Get(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		b.equal(plain(got), changed)
	})
	say("an id that holds nothing is absent", func(t TB, open Open) {
		b := begin(t, open)
		for _, id := range []string{"nothing", "", "a\x00"} {
			if _, err := b.Get(t.Context(), id); !errors.Is(err, store.ErrAbsent) {
				t.Fatalf("got %v", err)
			}
		}
	})
	say("many come in the order asked, those that exist", func(t TB, open Open) {
		b := begin(t, open)
		for _, id := range []string{"a", "b", "c", `"quoted\`} {
			b.save(note(id, 1))
		}
		got, err := b.GetMany(t.Context(), []string{"c", "missing", "a", `"quoted\`, "c", "\xff"})
		if err != nil {
			t.Fatal(err)
		}
		b.equal(ids(got), []string{"c", "a", `"quoted\`, "c"})
		for _, none := range [][]string{nil, {"missing"}} {
			if got, err := b.GetMany(t.Context(), none); err != nil || len(got) != 0 {
				t.Fatalf("got %v, %v", got, err)
			}
		}
	})
	say("more than a page of ids or families is refused", func(t TB, open Open) {
		b := begin(t, open)
		var most []string
		for n := range store.MaxPage {
			most = append(most, fmt.Sprintf("n%04d", n))
		}
		tooMany := slices.Concat(most, []string{"x"})
		b.save(note("n1000", 1))
		got, err := b.GetMany(t.Context(), most)
		if err != nil || len(got) != 1 {
			t.Fatalf("got %d, %v", len(got), err)
		}
		if _, err := b.GetMany(t.Context(), tooMany); err == nil {
			t.Fatal("GetMany accepted too many ids")
		}
		if _, err := b.Families(t.Context(), noteKind, tooMany, 1); err == nil {
			t.Fatal("Families accepted too many families")
		}
	})
	say("families come as given, each by id and up to the limit", func(t TB, open Open) {
		b := begin(t, open)
		for _, family := range []string{"f1", "f2", "f3"} {
			var all []store.Document
			for _, id := range []string{"c", "a", "b"} {
				all = append(all, inFamily(family, note(family+id, 1)))
			}
			b.save(append(all, inFamily(family, openCase(family+"aa", 1, 1)))...)
		}
		for _, c := range []struct {
			kind     store.Kind
			families []string
			limit    int
			want     []string
		}{
			{noteKind, []string{"f3", "none", "f1"}, 10, []string{"f3a", "f3b", "f3c", "f1a", "f1b", "f1c"}},
			{noteKind, []string{"f2", "f1"}, 2, []string{"f2a", "f2b", "f1a", "f1b"}},
			{caseKind, []string{"f2", "f3"}, 1, []string{"f2aa", "f3aa"}},
			{noteKind, nil, 1, []string{}},
		} {
			got, err := b.Families(t.Context(), c.kind, c.families, c.limit)
			if err != nil {
				t.Fatal(err)
			}
			b.equal(ids(got), c.want)
		}
	})
	say("families of an undeclared kind or a wrong limit are refused", func(t TB, open Open) {
		b := begin(t, open)
		for _, c := range []struct {
			kind  store.Kind
			limit int
		}{{"unheard", 1}, {noteKind, 0}, {noteKind, -1}, {noteKind, store.MaxPage + 1}} {
			if _, err := b.Families(t.Context(), c.kind, []string{"f"}, c.limit); err == nil {
				t.Fatalf("accepted %+v", c)
			}
		}
	})
}
