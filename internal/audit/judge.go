package audit

import (
	"strconv"

	"golang.org/x/mod/sumdb/tlog"
)

// judge returns the first break, or nil for a log that is whole. The signed root
// decides whether it is the entries or the hashes beside them that were changed.
func (w *walk) judge() *Break {
	proved := false
	if w.report.Entries == w.size {
		root, err := w.computed.root(w.size)
		proved = err == nil && root == w.report.Signed.Hash
	}
	if len(w.strangers) > 0 {
		w.found(w.strangers[0].number, w.strangers[0].number, w.nameStranger(proved))
	}
	if !proved && w.first == nil {
		// Entries and stored hashes agree with each other and not with what was
		// signed: all hashes from the change on were computed anew.
		w.found(0, w.size-1, "the entries do not add up to the signed root")
	}
	if w.first != nil && proved {
		w.first.What += "; the entries themselves add up to the signed root"
	}
	return w.first
}

// nameStranger says what happened to the first entry that its stored hash does not
// know.
func (w *walk) nameStranger(proved bool) string {
	first := w.strangers[0]
	if proved {
		return "its stored hash was changed"
	}
	atHash := make(map[tlog.Hash]int64, len(w.strangers))
	for _, s := range w.strangers {
		atHash[s.stored] = s.number
	}
	place, moved := atHash[first.computed]
	if !moved {
		for _, s := range w.strangers[1:] {
			if s.computed == first.stored && s.number == first.number+1 {
				return "an entry was put in before it"
			}
		}
		return "it is not the entry that was entered"
	}
	for _, s := range w.strangers {
		if s.number == place && s.computed == first.stored {
			return "it changed places with entry " + strconv.FormatInt(place, 10)
		}
	}
	if place == first.number+1 {
		return "it was taken out; the entry behind it stands in its place"
	}
	return "it is entry " + strconv.FormatInt(place, 10) + " in the wrong place"
}
