package casework

import (
	"slices"
	"strings"

	"accord/domain/calendar"
	"accord/domain/fault"
)

// Party is a person in one case. The same person in another case is another
// party there; nothing links the two but a decision of two people.
type Party struct {
	ID           string
	Role         PartyRole
	Identity     Identity
	Contact      SafeContact
	Relationship RelationshipType // of a perpetrator, to the victim; empty: not recorded
	Typology     StalkerTypology  // of a perpetrator; empty: not assessed
	Allegation   AllegationState  // of a perpetrator; empty: not recorded
}

// Identity is who somebody is.
type Identity struct {
	Name        string // empty: not known, such as a stalker nobody has identified
	DateOfBirth calendar.Date
}

// SafeContact is where and how a person may be reached without telling the
// perpetrator.
type SafeContact struct {
	Address      Address
	Confidential bool   // no part of the address is shown masked
	Refuge       bool   // lives in a refuge, whose address is never stored
	Phone        string // a number that is safe to use
	Method       string // how to make contact, such as "text first"
	SafeTimes    string // when, such as "weekdays before three"
}

// Address is a postal address in the United Kingdom.
type Address struct {
	Lines    []string
	Postcode string
}

// AddParty adds a person to the case. A case has one victim; what is recorded of
// a perpetrator alone is recorded of nobody else.
func (c Case) AddParty(p Party, today calendar.Date) (Case, error) {
	if err := c.refuseIfClosed(); err != nil {
		return Case{}, err
	}
	if err := p.check(today); err != nil {
		return Case{}, err
	}
	if _, taken := c.Victim(); taken && p.Role == Victim {
		return Case{}, fault.Rule("CASE_ONE_VICTIM", "SafeLives, definition of a repeat",
			"A case has one victim. Open a case of its own for another victim.")
	}
	if slices.ContainsFunc(c.Parties, func(other Party) bool { return other.ID == p.ID }) {
		return Case{}, fault.Input("input.party", "unique", "This party is in the case already.")
	}
	c.Parties = append(slices.Clone(c.Parties), p)
	return c, nil
}

func (p Party) check(today calendar.Date) error {
	ofPerpetrator := p.Relationship != "" || p.Typology != "" || p.Allegation != ""
	switch {
	case !p.Role.Valid():
		return fault.Input("input.role", "oneOf", "Say which part the person has in the case.")
	case p.Role == Victim && blank(p.Identity.Name):
		return fault.Input("input.name", "required", "Give the victim's name, or the name they are known by.")
	case p.Identity.DateOfBirth > today:
		return fault.Input("input.dateOfBirth", "notInFuture", "A date of birth is today or earlier.")
	case p.Role != Perpetrator && ofPerpetrator:
		return fault.Input("input.role", "perpetratorOnly",
			"Relationship to the victim, typology and allegation are recorded of a perpetrator only.")
	case p.Relationship != "" && !p.Relationship.Valid():
		return fault.Input("input.relationship", "oneOf", "Say what the perpetrator is to the victim.")
	case p.Typology != "" && !p.Typology.Valid():
		return fault.Input("input.typology", "oneOf", "Say which typology the perpetrator is held to be.")
	case p.Allegation != "" && !p.Allegation.Valid():
		return fault.Input("input.allegation", "oneOf", "Say how far the allegation has come.")
	}
	return p.Contact.Check()
}

// Check refuses the address of a refuge. It is never stored as an address: who
// finds the record finds everybody who lives there.
func (s SafeContact) Check() error {
	if s.Refuge && !s.Address.IsEmpty() {
		return fault.Rule("SAFE_CONTACT_REFUGE", "Accord, safe contact",
			"Leave the address empty: the address of a refuge is never recorded.")
	}
	return nil
}

// IsEmpty reports whether the address says nothing.
func (a Address) IsEmpty() bool {
	return blank(a.Postcode) && !slices.ContainsFunc(a.Lines, func(line string) bool {
		return !blank(line)
	})
}

// Victim returns the victim of the case; false: none is recorded yet.
func (c Case) Victim() (Party, bool) {
	if victims := c.PartiesAs(Victim); len(victims) > 0 {
		return victims[0], true
	}
	return Party{}, false
}

// Perpetrators returns the perpetrators of the case.
func (c Case) Perpetrators() []Party { return c.PartiesAs(Perpetrator) }

// Children returns the children of the case. A case with children is heard
// before cases of adults only.
func (c Case) Children() []Party { return c.PartiesAs(Child) }

// PartiesAs returns the parties of the case in the role, in the order they were
// added.
func (c Case) PartiesAs(role PartyRole) []Party {
	var parties []Party
	for _, p := range c.Parties {
		if p.Role == role {
			parties = append(parties, p)
		}
	}
	return parties
}

func blank(text string) bool { return strings.TrimSpace(text) == "" }
