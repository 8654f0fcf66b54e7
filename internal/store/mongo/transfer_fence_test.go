package mongo_test

import (
	"errors"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"accord/internal/store"
	"accord/internal/store/mongo"
	"accord/internal/store/mongo/mongotest"
	"accord/internal/store/storetest"
)

// program is a store in service, closed when the test ends.
func program(t *testing.T, uri string) *mongo.Store {
	t.Helper()
	s, err := mongo.Open(t.Context(), storeAt(uri))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func aCase(id string) store.Batch {
	return store.Batch{
		Family: id, Entries: [][]byte{[]byte("saved " + id)},
		Writes: []store.Write{{Document: store.Document{
			ID: id, Kind: "case", Family: id, Version: 1, Tokens: []string{"t:red"},
			Fields: []store.Field{{Name: "at", Value: store.Number(1)}, {Name: "status", Value: store.Text("OPEN")}},
		}}},
	}
}

func apply(t *testing.T, s store.Store, batches ...store.Batch) {
	t.Helper()
	for _, b := range batches {
		if err := s.Apply(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
}

func says(t *testing.T, err error, words string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), words) {
		t.Fatalf("got %v, want %q", err, words)
	}
}

func seen(t *testing.T, s store.Store, want string) {
	t.Helper()
	page, err := s.Find(t.Context(), store.Query{
		Index: "seen_up", Equal: []store.Value{store.Text("OPEN")}, Tokens: []string{"t:red"}, Limit: 10,
	})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, d := range page.Documents {
		ids = append(ids, d.ID)
	}
	if got := strings.Join(ids, " "); got != want {
		t.Fatalf("found %s, want %s", got, want)
	}
}

func sourceAt(t *testing.T, uri string) *mongo.Source {
	t.Helper()
	source, err := mongo.OpenSource(t.Context(), uri, copiedAt)
	if err != nil {
		t.Fatal(err)
	}
	return source
}

func closed(t *testing.T, c interface{ Close() error }) {
	t.Helper()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestARunningProgramCommitsNothingWhileItIsCopied(t *testing.T) {
	uri := mongotest.Start(t, mongotest.Options{}).URI()
	s := program(t, uri)
	apply(t, s, aCase("c1"))
	source := sourceAt(t, uri)
	says(t, s.Apply(t.Context(), aCase("c2")), "the database is being copied, and nothing may be written meanwhile")
	seen(t, s, "c1") // it is read as ever
	if page, err := source.Page(t.Context(), store.DocumentPart, store.Place{}); err != nil || len(page.Documents) != 1 {
		t.Fatalf("got %v, %v", page, err)
	}
	closed(t, source)
	apply(t, s, aCase("c2"))
	seen(t, s, "c1 c2")
}

func TestAProgramThatStartsEndsTheCopy(t *testing.T) {
	uri := mongotest.Start(t, mongotest.Options{}).URI()
	apply(t, program(t, uri), aCase("c1"))
	source := sourceAt(t, uri)
	s := program(t, uri)
	_, err := source.Page(t.Context(), store.DocumentPart, store.Place{})
	if !errors.Is(err, mongo.ErrWritten) {
		t.Fatalf("got %v", err)
	}
	apply(t, s, aCase("c2"))
	closed(t, source)
	apply(t, s, aCase("c3"))
	seen(t, s, "c1 c2 c3")
}

// A process that dies closes nothing.
func TestACopyThatDiedKeepsNobodyOut(t *testing.T) {
	server := mongotest.Start(t, mongotest.Options{})
	uri := server.URI()
	s := program(t, uri)
	apply(t, s, aCase("c1"))
	dead := sourceAt(t, uri)
	next := sourceAt(t, uri)
	_, err := dead.Page(t.Context(), store.DocumentPart, store.Place{})
	if !errors.Is(err, mongo.ErrWritten) {
		t.Errorf("two copies read at once: %v", err)
	}
	closed(t, next)
	apply(t, s, aCase("c2"))

	again := sourceAt(t, uri)
	server.Forget()
	apply(t, program(t, uri), aCase("c3")) // starts, and no key is made anew
	for _, command := range server.Commands() {
		if text := command.Body.String(); command.Name == "update" && strings.Contains(text, `"update": "document"`) {
			t.Errorf("documents are written at the start: %s", text)
		}
	}
	seen(t, s, "c1 c2 c3")
	closed(t, again)
	closed(t, dead)
}

// inState changes the state behind the back of every program.
func inState(t *testing.T, uri, id string, set bson.D) {
	t.Helper()
	client, err := driver.Connect(options.Client().ApplyURI(uri).SetWriteConcern(writeconcern.Majority()))
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.Database("accord").Collection("state").UpdateOne(t.Context(), bson.D{{Key: "_id", Value: id}}, bson.D{{Key: "$set", Value: set}},
		options.UpdateOne().SetHint("_id_"))
	if err := errors.Join(err, client.Disconnect(t.Context())); err != nil {
		t.Fatal(err)
	}
}

func TestASourceIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		id   string
		set  bson.D
		want string
	}{
		"while a program starts":     {"head", bson.D{{Key: "declared", Value: "building 1"}}, "a program is starting on the database"},
		"of a later layout":          {"head", bson.D{{Key: "layout", Value: int64(9)}}, "layout 9"},
		"whose head is damaged":      {"head", bson.D{{Key: "root", Value: make([]byte, 32)}}, "the log is damaged"},
		"whose log's edge is cut":    {"head", bson.D{{Key: "edge", Value: []byte{1}}}, "the log is damaged"},
		"that is an unfinished copy": {"head", bson.D{{Key: "layout", Value: int64(-1)}}, store.ErrUnfinished.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			uri := mongotest.Start(t, mongotest.Options{}).URI()
			apply(t, program(t, uri), aCase("c1"))
			inState(t, uri, c.id, c.set)
			_, err := mongo.OpenSource(t.Context(), uri, copiedAt)
			says(t, err, c.want)
		})
	}
	t.Run("where nothing is", func(t *testing.T) {
		_, err := mongo.OpenSource(t.Context(), mongotest.Start(t, mongotest.Options{}).URI(), copiedAt)
		if !errors.Is(err, mongo.ErrNoStore) {
			t.Errorf("got %v", err)
		}
	})
}

func targetAt(t *testing.T, uri string, of store.State, indexes []store.Index) (*mongo.Target, error) {
	t.Helper()
	return mongo.OpenTarget(t.Context(), mongo.TargetOptions{URI: uri, Indexes: indexes, Of: of, Now: copiedAt})
}

func TestATarget(t *testing.T) {
	from := mongotest.Start(t, mongotest.Options{}).URI()
	apply(t, program(t, from), aCase("c1"), aCase("c2"))
	source := sourceAt(t, from)
	defer closed(t, source)

	t.Run("that holds another program's documents is refused", func(t *testing.T) {
		uri := mongotest.Start(t, mongotest.Options{}).URI()
		client, err := driver.Connect(options.Client().ApplyURI(uri).SetWriteConcern(writeconcern.Majority()))
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.Database("accord").Collection("theirs").InsertOne(t.Context(), bson.D{{Key: "_id", Value: 1}})
		if err := errors.Join(err, client.Disconnect(t.Context())); err != nil {
			t.Fatal(err)
		}
		if _, err = targetAt(t, uri, source.State(), storetest.Indexes()); !errors.Is(err, store.ErrOccupied) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("that another copy goes on with is lost to the first", func(t *testing.T) {
		uri := mongotest.Start(t, mongotest.Options{}).URI()
		first, err := targetAt(t, uri, source.State(), storetest.Indexes())
		if err != nil {
			t.Fatal(err)
		}
		defer closed(t, first)
		second, err := targetAt(t, uri, source.State(), storetest.Indexes())
		if err != nil {
			t.Fatal(err)
		}
		defer closed(t, second)
		says(t, store.Copy(t.Context(), source, first, func(store.Part, int64) {}), "another accord copy goes on with the copy in this database")
		if err := store.Copy(t.Context(), source, second, func(store.Part, int64) {}); err != nil {
			t.Error(err)
		}
	})
	t.Run("that a version with other indexes began is left to it", func(t *testing.T) {
		uri := mongotest.Start(t, mongotest.Options{}).URI()
		first, err := targetAt(t, uri, source.State(), storetest.Indexes())
		if err != nil {
			t.Fatal(err)
		}
		closed(t, first)
		_, err = targetAt(t, uri, source.State(), storetest.Indexes()[:3])
		says(t, err, "another version of the program began this copy")
	})
	t.Run("takes a page once, whatever becomes of the answers", func(t *testing.T) {
		server := mongotest.Start(t, mongotest.Options{})
		target, err := targetAt(t, server.URI(), source.State(), storetest.Indexes())
		if err != nil {
			t.Fatal(err)
		}
		server.Fail(mongotest.Failure{Command: "commitTransaction", CloseConnection: true, AfterApplying: true})
		server.Fail(mongotest.Failure{Command: "commitTransaction", Code: 112, Labels: []string{"TransientTransactionError"}, Skip: 1})
		server.Fail(mongotest.Failure{Command: "insert", Code: 112, Skip: 1})
		if err := store.Copy(t.Context(), source, target, func(store.Part, int64) {}); err != nil {
			t.Fatal(err)
		}
		compared, err := store.Compare(t.Context(), source, target, func(store.Part, int64) {})
		if err != nil || !compared.Agrees() || server.Pending() > 0 {
			t.Fatalf("compared: %+v, %v; %d failures did not come", compared, err, server.Pending())
		}
		if err := target.Finish(t.Context()); err != nil {
			t.Fatal(err)
		}
		closed(t, target)
		s := program(t, server.URI())
		seen(t, s, "c1 c2")
		apply(t, s, aCase("c3"))
	})
}

func TestAddressesOfOneDatabase(t *testing.T) {
	for _, c := range []struct {
		one, other string
		same       bool
	}{
		{"mongodb://a:p@one:27017/x", "mongodb://one:27017,two:27017/x?tls=true", true},
		{"mongodb://one:27017/", "mongodb://one:27017/accord", true},
		{"mongodb://one:27017/x", "mongodb://one:27017/y", false},
		{"mongodb://one:27017/x", "mongodb://two:27017/x", false},
		{"mongodb://", "mongodb://", false},
	} {
		if got := mongo.SameDatabase(c.one, c.other); got != c.same {
			t.Errorf("%s and %s: %v", c.one, c.other, got)
		}
	}
}
