package records

import (
	"time"

	"accord/authz"
	"accord/domain/marac"
	"accord/internal/store"
	"accord/internal/views"
)

// ListItem is a case's place on a meeting's list as the case keeps it.
type ListItem struct{ marac.ListItem }

type listItemHead struct {
	Case     string
	Meeting  string
	Referral string
	Children bool
	Repeat   bool
	PlacedAt time.Time
}

func (i ListItem) kind() store.Kind    { return kindOf(views.ListItemKind) }
func (i ListItem) id() string          { return i.ID }
func (i ListItem) family() string      { return i.Case }
func (i ListItem) row() authz.ClassSet { return views.ListItemKind.Row() }

func (i ListItem) head() any {
	return listItemHead{i.Case, i.Meeting, i.Referral, i.Children, i.Repeat, i.PlacedAt}
}

func (i ListItem) fields() []store.Field { return nil }
func (i ListItem) parts() []part         { return nil }

func (i ListItem) tokens(root *caseHead) tokenSet {
	tokens := tokenSet{}
	root.addAssigned(tokens)
	root.addConvenors(tokens)
	tokens.add(relayed, representedAt(i.Meeting), chairedAt(i.Meeting), invitedTo(i.ID))
	return tokens
}

func decodeListItem(doc store.Document, _ opener) (ListItem, error) {
	var head listItemHead
	if err := decode(doc.Head, &head); err != nil {
		return ListItem{}, err
	}
	return ListItem{marac.ListItem{
		ID: doc.ID, Case: head.Case, Meeting: head.Meeting, Referral: head.Referral, Children: head.Children,
		Repeat: head.Repeat, PlacedAt: head.PlacedAt,
	}}, nil
}

func viewListItem(record views.Record, doc store.Document) (views.ListItem, error) {
	var head listItemHead
	if err := decode(doc.Head, &head); err != nil {
		return views.ListItem{}, err
	}
	return views.ListItem{Record: record, CaseID: head.Case, MeetingID: head.Meeting}, nil
}
