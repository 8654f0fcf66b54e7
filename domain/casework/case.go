// Package casework is the case itself: who is in it, who works on it, what
// happened, and what its conduct is held to be.
package casework

import (
	"slices"
	"time"

	"accord/domain/calendar"
	"accord/domain/fault"
	"accord/domain/risk"
	"accord/domain/sharing"
)

// Case is one victim and the same perpetrator or perpetrators. One victim with
// two unrelated perpetrators is two cases (SafeLives, definition of a repeat).
type Case struct {
	ID            string
	Reference     string // random, for people to quote
	Type          CaseType
	Status        CaseStatus
	RiskLevel     risk.Level // a recorded decision, not a computed value; empty: not decided yet
	OpenedOn      calendar.Date
	ClosedOn      calendar.Date // zero: open
	Area          string        // area id
	Conduct       []ConductDecision
	Parties       []Party
	Assignments   []Assignment
	PartyAgencies []string // ids of the agencies that take part in the case
}

// ConductDecision is what the conduct was held to be on a day, and why. The
// latest one holds; earlier ones stand as history.
type ConductDecision struct {
	Classification ConductClassification
	Reason         string
	DecidedBy      string // practitioner id
	DecidedOn      calendar.Date
}

// Assignment gives a case to a practitioner.
type Assignment struct {
	Practitioner string // practitioner id
	Agency       string // agency id
	Team         string // team id, whose supervisor reaches the case; empty: in no team
	From         time.Time
}

// Open opens a case of which ID, Reference, Type, Area, PartyAgencies and
// whatever else is known are set: it checks them and every party, and sets the
// status. OpenedOn is today unless the case was opened earlier elsewhere. A case
// may be opened before its perpetrator is known, and is then not yet referable.
func Open(c Case, today calendar.Date) (Case, error) {
	switch {
	case !c.Type.Valid():
		return Case{}, fault.Input("input.type", "oneOf", "Say what type of case it is.")
	case c.Area == "":
		return Case{}, fault.Input("input.area", "required", "Name the area that the case belongs to.")
	case len(c.PartyAgencies) == 0:
		return Case{}, fault.Input("input.agencies", "required", "Name at least one agency that takes part in the case.")
	case c.OpenedOn > today:
		return Case{}, fault.Input("input.openedOn", "notInFuture", "A case is opened today or was opened earlier.")
	}
	if c.OpenedOn.IsZero() {
		c.OpenedOn = today
	}
	c.Status = CaseOpen
	parties := c.Parties
	c.Parties = nil
	for _, party := range parties {
		var err error
		if c, err = c.AddParty(party, today); err != nil {
			return Case{}, err
		}
	}
	return c, nil
}

// AddAgency makes an agency a party to the case; twice is once.
func (c Case) AddAgency(agency string) Case {
	if !slices.Contains(c.PartyAgencies, agency) {
		c.PartyAgencies = append(slices.Clone(c.PartyAgencies), agency)
	}
	return c
}

// Assign gives the case to a practitioner of an agency that takes part in it;
// twice is once. The team is the one the practitioner is in now.
func (c Case) Assign(to sharing.Practitioner, now time.Time) (Case, error) {
	if err := c.refuseIfClosed(); err != nil {
		return Case{}, err
	}
	if !slices.Contains(c.PartyAgencies, to.Agency) {
		return Case{}, fault.Rule("CASE_PARTY_AGENCY", "Crime and Disorder Act 1998 s.115",
			"Make the agency a party to the case before one of its practitioners is assigned.")
	}
	if !c.AssignedTo(to.ID) {
		c.Assignments = append(slices.Clone(c.Assignments), Assignment{
			Practitioner: to.ID, Agency: to.Agency, Team: to.Team, From: now,
		})
	}
	return c, nil
}

// AssignedTo reports whether the practitioner is assigned to the case.
func (c Case) AssignedTo(practitioner string) bool {
	return slices.ContainsFunc(c.Assignments, func(a Assignment) bool {
		return a.Practitioner == practitioner
	})
}

// HandOver ends what a practitioner has of the case. To, a practitioner id, takes it
// over for the team of from, unless they work on the case already; empty: nobody does.
func (c Case) HandOver(from sharing.Practitioner, to string, now time.Time) Case {
	held := c.AssignedTo(from.ID)
	c.Assignments = slices.DeleteFunc(slices.Clone(c.Assignments), func(a Assignment) bool {
		return a.Practitioner == from.ID
	})
	if held && to != "" && !c.AssignedTo(to) {
		c.Assignments = append(c.Assignments, Assignment{Practitioner: to, Agency: from.Agency, Team: from.Team, From: now})
	}
	return c
}

// Regroup gives the case to the team that one of its practitioners is in now, as whose
// it stands with the others; false when it stands with that team already.
func (c Case) Regroup(practitioner sharing.Practitioner) (Case, bool) {
	moved := false
	c.Assignments = slices.Clone(c.Assignments)
	for i := range c.Assignments {
		assignment := &c.Assignments[i]
		if assignment.Practitioner == practitioner.ID && assignment.Team != practitioner.Team {
			assignment.Team, moved = practitioner.Team, true
		}
	}
	return c, moved
}

// Classify records what the conduct is held to be. Every decision but UNDECIDED
// needs its reason; for harassment that is why it is not stalking, which is
// considered first (NPCC/CPS protocol 3.10).
func (c Case) Classify(decision ConductDecision, today calendar.Date) (Case, error) {
	switch {
	case !decision.Classification.Valid():
		return Case{}, fault.Input("input.classification", "oneOf", "Say what the conduct is held to be.")
	case decision.Classification == ConductHarassment && blank(decision.Reason):
		return Case{}, fault.Rule("CONDUCT_WHY_NOT_STALKING", "NPCC/CPS protocol 3.10",
			"Say why the conduct is not stalking before it is classified as harassment.")
	case decision.Classification != ConductUndecided && blank(decision.Reason):
		return Case{}, fault.Input("input.reason", "required", "Say why the conduct is classified so.")
	case decision.DecidedOn > today:
		return Case{}, fault.Input("input.decidedOn", "notInFuture", "A decision is recorded on its day or later.")
	}
	if decision.DecidedOn.IsZero() {
		decision.DecidedOn = today
	}
	c.Conduct = append(slices.Clone(c.Conduct), decision)
	return c, nil
}

// Classification returns what the conduct is held to be now: the decision of the
// latest day, of one day the last recorded.
func (c Case) Classification() ConductClassification {
	var latest ConductDecision
	for _, decision := range c.Conduct {
		if decision.DecidedOn >= latest.DecidedOn {
			latest = decision
		}
	}
	if latest.Classification == "" {
		return ConductUndecided
	}
	return latest.Classification
}

// Close ends the work on a case, at any grade only with a plan (R6).
func (c Case) Close(plan risk.Plan, today calendar.Date) (Case, error) {
	if err := c.refuseIfClosed(); err != nil {
		return Case{}, err
	}
	if plan.Case != c.ID || !plan.InPlace() {
		return Case{}, fault.Rule("R6", "Wiltshire procedure, Overview",
			"Record a risk management plan before the case is closed.")
	}
	c.Status, c.ClosedOn = CaseClosed, today
	return c, nil
}

// Reopen takes up the work on a closed case again.
func (c Case) Reopen() (Case, error) {
	if c.Status != CaseClosed {
		return Case{}, fault.Rule("CASE_STATUS", "Accord", "Only a closed case can be reopened.")
	}
	c.Status, c.ClosedOn = CaseOpen, 0
	return c, nil
}

// CheckReferable refuses a case that no MARAC could hear yet: a MARAC case is
// one victim and the same perpetrator or perpetrators (SafeLives, definition of
// a repeat). A perpetrator nobody has identified is a party without a name.
func (c Case) CheckReferable() error {
	const source = "SafeLives, definition of a repeat"
	if _, known := c.Victim(); !known {
		return fault.Rule("CASE_ONE_VICTIM", source, "Add the victim before the case is referred.")
	}
	if len(c.Perpetrators()) == 0 {
		return fault.Rule("CASE_PERPETRATOR", source,
			"Add at least one perpetrator, identified or not, before the case is referred.")
	}
	return nil
}

func (c Case) refuseIfClosed() error {
	if c.Status == CaseClosed {
		return fault.Rule("CASE_STATUS", "Accord", "The case is closed. Reopen it first.")
	}
	return nil
}
