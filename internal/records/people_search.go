package records

import (
	"context"
	"fmt"
	"hash/maphash"
	"slices"
	"time"

	"accord/authz"
	"accord/domain/sharing"
	"accord/internal/store"
	"accord/internal/views"
)

// PeopleSearch is that somebody looked for a person, and why, as it is written: in the
// family of who looked. Whom they looked for is not kept.
type PeopleSearch struct{ sharing.Search }

type peopleSearchHead struct {
	By string
	At time.Time
}

// searchesOf names the index that tells the searches of a person, the oldest first.
const searchesOf = "searches_person"

// SearchesOf names the family in which the searches of a practitioner are written.
func SearchesOf(practitioner string) string { return "searches:" + practitioner }

func (p PeopleSearch) kind() store.Kind    { return kindOf(views.SearchKind) }
func (p PeopleSearch) id() string          { return p.ID }
func (p PeopleSearch) family() string      { return SearchesOf(p.By) }
func (p PeopleSearch) row() authz.ClassSet { return views.SearchKind.Row() }
func (p PeopleSearch) head() any           { return peopleSearchHead{p.By, p.At} }

func (p PeopleSearch) fields() []store.Field {
	return []store.Field{
		{Name: "at", Value: store.Number(p.At.UnixMilli())},
		{Name: "person", Value: store.Text(p.By)},
	}
}

func (p PeopleSearch) parts() []part {
	return []part{full(authz.SharingRecord, views.PeopleSearchContent{Search: p.Search})}
}

// tokens lets in the auditors of the searcher's agency and areas.
func (p PeopleSearch) tokens(*caseHead) tokenSet {
	tokens := tokenSet{}
	tokens.add(overseenIn(p.Agency))
	for _, area := range p.Areas {
		tokens.add(overseenIn(area))
	}
	return tokens
}

func decodeSearch(doc store.Document, open opener) (PeopleSearch, error) {
	var head peopleSearchHead
	if err := decode(doc.Head, &head); err != nil {
		return PeopleSearch{}, err
	}
	var content views.PeopleSearchContent
	if err := open(authz.SharingRecord, authz.Full, &content); err != nil {
		return PeopleSearch{}, err
	}
	search := content.Search
	search.ID, search.By, search.At = doc.ID, head.By, head.At
	return PeopleSearch{search}, nil
}

func viewSearch(record views.Record, doc store.Document) (views.PeopleSearch, error) {
	var head peopleSearchHead
	if err := decode(doc.Head, &head); err != nil {
		return views.PeopleSearch{}, err
	}
	return views.PeopleSearch{Record: record, At: head.At}, nil
}

// SearchesSince counts how often the capacity's person has looked for somebody since a
// moment, and stops at limit. Whoever writes a search by what it counts takes a turn
// first: see TakeTurnToSearch.
func (s *Session) SearchesSince(ctx context.Context, since time.Time, limit int) (int, error) {
	count, err := s.records.store.Count(ctx, store.Query{
		Index: searchesOf, Equal: []store.Value{store.Text(s.capacity.Person)},
		After: &store.Position{Order: store.Number(since.UnixMilli()), ID: afterEveryID}, Limit: 1,
	}, limit)
	if err != nil {
		return 0, fmt.Errorf("counting the searches of a person: %w", err)
	}
	return count, nil
}

// searchTurns are taken by whoever searches, so that the searches of one person in this
// program come one after the other. People share a turn as their ids fall, which costs
// them a wait and nothing else.
type searchTurns struct {
	seed  maphash.Seed
	turns [searchesAtOnce]chan struct{}
}

// searchesAtOnce is how many people can search at the same time.
const searchesAtOnce = 64

func newSearchTurns() *searchTurns {
	all := &searchTurns{seed: maphash.MakeSeed()}
	for i := range all.turns {
		all.turns[i] = make(chan struct{}, 1)
	}
	return all
}

func (t *searchTurns) of(person string) chan struct{} {
	return t.turns[maphash.String(t.seed, person)%searchesAtOnce]
}

// TakeTurnToSearch waits until no other search of the capacity's person is under way,
// so that what SearchesSince counts is still so when the search is written. Whoever
// takes the turn calls done once it is written or refused. The turn holds in one
// program: of several programs on one store each lets one search in at a time, and by
// as many a limit may be passed.
func (s *Session) TakeTurnToSearch(ctx context.Context) (done func(), err error) {
	turn := s.records.searchTurns.of(s.capacity.Person)
	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("waiting for the turn to search: %w", ctx.Err())
	}
}

// afterEveryID stands behind every id, which is of letters, digits and underscores.
const afterEveryID = "\x7f"

// Keep adds to a change that somebody was looked for, and enters it as the combination
// of everything that was compared for it.
func (f Found) Keep(c *Change, search sharing.Search) error {
	if err := CreateByRule(c, PeopleSearch{search}); err != nil {
		return err
	}
	c.Combines()
	c.looked = append(c.looked, slices.Clone(f.compared)...)
	return nil
}
