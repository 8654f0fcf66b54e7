// Package resolvers answers the fields of the schema: argument in, one call,
// answer out. No rule lives here.
package resolvers

import (
	"context"

	"accord/internal/records"
)

// Resolver answers fields within the session of a request.
type Resolver struct {
	// Session returns the session that the request runs in.
	Session func(ctx context.Context) *records.Session
}

// pointer makes null of what is not there for the viewer.
func pointer[V any](view V, there bool, err error) (*V, error) {
	if err != nil || !there {
		return nil, err
	}
	return &view, nil
}

// payload makes null of what a mutation left undone.
func payload[P any](made P, err error) (*P, error) { return pointer(made, true, err) }

// found makes null of an error.
func found[V any](view V, err error) (*V, error) { return pointer(view, true, err) }

func pageRequest(first int, after *string) records.PageRequest {
	return records.PageRequest{First: first, After: after}
}
