package likeness

import "slices"

const (
	// MaxForms bounds what one person is found under. A name of three parts has
	// about twenty forms.
	MaxForms = 256
	// MaxAsked bounds what a search looks for.
	MaxAsked = 40
)

// What a form is, by its beginning.
const (
	formPhone  = "phone:"  // the last digits of a number
	formHandle = "handle:" // a handle
	formBorn   = "born:"   // a date of birth
	formSound  = "sound:"  // the sounds of two parts of a name, in the order of their codes
	formOnset  = "onset:"  // the sound of one part, and the first sound of another
)

// Forms returns what the person is found under, sorted and each once, at most
// MaxForms: short texts whose beginning says what they are. They hold parts of
// names, numbers and a birthday, so they are kept as blind tokens only.
//
// No form stands for one part of a name. A form for Smith, or for Singh, would be
// found with half a town behind it; two parts, or one and the first sound of
// another, bring up few.
func Forms(p Particulars) []string {
	forms := formsOf(read(p), MaxForms)
	slices.Sort(forms)
	return forms
}

// Asked returns the forms to look for, each once, at most MaxAsked, those first
// that bring up the fewest people. What Compare holds to be more than Unlike is
// found under one of them, unless the name is so long that not all fit.
func Asked(p Particulars) []string { return formsOf(read(p), MaxAsked) }

// formsOf returns the forms, those first that few people share.
func formsOf(p particulars, limit int) []string {
	c := collector{limit: limit, seen: map[string]bool{}}
	for _, digits := range p.phones {
		c.add(formPhone + tailOf(digits))
	}
	for _, handle := range p.handles {
		c.add(formHandle + handle)
	}
	if born := p.born; !born.IsZero() && !standsForUnknown(born) {
		c.add(formBorn + born.String())
	}
	for _, n := range p.names {
		n.eachPair(c.addSounds)
	}
	for _, n := range p.names {
		n.eachPair(func(a, b part) {
			c.addOnsets(a, b)
			c.addOnsets(b, a)
		})
	}
	return c.forms
}

// collector keeps the first forms it is given, each once.
type collector struct {
	forms []string
	seen  map[string]bool
	limit int
}

func (c *collector) add(form string) {
	if len(c.forms) < c.limit && !c.seen[form] {
		c.seen[form] = true
		c.forms = append(c.forms, form)
	}
}

// addSounds adds the forms that two names share when both parts sound alike.
func (c *collector) addSounds(a, b part) {
	for _, one := range a.broad {
		for _, other := range b.broad {
			c.add(formSound + min(one, other) + " " + max(one, other))
		}
	}
}

// addOnsets adds the forms that two names share when one part sounds alike and
// the other has a slip, which is never in its first sound.
func (c *collector) addOnsets(sure, doubtful part) {
	if doubtful.joined {
		return
	}
	for _, sound := range sure.broad {
		for _, onset := range onsets(doubtful) {
			c.add(formOnset + sound + " " + onset)
		}
	}
}

// eachPair calls visit with every two parts of the name that may be what two names
// have in common.
func (n name) eachPair(visit func(a, b part)) {
	for _, r := range n.readings {
		telling := slices.ContainsFunc(r.parts, func(index int) bool { return n.parts[index].weight == distinctive })
		for i, first := range r.parts {
			for _, second := range r.parts[i+1:] {
				// Words that stand apart have been visited in the first reading.
				if r.joined >= 0 && first != r.joined && second != r.joined {
					continue
				}
				if a, b := n.parts[first], n.parts[second]; tell(a, b, telling) {
					visit(a, b)
				}
			}
		}
	}
}

// tell reports whether two names may be found by these parts. Where a name has a
// part of its own, two that so many share are not enough: Compare wants the own
// one too.
func tell(a, b part, telling bool) bool {
	if !a.weight.shows() || !b.weight.shows() {
		return false
	}
	return !telling || a.weight == distinctive || b.weight == distinctive
}
