package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"accord/internal/records"
	"accord/internal/store"
	"accord/internal/store/sqlite"
	"accord/internal/store/storetest"
	"accord/internal/views"
)

// BenchmarkGrowth asks a store for a page of every index, and for everything
// else, while it holds more and more cases: 1,000, 10,000 and 100,000, or what
// ACCORD_GROWTH says. A test of internal/store/sqlite holds that what is done for
// an answer does not grow; this is how long it takes.
func BenchmarkGrowth(b *testing.B) {
	indexes := records.Indexes()
	s, err := sqlite.Open(b.Context(), sqlite.Options{
		Path: filepath.Join(b.TempDir(), "store.db"), Kinds: records.Kinds(), Indexes: indexes, Sign: storetest.Sign, Clock: time.Now,
	})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	world, err := storetest.NewWorld(s, indexes, store.Kind(views.CaseKind))
	if err != nil {
		b.Fatal(err)
	}
	for _, size := range growthSizes(b) {
		if err := world.Grow(b.Context(), size); err != nil {
			b.Fatal(err)
		}
		calls, err := world.Calls()
		if err != nil {
			b.Fatal(err)
		}
		for _, call := range slices.DeleteFunc(calls, tellsNoMore) {
			name := strings.ReplaceAll(strings.TrimSpace(call.Index+" "+call.Name), "/", " of ")
			b.Run(fmt.Sprintf("cases=%d/%s", size, name), func(b *testing.B) { makeOften(b, call) })
		}
	}
}

// tellsNoMore says which calls are left out: of each index one viewer in the
// middle is enough.
func tellsNoMore(call storetest.Call) bool {
	if call.Index == "" {
		return false
	}
	place, viewer, _ := strings.Cut(call.Name, ", ")
	return strings.HasPrefix(place, "deep") || strings.Contains(place, "rare") ||
		strings.HasPrefix(place, "first") && viewer != "everybody" || viewer != "everybody" && viewer != "8 tokens for all"
}

// makeOften makes a call that takes itself back an even number of times.
func makeOften(b *testing.B, call storetest.Call) {
	b.Helper()
	b.ReportAllocs()
	times := 0
	for b.Loop() {
		if err := call.Make(b.Context()); err != nil {
			b.Fatal(err)
		}
		times++
	}
	if times%2 == 1 {
		if err := call.Make(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

func growthSizes(b *testing.B) []int {
	b.Helper()
	said := os.Getenv("ACCORD_GROWTH")
	if said == "" {
		said = "1000,10000,100000"
	}
	var sizes []int
	for text := range strings.SplitSeq(said, ",") {
		size, err := strconv.Atoi(text)
		if err != nil {
			b.Fatalf("ACCORD_GROWTH is sizes with commas between: %v", err)
		}
		sizes = append(sizes, size)
	}
	return sizes
}
