package worlds_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"accord/authz"
	"accord/cmd/accord/worlds"
	"accord/internal/demo"
	"accord/internal/views"
)

// coverage counts what the worlds of a run had in them, so that a generator that
// stopped to reach something is noticed.
type coverage struct {
	mutex     sync.Mutex
	worlds    int
	acts      int
	refused   int
	relations map[string]int // by which a shown record was reached that else was shown less of, or not at all
	classes   map[string]int // class and level at which it was seen
	kinds     map[string]int // of records that were shown
	viewers   map[string]int // who asked everything
	secrets   map[string]int
	keptFrom  map[string]int // from whom something was kept
	others    map[string]int // what else was tried
	hidden    atomic.Int64
	shown     atomic.Int64
	never     atomic.Int64
}

func newCoverage() *coverage {
	return &coverage{
		relations: map[string]int{}, classes: map[string]int{}, kinds: map[string]int{}, viewers: map[string]int{},
		secrets: map[string]int{}, keptFrom: map[string]int{}, others: map[string]int{},
	}
}

// world counts a world.
func (c *coverage) world(w *asked) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.worlds++
	c.acts += len(w.script)
	c.refused += len(w.player.World.Refused)
	for _, login := range w.sampled {
		c.viewers[login]++
	}
}

// sighted counts what somebody was shown of a record, or that it was not there, once
// the answer was held against the account.
func (c *coverage) sighted(reach worlds.Reach, login string, record *worlds.Record, there bool, of probe) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if !there {
		for class := range of.held {
			c.classes[class.String()+" "+authz.Withheld.String()]++
		}
		return
	}
	c.kinds[string(record.Kind)]++
	for class, level := range of.held {
		c.classes[class.String()+" "+level.String()]++
	}
	held := reach.Relations(login, record)
	for _, relation := range authz.Relations() {
		if held.Has(relation) && decides(reach, login, record, held, relation) {
			c.relations[relation.String()]++
		}
	}
}

// decides reports whether somebody would hold less of a record without a relation.
func decides(reach worlds.Reach, login string, record *worlds.Record, held authz.RelationSet, relation authz.Relation) bool {
	with := reach.Table.Decide(reach.Roles(login), held)
	without := reach.Table.Decide(reach.Roles(login), held&^authz.RelationSet(0).With(relation))
	return slices.ContainsFunc(authz.DataClasses(), func(class authz.DataClass) bool {
		return record.Kind.Row().Has(class) && without.Level(class) < with.Level(class)
	})
}

// kept counts that something was kept from somebody.
func (c *coverage) kept(what, login string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.secrets[what]++
	c.keptFrom[login]++
}

// tried counts that something else was tried.
func (c *coverage) tried(what string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.others[what]++
}

// noRule is the relation that no rule of the policy uses, so that it decides nothing.
const noRule = authz.AgencyParty

// lacks says what never occurred.
func (c *coverage) lacks(table *authz.Table) []string {
	var lacking []string
	for _, relation := range authz.Relations() {
		if relation != noRule && c.relations[relation.String()] == 0 {
			lacking = append(lacking, fmt.Sprintf("in no world did %s decide what was shown of a record", relation))
		}
	}
	for _, kind := range views.Kinds() {
		if c.kinds[string(kind)] == 0 {
			lacking = append(lacking, fmt.Sprintf("in no world was a record of kind %s shown", kind))
		}
	}
	for _, class := range c.recorded() {
		for _, level := range []authz.Level{authz.Full, authz.Masked, authz.Withheld} {
			if c.classes[class.String()+" "+level.String()] == 0 && expected(table, class, level) {
				lacking = append(lacking, fmt.Sprintf("in no world was %s seen %s", class, level))
			}
		}
	}
	for _, what := range []string{
		"release withdrawn", "release expired", "release beside others", "lapsed", "alert", "purpose", "exclusion", "cover",
	} {
		if c.others[what] == 0 {
			lacking = append(lacking, "in no world was there: "+what)
		}
	}
	return lacking
}

// check fails for what never occurred.
func (c *coverage) check(t *testing.T, table *authz.Table) {
	t.Helper()
	for _, lacking := range c.lacks(table) {
		t.Error(lacking)
	}
	if c.refused*3 > c.acts {
		t.Errorf("%d of %d acts were refused: the scripts say what people may not do", c.refused, c.acts)
	}
	if c.shown.Load() == 0 || c.hidden.Load() == 0 {
		t.Errorf("%d changed values were seen by who may, %d hidden look-ups", c.shown.Load(), c.hidden.Load())
	}
}

// everybody fails for who never asked; only many worlds have everybody ask.
func (c *coverage) everybody(t *testing.T) {
	t.Helper()
	for _, agency := range demo.Agencies() {
		for _, person := range agency.People {
			if c.viewers[person.Login] == 0 || c.keptFrom[person.Login] == 0 {
				t.Errorf("%s asked in %d worlds, and %d times something was kept from them", person.Login, c.viewers[person.Login], c.keptFrom[person.Login])
			}
		}
	}
	if c.never.Load() == 0 {
		t.Error("no exclusion was held against a world without the case")
	}
}

// recorded are the classes of which the schema shows anything, but for the directory,
// which is everybody's.
func (c *coverage) recorded() []authz.DataClass {
	var classes []authz.DataClass
	for _, typeName := range slices.Sorted(maps.Keys(schema.Types)) {
		for _, field := range schema.Types[typeName].Fields {
			mark, _ := markOf(field)
			classes = append(classes, mark.classes...)
		}
	}
	for _, kind := range views.Kinds() {
		classes = append(classes, views.OwnClasses(kind)...)
	}
	slices.Sort(classes)
	return slices.DeleteFunc(slices.Compact(classes), func(class authz.DataClass) bool { return class == authz.Directory })
}

// expected reports whether anybody can be at a level of a class: masked where some
// cell of the matrix is, and withheld where it is not everybody's who reaches the
// record.
func expected(table *authz.Table, class authz.DataClass, level authz.Level) bool {
	if level == authz.Withheld {
		return true
	}
	for _, role := range authz.Roles() {
		for _, relation := range authz.Relations() {
			if table.Decide([]authz.Role{role}, authz.RelationSet(0).With(relation)).Level(class) == level {
				return true
			}
		}
	}
	return false
}

func (c *coverage) summary() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%d worlds, %d acts of which %d refused; %d changed values seen by who may; %d against a world without the case; %d hidden look-ups",
		c.worlds, c.acts, c.refused, c.shown.Load(), c.never.Load(), c.hidden.Load())
	for _, of := range []struct {
		what  string
		count map[string]int
	}{
		{"records shown because of a relation (no rule uses " + noRule.String() + ")", c.relations},
		{"records shown", c.kinds},
		{"classes seen", c.classes},
		{"kept", c.secrets},
		{"kept from", c.keptFrom},
		{"asked", c.viewers},
		{"tried", c.others},
	} {
		fmt.Fprintf(&text, "\n%s:", of.what)
		for _, what := range slices.Sorted(maps.Keys(of.count)) {
			fmt.Fprintf(&text, " %s %d;", what, of.count[what])
		}
	}
	return text.String()
}
