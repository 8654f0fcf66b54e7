package records

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"accord/authz"
	"accord/domain/fault"
	"accord/domain/sharing"
	"accord/internal/store"
	"accord/internal/views"
)

// PartyLink is that parties of two cases are held to be one person, as it is
// written: in a family of its own, since it is of two.
type PartyLink struct{ sharing.PartyLink }

type partyLinkHead struct {
	First       sharing.LinkedParty
	Second      sharing.LinkedParty
	ProposedBy  string
	ProposedAt  time.Time
	ConfirmedBy string
	ConfirmedAt time.Time
	UndoneBy    string
	UndoneAt    time.Time
}

type partyLinkContent struct{ Reason, UndoneWhy string }

func (l PartyLink) kind() store.Kind    { return kindOf(views.PartyLinkKind) }
func (l PartyLink) id() string          { return l.ID }
func (l PartyLink) family() string      { return l.ID }
func (l PartyLink) row() authz.ClassSet { return views.PartyLinkKind.Row() }

func (l PartyLink) head() any {
	return partyLinkHead{l.First, l.Second, l.ProposedBy, l.ProposedAt, l.ConfirmedBy, l.ConfirmedAt, l.UndoneBy, l.UndoneAt}
}

// fields hold both ends, so that a link is found from either, and while it stands the
// pair, so that there is one link of two parties however often it is proposed.
func (l PartyLink) fields() []store.Field {
	fields := []store.Field{
		{Name: "first", Value: store.Text(l.First.Case)},
		{Name: "second", Value: store.Text(l.Second.Case)},
	}
	if l.Status() != sharing.LinkUndone {
		one, other := l.First.Case+"/"+l.First.Party, l.Second.Case+"/"+l.Second.Party
		fields = append(fields, store.Field{Name: "pair", Value: store.Text(min(one, other) + " " + max(one, other))})
	}
	return fields
}

func (l PartyLink) parts() []part {
	return []part{full(authz.CaseCore, partyLinkContent{l.Reason, l.UndoneWhy})}
}

// tokens: a link is reached through its two cases and nothing else.
func (l PartyLink) tokens(*caseHead) tokenSet { return tokenSet{} }

func decodePartyLink(doc store.Document, open opener) (PartyLink, error) {
	var head partyLinkHead
	if err := decode(doc.Head, &head); err != nil {
		return PartyLink{}, err
	}
	var content partyLinkContent
	if err := open(authz.CaseCore, authz.Full, &content); err != nil {
		return PartyLink{}, err
	}
	return PartyLink{sharing.PartyLink{
		ID: doc.ID, First: head.First, Second: head.Second, Reason: content.Reason, ProposedBy: head.ProposedBy,
		ProposedAt: head.ProposedAt, ConfirmedBy: head.ConfirmedBy, ConfirmedAt: head.ConfirmedAt, UndoneBy: head.UndoneBy,
		UndoneAt: head.UndoneAt, UndoneWhy: content.UndoneWhy,
	}}, nil
}

// linkedSight is what the viewer holds of both ends of a link; false when they do
// not reach both cases.
func (s *Session) linkedSight(ctx context.Context, head partyLinkHead) (authz.Sight, bool, error) {
	viewer, err := s.viewer()
	if err != nil {
		return authz.Sight{}, false, err
	}
	var both authz.Sight
	for i, end := range []string{head.First.Case, head.Second.Case} {
		doc, err := s.records.store.Get(ctx, end)
		if errors.Is(err, store.ErrAbsent) {
			return authz.Sight{}, false, nil
		}
		if err != nil {
			return authz.Sight{}, false, fmt.Errorf("reading an end of a link: %w", err)
		}
		sight, reached := s.sightOf(viewer, views.CaseKind, doc)
		if !reached {
			return authz.Sight{}, false, nil
		}
		if i == 0 {
			both = sight
		}
		both = both.And(sight)
	}
	return both, true, nil
}

// viewLink makes the view of a link from the end that it is looked at from; false
// when it is not there for the viewer.
func (s *Session) viewLink(ctx context.Context, doc store.Document, from string) (views.PartyLink, bool, error) {
	var head partyLinkHead
	if err := decode(doc.Head, &head); err != nil {
		return views.PartyLink{}, false, err
	}
	sight, reached, err := s.linkedSight(ctx, head)
	if err != nil || !reached {
		return views.PartyLink{}, false, err
	}
	s.trail.seen(doc)
	link := sharing.PartyLink{ConfirmedAt: head.ConfirmedAt, UndoneAt: head.UndoneAt}
	other := head.Second
	if head.Second.Case == from {
		other = head.First
	}
	return views.PartyLink{
		Record: s.record(ctx, doc, sight, &views.Together{Families: []string{other.Case}}), Status: link.Status(), ProposedByID: head.ProposedBy, ProposedAt: head.ProposedAt,
		ConfirmedByID: head.ConfirmedBy, ConfirmedAt: unlessZero(head.ConfirmedAt), UndoneAt: unlessZero(head.UndoneAt),
		OtherCase: other.Case, OtherOne: other.Party, Version: int(revision(doc)),
	}, true, nil
}

// linksAtOnce bounds the links of one case that are looked at.
const linksAtOnce = 100

// PartyLinksOf returns the links of a case's parties to parties of other cases
// that the viewer reaches, newest first.
func (s *Session) PartyLinksOf(ctx context.Context, of views.Case) ([]views.PartyLink, error) {
	links := []views.PartyLink{}
	for _, index := range []string{"links_first", "links_second"} {
		stop := s.phase("fetch")
		page, err := s.records.store.Find(ctx, store.Query{Index: index, Equal: []store.Value{store.Text(of.ID)}, Limit: linksAtOnce})
		stop()
		if err != nil {
			return nil, fmt.Errorf("reading the links of a case: %w", err)
		}
		for _, doc := range page.Documents {
			link, reached, err := s.viewLink(ctx, doc, of.ID)
			if err != nil {
				return nil, err
			}
			if reached {
				links = append(links, link)
			}
		}
	}
	slices.SortFunc(links, func(a, b views.PartyLink) int { return newestFirst(a.ProposedAt, b.ProposedAt, a.ID, b.ID) })
	return links, nil
}

// PartyLink returns a link by its id.
func (s *Session) PartyLink(ctx context.Context, id string) (views.PartyLink, error) {
	doc, err := s.get(ctx, views.PartyLinkKind, id)
	if err != nil {
		return views.PartyLink{}, err
	}
	link, reached, err := s.viewLink(ctx, doc, "")
	if err == nil && !reached {
		s.missed(views.PartyLinkKind, id)
		err = fault.Missing()
	}
	return link, err
}

// LoadPartyLink reads a link for a change.
func (s *Session) LoadPartyLink(ctx context.Context, id string) (Held[PartyLink], error) {
	doc, err := s.get(ctx, views.PartyLinkKind, id)
	if err != nil {
		return Held[PartyLink]{}, err
	}
	var head partyLinkHead
	if err = decode(doc.Head, &head); err != nil {
		return Held[PartyLink]{}, err
	}
	sight, reached, err := s.linkedSight(ctx, head)
	if err == nil && !reached {
		s.missed(views.PartyLinkKind, id)
		err = fault.Missing()
	}
	if err != nil {
		return Held[PartyLink]{}, err
	}
	s.trail.seen(doc)
	return load(ctx, s, doc, sight, decodePartyLink)
}
