package authz_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"accord/authz"
)

// narrowing is what a declared purpose does not need, and why: Caldicott 2 and 3, use
// what is necessary and the least of it. A purpose without an entry narrows nothing.
type narrowing struct {
	source  string
	classes []authz.DataClass
}

var narrowings = map[authz.Purpose][]narrowing{
	authz.MaracPrep: {
		{"note 6 and 7: intelligence reaches a meeting sanitised, as a release", []authz.DataClass{authz.Intelligence}},
		{"note 11: the prosecution's file stays apart from the meeting", []authz.DataClass{
			authz.ChargingAdvice, authz.Withdrawal, authz.Vps, authz.SpecialMeasures,
		}},
	},
	authz.MaracAction: {
		{"notes 6 and 7", []authz.DataClass{authz.Intelligence}},
		{"note 11", []authz.DataClass{authz.ChargingAdvice, authz.Withdrawal, authz.Vps, authz.SpecialMeasures}},
		{"domain 1.6: an action is carried out from the minutes, not from what it was agreed on", []authz.DataClass{
			authz.AdvocateNotes, authz.Health,
		}},
	},
	authz.SafetyPlanning: {
		{"note 7", []authz.DataClass{authz.Intelligence}},
		{"a plan is for the victim's safety, not for the case against the perpetrator", []authz.DataClass{
			authz.ChargingAdvice, authz.Withdrawal,
		}},
	},
	authz.Investigation: {
		{"note 11 and CPIA 1996: what was said to keep somebody safe is not gathered as evidence", []authz.DataClass{authz.MaracMinutes}},
	},
	authz.Prosecution: {
		{"note 11", []authz.DataClass{authz.MeetingList, authz.Research}},
		{"note 8", []authz.DataClass{authz.AdvocateNotes}},
		{"domain 4.2 (4) and 3.5 (6): what is on the file reaches the defendant", []authz.DataClass{authz.SafeContact}},
	},
	authz.Supervision: {
		{"note 8", []authz.DataClass{authz.AdvocateNotes}},
		{"domain 4.2 (4): who reviews the work calls nobody", []authz.DataClass{authz.SafeContact}},
	},
	authz.Mappa: {
		{"note 8", []authz.DataClass{authz.AdvocateNotes}},
		{"note 12: the prosecution is no body with a duty to co-operate", []authz.DataClass{
			authz.ChargingAdvice, authz.Withdrawal, authz.Vps,
		}},
	},
	authz.QaAudit:   nil, // an auditor holds masks and sharing records
	authz.Sar:       nil, // domain 4.2 (9): the bundle is made of everything of the owner's
	authz.Emergency: nil, // domain 4.2 (12): granted, never declared; narrowed by BREAK_GLASS itself
	"":              nil, // domain 4.2 (8): a routine read derives its purpose from the case
}

func TestAPurposeNarrowsToWhatItNeeds(t *testing.T) {
	if len(narrowings) != len(authz.Purposes())+1 {
		t.Errorf("%d purposes are held against a source, there are %d and none", len(narrowings), len(authz.Purposes()))
	}
	for purpose, narrowed := range narrowings {
		sight := authz.SightOfEverything().Within(purpose)
		for _, class := range authz.DataClasses() {
			want, source := authz.Full, "needed"
			for _, n := range narrowed {
				if slices.Contains(n.classes, class) {
					want, source = authz.Masked, n.source
				}
			}
			if got := sight.Level(class); got != want {
				t.Errorf("%q: %s is read %s, want %s (%s)", purpose, class, got, want, source)
			}
			act := authz.Full
			if want == authz.Masked {
				act = authz.Withheld
				if reason := sight.Reason(class); reason != authz.ReasonPurpose {
					t.Errorf("%q: %s is not in full because of %s", purpose, class, reason)
				}
			}
			if sight.WriteLevel(class) != act || sight.RevealLevel(class) != act {
				t.Errorf("%q: %s is written %s and revealed %s, want %s (%s)",
					purpose, class, sight.WriteLevel(class), sight.RevealLevel(class), act, source)
			}
		}
	}
}

// A purpose that nobody knows needs nothing.
func TestAnUnknownPurposeShowsTheCoreAlone(t *testing.T) {
	for _, purpose := range []authz.Purpose{"CURIOSITY", "marac_prep", " MARAC_PREP"} {
		sight := authz.SightOfEverything().Within(purpose)
		for _, class := range authz.DataClasses() {
			if whole := sight.Level(class) == authz.Full; whole != authz.NeverMasked(class) {
				t.Errorf("%q: %s is read %s", purpose, class, sight.Level(class))
			}
			if sight.WriteLevel(class) != authz.Withheld && !authz.NeverMasked(class) {
				t.Errorf("%q: %s is written", purpose, class)
			}
		}
	}
}

func somePurpose(t *rapid.T, label string) authz.Purpose {
	return rapid.SampledFrom(append(authz.Purposes(), "", "CURIOSITY")).Draw(t, label)
}

func TestPropertyAPurposeNeverShowsMoreAndNeverHidesThatARecordIsThere(t *testing.T) {
	everyTable(t, func(t *rapid.T, table *authz.Table) {
		sight := table.Decide(someRoles(t, "roles"), someRelations(t, "relations"))
		purpose, other := somePurpose(t, "purpose"), somePurpose(t, "other purpose")
		within := sight.Within(purpose)
		for _, class := range authz.DataClasses() {
			for _, act := range everyAct {
				if levelOf(within, act, class) > levelOf(sight, act, class) {
					t.Fatalf("%q: %s of %s became %s", purpose, act, class, levelOf(within, act, class))
				}
				if levelOf(within.Within(other), act, class) != levelOf(sight.Within(other).Within(purpose), act, class) {
					t.Fatalf("%q within %q: %s of %s depends on which comes first", other, purpose, act, class)
				}
			}
			if row := authz.SetOf(class); within.Reaches(row) != sight.Reaches(row) {
				t.Fatalf("%q: a record of %s is there: %t", purpose, class, within.Reaches(row))
			}
			if authz.NeverMasked(class) && within.Level(class) != sight.Level(class) {
				t.Fatalf("%q: %s is %s", purpose, class, within.Level(class))
			}
			narrowed := within.Level(class) < sight.Level(class)
			if says := within.Level(class) != authz.Full && within.Reason(class) == authz.ReasonPurpose; says != narrowed {
				t.Fatalf("%q: of %s it is said that the purpose does not cover it: %t", purpose, class, says)
			}
		}
		if again := within.Within(purpose); again != within {
			t.Fatalf("%q twice: %v, once: %v", purpose, again, within)
		}
	})
}

// What is shown once is what may be revealed, and can be neither written nor revealed
// further.
func TestPropertyWhatIsShownOnceIsWhatMayBeRevealed(t *testing.T) {
	everyTable(t, func(t *rapid.T, table *authz.Table) {
		sight := table.Decide(someRoles(t, "roles"), someRelations(t, "relations")).Within(somePurpose(t, "purpose"))
		shown := sight.Revealing()
		for _, class := range authz.DataClasses() {
			if shown.Level(class) != sight.RevealLevel(class) {
				t.Fatalf("%s is shown %s, and may be revealed %s", class, shown.Level(class), sight.RevealLevel(class))
			}
			if shown.WriteLevel(class) != authz.Withheld || shown.RevealLevel(class) != authz.Withheld {
				t.Fatalf("%s is shown and can be written or revealed further", class)
			}
		}
	})
}

// What two records say together is held by who holds both.
func TestPropertyTogetherNobodyHoldsMoreThanOfEither(t *testing.T) {
	everyTable(t, func(t *rapid.T, table *authz.Table) {
		one := table.Decide(someRoles(t, "roles"), someRelations(t, "relations"))
		two := table.Decide(someRoles(t, "roles of the other"), someRelations(t, "relations of the other")).
			Within(somePurpose(t, "purpose"))
		both := one.And(two)
		for _, class := range authz.DataClasses() {
			for _, act := range everyAct {
				if want := min(levelOf(one, act, class), levelOf(two, act, class)); levelOf(both, act, class) != want {
					t.Fatalf("%s of %s: %s, want %s", act, class, levelOf(both, act, class), want)
				}
			}
		}
		if both != two.And(one) || one.And(one) != one {
			t.Fatal("it matters which record comes first")
		}
	})
}
