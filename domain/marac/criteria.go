package marac

import (
	"slices"

	"accord/domain/calendar"
	"accord/domain/casework"
	"accord/domain/risk"
)

// Grounds is what is known of a case when its referral is weighed.
type Grounds struct {
	Case        casework.Case
	Assessments []risk.Assessment
	Incidents   []casework.Incident
	Previous    []Referral // earlier referrals of the case
	Policy      AreaPolicy // in force on the day
}

// Criteria returns every criterion that the record itself shows to be met on the
// day. Any one suffices. What only a practitioner or another MARAC can say,
// judgement beyond the assessments and a transfer in, the referral states.
func (g Grounds) Criteria(today calendar.Date) []ReferralReason {
	met := map[ReferralReason]bool{
		VisibleHighRisk:      g.visiblyHigh(),
		ProfessionalConcern:  g.judgedHigher(),
		PotentialEscalation:  g.escalating(today),
		MaracRepeat:          IsRepeat(g.Previous, g.Incidents, g.Policy),
		HighGradeAutomatic:   g.gradedHighByPolice(),
		HonourBasedAutomatic: g.Policy.HBAAutomatic && g.Case.Type == casework.HonourBasedAbuse,
		TransferIn:           false, // the referral says where the case comes from
	}
	return slices.DeleteFunc(ReferralReasons(), func(reason ReferralReason) bool {
		return !met[reason]
	})
}

// visiblyHigh: R1. The area sets the threshold; only YES counts.
func (g Grounds) visiblyHigh() bool {
	dash, made := risk.CurrentOf(g.Assessments, risk.SafeLivesDash24)
	return made && dash.VisiblyHigh(g.Policy.Bands())
}

// judgedHigher: R2. Judgement suffices alone.
func (g Grounds) judgedHigher() bool {
	current, made := risk.Current(g.Assessments)
	return made && current.Judgement.Raises
}

// escalating: at least so many incidents, or crimes, within the area's window.
func (g Grounds) escalating(today calendar.Date) bool {
	rule := g.Policy.Escalation
	windowFrom := today.AddMonths(-rule.WindowMonths)
	count := 0
	for _, i := range g.Incidents {
		counted := rule.Unit == CountIncidents || i.CrimeReference != ""
		if on := i.KnownOn(); counted && on >= windowFrom && on <= today {
			count++
		}
	}
	return rule.Count > 0 && count >= rule.Count
}

// gradedHighByPolice: high risk PPNs are referred automatically; a Form 270 goes
// through the coordinator (Wiltshire procedure 4.1).
func (g Grounds) gradedHighByPolice() bool {
	notice, made := risk.CurrentOf(g.Assessments, risk.Ppn)
	return g.Policy.HighGradeAutomatic && made && notice.Level == risk.High
}
