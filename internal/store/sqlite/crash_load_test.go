package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"accord/internal/store"
	"accord/internal/store/sqlite"
	"accord/internal/store/storetest"
)

// crashFile, in the environment, makes this test program a process under load:
// it works on that file until it is killed. crashName tells its batches from
// those of other rounds, crashCheckpoints adds one checkpoint after the other.
const (
	crashFile        = "ACCORD_TEST_CRASH_FILE"
	crashName        = "ACCORD_TEST_CRASH_NAME"
	crashCheckpoints = "ACCORD_TEST_CRASH_CHECKPOINTS"
)

// What the process under load says on its standard output, a line each: that it
// opens the store, that it has, and every batch that was acknowledged.
const (
	sayOpening      = "opening"
	sayOpen         = "open"
	sayAcknowledged = "acknowledged "
)

// told is what a batch did. It is the batch's log entry, so that the log is the
// history of the store and everything else has to follow from it.
type told struct {
	Batch     string           `json:"batch"`
	Documents map[string]int64 `json:"documents,omitempty"` // the versions written
	Receipt   string           `json:"receipt,omitempty"`
	Posted    []string         `json:"posted,omitempty"`
	Delivered []string         `json:"delivered,omitempty"`
	Excluded  []string         `json:"excluded,omitempty"` // principals, from the family crashFamily
	Lifted    []string         `json:"lifted,omitempty"`
	Behind    bool             `json:"behind,omitempty"` // a second entry comes with the first
}

// behind is the second entry of a batch that has two.
func behind(batch string) []byte { return []byte("behind " + batch) }

const (
	crashPerson = "ann"
	crashFamily = "family"
	hotCases    = 4
)

var (
	crashSeen  = store.Index{Name: "seen", Kind: "case", Equal: []string{"status"}, Order: "at", Descending: true, Visible: true}
	crashAll   = store.Index{Name: "all", Kind: "case"}
	crashBatch = store.Index{Name: "by_batch", Kind: "case", Equal: []string{"batch"}, Order: "at"}
)

func familyMembers() []string {
	return []string{"member_1", "member_2", "member_3", "member_4", "member_5"}
}

// marked is a document that says in every part of it which batch wrote it.
func marked(id, family, batch string, version int64) store.Document {
	return store.Document{
		ID: id, Kind: "case", Family: family, Version: version,
		Tokens: storetest.Sorted([]string{"all", "batch:" + batch}),
		Fields: []store.Field{
			{Name: "at", Value: store.Number(version)},
			{Name: "batch", Value: store.Text(batch)},
			{Name: "status", Value: store.Text("OPEN")},
		},
		Sections: []store.Section{{Name: "CONTENT", Version: version, Sealed: contentOf(id, batch)}},
	}
}

// contentOf is between nothing and some pages of the file.
func contentOf(id, batch string) []byte {
	text := id + " by " + batch + "; "
	return bytes.Repeat([]byte(text), (len(id)*31+int(batch[len(batch)-1])*53)%500)
}

// load is the process under load.
type load struct {
	store *sqlite.Store
	name  string
	next  atomic.Int64

	say    func(line string) // called by one goroutine at a time
	saying sync.Mutex
}

// loadUntilKilled returns only when something is wrong.
func loadUntilKilled(path string) error {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	// A line is written at once: a part of one is no line.
	say := func(line string) { _, _ = os.Stdout.WriteString(line + "\n") } // whoever reads it has the knife
	l := &load{name: os.Getenv(crashName), say: say}
	l.say(sayOpening)
	var err error
	l.store, err = openCrashed(ctx, path)
	if err != nil {
		return err
	}
	l.say(sayOpen)
	work := []func(context.Context, *rand.Rand) error{
		l.changeHot, l.changeHot, l.create, l.changeFamily, l.exclude, l.keep, l.post, l.deliver, l.read,
	}
	if os.Getenv(crashCheckpoints) != "" {
		db, err := sql.Open("sqlite", path)
		if err != nil {
			return fmt.Errorf("open the file for checkpoints: %w", err)
		}
		work = append(work, func(ctx context.Context, random *rand.Rand) error { return checkpoint(ctx, db, random) })
	}
	var wait sync.WaitGroup
	for worker, step := range work {
		wait.Go(func() {
			random := rand.New(rand.NewPCG(uint64(worker), uint64(len(l.name))))
			for ctx.Err() == nil {
				if err := step(ctx, random); err != nil && !errors.Is(err, store.ErrStale) {
					cancel(err)
				}
			}
		})
	}
	wait.Wait()
	return context.Cause(ctx)
}

func openCrashed(ctx context.Context, path string) (*sqlite.Store, error) {
	s, err := sqlite.Open(ctx, sqlite.Options{
		Path: path, Indexes: []store.Index{crashSeen, crashAll, crashBatch}, Sign: storetest.Sign, Clock: noon,
	})
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	return s, nil
}

// apply commits a batch under what it is told to have done, and says so once it
// is acknowledged.
func (l *load) apply(ctx context.Context, t told, b store.Batch) error {
	for _, w := range b.Writes {
		if t.Documents == nil {
			t.Documents = map[string]int64{}
		}
		t.Documents[w.Document.ID] = w.Document.Version
	}
	entry, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("encode what is told: %w", err)
	}
	b.Entries = [][]byte{entry}
	if t.Behind {
		b.Entries = append(b.Entries, behind(t.Batch))
	}
	if err := l.store.Apply(ctx, b); err != nil {
		return fmt.Errorf("batch %s: %w", entry, err)
	}
	l.saying.Lock()
	defer l.saying.Unlock()
	l.say(sayAcknowledged + string(entry))
	return nil
}

func (l *load) batch() string { return fmt.Sprintf("%s-%d", l.name, l.next.Add(1)) }

// rewrite is the next version of a document as it is, or its first.
func (l *load) rewrite(ctx context.Context, id, family, batch string) (store.Write, error) {
	d, err := l.store.Get(ctx, id)
	if err != nil && !errors.Is(err, store.ErrAbsent) {
		return store.Write{}, fmt.Errorf("read %s: %w", id, err)
	}
	return store.Write{Document: marked(id, family, batch, d.Version+1), Expect: d.Version}, nil
}

func (l *load) changeHot(ctx context.Context, random *rand.Rand) error {
	batch, id := l.batch(), fmt.Sprint("hot_", random.IntN(hotCases))
	w, err := l.rewrite(ctx, id, id, batch)
	if err != nil {
		return err
	}
	return l.apply(ctx, told{Batch: batch, Behind: random.IntN(4) == 0}, store.Batch{Family: id, Writes: []store.Write{w}})
}

func (l *load) create(ctx context.Context, _ *rand.Rand) error {
	batch := l.batch()
	id := "case_" + batch
	return l.apply(ctx, told{Batch: batch}, store.Batch{Family: id, Writes: []store.Write{{Document: marked(id, id, batch, 1)}}})
}

// wholeFamily is the batch that writes every member of the family.
func (l *load) wholeFamily(ctx context.Context, batch string) (store.Batch, error) {
	b := store.Batch{Family: crashFamily}
	for _, id := range familyMembers() {
		w, err := l.rewrite(ctx, id, crashFamily, batch)
		if err != nil {
			return b, err
		}
		b.Writes = append(b.Writes, w)
	}
	return b, nil
}

func (l *load) changeFamily(ctx context.Context, random *rand.Rand) error {
	batch := l.batch()
	b, err := l.wholeFamily(ctx, batch)
	if err != nil {
		return err
	}
	return l.apply(ctx, told{Batch: batch, Behind: random.IntN(2) == 0}, b)
}

// exclude keeps somebody from the family or lets them in again, together with a
// change of it.
func (l *load) exclude(ctx context.Context, random *rand.Rand) error {
	batch := l.batch()
	b, err := l.wholeFamily(ctx, batch)
	if err != nil {
		return err
	}
	t, principal := told{Batch: batch}, fmt.Sprint("principal-", random.IntN(3))
	lifted := random.IntN(2) == 0
	if lifted {
		t.Lifted = []string{principal}
	} else {
		t.Excluded = []string{principal}
	}
	b.Excluded = []store.Exclusion{{Principal: principal, Family: crashFamily, Lifted: lifted}}
	return l.apply(ctx, t, b)
}

// keep keeps a receipt with a change, and tries the same change again.
func (l *load) keep(ctx context.Context, random *rand.Rand) error {
	batch, id := l.batch(), fmt.Sprint("hot_", random.IntN(hotCases))
	w, err := l.rewrite(ctx, id, id, batch)
	if err != nil {
		return err
	}
	b := store.Batch{
		Family: id, Writes: []store.Write{w},
		Receipt: &store.Receipt{Person: crashPerson, Key: batch, Input: []byte(batch), Result: []string{id}, Until: noon().Add(time.Hour)},
	}
	if err := l.apply(ctx, told{Batch: batch, Receipt: batch}, b); err != nil {
		return err
	}
	if err := l.store.Apply(ctx, b); !errors.Is(err, store.ErrDuplicate) {
		return fmt.Errorf("a retry of batch %s: got %w", batch, err)
	}
	return nil
}

func (l *load) post(ctx context.Context, random *rand.Rand) error {
	batch, t, b := l.batch(), told{}, store.Batch{}
	t.Batch = batch
	for n := range 1 + random.IntN(3) {
		id := fmt.Sprint(batch, "/", n)
		t.Posted = append(t.Posted, id)
		b.Outbox = append(b.Outbox, store.Message{ID: id, Topic: "topic"})
	}
	return l.apply(ctx, t, b)
}

func (l *load) deliver(ctx context.Context, random *rand.Rand) error {
	messages, err := l.store.Outbox(ctx, 1+random.IntN(5))
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	batch := l.batch()
	t := told{Batch: batch}
	for _, m := range messages {
		t.Delivered = append(t.Delivered, m.ID)
	}
	id := "case_" + batch
	return l.apply(ctx, t, store.Batch{
		Family: id, Writes: []store.Write{{Document: marked(id, id, batch, 1)}}, Delivered: t.Delivered,
	})
}

// read looks at a family, which is never seen in halves, and pages through what
// there is.
func (l *load) read(ctx context.Context, _ *rand.Rand) error {
	members, err := l.store.Families(ctx, "case", []string{crashFamily}, 10)
	if err != nil {
		return fmt.Errorf("read the family: %w", err)
	}
	for _, d := range members {
		if err := isWhole(d); err != nil {
			return err
		}
		if d.Version != members[0].Version || len(members) != len(familyMembers()) {
			return fmt.Errorf("the family was read in halves: %d members, versions %d and %d", len(members), members[0].Version, d.Version)
		}
	}
	_, err = l.store.Find(ctx, store.Query{
		Index: crashSeen.Name, Equal: []store.Value{store.Text("OPEN")}, Tokens: []string{"all"}, Excluded: "principal-1", Limit: 50,
	})
	if err != nil {
		return fmt.Errorf("find: %w", err)
	}
	return nil
}

// isWhole checks that every part of a document was written by one batch.
func isWhole(d store.Document) error {
	field, _ := d.Field("batch")
	want := marked(d.ID, d.Family, field.Text, d.Version)
	content, _ := d.Section("CONTENT")
	if field.Text == "" || strings.Join(d.Tokens, " ") != strings.Join(want.Tokens, " ") ||
		!bytes.Equal(content.Sealed, want.Sections[0].Sealed) || content.Version != d.Version {
		return fmt.Errorf("document %s of version %d is not of one batch", d.ID, d.Version)
	}
	return nil
}

// checkpoint moves the write-ahead log into the file, which a store under load
// does once in a thousand pages.
func checkpoint(ctx context.Context, db *sql.DB, random *rand.Rand) error {
	modes := []string{"PASSIVE", "RESTART", "TRUNCATE"}
	if _, err := db.ExecContext(ctx, "PRAGMA wal_checkpoint("+modes[random.IntN(len(modes))]+")"); err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	return nil
}
