package authz_test

import (
	"testing"

	"accord/authz"
)

// A person with three roles who reaches a record in five ways, which is more than
// anybody of the demo does.
var (
	manyRoles     = []authz.Role{authz.Investigator, authz.Supervisor, authz.MaracChair}
	manyRelations = authz.RelationSet(0).With(authz.Assigned).With(authz.Team).With(authz.Owner).With(authz.Chair).With(authz.Signed)
)

var (
	decided authz.Sight
	levels  authz.Level
	reasons authz.Reason
)

// fields asks of a Sight what the fields of a record ask: how much of each class, and
// why not more.
func fields(sight authz.Sight, classes []authz.DataClass) {
	for _, class := range classes {
		if level := sight.Level(class); level != authz.Full {
			reasons |= sight.Reason(class)
		}
		levels |= sight.WriteLevel(class) | sight.RevealLevel(class)
	}
}

// Neither deciding a Sight nor asking it allocates, for a record or for a field.
func TestDecidingAndAskingAllocateNothing(t *testing.T) {
	table, classes := shippedTable(t), authz.DataClasses()
	row := authz.SetOf(authz.MeetingList, authz.MaracMinutes)
	for what, do := range map[string]func(){
		"deciding a record":          func() { decided = table.Decide(manyRoles, manyRelations) },
		"narrowing to a purpose":     func() { decided = table.Decide(manyRoles, manyRelations).Within(authz.MaracPrep) },
		"two records together":       func() { decided = decided.And(decided) },
		"asking every class":         func() { fields(decided, classes) },
		"whether a record is there":  func() { _ = decided.Reaches(row) },
		"what a link says":           func() { reasons |= table.LinkReason(manyRoles, row) },
		"whether a token is of use":  func() { _ = table.Opens(manyRoles, authz.Team, row) },
		"from the decision to field": func() { fields(table.Decide(manyRoles, manyRelations).Within(authz.Supervision), classes) },
	} {
		if allocations := testing.AllocsPerRun(100, do); allocations != 0 {
			t.Errorf("%s allocates %v times", what, allocations)
		}
	}
}

// What one record costs.
func BenchmarkDecide(b *testing.B) {
	table := shippedTable(b)
	b.ReportAllocs()
	for b.Loop() {
		decided = table.Decide(manyRoles, manyRelations).Within(authz.MaracPrep)
	}
}

// What the fields of one record cost: each class once.
func BenchmarkSight(b *testing.B) {
	sight, classes := shippedTable(b).Decide(manyRoles, manyRelations), authz.DataClasses()
	b.ReportAllocs()
	for b.Loop() {
		fields(sight, classes)
	}
}
