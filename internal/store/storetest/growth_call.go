package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"accord/internal/store"
)

// Call is one call of a growing store, with what it must answer.
type Call struct {
	Index string // empty: the call asks no index
	Name  string // the same at every size
	Work  Work

	most    int                                // so many keys it may say to have examined
	prepare func(context.Context, *Work) error // nil: nothing to prepare; says what work there will be
	run     func(context.Context) (examined int, err error)
}

// Make makes the call; it fails when the answer is anything but what the world
// holds.
func (c Call) Make(ctx context.Context) error {
	if _, err := c.make(ctx, nil); err != nil {
		return fmt.Errorf("%s: %w", c.name(), err)
	}
	return nil
}

func (c Call) name() string { return strings.TrimSpace(c.Index + " " + c.Name) }

// make prepares the call and makes it under the meter, if there is one.
func (c Call) make(ctx context.Context, meter Meter) (Reading, error) {
	reading := Reading{Index: c.Index, Call: c.Name, Work: c.Work}
	if c.prepare != nil {
		if err := c.prepare(ctx, &reading.Work); err != nil {
			return Reading{}, fmt.Errorf("prepare: %w", err)
		}
	}
	run := func(ctx context.Context) (err error) {
		reading.Examined, err = c.run(ctx)
		return err
	}
	var err error
	if meter == nil {
		err = run(ctx)
	} else {
		reading.Cost, err = meter.Measure(ctx, run)
	}
	if err == nil && reading.Examined > c.most {
		err = fmt.Errorf("%d keys are examined, and %d are enough", reading.Examined, c.most)
	}
	return reading, err
}

// pageSize is how much a page of a call shows.
const pageSize = 50

// Calls are calls of every kind to the world as large as it is now. It fails for
// an index in which nothing is found.
func (w *World) Calls() ([]Call, error) {
	var all []Call
	for _, x := range w.indexes {
		kind := w.kindOf(x.Kind)
		documents := w.documents(kind)
		viewers := []worldViewer{{name: "everybody"}}
		if x.Visible {
			viewers = viewersOf(documents)
		}
		found := 0
		for _, viewer := range viewers {
			for _, sample := range kind.samples(x, documents) {
				for _, place := range places(x, documents) {
					p, f := w.page(x, viewer, sample, place)
					found += f
					all = append(all, p, w.count(x, viewer, sample, place))
				}
			}
		}
		if found == 0 {
			return nil, fmt.Errorf("no query finds anything in index %s, so that it proves nothing", x.Name)
		}
	}
	return slices.Concat(all, w.reads(), w.changes()), nil
}

// worldSample is a document whose values a query asks for.
type worldSample struct {
	name   string
	number int
}

// samples are documents with a common and with a rare value of what an index
// compares.
func (k *worldKind) samples(x store.Index, documents int) []worldSample {
	middle := documents / 2
	common := worldSample{number: middle}
	if len(x.Equal) == 0 || x.Unique {
		return []worldSample{common}
	}
	samples := []worldSample{}
	for n := middle; n < middle+worldPeriod && len(samples) < 2; n++ {
		if len(samples) == 0 && !isRare(n) {
			samples = append(samples, worldSample{" common", n})
		}
		if len(samples) == 1 && isRare(n) {
			samples = append(samples, worldSample{" rare", n})
		}
	}
	return samples
}

// worldPlace is where in an index a query begins.
type worldPlace struct {
	name   string
	behind int // the number it continues behind
	start  bool
}

// places are the beginning of an index, its middle, and shortly before its end.
// A unique index has but one document for each value.
func places(x store.Index, documents int) []worldPlace {
	first := worldPlace{name: "first", start: true}
	if x.Unique {
		return []worldPlace{first}
	}
	deep := documents - min(100, documents/4)
	if x.Descending {
		deep = documents - 1 - deep
	}
	return []worldPlace{first, {name: "middle", behind: documents / 2}, {name: "deep", behind: deep}}
}

// query asks the index from that place on, and says which number is the first
// that can be found.
func (w *World) query(x store.Index, viewer worldViewer, sample worldSample, place worldPlace) (q store.Query, from int) {
	kind := w.kindOf(x.Kind)
	q = store.Query{
		Index: x.Name, Equal: kind.values(sample.number, x), Tokens: viewer.tokens, Excluded: viewer.excluded, Limit: pageSize,
	}
	step := 1
	if x.Descending {
		from, step = w.documents(kind)-1, -1
	}
	if !place.start {
		q.After = kind.position(place.behind, x)
		from = place.behind + step
	}
	return q, from
}

// page is a call of Find, and how many documents it finds.
func (w *World) page(x store.Index, viewer worldViewer, sample worldSample, place worldPlace) (c Call, found int) {
	q, from := w.query(x, viewer, sample, place)
	want := w.answer(x, q, from, q.Limit)
	ranges := max(1, len(q.Tokens))
	return Call{
		Index: x.Name, Name: place.name + sample.name + " page, " + viewer.name,
		Work: Work{Ranges: ranges, Limit: q.Limit, Keys: want.passed, Documents: len(want.ids)},
		most: ranges * (q.Limit + 1),
		run: func(ctx context.Context) (int, error) {
			page, err := w.store.Find(ctx, q)
			if err != nil {
				return 0, err //nolint:wrapcheck // who makes the call names it
			}
			if got := ids(page.Documents); !slices.Equal(got, want.ids) || page.More != want.more {
				return 0, fmt.Errorf("the page shows %d documents from %q on, more behind it: %v; it should show %d from %q on: %v",
					len(got), firstOf(got), page.More, len(want.ids), firstOf(want.ids), want.more)
			}
			if page.Examined < len(page.Documents) {
				return 0, fmt.Errorf("%d documents are shown and %d keys examined", len(page.Documents), page.Examined)
			}
			return page.Examined, nil
		},
	}, len(want.ids)
}

// count is a call of Count, up to as many as can be counted.
func (w *World) count(x store.Index, viewer worldViewer, sample worldSample, place worldPlace) Call {
	q, from := w.query(x, viewer, sample, place)
	want := w.answer(x, q, from, store.MaxPage)
	return Call{
		Index: x.Name, Name: place.name + sample.name + " count, " + viewer.name,
		Work: Work{Ranges: max(1, len(q.Tokens)), Limit: store.MaxPage, Keys: want.passed},
		run: func(ctx context.Context) (int, error) {
			switch n, err := w.store.Count(ctx, q, store.MaxPage); {
			case err != nil:
				return 0, err //nolint:wrapcheck // who makes the call names it
			case n != len(want.ids):
				return 0, fmt.Errorf("%d are counted and there are %d", n, len(want.ids))
			}
			return 0, nil
		},
	}
}

func firstOf(ids []string) string {
	if len(ids) == 0 {
		return ""
	}
	return ids[0]
}
