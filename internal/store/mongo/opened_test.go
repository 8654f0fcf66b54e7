package mongo

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
	"golang.org/x/mod/sumdb/tlog"

	"accord/internal/racetest"
	"accord/internal/store"
	"accord/internal/store/mongo/mongotest"
)

// The indexes of these tests: cases are seen through tokens, notes are not, and a
// note's reference is its own.
var (
	openCases   = store.Index{Name: "open", Kind: "case", Equal: []string{"status"}, Order: "at", Visible: true}
	newestCases = store.Index{Name: "newest", Kind: "case", Order: "at", Descending: true, Visible: true}
	areaNotes   = store.Index{Name: "area", Kind: "note", Equal: []string{"area"}, Order: "at"}
	references  = store.Index{Name: "reference", Kind: "note", Equal: []string{"reference"}, Unique: true}
	someIndexes = []store.Index{openCases, newestCases, areaNotes, references}
)

// TestMain lets more of these tests run at once than there are processors: most
// wait for a driver that waits for a server.
func TestMain(m *testing.M) {
	flag.Parse()
	settings := map[string]string{"test.parallel": "12"}
	if checks := flag.Lookup("rapid.checks"); checks != nil && checks.Value.String() == checks.DefValue {
		settings["rapid.checks"] = strconv.Itoa(racetest.Sized(25, 10)) // each opens nothing, and commits some ten times
	}
	for name, value := range settings {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// noon is when everything in these tests happens.
var noon = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)

// signed is the tree head of so many entries, as these tests sign it.
func signed(tree tlog.Tree) ([]byte, error) { return fmt.Appendf(nil, "%d entries", tree.N), nil }

// brief is the patience of tests that wait for it to end.
var brief = patience{find: 2 * time.Second, read: 2 * time.Second, commit: 2 * time.Second, leave: 200 * time.Millisecond}

func optionsFor(server *mongotest.Server, changes ...func(*Options)) Options {
	o := Options{URI: server.URI(), Indexes: someIndexes, Sign: signed, Clock: func() time.Time { return noon }}
	for _, change := range changes {
		change(&o)
	}
	return o
}

func declaring(indexes ...store.Index) func(*Options) {
	return func(o *Options) { o.Indexes = indexes }
}

func waiting(p patience) func(*Options) { return func(o *Options) { o.patience = p } }

// opened is a store on a server, closed when the test ends.
func opened(t *testing.T, server *mongotest.Server, changes ...func(*Options)) *Store {
	t.Helper()
	s, err := Open(t.Context(), optionsFor(server, changes...))
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

// alone is a store on a server of its own, whose commands so far are forgotten.
func alone(t *testing.T, changes ...func(*Options)) (*Store, *mongotest.Server) {
	t.Helper()
	server := mongotest.Start(t, mongotest.Options{})
	s := opened(t, server, changes...)
	server.Forget()
	return s, server
}

func apply(t *testing.T, s *Store, batches ...store.Batch) {
	t.Helper()
	for _, b := range batches {
		if err := s.Apply(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
}

// note is the first version of a note that is a family of its own.
func note(id string, fields ...store.Field) store.Document {
	return store.Document{ID: id, Kind: "note", Family: id, Version: 1, Fields: fields}
}

func text(name, value string) store.Field { return store.Field{Name: name, Value: store.Text(value)} }

func number(name string, value int64) store.Field {
	return store.Field{Name: name, Value: store.Number(value)}
}

func at(version int64, d store.Document) store.Document {
	d.Version = version
	return d
}

// saving is a batch that writes documents of one family.
func saving(documents ...store.Document) store.Batch {
	b := store.Batch{Family: documents[0].Family}
	for _, d := range documents {
		b.Writes = append(b.Writes, store.Write{Document: d, Expect: d.Version - 1})
	}
	return b
}

// logging is a batch of entries alone.
func logging(entries ...string) store.Batch {
	var b store.Batch
	for _, e := range entries {
		b.Entries = append(b.Entries, []byte(e))
	}
	return b
}

// turn is a batch as the writer gets it.
func turn(t *testing.T, b store.Batch) *store.Turn {
	t.Helper()
	turn := &store.Turn{Batch: b}
	for _, w := range b.Writes {
		body, err := store.EncodeDocument(w.Document)
		if err != nil {
			t.Fatal(err)
		}
		turn.Bodies = append(turn.Bodies, body)
	}
	for _, entry := range b.Entries {
		turn.Records = append(turn.Records, tlog.RecordHash(entry))
	}
	return turn
}

// reached is the database of a server, past the store.
func reached(t *testing.T, server *mongotest.Server) *mongo.Database {
	t.Helper()
	client, err := mongo.Connect(options.Client().ApplyURI(server.URI()).SetWriteConcern(writeconcern.Majority()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Disconnect(context.Background()) })
	return client.Database(defaultDatabase)
}

// held is everything a collection holds, by _id, a line for each document.
func held(t *testing.T, database *mongo.Database, collection string) []string {
	t.Helper()
	cursor, err := database.Collection(collection).Find(t.Context(), bson.D{},
		options.Find().SetHint(byID).SetSort(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		t.Fatal(err)
	}
	var rows []bson.Raw
	if err := cursor.All(t.Context(), &rows); err != nil {
		t.Fatal(err)
	}
	lines := make([]string, len(rows))
	for i, row := range rows {
		lines[i] = jsonOf(t, row)
	}
	return lines
}

// everything is what all collections hold.
func everything(t *testing.T, database *mongo.Database) string {
	t.Helper()
	var all strings.Builder
	for _, name := range collections() {
		all.WriteString(name + "\n  " + strings.Join(held(t, database, name), "\n  ") + "\n")
	}
	return all.String()
}

func jsonOf(t *testing.T, d any) string {
	t.Helper()
	encoded, err := bson.MarshalExtJSON(d, false, false)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}

// entries are all of the log, and it is whole: its hashes prove every entry under
// the tree head.
func entries(t *testing.T, s *Store) []string {
	t.Helper()
	all, err := s.Log().Entries(t.Context(), 0, store.MaxPage)
	if err != nil {
		t.Fatal(err)
	}
	var h head
	if err := s.read(t.Context(), func(ctx context.Context) error { return s.findOne(ctx, theHead(), &h) }); err != nil {
		t.Fatal(err)
	}
	if h.Size != int64(len(all)) {
		t.Fatalf("the head is of %d entries, and there are %d", h.Size, len(all))
	}
	texts := make([]string, len(all))
	for n, entry := range all {
		texts[n] = string(entry)
		proof, err := tlog.ProveRecord(h.Size, int64(n), s.Log().Hashes(t.Context()))
		if err == nil {
			err = tlog.CheckRecord(proof, h.Size, tlog.Hash(h.Root), int64(n), tlog.RecordHash(entry))
		}
		if err != nil {
			t.Fatalf("entry %d is not proved: %v", n, err)
		}
	}
	return texts
}
