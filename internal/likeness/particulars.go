// Package likeness says how like two people's particulars are, for the search
// that answers hit or no hit. It knows names as people bear and write them:
// parts left out or the other way round, spellings of one sound, letters of
// other alphabets, slips of the pen.
//
// It never says that two people are the same. The Information Commissioner
// reprimanded a police force that had merged a victim and a suspect of the same
// name and birthday and sent officers to the wrong address (West Midlands
// Police, March 2024): what is alike is looked at by people, and only they
// decide.
package likeness

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"accord/domain/calendar"
	"accord/domain/fault"
)

// Particulars is what somebody is asked for by, or known by. What is not known
// is left empty.
type Particulars struct {
	Names       []string // the name and the aliases, each in full, in any order of its parts
	DateOfBirth calendar.Date
	Phones      []string // as written; a number without country code is of the United Kingdom
	Handles     []string // names used on the internet, with or without a leading @
}

// How much may be asked at once, and how much of a record is read: of the
// latter, what is beyond these bounds is not looked at.
const (
	maxNamesAsked    = 6
	maxNamesKnown    = 16
	maxContactsAsked = 4
	maxContactsKnown = 16
	maxNameLength    = 120 // letters
	maxNameWords     = 8
	maxHandleLength  = 64 // letters
	minHandleLength  = 2
	maxPhoneLength   = 32 // letters, as written

	firstYearOfBirth = 1880
	lastYearOfBirth  = 9999
)

// Askable refuses what nobody may be searched by: what is malformed, and what
// would bring up people by the score instead of the one who is meant. At least
// one of these is needed: a phone number, a handle, a name of two parts, or one
// part of a name with the date of birth. An initial, a form of address or a
// particle is no part here. A date of birth alone is never enough,
// and nor is 1 January with one part: it is written for people whose birthday
// nobody recorded.
//
// The error is a fault of code BAD_USER_INPUT.
func Askable(p Particulars) error {
	for _, check := range []func(Particulars) error{checkNames, checkDateOfBirth, checkPhones, checkHandles} {
		if err := check(p); err != nil {
			return err
		}
	}
	if len(p.Phones) > 0 || len(p.Handles) > 0 {
		return nil
	}
	parts := 0
	for _, written := range p.Names {
		parts = max(parts, askableParts(written))
	}
	switch {
	case parts >= 2:
		return nil
	case parts == 1 && !p.DateOfBirth.IsZero() && !standsForUnknown(p.DateOfBirth):
		return nil
	case parts == 1 && !p.DateOfBirth.IsZero():
		return fault.Input("input", "selective",
			"A birthday on 1 January is often a stand-in. Give a second part of the name, a phone number or a handle.")
	}
	return fault.Input("input", "selective",
		"Give two parts of one name in full (an initial, a title or a particle such as van does not count), "+
			"one such part with the date of birth, a phone number or a handle.")
}

func checkNames(p Particulars) error {
	const path = "input.names"
	if len(p.Names) > maxNamesAsked {
		return fault.Input(path, "maxItems", "Give no more than six names.")
	}
	for _, written := range p.Names {
		switch {
		case !printable(written) || !strings.ContainsFunc(written, unicode.IsLetter):
			return fault.Input(path, "name", "Write each name in letters.")
		case utf8.RuneCountInString(written) > maxNameLength || len(wordsOf(written)) > maxNameWords:
			return fault.Input(path, "maxLength", "Give each name in no more than eight words and 120 letters.")
		}
	}
	return nil
}

func checkDateOfBirth(p Particulars) error {
	if p.DateOfBirth.IsZero() {
		return nil
	}
	if year := p.DateOfBirth.Year(); year < firstYearOfBirth || year > lastYearOfBirth {
		return fault.Input("input.dateOfBirth", "date", "Give a date of birth of this century or the last.")
	}
	return nil
}

func checkPhones(p Particulars) error {
	const path = "input.phones"
	if len(p.Phones) > maxContactsAsked {
		return fault.Input(path, "maxItems", "Give no more than four phone numbers.")
	}
	for _, written := range p.Phones {
		if _, ok := readPhone(written); !ok {
			return fault.Input(path, "phone", "Give each phone number in full, in digits, with its country code if it is not of the United Kingdom.")
		}
	}
	return nil
}

func checkHandles(p Particulars) error {
	const path = "input.handles"
	if len(p.Handles) > maxContactsAsked {
		return fault.Input(path, "maxItems", "Give no more than four handles.")
	}
	for _, written := range p.Handles {
		if _, ok := readHandle(written); !ok {
			return fault.Input(path, "handle", "Give each handle in full and without spaces, in two to 64 letters.")
		}
	}
	return nil
}

// printable reports whether the text is well-formed and holds no control or
// formatting character but what spelling needs.
func printable(text string) bool {
	if !utf8.ValidString(text) {
		return false
	}
	return !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) || r == utf8.RuneError ||
			unicode.Is(unicode.Cf, r) && r != zeroWidthJoiner && r != zeroWidthNonJoiner
	})
}

// Persian and some Indian scripts spell with these two.
const (
	zeroWidthNonJoiner = '\u200c'
	zeroWidthJoiner    = '\u200d'
)
