package likeness

import (
	"slices"
	"strings"
	"testing"
	"time"

	"accord/domain/calendar"
)

// What a person is found under is stored, blind, with the record. A form that
// changes, because of the library or of us, loses everybody stored under the old
// one: then every record needs its forms anew.
func TestFormsAreThoseStoredRecordsAreFoundUnder(t *testing.T) {
	t.Parallel()
	p := Particulars{
		Names: []string{"Siobhán Kaur McTavish", "王小明"}, DateOfBirth: calendar.NewDate(1987, time.March, 4),
		Phones: []string{"+44 7700 900123"}, Handles: []string{"@S.McTavish"},
	}
	want := []string{
		"born:1987-03-04", "handle:s.mctavish",
		"onset:=小 =明", "onset:=小 =王", "onset:=小明 =王", "onset:=明 =小", "onset:=明 =王", "onset:=王 =小", "onset:=王 =明", "onset:=王小 =明",
		"onset:KR M", "onset:KR X", "onset:KRMKTFX X", "onset:MKTFX K", "onset:MKTFX X",
		"onset:XFN K", "onset:XFN M", "onset:XFNKR M", "onset:XPN K", "onset:XPN M", "onset:XPNKR M",
		"phone:700900123",
		"sound:=小 =明", "sound:=小 =王", "sound:=小明 =王", "sound:=明 =王", "sound:=明 =王小",
		"sound:KR MKTFX", "sound:KR XFN", "sound:KR XPN", "sound:KRMKTFX XFN", "sound:KRMKTFX XPN",
		"sound:MKTFX XFN", "sound:MKTFX XFNKR", "sound:MKTFX XPN", "sound:MKTFX XPNKR",
	}
	got := Forms(p)
	if !slices.Equal(got, want) {
		t.Errorf("Forms = %q, want %q", got, want)
	}
}

func TestNoFormIsSharedByHalfATown(t *testing.T) {
	t.Parallel()
	for written, tooCommon := range map[string]string{
		"Mohammed Tariq Khan": "sound:KN MHMT",
		"Nguyen Thi Huong":    "sound:NKN T",
		"Gurpreet Kaur":       "sound:KR",
	} {
		if slices.Contains(Forms(named(written)), tooCommon) {
			t.Errorf("%s is found under %q", written, tooCommon)
		}
	}
	if forms := Forms(named("Mohammed Khan")); !slices.Contains(forms, "sound:KN MHMT") {
		t.Errorf("a name of two such parts is found under %q only", forms)
	}
	for _, family := range []string{"Quibell", "W Quibell", "Mrs Quibell", "de la Cruz", "Dela Cruz", "von der Tann"} {
		if forms := Forms(named(family)); len(forms) > 0 {
			t.Errorf("%s is found under %q", family, forms)
		}
	}
}

// A search that leaves out spellings of one sound would miss people; slips of
// the pen are what may fall behind the bound.
func TestEverySoundOfANameFitsIntoASearch(t *testing.T) {
	t.Parallel()
	for _, p := range slices.Concat(namePairs, heldOutPairs) {
		for _, written := range []string{p.a, p.b} {
			asked := Asked(named(written))
			for _, form := range Forms(named(written)) {
				if strings.HasPrefix(form, formSound) && !slices.Contains(asked, form) {
					t.Errorf("%s is not asked for under %q", written, form)
				}
			}
		}
	}
}

func TestWhatIsSharedByFewestIsAskedFirst(t *testing.T) {
	t.Parallel()
	asked := Asked(Particulars{
		Names: []string{"Walter Quibell", "Wally Quibell"}, DateOfBirth: calendar.NewDate(1987, time.March, 4),
		Phones: []string{"07700 900123"}, Handles: []string{"w.quibell"},
	})
	rank := map[string]int{formPhone: 0, formHandle: 1, formBorn: 2, formSound: 3, formOnset: 4}
	last := 0
	for _, form := range asked {
		kind := form[:strings.Index(form, ":")+1]
		if rank[kind] < last {
			t.Errorf("%q comes too late in %q", form, asked)
		}
		last = rank[kind]
	}
	if last != rank[formOnset] {
		t.Errorf("no slip of the pen is looked for: %q", asked)
	}
}

func TestBoundsHoldForTheLongestNames(t *testing.T) {
	t.Parallel()
	long := "Wojciechowska Xochitl Ciaran Zwierzchowski Siobhan Maxamuud Cabdi Wacław"
	p := named(slices.Repeat([]string{long}, maxNamesKnown)...)
	for i := range p.Names {
		p.Names[i] += strings.Repeat("w", i%3) // not all the same
	}
	if forms := Forms(p); len(forms) != MaxForms {
		t.Errorf("%d forms, want the bound %d", len(forms), MaxForms)
	}
	if asked := Asked(p); len(asked) != MaxAsked {
		t.Errorf("%d forms asked, want the bound %d", len(asked), MaxAsked)
	}
}
