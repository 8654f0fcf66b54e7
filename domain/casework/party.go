package casework

import (
	"slices"
	"strings"
	"unicode/utf8"

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
	Aliases     []string // other names they are or were known by, each in full
	Phones      []string // numbers they are known by; never one that is safe to use, which is safe contact
	Handles     []string // names they use on the internet
}

// Bounds of what somebody is known by: what a search looks at of a person.
const (
	maxKnownBy       = 15
	maxKnownByLength = 120 // letters
)

// check refuses what says nothing and more than a search looks at.
func (i Identity) check() error {
	for _, list := range []struct {
		path, what string
		known      []string
	}{
		{"input.aliases", "aliases", i.Aliases},
		{"input.phones", "phone numbers", i.Phones},
		{"input.handles", "handles", i.Handles},
	} {
		if len(list.known) > maxKnownBy {
			return fault.Input(list.path, "maxItems", "Record at most 15 "+list.what+" of one person.")
		}
		for _, one := range list.known {
			if blank(one) || utf8.RuneCountInString(one) > maxKnownByLength {
				return fault.Input(list.path, "maxLength", "Give each of the "+list.what+" in one to 120 letters.")
			}
		}
	}
	return nil
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
	if err := p.Identity.check(); err != nil {
		return err
	}
	return p.Contact.Check()
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
