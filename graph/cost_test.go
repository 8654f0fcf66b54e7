package graph_test

import (
	"math"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"accord/domain/fault"
	"accord/graph"
)

func price(tb testing.TB, schema *ast.Schema, document string, variables map[string]any, limit int) (graph.Price, *fault.Fault) {
	tb.Helper()
	read := validated(tb, schema, document)
	counted, refused := graph.MeasurePrice(read, read.Operations[0], variables, limit)
	if refused == nil {
		return counted, nil
	}
	return counted, fault.Of(refused)
}

func TestAFieldCostsItselfAndWhatItLeadsTo(t *testing.T) {
	cases := map[string]struct {
		document  string
		variables map[string]any
		cost      int
	}{
		"leaves":                    {`{ shelf(name: "a") { name } }`, nil, 2},
		"a list of declared size":   {`{ shelf(name: "a") { books { id title } } }`, nil, 1 + 1 + 20*2},
		"a list of no given size":   {`{ books(filter: {kind: BOUND}) { authors { name } } }`, nil, 1 + 10*(1+10*1)},
		"a page by default":         {`{ shelves { edges { cursor } } }`, nil, 1 + 20*(1+1)},
		"a page by literal":         {`{ shelves(first: 3) { edges { node { name } } } }`, nil, 1 + 3*(1+1+1)},
		"a page by variable":        {`query($n: Int) { shelves(first: $n) { edges { cursor } } }`, map[string]any{"n": int64(7)}, 1 + 7*2},
		"a page by absent variable": {`query($n: Int) { shelves(first: $n) { edges { cursor } } }`, nil, 1 + 20*2},
		"a page by variable's own":  {`query($n: Int = 4) { shelves(first: $n) { edges { cursor } } }`, nil, 1 + 4*2},
		"a page longer than any":    {`{ shelves(first: 5000000) { edges { cursor } } }`, nil, 1 + 100*2},
		"a page of less than none":  {`{ shelves(first: -5) { edges { cursor } } }`, nil, 1 + 1*2},
		"a page of no number":       {`query($n: Int) { shelves(first: $n) { edges { cursor } } }`, map[string]any{"n": 2.5}, 1 + 100*2},
		"a fragment":                {`{ shelf(name: "a") { ...F below { ...F } } } fragment F on Shelf { name }`, nil, 1 + 1 + 1 + 1},
		"an inline fragment":        {`{ shelf(name: "a") { ... on Shelf { name } } }`, nil, 2},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if counted, refused := price(t, toy(), c.document, c.variables, math.MaxInt32); counted.Cost != c.cost || refused != nil {
				t.Fatalf("cost %d (%v), want %d", counted.Cost, refused, c.cost)
			}
		})
	}
}

func TestTheWalkStopsAtTheLimitAndSaysWhich(t *testing.T) {
	document := `{ shelf(name: "a") { name a: name b: name c: name d: name e: name } }`
	whole, refused := price(t, toy(), document, nil, 7)
	if refused != nil || whole.Cost != 7 {
		t.Fatalf("cost %d, refused %v, at the limit itself", whole.Cost, refused)
	}
	counted, refused := price(t, toy(), document, nil, 2)
	if refused == nil || refused.Code != fault.TooExpensive ||
		refused.Message != "The operation passes the limit of 2 points of cost. Ask for less at a time." {
		t.Fatalf("refused as %v", refused)
	}
	if counted.Steps >= whole.Steps {
		t.Errorf("%d steps, as many as without a limit", counted.Steps)
	}
}

func TestListsInListsDoNotOverflow(t *testing.T) {
	for levels := 3; levels <= 64; levels++ {
		document := "{ books(filter: {kind: BOUND}) {" + strings.Repeat("authors { books {", levels) + "id" + strings.Repeat("} }", levels) + "} }"
		counted, refused := price(t, toy(), document, nil, 20_000)
		if refused == nil || counted.Cost <= 20_000 {
			t.Errorf("%d levels: cost %d, refused %v", levels, counted.Cost, refused)
		}
	}
}

func TestDoublingFragmentsArePricedInAsManyStepsAsTheyHaveSelections(t *testing.T) {
	for _, count := range []int{6, 12, 24} {
		read := validated(t, toy(), doubling(count))
		counted, refused := graph.MeasurePrice(read, read.Operations[0], nil, math.MaxInt64/4)
		if refused != nil || counted.Cost != 1+1<<count {
			t.Fatalf("%d fragments: cost %d, refused %v", count, counted.Cost, refused)
		}
		if counted.Steps != selections(read) {
			t.Errorf("%d fragments: %d steps for %d selections", count, counted.Steps, selections(read))
		}
		if count >= 24 {
			if _, refused := graph.MeasurePrice(read, read.Operations[0], nil, graph.DefaultLimits().Cost); refused == nil {
				t.Errorf("%d fragments: not refused", count)
			}
		}
	}
}

func TestWhatPeopleWorkWithFitsTheDefaultLimits(t *testing.T) {
	for _, name := range []string{"pack.graphql", "introspection.graphql"} {
		document := stored(t, "testdata", name)
		shape, refused := graph.MeasureShape(parsed(t, document), graph.DefaultLimits())
		if refused != nil {
			t.Errorf("%s: %v", name, fault.Of(refused))
		}
		counted, tooMuch := price(t, accordSchema(t), document, map[string]any{"reference": "NM-MARAC-NEXT"}, graph.DefaultLimits().Cost)
		if tooMuch != nil {
			t.Errorf("%s: %v", name, tooMuch)
		}
		t.Logf("%s: %+v %+v", name, shape, counted)
	}
}

func BenchmarkPrice(b *testing.B) {
	documents := map[string]struct {
		schema   *ast.Schema
		document string
	}{
		"doubling24": {toy(), doubling(24)},
		"pack":       {accordSchema(b), stored(b, "testdata", "pack.graphql")},
	}
	for name, d := range documents {
		read := validated(b, d.schema, d.document)
		b.Run("shape/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = graph.MeasureShape(read, boundless())
			}
		})
		b.Run("cost/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = graph.MeasurePrice(read, read.Operations[0], nil, math.MaxInt64/4)
			}
		})
	}
}
