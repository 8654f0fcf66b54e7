package views

import (
	"accord/authz"
	"accord/domain/calendar"
	"accord/domain/marac"
	"accord/domain/sharing"
)

// Agency is an agency as the directory shows it.
type Agency struct {
	ID   string
	Name string
	Type sharing.AgencyType
}

// Practitioner is a practitioner as the directory shows them.
type Practitioner struct {
	ID     string
	Name   string
	Agency Agency
}

// Area is a MARAC area with the policy in force; Policy is nil when none is.
type Area struct {
	ID     string
	Name   string
	Policy *AreaPolicy
}

// AreaPolicy is what an area has agreed.
type AreaPolicy struct {
	Version                   int
	InForceFrom               calendar.Date
	VisibleHighRiskThreshold  int
	RepeatWindowMonths        int
	ReferralCutOffWorkingDays int
	ListIssueWorkingDays      int
	ResearchDueWorkingDays    int
	MinutesDueWorkingDays     int
}

// PolicyOf shows an area's policy.
func PolicyOf(p marac.AreaPolicy) *AreaPolicy {
	return &AreaPolicy{
		Version:                   p.Version,
		InForceFrom:               p.From,
		VisibleHighRiskThreshold:  p.Threshold,
		RepeatWindowMonths:        p.RepeatWindowMonths,
		ReferralCutOffWorkingDays: p.CutOffWorkingDays,
		ListIssueWorkingDays:      p.ListIssueWorkingDays,
		ResearchDueWorkingDays:    p.ResearchWorkingDays,
		MinutesDueWorkingDays:     p.MinutesWorkingDays,
	}
}

// Viewer is who is asking.
type Viewer struct {
	ID     string
	Name   string
	Agency Agency
	Roles  []authz.Role
	Areas  []Area
	Lapsed []sharing.Condition // conditions of access that do not hold today
}
