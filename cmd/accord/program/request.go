package program

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"accord/authz"
	"accord/domain/fault"
	"accord/internal/records"
	"accord/internal/server"
)

// request is what a request holds beside its operation.
type request struct {
	session *records.Session
	action  string // the root field of the operation, for the audit entry
}

type requestKey struct{}

func requestFrom(ctx context.Context) *request {
	held, _ := ctx.Value(requestKey{}).(*request)
	return held
}

func sessionFrom(ctx context.Context) *records.Session { return requestFrom(ctx).session }

// begin starts the session of a request.
func (p *Program) begin(ctx context.Context, capacity authz.Capacity, requestID string) context.Context {
	return context.WithValue(ctx, requestKey{}, &request{session: p.records.Begin(ctx, capacity, requestID), action: "request"})
}

// enter enters what the request looked at in the audit log, before the answer
// leaves.
func enter(ctx context.Context) error {
	held := requestFrom(ctx)
	return held.session.Enter(ctx, held.action, failureOf(server.OutcomeFrom(ctx)))
}

// failureOf says how a request ended badly; what was not found is on the trail.
func failureOf(outcome server.Outcome) error {
	for _, code := range outcome.Codes {
		if code != string(fault.NotFound) {
			return &fault.Fault{Code: fault.Code(code)}
		}
	}
	return nil
}

// namedOperation notes which root field an operation asks, for the audit entry:
// one of the schema's names, never the name a caller gave it.
type namedOperation struct{}

func (namedOperation) ExtensionName() string                   { return "NamedOperation" }
func (namedOperation) Validate(graphql.ExecutableSchema) error { return nil }

func (namedOperation) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	operation := graphql.GetOperationContext(ctx).Operation
	held := requestFrom(ctx)
	held.action = string(operation.Operation)
	if len(operation.SelectionSet) == 1 {
		if field, ok := operation.SelectionSet[0].(*ast.Field); ok && field.Name[0] != '_' {
			held.action = field.Name
		}
	}
	return next(ctx)
}
