// Package views is what a reader holds: records as one viewer may see them.
// A view carries its Sight, opens only what the Sight permits and only when it
// is asked for, and knows its own masks. Views know no store.
package views

import "accord/authz"

// Kind is a kind of record with a Sight of its own.
type Kind string

// The kinds, as their ids are prefixed.
const (
	CaseKind       Kind = "case"
	AssessmentKind Kind = "assessment"
	IncidentKind   Kind = "incident"
	PlanKind       Kind = "plan"
	ReferralKind   Kind = "referral"
	MeetingKind    Kind = "meeting"
	ListItemKind   Kind = "item"
	ResearchKind   Kind = "research"
	ActionKind     Kind = "action"
	OrderKind      Kind = "order"
	NoticeKind     Kind = "notice"
)

// Row returns the classes that make a record of the kind be there at all: a
// viewer who holds none of them at least masked is told that there is nothing.
func (k Kind) Row() authz.ClassSet {
	switch k {
	case CaseKind:
		return authz.SetOf(authz.CaseCore)
	case AssessmentKind:
		return authz.SetOf(authz.RiskAssessment)
	case IncidentKind, NoticeKind:
		return authz.SetOf(authz.CourseOfConduct)
	case PlanKind:
		return authz.SetOf(authz.Plan)
	case ReferralKind:
		return authz.SetOf(authz.Referral)
	case MeetingKind:
		// An auditor sees that a meeting took place, date and status, without its list.
		return authz.SetOf(authz.MeetingList, authz.MaracMinutes)
	case ListItemKind:
		return authz.SetOf(authz.MeetingList)
	case ResearchKind:
		return authz.SetOf(authz.Research)
	case OrderKind:
		return authz.SetOf(authz.OrderConditions)
	case ActionKind:
		return authz.SetOf(authz.Actions)
	default:
		return 0
	}
}

// Kinds lists every kind.
func Kinds() []Kind {
	return []Kind{
		CaseKind, AssessmentKind, IncidentKind, PlanKind, ReferralKind, MeetingKind, ListItemKind,
		ResearchKind, ActionKind, OrderKind, NoticeKind,
	}
}
