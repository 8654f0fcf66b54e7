// Package graph is the GraphQL surface: the schema, what an operation may ask
// for, what of a record may leave, and how an error is said.
package graph

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"accord/domain/fault"
)

// Limits is how much one operation may ask for. Each is the greatest value
// still allowed; zero allows nothing.
type Limits struct {
	// Tokens is the number of tokens in the document. The parser stops there,
	// which also bounds how deep it recurses.
	Tokens int
	// Depth is the number of fields from the root to the deepest leaf, fragments
	// spread.
	Depth int
	// Fields is the number of fields of the whole document once every fragment is
	// written out where it is spread. It bounds validation, whose rule about
	// fields that merge otherwise takes time exponential in the document's size.
	Fields int
	// Fragments is the number of fragments the document defines.
	Fragments int
	// Aliases is the number of fields that are renamed or asked for again in one
	// selection, once every fragment is written out.
	Aliases int
	// Mutations is the number of changes in one operation.
	Mutations int
	// Cost is the number of fields the answer is expected to hold: see Price.
	Cost int
}

// DefaultLimits fit the pack of a meeting of twenty items (about 140 tokens,
// 7 deep, a cost of about 7,100) and the introspection query of the common
// tools (15 deep) with room to spare.
func DefaultLimits() Limits {
	return Limits{
		Tokens:    4_000,
		Depth:     16,
		Fields:    2_000,
		Fragments: 50,
		Aliases:   100,
		Mutations: 5,
		Cost:      20_000,
	}
}

// tooMuch is the one refusal of an operation that passes a limit. It names the
// limit and its number, never how far over the operation is: finding that out
// would cost what the limit saves.
func tooMuch(what string, limit int) *gqlerror.Error {
	return refusal(&fault.Fault{
		Code:    fault.TooExpensive,
		Message: fmt.Sprintf("The operation passes the limit of %s %s. Ask for less at a time.", grouped(limit), what),
	})
}

// refusal carries a fault through the parts of gqlgen that know only its own
// error type. The presenter takes the fault out again; the message is for nobody.
func refusal(f *fault.Fault, at ...gqlerror.Location) *gqlerror.Error {
	return &gqlerror.Error{Err: f, Message: string(f.Code), Locations: at}
}

// grouped writes a number as people read it: 20,000.
func grouped(number int) string {
	digits := strconv.Itoa(number)
	var written strings.Builder
	for i, digit := range digits {
		if i > 0 && digit != '-' && (len(digits)-i)%3 == 0 {
			written.WriteByte(',')
		}
		written.WriteRune(digit)
	}
	return written.String()
}
