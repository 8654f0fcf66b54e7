package authz_test

import (
	"slices"
	"testing"

	"accord/authz"
)

// beyondTheCase are the classes of which an emergency opens more than being given the
// case would, to the roles that hold less of them in the course of their work, and why.
var beyondTheCase = map[authz.DataClass]string{
	authz.RiskAssessment: "what other agencies assessed is the danger itself, and nobody can wait for its release",
	authz.SafeContact:    "whoever answers a threat to life has to reach the victim: a supervisor and a duty inspector too",
	authz.SharingRecord:  "the access itself, which is written down",
}

// Domain 4.2 (1) and (12): an emergency shows a role what it would see of the case if the case
// were its own, never more, but for what is named; and never anything of advocate notes.
// The control room has no cases of its own.
func TestAnEmergencyShowsNoMoreThanACaseOfOnesOwn(t *testing.T) {
	table := shippedTable(t)
	widened := map[authz.DataClass]bool{}
	for _, role := range authz.Roles() {
		emergency := held(table, role, authz.BreakGlass)
		for _, class := range authz.DataClasses() {
			if class == authz.Directory {
				continue
			}
			if emergency.WriteLevel(class) != authz.Withheld {
				t.Errorf("%s writes %s in an emergency", role, class)
			}
			if role == authz.ControlRoom {
				continue
			}
			for _, act := range everyAct {
				if levelOf(emergency, act, class) <= levelOf(held(table, role, reach[role]), act, class) {
					continue
				}
				widened[class] = true
				if beyondTheCase[class] == "" {
					t.Errorf("an emergency lets %s %s more of %s than the case would", role, act, class)
				}
			}
		}
	}
	for class := range beyondTheCase {
		if !widened[class] {
			t.Errorf("no emergency opens more of %s than the case would", class)
		}
	}
	never := []authz.DataClass{
		authz.AdvocateNotes, authz.Health, authz.Intelligence, authz.Research, authz.Vps, authz.MaracMinutes, authz.ExclusionClass,
	}
	for _, role := range everyRole() {
		for _, class := range never {
			if held(table, role, authz.BreakGlass).Level(class) != authz.Withheld {
				t.Errorf("an emergency shows %s to %s", class, role)
			}
		}
	}
	if opens := slices.ContainsFunc(authz.SystemRoles(), func(role authz.Role) bool {
		return held(table, role, authz.BreakGlass).Reaches(authz.SetOf(authz.CaseCore))
	}); opens {
		t.Error("a system capacity takes emergency access")
	}
}
