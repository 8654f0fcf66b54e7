package casework_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"accord/domain/calendar"
	"accord/domain/casework"
)

func TestInitialsOfNamesOfManyTraditions(t *testing.T) {
	for name, want := range map[string]string{
		"Alder Example":              "A E",
		"Madonna":                    "M",
		"Anne-Marie O'Neill":         "A M O",
		"Siân D’Arcy–Pugh":           "S D P",
		"ng'ang'a wanjiru":           "N W",
		"Ludwig van der Fiction":     "L V D F",
		"María de la Cruz y Ejemplo": "M D L C Y E",
		"J.R.K. Example":             "J R K E",
		"  Two   Spaces\t":           "T S",
		"Elizabeth (Liz) Sample":     "E L S",
		"ʻAulani Kealoha":            "A K",
		"Émile Zed":                  "É Z",
		"E\u0301mile Zed":            "E Z",
		"אליעזר בן־דוד":              "א ב ד",
		"محمد عبد الله":              "م ع ا",
		"Владимир Ильин":             "В И",
		"कृष्णा शर्मा":               "क श",
		"王 小明":                       "王 小",
		"约翰・史密斯":                     "约 史",
		"Gal\u00b7la Puig":           "G P",
		"ijsbrand ßample":            "I ß",
		"ﬁona Ligature":              "O L",
		"\u200dJoined Name":          "J N",
		"Child 2":                    "C",
		"":                           "",
		"2 – ?":                      "",
		"\xff\xfe":                   "",
	} {
		if got := casework.Initials(name); got != want {
			t.Errorf("%q is masked as %q, want %q", name, got, want)
		}
	}
}

// checkInitials holds for every name: one letter for each part at most, in the
// order of the parts, and nothing that is not a letter.
func checkInitials(t interface{ Fatalf(string, ...any) }, name string) {
	masked := casework.Initials(name)
	if masked == "" {
		return
	}
	parts := strings.FieldsFunc(name, func(sign rune) bool {
		return unicode.IsSpace(sign) || !unicode.In(sign, unicode.L, unicode.M, unicode.N, unicode.Cf, unicode.P, unicode.S)
	})
	letters := 0
	for initial := range strings.SplitSeq(masked, " ") {
		sign, size := utf8.DecodeRuneInString(initial)
		if size != len(initial) || !unicode.IsLetter(sign) {
			t.Fatalf("%q is masked as %q, which shows more than letters", name, masked)
		}
		letters++
	}
	unbroken := true // no sign of the name but letters, so a part is a word
	for _, sign := range name {
		unbroken = unbroken && (unicode.IsLetter(sign) || unicode.IsSpace(sign))
	}
	if unbroken && letters > len(parts) {
		t.Fatalf("%q of %d parts is masked as %q", name, len(parts), masked)
	}
}

func TestInitialsShowOneLetterOfAPartAtMost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkInitials(t, rapid.String().Draw(t, "name"))
		checkInitials(t, rapid.StringMatching(`[\p{L}]{1,9}( [\p{L}'’]{1,9}){0,3}`).Draw(t, "words"))
	})
}

func TestInitialsSayNothingOfTheRestOfAPart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rest := rapid.StringMatching(`[a-zà-öø-ÿ']{0,12}`)
		first, second := "A"+rest.Draw(t, "first"), "B"+rest.Draw(t, "second")
		if got := casework.Initials(first + " " + second); got != "A B" {
			t.Fatalf("%s %s is masked as %q", first, second, got)
		}
	})
}

func FuzzInitials(f *testing.F) {
	for _, seed := range []string{"Anne-Marie O'Neill", "王 小明", "E\u0301mile", "ʻAulani", "", "\xff", "ﷲ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) { checkInitials(t, name) })
}

func TestAnAddressIsMaskedByItsOutwardPostcode(t *testing.T) {
	for postcode, want := range map[string]string{
		"M1 1AA": "M1", "m11aa": "M1", "B33 8TH": "B33", "CR2 6XH": "CR2", "DN55 1PT": "DN55",
		"W1A 0AX": "W1A", "EC1A 1BB": "EC1A", " ec1a  1bb ": "EC1A", "NM4": "NM4", "ZZ99": "ZZ99",
		"": "", "1 Example Street": "", "M1 1A": "", "M1 11A": "", "MMM1 1AA": "", "M 1AA": "",
		"M1 1AAA": "", "EC1AA 1BB": "", "1AA": "", "М1 1AA": "", "é1 1AA": "",
	} {
		contact := casework.SafeContact{Address: casework.Address{Postcode: postcode}}
		if got := casework.OutwardPostcode(contact); got != want {
			t.Errorf("%q is masked as %q, want %q", postcode, got, want)
		}
	}
}

func TestAConfidentialAddressIsMaskedLikeAnUnknownOne(t *testing.T) {
	address := casework.Address{Lines: []string{"1 Example Street"}, Postcode: "ZZ99 3WZ"}
	for name, contact := range map[string]casework.SafeContact{
		"confidential": {Address: address, Confidential: true},
		"refuge":       {Address: address, Refuge: true},
		"unknown":      {},
	} {
		if got := casework.OutwardPostcode(contact); got != "" {
			t.Errorf("%s: shows %q", name, got)
		}
	}
}

func TestADateOfBirthIsMaskedByItsYear(t *testing.T) {
	born := casework.Identity{DateOfBirth: calendar.NewDate(1991, 12, 31)}
	if got := casework.YearOfBirth(born); got != 1991 {
		t.Errorf("masked as %d", got)
	}
	if got := casework.YearOfBirth(casework.Identity{}); got != 0 {
		t.Errorf("an unknown date is masked as %d", got)
	}
}
