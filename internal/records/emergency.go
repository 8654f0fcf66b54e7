package records

import (
	"context"
	"fmt"
	"slices"
	"time"

	"accord/authz"
	"accord/domain/sharing"
	"accord/internal/store"
	"accord/internal/views"
)

// EmergencyAccess is access taken because life was at risk, as it is written.
// OverdueTold says that the auditors were told its review is late; it is kept with what
// is clear, so that who tells them opens nothing.
type EmergencyAccess struct {
	sharing.EmergencyAccess
	OverdueTold bool
}

type emergencyHead struct {
	Case        string
	Person      string
	From        time.Time
	Until       time.Time
	ReviewedAt  time.Time
	OverdueTold bool
}

// emergencies is the index of the access that a person has taken, that which ends
// last first.
const emergencies = "emergencies_person"

// reviewsOfEmergencies is the index of emergency access by where its review stands,
// the oldest first.
const reviewsOfEmergencies = "emergencies_review"

// Where a review stands.
const (
	reviewDue     = "due"
	reviewOverdue = "overdue" // and the auditors were told so
	reviewDone    = "done"
)

// EmergenciesAtOnce bounds to how many cases somebody holds emergency access at one
// time. One more would not be found by the index that is asked for so many.
const EmergenciesAtOnce = 8

func (e EmergencyAccess) kind() store.Kind    { return kindOf(views.EmergencyKind) }
func (e EmergencyAccess) id() string          { return e.ID }
func (e EmergencyAccess) family() string      { return e.Case }
func (e EmergencyAccess) row() authz.ClassSet { return views.EmergencyKind.Row() }

func (e EmergencyAccess) head() any {
	return emergencyHead{e.Case, e.Person, e.From, e.Until, e.ReviewedAt, e.OverdueTold}
}

func (e EmergencyAccess) fields() []store.Field {
	return []store.Field{
		{Name: "from", Value: store.Number(e.From.UnixMilli())},
		{Name: "person", Value: store.Text(e.Person)},
		{Name: "review", Value: store.Text(e.reviewStands())},
		{Name: untilField, Value: store.Number(e.Until.UnixMilli())},
	}
}

func (e EmergencyAccess) reviewStands() string {
	switch {
	case !e.ReviewedAt.IsZero():
		return reviewDone
	case e.OverdueTold:
		return reviewOverdue
	default:
		return reviewDue
	}
}

func (e EmergencyAccess) parts() []part {
	return []part{full(authz.SharingRecord, views.EmergencyContent{EmergencyAccess: e.EmergencyAccess})}
}

// tokens lets in the convenor, the auditor and, while it lasts, who took it.
func (e EmergencyAccess) tokens(root *caseHead) tokenSet {
	tokens := tokenSet{}
	root.addConvenors(tokens)
	tokens.add(overseenIn(root.Area), overseenIn(e.Agency), emergencyOf(e.ID))
	return tokens
}

func decodeEmergency(doc store.Document, open opener) (EmergencyAccess, error) {
	var head emergencyHead
	if err := decode(doc.Head, &head); err != nil {
		return EmergencyAccess{}, err
	}
	var content views.EmergencyContent
	if err := open(authz.SharingRecord, authz.Full, &content); err != nil {
		return EmergencyAccess{}, err
	}
	access := content.EmergencyAccess
	access.ID, access.Case, access.Person = doc.ID, head.Case, head.Person
	access.From, access.Until, access.ReviewedAt = head.From, head.Until, head.ReviewedAt
	return EmergencyAccess{access, head.OverdueTold}, nil
}

func viewEmergency(record views.Record, doc store.Document) (views.EmergencyAccess, error) {
	var head emergencyHead
	if err := decode(doc.Head, &head); err != nil {
		return views.EmergencyAccess{}, err
	}
	access := sharing.EmergencyAccess{From: head.From, Until: head.Until}
	return views.EmergencyAccess{
		Record: record, PersonID: head.Person, From: head.From, Until: head.Until, ReviewDueOn: access.ReviewDueOn(),
		ReviewedAt: unlessZero(head.ReviewedAt), Version: int(revision(doc)),
	}, nil
}

// liveEmergencies reads the emergency access that a person holds now.
func (r *Records) liveEmergencies(ctx context.Context, person string, now time.Time) ([]store.Document, error) {
	page, err := r.store.Find(ctx, store.Query{
		Index: emergencies, Equal: []store.Value{store.Text(person)}, Limit: EmergenciesAtOnce,
	})
	if err != nil {
		return nil, fmt.Errorf("reading the emergency access of a viewer: %w", err)
	}
	var live []store.Document
	for _, doc := range page.Documents {
		var head emergencyHead
		if err := decode(doc.Head, &head); err != nil {
			return nil, err
		}
		if (sharing.EmergencyAccess{From: head.From, Until: head.Until}).Live(now) {
			live = append(live, doc)
		}
	}
	return live, nil
}

// EmergenciesHeld is to how many cases the capacity holds emergency access now.
func (s *Session) EmergenciesHeld(ctx context.Context) (int, error) {
	live, err := s.records.liveEmergencies(ctx, s.capacity.Person, s.now)
	return len(live), err
}

// addEmergencies adds the cases to which the viewer holds emergency access now.
func (r *Records) addEmergencies(ctx context.Context, viewer reach, capacity authz.Capacity, now time.Time) error {
	live, err := r.liveEmergencies(ctx, capacity.Person, now)
	if err != nil {
		return err
	}
	for _, access := range live {
		if _, excluded := viewer.excluded[access.Family]; !excluded {
			viewer.tokens[inEmergency(access.Family)] = authz.BreakGlass
			viewer.tokens[emergencyOf(access.ID)] = authz.BreakGlass
		}
	}
	return nil
}

// EmergencyAccessOf returns the emergency access taken to a case, newest first.
func (s *Session) EmergencyAccessOf(ctx context.Context, of views.Case) ([]views.EmergencyAccess, error) {
	taken, err := membersOf(ctx, s, of.Together, views.EmergencyKind, of.ID, viewEmergency)
	slices.SortFunc(taken, func(a, b views.EmergencyAccess) int { return newestFirst(a.From, b.From, a.ID, b.ID) })
	return taken, err
}

// EmergencyAccess returns emergency access by its id.
func (s *Session) EmergencyAccess(ctx context.Context, id string) (views.EmergencyAccess, error) {
	return byID(ctx, s, views.EmergencyKind, id, viewEmergency)
}

// LoadEmergency reads emergency access for a review.
func (s *Session) LoadEmergency(ctx context.Context, id string) (Held[EmergencyAccess], error) {
	return loadByID(ctx, s, views.EmergencyKind, id, decodeEmergency)
}

// OverdueReview is emergency access whose review is late and nobody was told yet.
type OverdueReview struct {
	Access Held[EmergencyAccess] // what of it is clear
	Case   Case                  // what of it is clear
}

// OverdueReviews reads emergency access that should have been reviewed before the day
// of the session, the oldest first and as many as one page holds. It is for the system
// capacity that chases reviews; nothing sealed is opened.
func (s *Session) OverdueReviews(ctx context.Context) ([]OverdueReview, error) {
	page, err := s.records.store.Find(ctx, store.Query{
		Index: reviewsOfEmergencies, Equal: []store.Value{store.Text(reviewDue)}, Limit: store.MaxPage,
	})
	if err != nil {
		return nil, fmt.Errorf("reading emergency access to be reviewed: %w", err)
	}
	var overdue []OverdueReview
	for _, doc := range page.Documents {
		access, err := loadClear(ctx, s, doc, decodeEmergency)
		if err != nil {
			return nil, err
		}
		if access.Value.ReviewDueOn() >= s.Today() {
			break // what was taken later is due later
		}
		root, err := s.records.store.Get(ctx, doc.Family)
		if err != nil {
			return nil, fmt.Errorf("reading the case of emergency access: %w", err)
		}
		of, err := decodeCase(root, closed)
		if err != nil {
			return nil, err
		}
		overdue = append(overdue, OverdueReview{access, of})
	}
	return overdue, nil
}

// EmergencyChase starts a session of the system capacity that tells auditors of
// reviews that are late. It holds no role: it reads what is clear and changes nothing
// but that they were told.
func (r *Records) EmergencyChase(ctx context.Context) *Session {
	return r.Begin(ctx, authz.Capacity{System: "emergency chase"}, r.NewIdentifier("request"))
}
