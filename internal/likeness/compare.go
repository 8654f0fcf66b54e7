package likeness

import (
	"cmp"
	"slices"

	"accord/domain/calendar"
)

// Likeness says how like two people's particulars are. None of them says that the
// two are one person.
type Likeness int

const (
	// Unlike is everything that is not worth a look.
	Unlike Likeness = iota
	// Alike are particulars that somebody should look at: one name, with no date
	// of birth against it; part of a name and the date of birth; a phone number
	// or a handle. A name and the date of birth alone are never more than this:
	// on these the police merged a victim with a suspect (ICO reprimand, West
	// Midlands Police, March 2024).
	Alike
	// Likely are particulars that agree in a phone number or a handle and in the
	// name or the date of birth besides, with nothing against it. Families share
	// all of these: it is still for people to decide.
	Likely
)

func (l Likeness) String() string {
	switch l {
	case Unlike:
		return "unlike"
	case Alike:
		return "alike"
	case Likely:
		return "likely"
	}
	return "unknown"
}

// Compare says how like the two are. It does not matter which is which.
func Compare(asked, known Particulars) Likeness { return Seek(asked).Compare(known).Likeness }

// Agreement is what a comparison came to.
type Agreement struct {
	Likeness Likeness
	// BesideName reports whether something agreed beside the name: a phone number,
	// its last digits, a handle, or the same date of birth. One that is near it has
	// not: the year can be guessed from an age.
	// What was asked and is not known, or is known otherwise, has not agreed. False
	// when Likeness is Unlike.
	BesideName bool
}

// Sought is who is looked for, read once to be compared with many. It may be used
// by several goroutines.
type Sought struct{ particulars particulars }

// Seek reads who is looked for.
func Seek(asked Particulars) Sought { return Sought{particulars: read(asked)} }

// Compare says how like the known person is to the one looked for, and by what.
func (s Sought) Compare(known Particulars) Agreement {
	a, k := s.particulars, read(known)
	named := compareNames(a.names, k.names)
	born := compareBirth(a.born, k.born)
	contact := shareOne(a.phones, k.phones) || shareOne(a.handles, k.handles)
	tail := shareOne(a.tails(), k.tails())
	like := weighTogether(named, born, contact, tail)
	return Agreement{Likeness: like, BesideName: like != Unlike && (contact || tail || born == birthEqual)}
}

// weighTogether says how like two people are of whom these agree.
func weighTogether(named naming, born birthday, contact, tail bool) Likeness {
	switch {
	case contact && named == wholly && born != birthDiffers,
		contact && named != namedOtherwise && born == birthEqual:
		return Likely
	case contact,
		named == wholly && born != birthDiffers,
		named == partly && born == birthEqual,
		named >= partly && tail:
		return Alike
	}
	return Unlike
}

// particulars are Particulars as they are compared.
type particulars struct {
	names   []name
	born    calendar.Date
	phones  []string
	handles []string
}

func read(p Particulars) particulars {
	known := particulars{
		born:    p.DateOfBirth,
		phones:  readEach(p.Phones, maxContactsKnown, readPhone),
		handles: readEach(p.Handles, maxContactsKnown, readHandle),
	}
	for _, written := range p.Names[:min(len(p.Names), maxNamesKnown)] {
		if n, ok := readName(written); ok {
			known.names = append(known.names, n)
		}
	}
	return known
}

func (p particulars) tails() []string {
	tails := make([]string, len(p.phones))
	for i, digits := range p.phones {
		tails[i] = tailOf(digits)
	}
	return tails
}

// naming says how the names of two people stand to each other.
type naming int

const (
	unnamed        naming = iota // no name of one of them is known
	namedOtherwise               // no name of one is like a name of the other
	partly                       // they share a part
	wholly                       // they share one name, in full or with parts left out
)

// compareNames compares each name of one with each of the other: an alias is as
// good as a name.
func compareNames(a, b []name) naming {
	best := unnamed
	for _, one := range a {
		for _, other := range b {
			best = max(best, compareName(one, other))
		}
	}
	return best
}

func compareName(a, b name) naming {
	matches := make([][]match, len(a.parts))
	for i, one := range a.parts {
		matches[i] = make([]match, len(b.parts))
		for j, other := range b.parts {
			if one.weight.shows() && other.weight.shows() {
				matches[i][j] = compareParts(one, other)
			}
		}
	}
	best := namedOtherwise
	for _, readA := range a.readings {
		for _, readB := range b.readings {
			pairs := pairUp(readA, readB, matches)
			best = max(best, weigh(a, b, readA, readB, pairs))
		}
	}
	return best
}

// pair are two parts that stand for each other, as indexes.
type pair struct {
	a, b  int
	match match
}

// pairUp gives each part the most like part of the other name that is still free.
func pairUp(a, b reading, matches [][]match) []pair {
	var candidates []pair
	for _, i := range a.parts {
		for _, j := range b.parts {
			if matches[i][j] != unmatched {
				candidates = append(candidates, pair{a: i, b: j, match: matches[i][j]})
			}
		}
	}
	// Ties fall the same way whichever name comes first.
	slices.SortStableFunc(candidates, func(x, y pair) int {
		return cmp.Or(cmp.Compare(y.match, x.match), cmp.Compare(x.a+x.b, y.a+y.b), cmp.Compare(max(x.a, x.b), max(y.a, y.b)))
	})
	var pairs []pair
	for _, c := range candidates {
		if !slices.ContainsFunc(pairs, func(p pair) bool { return p.a == c.a || p.b == c.b }) {
			pairs = append(pairs, c)
		}
	}
	return pairs
}

// weigh says what the pairs show. A part may be left out of a name, as people
// leave out a second family name or a grandfather's. It may not stand against
// another: who shares Singh Gill and is called Harpreet is not Gurpreet, but may
// be her brother.
func weigh(a, b name, readA, readB reading, pairs []pair) naming {
	distinct, certain := 0, 0
	for _, p := range pairs {
		if a.parts[p.a].weight == distinctive && b.parts[p.b].weight == distinctive {
			distinct++
		}
		if p.match >= sounded {
			certain++
		}
	}
	leftA := a.left(readA, pairs, func(p pair) int { return p.a })
	leftB := b.left(readB, pairs, func(p pair) int { return p.b })
	leftOut := leftA == 0 || leftB == 0
	complete := leftA == 0 && leftB == 0
	const enough = 2
	switch {
	// One part in common is not a name in common, and nor are parts that half a
	// town has, unless they are all there is.
	case leftOut && len(pairs) >= enough && certain > 0 && (distinct > 0 || complete):
		return wholly
	case distinct > 0, leftOut && len(pairs) > 0:
		return partly
	}
	return namedOtherwise
}

// left counts the parts of a reading that have no pair and that the other name
// would have if it were the same.
func (n name) left(r reading, pairs []pair, side func(pair) int) int {
	count := 0
	for _, index := range r.parts {
		if n.parts[index].weight.contradicts() &&
			!slices.ContainsFunc(pairs, func(p pair) bool { return side(p) == index }) {
			count++
		}
	}
	return count
}
