package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"golang.org/x/mod/sumdb/tlog"

	"accord/internal/store"
	"accord/internal/store/mongo/mongotest"
)

// prepare is what stands in a store before anything fails.
func prepare(t *testing.T, s *Store) {
	t.Helper()
	apply(t, s, store.Batch{
		Family: "n", Writes: []store.Write{{Document: aNote}},
		Excluded: []store.Exclusion{{Principal: "bob", Family: "n"}}, Outbox: []store.Message{{ID: "m", Topic: "t"}},
		Entries: [][]byte{[]byte("one")},
	})
}

// wide is a batch that makes a commit send every command it can send.
func wide() store.Batch {
	created := note("x", text("reference", "A"))
	created.Family = "n"
	return store.Batch{
		Family:    "n",
		Writes:    []store.Write{{Document: at(2, note("n", text("reference", "B"))), Expect: 1}, {Document: created}},
		Excluded:  []store.Exclusion{{Principal: "bob", Family: "n", Lifted: true}},
		Receipt:   &store.Receipt{Person: "ann", Key: "k", Until: noon},
		Outbox:    []store.Message{{ID: "p", Topic: "t"}},
		Delivered: []string{"m"},
		Entries:   [][]byte{[]byte("two"), []byte("three")},
	}
}

// step is a command of a commit: its name, how many of the name come before it,
// and what the adapter says when it fails.
type step struct {
	name  string
	skip  int
	doing string
}

func (s step) String() string { return fmt.Sprintf("%s %d, to %s", s.name, s.skip, s.doing) }

// steps are those of a commit of wide.
func steps() []step {
	return []step{
		{"findAndModify", 0, "hold the head"},
		{"find", 0, "find in document"},
		{"find", 1, "find in claim"},
		{"find", 2, "find in receipt"},
		{"find", 3, "find in outbox"},
		{"insert", 0, "insert into document"},
		{"update", 0, "replace documents"},
		{"delete", 0, "delete from claim"},
		{"insert", 1, "insert into claim"},
		{"delete", 1, "write into exclusion"},
		{"update", 1, "write into receipt"},
		{"delete", 2, "delete from outbox"},
		{"insert", 2, "insert into outbox"},
		{"insert", 3, "insert into log"},
		{"update", 2, "write the head"},
		{"commitTransaction", 0, "commit"},
	}
}

// undisturbed is everything that wide leaves, and everything it finds.
func undisturbed(t *testing.T) (before, after string) {
	t.Helper()
	s, server := alone(t)
	prepare(t, s)
	database := reached(t, server)
	before = everything(t, database)
	server.Forget()
	apply(t, s, wide())
	var names, want []string
	for _, c := range server.Commands() {
		names = append(names, c.Name)
	}
	for _, one := range steps() {
		want = append(want, one.name)
	}
	if !slices.Equal(names, want) {
		t.Fatalf("a commit sends %v, and these tests know %v", names, want)
	}
	return before, everything(t, database)
}

func TestACommitThatTheClusterLetsFailForNowIsMadeOnce(t *testing.T) {
	t.Parallel()
	_, after := undisturbed(t)
	for sentence, f := range map[string]mongotest.Failure{
		"a write conflict":                     {Code: 112},
		"write conflicts, time and again":      {Code: 112, Times: 4},
		"a primary that has stepped down":      {Code: 10107},
		"a server that shuts down":             {Code: 91},
		"a connection closed":                  {CloseConnection: true},
		"a connection closed after the effect": {CloseConnection: true, AfterApplying: true},
		"a stepping down that comes after it":  {Code: 189, AfterApplying: true},
	} {
		for _, one := range steps() {
			if one.name == "commitTransaction" && f.Times > 1 {
				continue
			}
			t.Run(sentence+" at "+one.String(), func(t *testing.T) {
				t.Parallel()
				s, server := alone(t)
				prepare(t, s)
				f := f
				f.Command, f.Skip = one.name, one.skip
				server.Fail(f)
				if err := s.Apply(t.Context(), wide()); err != nil {
					t.Fatal(err)
				}
				if server.Pending() != 0 {
					t.Fatal("nothing failed")
				}
				if got := everything(t, reached(t, server)); got != after {
					t.Errorf("it leaves\n%s\nin place of\n%s", got, after)
				}
				if got := entries(t, s); !slices.Equal(got, []string{"one", "two", "three"}) {
					t.Errorf("the log holds %v", got)
				}
			})
		}
	}
}

func TestACommitWhoseMajorityIsLateIsAskedForAgain(t *testing.T) {
	t.Parallel()
	_, after := undisturbed(t)
	s, server := alone(t)
	prepare(t, s)
	server.Fail(mongotest.Failure{Command: "commitTransaction", Code: 64, CodeName: "WriteConcernTimeout", WriteConcernError: true, Times: 2})
	apply(t, s, wide())
	if got := everything(t, reached(t, server)); got != after || server.Pending() != 0 {
		t.Errorf("it leaves\n%s\nin place of\n%s", got, after)
	}
}

func TestACommitThatFailsLeavesNothingAndSaysWhere(t *testing.T) {
	t.Parallel()
	before, _ := undisturbed(t)
	for sentence, c := range map[string]struct {
		failure mongotest.Failure
		said    string
		of      func(step) bool
	}{
		"an error that nobody knows": {mongotest.Failure{Code: 8000}, "8000 (Location8000)", func(step) bool { return true }},
		"a write that is refused": {
			mongotest.Failure{Code: 121, WriteError: true},
			"121",
			func(s step) bool { return slices.Contains([]string{"insert", "update", "delete"}, s.name) },
		},
		"a key that should be nobody's, and is taken": {
			mongotest.Failure{Code: 11000, WriteError: true}, "11000", func(s step) bool { return s.name == "insert" || s.name == "update" },
		},
	} {
		for _, one := range steps() {
			if !c.of(one) {
				continue
			}
			t.Run(sentence+" at "+one.String(), func(t *testing.T) {
				t.Parallel()
				s, server := alone(t)
				prepare(t, s)
				f := c.failure
				f.Command, f.Skip, f.Message = one.name, one.skip, "dup key: { _id: \"reference A\" }"
				server.Fail(f)
				refusedWith(t, s.Apply(t.Context(), wide()), "apply: "+one.doing+": the cluster answers with error "+c.said)
				if got := everything(t, reached(t, server)); got != before {
					t.Errorf("it leaves\n%s\nin place of\n%s", got, before)
				}
				if got := len(server.Commands()); server.Pending() != 0 || got == 0 {
					t.Fatal("nothing failed")
				}
				apply(t, s, wide()) // and is not in the way of the next
			})
		}
	}
}

func TestAStormOfWriteConflictsEndsWithPatience(t *testing.T) {
	t.Parallel()
	s, server := alone(t, waiting(brief))
	prepare(t, s)
	before := everything(t, reached(t, server))
	server.Fail(mongotest.Failure{Command: "findAndModify", Code: 112, Times: 100_000})
	err := s.Apply(t.Context(), wide())
	// The driver has other words for a time that is up before it has sent anything.
	if err == nil || !mongo.IsTimeout(err) || !strings.Contains(err.Error(), "hold the head: ") ||
		errors.Is(err, store.ErrStale) || errors.Is(err, store.ErrDuplicate) {
		t.Errorf("got %v", err)
	}
	if got := everything(t, reached(t, server)); got != before {
		t.Errorf("it leaves\n%s\nin place of\n%s", got, before)
	}
}

func TestNothingAcknowledgedIsLostWhilePrimariesStepDown(t *testing.T) {
	t.Parallel()
	s, server := alone(t)
	const writers, each = 4, 12
	var writing sync.WaitGroup
	for w := range writers {
		writing.Go(func() {
			for i := range each {
				if w == 0 && i%5 == 2 {
					server.StepDown()
				}
				b := logging(fmt.Sprintf("%d by %d", i, w))
				if err := s.Apply(t.Context(), b); err != nil {
					t.Errorf("%d by %d: %v", i, w, err)
				}
				if _, err := s.Outbox(t.Context(), 1); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writing.Wait()
	all := entries(t, s)
	if len(all) != writers*each || len(slices.Compact(slices.Sorted(slices.Values(all)))) != len(all) {
		t.Errorf("%d entries of %d, or one twice", len(all), writers*each)
	}
}

// reads are all reads of the port, with what they say first when they fail.
func reads(t *testing.T, s *Store) map[string]func() error {
	t.Helper()
	ctx := t.Context()
	q := store.Query{Index: "reference", Equal: []store.Value{store.Text("A")}, Limit: 1}
	return map[string]func() error{
		"get: get many: find in document":           func() error { _, err := s.Get(ctx, "n"); return err },
		"get many: find in document":                func() error { _, err := s.GetMany(ctx, []string{"n"}); return err },
		"families: find in document":                func() error { _, err := s.Families(ctx, "note", []string{"n"}, 1); return err },
		"find in index reference: find in document": func() error { _, err := s.Find(ctx, q); return err },
		"find in index newest: find in exclusion": func() error {
			_, err := s.Find(ctx, store.Query{Index: "newest", Tokens: []string{"t"}, Excluded: "bob", Limit: 1})
			return err
		},
		"count in index reference: find in document": func() error { _, err := s.Count(ctx, q, 1); return err },
		"excluded: find in exclusion":                func() error { _, err := s.Excluded(ctx, "bob"); return err },
		"receipt: find in receipt":                   func() error { _, err := s.Receipt(ctx, "ann", "k"); return err },
		"outbox: find in outbox":                     func() error { _, err := s.Outbox(ctx, 1); return err },
		"checkpoint: find in state":                  func() error { _, err := s.Log().Checkpoint(ctx); return err },
		"log entries: find in log":                   func() error { _, err := s.Log().Entries(ctx, 0, 1); return err },
		"log hashes: find in log":                    func() error { _, err := s.Log().Hashes(ctx).ReadHashes([]int64{0}); return err },
	}
}

func TestAReadThatTheClusterLetsFailForNowIsReadAgain(t *testing.T) {
	t.Parallel()
	s, server := alone(t)
	prepare(t, s)
	apply(t, s, store.Batch{Receipt: &store.Receipt{Person: "ann", Key: "k", Until: noon}})
	for doing, read := range reads(t, s) {
		for sentence, f := range map[string]mongotest.Failure{
			"a primary that has stepped down": {Code: 10107}, "a connection closed": {CloseConnection: true},
		} {
			f.Command = "find"
			server.Fail(f)
			if err := read(); err != nil || server.Pending() != 0 {
				t.Errorf("%s, %s: %v", doing, sentence, err)
			}
		}
	}
}

func TestAReadThatFailsSaysWhere(t *testing.T) {
	t.Parallel()
	s, server := alone(t)
	prepare(t, s)
	for doing, read := range reads(t, s) {
		server.Fail(mongotest.Failure{Command: "find", Code: 8000, Message: "filter: { _id: \"n\" }"})
		refusedWith(t, read(), doing+": the cluster answers with error 8000 (Location8000)")
	}
	server.Fail(mongotest.Failure{Command: "explain", Code: 8000, Message: "filter: { _id: \"n\" }"})
	_, err := s.Explain(t.Context(), store.Query{Index: "reference", Equal: []store.Value{store.Text("A")}, Limit: 1})
	refusedWith(t, err, "explain index reference: the cluster answers with error 8000 (Location8000)")
}

func TestAFamilyOfManyPagesIsReadToItsEndOrNotAtAll(t *testing.T) {
	t.Parallel()
	s, server := alone(t)
	apply(t, s, many(450))
	found, err := s.Families(t.Context(), "note", []string{"many"}, store.MaxPage)
	if err != nil || len(found) != 450 {
		t.Errorf("%d found of 450, and %v", len(found), err)
	}
	server.Fail(mongotest.Failure{Command: "getMore", Code: 8000})
	_, err = s.Families(t.Context(), "note", []string{"many"}, store.MaxPage)
	refusedWith(t, err, "families: find in document: the cluster answers with error 8000 (Location8000)")
	server.Fail(mongotest.Failure{Command: "getMore", CloseConnection: true})
	if found, err = s.Families(t.Context(), "note", []string{"many"}, store.MaxPage); err == nil {
		t.Errorf("%d found of 450, and nothing is wrong", len(found))
	}
}

func TestWhatIsMalformedInTheClusterIsAnError(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]struct {
		collection string
		id         any
		change     bson.D
		do         func(context.Context, *Store) error
	}{
		"get: get many: read from document: the stored document is malformed": {
			documentCollection, "n",
			bson.D{equals("v", "secret")},
			func(ctx context.Context, s *Store) error { _, err := s.Get(ctx, "n"); return err },
		},
		"apply: read from document: the stored document is malformed": {
			documentCollection, "n",
			bson.D{equals("v", "secret")},
			func(ctx context.Context, s *Store) error { return s.Apply(ctx, wide()) },
		},
		"receipt: read from receipt: what is stored is malformed": {
			receiptCollection, "ann\x00k",
			bson.D{equals("until", "secret")},
			func(ctx context.Context, s *Store) error { _, err := s.Receipt(ctx, "ann", "k"); return err },
		},
		"excluded: read from exclusion: what is stored is malformed": {
			exclusionCollection, "bob\x00n",
			bson.D{equals("fam", 7)},
			func(ctx context.Context, s *Store) error { _, err := s.Excluded(ctx, "bob"); return err },
		},
		"outbox: read from outbox: what is stored is malformed": {
			outboxCollection, "m",
			bson.D{equals("topic", 7)},
			func(ctx context.Context, s *Store) error { _, err := s.Outbox(ctx, 1); return err },
		},
		"log entries: read from log: what is stored is malformed": {
			logCollection, int64(0),
			bson.D{equals("data", 7)},
			func(ctx context.Context, s *Store) error { _, err := s.Log().Entries(ctx, 0, 1); return err },
		},
		"log hashes: read from log: the log is damaged: a hash is cut": {
			logCollection, int64(0),
			bson.D{equals("hashes", []byte("cut"))},
			func(ctx context.Context, s *Store) error {
				_, err := s.Log().Hashes(ctx).ReadHashes([]int64{0})
				return err
			},
		},
		"log hashes: read from log: what is stored is malformed": {
			logCollection, int64(0),
			bson.D{equals("hashes", 7)},
			func(ctx context.Context, s *Store) error {
				_, err := s.Log().Hashes(ctx).ReadHashes([]int64{0})
				return err
			},
		},
		"log hashes: hash 0 is missing": {
			logCollection, int64(0),
			bson.D{equals("hashes", []byte{})},
			func(ctx context.Context, s *Store) error {
				_, err := s.Log().Hashes(ctx).ReadHashes([]int64{0})
				return err
			},
		},
		"log entries: read from log: entry 1 is missing": {
			logCollection, int64(1), nil,
			func(ctx context.Context, s *Store) error { _, err := s.Log().Entries(ctx, 0, 9); return err },
		},
		"log entries: the first number is negative": {
			logCollection, int64(1), nil,
			func(ctx context.Context, s *Store) error { _, err := s.Log().Entries(ctx, -1, 9); return err },
		},
		"apply: the log is damaged: there is no head": {
			stateCollection, headID, nil, func(ctx context.Context, s *Store) error { return s.Apply(ctx, wide()) },
		},
		"apply: the log is damaged: its hashes do not make its tree head": {
			stateCollection, headID,
			bson.D{equals("edge", make([]byte, 2*tlog.HashSize))},
			func(ctx context.Context, s *Store) error { return s.Apply(ctx, wide()) },
		},
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			s, server := alone(t)
			prepare(t, s)
			apply(t, s, store.Batch{Receipt: &store.Receipt{Person: "ann", Key: "k", Until: noon}}, logging("two", "three"))
			var update bson.D
			if c.change != nil {
				update = bson.D{equals(opSet, c.change)}
			}
			hurt(t, server, c.collection, bson.D{equals("_id", c.id)}, update)
			before := everything(t, reached(t, server))
			refusedWith(t, c.do(t.Context(), s), want)
			if got := everything(t, reached(t, server)); got != before {
				t.Errorf("it leaves\n%s\nin place of\n%s", got, before)
			}
		})
	}
}

func TestADamagedEdgeIsNotOpened(t *testing.T) {
	t.Parallel()
	server := mongotest.Start(t, mongotest.Options{})
	apply(t, opened(t, server), logging("one"))
	hurt(t, server, stateCollection, bson.D{equals("_id", headID)}, bson.D{equals(opSet, bson.D{equals("root", make([]byte, tlog.HashSize))})})
	_, err := Open(t.Context(), optionsFor(server))
	if err == nil || !strings.HasSuffix(err.Error(), ": the log is damaged: its hashes do not make its tree head") {
		t.Errorf("got %v", err)
	}
}

func TestNothingIsCommittedThatIsNotSigned(t *testing.T) {
	t.Parallel()
	var refused error
	s, server := alone(t, func(o *Options) {
		o.Sign = func(tree tlog.Tree) ([]byte, error) {
			signature, _ := signed(tree)
			return signature, refused
		}
	})
	prepare(t, s)
	before := everything(t, reached(t, server))
	refused = errors.New("the key is not there")
	refusedWith(t, s.Apply(t.Context(), wide()), "apply: sign the tree head: the key is not there")
	if got := everything(t, reached(t, server)); got != before {
		t.Errorf("it leaves\n%s\nin place of\n%s", got, before)
	}
	apply(t, s, store.Batch{Outbox: []store.Message{{ID: "q", Topic: "t"}}}) // nothing to sign
	refused = nil
	apply(t, s, wide())
}
