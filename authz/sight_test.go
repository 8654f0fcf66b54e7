package authz_test

import (
	"testing"

	"pgregory.net/rapid"

	"accord/authz"
)

// waits is a small policy in which roles wait for the owner in every way there is,
// and in which an emergency opens what nothing else does.
const waits = `
p, INVESTIGATOR, OWNER, RESEARCH, read, full
p, INVESTIGATOR, RELEASED, HEALTH, read, full
p, SUPERVISOR, OWNER, RESEARCH, read, masked
p, SUPERVISOR, RELEASED, RESEARCH, read, full
p, MARAC_CHAIR, CHAIR, RESEARCH, read, masked
p, MARAC_CHAIR, RELEASED, RESEARCH, read, full
p, PROSECUTOR, FILED, CASE_CORE, read, full
p, INVESTIGATOR, OWNER, RISK_ASSESSMENT, read, full
p, INVESTIGATOR, BREAK_GLASS, RISK_ASSESSMENT, read, full
p, CONTROL_ROOM, BREAK_GLASS, PLAN, read, full
p, IDVA, ASSIGNED, SAFE_CONTACT, read, full
p, IDVA, ASSIGNED, SAFE_CONTACT, reveal, full
p, MARAC_COORDINATOR, CONVENOR, SAFE_CONTACT, read, masked
p, MARAC_COORDINATOR, CONVENOR, SAFE_CONTACT, reveal, masked
`

var tables = map[string]func(testing.TB) *authz.Table{
	"shipped": shippedTable,
	"waits":   func(tb testing.TB) *authz.Table { tb.Helper(); return compiled(tb, waits) },
}

func someRoles(t *rapid.T, label string) []authz.Role {
	return rapid.SliceOfNDistinct(rapid.SampledFrom(everyRole()), 0, 4, rapid.ID).Draw(t, label)
}

func someRelations(t *rapid.T, label string) authz.RelationSet {
	var set authz.RelationSet
	for _, relation := range rapid.SliceOf(rapid.SampledFrom(authz.Relations())).Draw(t, label) {
		set = set.With(relation)
	}
	return set
}

func everyTable(t *testing.T, check func(t *rapid.T, table *authz.Table)) {
	t.Helper()
	for name, build := range tables {
		t.Run(name, func(t *testing.T) {
			table := build(t)
			rapid.Check(t, func(t *rapid.T) { check(t, table) })
		})
	}
}

func TestASightIsWhatItsRolesAndRelationsGiveEachAlone(t *testing.T) {
	everyTable(t, func(t *rapid.T, table *authz.Table) {
		roles, relations := someRoles(t, "roles"), someRelations(t, "relations")
		sight := table.Decide(roles, relations)
		for _, class := range authz.DataClasses() {
			var read, write, reveal authz.Level
			for _, role := range roles {
				for _, relation := range authz.Relations() {
					if relations.Has(relation) {
						alone := held(table, role, relation)
						read, write = max(read, alone.Level(class)), max(write, alone.WriteLevel(class))
						reveal = max(reveal, alone.RevealLevel(class))
					}
				}
			}
			if class == authz.Directory && len(roles) > 0 {
				read = authz.Full
			}
			if sight.Level(class) != read || sight.WriteLevel(class) != write || sight.RevealLevel(class) != reveal {
				t.Fatalf("%s: read %s, write %s and reveal %s, each alone gives %s, %s and %s",
					class, sight.Level(class), sight.WriteLevel(class), sight.RevealLevel(class), read, write, reveal)
			}
			if sight.WriteLevel(class) > sight.Level(class) || sight.RevealLevel(class) > sight.Level(class) {
				t.Fatalf("%s is written %s, revealed %s and read %s",
					class, sight.WriteLevel(class), sight.RevealLevel(class), sight.Level(class))
			}
		}
	})
}

func TestMoreRolesAndRelationsNeverShowLess(t *testing.T) {
	everyTable(t, func(t *rapid.T, table *authz.Table) {
		roles, relations := someRoles(t, "roles"), someRelations(t, "relations")
		less := table.Decide(roles, relations)
		more := table.Decide(append(roles, someRoles(t, "more roles")...), relations|someRelations(t, "more relations"))
		for _, class := range authz.DataClasses() {
			if more.Level(class) < less.Level(class) || more.WriteLevel(class) < less.WriteLevel(class) ||
				more.RevealLevel(class) < less.RevealLevel(class) {
				t.Fatalf("%s: %s became %s", class, less.Level(class), more.Level(class))
			}
			row := authz.SetOf(class)
			if less.Reaches(row) && !more.Reaches(row) {
				t.Fatalf("a record of %s is no longer there", class)
			}
		}
	})
}

func TestWithoutARoleNothingIsSeen(t *testing.T) {
	everyTable(t, func(t *rapid.T, table *authz.Table) {
		relations := someRelations(t, "relations")
		for _, sight := range []authz.Sight{table.Decide(nil, relations), {}} {
			for _, class := range authz.DataClasses() { // the directory among them
				if sight.Level(class) != authz.Withheld || sight.WriteLevel(class) != authz.Withheld ||
					sight.RevealLevel(class) != authz.Withheld || sight.Reason(class) != authz.ReasonRole {
					t.Fatalf("%s: %s, %s", class, sight.Level(class), sight.Reason(class))
				}
			}
			if sight.Reaches(authz.SetOf(authz.DataClasses()...)) {
				t.Fatal("a record is there")
			}
		}
		for _, class := range authz.DataClasses() {
			row := authz.SetOf(class)
			if reason := table.LinkReason(nil, row); reason != authz.ReasonRole {
				t.Fatalf("a link to %s says %q", class, reason)
			}
			for _, relation := range authz.Relations() {
				if table.Opens(nil, relation, row) {
					t.Fatalf("a token of %s enters a query of %s", relation, class)
				}
			}
		}
	})
}

func TestWithoutARelationOnlyTheDirectoryIsSeen(t *testing.T) {
	table := shippedTable(t)
	for _, role := range everyRole() {
		sight := table.Decide([]authz.Role{role}, 0)
		for _, class := range authz.DataClasses() {
			want := authz.Withheld
			if class == authz.Directory {
				want = authz.Full
			}
			if sight.Level(class) != want || sight.WriteLevel(class) != authz.Withheld || sight.RevealLevel(class) != authz.Withheld {
				t.Errorf("%s of %s: %s", role, class, sight.Level(class))
			}
		}
	}
}

func TestTheCoreOfACaseAndTheDirectoryAreNeverMasked(t *testing.T) {
	everyTable(t, func(t *rapid.T, table *authz.Table) {
		sight := table.Decide(someRoles(t, "roles"), someRelations(t, "relations"))
		for _, class := range []authz.DataClass{authz.CaseCore, authz.Directory} {
			if !authz.NeverMasked(class) || sight.Level(class) == authz.Masked || sight.WriteLevel(class) == authz.Masked {
				t.Fatalf("%s is masked", class)
			}
		}
	})
	// Who reaches anything else of a case by a relation reaches its core by it, or
	// the case would be there with nothing to call it by. The own items of an
	// agency and what was signed for come beside a relation that does.
	table := shippedTable(t)
	ofCase := authz.SetOf(authz.VictimIdentity, authz.SafeContact, authz.Children, authz.PerpetratorIdentity)
	for _, role := range authz.Roles() {
		for _, relation := range authz.Relations() {
			sight := held(table, role, relation)
			if sight.Reaches(ofCase) && sight.Level(authz.CaseCore) != authz.Full {
				t.Errorf("%s reaches who is in a case by %s and not the case", role, relation)
			}
		}
	}
}

// way is how the roles come to read a class: in the course of their work, as its
// owner's or after release, or in an emergency.
type way struct{ atWork, byOwner, inEmergency bool }

func (w way) join(other way) way {
	return way{w.atWork || other.atWork, w.byOwner || other.byOwner, w.inEmergency || other.inEmergency}
}

func (w way) waits() bool { return w.byOwner && !w.atWork }

func ways(table *authz.Table, roles []authz.Role, class authz.DataClass) way {
	var all way
	for _, role := range roles {
		for _, relation := range authz.Relations() {
			// The directory is every signed-in person's, by no relation.
			if class == authz.Directory || held(table, role, relation).Level(class) == authz.Withheld {
				continue
			}
			switch relation {
			case authz.Owner, authz.Released:
				all.byOwner = true
			case authz.BreakGlass:
				all.inEmergency = true
			default:
				all.atWork = true
			}
		}
	}
	return all
}

func TestNotReleasedIsSaidExactlyWhenEveryWayWaitsForTheOwner(t *testing.T) {
	everyTable(t, func(t *rapid.T, table *authz.Table) {
		roles := someRoles(t, "roles")
		sight := table.Decide(roles, someRelations(t, "relations"))
		for _, class := range authz.DataClasses() {
			if sight.Level(class) == authz.Full {
				continue
			}
			want := authz.ReasonRole
			switch {
			case sight.Level(class) == authz.Masked:
				want = authz.ReasonMasked
			case ways(table, roles, class).waits():
				want = authz.ReasonNotReleased
			}
			if got := sight.Reason(class); got != want {
				t.Fatalf("%s: %s, want %s", class, got, want)
			}
		}
	})
}

func TestALinkSaysWhatTheRolesWouldEverRead(t *testing.T) {
	everyTable(t, func(t *rapid.T, table *authz.Table) {
		roles := someRoles(t, "roles")
		row := rapid.SliceOfNDistinct(rapid.SampledFrom(authz.DataClasses()), 1, 3, rapid.ID).Draw(t, "row")
		var all way
		for _, class := range row {
			all = all.join(ways(table, roles, class))
		}
		want := authz.Reason(0)
		switch {
		case all == way{}:
			want = authz.ReasonRole
		case all.waits():
			want = authz.ReasonNotReleased
		}
		if got := table.LinkReason(roles, authz.SetOf(row...)); got != want {
			t.Fatalf("%v: %q, want %q", row, got, want)
		}
		for _, relation := range authz.Relations() {
			opens := false
			for _, role := range roles {
				for _, class := range row {
					sight := held(table, role, relation)
					opens = opens || class != authz.Directory && sight.Level(class) > authz.Withheld
				}
			}
			if got := table.Opens(roles, relation, authz.SetOf(row...)); got != opens {
				t.Fatalf("a token of %s enters a query: %t, want %t", relation, got, opens)
			}
		}
	})
}

// What the people of the demonstration are told by each link, whatever exists.
func TestLinksSayToEachRoleWhatTheMatrixSays(t *testing.T) {
	const shown = authz.Reason(0)
	rows := []authz.ClassSet{
		authz.SetOf(authz.RiskAssessment), authz.SetOf(authz.Plan), authz.SetOf(authz.Referral), authz.SetOf(authz.Research),
		authz.SetOf(authz.Actions), authz.SetOf(authz.MeetingList), authz.SetOf(authz.MeetingList, authz.MaracMinutes),
	}
	const (
		role = authz.ReasonRole
		wait = authz.ReasonNotReleased
	)
	for _, c := range []struct {
		who  string
		held []authz.Role
		says [7]authz.Reason // assessment, plan, referral, research, action, list item, meeting
	}{
		{"investigator", []authz.Role{authz.Investigator}, [7]authz.Reason{wait, shown, wait, wait, wait, shown, shown}},
		{
			"duty inspector and supervisor",
			[]authz.Role{authz.DutyInspector, authz.Supervisor},
			[7]authz.Reason{shown, shown, shown, wait, shown, shown, shown},
		},
		{"public protection", []authz.Role{authz.PublicProtection}, [7]authz.Reason{shown, shown, shown, wait, shown, shown, shown}},
		{"police SPOC", []authz.Role{authz.PoliceSpoc}, [7]authz.Reason{shown, role, role, role, role, role, role}},
		{"prosecutor", []authz.Role{authz.Prosecutor}, [7]authz.Reason{shown, shown, role, role, shown, shown, shown}},
		{"CPS SPOC", []authz.Role{authz.CpsSpoc}, [7]authz.Reason{role, role, role, role, role, role, role}},
		{"probation", []authz.Role{authz.ProbationPractitioner}, [7]authz.Reason{shown, shown, wait, wait, wait, shown, shown}},
		{"MAPPA coordinator", []authz.Role{authz.MappaCoordinator}, [7]authz.Reason{shown, shown, wait, role, role, role, wait}},
		{"custody officer", []authz.Role{authz.CustodyOfficer}, [7]authz.Reason{shown, role, role, role, role, role, role}},
		// Only an emergency opens anything to them, and then all there is of it.
		{"control room", []authz.Role{authz.ControlRoom}, [7]authz.Reason{shown, shown, role, role, role, role, role}},
		{"IDVA", []authz.Role{authz.Idva}, [7]authz.Reason{wait, shown, wait, wait, wait, shown, shown}},
		{"ISAC", []authz.Role{authz.Isac}, [7]authz.Reason{wait, shown, wait, wait, wait, shown, shown}},
		{"MARAC coordinator", []authz.Role{authz.MaracCoordinator}, [7]authz.Reason{}},
		{"chair", []authz.Role{authz.MaracChair}, [7]authz.Reason{}},
		{"agency representative", []authz.Role{authz.AgencyRepresentative}, [7]authz.Reason{shown, shown, wait, wait, wait, shown, shown}},
		{"lead auditor", []authz.Role{authz.Auditor}, [7]authz.Reason{role, role, shown, role, role, role, shown}},
		{"system administrator", []authz.Role{authz.SystemAdministrator}, [7]authz.Reason{role, role, role, role, role, role, role}},
		// Roles join: what one waits for the other may simply see.
		{"investigator who chairs", []authz.Role{authz.Investigator, authz.MaracChair}, [7]authz.Reason{}},
	} {
		for i, row := range rows {
			if got := shippedTable(t).LinkReason(c.held, row); got != c.says[i] {
				t.Errorf("%s, link %d: %q, want %q", c.who, i, got, c.says[i])
			}
		}
	}
}
