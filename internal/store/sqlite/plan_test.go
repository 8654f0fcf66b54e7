package sqlite

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"accord/internal/store"
	"accord/internal/store/storetest"
)

// plan returns what SQLite says it will do, a line for each step.
func plan(t *testing.T, c *connection, text string, arguments []any) []string {
	t.Helper()
	var steps []string
	err := c.rows(t.Context(), "EXPLAIN QUERY PLAN "+text, arguments, func(scan func(...any) error) error {
		var id, parent, unused int
		var step string
		err := scan(&id, &parent, &unused, &step)
		steps = append(steps, step)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return steps
}

func openIndexed(t *testing.T, indexes []store.Index) *Store {
	t.Helper()
	s, err := Open(t.Context(), Options{
		Path: filepath.Join(t.TempDir(), "store.db"), Indexes: indexes, Sign: storetest.Sign,
		Clock: func() time.Time { return time.Unix(0, 0) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// Every shape of query reads ranges of the primary key and sorts nothing: each
// arm searches, and arms are merged in the order they are read in.
func TestQueriesSearchAndNeverSort(t *testing.T) {
	s := openIndexed(t, storetest.Indexes())
	c := <-s.readers
	defer func() { s.readers <- c }()
	for _, x := range storetest.Indexes() {
		for _, tokens := range []int{1, 2, 3, 8, 9, store.MaxTokens} {
			if !x.Visible && tokens > 1 {
				continue
			}
			for _, count := range []bool{false, true} {
				shape := shapeOf(x, tokens, count)
				q := store.Query{Index: x.Name, Equal: make([]store.Value, len(x.Equal)), Excluded: "ann"}
				for i := range tokens {
					q.Tokens = append(q.Tokens, fmt.Sprint("t", i))
				}
				steps := plan(t, c, textOf(shape), s.arguments(x, q, shape.arms, 51))
				searches, merges := 0, 0
				for _, step := range steps {
					switch {
					case strings.HasPrefix(step, "SEARCH e USING PRIMARY KEY (ix=? AND token=? AND"):
						searches++
					case strings.HasPrefix(step, "MERGE (UNION"):
						merges++
					case strings.Contains(step, "TEMP B-TREE"), strings.HasPrefix(step, "SCAN e"), strings.HasPrefix(step, "SCAN x"):
						t.Errorf("%s with %d tokens, count %v: %s", x.Name, tokens, count, step)
					}
				}
				if searches != shape.arms || merges != shape.arms-1 {
					t.Errorf("%s with %d tokens: %d arms search and %d merge\n%s",
						x.Name, tokens, searches, merges, strings.Join(steps, "\n"))
				}
			}
		}
	}
}

func TestOtherReadsScanNoTable(t *testing.T) {
	s := openIndexed(t, nil)
	c := <-s.readers
	defer func() { s.readers <- c }()
	for text, arguments := range map[string][]any{
		selectOne:      {"a"},
		selectMany:     {`["a"]`},
		selectFamilies: {`["a"]`, "case", 5},
		anotherKey:     {1, []byte{1}, []byte{2}, "a"},
	} {
		for _, step := range plan(t, c, text, arguments) {
			if strings.Contains(step, "TEMP B-TREE") || strings.HasPrefix(step, "SCAN") &&
				!strings.HasPrefix(step, "SCAN w VIRTUAL TABLE") && !strings.HasPrefix(step, "SCAN (subquery") {
				t.Errorf("%s\n%s", text, step)
			}
		}
	}
}
