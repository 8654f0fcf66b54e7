package authz_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"accord/authz"
)

// reach is the relation by which a column of the access matrix reaches the rows
// that it reads or writes beyond what its own agency put in.
var reach = map[authz.Role]authz.Relation{
	authz.Investigator:          authz.Assigned,
	authz.Supervisor:            authz.Team,
	authz.DutyInspector:         authz.Team,
	authz.PoliceSpoc:            authz.Spoc,
	authz.PublicProtection:      authz.Assigned,
	authz.Prosecutor:            authz.Assigned,
	authz.CpsSpoc:               authz.Spoc,
	authz.ProbationPractitioner: authz.Assigned,
	authz.MappaCoordinator:      authz.Nominal,
	authz.Idva:                  authz.Assigned,
	authz.Isac:                  authz.Assigned,
	authz.MaracCoordinator:      authz.Convenor,
	authz.MaracChair:            authz.Chair,
	authz.AgencyRepresentative:  authz.Assigned,
	authz.Auditor:               authz.Oversight,
}

// represents are the roles whose agencies send a representative to a MARAC. CPS
// is not a member; coordinator, chair and auditor have a relation of their own.
var represents = []authz.Role{
	authz.Investigator, authz.Supervisor, authz.DutyInspector, authz.PublicProtection, authz.ProbationPractitioner,
	authz.Idva, authz.Isac, authz.AgencyRepresentative,
}

// beside is what the access matrix says of the classes and relations that are no
// cells of it.
func beside() []grant {
	var grants []grant
	reads := func(role authz.Role, relation authz.Relation, level authz.Level, classes ...authz.DataClass) {
		for _, class := range classes {
			grants = append(grants, grant{role, relation, class, authz.Read, level})
		}
	}
	for role, relation := range reach {
		// CASE_CORE: everyone who reaches the case; never null.
		reads(role, relation, authz.Full, authz.CaseCore)
	}
	for _, role := range represents {
		// Who sees a meeting: an assigned practitioner sees the header and those items.
		reads(role, reach[role], authz.Full, authz.MeetingList)
		// MEETING_LIST: for research, names and dates of birth of victim, perpetrators and children.
		reads(role, authz.Representative, authz.Full,
			authz.CaseCore, authz.MeetingList, authz.VictimIdentity, authz.PerpetratorIdentity, authz.Children)
	}
	// Who sees a meeting: header and list are the convenor's and the chair's.
	reads(authz.MaracCoordinator, authz.Convenor, authz.Full, authz.MeetingList)
	reads(authz.MaracChair, authz.Chair, authz.Full, authz.MeetingList)
	// Further classes: EXCLUSION is the convenor's to read for the area, and so to set.
	reads(authz.MaracCoordinator, authz.Convenor, authz.Full, authz.ExclusionClass)
	// INVITED_ITEM: its own item, children masked, and that item's actions in full.
	reads(authz.Prosecutor, authz.InvitedItem, authz.Full,
		authz.CaseCore, authz.MeetingList, authz.VictimIdentity, authz.PerpetratorIdentity, authz.Actions)
	reads(authz.Prosecutor, authz.InvitedItem, authz.Masked, authz.Children)
	// What is shared in the meeting opens on signing: its minutes, to the roles that read minutes.
	for _, role := range []authz.Role{
		authz.PublicProtection, authz.ProbationPractitioner, authz.Idva, authz.Isac, authz.AgencyRepresentative, authz.MaracChair,
	} {
		reads(role, authz.Signed, authz.Full, authz.MaracMinutes)
	}
	return grants
}

// deviations are what the policy allows and the matrix does not say, each with
// why. There is nothing that the matrix says and the policy does not allow but
// what is pending.
var deviations = map[grant]string{
	{authz.Investigator, authz.Assigned, authz.CaseCore, authz.Write, authz.Full}: "the matrix has no mark for the writing of the core: the officer in the case opens and decides it",

	{authz.PublicProtection, authz.Assigned, authz.CaseCore, authz.Write, authz.Full}: "as the officer in the case",

	{authz.MaracCoordinator, authz.Convenor, authz.CaseCore, authz.Write, authz.Full}: "opens the case of a referral that comes without one",

	{authz.MaracCoordinator, authz.Convenor, authz.ExclusionClass, authz.Write, authz.Full}: "domain 4.2 (5): set by the coordinator or agency; everybody declares their own",

	{authz.MaracCoordinator, authz.Convenor, authz.MeetingList, authz.Write, authz.Full}: "the list is the coordinator's to make and to issue",

	{authz.MaracChair, authz.Chair, authz.MeetingList, authz.Write, authz.Full}: "the chair opens and closes the meeting",

	{authz.PublicProtection, authz.Owner, authz.Actions, authz.Read, authz.Full}:  "a representative who is not assigned reports on the agency's own actions, as every other agency's does",
	{authz.PublicProtection, authz.Owner, authz.Actions, authz.Write, authz.Full}: "the same",
}

// markMeans is what a mark of the matrix allows a role.
func markMeans(tb testing.TB, mark string, role authz.Role, class authz.DataClass) []grant {
	tb.Helper()
	var grants []grant
	for part := range strings.SplitSeq(mark, ",") {
		home, reaches := reach[role]
		read := grant{role, home, class, authz.Read, authz.Full}
		write := false
		switch bare := strings.TrimRight(strings.TrimSpace(part), "⁰¹²³⁴⁵⁶⁷⁸⁹"); bare {
		case "–", "S": // aggregates give nothing until they are there
			continue
		case "pR", "R":
		case "pW", "W":
			write = true
		case "oW":
			read.relation, write = authz.Owner, true
		case "x":
			read.relation = authz.Released
		case "M":
			read.level = authz.Masked
		default:
			tb.Fatalf("the mark %q of %s, %s is none of the matrix", bare, role, class)
		}
		if !reaches {
			tb.Fatalf("%s has the mark %q and reaches nothing", role, mark)
		}
		grants = append(grants, read)
		if write {
			read.act = authz.Write
			grants = append(grants, read)
		}
	}
	return grants
}

// matrix reads the rows of the access matrix and what they and the words beside
// them allow, the pending left out.
func matrix(tb testing.TB) map[grant]bool {
	tb.Helper()
	file, err := os.Open(filepath.Join("testdata", "matrix.csv"))
	if err != nil {
		tb.Fatal(err)
	}
	defer func() {
		if err := file.Close(); err != nil {
			tb.Error(err)
		}
	}()
	reader := csv.NewReader(file)
	reader.Comment = '#'
	rows, err := reader.ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	grants := beside()
	for _, row := range rows[1:] {
		class, err := authz.ParseDataClass(row[0])
		if err != nil {
			tb.Fatal(err)
		}
		for i, mark := range row[1:] {
			role, err := authz.ParseRole(rows[0][i+1])
			if err != nil {
				tb.Fatal(err)
			}
			grants = append(grants, markMeans(tb, mark, role, class)...)
		}
	}
	pending := readPending(tb)
	said := map[grant]bool{}
	for _, g := range grants {
		_, role := pending.Roles[g.role.String()]
		_, relation := pending.Relations[g.relation.String()]
		if !role && !relation {
			said[g] = true
		}
	}
	return said
}

// The table says of every role a person can hold what the access matrix says:
// nothing less, nothing more but what is named with its reason.
func TestThePolicySaysWhatTheAccessMatrixSays(t *testing.T) {
	table, want := shippedTable(t), matrix(t)
	for deviation, why := range deviations {
		if want[deviation] {
			t.Errorf("%s is no deviation: the matrix says it (%s)", deviation, why)
		}
		want[deviation] = true
	}
	var unsaid, missing []string
	for _, role := range authz.Roles() {
		for _, relation := range authz.Relations() {
			sight := held(table, role, relation)
			for _, class := range authz.DataClasses() {
				for act, has := range map[authz.Act]authz.Level{authz.Read: sight.Level(class), authz.Write: sight.WriteLevel(class)} {
					if class == authz.Directory && act == authz.Read {
						continue // every signed-in person's, beside the policy
					}
					var is authz.Level
					for _, level := range []authz.Level{authz.Masked, authz.Full} {
						if want[grant{role, relation, class, act, level}] {
							is = level
						}
					}
					switch told := (grant{role, relation, class, act, max(is, has)}).String(); {
					case has > is:
						unsaid = append(unsaid, told)
					case has < is:
						missing = append(missing, told)
					}
				}
			}
		}
	}
	slices.Sort(unsaid)
	slices.Sort(missing)
	if len(unsaid) > 0 {
		t.Errorf("the matrix does not say:\n%s", strings.Join(unsaid, "\n"))
	}
	if len(missing) > 0 {
		t.Errorf("the policy does not allow:\n%s", strings.Join(missing, "\n"))
	}
}
