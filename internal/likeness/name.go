package likeness

import (
	"slices"
	"unicode/utf8"
)

// weight says what it means when two names share a part.
type weight int

const (
	// initial is a single letter. It shows nothing and contradicts nothing.
	initial weight = iota
	// particle joins or addresses: bin, de la, al-, Mrs. It shows nothing and
	// contradicts nothing.
	particle
	// particleOrName is a particle in one tongue and a name in another: van, le.
	// Where it is shared it shows a little; where it is missing it contradicts
	// nothing.
	particleOrName
	// customary is a part that custom gives to most of a community. Where it is
	// shared it shows a little, since so many share it; where it is missing it
	// contradicts.
	customary
	// distinctive is every other part.
	distinctive
)

// shows reports whether it says anything that two names share the part.
func (w weight) shows() bool { return w >= particleOrName }

// contradicts reports whether it says anything that a name lacks the part.
func (w weight) contradicts() bool { return w >= customary }

var particles = setOf(
	// Arabic and Hebrew: the article in its spellings, son and daughter of,
	// father and mother of.
	"al", "el", "ul", "ur", "ud", "ar", "ash", "bin", "ibn", "bint", "binti", "abu", "umm", "bat",
	// Romance, Dutch and German.
	"de", "da", "das", "dos", "del", "dela", "delos", "della", "di", "la", "las", "los", "des", "der", "den", "von", "zu", "zum", "zur", "ter", "ten",
	// Irish, Scottish and Welsh: Mac and O' are part of the name when written
	// with it.
	"mac", "mc", "ni", "nic", "ui", "ap", "ab", "ferch",
	// How people are addressed.
	"mr", "mrs", "miss", "ms", "mx", "dr", "jr", "sr",
)

var particlesOrNames = setOf("van", "le", "do", "du", "ben")

// customaryParts follow from a custom and not from a family: Singh and Kaur are
// borne by every initiated Sikh, Begum, Bibi and Khatun say that somebody is a
// woman, Nguyen is the name of about a third of all Vietnamese and Thi that
// of a daughter, Mohammed stands before the name a man is called by. The list
// is short on purpose: it can make a name show less, and never more.
var customaryParts = func() []part {
	words := []string{
		"singh", "kaur", "begum", "bibi", "khatun", "khan", "miah", "uddin",
		"mohammed", "ahmed", "ali", "hussain", "abdul", "nguyen", "tran", "thi",
	}
	parts := make([]part, len(words))
	for i, text := range words {
		w := word{text: text, said: text}
		parts[i] = part{word: w, sounds: soundsOf(w), weight: customary}
	}
	return parts
}()

func setOf(words ...string) map[string]bool {
	set := make(map[string]bool, len(words))
	for _, w := range words {
		set[w] = true
	}
	return set
}

// part is one part of a name: a word, or neighbouring words written as one.
type part struct {
	word
	sounds
	weight weight
	joined bool
}

func newPart(w word, isJoined bool) part {
	p := part{word: w, sounds: soundsOf(w), joined: isJoined}
	switch {
	case isInitial(w.text):
		p.weight = initial
	case particles[w.text]:
		p.weight = particle
	case particlesOrNames[w.text]:
		p.weight = particleOrName
	case slices.ContainsFunc(customaryParts, func(c part) bool { return compareParts(p, c) >= sounded }):
		p.weight = customary
	default:
		p.weight = distinctive
	}
	return p
}

// joinParts reads neighbouring parts as one. Particles stay one: de la is no name.
func joinParts(run []part) part {
	words := make([]word, len(run))
	for i, p := range run {
		words[i] = p.word
	}
	p := newPart(joined(words), true)
	if !slices.ContainsFunc(run, func(p part) bool { return p.weight.contradicts() }) {
		p.weight = particle
	}
	return p
}

// isInitial reports whether a word is one Latin letter. One letter of another
// script may be a whole name.
func isInitial(text string) bool { return utf8.RuneCountInString(text) == 1 && text[0] < utf8.RuneSelf }

// name is one name as it is compared: its words as parts, and the runs of two or
// three neighbours that may be one word, since Anne Marie is Annemarie to others
// and De la Cruz is Delacruz.
//
// Which part is the family's and which the person's own is not asked: half the
// world writes them the other way round, and who takes a name down on the
// telephone cannot know.
type name struct {
	parts []part
	// readings are the ways to read the name: all words apart first, then each
	// that joins one run.
	readings []reading
}

// reading is one way to read a name, as indexes of its parts. joined is the index
// of the part that joins several words, or -1.
type reading struct {
	parts  []int
	joined int
}

// longestRun is how many neighbouring words are tried as one.
const longestRun = 3

func readName(written string) (name, bool) {
	if !printable(written) || utf8.RuneCountInString(written) > maxNameLength {
		return name{}, false
	}
	words := wordsOf(written)
	words = words[:min(len(words), maxNameWords)]
	if len(words) == 0 {
		return name{}, false
	}
	var n name
	apart := reading{joined: -1}
	for i, w := range words {
		n.parts = append(n.parts, newPart(w, false))
		apart.parts = append(apart.parts, i)
	}
	n.readings = []reading{apart}
	for length := 2; length <= longestRun; length++ {
		for start := 0; start+length <= len(words); start++ {
			index := len(n.parts)
			n.parts = append(n.parts, joinParts(n.parts[start:start+length]))
			read := slices.Concat(apart.parts[:start], []int{index}, apart.parts[start+length:])
			n.readings = append(n.readings, reading{parts: read, joined: index})
		}
	}
	return n, true
}

// askableParts counts the parts of a name that somebody can be asked for by.
// What is a particle in front of another word counts as one: van Gogh is the name
// of a family, and of everybody in it.
func askableParts(written string) int {
	read, ok := readName(written)
	if !ok {
		return 0
	}
	apart := read.readings[0].parts
	count := 0
	for i, index := range apart {
		weight := read.parts[index].weight
		if weight.contradicts() || weight == particleOrName && i == len(apart)-1 {
			count++
		}
	}
	return count
}
