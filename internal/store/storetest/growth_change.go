package storetest

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"accord/internal/store"
)

// changes are calls of Apply, with everything a change of a record brings along:
// a guard, a receipt, a log entry, a message delivered and one posted. Every
// second one takes back what the first has done, and calls are made twice.
func (w *World) changes() []Call {
	kind := &w.kinds[0]
	tokens, places := 0, 0 // index rows that go and come
	for _, x := range w.indexes {
		if x.Kind != kind.name {
			continue
		}
		rows := 2
		if x.Visible {
			tokens += 2
			rows = 2 * tokensEach
		}
		if kind.says(x.Order) == saysDay {
			places += rows
		}
	}
	return []Call{
		w.change("Apply, one token", tokens, func(d *store.Document) { d.Tokens = toggled(d.Tokens, everyone, "relay:another") }),
		w.change("Apply, another place in the order", places, func(d *store.Document) {
			for i, f := range d.Fields {
				if kind.says(f.Name) == saysDay {
					d.Fields[i].Value.Number = -f.Value.Number
				}
			}
		}),
	}
}

// toggled puts one token in the place of the other.
func toggled(tokens []string, a, b string) []string {
	tokens = slices.Clone(tokens)
	for i, token := range tokens {
		switch token {
		case a:
			tokens[i] = b
		case b:
			tokens[i] = a
		}
	}
	return Sorted(tokens)
}

// broughtAlong is how many rows a change writes that are in no index: the
// document, receipt, messages, log entry and tree head, and the trees over them.
const broughtAlong = 12

// change is a guarded change of the document in the middle of the kind that is counted,
// which moves so many index rows.
func (w *World) change(name string, rows int, edit func(*store.Document)) Call {
	kind := &w.kinds[0]
	middle := w.documents(kind) / 2
	var batch store.Batch
	return Call{
		Name: name,
		prepare: func(ctx context.Context, work *Work) error {
			d, err := w.store.Get(ctx, kind.id(middle))
			if err != nil {
				return fmt.Errorf("get: %w", err)
			}
			was := d.Version
			d.Version++
			d.Fields = slices.Clone(d.Fields)
			edit(&d)
			logged := int64(w.size + w.written)
			hashes := tlog.StoredHashCount(logged+1) - tlog.StoredHashCount(logged)
			*work = Work{Documents: 2, Rows: rows + broughtAlong + int(hashes)}
			before := changeID(w.written)
			w.written++
			id := changeID(w.written)
			batch = store.Batch{
				Family:    d.Family,
				Writes:    []store.Write{{Document: d, Expect: was}},
				Guards:    []store.Guard{{ID: kind.id(middle + 1), Version: 1}},
				Receipt:   &store.Receipt{Person: writerOf(0), Key: id, Input: make([]byte, 32), Result: []string{d.ID}, Until: farFuture},
				Outbox:    []store.Message{{ID: id, Topic: "changed", Body: emptyBody}},
				Delivered: []string{before},
				Entries:   [][]byte{[]byte(id)},
			}
			return nil
		},
		run: func(ctx context.Context) (int, error) {
			return 0, w.store.Apply(ctx, batch) //nolint:wrapcheck // who makes the call names it
		},
	}
}

func changeID(n int) string { return fmt.Sprintf("change-%d", n) }
