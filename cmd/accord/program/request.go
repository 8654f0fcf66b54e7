package program

import (
	"context"
	"net/http"
	"strings"

	"accord/authz"
	"accord/domain/fault"
	"accord/internal/identity"
	"accord/internal/records"
	"accord/internal/server"
)

// request is what a request holds beside its operation.
type request struct {
	session *records.Session
}

type requestKey struct{}

func requestFrom(ctx context.Context) *request {
	held, _ := ctx.Value(requestKey{}).(*request)
	return held
}

func sessionFrom(ctx context.Context) *records.Session { return requestFrom(ctx).session }

// signIn says in whose name a request is made.
func signIn(authenticator *identity.Authenticator) func(context.Context, *http.Request) (authz.Capacity, error) {
	return func(ctx context.Context, r *http.Request) (authz.Capacity, error) {
		stop := records.Phase(ctx, "sign-in")
		defer stop()
		return authenticator.Authenticate(ctx, r) //nolint:wrapcheck // a fault of its own
	}
}

// begin starts the session of a request.
func (p *Program) begin(ctx context.Context, capacity authz.Capacity, requestID string) context.Context {
	return context.WithValue(ctx, requestKey{}, &request{session: p.records.Begin(ctx, capacity, requestID)})
}

// enter enters what the request looked at in the audit log, before the answer
// leaves.
func enter(ctx context.Context) error {
	outcome := server.OutcomeFrom(ctx)
	return requestFrom(ctx).session.Enter(ctx, actionOf(outcome), failureOf(outcome))
}

// actionOf names what was asked for: the one root field, or else only whether it
// was a query or a mutation, or could not be read at all.
func actionOf(outcome server.Outcome) string {
	switch {
	case outcome.Root != "":
		return strings.TrimLeft(outcome.Root, "_")
	case outcome.Operation != "":
		return outcome.Operation
	default:
		return "request"
	}
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
