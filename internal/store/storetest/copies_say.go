package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"accord/internal/store"
)

func (c copies) brokenOff() {
	for seed := range uint64(c.histories) { //nolint:gosec // a few
		seed += 11
		from, m := c.played(seed)
		for pages, broken := 1, true; broken; pages++ {
			to := c.to()
			broken = c.copyPages(from, to, pages)
			if !broken {
				continue
			}
			c.unfinished(to)
			c.must(c.whole(from, to))
			c.goesOn(to, m, seed+uint64(pages))
			if pages > 2 {
				pages += 4 // every page once would take as long as there are pages
			}
		}
		// What was copied is as it was, and is copied from again.
		to := c.to()
		c.must(c.whole(from, to))
		back := c.to()
		c.must(c.whole(to, back))
		c.goesOn(back, m, seed)
		c.goesOn(from, m, seed+1)
	}
}

// copyPages copies some pages of few rows, and reports whether it was broken off.
func (c copies) copyPages(from, to Place, pages int) (broken bool) {
	c.Helper()
	err := c.with(from, to, false, func(source store.Source, target store.Target) error {
		ctx, breakOff := context.WithCancel(c.Context())
		defer breakOff()
		return store.Copy(ctx, altered{source, upTo(3)}, target, func(store.Part, int64) {
			pages--
			if pages == 0 {
				breakOff()
			}
		})
	})
	if err != nil {
		c.refuse(err, context.Canceled)
	}
	return err != nil
}

// stocked is a place whose store has so many rows of each part, and one receipt
// that still counts beside one that does not.
func (c copies) stocked(many int) Place {
	c.Helper()
	place := c.from()
	s, err := place.Store(c.Context())
	c.must(err)
	b := store.Batch{Family: "f"}
	for i := range many {
		id := fmt.Sprintf("n%06d", i)
		b.Writes = append(b.Writes, store.Write{Document: inFamily("f", note(id, 1, "area", "north", "status", "OPEN", "at", i, "reference", id))})
		b.Excluded = append(b.Excluded, store.Exclusion{Principal: fmt.Sprintf("p%06d", i), Family: "f"})
		b.Outbox = append(b.Outbox, store.Message{ID: fmt.Sprintf("m%06d", many-i), Topic: "t"})
		b.Entries = append(b.Entries, fmt.Appendf(nil, "entry %d", i))
	}
	b.Receipt = &store.Receipt{Person: "ann", Key: "k", Input: []byte{0, 1}, Result: []string{"n000000"}, Until: farFuture}
	c.must(s.Apply(c.Context(), b))
	c.must(s.Apply(c.Context(), store.Batch{Receipt: &store.Receipt{Person: "ann", Key: "dead", Until: longAgo}}))
	c.must(s.Close())
	return place
}

func (c copies) large() {
	// More rows than a page has, and more bytes than one may.
	const many = store.CopyRows + 100
	from, to := c.stocked(many), c.to()
	s, err := from.Store(c.Context())
	c.must(err)
	for i := range 3 {
		d := inFamily("g", openCase(fmt.Sprintf("g%d", i), 1, i, "t:red"))
		d.Sections = []store.Section{{Name: "LARGE", Version: 1, Sealed: bytes.Repeat([]byte{byte(i)}, 5<<20)}}
		c.must(s.Apply(c.Context(), batchOf(d)))
	}
	c.must(s.Close())
	c.must(c.with(from, to, false, func(source store.Source, target store.Target) error {
		largest := 0
		bounded := altered{source, func(page store.Copied) store.Copied {
			if page.Len() > store.CopyRows {
				c.Errorf("a page has %d rows", page.Len())
			}
			size := 0
			for _, d := range page.Documents {
				size += len(d.Body)
			}
			largest = max(largest, size)
			return page
		}}
		if err := store.Copy(c.Context(), bounded, target, func(store.Part, int64) {}); err != nil {
			return err //nolint:wrapcheck // judged as it is
		}
		if bound := store.CopyBytes + 6<<20; largest > bound {
			c.Errorf("a page has %d bytes", largest)
		}
		compared, err := store.Compare(c.Context(), source, target, func(store.Part, int64) {})
		c.must(err)
		want := []store.Compared{
			{Part: store.DocumentPart, Kind: caseKind, Source: 3, Target: 3},
			{Part: store.DocumentPart, Kind: noteKind, Source: many, Target: many},
			{Part: store.ExclusionPart, Source: many, Target: many},
			{Part: store.ReceiptPart, Source: 1, Target: 1},
			{Part: store.MessagePart, Source: many, Target: many},
			{Part: store.EntryPart, Source: many, Target: many},
		}
		if !slices.Equal(compared.Lines, want) || !compared.Agrees() {
			c.Errorf("got %+v", compared)
		}
		return target.Finish(c.Context()) //nolint:wrapcheck // judged as it is
	}))
}

func (c copies) refused() {
	from, m := c.played(21)
	other, _ := c.played(22)
	to := c.to()
	if !c.copyPages(from, to, 2) {
		c.Fatal("the copy was not broken off")
	}
	c.refuse(c.whole(other, to), store.ErrOtherCopy)
	c.unfinished(to)
	c.must(c.whole(from, to))
	// A finished copy is a store: nothing is copied there, and nothing removes it.
	c.refuse(c.whole(from, to), store.ErrOccupied)
	c.refuse(c.with(from, to, true, nil), store.ErrOccupied)
	c.goesOn(to, m, 23)

	// The source goes on before its copy is finished: only anew.
	to = c.to()
	if !c.copyPages(from, to, 3) {
		c.Fatal("the copy was not broken off")
	}
	s, err := from.Store(c.Context())
	c.must(err)
	b := store.Batch{Entries: [][]byte{[]byte("one more")}}
	c.must(s.Apply(c.Context(), b))
	c.must(s.Close())
	c.must(m.apply(b))
	c.refuse(c.whole(from, to), store.ErrOtherCopy)
	c.unfinished(to)
	c.must(c.with(from, to, true, func(_ store.Source, target store.Target) error {
		for _, part := range store.Parts() {
			if page, unread := target.Page(c.Context(), part, store.Place{}); unread != nil || page.Len() > 0 || target.Place(part) != (store.Place{}) {
				c.Errorf("%d %s are there after what was begun was removed: %v", page.Len(), part, unread)
			}
		}
		// Unless all is there it is not finished.
		c.refuse(target.Finish(c.Context()), store.ErrUnfinished)
		return nil
	}))
	c.unfinished(to)
	c.must(c.whole(from, to))
	c.goesOn(to, m, 24)

	empty := c.to()
	s, err = empty.Store(c.Context())
	c.must(err)
	c.must(s.Close())
	c.refuse(c.whole(from, empty), store.ErrOccupied)
}

func (c copies) putTwice() {
	from, m := c.played(31)
	to := c.to()
	c.must(c.with(from, to, false, func(source store.Source, target store.Target) error {
		for _, part := range store.Parts() {
			for from := (store.Place{}); ; from = target.Place(part) {
				page, err := source.Page(c.Context(), part, from)
				c.must(err)
				if page.Len() == 0 {
					break
				}
				// One row, then with it all the others, then all of them again.
				c.must(target.Put(c.Context(), upTo(1)(page)))
				c.must(target.Put(c.Context(), page))
				c.must(target.Put(c.Context(), page))
			}
		}
		return c.finish(source, target)
	}))
	c.goesOn(to, m, 32)
}

var errStopped = errors.New("stopped")

func (c copies) changed() {
	from := c.stocked(4)
	for _, alter := range []struct {
		name string
		page func(*store.Copied)
		want error // of the copy; nil when the comparison finds it
	}{
		{"an entry", func(page *store.Copied) {
			if len(page.Entries) > 2 {
				page.Entries[2] = []byte("another")
			}
		}, store.ErrNotItsLog},
		{"an entry fewer", func(page *store.Copied) {
			if len(page.Entries) > 2 {
				page.Entries = page.Entries[:2]
			}
			if page.First > 1 {
				page.Entries = nil
			}
		}, nil},
		{"a document", func(page *store.Copied) {
			if len(page.Documents) > 1 {
				d := page.Documents[1].Document
				d.Version++
				body, err := store.EncodeDocument(d)
				c.must(err)
				page.Documents[1] = store.Stored{Document: d, Body: body}
			}
		}, nil},
		{"a key that one document alone may have", func(page *store.Copied) {
			if len(page.Documents) > 1 {
				d := page.Documents[1].Document
				d.Fields = page.Documents[0].Document.Fields
				body, err := store.EncodeDocument(d)
				c.must(err)
				page.Documents[1] = store.Stored{Document: d, Body: body}
			}
		}, store.ErrDuplicate},
		{"a document fewer", func(page *store.Copied) {
			if len(page.Documents) > 1 {
				page.Documents = slices.Delete(page.Documents, 1, 2)
			}
		}, nil},
		{"an exclusion fewer", func(page *store.Copied) {
			if len(page.Exclusions) > 0 {
				page.Exclusions = page.Exclusions[1:]
			}
		}, nil},
		{"a receipt", func(page *store.Copied) {
			if len(page.Receipts) > 0 {
				page.Receipts[0].Result = []string{"another"}
			}
		}, nil},
		{"the order of messages", func(page *store.Copied) {
			if len(page.Messages) > 1 {
				one, other := &page.Messages[0].Message, &page.Messages[1].Message
				*one, *other = *other, *one
			}
		}, nil},
	} {
		to := c.to()
		err := c.with(from, to, false, func(source store.Source, target store.Target) error {
			changed := altered{source, func(page store.Copied) store.Copied {
				alter.page(&page)
				return page
			}}
			if err := store.Copy(c.Context(), changed, target, func(store.Part, int64) {}); err != nil || alter.want != nil {
				return err //nolint:wrapcheck // judged as it is
			}
			compared, err := store.Compare(c.Context(), source, target, func(store.Part, int64) {})
			if err == nil && compared.Agrees() {
				c.Errorf("%s: both are said to agree", alter.name)
			}
			return cmpError(err, errStopped)
		})
		c.refuse(err, cmpError(alter.want, errStopped))
		c.unfinished(to)
	}
}

func cmpError(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}
