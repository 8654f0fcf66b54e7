package records

import (
	"context"
	"errors"
	"fmt"

	"accord/internal/store"
	"accord/internal/views"
)

// declared is what records know of a kind, once: whether it follows its case, how
// what of it is clear is read, and how it is looked up by its id.
type declared struct {
	kind   views.Kind
	inCase bool // of the family of a case, whose head says who reaches it
	clear  func(store.Document) (content, error)
	node   func(context.Context, *Session, string) (any, error)
}

// declare declares a kind that is reached by its tokens.
func declare[T content, V any](kind views.Kind, decodeAs decoderOf[T], view viewOf[V]) declared {
	return declared{
		kind: kind, inCase: true,
		clear: func(doc store.Document) (content, error) { return decodeAs(doc, closed) },
		node: func(ctx context.Context, s *Session, id string) (any, error) {
			return node(byID(ctx, s, kind, id, view))
		},
	}
}

// apart is a kind with families of its own.
func (d declared) apart() declared {
	d.inCase = false
	return d
}

// lookedUp is a kind whose look-up is more than reading it.
func lookedUp[V any](d declared, look func(*Session, context.Context, string) (V, error)) declared {
	d.node = func(ctx context.Context, s *Session, id string) (any, error) { return node(look(s, ctx, id)) }
	return d
}

// declarations are the kinds of record that have a view.
func declarations() []declared {
	return []declared{
		declare(views.CaseKind, decodeCase, viewCase).apart(),
		declare(views.AssessmentKind, decodeAssessment, viewAssessment),
		declare(views.IncidentKind, decodeIncident, viewIncident),
		declare(views.PlanKind, decodePlan, viewPlan),
		declare(views.ReferralKind, decodeReferral, viewReferral),
		declare(views.MeetingKind, decodeMeeting, viewMeeting).apart(),
		lookedUp(declare(views.ListItemKind, decodeListItem, viewListItem), (*Session).listItem),
		declare(views.ResearchKind, decodeResearch, viewResearch),
		declare(views.ActionKind, decodeAction, viewAction),
		declare(views.OrderKind, decodeOrder, viewOrder),
		declare(views.NoticeKind, decodeNotice, viewNotice),
		declare(views.IntelligenceKind, decodeOwnedItem, viewOwnedItem),
		declare(views.AdvocateNoteKind, decodeOwnedItem, viewOwnedItem),
		declare(views.HealthKind, decodeOwnedItem, viewOwnedItem),
		declare(views.ReleaseKind, decodeRelease, viewRelease),
		declare(views.ExclusionKind, decodeExclusion, viewExclusion),
		declare(views.EmergencyKind, decodeEmergency, viewEmergency),
		declare(views.RevealKind, decodeReveal, viewReveal),
		declare(views.SearchKind, decodeSearch, viewSearch).apart(),
		declare(views.AlertKind, decodeAlert, viewAlert).apart(),
		lookedUp(declare(views.PartyLinkKind, decodePartyLink, viewNothing), (*Session).PartyLink).apart(),
		lookedUp(declare(views.AttachmentKind, decodeAttachment, viewAttachment), (*Session).Attachment),
		declare(views.VpsKind, decodePersonalStatement, viewPersonalStatement),
		declare(views.NominalKind, decodeNominal, viewNominal),
	}
}

// viewNothing is the view of a kind that is only ever looked up.
func viewNothing(views.Record, store.Document) (struct{}, error) {
	return struct{}{}, errors.New("a record was viewed that is only looked up")
}

// declaredAs returns the declaration of a kind; false when there is none.
func declaredAs(kind views.Kind) (declared, bool) {
	for _, declaration := range declarations() {
		if declaration.kind == kind {
			return declaration, true
		}
	}
	return declared{}, false
}

// familyKinds are the kinds of a case's family, which follow the case when who
// reaches it changes.
func familyKinds() []views.Kind {
	var kinds []views.Kind
	for _, declaration := range declarations() {
		if declaration.inCase {
			kinds = append(kinds, declaration.kind)
		}
	}
	return kinds
}

// isOfCase reports whether a document of the kind hangs on a case.
func isOfCase(kind store.Kind) bool {
	declaration, known := declaredAs(views.Kind(kind))
	return known && declaration.inCase
}

// decodeClear reads what of a record is clear.
func decodeClear(doc store.Document, kind views.Kind) (content, error) {
	declaration, known := declaredAs(kind)
	if !known {
		return nil, fmt.Errorf("no kind %s", kind)
	}
	return declaration.clear(doc)
}
