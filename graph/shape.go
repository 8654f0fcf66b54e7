package graph

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Shape is the size of a document that has been parsed and nothing more, with
// every fragment written out where it is spread. A dimension that passes its
// limit is counted no further.
type Shape struct {
	Fields  int // fields of all operations and fragments
	Depth   int // of the deepest operation or fragment
	Aliases int // of all operations and fragments
	Steps   int // selections looked at: never more than the document holds
}

// extent is the part of a shape that one selection set adds.
type extent struct{ fields, depth, aliases int }

// shaper measures each fragment once, whichever way it is reached.
type shaper struct {
	document *ast.QueryDocument
	limits   Limits
	known    map[*ast.FragmentDefinition]extent
	steps    int
	passed   *gqlerror.Error
}

// MeasureShape measures a document that has not been validated and refuses it as
// soon as it passes a limit. Its steps are linear in the size of the document:
// 24 fragments that each spread the next twice are 24 fragments to it, not 2^24.
func MeasureShape(document *ast.QueryDocument, limits Limits) (Shape, *gqlerror.Error) {
	if len(document.Fragments) > limits.Fragments {
		return Shape{}, tooMuch("fragments in a document", limits.Fragments)
	}
	s := shaper{document: document, limits: limits, known: make(map[*ast.FragmentDefinition]extent, len(document.Fragments))}
	var total extent
	for _, operation := range document.Operations {
		s.add(&total, s.selections(operation.SelectionSet), 0)
	}
	// A fragment that nothing spreads is validated all the same.
	for _, fragment := range document.Fragments {
		s.add(&total, s.fragment(fragment), 0)
	}
	return Shape{Fields: total.fields, Depth: total.depth, Aliases: total.aliases, Steps: s.steps}, s.passed
}

// add joins a part that lies some levels below to the whole, and stops the
// walk when a limit is passed.
func (s *shaper) add(whole *extent, part extent, below int) {
	whole.fields += part.fields
	whole.aliases += part.aliases
	whole.depth = max(whole.depth, part.depth+below)
	if s.passed != nil {
		return
	}
	switch {
	case whole.depth > s.limits.Depth:
		s.passed = tooMuch("levels of depth", s.limits.Depth)
	case whole.aliases > s.limits.Aliases:
		s.passed = tooMuch("renamed or repeated fields", s.limits.Aliases)
	case whole.fields > s.limits.Fields:
		s.passed = tooMuch("fields in a document with its fragments written out", s.limits.Fields)
	}
}

func (s *shaper) selections(set ast.SelectionSet) extent {
	var whole extent
	var seen map[string]bool
	for _, selection := range set {
		if s.passed != nil {
			return whole
		}
		s.steps++
		switch selection := selection.(type) {
		case *ast.Field:
			own := extent{fields: 1, depth: 1}
			if seen == nil {
				seen = make(map[string]bool, len(set))
			}
			if selection.Alias != selection.Name || seen[selection.Alias] {
				own.aliases = 1
			}
			seen[selection.Alias] = true
			s.add(&own, s.selections(selection.SelectionSet), 1)
			s.add(&whole, own, 0)
		case *ast.InlineFragment:
			s.add(&whole, s.selections(selection.SelectionSet), 0)
		case *ast.FragmentSpread:
			// Not spread.Definition: that is set by validation, which comes later.
			if fragment := s.document.Fragments.ForName(selection.Name); fragment != nil {
				s.add(&whole, s.fragment(fragment), 0)
			}
		}
	}
	return whole
}

// fragment is measured once. While it is being measured it counts as nothing,
// so that a cycle ends here and is refused by its own rule.
func (s *shaper) fragment(fragment *ast.FragmentDefinition) extent {
	if known, ok := s.known[fragment]; ok {
		return known
	}
	s.known[fragment] = extent{}
	measured := s.selections(fragment.SelectionSet)
	s.known[fragment] = measured
	return measured
}
