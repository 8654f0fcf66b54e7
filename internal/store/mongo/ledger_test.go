package mongo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"accord/internal/store"
	"accord/internal/store/mongo/mongotest"
)

// blank is a ledger of an empty store at noon, to which a test gives what the
// cluster holds.
func blank(t *testing.T, holds ...store.Document) *ledger {
	t.Helper()
	declared, err := store.Declare(nil, someIndexes)
	if err != nil {
		t.Fatal(err)
	}
	edge, err := store.LoadEdge(0, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &Store{declared: declared, slots: assignSlots(declared, nil)}
	l := &ledger{
		store: s, now: noon, edge: edge,
		stored: map[string]store.Document{}, documents: map[string]store.Document{}, claimed: map[string]string{}, claims: map[string]string{},
		receipts: map[string]bool{}, kept: map[string]store.Receipt{}, excluded: map[store.Exclusion]bool{},
		waiting: map[string]bool{}, delivered: map[string]bool{}, bodies: map[string]bson.Raw{},
	}
	for _, d := range holds {
		l.stored[d.ID], l.documents[d.ID] = d, d
		for _, id := range s.claimsOf(d) {
			l.claimed[id], l.claims[id] = d.ID, d.ID
		}
	}
	return l
}

// leaves is what a ledger has gathered to be written, in words.
func (l *ledger) leaves() string {
	var all []string
	for _, id := range l.written {
		all = append(all, fmt.Sprintf("%s at %d", id, l.documents[id].Version))
	}
	for _, id := range slices.Sorted(maps.Keys(l.claims)) {
		all = append(all, strings.ReplaceAll(id, "\x00", " ")+"of "+l.claims[id])
	}
	for _, id := range slices.Sorted(maps.Keys(l.kept)) {
		all = append(all, "receipt "+strings.ReplaceAll(id, "\x00", " "))
	}
	for x, stands := range l.excluded {
		all = append(all, fmt.Sprintf("%s excluded %t", x.Principal, stands))
	}
	for _, m := range l.messages {
		all = append(all, fmt.Sprintf("message %s as %d", m.ID, m.Sequence))
	}
	for _, id := range slices.Sorted(maps.Keys(l.delivered)) {
		all = append(all, "delivered "+id)
	}
	for _, e := range l.entries {
		all = append(all, fmt.Sprintf("entry %d %s", e.Number, e.Data))
	}
	return strings.Join(all, ", ")
}

// together is a batch over several documents of the family "f".
func together(writes ...store.Write) store.Batch { return store.Batch{Family: "f", Writes: writes} }

// named is a note of the family "f" at a version, with a reference unless that is
// empty.
func named(id string, version int64, reference string) store.Document {
	d := store.Document{ID: id, Kind: "note", Family: "f", Version: version}
	if reference != "" {
		d.Fields = []store.Field{text("reference", reference)}
	}
	return d
}

func write(d store.Document) store.Write { return store.Write{Document: d, Expect: d.Version - 1} }

func TestALedgerJudgesBatchesOneAfterTheOther(t *testing.T) {
	t.Parallel()
	receipt := func(until time.Time) store.Batch {
		return store.Batch{Receipt: &store.Receipt{Person: "ann", Key: "k", Until: until}}
	}
	post := store.Batch{Outbox: []store.Message{{ID: "m", Topic: "t"}}}
	deliver := store.Batch{Delivered: []string{"m"}}
	guard := func(id string, version int64) store.Batch {
		return store.Batch{Family: "f", Guards: []store.Guard{{ID: id, Version: version}}}
	}
	everythingAtOnce := store.Batch{
		Family: "f", Writes: []store.Write{write(named("n", 1, "A"))}, Excluded: []store.Exclusion{{Principal: "bob", Family: "f"}},
		Receipt: &store.Receipt{Person: "ann", Key: "k", Until: noon}, Outbox: []store.Message{{ID: "m", Topic: "t"}}, Entries: [][]byte{[]byte("one")},
	}
	stale := everythingAtOnce
	stale.Guards = []store.Guard{{ID: "g", Version: 7}}
	taken := everythingAtOnce
	taken.Writes = []store.Write{write(named("n", 1, "A")), write(named("o", 1, "A"))}
	type given func(*ledger)
	for _, c := range []struct {
		sentence string
		holds    []store.Document
		given    given
		batches  []store.Batch
		outcomes []error
		leaves   string
	}{
		{
			sentence: "keys that are exchanged within a batch",
			holds:    []store.Document{named("n", 1, "A"), named("o", 1, "B")},
			batches:  []store.Batch{together(write(named("n", 2, "B")), write(named("o", 2, "A")))},
			outcomes: []error{nil}, leaves: "n at 2, o at 2, reference tA of o, reference tB of n",
		},
		{
			sentence: "a key that is kept",
			holds:    []store.Document{named("n", 1, "A")},
			batches:  []store.Batch{together(write(named("n", 2, "A")))}, outcomes: []error{nil}, leaves: "n at 2, reference tA of n",
		},
		{
			sentence: "a key that is taken by two of one batch",
			batches:  []store.Batch{together(write(named("n", 1, "A")), write(named("o", 1, "A")))}, outcomes: []error{store.ErrDuplicate},
		},
		{
			sentence: "a key given back by one batch and taken by the next",
			holds:    []store.Document{named("n", 1, "A")},
			batches:  []store.Batch{together(write(named("n", 2, ""))), together(write(named("o", 1, "A")))},
			outcomes: []error{nil, nil}, leaves: "n at 2, o at 1, reference tA of o",
		},
		{
			sentence: "a key taken by one batch and wanted by the next",
			batches:  []store.Batch{together(write(named("n", 1, "A"))), together(write(named("o", 1, "A")))},
			outcomes: []error{nil, store.ErrDuplicate}, leaves: "n at 1, reference tA of n",
		},
		{
			sentence: "a key that goes from hand to hand and back",
			holds:    []store.Document{named("n", 1, "A"), named("o", 1, "")},
			batches: []store.Batch{
				together(write(named("n", 2, "")), write(named("o", 2, "A"))), together(write(named("o", 3, "")), write(named("n", 3, "A"))),
			},
			outcomes: []error{nil, nil}, leaves: "n at 3, o at 3, reference tA of n",
		},
		{
			sentence: "a message posted and delivered within the group is neither posted nor delivered, and its number is not given again",
			batches:  []store.Batch{post, deliver, {Outbox: []store.Message{{ID: "o", Topic: "t"}}}}, outcomes: []error{nil, nil, nil}, leaves: "message o as 1",
		},
		{
			sentence: "a message posted, delivered and posted again",
			batches:  []store.Batch{post, deliver, post}, outcomes: []error{nil, nil, nil}, leaves: "message m as 1",
		},
		{
			sentence: "a message posted twice", batches: []store.Batch{post, post}, outcomes: []error{nil, store.ErrDuplicate}, leaves: "message m as 0",
		},
		{
			sentence: "a message of the cluster, delivered and posted again at once",
			given:    func(l *ledger) { l.waiting["m"] = true },
			batches:  []store.Batch{post, {Delivered: []string{"m"}, Outbox: post.Outbox}},
			outcomes: []error{store.ErrDuplicate, nil}, leaves: "message m as 0, delivered m",
		},
		{
			sentence: "a message that was delivered before is passed over", batches: []store.Batch{deliver}, outcomes: []error{nil},
		},
		{
			sentence: "a receipt that lives for this millisecond", batches: []store.Batch{receipt(noon), receipt(noon)},
			outcomes: []error{nil, store.ErrDuplicate}, leaves: "receipt ann k",
		},
		{
			sentence: "a receipt that lived within the millisecond", batches: []store.Batch{receipt(noon.Add(999 * time.Microsecond)), receipt(noon)},
			outcomes: []error{nil, store.ErrDuplicate}, leaves: "receipt ann k",
		},
		{
			sentence: "a receipt that is a millisecond dead", batches: []store.Batch{receipt(noon.Add(-time.Millisecond)), receipt(noon)},
			outcomes: []error{nil, nil}, leaves: "receipt ann k",
		},
		{
			sentence: "a dead receipt of the cluster", given: func(l *ledger) { l.receipts[joined("ann", "k")] = false },
			batches: []store.Batch{receipt(noon)}, outcomes: []error{nil}, leaves: "receipt ann k",
		},
		{
			sentence: "a retry learns that it is one, though its guards no more hold",
			given:    func(l *ledger) { l.receipts[joined("ann", "k")] = true },
			batches:  []store.Batch{stale}, outcomes: []error{store.ErrDuplicate},
		},
		{
			sentence: "a guard on what a batch before has written",
			batches:  []store.Batch{together(write(named("n", 1, ""))), guard("n", 1), together(write(named("n", 2, ""))), guard("n", 1), guard("n", 2)},
			outcomes: []error{nil, nil, nil, store.ErrStale, nil}, leaves: "n at 2",
		},
		{sentence: "a guard on nothing", batches: []store.Batch{guard("n", 1)}, outcomes: []error{store.ErrStale}},
		{
			sentence: "a write of what a batch before has written",
			batches:  []store.Batch{together(write(named("n", 1, ""))), together(write(named("n", 1, ""))), together(write(named("n", 2, "")))},
			outcomes: []error{nil, store.ErrStale, nil}, leaves: "n at 2",
		},
		{
			sentence: "a refusal leaves nothing",
			holds:    []store.Document{named("g", 1, "")}, batches: []store.Batch{stale, taken, everythingAtOnce},
			outcomes: []error{store.ErrStale, store.ErrDuplicate, nil},
			leaves:   "n at 1, reference tA of n, receipt ann k, bob excluded true, message m as 0, entry 0 one",
		},
		{
			sentence: "the last word on an exclusion counts",
			batches: []store.Batch{
				{Family: "f", Excluded: []store.Exclusion{{Principal: "bob", Family: "f"}, {Principal: "bob", Family: "f", Lifted: true}}},
				{Family: "f", Excluded: []store.Exclusion{{Principal: "bob", Family: "f"}}},
			},
			outcomes: []error{nil, nil}, leaves: "bob excluded true",
		},
	} {
		l := blank(t, c.holds...)
		if c.given != nil {
			c.given(l)
		}
		for i, b := range c.batches {
			if err := l.enter(turn(t, b)); !errors.Is(err, c.outcomes[i]) || (err == nil) != (c.outcomes[i] == nil) {
				t.Errorf("%s: batch %d is told %v and not %v", c.sentence, i, err, c.outcomes[i])
			}
		}
		if got := l.leaves(); got != c.leaves {
			t.Errorf("%s: it leaves\n%q and not\n%q", c.sentence, got, c.leaves)
		}
	}
}

func TestALedgerRefusesWhatNoProgramMayAsk(t *testing.T) {
	t.Parallel()
	moved := named("n", 2, "")
	moved.Family = "g"
	turned := named("n", 2, "")
	turned.Kind = "case"
	for want, b := range map[string]store.Batch{
		`document "n" would change its family or kind`:         {Family: "g", Writes: []store.Write{write(moved)}},
		`document "n" would change its family or kind `:        together(write(turned)),
		`document "n" is guarded by a batch of another family`: {Family: "g", Guards: []store.Guard{{ID: "n", Version: 1}}},
	} {
		l := blank(t, named("n", 1, ""))
		refusedWith(t, l.enter(turn(t, b)), strings.TrimSpace(want))
		if got := l.leaves(); got != "" {
			t.Errorf("it leaves %q", got)
		}
	}
}

func TestAHeadIsSignedWhenTheLogHasGrown(t *testing.T) {
	t.Parallel()
	var h tlog.Hash
	edge, err := store.LoadEdge(1, []tlog.Hash{h}, h[:])
	if err != nil {
		t.Fatal(err)
	}
	l := blank(t)
	l.edge = edge
	set, err := l.signedHead(signed)
	if err != nil || len(set) != 1 {
		t.Errorf("a head that has not grown is set to %v, and %v", set, err)
	}
	if err := l.enter(turn(t, logging("two"))); err != nil {
		t.Fatal(err)
	}
	set, err = l.signedHead(signed)
	if err != nil || fmt.Sprint(set[1]) != "{size 2}" || string(set[4].Value.([]byte)) != "2 entries" {
		t.Errorf("a head that has grown is set to %v, and %v", set, err)
	}
}

var commitCount = regexp.MustCompile(`"commits":\d+`)

// outcomeOf is an outcome as a caller can tell it.
func outcomeOf(err error) string {
	switch {
	case err == nil:
		return "done"
	case errors.Is(err, store.ErrStale):
		return "stale"
	case errors.Is(err, store.ErrDuplicate):
		return "duplicate"
	default:
		return err.Error()
	}
}

// drawnBatch is a batch in a small world, where keys collide and guards are stale.
func drawnBatch(t *rapid.T, number int) store.Batch {
	b := store.Batch{Family: "f"}
	ids := rapid.Permutation([]string{"a", "b", "c", "d"}).Draw(t, "ids")
	writes := rapid.IntRange(0, 3).Draw(t, "writes")
	version := func() int64 { return rapid.SampledFrom([]int64{0, 0, 0, 1, 1, 2}).Draw(t, "version") }
	for _, id := range ids[:writes] {
		b.Writes = append(b.Writes, write(named(id, version()+1, rapid.SampledFrom([]string{"", "A", "B"}).Draw(t, "reference"))))
	}
	if rapid.IntRange(0, 3).Draw(t, "guards") == 0 {
		b.Guards = []store.Guard{{ID: ids[3], Version: version() + 1}}
	}
	if rapid.Bool().Draw(t, "excludes") {
		b.Excluded = []store.Exclusion{{Principal: "bob", Family: "f", Lifted: rapid.Bool().Draw(t, "lifted")}}
	}
	if rapid.Bool().Draw(t, "keeps") {
		until := noon.Add(time.Duration(rapid.IntRange(-1, 0).Draw(t, "until")) * time.Millisecond)
		b.Receipt = &store.Receipt{Person: "ann", Key: rapid.SampledFrom([]string{"k", "l", "m"}).Draw(t, "key"), Until: until, Result: []string{strconv.Itoa(number)}}
	}
	messages := []string{"m", "n"}
	if rapid.Bool().Draw(t, "posts") {
		b.Outbox = []store.Message{{ID: rapid.SampledFrom(messages).Draw(t, "posted"), Topic: strconv.Itoa(number)}}
	}
	if rapid.Bool().Draw(t, "delivers") {
		b.Delivered = []string{rapid.SampledFrom(messages).Draw(t, "delivered")}
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "entries") {
		b.Entries = append(b.Entries, fmt.Appendf(nil, "%d of %d", i, number))
	}
	return b
}

func TestBatchesCommittedTogetherLeaveWhatTheyLeaveOneByOne(t *testing.T) {
	t.Parallel()
	start := func() (*Store, *mongo.Database, *mongotest.Server) {
		server := mongotest.Start(t, mongotest.Options{})
		return opened(t, server), reached(t, server), server
	}
	atOnce, atOnceHolds, _ := start()
	oneByOne, oneByOneHolds, _ := start()
	empty := func(database *mongo.Database) {
		for _, name := range collections() {
			if name != stateCollection && name != logCollection {
				if _, err := database.Collection(name).DeleteMany(t.Context(), bson.D{}, options.DeleteMany().SetHint(byID)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		empty(atOnceHolds)
		empty(oneByOneHolds)
		number := 0
		for range rapid.IntRange(1, 3).Draw(rt, "groups") {
			var group []*store.Turn
			var want []string
			for range rapid.IntRange(1, 5).Draw(rt, "batches") {
				number++
				b := drawnBatch(rt, number)
				group = append(group, turn(t, b))
				want = append(want, outcomeOf(oneByOne.Apply(context.Background(), b)))
			}
			outcomes, err := atOnce.commit(context.Background(), group)
			if err != nil {
				rt.Fatal(err)
			}
			var got []string
			for i, outcome := range outcomes {
				if outcome != nil && outcomeOf(outcome) == outcome.Error() {
					outcome = fmt.Errorf("apply: %w", outcome)
				}
				got = append(got, outcomeOf(outcome))
				if got[i] != want[i] {
					rt.Fatalf("batch %d is told %q together and %q alone", i, got[i], want[i])
				}
			}
		}
		together := commitCount.ReplaceAllString(everything(t, atOnceHolds), "")
		alone := commitCount.ReplaceAllString(everything(t, oneByOneHolds), "")
		if together != alone {
			rt.Fatalf("together they leave\n%s\nand one by one\n%s", together, alone)
		}
	})
	if slices.Compare(entries(t, atOnce), entries(t, oneByOne)) != 0 {
		t.Error("the logs differ")
	}
}
