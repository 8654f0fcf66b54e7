package storetest

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"accord/internal/store"
)

// The worlds the reference is tried in are small, so that keys collide, tokens
// overlap and guards go stale.
var (
	drawnFamilies   = []string{"f1", "f2", "f3"}
	drawnPrincipals = []string{"", "ann", "bob"}
	drawnTokens     = []string{"t:blue", "t:red", "u:ann", "u:bob"}
	drawnValues     = []store.Value{
		store.Number(-1), store.Number(0), store.Number(7), store.Text(""), store.Text("a"), store.Text("a\x00"), store.Text("ab"),
	}
)

// subset draws some of them, in their order.
func subset(rt *rapid.T, of []string, label string) []string {
	mask := rapid.IntRange(0, 1<<len(of)-1).Draw(rt, label)
	var some []string
	for i, s := range of {
		if mask&(1<<i) != 0 {
			some = append(some, s)
		}
	}
	return some
}

func drawFields(rt *rapid.T) []store.Field {
	var pairs []any
	for _, name := range subset(rt, []string{"area", "at", "reference", "status"}, "fields") {
		pairs = append(pairs, name, rapid.SampledFrom(drawnValues).Draw(rt, name))
	}
	return fields(pairs...)
}

// drawBatch draws a proper batch; of what it writes and of what it holds, one in
// six is stale.
func drawBatch(rt *rapid.T, m *reference) store.Batch {
	family := rapid.SampledFrom(drawnFamilies).Draw(rt, "family")
	batch := store.Batch{Family: family}
	for _, n := range rapid.SliceOfNDistinct(rapid.IntRange(0, 7), 0, 4, rapid.ID[int]).Draw(rt, "documents") {
		kind := []store.Kind{caseKind, noteKind}[n%2]
		d := store.Document{
			ID: fmt.Sprintf("%s-%d", family, n), Kind: kind, Family: family,
			Tokens: subset(rt, drawnTokens, "tokens"), Fields: drawFields(rt),
		}
		expect := m.documents[d.ID].Version
		if rapid.IntRange(0, 5).Draw(rt, "stale") == 0 {
			expect++
		}
		d.Version = expect + 1
		batch.Writes = append(batch.Writes, store.Write{Document: d, Expect: expect})
	}
	for _, n := range rapid.SliceOfNDistinct(rapid.IntRange(0, 7), 0, 2, rapid.ID[int]).Draw(rt, "held") {
		id := fmt.Sprintf("%s-%d", family, n)
		if slices.ContainsFunc(batch.Writes, func(w store.Write) bool { return w.Document.ID == id }) {
			continue
		}
		version := m.documents[id].Version
		if version == 0 || rapid.IntRange(0, 5).Draw(rt, "stale") == 0 {
			version++ // another than is stored, or of a document that is not there
		}
		batch.Guards = append(batch.Guards, store.Guard{ID: id, Version: version})
	}
	for range rapid.IntRange(0, 2).Draw(rt, "exclusions") {
		batch.Excluded = append(batch.Excluded, store.Exclusion{
			Principal: rapid.SampledFrom(drawnPrincipals[1:]).Draw(rt, "principal"), Family: family,
			Lifted: rapid.Bool().Draw(rt, "lifted"),
		})
	}
	if rapid.Bool().Draw(rt, "has receipt") {
		key := fmt.Sprintf("k%d", rapid.IntRange(0, 30).Draw(rt, "key"))
		batch.Receipt = &store.Receipt{Person: "ann", Key: key, Until: farFuture}
	}
	batch.Delivered = subset(rt, m.outbox[:min(len(m.outbox), 8)], "delivered")
	for i := range rapid.IntRange(0, 2).Draw(rt, "messages") {
		batch.Outbox = append(batch.Outbox, store.Message{ID: fmt.Sprintf("m%d-%d", len(m.log), i), Topic: "t"})
	}
	for i := range len(batch.Outbox) + rapid.IntRange(0, 2).Draw(rt, "entries") {
		batch.Entries = append(batch.Entries, fmt.Appendf(nil, "entry %d of %s", i, family))
	}
	return batch
}

func drawQuery(rt *rapid.T) store.Query {
	x := rapid.SampledFrom(Indexes()).Draw(rt, "index")
	q := store.Query{Index: x.Name, Limit: rapid.IntRange(1, 10).Draw(rt, "limit")}
	for _, name := range x.Equal {
		q.Equal = append(q.Equal, rapid.SampledFrom(drawnValues).Draw(rt, name))
	}
	if x.Visible {
		q.Tokens = rapid.Permutation(subset(rt, drawnTokens, "tokens")).Draw(rt, "order of tokens")
		q.Excluded = rapid.SampledFrom(drawnPrincipals).Draw(rt, "principal")
	}
	if rapid.Bool().Draw(rt, "goes on") {
		q.After = &store.Position{
			Order: rapid.SampledFrom(drawnValues).Draw(rt, "after"),
			ID:    fmt.Sprintf("%s-%d", rapid.SampledFrom(drawnFamilies).Draw(rt, "family"), rapid.IntRange(0, 7).Draw(rt, "n")),
		}
	}
	return q
}
