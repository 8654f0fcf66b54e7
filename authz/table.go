package authz

import (
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/casbin/casbin/v2"
	casbinmodel "github.com/casbin/casbin/v2/model"
)

// ClassSet is a set of data classes.
type ClassSet uint64

// SetOf is the set of the given classes.
func SetOf(classes ...DataClass) ClassSet {
	var set ClassSet
	for _, c := range classes {
		set |= 1 << c
	}
	return set
}

// Has reports whether the class is in the set.
func (s ClassSet) Has(class DataClass) bool { return s&(1<<class) != 0 }

// RelationSet is a set of relations.
type RelationSet uint32

// With is the set and the relation.
func (s RelationSet) With(relation Relation) RelationSet { return s | 1<<relation }

// Has reports whether the relation is in the set.
func (s RelationSet) Has(relation Relation) bool { return s&(1<<relation) != 0 }

// cell is what one role may do by one relation.
type cell struct {
	readMasked, readFull   ClassSet // full is contained in masked
	writeMasked, writeFull ClassSet
}

func (c *cell) join(other cell) {
	c.readMasked |= other.readMasked
	c.readFull |= other.readFull
	c.writeMasked |= other.writeMasked
	c.writeFull |= other.writeFull
}

// Table is a compiled policy: immutable, safe to share, asked in nanoseconds.
type Table struct {
	hash  string
	cells [roleCount][relationCount]cell
	reads [roleCount]reads
}

// reads is what a role reads at all, and what it reads by a relation that does
// not wait for the owner.
type reads struct{ anyRelation, beyondOwner ClassSet }

// Hash names the policy text the table was compiled from.
func (t *Table) Hash() string { return t.hash }

// Compile asks casbin for every cell of every role that has a rule and keeps the
// answers. One enforcer for each role keeps the asking linear in that role's
// rules. A policy without a rule, such as one that was not sound, is refused.
func Compile(policy Policy) (*Table, error) {
	if len(policy.rules) == 0 {
		return nil, errors.New("the policy has no rule")
	}
	table := &Table{hash: policy.hash}
	for role := range roleCount {
		lines := policy.linesOf(role)
		if len(lines) == 0 {
			continue // no rule, no access
		}
		enforcer, err := enforcerOf(role, lines)
		if err != nil {
			return nil, err
		}
		for relation := range relationCount {
			for class := range classCount {
				if err := table.ask(enforcer, role, relation, class); err != nil {
					return nil, err
				}
			}
		}
	}
	for role := range roleCount {
		for relation := range relationCount {
			read := table.cells[role][relation].readMasked
			table.reads[role].anyRelation |= read
			if !ownerHeld.Has(relation) {
				table.reads[role].beyondOwner |= read
			}
		}
	}
	return table, nil
}

func (t *Table) ask(enforcer *casbin.Enforcer, role Role, relation Relation, class DataClass) error {
	target := &t.cells[role][relation]
	for _, question := range []struct {
		act   Act
		level Level
		into  *ClassSet
	}{
		{Read, Masked, &target.readMasked},
		{Read, Full, &target.readFull},
		{Write, Masked, &target.writeMasked},
		{Write, Full, &target.writeFull},
	} {
		allowed, err := enforcer.Enforce(role.String(), relation.String(), class.String(), question.act.String(), question.level.String())
		if err != nil {
			return fmt.Errorf("asking the policy for %s by %s of %s: %w", role, relation, class, err)
		}
		if allowed {
			*question.into |= SetOf(class)
		}
	}
	return nil
}

// linesOf returns a role's rules as casbin takes them.
func (p Policy) linesOf(role Role) [][]string {
	var lines [][]string
	for _, r := range p.rules {
		if r.role == role {
			lines = append(lines, []string{r.role.String(), r.relation.String(), r.class.String(), r.act.String(), r.level.String()})
		}
	}
	return lines
}

func enforcerOf(role Role, lines [][]string) (*casbin.Enforcer, error) {
	parsed, err := casbinmodel.NewModelFromString(model)
	if err != nil {
		return nil, fmt.Errorf("reading the access model: %w", err)
	}
	enforcer, err := casbin.NewEnforcer(parsed)
	if err != nil {
		return nil, fmt.Errorf("building the enforcer of %s: %w", role, err)
	}
	if _, err := enforcer.AddPolicies(lines); err != nil {
		return nil, fmt.Errorf("loading the rules of %s: %w", role, err)
	}
	return enforcer, nil
}

// Current holds the table in force; a policy that does not compile never
// replaces one that did.
type Current struct{ table atomic.Pointer[Table] }

// NewCurrent compiles the policy and puts it in force.
func NewCurrent(policy Policy) (*Current, error) {
	current := &Current{}
	if err := current.Replace(policy); err != nil {
		return nil, err
	}
	return current, nil
}

// Replace compiles the policy and puts it in force, or changes nothing.
func (c *Current) Replace(policy Policy) error {
	table, err := Compile(policy)
	if err != nil {
		return err
	}
	c.table.Store(table)
	return nil
}

// Table is the table in force; a request takes it once and keeps it.
func (c *Current) Table() *Table { return c.table.Load() }
