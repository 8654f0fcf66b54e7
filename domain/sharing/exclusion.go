package sharing

import (
	"slices"
	"time"

	"accord/domain/fault"
)

// ExclusionKind says which way a list of names works.
type ExclusionKind string

// The kinds of exclusion. A case may have both.
const (
	ExcludedFrom ExclusionKind = "EXCLUDED_FROM" // this person never reaches the case
	RestrictedTo ExclusionKind = "RESTRICTED_TO" // only people listed so reach the case
)

// ExclusionKinds lists every kind.
func ExclusionKinds() []ExclusionKind { return []ExclusionKind{ExcludedFrom, RestrictedTo} }

// Valid reports whether the kind is one of ExclusionKinds.
func (k ExclusionKind) Valid() bool { return slices.Contains(ExclusionKinds(), k) }

// ExclusionReason is the conflict of interest an exclusion answers.
type ExclusionReason string

// The reasons: what the practitioner is to somebody in the case, or that a party
// of the case works for a member agency.
const (
	BecauseParty        ExclusionReason = "PARTY"
	BecauseRelative     ExclusionReason = "RELATIVE"
	BecauseHousehold    ExclusionReason = "HOUSEHOLD"
	BecauseFriend       ExclusionReason = "FRIEND"
	BecauseColleague    ExclusionReason = "COLLEAGUE"
	BecauseEmployeeCase ExclusionReason = "EMPLOYEE_CASE"
)

// ExclusionReasons lists every reason.
func ExclusionReasons() []ExclusionReason {
	return []ExclusionReason{
		BecauseParty, BecauseRelative, BecauseHousehold, BecauseFriend, BecauseColleague,
		BecauseEmployeeCase,
	}
}

// Valid reports whether the reason is one of ExclusionReasons.
func (r ExclusionReason) Valid() bool { return slices.Contains(ExclusionReasons(), r) }

// Exclusion keeps people out of a case, or keeps a case to named people. It
// beats every role and relation, the chair's and emergency access included.
type Exclusion struct {
	ID     string
	Case   string // case id
	Person string // practitioner id
	Kind   ExclusionKind
	Reason ExclusionReason
	SetBy  string // practitioner id; the person, for a conflict they declared
	SetAt  time.Time

	LiftedBy  string
	LiftedAt  time.Time // zero: it stands
	LiftedWhy string
}

// Check refuses an exclusion that would keep nobody out.
func (e Exclusion) Check() error {
	switch {
	case e.Person == "":
		return fault.Input("input.person", "required", "Name the practitioner whom the exclusion is about.")
	case e.Case == "":
		return fault.Input("input.case", "required", "Name the case that the exclusion is about.")
	case !e.Kind.Valid():
		return fault.Input("input.kind", "oneOf", "Say whether the person is excluded from the case or the case is restricted to them.")
	case !e.Reason.Valid():
		return fault.Input("input.reason", "oneOf", "Say which conflict of interest the exclusion answers.")
	}
	return nil
}

// Repeats reports whether the exclusion says what a standing one says already.
func (e Exclusion) Repeats(standing Exclusion) bool {
	return e.LiftedAt.IsZero() && standing.LiftedAt.IsZero() && e.Kind == standing.Kind && e.Person == standing.Person && e.Case == standing.Case
}

// KeptOut reports whether the exclusions of a case keep the practitioner out of
// it: they are excluded by name, or the case is restricted and they are not on
// its list. Being on the list of a restricted case never undoes an exclusion by
// name, and an entry of an unknown kind keeps out whom it names.
func KeptOut(exclusions []Exclusion, practitioner string) bool {
	restricted, listed := false, false
	for _, e := range exclusions {
		if !e.LiftedAt.IsZero() {
			continue
		}
		named := e.Person == practitioner
		if e.Kind == RestrictedTo {
			restricted = true
			listed = listed || named
			continue
		}
		if named {
			return true
		}
	}
	return restricted && !listed
}

// Lift takes an exclusion away. Whoever it keeps out does not lift it.
func (e Exclusion) Lift(by, why string, now time.Time) (Exclusion, error) {
	switch {
	case !e.LiftedAt.IsZero():
		return Exclusion{}, fault.Rule("EXCLUSION_LIFTED", "Accord, exclusion", "The exclusion is lifted already.")
	case by == e.Person && e.Kind == ExcludedFrom:
		return Exclusion{}, fault.Rule("EXCLUSION_OWN", "domain: conflict of interest", "Somebody else lifts an exclusion that is about you.")
	}
	if err := CheckReason("input.reason", why); err != nil {
		return Exclusion{}, err
	}
	e.LiftedBy, e.LiftedAt, e.LiftedWhy = by, now, why
	return e, nil
}
