package mongotest

import (
	"slices"
	"sort"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// mostScans is how many scans MongoDB merges for the sake of an order
// (internalQueryMaxScansToExplode).
const mostScans = 200

// plan is how a find walks one index: intervals of it, merged in the order that
// was asked for.
type plan struct {
	index     *index
	filter    filter
	points    [][]bson.RawValue // for each field of the prefix, what it has to equal one of
	bounds    filter            // the comparisons on the field after the prefix
	order     []int             // the fields of the index by which the scans are merged; nil is all
	backwards bool
	scans     [][][]bson.RawValue // for each scan the prefixes it walks, in the order of the index
	merges    bool                // there is more than one scan because of the order
}

// sortField is one field of a sort.
type sortField struct {
	path      path
	backwards bool
}

func parseSort(doc bson.Raw) ([]sortField, error) {
	var all []sortField
	for _, e := range elements(doc) {
		p, err := parsePath(e.Key())
		if err != nil {
			return nil, err
		}
		direction, err := parseDirection(e.Value())
		if err != nil {
			return nil, err
		}
		all = append(all, sortField{p, direction < 0})
	}
	return all, nil
}

// choose finds the index of a hint, or refuses to go without one.
func (s *Server) choose(c *collection, f filter, sorted []sortField, hint bson.RawValue) (*plan, error) {
	if hint.Type != 0 {
		x, err := c.hinted(hint)
		if err != nil {
			return nil, err
		}
		if err := x.covering(f); err != nil {
			return nil, err
		}
		return newPlan(x, f, sorted)
	}
	if !s.options.Lenient {
		return nil, refuse(codeBadValue, "a query names the index that serves it here")
	}
	var best *plan
	var refused error
	for _, x := range c.indexes {
		if x.covering(f) != nil {
			continue
		}
		p, err := newPlan(x, f, sorted)
		if err != nil {
			refused = err
			continue
		}
		if best == nil || len(p.points) > len(best.points) {
			best = p
		}
	}
	if best == nil {
		return nil, refused
	}
	return best, nil
}

// hinted is the index a hint names, by its name or its key.
func (c *collection) hinted(hint bson.RawValue) (*index, error) {
	for _, x := range c.indexes {
		name, isName := hint.StringValueOK()
		pattern, isPattern := hint.DocumentOK()
		if isName && x.name == name || isPattern && compareDocuments(x.pattern, pattern) == 0 {
			return x, nil
		}
	}
	return nil, refuse(codeBadValue, "error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index")
}

// covering refuses a partial index of which the filter does not say that it
// holds everything that is looked for.
func (x *index) covering(f filter) error {
	for _, condition := range x.covers {
		implied := slices.ContainsFunc(f.on(condition.path), func(p predicate) bool { return p.implies(condition) })
		if !implied {
			return refuse(codeNoQueryPlan, "error processing query: the filter does not say that the partial index %s covers it", x.name)
		}
	}
	return nil
}

// implies says whether every value this condition finds meets another, which is
// {$exists: true} or $gt.
func (p predicate) implies(condition predicate) bool {
	for _, operand := range p.operands {
		switch {
		case p.operator == "$nin" || p.operator == "$exists" || operand.Type == bson.TypeNull:
			return false
		case condition.operator == "$exists":
		case brackets[operand.Type] != brackets[condition.operands[0].Type] || p.operator == "$lt" || p.operator == "$lte":
			return false
		default:
			order := compareValues(operand, condition.operands[0])
			if order < 0 || order == 0 && p.operator != "$gt" {
				return false
			}
		}
	}
	return len(p.operands) > 0
}

// newPlan derives the intervals from the filter, and refuses an order that the
// index does not have.
func newPlan(x *index, f filter, sorted []sortField) (*plan, error) {
	p := &plan{index: x, filter: f}
	for i := range x.fields {
		on := f.on(x.fields[i].path)
		if points, exact := on.points(); exact {
			p.points = append(p.points, points)
			continue
		}
		for _, one := range on {
			if one.operator == "$nin" || one.operator == "$exists" {
				continue
			}
			if x.fields[i].multikey && len(p.bounds) > 0 {
				break // each end may be met by another member of the array
			}
			p.bounds = append(p.bounds, one)
		}
		break
	}
	passed, err := p.follow(sorted)
	if err != nil {
		return nil, err
	}
	prefixes := [][]bson.RawValue{nil}
	for _, points := range p.points {
		prefixes = product(prefixes, points)
	}
	slices.SortFunc(prefixes, x.compare)
	p.split(prefixes, passed)
	if p.merges && len(p.scans) > mostScans {
		return nil, refuse(codeNoQueryPlan, "needs a SORT stage: %d scans are too many to merge", len(p.scans))
	}
	return p, nil
}

// follow holds the sort against the order of the index, and returns the fields
// of several points that the sort passes over.
func (p *plan) follow(sorted []sortField) (passed []int, err error) {
	missing := refuse(codeNoQueryPlan, "needs a SORT stage: the index %s does not have this order", p.index.name)
	at, turned := 0, false
	for _, one := range sorted {
		for at < len(p.index.fields) && !slices.Equal(p.index.fields[at].path, one.path) {
			if at >= len(p.points) {
				return nil, missing
			}
			if len(p.points[at]) > 1 {
				passed = append(passed, at)
			}
			at++
		}
		if at == len(p.index.fields) || p.index.fields[at].multikey {
			return nil, missing
		}
		if at >= len(p.points) || len(p.points[at]) > 1 {
			backwards := p.index.fields[at].backwards != one.backwards
			if turned && p.backwards != backwards {
				return nil, missing
			}
			p.backwards, turned = backwards, true
		}
		p.order = append(p.order, at)
		at++
	}
	return passed, nil
}

// split gives each combination of the passed fields a scan of its own.
func (p *plan) split(prefixes [][]bson.RawValue, passed []int) {
	if len(passed) == 0 {
		p.order = nil
		if len(prefixes) > 0 {
			p.scans = [][][]bson.RawValue{prefixes}
		}
		return
	}
	p.merges = true
	numbers := map[string]int{}
	for _, prefix := range prefixes {
		var key []byte
		for _, at := range passed {
			key = append(identity(key, prefix[at]), 0)
		}
		number, known := numbers[string(key)]
		if !known {
			number = len(p.scans)
			numbers[string(key)] = number
			p.scans = append(p.scans, nil)
		}
		p.scans[number] = append(p.scans[number], prefix)
	}
}

// side says where a value stands to the bounds: before, within or behind them,
// in the order of values.
func (f filter) side(v bson.RawValue) int {
	for _, p := range f {
		order := compareValues(v, p.operands[0])
		foreign := brackets[v.Type] != brackets[p.operands[0].Type]
		switch p.operator {
		case "$gt", "$gte":
			if order < 0 || order == 0 && p.operator == "$gt" {
				return -1
			}
			if foreign {
				return 1
			}
		default: // $lt, $lte
			if order > 0 || order == 0 && p.operator == "$lt" {
				return 1
			}
			if foreign {
				return -1
			}
		}
	}
	return 0
}

// stands says where an entry stands to an interval, in the order of the index.
func (p *plan) stands(e *entry, prefix []bson.RawValue) int {
	if order := p.index.compare(e.values, prefix); order != 0 || len(p.bounds) == 0 {
		return order
	}
	at := len(p.points)
	side := p.bounds.side(e.values[at])
	if p.index.fields[at].backwards {
		return -side
	}
	return side
}

// span is where an interval begins in the index, and where it has ended.
func (p *plan) span(prefix []bson.RawValue) (first, end int) {
	all := p.index.entries
	first = sort.Search(len(all), func(i int) bool { return p.stands(all[i], prefix) >= 0 })
	end = first + sort.Search(len(all)-first, func(i int) bool { return p.stands(all[first+i], prefix) > 0 })
	return first, end
}

// precedes compares two heads by the order that is merged by.
func (p *plan) precedes(a, b *entry) bool {
	for _, at := range p.order {
		order := compareValues(a.values[at], b.values[at])
		if p.index.fields[at].backwards != p.backwards {
			order = -order
		}
		if order != 0 {
			return order < 0
		}
	}
	return false
}
