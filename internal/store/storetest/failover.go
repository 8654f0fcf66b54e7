package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"accord/internal/store"
)

// Disturbance is what a store came through.
type Disturbance struct {
	Acknowledged int           // changes, before and after
	Repeated     int           // changes whose outcome was unknown and that were tried again
	Refused      time.Duration // the longest time in which no change was acknowledged
}

// The load of a disturbance: so many writers take turns at fewer counters, until
// each has made so many changes after the disturbance was over.
const (
	loadWriters  = 8
	loadCounters = 3
	loadBefore   = 50
	loadAfter    = 50
	pauseOfLoad  = 20 * time.Millisecond // before a change is tried again
)

// Disturb disturbs a store in the middle of a load of guarded changes with
// receipts, and fails when a change that was acknowledged is lost, when one is
// applied twice, or when the log does not verify. A change whose outcome is
// unknown is tried again with its receipt, as a caller of Accord would.
func Disturb(t TB, s store.Store, clock func() time.Time, disturb func(context.Context) error) Disturbance {
	t.Helper()
	l := &load{TB: t, store: s, clock: clock, enough: make(chan struct{})}
	for n := range loadCounters {
		bench{t, s}.save(note(counter(n), 1, "at", 0))
	}
	l.latest = clock()
	over := make(chan struct{})
	var wait sync.WaitGroup
	for writer := range loadWriters {
		wait.Go(func() { l.write(writer, over) })
	}
	ended := make(chan struct{})
	go func() {
		wait.Wait()
		close(ended)
	}()
	select {
	case <-l.enough:
	case <-ended: // nobody could go on
	}
	if err := disturb(t.Context()); err != nil {
		t.Errorf("disturb: %v", err)
	}
	close(over)
	<-ended
	l.judge()
	return Disturbance{Acknowledged: len(l.acknowledged), Repeated: l.repeated, Refused: l.refused}
}

func counter(n int) string { return fmt.Sprintf("counter-%d", n) }

type load struct {
	TB
	store  store.Store
	clock  func() time.Time
	enough chan struct{} // closed when there was enough load to disturb

	mu           sync.Mutex
	acknowledged []string // names of changes
	repeated     int
	latest       time.Time
	refused      time.Duration
}

// write makes changes until there were enough after the disturbance.
func (l *load) write(writer int, over <-chan struct{}) {
	for n, after := 0, 0; after < loadAfter; n++ {
		select {
		case <-over:
			after++
		default:
		}
		name := fmt.Sprintf("%d-%d", writer, n)
		if err := l.change(counter((writer+n)%loadCounters), name); err != nil {
			l.Errorf("change %s: %v", name, err)
			return
		}
		l.acknowledge(name)
	}
}

func (l *load) acknowledge(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock()
	l.refused = max(l.refused, now.Sub(l.latest))
	l.latest = now
	l.acknowledged = append(l.acknowledged, name)
	if len(l.acknowledged) == loadBefore {
		close(l.enough)
	}
}

// change adds one to a counter and returns when that is acknowledged: by Apply,
// or by the receipt of a try whose outcome was unknown.
func (l *load) change(id, name string) error {
	for {
		d, err := l.store.Get(l.Context(), id)
		if err == nil {
			err = l.store.Apply(l.Context(), counted(d, name))
		}
		switch {
		case err == nil, errors.Is(err, store.ErrDuplicate):
			return nil // a duplicate is the receipt of a try before this one
		case errors.Is(err, store.ErrStale):
		case l.Context().Err() != nil:
			return err //nolint:wrapcheck // the caller names the change
		default:
			l.mu.Lock()
			l.repeated++
			l.mu.Unlock()
			select {
			case <-l.Context().Done():
			case <-time.After(pauseOfLoad):
			}
		}
	}
}

// counted is the batch that counts one more, under a name.
func counted(d store.Document, name string) store.Batch {
	at, _ := d.Field("at")
	batch := batchOf(note(d.ID, d.Version+1, "at", int(at.Number)+1))
	batch.Receipt = &store.Receipt{Person: "load", Key: name, Until: farFuture}
	batch.Entries = [][]byte{fmt.Appendf(nil, "%s %s", d.ID, name)}
	return batch
}

// judge compares what was acknowledged with what is there.
func (l *load) judge() {
	if l.Failed() {
		return
	}
	b := bench{l.TB, l.store}
	VerifyLog(l.TB, l.store)
	entered := map[string]int{}
	counts := map[string]int64{}
	for _, entry := range b.entries() {
		id, name, _ := strings.Cut(string(entry), " ")
		entered[name]++
		counts[id]++
	}
	for name, times := range entered {
		if times > 1 {
			l.Fatalf("change %s was applied %d times", name, times)
		}
	}
	for _, name := range l.acknowledged {
		if entered[name] == 0 {
			l.Fatalf("change %s was acknowledged and is lost", name)
		}
		if _, err := l.store.Receipt(l.Context(), "load", name); err != nil {
			l.Fatalf("change %s was acknowledged and has no receipt: %v", name, err)
		}
	}
	for n := range loadCounters {
		d, err := l.store.Get(l.Context(), counter(n))
		if err != nil {
			l.Fatal(err)
		}
		if at, _ := d.Field("at"); at.Number != counts[d.ID] || d.Version-1 != counts[d.ID] {
			l.Fatalf("%s says %d at version %d, and the log has %d changes of it", d.ID, at.Number, d.Version, counts[d.ID])
		}
	}
}
