// Package audit is the record of every look and every change: what an entry says,
// how it is written, the signed checkpoints over the log, and the proof that the
// log is still what it was. Entries hold ids, enumerations and times; no field of
// an entry could hold a value of a record.
package audit

import (
	"time"

	"accord/authz"
	"accord/domain/fault"
	"accord/internal/store"
)

// Entry says who looked at or changed which records, for what, and how it ended.
//
// Data Protection Act 2018, s.62: collection, alteration, consultation,
// disclosure, combination and erasure; the date and time, as far as possible the
// identity of who did it and of the recipients.
type Entry struct {
	At        time.Time     // by the millisecond, UTC
	Request   ID            // correlation id of the request
	Person    ID            // practitioner; empty for a system capacity
	Agency    ID            // agency acted for; empty for a system capacity
	Roles     []authz.Role  // roles held there
	System    System        // name of a system capacity; empty for a person
	Purpose   authz.Purpose // declared or derived; empty when none was asked for
	Operation Operation
	Action    Action
	Outcome   Outcome
	Rule      Rule // Refused: the rule or code of the refusal; else empty

	// Part and Parts number the entries that one look was split into, from 1; both
	// are 0 for an entry that is whole. The parts share their Request.
	Part  int
	Parts int

	Records    []RecordSeen
	Recipients []ID // agencies that something was disclosed to
}

// RecordSeen is one record of an entry and what was seen or changed of it. A
// look-up that found nothing has the id that was asked for, or the blind token of
// the reference that was typed, version 0 and no class.
type RecordSeen struct {
	Record  ID
	Kind    store.Kind
	Version int64   // of the document; 0 when it was not found
	Full    Classes // data classes in full
	Masked  Classes // data classes as their mask
}

// ID is an identifier or a blind token, as package secrets makes them. Text of any
// other form cannot be encoded, so that a name never slips in.
type ID string

// System names a system capacity, such as "list relay": lower-case words.
type System string

// Action is the query root or procedure, such as "meeting" or
// "updateActionStatus".
type Action string

// Rule is what refused: a rule of the domain such as "R7", or the code of the
// fault such as "FORBIDDEN" where no rule stands behind it.
type Rule string

// Operation is the kind of processing (domain enumeration AuditOperation).
type Operation uint8

// The operations of s.62(1).
const (
	Collection Operation = iota + 1
	Alteration
	Consultation
	Disclosure
	Combination
	Erasure
)

var operationNames = [...]string{
	"", "COLLECTION", "ALTERATION", "CONSULTATION", "DISCLOSURE", "COMBINATION", "ERASURE",
}

func (o Operation) String() string { return nameAt(operationNames[:], int(o)) }

// Outcome is how it ended.
type Outcome uint8

// The outcomes.
const (
	Done     Outcome = iota + 1
	NotFound         // absent, or nothing the viewer has a relation to
	Refused          // by a rule or a limit
)

var outcomeNames = [...]string{"", "DONE", "NOT_FOUND", "REFUSED"}

func (o Outcome) String() string { return nameAt(outcomeNames[:], int(o)) }

// OutcomeOf says how a request ended that returned err.
func OutcomeOf(err error) (Outcome, Rule) {
	if err == nil {
		return Done, ""
	}
	f := fault.Of(err)
	switch {
	case f == nil:
		return Refused, Rule(fault.Internal)
	case f.Code == fault.NotFound:
		return NotFound, ""
	case f.Rule != "":
		return Refused, Rule(f.Rule)
	default:
		return Refused, Rule(f.Code)
	}
}

// Classes is a set of data classes.
type Classes uint64

// ClassesOf makes the set of these classes.
func ClassesOf(classes ...authz.DataClass) (set Classes) {
	for _, class := range classes {
		set |= 1 << class
	}
	return set
}

// With returns the set with one class more.
func (c Classes) With(class authz.DataClass) Classes { return c | 1<<class }

// Has reports whether the class is in the set.
func (c Classes) Has(class authz.DataClass) bool { return c&(1<<class) != 0 }

// List returns the classes of the set in their order.
func (c Classes) List() []authz.DataClass {
	var list []authz.DataClass
	for _, class := range knownList {
		if c.Has(class) {
			list = append(list, class)
		}
	}
	return list
}

// The classes there are. The set has room for 64.
var (
	knownList    = authz.DataClasses()
	knownClasses = ClassesOf(knownList...)
)

func nameAt(names []string, index int) string {
	if index < 0 || index >= len(names) {
		return ""
	}
	return names[index]
}
