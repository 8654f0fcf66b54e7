package storetest

import (
	"fmt"
	"slices"

	"accord/internal/store"
)

func visibilitySay(say says) {
	status := values("OPEN")
	say("a document is found through any of its tokens, and once", func(t TB, open Open) {
		b := begin(t, open)
		b.save(openCase("a", 1, 1, "t:red", "u:ann"))
		b.save(openCase("b", 1, 1, "t:red", "t:blue", "u:bob"))
		b.save(openCase("c", 1, 2, "t:blue"))
		b.save(openCase("d", 1, 3))
		for _, c := range []struct {
			tokens []string
			want   []string
		}{
			{nil, []string{}},
			{[]string{"u:nobody"}, []string{}},
			{[]string{"t:re"}, []string{}},
			{[]string{"u:ann"}, []string{"a"}},
			{[]string{"t:red"}, []string{"a", "b"}},
			{[]string{"t:red", "u:ann", "u:bob"}, []string{"a", "b"}},
			{[]string{"u:nobody", "t:blue", "t:red", "u:bob", "u:ann"}, []string{"a", "b", "c"}},
		} {
			for limit := 1; limit < 5; limit++ {
				q := store.Query{Index: "seen_up", Equal: status, Tokens: c.tokens, Limit: limit}
				b.equal(append([]string{}, b.walk(q)...), c.want)
				b.equal(b.count(q, store.MaxPage), len(c.want))
				q.Index = "seen_down"
				down := b.walk(q)
				slices.Reverse(down)
				b.equal(append([]string{}, down...), c.want)
				q.Index, q.Equal = "seen_all", nil
				b.equal(append([]string{}, b.walk(q)...), c.want)
			}
		}
	})
	say("as many tokens as a viewer may have find what they reach", func(t TB, open Open) {
		b := begin(t, open)
		var tokens, want []string
		for i := range store.MaxTokens {
			token, id := fmt.Sprintf("u:%02d", i), fmt.Sprintf("c%02d", i)
			tokens, want = append(tokens, token), append(want, id)
			b.save(openCase(id, 1, i, token, "t:all"))
		}
		for _, n := range []int{1, 2, 7, 8, 9, 16, 17, 33, 63, 64} {
			got := b.find(store.Query{Index: "seen_up", Equal: status, Tokens: tokens[:n]})
			b.equal(got, want[:n])
		}
		q := store.Query{Index: "seen_down", Equal: status, Tokens: append([]string{"t:all"}, tokens[1:]...), Limit: 5}
		slices.Reverse(want)
		b.equal(b.walk(q), want)
		b.equal(b.count(q, store.MaxPage), len(want))
	})
	say("a token lost no longer finds and a token gained does", func(t TB, open Open) {
		b := begin(t, open)
		seen := func(token string) []string {
			return b.find(store.Query{Index: "seen_all", Tokens: []string{token}})
		}
		b.save(openCase("a", 1, 1, "u:ann", "u:cat"))
		b.save(openCase("a", 2, 1, "u:bob", "u:cat"))
		b.equal([][]string{seen("u:ann"), seen("u:bob"), seen("u:cat")}, [][]string{{}, {"a"}, {"a"}})
		b.save(openCase("a", 3, 2))
		b.equal([][]string{seen("u:ann"), seen("u:bob"), seen("u:cat")}, [][]string{{}, {}, {}})
	})
	say("a document carries as many tokens as it may", func(t TB, open Open) {
		b := begin(t, open)
		tokens := make([]string, store.MaxDocumentTokens)
		for i := range tokens {
			tokens[i] = fmt.Sprintf("t%03d", i)
		}
		b.save(openCase("a", 1, 1, tokens...))
		b.equal(b.find(store.Query{Index: "seen_all", Tokens: []string{"t511", "t000"}}), []string{"a"})
	})
}

func exclusionsSay(say says) {
	everyone := []string{"t:all"}
	exclude := func(b bench, family, principal string, lifted bool) {
		b.Helper()
		b.apply(store.Batch{
			Family: family, Excluded: []store.Exclusion{{Principal: principal, Family: family, Lifted: lifted}},
		})
	}
	seen := func(b bench, principal string) []string {
		b.Helper()
		return b.find(store.Query{Index: "seen_all", Tokens: everyone, Excluded: principal})
	}
	say("hide everything of a family from one principal, also what comes later", func(t TB, open Open) {
		b := begin(t, open)
		b.save(inFamily("f1", openCase("a", 1, 1, everyone...)), inFamily("f1", openCase("b", 1, 2, everyone...)))
		b.save(inFamily("f2", openCase("c", 1, 3, everyone...)))
		exclude(b, "f1", "ann", false)
		b.save(inFamily("f1", openCase("d", 1, 4, everyone...)))
		b.equal(seen(b, "ann"), []string{"c"})
		b.equal(seen(b, "bob"), []string{"a", "b", "c", "d"})
		b.equal(seen(b, ""), []string{"a", "b", "c", "d"})
		q := store.Query{Index: "seen_up", Equal: values("OPEN"), Tokens: append(everyone, "x"), Excluded: "ann"}
		b.equal(b.count(q, store.MaxPage), 1)
		b.equal(b.find(q), []string{"c"})
	})
	say("leave no gap in a page", func(t TB, open Open) {
		b := begin(t, open)
		var want []string
		for i := range 30 {
			family := fmt.Sprintf("f%02d", i)
			b.save(inFamily(family, openCase(fmt.Sprintf("c%02d", i), 1, i, everyone...)))
			if i%5 == 0 {
				want = append(want, fmt.Sprintf("c%02d", i))
			} else {
				exclude(b, family, "ann", false)
			}
		}
		for _, limit := range []int{1, 2, 6, 7} {
			b.equal(b.walk(store.Query{Index: "seen_up", Equal: values("OPEN"), Tokens: everyone, Excluded: "ann", Limit: limit}), want)
		}
	})
	say("are listed sorted, and may be set and lifted again", func(t TB, open Open) {
		b := begin(t, open)
		list := func(principal string) []string {
			got, err := b.Excluded(t.Context(), principal)
			if err != nil {
				t.Fatal(err)
			}
			return append([]string{}, got...)
		}
		b.save(inFamily("f1", openCase("a", 1, 1, everyone...)))
		for _, family := range []string{"f2", "f1", "f3"} {
			exclude(b, family, "ann", false)
		}
		exclude(b, "f1", "ann", false)
		exclude(b, "f1", "bob", false)
		b.equal([][]string{list("ann"), list("bob"), list("cat")}, [][]string{{"f1", "f2", "f3"}, {"f1"}, {}})
		exclude(b, "f1", "ann", true)
		exclude(b, "f1", "ann", true)
		b.equal([][]string{list("ann"), list("bob")}, [][]string{{"f2", "f3"}, {"f1"}})
		b.equal([][]string{seen(b, "ann"), seen(b, "bob")}, [][]string{{"a"}, {}})
	})
	say("of one batch apply in order", func(t TB, open Open) {
		b := begin(t, open)
		b.save(inFamily("f1", openCase("a", 1, 1, everyone...)))
		b.apply(store.Batch{Family: "f1", Excluded: []store.Exclusion{
			{Principal: "ann", Family: "f1", Lifted: true},
			{Principal: "ann", Family: "f1"},
			{Principal: "bob", Family: "f1"},
			{Principal: "bob", Family: "f1", Lifted: true},
		}})
		b.equal([][]string{seen(b, "ann"), seen(b, "bob")}, [][]string{{}, {"a"}})
	})
}
