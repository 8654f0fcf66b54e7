package records

import (
	"time"

	"accord/authz"
	"accord/domain/marac"
	"accord/internal/store"
	"accord/internal/views"
)

// Research is what one agency holds for a list item as it is written. It belongs
// to its agency.
type Research struct{ marac.Research }

type researchHead struct {
	Case        string
	Item        string
	Meeting     string
	Agency      string
	Status      marac.ResearchStatus
	RequestedAt time.Time
	ReturnedAt  time.Time
}

func (r Research) kind() store.Kind    { return kindOf(views.ResearchKind) }
func (r Research) id() string          { return r.ID }
func (r Research) family() string      { return r.Case }
func (r Research) row() authz.ClassSet { return views.ResearchKind.Row() }

func (r Research) head() any {
	return researchHead{r.Case, r.Item, r.Meeting, r.Agency, r.Status, r.RequestedAt, r.ReturnedAt}
}

// fields hold item and agency, so that an agency is asked once.
func (r Research) fields() []store.Field {
	return []store.Field{{Name: "agency", Value: store.Text(r.Agency)}, {Name: "item", Value: store.Text(r.Item)}}
}

func (r Research) parts() []part {
	return []part{full(authz.Research, views.ResearchContent{
		Items: r.Items, WithheldNote: r.WithheldNote, ReturnedBy: r.ReturnedBy,
	})}
}

// tokens lets in the owner, and for agency and status the convenor and the chair.
func (r Research) tokens(root *caseHead) tokenSet {
	tokens := tokenSet{}
	root.addOwnerOnCase(tokens, r.Agency)
	root.addConvenors(tokens)
	tokens.add(relayed, ownedAtMeeting(r.Meeting, r.Agency), chairedAt(r.Meeting))
	return tokens
}

func decodeResearch(doc store.Document, open opener) (Research, error) {
	var head researchHead
	if err := decode(doc.Head, &head); err != nil {
		return Research{}, err
	}
	var content views.ResearchContent
	if err := open(authz.Research, authz.Full, &content); err != nil {
		return Research{}, err
	}
	return Research{marac.Research{
		ID: doc.ID, Case: head.Case, Item: head.Item, Meeting: head.Meeting, Agency: head.Agency, Status: head.Status,
		Items: content.Items, WithheldNote: content.WithheldNote, RequestedAt: head.RequestedAt,
		ReturnedBy: content.ReturnedBy, ReturnedAt: head.ReturnedAt,
	}}, nil
}

func viewResearch(record views.Record, doc store.Document) (views.Research, error) {
	var head researchHead
	if err := decode(doc.Head, &head); err != nil {
		return views.Research{}, err
	}
	return views.Research{Record: record, AgencyID: head.Agency, Status: head.Status, ItemID: head.Item}, nil
}
