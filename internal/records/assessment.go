package records

import (
	"time"

	"accord/authz"
	"accord/domain/risk"
	"accord/domain/sharing"
	"accord/internal/store"
	"accord/internal/views"
)

// Assessment is a risk assessment as it is written. It belongs to its agency.
type Assessment struct{ risk.Assessment }

type assessmentHead struct {
	Case          string
	Agency        string
	Assessor      string
	Status        risk.AssessmentStatus
	Supplementary bool // of a tool that only adds to a full assessment
	SubmittedAt   time.Time
}

func (a Assessment) kind() store.Kind    { return kindOf(views.AssessmentKind) }
func (a Assessment) id() string          { return a.ID }
func (a Assessment) family() string      { return a.Case }
func (a Assessment) row() authz.ClassSet { return views.AssessmentKind.Row() }

func (a Assessment) head() any {
	return assessmentHead{a.Case, a.Agency, a.Assessor, a.Status, a.Tool.Supplementary(), a.SubmittedAt}
}

func (a Assessment) fields() []store.Field { return nil }

func (a Assessment) parts() []part {
	return []part{
		full(authz.RiskAssessment, views.AssessmentContent{
			Answers: a.Answers, Judgement: a.Judgement, RoshLevel: a.RoshLevel, Concern: a.Concern,
			Score: a.Score(), Scored: a.Tool == risk.SafeLivesDash24,
		}),
		masked(authz.RiskAssessment, views.AssessmentMask{Tool: a.Tool, Level: a.Level, AssessedOn: a.AssessedOn}),
	}
}

// tokens lets a draft be seen by its owner alone. A submitted assessment is
// there for all who work on the case, but a prosecutor holds only what the
// police submitted; other agencies' assessments wait for release.
func (a Assessment) tokens(root *caseHead) tokenSet {
	tokens := tokenSet{}
	root.addOwner(tokens, a.Agency)
	tokens.add(ownedByPerson(a.Assessor))
	if a.Status == risk.Draft || a.Status == "" {
		return tokens
	}
	police := false
	for _, assignment := range root.Assignments {
		police = police || assignment.Agency == a.Agency && assignment.AgencyType == sharing.Police
	}
	for _, assignment := range root.Assignments {
		if assignment.AgencyType != sharing.Cps || police {
			root.addAssignment(tokens, assignment)
		}
	}
	root.addConvenors(tokens)
	root.addNominal(tokens)
	tokens.add(inEmergency(a.Case))
	root.addChairs(tokens)
	root.addSpoc(tokens)
	return tokens
}

func decodeAssessment(doc store.Document, open opener) (Assessment, error) {
	var head assessmentHead
	if err := decode(doc.Head, &head); err != nil {
		return Assessment{}, err
	}
	var content views.AssessmentContent
	if err := open(authz.RiskAssessment, authz.Full, &content); err != nil {
		return Assessment{}, err
	}
	var mask views.AssessmentMask
	if err := open(authz.RiskAssessment, authz.Masked, &mask); err != nil {
		return Assessment{}, err
	}
	return Assessment{risk.Assessment{
		ID: doc.ID, Case: head.Case, Agency: head.Agency, Assessor: head.Assessor, Tool: mask.Tool, Status: head.Status,
		Answers: content.Answers, Judgement: content.Judgement, Level: mask.Level, RoshLevel: content.RoshLevel,
		Concern: content.Concern, AssessedOn: mask.AssessedOn, SubmittedAt: head.SubmittedAt,
	}}, nil
}

func viewAssessment(record views.Record, doc store.Document) (views.Assessment, error) {
	var head assessmentHead
	if err := decode(doc.Head, &head); err != nil {
		return views.Assessment{}, err
	}
	return views.Assessment{Record: record, AgencyID: head.Agency, Standing: standing(head), SubmittedAt: head.SubmittedAt}, nil
}

// standing reports whether the assessment may be the current one: submitted, and
// made with a tool that stands alone.
func standing(head assessmentHead) bool {
	submitted := head.Status == risk.Submitted || head.Status == risk.Reviewed
	return submitted && !head.Supplementary
}
