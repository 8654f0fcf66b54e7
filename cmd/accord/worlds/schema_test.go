package worlds_test

import (
	"slices"
	"strings"
	"unicode"

	"github.com/vektah/gqlparser/v2/ast"

	"accord/authz"
	"accord/cmd/accord/worlds"
	"accord/graph"
	"accord/internal/views"
)

var schema = graph.NewExecutableSchema(graph.Config{}).Schema()

// typeNamed is the type of the schema that records of a kind are shown as.
func typeNamed(kind views.Kind) string {
	for _, node := range schema.GetPossibleTypes(schema.Types["Node"]) {
		if slices.Contains(kindsOf(node.Name), kind) {
			return node.Name
		}
	}
	return ""
}

// kindsOf are the kinds of records that a type shows.
func kindsOf(typeName string) []views.Kind {
	if typeName == "InformationItem" {
		return []views.Kind{views.IntelligenceKind, views.AdvocateNoteKind, views.HealthKind}
	}
	var name strings.Builder
	for i, letter := range typeName {
		if i > 0 && unicode.IsUpper(letter) {
			name.WriteByte('_')
		}
		name.WriteRune(unicode.ToUpper(letter))
	}
	if kind, ok := views.KindNamed(name.String()); ok {
		return []views.Kind{kind}
	}
	return nil
}

// marked is what the schema says of a field: which classes open it and what of it
// is shown to whom the class is masked.
type marked struct {
	classes []authz.DataClass // none: the record's own
	mask    string
	reveal  bool
	link    bool
}

func markOf(field *ast.FieldDefinition) (marked, bool) {
	if field.Directives.ForName("link") != nil {
		return marked{link: true}, true
	}
	class := field.Directives.ForName("class")
	if class == nil {
		return marked{}, false
	}
	mark := marked{mask: "NOTHING"}
	for _, argument := range class.Arguments {
		switch argument.Name {
		case "mask":
			mark.mask = argument.Value.Raw
		case "reveal":
			mark.reveal = argument.Value.Raw == "true"
		case "is":
			for _, one := range argument.Value.Children {
				parsed, err := authz.ParseDataClass(one.Value.Raw)
				if err != nil {
					panic(err) // the schema names no class that is not there
				}
				mark.classes = append(mark.classes, parsed)
			}
		}
	}
	return mark, true
}

// shown says what is shown of a field to who holds so much of its record, and the
// reason said where it is not the whole. The class is the one that decides.
func (m marked) shown(sight authz.Sight, own authz.DataClass) (shown bool, reason string, class authz.DataClass) {
	classes := m.classes
	if len(classes) == 0 {
		classes = []authz.DataClass{own}
	}
	class = classes[0]
	for _, other := range classes {
		if sight.Level(other) > sight.Level(class) {
			class = other
		}
	}
	switch level := sight.Level(class); {
	case class == authz.Directory:
		return true, "", class
	case m.reveal && level == authz.Full:
		return false, "REVEAL_NEEDED", class
	case level == authz.Full, level == authz.Masked && m.mask == "SUFFICES":
		return true, "", class
	case level == authz.Masked && m.mask == "IN_PLACE":
		return true, authz.ReasonMasked.String(), class
	default:
		return false, sight.Reason(class).String(), class
	}
}

// ownClass is the class that a record itself says.
func ownClass(record *worlds.Record) authz.DataClass {
	switch record.Kind {
	case views.ReleaseKind:
		return views.SourceClass(record.Source)
	case views.AttachmentKind:
		return record.Class
	default:
		return classOf(record.Kind)
	}
}

// isLeaf reports whether a field holds a value and no object.
func isLeaf(field *ast.FieldDefinition) bool {
	kind := schema.Types[field.Type.Name()].Kind
	return kind == ast.Scalar || kind == ast.Enum
}

// whole writes a selection of everything that a type shows. Of what leads back to a
// type around it, it is the id; of a Node, nothing.
func whole(typeName string, around ...string) string {
	switch {
	case slices.Contains(around, typeName):
		return "{ id }"
	case schema.Types[typeName].Kind == ast.Interface:
		return ""
	}
	around = append(slices.Clone(around), typeName)
	var fields []string
	for _, field := range schema.Types[typeName].Fields {
		switch {
		case strings.HasPrefix(field.Name, "__"):
		case isLeaf(field):
			fields = append(fields, field.Name)
		default:
			if below := whole(field.Type.Name(), around...); below != "" {
				fields = append(fields, field.Name+" "+below)
			}
		}
	}
	return "{ " + strings.Join(fields, " ") + " }"
}

// readable lists the fields of every type that a query can show.
func readable() []string {
	var fields []string
	seen := map[string]bool{}
	var walk func(typeName string)
	walk = func(typeName string) {
		definition := schema.Types[typeName]
		if seen[typeName] || definition.Kind != ast.Object && definition.Kind != ast.Interface {
			return
		}
		seen[typeName] = true
		for _, possible := range schema.GetPossibleTypes(definition) {
			if possible.Name != typeName {
				walk(possible.Name)
			}
		}
		for _, field := range definition.Fields {
			if !strings.HasPrefix(field.Name, "__") {
				if definition.Kind == ast.Object {
					fields = append(fields, typeName+"."+field.Name)
				}
				walk(field.Type.Name())
			}
		}
	}
	walk(schema.Query.Name)
	return fields
}
