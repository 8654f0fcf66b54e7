package storetest

import (
	"context"
	"strings"
	"testing"
)

// tenEach allows ten steps and one page for each key, and no scan.
type tenEach struct{}

func (tenEach) Measure(context.Context, func(context.Context) error) (Cost, error) {
	return Cost{}, nil
}

func (tenEach) Most(work Work) Cost {
	return Cost{Steps: int64(10 * work.Keys), Pages: int64(work.Keys)}
}

func TestWhatGrowsWithTheStoreIsNotFlat(t *testing.T) {
	page := func(size, keys int, cost Cost) Reading {
		return Reading{Size: size, Index: "seen", Call: "page", Work: Work{Keys: keys}, Cost: cost}
	}
	for _, c := range []struct {
		name     string
		readings []Reading
		want     string // empty: they are flat
	}{
		{"the same at every size", []Reading{
			page(1_000, 50, Cost{Steps: 400, Pages: 60}), page(10_000, 50, Cost{Steps: 400, Pages: 60}),
		}, ""},
		{"a level more in every tree", []Reading{
			page(1_000, 50, Cost{Steps: 400, Pages: 60}), page(10_000, 50, Cost{Steps: 400, Pages: 110}),
		}, ""},
		{"a page that shows more", []Reading{
			page(1_000, 10, Cost{Steps: 80, Pages: 12}), page(10_000, 50, Cost{Steps: 400, Pages: 600}),
		}, ""},
		{"two calls that are not the same", []Reading{
			page(1_000, 50, Cost{Steps: 100, Pages: 1}),
			{Size: 10_000, Index: "seen", Call: "count", Work: Work{Keys: 50}, Cost: Cost{Steps: 400, Pages: 600}},
		}, ""},
		{"more steps than the work may take", []Reading{page(1_000, 50, Cost{Steps: 501})}, "501 steps"},
		{"a sort", []Reading{page(1_000, 50, Cost{Steps: 400, Scans: 1})}, "1 scans"},
		{"more steps for the same work", []Reading{
			page(1_000, 50, Cost{Steps: 400, Pages: 60}), page(10_000, 50, Cost{Steps: 441, Pages: 60}),
		}, "441 at 10000 for the same work"},
		{"more pages than trees grow deeper", []Reading{
			page(1_000, 50, Cost{Steps: 400, Pages: 60}), page(10_000, 50, Cost{Steps: 400, Pages: 117}),
		}, "117 at 10000"},
		{"growth between the second size and the third", []Reading{
			page(1_000, 50, Cost{Steps: 400}), page(10_000, 50, Cost{Steps: 400}), page(100_000, 50, Cost{Steps: 500}),
		}, "500 at 100000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			switch err := Flat(c.readings, tenEach{}); {
			case c.want == "" && err != nil:
				t.Fatal(err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Fatalf("got %v, want %q", err, c.want)
			}
		})
	}
}
