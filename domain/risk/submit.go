package risk

import (
	"slices"
	"strings"
	"time"

	"accord/domain/calendar"
	"accord/domain/fault"
)

// Submit makes a draft the agency's assessment at the instant now: complete,
// graded, and from then on unchanged; a later assessment supersedes it. An item
// nobody asked about is answered NOT_ASKED, so that a gap is said and never
// silent ("Living in fear", Risk identification: questions on stalking left
// unanswered), and no gap keeps an assessment from being submitted.
func (a Assessment) Submit(bands Bands, now time.Time) (Assessment, error) {
	if a.Status != "" && a.Status != Draft {
		return Assessment{}, fault.Rule("ASSESSMENT_IMMUTABLE", "SafeLives Dash guidance",
			"A submitted assessment never changes. Make a new one; it supersedes this one.")
	}
	if err := a.checkHeader(now); err != nil {
		return Assessment{}, err
	}
	if err := a.checkAnswers(); err != nil {
		return Assessment{}, err
	}
	level, err := a.grade(bands)
	if err != nil {
		return Assessment{}, err
	}
	a.Level = level
	if a.AssessedOn.IsZero() {
		a.AssessedOn = calendar.DateIn(now)
	}
	a.Answers = slices.Clone(a.Answers)
	a.Status, a.SubmittedAt = Submitted, now
	return a, nil
}

// Review marks an assessment as looked at by a supervisor or duty inspector,
// who writes a review and never an answer (Wiltshire procedure 4).
func (a Assessment) Review() (Assessment, error) {
	if a.Status != Submitted {
		return Assessment{}, fault.Rule("ASSESSMENT_STATUS", "Wiltshire procedure 4",
			"Only a submitted assessment that no newer one supersedes is reviewed.")
	}
	a.Status = Reviewed
	return a, nil
}

// Supersede marks an assessment that a newer one replaces. It stays as it was.
func (a Assessment) Supersede() (Assessment, error) {
	if a.Status != Submitted && a.Status != Reviewed {
		return Assessment{}, fault.Rule("ASSESSMENT_STATUS", "SafeLives Dash guidance",
			"Only a submitted or reviewed assessment can be superseded.")
	}
	a.Status = Superseded
	return a, nil
}

func (a Assessment) checkHeader(now time.Time) error {
	switch {
	case !a.Tool.Valid():
		return fault.Input("input.tool", "oneOf", "Say which tool was used.")
	case a.AssessedOn > calendar.DateIn(now):
		return fault.Input("input.assessedOn", "notInFuture", "An assessment was made today or earlier.")
	case a.Level != "" && !a.Level.Valid():
		return fault.Input("input.level", "oneOf", "Grade the risk as STANDARD, MEDIUM or HIGH.")
	case a.RoshLevel != "" && (a.Tool != Oasys || !a.RoshLevel.Valid()):
		return fault.Input("input.roshLevel", "oneOf", "Risk of serious harm is a grade of OASYS only.")
	case a.Concern != "" && (a.Tool != Sash || !a.Concern.Valid()):
		return fault.Input("input.concernLevel", "oneOf", "A level of concern is what SASH alone puts out.")
	}
	return nil
}

// checkAnswers holds the answers against the items of the tool: each answered
// exactly once, and none that the tool does not have.
func (a Assessment) checkAnswers() error {
	items := a.Tool.Items()
	for n, given := range a.Answers {
		asked := slices.ContainsFunc(items, func(item Item) bool { return item.Code == given.Code })
		again := slices.ContainsFunc(a.Answers[:n], func(earlier AnswerGiven) bool {
			return earlier.Code == given.Code
		})
		switch {
		case given.Code == "" || items != nil && !asked:
			return fault.Input("input.answers.code", "knownItem", "Answer only items that the tool has.")
		case again:
			return fault.Input("input.answers.code", "unique", "Answer each item once.")
		case !given.Answer.Valid():
			return fault.Input("input.answers.answer", "oneOf", "Answer each item YES, NO, DONT_KNOW or NOT_ASKED.")
		case a.Tool == SDash11 && given.Answer == NotAsked && strings.TrimSpace(given.Comment) == "":
			return fault.Rule("R1", "Living in fear, Risk identification",
				"Say why for each item of the S-DASH that was not asked.")
		}
	}
	if items != nil && len(a.Answers) != len(items) {
		return fault.Input("input.answers", "complete",
			"Answer every item of the tool; one that was not asked about is answered NOT_ASKED.")
	}
	return nil
}

// grade is the level the assessment stands at: for the SafeLives Dash that of
// its count, for other tools the assessor's. Professional judgement may raise
// it and never lowers it (R2).
func (a Assessment) grade(bands Bands) (Level, error) {
	level := a.Level
	if a.Tool == SafeLivesDash24 {
		level = bands.Level(a.Score())
	}
	judged := a.Judgement
	if !judged.Raises {
		if judged.To.Below(level) && judged.To != "" {
			return "", judgementLowers()
		}
		return level, nil
	}
	if judged.To == "" {
		judged.To = High
	}
	switch {
	case strings.TrimSpace(judged.Rationale) == "":
		return "", fault.Rule("R2", "SafeLives referral criteria",
			"Say in your own words why your judgement puts the risk higher.")
	case !judged.To.Valid():
		return "", fault.Input("input.judgement.to", "oneOf", "Say which level your judgement raises the risk to.")
	case judged.To.Below(level):
		return "", judgementLowers()
	}
	return judged.To, nil
}

func judgementLowers() error {
	return fault.Rule("R2", "SafeLives referral criteria",
		"Professional judgement may raise the level of an assessment and never lowers it.")
}
