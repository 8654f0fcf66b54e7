package authz

// Witness is told what is asked of every Sight that a table decides. Tests have one,
// to know on which cells of the policy their worlds turned; in service there is none,
// and all that it costs is to see that there is none.
type Witness interface {
	// Asked is called by whoever asks, at the same time as others.
	Asked(asked Asked)
}

// Asked is one thing that was asked of a Sight, and of what the Sight was made. The
// answer is the table's. It holds nothing of any record.
type Asked struct {
	Roles     []Role
	Relations RelationSet
	Purpose   Purpose
	Act       Act
	Classes   ClassSet // one class; of a row, those that make the record be there
	Row       bool     // whether any of Classes is held masked at least; else how much of the class
}

// question is what a Sight was made of, for its witness; nil without one.
type question struct {
	witness Witness
	of      Asked // its act is Reveal where what is read is what is revealed
}

func (t *Table) question(roles []Role, relations RelationSet) *question {
	if t.witness == nil {
		return nil
	}
	return &question{t.witness, Asked{Roles: roles, Relations: relations}}
}

// within is the question of a Sight that a purpose narrows.
func (q *question) within(purpose Purpose) *question {
	if q == nil || purpose == "" {
		return q
	}
	narrowed := *q
	narrowed.of.Purpose = purpose
	return &narrowed
}

// revealing is the question of a Sight of what is shown once.
func (q *question) revealing() *question {
	if q == nil {
		return nil
	}
	shown := *q
	shown.of.Act = Reveal
	return &shown
}

// What follows is called where there is a witness: without one, a field and a record
// pay for seeing that there is none, and no call.
func (q *question) aboutRead(class DataClass)   { q.tell(q.of.Act, SetOf(class), false) }
func (q *question) aboutWrite(class DataClass)  { q.tell(Write, SetOf(class), false) }
func (q *question) aboutReveal(class DataClass) { q.tell(Reveal, SetOf(class), false) }
func (q *question) aboutRow(row ClassSet)       { q.tell(q.of.Act, row, true) }

func (q *question) tell(act Act, classes ClassSet, row bool) {
	asked := q.of
	asked.Act, asked.Classes, asked.Row = act, classes, row
	q.witness.Asked(asked)
}

// witnessed is the table as a witness is told of it; the table itself without one.
func (t *Table) witnessed(witness Witness) *Table {
	if witness == nil {
		return t
	}
	told := *t
	told.witness = witness
	return &told
}
