package storetest

import (
	"context"

	"accord/internal/store"
)

// TB is what a contract says what it finds to, and what testing.T and testing.B
// are: a program that is no test can bring its own.
type TB interface {
	Context() context.Context // ends before the functions of Cleanup run
	Cleanup(f func())
	Errorf(format string, arguments ...any)
	Error(arguments ...any)
	Fatalf(format string, arguments ...any) // does not return
	Fatal(arguments ...any)                 // does not return
	Logf(format string, arguments ...any)
	Failed() bool
	Helper()
	Name() string
}

// Runner is a TB that runs parts of a test under names of their own, as testing.T
// does.
type Runner[T any] interface {
	TB
	Run(name string, part func(T)) bool
}

// Open returns an empty store with these indexes, whose checkpoints Sign signs.
// Nothing in the suite depends on the store's clock, as long as it stands between
// the years 2001 and 2999. The store may be closed again when the contract ends,
// and contracts close all but one store before they open another.
type Open func(t TB, indexes []store.Index) store.Store

// Run holds an adapter to every sentence of the port, as a test.
func Run[T Runner[T]](t T, settings Settings, open func(t T, indexes []store.Index) store.Store) {
	t.Helper()
	for _, group := range groups() {
		t.Run(group.name, func(t T) {
			for _, c := range group.contracts(settings) {
				t.Run(c.Sentence, func(t T) {
					c.Check(t, func(_ TB, indexes []store.Index) store.Store { return open(t, indexes) })
				})
			}
		})
	}
}
