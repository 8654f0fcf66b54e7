// Package views is what a reader holds: records as one viewer may see them.
// A view carries its Sight, opens only what the Sight permits and only when it
// is asked for, and knows its own masks. Views know no store.
package views

import "accord/authz"

// Kind is a kind of record with a Sight of its own.
type Kind string

// The kinds, as their ids are prefixed.
const (
	CaseKind         Kind = "case"
	AssessmentKind   Kind = "assessment"
	IncidentKind     Kind = "incident"
	PlanKind         Kind = "plan"
	ReferralKind     Kind = "referral"
	MeetingKind      Kind = "meeting"
	ListItemKind     Kind = "item"
	ResearchKind     Kind = "research"
	ActionKind       Kind = "action"
	OrderKind        Kind = "order"
	NoticeKind       Kind = "notice"
	IntelligenceKind Kind = "intelligence"
	AdvocateNoteKind Kind = "note"
	HealthKind       Kind = "health"
	ReleaseKind      Kind = "release"
	ExclusionKind    Kind = "exclusion"
	EmergencyKind    Kind = "emergency"
	RevealKind       Kind = "reveal"
	SearchKind       Kind = "search"
	AlertKind        Kind = "alert"
	PartyLinkKind    Kind = "link"
	AttachmentKind   Kind = "attachment"
	VpsKind          Kind = "vps"
	NominalKind      Kind = "nominal"
)

// declaration is what there is to say of a kind before its content.
type declaration struct {
	kind Kind
	name string // in the schema's enumeration RecordKind
	// row are the classes that make a record of the kind be there at all: a viewer
	// who holds none of them at least masked is told that there is nothing.
	row authz.ClassSet
}

var declarations = []declaration{
	{CaseKind, "CASE", authz.SetOf(authz.CaseCore)},
	{AssessmentKind, "ASSESSMENT", authz.SetOf(authz.RiskAssessment)},
	{IncidentKind, "INCIDENT", authz.SetOf(authz.CourseOfConduct)},
	{PlanKind, "PLAN", authz.SetOf(authz.Plan)},
	{ReferralKind, "REFERRAL", authz.SetOf(authz.Referral)},
	// An auditor sees that a meeting took place, date and status, without its list.
	{MeetingKind, "MEETING", authz.SetOf(authz.MeetingList, authz.MaracMinutes)},
	{ListItemKind, "LIST_ITEM", authz.SetOf(authz.MeetingList)},
	{ResearchKind, "RESEARCH", authz.SetOf(authz.Research)},
	{ActionKind, "ACTION", authz.SetOf(authz.Actions)},
	{OrderKind, "ORDER", authz.SetOf(authz.OrderConditions)},
	{NoticeKind, "NOTICE", authz.SetOf(authz.CourseOfConduct)},
	{IntelligenceKind, "INTELLIGENCE", authz.SetOf(authz.Intelligence)},
	{AdvocateNoteKind, "ADVOCATE_NOTE", authz.SetOf(authz.AdvocateNotes)},
	{HealthKind, "HEALTH_INFORMATION", authz.SetOf(authz.Health)},
	{ReleaseKind, "RELEASE", authz.SetOf(authz.SharingRecord)},
	{ExclusionKind, "EXCLUSION", authz.SetOf(authz.ExclusionClass)},
	{EmergencyKind, "EMERGENCY_ACCESS", authz.SetOf(authz.SharingRecord)},
	{RevealKind, "REVEAL", authz.SetOf(authz.SharingRecord)},
	{SearchKind, "PEOPLE_SEARCH", authz.SetOf(authz.SharingRecord)},
	{AlertKind, "ALERT", authz.SetOf(authz.AlertClass)},
	{PartyLinkKind, "PARTY_LINK", authz.SetOf(authz.CaseCore)},
	// An attachment is of the class of its record, whichever that is.
	{AttachmentKind, "ATTACHMENT", attachable()},
	{VpsKind, "PERSONAL_STATEMENT", authz.SetOf(authz.Vps)},
	{NominalKind, "NOMINAL", authz.SetOf(authz.NominalClass)},
}

// Row returns the classes that make a record of the kind be there at all.
func (k Kind) Row() authz.ClassSet {
	for _, declared := range declarations {
		if declared.kind == k {
			return declared.row
		}
	}
	return 0
}

// Kinds lists every kind.
func Kinds() []Kind {
	kinds := make([]Kind, len(declarations))
	for i, declared := range declarations {
		kinds[i] = declared.kind
	}
	return kinds
}

// KindNamed returns the kind by its name in the schema.
func KindNamed(name string) (Kind, bool) {
	for _, declared := range declarations {
		if declared.name == name {
			return declared.kind, true
		}
	}
	return "", false
}

// attachable are the classes of the records that something may be attached to.
func attachable() authz.ClassSet {
	return authz.SetOf(authz.RiskAssessment, authz.CourseOfConduct, authz.OrderConditions, authz.Intelligence, authz.AdvocateNotes, authz.Health)
}
