package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// Compared is what two stores hold of one part or, of documents, of one kind.
type Compared struct {
	Part      Part
	Kind      Kind  // of documents only
	Source    int64 // rows there
	Target    int64
	Different int64 // rows that are in one of them only, or not the same in both
}

// Comparison is what was found in two stores, row by row.
type Comparison struct {
	Lines []Compared // in the order of the parts, documents by kind
	First string     // the first row that differs; empty when none does
}

// Agrees reports whether both hold the same.
func (c Comparison) Agrees() bool { return c.First == "" }

// Of is what both hold of a part, all kinds together.
func (c Comparison) Of(part Part) Compared {
	all := Compared{Part: part}
	for _, line := range c.Lines {
		if line.Part == part {
			all.Source, all.Target, all.Different = all.Source+line.Source, all.Target+line.Target, all.Different+line.Different
		}
	}
	return all
}

// Compare reads both stores to their ends, beside each other, and tells after
// every page how many rows of a part were held against each other.
func Compare(ctx context.Context, source, target Source, tell func(part Part, rows int64)) (Comparison, error) {
	var c Comparison
	for _, part := range Parts() {
		p := comparing{
			part: part, kinds: map[Kind]*Compared{},
			source: reading{from: source, part: part}, target: reading{from: target, part: part},
		}
		if part != DocumentPart {
			p.kinds[""] = &Compared{Part: part} // a line, whether there are rows or not
		}
		if err := p.all(ctx, tell); err != nil {
			return Comparison{}, err
		}
		lines := make([]Compared, 0, len(p.kinds))
		for _, line := range p.kinds {
			lines = append(lines, *line)
		}
		slices.SortFunc(lines, func(a, b Compared) int { return cmp.Compare(a.Kind, b.Kind) })
		c.Lines = append(c.Lines, lines...)
		c.First = cmp.Or(c.First, p.first)
	}
	return c, nil
}

// comparing goes through one part of both.
type comparing struct {
	part           Part
	kinds          map[Kind]*Compared
	first          string
	source, target reading
}

func (p *comparing) all(ctx context.Context, tell func(Part, int64)) error {
	for rows := int64(0); ; rows++ {
		more, turned, err := p.source.load(ctx)
		if err != nil {
			return fmt.Errorf("read the %s of the source: %w", p.part, err)
		}
		moreThere, _, err := p.target.load(ctx)
		if err != nil {
			return fmt.Errorf("read the %s of the target: %w", p.part, err)
		}
		if turned && rows > 0 {
			tell(p.part, rows)
		}
		switch {
		case !more && !moreThere:
			return nil
		case !moreThere || more && before(p.source.place(), p.target.place()):
			p.count(p.source.take(), 1, 0, true)
		case !more || before(p.target.place(), p.source.place()):
			p.count(p.target.take(), 0, 1, true)
		default:
			one, other := p.source.take(), p.target.take()
			p.count(one, 1, 1, one != other)
		}
	}
}

func (p *comparing) count(row CopiedRow, source, target int64, different bool) {
	line := p.kinds[row.Kind]
	if line == nil {
		line = &Compared{Part: p.part, Kind: row.Kind}
		p.kinds[row.Kind] = line
	}
	line.Source, line.Target = line.Source+source, line.Target+target
	if different {
		line.Different++
		p.first = cmp.Or(p.first, row.Name)
	}
}

// reading goes through one part of one store, a page at a time.
type reading struct {
	from Source
	part Part
	page Copied
	next int // row of the page
	at   Place
	done bool
}

// load makes the next row ready, and reports whether there is one and whether a
// page was turned for it.
func (r *reading) load(ctx context.Context) (more, turned bool, err error) {
	if r.done || r.next < r.page.Len() {
		return !r.done, false, nil
	}
	if err = ctx.Err(); err != nil {
		return false, false, fmt.Errorf("compare: %w", err)
	}
	if r.page, err = r.from.Page(ctx, r.part, r.at); err != nil {
		return false, false, err //nolint:wrapcheck // the caller says which store
	}
	r.next, r.done = 0, r.page.Len() == 0
	if !r.done {
		r.at = r.page.Behind()
	}
	return !r.done, true, nil
}

func (r *reading) place() Place { return r.page.behind(r.next) }

func (r *reading) take() CopiedRow {
	row := r.page.row(r.next)
	r.next++
	return row
}
