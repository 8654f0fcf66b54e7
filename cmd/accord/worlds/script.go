// Package worlds generates worlds for property tests: the demo's people with
// other roles, teams and duties, cases with everything that hangs on them,
// meetings at every stage, exclusions. A world is first a script, a plain value,
// so that it can be written twice with one value changed; a player then has the
// people do what it says, through the procedures; and an account of what was done
// says, independently of the program, who reaches what.
package worlds

import (
	"fmt"
	"reflect"
	"strings"

	"accord/authz"
)

// Script is a world before it is written: what is done, in order.
type Script []Act

// Act is something somebody does.
type Act struct {
	// Key is the act's own: what is random in it hangs on the key, so that the
	// same act gives the same ids, whatever other acts are in the script.
	Key string
	Day int // days before (negative) the day of the world
	// Second of the morning at which it is done: the same act is done at the same
	// time, whatever other acts are in the script.
	Second int
	By     string
	Do     Deed
}

// Secrets are the values of the act that some may read and others not.
func (a Act) Secrets() []Secret { return a.Do.secrets() }

// Deed is what is done, as a plain value.
type Deed interface {
	// play has the deed done. It returns the id of the record that it made, where
	// the procedure says it.
	play(stand) (string, error)
	// note enters the deed, done, in the account of the world.
	note(*World, Act, made)
	// secrets are the values of the deed that some may read and others not.
	secrets() []Secret
}

// Secret is a value of a deed and the deed with another value in its place.
type Secret struct {
	What  string
	Class authz.DataClass
	// Keeps says that the mask of the class shows the same of both values, so
	// that who holds the class masked must not see a difference either.
	Keeps   bool
	Changed Deed
}

// With is the script with another deed in place of the one at an act.
func (s Script) With(at int, deed Deed) Script {
	changed := append(Script{}, s...)
	changed[at].Do = deed
	return changed
}

// Without is the script without the acts that concern a case.
func (s Script) Without(caseName string) Script {
	var kept Script
	for _, act := range s {
		if about, ok := act.Do.(interface{ about() string }); !ok || about.about() != caseName {
			kept = append(kept, act)
		}
	}
	return kept
}

// String writes the script as people read it: one act a line.
func (s Script) String() string {
	var text strings.Builder
	for i, act := range s {
		fmt.Fprintf(&text, "%3d  day %+d  %-11s  %s\n", i, act.Day, act.By, act.Do)
	}
	return text.String()
}

// describe writes a deed with what of it is said.
func describe(deed any) string {
	value := reflect.ValueOf(deed)
	var said []string
	for i := range value.NumField() {
		if field := value.Field(i); !field.IsZero() {
			said = append(said, fmt.Sprintf("%s: %+v", value.Type().Field(i).Name, field.Interface()))
		}
	}
	return value.Type().Name() + "{" + strings.Join(said, ", ") + "}"
}

// GoString is String, so that a property that fails prints the script as people
// read it.
func (s Script) GoString() string { return "\n" + s.String() }
