package mongotest_test

import (
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"accord/internal/store/mongo/mongotest"
)

func TestWhatIsRefused(t *testing.T) {
	b := begin(t, mongotest.Options{})
	b.insert("c", d("_id", "a", "v", bson.A{1}, "n", 1))
	majority := d("w", "majority")
	find := func(more ...any) bson.D {
		return append(d("find", "c", "hint", "_id_", "$db", "accord"), d(more...)...)
	}
	insert := func(doc bson.D) bson.D {
		return d("insert", "c", "documents", bson.A{doc}, "writeConcern", majority, "$db", "accord")
	}
	update := func(change any) bson.D {
		return d("update", "c", "updates", bson.A{d("q", d("_id", "a"), "u", change)}, "writeConcern", majority, "$db", "accord")
	}
	snapshot := d("level", "snapshot")
	for _, c := range []struct {
		command bson.D
		want    string
	}{
		{d("aggregate", "c", "$db", "accord"), "CommandNotFound"},
		{d("ping", 1), "InvalidNamespace"},
		{d("find", 1, "$db", "accord"), "InvalidNamespace"},
		{find("skip", 1), "Location40415"},
		{find("filter", d(), "filter", d()), "Location40415"},
		{find("limit", -1), "BadValue"},
		{find("filter", d("$or", bson.A{})), "BadValue"},
		{find("filter", d("_id", d("$regex", "a"))), "BadValue"},
		{find("filter", d("v.0", 1)), "BadValue"},
		{find("filter", d("v", bson.A{1})), "BadValue"},
		{find("filter", d("v.x", 1)), "BadValue"},
		{find("filter", d("_id", d("$gt", nil))), "BadValue"},
		{find("sort", d("_id", 2)), "BadValue"},
		{find("projection", d("a", 1, "b", 0)), "Location31254"},
		{find("projection", d("a", 1, "a.b", 1)), "Location31250"},
		{find("projection", d("a", d("$slice", 1))), "BadValue"},
		{find("$readPreference", d("mode", "secondary")), "BadValue"},
		{find("readConcern", d("level", "linearizable")), "BadValue"},
		{find("readConcern", d("level", "majority", "atClusterTime", bson.Timestamp{T: 1})), "InvalidOptions"},
		{find("writeConcern", majority), "InvalidOptions"},
		{find("apiVersion", "2"), "APIVersionError"},
		{find("autocommit", false), "InvalidOptions"},
		{find("txnNumber", int64(1)), "InvalidOptions"},
		{find("lsid", d("id", "x")), "TypeMismatch"},
		{d("connectionStatus", 1, "$db", "admin", "apiVersion", "1", "apiStrict", true), "APIStrictError"},
		{d("listIndexes", "c", "readConcern", snapshot, "$db", "accord"), "InvalidOptions"},
		{append(insert(d("_id", "b")), bson.E{Key: "readConcern", Value: snapshot}), "InvalidOptions"},
		{d("insert", "c", "documents", bson.A{d("_id", "b")}, "$db", "accord"), "InvalidOptions"},
		{d("insert", "c", "documents", bson.A{d("_id", "b")}, "writeConcern", d("w", 1), "$db", "accord"), "InvalidOptions"},
		{update(d("$push", d("v", 1))), "FailedToParse"},
		{update(d("$set", d("x", 1), "$inc", d("x", 1))), "ConflictingUpdateOperators"},
		{update(d("$set", d("x", 1, "x.y", 1))), "ConflictingUpdateOperators"},
		{update(d("$inc", d("n", "1"))), "TypeMismatch"},
		{update(bson.A{d("$set", d("n", 1))}), "FailedToParse"},
		{d("delete", "c", "deletes", bson.A{d("q", d("_id", "a"), "limit", 2)}, "writeConcern", majority, "$db", "accord"), "FailedToParse"},
		{d("createIndexes", "c", "indexes", bson.A{d("name", "x", "key", d("x", "text"))}, "$db", "accord"), "BadValue"},
		{d("createIndexes", "c", "indexes", bson.A{d("name", "x", "key", d("x", 1), "sparse", true)}, "$db", "accord"), "InvalidOptions"},
		{d("createIndexes", "c", "indexes", bson.A{d("name", "x", "key", d("x", 1, "y", 1), "expireAfterSeconds", 1)}, "$db", "accord"), "CannotCreateIndex"},
		{d("listIndexes", "none", "$db", "accord"), "NamespaceNotFound"},
		{d("create", "c", "$db", "accord"), "NamespaceExists"},
		{d("commitTransaction", 1, "$db", "accord"), codeUnauthorized},
		{d("commitTransaction", 1, "$db", "admin"), "InvalidOptions"},
	} {
		if got := b.raw(c.command); got != c.want {
			t.Errorf("%v: got %q, want %q", c.command, got, c.want)
		}
	}
	for name, doc := range map[string]bson.D{
		"an _id of arrays": d("_id", bson.A{}),
		"an operator":      d("_id", "b", "$v", 1),
		"a dot":            d("_id", "b", "a.b", 1),
		"a name twice":     d("_id", "b", "v", 1, "v", 2),
		"a pattern":        d("_id", "b", "v", bson.Regex{Pattern: "a"}),
		"too much":         d("_id", "b", "v", make([]byte, 16<<20)),
	} {
		if _, err := b.db.Collection("c").InsertOne(t.Context(), doc); err == nil {
			t.Errorf("%s was inserted", name)
		}
	}
	b.equal(b.ids(d(), findAll), bson.A{"a"})
}

const codeUnauthorized = "Unauthorized" //nolint:misspell // MongoDB spells it so
