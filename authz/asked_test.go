package authz_test

import (
	"encoding/csv"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"accord/authz"
)

// questions is what the worlds asked of the policy, as stages wrote it down.
type questions struct {
	all []question
	// of are the questions in which a role and a relation have a part, by number.
	of map[wayTo][]int
}

type wayTo struct {
	role     authz.Role
	relation authz.Relation
}

// question is one of them; tests are those that asked it.
type question struct {
	authz.Asked
	tests []string
}

// askedVariable names the folder; package stage has the other end.
const askedVariable = "ACCORD_POLICY_ASKED"

// readQuestions reads every file of the folder; none is named in a short run.
func readQuestions(tb testing.TB) (questions, bool) {
	tb.Helper()
	folder := os.Getenv(askedVariable)
	if folder == "" {
		return questions{}, false
	}
	files, err := filepath.Glob(filepath.Join(folder, "asked-*.csv"))
	if err != nil || len(files) == 0 {
		tb.Fatalf("no world left what it asked: %v", err)
	}
	found := map[string]*question{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		lines, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
		if err != nil {
			tb.Fatalf("%s: %v", file, err)
		}
		for _, line := range lines {
			key := strings.Join(line[1:], ",")
			if found[key] == nil {
				found[key] = &question{Asked: parseAsked(tb, line[1:])}
			}
			if !slices.Contains(found[key].tests, line[0]) {
				found[key].tests = append(found[key].tests, line[0])
			}
		}
	}
	asked := questions{of: map[wayTo][]int{}}
	for _, key := range slices.Sorted(maps.Keys(found)) {
		one := *found[key]
		for _, role := range one.Roles {
			for _, relation := range authz.Relations() {
				if one.Relations.Has(relation) {
					asked.of[wayTo{role, relation}] = append(asked.of[wayTo{role, relation}], len(asked.all))
				}
			}
		}
		asked.all = append(asked.all, one)
	}
	return asked, true
}

// parseAsked reads roles, relations, purpose, act, classes and whether it was asked
// about a row.
func parseAsked(tb testing.TB, line []string) authz.Asked {
	tb.Helper()
	asked := authz.Asked{
		Roles: namedIn(tb, line[0], everyRole()), Purpose: authz.Purpose(line[2]), Act: namedIn(tb, line[3], everyAct)[0],
		Classes: authz.SetOf(namedIn(tb, line[4], authz.DataClasses())...), Row: line[5] == "row",
	}
	for _, relation := range namedIn(tb, line[1], authz.Relations()) {
		asked.Relations = asked.Relations.With(relation)
	}
	return asked
}

func namedIn[T interface{ String() string }](tb testing.TB, names string, known []T) []T {
	tb.Helper()
	var all []T
	for name := range strings.FieldsSeq(names) {
		at := slices.IndexFunc(known, func(one T) bool { return one.String() == name })
		if at < 0 {
			tb.Fatalf("nothing is called %s", name)
		}
		all = append(all, known[at])
	}
	return all
}

// answer is what the table answers to a question.
func answer(table *authz.Table, asked authz.Asked) authz.Level {
	sight := table.Decide(asked.Roles, asked.Relations).Within(asked.Purpose)
	var most authz.Level
	for _, class := range authz.DataClasses() {
		if asked.Classes.Has(class) {
			most = max(most, levelOf(sight, asked.Act, class))
		}
	}
	if asked.Row { // at least masked, however much more
		most = min(most, authz.Masked)
	}
	return most
}

// noticing are the tests that asked something to which the table with the flipped
// cell answers otherwise. A record that would newly be found is not among what was
// asked, so that there may be more.
func (q questions) noticing(table, flipped *authz.Table, cell grant) []string {
	var tests []string
	for _, number := range q.of[wayTo{cell.role, cell.relation}] {
		one := q.all[number]
		if one.Act == cell.act && one.Classes.Has(cell.class) && answer(table, one.Asked) != answer(flipped, one.Asked) {
			tests = append(tests, one.tests...)
		}
	}
	slices.Sort(tests)
	return slices.Compact(tests)
}

// heard keeps what it is told.
type heard struct {
	sync.Mutex
	asked []authz.Asked
}

func (h *heard) Asked(one authz.Asked) {
	h.Lock()
	defer h.Unlock()
	h.asked = append(h.asked, one)
}

// A witness is told everything that is asked, and by what it was decided; and nothing
// is answered otherwise because of it.
func TestPropertyAWitnessIsToldWhatIsAskedAndChangesNothing(t *testing.T) {
	everyTable(t, func(t *rapid.T, table *authz.Table) {
		witness := &heard{}
		told := table.Witnessed(witness)
		roles, relations, purpose := someRoles(t, "roles"), someRelations(t, "relations"), somePurpose(t, "purpose")
		plain := table.Decide(roles, relations).Within(purpose)
		sight := told.Decide(roles, relations).Within(purpose)
		for _, class := range authz.DataClasses() {
			for _, act := range everyAct {
				if levelOf(sight, act, class) != levelOf(plain, act, class) {
					t.Fatalf("%s of %s is decided otherwise", act, class)
				}
				last := witness.asked[len(witness.asked)-1]
				if last.Row || last.Act != act || last.Classes != authz.SetOf(class) || last.Purpose != purpose ||
					last.Relations != relations || !slices.Equal(last.Roles, roles) {
					t.Fatalf("%s of %s was asked, the witness heard %v", act, class, last)
				}
				if answer(table, last) != levelOf(plain, act, class) {
					t.Fatalf("asked again, %s of %s is %s", act, class, answer(table, last))
				}
			}
		}
		for _, class := range authz.DataClasses() {
			if shown := sight.Revealing().Level(class); shown != plain.RevealLevel(class) {
				t.Fatalf("%s is shown %s", class, shown)
			}
			if last := witness.asked[len(witness.asked)-1]; last.Act != authz.Reveal || answer(table, last) != plain.RevealLevel(class) {
				t.Fatalf("%s was asked to be revealed, the witness heard %v", class, last)
			}
		}
		row := authz.SetOf(authz.MeetingList, authz.MaracMinutes)
		if sight.Reaches(row) != plain.Reaches(row) {
			t.Fatal("a meeting is there for one of the two alone")
		}
		last := witness.asked[len(witness.asked)-1]
		if !last.Row || last.Classes != row || (answer(table, last) == authz.Masked) != plain.Reaches(row) {
			t.Fatalf("a row was asked for, the witness heard %v", last)
		}
	})
}
