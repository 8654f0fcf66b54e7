package authz_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"accord/authz"
)

// flips are cells of the table with a level that they do not have, and why nothing
// notices. A list that is empty means all.
type flips struct {
	Roles     []string `yaml:"roles"`
	Relations []string `yaml:"relations"`
	Classes   []string `yaml:"classes"`
	Acts      []string `yaml:"acts"`
	Why       string   `yaml:"why"`
}

func (f flips) hold(cell grant) bool {
	in := func(names []string, name string) bool { return len(names) == 0 || slices.Contains(names, name) }
	return in(f.Roles, cell.role.String()) && in(f.Relations, cell.relation.String()) &&
		in(f.Classes, cell.class.String()) && in(f.Acts, cell.act.String())
}

// survivors is what testdata/survivors.yaml holds.
type survivors struct {
	// Unnoticed are flips that nothing notices: neither the access matrix nor a world.
	Unnoticed []flips `yaml:"unnoticed"`
	// Unplayed are cells that the policy allows and on which no world turns, so that
	// only the access matrix would notice that they are gone.
	Unplayed []flips `yaml:"unplayed"`
}

func readSurvivors(tb testing.TB) survivors {
	tb.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "survivors.yaml"))
	if err != nil {
		tb.Fatal(err)
	}
	var listed survivors
	if err := yaml.UnmarshalWithOptions(text, &listed, yaml.DisallowUnknownField()); err != nil {
		tb.Fatal(err)
	}
	return listed
}

// everyFlip goes through every cell, the reading of the directory too, with each
// level that it does not have, and gives the flipped table for as long as it is
// looked at.
func everyFlip(table *authz.Table, look func(flipped *authz.Table, cell grant)) {
	flipped := table.Copy()
	through := func(cell grant) {
		is := has(table, cell)
		if cell.class == authz.Directory && cell.act == authz.Read {
			is = authz.Withheld // in the table; every signed-in person's beside it
		}
		for _, level := range []authz.Level{authz.Withheld, authz.Masked, authz.Full} {
			if level == is {
				continue
			}
			cell.level = level
			flipped.Flip(cell.role, cell.relation, cell.class, cell.act, level)
			look(flipped, cell)
		}
		flipped.Flip(cell.role, cell.relation, cell.class, cell.act, is)
	}
	for cell := range everyCell {
		through(cell)
	}
	for _, role := range everyRole() {
		for _, relation := range authz.Relations() {
			through(grant{role: role, relation: relation, class: authz.Directory, act: authz.Read})
		}
	}
}

// Each cell of the table is flipped to each level that it does not have: what is
// granted is taken away, and what is withheld is granted. The access matrix, which was
// written down beside the policy, must notice; where what the worlds asked is at hand
// (make policy-mutation), so must one of them, of what is granted and taken away.
// Nothing goes unnoticed but what is listed with its reason, and nothing is listed that
// is noticed.
func TestNoCellOfThePolicyIsFlippedUnnoticed(t *testing.T) {
	table, want, listed := shippedTable(t), expected(t), readSurvivors(t)
	asked, played := readQuestions(t)
	count := tally{worlds: map[string]int{}, never: map[wayTo][]string{}}
	unnoticed, unplayed := make([]int, len(listed.Unnoticed)), make([]int, len(listed.Unplayed))
	everyFlip(table, func(flipped *authz.Table, cell grant) {
		count.flips++
		byMatrix := has(flipped, cell) != has(table, cell) && has(flipped, cell) != want.of(cell)
		if byMatrix {
			count.matrix++
		}
		worlds := asked.noticing(table, flipped, cell)
		count.noticed(worlds)
		excuse := slices.IndexFunc(listed.Unnoticed, func(f flips) bool { return f.hold(cell) })
		switch noticed := byMatrix || len(worlds) > 0; {
		case noticed && excuse >= 0:
			t.Errorf("%s is listed as unnoticed, and noticed (by the matrix: %t, by %v)", cell, byMatrix, worlds)
		case !noticed && excuse < 0:
			t.Errorf("nothing notices that the table says %s", cell)
		case excuse >= 0:
			unnoticed[excuse]++
		}
		if cell.level != authz.Withheld || has(table, cell) == authz.Withheld {
			return
		}
		count.taken++
		excuse = slices.IndexFunc(listed.Unplayed, func(f flips) bool { return f.hold(cell) })
		if excuse >= 0 {
			unplayed[excuse]++
		}
		switch {
		case len(worlds) > 0 && excuse >= 0:
			t.Errorf("%s is listed as unplayed, and %v turn on it", cell, worlds)
		case len(worlds) > 0:
			count.takenNoticed++
		case played && excuse < 0:
			count.missed(cell)
		}
	})
	checkReasons(t, "unnoticed", listed.Unnoticed, unnoticed)
	checkReasons(t, "unplayed", listed.Unplayed, unplayed)
	count.report(t, played, len(asked.all))
}

// checkReasons holds every entry to a reason and to a cell that it is about.
func checkReasons(t *testing.T, as string, listed []flips, found []int) {
	t.Helper()
	for i, entry := range listed {
		if entry.Why == "" {
			t.Errorf("%v %v %v %v is listed as %s without a reason", entry.Roles, entry.Relations, entry.Classes, entry.Acts, as)
		}
		if found[i] == 0 {
			t.Errorf("nothing of %v %v %v %v is %s", entry.Roles, entry.Relations, entry.Classes, entry.Acts, as)
		}
	}
}

// tally is how many flips were noticed by what.
type tally struct {
	flips, matrix, taken, takenNoticed int
	anyWorld                           int
	worlds                             map[string]int
	never                              map[wayTo][]string // cells on which no world turns
}

func (c *tally) missed(cell grant) {
	way := wayTo{cell.role, cell.relation}
	c.never[way] = append(c.never[way], cell.class.String()+" "+cell.act.String())
}

func (c *tally) noticed(worlds []string) {
	if len(worlds) > 0 {
		c.anyWorld++
	}
	for _, world := range worlds {
		c.worlds[world]++
	}
}

func (c *tally) report(t *testing.T, played bool, questions int) {
	t.Helper()
	t.Logf("%d flips, %d noticed by the access matrix", c.flips, c.matrix)
	if !played {
		return
	}
	for _, role := range everyRole() {
		for _, relation := range authz.Relations() {
			if cells := c.never[wayTo{role, relation}]; len(cells) > 0 {
				t.Errorf("no world turns on %s by %s: %s", role, relation, strings.Join(cells, ", "))
			}
		}
	}
	t.Logf("%d different questions: %d flips noticed by worlds; of %d cells that are granted, %d are played",
		questions, c.anyWorld, c.taken, c.takenNoticed)
	var names []string
	for name := range c.worlds {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if c.worlds[a] != c.worlds[b] {
			return c.worlds[b] - c.worlds[a]
		}
		return strings.Compare(a, b)
	})
	for _, name := range names {
		t.Logf("%6d  %s", c.worlds[name], name)
	}
}

// A flip changes its own cell and no other, or the counting of flips would prove
// nothing.
func TestAFlipChangesItsOwnCellAlone(t *testing.T) {
	table := shippedTable(t)
	for _, cell := range []grant{
		{authz.Idva, authz.Assigned, authz.Plan, authz.Read, authz.Withheld},
		{authz.Idva, authz.Assigned, authz.Plan, authz.Write, authz.Masked},
		{authz.Auditor, authz.Oversight, authz.SafeContact, authz.Reveal, authz.Full},
	} {
		flipped := table.Copy()
		flipped.Flip(cell.role, cell.relation, cell.class, cell.act, cell.level)
		for other := range everyCell {
			level := has(table, other)
			if other.role == cell.role && other.relation == cell.relation && other.class == cell.class && other.act == cell.act {
				level = cell.level
			}
			if has(flipped, other) != level {
				t.Errorf("%s was flipped, and %s is %s", cell, other, has(flipped, other))
			}
		}
	}
}
