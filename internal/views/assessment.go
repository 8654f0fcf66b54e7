package views

import (
	"time"

	"accord/authz"
	"accord/domain/calendar"
	"accord/domain/risk"
)

// Assessment is one agency's assessment of the risk.
type Assessment struct {
	Record
	AgencyID    string
	Standing    bool // submitted, and made with a tool that stands alone
	SubmittedAt time.Time
}

// AssessmentMask is the masked section of an assessment.
type AssessmentMask struct {
	Tool       risk.Tool
	Level      risk.Level
	AssessedOn calendar.Date
}

// AssessmentContent is the full section of an assessment.
type AssessmentContent struct {
	Answers   []risk.AnswerGiven
	Judgement risk.ProfessionalJudgement
	RoshLevel risk.RoshLevel
	Concern   risk.ConcernLevel
	Score     int
	Scored    bool // the tool has a score
}

// AnswerGiven is an answer as the schema shows it.
type AnswerGiven struct {
	Code    string
	Topic   string
	Answer  risk.Answer
	Comment *string
}

// IsNode marks an assessment as a record with an id of its own.
func (Assessment) IsNode() {}

// GetID returns the assessment's id.
func (a Assessment) GetID() string { return a.ID }

// Agency is the agency that owns it; null when masked.
func (a Assessment) Agency() *Agency {
	return when(a.full(authz.RiskAssessment), a.Names.Agency(a.AgencyID))
}

// Tool is the tool used.
func (a Assessment) Tool() (risk.Tool, error) {
	mask, err := a.mask()
	return mask.Tool, err
}

// Level is the level the assessor came to; null on a tool that knows none.
func (a Assessment) Level() (*risk.Level, error) {
	mask, err := a.mask()
	return known(err == nil, mask.Level), err
}

// AssessedOn is the day of the assessment.
func (a Assessment) AssessedOn() (calendar.Date, error) {
	mask, err := a.mask()
	return mask.AssessedOn, err
}

// Score is the number of YES; null when masked or when the tool has none.
func (a Assessment) Score() (*int, error) {
	content, err := a.content()
	if content == nil {
		return nil, err
	}
	return when(content.Scored, content.Score), nil
}

// Answers are the answers in the order of the tool; null when masked.
func (a Assessment) Answers() ([]AnswerGiven, error) {
	content, err := a.content()
	if content == nil {
		return nil, err
	}
	answers := make([]AnswerGiven, len(content.Answers))
	for i, given := range content.Answers {
		answers[i] = AnswerGiven{
			Code:    given.Code,
			Topic:   risk.Topic(given.Code),
			Answer:  given.Answer,
			Comment: known(true, given.Comment),
		}
	}
	return answers, nil
}

func (a Assessment) mask() (AssessmentMask, error) {
	if !a.atLeastMasked(authz.RiskAssessment) {
		return AssessmentMask{}, nil
	}
	mask, err := section[AssessmentMask](a.Record, authz.RiskAssessment, authz.Masked)
	if err != nil {
		return AssessmentMask{}, err
	}
	return *mask, nil
}

func (a Assessment) content() (*AssessmentContent, error) {
	if !a.full(authz.RiskAssessment) {
		return nil, nil
	}
	return section[AssessmentContent](a.Record, authz.RiskAssessment, authz.Full)
}
