package worlds_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"

	"accord/cmd/accord/worlds"
	"accord/graph"
)

const personAndAction = `
fragment P on Person { id role name dateOfBirth yearOfBirth outwardPostcode address { lines postcode } }
fragment T on Action { id description owner { name } assignee { name } dueOn status statusNote overdue version }`

const fragments = personAndAction + `
fragment C on Case {
  id reference type status riskLevel openedOn area { name } repeat
  victim { ...P } children { ...P } perpetrators { ...P }
  currentAssessment { id agency { name } tool level assessedOn score answers { code answer comment } }
  plan { id items { id description owner { name } answersRisk } }
  courseOfConduct { count firstOn lastOn incidents { id occurredOn agency { name } description behaviours channel } }
  referrals { id agency { name } status reasons submittedOn consent }
  actions { ...T }
}`

// broad are the questions that together show everything there is for somebody.
func broad(world *worlds.World) []worlds.Question {
	questions := []worlds.Question{
		{Query: `{ viewer { id } cases(first: 8) { totalCount pageInfo { endCursor } edges { cursor node { ...C } } } actions(first: 40) { totalCount edges { cursor node { ...T case { id } } } } }` + fragments},
		{Query: `{ meetings(first: 8) { totalCount edges { cursor node { id reference kind status startsAt area { name } } } }
			overdue: actions(filter: {overdue: true}) { totalCount } mine: actions(filter: {mine: true}) { totalCount } open: actions(filter: {status: AGREED}) { totalCount }
			high: cases(filter: {riskLevel: HIGH}) { totalCount } stalking: cases(filter: {type: STALKING_NON_DA}, orderBy: REFERENCE) { totalCount } }`},
	}
	for _, name := range sorted(world.Meetings) {
		questions = append(questions, worlds.Question{
			Query: `query($r: String!) { meeting(reference: $r) { id status list { id position
				case { id reference riskLevel repeat victim { ...P } children { ...P } perpetrators { ...P }
					currentAssessment { id score answers { code answer } } plan { id items { description } } courseOfConduct { count } }
				research { id agency { name } status items { id text kind } withheldNote } actions { ...T } } } }` + personAndAction,
			Variables: map[string]any{"r": world.Meetings[name].Reference},
		})
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

var schema = graph.NewExecutableSchema(graph.Config{}).Schema()

// operations generates operations over the schema: random roots with random
// selections below them, aliases, fragments and variables.
func operations(world *worlds.World) *rapid.Generator[[]worlds.Question] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) worlds.Question {
		q := &questioner{t: t, world: world, variables: map[string]any{}, left: 40}
		return q.operation()
	}), 1, 2)
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
	for range rapid.IntRange(1, 2).Draw(q.t, "roots") {
		roots = append(roots, q.root())
	}
	text := "query"
	if len(q.declared) > 0 {
		text += "(" + strings.Join(q.declared, ", ") + ")"
	}
	text += " { " + strings.Join(roots, " ") + " }" + strings.Join(q.fragments, "")
	return worlds.Question{Query: text, Variables: q.variables}
}

// root asks for one root field under an alias of its own.
func (q *questioner) root() string {
	q.aliases++
	alias := fmt.Sprintf("r%d: ", q.aliases)
	records, cases, meetings := q.world.Records, sorted(q.world.Cases), sorted(q.world.Meetings)
	switch root := rapid.SampledFrom([]string{"cases", "meetings", "actions", "node", "case", "meeting"}).Draw(q.t, "root"); {
	case root == "node" && len(records) > 0:
		record := rapid.SampledFrom(records).Draw(q.t, "record")
		on := map[string]string{"item": "ListItem"}[string(record.Kind)]
		if on == "" {
			on = strings.ToUpper(string(record.Kind[:1])) + string(record.Kind[1:])
		}
		return alias + "node(id: " + q.variable("ID!", record.ID) + ") { __typename id ... on " + on + " " + q.selection(on, 4) + " }"
	case root == "case" && len(cases) > 0:
		reference := q.world.Cases[rapid.SampledFrom(cases).Draw(q.t, "case")].Reference
		return alias + "case(reference: " + q.variable("String!", reference) + ") " + q.selection("Case", 5)
	case root == "meeting" && len(meetings) > 0:
		reference := q.world.Meetings[rapid.SampledFrom(meetings).Draw(q.t, "meeting")].Reference
		return alias + "meeting(reference: " + q.variable("String!", reference) + ") " + q.selection("Meeting", 6)
	case root == "meetings":
		return alias + "meetings(first: 1" + q.filter("status", "MeetingStatus", "kind", "MeetingKind") + ") " + q.selection("MeetingConnection", 6)
	case root == "actions":
		return alias + "actions(first: 7" + q.filter("status", "ActionStatus", "overdue", "", "mine", "") + ") " + q.selection("ActionConnection", 6)
	default:
		order := rapid.SampledFrom([]string{"OPENED_NEWEST", "OPENED_OLDEST", "REFERENCE"}).Draw(q.t, "order")
		filter := q.filter("status", "CaseStatus", "type", "CaseType", "riskLevel", "RiskLevel")
		return alias + "cases(first: " + q.variable("Int!", 5) + ", orderBy: " + order + filter + ") " + q.selection("CaseConnection", 6)
	}
}

// filter draws a filter over the fields named, each with its enumeration; without
// one the field is a yes or no.
func (q *questioner) filter(fields ...string) string {
	var parts []string
	for pair := range slices.Chunk(fields, 2) {
		name, enum := pair[0], pair[1]
		if !q.chance(4) {
			continue
		}
		value := rapid.SampledFrom([]string{"true", "false"}).Draw(q.t, name)
		if enum != "" {
			value = rapid.SampledFrom(schema.Types[enum].EnumValues).Draw(q.t, name).Name
		}
		parts = append(parts, name+": "+value)
	}
	if len(parts) == 0 {
		return ""
	}
	return ", filter: {" + strings.Join(parts, ", ") + "}"
}

func (q *questioner) variable(typeName string, value any) string {
	name := fmt.Sprintf("v%d", len(q.declared)+1)
	q.declared = append(q.declared, "$"+name+": "+typeName)
	q.variables[name] = value
	return "$" + name
}

// selection draws a selection of a type, at least one field.
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
	if !q.chance(5) {
		return selection
	}
	name := fmt.Sprintf("F%d", len(q.fragments)+1)
	q.fragments = append(q.fragments, " fragment "+name+" on "+typeName+" "+selection)
	return "{ ..." + name + " }"
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
