package likeness

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"accord/domain/calendar"
)

// Words of all traditions, thrown together as no tradition would: what holds for
// these holds for names.
func tableWords() []string {
	var words []string
	for _, p := range namePairs {
		words = append(words, strings.Fields(p.a)...)
		words = append(words, strings.Fields(p.b)...)
	}
	slices.Sort(words)
	return slices.Compact(words)
}

func drawName(t *rapid.T, words []string) string {
	parts := rapid.SliceOfN(rapid.SampledFrom(words), 1, 4).Draw(t, "words")
	return strings.Join(parts, " ")
}

func drawParticulars(t *rapid.T, words []string) Particulars {
	var p Particulars
	for range rapid.IntRange(0, 2).Draw(t, "names") {
		p.Names = append(p.Names, drawName(t, words))
	}
	if rapid.Bool().Draw(t, "born") {
		p.DateOfBirth = calendar.NewDate(rapid.IntRange(1986, 1988).Draw(t, "year"),
			time.Month(rapid.IntRange(1, 3).Draw(t, "month")), rapid.IntRange(1, 3).Draw(t, "day"))
	}
	phones := []string{"07700 900123", "+44 7700 900124", "+49 7700900123", "7700900125"}
	p.Phones = rapid.SliceOfN(rapid.SampledFrom(phones), 0, 2).Draw(t, "phones")
	p.Handles = rapid.SliceOfN(rapid.SampledFrom([]string{"@w.quibell", "W.Quibell", "wquibell"}), 0, 1).Draw(t, "handles")
	return p
}

// retold is somebody's particulars as another person might give them.
func retold(t *rapid.T, p Particulars, words []string) Particulars {
	told := Particulars{DateOfBirth: p.DateOfBirth, Phones: p.Phones, Handles: p.Handles}
	for _, written := range p.Names {
		parts := strings.Fields(written)
		switch rapid.SampledFrom([]string{"as is", "turned", "shorter", "joined", "slip", "another"}).Draw(t, "retold") {
		case "turned":
			slices.Reverse(parts)
		case "shorter":
			parts = parts[:max(1, len(parts)-1)]
		case "joined":
			parts = []string{strings.Join(parts, "")}
		case "slip":
			letters := []rune(parts[0])
			at := rapid.IntRange(0, len(letters)-1).Draw(t, "at")
			letters[at] = rapid.SampledFrom([]rune("aeiklmnrst")).Draw(t, "letter")
			parts[0] = string(letters)
		case "another":
			parts = append(parts, rapid.SampledFrom(words).Draw(t, "added"))
		}
		told.Names = append(told.Names, strings.Join(parts, " "))
	}
	if rapid.Bool().Draw(t, "without birthday") {
		told.DateOfBirth = 0
	}
	if rapid.Bool().Draw(t, "without contact") {
		told.Phones, told.Handles = nil, nil
	}
	return told
}

func TestWhoIsAlikeIsFoundWhoeverAsks(t *testing.T) {
	t.Parallel()
	words := tableWords()
	rapid.Check(t, func(t *rapid.T) {
		a := drawParticulars(t, words)
		b := retold(t, a, words)
		if rapid.Bool().Draw(t, "stranger") {
			b = drawParticulars(t, words)
		}
		one, other := Compare(a, b), Compare(b, a)
		if one != other {
			t.Fatalf("%v one way and %v the other: %+v, %+v", one, other, a, b)
		}
		asked := Asked(a)
		if one != Unlike && len(asked) < MaxAsked && !shareOne(asked, Forms(b)) {
			t.Fatalf("%v and not found: %+v asked as %v, %+v known as %v", one, a, asked, b, Forms(b))
		}
	})
}

func TestWhoMayBeAskedForIsLikeThemselves(t *testing.T) {
	t.Parallel()
	words := tableWords()
	rapid.Check(t, func(t *rapid.T) {
		p := drawParticulars(t, words)
		if Askable(p) != nil {
			return
		}
		if Compare(p, p) == Unlike {
			t.Fatalf("unlike themselves: %+v", p)
		}
		if !shareOne(Asked(p), Forms(p)) {
			t.Fatalf("not found: %+v", p)
		}
	})
}

func TestNameAndBirthdayAloneAreNeverLikely(t *testing.T) {
	t.Parallel()
	words := tableWords()
	rapid.Check(t, func(t *rapid.T) {
		p := drawParticulars(t, words)
		p.Phones, p.Handles = nil, nil
		if got := Compare(p, p); got == Likely {
			t.Fatalf("%+v is %v", p, got)
		}
	})
}

func TestABirthdayAloneFindsNobody(t *testing.T) {
	t.Parallel()
	words := tableWords()
	rapid.Check(t, func(t *rapid.T) {
		known := drawParticulars(t, words)
		asked := Particulars{DateOfBirth: known.DateOfBirth}
		if Askable(asked) == nil {
			t.Fatal("may be asked")
		}
		if got := Compare(asked, known); got != Unlike {
			t.Fatalf("%+v is %v", known, got)
		}
	})
}

func FuzzForms(f *testing.F) {
	f.Add("Siobhán O’Brien", "Shivaun OBrien", "07700 900123", "@s.obrien", int32(725000))
	f.Add("محمد الحسني", "王小明", "+48 601 234 567", "Łukasz", int32(1))
	f.Add("\u200d\u0301'''--", "\xff\x00", "٠٧٧٠٠", "@@", int32(-1))
	f.Add("wh w hw gh x c mc mac", "İI ıi ǅ ﬃ", "(0)(0)(0)", "..", int32(0))
	f.Fuzz(func(t *testing.T, first, second, phone, handle string, born int32) {
		p := Particulars{
			Names: []string{first, second}, DateOfBirth: calendar.Date(born),
			Phones: []string{phone}, Handles: []string{handle},
		}
		forms := Forms(p)
		if len(forms) > MaxForms || !slices.IsSorted(forms) || len(slices.Compact(slices.Clone(forms))) != len(forms) {
			t.Fatalf("forms are too many, not sorted or there twice: %v", forms)
		}
		asked := Asked(p)
		if len(asked) > MaxAsked {
			t.Fatalf("%d forms asked", len(asked))
		}
		for _, form := range asked {
			if !slices.Contains(forms, form) {
				t.Fatalf("asked for %q, under which nobody is known", form)
			}
		}
		q := Particulars{Names: []string{second}, DateOfBirth: calendar.Date(born)}
		if one, other := Compare(p, q), Compare(q, p); one != other {
			t.Fatalf("%v one way and %v the other", one, other)
		}
		if Askable(p) == nil && Compare(p, p) == Unlike {
			t.Fatalf("may be asked for and is unlike itself: %+v", p)
		}
	})
}
