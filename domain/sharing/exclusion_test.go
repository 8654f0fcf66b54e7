package sharing_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"accord/domain/sharing"
)

func TestAnExclusionIsLiftedOnceWithAReasonAndNotByWhomItKeepsOut(t *testing.T) {
	set := sharing.Exclusion{Case: "case_a", Person: "prac_friend", Kind: sharing.ExcludedFrom, Reason: sharing.BecauseFriend}
	named := set
	named.Kind = sharing.RestrictedTo
	for name, c := range map[string]struct {
		of      sharing.Exclusion
		by, why string
		want    string
	}{
		"by the coordinator":                      {set, "prac_coordinator", sentence, ""},
		"by whom it keeps out":                    {set, "prac_friend", sentence, "EXCLUSION_OWN"},
		"by whom the case is kept to":             {named, "prac_friend", sentence, ""},
		"without a reason":                        {set, "prac_coordinator", "", "REASON_OF_SUBSTANCE"},
		"without a reason, by whom it is about":   {set, "prac_friend", "", "EXCLUSION_OWN"},
		"when it is lifted already":               {sharing.Exclusion{LiftedAt: friday}, "prac_coordinator", sentence, "EXCLUSION_LIFTED"},
		"for the same letter again and once more": {set, "prac_coordinator", strings.Repeat("aaaa ", 5), "REASON_OF_SUBSTANCE"},
	} {
		lifted, err := c.of.Lift(c.by, c.why, friday)
		mustBe(t, name, err, c.want)
		if err == nil && (lifted.LiftedBy != c.by || lifted.LiftedWhy != c.why || !lifted.LiftedAt.Equal(friday)) {
			t.Errorf("%s: lifted as %+v", name, lifted)
		}
	}
}

// Whatever else is set or lifted: who is named by a standing exclusion is kept out, and
// so is who is not named by a standing restriction.
func TestAStandingExclusionKeepsOutWhateverElseIsSetOrLifted(t *testing.T) {
	people := []string{"prac_a", "prac_b", "prac_c"}
	rapid.Check(t, func(t *rapid.T) {
		var all []sharing.Exclusion
		for range rapid.IntRange(0, 6).Draw(t, "exclusions") {
			e := sharing.Exclusion{
				Case: "case_a", Person: rapid.SampledFrom(people).Draw(t, "person"), Kind: rapid.SampledFrom(sharing.ExclusionKinds()).Draw(t, "kind"),
			}
			if rapid.Bool().Draw(t, "lifted") {
				e.LiftedAt = friday
			}
			all = append(all, e)
		}
		stands := func(kind sharing.ExclusionKind, person string) bool {
			return slices.ContainsFunc(all, func(e sharing.Exclusion) bool {
				return e.Kind == kind && e.LiftedAt.IsZero() && (person == "" || e.Person == person)
			})
		}
		for _, person := range people {
			out := stands(sharing.ExcludedFrom, person) || stands(sharing.RestrictedTo, "") && !stands(sharing.RestrictedTo, person)
			if sharing.KeptOut(all, person) != out {
				t.Fatalf("%s is kept out: %v, by %+v", person, !out, all)
			}
		}
	})
}

func TestAnExclusionRepeatsAStandingOneOfTheSamePersonKindAndCase(t *testing.T) {
	one := sharing.Exclusion{Case: "case_a", Person: "prac_a", Kind: sharing.ExcludedFrom, Reason: sharing.BecauseFriend}
	change := func(edit func(*sharing.Exclusion)) sharing.Exclusion { other := one; edit(&other); return other }
	for name, c := range map[string]struct {
		other sharing.Exclusion
		want  bool
	}{
		"for another reason": {change(func(e *sharing.Exclusion) { e.Reason = sharing.BecauseParty }), true},
		"of another kind":    {change(func(e *sharing.Exclusion) { e.Kind = sharing.RestrictedTo }), false},
		"of another person":  {change(func(e *sharing.Exclusion) { e.Person = "prac_b" }), false},
		"of another case":    {change(func(e *sharing.Exclusion) { e.Case = "case_b" }), false},
		"that was lifted":    {change(func(e *sharing.Exclusion) { e.LiftedAt = friday }), false},
	} {
		if one.Repeats(c.other) != c.want || c.other.Repeats(one) != c.want {
			t.Errorf("%s: repeats %v", name, !c.want)
		}
	}
}
