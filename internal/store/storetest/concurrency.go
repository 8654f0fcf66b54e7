package storetest

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"

	"accord/internal/store"
)

func concurrencySay(say says, settings Settings) {
	increments := int64(settings.increments())
	say("loses no guarded change of one document", func(t TB, open Open) {
		b := begin(t, open)
		b.save(note("counter", 1, "at", 0))
		var done atomic.Int64
		var wait sync.WaitGroup
		for range 16 {
			wait.Go(func() {
				for done.Load() < increments {
					switch err := increment(b); {
					case err == nil:
						done.Add(1)
					case !errors.Is(err, store.ErrStale):
						t.Errorf("increment: %v", err)
						return
					}
				}
			})
		}
		wait.Wait()
		d, err := b.Get(t.Context(), "counter")
		if err != nil {
			t.Fatal(err)
		}
		at, _ := d.Field("at")
		b.equal([]int64{at.Number, d.Version - 1, b.head().N}, []int64{done.Load(), done.Load(), done.Load()})
		for i, entry := range b.entries() {
			b.equal(string(entry), strconv.Itoa(i+1)) // the log is in the order of the commits
		}
	})
	say("a read sees what returned before it began, and never a part of a batch", func(t TB, open Open) {
		b := begin(t, open)
		pair := func(version int64) store.Batch {
			at := int(version)
			return batchOf(inFamily("f", openCase("left", version, at, "u:ann")), inFamily("f", openCase("right", version, at, "u:ann")))
		}
		b.apply(pair(1))
		var committed atomic.Int64
		committed.Store(1)
		stop := make(chan struct{})
		var wait sync.WaitGroup
		for _, read := range []func() ([]store.Document, error){
			func() ([]store.Document, error) { return b.GetMany(t.Context(), []string{"left", "right"}) },
			func() ([]store.Document, error) { return b.Families(t.Context(), caseKind, []string{"f"}, 2) },
			func() ([]store.Document, error) {
				page, err := b.Find(t.Context(), store.Query{
					Index: "seen_down", Equal: values("OPEN"), Tokens: []string{"u:ann", "u:bob"}, Limit: 5,
				})
				return page.Documents, err
			},
		} {
			wait.Go(func() {
				for {
					least := committed.Load()
					both, err := read()
					if err != nil || len(both) != 2 || both[0].Version != both[1].Version || both[0].Version < least {
						t.Errorf("at least version %d: got %v, %v", least, both, err)
						return
					}
					select {
					case <-stop:
						return
					default:
					}
				}
			})
		}
		for version := int64(2); version <= min(200, increments); version++ {
			b.apply(pair(version))
			committed.Store(version)
		}
		close(stop)
		wait.Wait()
	})
	say("a page never shows a document without the token it was asked by", func(t TB, open Open) {
		b := begin(t, open)
		b.save(openCase("a", 1, 1, "u:ann"))
		stop := make(chan struct{})
		var wait sync.WaitGroup
		for _, token := range []string{"u:ann", "u:bob"} {
			wait.Go(func() {
				for {
					for _, d := range b.page(store.Query{Index: "seen_all", Tokens: []string{token}}).Documents {
						if d.Tokens[0] != token {
							t.Errorf("asked by %s, got %v", token, d.Tokens)
							return
						}
					}
					select {
					case <-stop:
						return
					default:
					}
				}
			})
		}
		for version := int64(2); version <= min(300, increments); version++ {
			b.save(openCase("a", version, 1, []string{"u:ann", "u:bob"}[version%2]))
		}
		close(stop)
		wait.Wait()
	})
	say("batches of many callers each have their own outcome", func(t TB, open Open) {
		b := begin(t, open)
		b.save(note("taken", 1, "reference", "R"))
		var wait sync.WaitGroup
		for i := range 64 {
			wait.Go(func() {
				batch, want := batchOf(note(fmt.Sprintf("n%02d", i), 1)), error(nil)
				switch i % 4 {
				case 1:
					batch, want = batchOf(note(fmt.Sprintf("n%02d", i), 2)), store.ErrStale
				case 2:
					batch, want = batchOf(note(fmt.Sprintf("n%02d", i), 1, "reference", "R")), store.ErrDuplicate
				}
				batch.Entries = [][]byte{fmt.Appendf(nil, "n%02d", i)}
				if err := b.Apply(t.Context(), batch); !errors.Is(err, want) {
					t.Errorf("batch %d: got %v, want %v", i, err, want)
				}
			})
		}
		wait.Wait()
		b.equal(len(b.find(store.Query{Index: "all"})), 33)
		b.equal(VerifyLog(t, b.Store).N, int64(32))
	})
}

func increment(b bench) error {
	d, err := b.Get(b.Context(), "counter")
	if err != nil {
		return fmt.Errorf("read the counter: %w", err)
	}
	at, _ := d.Field("at")
	batch := batchOf(note("counter", d.Version+1, "at", int(at.Number)+1))
	batch.Entries = [][]byte{fmt.Append(nil, at.Number+1)}
	return b.Apply(b.Context(), batch) //nolint:wrapcheck // the caller branches on it
}

func closingSay(say says) {
	say("a closed store answers nothing", func(t TB, open Open) {
		b := begin(t, open)
		b.save(note("a", 1))
		hashes := b.Log().Hashes(t.Context())
		for range 2 {
			if err := b.Close(); err != nil {
				t.Fatal(err)
			}
		}
		ctx := t.Context()
		for name, call := range map[string]func() error{
			"Get":        func() error { _, err := b.Get(ctx, "a"); return err },
			"GetMany":    func() error { _, err := b.GetMany(ctx, []string{"a"}); return err },
			"Families":   func() error { _, err := b.Families(ctx, noteKind, []string{"a"}, 1); return err },
			"Find":       func() error { _, err := b.Find(ctx, store.Query{Index: "all", Limit: 1}); return err },
			"Find none":  func() error { _, err := b.Find(ctx, store.Query{Index: "seen_all", Limit: 1}); return err },
			"Count":      func() error { _, err := b.Count(ctx, store.Query{Index: "all"}, 1); return err },
			"Excluded":   func() error { _, err := b.Excluded(ctx, "ann"); return err },
			"Apply":      func() error { return b.Apply(ctx, batchOf(note("b", 1))) },
			"Receipt":    func() error { _, err := b.Receipt(ctx, "ann", "k"); return err },
			"Outbox":     func() error { _, err := b.Outbox(ctx, 1); return err },
			"Checkpoint": func() error { _, err := b.Log().Checkpoint(ctx); return err },
			"Entries":    func() error { _, err := b.Log().Entries(ctx, 0, 1); return err },
			"Hashes":     func() error { _, err := hashes.ReadHashes([]int64{0}); return err },
		} {
			if err := call(); !errors.Is(err, store.ErrClosed) {
				t.Errorf("%s: got %v", name, err)
			}
		}
	})
	say("closing waits for what is under way and loses none of it", func(t TB, open Open) {
		b := begin(t, open)
		var wait sync.WaitGroup
		started := make(chan struct{}, 20)
		for i := range 16 {
			wait.Go(func() {
				for n := 0; ; n++ {
					err := b.Apply(t.Context(), batchOf(note(fmt.Sprintf("n%d-%d", i, n), 1)))
					if n == 0 {
						started <- struct{}{}
					}
					if errors.Is(err, store.ErrClosed) {
						return
					}
					if err != nil {
						t.Errorf("got %v", err)
						return
					}
				}
			})
		}
		for range 4 {
			wait.Go(func() {
				for n := 0; ; n++ {
					_, err := b.Find(t.Context(), store.Query{Index: "all", Limit: store.MaxPage})
					if n == 0 {
						started <- struct{}{}
					}
					if errors.Is(err, store.ErrClosed) {
						return
					}
					if err != nil {
						t.Errorf("got %v", err)
						return
					}
				}
			})
		}
		for range 20 {
			<-started
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		wait.Wait()
	})
}
