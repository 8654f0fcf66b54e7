package graph

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"accord/domain/fault"
)

const (
	internalMessage = "Accord could not do this because of a fault of its own. Give the correlation id to those who run it."
	lateMessage     = "Accord did not answer in time. Before you repeat a change, read the record again."
)

// Presenter makes of every error what a person may see of it. It is the only
// place where an error becomes an answer.
type Presenter struct {
	logger *slog.Logger
}

// NewPresenter presents errors and logs the kind of those it may not show.
func NewPresenter(logger *slog.Logger) *Presenter { return &Presenter{logger: logger} }

// Present shows a fault with its code and what else it says. What is no fault
// is INTERNAL with the correlation id of the request and nothing more; the log
// gets that id and the types of the errors, never their text, which may hold
// values of records.
func (p *Presenter) Present(ctx context.Context, err error) *gqlerror.Error {
	var carrier *gqlerror.Error
	if !errors.As(err, &carrier) {
		carrier = &gqlerror.Error{Err: err, Path: graphql.GetPath(ctx)}
	}
	shown := &gqlerror.Error{Path: carrier.Path, Locations: carrier.Locations, Rule: carrier.Rule}
	f := fault.Of(err)
	field := graphql.GetFieldContext(ctx)
	if f == nil {
		var operation *graphql.OperationContext
		if graphql.HasOperationContext(ctx) {
			operation = graphql.GetOperationContext(ctx)
		}
		f = protocolFault(carrier, operation)
		if f != nil {
			shown.Path = nil // gqlgen's path leads through the variables
		}
	}
	if argument, at := argumentFault(carrier, field); argument != nil {
		shown.Path = at
		if f == nil {
			f = argument
		}
	}
	switch {
	case f == nil && errors.Is(err, context.DeadlineExceeded):
		f = &fault.Fault{Code: fault.Unavailable, Message: lateMessage}
	case f == nil:
		f = &fault.Fault{Code: fault.Internal, Message: internalMessage}
	}
	p.write(ctx, shown, f, err)
	return shown
}

func (p *Presenter) write(ctx context.Context, shown *gqlerror.Error, f *fault.Fault, err error) {
	shown.Message = f.Message
	shown.Extensions = map[string]any{"code": string(f.Code)}
	switch f.Code {
	case fault.Internal, fault.Unavailable:
		if f.Code == fault.Internal {
			shown.Message = internalMessage // whatever the fault says
		}
		shown.Extensions["correlationId"] = RequestID(ctx)
		p.logger.LogAttrs(ctx, slog.LevelError, "error not shown",
			slog.String("requestId", RequestID(ctx)), slog.String("code", string(f.Code)), slog.String("kind", fault.Kind(err)))
	case fault.BadInput, fault.RuleViolation, fault.Unauthenticated, fault.Forbidden, fault.NotFound,
		fault.Conflict, fault.TooExpensive, fault.RateLimited:
		for key, value := range map[string]string{
			"path": f.Path, "constraint": f.Constraint, "rule": f.Rule, "source": f.Source,
		} {
			if value != "" {
				shown.Extensions[key] = value
			}
		}
	}
}

// Recover turns a panic into an error that Present answers as INTERNAL. The
// error knows the type that was thrown and the line of code, not the value.
func (p *Presenter) Recover(_ context.Context, thrown any) error {
	return fault.Panic(thrown)
}

// SortErrors puts errors in the order of their paths, places and messages, and
// drops what is said twice: gqlgen adds errors in the order in which goroutines
// end, and equal views must be equal bytes.
func SortErrors(errs gqlerror.List) gqlerror.List {
	slices.SortStableFunc(errs, compareErrors)
	return slices.CompactFunc(errs, func(a, b *gqlerror.Error) bool { return compareErrors(a, b) == 0 })
}

func compareErrors(a, b *gqlerror.Error) int {
	if order := slices.CompareFunc(a.Path, b.Path, compareSteps); order != 0 {
		return order
	}
	if order := slices.CompareFunc(a.Locations, b.Locations, func(a, b gqlerror.Location) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	}); order != 0 {
		return order
	}
	return strings.Compare(a.Message, b.Message)
}

// compareSteps orders the elements of a path: indexes by number and before names.
func compareSteps(a, b ast.PathElement) int {
	indexA, isIndexA := a.(ast.PathIndex)
	indexB, isIndexB := b.(ast.PathIndex)
	switch {
	case isIndexA && isIndexB:
		return int(indexA) - int(indexB)
	case isIndexA:
		return -1
	case isIndexB:
		return 1
	}
	nameA, _ := a.(ast.PathName)
	nameB, _ := b.(ast.PathName)
	return strings.Compare(string(nameA), string(nameB))
}
