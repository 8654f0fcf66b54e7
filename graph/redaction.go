package graph

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"accord/authz"
)

// Redaction says that a field was not shown in full, and why. It follows from
// the viewer's Sight and the selection, never from a value, so it says nothing
// about whether there is one.
type Redaction struct {
	Field  string `json:"field"` // type and field, such as "Person.address"
	Reason string `json:"reason"`
}

// redactions gathers what one operation did not show, each field and reason once.
type redactions struct {
	mutex sync.Mutex
	seen  map[unshown]struct{}

	shown atomic.Int64 // records and elements of lists in the answer so far
}

// unshown is a redaction as the gate notes it, a thousand times in a long list.
type unshown struct {
	typeName, field string
	reason          authz.Reason
}

type redactionsKey struct{}

func withRedactions(ctx context.Context) (context.Context, *redactions) {
	gathered := &redactions{seen: map[unshown]struct{}{}}
	return context.WithValue(ctx, redactionsKey{}, gathered), gathered
}

func redactionsFrom(ctx context.Context) *redactions {
	gathered, _ := ctx.Value(redactionsKey{}).(*redactions)
	return gathered
}

func (r *redactions) add(typeName, field string, reason authz.Reason) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.seen[unshown{typeName, field, reason}] = struct{}{}
}

// sorted returns them by field and reason; nil when there is none.
func (r *redactions) sorted() []Redaction {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if len(r.seen) == 0 {
		return nil
	}
	all := make([]Redaction, 0, len(r.seen))
	for seen := range r.seen {
		all = append(all, Redaction{seen.typeName + "." + seen.field, seen.reason.String()})
	}
	slices.SortFunc(all, func(a, b Redaction) int {
		return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Reason, b.Reason))
	})
	return all
}
