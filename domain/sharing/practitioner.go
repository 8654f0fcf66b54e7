package sharing

import (
	"slices"
	"time"
)

// RoleName is the name of a role of the access policy, such as "IDVA". The
// policy, not the domain, says what a role may do.
type RoleName string

// Practitioner is a person acting for one agency. Somebody who works for two
// agencies is two practitioners: roles never join across agencies.
type Practitioner struct {
	ID         string
	Agency     string // agency id
	Name       string
	Issuer     string     // the agency's sign-in issuer
	Subject    string     // who the issuer says this is; with Issuer unique
	Roles      []RoleName // roles held at the agency
	Team       string     // team id; empty: in no team
	Supervises []string   // ids of the teams the practitioner supervises
	Areas      []string   // ids of the areas in which the roles are held
	Vetted     Span       // days on which the vetting is current
	Trained    Span       // days on which the information-sharing training is current
	Mail       string     // where to be told that there is something to read; empty: only in the inbox
}

// Shift is a turn of duty on the roster of an agency: from From, up to but not
// with Until, the practitioner answers for the teams and stands in for those
// covered.
type Shift struct {
	ID           string
	Practitioner string   // practitioner id
	Agency       string   // agency id
	Teams        []string // team ids
	Covers       []string // ids of practitioners of the agency who are stood in for, out of hours
	From         time.Time
	Until        time.Time
}

// Runs reports whether the shift is under way.
func (s Shift) Runs(now time.Time) bool {
	return !now.Before(s.From) && now.Before(s.Until)
}

// OnDuty reports whether a shift of the practitioner is under way. The duty
// inspector reaches cases through the roster, not by assignment (Wiltshire
// procedure 4: every high risk case goes to the duty inspector's review).
func OnDuty(shifts []Shift, practitioner string, now time.Time) bool {
	return slices.ContainsFunc(shifts, func(s Shift) bool {
		return s.Practitioner == practitioner && s.Runs(now)
	})
}

// TeamsOnDuty returns the ids of the teams the practitioner answers for by the
// roster now, sorted and each once.
func TeamsOnDuty(shifts []Shift, practitioner string, now time.Time) []string {
	var teams []string
	for _, s := range shifts {
		if s.Practitioner == practitioner && s.Runs(now) {
			teams = append(teams, s.Teams...)
		}
	}
	slices.Sort(teams)
	return slices.Compact(teams)
}

// CoveredBy returns the ids of the practitioners whom the practitioner stands in
// for by the roster now, sorted and each once.
func CoveredBy(shifts []Shift, practitioner string, now time.Time) []string {
	var covered []string
	for _, s := range shifts {
		if s.Practitioner == practitioner && s.Runs(now) {
			covered = append(covered, s.Covers...)
		}
	}
	slices.Sort(covered)
	return slices.Compact(covered)
}
