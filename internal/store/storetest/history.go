package storetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"accord/internal/store"
)

// history is what happens to a store, a seed for each step. A step is drawn from
// its seed and from what the steps before it have left, so that a history stays
// one when steps are taken out.
type history []uint64

// longestHistory is how many steps a history can have.
const longestHistory = 60

func newHistory(seed uint64) history {
	r := draw(seed, 0)
	h := make(history, r.between(1, longestHistory))
	for i := range h {
		h[i] = r.Uint64()
	}
	return h
}

func referenceSays(say says, settings Settings) {
	say("any history leaves what the reference says", func(t TB, open Open) {
		seed := settings.Seed
		if seed == 0 {
			seed = rand.Uint64() //nolint:gosec // any will do
		}
		for n := range uint64(settings.histories()) { //nolint:gosec // not negative
			h := newHistory(seed + n)
			err := h.play(t, open)
			if err == nil {
				continue
			}
			if t.Context().Err() == nil {
				h, err = h.shortened(t, open, err)
			}
			t.Fatalf("history %d, shortened to %d steps: %v", seed+n, len(h), err)
		}
	})
}

// play lets a history happen to an empty store and to the reference, and says
// where they part.
func (h history) play(t TB, open Open) (err error) {
	s := open(t, Indexes())
	defer func() { err = errors.Join(err, s.Close()) }()
	m := &reference{
		documents: map[string]store.Document{}, excluded: map[store.Exclusion]bool{}, receipts: map[string]bool{},
	}
	for i, seed := range h {
		r := draw(seed, 1)
		step := m.asked
		if r.oneIn(2) {
			step = m.changed
		}
		if err := step(t.Context(), r, s); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return nil
}

// changed applies a batch to both, and compares what it leaves.
func (m *reference) changed(ctx context.Context, r drawn, s store.Store) error {
	batch := r.batch(m)
	want := m.apply(batch)
	if got := s.Apply(ctx, batch); !isOutcome(got, want) {
		return fmt.Errorf("apply %+v: got %v, want %v", batch, got, want) //nolint:errorlint // shown, not branched on
	}
	return m.compare(ctx, s)
}

// asked asks both a query.
func (m *reference) asked(ctx context.Context, r drawn, s store.Store) error {
	q := r.query(m)
	want := m.find(q)
	page, err := s.Find(ctx, q)
	if err != nil {
		return fmt.Errorf("find %+v: %w", q, err)
	}
	cut := want[:min(len(want), q.Limit)]
	if got := ids(page.Documents); !slices.Equal(got, cut) || page.More != (len(want) > q.Limit) {
		return fmt.Errorf("find %+v: got %v and more %v, want %v of %v", q, got, page.More, cut, want)
	}
	if err := m.compareDocuments(page.Documents); err != nil {
		return err
	}
	limit := r.between(1, 12)
	if n, err := s.Count(ctx, q, limit); err != nil || n != min(len(want), limit) {
		return fmt.Errorf("count %+v up to %d: got %d, %v, want %d", q, limit, n, err, len(want)) //nolint:errorlint // shown, not branched on
	}
	return nil
}

// shortened leaves out what a history parts without, as far as a hundred tries
// show.
func (h history) shortened(t TB, open Open, parts error) (history, error) {
	tries := 100
	for size := len(h); size > 0 && tries > 0; size /= 2 {
		for from := 0; from+size <= len(h) && tries > 0; tries-- {
			shorter := slices.Concat(h[:from], h[from+size:])
			if err := shorter.play(t, open); err != nil {
				h, parts = shorter, err
			} else {
				from += size
			}
		}
	}
	return h, parts
}
