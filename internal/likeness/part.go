package likeness

import (
	"strings"
	"unicode/utf8"

	"github.com/hbollon/go-edlib"
)

// match says how like two parts of names are.
type match int

const (
	unmatched match = iota
	slipped         // a slip of the pen apart
	sounded         // spellings of one sound
	spelled         // written alike
)

// Thresholds, found with the table of pairs in the tests: raise one and spellings
// of one name fall apart, lower it and names of different people fall together.
const (
	// soundsExactly is the Jaro-Winkler similarity from which words of exactly
	// one sound are spellings of one name: Leigh is Lee, but John is not Jane.
	soundsExactly = 0.72
	// soundsBroadly is the same where voiced and unvoiced consonants differ, as
	// in Ahmed and Ahmet, but not Robert and Rupert.
	soundsBroadly = 0.88
	// tinyWord is up to how many letters sound says nothing: Li is not Liu.
	tinyWord = 2
	// joinedCode is how many sounds several words read as one need at least: Wai
	// Yee is not Wai.
	joinedCode = 2

	// slipFrom and slipsFrom are the letters from which a word may have one slip,
	// and two: Amina is not Amira, but Thornbruy is Thornbury.
	slipFrom  = 7
	slipsFrom = 10
)

// compareParts compares two parts, whichever comes first.
func compareParts(a, b part) match {
	switch {
	case a.joined && b.joined:
		// Apart in both names, they are compared apart: Thu Ha is not Thu Hoa.
		return unmatched
	case a.text == b.text:
		return spelled
	case a.open != b.open:
		return unmatched
	case soundAlike(a, b):
		return sounded
	case slipApart(a, b):
		return slipped
	}
	return unmatched
}

func soundAlike(a, b part) bool {
	if !shareOne(a.broad, b.broad) {
		return false
	}
	if min(a.length(), b.length()) <= tinyWord {
		return false
	}
	if (a.joined || b.joined) && min(len(a.broad[0]), len(b.broad[0])) < joinedCode {
		return false
	}
	needed := float32(soundsExactly)
	if !shareOne(a.exact, b.exact) {
		needed = soundsBroadly
	}
	for _, one := range a.spellings {
		for _, other := range b.spellings {
			if edlib.JaroWinklerSimilarity(one, other) >= needed {
				return true
			}
		}
	}
	return false
}

// slipApart reports whether the two are a slip of the pen apart. It is looked for
// in single words only, and not in the first sound: the forms under which a name
// is found count on both.
func slipApart(a, b part) bool {
	allowed := 0
	switch shorter := min(a.length(), b.length()); {
	case shorter >= slipsFrom:
		allowed = 2
	case shorter >= slipFrom:
		allowed = 1
	}
	return allowed > 0 && !a.joined && !b.joined && shareOne(onsets(a), onsets(b)) &&
		edlib.OSADamerauLevenshteinDistance(a.text, b.text) <= allowed
}

func (p part) length() int { return utf8.RuneCountInString(p.text) }

// onsets are the sounds a part may begin with.
func onsets(p part) []string {
	starts := make([]string, len(p.broad))
	for i, code := range p.broad {
		bare := strings.TrimPrefix(code, asWritten)
		_, size := utf8.DecodeRuneInString(bare)
		starts[i] = code[:len(code)-len(bare)+size]
	}
	return starts
}
