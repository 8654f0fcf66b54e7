package likeness

import (
	"slices"
	"testing"
	"time"

	"accord/domain/calendar"
)

func named(names ...string) Particulars { return Particulars{Names: names} }

func TestNamesOfOnePersonAreAlikeAndThoseOfTwoAreNot(t *testing.T) {
	t.Parallel()
	for _, p := range slices.Concat(namePairs, heldOutPairs) {
		t.Run(p.tradition+"/"+p.a+"~"+p.b, func(t *testing.T) {
			t.Parallel()
			want := p.same == (p.short == "")
			if got := Compare(named(p.a), named(p.b)); (got != Unlike) != want {
				t.Errorf("Compare(%q, %q) = %v, want alike: %v", p.a, p.b, got, want)
			}
		})
	}
}

// Precision is what part of the pairs held alike are; recall what part of those
// that are has been held so. A search that misses leaves a victim unprotected,
// one that brings up the wrong person discloses.
func TestThresholdsHoldPrecisionAndRecall(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		pairs             []namePair
		precision, recall float64
		traditions        int
	}{
		"names the thresholds were set with":     {namePairs, 0.98, 0.94, 17},
		"names written after they had been set":  {heldOutPairs, 0.88, 0.88, 17},
		"both, as the search may be expected to": {slices.Concat(namePairs, heldOutPairs), 0.95, 0.92, 23},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			precision, recall, traditions := measure(c.pairs)
			t.Logf("%d pairs of %d traditions: precision %.3f, recall %.3f", len(c.pairs), traditions, precision, recall)
			if precision < c.precision || recall < c.recall || traditions < c.traditions {
				t.Errorf("want at least precision %.2f and recall %.2f over %d traditions", c.precision, c.recall, c.traditions)
			}
		})
	}
}

func measure(pairs []namePair) (precision, recall float64, traditions int) {
	var hits, rightHits, same int
	seen := map[string]bool{}
	for _, p := range pairs {
		seen[p.tradition] = true
		alike := Compare(named(p.a), named(p.b)) != Unlike
		if p.same {
			same++
		}
		if alike {
			hits++
		}
		if alike && p.same {
			rightHits++
		}
	}
	return float64(rightHits) / float64(hits), float64(rightHits) / float64(same), len(seen)
}

// Each of these would be found only at the price of forms that many share.
func TestSomeSlipsOfThePenAreNotLookedFor(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ a, b string }{
		"in the first sound":     {"Jonathan Wellesley", "Jonathan Kellesley"},
		"in every part":          {"Katharina Thornbury", "Katharima Thornbuly"},
		"in words read as one":   {"Anna Belinda Croft", "Annabelinga Croft"},
		"in a short word":        {"Edgar Croft", "Edmar Croft"},
		"two in a middling word": {"Jonathan Wellesley", "Jonathan Wellasmey"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Compare(named(c.a), named(c.b)); got != Unlike {
				t.Errorf("Compare(%q, %q) = %v", c.a, c.b, got)
			}
		})
	}
}

// Nobody is alike to a stranger of another tradition; within one, the table says
// pair by pair who is.
func TestStrangersAreUnlike(t *testing.T) {
	t.Parallel()
	all := slices.Concat(namePairs, heldOutPairs)
	names := make([][]name, len(all))
	for i, p := range all {
		names[i] = read(named(p.a)).names
	}
	strangers := 0
	for i, p := range all {
		for j, q := range all[:i] {
			if p.tradition == q.tradition {
				continue
			}
			strangers++
			// Without a date of birth, a phone or a handle only a whole name is alike.
			if compareNames(names[i], names[j]) == wholly {
				t.Errorf("%q and %q share a name", p.a, q.a)
			}
		}
	}
	t.Logf("%d pairs of strangers", strangers)
}

func TestWhoIsAlikeIsFoundAndLooksTheSameFromBothSides(t *testing.T) {
	t.Parallel()
	for _, p := range slices.Concat(namePairs, heldOutPairs) {
		a, b := named(p.a), named(p.b)
		if one, other := Compare(a, b), Compare(b, a); one != other {
			t.Errorf("%q and %q are %v one way and %v the other", p.a, p.b, one, other)
		}
		if Compare(a, b) == Unlike {
			continue
		}
		if !shareOne(Asked(a), Forms(b)) || !shareOne(Asked(b), Forms(a)) {
			t.Errorf("%q and %q are alike and share no form", p.a, p.b)
		}
	}
}

func TestBirthdayPhoneAndHandleWeighWithTheName(t *testing.T) {
	t.Parallel()
	day := calendar.NewDate
	born := day(1987, time.March, 4)
	base := Particulars{
		Names: []string{"Harpreet Kaur Dhanjal"}, DateOfBirth: born,
		Phones: []string{"07700 900123"}, Handles: []string{"@Harpreet.D"},
	}
	for name, c := range map[string]struct {
		asked Particulars
		want  Likeness
	}{
		"name and birthday are never more than alike":    {Particulars{Names: base.Names, DateOfBirth: born}, Alike},
		"name and phone are likely":                      {Particulars{Names: base.Names, Phones: base.Phones}, Likely},
		"name and handle are likely":                     {Particulars{Names: base.Names, Handles: []string{"harpreet.d"}}, Likely},
		"birthday and phone are likely":                  {Particulars{DateOfBirth: born, Phones: base.Phones}, Likely},
		"phone alone":                                    {Particulars{Phones: []string{"+44 (0)7700 900 123"}}, Alike},
		"phone with another name":                        {Particulars{Names: []string{"Walter Quibell"}, Phones: base.Phones}, Alike},
		"phone and birthday with another name":           {Particulars{Names: []string{"Walter Quibell"}, DateOfBirth: born, Phones: base.Phones}, Alike},
		"phone and name with another birthday":           {Particulars{Names: base.Names, DateOfBirth: day(1960, time.June, 9), Phones: base.Phones}, Alike},
		"last digits with part of the name":              {Particulars{Names: []string{"Harpreet"}, Phones: []string{"+49 7700900123"}}, Alike},
		"last digits with another name":                  {Particulars{Names: []string{"Walter Quibell"}, Phones: []string{"+49 7700900123"}}, Unlike},
		"birthday alone":                                 {Particulars{DateOfBirth: born}, Unlike},
		"birthday with another name":                     {Particulars{Names: []string{"Walter Quibell"}, DateOfBirth: born}, Unlike},
		"birthday with part of the name":                 {Particulars{Names: []string{"Harpreet"}, DateOfBirth: born}, Alike},
		"birthday with a customary part":                 {Particulars{Names: []string{"Kaur"}, DateOfBirth: born}, Alike},
		"birthday with a customary part of another name": {Particulars{Names: []string{"Gurpreet Kaur"}, DateOfBirth: born}, Unlike},
		"birthday with a brother's name":                 {Particulars{Names: []string{"Gurpreet Dhanjal"}, DateOfBirth: born}, Alike},
		"part of the name with a birthday a slip away":   {Particulars{Names: []string{"Harpreet"}, DateOfBirth: day(1987, time.April, 3)}, Unlike},
		"name with another birthday":                     {Particulars{Names: base.Names, DateOfBirth: day(1960, time.June, 9)}, Unlike},
		"name with day and month the wrong way round":    {Particulars{Names: base.Names, DateOfBirth: day(1987, time.April, 3)}, Alike},
		"name with a year one digit off":                 {Particulars{Names: base.Names, DateOfBirth: day(1997, time.March, 4)}, Alike},
		"name with a year two digits off":                {Particulars{Names: base.Names, DateOfBirth: day(1996, time.March, 4)}, Unlike},
		"name with the first of January of that year":    {Particulars{Names: base.Names, DateOfBirth: day(1987, time.January, 1)}, Alike},
		"name with the first of January of another year": {Particulars{Names: base.Names, DateOfBirth: day(1988, time.January, 1)}, Unlike},
		"alias":                        {Particulars{Names: []string{"Walter Quibell", "Harpreet Dhanjal"}}, Alike},
		"nothing in common":            {Particulars{Names: []string{"Walter Quibell"}, DateOfBirth: day(1960, time.June, 9)}, Unlike},
		"nothing at all":               {Particulars{}, Unlike},
		"handle with its dot left out": {Particulars{Handles: []string{"harpreetd"}}, Unlike},
		"what cannot be read counts as nothing, not alike": {Particulars{Names: []string{"\xff"}, Phones: []string{"none"}, Handles: []string{"a b"}}, Unlike},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Compare(c.asked, base); got != c.want {
				t.Errorf("Compare = %v, want %v", got, c.want)
			}
			if back := Compare(base, c.asked); back != c.want {
				t.Errorf("the other way round Compare = %v, want %v", back, c.want)
			}
			if c.want != Unlike && !shareOne(Asked(c.asked), Forms(base)) {
				t.Errorf("not found: asked %v, known under %v", Asked(c.asked), Forms(base))
			}
		})
	}
}

// What agrees beside the name is what is known, and not what somebody adds to it.
func TestWhatIsAskedAndNotKnownDoesNotAgree(t *testing.T) {
	t.Parallel()
	day := calendar.NewDate
	born := day(1987, time.March, 4)
	name := []string{"Harpreet Kaur Dhanjal"}
	bare := Particulars{Names: name}
	known := Particulars{Names: name, DateOfBirth: born, Phones: []string{"07700 900123"}, Handles: []string{"@Harpreet.D"}}
	for title, c := range map[string]struct {
		asked, known Particulars
		want         Agreement
	}{
		"the name alone": {bare, known, Agreement{Alike, false}},
		"the name with a phone where none is known":            {Particulars{Names: name, Phones: known.Phones}, bare, Agreement{Alike, false}},
		"the name with a handle where none is known":           {Particulars{Names: name, Handles: known.Handles}, bare, Agreement{Alike, false}},
		"the name with a birthday where none is known":         {Particulars{Names: name, DateOfBirth: born}, bare, Agreement{Alike, false}},
		"the name with another phone":                          {Particulars{Names: name, Phones: []string{"07700 900777"}}, known, Agreement{Alike, false}},
		"the name with another handle":                         {Particulars{Names: name, Handles: []string{"invented"}}, known, Agreement{Alike, false}},
		"the name with another phone and another handle":       {Particulars{Names: name, Phones: []string{"07700 900777"}, Handles: []string{"invented"}}, known, Agreement{Alike, false}},
		"the name with another birthday":                       {Particulars{Names: name, DateOfBirth: day(1960, time.June, 9)}, known, Agreement{Unlike, false}},
		"the name with the phone":                              {Particulars{Names: name, Phones: known.Phones}, known, Agreement{Likely, true}},
		"the name with the last digits of the phone":           {Particulars{Names: name, Phones: []string{"+49 7700900123"}}, known, Agreement{Alike, true}},
		"the name with the handle":                             {Particulars{Names: name, Handles: known.Handles}, known, Agreement{Likely, true}},
		"the name with the birthday":                           {Particulars{Names: name, DateOfBirth: born}, known, Agreement{Alike, true}},
		"the name with a birthday a slip away":                 {Particulars{Names: name, DateOfBirth: day(1987, time.April, 3)}, known, Agreement{Alike, false}},
		"part of the name with the birthday":                   {Particulars{Names: []string{"Harpreet"}, DateOfBirth: born}, known, Agreement{Alike, true}},
		"the phone alone":                                      {Particulars{Phones: known.Phones}, known, Agreement{Alike, true}},
		"the handle with another name":                         {Particulars{Names: []string{"Walter Quibell"}, Handles: known.Handles}, known, Agreement{Alike, true}},
		"the birthday alone, which is not enough":              {Particulars{DateOfBirth: born}, known, Agreement{Unlike, false}},
		"the last digits with another name, which are neither": {Particulars{Names: []string{"Walter Quibell"}, Phones: []string{"+49 7700900123"}}, known, Agreement{Unlike, false}},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			if got := Seek(c.asked).Compare(c.known); got != c.want {
				t.Errorf("Compare = %+v, want %+v", got, c.want)
			}
			if back := Seek(c.known).Compare(c.asked); back != c.want {
				t.Errorf("the other way round Compare = %+v, want %+v", back, c.want)
			}
		})
	}
}

func TestTwoStandInBirthdaysDoNotMakePartOfANameAlike(t *testing.T) {
	t.Parallel()
	standIn := calendar.NewDate(1990, time.January, 1)
	a := Particulars{Names: []string{"Hodan Farah"}, DateOfBirth: standIn}
	b := Particulars{Names: []string{"Hodan Warsame"}, DateOfBirth: standIn}
	if got := Compare(a, b); got != Unlike {
		t.Errorf("Compare = %v, want unlike", got)
	}
	b.Names = []string{"Hodan Jama Farah"}
	if got := Compare(a, b); got != Alike {
		t.Errorf("with the whole name Compare = %v, want alike", got)
	}
	if slices.ContainsFunc(Forms(a), func(form string) bool { return form[:len(formBorn)] == formBorn }) {
		t.Error("a stand-in birthday is a form to be found under")
	}
}

func TestNoLikenessPromisesIdentity(t *testing.T) {
	t.Parallel()
	words := map[Likeness]string{Unlike: "unlike", Alike: "alike", Likely: "likely", Likely + 1: "unknown"}
	for likeness, want := range words {
		if likeness.String() != want {
			t.Errorf("Likeness %d says %q, want %q", likeness, likeness, want)
		}
	}
}
