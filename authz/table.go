package authz

import "sync/atomic"

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
	readMasked, readFull     ClassSet // full is contained in masked
	writeMasked, writeFull   ClassSet
	revealMasked, revealFull ClassSet
}

func (c *cell) join(other cell) {
	c.readMasked |= other.readMasked
	c.readFull |= other.readFull
	c.writeMasked |= other.writeMasked
	c.writeFull |= other.writeFull
	c.revealMasked |= other.revealMasked
	c.revealFull |= other.revealFull
}

// Table is a compiled policy: immutable, safe to share, asked in nanoseconds.
type Table struct {
	hash  string
	cells [roleCount][relationCount]cell
	reads [roleCount]reads

	witness Witness // nil in service
}

// reads is what a role reads at all, and what it reads by a relation that does
// not wait for the owner.
type reads struct{ anyRelation, ownerHeld, beyondOwner ClassSet }

// Hash names the policy text the table was compiled from.
func (t *Table) Hash() string { return t.hash }

// Current holds the table in force; a policy that does not compile never
// replaces one that did.
type Current struct {
	table   atomic.Pointer[Table]
	witness Witness
}

// NewCurrent compiles the policy and puts it in force. A witness is told what is asked
// of it, in tests; nil: nobody is.
func NewCurrent(policy Policy, witness Witness) (*Current, error) {
	current := &Current{witness: witness}
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
	c.table.Store(table.witnessed(c.witness))
	return nil
}

// Table is the table in force; a request takes it once and keeps it.
func (c *Current) Table() *Table { return c.table.Load() }
