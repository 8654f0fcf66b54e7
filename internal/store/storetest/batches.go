package storetest

import (
	"context"
	"errors"
	"fmt"

	"accord/internal/store"
)

func guardsSay(say says) {
	say("hold only for the version that is stored", func(t TB, open Open) {
		b := begin(t, open)
		b.save(note("a", 1))
		b.save(note("a", 2))
		for name, d := range map[string]store.Document{
			"created again":       note("a", 1),
			"changed from before": note("a", 2),
			"changed from after":  note("a", 4),
			"changed though none": note("missing", 2),
		} {
			if err := b.Apply(t.Context(), batchOf(d)); !errors.Is(err, store.ErrStale) {
				t.Errorf("%s: got %v", name, err)
			}
		}
		got, err := b.Get(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		b.equal(got.Version, int64(2))
		b.save(note("a", 3))
	})
	say("hold a document that is not written", func(t TB, open Open) {
		b := begin(t, open)
		head := inFamily("f", note("head", 1))
		b.save(head)
		by := func(version int64, d store.Document) store.Batch {
			batch := batchOf(inFamily("f", d))
			batch.Guards = []store.Guard{{ID: "head", Version: version}}
			return batch
		}
		b.apply(by(1, note("a", 1)))
		b.refuse(by(2, note("b", 1)), store.ErrStale)
		head.Version = 2
		b.save(head)
		b.refuse(by(1, note("b", 1)), store.ErrStale)
		b.apply(by(2, note("a", 2)))
		b.equal(b.find(store.Query{Index: "all"}), []string{"a", "head"})

		got, err := b.Get(t.Context(), "head")
		if err != nil {
			t.Fatal(err)
		}
		b.equal(got.Version, int64(2)) // to be held is not to be changed
		b.apply(by(2, note("a", 3)))
	})
	say("hold each, the first and the last, whatever is written", func(t TB, open Open) {
		b := begin(t, open)
		b.save(inFamily("f", note("one", 1)), inFamily("f", note("two", 1)))
		both := func(one, two int64) store.Batch {
			return store.Batch{
				Family: "f", Guards: []store.Guard{{ID: "one", Version: one}, {ID: "two", Version: two}},
				Entries: [][]byte{[]byte("held")},
			}
		}
		b.refuse(both(2, 1), store.ErrStale)
		b.refuse(both(1, 2), store.ErrStale)
		b.refuse(store.Batch{Family: "f", Guards: []store.Guard{{ID: "missing", Version: 1}}}, store.ErrStale)
		if _, err := b.Log().Checkpoint(t.Context()); !errors.Is(err, store.ErrAbsent) {
			t.Fatalf("the log has grown: %v", err)
		}
		b.apply(both(1, 1)) // a batch may write nothing and still hold
	})
	say("an error of the program is none of the named errors and changes nothing", func(t TB, open Open) {
		b := begin(t, open)
		stored := inFamily("f", note("a", 1))
		b.save(stored)
		good := inFamily("f", note("good", 1))
		with := func(change func(*store.Document)) store.Batch {
			d := inFamily("f", note("bad", 1))
			change(&d)
			return store.Batch{Family: "f", Writes: []store.Write{{Document: good}, {Document: d, Expect: d.Version - 1}}}
		}
		tokens := make([]string, store.MaxDocumentTokens+1)
		for i := range tokens {
			tokens[i] = fmt.Sprintf("t%04d", i)
		}
		guarded := func(family string, guards ...store.Guard) store.Batch {
			d := inFamily(family, note("good", 1))
			return store.Batch{Family: family, Writes: []store.Write{{Document: d}}, Guards: guards}
		}
		for name, batch := range map[string]store.Batch{
			"a guard without id":                    guarded("f", store.Guard{Version: 1}),
			"a guard of a version that none has":    guarded("f", store.Guard{ID: "a"}),
			"a guard of a negative version":         guarded("f", store.Guard{ID: "a", Version: -1}),
			"a guard twice":                         guarded("f", store.Guard{ID: "a", Version: 1}, store.Guard{ID: "a", Version: 1}),
			"a guard of a document that is written": guarded("f", store.Guard{ID: "a", Version: 1}, store.Guard{ID: "good", Version: 1}),
			"a guard of another family":             guarded("g", store.Guard{ID: "a", Version: 1}),
			"a guard of no family":                  {Guards: []store.Guard{{ID: "missing", Version: 1}}},
			"a document of another family":          with(func(d *store.Document) { d.Family = "g" }),
			"a document without id":                 with(func(d *store.Document) { d.ID = "" }),
			"an undeclared kind":                    with(func(d *store.Document) { d.Kind = "unheard" }),
			"too many tokens":                       with(func(d *store.Document) { d.Tokens = tokens }),
			"unsorted tokens":                       with(func(d *store.Document) { d.Tokens = []string{"b", "a"} }),
			"a token twice":                         with(func(d *store.Document) { d.Tokens = []string{"a", "a"} }),
			"an empty token":                        with(func(d *store.Document) { d.Tokens = []string{""} }),
			"unsorted fields":                       with(func(d *store.Document) { d.Fields = []store.Field{{Name: "b"}, {Name: "a"}} }),
			"a field twice":                         with(func(d *store.Document) { d.Fields = []store.Field{{Name: "a"}, {Name: "a"}} }),
			"a field with a dot":                    with(func(d *store.Document) { d.Fields = []store.Field{{Name: "a.b"}} }),
			"a field with a dollar":                 with(func(d *store.Document) { d.Fields = []store.Field{{Name: "$a"}} }),
			"text that is not UTF-8":                with(func(d *store.Document) { d.Fields = fields("a", "\xff") }),
			"unsorted sections":                     with(func(d *store.Document) { d.Sections = []store.Section{{Name: "b"}, {Name: "a"}} }),
			"a malformed head":                      with(func(d *store.Document) { d.Head = []byte("no BSON") }),
			"a negative version":                    with(func(d *store.Document) { d.Version = -1 }),
			"a document twice":                      with(func(d *store.Document) { *d = good }),
			"a version that does not follow": {
				Family: "f", Writes: []store.Write{{Document: good}, {Document: inFamily("f", note("bad", 3)), Expect: 1}},
			},
			"no family": {Writes: []store.Write{{Document: good}}},
			"a document that changes family": {
				Family: "g", Writes: []store.Write{{Document: inFamily("g", note("a", 2)), Expect: 1}},
			},
			"a document that changes kind": {
				Family: "f", Writes: []store.Write{
					{Document: good}, {Document: store.Document{ID: "a", Kind: caseKind, Family: "f", Version: 2}, Expect: 1},
				},
			},
			"an exclusion from another family": {
				Family: "f", Writes: []store.Write{{Document: good}}, Excluded: []store.Exclusion{{Principal: "p", Family: "g"}},
			},
			"an exclusion of nobody": {
				Family: "f", Writes: []store.Write{{Document: good}}, Excluded: []store.Exclusion{{Family: "f"}},
			},
			"a receipt without key": {Family: "f", Writes: []store.Write{{Document: good}}, Receipt: &store.Receipt{Person: "p"}},
			"a message without id":  {Family: "f", Writes: []store.Write{{Document: good}}, Outbox: []store.Message{{Topic: "t"}}},
			"a message twice": {
				Family: "f", Writes: []store.Write{{Document: good}},
				Outbox: []store.Message{{ID: "m", Topic: "t"}, {ID: "m", Topic: "t"}},
			},
			"a message with a malformed body": {
				Family: "f", Writes: []store.Write{{Document: good}}, Outbox: []store.Message{{ID: "m", Topic: "t", Body: []byte("x")}},
			},
			"an empty log entry": {Family: "f", Writes: []store.Write{{Document: good}}, Entries: [][]byte{[]byte("a"), {}}},
		} {
			err := b.Apply(t.Context(), batch)
			if err == nil || errors.Is(err, store.ErrStale) || errors.Is(err, store.ErrDuplicate) ||
				errors.Is(err, store.ErrAbsent) || errors.Is(err, store.ErrClosed) {
				t.Errorf("%s: got %v", name, err)
			}
		}
		b.equal(b.find(store.Query{Index: "all"}), []string{"a"})
		if _, err := b.Log().Checkpoint(t.Context()); !errors.Is(err, store.ErrAbsent) {
			t.Fatalf("the log has grown: %v", err)
		}
	})
}

// loaded is a batch with something of everything, whose third write is d.
func loaded(d store.Document) store.Batch {
	batch := batchOf(
		inFamily("f", openCase("new1", 1, 1, "u:ann")),
		inFamily("f", note("new2", 1, "area", "A", "status", "OPEN", "at", 1, "reference", "R-new")),
		inFamily("f", d),
	)
	batch.Excluded = []store.Exclusion{{Principal: "bob", Family: "f"}}
	batch.Receipt = &store.Receipt{Person: "ann", Key: "k", Until: farFuture}
	batch.Outbox = []store.Message{{ID: "m2", Topic: "t"}}
	batch.Delivered = []string{"m1"}
	batch.Entries = [][]byte{[]byte("one"), []byte("two")}
	return batch
}

func batchesSay(say says) {
	state := func(b bench) []any {
		b.Helper()
		many, err := b.GetMany(b.Context(), []string{"new1", "new2", "old"})
		if err != nil {
			b.Fatal(err)
		}
		var versions []string
		for _, d := range many {
			versions = append(versions, fmt.Sprint(d.ID, d.Version))
		}
		excluded, err := b.Excluded(b.Context(), "bob")
		if err != nil {
			b.Fatal(err)
		}
		_, receipt := b.Receipt(b.Context(), "ann", "k")
		messages, err := b.Outbox(b.Context(), 10)
		if err != nil {
			b.Fatal(err)
		}
		var waiting []string
		for _, m := range messages {
			waiting = append(waiting, m.ID)
		}
		entries, err := b.Log().Entries(b.Context(), 0, 10)
		if err != nil {
			b.Fatal(err)
		}
		return []any{
			versions, len(excluded), receipt == nil, waiting, fmt.Sprintf("%q", entries),
			b.find(store.Query{Index: "seen_all", Tokens: []string{"u:ann"}}),
			b.find(store.Query{Index: "up", Equal: values("A", "OPEN")}),
			b.find(store.Query{Index: "one_reference", Equal: values("R-new")}),
		}
	}
	ready := func(t TB, open Open) bench {
		t.Helper()
		b := begin(t, open)
		first := batchOf(inFamily("f", note("old", 1, "area", "A", "status", "OPEN", "at", 0)))
		first.Outbox = []store.Message{{ID: "m1", Topic: "t"}}
		first.Entries = [][]byte{[]byte("zero")}
		b.apply(first)
		b.save(inFamily("g", note("holder", 1, "reference", "R-held")))
		return b
	}
	before := []any{[]string{"old1"}, 0, false, []string{"m1"}, `["zero"]`, []string{}, []string{"old"}, []string{}}
	after := []any{
		[]string{"new11", "new21", "old2"},
		1, true,
		[]string{"m2"},
		`["zero" "one" "two"]`,
		[]string{"new1"},
		[]string{"new2"},
		[]string{"new2"},
	}
	say("happen as a whole", func(t TB, open Open) {
		b := ready(t, open)
		b.equal(state(b), before)
		b.apply(loaded(note("old", 2)))
		b.equal(state(b), after)
	})
	say("of which a guard is stale leave nothing behind", func(t TB, open Open) {
		b := ready(t, open)
		b.refuse(loaded(note("old", 3)), store.ErrStale)
		b.equal(state(b), before)
		b.apply(loaded(note("old", 2))) // nothing of the first stands in the way
		b.equal(state(b), after)
	})
	say("of which a document held is stale leave nothing behind", func(t TB, open Open) {
		b := ready(t, open)
		batch := loaded(note("new3", 1))
		batch.Guards = []store.Guard{{ID: "old", Version: 2}}
		b.refuse(batch, store.ErrStale)
		b.equal(state(b), before)
		b.apply(loaded(note("old", 2)))
		b.equal(state(b), after)
	})
	say("of which a unique key is taken leave nothing behind", func(t TB, open Open) {
		b := ready(t, open)
		b.refuse(loaded(note("old", 2, "reference", "R-held")), store.ErrDuplicate)
		b.equal(state(b), before)
		b.apply(loaded(note("old", 2)))
		b.equal(state(b), after)
	})
	say("of which a message is taken leave nothing behind", func(t TB, open Open) {
		b := ready(t, open)
		batch := loaded(note("old", 2))
		batch.Delivered, batch.Outbox = nil, []store.Message{{ID: "m2", Topic: "t"}, {ID: "m1", Topic: "t"}}
		b.refuse(batch, store.ErrDuplicate)
		b.equal(state(b), before)
	})
	say("whose caller has left before their turn do not happen", func(t TB, open Open) {
		b := ready(t, open)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := b.Apply(ctx, loaded(note("old", 2))); !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v", err)
		}
		b.equal(state(b), before)
	})
	say("may hold nothing, or no document", func(t TB, open Open) {
		b := ready(t, open)
		b.apply(store.Batch{})
		b.apply(store.Batch{Entries: [][]byte{[]byte("read")}, Delivered: []string{"m1"}})
		b.equal(state(b)[3:5], []any{[]string(nil), `["zero" "read"]`})
	})
}

func uniqueSay(say says) {
	held := func(b bench, reference string) []string {
		b.Helper()
		return b.find(store.Query{Index: "one_reference", Equal: values(reference)})
	}
	say("a key is held by one document, until it lets go", func(t TB, open Open) {
		b := begin(t, open)
		b.save(note("a", 1, "reference", "R1"))
		b.refuse(batchOf(note("b", 1, "reference", "R1")), store.ErrDuplicate)
		b.save(note("b", 1, "reference", "R2"))
		b.refuse(batchOf(note("b", 2, "reference", "R1")), store.ErrDuplicate)
		b.save(note("a", 2, "reference", "R1")) // its own is not in its way
		b.save(note("a", 3))
		b.save(note("b", 2, "reference", "R1"))
		b.equal([][]string{held(b, "R1"), held(b, "R2")}, [][]string{{"b"}, {}})
	})
	say("documents that lack the field do not collide", func(t TB, open Open) {
		b := begin(t, open)
		b.save(note("a", 1))
		b.save(note("b", 1))
		b.equal(b.find(store.Query{Index: "all"}), []string{"a", "b"})
	})
	say("two documents of one batch collide", func(t TB, open Open) {
		b := begin(t, open)
		b.refuse(batchOf(note("a", 1, "reference", "R"), inFamily("a", note("b", 1, "reference", "R"))), store.ErrDuplicate)
		b.equal(held(b, "R"), []string{})
	})
	say("a key is handed over within one batch", func(t TB, open Open) {
		b := begin(t, open)
		b.save(inFamily("f", note("a", 1, "reference", "R")), inFamily("f", note("b", 1)))
		b.save(inFamily("f", note("b", 2, "reference", "R")), inFamily("f", note("a", 2)))
		b.equal(held(b, "R"), []string{"b"})
		b.save(inFamily("f", note("b", 3)), inFamily("f", note("a", 3, "reference", "R")))
		b.equal(held(b, "R"), []string{"a"})
	})
	say("a stale guard is told before a taken key", func(t TB, open Open) {
		b := begin(t, open)
		b.save(note("a", 1, "reference", "R"))
		b.refuse(batchOf(note("b", 2, "reference", "R")), store.ErrStale)
	})
}
