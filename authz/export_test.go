package authz

// SightOfEverything holds every class in full, to every act.
func SightOfEverything() Sight {
	all := SetOf(DataClasses()...)
	return Sight{cell: cell{all, all, all, all, all, all}}
}

// Copy is a table of the same cells, to be flipped.
func (t *Table) Copy() *Table {
	flipped := *t
	return &flipped
}

// Flip puts a level into one cell, whatever the policy says.
func (t *Table) Flip(role Role, relation Relation, class DataClass, act Act, level Level) {
	target := &t.cells[role][relation]
	masked, full := &target.readMasked, &target.readFull
	if act == Write {
		masked, full = &target.writeMasked, &target.writeFull
	}
	if act == Reveal {
		masked, full = &target.revealMasked, &target.revealFull
	}
	bit := SetOf(class)
	*masked, *full = *masked&^bit, *full&^bit
	if level >= Masked {
		*masked |= bit
	}
	if level == Full {
		*full |= bit
	}
}

// Witnessed is the table with a witness.
func (t *Table) Witnessed(witness Witness) *Table { return t.witnessed(witness) }
