package views

import (
	"accord/authz"
	"accord/domain/calendar"
	"accord/domain/casework"
)

// Identities is the full section of an identity class: who the parties are.
type Identities struct{ Parties []PartyIdentity }

// PartyIdentity is who one party is.
type PartyIdentity struct {
	Party    string
	Identity casework.Identity
}

// IdentityMasks is the masked section of an identity class. It is made when the
// identities are written, so that a masked viewer never opens the names.
type IdentityMasks struct{ Parties []IdentityMask }

// IdentityMask is what the mask shows of a party.
type IdentityMask struct {
	Party       string
	Initials    string
	YearOfBirth int // 0 when not known
}

// Contacts is the full section of safe contact.
type Contacts struct{ Parties []PartyContact }

// PartyContact is how one party is reached safely.
type PartyContact struct {
	Party   string
	Contact casework.SafeContact
}

// ContactMasks is the masked section of safe contact.
type ContactMasks struct{ Parties []ContactMask }

// ContactMask is what the mask shows of a party's safe contact.
type ContactMask struct {
	Party           string
	OutwardPostcode string // empty when not known or confidential
	Method          string
	SafeTimes       string
}

// IdentityClass is the class that identifies a party of the role.
func IdentityClass(role casework.PartyRole) authz.DataClass {
	switch role {
	case casework.Perpetrator:
		return authz.PerpetratorIdentity
	case casework.Child, casework.Dependant:
		return authz.Children
	case casework.Victim, casework.Witness, casework.OtherAtRisk, casework.Professional:
		return authz.VictimIdentity
	default:
		return authz.VictimIdentity
	}
}

// MaskIdentity is what the mask shows of an identity.
func MaskIdentity(party string, identity casework.Identity) IdentityMask {
	mask := IdentityMask{Party: party, Initials: casework.Initials(identity.Name)}
	if !identity.DateOfBirth.IsZero() {
		mask.YearOfBirth = identity.DateOfBirth.Year()
	}
	return mask
}

// MaskContact is what the mask shows of a safe contact.
func MaskContact(party string, contact casework.SafeContact) ContactMask {
	return ContactMask{
		Party:           party,
		OutwardPostcode: casework.OutwardPostcode(contact),
		Method:          contact.Method,
		SafeTimes:       contact.SafeTimes,
	}
}

// Person is a party of a case.
type Person struct {
	Record
	Role casework.PartyRole
}

// OwnClass is the class of the party's role in the case.
func (p Person) OwnClass() authz.DataClass { return IdentityClass(p.Role) }

// Name is the full name, the initials when masked, null when not known.
func (p Person) Name() (*string, error) {
	switch p.Sight.Level(p.OwnClass()) {
	case authz.Full:
		identity, err := p.identity()
		return known(err == nil, identity.Name), err
	case authz.Masked:
		mask, err := p.identityMask()
		return known(err == nil, mask.Initials), err
	default:
		return nil, nil
	}
}

// DateOfBirth is null when masked or not known.
func (p Person) DateOfBirth() (*calendar.Date, error) {
	if !p.full(p.OwnClass()) {
		return nil, nil
	}
	identity, err := p.identity()
	return known(err == nil, identity.DateOfBirth), err
}

// YearOfBirth is null when not known.
func (p Person) YearOfBirth() (*int, error) {
	switch p.Sight.Level(p.OwnClass()) {
	case authz.Full:
		identity, err := p.identity()
		return known(err == nil, MaskIdentity(p.ID, identity).YearOfBirth), err
	case authz.Masked:
		mask, err := p.identityMask()
		return known(err == nil, mask.YearOfBirth), err
	default:
		return nil, nil
	}
}

// OutwardPostcode is null when not known and when the address is confidential.
// It is read from the mask even by those who hold the address, so that a page
// of cases never opens an address.
func (p Person) OutwardPostcode() (*string, error) {
	if !p.atLeastMasked(authz.SafeContact) {
		return nil, nil
	}
	masks, err := section[ContactMasks](p.Record, authz.SafeContact, authz.Masked)
	if err != nil {
		return nil, err
	}
	for _, mask := range masks.Parties {
		if mask.Party == p.ID {
			return known(true, mask.OutwardPostcode), nil
		}
	}
	return nil, nil
}

// Address is never in an answer: it is revealed one person at a time, with a
// reason.
func (p Person) Address() *Address { return nil }

// Address is a postal address that was revealed.
type Address struct {
	Lines    []string
	Postcode *string
}

func (p Person) identity() (casework.Identity, error) {
	identities, err := section[Identities](p.Record, p.OwnClass(), authz.Full)
	if err != nil {
		return casework.Identity{}, err
	}
	for _, party := range identities.Parties {
		if party.Party == p.ID {
			return party.Identity, nil
		}
	}
	return casework.Identity{}, nil
}

func (p Person) identityMask() (IdentityMask, error) {
	masks, err := section[IdentityMasks](p.Record, p.OwnClass(), authz.Masked)
	if err != nil {
		return IdentityMask{}, err
	}
	for _, mask := range masks.Parties {
		if mask.Party == p.ID {
			return mask, nil
		}
	}
	return IdentityMask{}, nil
}
