// Package storetest says what a store.Store is, in contracts that a test or a
// program can hold a store to: every adapter passes Run.
package storetest

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"accord/internal/store"
)

// The kinds and indexes of the suite: cases are reached through tokens, notes
// are not.
const (
	caseKind store.Kind = "case"
	noteKind store.Kind = "note"
)

// Counted is the kind of Indexes that a world has most of.
const Counted = caseKind

// Indexes are those the contracts open a store with: every shape a declaration can have.
func Indexes() []store.Index {
	status, area := []string{"status"}, []string{"area", "status"}
	return []store.Index{
		{Name: "seen_up", Kind: caseKind, Equal: status, Order: "at", Visible: true},
		{Name: "seen_down", Kind: caseKind, Equal: status, Order: "at", Descending: true, Visible: true},
		{Name: "seen_all", Kind: caseKind, Visible: true},
		{Name: "seen_all_down", Kind: caseKind, Descending: true, Visible: true},
		{Name: "up", Kind: noteKind, Equal: area, Order: "at"},
		{Name: "down", Kind: noteKind, Equal: area, Order: "at", Descending: true},
		{Name: "all", Kind: noteKind},
		{Name: "all_down", Kind: noteKind, Descending: true},
		{Name: "at", Kind: noteKind, Order: "at"},
		{Name: "one_reference", Kind: noteKind, Equal: []string{"reference"}, Unique: true},
	}
}

// Sorted returns the strings sorted and each once.
func Sorted(s []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(s)))
}

var (
	longAgo   = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)
	farFuture = time.Date(3000, time.January, 1, 0, 0, 0, 0, time.UTC)
)

// bench is a store under test with what every test of it needs.
type bench struct {
	TB
	store.Store
}

func begin(t TB, open Open) bench {
	t.Helper()
	return bench{t, open(t, Indexes())}
}

// apply commits a batch that has to succeed.
func (b bench) apply(batch store.Batch) {
	b.Helper()
	if err := b.Apply(b.Context(), batch); err != nil {
		b.Fatalf("Apply: %v", err)
	}
}

// save writes documents of one family that has to succeed. The version says what
// is expected.
func (b bench) save(documents ...store.Document) {
	b.Helper()
	b.apply(batchOf(documents...))
}

func (b bench) refuse(batch store.Batch, want error) {
	b.Helper()
	if err := b.Apply(b.Context(), batch); !errors.Is(err, want) {
		b.Fatalf("Apply: got %v, want %v", err, want)
	}
}

// find asks for one page and returns its ids.
func (b bench) find(q store.Query) []string {
	b.Helper()
	return ids(b.page(q).Documents)
}

func (b bench) page(q store.Query) store.Page {
	b.Helper()
	if q.Limit == 0 {
		q.Limit = store.MaxPage
	}
	page, err := b.Find(b.Context(), q)
	if err != nil {
		b.Fatalf("Find: %v", err)
	}
	return page
}

// walk pages through everything a query finds.
func (b bench) walk(q store.Query) []string {
	b.Helper()
	x := index(q.Index)
	var all []string
	for pages := 0; ; pages++ {
		page := b.page(q)
		if len(page.Documents) > q.Limit || pages > 10_000 {
			b.Fatalf("a page of %d documents for limit %d, after %d pages", len(page.Documents), q.Limit, pages)
		}
		if most := max(1, len(q.Tokens)) * (q.Limit + 1); page.Examined > most || page.Examined < len(page.Documents) {
			b.Fatalf("%d keys examined for %d documents of at most %d keys", page.Examined, len(page.Documents), most)
		}
		if pages > 0 && len(page.Documents) == 0 {
			b.Fatalf("page %d said that there is more behind it, and there is nothing", pages)
		}
		all = append(all, ids(page.Documents)...)
		if !page.More {
			return all
		}
		if len(page.Documents) < q.Limit {
			b.Fatalf("a page of %d says that there is more behind it", len(page.Documents))
		}
		position := x.Position(page.Documents[q.Limit-1])
		q.After = &position
	}
}

func (b bench) count(q store.Query, limit int) int {
	b.Helper()
	n, err := b.Count(b.Context(), q, limit)
	if err != nil {
		b.Fatalf("Count: %v", err)
	}
	return n
}

func (b bench) equal(got, want any) {
	b.Helper()
	if !reflect.DeepEqual(got, want) {
		b.Fatalf("got  %v\nwant %v", got, want)
	}
}

func index(name string) store.Index {
	for _, x := range Indexes() {
		if x.Name == name {
			return x
		}
	}
	panic("storetest: no index " + name)
}

func ids(documents []store.Document) []string {
	all := make([]string, len(documents))
	for i, d := range documents {
		all[i] = d.ID
	}
	return all
}

func batchOf(documents ...store.Document) store.Batch {
	batch := store.Batch{Family: documents[0].Family}
	for _, d := range documents {
		batch.Writes = append(batch.Writes, store.Write{Document: d, Expect: d.Version - 1})
	}
	return batch
}

// fields are names and values in turn: a string, an int, or a store.Value.
func fields(pairs ...any) []store.Field {
	var all []store.Field
	for pair := range slices.Chunk(pairs, 2) {
		all = append(all, store.Field{Name: fmt.Sprint(pair[0]), Value: valueOf(pair[1])})
	}
	slices.SortFunc(all, func(a, b store.Field) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return all
}

func valueOf(v any) store.Value {
	switch v := v.(type) {
	case string:
		return store.Text(v)
	case int:
		return store.Number(int64(v))
	case store.Value:
		return v
	default:
		panic(fmt.Sprintf("storetest: no value: %T", v))
	}
}

func values(all ...any) []store.Value {
	vs := make([]store.Value, len(all))
	for i, v := range all {
		vs[i] = valueOf(v)
	}
	return vs
}

func raw(d bson.D) bson.Raw {
	encoded, err := bson.Marshal(d)
	if err != nil {
		panic(fmt.Sprintf("storetest: cannot be encoded: %v", err))
	}
	return encoded
}

// note is a note that is a family of its own.
func note(id string, version int64, pairs ...any) store.Document {
	return store.Document{ID: id, Kind: noteKind, Family: id, Version: version, Fields: fields(pairs...)}
}

// openCase is an open case that is a family of its own.
func openCase(id string, version int64, at int, tokens ...string) store.Document {
	return store.Document{
		ID: id, Kind: caseKind, Family: id, Version: version,
		Tokens: Sorted(tokens), Fields: fields("status", "OPEN", "at", at),
	}
}

// inFamily moves a document to a family, before it is first saved.
func inFamily(family string, d store.Document) store.Document {
	d.Family = family
	return d
}

// plain makes nil of every empty slice, since the two mean the same.
func plain(d store.Document) store.Document {
	if len(d.Tokens) == 0 {
		d.Tokens = nil
	}
	if len(d.Fields) == 0 {
		d.Fields = nil
	}
	d.Sections = slices.Clone(d.Sections)
	if len(d.Sections) == 0 {
		d.Sections = nil
	}
	for i, s := range d.Sections {
		if len(s.Sealed) == 0 {
			d.Sections[i].Sealed = nil
		}
	}
	if len(d.Head) == 0 {
		d.Head = nil
	}
	return d
}
