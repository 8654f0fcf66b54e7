package sqlite_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"accord/internal/racetest"
	"accord/internal/records"
	"accord/internal/store"
	"accord/internal/store/storetest"
	"accord/internal/views"
)

// growthSizes are how many cases there are in turn. ACCORD_GROWTH says others.
func growthSizes(t *testing.T) []int {
	t.Helper()
	said := os.Getenv("ACCORD_GROWTH")
	if said == "" {
		return []int{racetest.Sized(1_000, 500), racetest.Sized(10_000, 1_000)}
	}
	var sizes []int
	for text := range strings.SplitSeq(said, ",") {
		size, err := strconv.Atoi(text)
		if err != nil {
			t.Fatalf("ACCORD_GROWTH is sizes with commas between: %v", err)
		}
		sizes = append(sizes, size)
	}
	return sizes
}

// What a page costs follows from what it shows, for every index records declare
// and every other call, however many cases there are.
func TestAPageCostsWhatItShows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	indexes := records.Indexes()
	s := open(t, path, indexes...)
	world, err := storetest.NewWorld(s, indexes, store.Kind(views.CaseKind))
	if err != nil {
		t.Fatal(err)
	}
	meter := newMeter(path)
	t.Cleanup(meter.close)
	var readings []storetest.Reading
	for _, size := range growthSizes(t) {
		if err := world.Grow(t.Context(), size); err != nil {
			t.Fatal(err)
		}
		measured, err := world.Measure(t.Context(), meter)
		if err != nil {
			t.Fatal(err)
		}
		readings = append(readings, measured...)
	}
	t.Log(storetest.Table(readings))
	if err := storetest.Flat(readings, meter); err != nil {
		t.Error(err)
	}
}
