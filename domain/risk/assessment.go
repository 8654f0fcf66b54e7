package risk

import (
	"slices"
	"time"

	"accord/domain/calendar"
)

// Answer is what was answered to one item.
type Answer string

// The answers. Only YES counts: not knowing is not a yes.
const (
	Yes      Answer = "YES"
	No       Answer = "NO"
	DontKnow Answer = "DONT_KNOW"
	NotAsked Answer = "NOT_ASKED"
)

// Answers lists every answer.
func Answers() []Answer { return []Answer{Yes, No, DontKnow, NotAsked} }

// Valid reports whether the answer is one of Answers.
func (a Answer) Valid() bool { return slices.Contains(Answers(), a) }

// AssessmentStatus is how far an assessment has come.
type AssessmentStatus string

// The statuses. From SUBMITTED on nothing of the answers ever changes.
const (
	Draft      AssessmentStatus = "DRAFT"
	Submitted  AssessmentStatus = "SUBMITTED"
	Reviewed   AssessmentStatus = "REVIEWED"
	Superseded AssessmentStatus = "SUPERSEDED"
)

// AssessmentStatuses lists every status.
func AssessmentStatuses() []AssessmentStatus {
	return []AssessmentStatus{Draft, Submitted, Reviewed, Superseded}
}

// Valid reports whether the status is one of AssessmentStatuses.
func (s AssessmentStatus) Valid() bool { return slices.Contains(AssessmentStatuses(), s) }

// AnswerGiven is the answer to one item.
type AnswerGiven struct {
	Code    string // item code
	Answer  Answer
	Comment string // for NOT_ASKED in an S-DASH: why
	Source  string // where it is known from; empty: from the victim
}

// ProfessionalJudgement is the practitioner's own grade beside the count. It may
// raise a level and never lowers one (R2).
type ProfessionalJudgement struct {
	Raises    bool
	To        Level  // the level it raises to; empty: HIGH
	Rationale string // mandatory when it raises
}

// Assessment is one agency's assessment of the risk to the victim of a case.
type Assessment struct {
	ID          string
	Case        string // case id
	Agency      string // agency id, the owner
	Assessor    string // practitioner id
	Tool        Tool
	Status      AssessmentStatus
	Answers     []AnswerGiven
	Judgement   ProfessionalJudgement
	Level       Level        // for the SafeLives Dash set by Submit; for other tools the assessor's grade; empty: none
	RoshLevel   RoshLevel    // OASYS only
	Concern     ConcernLevel // SASH only
	AssessedOn  calendar.Date
	SubmittedAt time.Time // zero: a draft
}
