package records

import (
	"cmp"
	"context"
	"slices"

	"accord/authz"
	"accord/domain/calendar"
	"accord/domain/mappa"
	"accord/internal/store"
	"accord/internal/views"
)

// Nominal is that a perpetrator is managed under MAPPA, as it is written.
type Nominal struct{ mappa.Nominal }

type nominalHead struct {
	Case  string
	Party string
	From  calendar.Date
	Until calendar.Date
}

func (n Nominal) kind() store.Kind      { return kindOf(views.NominalKind) }
func (n Nominal) id() string            { return n.ID }
func (n Nominal) family() string        { return n.Case }
func (n Nominal) row() authz.ClassSet   { return views.NominalKind.Row() }
func (n Nominal) head() any             { return nominalHead{n.Case, n.Party, n.From, n.Until} }
func (n Nominal) fields() []store.Field { return nil }

func (n Nominal) parts() []part {
	return []part{full(authz.NominalClass, views.NominalContent{Category: string(n.Category), Level: string(n.Level)})}
}

// tokens lets in who works on the case and the area's MAPPA coordinators.
func (n Nominal) tokens(root *caseHead) tokenSet {
	tokens := tokenSet{}
	root.addAssigned(tokens)
	tokens.add(nominalIn(root.Area))
	return tokens
}

func decodeNominal(doc store.Document, open opener) (Nominal, error) {
	var head nominalHead
	if err := decode(doc.Head, &head); err != nil {
		return Nominal{}, err
	}
	var content views.NominalContent
	if err := open(authz.NominalClass, authz.Full, &content); err != nil {
		return Nominal{}, err
	}
	return Nominal{mappa.Nominal{
		ID: doc.ID, Case: head.Case, Party: head.Party, Category: mappa.Category(content.Category),
		Level: mappa.Level(content.Level), From: head.From, Until: head.Until,
	}}, nil
}

func viewNominal(record views.Record, doc store.Document) (views.Nominal, error) {
	var head nominalHead
	if err := decode(doc.Head, &head); err != nil {
		return views.Nominal{}, err
	}
	return views.Nominal{Record: record, PartyID: head.Party, From: head.From}, nil
}

// NominalsOf returns the perpetrators of a case who are managed under MAPPA, the
// latest first.
func (s *Session) NominalsOf(ctx context.Context, of views.Case) ([]views.Nominal, error) {
	nominals, err := membersOf(ctx, s, of.Together, views.NominalKind, of.ID, viewNominal)
	slices.SortFunc(nominals, func(a, b views.Nominal) int {
		return cmp.Or(cmp.Compare(b.From, a.From), cmp.Compare(a.ID, b.ID))
	})
	return nominals, err
}
