// Package toyschema is a small schema to test the server and its limits on:
// one of everything they have to carry, and nothing of the field. Nothing but
// tests imports it.
package toyschema

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"accord/domain/fault"
)

//go:generate go tool gqlgen generate --config gqlgen.yml

// Secret is in the text of the errors that nobody may see.
const Secret = "ada@example.invalid"

// errStore is what no answer and no log may say.
var errStore = errors.New("no connection for " + Secret)

// Resolver answers from nothing but its arguments. Entered, when it is set,
// hears of every call before it is answered.
type Resolver struct {
	Entered func(ctx context.Context)
}

// Query answers the queries.
func (r *Resolver) Query() QueryResolver { return queries{r} }

// Mutation makes the changes.
func (r *Resolver) Mutation() MutationResolver { return changes{r} }

// Shelf answers the fields of a shelf that are looked up.
func (r *Resolver) Shelf() ShelfResolver { return shelves{} }

func (r *Resolver) enter(ctx context.Context) {
	if r.Entered != nil {
		r.Entered(ctx)
	}
}

type queries struct{ *Resolver }

// Shelf knows "top" and "floor"; any other is a refusal.
func (r queries) Shelf(ctx context.Context, name string) (*Shelf, error) {
	r.enter(ctx)
	switch name {
	case "top":
		return topShelf(), nil
	case "floor":
		return &Shelf{Name: "floor", Books: []Book{}}, nil
	default:
		return nil, fault.Missing()
	}
}

// Shelves is the one page there is.
func (r queries) Shelves(ctx context.Context, _ *int32, _ *string) (*ShelfConnection, error) {
	r.enter(ctx)
	return &ShelfConnection{Edges: []ShelfEdge{{Cursor: "1", Node: topShelf()}}}, nil
}

// Books matches every book, whatever the filter.
func (r queries) Books(ctx context.Context, _ BookFilter) ([]Book, error) {
	r.enter(ctx)
	return topShelf().Books, nil
}

// Fails fails in the way asked for.
func (r queries) Fails(ctx context.Context, how Failure) (*Book, error) {
	r.enter(ctx)
	switch how {
	case FailureRefused:
		return nil, fault.Rule("R7", "NPCC/CPS protocol 3.11", "A book on loan cannot be read.")
	case FailureInternal:
		return nil, fmt.Errorf("reading the book of %s: %w", Secret, errStore)
	case FailureUnavailable:
		return nil, fmt.Errorf("reading: %w", fault.NotAvailable(errStore))
	case FailurePanic:
		panic("the book of " + Secret)
	case FailureLate:
		<-ctx.Done()
		return nil, fmt.Errorf("reading the book of %s: %w", Secret, ctx.Err())
	default:
		return nil, nil
	}
}

// Big is an answer of that many bytes.
func (r queries) Big(ctx context.Context, bytes int32) (*string, error) {
	r.enter(ctx)
	text := strings.Repeat("x", int(bytes))
	return &text, nil
}

type changes struct{ *Resolver }

// Rename renames any book; a title is not empty.
func (r changes) Rename(ctx context.Context, input RenameInput) (*Book, error) {
	r.enter(ctx)
	if input.Title == "" {
		return nil, fault.Input("input.title", "notEmpty", "A book has a title.")
	}
	return &Book{ID: input.ID, Title: input.Title, Authors: []Author{}}, nil
}

type shelves struct{}

// Below is the shelf below; "floor" has none.
func (shelves) Below(_ context.Context, shelf *Shelf) (*Shelf, error) {
	if shelf.Name == "floor" {
		return nil, nil
	}
	return &Shelf{Name: "floor", Books: []Book{}}, nil
}

func topShelf() *Shelf {
	return &Shelf{Name: "top", Books: []Book{
		{ID: "1", Title: "One", Authors: []Author{{Name: "A"}}},
		{ID: "2", Title: "Two", Authors: []Author{}},
	}}
}
