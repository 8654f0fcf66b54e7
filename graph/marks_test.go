package graph_test

import (
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"accord/graph"
)

// marked is the schema language of the marks, with a few names that Accord does
// not know, and a schema of one record that is marked through.
const marked = `
directive @class(is: [DataClass!], mask: Mask! = NOTHING, reveal: Boolean! = false) on FIELD_DEFINITION
directive @link(kind: RecordKind) on FIELD_DEFINITION
directive @governed on OBJECT
directive @part on OBJECT
directive @plumbing on OBJECT
enum Mask { NOTHING IN_PLACE SUFFICES }
enum RecordKind { CASE PLAN GOSSIP }
enum DataClass { CASE_CORE PLAN SAFE_CONTACT GOSSIP }
enum Colour { RED }
union Either = Case | Person
interface Node { id: ID! }
type Query @plumbing { case: Case cases: Cases either: Node }
type Cases @plumbing { nodes: [Case!]! totalCount: Int moreThan: Int endCursor: String hasNextPage: Boolean! }
type Case implements Node @governed {
  id: ID! @class(is: [CASE_CORE])
  plan: Plan @link(kind: PLAN)
  note: String @class(is: [PLAN, SAFE_CONTACT])
  outline: String! @class(is: [PLAN], mask: SUFFICES)
  victim: Person @class(is: [CASE_CORE])
}
type Person @governed { name: String @class(mask: IN_PLACE) }
type Plan @governed { items: [Item!] @class(is: PLAN) }
type Item @part { text: String! @class(is: [PLAN]) }
`

func loaded(tb testing.TB, text string) *ast.Schema {
	tb.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "marked", Input: text})
	if err != nil {
		tb.Fatalf("loading the schema: %v", err)
	}
	return schema
}

func TestAccordsSchemaIsMarkedThrough(t *testing.T) {
	if _, err := graph.ReadMarks(accordSchema(t)); err != nil {
		t.Error(err)
	}
	if _, err := graph.ReadMarks(loaded(t, marked)); err != nil {
		t.Error(err)
	}
}

func TestASchemaIsRefusedThatIsNotMarkedThrough(t *testing.T) {
	const (
		noStanding = "must be one of @governed, @part and @plumbing"
		notNull    = "what may be withheld must be able to be null"
		noValues   = "plumbing holds no values of records"
	)
	for name, c := range map[string]struct{ add, fault string }{
		"a type of no standing":            {`type Odd { text: String @class(is: [PLAN]) }`, "type Odd " + noStanding},
		"a type of two":                    {`type Odd @governed @part { text: String @class(is: [PLAN]) }`, "type Odd " + noStanding},
		"a root of no standing":            {`type Mutation { change: Case }`, "type Mutation " + noStanding},
		"a governed field without a mark":  {`extend type Case { odd: String }`, "field Case.odd: it carries neither @class nor @link"},
		"a part's field without a mark":    {`extend type Item { odd: String }`, "field Item.odd: it carries neither @class nor @link"},
		"a field of a class and a link":    {`extend type Case { odd: Plan @class(is: [PLAN]) @link(kind: PLAN) }`, "field Case.odd: a field is of a class or a link, not both"},
		"a class withheld, never null":     {`extend type Case { odd: String! @class(is: [PLAN]) }`, "field Case.odd: " + notNull},
		"a class masked to null":           {`extend type Case { odd: String! @class(is: [PLAN], mask: NOTHING) }`, "field Case.odd: " + notNull},
		"a class masked in place":          {`extend type Case { odd: String! @class(is: [PLAN], mask: IN_PLACE) }`, "field Case.odd: " + notNull},
		"an own class, never null":         {`extend type Person { odd: String! @class }`, "field Person.odd: " + notNull},
		"a revealed field, never null":     {`extend type Case { odd: String! @class(is: [CASE_CORE], reveal: true) }`, "field Case.odd: " + notNull},
		"a revealed mask, never null":      {`extend type Case { odd: String! @class(is: [PLAN], mask: SUFFICES, reveal: true) }`, "field Case.odd: " + notNull},
		"a class that nobody knows":        {`extend type Case { odd: String @class(is: [PLAN, GOSSIP]) }`, `field Case.odd: reading its class: unknown data class "GOSSIP"`},
		"one class that nobody knows":      {`extend type Case { odd: String @class(is: GOSSIP) }`, `field Case.odd: reading its class: unknown data class "GOSSIP"`},
		"a class that is null":             {`extend type Case { odd: String @class(is: null) }`, `field Case.odd: reading its class: unknown data class "null"`},
		"no class at all":                  {`extend type Case { odd: String @class(is: []) }`, "field Case.odd: it is of no class"},
		"a link that is never null":        {`extend type Case { odd: Plan! @link(kind: PLAN) }`, "field Case.odd: a link must be able to be null"},
		"a list of links, never null":      {`extend type Case { odd: [Plan!]! @link(kind: PLAN) }`, "field Case.odd: a link must be able to be null"},
		"a link to a kind nobody knows":    {`extend type Case { odd: Plan @link(kind: GOSSIP) }`, "field Case.odd: it links to no kind of record"},
		"a link to no kind":                {`extend type Case { odd: Plan @link }`, "field Case.odd: it links to no kind of record"},
		"plumbing of a class":              {`extend type Cases { odd: Case @class(is: [CASE_CORE]) }`, "field Cases.odd: plumbing carries no mark"},
		"plumbing that links":              {`extend type Cases { odd: Plan @link(kind: PLAN) }`, "field Cases.odd: plumbing carries no mark"},
		"plumbing that holds a text":       {`extend type Cases { odd: String }`, "field Cases.odd: " + noValues},
		"plumbing that holds many":         {`extend type Cases { odd: [Int!]! }`, "field Cases.odd: " + noValues},
		"plumbing that holds a name":       {`extend type Cases { odd: Colour }`, "field Cases.odd: " + noValues},
		"plumbing that holds one or other": {`extend type Cases { odd: Either }`, "field Cases.odd: " + noValues},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := graph.ReadMarks(loaded(t, marked+c.add))
			if err == nil {
				t.Fatal("it was accepted")
			}
			if err.Error() != c.fault {
				t.Errorf("got  %v\nwant %s", err, c.fault)
			}
		})
	}
}

func TestASchemaIsRefusedWithEveryFault(t *testing.T) {
	schema := loaded(t, marked+`
		type Odd { text: String }
		extend type Cases { odd: String }
		extend type Case { first: String second: Plan! @link(kind: PLAN) }`)
	_, err := graph.ReadMarks(schema)
	if err == nil {
		t.Fatal("it was accepted")
	}
	want := strings.Join([]string{
		"field Case.first: it carries neither @class nor @link",
		"field Case.second: a link must be able to be null",
		"field Cases.odd: plumbing holds no values of records",
		"type Odd must be one of @governed, @part and @plumbing",
	}, "\n")
	if err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
	if gate, err := graph.NewGate(executable(schema), nil); err == nil || gate != nil {
		t.Errorf("a gate stands before it: %v, %v", gate, err)
	}
}

// executable is as much of an executable schema as a gate reads.
func executable(schema *ast.Schema) graphql.ExecutableSchema {
	return &graphql.ExecutableSchemaMock{SchemaFunc: func() *ast.Schema { return schema }}
}
