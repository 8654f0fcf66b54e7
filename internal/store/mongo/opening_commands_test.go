package mongo

import (
	"fmt"
	"regexp"
	"testing"

	"accord/internal/store/mongo/mongotest"
)

var fenceName = regexp.MustCompile(`building [0-9a-f]{24}`)

// fencesNamed makes one name of every fence.
func fencesNamed(lines []string) []string {
	for i := range lines {
		lines[i] = fenceName.ReplaceAllString(lines[i], "FENCE")
	}
	return lines
}

// What a start asks and makes, whatever there is.
const (
	asksRights      = `{"connectionStatus":1,"showPrivileges":true,"maxTimeMS":"#","$db":"admin"}`
	listsAll        = `{"listCollections":1,"filter":{},"nameOnly":true,"cursor":{},"maxTimeMS":"#"}`
	readsHead       = `{"find":"state","batchSize":1,"filter":{"_id":"head"},"hint":"_id_","limit":1,"readConcern":{"level":"majority"}}`
	readsDeclared   = `{"find":"state","batchSize":1,"filter":{"_id":"declaration"},"hint":"_id_","limit":1,"readConcern":{"level":"majority"}}`
	retried         = `"ordered":true,"writeConcern":{"w":"majority","j":true},"txnNumber":"#","maxTimeMS":"#"`
	documentIndexes = `{"key":{"kind":1,"fam":1,"_id":1},"name":"family"},` +
		`{"key":{"vis":1,"k.v1":1,"fam":1},"name":"visible_1","partialFilterExpression":{"k.v1":{"$exists":true}}},` +
		`{"key":{"vis":1,"k.v2":1,"fam":1},"name":"visible_2","partialFilterExpression":{"k.v2":{"$exists":true}}},` +
		`{"key":{"k.p1":1},"name":"plain_1","partialFilterExpression":{"k.p1":{"$exists":true}}},` +
		`{"key":{"k.p2":1},"name":"plain_2","partialFilterExpression":{"k.p2":{"$exists":true}}}`
)

func makesIndexes(collection, indexes string) []string {
	return []string{
		`{"createIndexes":"` + collection + `","indexes":[` + indexes + `],"writeConcern":{"w":"majority","j":true},"maxTimeMS":"#"}`,
		`{"listIndexes":"` + collection + `","cursor":{},"maxTimeMS":"#"}`,
	}
}

func makesAllIndexes() []string {
	lines := makesIndexes("document", documentIndexes)
	lines = append(lines, makesIndexes("exclusion", `{"key":{"p":1,"fam":1},"name":"principal"}`)...)
	lines = append(lines, makesIndexes("receipt", `{"key":{"until":1},"expireAfterSeconds":2592000,"name":"end"}`)...)
	return append(lines, makesIndexes("outbox", `{"key":{"seq":1},"name":"sequence"}`)...)
}

func assignedAs(name, kind, equal, order string, descending, visible, unique bool, slot int) string {
	return fmt.Sprintf(`{"name":"%s","kind":"%s","shape":"{\"KeyForm\":2,\"Name\":\"%[1]s\",\"Kind\":\"%[2]s\",\"Equal\":%[3]s,\"Order\":\"%[4]s\",`+
		`\"Descending\":%[5]t,\"Visible\":%[6]t,\"Unique\":%[7]t}","visible":%[6]t,"slot":%[8]d}`, name, kind, equal, order, descending, visible, unique, slot)
}

func TestAnEmptyDatabaseIsMadeBehindAFence(t *testing.T) {
	t.Parallel()
	server := mongotest.Start(t, mongotest.Options{})
	s := opened(t, server)
	made := []string{asksRights, listsAll}
	for _, name := range collections() {
		made = append(made, `{"create":"`+name+`","writeConcern":{"w":"majority","j":true}}`)
	}
	made = append(
		made, readsHead,
		`{"find":"log","batchSize":1,"filter":{},"hint":"_id_","limit":1,"readConcern":{"level":"majority"}}`,
		`{"find":"document","batchSize":1,"filter":{},"hint":"_id_","limit":1,"readConcern":{"level":"majority"}}`,
		`{"insert":"state",`+retried+`,"documents":[{"_id":"head","layout":1,"declared":"","commits":0,"posted":0,"size":0,`+
			`"root":`+bytesOf("")+`,"edge":`+bytesOf("")+`,"signed":`+bytesOf("")+`}]}`,
		readsHead, readsDeclared,
	)
	made = append(made, makesAllIndexes()...)
	made = append(
		made,
		`{"update":"state",`+retried+`,"updates":[{"q":{"_id":"head"},"u":{"$set":{"declared":"FENCE"},"$inc":{"commits":1}},"hint":"_id_"}]}`,
		holds,
		`{"find":"claim","batchSize":1001,"filter":{"_id":{"$gt":""}},"hint":"_id_","limit":1001,"projection":{"_id":1},"sort":{"_id":1}`+inside+`}`,
		commits, holds,
		`{"find":"document","batchSize":200,"filter":{"_id":{"$gt":""}},"hint":"_id_","limit":200,"projection":{"k":0},"sort":{"_id":1}`+inside+`}`,
		commits, holds,
		`{"update":"state","ordered":true`+changes+`,"updates":[{"q":{"_id":"declaration"},"u":{"_id":"declaration","fingerprint":"`+s.fingerprint+`","indexes":[`+
			assignedAs("area", "note", `[\"area\"]`, "at", false, false, false, 1)+`,`+
			assignedAs("newest", "case", "null", "at", true, true, false, 2)+`,`+
			assignedAs("open", "case", `[\"status\"]`, "at", false, true, false, 1)+`,`+
			assignedAs("reference", "note", `[\"reference\"]`, "", false, false, true, 2)+`]},"upsert":true,"hint":"_id_"}]}`,
		`{"update":"state","ordered":true`+changes+`,"updates":[{"q":{"_id":"head"},"u":{"$set":{"declared":"`+s.fingerprint+`"},"$inc":{"commits":1}},"hint":"_id_"}]}`,
		commits,
	)
	// The first primary that is heard of is a new one.
	settles := `{"update":"state",` + retried + `,"updates":[{"q":{"_id":"head","declared":"` + s.fingerprint + `"},"u":{"$inc":{"commits":1}},"hint":"_id_"}]}`
	expect(t, fencesNamed(sent(t, server)), append(made, settles)...)

	_ = opened(t, server)
	found := append([]string{asksRights, listsAll, readsHead, readsDeclared}, makesAllIndexes()...)
	found = append(found, settles)
	expect(t, fencesNamed(sent(t, server)), found...)
}

func TestARebuildGivesEveryDocumentItsKeysInAFewTransactions(t *testing.T) {
	t.Parallel()
	server := mongotest.Start(t, mongotest.Options{})
	s := opened(t, server, declaring(openCases, references))
	apply(t, s, saving(aCase), saving(aNote), saving(note("o", text("area", "north"), number("at", 3))))
	server.Forget()
	again := references
	again.Order = "at" // another shape: its claims are made again
	_ = opened(t, server, declaring(openCases, again, areaNotes))
	lines := fencesNamed(sent(t, server))
	from := 0
	for i, line := range lines {
		if line == `{"update":"state",`+retried+`,"updates":[{"q":{"_id":"head"},"u":{"$set":{"declared":"FENCE"},"$inc":{"commits":1}},"hint":"_id_"}]}` {
			from = i
		}
	}
	expect(
		t, lines[from+1:from+9], holds,
		`{"find":"claim","batchSize":1001,"filter":{"_id":{"$gt":""}},"hint":"_id_","limit":1001,"projection":{"_id":1},"sort":{"_id":1}`+inside+`}`,
		`{"delete":"claim","ordered":true`+changes+`,"deletes":[{"q":{"_id":{"$in":["reference\u0000tA\u0000"]}},"limit":0,"hint":"_id_"}]}`,
		commits, holds,
		`{"find":"document","batchSize":200,"filter":{"_id":{"$gt":""}},"hint":"_id_","limit":200,"projection":{"k":0},"sort":{"_id":1}`+inside+`}`,
		`{"update":"document","ordered":true`+changes+`,"updates":[`+
			`{"q":{"_id":"n","fam":"n"},"u":{"$set":{"k":{}}},"hint":"_id_"},`+
			`{"q":{"_id":"o","fam":"o"},"u":{"$set":{"k":{"p2":"area\u0000tnorth\u0000n8000000000000003\u0000o"}}},"hint":"_id_"}]}`,
		commits,
	)
}

func TestALogIsReadWithoutAStore(t *testing.T) {
	t.Parallel()
	server := mongotest.Start(t, mongotest.Options{})
	look := func() *LogReader {
		t.Helper()
		reader, err := OpenLog(t.Context(), server.URI())
		if err != nil {
			t.Fatal(err)
		}
		return reader
	}
	holdsAny := func(reader *LogReader) bool {
		t.Helper()
		there, err := reader.HoldsDocuments(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return there
	}
	reader := look()
	if holdsAny(reader) {
		t.Error("an empty database is said to hold documents")
	}
	expect(
		t, sent(t, server), asksRights,
		`{"find":"state","batchSize":1,"filter":{"_id":"head"},"hint":"_id_","limit":1,"readConcern":{"level":"snapshot"}}`,
		`{"find":"document","batchSize":1,"filter":{},"hint":"_id_","limit":1,"projection":{"_id":1},"readConcern":{"level":"snapshot"}}`,
	)
	s := opened(t, server)
	apply(t, s, saving(aCase), logging("one"))
	if !holdsAny(reader) {
		t.Error("a database that holds a document is said to hold none")
	}
	all, err := reader.Entries(t.Context(), 0, 5)
	if err != nil || len(all) != 1 || string(all[0]) != "one" {
		t.Errorf("got %q and %v", all, err)
	}
	if err := reader.Close(); err != nil {
		t.Error(err)
	}
}
