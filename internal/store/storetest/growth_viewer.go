package storetest

import "accord/internal/store"

// worldViewer is somebody who asks a world: by tokens, and past the families
// they are excluded from.
type worldViewer struct {
	name     string
	tokens   []string
	excluded string
}

// viewersOf are viewers of so many documents of a kind: with few tokens and with
// as many as a query can hold, who reach little and who reach all, through tokens
// that documents share and through tokens that stand far apart in the order.
func viewersOf(documents int) []worldViewer {
	all := []string{everyone, area(0), area(1), area(2), team(1), team(2), team(3), officer(7)}
	twenty := append(some(4, newest(heard, documents)), area(1))
	twenty = append(append(twenty, some(10, officer)...), some(5, owner)...)
	most := append(some(40, newest(heard, documents)), some(20, officer)...)
	most = append(most, everyone, area(0), area(1), area(2))
	return []worldViewer{
		{name: "1 token for 1 %", tokens: []string{officer(7)}},
		{name: "1 token for 33 %", tokens: []string{area(1)}},
		{name: "1 token for all", tokens: []string{everyone}},
		{name: "1 token for all, excluded", tokens: []string{everyone}, excluded: keptOut},
		{name: "8 tokens for all", tokens: all},
		{name: "8 tokens for all, excluded", tokens: all, excluded: keptOut},
		{name: "8 tokens for 8 %", tokens: some(8, officer)},
		{name: "20 tokens for 42 %", tokens: twenty},
		{name: "64 tokens for all", tokens: most},
	}
}

func some(count int, token func(int) string) []string {
	tokens := make([]string, count)
	for i := range tokens {
		tokens[i] = token(i)
	}
	return tokens
}

// newest are the tokens of the meetings that hear the newest of so many
// documents, back to meetings there never were.
func newest(token func(int) string, documents int) func(int) string {
	return func(i int) string { return token((documents-1)/heardTogether - i) }
}

// answer is what a query must find in a world, and what there is to do for it.
type answer struct {
	ids    []string // at most limit
	more   bool
	passed int // index keys that have to be read: of what is found, of the next, and of what is passed over
}

// answer walks the documents of the index's kind in its order, by their numbers.
func (w *World) answer(x store.Index, q store.Query, from, limit int) answer {
	kind := w.kindOf(x.Kind)
	held := make(map[string]bool, len(q.Tokens))
	for _, token := range q.Tokens {
		held[token] = true
	}
	var found answer
	step := 1
	if x.Descending {
		step = -1
	}
	for n := from; n >= 0 && n < w.documents(kind); n += step {
		keys := 1
		if x.Visible {
			keys = 0
			for _, token := range w.tokens[n] {
				if held[token] {
					keys++
				}
			}
		}
		if keys == 0 || !kind.equals(n, x, q.Equal) {
			continue
		}
		found.passed += keys
		switch {
		case q.Excluded != "" && keptFrom(q.Excluded, kind.family(n)):
		case len(found.ids) == limit:
			found.more = true
			return found
		default:
			found.ids = append(found.ids, kind.id(n))
		}
	}
	return found
}

func (w *World) kindOf(name store.Kind) *worldKind {
	for i := range w.kinds {
		if w.kinds[i].name == name {
			return &w.kinds[i]
		}
	}
	return nil
}

// documents is how many there are of a kind.
func (w *World) documents(kind *worldKind) int { return w.size / kind.rarity }

// values are those by which the index finds the document of that number.
func (k *worldKind) values(n int, x store.Index) []store.Value {
	values := make([]store.Value, len(x.Equal))
	for i, name := range x.Equal {
		values[i] = k.value(n, name)
	}
	return values
}

func (k *worldKind) equals(n int, x store.Index, values []store.Value) bool {
	for i, name := range x.Equal {
		if k.value(n, name) != values[i] {
			return false
		}
	}
	return true
}

func (k *worldKind) value(n int, name string) store.Value {
	return worldField{name, k.says(name)}.value(n)
}

// position is that of the document of that number, whether it is found or not.
func (k *worldKind) position(n int, x store.Index) *store.Position {
	return &store.Position{Order: k.value(n, x.Order), ID: k.id(n)}
}
