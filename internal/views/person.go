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
	Previous        []string // outward postcodes of earlier addresses, newest first
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
		Previous:        casework.PreviousOutwardPostcodes(contact),
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

// Aliases are other names of theirs; null when masked or withheld.
func (p Person) Aliases() ([]string, error) {
	return p.knownBy(func(i casework.Identity) []string { return i.Aliases })
}

// Phones are numbers they are known by; null when masked or withheld.
func (p Person) Phones() ([]string, error) {
	return p.knownBy(func(i casework.Identity) []string { return i.Phones })
}

// Handles are names they use on the internet; null when masked or withheld.
func (p Person) Handles() ([]string, error) {
	return p.knownBy(func(i casework.Identity) []string { return i.Handles })
}

func (p Person) knownBy(list func(casework.Identity) []string) ([]string, error) {
	if !p.full(p.OwnClass()) {
		return nil, nil
	}
	identity, err := p.identity()
	return append([]string{}, list(identity)...), err
}

// OutwardPostcode is null when not known and when the address is confidential.
// It is read from the mask even by those who hold the address, so that a page
// of cases never opens an address.
func (p Person) OutwardPostcode() (*string, error) {
	mask, err := p.contactMask()
	return known(err == nil, mask.OutwardPostcode), err
}

// PreviousOutwardPostcodes are those of earlier addresses, newest first; null
// when withheld.
func (p Person) PreviousOutwardPostcodes() ([]string, error) {
	if !p.atLeastMasked(authz.SafeContact) {
		return nil, nil
	}
	mask, err := p.contactMask()
	return append([]string{}, mask.Previous...), err
}

// ContactMethod is how to make contact; null when not recorded.
func (p Person) ContactMethod() (*string, error) {
	mask, err := p.contactMask()
	return known(err == nil, mask.Method), err
}

// SafeTimes is when contact is safe; null when not recorded.
func (p Person) SafeTimes() (*string, error) {
	mask, err := p.contactMask()
	return known(err == nil, mask.SafeTimes), err
}

// contactMask is what the mask shows of how the party is reached; empty when
// withheld and when nothing is recorded.
func (p Person) contactMask() (ContactMask, error) {
	if !p.atLeastMasked(authz.SafeContact) {
		return ContactMask{}, nil
	}
	masks, err := section[ContactMasks](p.Record, authz.SafeContact, authz.Masked)
	if err != nil {
		return ContactMask{}, err
	}
	for _, mask := range masks.Parties {
		if mask.Party == p.ID {
			return mask, nil
		}
	}
	return ContactMask{}, nil
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
