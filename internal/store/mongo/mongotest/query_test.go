package mongotest_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"accord/internal/store/mongo/mongotest"
)

// ids are the ids of what a find finds, in its order.
func (b bench) ids(filter bson.D, o *options.FindOptionsBuilder) []any {
	b.Helper()
	cursor, err := b.db.Collection("c").Find(b.Context(), filter, o)
	if err != nil {
		b.Fatal(err)
	}
	all := []bson.M{}
	if err = cursor.All(b.Context(), &all); err != nil {
		b.Fatal(err)
	}
	found := []any{}
	for _, one := range all {
		found = append(found, one["_id"])
	}
	return found
}

func TestComparisons(t *testing.T) {
	b := begin(t, mongotest.Options{})
	day := time.Date(2030, time.May, 1, 0, 0, 0, 0, time.UTC)
	values := d(
		"null", nil, "one", 1, "half", 1.5, "two", int64(2), "empty", "", "a", "a", "b", "b", "document", d("x", 1),
		"array", bson.A{1, "b"}, "none", bson.A{}, "binary", bson.Binary{Data: []byte{1}}, "yes", true, "day", day,
	)
	for _, one := range values {
		b.insert("c", d("_id", one.Key, "v", one.Value))
	}
	b.insert("c", d("_id", "missing"))
	b.index("c", d("v", 1), options.Index().SetName("v"))
	for _, c := range []struct {
		condition any
		want      []string
	}{
		{1, []string{"array", "one"}},
		{d("$gt", 1), []string{"half", "two"}},
		{d("$gte", int64(1)), []string{"array", "half", "one", "two"}},
		{d("$lt", 1.5), []string{"array", "one"}},
		{d("$gt", ""), []string{"a", "array", "b"}},
		{d("$lte", "a"), []string{"a", "empty"}},
		{d("$gt", "a", "$lt", "b"), []string{}},
		{d("$gt", false), []string{"yes"}},
		{d("$gte", bson.Binary{Data: []byte{0}}), []string{"binary"}},
		{d("$lt", day.AddDate(1, 0, 0)), []string{"day"}},
		{d("$in", bson.A{2, "b", nil}), []string{"array", "b", "missing", "null", "two"}},
		{d("$in", bson.A{}), []string{}},
		{nil, []string{"missing", "null"}},
		{d("x", 1), []string{"document"}},
		{d("$exists", false), []string{"missing"}},
		{d("$nin", bson.A{1, nil}), []string{"a", "b", "binary", "day", "document", "empty", "half", "none", "two", "yes"}},
	} {
		for _, hint := range []string{"_id_", "v"} { // what an index finds is what a walk finds
			var found []string
			for _, id := range b.ids(d("v", c.condition), options.Find().SetHint(hint)) {
				found = append(found, id.(string))
			}
			slices.Sort(found)
			if !slices.Equal(found, c.want) {
				t.Errorf("%v by %s: got %v, want %v", c.condition, hint, found, c.want)
			}
		}
	}
}

// numbered fills c with 250 documents.
func numbered(t *testing.T) bench {
	t.Helper()
	b := begin(t, mongotest.Options{})
	var all []any
	for i := range 250 {
		all = append(all, d("_id", i))
	}
	b.insert("c", all...)
	return b
}

func TestCursors(t *testing.T) {
	byID := options.Find().SetHint("_id_")
	t.Run("answer 101 documents first, and then the rest", func(t *testing.T) {
		b := numbered(t)
		b.Forget()
		b.equal(len(b.ids(d(), byID)), 250)
		b.equal([]int{b.named("find")[0].KeysExamined, b.named("getMore")[0].KeysExamined}, []int{101, 149})
	})
	t.Run("end at their limit, and one more than what fills a batch", func(t *testing.T) {
		b := numbered(t)
		b.Forget()
		b.equal(len(b.ids(d(), options.Find().SetHint("_id_").SetBatchSize(125))), 250)
		b.equal(len(b.named("getMore")), 2) // the last of them finds the end
		b.Forget()
		b.equal(len(b.ids(d(), options.Find().SetHint("_id_").SetBatchSize(50).SetLimit(100))), 100)
		b.equal(len(b.named("getMore")), 1)
	})
	t.Run("see one snapshot in a snapshot session, and what is newest outside of one", func(t *testing.T) {
		b := numbered(t)
		for snapshot, want := range map[bool]int{true: 250, false: 251} {
			_, ctx := b.session(options.Session().SetSnapshot(snapshot).SetCausalConsistency(false))
			cursor, err := b.db.Collection("c").Find(ctx, d(), options.Find().SetHint("_id_").SetBatchSize(100))
			if err != nil {
				t.Fatal(err)
			}
			b.insert("c", d("_id", 1000))
			var found []bson.M
			if err = cursor.All(ctx, &found); err != nil {
				t.Fatal(err)
			}
			b.equal(len(found), want)
			again, err := b.db.Collection("c").Find(ctx, d(), byID)
			if err != nil {
				t.Fatal(err)
			}
			if err = again.All(ctx, &found); err != nil {
				t.Fatal(err)
			}
			b.equal(len(found), want)
			if _, err = b.db.Collection("c").DeleteOne(t.Context(), d("_id", 1000)); err != nil {
				t.Fatal(err)
			}
		}
	})
	t.Run("are gone with the history", func(t *testing.T) {
		b := numbered(t)
		_, ctx := b.session(options.Session().SetSnapshot(true))
		cursor, err := b.db.Collection("c").Find(ctx, d(), byID)
		if err != nil {
			t.Fatal(err)
		}
		b.insert("c", d("_id", 2000))
		b.ForgetHistory()
		var found []bson.M
		b.refused(cursor.All(ctx, &found), 239)
	})
	t.Run("of a session serve no other", func(t *testing.T) {
		b := numbered(t)
		cursor, err := b.db.Collection("c").Find(t.Context(), d(), byID)
		if err != nil {
			t.Fatal(err)
		}
		b.equal(b.raw(d("getMore", cursor.ID(), "collection", "c", "$db", "accord")), "Location50738")
		if err = cursor.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.equal(b.raw(d("getMore", cursor.ID(), "collection", "c", "$db", "accord")), "CursorNotFound")
	})
}

// visible fills c with documents as the adapter keeps them: five, reached through
// tokens, in the order of k.v1.
func visible(t *testing.T) bench {
	t.Helper()
	b := begin(t, mongotest.Options{})
	b.index("c", d("vis", 1, "k.v1", 1, "fam", 1), options.Index().SetName("v1").SetPartialFilterExpression(d("k.v1", d("$exists", true))))
	for i, tokens := range []bson.A{{"red", "blue"}, {"red"}, {"blue"}, {"red", "blue", "green"}, {}} {
		b.insert("c", d("_id", i, "vis", tokens, "k", d("v1", fmt.Sprint("k", i)), "fam", fmt.Sprint("f", i%2)))
	}
	b.insert("c", d("_id", "unkeyed", "vis", bson.A{"red"}))
	return b
}

func TestPlans(t *testing.T) {
	all := d("$gt", "k", "$lt", "l")
	tokens := d("$in", bson.A{"red", "blue"})
	by := func(direction int) *options.FindOptionsBuilder {
		return options.Find().SetHint("v1").SetSort(d("k.v1", direction)).SetProjection(d("k", 0))
	}
	t.Run("merge one scan for each token and find a document once", func(t *testing.T) {
		b := visible(t)
		b.Forget()
		b.equal(b.ids(d("vis", tokens, "k.v1", all), by(1)), bson.A{0, 1, 2, 3})
		b.equal(b.ids(d("vis", tokens, "k.v1", all), by(-1)), bson.A{3, 2, 1, 0})
		b.equal(b.ids(d("vis", tokens, "k.v1", all, "fam", d("$nin", bson.A{"f0"})), by(1)), bson.A{1, 3})
		b.equal(b.ids(d("vis", tokens, "k.v1", d("$gt", "k0", "$lt", "k3")), by(1)), bson.A{1, 2})
		b.equal(b.ids(d("vis", tokens, "k.v1", all), by(1).SetLimit(2)), bson.A{0, 1})
		var keys []int
		for _, c := range b.named("find") {
			keys = append(keys, c.KeysExamined)
		}
		// The last: 0 and 1 by red, 0 by blue, and 2 that waits behind it.
		b.equal(keys, []int{6, 6, 6, 2, 4})
	})
	t.Run("are explained as MongoDB words them", func(t *testing.T) {
		b := visible(t)
		var explained struct {
			QueryPlanner struct {
				WinningPlan bson.Raw `bson:"winningPlan"`
			} `bson:"queryPlanner"`
			ExecutionStats struct {
				Keys int `bson:"totalKeysExamined"`
				Docs int `bson:"totalDocsExamined"`
				N    int `bson:"nReturned"`
			} `bson:"executionStats"`
		}
		err := b.db.RunCommand(t.Context(), d("explain", d(
			"find", "c", "filter", d("vis", tokens, "k.v1", all), "sort", d("k.v1", -1), "hint", "v1", "projection", d("k", 0), "limit", 2,
		), "verbosity", "executionStats")).Decode(&explained)
		if err != nil {
			t.Fatal(err)
		}
		plan := explained.QueryPlanner.WinningPlan
		var stages []string
		path := []string{}
		for range 4 {
			stages = append(stages, plan.Lookup(append(path, "stage")...).StringValue())
			path = append(path, "inputStage")
		}
		b.equal(stages, []string{"LIMIT", "PROJECTION_SIMPLE", "FETCH", "SORT_MERGE"})
		merged := []string{"inputStage", "inputStage", "inputStage", "inputStages", "1"}
		var scan struct {
			Stage, Direction string
			Index            string              `bson:"indexName"`
			Bounds           map[string][]string `bson:"indexBounds"`
			Partial          bool                `bson:"isPartial"`
			Multikey         bool                `bson:"isMultiKey"`
		}
		if err = bson.Unmarshal(plan.Lookup(merged...).Document(), &scan); err != nil {
			t.Fatal(err)
		}
		b.equal([]any{scan.Stage, scan.Direction, scan.Index, scan.Partial, scan.Multikey}, []any{"IXSCAN", "backward", "v1", true, true})
		b.equal([]any{scan.Bounds["vis"], scan.Bounds["k.v1"], scan.Bounds["fam"]}, []any{
			bson.A{`["red", "red"]`}, bson.A{`("k", "l")`}, bson.A{"[MinKey, MaxKey]"},
		})
		stats := explained.ExecutionStats
		b.equal([]int{stats.Keys, stats.Docs, stats.N}, []int{4, 2, 2})
	})
	t.Run("are refused where no index serves them", func(t *testing.T) {
		b := visible(t)
		b.index("c", d("fam", 1, "_id", 1), options.Index().SetName("fam"))
		many := bson.A{}
		for i := range 201 {
			many = append(many, fmt.Sprint("t", i))
		}
		for name, c := range map[string]struct {
			filter bson.D
			o      *options.FindOptionsBuilder
			code   int
		}{
			"no hint":                       {d("_id", 1), options.Find(), 2},
			"a hint at no index":            {d("_id", 1), options.Find().SetHint("v9"), 2},
			"a key that is no index":        {d("_id", 1), options.Find().SetHint(d("v", 1)), 2},
			"a partial index not covered":   {d("vis", tokens), options.Find().SetHint("v1"), 291},
			"nor covered by null":           {d("vis", "red", "k.v1", nil), options.Find().SetHint("v1"), 291},
			"nor covered by $nin":           {d("vis", "red", "k.v1", d("$nin", bson.A{"k"})), options.Find().SetHint("v1"), 291},
			"an order across a range":       {d("vis", tokens, "k.v1", all), options.Find().SetHint("v1").SetSort(d("fam", 1)), 291},
			"an order by another field":     {d("fam", "f0"), options.Find().SetHint("fam").SetSort(d("v", 1)), 291},
			"an order that turns midway":    {d("fam", d("$gt", "")), options.Find().SetHint("fam").SetSort(d("fam", 1, "_id", -1)), 291},
			"an order by an array":          {d("k.v1", all), options.Find().SetHint("v1").SetSort(d("vis", 1)), 291},
			"an order of 201 merged scans":  {d("vis", d("$in", many), "k.v1", all), by(1), 291},
			"an order by a field behind it": {d(), options.Find().SetHint("fam").SetSort(d("_id", 1)), 291},
		} {
			cursor, err := b.db.Collection("c").Find(t.Context(), c.filter, c.o)
			if err == nil {
				t.Errorf("%s: found %v", name, cursor.Current)
				continue
			}
			b.refused(err, c.code)
		}
		b.equal(b.ids(d("fam", d("$in", bson.A{"f1", "f0"})), options.Find().SetHint("fam").SetSort(d("_id", -1))), bson.A{4, 3, 2, 1, 0})
		b.equal(b.ids(d("fam", d("$in", bson.A{"f1", "f0"})), options.Find().SetHint("fam").SetSort(d("fam", 1, "_id", 1))), bson.A{0, 2, 4, 1, 3})
	})
}

func TestWrites(t *testing.T) {
	t.Run("keep unique what is", func(t *testing.T) {
		b := begin(t, mongotest.Options{})
		b.index("c", d("r", 1), options.Index().SetName("r").SetUnique(true))
		b.insert("c", d("_id", "a", "r", 1), d("_id", "b", "r", 2))
		_, err := b.db.Collection("c").InsertOne(t.Context(), d("_id", "c", "r", 1.0))
		if !mongo.IsDuplicateKeyError(err) {
			t.Fatalf("got %v", err)
		}
		if err = b.db.Collection("c").FindOneAndUpdate(t.Context(), d("_id", "b"), d("$set", d("r", 1))).Err(); !mongo.IsDuplicateKeyError(err) {
			t.Fatalf("got %v", err)
		}
		if _, err = b.db.Collection("c").DeleteOne(t.Context(), d("_id", "a")); err != nil {
			t.Fatal(err)
		}
		b.insert("c", d("_id", "c", "r", 1))
	})
	t.Run("change what they say", func(t *testing.T) {
		b := begin(t, mongotest.Options{})
		b.insert("c", d("_id", "a", "n", int32(1), "x", d("y", 1, "z", 2)))
		for _, c := range []struct{ change, want bson.D }{
			{d("$inc", d("n", 1, "new", int64(2))), d("_id", "a", "n", 2, "x", d("y", 1, "z", 2), "new", int64(2))},
			{d("$set", d("x.y", "w", "q.r", 1), "$unset", d("x.z", "")), d("_id", "a", "n", 2, "x", d("y", "w"), "new", int64(2), "q", d("r", 1))},
			{d("$unset", d("q", "", "x", "", "new", "")), d("_id", "a", "n", 2)},
			{d("$inc", d("n", int32(1<<31-2))), d("_id", "a", "n", int64(1<<31))},
		} {
			var got bson.D
			o := options.FindOneAndUpdate().SetReturnDocument(options.After)
			if err := b.db.Collection("c").FindOneAndUpdate(t.Context(), d("_id", "a"), c.change, o).Decode(&got); err != nil {
				t.Fatal(err)
			}
			b.equal(got, c.want)
		}
	})
	t.Run("put in place and take away", func(t *testing.T) {
		b := begin(t, mongotest.Options{})
		for _, want := range []string{"upserted", "replaced"} {
			result, err := b.db.Collection("c").ReplaceOne(t.Context(), d("_id", "a"), d("v", want), options.Replace().SetUpsert(true))
			if err != nil {
				t.Fatal(err)
			}
			b.equal([]any{result.UpsertedID, result.MatchedCount}, map[string][]any{"upserted": {"a", 0}, "replaced": {nil, 1}}[want])
		}
		result, err := b.db.Collection("c").DeleteMany(t.Context(), d("_id", d("$in", bson.A{"a", "b"})))
		if err != nil {
			t.Fatal(err)
		}
		b.equal(result.DeletedCount, 1)
	})
}

var findAll = options.Find().SetHint("_id_")
