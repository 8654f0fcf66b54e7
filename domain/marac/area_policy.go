// Package marac is the multi-agency risk assessment conference: the referral and
// its criteria, the repeat rule, the area's policy, the meeting and its list,
// research, and actions.
//
// A MARAC is not statutory and is about the victim; MAPPA is statutory and about
// the offender. The two never share a record.
package marac

import (
	"slices"

	"accord/domain/calendar"
	"accord/domain/fault"
	"accord/domain/risk"
	"accord/domain/sharing"
)

// RepeatAnchor is the day from which an area counts the repeat window.
type RepeatAnchor string

// The anchors.
const (
	FromReferralDate RepeatAnchor = "REFERRAL_DATE" // SafeLives, definition of a repeat
	FromMeetingDate  RepeatAnchor = "MEETING_DATE"  // areas such as Kingston
)

// RepeatAnchors lists both anchors.
func RepeatAnchors() []RepeatAnchor { return []RepeatAnchor{FromReferralDate, FromMeetingDate} }

// Valid reports whether the anchor is one of RepeatAnchors.
func (a RepeatAnchor) Valid() bool { return slices.Contains(RepeatAnchors(), a) }

// EscalationUnit is what an area counts to see escalation.
type EscalationUnit string

// The units.
const (
	CountIncidents EscalationUnit = "INCIDENTS"
	CountCrimes    EscalationUnit = "CRIMES" // incidents recorded as a crime
)

// EscalationUnits lists both units.
func EscalationUnits() []EscalationUnit { return []EscalationUnit{CountIncidents, CountCrimes} }

// Valid reports whether the unit is one of EscalationUnits.
func (u EscalationUnit) Valid() bool { return slices.Contains(EscalationUnits(), u) }

// Escalation is from how many events, within how many months, an area reads
// potential escalation.
type Escalation struct {
	Count        int
	Unit         EscalationUnit
	WindowMonths int
}

// AreaPolicy is how one area runs its MARAC, from a day on. Areas differ in
// nearly every figure, so none of them is a constant.
type AreaPolicy struct {
	Area                 string // area id
	Version              int
	From                 calendar.Date // in force from this day on
	Threshold            int           // YES answers of the SafeLives Dash from which the risk is visibly high
	MediumFrom           int           // YES answers from which it is medium
	Escalation           Escalation
	RepeatAnchor         RepeatAnchor
	RepeatWindowMonths   int
	HBAAutomatic         bool // suspected honour-based abuse is referred whatever the score
	HighGradeAutomatic   bool // a police grade of HIGH is referred whatever the score (Wiltshire procedure 4.1)
	TriageWorkingDays    int  // to accept, return or reject a referral, after it was submitted
	CutOffWorkingDays    int  // referrals close, before the meeting
	ListIssueWorkingDays int  // the list is issued, before the meeting
	ResearchWorkingDays  int  // research is due, before the meeting
	MinutesWorkingDays   int  // minutes are issued, after the meeting

	EmergencyMinutes int  // how long emergency access may last; at most 240
	PointsToContact  bool // a search that finds a case of others says to call the area's contact point
}

// DefaultPolicy returns the policy of an area that has set nothing of its own,
// version 1, in force from the given day.
func DefaultPolicy(area string, from calendar.Date) AreaPolicy {
	return AreaPolicy{
		Area:                 area,
		Version:              1,
		From:                 from,
		Threshold:            14, // SafeLives Dash
		MediumFrom:           10, // Plymouth's bands
		Escalation:           Escalation{Count: 3, Unit: CountIncidents, WindowMonths: 12},
		RepeatAnchor:         FromReferralDate,
		RepeatWindowMonths:   12,
		HBAAutomatic:         true,
		HighGradeAutomatic:   true,
		TriageWorkingDays:    2,
		CutOffWorkingDays:    10,
		ListIssueWorkingDays: 8,
		ResearchWorkingDays:  1,
		MinutesWorkingDays:   3, // Derbyshire
		EmergencyMinutes:     240,
		PointsToContact:      true,
	}
}

// PolicyOn returns the policy in force on the day, of the policies of one area:
// the one with the latest start, of one day the highest version. False: none is
// in force yet.
func PolicyOn(policies []AreaPolicy, on calendar.Date) (AreaPolicy, bool) {
	var inForce AreaPolicy
	known := false
	for _, p := range policies {
		if p.From > on {
			continue
		}
		newer := p.From > inForce.From || p.From == inForce.From && p.Version > inForce.Version
		if !known || newer {
			inForce, known = p, true
		}
	}
	return inForce, known
}

// Check refuses a policy under which a rule could not be applied.
func (p AreaPolicy) Check() error {
	switch {
	case p.Area == "" || p.Version < 1 || p.From.IsZero():
		return fault.Input("input.policy", "required", "Name the area, the version, from 1, and the day the policy comes into force.")
	case p.MediumFrom < 1 || p.Threshold < p.MediumFrom || p.Threshold > len(risk.SafeLivesDash24.Items()):
		return fault.Input("input.threshold", "range", "Set the thresholds from 1 to 24, that for MEDIUM no higher than that for HIGH.")
	case p.Escalation.Count < 1 || p.Escalation.WindowMonths < 1 || !p.Escalation.Unit.Valid():
		return fault.Input("input.escalation", "range", "Say how many incidents or crimes in how many months are escalation.")
	case !p.RepeatAnchor.Valid() || p.RepeatWindowMonths < 1:
		return fault.Input("input.repeat", "range", "Say from which day and for how many months a case may repeat.")
	case min(p.TriageWorkingDays, p.CutOffWorkingDays, p.ListIssueWorkingDays, p.ResearchWorkingDays, p.MinutesWorkingDays) < 0:
		return fault.Input("input.deadlines", "range", "Give each deadline as a number of working days, from 0.")
	case p.EmergencyMinutes < 0 || p.EmergencyMinutes > int(sharing.LongestEmergency.Minutes()):
		return fault.Input("input.emergencyMinutes", "range", "Emergency access lasts from 0 to 240 minutes; 0 allows none.")
	}
	return nil
}

// Bands returns the counts of YES from which the area grades a SafeLives Dash.
func (p AreaPolicy) Bands() risk.Bands {
	return risk.Bands{High: p.Threshold, Medium: p.MediumFrom}
}

// TriageDue returns the day by which the coordinator decides on a referral.
func (p AreaPolicy) TriageDue(submittedOn calendar.Date) calendar.Date {
	return calendar.AddWorkingDays(submittedOn, p.TriageWorkingDays)
}

// CutOff returns the last day for referrals to the meeting. A later one goes to
// the next meeting or an emergency meeting.
func (p AreaPolicy) CutOff(meeting calendar.Date) calendar.Date {
	return calendar.AddWorkingDays(meeting, -p.CutOffWorkingDays)
}

// ListIssueDue returns the day by which the list of the meeting is issued (R15).
func (p AreaPolicy) ListIssueDue(meeting calendar.Date) calendar.Date {
	return calendar.AddWorkingDays(meeting, -p.ListIssueWorkingDays)
}

// ResearchDue returns the day by which research for the meeting is returned (R15).
func (p AreaPolicy) ResearchDue(meeting calendar.Date) calendar.Date {
	return calendar.AddWorkingDays(meeting, -p.ResearchWorkingDays)
}

// MinutesDue returns the day by which the minutes of the meeting are issued (R15).
func (p AreaPolicy) MinutesDue(meeting calendar.Date) calendar.Date {
	return calendar.AddWorkingDays(meeting, p.MinutesWorkingDays)
}
