package graph

import "context"

type requestKey struct{}

// WithRequest gives what happens under ctx the id of its request, which is the
// correlation id of an internal error.
func WithRequest(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// RequestID is the id of the request; empty outside one.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}
