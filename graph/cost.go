package graph

import (
	"encoding/json"
	"math"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// DefaultListSize is how many elements a list is taken to have when its field
// does not say: `@listSize(assumedSize: 20)` in the schema says.
const DefaultListSize = 10

// MaxPage is the most elements a page of a connection holds.
const MaxPage = 100

// Introspection answers from the schema, whose lists are known and short at the
// levels that multiply (MaxIntrospectionDepth refuses the others).
const introspectionListSize = 3

// Price is what a validated operation costs. A field costs 1 and what is
// selected below it, times the number of objects it is expected to lead to:
// `first` for a connection (literal, variable or default, at most MaxPage), the
// declared or default size for a list, 1 for an object. So the cost is about the
// number of fields in the answer.
type Price struct {
	Cost  int
	Steps int // selections looked at: never more than the document holds
}

type pricer struct {
	document  *ast.QueryDocument
	variables map[string]any
	limit     int
	// A fragment has one type condition, so the fragment alone is the key of what
	// it costs: its fields are those of that type wherever it is spread.
	known map[*ast.FragmentDefinition]int
	steps int
}

// MeasurePrice prices an operation of a validated document and refuses it as
// soon as it costs more than limit; the price is then what was counted so far.
func MeasurePrice(
	document *ast.QueryDocument,
	operation *ast.OperationDefinition,
	variables map[string]any,
	limit int,
) (Price, *gqlerror.Error) {
	p := pricer{
		document: document, variables: variables, limit: limit,
		known: make(map[*ast.FragmentDefinition]int, len(document.Fragments)),
	}
	price := Price{Cost: p.selections(operation.SelectionSet)}
	price.Steps = p.steps
	if price.Cost > limit {
		return price, tooMuch("points of cost", limit)
	}
	return price, nil
}

// selections stops at the limit: no part costs less than nothing, so neither the
// rest nor what is around it can bring the cost back under it. What has passed
// is multiplied no further, or sixteen lists in each other would overflow.
func (p *pricer) selections(set ast.SelectionSet) int {
	cost := 0
	for _, selection := range set {
		if cost > p.limit {
			return cost
		}
		p.steps++
		switch selection := selection.(type) {
		case *ast.Field:
			below := p.selections(selection.SelectionSet)
			if below > p.limit {
				return below
			}
			cost += 1 + p.size(selection)*below
		case *ast.InlineFragment:
			cost += p.selections(selection.SelectionSet)
		case *ast.FragmentSpread:
			cost += p.fragment(selection.Definition)
		}
	}
	return cost
}

func (p *pricer) fragment(fragment *ast.FragmentDefinition) int {
	if fragment == nil {
		return 0
	}
	if known, ok := p.known[fragment]; ok {
		return known
	}
	p.known[fragment] = 0
	cost := p.selections(fragment.SelectionSet)
	p.known[fragment] = cost
	return cost
}

// size is the number of objects the field is expected to lead to.
func (p *pricer) size(field *ast.Field) int {
	definition := field.Definition
	if definition == nil {
		return 1
	}
	if first := definition.Arguments.ForName("first"); first != nil {
		return p.page(field, first)
	}
	if definition.Type.Elem == nil {
		return 1
	}
	parent := ""
	if field.ObjectDefinition != nil {
		parent = field.ObjectDefinition.Name
	}
	switch {
	case strings.HasPrefix(parent, "__"):
		return introspectionListSize
	case strings.HasSuffix(parent, "Connection"):
		return 1 // the connection's own field has counted the page
	}
	return declaredSize(definition)
}

func declaredSize(definition *ast.FieldDefinition) int {
	if declared := definition.Directives.ForName("listSize"); declared != nil {
		if size := declared.Arguments.ForName("assumedSize"); size != nil {
			if value, err := size.Value.Value(nil); err == nil {
				if number, ok := whole(value); ok && number > 0 {
					return number
				}
			}
		}
	}
	return DefaultListSize
}

// page is the page asked for. What cannot be read as one, which the resolver
// refuses, is priced as the longest.
func (p *pricer) page(field *ast.Field, first *ast.ArgumentDefinition) int {
	given := first.DefaultValue
	if argument := field.Arguments.ForName("first"); argument != nil {
		given = argument.Value
	}
	if given == nil {
		return MaxPage
	}
	value, err := given.Value(p.variables)
	if err != nil {
		return MaxPage
	}
	if value == nil && first.DefaultValue != nil && given != first.DefaultValue {
		value, err = first.DefaultValue.Value(nil)
		if err != nil {
			return MaxPage
		}
	}
	number, ok := whole(value)
	if !ok {
		return MaxPage
	}
	return min(max(number, 1), MaxPage)
}

func whole(value any) (int, bool) {
	switch value := value.(type) {
	case int:
		return value, true
	case int32:
		return int(value), true
	case int64:
		return int(min(value, math.MaxInt32)), true
	case json.Number:
		number, err := value.Int64()
		return int(min(number, math.MaxInt32)), err == nil
	default:
		return 0, false
	}
}

// changes counts the root fields of an operation, fragments spread, as far as
// the limit. Every fragment is counted once: fields of one name merge into one.
func changes(set ast.SelectionSet, limit int) int {
	seen := map[string]bool{}
	spread := map[string]bool{}
	var count func(set ast.SelectionSet)
	count = func(set ast.SelectionSet) {
		for _, selection := range set {
			if len(seen) > limit {
				return
			}
			switch selection := selection.(type) {
			case *ast.Field:
				seen[selection.Alias] = true
			case *ast.InlineFragment:
				count(selection.SelectionSet)
			case *ast.FragmentSpread:
				if selection.Definition != nil && !spread[selection.Name] {
					spread[selection.Name] = true
					count(selection.Definition.SelectionSet)
				}
			}
		}
	}
	count(set)
	return len(seen)
}
