package records

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"accord/internal/store"
)

// formsOfRecords are the steps of every kind, from its first form on. The first
// step of a kind leads to form 2. A step that was released never changes: documents
// that took it are on disks and in backups.
//
// The second form of a case is the one whose parties are found by a search: what they
// are found under is made as the case comes to it, and anew with every later form.
var formsOfRecords = Forms{
	"case": {{Head: func(head bson.D) (bson.D, error) { return head, nil }}},
}

// Forms says how documents of each kind come from one form to the next, in order.
// The form of a kind is how its head and its sections are written; it is 1 for a
// kind without steps. The Go types of a record know the newest form only, and
// documents of older forms are lifted to it as they are read.
type Forms map[store.Kind][]Step

// Step brings a document from one form to the next. What it does not name stays as
// it is.
type Step struct {
	Head     Lift          // nil: the head stays as it is
	Sections []SectionLift // each of another section
}

// Lift makes of a part of a document what it is in the next form. It is pure: it
// has nothing but the part, and gives the same for the same.
type Lift func(part bson.D) (bson.D, error)

// SectionLift says what a section of the next form is made of: of one section of
// this form, and of nothing else. Several sections made of one split it. A section
// that others are made of and that is not made again is gone.
type SectionLift struct {
	Section string // of the next form, such as "VICTIM_IDENTITY.masked"
	Of      string // of this form; empty: the section of the same name
	Lift    Lift
}

func (l SectionLift) of() string { return cmp.Or(l.Of, l.Section) }

// check refuses steps that say nothing or contradict themselves.
func (f Forms) check() error {
	for kind, steps := range f {
		for i, step := range steps {
			given := map[string]bool{attestation: true}
			for _, lift := range step.Sections {
				if lift.Section == "" || lift.Lift == nil || given[lift.Section] || lift.of() == attestation {
					return fmt.Errorf("the step of %s to form %d gives a section twice, or none", kind, i+2)
				}
				given[lift.Section] = true
			}
			if step.Head == nil && len(step.Sections) == 0 {
				return fmt.Errorf("the step of %s to form %d changes nothing", kind, i+2)
			}
		}
	}
	return nil
}

// newest is the form in which documents of the kind are written.
func (f Forms) newest(kind store.Kind) int64 { return int64(1 + len(f[kind])) }

// isOlder reports whether the document is of an older form than is written now.
func (f Forms) isOlder(doc store.Document) bool {
	form, _ := doc.Field(formField)
	return form.Number < f.newest(doc.Kind)
}

// stepsFrom are the steps that the document has not taken yet. A document of a form
// this program does not know is refused: nobody here can say what it shows.
func (f Forms) stepsFrom(doc store.Document) ([]Step, error) {
	form, ok := doc.Field(formField)
	switch {
	case !ok || form.IsText || form.Number < 1:
		return nil, fmt.Errorf("%s carries no form", doc.ID)
	case form.Number > f.newest(doc.Kind):
		return nil, laterForm{kind: doc.Kind, found: form.Number, known: f.newest(doc.Kind)}
	default:
		return f[doc.Kind][form.Number-1:], nil
	}
}

// laterForm is a document that a later program has written.
type laterForm struct {
	kind         store.Kind
	found, known int64
}

func (l laterForm) Error() string {
	return fmt.Sprintf("the data holds a record of kind %s in form %d and this program knows form %d: start the version of Accord that wrote it, or a later one",
		l.kind, l.found, l.known)
}

// lift returns the document with its head in the newest form. Its sections are
// lifted when they are opened, and its form says from where.
func (f Forms) lift(doc store.Document) (store.Document, error) {
	steps, err := f.stepsFrom(doc)
	if err != nil {
		return doc, err
	}
	var lifts []Lift
	for _, step := range steps {
		if step.Head != nil {
			lifts = append(lifts, step.Head)
		}
	}
	head, err := lifted(doc.Head, lifts)
	if err != nil {
		return doc, fmt.Errorf("the head of %s: %w", doc.ID, err)
	}
	doc.Head = head
	return doc, nil
}

// lifted takes a part through the lifts.
func lifted(raw []byte, lifts []Lift) ([]byte, error) {
	if len(lifts) == 0 || raw == nil {
		return raw, nil
	}
	var part bson.D
	if err := decode(raw, &part); err != nil {
		return nil, err
	}
	var err error
	for _, lift := range lifts {
		if part, err = lift(part); err != nil {
			return nil, fmt.Errorf("bringing a part forward: %w", err)
		}
	}
	return encode(part)
}

// making is how a section of the newest form is made of a section as it is stored.
type making struct {
	stored string
	lifts  []Lift // none: it is as it is stored
}

// making returns how the named section of the newest form is made; false when the
// document has none.
func (f Forms) making(doc store.Document, name string) (making, bool, error) {
	if !f.isOlder(doc) {
		_, ok := doc.Section(name)
		return making{stored: name}, ok, nil
	}
	all, err := f.makings(doc)
	made, ok := all[name]
	return made, ok, err
}

// makings returns how every section of the newest form is made, by its name. What
// is needed is clear: the names of the sections and the steps.
func (f Forms) makings(doc store.Document) (map[string]making, error) {
	steps, err := f.stepsFrom(doc)
	if err != nil {
		return nil, err
	}
	all := map[string]making{}
	for _, section := range doc.Sections {
		if section.Name != attestation {
			all[section.Name] = making{stored: section.Name}
		}
	}
	for _, step := range steps {
		if all, err = step.makings(all); err != nil {
			return nil, fmt.Errorf("the sections of %s: %w", doc.ID, err)
		}
	}
	return all, nil
}

func (s Step) makings(before map[string]making) (map[string]making, error) {
	after := map[string]making{}
	for _, lift := range s.Sections {
		if made, ok := before[lift.of()]; ok {
			after[lift.Section] = making{made.stored, append(slices.Clone(made.lifts), lift.Lift)}
		}
	}
	for name, made := range before {
		if slices.ContainsFunc(s.Sections, func(lift SectionLift) bool { return lift.of() == name }) {
			continue
		}
		if _, twice := after[name]; twice {
			// What is stored under the name would be lost.
			return nil, errors.New("a section is made of another that is there already")
		}
		after[name] = made
	}
	return after, nil
}

// Fields that records keep with every document, beside those of its kind.
const (
	formField = "form"
	// upkeptField is how many of the document's versions upkeep has written: they
	// say nothing new. It is left out while there is none.
	upkeptField = "upkept"
)

func upkept(doc store.Document) int64 {
	value, _ := doc.Field(upkeptField)
	return value.Number
}

// revision is the version of what the record says, which is what a reader is shown
// and names in a change: bringing a document forward does not raise it.
func revision(doc store.Document) int64 { return doc.Version - upkept(doc) }

// fieldsOf are the clear fields of a record in the newest form. Everything that is
// written gets its form here.
func (f Forms) fieldsOf(record content, upkept int64) []store.Field {
	fields := append(slices.Clone(record.fields()), store.Field{Name: formField, Value: store.Number(f.newest(record.kind()))})
	if upkept > 0 {
		fields = append(fields, store.Field{Name: upkeptField, Value: store.Number(upkept)})
	}
	slices.SortFunc(fields, func(a, b store.Field) int { return cmp.Compare(a.Name, b.Name) })
	return fields
}

// formIndex names the index that tells the forms of a kind, newest first: what is
// of an older form stands at its end, and what is of a later one at its beginning.
func formIndex(kind store.Kind) string { return string(kind) + "_form" }

// olderOnes asks for the documents of the kind that are of an older form than form.
func olderOnes(kind store.Kind, form int64, limit int) store.Query {
	const beforeEveryID = "\x01"
	return store.Query{
		Index: formIndex(kind), After: &store.Position{Order: store.Number(form), ID: beforeEveryID}, Limit: limit,
	}
}
