package records

import (
	"context"
	"slices"
	"time"

	"accord/authz"
	"accord/domain/sharing"
	"accord/internal/store"
	"accord/internal/views"
)

// OwnedItem is something an agency holds on a case as it is written: each kind is
// a kind of record with a class of its own.
type OwnedItem struct{ sharing.OwnedItem }

type ownedItemHead struct {
	Case       string
	Agency     string
	Kind       sharing.ItemKind
	RecordedAt time.Time
}

func (i OwnedItem) kind() store.Kind    { return kindOf(views.KindOfItem(i.Kind)) }
func (i OwnedItem) id() string          { return i.ID }
func (i OwnedItem) family() string      { return i.Case }
func (i OwnedItem) row() authz.ClassSet { return views.KindOfItem(i.Kind).Row() }

func (i OwnedItem) head() any { return ownedItemHead{i.Case, i.Agency, i.Kind, i.RecordedAt} }

func (i OwnedItem) fields() []store.Field { return nil }

func (i OwnedItem) parts() []part {
	return []part{full(views.ItemClass(i.Kind), views.OwnedContent{
		About: i.About, Basis: i.Basis, Text: i.Text, RecordedBy: i.RecordedBy,
	})}
}

// tokens lets in the owner's practitioners on the case and their supervisors, and
// nobody of another agency. Of health information, the convenor and who represents
// the owner at a meeting are told that there is some.
func (i OwnedItem) tokens(root *caseHead) tokenSet {
	tokens := tokenSet{}
	root.addOwnerOnCase(tokens, i.Agency)
	switch i.Kind {
	case sharing.Intelligence:
		// The officer in the case reads it without owning it.
		root.addAssignedOf(tokens, i.Agency)
	case sharing.HealthInformation:
		root.addConvenors(tokens)
		root.addOwner(tokens, i.Agency)
	case sharing.AdvocateNote:
		// The service's independence is its value: its own people alone.
	}
	return tokens
}

func decodeOwnedItem(doc store.Document, open opener) (OwnedItem, error) {
	var head ownedItemHead
	if err := decode(doc.Head, &head); err != nil {
		return OwnedItem{}, err
	}
	var content views.OwnedContent
	if err := open(views.ItemClass(head.Kind), authz.Full, &content); err != nil {
		return OwnedItem{}, err
	}
	return OwnedItem{sharing.OwnedItem{
		ID: doc.ID, Case: head.Case, Agency: head.Agency, Kind: head.Kind, About: content.About, Basis: content.Basis,
		Text: content.Text, RecordedBy: content.RecordedBy, RecordedAt: head.RecordedAt,
	}}, nil
}

func viewOwnedItem(record views.Record, doc store.Document) (views.InformationItem, error) {
	var head ownedItemHead
	if err := decode(doc.Head, &head); err != nil {
		return views.InformationItem{}, err
	}
	return views.InformationItem{Record: record, Kind: head.Kind, AgencyID: head.Agency, RecordedAt: head.RecordedAt}, nil
}

// ItemsOf returns what agencies hold on a case, of one kind, newest first.
func (s *Session) ItemsOf(ctx context.Context, of views.Case, kind views.Kind) ([]views.InformationItem, error) {
	items, err := membersOf(ctx, s, of.Together, kind, of.ID, viewOwnedItem)
	slices.SortFunc(items, func(a, b views.InformationItem) int { return newestFirst(a.RecordedAt, b.RecordedAt, a.ID, b.ID) })
	return items, err
}

// InformationItem returns an item by its id.
func (s *Session) InformationItem(ctx context.Context, kind views.Kind, id string) (views.InformationItem, error) {
	return byID(ctx, s, kind, id, viewOwnedItem)
}

// LoadOwnedItem reads an item for a change.
func (s *Session) LoadOwnedItem(ctx context.Context, kind views.Kind, id string) (Held[OwnedItem], error) {
	return loadByID(ctx, s, kind, id, decodeOwnedItem)
}
