package sqlite_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"go.uber.org/goleak"

	"accord/internal/racetest"
	"accord/internal/store"
	"accord/internal/store/storetest"
)

// TestMain makes this program the other process that some tests need.
func TestMain(m *testing.M) {
	if path := os.Getenv(crashFile); path != "" {
		fmt.Fprintln(os.Stderr, loadUntilKilled(path))
		os.Exit(1) // it should have been killed
	}
	if path := os.Getenv(lockedFile); path != "" {
		if err := holdLocked(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// settings are those of every test run, unless a longer one says otherwise.
func settings(t *testing.T) storetest.Settings {
	t.Helper()
	return storetest.Settings{
		Increments: cmp.Or(numberIn(t, "ACCORD_INCREMENTS"), racetest.Sized(2_000, 800)),
		Histories:  cmp.Or(numberIn(t, "ACCORD_HISTORIES"), racetest.Sized(100, 40)),
	}
}

// numberIn is a number of the environment; 0 where there is none.
func numberIn(t *testing.T, name string) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestConformance(t *testing.T) {
	storetest.Run(t, settings(t), func(t *testing.T, indexes []store.Index) store.Store {
		t.Helper()
		return open(t, filepath.Join(t.TempDir(), "store.db"), indexes...)
	})
}
