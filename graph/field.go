package graph

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"accord/authz"
	"accord/internal/views"
)

// Field is what decides one field of the schema, for whoever explains a decision:
// the gate decides by the same marks.
type Field struct {
	Name  string       // type and field, such as "Person.address"
	Kinds []views.Kind // of the records it is read from, sorted; none: of no record
	Link  views.Kind   // set: it leads to records of this kind, each decided on its own
	// Classes open it, any of them. None, of what is no link: a record says its own
	// class, one of views.OwnClasses.
	Classes []authz.DataClass
	// Directory says that it is every signed-in person's.
	Directory bool

	mark   mark
	around *Field // holds the part that it is of; nil for a field of a record
}

// Own reports whether a record says itself which class opens the field.
func (f Field) Own() bool { return f.Link == "" && len(f.Classes) == 0 }

// Field returns what decides a field; an error when the schema has none of that
// name, or one that holds no content.
func (m *Marks) Field(name string) (Field, error) {
	typeName, fieldName, _ := strings.Cut(name, ".")
	found, ok := m.of(typeName, fieldName)
	switch {
	case !ok:
		return Field{}, errors.New("the schema has no such field: give its type and its name, such as Person.address")
	case found.plumbing:
		return Field{}, fmt.Errorf("%s holds no content of a record: ask about a field of the record it leads to", name)
	}
	field := Field{
		Name: name, Kinds: m.kindsOf(typeName, nil), Link: found.link, Classes: found.classes, Directory: isDirectory(found), mark: found,
	}
	// What an act such as a reveal shows is of no record: it does not count.
	holders := slices.DeleteFunc(m.holders(typeName), func(holder string) bool {
		around, _, _ := strings.Cut(holder, ".")
		return len(m.kindsOf(around, nil)) == 0
	})
	if found.part && len(holders) == 1 {
		around, err := m.Field(holders[0])
		if err != nil {
			return Field{}, err
		}
		field.around = &around
	}
	return field, nil
}

// kindsOf are the kinds of the records that a type shows: the one of its name, those
// that links lead to, or those of the records which hold it.
func (m *Marks) kindsOf(typeName string, passed []string) []views.Kind {
	if kind, ok := views.KindNamed(asEnumeration(typeName)); ok {
		return []views.Kind{kind}
	}
	var kinds []views.Kind
	for _, fields := range m.fields {
		for _, link := range fields {
			if link.link != "" && link.holds == typeName {
				kinds = append(kinds, link.link)
			}
		}
	}
	for _, holder := range m.holders(typeName) {
		around, _, _ := strings.Cut(holder, ".")
		if !slices.Contains(passed, around) {
			kinds = append(kinds, m.kindsOf(around, append(slices.Clone(passed), typeName))...)
		}
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// holders are the fields by which a type is held, but for those of plumbing and
// those that lead to a record of its own.
func (m *Marks) holders(typeName string) []string {
	var holders []string
	for around, fields := range m.fields {
		for name, held := range fields {
			if held.holds == typeName && !held.plumbing && held.link == "" {
				holders = append(holders, around+"."+name)
			}
		}
	}
	slices.Sort(holders)
	return holders
}

// asEnumeration writes a type's name as enumerations are written: ListItem as
// LIST_ITEM.
func asEnumeration(typeName string) string {
	var name strings.Builder
	for i, letter := range typeName {
		if i > 0 && unicode.IsUpper(letter) {
			name.WriteByte('_')
		}
		name.WriteRune(unicode.ToUpper(letter))
	}
	return name.String()
}

// Decision is what the gate makes of a field.
type Decision struct {
	Shown  bool
	Reason authz.Reason // why it is not the whole; 0 when it is
	// Within names the field around it that is not shown, so that nothing below it is
	// there to be redacted; empty when it is decided itself.
	Within string
}

// Decide says what the gate makes of the field for a Sight. Own is the class that the
// record says, for a field of which Own is true. It is not asked of a link.
func (f Field) Decide(sight authz.Sight, own authz.DataClass) Decision {
	if f.Directory {
		return Decision{Shown: true}
	}
	if f.around != nil {
		if around := f.around.Decide(sight, own); !around.Shown {
			if around.Within == "" {
				around.Within = f.around.Name
			}
			return around
		}
	}
	classes := f.Classes
	if f.Own() {
		classes = []authz.DataClass{own}
	}
	shown, reason := f.mark.decide(sight, classes)
	return Decision{Shown: shown, Reason: reason}
}
