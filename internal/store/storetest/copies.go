package storetest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"slices"

	"accord/internal/store"
)

// Place is where a store of an adapter is kept, with Indexes and signed by Sign.
// Nothing is there at first.
type Place struct {
	Store  func(ctx context.Context) (store.Store, error) // makes it where nothing is
	Log    func(ctx context.Context) (io.Closer, error)
	Source func(ctx context.Context) (store.Source, error)
	Target func(ctx context.Context, of store.State, restart bool) (store.Target, error)
}

// RunCopies holds two adapters, or one twice, to what is said of copies: of stores
// that went through so many histories, and of what is large.
func RunCopies[T Runner[T]](t T, histories int, from, to func(t T) Place) {
	t.Helper()
	for _, c := range []struct {
		sentence string
		check    func(c copies)
	}{
		{"a copy is what the source is, whatever page it was broken off after", copies.brokenOff},
		{"more than a page and more than fits in one", copies.large},
		{"a copy goes on with its own source only, and with no other store", copies.refused},
		{"what was put before is passed over", copies.putTwice},
		{"what came otherwise than it was read is found", copies.changed},
	} {
		t.Run(c.sentence, func(t T) {
			c.check(copies{TB: t, histories: histories, from: func() Place { return from(t) }, to: func() Place { return to(t) }})
		})
	}
}

// copies are the places of one test.
type copies struct {
	TB
	histories int
	from, to  func() Place
}

func (c copies) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

func (c copies) refuse(err, want error) {
	c.Helper()
	if !errors.Is(err, want) {
		c.Fatalf("got %v, want %v", err, want)
	}
}

// played is a place whose store has been through a history, and what it then holds.
func (c copies) played(seed uint64) (Place, *reference) {
	c.Helper()
	place := c.from()
	s, err := place.Store(c.Context())
	c.must(err)
	m := newReference()
	for _, step := range newHistory(seed) {
		c.must(m.changed(c.Context(), draw(step, 1), s))
	}
	c.must(s.Close())
	return place, m
}

// with opens a source and its target, lets f at them, and closes them.
func (c copies) with(from, to Place, restart bool, f func(store.Source, store.Target) error) error {
	c.Helper()
	source, err := from.Source(c.Context())
	c.must(err)
	defer func() { c.must(source.Close()) }()
	target, err := to.Target(c.Context(), source.State(), restart)
	if err != nil {
		return err //nolint:wrapcheck // judged as it is
	}
	defer func() { c.must(target.Close()) }()
	return f(source, target)
}

// whole copies, compares and finishes.
func (c copies) whole(from, to Place) error {
	c.Helper()
	return c.with(from, to, false, func(source store.Source, target store.Target) error {
		if err := store.Copy(c.Context(), source, target, func(store.Part, int64) {}); err != nil {
			return err //nolint:wrapcheck // judged as it is
		}
		return c.finish(source, target)
	})
}

func (c copies) finish(source store.Source, target store.Target) error {
	c.Helper()
	compared, err := store.Compare(c.Context(), source, target, func(store.Part, int64) {})
	if err != nil || !compared.Agrees() {
		c.Fatalf("compared: %+v, %v", compared, err)
	}
	// The log goes on under the very head that was signed in the source.
	for _, log := range []store.Log{source.Log(), target.Log()} {
		signed, err := log.Checkpoint(c.Context())
		if want := source.State().Signed; !bytes.Equal(signed, want) || err != nil && (len(want) > 0 || !errors.Is(err, store.ErrAbsent)) {
			c.Fatalf("the head is %q and was %q: %v", signed, want, err)
		}
	}
	return target.Finish(c.Context()) //nolint:wrapcheck // judged as it is
}

// unfinished holds a place to letting nobody in.
func (c copies) unfinished(place Place) {
	c.Helper()
	_, err := place.Store(c.Context())
	c.refuse(err, store.ErrUnfinished)
	_, err = place.Log(c.Context())
	c.refuse(err, store.ErrUnfinished)
	_, err = place.Source(c.Context())
	c.refuse(err, store.ErrUnfinished)
}

// goesOn holds a copy to the reference, and to it still when both go on.
func (c copies) goesOn(place Place, m *reference, seed uint64) {
	c.Helper()
	s, err := place.Store(c.Context())
	c.must(err)
	defer func() { c.must(s.Close()) }()
	c.must(m.compare(c.Context(), s))
	m = m.clone()
	for _, step := range newHistory(seed) {
		r := draw(step, 1)
		c.must(m.asked(c.Context(), r, s))
		c.must(m.changed(c.Context(), r, s))
	}
}

func newReference() *reference {
	return &reference{documents: map[string]store.Document{}, excluded: map[store.Exclusion]bool{}, receipts: map[string]bool{}}
}

func (m *reference) clone() *reference {
	return &reference{
		documents: maps.Clone(m.documents), excluded: maps.Clone(m.excluded), receipts: maps.Clone(m.receipts),
		outbox: slices.Clone(m.outbox), log: slices.Clone(m.log),
	}
}

// altered is a source whose pages are not what they are.
type altered struct {
	store.Source
	page func(store.Copied) store.Copied
}

func (a altered) Page(ctx context.Context, part store.Part, from store.Place) (store.Copied, error) {
	page, err := a.Source.Page(ctx, part, from)
	return a.page(page), err //nolint:wrapcheck // the source's
}

// upTo makes pages of a few rows.
func upTo(rows int) func(store.Copied) store.Copied {
	return func(page store.Copied) store.Copied {
		page.Documents = page.Documents[:min(rows, len(page.Documents))]
		page.Exclusions = page.Exclusions[:min(rows, len(page.Exclusions))]
		page.Receipts = page.Receipts[:min(rows, len(page.Receipts))]
		page.Messages = page.Messages[:min(rows, len(page.Messages))]
		page.Entries = page.Entries[:min(rows, len(page.Entries))]
		return page
	}
}
