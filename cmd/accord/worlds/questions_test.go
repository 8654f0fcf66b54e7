package worlds_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"

	"accord/authz"
	"accord/cmd/accord/worlds"
)

// broad are the questions that together show everything there is for somebody: every
// case and every meeting whole, the lists, and the alerts.
func broad(world *worlds.World) []worlds.Question {
	ofCase := whole("Case")
	questions := []worlds.Question{
		{Query: `{ viewer ` + whole("Viewer") + ` cases(first: 8) ` + whole("CaseConnection", "Case") + ` heads: cases(first: 8) { edges { node { id reference version riskLevel } } } }`},
		{Query: `{ actions(first: 40) ` + whole("ActionConnection", "Case") + ` }`},
		{Query: `{ meetings(first: 8) ` + whole("MeetingConnection", "ListItem") + ` }`},
		{Query: `{ alerts(first: 60) ` + whole("AlertConnection", "Case") + ` }`},
		{Query: `{ overdue: actions(filter: {overdue: true}) { totalCount } mine: actions(filter: {mine: true}) { totalCount } open: actions(filter: {status: AGREED}) { totalCount }
			high: cases(filter: {riskLevel: HIGH}) { totalCount } stalking: cases(filter: {type: STALKING_NON_DA}, orderBy: REFERENCE) { totalCount } }`},
		{Query: `{ alerts(open: true) { totalCount edges { node { id } } } }`},
	}
	for _, name := range sorted(world.Cases) {
		questions = append(questions, worlds.Question{
			Query: `query($r: String!) { case(reference: $r) ` + ofCase + ` }`, Variables: map[string]any{"r": world.Cases[name].Reference},
		})
	}
	for _, name := range sorted(world.Meetings) {
		reference := map[string]any{"r": world.Meetings[name].Reference}
		questions = append(questions, worlds.Question{
			Query: `query($r: String!) { meeting(reference: $r) { id status list { id case { id reference version victim { name } partyLinks { id } releases { content } } } } }`, Variables: reference,
		})
		for _, field := range schema.Types["ListItem"].Fields {
			if !isLeaf(field) && field.Name != "case" {
				questions = append(questions, worlds.Question{
					Query: `query($r: String!) { meeting(reference: $r) { list { id position ` + field.Name + " " + whole(field.Type.Name(), "Case") + ` } } }`, Variables: reference,
				})
			}
		}
	}
	return questions
}

func sorted[V any](of map[string]V) []string {
	var names []string
	for name := range of {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// operations generates operations over the schema: random roots with random
// arguments and random selections below them, aliases, fragments and variables.
func operations(world *worlds.World) *rapid.Generator[[]worlds.Question] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) worlds.Question {
		q := &questioner{t: t, world: world, variables: map[string]any{}, left: 60}
		return q.operation()
	}), 2, 4)
}

// questioner writes one operation.
type questioner struct {
	t         *rapid.T
	world     *worlds.World
	variables map[string]any
	declared  []string
	fragments []string
	left      int // fields it may still ask for
	aliases   int
}

func (q *questioner) chance(outOf int) bool {
	return rapid.IntRange(0, outOf-1).Draw(q.t, "chance") == 0
}

func (q *questioner) operation() worlds.Question {
	var roots []string
	for range rapid.IntRange(1, 3).Draw(q.t, "roots") {
		roots = append(roots, q.root())
	}
	text := "query"
	if len(q.declared) > 0 {
		text += "(" + strings.Join(q.declared, ", ") + ")"
	}
	text += " { " + strings.Join(roots, " ") + " }" + strings.Join(q.fragments, "")
	question := worlds.Question{Query: text, Variables: q.variables}
	if q.chance(3) {
		question.Purpose = rapid.SampledFrom(authz.Purposes()).Draw(q.t, "purpose")
	}
	return question
}

// root asks for one root field under an alias of its own.
func (q *questioner) root() string {
	fields := slices.DeleteFunc(slices.Clone(schema.Query.Fields), func(field *ast.FieldDefinition) bool { return strings.HasPrefix(field.Name, "__") })
	field := rapid.SampledFrom(fields).Draw(q.t, "root")
	q.aliases++
	text := fmt.Sprintf("r%d: %s", q.aliases, field.Name)
	var given []string
	node := "Case"
	for _, argument := range field.Arguments {
		var value string
		if argument.Type.Name() == "ID" {
			value, node = q.anyRecord(argument.Type.String())
		} else {
			value = q.argument(field.Name, argument)
		}
		if value != "" {
			given = append(given, argument.Name+": "+value)
		}
	}
	if len(given) > 0 {
		text += "(" + strings.Join(given, ", ") + ")"
	}
	if schema.Types[field.Type.Name()].Kind == ast.Interface {
		return text + " { __typename id ... on " + node + " " + q.selection(node, 4) + " }"
	}
	return text + " " + q.selection(field.Type.Name(), 6)
}

// anyRecord is the id of some record, and the type that shows it.
func (q *questioner) anyRecord(typeName string) (value, node string) {
	if len(q.world.Records) == 0 {
		return q.variable(typeName, "case_none"), "Case"
	}
	record := rapid.SampledFrom(q.world.Records).Draw(q.t, "record")
	return q.variable(typeName, record.ID), typeNamed(record.Kind)
}

// argument draws a value of an argument; empty leaves it out.
func (q *questioner) argument(field string, argument *ast.ArgumentDefinition) string {
	definition := schema.Types[argument.Type.Name()]
	name := argument.Type.String()
	switch {
	case argument.Name == "reference":
		references := []string{"ACC-0000-0000"}
		for _, one := range q.world.Cases {
			if field == "case" {
				references = append(references, one.Reference)
			}
		}
		for _, one := range q.world.Meetings {
			if field == "meeting" {
				references = append(references, one.Reference)
			}
		}
		slices.Sort(references)
		return q.variable(name, rapid.SampledFrom(references).Draw(q.t, "reference"))
	case argument.Name == "first":
		first := rapid.IntRange(1, 3).Draw(q.t, "first")
		if q.chance(2) {
			return strconv.Itoa(first)
		}
		return q.variable(name, first)
	case definition.Kind == ast.InputObject:
		return q.filter(definition)
	case definition.Kind == ast.Enum, argument.Type.Name() == "Boolean":
		return q.oneOf(definition, argument.Name)
	default:
		return "" // a cursor
	}
}

func (q *questioner) oneOf(definition *ast.Definition, what string) string {
	if definition.Kind == ast.Enum {
		return rapid.SampledFrom(definition.EnumValues).Draw(q.t, what).Name
	}
	return rapid.SampledFrom([]string{"true", "false"}).Draw(q.t, what)
}

// filter draws a filter over some of the fields of an input, as it stands or in a
// variable; empty leaves it out.
func (q *questioner) filter(definition *ast.Definition) string {
	var parts []string
	values := map[string]any{}
	for _, field := range definition.Fields {
		if !q.chance(4) {
			continue
		}
		value := q.oneOf(schema.Types[field.Type.Name()], field.Name)
		parts = append(parts, field.Name+": "+value)
		values[field.Name] = value
		if field.Type.Name() == "Boolean" {
			values[field.Name] = value == "true"
		}
	}
	switch {
	case len(parts) == 0:
		return ""
	case q.chance(2):
		return q.variable(definition.Name, values)
	default:
		return "{" + strings.Join(parts, ", ") + "}"
	}
}

func (q *questioner) variable(typeName string, value any) string {
	name := fmt.Sprintf("v%d", len(q.declared)+1)
	q.declared = append(q.declared, "$"+name+": "+typeName)
	q.variables[name] = value
	return "$" + name
}

// selection draws a selection of a type, at least one field: as it stands, in a
// named fragment or in one of its own in place.
func (q *questioner) selection(typeName string, deep int) string {
	var fields []string
	for _, field := range schema.Types[typeName].Fields {
		if strings.HasPrefix(field.Name, "__") || len(field.Arguments) > 0 || !q.wanted(typeName, field, deep) {
			continue
		}
		fields = append(fields, q.field(field, deep))
	}
	if len(fields) == 0 || q.chance(6) {
		fields = append(fields, "__typename")
	}
	selection := "{ " + strings.Join(fields, " ") + " }"
	switch {
	case q.chance(5):
		name := fmt.Sprintf("F%d", len(q.fragments)+1)
		q.fragments = append(q.fragments, " fragment "+name+" on "+typeName+" "+selection)
		return "{ ..." + name + " }"
	case q.chance(6):
		return "{ ... on " + typeName + " " + selection + " }"
	default:
		return selection
	}
}

func (q *questioner) wanted(typeName string, field *ast.FieldDefinition, deep int) bool {
	object := schema.Types[field.Type.Name()].Kind == ast.Object
	onTheWay := field.Name == "edges" || field.Name == "node" || typeName == "Meeting" && field.Name == "list"
	switch {
	case object && deep == 0, q.left <= 0:
		return false
	case onTheWay:
		return !q.chance(6)
	default:
		return q.chance(2)
	}
}

func (q *questioner) field(field *ast.FieldDefinition, deep int) string {
	q.left--
	text := field.Name
	if q.chance(8) {
		q.aliases++
		text = fmt.Sprintf("x%d: %s", q.aliases, field.Name)
	}
	if schema.Types[field.Type.Name()].Kind == ast.Object {
		return text + " " + q.selection(field.Type.Name(), deep-1)
	}
	return text
}
