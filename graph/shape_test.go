package graph_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"

	"accord/domain/fault"
	"accord/graph"
)

// boundless limits nothing and still leaves room to add.
func boundless() graph.Limits {
	const most = math.MaxInt64 / 4
	return graph.Limits{
		Tokens: 1 << 30, Depth: most, Fields: most, Fragments: most, Aliases: most, Mutations: most, Cost: most,
	}
}

func TestDoublingFragmentsAreMeasuredInAsManyStepsAsTheyHaveSelections(t *testing.T) {
	for _, build := range []func(int) string{doubling, doublingBeside} {
		for _, count := range []int{6, 12, 24, 48} {
			document := parsed(t, build(count))
			shape, refused := graph.MeasureShape(document, boundless())
			if refused != nil {
				t.Fatalf("%d fragments: refused without a limit", count)
			}
			if shape.Steps != selections(document) {
				t.Errorf("%d fragments: %d steps for %d selections", count, shape.Steps, selections(document))
			}
			if shape.Fields < 1<<count {
				t.Errorf("%d fragments: %d fields, want at least 2^%d", count, shape.Fields, count)
			}
		}
	}
}

func TestADocumentIsRefusedByTheFirstLimitItPasses(t *testing.T) {
	limits := graph.DefaultLimits()
	cases := map[string]struct {
		document string
		message  string // empty: not refused
	}{
		"16 deep":             {deep(14), ""},
		"17 deep":             {deep(15), "16 levels of depth"},
		"deep by fragments":   {`{ ...A } fragment A on Query { a { ...B } } fragment B on T {` + strings.Repeat("b{", 16) + "c" + strings.Repeat("}", 17), "16 levels of depth"},
		"100 renamed":         {"{" + renamed(100) + "}", ""},
		"101 renamed":         {"{" + renamed(101) + "}", "100 renamed or repeated fields"},
		"100 again":           {"{" + strings.Repeat("x ", 101) + "}", ""},
		"101 again":           {"{" + strings.Repeat("x ", 102) + "}", "100 renamed or repeated fields"},
		"renamed in fragment": {"{ a { ...F } b { ...F } } fragment F on T {" + renamed(40) + "}", "100 renamed or repeated fields"},
		"2,000 fields":        {"{" + different(2000) + "}", ""},
		"2,001 fields":        {"{" + different(2001) + "}", "2,000 fields in a document with its fragments written out"},
		"an unused fragment":  {"{ a } fragment F on T {" + different(2000) + "}", "2,000 fields in a document with its fragments written out"},
		"24 doubling":         {doubling(24), "2,000 fields in a document with its fragments written out"},
		"24 doubling beside":  {doublingBeside(24), "16 levels of depth"},
		"12 doubling beside":  {doublingBeside(12), "100 renamed or repeated fields"},
		"50 fragments":        {"{ a }" + empty(50), ""},
		"51 fragments":        {"{ a }" + empty(51), "50 fragments in a document"},
		"a cycle":             {"{ ...A } fragment A on T { a ...B } fragment B on T { b { ...A } }", ""},
		"the pack":            {stored(t, "testdata", "pack.graphql"), ""},
		"introspection":       {stored(t, "testdata", "introspection.graphql"), ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, refused := graph.MeasureShape(parsed(t, c.document), limits)
			if c.message == "" {
				if refused != nil {
					t.Fatalf("refused: %v", fault.Of(refused))
				}
				return
			}
			want := "The operation passes the limit of " + c.message + ". Ask for less at a time."
			if f := fault.Of(refused); f == nil || f.Code != fault.TooExpensive || f.Message != want {
				t.Fatalf("got %v, want %q", f, want)
			}
		})
	}
}

func renamed(count int) string {
	var fields strings.Builder
	for i := range count {
		fmt.Fprintf(&fields, "a%d: x ", i)
	}
	return fields.String()
}

func different(count int) string {
	var fields strings.Builder
	for i := range count {
		fmt.Fprintf(&fields, "x%d ", i)
	}
	return fields.String()
}

func empty(count int) string {
	var fragments strings.Builder
	for i := range count {
		fmt.Fprintf(&fragments, " fragment F%d on T { x }", i)
	}
	return fragments.String()
}

// What is measured with each fragment looked at once is what is there when every
// fragment is written out.
func TestTheShapeIsThatOfTheDocumentWithItsFragmentsWrittenOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fragments := rapid.IntRange(0, 5).Draw(t, "fragments")
		var document strings.Builder
		document.WriteString("{" + selectionsFrom(t, 0, fragments, 3) + "}")
		for i := range fragments {
			fmt.Fprintf(&document, " fragment F%d on T {%s}", i, selectionsFrom(t, i+1, fragments, 2))
		}
		read, err := parse(document.String())
		if err != nil {
			t.Fatalf("parsing %s: %v", document.String(), err)
		}
		shape, refused := graph.MeasureShape(read, boundless())
		if refused != nil {
			t.Fatal("refused without a limit")
		}
		fields, depth := 0, 0
		for _, operation := range read.Operations {
			f, d := writtenOut(read, operation.SelectionSet)
			fields, depth = fields+f, max(depth, d)
		}
		for _, fragment := range read.Fragments {
			f, d := writtenOut(read, fragment.SelectionSet)
			fields, depth = fields+f, max(depth, d)
		}
		if shape.Fields != fields || shape.Depth != depth {
			t.Fatalf("%s: %d fields %d deep, want %d and %d", document.String(), shape.Fields, shape.Depth, fields, depth)
		}
		if shape.Steps > selections(read) {
			t.Fatalf("%s: %d steps for %d selections", document.String(), shape.Steps, selections(read))
		}
	})
}

// selectionsFrom draws selections that spread fragments from the given one on,
// so that there is no cycle.
func selectionsFrom(t *rapid.T, from, fragments, depth int) string {
	var set strings.Builder
	for range rapid.IntRange(1, 3).Draw(t, "selections") {
		switch kind := rapid.IntRange(0, 3).Draw(t, "kind"); {
		case kind == 0 && from < fragments:
			fmt.Fprintf(&set, "...F%d ", rapid.IntRange(from, fragments-1).Draw(t, "fragment"))
		case kind == 1 && depth > 0:
			fmt.Fprintf(&set, "f {%s} ", selectionsFrom(t, from, fragments, depth-1))
		case kind == 2 && depth > 0:
			fmt.Fprintf(&set, "... on T {%s} ", selectionsFrom(t, from, fragments, depth-1))
		default:
			set.WriteString("x ")
		}
	}
	return set.String()
}

func writtenOut(document *ast.QueryDocument, set ast.SelectionSet) (fields, depth int) {
	for _, selection := range set {
		var f, d int
		switch selection := selection.(type) {
		case *ast.Field:
			f, d = writtenOut(document, selection.SelectionSet)
			f, d = f+1, d+1
		case *ast.InlineFragment:
			f, d = writtenOut(document, selection.SelectionSet)
		case *ast.FragmentSpread:
			f, d = writtenOut(document, document.Fragments.ForName(selection.Name).SelectionSet)
		}
		fields, depth = fields+f, max(depth, d)
	}
	return fields, depth
}
