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
)

// coverage counts what the worlds of a run had in them, so that a generator that
// stopped to reach something is noticed.
type coverage struct {
	mutex     sync.Mutex
	worlds    int
	acts      int
	refused   int
	relations map[authz.Relation]int
	classes   map[string]int // class and level
	viewers   map[string]int // who asked everything
	secrets   map[string]int
	keptFrom  map[string]int // from whom something was kept
	hidden    atomic.Int64
	shown     atomic.Int64
	never     atomic.Int64
}

// world counts a world: by which relations its records are reached and how much
// of which class is held.
func (c *coverage) world(w *asked) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.relations == nil {
		c.relations, c.classes, c.viewers = map[authz.Relation]int{}, map[string]int{}, map[string]int{}
	}
	c.worlds++
	c.acts += len(w.script)
	c.refused += len(w.player.World.Refused)
	for _, login := range w.sampled {
		c.viewers[login]++
		for _, record := range w.player.World.Records {
			c.count(w.reach, login, record)
		}
	}
}

func (c *coverage) count(reach worlds.Reach, login string, record *worlds.Record) {
	if !reach.There(login, record) {
		return
	}
	set := reach.Relations(login, record)
	for _, relation := range authz.Relations() {
		if set.Has(relation) {
			c.relations[relation]++
		}
	}
	sight := reach.Sight(login, record)
	for _, class := range authz.DataClasses() {
		c.classes[class.String()+" "+sight.Level(class).String()]++
	}
}

// kept counts that something was kept from somebody.
func (c *coverage) kept(what, login string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.secrets == nil {
		c.secrets, c.keptFrom = map[string]int{}, map[string]int{}
	}
	c.secrets[what]++
	c.keptFrom[login]++
}

// check fails for what never occurred.
func (c *coverage) check(t *testing.T) {
	t.Helper()
	for _, relation := range []authz.Relation{
		authz.Assigned, authz.Team, authz.Owner, authz.Representative, authz.Signed, authz.InvitedItem, authz.Convenor, authz.Chair,
		authz.Spoc, authz.Oversight,
	} {
		if c.relations[relation] == 0 {
			t.Errorf("in no world was anything reached by %s", relation)
		}
	}
	for _, agency := range demo.Agencies() {
		for _, person := range agency.People {
			if c.viewers[person.Login] == 0 || c.keptFrom[person.Login] == 0 {
				t.Errorf("%s asked in %d worlds, and %d times something was kept from them", person.Login, c.viewers[person.Login], c.keptFrom[person.Login])
			}
		}
	}
	for _, held := range []string{
		"CASE_CORE full", "VICTIM_IDENTITY full", "VICTIM_IDENTITY masked", "SAFE_CONTACT full", "SAFE_CONTACT masked", "CHILDREN full",
		"CHILDREN masked", "PERPETRATOR_IDENTITY full", "PERPETRATOR_IDENTITY masked", "RISK_ASSESSMENT full", "RISK_ASSESSMENT masked",
		"COURSE_OF_CONDUCT full", "COURSE_OF_CONDUCT masked", "REFERRAL full", "REFERRAL masked", "RESEARCH full", "RESEARCH masked",
		"MEETING_LIST full", "MARAC_MINUTES full", "MARAC_MINUTES masked", "ACTIONS full", "PLAN full", "PLAN masked",
	} {
		if c.classes[held] == 0 {
			t.Errorf("in no world did anybody hold %s", held)
		}
	}
	if c.refused*5 > c.acts {
		t.Errorf("%d of %d acts were refused: the scripts say what people may not do", c.refused, c.acts)
	}
	if c.shown.Load() == 0 || c.never.Load() == 0 || c.hidden.Load() == 0 {
		t.Errorf("%d changed values were seen by who may, %d exclusions held against a world without the case, %d hidden look-ups",
			c.shown.Load(), c.never.Load(), c.hidden.Load())
	}
}

func (c *coverage) summary() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%d worlds, %d acts of which %d refused; %d changed values seen by who may; %d against a world without the case; %d hidden look-ups\n",
		c.worlds, c.acts, c.refused, c.shown.Load(), c.never.Load(), c.hidden.Load())
	for _, relation := range slices.Sorted(maps.Keys(c.relations)) {
		fmt.Fprintf(&text, "%s %d  ", relation, c.relations[relation])
	}
	for _, of := range []map[string]int{c.secrets, c.keptFrom, c.viewers} {
		text.WriteString("\n")
		for _, what := range slices.Sorted(maps.Keys(of)) {
			fmt.Fprintf(&text, "%s %d  ", what, of[what])
		}
	}
	return text.String()
}
