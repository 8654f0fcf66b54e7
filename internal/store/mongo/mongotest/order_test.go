package mongotest

import (
	"math"
	"slices"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// ordered are values in BSON's comparison order; those of one row are equal.
var ordered = [][]any{
	{nil},
	{math.Inf(-1)},
	{int64(math.MinInt64), float64(math.MinInt64)},
	{int32(-1), int64(-1), -1.0},
	{0.0, int32(0), math.Copysign(0, -1)},
	{0.5},
	{int32(1), int64(1), 1.0},
	{int64(1<<53 + 1)},
	{float64(1<<53 + 2)},
	{int64(math.MaxInt64)},
	{float64(math.MaxInt64)},
	{""},
	{"A"},
	{"a"},
	{"a\x00"},
	{"ab"},
	{"é"},
	{bson.D{}},
	{bson.D{{Key: "b", Value: 1}}},
	{bson.D{{Key: "b", Value: 2}}},
	{bson.D{{Key: "a", Value: "x"}}},
	{bson.A{}},
	{bson.A{1}, bson.A{1.0}},
	{bson.A{1, 1}},
	{bson.A{2}},
	{bson.Binary{Data: []byte{9}}},
	{bson.Binary{Data: []byte{1, 1}}},
	{bson.Binary{Subtype: 4, Data: []byte{0, 0}}},
	{bson.ObjectID{1}},
	{bson.ObjectID{2}},
	{false},
	{true},
	{time.UnixMilli(-1)},
	{time.UnixMilli(1)},
	{bson.Timestamp{T: 1, I: 2}},
	{bson.Timestamp{T: 2, I: 1}},
}

func TestOrder(t *testing.T) {
	for i, row := range ordered {
		for j, other := range ordered {
			for _, a := range row {
				for _, b := range other {
					x, y := valueOf(a), valueOf(b)
					want := max(-1, min(1, i-j))
					if got := compareValues(x, y); got != want {
						t.Errorf("%T %v to %T %v: got %d, want %d", a, a, b, b, got, want)
					}
					if same := slices.Equal(identity(nil, x), identity(nil, y)); same != (want == 0) {
						t.Errorf("%T %v and %T %v: the same %v", a, a, b, b, same)
					}
				}
			}
		}
	}
}

// FuzzCommands holds the server to answering whatever is sent to it.
func FuzzCommands(f *testing.F) {
	lsid := bson.D{{Key: "id", Value: bson.Binary{Subtype: 4, Data: make([]byte, 16)}}}
	filter := bson.D{{Key: "vis", Value: bson.D{{Key: "$in", Value: bson.A{"a", 1}}}}, {Key: "k.v", Value: bson.D{{Key: "$gt", Value: ""}}}}
	for _, command := range []bson.D{
		{{Key: "find", Value: "c"}, {Key: "filter", Value: filter}, {Key: "hint", Value: "v"}, {Key: "sort", Value: bson.D{{Key: "k.v", Value: -1}}}},
		{{Key: "insert", Value: "c"}, {Key: "documents", Value: bson.A{bson.D{{Key: "_id", Value: 1}, {Key: "vis", Value: bson.A{"b"}}}}}},
		{{Key: "update", Value: "c"}, {Key: "updates", Value: bson.A{bson.D{
			{Key: "q", Value: bson.D{{Key: "_id", Value: 1}}}, {Key: "u", Value: bson.D{{Key: "$inc", Value: bson.D{{Key: "n", Value: 1}}}}},
		}}}},
		{{Key: "findAndModify", Value: "c"}, {Key: "query", Value: bson.D{}}, {Key: "remove", Value: true}},
		{{Key: "delete", Value: "c"}, {Key: "deletes", Value: bson.A{bson.D{{Key: "q", Value: filter}, {Key: "limit", Value: 0}}}}},
		{{Key: "commitTransaction", Value: 1}, {Key: "lsid", Value: lsid}, {Key: "txnNumber", Value: int64(1)}, {Key: "autocommit", Value: false}},
		{{Key: "createIndexes", Value: "c"}, {Key: "indexes", Value: bson.A{bson.D{{Key: "name", Value: "n"}, {Key: "key", Value: bson.D{{Key: "n", Value: 1}}}}}}},
		{{Key: "explain", Value: bson.D{{Key: "find", Value: "c"}}}, {Key: "verbosity", Value: "executionStats"}},
		{{Key: "getMore", Value: int64(1)}, {Key: "collection", Value: "c"}},
		{{Key: "endSessions", Value: bson.A{lsid}}},
		{{Key: "listCollections", Value: 1}, {Key: "filter", Value: bson.D{{Key: "name", Value: "c"}}}},
	} {
		f.Add([]byte(document(append(command, bson.E{Key: "$db", Value: "admin"}))))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if !wellFormed(body) {
			t.Skip("not a message that could arrive")
		}
		s, err := Listen(Options{Lenient: true})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		for _, set := range []bson.D{
			{{Key: "createIndexes", Value: "c"}, {Key: "indexes", Value: bson.A{bson.D{
				{Key: "name", Value: "v"}, {Key: "key", Value: bson.D{{Key: "vis", Value: 1}, {Key: "k.v", Value: 1}}},
			}}}, {Key: "$db", Value: "admin"}},
			{{Key: "insert", Value: "c"}, {Key: "documents", Value: bson.A{
				bson.D{{Key: "_id", Value: 7}, {Key: "vis", Value: bson.A{"a", 1}}, {Key: "k", Value: bson.D{{Key: "v", Value: "x"}}}},
			}}, {Key: "$db", Value: "admin"}},
		} {
			if ok, _ := field(s.answer(message{body: document(set)}, 1), "ok"); ok.AsFloat64() != 1 {
				t.Fatal("the world was not made")
			}
		}
		for range 2 {
			if answer := s.answer(message{body: body}, 1); answer.Validate() != nil {
				t.Fatalf("answered %v", answer)
			}
		}
	})
}
