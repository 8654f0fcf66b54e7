package worlds_test

import (
	"slices"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"accord/cmd/accord/worlds"
)

// The questions that every viewer asks of every world ask for every field that a query
// can show: a field that is new is asked for by itself.
func TestEveryFieldOfTheSchemaIsAskedFor(t *testing.T) {
	world := &worlds.World{Cases: map[string]*worlds.Case{"one": {}}, Meetings: map[string]*worlds.Meeting{"one": {}}}
	asked := map[string]bool{"Query.node": true} // every look-up is by it
	for _, question := range broad(world) {
		document, err := gqlparser.LoadQueryWithRules(schema, question.Query, nil)
		if err != nil {
			t.Fatalf("%s: %v", question.Query, err)
		}
		for _, operation := range document.Operations {
			note(asked, operation.SelectionSet)
		}
	}
	for _, node := range schema.GetPossibleTypes(schema.Types["Node"]) {
		for _, field := range node.Fields {
			// What of a record no link leads to is looked up by its id.
			if _, marked := markOf(field); marked && len(kindsOf(node.Name)) > 0 && !linked(node.Name) {
				asked[node.Name+"."+field.Name] = true
			}
		}
	}
	for _, field := range readable() {
		if !asked[field] {
			t.Errorf("nobody asks for %s", field)
		}
	}
}

// linked reports whether a field leads to a type.
func linked(typeName string) bool {
	for _, definition := range schema.Types {
		if definition.Kind == ast.Object && slices.ContainsFunc(definition.Fields, func(field *ast.FieldDefinition) bool { return field.Type.Name() == typeName }) {
			return true
		}
	}
	return false
}

func note(asked map[string]bool, selections ast.SelectionSet) {
	for _, selection := range selections {
		if field, ok := selection.(*ast.Field); ok {
			asked[field.ObjectDefinition.Name+"."+field.Name] = true
			note(asked, field.SelectionSet)
		}
	}
}

// Every kind of record that a link leads to has a type that shows it, and the types of
// records are those that the schema calls nodes.
func TestEveryKindHasAType(t *testing.T) {
	for _, node := range schema.GetPossibleTypes(schema.Types["Node"]) {
		kinds := kindsOf(node.Name)
		if len(kinds) == 0 {
			t.Errorf("%s shows no kind of record", node.Name)
		}
		for _, kind := range kinds {
			if typeNamed(kind) != node.Name {
				t.Errorf("%s is shown as %s and as %s", kind, node.Name, typeNamed(kind))
			}
		}
	}
}
