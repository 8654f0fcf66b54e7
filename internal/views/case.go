package views

import (
	"accord/authz"
	"accord/domain/calendar"
	"accord/domain/casework"
	"accord/domain/risk"
)

// Case is a case as its reader may see it.
type Case struct {
	Record
	Reference string
	Type      casework.CaseType
	Status    casework.CaseStatus
	RiskLevel risk.Level
	OpenedOn  calendar.Date
	AreaID    string
	Parties   []PartyHead // victim first, then in the order they joined
	Listed    bool        // the case was placed on a list
	IsRepeat  bool        // at its latest listing
	Version   int
}

// PartyHead is that a party is there, and in which part.
type PartyHead struct {
	ID   string
	Role casework.PartyRole
}

// IsNode marks a case as a record with an id of its own.
func (Case) IsNode() {}

// GetID returns the case's id.
func (c Case) GetID() string { return c.ID }

// Area is the case's MARAC area.
func (c Case) Area() Area { return c.Names.Area(c.AreaID) }

// Repeat is null for those without a part in its meeting and for a case that was
// never listed.
func (c Case) Repeat() *bool {
	return when(c.Listed && c.full(authz.MeetingList), c.IsRepeat)
}

// Victim is the victim; null when withheld.
func (c Case) Victim() *Person {
	people := c.people(casework.Victim)
	if len(people) == 0 {
		return nil
	}
	return &people[0]
}

// Children are the children at risk; null when withheld.
func (c Case) Children() []Person { return c.people(casework.Child) }

// Perpetrators are the perpetrators; null when withheld.
func (c Case) Perpetrators() []Person { return c.people(casework.Perpetrator) }

func (c Case) people(role casework.PartyRole) []Person {
	if !c.atLeastMasked(IdentityClass(role)) {
		return nil
	}
	people := []Person{}
	for _, party := range c.Parties {
		if party.Role == role {
			person := Person{Record: c.Record, Role: role}
			person.ID = party.ID
			people = append(people, person)
		}
	}
	return people
}
