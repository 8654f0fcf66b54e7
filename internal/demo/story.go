package demo

import (
	"accord/domain/casework"
	"accord/domain/risk"
)

// Story is a case in a few words; Write makes a case of it by the procedures, as
// its people.
type Story struct {
	Key    string // short and stable, such as "neighbour-next-door"
	Source string // the passage it retells, such as "Living in fear, p.45"; empty: invented
	Area   string // "northmoor" or "southvale"

	Type   casework.CaseType
	Level  risk.Level
	Opener string // who opens it: an investigator or the public protection unit

	Victim     Human
	Children   []Human
	Harm       []Human // perpetrators; somebody nobody has identified has no name
	Bond       casework.RelationshipType
	Allegation casework.AllegationState // empty: ALLEGED

	Home   casework.SafeContact
	Keeper string // who records the safe contact; empty: nobody has

	Yes      []int  // items of the SafeLives Dash answered YES, 1 to 24
	Assessor string // empty: no assessment was ever made, which is a failure of the story
	Judged   string // professional judgement that raises the level, in words; empty: none

	Conduct  casework.ConductDecision
	Events   []Event
	Notices  []PastNotice
	Orders   []PastOrder
	Plan     []Measure // empty: there is no plan, which is a failure of the story
	Assigned []string  // who works on it beside the opener

	Meetings []string // lists it is placed on: LastMeeting, NextMeeting
	Repeat   bool     // a further incident brings it to the next meeting again
	Further  string   // that incident, in words
	Actions  []Undertaking
}

// Human is a person of a story.
type Human struct {
	Name string // empty: not known
	Born string // 2006-01-02; empty: not known
}

// Event is an incident.
type Event struct {
	DaysBefore int // before the case was opened
	Words      string
	Behaviours []casework.StalkingBehaviour
	Channel    casework.Channel
	Qualifies  casework.RepeatIncidentType
	Crime      string // crime reference; empty: not recorded as a crime
}

// PastNotice is a notice issued before the case was opened.
type PastNotice struct {
	DaysBefore int
	Kind       casework.NoticeKind
	Force      string
	Words      string
}

// PastOrder is an order, with the breaches that were reported.
type PastOrder struct {
	DaysBefore int
	Type       casework.OrderType
	Conditions string
	Breaches   []PastBreach
}

// PastBreach is a breach of an order.
type PastBreach struct {
	DaysBefore int // before the case was opened, after the order was made
	Words      string
}

// Measure is a measure of the plan.
type Measure struct {
	Words   string
	Owner   string // agency reference, such as "northmoor-police"
	Answers string // code of the risk it answers, such as "SLD-08"; empty: none
}

// Undertaking is an action agreed at the last meeting.
type Undertaking struct {
	Words string
	Owner string // agency reference
	Who   string // a person of that agency
	DueIn int    // working days after the last meeting; below 18 is overdue by now
	Begun bool
}
