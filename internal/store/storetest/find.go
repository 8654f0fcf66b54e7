package storetest

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"accord/internal/store"
)

func orderSay(say says) {
	say("pages of any size walk the order once, ties by id, both ways", func(t TB, open Open) {
		b := begin(t, open)
		const n = 60
		var want []string
		for i := range n {
			// Seven documents share each value; ids do not follow the order of writing.
			id := fmt.Sprintf("n%02d", i*37%n)
			b.save(note(id, 1, "area", "A", "status", "OPEN", "at", i*37%n/7))
			want = append(want, id)
			b.save(note("other"+id, 1, "area", "A", "status", "SHUT", "at", i))
		}
		slices.Sort(want)
		backwards := slices.Clone(want)
		slices.Reverse(backwards)
		for _, limit := range []int{1, 2, 3, 7, 59, 60, 61} {
			q := store.Query{Index: "up", Equal: values("A", "OPEN"), Limit: limit}
			b.equal(b.walk(q), want)
			q.Index = "down"
			b.equal(b.walk(q), backwards)
		}
	})
	say("an index without an order field is in the order of ids", func(t TB, open Open) {
		b := begin(t, open)
		for _, id := range []string{"b", "ab", "a", "c"} {
			b.save(note(id, 1))
		}
		b.equal(b.walk(store.Query{Index: "all", Limit: 1}), []string{"a", "ab", "b", "c"})
		b.equal(b.walk(store.Query{Index: "all_down", Limit: 3}), []string{"c", "b", "ab", "a"})
		after := &store.Position{ID: "ab", Order: store.Text("ignored")}
		b.equal(b.find(store.Query{Index: "all", After: after}), []string{"b", "c"})
		b.equal(b.find(store.Query{Index: "all_down", After: after}), []string{"a"})
	})
	say("numbers come before strings, strings by their bytes", func(t TB, open Open) {
		b := begin(t, open)
		ordered := []any{
			store.Number(math.MinInt64), -256, -255, -1, 0, 1, 255, 256, store.Number(math.MaxInt64),
			"", "\x00", "\x00\x00", "\x00a", "\x01", "1", "A", "AB", "A\x00", "B", "a", "z", "é", "😀",
		}
		slices.SortFunc(ordered[9:], func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		var want []string
		for i, v := range ordered {
			id := fmt.Sprintf("n%02d", len(ordered)-i) // the ids alone would give the opposite order
			b.save(note(id, 1, "at", v))
			want = append(want, id)
		}
		b.equal(b.walk(store.Query{Index: "at", Limit: 4}), want)
	})
	say("equality compares whole values", func(t TB, open Open) {
		b := begin(t, open)
		pairs := [][]any{
			{"a", "bc"},
			{"ab", "c"},
			{"a\x00", "bc"},
			{"a", "\x00bc"},
			{"", "abc"},
			{"abc", ""},
			{1, "bc"},
			{"1", "bc"},
			{-1, "bc"},
			{"a", "b"},
			{"a", 0},
			{0, "a"},
		}
		for i, p := range pairs {
			b.save(note(fmt.Sprintf("n%02d", i), 1, "area", p[0], "status", p[1], "at", 1))
		}
		for i, p := range pairs {
			for _, x := range []string{"up", "down"} {
				b.equal(b.find(store.Query{Index: x, Equal: values(p...)}), []string{fmt.Sprintf("n%02d", i)})
			}
		}
		b.equal(b.find(store.Query{Index: "up", Equal: values("a", "nothing")}), []string{})
	})
	say("a page goes on behind a position where nothing stands", func(t TB, open Open) {
		b := begin(t, open)
		for i, id := range []string{"a", "b", "c", "d"} {
			b.save(note(id, 1, "area", "A", "status", "OPEN", "at", 10*(i/2)))
		}
		for _, c := range []struct {
			at       int
			id       string
			up, down []string
		}{
			{-1, "z", []string{"a", "b", "c", "d"}, []string{}},
			{0, "aa", []string{"b", "c", "d"}, []string{"a"}},
			{0, "b", []string{"c", "d"}, []string{"a"}},
			{5, "a", []string{"c", "d"}, []string{"b", "a"}},
			{10, "z", []string{}, []string{"d", "c", "b", "a"}},
			{11, "a", []string{}, []string{"d", "c", "b", "a"}},
		} {
			q := store.Query{Index: "up", Equal: values("A", "OPEN"), After: &store.Position{Order: valueOf(c.at), ID: c.id}}
			b.equal(b.find(q), c.up)
			q.Index = "down"
			b.equal(b.find(q), c.down)
		}
	})
	say("deep pages examine no more than the first", func(t TB, open Open) {
		b := begin(t, open)
		var all []store.Document
		for i := range 400 {
			all = append(all, inFamily("f", note(fmt.Sprintf("n%03d", i), 1, "area", "A", "status", "OPEN", "at", i)))
		}
		b.save(all...)
		q := store.Query{Index: "down", Equal: values("A", "OPEN"), Limit: 10, After: &store.Position{Order: valueOf(20), ID: "n020"}}
		page := b.page(q)
		b.equal(page.Documents[0].ID, "n019")
		b.equal([]any{page.More, page.Examined}, []any{true, 11})
	})
}

func queriesSay(say says) {
	say("a document that lacks a field of an index is not in that index", func(t TB, open Open) {
		b := begin(t, open)
		q := store.Query{Index: "up", Equal: values("A", "OPEN")}
		b.save(note("a", 1, "area", "A", "status", "OPEN", "at", 1))
		b.save(note("b", 1, "area", "A", "status", "OPEN"))
		b.save(note("c", 1, "area", "A", "at", 1))
		b.equal(b.find(q), []string{"a"})
		b.save(note("a", 2, "area", "A", "status", "OPEN"))
		b.save(note("b", 2, "area", "A", "status", "OPEN", "at", 2))
		b.save(note("c", 2, "area", "A", "status", "OPEN", "at", 1))
		b.equal(b.find(q), []string{"c", "b"})
		b.equal(b.find(store.Query{Index: "all"}), []string{"a", "b", "c"})
	})
	say("a document that moves is found once, where it is now", func(t TB, open Open) {
		b := begin(t, open)
		b.save(note("a", 1, "area", "A", "status", "OPEN", "at", 1))
		b.save(note("b", 1, "area", "A", "status", "OPEN", "at", 2))
		b.save(note("a", 2, "area", "A", "status", "OPEN", "at", 3))
		b.equal(b.find(store.Query{Index: "up", Equal: values("A", "OPEN")}), []string{"b", "a"})
		b.save(note("a", 3, "area", "B", "status", "OPEN", "at", 3))
		b.equal(b.find(store.Query{Index: "up", Equal: values("A", "OPEN")}), []string{"b"})
		b.equal(b.find(store.Query{Index: "up", Equal: values("B", "OPEN")}), []string{"a"})
	})
	say("a query that no declared index serves is refused by name", func(t TB, open Open) {
		b := begin(t, open)
		_, err := b.Find(t.Context(), store.Query{Index: "unheard", Limit: 1})
		if err == nil || !strings.Contains(err.Error(), "unheard") {
			t.Fatalf("got %v", err)
		}
		if _, err := b.Count(t.Context(), store.Query{Index: "unheard"}, 1); err == nil || !strings.Contains(err.Error(), "unheard") {
			t.Fatalf("got %v", err)
		}
	})
	say("an improper query is refused", func(t TB, open Open) {
		b := begin(t, open)
		tokens := make([]string, store.MaxTokens+1)
		for i := range tokens {
			tokens[i] = fmt.Sprint("t", i)
		}
		status := values("OPEN")
		for name, q := range map[string]store.Query{
			"no limit":             {Index: "all"},
			"negative limit":       {Index: "all", Limit: -1},
			"limit too large":      {Index: "all", Limit: store.MaxPage + 1},
			"too few values":       {Index: "up", Equal: values("A"), Limit: 1},
			"too many values":      {Index: "all", Equal: values("A"), Limit: 1},
			"tokens not asked for": {Index: "all", Tokens: []string{"t"}, Limit: 1},
			"principal not asked":  {Index: "all", Excluded: "p", Limit: 1},
			"65 tokens":            {Index: "seen_up", Equal: status, Tokens: tokens, Limit: 1},
			"a token twice":        {Index: "seen_up", Equal: status, Tokens: []string{"t", "t"}, Limit: 1},
			"an empty token":       {Index: "seen_up", Equal: status, Tokens: []string{""}, Limit: 1},
			"a position of no id":  {Index: "all", After: &store.Position{}, Limit: 1},
		} {
			if _, err := b.Find(t.Context(), q); err == nil {
				t.Errorf("Find accepted %s", name)
			}
			if q.Index == "all" && q.Tokens == nil && q.Equal == nil && q.Excluded == "" && q.After == nil {
				if _, err := b.Count(t.Context(), q, q.Limit); err == nil {
					t.Errorf("Count accepted %s", name)
				}
			} else if _, err := b.Count(t.Context(), q, 1); err == nil {
				t.Errorf("Count accepted %s", name)
			}
		}
	})
	say("a count is what paging would show, up to its limit", func(t TB, open Open) {
		b := begin(t, open)
		for i := range 9 {
			b.save(note(fmt.Sprint("n", i), 1, "area", "A", "status", "OPEN", "at", i))
		}
		q := store.Query{Index: "down", Equal: values("A", "OPEN"), Limit: 2}
		b.equal([]int{b.count(q, 5), b.count(q, 9), b.count(q, store.MaxPage)}, []int{5, 9, 9})
		q.After = &store.Position{Order: valueOf(3), ID: "n3"}
		b.equal(b.count(q, store.MaxPage), 3)
		q.Equal = values("B", "OPEN")
		b.equal(b.count(q, 1), 0)
	})
}
