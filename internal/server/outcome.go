package server

import (
	"context"

	"github.com/vektah/gqlparser/v2/ast"
)

// Outcome is what is known of an answer that has been built and not yet sent.
// It holds nothing a caller chose.
type Outcome struct {
	Operation string   // query, mutation, upload or download; empty when nothing could be read
	Root      string   // name in the schema of the one field it asks of the root, or what is done with a file; empty when it asks several
	Status    int      // HTTP status
	Codes     []string // codes of the errors, sorted, each once; nil when there is none
	Bytes     int      // length of the body
}

func (o *Outcome) note(built answer) {
	o.Status, o.Codes, o.Bytes = built.status, built.codes, len(built.body)
}

type outcomeKey struct{}

// OutcomeFrom is the outcome of the request, for Config.BeforeAnswer; the zero
// Outcome anywhere else.
func OutcomeFrom(ctx context.Context) Outcome { return *outcomeFrom(ctx) }

func outcomeFrom(ctx context.Context) *Outcome {
	if outcome, ok := ctx.Value(outcomeKey{}).(*Outcome); ok {
		return outcome
	}
	return &Outcome{}
}

func withOutcome(ctx context.Context, outcome *Outcome) context.Context {
	return context.WithValue(ctx, outcomeKey{}, outcome)
}

// noteOperation notes what the operation is, in the schema's words, never in the
// caller's.
func (o *Outcome) noteOperation(operation *ast.OperationDefinition) {
	o.Operation = string(operation.Operation)
	if len(operation.SelectionSet) != 1 {
		return
	}
	if field, ok := operation.SelectionSet[0].(*ast.Field); ok && field.Definition != nil {
		o.Root = field.Definition.Name
	}
}
