package storetest

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"accord/internal/store"
)

// Planned is a query of a world, and how many index keys may be examined for its
// page.
type Planned struct {
	Name  string // the same at every size
	Query store.Query
	Most  int // for each part that the documents are spread over
}

// keysPerRange are the keys examined at the ends of a range beside those of its
// page: one to find out where the range begins, one to find out that it has
// ended.
const keysPerRange = 2

// Planned are queries of every index: by one token, by 8, 20 and 64, from the
// beginning, the middle and near the end, with and without exclusions.
//
// A page of limit documents is gathered from one range of the index for each
// token, all of them in the order asked for, and merged. None of them needs to be
// read further than limit and one more, which says whether there is another page;
// keys of families that are passed over come on top, as many as stand between
// those. So a page examines at most
//
//	tokens × (limit + 1) + keys passed over + 2 × tokens
//
// keys, whatever is stored.
func (w *World) Planned() []Planned {
	var all []Planned
	for _, x := range w.indexes {
		kind := w.kindOf(x.Kind)
		viewers := []worldViewer{{name: "everybody"}}
		if x.Visible {
			viewers = nil
			for _, viewer := range viewersOf(w.documents(kind)) {
				if viewer.excluded == "" {
					excluded := viewer
					excluded.name, excluded.excluded = viewer.name+", excluded", keptOut
					viewers = append(viewers, viewer, excluded)
				}
			}
		}
		for _, viewer := range viewers {
			for _, sample := range kind.samples(x, w.documents(kind)) {
				for _, place := range places(x, w.documents(kind)) {
					q, from := w.query(x, viewer, sample, place)
					ranges := max(1, len(q.Tokens))
					all = append(all, Planned{
						Name:  place.name + sample.name + " page, " + viewer.name,
						Query: q,
						Most:  ranges*(q.Limit+1) + w.passedOver(x, q, from) + keysPerRange*ranges,
					})
				}
			}
		}
	}
	return all
}

// passedOver is how many keys of families that the principal is kept from stand
// in the ranges of the tokens before limit + 1 others do.
func (w *World) passedOver(x store.Index, q store.Query, from int) int {
	if q.Excluded == "" {
		return 0
	}
	kind := w.kindOf(x.Kind)
	step := 1
	if x.Descending {
		step = -1
	}
	passed := 0
	for _, token := range q.Tokens {
		read := 0
		for n := from; n >= 0 && n < w.documents(kind) && read <= q.Limit; n += step {
			switch {
			case !slices.Contains(w.tokens[n], token) || !kind.equals(n, x, q.Equal):
			case keptFrom(q.Excluded, kind.family(n)):
				passed++
			default:
				read++
			}
		}
	}
	return passed
}

// Answers makes every call of the world and says how many there are. It fails at
// the first that answers anything but what the world holds, or that says that it
// examined more keys than its page can need.
func (w *World) Answers(ctx context.Context) (int, error) {
	calls, err := w.Calls()
	if err != nil {
		return 0, err
	}
	for _, call := range calls {
		// Changes are made an even number of times, and leave the world as it was.
		if err := cmp.Or(call.Make(ctx), call.Make(ctx)); err != nil {
			return 0, fmt.Errorf("at size %d: %w", w.size, err)
		}
	}
	return len(calls), nil
}
