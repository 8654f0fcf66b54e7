package mongotest

import (
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// scan walks a plan. It keeps its place by entries, which are never taken out of
// an index, so that it can go on in a later view.
type scan struct {
	plan  *plan
	lanes []*lane
	seen  map[*record]bool
	keys  int // entries looked at
	docs  int // documents looked at
}

// lane is one of the scans that are merged.
type lane struct {
	prefixes [][]bson.RawValue // those not walked to their end
	last     *entry            // the last one taken of the first of them
	head     *entry            // looked at, and waiting to be the next
}

func (p *plan) scan() *scan {
	sc := &scan{plan: p, seen: map[*record]bool{}}
	for _, prefixes := range p.scans {
		prefixes = slices.Clone(prefixes)
		if p.backwards {
			slices.Reverse(prefixes)
		}
		sc.lanes = append(sc.lanes, &lane{prefixes: prefixes})
	}
	return sc
}

// next is the next record that the filter finds, each once; nil at the end.
func (sc *scan) next(v view) (*record, bson.Raw, error) {
	for {
		var first *lane
		for _, l := range sc.lanes {
			if l.head == nil {
				if l.head = l.advance(sc.plan, v); l.head == nil {
					continue
				}
				sc.keys++
			}
			if first == nil || sc.plan.precedes(l.head, first.head) {
				first = l
			}
		}
		if first == nil {
			return nil, nil, nil
		}
		r := first.head.record
		first.head = nil
		if sc.seen[r] {
			continue
		}
		sc.seen[r] = true
		shown := r.seen(v)
		if shown == nil {
			continue // it was there when its key was looked at
		}
		sc.docs++
		found, err := sc.plan.filter.matches(shown.doc)
		if err != nil {
			return nil, nil, err
		}
		if found {
			return r, shown.doc, nil
		}
	}
}

// advance is the next entry that stands in the view; nil at the end.
func (l *lane) advance(p *plan, v view) *entry {
	all := p.index.entries
	for ; len(l.prefixes) > 0; l.prefixes, l.last = l.prefixes[1:], nil {
		first, end := p.span(l.prefixes[0])
		if l.last != nil {
			place, _ := slices.BinarySearchFunc(all, l.last, p.index.compareEntries)
			if p.backwards {
				end = place
			} else {
				first = place + 1
			}
		}
		for ; first < end; first, end = step(first, end, p.backwards) {
			e := all[first]
			if p.backwards {
				e = all[end-1]
			}
			if e.record.seen(v).under(p.index, e) {
				l.last = e
				return e
			}
		}
	}
	return nil
}

func step(first, end int, backwards bool) (nextFirst, nextEnd int) {
	if backwards {
		return first, end - 1
	}
	return first + 1, end
}
