package records

import (
	"context"

	"accord/authz"
	"accord/domain/fault"
	"accord/internal/store"
	"accord/internal/views"
)

// LoadCase reads a case for a change.
func (s *Session) LoadCase(ctx context.Context, id string) (Held[Case], error) {
	return loadByID(ctx, s, views.CaseKind, id, decodeCase)
}

// LoadCaseHead reads what of a case is clear, for a change of who reaches it. Nothing
// that is sealed is opened, so that whoever declares a conflict of interest has not
// looked at anybody by doing so.
func (s *Session) LoadCaseHead(ctx context.Context, id string) (Held[Case], error) {
	return loadByID(ctx, s, views.CaseKind, id, func(doc store.Document, _ opener) (Case, error) {
		return decodeCase(doc, closed)
	})
}

// LoadDuties reads what of the actions of a case is clear that a practitioner has
// still to do, whether or not the capacity reads actions: they are for a change of who
// does them, and for nothing else.
func (s *Session) LoadDuties(ctx context.Context, caseID, practitioner string) ([]Held[Action], error) {
	docs, err := s.records.membersOf(ctx, views.ActionKind, []string{caseID})
	if err != nil {
		return nil, err
	}
	var duties []Held[Action]
	for _, doc := range docs {
		held, err := loadClear(ctx, s, doc, decodeAction)
		if err != nil {
			return nil, err
		}
		if held.Value.Assignee == practitioner && held.Value.Status.Open() {
			duties = append(duties, held)
		}
	}
	return duties, nil
}

// loadClear reads what of a record is clear, for a change by a rule of its own.
func loadClear[T content](ctx context.Context, s *Session, doc store.Document, decodeAs decoderOf[T]) (Held[T], error) {
	return load(ctx, s, doc, authz.Sight{}, decodeAs)
}

// LoadAssessment reads an assessment for a change.
func (s *Session) LoadAssessment(ctx context.Context, id string) (Held[Assessment], error) {
	return loadByID(ctx, s, views.AssessmentKind, id, decodeAssessment)
}

// LoadReferral reads a referral for a change.
func (s *Session) LoadReferral(ctx context.Context, id string) (Held[Referral], error) {
	return loadByID(ctx, s, views.ReferralKind, id, decodeReferral)
}

// LoadMeeting reads a meeting for a change.
func (s *Session) LoadMeeting(ctx context.Context, id string) (Held[Meeting], error) {
	return loadByID(ctx, s, views.MeetingKind, id, decodeMeeting)
}

// LoadListItem reads a list item for a change.
func (s *Session) LoadListItem(ctx context.Context, id string) (Held[ListItem], error) {
	return loadByID(ctx, s, views.ListItemKind, id, decodeListItem)
}

// LoadResearch reads research for a change.
func (s *Session) LoadResearch(ctx context.Context, id string) (Held[Research], error) {
	return loadByID(ctx, s, views.ResearchKind, id, decodeResearch)
}

// LoadResearchOf reads the research of a case that is there for the capacity.
func (s *Session) LoadResearchOf(ctx context.Context, caseID string) ([]Held[Research], error) {
	return loadFamily(ctx, s, views.ResearchKind, caseID, decodeResearch)
}

// LoadAction reads an action for a change.
func (s *Session) LoadAction(ctx context.Context, id string) (Held[Action], error) {
	return loadByID(ctx, s, views.ActionKind, id, decodeAction)
}

// LoadPlan reads the plan of a case for a change; false when the case has none.
func (s *Session) LoadPlan(ctx context.Context, caseID string) (Held[Plan], bool, error) {
	plans, err := loadFamily(ctx, s, views.PlanKind, caseID, decodePlan)
	if err != nil || len(plans) == 0 {
		return Held[Plan]{}, false, err
	}
	return plans[0], true, nil
}

// LoadIncidents reads the incidents of a case that are there for the capacity.
func (s *Session) LoadIncidents(ctx context.Context, caseID string) ([]Held[Incident], error) {
	return loadFamily(ctx, s, views.IncidentKind, caseID, decodeIncident)
}

// LoadReferrals reads the referrals of a case that are there for the capacity.
func (s *Session) LoadReferrals(ctx context.Context, caseID string) ([]Held[Referral], error) {
	return loadFamily(ctx, s, views.ReferralKind, caseID, decodeReferral)
}

// LoadAssessments reads the assessments of a case that are there for the
// capacity.
func (s *Session) LoadAssessments(ctx context.Context, caseID string) ([]Held[Assessment], error) {
	return loadFamily(ctx, s, views.AssessmentKind, caseID, decodeAssessment)
}

func loadByID[T content](ctx context.Context, s *Session, kind views.Kind, id string, decodeAs decoderOf[T]) (Held[T], error) {
	doc, err := s.get(ctx, kind, id)
	if err != nil {
		return Held[T]{}, err
	}
	held, reached, err := loadDocument(ctx, s, kind, doc, decodeAs)
	if err == nil && !reached {
		s.missed(kind, id)
		err = fault.Missing()
	}
	return held, err
}

func loadFamily[T content](ctx context.Context, s *Session, kind views.Kind, family string, decodeAs decoderOf[T]) ([]Held[T], error) {
	docs, err := s.members(ctx, &views.Together{Families: []string{family}}, kind)
	if err != nil {
		return nil, err
	}
	var all []Held[T]
	for _, doc := range docs {
		held, reached, err := loadDocument(ctx, s, kind, doc, decodeAs)
		if err != nil {
			return nil, err
		}
		if reached {
			all = append(all, held)
		}
	}
	return all, nil
}

func loadDocument[T content](ctx context.Context, s *Session, kind views.Kind, doc store.Document, decodeAs decoderOf[T]) (Held[T], bool, error) {
	viewer, err := s.viewer()
	if err != nil {
		return Held[T]{}, false, err
	}
	sight, reached := s.sightOf(viewer, kind, doc)
	if !reached {
		return Held[T]{}, false, nil
	}
	s.trail.seen(doc)
	held, err := load(ctx, s, doc, sight, decodeAs)
	return held, true, err
}
