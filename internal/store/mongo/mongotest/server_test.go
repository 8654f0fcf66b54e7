package mongotest_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/wiremessage"

	"accord/internal/store/mongo/mongotest"
)

// bench is a server with a client as Accord has one.
type bench struct {
	*testing.T
	*mongotest.Server
	client *mongo.Client
	db     *mongo.Database
}

func begin(t *testing.T, o mongotest.Options) bench {
	t.Helper()
	s := mongotest.Start(t, o)
	client, err := mongo.Connect(options.Client().ApplyURI(s.URI()).
		SetReadConcern(readconcern.Majority()).SetWriteConcern(writeconcern.Majority()).
		SetServerSelectionTimeout(5 * time.Second).
		SetServerAPIOptions(options.ServerAPI(options.ServerAPIVersion1)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := client.Disconnect(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return bench{t, s, client, client.Database("accord")}
}

func (b bench) insert(collection string, documents ...any) {
	b.Helper()
	if _, err := b.db.Collection(collection).InsertMany(b.Context(), documents); err != nil {
		b.Fatal(err)
	}
}

func (b bench) index(collection string, key bson.D, o *options.IndexOptionsBuilder) {
	b.Helper()
	if _, err := b.db.Collection(collection).Indexes().CreateOne(b.Context(), mongo.IndexModel{Keys: key, Options: o}); err != nil {
		b.Fatal(err)
	}
}

// session is a session of its own, with the context to run in it.
func (b bench) session(o *options.SessionOptionsBuilder) (*mongo.Session, context.Context) {
	b.Helper()
	s, err := b.client.StartSession(o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.EndSession(context.Background()) })
	return s, mongo.NewSessionContext(b.Context(), s)
}

// transaction is a session with a transaction begun.
func (b bench) transaction() (*mongo.Session, context.Context) {
	b.Helper()
	s, ctx := b.session(options.Session())
	if err := s.StartTransaction(options.Transaction().SetReadConcern(readconcern.Snapshot())); err != nil {
		b.Fatal(err)
	}
	return s, ctx
}

func (b bench) value(ctx context.Context, id string) int32 {
	b.Helper()
	var found struct{ V int32 }
	if err := b.db.Collection("c").FindOne(ctx, d("_id", id), options.FindOne().SetHint("_id_")).Decode(&found); err != nil {
		b.Fatal(err)
	}
	return found.V
}

func (b bench) set(ctx context.Context, id string, v int) error {
	_, err := b.db.Collection("c").UpdateOne(ctx, d("_id", id), d("$set", d("v", v)), options.UpdateOne().SetHint("_id_"))
	return err
}

func (b bench) commit(s *mongo.Session) {
	b.Helper()
	if err := s.CommitTransaction(b.Context()); err != nil {
		b.Fatal(err)
	}
}

func (b bench) equal(got, want any) {
	b.Helper()
	g, err := bson.MarshalExtJSON(d("v", got), false, false)
	if err != nil {
		b.Fatal(err)
	}
	w, err := bson.MarshalExtJSON(d("v", want), false, false)
	if err != nil {
		b.Fatal(err)
	}
	if !bytes.Equal(g, w) {
		b.Fatalf("got  %s\nwant %s", g, w)
	}
}

// refused holds an error to a code and to its labels.
func (b bench) refused(err error, code int, labels ...string) {
	b.Helper()
	failed, ok := errors.AsType[mongo.ServerError](err)
	if !ok || !failed.HasErrorCode(code) {
		b.Fatalf("got %v, want code %d", err, code)
	}
	for _, label := range labels {
		if !failed.HasErrorLabel(label) {
			b.Fatalf("got %v, want label %s", err, label)
		}
	}
}

// raw sends a command as it stands, past the driver, and returns the name of the
// error it is answered with; empty where there is none.
func (b bench) raw(command bson.D) string {
	b.Helper()
	body, err := bson.Marshal(command)
	if err != nil {
		b.Fatal(err)
	}
	start, message := wiremessage.AppendHeaderStart(nil, 1, 0, wiremessage.OpMsg)
	message = wiremessage.AppendMsgSectionType(wiremessage.AppendMsgFlags(message, 0), wiremessage.SingleDocument)
	message = append(message, body...)
	c, err := net.Dial("tcp", strings.Split(b.URI(), "/")[2])
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	if _, err = c.Write(bsoncore.UpdateLength(message, start, int32(len(message)))); err != nil {
		b.Fatal(err)
	}
	answer := make([]byte, 1<<16)
	n, err := c.Read(answer)
	if err != nil || n < 21 {
		b.Fatalf("%d bytes, %v", n, err)
	}
	name, _ := bson.Raw(answer[21:n]).Lookup("codeName").StringValueOK()
	return name
}

// d is a document of names and values in turn.
func d(pairs ...any) bson.D {
	all := bson.D{}
	for pair := range slices.Chunk(pairs, 2) {
		all = append(all, bson.E{Key: pair[0].(string), Value: pair[1]})
	}
	return all
}

// named are the commands of one name that came.
func (b bench) named(name string) []mongotest.Command {
	return slices.DeleteFunc(b.Commands(), func(c mongotest.Command) bool { return c.Name != name })
}

func TestTransactions(t *testing.T) {
	t.Run("see what was when they began, and what they wrote", func(t *testing.T) {
		b := begin(t, mongotest.Options{})
		b.insert("c", d("_id", "a", "v", 1), d("_id", "b", "v", 1))
		s, ctx := b.transaction()
		b.equal(b.value(ctx, "a"), 1)
		if err := b.set(t.Context(), "a", 2); err != nil {
			t.Fatal(err)
		}
		b.equal(b.value(ctx, "a"), 1)
		if err := b.set(ctx, "b", 3); err != nil {
			t.Fatal(err)
		}
		b.equal([]int32{b.value(ctx, "b"), b.value(t.Context(), "b"), b.value(t.Context(), "a")}, []int32{3, 1, 2})
		b.commit(s)
		b.equal(b.value(t.Context(), "b"), 3)
	})
	t.Run("lose no update of another", func(t *testing.T) {
		b := begin(t, mongotest.Options{})
		b.insert("c", d("_id", "a", "v", 1))
		_, late := b.transaction()
		b.equal(b.value(late, "a"), 1)
		if err := b.set(t.Context(), "a", 2); err != nil {
			t.Fatal(err)
		}
		b.refused(b.set(late, "a", 3), 112, "TransientTransactionError")
		b.refused(b.set(late, "a", 3), 251, "TransientTransactionError")
		b.equal(b.value(t.Context(), "a"), 2)
	})
	t.Run("fail at once where another open one has written", func(t *testing.T) {
		b := begin(t, mongotest.Options{})
		b.insert("c", d("_id", "a", "v", 1))
		first, one := b.transaction()
		_, two := b.transaction()
		if err := b.set(one, "a", 2); err != nil {
			t.Fatal(err)
		}
		b.refused(b.set(two, "a", 3), 112, "TransientTransactionError")
		b.commit(first)
		b.equal(b.value(t.Context(), "a"), 2)
	})
	t.Run("fail where another has inserted the same _id", func(t *testing.T) {
		b := begin(t, mongotest.Options{})
		b.insert("c", d("_id", "a"))
		_, ctx := b.transaction()
		_ = b.value(ctx, "a")
		b.insert("c", d("_id", "n"))
		_, err := b.db.Collection("c").InsertOne(ctx, d("_id", "n"))
		b.refused(err, 112, "TransientTransactionError")
	})
	t.Run("let write skew pass", func(t *testing.T) {
		b := begin(t, mongotest.Options{})
		b.insert("c", d("_id", "a", "v", 1), d("_id", "b", "v", 1))
		first, one := b.transaction()
		second, two := b.transaction()
		b.equal([]int32{b.value(one, "b"), b.value(two, "a")}, []int32{1, 1})
		for ctx, id := range map[context.Context]string{one: "a", two: "b"} {
			if err := b.set(ctx, id, 0); err != nil {
				t.Fatal(err)
			}
		}
		b.commit(first)
		b.commit(second)
		b.equal([]int32{b.value(t.Context(), "a"), b.value(t.Context(), "b")}, []int32{0, 0})
	})
	t.Run("do not hold what they leave as it is", func(t *testing.T) {
		b := begin(t, mongotest.Options{})
		b.insert("c", d("_id", "a", "v", 1))
		s, ctx := b.transaction()
		result, err := b.db.Collection("c").UpdateOne(ctx, d("_id", "a"), d("$set", d("v", 1)))
		if err != nil {
			t.Fatal(err)
		}
		b.equal([]int64{result.MatchedCount, result.ModifiedCount}, []int64{1, 0})
		if err := b.set(t.Context(), "a", 2); err != nil { // would wait for ever if it were held
			t.Fatal(err)
		}
		b.commit(s)
		b.equal(b.value(t.Context(), "a"), 2)
	})
	t.Run("keep a write outside of any waiting until they end", func(t *testing.T) {
		b := begin(t, mongotest.Options{})
		b.insert("c", d("_id", "a", "v", 1))
		s, ctx := b.transaction()
		if err := b.set(ctx, "a", 2); err != nil {
			t.Fatal(err)
		}
		limited, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer cancel()
		if err := b.set(limited, "a", 3); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("got %v", err)
		}
		done := make(chan error)
		go func() { done <- b.set(t.Context(), "a", 4) }()
		b.commit(s)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		b.equal(b.value(t.Context(), "a"), 4)
	})
	t.Run("end with a duplicate key", func(t *testing.T) {
		b := begin(t, mongotest.Options{})
		b.insert("c", d("_id", "a"))
		_, ctx := b.transaction()
		_, err := b.db.Collection("c").InsertOne(ctx, d("_id", "a"))
		if !mongo.IsDuplicateKeyError(err) {
			t.Fatalf("got %v", err)
		}
		_, err = b.db.Collection("c").InsertOne(ctx, d("_id", "b"))
		b.refused(err, 251, "TransientTransactionError")
	})
	t.Run("know an older number and one that never began", func(t *testing.T) {
		b := begin(t, mongotest.Options{})
		b.insert("c", d("_id", "a"))
		lsid := d("id", bson.Binary{Subtype: 4, Data: make([]byte, 16)})
		run := func(number int64, starts bool) string {
			command := d("find", "c", "$db", "accord", "hint", "_id_", "lsid", lsid, "txnNumber", number, "autocommit", false)
			if starts {
				command = append(command, d("startTransaction", true, "readConcern", d("level", "snapshot"))...)
			}
			return b.raw(command)
		}
		b.equal([]string{run(5, true), run(5, false), run(4, true), run(6, false), run(5, true), run(5, false)}, []string{
			"", "", "TransactionTooOld", "NoSuchTransaction", "ConflictingOperationInProgress", "NoSuchTransaction",
		})
	})
}

func TestWhatIsLost(t *testing.T) {
	add := func(b bench) error {
		return b.db.Collection("c").FindOneAndUpdate(b.Context(), d("_id", "a"), d("$inc", d("v", 1))).Err()
	}
	for name, after := range map[string]bool{"before": false, "after": true} {
		t.Run("a write whose connection is closed "+name+" its effect happens once", func(t *testing.T) {
			b := begin(t, mongotest.Options{})
			b.insert("c", d("_id", "a", "v", 1))
			b.Fail(mongotest.Failure{Command: "findAndModify", CloseConnection: true, AfterApplying: after})
			if err := add(b); err != nil {
				t.Fatal(err)
			}
			b.equal(b.value(t.Context(), "a"), 2)
			tries := b.named("findAndModify")
			b.equal([]any{len(tries), tries[0].TxnNumber == tries[1].TxnNumber, tries[0].Session == tries[1].Session}, []any{2, true, true})
		})
		t.Run("a commit whose connection is closed "+name+" its effect is asked for again", func(t *testing.T) {
			b := begin(t, mongotest.Options{})
			b.insert("c", d("_id", "a", "v", 1))
			b.Fail(mongotest.Failure{Command: "commitTransaction", CloseConnection: true, AfterApplying: after})
			s, ctx := b.transaction()
			if err := b.set(ctx, "a", 2); err != nil {
				t.Fatal(err)
			}
			b.commit(s)
			b.equal(b.value(t.Context(), "a"), 2)
			b.equal(len(b.named("commitTransaction")), 2)
		})
	}
	t.Run("a commit that stays unanswered is unknown", func(t *testing.T) {
		b := begin(t, mongotest.Options{})
		b.insert("c", d("_id", "a", "v", 1))
		b.Fail(mongotest.Failure{Command: "commitTransaction", CloseConnection: true, AfterApplying: true, Times: 2})
		s, ctx := b.transaction()
		if err := b.set(ctx, "a", 2); err != nil {
			t.Fatal(err)
		}
		failed, ok := errors.AsType[mongo.LabeledError](s.CommitTransaction(t.Context()))
		if !ok || !failed.HasErrorLabel("UnknownTransactionCommitResult") {
			t.Fatalf("got %v", failed)
		}
		b.commit(s)
		b.equal([]any{b.value(t.Context(), "a"), b.Pending()}, []any{2, 0})
	})
	t.Run("a write a majority may not have is told apart", func(t *testing.T) {
		b := begin(t, mongotest.Options{})
		b.insert("c", d("_id", "a", "v", 1))
		b.Fail(mongotest.Failure{Command: "update", Code: 64, CodeName: "WriteConcernFailed", WriteConcernError: true})
		failed, ok := errors.AsType[mongo.WriteException](b.set(t.Context(), "a", 2))
		if !ok || failed.WriteConcernError == nil || failed.WriteConcernError.Code != 64 {
			t.Fatalf("got %v", failed)
		}
		b.equal(b.value(t.Context(), "a"), 2)
	})
	t.Run("an error that was asked for aborts a transaction", func(t *testing.T) {
		b := begin(t, mongotest.Options{})
		b.insert("c", d("_id", "a", "v", 1))
		b.Fail(mongotest.Failure{Command: "update", Skip: 1, Code: 112})
		_, ctx := b.transaction()
		if err := b.set(ctx, "a", 2); err != nil {
			t.Fatal(err)
		}
		b.refused(b.set(ctx, "a", 3), 112, "TransientTransactionError")
		if err := b.set(t.Context(), "a", 4); err != nil { // nobody holds it any more
			t.Fatal(err)
		}
	})
	t.Run("a command can be held while others pass", func(t *testing.T) {
		b := begin(t, mongotest.Options{})
		b.insert("c", d("_id", "a", "v", 1))
		arrived, until, done := make(chan struct{}), make(chan struct{}), make(chan error)
		b.Fail(mongotest.Failure{Command: "update", Arrived: arrived, Until: until})
		go func() { done <- b.set(t.Context(), "a", 2) }()
		<-arrived
		b.equal(b.value(t.Context(), "a"), 1)
		close(until)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		b.equal(b.value(t.Context(), "a"), 2)
	})
	t.Run("a primary that steps down is found again", func(t *testing.T) {
		b := begin(t, mongotest.Options{})
		b.insert("c", d("_id", "a", "v", 1))
		s, ctx := b.transaction()
		if err := b.set(ctx, "a", 2); err != nil {
			t.Fatal(err)
		}
		b.StepDown()
		b.refused(s.CommitTransaction(t.Context()), 251, "TransientTransactionError")
		b.StepDown()
		if err := add(b); err != nil {
			t.Fatal(err)
		}
		b.equal(b.value(t.Context(), "a"), 2)
	})
}

func TestKinds(t *testing.T) {
	hello := func(b bench) (reply bson.M) {
		b.Helper()
		if err := b.client.Database("admin").RunCommand(b.Context(), d("hello", 1)).Decode(&reply); err != nil {
			b.Fatal(err)
		}
		return reply
	}
	now := time.Date(2030, time.May, 1, 12, 0, 0, 0, time.UTC)
	t.Run("tell what they are", func(t *testing.T) {
		b := begin(t, mongotest.Options{MaxWireVersion: 17, Clock: func() time.Time { return now }, ClockOffset: time.Hour})
		reply := hello(b)
		b.equal([]any{reply["maxWireVersion"], reply["localTime"], reply["setName"]}, []any{17, now.Add(time.Hour), "rs0"})
	})
	t.Run("a standalone has no transactions", func(t *testing.T) {
		b := begin(t, mongotest.Options{Kind: mongotest.Standalone})
		b.insert("c", d("_id", "a"))
		_, ctx := b.transaction()
		b.refused(b.set(ctx, "a", 1), 20)
	})
	t.Run("a mongos shows how collections are sharded", func(t *testing.T) {
		b := begin(t, mongotest.Options{Kind: mongotest.Mongos, Sharded: map[string]bson.D{"accord.document": d("fam", 1)}})
		b.equal(hello(b)["msg"], "isdbgrid")
		var found struct{ Key bson.D }
		err := b.client.Database("config").Collection("collections").
			FindOne(t.Context(), d("_id", "accord.document"), options.FindOne().SetHint("_id_")).Decode(&found)
		if err != nil {
			t.Fatal(err)
		}
		b.equal(found.Key, d("fam", 1))
	})
	t.Run("a secondary is no primary", func(t *testing.T) {
		s := mongotest.Start(t, mongotest.Options{Kind: mongotest.Secondary})
		client, err := mongo.Connect(options.Client().ApplyURI(s.URI()).SetServerSelectionTimeout(50 * time.Millisecond))
		if err != nil {
			t.Fatal(err)
		}
		if err = client.Ping(t.Context(), nil); err == nil {
			t.Fatal("it was taken for the primary")
		}
		if err = client.Disconnect(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("a read-only one refuses writes", func(t *testing.T) {
		b := begin(t, mongotest.Options{ReadOnly: true})
		b.equal(hello(b)["readOnly"], true)
		_, err := b.db.Collection("c").InsertOne(t.Context(), d("_id", "a"))
		b.refused(err, 20)
	})
	t.Run("a user may do what the privileges say", func(t *testing.T) {
		b := begin(t, mongotest.Options{Users: []mongotest.User{
			{Name: "reader", Privileges: []mongotest.Privilege{{Database: "accord", Actions: []string{"find"}}}},
		}})
		_, err := b.db.Collection("c").InsertOne(t.Context(), d("_id", "a"))
		b.refused(err, 13)
		var status struct {
			AuthInfo struct {
				AuthenticatedUserPrivileges []struct{ Actions []string } `bson:"authenticatedUserPrivileges"`
			} `bson:"authInfo"`
		}
		command := d("connectionStatus", 1, "showPrivileges", true)
		if err := b.client.Database("admin").RunCommand(t.Context(), command).Decode(&status); err != nil {
			t.Fatal(err)
		}
		b.equal(status.AuthInfo.AuthenticatedUserPrivileges[0].Actions, []string{"find"})
	})
}
