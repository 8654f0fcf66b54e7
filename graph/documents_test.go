package graph_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"

	"accord/graph"
	"accord/internal/toyschema"
)

func toy() *ast.Schema {
	return toyschema.NewExecutableSchema(toyschema.Config{Resolvers: &toyschema.Resolver{}}).Schema()
}

// accordSchema is the schema Accord publishes.
func accordSchema(tb testing.TB) *ast.Schema {
	tb.Helper()
	files, err := filepath.Glob("*.graphqls")
	if err != nil || len(files) == 0 {
		tb.Fatalf("finding the schema: %v, %v", files, err)
	}
	var sources []*ast.Source
	for _, file := range files {
		sources = append(sources, &ast.Source{Name: file, Input: stored(tb, file)})
	}
	schema, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		tb.Fatalf("loading the schema: %v", err)
	}
	return schema
}

func stored(tb testing.TB, path ...string) string {
	tb.Helper()
	content, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		tb.Fatalf("reading a test file: %v", err)
	}
	return string(content)
}

func parse(document string) (*ast.QueryDocument, error) {
	read, err := parser.ParseQuery(&ast.Source{Input: document})
	if err != nil {
		return nil, fmt.Errorf("parsing: %w", err)
	}
	return read, nil
}

func parsed(tb testing.TB, document string) *ast.QueryDocument {
	tb.Helper()
	read, err := parse(document)
	if err != nil {
		tb.Fatal(err)
	}
	return read
}

func validated(tb testing.TB, schema *ast.Schema, document string) *ast.QueryDocument {
	tb.Helper()
	read := parsed(tb, document)
	if errs := validator.ValidateWithRules(schema, read, graph.ValidationRules()); len(errs) > 0 {
		tb.Fatalf("validating: %v", errs[0].Err)
	}
	return read
}

// doubling is that many fragments, each of which spreads the next one twice:
// 2^count fields in a few hundred bytes.
func doubling(count int) string {
	var document strings.Builder
	document.WriteString(`{ shelf(name: "top") { ...F0 } }`)
	for i := range count {
		fmt.Fprintf(&document, " fragment F%d on Shelf { ...F%d ...F%d }", i, i+1, i+1)
	}
	fmt.Fprintf(&document, " fragment F%d on Shelf { name }", count)
	return document.String()
}

// doublingBeside is a chain of fields beside fragments that each select the next
// one twice. The validation rule about fields that merge compares the chain with
// each of the 2^count ways through the fragments.
func doublingBeside(count int) string {
	var document strings.Builder
	document.WriteString(`{ shelf(name: "top") { ` + strings.Repeat("below { ", count) + "name" + strings.Repeat(" }", count) + " ...F0 } }")
	for i := range count {
		fmt.Fprintf(&document, " fragment F%d on Shelf { below { ...F%d } below { ...F%d } }", i, i+1, i+1)
	}
	fmt.Fprintf(&document, " fragment F%d on Shelf { name }", count)
	return document.String()
}

// deep is a query of that many levels.
func deep(levels int) string {
	return `{ shelf(name: "top") { ` + strings.Repeat("below { ", levels) + "name" + strings.Repeat(" }", levels) + " } }"
}

// selections is the number of selections a document holds as it is written.
func selections(document *ast.QueryDocument) int {
	var count func(set ast.SelectionSet) int
	count = func(set ast.SelectionSet) int {
		total := 0
		for _, selection := range set {
			total++
			switch selection := selection.(type) {
			case *ast.Field:
				total += count(selection.SelectionSet)
			case *ast.InlineFragment:
				total += count(selection.SelectionSet)
			case *ast.FragmentSpread:
			}
		}
		return total
	}
	total := 0
	for _, operation := range document.Operations {
		total += count(operation.SelectionSet)
	}
	for _, fragment := range document.Fragments {
		total += count(fragment.SelectionSet)
	}
	return total
}
