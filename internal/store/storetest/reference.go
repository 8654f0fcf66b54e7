package storetest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"accord/internal/store"
)

// reference is the port in the plainest words: everything in memory, every query
// a walk over all of it.
type reference struct {
	documents map[string]store.Document
	excluded  map[store.Exclusion]bool
	receipts  map[string]bool
	outbox    []string
	log       []string
}

func isOutcome(got, want error) bool {
	if want == nil {
		return got == nil
	}
	return errors.Is(got, want)
}

// apply does what Batch says, or nothing and the error.
func (m *reference) apply(b store.Batch) error {
	if r := b.Receipt; r != nil && m.receipts[r.Key] {
		return store.ErrDuplicate
	}
	for _, g := range b.Guards {
		if m.documents[g.ID].Version != g.Version {
			return store.ErrStale
		}
	}
	after := maps.Clone(m.documents)
	for _, w := range b.Writes {
		if m.documents[w.Document.ID].Version != w.Expect {
			return store.ErrStale
		}
		after[w.Document.ID] = w.Document
	}
	references := map[store.Value]bool{}
	for _, d := range after {
		if v, has := d.Field("reference"); has && d.Kind == noteKind {
			if references[v] {
				return store.ErrDuplicate
			}
			references[v] = true
		}
	}
	m.documents = after
	for _, x := range b.Excluded {
		m.excluded[store.Exclusion{Principal: x.Principal, Family: x.Family}] = !x.Lifted
	}
	if b.Receipt != nil {
		m.receipts[b.Receipt.Key] = true
	}
	m.outbox = slices.DeleteFunc(m.outbox, func(id string) bool { return slices.Contains(b.Delivered, id) })
	for _, message := range b.Outbox {
		m.outbox = append(m.outbox, message.ID)
	}
	for _, e := range b.Entries {
		m.log = append(m.log, string(e))
	}
	return nil
}

// find returns the ids of everything a query would page through.
func (m *reference) find(q store.Query) []string {
	x := index(q.Index)
	var found []store.Document
	for _, d := range m.documents {
		position := x.Position(d)
		if m.reaches(x, q, d) && (q.After == nil || compare(x, position, *q.After) > 0) {
			found = append(found, d)
		}
	}
	slices.SortFunc(found, func(a, b store.Document) int { return compare(x, x.Position(a), x.Position(b)) })
	return ids(found)
}

func (m *reference) reaches(x store.Index, q store.Query, d store.Document) bool {
	if d.Kind != x.Kind {
		return false
	}
	for i, name := range x.Equal {
		if v, has := d.Field(name); !has || v != q.Equal[i] {
			return false
		}
	}
	if _, has := d.Field(x.Order); !has && x.Order != "" {
		return false
	}
	carries := func(token string) bool { return slices.Contains(d.Tokens, token) }
	return !x.Visible ||
		slices.ContainsFunc(q.Tokens, carries) && !m.excluded[store.Exclusion{Principal: q.Excluded, Family: d.Family}]
}

func compare(x store.Index, a, b store.Position) int {
	order := cmp.Compare(a.ID, b.ID)
	if x.Order != "" {
		order = cmp.Or(compareValues(a.Order, b.Order), order)
	}
	if x.Descending {
		return -order
	}
	return order
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

// compare holds everything that is not found through an index against the store.
func (m *reference) compare(ctx context.Context, s store.Store) error {
	names := slices.Sorted(maps.Keys(m.documents))
	got, err := s.GetMany(ctx, names)
	if err != nil {
		return fmt.Errorf("documents: %w", err)
	}
	if !slices.Equal(ids(got), names) {
		return fmt.Errorf("documents: got %v, want %v", ids(got), names)
	}
	if err = m.compareDocuments(got); err != nil {
		return err
	}
	messages, err := s.Outbox(ctx, store.MaxPage)
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	var waiting []string
	for _, message := range messages {
		waiting = append(waiting, message.ID)
	}
	if !slices.Equal(waiting, m.outbox) {
		return fmt.Errorf("waiting: got %v, want %v", waiting, m.outbox)
	}
	for _, principal := range drawnPrincipals[1:] {
		var families []string
		if families, err = s.Excluded(ctx, principal); err != nil {
			return fmt.Errorf("excluded: %w", err)
		}
		var want []string
		for _, family := range drawnFamilies {
			if m.excluded[store.Exclusion{Principal: principal, Family: family}] {
				want = append(want, family)
			}
		}
		if !slices.Equal(families, want) {
			return fmt.Errorf("excluded %s: got %v, want %v", principal, families, want)
		}
	}
	entries, err := entriesOf(ctx, s)
	if err != nil {
		return err
	}
	if got, want := fmt.Sprintf("%q", entries), fmt.Sprintf("%q", m.log); got != want {
		return fmt.Errorf("log: got %s, want %s", got, want)
	}
	return nil
}

func (m *reference) compareDocuments(got []store.Document) error {
	for _, d := range got {
		if got, want := fmt.Sprint(plain(d)), fmt.Sprint(plain(m.documents[d.ID])); got != want {
			return fmt.Errorf("document %s: got %s, want %s", d.ID, got, want)
		}
	}
	return nil
}
