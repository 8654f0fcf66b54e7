package storetest

import (
	"slices"
	"time"
)

// Contract is one promise of the port, and how a store is held to it.
type Contract struct {
	Group    string // what of the port it is about
	Sentence string // what is promised, in the words of the port
	Check    func(t TB, open Open)
	Patience time.Duration // longer than a store in use could need on a slow machine
}

// Settings say how hard the suite tries.
type Settings struct {
	Increments int    // guarded changes of one document that must all arrive; 0 is 2,000, enough for every test run
	Histories  int    // random histories a store is compared with the reference in; 0 is 100
	Seed       uint64 // the first history; 0 is another one each time
}

func (s Settings) increments() int { return orElse(s.Increments, 2_000) }
func (s Settings) histories() int  { return orElse(s.Histories, 100) }

func orElse(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}

// says adds a contract to a group.
type says func(sentence string, check func(t TB, open Open))

type group struct {
	name     string
	patience time.Duration
	say      func(says, Settings)
}

const (
	patience     = 2 * time.Minute
	longPatience = 30 * time.Minute // for what goes through thousands of commits, or opens a store a hundred times
)

func groups() []group {
	plain := func(say func(says)) func(says, Settings) {
		return func(s says, _ Settings) { say(s) }
	}
	return []group{
		{"documents", patience, plain(documentsSay)},
		{"order", patience, plain(orderSay)},
		{"queries", patience, plain(queriesSay)},
		{"visibility", patience, plain(visibilitySay)},
		{"exclusions", patience, plain(exclusionsSay)},
		{"guards", patience, plain(guardsSay)},
		{"batches", patience, plain(batchesSay)},
		{"unique", patience, plain(uniqueSay)},
		{"receipts", patience, plain(receiptsSay)},
		{"outbox", patience, plain(outboxSay)},
		{"log", patience, plain(logSay)},
		{"concurrency", longPatience, concurrencySay},
		{"closing", patience, plain(closingSay)},
		{"reference", longPatience, referenceSays},
	}
}

func (g group) contracts(settings Settings) []Contract {
	var all []Contract
	g.say(func(sentence string, check func(TB, Open)) {
		all = append(all, Contract{Group: g.name, Sentence: sentence, Check: check, Patience: g.patience})
	}, settings)
	return all
}

// Contracts are all of them, in the order in which a store is best held to them:
// what others stand on comes first.
func Contracts(settings Settings) []Contract {
	var all []Contract
	for _, g := range groups() {
		all = slices.Concat(all, g.contracts(settings))
	}
	return all
}
