package graph_test

import (
	"context"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"

	"accord/domain/fault"
	"accord/graph"
)

const ruleSchema = `
type Query { a: String node: Node thing(kind: Kind = OLD, of: In, at: Int!): Thing other: Other list: [Thing!] }
type Mutation { a: String }
type Subscription { a: String b: String }
interface Node { id: ID }
type Thing implements Node { id: ID name: String secretName: String }
type Other { id: ID }
enum Kind { OLD NEW }
input In { day: String! kind: Kind }
`

// A document that breaks each rule, with Canary wherever the caller's words can
// stand, and the sentence it is answered with.
var broken = map[string]struct{ document, sentence string }{
	"FieldsOnCorrectType":          {"{ other {\n secretNameCanary } }", "Type Other has no field of that name. (Line 2, column 2.)"},
	"FragmentsOnCompositeTypes":    {"{ a ...Canary } fragment Canary on Kind { x }", "A fragment is on an object, interface or union, and Kind is none. (Line 1, column 17.)"},
	"KnownArgumentNames":           {`{ a(Canary: "Canary") }`, "The field or directive has no argument of that name. (Line 1, column 3.)"},
	"KnownDirectives":              {"{ a @Canary }", "There is no such directive, or not in this place. (Line 1, column 6.)"},
	"KnownFragmentNames":           {"{ ...Canary }", "The document does not define that fragment. (Line 1, column 6.)"},
	"KnownTypeNames":               {"{ a ... on ThingCanary { id } }", "The schema has no type of that name. (Line 1, column 9.)"},
	"LoneAnonymousOperation":       {"{ a } query Canary { a }", "An operation without a name stands alone in its document. (Line 1, column 1.)"},
	"MaxIntrospectionDepth":        {"{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }", "The introspection goes too deep. (Line 1, column 3.)"},
	"NoFragmentCycles":             {"{ a ...Canary } fragment Canary on Query { ...Canary }", "A fragment does not spread itself. (Line 1, column 47.)"},
	"NoIncrementalDelivery":        {`{ ... @defer(label: "Canary") { a } }`, "Answers are given whole: @defer and @stream are not served. (Line 1, column 8.)"},
	"NoUndefinedVariables":         {"{ thing(at: $Canary) { id } }", "The operation does not declare that variable. (Line 1, column 13.)"},
	"NoUnusedFragments":            {"{ a } fragment Canary on Query { a }", "A fragment that is defined is also spread. (Line 1, column 7.)"},
	"NoUnusedVariables":            {"query($Canary: Int) { a }", "A variable that is declared is also used. (Line 1, column 7.)"},
	"OverlappingFieldsCanBeMerged": {"{ Canary: a Canary: node { id } }", "Two fields of one name in the answer ask for different things; rename one. (Line 1, column 13.)"},
	"PossibleFragmentSpreads":      {"{ other { ... on Thing { id } } }", "The fragment can never apply to type Other. (Line 1, column 15.)"},
	"ProvidedRequiredArguments":    {"{ Canary: thing { id } }", "A required argument is missing. (Line 1, column 3.)"},
	"ScalarLeafs":                  {"{ Canary: other }", "Fields are selected of objects, all the way down, and of nothing else; see type Other. (Line 1, column 3.)"},
	"SingleFieldSubscriptions":     {"subscription Canary { a b }", "A subscription selects one field. (Line 1, column 25.)"},
	"UniqueArgumentNames":          {"{ thing(at: 1, at: 2) { id } }", "An argument is given once. (Line 1, column 16.)"},
	"UniqueDirectivesPerLocation":  {"{ a @skip(if: true) @skip(if: true) }", "A directive stands once in a place. (Line 1, column 22.)"},
	"UniqueFragmentNames":          {"{ ...Canary } fragment Canary on Query { a } fragment Canary on Query { a }", "A fragment is defined once. (Line 1, column 46.)"},
	"UniqueInputFieldNames":        {`{ thing(at: 1, of: {day: "Canary", day: "Canary"}) { id } }`, "A field of an input is given once. (Line 1, column 36.)"},
	"UniqueOperationNames":         {"query Canary { a } query Canary { a }", "Operations of one document differ in name. (Line 1, column 20.)"},
	"UniqueVariableNames":          {"query($Canary: Int!, $Canary: Int!) { thing(at: $Canary) { id } }", "A variable is declared once. (Line 1, column 22.)"},
	"ValuesOfCorrectType":          {"{ thing(at: 1, kind: NEWCanary) { id } }", "The value does not fit Kind. (Line 1, column 22.)"},
	"VariablesAreInputTypes":       {"query($Canary: Thing) { thing(at: $Canary) { id } }", "A variable is of an input type. (Line 1, column 7.)"},
	"VariablesInAllowedPosition":   {"query($Canary: String) { thing(at: $Canary) { id } }", "A variable of that type cannot stand where Int is expected. (Line 1, column 36.)"},
}

func TestEveryRuleSaysWhereAndNothingOfTheDocument(t *testing.T) {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: ruleSchema})
	for rule := range graph.ValidationRules().GetInner() {
		name := strings.TrimSuffix(rule, "WithoutSuggestions")
		if name == "KnownRootType" {
			continue // needs a schema without mutations: see below
		}
		t.Run(name, func(t *testing.T) {
			c, ok := broken[name]
			if !ok {
				t.Fatal("no document breaks this rule")
			}
			checkRule(t, schema, name, c.document, c.sentence)
		})
	}
	readOnly := gqlparser.MustLoadSchema(&ast.Source{Input: `type Query { a: String }`})
	checkRule(t, readOnly, "KnownRootType", "mutation Canary { a }", "The schema has no operations of that kind. (Line 1, column 1.)")
}

func checkRule(t *testing.T, schema *ast.Schema, rule, document, sentence string) {
	t.Helper()
	presenter := graph.NewPresenter(nil)
	said := map[string]string{}
	for _, err := range validator.ValidateWithRules(schema, parsed(t, document), graph.ValidationRules()) {
		shown := presenter.Present(context.Background(), err)
		if strings.Contains(shown.Error(), "Canary") || strings.Contains(shown.Error(), "Did you mean") {
			t.Errorf("it says %q", shown.Error())
		}
		if shown.Extensions["code"] != string(fault.BadInput) {
			t.Errorf("code %v", shown.Extensions["code"])
		}
		name, _ := shown.Extensions["rule"].(string)
		said[name] = shown.Message
	}
	if said[rule] != sentence {
		t.Errorf("%s says %q, want %q; all: %v", rule, said[rule], sentence, said)
	}
}

func TestNoValueOfAnEnumerationIsSuggested(t *testing.T) {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: ruleSchema})
	for _, document := range []string{
		`{ thing(at: 1, kind: "NEWW") { id } }`, `{ thing(at: 1, kind: NEWW) { id } }`,
		`{ thing(at: 1, of: {day: OLDD}) { id } }`, `{ thing(at: 1, of: {dayy: "x", day: "x"}) { id } }`,
	} {
		for _, err := range validator.ValidateWithRules(schema, parsed(t, document), graph.ValidationRules()) {
			shown := graph.NewPresenter(nil).Present(context.Background(), err)
			if strings.Contains(shown.Message, "OLD") || strings.Contains(shown.Message, "NEW") || strings.Contains(shown.Message, "mean") {
				t.Errorf("%s: %s", document, shown.Message)
			}
		}
	}
}
