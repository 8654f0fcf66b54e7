package storetest

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

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

// drawn draws what happens next from a seed: the same from the same.
type drawn struct{ *rand.Rand }

func draw(seed, step uint64) drawn {
	return drawn{rand.New(rand.NewPCG(seed, step))} //nolint:gosec // it has to come out the same again
}

// between draws a number from the first to the last.
func (r drawn) between(first, last int) int { return first + r.IntN(last-first+1) }

func (r drawn) oneIn(n int) bool { return r.IntN(n) == 0 }

func pick[T any](r drawn, of []T) T { return of[r.IntN(len(of))] }

// some draws some of them, in their order.
func (r drawn) some(of []string) []string {
	var chosen []string
	for _, s := range of {
		if r.oneIn(2) {
			chosen = append(chosen, s)
		}
	}
	return chosen
}

func (r drawn) fields() []store.Field {
	var pairs []any
	for _, name := range r.some([]string{"area", "at", "reference", "status"}) {
		pairs = append(pairs, name, pick(r, drawnValues))
	}
	return fields(pairs...)
}

// batch draws a proper batch; of what it writes and of what it holds, one in six
// is stale.
func (r drawn) batch(m *reference) store.Batch {
	family := pick(r, drawnFamilies)
	batch := store.Batch{Family: family}
	numbers := r.Perm(8)
	written := r.between(0, 4)
	for _, n := range numbers[:written] {
		d := store.Document{
			ID: fmt.Sprintf("%s-%d", family, n), Kind: []store.Kind{caseKind, noteKind}[n%2], Family: family,
			Tokens: r.some(drawnTokens), Fields: r.fields(),
		}
		expect := m.documents[d.ID].Version
		if r.oneIn(6) {
			expect++
		}
		d.Version = expect + 1
		batch.Writes = append(batch.Writes, store.Write{Document: d, Expect: expect})
	}
	for _, n := range numbers[written:][:r.between(0, 2)] {
		id := fmt.Sprintf("%s-%d", family, n)
		version := m.documents[id].Version
		if version == 0 || r.oneIn(6) {
			version++ // another than is stored, or of a document that is not there
		}
		batch.Guards = append(batch.Guards, store.Guard{ID: id, Version: version})
	}
	for range r.between(0, 2) {
		batch.Excluded = append(batch.Excluded, store.Exclusion{
			Principal: pick(r, drawnPrincipals[1:]), Family: family, Lifted: r.oneIn(2),
		})
	}
	if r.oneIn(2) {
		batch.Receipt = &store.Receipt{Person: "ann", Key: fmt.Sprintf("k%d", r.between(0, 30)), Until: farFuture}
	}
	batch.Delivered = r.some(m.outbox[:min(len(m.outbox), 8)])
	for i := range r.between(0, 2) {
		batch.Outbox = append(batch.Outbox, store.Message{ID: fmt.Sprintf("m%d-%d", len(m.log), i), Topic: "t"})
	}
	for i := range len(batch.Outbox) + r.between(0, 2) {
		batch.Entries = append(batch.Entries, fmt.Appendf(nil, "entry %d of %s", i, family))
	}
	return batch
}

// query draws a query of an index; four in five ask for what some document has.
func (r drawn) query(m *reference) store.Query {
	x := pick(r, Indexes())
	q := store.Query{Index: x.Name, Limit: r.between(1, 10)}
	like := store.Document{Fields: r.fields()}
	if names := slices.Sorted(maps.Keys(m.documents)); len(names) > 0 && !r.oneIn(5) {
		like = m.documents[pick(r, names)]
	}
	for _, name := range x.Equal {
		value, has := like.Field(name)
		if !has {
			value = pick(r, drawnValues)
		}
		q.Equal = append(q.Equal, value)
	}
	if x.Visible {
		q.Tokens = r.some(drawnTokens)
		r.Shuffle(len(q.Tokens), func(i, j int) { q.Tokens[i], q.Tokens[j] = q.Tokens[j], q.Tokens[i] })
		q.Excluded = pick(r, drawnPrincipals)
	}
	if r.oneIn(2) {
		q.After = &store.Position{
			Order: pick(r, drawnValues), ID: fmt.Sprintf("%s-%d", pick(r, drawnFamilies), r.between(0, 7)),
		}
	}
	return q
}
