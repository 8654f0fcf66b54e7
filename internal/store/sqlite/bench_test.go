package sqlite_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"accord/internal/store"
	"accord/internal/store/sqlite"
	"accord/internal/store/storetest"
)

var byUpdate = store.Index{
	Name: "case_by_update", Kind: "case", Equal: []string{"status"}, Order: "updatedAt", Descending: true, Visible: true,
}

func noon() time.Time { return time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC) }

func open(tb testing.TB, path string, indexes ...store.Index) *sqlite.Store {
	tb.Helper()
	s, err := sqlite.Open(tb.Context(), sqlite.Options{
		Path: path, Kinds: []store.Kind{"note"}, Indexes: indexes, Sign: storetest.Sign, Clock: noon,
	})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

// caseDocument is a case of about 4 KB with 12 tokens, eight of them its own.
func caseDocument(n int, version int64) store.Document {
	tokens := []string{
		fmt.Sprintf("c:area-%d", n%2), fmt.Sprintf("t:team-%02d", n%10), fmt.Sprintf("u:user-%03d", n%100), "d:agency",
	}
	for i := range 8 {
		tokens = append(tokens, fmt.Sprintf("x:%06d-%d", n, i))
	}
	return store.Document{
		ID: fmt.Sprintf("case_%06d", n), Kind: "case", Family: fmt.Sprintf("case_%06d", n), Version: version,
		Tokens: storetest.Sorted(tokens),
		Fields: []store.Field{{Name: "status", Value: store.Text("OPEN")}, {Name: "updatedAt", Value: store.Number(int64(n * 1000))}},
		Sections: []store.Section{
			{Name: "CASE_CORE", Version: version, Sealed: make([]byte, 2000)},
			{Name: "VICTIM_IDENTITY", Version: version, Sealed: make([]byte, 1000)},
			{Name: "VICTIM_IDENTITY.masked", Version: version, Sealed: make([]byte, 1000)},
		},
	}
}

func fill(b *testing.B, s *sqlite.Store, n int) {
	b.Helper()
	var wait sync.WaitGroup
	var next atomic.Int64
	for range 64 {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				d := caseDocument(i, 1)
				if err := s.Apply(b.Context(), store.Batch{Family: d.Family, Writes: []store.Write{{Document: d}}}); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wait.Wait()
}

func BenchmarkRead(b *testing.B) {
	for _, size := range []int{1_000, 10_000} {
		s := open(b, filepath.Join(b.TempDir(), "store.db"), byUpdate)
		fill(b, s, size)
		b.Run(fmt.Sprintf("get/documents=%d", size), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if _, err := s.Get(b.Context(), fmt.Sprintf("case_%06d", i*7919%size)); err != nil {
					b.Fatal(err)
				}
			}
		})
		for _, tokens := range []int{1, 4, 20} {
			b.Run(fmt.Sprintf("page/documents=%d/tokens=%d", size, tokens), func(b *testing.B) {
				b.ReportAllocs()
				q := store.Query{Index: byUpdate.Name, Equal: []store.Value{store.Text("OPEN")}, Limit: 50, Excluded: "somebody"}
				q.After = &store.Position{Order: store.Number(int64(size) * 800), ID: "case"}
				q.Tokens = []string{"c:area-0"}
				for i := 1; i < tokens; i++ {
					q.Tokens = append(q.Tokens, fmt.Sprintf("u:user-%03d", i))
				}
				for b.Loop() {
					page, err := s.Find(b.Context(), q)
					if err != nil || len(page.Documents) != 50 {
						b.Fatal(len(page.Documents), err)
					}
				}
			})
		}
		b.Run(fmt.Sprintf("count1001/documents=%d/tokens=4", size), func(b *testing.B) {
			q := store.Query{
				Index: byUpdate.Name, Equal: []store.Value{store.Text("OPEN")},
				Tokens: []string{"c:area-0", "t:team-01", "t:team-02", "d:agency"},
			}
			for b.Loop() {
				if _, err := s.Count(b.Context(), q, store.MaxPage); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkApply changes one document and adds one log entry, synced to disk.
func BenchmarkApply(b *testing.B) {
	for _, callers := range []int{1, 16} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			s := open(b, filepath.Join(b.TempDir(), "store.db"), byUpdate)
			fill(b, s, 1_000)
			b.ReportAllocs()
			var next atomic.Int64
			b.ResetTimer()
			var wait sync.WaitGroup
			for caller := range callers {
				wait.Go(func() {
					for version := int64(1); next.Add(1) <= int64(b.N); version++ {
						if err := change(b.Context(), s, caller, version); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wait.Wait()
		})
	}
}

func change(ctx context.Context, s store.Store, n int, version int64) error {
	d := caseDocument(n, version+1)
	return s.Apply(ctx, store.Batch{
		Family: d.Family, Writes: []store.Write{{Document: d, Expect: version}}, Entries: [][]byte{[]byte("a change")},
	})
}
