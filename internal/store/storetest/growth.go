package storetest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
)

// Work is what a call has to do by its shape: by what it is asked and what it
// shows, and not by how much is stored.
type Work struct {
	Ranges    int // index ranges entered
	Limit     int // how many may be shown or counted; 0 where nothing is limited
	Keys      int // index keys read: of what is shown, of the next, and of what is passed over for an exclusion
	Documents int // documents looked up
	Rows      int // rows written and taken away
}

// Cost is what a store's engine counted while it did the work of a call.
type Cost struct {
	Steps int64 // steps of the engine, in its own unit
	Pages int64 // pages of its trees that were asked for, cached or not
	Scans int64 // scans, sorts and indexes made for the occasion
}

// Meter counts what a call costs a store: never time, so that it comes out alike
// on every machine.
type Meter interface {
	// Measure runs the call and counts. Nothing else is asked of the store
	// meanwhile.
	Measure(ctx context.Context, call func(context.Context) error) (Cost, error)
	// Most is what a call of that work may cost, however much is stored, in trees
	// of one level.
	Most(Work) Cost
}

// Reading is what one call cost at one size.
type Reading struct {
	Size     int
	Index    string // empty for a call that asks no index
	Call     string
	Examined int // index keys, as the store says itself; 0 when it does not
	Work     Work
	Cost     Cost // zero without a meter
}

func (r Reading) name() string { return strings.TrimSpace(r.Index + " " + r.Call) }

// Measure makes every call of the world at its size, and returns what they cost.
// It fails when one of them answers anything but what the world holds, or
// examines more keys than its page can need.
func (w *World) Measure(ctx context.Context, meter Meter) ([]Reading, error) {
	calls, err := w.Calls()
	if err != nil {
		return nil, err
	}
	readings := make([]Reading, 0, len(calls))
	for _, call := range calls {
		var reading Reading
		for range 2 { // what is done once for many calls is not counted
			if reading, err = call.make(ctx, meter); err != nil {
				return nil, fmt.Errorf("at size %d: %s: %w", w.size, call.name(), err)
			}
		}
		reading.Size = w.size
		readings = append(readings, reading)
	}
	return readings, nil
}

// Flat says why the readings of several sizes, smallest first, do not show that a
// call costs what it shows; nil when they do. The meter is the one they were
// taken with.
//
// Steps are bound by the call's work alone. A call with the same work at the next
// size takes as many steps, give or take a tenth for the order in which its
// ranges run dry, and no more than one page more for each tenfold of the size
// wherever it goes down a tree, give or take a tenth for where pages end.
func Flat(readings []Reading, meter Meter) error {
	var faults []error
	before := make(map[string]Reading)
	for _, r := range readings {
		most := meter.Most(r.Work)
		if r.Cost.Steps > most.Steps || r.Cost.Scans > most.Scans {
			faults = append(faults, fmt.Errorf("at size %d: %s: %d steps and %d scans, where its work (%+v) may take %d and %d",
				r.Size, r.name(), r.Cost.Steps, r.Cost.Scans, r.Work, most.Steps, most.Scans))
		}
		smaller, again := before[r.name()]
		before[r.name()] = r
		if !again || smaller.Work != r.Work {
			continue
		}
		if r.Cost.Steps > smaller.Cost.Steps+smaller.Cost.Steps/10 {
			faults = append(faults, fmt.Errorf("%s: %d steps at size %d and %d at %d for the same work",
				r.name(), smaller.Cost.Steps, smaller.Size, r.Cost.Steps, r.Size))
		}
		deeper := int64(math.Ceil(math.Log10(float64(r.Size)/float64(smaller.Size)))) * most.Pages
		if r.Cost.Pages > smaller.Cost.Pages+smaller.Cost.Pages/10+deeper {
			faults = append(faults, fmt.Errorf("%s: %d pages at size %d and %d at %d, where deeper trees are worth %d",
				r.name(), smaller.Cost.Pages, smaller.Size, r.Cost.Pages, r.Size, deeper))
		}
	}
	return errors.Join(faults...)
}
