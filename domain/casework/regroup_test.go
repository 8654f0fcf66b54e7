package casework_test

import (
	"reflect"
	"testing"

	"accord/domain/casework"
	"accord/domain/sharing"
)

// A case follows one practitioner into their team, and stands with everybody else's as
// it did.
func TestACaseFollowsItsPractitionerIntoATeam(t *testing.T) {
	held := casework.Case{Assignments: []casework.Assignment{
		{Practitioner: "ahmed", Agency: "police", Team: "response"}, {Practitioner: "reid", Agency: "police", Team: "response"},
	}}
	followed, moved := held.Regroup(sharing.Practitioner{ID: "ahmed", Agency: "police", Team: "protection"})
	if !moved || followed.Assignments[0].Team != "protection" || followed.Assignments[1].Team != "response" || held.Assignments[0].Team != "response" {
		t.Errorf("moved %t, to %+v from %+v", moved, followed.Assignments, held.Assignments)
	}
	for _, practitioner := range []sharing.Practitioner{{ID: "ahmed", Team: "protection"}, {ID: "singh", Team: "protection"}} {
		if again, moved := followed.Regroup(practitioner); moved || !reflect.DeepEqual(again, followed) {
			t.Errorf("%s moves it to %+v", practitioner.ID, again.Assignments)
		}
	}
	if left, moved := followed.Regroup(sharing.Practitioner{ID: "ahmed"}); !moved || left.Assignments[0].Team != "" {
		t.Errorf("in no team: %t, %+v", moved, left.Assignments)
	}
}
