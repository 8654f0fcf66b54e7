package storetest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"go.mongodb.org/mongo-driver/v2/bson"

	"accord/internal/store"
)

// World is a store that grows. Every document follows from its kind and its
// number, so that what a query must find can be said without asking; and they
// repeat themselves every worldPeriod numbers, so that a page looks the same
// wherever it is and however many there are.
type World struct {
	store   store.Store
	indexes []store.Index
	kinds   []worldKind // the one that is counted first
	size    int
	tokens  [][]string // of the documents by number, as far as the world has grown
	written int        // changes written after it has grown
}

// worldPeriod divides every size a world can have.
const worldPeriod = 500

// worldKind is how the documents of one kind are made.
type worldKind struct {
	name    store.Kind
	rarity  int          // there is one document for so many of the world's size
	visible bool         // they carry tokens
	fields  []worldField // by name
}

// worldField is a field of every document of a kind, and what its value says.
type worldField struct {
	name string
	says fieldSays
}

type fieldSays int

const (
	saysNothing fieldSays = iota
	saysState             // one of two states, the second rare
	saysDay               // a number that grows with the documents, the same for five of them
	saysItself            // a text of its own, which grows with the documents
)

// rarity is how many times rarer all other kinds are than the one that is
// counted. It divides worldPeriod.
const rarity = 10

// NewWorld is an empty world in an empty store that was opened with the indexes.
// Its size is the number of documents of the counted kind; of every other there
// is a tenth.
func NewWorld(s store.Store, indexes []store.Index, counted store.Kind) (*World, error) {
	w := &World{store: s, indexes: indexes}
	w.kinds = []worldKind{{name: counted, rarity: 1}}
	for _, x := range indexes {
		at := slices.IndexFunc(w.kinds, func(k worldKind) bool { return k.name == x.Kind })
		if at < 0 {
			at = len(w.kinds)
			w.kinds = append(w.kinds, worldKind{name: x.Kind, rarity: rarity})
		}
		kind := &w.kinds[at]
		kind.visible = kind.visible || x.Visible
		for _, name := range x.Equal {
			says := saysState
			if x.Unique {
				says = saysItself
			}
			kind.say(name, says)
		}
		if x.Order != "" {
			kind.say(x.Order, saysDay)
		}
	}
	if len(w.kinds[0].fields) == 0 {
		return nil, fmt.Errorf("no index with a field is of the kind %s", counted)
	}
	return w, nil
}

// say gives the kind a field; one that several indexes use says the most any of
// them needs.
func (k *worldKind) say(name string, says fieldSays) {
	for i := range k.fields {
		if k.fields[i].name == name {
			k.fields[i].says = max(k.fields[i].says, says)
			return
		}
	}
	k.fields = append(k.fields, worldField{name, says})
	slices.SortFunc(k.fields, func(a, b worldField) int { return cmp.Compare(a.name, b.name) })
}

// Size is how many documents there are of the kind that is counted.
func (w *World) Size() int { return w.size }

// familySize is how many numbers make a family. Families are larger than those
// of real cases so that a large world is written in large batches.
const familySize = 10

// writers is how many families are on their way to the store at once, which is
// what lets a store commit them together.
const writers = 64

// Grow adds families until the world has that size.
func (w *World) Grow(ctx context.Context, size int) error {
	if size < w.size || size%worldPeriod != 0 {
		return fmt.Errorf("a world of size %d cannot grow to %d: that is smaller, or no multiple of %d", w.size, size, worldPeriod)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	next.Store(int64(w.size / familySize))
	var wait sync.WaitGroup
	for range writers {
		wait.Go(func() {
			for n := int(next.Add(1)) - 1; n < size/familySize && ctx.Err() == nil; n = int(next.Add(1)) - 1 {
				if err := w.store.Apply(ctx, w.family(n)); err != nil {
					cancel(fmt.Errorf("write family %d: %w", n, err))
				}
			}
		})
	}
	wait.Wait()
	if err := context.Cause(ctx); err != nil {
		return fmt.Errorf("grow a world to size %d: %w", size, err)
	}
	w.size = size
	for n := len(w.tokens); n < size; n++ {
		w.tokens = append(w.tokens, tokensOf(n))
	}
	return nil
}

// family is the batch that writes one family, with everything a change brings
// along: a receipt, log entries, a message, and now and then an exclusion.
func (w *World) family(n int) store.Batch {
	name := familyID(n)
	batch := store.Batch{
		Family:  name,
		Receipt: &store.Receipt{Person: writerOf(n), Key: name, Input: make([]byte, 32), Result: []string{name}, Until: farFuture},
		Outbox:  []store.Message{{ID: name, Topic: "written", Body: emptyBody}},
	}
	for number := n * familySize; number < (n+1)*familySize; number++ {
		batch.Entries = append(batch.Entries, fmt.Appendf(nil, "entry %0200d", number))
		for i := range w.kinds {
			if kind := &w.kinds[i]; number%kind.rarity == 0 {
				batch.Writes = append(batch.Writes, store.Write{Document: kind.document(number / kind.rarity)})
			}
		}
	}
	for _, principal := range []string{keptOut, keptOutOfFew} {
		if keptFrom(principal, n) {
			batch.Excluded = append(batch.Excluded, store.Exclusion{Principal: principal, Family: name})
		}
	}
	return batch
}

func writerOf(family int) string { return fmt.Sprintf("person-%02d", family%100) }

// emptyBody is the body of a message that says nothing more than its topic.
var emptyBody = bson.Raw{5, 0, 0, 0, 0}

// keptOut is excluded from every fiftieth family, keptOutOfFew from five.
const (
	keptOut      = "kept-out"
	keptOutOfFew = "kept-out-of-few"
)

func keptFrom(principal string, family int) bool {
	switch principal {
	case keptOut:
		return family%50 == 7
	case keptOutOfFew:
		return family < worldPeriod/familySize && family%10 == 3
	default:
		return false
	}
}

func familyID(n int) string { return fmt.Sprintf("family_%07d", n) }

// sealedBytes is how large the one section of a document is.
const sealedBytes = 300

func (k *worldKind) id(n int) string { return fmt.Sprintf("%s_%07d", k.name, n) }

func (k *worldKind) family(n int) int { return n * k.rarity / familySize }

func (k *worldKind) document(n int) store.Document {
	d := store.Document{
		ID: k.id(n), Kind: k.name, Family: familyID(k.family(n)), Version: 1,
		Sections: []store.Section{{Name: "SEALED", Version: 1, Sealed: make([]byte, sealedBytes)}},
	}
	for _, f := range k.fields {
		d.Fields = append(d.Fields, store.Field{Name: f.name, Value: f.value(n)})
	}
	if k.visible {
		d.Tokens = tokensOf(n)
	}
	return d
}

// says tells what a field of the kind says; one it has not says nothing.
func (k *worldKind) says(name string) fieldSays {
	for _, f := range k.fields {
		if f.name == name {
			return f.says
		}
	}
	return saysNothing
}

func (f worldField) value(n int) store.Value {
	switch f.says {
	case saysItself:
		return store.Text(fmt.Sprintf("%s-%07d", f.name, n))
	case saysDay:
		return store.Number(int64(n / 5))
	case saysState:
		if isRare(n) {
			return store.Text("RARE")
		}
		return store.Text("COMMON")
	default:
		return store.Value{}
	}
}

// isRare are five in a hundred.
func isRare(n int) bool { return spread(n, 6) < worldPeriod/20 }

// spread shuffles the numbers of a period, in another way for each use.
func spread(n, use int) int { return (n*[...]int{1, 3, 7, 11, 13, 17, 19}[use] + 31*use) % worldPeriod }

// heardTogether is how many families in a row one meeting hears.
const heardTogether = 50

// tokensEach is how many tokens a document has.
const tokensEach = 8

// tokensOf are the tokens of a document: the relay reaches all, an area a
// third, an agency a fifth, a team a twentieth, an officer and an owner a
// hundredth each, and a meeting those it hears.
func tokensOf(n int) []string {
	return Sorted([]string{
		everyone, area(spread(n, 1) * 3 / worldPeriod), agency(spread(n, 2) / (worldPeriod / 5)),
		team(spread(n, 3) / (worldPeriod / 20)), officer(spread(n, 4) / (worldPeriod / 100)),
		owner(spread(n, 5) / (worldPeriod / 100)), heard(n / heardTogether), chaired(n / heardTogether),
	})
}

const everyone = "relay:"

func area(n int) string    { return fmt.Sprintf("c:area-%d", n) }
func agency(n int) string  { return fmt.Sprintf("d:agency-%d", n) }
func team(n int) string    { return fmt.Sprintf("t:team-%02d", n) }
func officer(n int) string { return fmt.Sprintf("a:officer-%02d", n) }
func owner(n int) string   { return fmt.Sprintf("ou:officer-%02d", n) }
func heard(n int) string   { return fmt.Sprintf("rp:meeting-%05d", n) }
func chaired(n int) string { return fmt.Sprintf("ch:meeting-%05d", n) }
