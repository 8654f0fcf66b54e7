package sharing

import (
	"slices"
	"strings"
	"time"

	"accord/domain/fault"
)

// ItemKind is a kind of information that belongs to the agency that put it in.
type ItemKind string

// The kinds of an agency's own items.
const (
	Intelligence      ItemKind = "INTELLIGENCE"       // police intelligence
	AdvocateNote      ItemKind = "ADVOCATE_NOTE"      // case note of an advocacy service
	HealthInformation ItemKind = "HEALTH_INFORMATION" // what a health service holds
)

// ItemKinds lists every kind.
func ItemKinds() []ItemKind { return []ItemKind{Intelligence, AdvocateNote, HealthInformation} }

// Valid reports whether the kind is one of ItemKinds.
func (k ItemKind) Valid() bool { return slices.Contains(ItemKinds(), k) }

// Basis tells fact from opinion (Data Protection Act 2018 s.38(3)).
type Basis string

// The bases.
const (
	Fact    Basis = "FACT"
	Opinion Basis = "OPINION"
)

// Bases lists both bases.
func Bases() []Basis { return []Basis{Fact, Opinion} }

// Valid reports whether the basis is one of Bases.
func (b Basis) Valid() bool { return slices.Contains(Bases(), b) }

// OwnedItem is something an agency holds on a case. It stays the agency's until
// it is released, and what is released is said in the release.
type OwnedItem struct {
	ID         string
	Case       string
	Agency     string // the owner
	Kind       ItemKind
	About      string // party id; empty: the case as a whole
	Basis      Basis
	Text       string
	RecordedBy string // practitioner id
	RecordedAt time.Time
}

// itemTextLimit bounds an item; longer papers are attached.
const itemTextLimit = 20_000

// Check refuses an item without words, and one that the agency is not a service
// of the kind to hold.
func (i OwnedItem) Check(agency AgencyType) error {
	switch {
	case !i.Kind.Valid():
		return fault.Input("input.kind", "oneOf", "Say what kind of information it is.")
	case !i.Kind.heldBy(agency):
		return fault.Rule("ITEM_OWNER", "Crime and Disorder Act 1998 s.115: control stays with the owner",
			"Intelligence is recorded by the police, a note by an advocacy service and health information by a health service. Record what your agency holds itself.")
	case !i.Basis.Valid():
		return fault.Input("input.basis", "oneOf", "Say whether this is fact or opinion (Data Protection Act 2018 s.38(3)).")
	case strings.TrimSpace(i.Text) == "":
		return fault.Input("input.text", "required", "Say what is known.")
	case len(i.Text) > itemTextLimit:
		return fault.Input("input.text", "maxLength", "Say it in at most 20,000 characters, and attach what is longer.")
	}
	return nil
}

func (k ItemKind) heldBy(agency AgencyType) bool {
	switch k {
	case Intelligence:
		return agency == Police
	case AdvocateNote:
		return agency.IsAdvocacy()
	case HealthInformation:
		return slices.Contains([]AgencyType{HealthPrimary, HealthAcute, MentalHealth, SubstanceMisuse}, agency)
	default:
		return false
	}
}

// IsAdvocacy reports whether the agency is a victims' advocacy service, whose
// notes are independent of the police.
func (t AgencyType) IsAdvocacy() bool {
	return slices.Contains([]AgencyType{IdvaService, IsacService, IsvaService}, t)
}

// IsCompetentAuthority reports whether the agency may process for law enforcement
// purposes under part 3 of the Data Protection Act 2018 (s.30).
func (t AgencyType) IsCompetentAuthority() bool {
	return slices.Contains([]AgencyType{Police, Cps, Probation, Prison, Court, YouthOffendingTeam}, t)
}
