package authz_test

import (
	"encoding/csv"
	"iter"
	"maps"
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
	authz.Prosecutor:            authz.Filed, // a submission assigns the receiving prosecutor
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

// said is something that the matrix says, and where: by which mark of a cell and
// which note beside it, or in words.
type said struct {
	grant
	mark string
	note string // empty: none
}

// inWords is the mark of what the matrix says beside its cells.
const inWords = "words"

// marked is one mark of a cell of the matrix.
type marked struct {
	role       authz.Role
	class      authz.DataClass
	mark, note string
}

// matrixCells reads the cells of the access matrix; a cell with two marks comes
// twice.
func matrixCells(tb testing.TB) []marked {
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
	var cells []marked
	for _, row := range rows[1:] {
		class, err := authz.ParseDataClass(row[0])
		if err != nil {
			tb.Fatal(err)
		}
		for i, marks := range row[1:] {
			role, err := authz.ParseRole(rows[0][i+1])
			if err != nil {
				tb.Fatal(err)
			}
			for mark := range strings.SplitSeq(marks, ",") {
				bare := strings.TrimRight(strings.TrimSpace(mark), raised)
				cells = append(cells, marked{role, class, bare, lowered(strings.TrimPrefix(strings.TrimSpace(mark), bare))})
			}
		}
	}
	return cells
}

const raised = "⁰¹²³⁴⁵⁶⁷⁸⁹"

// lowered is a raised figure as digits.
func lowered(figure string) string {
	var digits strings.Builder
	for _, r := range figure {
		digits.WriteByte(byte('0' + slices.Index([]rune(raised), r)))
	}
	return digits.String()
}

// means is what a mark allows the role of its column.
func (m marked) means(tb testing.TB) []said {
	tb.Helper()
	home, reaches := reach[m.role]
	if !reaches && m.mark != "–" && m.class != authz.Directory {
		tb.Fatalf("%s has the mark %q and reaches nothing", m.role, m.mark)
	}
	by := func(relation authz.Relation, level authz.Level, acts ...authz.Act) []said {
		var all []said
		for _, act := range acts {
			all = append(all, said{grant{m.role, relation, m.class, act, level}, m.mark, m.note})
		}
		return all
	}
	switch m.mark {
	case "–":
		return nil
	case "S": // aggregates, which are a class of their own
		return []said{{grant{m.role, home, authz.Statistics, authz.Read, authz.Full}, m.mark, m.note}}
	case "pR", "R", "own", "team", "meeting":
		return by(home, authz.Full, authz.Read)
	case "pW", "W":
		return by(home, authz.Full, authz.Read, authz.Write)
	case "oW": // own agency's entries only, others' after release
		return append(by(authz.Owner, authz.Full, authz.Read, authz.Write),
			said{grant{m.role, authz.Released, m.class, authz.Read, authz.Full}, "x", m.note})
	case "x":
		if m.note == "16" { // with the victim's consent, which is what it hangs on
			return by(authz.Consented, authz.Full, authz.Read)
		}
		return by(authz.Released, authz.Full, authz.Read)
	case "M":
		return by(home, authz.Masked, authz.Read)
	default:
		tb.Fatalf("the mark %q of %s, %s is none of the matrix", m.mark, m.role, m.class)
		return nil
	}
}

// everythingSaid is what the matrix says of people, in its cells and beside them,
// pending or not.
func everythingSaid(tb testing.TB) []said {
	tb.Helper()
	cells := matrixCells(tb)
	all := beside(tb, cells)
	for _, cell := range cells {
		all = append(all, cell.means(tb)...)
	}
	return all
}

// expectation is how much the matrix gives of a cell of the table.
type expectation map[grant]authz.Level

// of is how much it gives of the grant's cell, whatever the grant's level.
func (e expectation) of(cell grant) authz.Level {
	cell.level = authz.Withheld
	return e[cell]
}

func (e expectation) add(said grant) {
	level := said.level
	said.level = authz.Withheld
	e[said] = max(e[said], level)
}

// expected is what the matrix and the words beside it allow, the pending left out,
// and what the deviations add, each with its reason.
func expected(tb testing.TB) expectation {
	tb.Helper()
	want, pending := expectation{}, readPending(tb)
	for _, one := range everythingSaid(tb) {
		if pending.cause(one) == "" {
			want.add(one.grant)
		}
	}
	for deviation, why := range deviations {
		if want.of(deviation) >= deviation.level {
			tb.Errorf("%s is no deviation: the matrix says it (%s)", deviation, why)
		}
	}
	for deviation := range deviations {
		want.add(deviation)
	}
	for line := range systems {
		want.add(line)
	}
	return want
}

// has is how much the table gives of the grant's cell.
func has(table *authz.Table, cell grant) authz.Level {
	return levelOf(held(table, cell.role, cell.relation), cell.act, cell.class)
}

// levelOf is how much of a class a Sight allows an act.
func levelOf(sight authz.Sight, act authz.Act, class authz.DataClass) authz.Level {
	switch act {
	case authz.Write:
		return sight.WriteLevel(class)
	case authz.Reveal:
		return sight.RevealLevel(class)
	default:
		return sight.Level(class)
	}
}

// everyCell goes through the cells of the table, but for the reading of the
// directory: it is every signed-in person's, beside the policy.
func everyCell(yield func(cell grant) bool) {
	for _, role := range everyRole() {
		for cell := range cellsOf(role) {
			if !yield(cell) {
				return
			}
		}
	}
}

// cellsOf goes through the cells of one role.
func cellsOf(role authz.Role) iter.Seq[grant] {
	return func(yield func(cell grant) bool) {
		for _, relation := range authz.Relations() {
			for _, class := range authz.DataClasses() {
				for _, act := range everyAct {
					if class == authz.Directory && act == authz.Read {
						continue
					}
					if !yield(grant{role: role, relation: relation, class: class, act: act}) {
						return
					}
				}
			}
		}
	}
}

// The table says of every role what the access matrix says: nothing less, nothing
// more but what is named with its reason.
func TestThePolicySaysWhatTheAccessMatrixSays(t *testing.T) {
	table, want := shippedTable(t), expected(t)
	var unsaid, missing []string
	for cell := range everyCell {
		is, said := has(table, cell), want.of(cell)
		cell.level = max(is, said)
		switch {
		case is > said:
			unsaid = append(unsaid, cell.String())
		case is < said:
			missing = append(missing, cell.String())
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

// Every note of the matrix is held by something that is named, or is pending, and
// every figure in a cell is the figure of a note.
func TestEveryNoteOfTheMatrixIsHeldOrPending(t *testing.T) {
	pending := readPending(t)
	for _, note := range slices.Sorted(maps.Keys(notes)) {
		why, waits := pending.Notes[note]
		switch {
		case notes[note] == "" && !waits:
			t.Errorf("note %s is held by nothing and not pending", note)
		case notes[note] != "" && waits:
			t.Errorf("note %s is held (%s) and pending", note, notes[note])
		case waits && why == "":
			t.Errorf("note %s is pending without a word why", note)
		}
	}
	for note := range pending.Notes {
		if _, known := notes[note]; !known {
			t.Errorf("note %s is pending and none of the matrix", note)
		}
	}
	figures := map[string]bool{}
	for _, cell := range matrixCells(t) {
		figures[cell.note] = true
		if _, known := notes[cell.note]; !known && cell.note != "" {
			t.Errorf("%s of %s has the note %s, which there is not", cell.role, cell.class, cell.note)
		}
	}
	for note := range notes {
		if note[0] <= '9' && !figures[note] {
			t.Errorf("note %s stands at no cell", note)
		}
	}
}
