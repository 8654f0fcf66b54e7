package records

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"accord/domain/calendar"
	"accord/domain/casework"
	"accord/domain/fault"
	"accord/domain/marac"
	"accord/domain/risk"
	"accord/internal/store"
	"accord/internal/views"
)

// Case returns a case by its reference.
func (s *Session) Case(ctx context.Context, reference string) (views.Case, error) {
	return byUnique(ctx, s, views.CaseKind, "case_reference", reference, viewCase)
}

// CaseByID returns a case by its id.
func (s *Session) CaseByID(ctx context.Context, id string) (views.Case, error) {
	return byID(ctx, s, views.CaseKind, id, viewCase)
}

// Action returns an action by its id.
func (s *Session) Action(ctx context.Context, id string) (views.Action, error) {
	return byID(ctx, s, views.ActionKind, id, viewAction)
}

// Meeting returns a meeting by its reference.
func (s *Session) Meeting(ctx context.Context, reference string) (views.Meeting, error) {
	return byUnique(ctx, s, views.MeetingKind, "meeting_reference", reference, viewMeeting)
}

// MeetingByID returns a meeting by its id.
func (s *Session) MeetingByID(ctx context.Context, id string) (views.Meeting, error) {
	return byID(ctx, s, views.MeetingKind, id, viewMeeting)
}

// Node returns any record by its id.
func (s *Session) Node(ctx context.Context, id string) (any, error) {
	prefix, _, _ := strings.Cut(id, "_")
	declaration, known := declaredAs(views.Kind(prefix))
	if !known {
		declaration, _ = declaredAs(views.CaseKind)
	}
	return declaration.node(ctx, s, id)
}

func node[V any](view V, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return view, nil
}

// CaseOrder is an order of cases.
type CaseOrder string

// The orders of cases, as the schema names them.
const (
	OpenedNewest CaseOrder = "OPENED_NEWEST"
	OpenedOldest CaseOrder = "OPENED_OLDEST"
	ByReference  CaseOrder = "REFERENCE"
)

// CaseFilter keeps cases that match every part given.
type CaseFilter struct {
	Status    *casework.CaseStatus
	Type      *casework.CaseType
	RiskLevel *risk.Level
}

// Cases returns a page of the cases the viewer has a relation to.
func (s *Session) Cases(ctx context.Context, filter CaseFilter, order CaseOrder, page PageRequest) (views.CaseConnection, error) {
	list := listing[views.Case]{kind: views.CaseKind, view: viewCase}
	switch order {
	case OpenedNewest:
		list.index, list.order = "cases_opened_newest", "opened"
	case OpenedOldest:
		list.index, list.order = "cases_opened_oldest", "opened"
	case ByReference:
		list.index, list.order = "cases_reference", "reference"
	default:
		return views.CaseConnection{}, fault.Input("orderBy", "oneOf", "Ask for one of the orders that the schema names.")
	}
	if filter.Status != nil && order == OpenedNewest {
		list.index, list.equal = "cases_status_opened_newest", []store.Value{store.Text(string(*filter.Status))}
		filter.Status = nil
	}
	list.name = fmt.Sprintf("cases %s %v %s %s", list.index, list.equal, said(filter.Status), said(filter.Type)+said(filter.RiskLevel))
	if filter != (CaseFilter{}) {
		list.keep = func(c views.Case) bool {
			return matches(filter.Status, c.Status) && matches(filter.Type, c.Type) && matches(filter.RiskLevel, c.RiskLevel)
		}
	}
	return pageOf(ctx, s, list, page)
}

// MeetingFilter keeps meetings that match every part given.
type MeetingFilter struct {
	Status *marac.MeetingStatus
	Kind   *marac.MeetingKind
}

// Meetings returns a page of the meetings the viewer has a relation to.
func (s *Session) Meetings(ctx context.Context, filter MeetingFilter, page PageRequest) (views.MeetingConnection, error) {
	list := listing[views.Meeting]{kind: views.MeetingKind, view: viewMeeting, index: "meetings_starts_latest", order: "starts"}
	if filter.Status != nil {
		list.index, list.equal = "meetings_status_starts_latest", []store.Value{store.Text(string(*filter.Status))}
	}
	list.name = fmt.Sprintf("meetings %s %v %s", list.index, list.equal, said(filter.Kind))
	if filter.Kind != nil {
		list.keep = func(m views.Meeting) bool { return m.Kind == *filter.Kind }
	}
	return pageOf(ctx, s, list, page)
}

// ActionFilter keeps actions that match every part given.
type ActionFilter struct {
	Status  *marac.ActionStatus
	Overdue *bool
	Mine    bool
}

// Actions returns a page of the actions the viewer has a relation to.
func (s *Session) Actions(ctx context.Context, filter ActionFilter, page PageRequest) (views.ActionConnection, error) {
	list := listing[views.Action]{kind: views.ActionKind, view: viewAction, index: "actions_due", order: "due"}
	switch {
	case filter.Mine:
		list.index, list.equal = "actions_assignee_due", []store.Value{store.Text(s.capacity.Person)}
	case filter.Status != nil:
		list.index, list.equal = "actions_status_due", []store.Value{store.Text(string(*filter.Status))}
		filter.Status = nil
	}
	list.name = fmt.Sprintf("actions %s %v %s %s", list.index, list.equal, said(filter.Status), said(filter.Overdue))
	if filter.Status != nil || filter.Overdue != nil {
		list.keep = func(a views.Action) bool {
			return matches(filter.Status, a.Facts.Status) && matches(filter.Overdue, marac.Overdue(a.Facts, s.Today()))
		}
	}
	return pageOf(ctx, s, list, page)
}

func matches[T comparable](wanted *T, is T) bool { return wanted == nil || *wanted == is }

// said writes a part of a filter into the name of its list.
func said[T any](part *T) string {
	if part == nil {
		return "-"
	}
	return fmt.Sprint(*part)
}

// ListItems returns the items of a meeting's list that are there for the viewer,
// in the order they are heard, with the viewer's own dense positions.
func (s *Session) ListItems(ctx context.Context, meeting views.Meeting) ([]views.ListItem, error) {
	doc, err := s.get(ctx, views.MeetingKind, meeting.ID)
	if err != nil {
		return nil, err
	}
	return s.itemsOf(ctx, doc)
}

func (s *Session) itemsOf(ctx context.Context, meeting store.Document) ([]views.ListItem, error) {
	var head meetingHead
	if err := decode(meeting.Head, &head); err != nil {
		return nil, err
	}
	ids := make([]string, len(head.Heard))
	for i, heard := range head.Heard {
		ids[i] = heard.Item
	}
	stop := s.phase("fetch")
	docs, err := s.records.store.GetMany(ctx, ids)
	stop()
	if err != nil {
		return nil, fmt.Errorf("reading the list of a meeting: %w", err)
	}
	items, together := []views.ListItem{}, &views.Together{}
	for _, doc := range docs {
		item, reached, err := show(ctx, s, views.ListItemKind, doc, together, viewListItem)
		if err != nil {
			return nil, err
		}
		if !reached {
			continue
		}
		item.Position, item.StartsAt = len(items)+1, head.StartsAt
		items = append(items, item)
		together.Families = append(together.Families, doc.Family)
	}
	return items, nil
}

// listItem returns one list item by its id, at the position it has for the
// viewer in its list.
func (s *Session) listItem(ctx context.Context, id string) (views.ListItem, error) {
	item, err := byID(ctx, s, views.ListItemKind, id, viewListItem)
	if err != nil {
		return views.ListItem{}, err
	}
	meeting, err := s.get(ctx, views.MeetingKind, item.MeetingID)
	if err != nil {
		return views.ListItem{}, err
	}
	items, err := s.itemsOf(ctx, meeting)
	if err != nil {
		return views.ListItem{}, err
	}
	for _, listed := range items {
		if listed.ID == id {
			return listed, nil
		}
	}
	// Placed on the case and not yet on the meeting: it is not on the list.
	s.missed(views.ListItemKind, id)
	return views.ListItem{}, fault.Missing()
}

// CaseOf returns the case of a record that was read together with others; false
// when it is not there for the viewer.
func (s *Session) CaseOf(ctx context.Context, record views.Record, id string) (views.Case, bool, error) {
	if id == "" {
		return views.Case{}, false, nil
	}
	found, err := membersOf(ctx, s, record.Together, views.CaseKind, id, viewCase)
	if err != nil || len(found) == 0 {
		return views.Case{}, false, err
	}
	return found[0], true, nil
}

// CurrentAssessment returns the latest assessment submitted among those that are
// there for the viewer; nil when there is none.
func (s *Session) CurrentAssessment(ctx context.Context, of views.Case) (*views.Assessment, error) {
	docs, err := s.members(ctx, of.Together, views.AssessmentKind)
	if err != nil {
		return nil, err
	}
	var heads []risk.Assessment
	for _, doc := range docs {
		var head assessmentHead
		if doc.Family != of.ID {
			continue
		}
		if err := decode(doc.Head, &head); err != nil {
			return nil, err
		}
		if there, err := s.there(views.AssessmentKind, doc); err != nil || !there || head.Supplementary {
			if err != nil {
				return nil, err
			}
			continue
		}
		heads = append(heads, risk.Assessment{ID: doc.ID, Status: head.Status, SubmittedAt: head.SubmittedAt})
	}
	current, ok := risk.Current(heads)
	if !ok {
		return nil, nil
	}
	for _, doc := range docs {
		if doc.ID == current.ID {
			shown, reached, err := show(ctx, s, views.AssessmentKind, doc, of.Together, viewAssessment)
			if err != nil || !reached {
				return nil, err
			}
			return &shown, nil
		}
	}
	return nil, nil
}

// there reports whether a document is there for the viewer, without looking at
// it.
func (s *Session) there(kind views.Kind, doc store.Document) (bool, error) {
	viewer, err := s.viewer()
	if err != nil {
		return false, err
	}
	_, reached := s.sightOf(viewer, kind, doc)
	return reached, nil
}

// PlanOf returns the safeguarding plan of a case; nil when there is none for the
// viewer.
func (s *Session) PlanOf(ctx context.Context, of views.Case) (*views.Plan, error) {
	plans, err := membersOf(ctx, s, of.Together, views.PlanKind, of.ID, viewPlan)
	if err != nil || len(plans) == 0 {
		return nil, err
	}
	return &plans[0], nil
}

// CourseOfConduct returns what happened, by the case's Sight.
func (s *Session) CourseOfConduct(ctx context.Context, of views.Case) (views.CourseOfConduct, error) {
	incidents, err := membersOf(ctx, s, of.Together, views.IncidentKind, of.ID, viewIncident)
	if err != nil {
		return views.CourseOfConduct{}, err
	}
	slices.SortFunc(incidents, func(a, b views.Incident) int {
		return cmp.Or(cmp.Compare(b.KnownOn, a.KnownOn), cmp.Compare(a.ID, b.ID))
	})
	return views.CourseOfConduct{Record: of.Record, Recorded: incidents}, nil
}

// ReferralsOf returns the referrals of a case, latest first. Where the viewer
// sees only that they are there, their order says nothing either.
func (s *Session) ReferralsOf(ctx context.Context, of views.Case) ([]views.Referral, error) {
	referrals, err := membersOf(ctx, s, of.Together, views.ReferralKind, of.ID, viewReferral)
	slices.SortFunc(referrals, func(a, b views.Referral) int {
		return cmp.Or(latestFirst(a.SubmittedOn(), b.SubmittedOn()), cmp.Compare(a.ID, b.ID))
	})
	return referrals, err
}

// OrdersOf returns the orders of a case, latest first.
func (s *Session) OrdersOf(ctx context.Context, of views.Case) ([]views.Order, error) {
	orders, err := membersOf(ctx, s, of.Together, views.OrderKind, of.ID, viewOrder)
	slices.SortFunc(orders, func(a, b views.Order) int {
		return cmp.Or(latestFirst(a.MadeOn(), b.MadeOn()), cmp.Compare(a.ID, b.ID))
	})
	return orders, err
}

// NoticesOf returns the past notices of a case, latest first.
func (s *Session) NoticesOf(ctx context.Context, of views.Case) ([]views.Notice, error) {
	notices, err := membersOf(ctx, s, of.Together, views.NoticeKind, of.ID, viewNotice)
	slices.SortFunc(notices, func(a, b views.Notice) int {
		return cmp.Or(latestFirst(a.IssuedOn(), b.IssuedOn()), cmp.Compare(a.ID, b.ID))
	})
	return notices, err
}

// latestFirst orders days as the viewer is shown them; those not shown are equal.
func latestFirst(a, b *calendar.Date) int {
	if a == nil || b == nil {
		return 0
	}
	return cmp.Compare(*b, *a)
}

// ActionsOf returns the actions of a case, earliest due date first.
func (s *Session) ActionsOf(ctx context.Context, of views.Case) ([]views.Action, error) {
	return s.actionsWhere(ctx, of.Record, of.ID, func(views.Action) bool { return true })
}

// ActionsAt returns the actions of a list item: agreed at it, or still open when
// the meeting starts.
func (s *Session) ActionsAt(ctx context.Context, item views.ListItem) ([]views.Action, error) {
	return s.actionsWhere(ctx, item.Record, item.CaseID, func(action views.Action) bool {
		return action.Facts.BelongsAt(item.ID, item.StartsAt, s.now)
	})
}

func (s *Session) actionsWhere(ctx context.Context, record views.Record, family string, belongs func(views.Action) bool) ([]views.Action, error) {
	actions, err := membersWhere(ctx, s, record.Together, views.ActionKind, family, viewAction, belongs)
	slices.SortFunc(actions, func(a, b views.Action) int {
		return cmp.Or(cmp.Compare(a.Facts.DueOn, b.Facts.DueOn), cmp.Compare(a.ID, b.ID))
	})
	return actions, err
}

// ResearchAt returns the research of a list item that is there for the viewer,
// ordered by the agency's name.
func (s *Session) ResearchAt(ctx context.Context, item views.ListItem) ([]views.Research, error) {
	research, err := membersWhere(ctx, s, item.Together, views.ResearchKind, item.CaseID, viewResearch, func(r views.Research) bool {
		return r.ItemID == item.ID
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(research, func(a, b views.Research) int {
		return cmp.Or(cmp.Compare(a.Agency().Name, b.Agency().Name), cmp.Compare(a.ID, b.ID))
	})
	return research, nil
}
