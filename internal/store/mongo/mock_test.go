package mongo

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/drivertest"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/xoptions"

	"accord/internal/store"
)

// The driver's mock deployment answers whatever comes with the next canned reply:
// it has no sessions, no order and no opinion. It shows what the adapter makes of
// answers that no cluster should give.

// recorder keeps what the driver says that it sends.
type recorder struct {
	mu       sync.Mutex
	commands []bson.Raw
}

func (r *recorder) monitor() *event.CommandMonitor {
	return &event.CommandMonitor{Started: func(_ context.Context, e *event.CommandStartedEvent) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.commands = append(r.commands, append(bson.Raw(nil), e.Command...))
	}}
}

// all are the commands so far; the sessions that a client ends are not among them.
func (r *recorder) all() []bson.Raw {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []bson.Raw
	for _, c := range r.commands {
		if _, err := c.LookupErr("endSessions"); err != nil {
			all = append(all, c)
		}
	}
	return all
}

// mocked is an open store whose cluster gives these answers.
func mocked(t *testing.T, replies ...bson.D) (*Store, *recorder) {
	t.Helper()
	declared, err := store.Declare(nil, someIndexes)
	if err != nil {
		t.Fatal(err)
	}
	var r recorder
	o := Options{URI: "mongodb://127.0.0.1:27017", Monitor: r.monitor(), patience: brief, adjust: func(settings *options.ClientOptions) {
		if err := xoptions.SetInternalClientOptions(settings, "deployment", drivertest.NewMockDeployment(replies...)); err != nil {
			t.Fatal(err)
		}
	}}
	client, err := mongo.Connect(clientOptions(o))
	if err != nil {
		t.Fatal(err)
	}
	s := &Store{
		declared: declared, slots: assignSlots(declared, nil), sign: signed, clock: func() time.Time { return noon },
		patience: brief, client: client, database: client.Database(defaultDatabase),
	}
	return s, &r
}

func found(documents ...bson.D) bson.D {
	rows := bson.A{}
	for _, d := range documents {
		rows = append(rows, d)
	}
	return bson.D{{Key: "ok", Value: 1}, {Key: "cursor", Value: bson.D{
		{Key: "id", Value: int64(0)},
		{Key: "ns", Value: "accord.any"},
		{Key: "firstBatch", Value: rows},
		{Key: "atClusterTime", Value: bson.Timestamp{T: 7, I: 3}},
	}}}
}

func heldHead(fields ...bson.E) bson.D {
	return bson.D{{Key: "ok", Value: 1}, {Key: "value", Value: append(bson.D{equals("_id", headID)}, fields...)}}
}

var (
	done     = bson.D{{Key: "ok", Value: 1}}
	inserted = bson.D{{Key: "ok", Value: 1}, {Key: "n", Value: 1}}
)

func TestTheSecondFindOfAReadIsAtTheTimeOfTheFirst(t *testing.T) {
	t.Parallel()
	s, r := mocked(t, found(bson.D{{Key: "fam", Value: "c"}}), found())
	_, err := s.Find(t.Context(), store.Query{Index: "newest", Tokens: []string{"u:ann"}, Excluded: "bob", Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	commands := r.all()
	if len(commands) != 2 {
		t.Fatalf("%d commands", len(commands))
	}
	for i, want := range []string{
		`{"level":"snapshot"}`, `{"level":"snapshot","atClusterTime":{"$timestamp":{"t":7,"i":3}}}`,
	} {
		if got := jsonOf(t, commands[i].Lookup("readConcern").Document()); got != want {
			t.Errorf("find %d reads with %s, and should with %s", i, got, want)
		}
	}
	if first, second := commands[0].Lookup("lsid"), commands[1].Lookup("lsid"); !first.Equal(second) {
		t.Error("one read is of two sessions")
	}
}

// applied commits one batch, without the turns it would wait for.
func applied(t *testing.T, s *Store, b store.Batch) (outcome, err error) {
	t.Helper()
	outcomes, err := s.commit(t.Context(), []*store.Turn{turn(t, b)})
	if len(outcomes) > 0 {
		outcome = outcomes[0]
	}
	return outcome, err
}

func TestAReplacementThatFindsNoDocumentIsCommittedByNobody(t *testing.T) {
	t.Parallel()
	stored := bson.D{
		{Key: "_id", Value: "o"},
		{Key: "kind", Value: "note"},
		{Key: "fam", Value: "o"},
		{Key: "v", Value: int64(1)},
		{Key: "vis", Value: bson.A{}},
		{Key: "f", Value: bson.D{}},
		{Key: "s", Value: bson.A{}},
	}
	none := bson.D{{Key: "ok", Value: 1}, {Key: "n", Value: 0}, {Key: "nModified", Value: 0}}
	s, r := mocked(t, heldHead(), found(stored), none, done)
	_, err := applied(t, s, saving(at(2, anotherNote)))
	refusedWith(t, err, "replace documents: the cluster found others than it had shown")
	commands := r.all()
	if last := commands[len(commands)-1]; last.Lookup("abortTransaction").Type == 0 {
		t.Errorf("it ends with %s", last)
	}
}

func refusedWith(t *testing.T, err error, want string) {
	t.Helper()
	switch {
	case err == nil:
		t.Errorf("it is not refused with %q", want)
	case err.Error() != want:
		t.Errorf("got  %s\nwant %s", err, want)
	case errors.Is(err, store.ErrStale) || errors.Is(err, store.ErrDuplicate) || errors.Is(err, store.ErrAbsent):
		t.Errorf("%q counts as an outcome of the port", err)
	}
}

func TestAnswersThatNoClusterShouldGiveAreErrors(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]struct {
		replies []bson.D
		batch   store.Batch
	}{
		"the log is damaged: there is no head": {
			replies: []bson.D{{{Key: "ok", Value: 1}, {Key: "value", Value: nil}}, done}, batch: logging("one"),
		},
		"another version of the program has taken the database over: end this one, or start it again when the other has ended": {
			replies: []bson.D{heldHead(equals("declared", "another")), done}, batch: logging("one"),
		},
		"the log is damaged: a hash is cut": {
			replies: []bson.D{heldHead(equals("edge", []byte("cut"))), done}, batch: logging("one"),
		},
		"the log is damaged: its edge has another number of hashes than its size asks for": {
			replies: []bson.D{heldHead(equals("size", int64(1))), done}, batch: logging("one"),
		},
		"hold the head: error decoding key size: cannot decode string into an integer type": {
			replies: []bson.D{heldHead(equals("size", "one")), done}, batch: logging("one"),
		},
		"insert into log: the cluster answers with error 11000": {
			replies: []bson.D{heldHead(), {
				{Key: "ok", Value: 1},
				{Key: "n", Value: 0},
				{Key: "writeErrors", Value: bson.A{bson.D{{Key: "index", Value: 0}, {Key: "code", Value: 11000}, {Key: "errmsg", Value: "dup key: { _id: secret }"}}}},
			}, done},
			batch: logging("one"),
		},
		"write the head: the cluster answers with error 8000": {
			replies: []bson.D{heldHead(), inserted, {{Key: "ok", Value: 0}, {Key: "code", Value: 8000}, {Key: "errmsg", Value: "secret"}}, done},
			batch:   logging("one"),
		},
		"commit: the cluster answers with error 8000": {
			replies: []bson.D{heldHead(), inserted, inserted, {{Key: "ok", Value: 0}, {Key: "code", Value: 8000}, {Key: "errmsg", Value: "secret"}}},
			batch:   logging("one"),
		},
		"operation timed out: find in document: no responses remaining": {replies: []bson.D{heldHead()}, batch: saving(aNote)},
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			s, _ := mocked(t, c.replies...)
			outcome, err := applied(t, s, c.batch)
			refusedWith(t, err, want)
			if outcome != nil {
				t.Errorf("the batch has an outcome: %v", outcome)
			}
		})
	}
}

func TestAnIndexThatIsNotWhatItsNameSaysIsRefused(t *testing.T) {
	t.Parallel()
	proper := []bson.D{
		{{Key: "name", Value: "family"}, {Key: "key", Value: bson.D{{Key: "kind", Value: 1}, {Key: "fam", Value: 1.0}, {Key: "_id", Value: int64(1)}}}},
	}
	for _, name := range []string{"visible_1", "visible_2"} {
		path := "k.v" + strings.TrimPrefix(name, "visible_")
		proper = append(proper, bson.D{
			{Key: "name", Value: name},
			{Key: "key", Value: bson.D{{Key: "vis", Value: 1}, {Key: path, Value: 1}, {Key: "fam", Value: 1}}},
			{Key: "partialFilterExpression", Value: bson.D{{Key: path, Value: bson.D{{Key: "$exists", Value: true}}}}},
		})
	}
	for _, name := range []string{"plain_1", "plain_2"} {
		path := "k.p" + strings.TrimPrefix(name, "plain_")
		proper = append(proper, bson.D{
			{Key: "name", Value: name},
			{Key: "key", Value: bson.D{{Key: path, Value: 1}}},
			{Key: "partialFilterExpression", Value: bson.D{{Key: path, Value: bson.D{{Key: "$exists", Value: true}}}}},
		})
	}
	const refused = "index plain_2 of collection document is not what this program makes: drop it and start again"
	for sentence, c := range map[string]struct {
		change func(bson.D) bson.D
		want   string
	}{
		"as it is made, in whatever types":  {func(d bson.D) bson.D { return d }, ""},
		"hidden":                            {func(d bson.D) bson.D { return append(d, equals("hidden", true)) }, refused},
		"unique":                            {func(d bson.D) bson.D { return append(d, equals("unique", true)) }, refused},
		"sparse":                            {func(d bson.D) bson.D { return append(d, equals("sparse", true)) }, refused},
		"in the order of a language":        {func(d bson.D) bson.D { return append(d, equals("collation", bson.D{equals("locale", "en")})) }, refused},
		"of which documents expire":         {func(d bson.D) bson.D { return append(d, equals("expireAfterSeconds", 60)) }, refused},
		"over all documents":                {func(d bson.D) bson.D { return d[:2] }, refused},
		"over another field":                {func(d bson.D) bson.D { d[1].Value = bson.D{{Key: "k.p3", Value: 1}}; return d }, refused},
		"the other way round":               {func(d bson.D) bson.D { d[1].Value = bson.D{{Key: "k.p2", Value: -1}}; return d }, refused},
		"under another name, and so missed": {func(d bson.D) bson.D { return append(bson.D{equals("name", "plain_3")}, d[1:]...) }, refused},
	} {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			there := append([]bson.D(nil), proper...)
			last := len(there) - 1
			there[last] = c.change(append(bson.D(nil), there[last]...))
			there = append(there, // those of the other collections
				bson.D{equals("name", byPrincipal), equals("key", bson.D{{Key: "p", Value: 1}, {Key: "fam", Value: 1}})},
				bson.D{equals("name", byEnd), equals("key", bson.D{{Key: "until", Value: 1}}), equals("expireAfterSeconds", keepReceipts)},
				bson.D{equals("name", bySequence), equals("key", bson.D{{Key: "seq", Value: 1}})},
			)
			s, _ := mocked(t, done, found(there...), done, found(there...), done, found(there...), done, found(there...))
			if err := s.makeIndexes(t.Context()); c.want == "" && err != nil {
				t.Error(err)
			} else if c.want != "" {
				refusedWith(t, err, c.want)
			}
		})
	}
}
