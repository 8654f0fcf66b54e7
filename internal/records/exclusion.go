package records

import (
	"cmp"
	"context"
	"slices"

	"accord/authz"
	"accord/domain/sharing"
	"accord/internal/store"
	"accord/internal/views"
)

// Exclusion is who is kept from a case, and why, as it is written. That it holds
// is on every document of the case; this says how it came about.
type Exclusion struct{ sharing.Exclusion }

// exclusionHead tells nothing of whom it is about.
type exclusionHead struct{ Case string }

func (e Exclusion) kind() store.Kind      { return kindOf(views.ExclusionKind) }
func (e Exclusion) id() string            { return e.ID }
func (e Exclusion) family() string        { return e.Case }
func (e Exclusion) row() authz.ClassSet   { return views.ExclusionKind.Row() }
func (e Exclusion) head() any             { return exclusionHead{e.Case} }
func (e Exclusion) fields() []store.Field { return nil }

func (e Exclusion) parts() []part {
	return []part{full(authz.ExclusionClass, views.ExclusionContent{Exclusion: e.Exclusion})}
}

// tokens lets in the convenor and the auditor.
func (e Exclusion) tokens(root *caseHead) tokenSet {
	tokens := tokenSet{}
	root.addConvenors(tokens)
	tokens.add(overseenIn(root.Area))
	return tokens
}

func decodeExclusion(doc store.Document, open opener) (Exclusion, error) {
	var head exclusionHead
	if err := decode(doc.Head, &head); err != nil {
		return Exclusion{}, err
	}
	var content views.ExclusionContent
	if err := open(authz.ExclusionClass, authz.Full, &content); err != nil {
		return Exclusion{}, err
	}
	content.ID, content.Case = doc.ID, head.Case
	return Exclusion{content.Exclusion}, nil
}

func viewExclusion(record views.Record, doc store.Document) (views.Exclusion, error) {
	return views.Exclusion{Record: record, Version: int(revision(doc))}, nil
}

// ExclusionsOf returns who is kept from a case, for who keeps exclusions.
func (s *Session) ExclusionsOf(ctx context.Context, of views.Case) ([]views.Exclusion, error) {
	exclusions, err := membersOf(ctx, s, of.Together, views.ExclusionKind, of.ID, viewExclusion)
	slices.SortFunc(exclusions, func(a, b views.Exclusion) int { return cmp.Compare(a.ID, b.ID) })
	return exclusions, err
}

// Exclusion returns an exclusion by its id.
func (s *Session) Exclusion(ctx context.Context, id string) (views.Exclusion, error) {
	return byID(ctx, s, views.ExclusionKind, id, viewExclusion)
}

// LoadExclusion reads an exclusion for a change.
func (s *Session) LoadExclusion(ctx context.Context, id string) (Held[Exclusion], error) {
	return loadByID(ctx, s, views.ExclusionKind, id, decodeExclusion)
}

// LoadExclusionsOf reads the exclusions of a case that are there for the capacity.
func (s *Session) LoadExclusionsOf(ctx context.Context, caseID string) ([]Held[Exclusion], error) {
	return loadFamily(ctx, s, views.ExclusionKind, caseID, decodeExclusion)
}
