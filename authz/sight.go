package authz

// Sight is how much of a record a viewer holds: a level for each data class,
// decided once for each record from the viewer's roles and the relations that
// reach it. The zero Sight sees nothing.
type Sight struct {
	cell     cell
	released ClassSet  // classes the roles hold only as the owner's or after release
	beyond   ClassSet  // classes held but for the purpose
	asked    *question // nil but for a witness
}

// ownerHeld are the relations of the cells marked oW and x in the matrix.
const ownerHeld = RelationSet(1<<Owner | 1<<Released)

// Decide joins what each of the viewer's roles allows by each relation. Only
// allow rules exist, so joining can only add what a rule says. DIRECTORY is
// every signed-in person's.
func (t *Table) Decide(roles []Role, relations RelationSet) Sight {
	var sight Sight
	for _, role := range roles {
		for relation := range relationCount {
			if relations.Has(relation) {
				sight.cell.join(t.cells[role][relation])
			}
		}
	}
	held := t.readsOf(roles)
	sight.released = held.ownerHeld &^ held.beyondOwner
	if len(roles) > 0 {
		sight.cell.readMasked |= SetOf(Directory)
		sight.cell.readFull |= SetOf(Directory)
	}
	sight.asked = t.question(roles, relations)
	return sight
}

// Within narrows the Sight to what a purpose covers; it never widens it. What the
// purpose does not cover is held masked where the mask was held, so that a record
// does not vanish with the purpose it is looked at for.
func (s Sight) Within(purpose Purpose) Sight {
	covered := coveredBy(purpose)
	s.beyond |= s.cell.readFull &^ covered
	s.cell.readFull &= covered
	s.cell.writeMasked &= covered
	s.cell.writeFull &= covered
	s.cell.revealMasked &= covered
	s.cell.revealFull &= covered
	s.asked = s.asked.within(purpose)
	return s
}

// Level is how much of the class the viewer holds.
func (s Sight) Level(class DataClass) Level {
	if s.asked != nil {
		s.asked.aboutRead(class)
	}
	switch {
	case s.cell.readFull.Has(class):
		return Full
	case s.cell.readMasked.Has(class):
		return Masked
	default:
		return Withheld
	}
}

// WriteLevel is how much of the class the viewer may change: at Masked only
// what the mask of the class shows.
func (s Sight) WriteLevel(class DataClass) Level {
	if s.asked != nil {
		s.asked.aboutWrite(class)
	}
	switch {
	case s.cell.writeFull.Has(class):
		return Full
	case s.cell.writeMasked.Has(class):
		return Masked
	default:
		return Withheld
	}
}

// RevealLevel is how much of the class may be shown once, for a reason: at Masked
// the number alone, in full the address too.
func (s Sight) RevealLevel(class DataClass) Level {
	if s.asked != nil {
		s.asked.aboutReveal(class)
	}
	switch {
	case s.cell.revealFull.Has(class):
		return Full
	case s.cell.revealMasked.Has(class):
		return Masked
	default:
		return Withheld
	}
}

// And is what both Sights hold: of what two records say together, nobody holds
// more than of either. No witness is told what is asked of it.
func (s Sight) And(other Sight) Sight {
	both := cell{
		readMasked: s.cell.readMasked & other.cell.readMasked, readFull: s.cell.readFull & other.cell.readFull,
		writeMasked: s.cell.writeMasked & other.cell.writeMasked, writeFull: s.cell.writeFull & other.cell.writeFull,
		revealMasked: s.cell.revealMasked & other.cell.revealMasked, revealFull: s.cell.revealFull & other.cell.revealFull,
	}
	return Sight{cell: both, released: s.released | other.released, beyond: s.beyond | other.beyond}
}

// Revealing is the Sight of what is shown once: of each class as much as may be
// revealed, and nothing of what may only be read.
func (s Sight) Revealing() Sight {
	shown := cell{readMasked: s.cell.revealMasked, readFull: s.cell.revealFull}
	return Sight{cell: shown, released: s.released, beyond: s.beyond, asked: s.asked.revealing()}
}

// Reaches reports whether any of the classes is held at least masked, which is
// what makes a record there at all.
func (s Sight) Reaches(row ClassSet) bool {
	if s.asked != nil {
		s.asked.aboutRow(row)
	}
	return s.cell.readMasked&row != 0
}

// Reason says why the class is not held in full. It is asked only below Full.
func (s Sight) Reason(class DataClass) Reason {
	switch {
	case s.beyond.Has(class):
		return ReasonPurpose
	case s.Level(class) == Masked:
		return ReasonMasked
	case s.released.Has(class):
		return ReasonNotReleased
	default:
		return ReasonRole
	}
}

// LinkReason says what a link to records of these row classes says to the
// roles, whatever exists: ReasonRole when no role has a cell for any of the
// classes under any relation, ReasonNotReleased when the roles hold them only
// as owner's or after release, and 0 otherwise.
func (t *Table) LinkReason(roles []Role, row ClassSet) Reason {
	held := t.readsOf(roles)
	switch {
	case held.anyRelation&row == 0:
		return ReasonRole
	case held.beyondOwner&row == 0 && held.ownerHeld&row != 0:
		return ReasonNotReleased
	default:
		return 0
	}
}

// Opens reports whether one of the roles has a cell for the relation and one of
// the row classes: only then may a token of that relation enter a query.
func (t *Table) Opens(roles []Role, relation Relation, row ClassSet) bool {
	for _, role := range roles {
		if t.cells[role][relation].readMasked&row != 0 {
			return true
		}
	}
	return false
}

// Writes reports whether one of the roles writes one of the classes, at least masked,
// by any relation at all.
func (t *Table) Writes(roles []Role, classes ClassSet) bool {
	for _, role := range roles {
		for relation := range relationCount {
			if t.cells[role][relation].writeMasked&classes != 0 {
				return true
			}
		}
	}
	return false
}

// readsOf joins what the roles read at all, and beyond what waits for its owner.
func (t *Table) readsOf(roles []Role) reads {
	var joined reads
	for _, role := range roles {
		joined.anyRelation |= t.reads[role].anyRelation
		joined.ownerHeld |= t.reads[role].ownerHeld
		joined.beyondOwner |= t.reads[role].beyondOwner
	}
	return joined
}

// NeverMasked reports whether a class is held whole by everybody who reaches the
// record: the core of a case, and the directory.
func NeverMasked(class DataClass) bool { return class == CaseCore || class == Directory }
