package graph_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"

	"accord/authz"
	"accord/domain/casework"
	"accord/domain/fault"
	"accord/graph"
	"accord/internal/views"
)

// gatePolicy gives each level of the classes of a person and of a plan to
// somebody: an IDVA holds all of them in full, a prosecutor masked, an
// investigator nothing but what waits for its owner.
const gatePolicy = `
p, IDVA, ASSIGNED, CASE_CORE, read, full
p, IDVA, ASSIGNED, VICTIM_IDENTITY, read, full
p, IDVA, ASSIGNED, SAFE_CONTACT, read, full
p, IDVA, ASSIGNED, PLAN, read, full
p, IDVA, ASSIGNED, RISK_ASSESSMENT, read, full
p, IDVA, ASSIGNED, MARAC_MINUTES, read, masked
p, IDVA, ASSIGNED, MEETING_LIST, read, full
p, PROSECUTOR, ASSIGNED, CASE_CORE, read, full
p, PROSECUTOR, ASSIGNED, VICTIM_IDENTITY, read, masked
p, PROSECUTOR, ASSIGNED, SAFE_CONTACT, read, masked
p, PROSECUTOR, ASSIGNED, PLAN, read, masked
p, PROSECUTOR, ASSIGNED, RISK_ASSESSMENT, read, masked
p, PROSECUTOR, ASSIGNED, MEETING_LIST, read, masked
p, INVESTIGATOR, ASSIGNED, CASE_CORE, read, full
p, INVESTIGATOR, OWNER, RISK_ASSESSMENT, read, full
`

var gateTable = sync.OnceValues(func() (*authz.Table, error) {
	policy, err := authz.ParsePolicy([]byte(gatePolicy))
	if err != nil {
		return nil, err
	}
	return authz.Compile(policy)
})

// asker is somebody with these roles who asks.
type asker []authz.Role

func (asker) Table() *authz.Table {
	table, err := gateTable()
	if err != nil {
		panic(err)
	}
	return table
}

func (a asker) Capacity() authz.Capacity { return authz.Capacity{Roles: a} }

// assigned is a record that the asker is assigned to.
func (a asker) assigned() views.Record {
	return views.Record{Sight: a.Table().Decide(a, authz.RelationSet(0).With(authz.Assigned))}
}

func (a asker) victim() views.Person {
	return views.Person{Record: a.assigned(), Role: casework.Victim}
}

var (
	idva         = asker{authz.Idva}
	prosecutor   = asker{authz.Prosecutor}
	investigator = asker{authz.Investigator}
	nobody       = asker{}
)

// shown is what the gate makes of one field.
type shown struct {
	value      any
	err        error
	resolved   bool
	redactions string // as they stand in the answer
}

// ask sends one field through the gate of Accord's schema. Around it stand the
// results of the fields and elements that it was reached through, outermost
// first, as gqlgen puts them there: an element of a list as a pointer to it.
func ask(t *testing.T, who asker, field string, value any, around ...any) shown {
	t.Helper()
	return askOf(t, accordSchema(t), who, field, value, around...)
}

func askOf(t *testing.T, schema *ast.Schema, who asker, field string, value any, around ...any) shown {
	t.Helper()
	gate, err := graph.NewGate(executable(schema), func(context.Context) graph.Access { return who })
	if err != nil {
		t.Fatal(err)
	}
	var got shown
	response := gate.InterceptResponse(t.Context(), func(ctx context.Context) *graphql.Response {
		got.value, got.err = gate.InterceptField(at(within(ctx, around), field), func(context.Context) (any, error) {
			got.resolved = true
			return value, nil
		})
		return &graphql.Response{}
	})
	got.redactions = redactionsOf(t, response)
	return got
}

// within is inside of these results, outermost first.
func within(ctx context.Context, around []any) context.Context {
	if len(around) == 0 {
		return ctx
	}
	return within(graphql.WithFieldContext(ctx, &graphql.FieldContext{Result: around[0]}), around[1:])
}

// at is where a field stands, by its type and name.
func at(ctx context.Context, field string) context.Context {
	object, name, _ := strings.Cut(field, ".")
	return graphql.WithFieldContext(ctx, &graphql.FieldContext{
		Object: object, Field: graphql.CollectedField{Field: &ast.Field{Name: name, Alias: name}},
	})
}

// redactionsOf is what an answer says of what it does not show; empty when it
// has not even the key.
func redactionsOf(t *testing.T, response *graphql.Response) string {
	t.Helper()
	redactions, there := response.Extensions["redactions"]
	if !there {
		return ""
	}
	text, err := json.Marshal(redactions)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func redacted(field, reason string) string {
	return `[{"field":"` + field + `","reason":"` + reason + `"}]`
}

func (s shown) expect(t *testing.T, value any, redactions string) {
	t.Helper()
	if s.err != nil || s.value != value || s.redactions != redactions {
		t.Errorf("got %v, %v, %s\nwant %v, %s", s.value, s.err, s.redactions, value, redactions)
	}
}

// expectInternal holds a refusal of the gate against what people see of it.
func (s shown) expectInternal(t *testing.T) {
	t.Helper()
	if s.err == nil || s.value != nil {
		t.Fatalf("the gate let %v through, %v", s.value, s.err)
	}
	presented := graph.NewPresenter(slog.New(slog.DiscardHandler)).Present(graph.WithRequest(t.Context(), "req_1"), s.err)
	text, err := json.Marshal(presented)
	if err != nil {
		t.Fatal(err)
	}
	if presented.Extensions["code"] != string(fault.Internal) || strings.Contains(string(text), planted) || strings.Contains(s.err.Error(), planted) {
		t.Errorf("presented %s", text)
	}
}

func TestAFieldIsShownAsFarAsItsClassIsHeld(t *testing.T) {
	const name, year, address, answers, items = "Person.name", "Person.yearOfBirth", "Person.address", "Assessment.answers", "Plan.items"
	for _, c := range []struct {
		sentence   string
		who        asker
		field      string
		value      any
		around     func(asker) any
		want       any
		redactions string
	}{
		{"in full, the value", idva, name, "Ada", person, "Ada", ""},
		{"masked in place, the mask, said so", prosecutor, name, "A.", person, "A.", redacted(name, "MASKED")},
		{"masked in place and not known, still said so", prosecutor, name, nil, person, nil, redacted(name, "MASKED")},
		{"in full, where the mask suffices", idva, year, 1990, person, 1990, ""},
		{"masked, where the mask suffices", prosecutor, year, 1990, person, 1990, ""},
		{"masked without a mask, null", prosecutor, "Person.dateOfBirth", nil, person, nil, redacted("Person.dateOfBirth", "MASKED")},
		{"withheld, null", investigator, name, nil, person, nil, redacted(name, "ROLE")},
		{"withheld, where a mask would suffice", investigator, year, nil, person, nil, redacted(year, "ROLE")},
		{"to reveal and held in full", idva, address, nil, person, nil, redacted(address, "REVEAL_NEEDED")},
		{"to reveal and masked", prosecutor, address, nil, person, nil, redacted(address, "MASKED")},
		{"to reveal and withheld", nobody, address, nil, person, nil, redacted(address, "ROLE")},
		{"not released, null", investigator, answers, nil, assessment, nil, redacted(answers, "NOT_RELEASED")},
		{"a typed null is null", investigator, items, []views.PlanItem(nil), plan, nil, redacted(items, "ROLE")},
		{"the core of a case", investigator, "Case.reference", "ACC-1", caseOf, "ACC-1", ""},
		{"one class of two masked, where that suffices", prosecutor, "Meeting.status", "LISTED", meeting, "LISTED", ""},
		{"one class of two in full, the other masked", idva, "Meeting.status", "LISTED", meeting, "LISTED", ""},
		{"neither class of two", investigator, "Meeting.status", nil, meeting, nil, redacted("Meeting.status", "ROLE")},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			got := ask(t, c.who, c.field, c.value, c.around(c.who))
			if items, ok := got.value.([]views.PlanItem); ok && items == nil {
				got.value = nil
			}
			got.expect(t, c.want, c.redactions)
		})
	}
}

func person(who asker) any     { return who.victim() }
func plan(who asker) any       { return &views.Plan{Record: who.assigned()} }
func assessment(who asker) any { return &views.Assessment{Record: who.assigned()} }
func caseOf(who asker) any     { return views.Case{Record: who.assigned()} }
func meeting(who asker) any    { return views.Meeting{Record: who.assigned()} }

func TestAWithheldValueThatIsThereIsAFaultAndNotShown(t *testing.T) {
	text := planted
	for name, c := range map[string]struct {
		who   asker
		field string
		value any
	}{
		"a text nobody may read":              {investigator, "Person.name", planted},
		"a text behind a pointer":             {investigator, "Person.name", &text},
		"a value that the mask does not hold": {prosecutor, "Person.dateOfBirth", planted},
		"what is revealed one at a time":      {idva, "Person.address", &views.Address{Lines: []string{planted}}},
		"what is revealed, masked":            {prosecutor, "Person.address", &views.Address{Lines: []string{planted}}},
		"an empty list":                       {investigator, "Plan.items", []views.PlanItem{}},
		"a number that is nought":             {investigator, "Person.yearOfBirth", 0},
	} {
		t.Run(name, func(t *testing.T) {
			around := person(c.who)
			if strings.HasPrefix(c.field, "Plan.") {
				around = plan(c.who)
			}
			ask(t, c.who, c.field, c.value, around).expectInternal(t)
		})
	}
}

func TestAFieldIsDecidedByTheNearestObjectThatIsGoverned(t *testing.T) {
	// The asker may read the case around, not the person in it.
	around, within := idva.victim(), investigator.victim()
	ask(t, idva, "Person.name", nil, around, within).expect(t, nil, redacted("Person.name", "ROLE"))
	ask(t, idva, "Person.name", "Ada", within, around).expect(t, "Ada", "")
	ask(t, idva, "Person.name", "Ada", within, &around).expect(t, "Ada", "")
	list := []views.Person{within}
	ask(t, idva, "Person.name", nil, around, list, &list[0]).expect(t, nil, redacted("Person.name", "ROLE"))

	// A part shares the sight of what it is part of, through lists of parts.
	items := []views.PlanItem{{Description: "Ada"}}
	ask(t, idva, "PlanItem.description", "Ada", plan(idva), items, &items[0]).expect(t, "Ada", "")
	ask(t, idva, "PlanItem.description", planted, plan(prosecutor), items, &items[0]).expectInternal(t)
}

func TestNoObjectTakesTheSightOfOneAroundIt(t *testing.T) {
	around, within := idva.victim(), investigator.victim()
	pointers := []*views.Person{&within}
	nodes := []any{within}
	nodeOf := func(of []views.Governed) any { return &of[0] }
	part := &views.PlanItem{}
	for name, result := range map[string]any{
		"an element of a list of pointers":         &pointers[0],
		"an element of a list of interfaces":       nodeOf([]views.Governed{within}),
		"an element of a list of anything":         &nodes[0],
		"an object that carries no sight":          &struct{ Name string }{planted},
		"an object that carries no sight, in full": struct{ Name string }{planted},
		"nothing": nil,
	} {
		t.Run(name, func(t *testing.T) {
			ask(t, idva, "Person.name", planted, around, result).expectInternal(t)
		})
	}
	t.Run("a part in a list of pointers", func(t *testing.T) {
		ask(t, idva, "PlanItem.description", planted, plan(idva), &part).expectInternal(t)
	})
}

func TestBelowNothingGovernedNothingIsShown(t *testing.T) {
	ask(t, idva, "Person.name", planted).expectInternal(t)
	ask(t, idva, "PlanItem.description", planted, &views.PlanItem{}).expectInternal(t)
	ask(t, idva, "Plan.items", []views.PlanItem{{Description: planted}}, &views.CaseEdge{}).expectInternal(t)
	// A class that the object says itself is not shown by an object that says none.
	ask(t, idva, "Person.name", planted, plan(idva)).expectInternal(t)
	// What the schema does not know is not asked for.
	for _, field := range []string{"Person.unheard", "Unheard.name"} {
		if got := ask(t, idva, field, planted, person(idva)); got.resolved {
			t.Errorf("%s was resolved", field)
		} else {
			got.expectInternal(t)
		}
	}
}

func TestTheDirectoryIsEverybodys(t *testing.T) {
	ask(t, nobody, "Agency.name", "Harbour").expect(t, "Harbour", "")
	ask(t, nobody, "Agency.name", "Harbour", plan(investigator), &views.PlanItem{}, views.Agency{}).expect(t, "Harbour", "")
}

func TestALinkIsDecidedByTheRolesWhateverExists(t *testing.T) {
	link := views.Assessment{}
	for _, c := range []struct {
		sentence   string
		who        asker
		value      any
		want       any
		resolved   bool
		redactions string
	}{
		{"to what the roles never read is null and not looked for", nobody, link, nil, false, redacted("Case.currentAssessment", "ROLE")},
		{"to what is not released is what was reached, and says so", investigator, link, link, true, redacted("Case.currentAssessment", "NOT_RELEASED")},
		{"to what is not released says so when nothing was reached", investigator, nil, nil, true, redacted("Case.currentAssessment", "NOT_RELEASED")},
		{"to what the roles may read, masked, is what was reached", prosecutor, link, link, true, ""},
		{"to what the roles may read says nothing of what is not there", idva, nil, nil, true, ""},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			// Whoever follows it from the case holds the case by no relation at all:
			// a link does not hang on the sight of what holds it.
			got := ask(t, c.who, "Case.currentAssessment", c.value, views.Case{})
			got.expect(t, c.want, c.redactions)
			if got.resolved != c.resolved {
				t.Errorf("resolved: %t, want %t", got.resolved, c.resolved)
			}
		})
	}
}

func TestPlumbingAndTheSchemaItselfPass(t *testing.T) {
	for _, field := range []string{
		"Query.case", "CaseConnection.totalCount", "CaseEdge.cursor", "Query.__schema", "Query.__type", "__Schema.types", "__Type.name",
		"Person.__typename",
	} {
		got := ask(t, nobody, field, "it")
		got.expect(t, "it", "")
	}
}

var errResolver = errors.New("of " + planted)

func TestAnErrorOfAResolverPassesWithoutItsValue(t *testing.T) {
	gate, err := graph.NewGate(executable(accordSchema(t)), func(context.Context) graph.Access { return idva })
	if err != nil {
		t.Fatal(err)
	}
	gate.InterceptResponse(t.Context(), func(ctx context.Context) *graphql.Response {
		ctx = graphql.WithFieldContext(ctx, &graphql.FieldContext{Result: idva.victim()})
		value, err := gate.InterceptField(at(ctx, "Person.name"), func(context.Context) (any, error) { return planted, errResolver })
		if value != nil || !errors.Is(err, errResolver) {
			t.Errorf("got %v, %v", value, err)
		}
		return nil
	})
}

func TestRedactionsAreSortedEachOnceAndAbsentWhenThereIsNone(t *testing.T) {
	schema := accordSchema(t)
	who := prosecutor
	gate, err := graph.NewGate(executable(schema), func(context.Context) graph.Access { return who })
	if err != nil {
		t.Fatal(err)
	}
	// Several objects of one type may say several reasons of one field.
	fields := []struct {
		field  string
		around any
	}{
		{"Person.name", prosecutor.victim()},
		{"Person.name", investigator.victim()},
		{"Person.address", prosecutor.victim()},
		{"Assessment.answers", assessment(prosecutor)},
		{"Assessment.answers", assessment(investigator)},
		{"Person.yearOfBirth", prosecutor.victim()},
	}
	const want = `[{"field":"Assessment.answers","reason":"MASKED"},{"field":"Assessment.answers","reason":"NOT_RELEASED"},` +
		`{"field":"Person.address","reason":"MASKED"},` +
		`{"field":"Person.name","reason":"MASKED"},{"field":"Person.name","reason":"ROLE"}]`
	rapid.Check(t, func(rt *rapid.T) {
		order := rapid.Permutation(slices.Concat(fields, fields)).Draw(rt, "order")
		response := gate.InterceptResponse(t.Context(), func(ctx context.Context) *graphql.Response {
			var asking sync.WaitGroup
			for _, asked := range order {
				// gqlgen asks for fields side by side.
				asking.Go(func() {
					inner := graphql.WithFieldContext(ctx, &graphql.FieldContext{Result: asked.around})
					if _, err := gate.InterceptField(at(inner, asked.field), func(context.Context) (any, error) { return nil, nil }); err != nil {
						t.Error(err)
					}
				})
			}
			asking.Wait()
			return &graphql.Response{Extensions: map[string]any{"other": true}}
		})
		if got := redactionsOf(t, response); got != want || len(response.Extensions) != 2 {
			rt.Fatalf("got %s, want %s", got, want)
		}
	})

	untouched := gate.InterceptResponse(t.Context(), func(context.Context) *graphql.Response { return &graphql.Response{} })
	if untouched.Extensions != nil {
		t.Errorf("an answer that shows all has the extensions %v", untouched.Extensions)
	}
	// One answer's redactions are not the next one's, and the end of a stream is none.
	if response := gate.InterceptResponse(t.Context(), func(context.Context) *graphql.Response { return nil }); response != nil {
		t.Errorf("an answer was made of none: %v", response)
	}
}

func TestTheGateTakesItsPlaceInTheServer(t *testing.T) {
	schema := executable(accordSchema(t))
	gate, err := graph.NewGate(schema, nil)
	if err != nil {
		t.Fatal(err)
	}
	var extension graphql.HandlerExtension = gate
	if err := extension.Validate(schema); err != nil || extension.ExtensionName() != "Gate" {
		t.Errorf("%s: %v", extension.ExtensionName(), err)
	}
}
