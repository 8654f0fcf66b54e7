package graph

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"accord/authz"
	"accord/internal/views"
)

// mask says what a viewer sees of a field whose class they hold masked.
type mask uint8

const (
	maskNothing  mask = iota // null, with a redaction
	maskInPlace              // the mask itself, with a redaction
	maskSuffices             // the whole field
)

// mark is what the schema says of one field: which class opens it, or which
// records it leads to.
type mark struct {
	classes  []authz.DataClass // any of these; none: the class the object says itself
	mask     mask
	reveal   bool
	link     views.Kind // set: a link, decided by what it leads to
	part     bool       // on a part of the nearest governed object around it
	plumbing bool       // on a type that holds no content
	holds    string     // name of the field's type
}

// Marks are the marks of every field of the schema, by type and field.
type Marks struct{ fields map[string]map[string]mark }

// ReadMarks reads the marks of a schema. It refuses one in which an object type
// is neither governed nor part of something governed nor plumbing, a field
// carries no mark, a field that may be withheld cannot be null, or plumbing
// holds content: a server with such a schema does not start.
func ReadMarks(schema *ast.Schema) (*Marks, error) {
	marks := &Marks{fields: map[string]map[string]mark{}}
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(schema.Types)) {
		definition := schema.Types[name]
		if definition.Kind != ast.Object || definition.BuiltIn || strings.HasPrefix(name, "__") {
			continue
		}
		standing := standingOf(definition)
		if len(standing) != 1 {
			faults = append(faults, fmt.Errorf("type %s must be one of @governed, @part and @plumbing", name))
			continue
		}
		marks.fields[name] = map[string]mark{}
		for _, field := range definition.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			read, err := readMark(schema, standing[0], field)
			if err != nil {
				faults = append(faults, fmt.Errorf("field %s.%s: %w", name, field.Name, err))
			}
			read.holds = field.Type.Name()
			marks.fields[name][field.Name] = read
		}
	}
	return marks, errors.Join(faults...)
}

func standingOf(definition *ast.Definition) []string {
	var standing []string
	for _, name := range []string{"governed", "part", "plumbing"} {
		if definition.Directives.ForName(name) != nil {
			standing = append(standing, name)
		}
	}
	return standing
}

func readMark(schema *ast.Schema, standing string, field *ast.FieldDefinition) (mark, error) {
	class, link := field.Directives.ForName("class"), field.Directives.ForName("link")
	if standing == "plumbing" {
		if class != nil || link != nil {
			return mark{}, errors.New("plumbing carries no mark")
		}
		return mark{plumbing: true}, checkPlumbing(schema, field)
	}
	switch {
	case class != nil && link != nil:
		return mark{}, errors.New("a field is of a class or a link, not both")
	case class != nil:
		return readClass(class, standing, field)
	case link != nil:
		return readLink(link, field)
	default:
		return mark{}, errors.New("it carries neither @class nor @link")
	}
}

func readClass(class *ast.Directive, standing string, field *ast.FieldDefinition) (mark, error) {
	read := mark{reveal: argument(class, "reveal") == "true", part: standing == "part"}
	switch argument(class, "mask") {
	case "IN_PLACE":
		read.mask = maskInPlace
	case "SUFFICES":
		read.mask = maskSuffices
	}
	if is := class.Arguments.ForName("is"); is != nil {
		classes, err := readClasses(is.Value)
		if err != nil {
			return mark{}, err
		}
		read.classes = classes
	}
	if field.Type.NonNull && standing == "governed" && !read.alwaysThere() {
		return mark{}, errors.New("what may be withheld must be able to be null")
	}
	return read, nil
}

// readClasses reads the classes that are named: at least one, since no class
// named would leave it to the object to say. GraphQL takes one value for a list
// of one.
func readClasses(is *ast.Value) ([]authz.DataClass, error) {
	values := []*ast.Value{is}
	if is.Kind == ast.ListValue {
		values = nil
		for _, child := range is.Children {
			values = append(values, child.Value)
		}
	}
	var classes []authz.DataClass
	for _, value := range values {
		class, err := authz.ParseDataClass(value.Raw)
		if err != nil {
			return nil, fmt.Errorf("reading its class: %w", err)
		}
		classes = append(classes, class)
	}
	if len(classes) == 0 {
		return nil, errors.New("it is of no class")
	}
	return classes, nil
}

// alwaysThere reports whether the field is open to everybody who reaches the
// record: the mask suffices, or the class is one that is never withheld. What is
// only revealed is never there.
func (m mark) alwaysThere() bool {
	if m.reveal {
		return false
	}
	if m.mask == maskSuffices {
		return true
	}
	return slices.ContainsFunc(m.classes, authz.NeverMasked)
}

// decide reports whether who has the Sight holds the field that any of the classes
// opens, whole or as its mask, and what is to be said when it is not the whole.
func (m mark) decide(sight authz.Sight, classes []authz.DataClass) (bool, authz.Reason) {
	best := classes[0]
	for _, class := range classes[1:] {
		if sight.Level(class) > sight.Level(best) {
			best = class
		}
	}
	level := sight.Level(best)
	switch {
	case m.reveal && level == authz.Full:
		return false, authz.ReasonRevealNeeded
	case level == authz.Full, level == authz.Masked && m.mask == maskSuffices:
		return true, 0
	case level == authz.Masked && m.mask == maskInPlace:
		return true, authz.ReasonMasked
	default:
		return false, sight.Reason(best)
	}
}

func readLink(link *ast.Directive, field *ast.FieldDefinition) (mark, error) {
	if field.Type.NonNull {
		return mark{}, errors.New("a link must be able to be null")
	}
	kind, ok := views.KindNamed(argument(link, "kind"))
	if !ok {
		return mark{}, errors.New("it links to no kind of record")
	}
	return mark{link: kind}, nil
}

// plumbingScalars are the only values that plumbing may hold itself.
var plumbingScalars = []string{"cursor", "hasNextPage", "endCursor", "totalCount", "moreThan"}

// checkPlumbing refuses plumbing that holds a value of a record.
func checkPlumbing(schema *ast.Schema, field *ast.FieldDefinition) error {
	definition := schema.Types[field.Type.Name()]
	switch {
	case definition == nil:
		return errors.New("its type is not known")
	case definition.Kind == ast.Object || definition.Kind == ast.Interface:
		return nil
	case slices.Contains(plumbingScalars, field.Name):
		return nil
	default:
		return errors.New("plumbing holds no values of records")
	}
}

func argument(directive *ast.Directive, name string) string {
	given := directive.Arguments.ForName(name)
	if given == nil {
		return ""
	}
	return given.Value.Raw
}

// of returns the mark of a field.
func (m *Marks) of(typeName, field string) (mark, bool) {
	found, ok := m.fields[typeName][field]
	return found, ok
}
