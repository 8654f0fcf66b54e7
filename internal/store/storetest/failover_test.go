package storetest_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"accord/internal/store"
	"accord/internal/store/storetest"
)

// disturb lets a store with a defect, or none, go through a disturbance in which
// some outcomes are unknown, and returns what was found.
func disturb(t *testing.T, defect func(*mutant, *brokenLog)) (storetest.Disturbance, error) {
	t.Helper()
	var report storetest.Disturbance
	found := storetest.Try(t.Context(), "disturbance", time.Minute, func(tb storetest.TB) {
		s := openWith(t, defect).Opened(tb, storetest.Indexes())
		report = storetest.Disturb(tb, s, ticking(), func(context.Context) error { return nil })
	})
	return report, found
}

// ticking is a clock that goes on a millisecond whenever it is looked at.
func ticking() func() time.Time {
	var looks atomic.Int64
	return func() time.Time {
		return time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC).Add(time.Duration(looks.Add(1)) * time.Millisecond)
	}
}

var errUnknown = errors.New("the connection is gone")

// everyTenth makes every tenth change of a counter another one.
func everyTenth(other func(ctx context.Context, m *mutant, b store.Batch) error) func(*mutant, *brokenLog) {
	return func(m *mutant, _ *brokenLog) {
		var applied atomic.Int64
		m.apply = func(ctx context.Context, b store.Batch) error {
			if b.Receipt != nil && applied.Add(1)%10 == 0 {
				return other(ctx, m, b)
			}
			return m.Store.Apply(ctx, b)
		}
	}
}

// A commit whose answer is lost is asked for again, and its receipt keeps it from
// happening twice.
func TestADisturbanceLosesNothingAndRepeatsNothing(t *testing.T) {
	report, found := disturb(t, everyTenth(func(ctx context.Context, m *mutant, b store.Batch) error {
		if err := m.Store.Apply(ctx, b); err != nil {
			return err
		}
		return errUnknown
	}))
	if found != nil {
		t.Fatal(found)
	}
	if report.Acknowledged < 400 || report.Repeated == 0 || report.Refused <= 0 {
		t.Errorf("the disturbance is reported as %+v", report)
	}
}

func TestWhatADisturbanceBreaksIsFound(t *testing.T) {
	for name, c := range map[string]struct {
		defect func(*mutant, *brokenLog)
		finds  string
	}{
		"acknowledged and lost": {
			everyTenth(func(context.Context, *mutant, store.Batch) error { return nil }), "was acknowledged and is lost",
		},
		"applied twice": {
			everyTenth(func(ctx context.Context, m *mutant, b store.Batch) error {
				b.Receipt = nil
				if err := m.Store.Apply(ctx, b); err != nil {
					return err
				}
				return errUnknown
			}), "was applied ",
		},
		"half applied": {
			everyTenth(func(ctx context.Context, m *mutant, b store.Batch) error {
				b.Entries = nil
				return m.Store.Apply(ctx, b)
			}), "was acknowledged and is lost",
		},
		"a receipt forgotten": {
			everyTenth(func(ctx context.Context, m *mutant, b store.Batch) error {
				b.Receipt = nil
				return m.Store.Apply(ctx, b)
			}), "has no receipt",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if _, found := disturb(t, c.defect); found == nil || !strings.Contains(found.Error(), c.finds) {
				t.Errorf("found %v", found)
			}
		})
	}
}

func TestATrialEndsWhateverTheCheckDoes(t *testing.T) {
	for name, c := range map[string]struct {
		check func(storetest.TB)
		finds string
	}{
		"nothing":  {func(storetest.TB) {}, ""},
		"an error": {func(tb storetest.TB) { tb.Errorf("first\n\tof\x00 %d", 2); tb.Error("second") }, "first of\ufffd 2"},
		"a panic":  {func(storetest.TB) { panic("a\nb") }, "panic: a b"},
		"its end":  {func(tb storetest.TB) { tb.Fatal("no more"); panic("went on") }, "no more"},
		"a late panic": {
			func(tb storetest.TB) { tb.Cleanup(func() { panic("late") }) }, "panic: late",
		},
		"too long": {func(tb storetest.TB) { <-tb.Context().Done() }, "not done after 20ms"},
	} {
		t.Run(name, func(t *testing.T) {
			patience := time.Minute
			if name == "too long" {
				patience = 20 * time.Millisecond
			}
			closed := false
			err := storetest.Try(t.Context(), name, patience, func(tb storetest.TB) {
				tb.Cleanup(func() { closed = true })
				c.check(tb)
			})
			if got := errorText(err); got != c.finds || !closed {
				t.Errorf("found %q, want %q; cleaned up: %v", got, c.finds, closed)
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestATrialThatIsBrokenOffSaysSo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	err := storetest.Try(ctx, "long", time.Minute, func(tb storetest.TB) {
		cancel()
		<-tb.Context().Done()
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("found %v", err)
	}
}
