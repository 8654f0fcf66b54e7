package mongo

import (
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"golang.org/x/mod/sumdb/tlog"

	"accord/internal/store"
	"accord/internal/store/mongo/mongotest"
)

// sent are the commands a server got, one a line: without what is of the session and
// of which is held to its shape here. # stands for a number or a time that is
// another one each time.
func sent(t *testing.T, server *mongotest.Server) []string {
	t.Helper()
	var lines []string
	for _, c := range server.Commands() {
		if c.Name == "endSessions" {
			continue // of a session that stands by
		}
		lines = append(lines, shown(t, c))
	}
	server.Forget()
	return lines
}

func shown(t *testing.T, c mongotest.Command) string {
	t.Helper()
	if len(c.Session) != 16 {
		t.Errorf("%s is of no session", c.Name)
	}
	var command, plain bson.D
	if err := bson.Unmarshal(c.Body, &command); err != nil {
		t.Fatal(err)
	}
	for _, e := range command {
		switch e.Key {
		case "lsid", "$clusterTime":
			continue
		case "$db":
			if e.Value == defaultDatabase {
				continue
			}
		case "maxTimeMS":
			most := usualPatience.commit
			if c.Name == "createIndexes" {
				most = buildPatience
			}
			if limit := e.Value.(int64); limit < 1 || limit > most.Milliseconds() {
				t.Errorf("%s may take %d ms", c.Name, limit)
			}
			e.Value = "#"
		case "txnNumber":
			e.Value = "#"
		case "readConcern":
			concern := e.Value.(bson.D)
			for i := range concern {
				if strings.HasSuffix(concern[i].Key, "ClusterTime") {
					concern[i].Value = "#"
				}
			}
		}
		plain = append(plain, e)
	}
	line := jsonOf(t, plain)
	for entry, name := range map[string]string{"one": "HASH OF ONE", "two": "HASH OF TWO"} {
		hash := tlog.RecordHash([]byte(entry))
		line = strings.ReplaceAll(line, base64.StdEncoding.EncodeToString(hash[:]), name)
	}
	return line
}

func expect(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// The parts that the commands of a transaction have in common.
const (
	inside  = `,"txnNumber":"#","autocommit":false`
	changes = inside + `,"maxTimeMS":"#"`
	holds   = `{"findAndModify":"state","new":false,"query":{"_id":"head"},"update":{"$inc":{"commits":1}},"hint":"_id_",` +
		`"readConcern":{"level":"snapshot"},"txnNumber":"#","startTransaction":true,"autocommit":false,"maxTimeMS":"#"}`
	commits = `{"commitTransaction":1,"writeConcern":{"w":"majority","j":true}` + changes + `,"$db":"admin"}`
)

// setsHead is how a commit ends that leaves the log as it was.
func setsHead(what string) string {
	return `{"update":"state","ordered":true` + changes + `,"updates":[{"q":{"_id":"head"},"u":{"$set":{` + what + `}},"hint":"_id_"}]}`
}

func bytesOf(data string) string {
	return `{"$binary":{"base64":"` + data + `","subType":"00"}}`
}

// A case and two notes that stand in the store before commands are looked at.
var (
	aCase = store.Document{
		ID: "c", Kind: "case", Family: "c", Version: 1, Tokens: []string{"t:blue", "u:ann"},
		Fields: []store.Field{number("at", 7), text("status", "OPEN")},
	}
	aNote       = note("n", text("reference", "A"))
	anotherNote = note("o", text("area", "north"), number("at", 3))
)

func TestACommitIsOneTransactionThatHoldsTheHeadFirst(t *testing.T) {
	t.Parallel()
	for sentence, c := range map[string]struct {
		batch store.Batch
		want  []string
		error error
	}{
		"a new document, in every index of its kind": {
			batch: saving(store.Document{
				ID: "d", Kind: "case", Family: "d", Version: 1, Tokens: []string{"u:ann"}, Fields: []store.Field{number("at", 7), text("status", "OPEN")},
				Sections: []store.Section{{Name: "RISK", Version: 1, Sealed: []byte("one")}},
			}),
			want: []string{
				`{"find":"document","filter":{"_id":{"$in":["d"]}},"hint":"_id_","projection":{"k":0}` + inside + `}`,
				`{"insert":"document","ordered":true` + changes + `,"documents":[{"_id":"d","kind":"case","fam":"d","v":1,"vis":["u:ann"],` +
					`"f":{"at":7,"status":"OPEN"},"s":[{"n":"RISK","v":1,"b":` + bytesOf("b25l") + `}],` +
					`"k":{"v1":"open\u0000tOPEN\u0000n8000000000000007\u0000d","v2":"newest\u0000n8000000000000007\u0000d"}}]}`,
				setsHead(`"posted":1`), commits,
			},
		},
		"a change, found by id, family and version, whose old key is given back before the new one is taken": {
			batch: saving(at(2, note("n", text("reference", "B")))),
			want: []string{
				`{"find":"document","filter":{"_id":{"$in":["n"]}},"hint":"_id_","projection":{"k":0}` + inside + `}`,
				`{"find":"claim","filter":{"_id":{"$in":["reference\u0000tB\u0000","reference\u0000tA\u0000"]}},"hint":"_id_"` + inside + `}`,
				`{"update":"document","ordered":true` + changes + `,"updates":[{"q":{"_id":"n","fam":"n","v":1},"u":{"_id":"n","kind":"note","fam":"n","v":2,` +
					`"vis":[],"f":{"reference":"B"},"s":[],"k":{"p2":"reference\u0000tB\u0000n"}},"hint":"_id_"}]}`,
				`{"delete":"claim","ordered":true` + changes + `,"deletes":[{"q":{"_id":{"$in":["reference\u0000tA\u0000"]}},"limit":0,"hint":"_id_"}]}`,
				`{"insert":"claim","ordered":true` + changes + `,"documents":[{"_id":"reference\u0000tB\u0000","doc":"n"}]}`,
				setsHead(`"posted":1`), commits,
			},
		},
		"a guard is read, and nothing is written of it": {
			batch: store.Batch{Family: "c", Guards: []store.Guard{{ID: "c", Version: 1}}},
			want: []string{
				`{"find":"document","filter":{"_id":{"$in":["c"]}},"hint":"_id_","projection":{"k":0}` + inside + `}`,
				setsHead(`"posted":1`), commits,
			},
		},
		"a guard that does not hold, told as a fact that a majority holds": {
			batch: store.Batch{Family: "c", Guards: []store.Guard{{ID: "c", Version: 2}}},
			want: []string{
				`{"find":"document","filter":{"_id":{"$in":["c"]}},"hint":"_id_","projection":{"k":0}` + inside + `}`,
				commits,
			},
			error: store.ErrStale,
		},
		"an exclusion": {
			batch: store.Batch{Family: "c", Excluded: []store.Exclusion{{Principal: "eve", Family: "c"}}},
			want: []string{
				`{"update":"exclusion","ordered":true` + changes + `,"updates":[{"q":{"_id":"eve\u0000c"},"u":{"_id":"eve\u0000c","p":"eve","fam":"c"},"upsert":true,"hint":"_id_"}]}`,
				setsHead(`"posted":1`), commits,
			},
		},
		"an exclusion lifted": {
			batch: store.Batch{Family: "c", Excluded: []store.Exclusion{{Principal: "bob", Family: "c", Lifted: true}}},
			want: []string{
				`{"delete":"exclusion","ordered":true` + changes + `,"deletes":[{"q":{"_id":"bob\u0000c"},"limit":1,"hint":"_id_"}]}`,
				setsHead(`"posted":1`), commits,
			},
		},
		"a receipt": {
			batch: store.Batch{Receipt: &store.Receipt{Person: "ann", Key: "k", Input: []byte("one"), Result: []string{"c"}, Until: noon}},
			want: []string{
				`{"find":"receipt","filter":{"_id":{"$in":["ann\u0000k"]}},"hint":"_id_"` + inside + `}`,
				`{"update":"receipt","ordered":true` + changes + `,"updates":[{"q":{"_id":"ann\u0000k"},"u":{"_id":"ann\u0000k","until":{"$date":"2026-03-02T12:00:00Z"},` +
					`"input":` + bytesOf("b25l") + `,"result":["c"]},"upsert":true,"hint":"_id_"}]}`,
				setsHead(`"posted":1`), commits,
			},
		},
		"a message delivered, and one posted": {
			batch: store.Batch{Delivered: []string{"m"}, Outbox: []store.Message{{ID: "p", Topic: "t"}}},
			want: []string{
				`{"find":"outbox","filter":{"_id":{"$in":["p","m"]}},"hint":"_id_","projection":{"_id":1}` + inside + `}`,
				`{"delete":"outbox","ordered":true` + changes + `,"deletes":[{"q":{"_id":{"$in":["m"]}},"limit":0,"hint":"_id_"}]}`,
				`{"insert":"outbox","ordered":true` + changes + `,"documents":[{"_id":"p","seq":1,"topic":"t"}]}`,
				setsHead(`"posted":2`), commits,
			},
		},
		"an entry, with its hash, before the head that signs it": {
			batch: logging("one"),
			want: []string{
				`{"insert":"log","ordered":true` + changes + `,"documents":[{"_id":0,"data":` + bytesOf("b25l") + `,"hashes":` + bytesOf("HASH OF ONE") + `}]}`,
				setsHead(`"posted":1,"size":1,"root":` + bytesOf("HASH OF ONE") + `,"edge":` + bytesOf("HASH OF ONE") + `,"signed":` + bytesOf("MSBlbnRyaWVz")),
				commits,
			},
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			s, server := alone(t)
			apply(t, s, saving(aCase), saving(aNote), store.Batch{
				Family: "c", Excluded: []store.Exclusion{{Principal: "bob", Family: "c"}}, Outbox: []store.Message{{ID: "m", Topic: "t"}},
			})
			server.Forget()
			if err := s.Apply(t.Context(), c.batch); !errors.Is(err, c.error) {
				t.Fatalf("got %v, want %v", err, c.error)
			}
			commands := server.Commands()
			for i, one := range commands {
				if !one.InTransaction || one.StartTransaction != (i == 0) ||
					one.Session != commands[0].Session || one.TxnNumber != commands[0].TxnNumber {
					t.Errorf("command %d, %s, is not of the one transaction", i, one.Name)
				}
			}
			expect(t, sent(t, server), append([]string{holds}, c.want...)...)
		})
	}
}

func TestAReadIsOfOneSnapshotWithItsIndexNamed(t *testing.T) {
	t.Parallel()
	const snapshot = `,"readConcern":{"level":"snapshot"}}`
	s, server := alone(t)
	apply(t, s, saving(aCase), saving(aNote), saving(anotherNote), store.Batch{
		Family: "c", Excluded: []store.Exclusion{{Principal: "bob", Family: "c"}}, Outbox: []store.Message{{ID: "m", Topic: "t"}},
		Receipt: &store.Receipt{Person: "ann", Key: "k", Until: noon}, Entries: [][]byte{[]byte("one"), []byte("two")},
	})
	seen := store.Query{Index: "open", Equal: []store.Value{store.Text("OPEN")}, Tokens: []string{"u:ann", "t:red"}, Limit: 2}
	ctx := t.Context()
	for _, c := range []struct {
		sentence string
		read     func() error
		want     []string
	}{
		{
			"Get", func() error { _, err := s.Get(ctx, "c"); return err },
			[]string{`{"find":"document","filter":{"_id":{"$in":["c"]}},"hint":"_id_","projection":{"k":0}` + snapshot},
		},
		{
			"GetMany", func() error { _, err := s.GetMany(ctx, []string{"c", "n", "c"}); return err },
			[]string{`{"find":"document","filter":{"_id":{"$in":["c","n","c"]}},"hint":"_id_","projection":{"k":0}` + snapshot},
		},
		{"GetMany of none asks nobody", func() error { _, err := s.GetMany(ctx, nil); return err }, nil},
		{
			"Families", func() error { _, err := s.Families(ctx, "note", []string{"n", "o"}, 3); return err },
			[]string{`{"find":"document","filter":{"kind":"note","fam":{"$in":["n","o"]}},"hint":"family","projection":{"k":0},"sort":{"fam":1,"_id":1}` + snapshot},
		},
		{"Families of none asks nobody", func() error { _, err := s.Families(ctx, "note", nil, 3); return err }, nil},
		{
			"Find", func() error {
				_, err := s.Find(ctx, store.Query{Index: "area", Equal: []store.Value{store.Text("north")}, Limit: 5})
				return err
			},
			[]string{`{"find":"document","batchSize":6,"filter":{"k.p1":{"$gt":"area\u0000tnorth\u0000","$lt":"area\u0000tnorth\u0001"}},` +
				`"hint":"plain_1","limit":6,"projection":{"k":0},"sort":{"k.p1":1}` + snapshot},
		},
		{
			"Find behind a position", func() error {
				_, err := s.Find(ctx, store.Query{
					Index: "area", Equal: []store.Value{store.Text("north")}, Limit: 5, After: &store.Position{Order: store.Number(3), ID: "o"},
				})
				return err
			},
			[]string{`{"find":"document","batchSize":6,"filter":{"k.p1":{"$gt":"area\u0000tnorth\u0000n8000000000000003\u0000o","$lt":"area\u0000tnorth\u0001"}},` +
				`"hint":"plain_1","limit":6,"projection":{"k":0},"sort":{"k.p1":1}` + snapshot},
		},
		{
			"Find through tokens", func() error { _, err := s.Find(ctx, seen); return err },
			[]string{`{"find":"document","batchSize":3,"filter":{"vis":{"$in":["u:ann","t:red"]},"k.v1":{"$gt":"open\u0000tOPEN\u0000","$lt":"open\u0000tOPEN\u0001"}},` +
				`"hint":"visible_1","limit":3,"projection":{"k":0},"sort":{"k.v1":1}` + snapshot},
		},
		{"Find without tokens asks nobody", func() error {
			_, err := s.Find(ctx, store.Query{Index: "newest", Limit: 1})
			return err
		}, nil},
		{
			"Find backwards behind a position, past what a principal is kept from, which is read at the same time", func() error {
				_, err := s.Find(ctx, store.Query{
					Index: "newest", Tokens: []string{"u:ann"}, Excluded: "bob", Limit: 1, After: &store.Position{Order: store.Number(9), ID: "z"},
				})
				return err
			},
			[]string{
				`{"find":"exclusion","filter":{"p":"bob"},"hint":"principal","projection":{"_id":0,"fam":1},"sort":{"fam":1}` + snapshot,
				`{"find":"document","batchSize":2,"filter":{"vis":{"$in":["u:ann"]},"k.v2":{"$gt":"newest\u0000\u0000","$lt":"newest\u0000n8000000000000009\u0000z"},` +
					`"fam":{"$nin":["c"]}},"hint":"visible_2","limit":2,"projection":{"k":0},"sort":{"k.v2":-1},"readConcern":{"level":"snapshot","atClusterTime":"#"}}`,
			},
		},
		{
			"Count reads the index alone", func() error { _, err := s.Count(ctx, seen, 4); return err },
			[]string{`{"find":"document","batchSize":4,"filter":{"vis":{"$in":["u:ann","t:red"]},"k.v1":{"$gt":"open\u0000tOPEN\u0000","$lt":"open\u0000tOPEN\u0001"}},` +
				`"hint":"visible_1","limit":4,"projection":{"_id":0,"k.v1":1},"sort":{"k.v1":1}` + snapshot},
		},
		{
			"Excluded", func() error { _, err := s.Excluded(ctx, "bob"); return err },
			[]string{`{"find":"exclusion","filter":{"p":"bob"},"hint":"principal","projection":{"_id":0,"fam":1},"sort":{"fam":1}` + snapshot},
		},
		{
			"Receipt", func() error { _, err := s.Receipt(ctx, "ann", "k"); return err },
			[]string{`{"find":"receipt","batchSize":1,"filter":{"_id":{"$in":["ann\u0000k"]}},"hint":"_id_","limit":1` + snapshot},
		},
		{
			"Outbox", func() error { _, err := s.Outbox(ctx, 3); return err },
			[]string{`{"find":"outbox","batchSize":3,"filter":{"seq":{"$gte":0}},"hint":"sequence","limit":3,"sort":{"seq":1}` + snapshot},
		},
		{
			"Checkpoint", func() error { _, err := s.Log().Checkpoint(ctx); return err },
			[]string{`{"find":"state","batchSize":1,"filter":{"_id":"head"},"hint":"_id_","limit":1` + snapshot},
		},
		{
			"Entries", func() error { _, err := s.Log().Entries(ctx, 1, 3); return err },
			[]string{`{"find":"log","batchSize":3,"filter":{"_id":{"$gte":1}},"hint":"_id_","limit":3,"projection":{"hashes":0},"sort":{"_id":1}` + snapshot},
		},
		{
			"Hashes", func() error { _, err := s.Log().Hashes(ctx).ReadHashes([]int64{0, 1, 2}); return err },
			[]string{`{"find":"log","filter":{"_id":{"$in":[0,1]}},"hint":"_id_","projection":{"data":0}` + snapshot},
		},
		{"Hashes of none asks nobody", func() error { _, err := s.Log().Hashes(ctx).ReadHashes(nil); return err }, nil},
		{
			"Explain asks about the very find", func() error { _, err := s.Explain(ctx, seen); return err },
			[]string{`{"explain":{"find":"document","filter":{"vis":{"$in":["u:ann","t:red"]},"k.v1":{"$gt":"open\u0000tOPEN\u0000","$lt":"open\u0000tOPEN\u0001"}},` +
				`"sort":{"k.v1":1},"projection":{"k":0},"hint":"visible_1","limit":3,"batchSize":3},"verbosity":"executionStats","maxTimeMS":"#"}`},
		},
	} {
		server.Forget()
		if err := c.read(); err != nil {
			t.Errorf("%s: %v", c.sentence, err)
		}
		commands := server.Commands()
		for _, one := range commands {
			if one.TxnNumber != 0 || one.InTransaction || one.Session != commands[0].Session {
				t.Errorf("%s: %s is not of the one session of the read", c.sentence, one.Name)
			}
		}
		got := sent(t, server)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got\n%s\nwant\n%s", c.sentence, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
	}
}
