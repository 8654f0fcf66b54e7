package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"accord/internal/store"
	"accord/internal/store/mongo/mongotest"
)

// errOf is what a store says to a batch, where a test minds that it is refused.
func errOf(t *testing.T, s *Store, b store.Batch) error {
	t.Helper()
	return s.Apply(t.Context(), b)
}

func TestTwoProgramsLoseNothingOfEachOther(t *testing.T) {
	t.Parallel()
	server := mongotest.Start(t, mongotest.Options{})
	programs := []*Store{opened(t, server), opened(t, server)}
	apply(t, programs[0], saving(note("n", text("area", "north"), number("at", 0))))
	const each, writers = 25, 2
	var writing sync.WaitGroup
	for p, s := range programs {
		for w := range writers {
			writing.Go(func() {
				for i := range each {
					for {
						d, err := s.Get(t.Context(), "n")
						if err != nil {
							t.Error(err)
							return
						}
						value, _ := d.Field("at")
						b := saving(at(d.Version+1, note("n", text("area", "north"), number("at", value.Number+1))))
						b.Entries = [][]byte{fmt.Appendf(nil, "change %d by %d of %d", i, w, p)}
						if err = s.Apply(t.Context(), b); err == nil {
							break
						}
						if !errors.Is(err, store.ErrStale) {
							t.Error(err)
							return
						}
					}
				}
			})
		}
	}
	writing.Wait()
	for _, s := range programs {
		d, err := s.Get(t.Context(), "n")
		if err != nil {
			t.Fatal(err)
		}
		if value, _ := d.Field("at"); value.Number != 2*writers*each || d.Version != value.Number+1 {
			t.Errorf("after %d changes the document counts %d and is of version %d", 2*writers*each, value.Number, d.Version)
		}
		all := entries(t, s)
		if len(all) != 2*writers*each || len(slices.Compact(slices.Sorted(slices.Values(all)))) != len(all) {
			t.Errorf("%d entries of %d changes, or one twice", len(all), 2*writers*each)
		}
	}
}

func TestWhatOneProgramHoldsTheOtherKnows(t *testing.T) {
	t.Parallel()
	server := mongotest.Start(t, mongotest.Options{})
	one, other := opened(t, server), opened(t, server)
	receipt := store.Batch{Receipt: &store.Receipt{Person: "ann", Key: "k", Input: []byte("i"), Result: []string{"c"}, Until: noon}}
	message := store.Batch{Outbox: []store.Message{{ID: "m", Topic: "t"}}}
	apply(t, one, receipt, message, saving(note("n", text("reference", "A"))))
	for sentence, b := range map[string]store.Batch{
		"a receipt": receipt, "a message": message, "a reference": saving(note("o", text("reference", "A"))),
	} {
		if err := errOf(t, other, b); !errors.Is(err, store.ErrDuplicate) {
			t.Errorf("%s that the first holds: %v", sentence, err)
		}
	}
	kept, err := other.Receipt(t.Context(), "ann", "k")
	if err != nil || string(kept.Input) != "i" || !slices.Equal(kept.Result, []string{"c"}) || !kept.Until.Equal(noon) {
		t.Errorf("got %+v and %v", kept, err)
	}
	apply(t, other, store.Batch{Delivered: []string{"m"}})
	apply(t, one, message)
}

func TestAKeyThatManyWantGoesToOne(t *testing.T) {
	t.Parallel()
	server := mongotest.Start(t, mongotest.Options{})
	programs := []*Store{opened(t, server), opened(t, server)}
	outcomes := make([]error, 16)
	var racing sync.WaitGroup
	for i := range outcomes {
		racing.Go(func() {
			outcomes[i] = programs[i%2].Apply(context.Background(), saving(note(fmt.Sprint("n", i), text("reference", "A"))))
		})
	}
	racing.Wait()
	won := 0
	for _, err := range outcomes {
		switch {
		case err == nil:
			won++
		case !errors.Is(err, store.ErrDuplicate):
			t.Error(err)
		}
	}
	database := reached(t, server)
	if claims, notes := held(t, database, claimCollection), held(t, database, documentCollection); won != 1 || len(claims) != 1 || len(notes) != 1 {
		t.Errorf("%d won; %d claims, %d documents", won, len(claims), len(notes))
	}
}

const takenOver = "apply: another version of the program has taken the database over: end this one, or start it again when the other has ended"

func TestAProgramOfOtherIndexesTakesTheDatabaseOver(t *testing.T) {
	t.Parallel()
	server := mongotest.Start(t, mongotest.Options{})
	older := opened(t, server, declaring(areaNotes))
	apply(t, older, saving(anotherNote), logging("one"))
	newer := opened(t, server, declaring(areaNotes, references))
	before := everything(t, reached(t, server))
	refusedWith(t, errOf(t, older, saving(aNote)), takenOver)
	refusedWith(t, errOf(t, older, logging("two")), takenOver)
	if after := everything(t, reached(t, server)); after != before {
		t.Errorf("the older program left\n%s\nof\n%s", after, before)
	}
	if _, err := older.Get(t.Context(), "o"); err != nil {
		t.Errorf("the older program cannot even read: %v", err)
	}
	apply(t, newer, saving(aNote))
	// The older program may have it back, with everything the newer one has written.
	again := opened(t, server, declaring(areaNotes))
	refusedWith(t, errOf(t, newer, logging("two")), takenOver)
	apply(t, again, logging("two"))
	if claims := held(t, reached(t, server), claimCollection); len(claims) != 0 {
		t.Errorf("claims of an index that is no more: %v", claims)
	}
}

// page is everything an index of notes finds.
func page(t *testing.T, s *Store, index string, equal ...store.Value) string {
	t.Helper()
	found, err := s.Find(t.Context(), store.Query{Index: index, Equal: equal, Limit: store.MaxPage - 1})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, d := range found.Documents {
		ids = append(ids, d.ID)
	}
	return strings.Join(ids, " ")
}

// many are notes of one family, more than are rebuilt in one transaction.
func many(n int) store.Batch {
	b := store.Batch{Family: "many"}
	for i := range n {
		d := note(fmt.Sprintf("n%04d", i), text("area", "north"), number("at", int64(i)), text("reference", strconv.Itoa(i)))
		d.Family = "many"
		b.Writes = append(b.Writes, store.Write{Document: d})
	}
	return b
}

func TestARebuildThatIsBrokenOffIsDoneWholeAtTheNextStart(t *testing.T) {
	t.Parallel()
	const notes = 2*pageToRebuild + 10
	for broken := range 4 { // before each of the three pages, and before the end
		t.Run(fmt.Sprint("at step ", broken), func(t *testing.T) {
			t.Parallel()
			server := mongotest.Start(t, mongotest.Options{})
			older := opened(t, server, declaring(areaNotes))
			apply(t, older, many(notes))
			server.Fail(mongotest.Failure{Command: "findAndModify", Skip: broken, Code: 8000})
			_, err := Open(t.Context(), optionsFor(server, declaring(areaNotes, references)))
			if err == nil || server.Pending() != 0 {
				t.Fatalf("the rebuild was not broken off: %v", err)
			}
			refusedWith(t, errOf(t, older, logging("one")), takenOver)
			s := opened(t, server, declaring(areaNotes, references))
			database := reached(t, server)
			if claims := held(t, database, claimCollection); len(claims) != notes {
				t.Errorf("%d claims of %d notes", len(claims), notes)
			}
			for _, n := range []string{"0", "199", "200", "399", "400", "409"} {
				if got := page(t, s, "reference", store.Text(n)); !strings.HasSuffix(got, n) {
					t.Errorf("note %s is found as %q", n, got)
				}
			}
			if got := strings.Count(page(t, s, "area", store.Text("north")), " ") + 1; got != notes {
				t.Errorf("%d notes of %d are found", got, notes)
			}
			refusedWithDuplicate(t, errOf(t, s, saving(note("x", text("reference", "200")))))
		})
	}
}

func refusedWithDuplicate(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, store.ErrDuplicate) {
		t.Errorf("got %v, want that a key is taken", err)
	}
}

func TestARebuildGoesOnWhereATransactionIsRunAgain(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"findAndModify", "find", "update", "insert", "commitTransaction"} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			const notes = 2*pageToRebuild + 10
			server := mongotest.Start(t, mongotest.Options{})

			older := opened(t, server, declaring(areaNotes))
			apply(t, older, many(notes))
			skip := map[string]int{"find": 5, "update": 2, "insert": 1, "commitTransaction": 1, "findAndModify": 1}[command]
			server.Fail(mongotest.Failure{Command: command, Skip: skip, Code: 112})
			newer := opened(t, server, declaring(areaNotes, references))
			if server.Pending() != 0 {
				t.Fatal("nothing failed")
			}
			if claims := held(t, reached(t, server), claimCollection); len(claims) != notes {
				t.Errorf("%d claims of %d notes", len(claims), notes)
			}
			for i := range notes {
				if got, want := page(t, newer, "reference", store.Text(strconv.Itoa(i))), fmt.Sprintf("n%04d", i); got != want && i%37 == 0 {
					t.Errorf("note %s is found as %q", want, got)
				}
			}
		})
	}
}

func TestASharedKeyRefusesANewUniqueIndexByName(t *testing.T) {
	t.Parallel()
	for sentence, apart := range map[string]int{"in one page": 1, "pages apart": pageToRebuild + 1} {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			server := mongotest.Start(t, mongotest.Options{})
			older := opened(t, server, declaring(areaNotes))
			b := many(apart + 1)
			b.Writes[apart].Document.Fields = b.Writes[0].Document.Fields
			apply(t, older, b)
			_, err := Open(t.Context(), optionsFor(server, declaring(areaNotes, references)))
			if !errors.Is(err, store.ErrDuplicate) ||
				!strings.HasSuffix(err.Error(), ": build the indexes: documents share a key of index reference: a unique index, a receipt or a message already holds this key") {
				t.Errorf("got %v", err)
			}
			// The older program, started again, has a whole database.
			again := opened(t, server, declaring(areaNotes))
			apply(t, again, saving(anotherNote))
			if got := strings.Count(page(t, again, "area", store.Text("north")), " ") + 1; got != apart+2 {
				t.Errorf("%d notes of %d are found", got, apart+2)
			}
		})
	}
}

func TestAProgramThatIsOvertakenInItsRebuildSaysSo(t *testing.T) {
	t.Parallel()
	server := mongotest.Start(t, mongotest.Options{})
	apply(t, opened(t, server, declaring(areaNotes)), saving(anotherNote))
	arrived, until := make(chan struct{}), make(chan struct{})
	server.Fail(mongotest.Failure{Command: "findAndModify", Skip: 1, Arrived: arrived, Until: until}) // its last transaction
	slow := make(chan error, 1)
	go func() {
		_, err := Open(context.Background(), optionsFor(server, declaring(areaNotes, references)))
		slow <- err
	}()
	<-arrived
	fast := opened(t, server, declaring(areaNotes, openCases))
	close(until)
	err := <-slow
	if !errors.Is(err, errTakenOver) {
		t.Errorf("got %v", err)
	}
	apply(t, fast, saving(aCase))
	var kept declaration
	if err := reached(t, server).Collection(stateCollection).FindOne(t.Context(), bson.D{equals("_id", declarationID)}, options.FindOne().SetHint(byID)).Decode(&kept); err != nil {
		t.Fatal(err)
	}
	if kept.Fingerprint != fast.fingerprint {
		t.Error("what is remembered of the indexes is not the running program's")
	}
}

func TestSlotsStayWithTheirIndexes(t *testing.T) {
	t.Parallel()
	index := func(name string) store.Index { return store.Index{Name: name, Kind: "note", Order: name} }
	slots := func(s *Store) map[string]string {
		paths := map[string]string{}
		for name, at := range s.slots {
			paths[name] = at.path()
		}
		return paths
	}
	server := mongotest.Start(t, mongotest.Options{})
	for _, step := range []struct {
		what    string
		indexes []store.Index
		want    map[string]string
	}{
		{"two", []store.Index{index("a"), index("b")}, map[string]string{"a": "k.p1", "b": "k.p2"}},
		{"the first removed", []store.Index{index("b")}, map[string]string{"b": "k.p2"}},
		{"one added", []store.Index{index("c"), index("b")}, map[string]string{"c": "k.p1", "b": "k.p2"}},
		{"another order of declaration", []store.Index{index("b"), index("c")}, map[string]string{"c": "k.p1", "b": "k.p2"}},
		{
			"one changed, and a third",
			[]store.Index{{Name: "b", Kind: "note", Order: "z"}, index("c"), index("d")},
			map[string]string{"b": "k.p2", "c": "k.p1", "d": "k.p3"},
		},
		{"another kind beside them", []store.Index{index("c"), {Name: "of cases", Kind: "case"}}, map[string]string{"c": "k.p1", "of cases": "k.p1"}},
		{"visible ones apart", []store.Index{openCases, newestCases, areaNotes}, map[string]string{"open": "k.v1", "newest": "k.v2", "area": "k.p1"}},
	} {
		s := opened(t, server, declaring(step.indexes...))
		got := slots(s)
		if fmt.Sprint(got) != fmt.Sprint(step.want) {
			t.Errorf("%s: got %v, want %v", step.what, got, step.want)
		}
	}
}

func TestMoreIndexesThanBeforeServeWhatWasWrittenBefore(t *testing.T) {
	t.Parallel()
	server := mongotest.Start(t, mongotest.Options{})
	older := opened(t, server, declaring(areaNotes))
	apply(t, older, saving(anotherNote), saving(aNote))
	all := []store.Index{areaNotes}
	for i := range 20 {
		all = append(all, store.Index{Name: fmt.Sprintf("more%d", i), Kind: "note", Order: "at"})
	}
	newer := opened(t, server, declaring(all...))
	apply(t, newer, saving(note("p", number("at", 1))))
	for _, x := range all[1:] {
		if got := page(t, newer, x.Name); got != "p o" {
			t.Errorf("%s finds %q", x.Name, got)
		}
	}
	if got := page(t, newer, "area", store.Text("north")); got != "o" {
		t.Errorf("the index of before finds %q", got)
	}
}

func TestADatabaseThatCannotBeTrustedIsNotOpened(t *testing.T) {
	t.Parallel()
	for want, damage := range map[string]struct {
		collection string
		filter     bson.D
		update     bson.D
	}{
		"the database has layout 2 and this program knows 1: start the program that made it": {
			stateCollection, bson.D{equals("_id", headID)}, bson.D{equals(opSet, bson.D{equals("layout", int64(2))})},
		},
		"read from state: what is stored is malformed": {
			stateCollection, bson.D{equals("_id", headID)}, bson.D{equals(opSet, bson.D{equals("layout", "one")})},
		},
		"the log is damaged: there are documents and no head": {stateCollection, bson.D{equals("_id", headID)}, nil},
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			server := mongotest.Start(t, mongotest.Options{})
			apply(t, opened(t, server), saving(aCase))
			host := strings.TrimPrefix(strings.SplitN(server.URI(), "/?", 2)[0], "mongodb://")
			hurt(t, server, damage.collection, damage.filter, damage.update)
			_, err := Open(t.Context(), optionsFor(server))
			refusedWith(t, err, "open database accord of the MongoDB cluster at "+host+": "+want)
		})
	}
}

// hurt changes, or removes, what a collection holds, past the store.
func hurt(t *testing.T, server *mongotest.Server, collection string, filter, update bson.D) {
	t.Helper()
	var err error
	if c := reached(t, server).Collection(collection); update == nil {
		_, err = c.DeleteOne(t.Context(), filter)
	} else {
		_, err = c.UpdateOne(t.Context(), filter, update)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnIndexOfTheRightNameAndAnotherShapeIsNamed(t *testing.T) {
	t.Parallel()
	server := mongotest.Start(t, mongotest.Options{})
	host := strings.TrimPrefix(strings.SplitN(server.URI(), "/?", 2)[0], "mongodb://")
	wrong := clusterIndex{name: "plain_1", keys: ascending("k.p2"), exists: "k.p2"}
	if _, err := reached(t, server).Collection(documentCollection).Indexes().CreateOne(t.Context(), wrong.model()); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), optionsFor(server))
	refusedWith(t, err, "open database accord of the MongoDB cluster at "+host+
		": index plain_1 of collection document is not what this program makes: drop it and start again")
}

func TestTwoProgramsMakeOneDatabase(t *testing.T) {
	t.Parallel()
	server := mongotest.Start(t, mongotest.Options{})
	outcomes := make(chan error, 3)
	for range cap(outcomes) {
		go func() {
			s, err := Open(context.Background(), optionsFor(server))
			if err == nil {
				err = errors.Join(s.Apply(context.Background(), logging("one")), s.Close())
			}
			outcomes <- err
		}()
	}
	for range cap(outcomes) {
		// Who is overtaken at the start says so, and can be started again.
		if err := <-outcomes; err != nil && !errors.Is(err, errTakenOver) {
			t.Error(err)
		}
	}
	s := opened(t, server)
	apply(t, s, logging("two"))
	if all := entries(t, s); len(all) < 2 {
		t.Errorf("the log holds %v", all)
	}
	if heads := held(t, reached(t, server), stateCollection); len(heads) != 2 {
		t.Errorf("the state is %v", heads)
	}
}

// A program that was overtaken while it made its keys takes back nothing that the
// other one has made.
func TestAnOvertakenStartTakesNoKeyAwayFromTheOther(t *testing.T) {
	t.Parallel()
	server := mongotest.Start(t, mongotest.Options{})
	first := opened(t, server, declaring(areaNotes, openCases))
	apply(t, first, saving(note("n", text("area", "x"), number("at", 1), text("reference", "A"))))
	var other *Store
	var began atomic.Bool
	monitor := &event.CommandMonitor{Succeeded: func(_ context.Context, done *event.CommandSucceededEvent) {
		if done.CommandName == "update" && began.CompareAndSwap(false, true) {
			// It has declared the head to be its own. The other starts now, whole.
			s, err := Open(context.Background(), optionsFor(server, declaring(areaNotes, references)))
			if err != nil {
				t.Error(err)
			}
			other = s
		}
	}}
	_, err := Open(t.Context(), optionsFor(server, declaring(areaNotes, openCases, newestCases), func(o *Options) { o.Monitor = monitor }))
	if !errors.Is(err, errTakenOver) {
		t.Errorf("the overtaken start: %v", err)
	}
	if other == nil {
		t.Fatal("the other never started")
	}
	defer func() {
		if err := other.Close(); err != nil {
			t.Error(err)
		}
	}()
	again := saving(note("o", text("area", "x"), number("at", 1), text("reference", "A")))
	if err := other.Apply(t.Context(), again); !errors.Is(err, store.ErrDuplicate) {
		t.Errorf("a second note with a reference that is taken: %v", err)
	}
}
