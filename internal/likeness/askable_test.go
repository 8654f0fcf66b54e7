package likeness

import (
	"slices"
	"strings"
	"testing"
	"time"

	"accord/domain/calendar"
	"accord/domain/fault"
)

func TestWhatNarrowsASearchIsNeededToAsk(t *testing.T) {
	t.Parallel()
	born := calendar.NewDate(1987, time.March, 4)
	for name, p := range map[string]Particulars{
		"two parts":                      named("Walter Quibell"),
		"two parts of custom":            named("Mohammed Ali"),
		"family name first":              named("Nguyen Van Dung"),
		"a particle that is a name last": named("Minh Le"),
		"one part and a birthday":        {Names: []string{"Quibell"}, DateOfBirth: born},
		"an alias of two parts":          named("Wally", "Walter Quibell"),
		"a phone":                        {Phones: []string{"0044 7700 900123"}},
		"a handle":                       {Handles: []string{"@w.quibell"}},
		"another alphabet":               named("Олена Мороз"),
		"letters that join":              named("می\u200cخواهم رضایی"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := Askable(p); err != nil {
				t.Errorf("refused: %v", err)
			}
			if len(Asked(p)) == 0 {
				t.Error("may be asked, and there is nothing to look for")
			}
		})
	}
}

func TestWhatWouldTrawlOrIsMalformedIsRefused(t *testing.T) {
	t.Parallel()
	born := calendar.NewDate(1987, time.March, 4)
	standIn := calendar.NewDate(1987, time.January, 1)
	longName := "Walter " + strings.Repeat("q", maxNameLength)
	for name, c := range map[string]struct {
		asked      Particulars
		path       string
		constraint string
	}{
		"nothing":                           {Particulars{}, "input", "selective"},
		"a birthday alone":                  {Particulars{DateOfBirth: born}, "input", "selective"},
		"one part":                          {named("Quibell"), "input", "selective"},
		"one part twice as names":           {named("Quibell", "Walter"), "input", "selective"},
		"an initial and a part":             {named("W Quibell"), "input", "selective"},
		"a form of address and a part":      {named("Mrs Quibell"), "input", "selective"},
		"a family with its particle":        {named("van Gogh"), "input", "selective"},
		"a family with two particles":       {named("de la Cruz"), "input", "selective"},
		"two initials":                      {named("A B"), "input", "selective"},
		"an initial and a birthday":         {Particulars{Names: []string{"W"}, DateOfBirth: born}, "input", "selective"},
		"one part and a stand-in birthday":  {Particulars{Names: []string{"Quibell"}, DateOfBirth: standIn}, "input", "selective"},
		"a birthday before the telephone":   {Particulars{Names: []string{"Quibell"}, DateOfBirth: calendar.NewDate(1700, 1, 2)}, "input.dateOfBirth", "date"},
		"digits for a name":                 {named("Walter Quibell", "123"), "input.names", "name"},
		"an empty name":                     {named("Walter Quibell", " "), "input.names", "name"},
		"a name that is no text":            {named("Walter \xffQuibell"), "input.names", "name"},
		"a name with a control character":   {named("Walter\x00 Quibell"), "input.names", "name"},
		"a name that turns the line around": {named("Walter \u202eQuibell"), "input.names", "name"},
		"a name too long":                   {named(longName), "input.names", "maxLength"},
		"a name of too many words":          {named("a b c d e f g h i"), "input.names", "maxLength"},
		"too many names":                    {named(slices.Repeat([]string{"Walter Quibell"}, maxNamesAsked+1)...), "input.names", "maxItems"},
		"too many phones":                   {Particulars{Phones: slices.Repeat([]string{"07700900123"}, maxContactsAsked+1)}, "input.phones", "maxItems"},
		"too many handles":                  {Particulars{Handles: slices.Repeat([]string{"w.quibell"}, maxContactsAsked+1)}, "input.handles", "maxItems"},
		"a phone in words":                  {Particulars{Phones: []string{"ask Walter"}}, "input.phones", "phone"},
		"part of a phone":                   {Particulars{Phones: []string{"900123"}}, "input.phones", "phone"},
		"a stand-in phone":                  {Particulars{Phones: []string{"00000000000"}}, "input.phones", "phone"},
		"a handle of two words":             {Particulars{Handles: []string{"walter quibell"}}, "input.handles", "handle"},
		"a handle of one letter":            {Particulars{Handles: []string{"@w"}}, "input.handles", "handle"},
		"a handle of signs":                 {Particulars{Handles: []string{"@..."}}, "input.handles", "handle"},
		"a handle too long":                 {Particulars{Handles: []string{strings.Repeat("w", maxHandleLength+1)}}, "input.handles", "handle"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			refusal := fault.Of(Askable(c.asked))
			if refusal == nil {
				t.Fatal("may be asked")
			}
			if refusal.Code != fault.BadInput || refusal.Path != c.path || refusal.Constraint != c.constraint {
				t.Errorf("refused with %s at %q for %q, want %q for %q",
					refusal.Code, refusal.Path, refusal.Constraint, c.path, c.constraint)
			}
			if strings.Contains(refusal.Message, "Quibell") {
				t.Error("the refusal repeats the request")
			}
		})
	}
}

func TestOneNumberIsReadHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	for _, written := range []string{
		"07700 900123", "07700-900-123", "(07700) 900123", "+447700900123", "+44 (0)7700 900123", "0044 7700 900123",
		"+44 07700 900123", "447700900123", "7700900123", " +44 7700 900 123 ", "０７７００９００１２３", "07700.900.123",
	} {
		if digits, ok := readPhone(written); !ok || digits != "447700900123" {
			t.Errorf("readPhone(%q) = %q, %v", written, digits, ok)
		}
	}
	for written, want := range map[string]string{
		"+48 601 234 567": "48601234567", "0048601234567": "48601234567", "+353 1 496 0123": "35314960123",
		"+49 (0)30 901820": "4930901820",
		"020 7946 0123":    "442079460123", "016977 2123": "44169772123",
	} {
		if digits, ok := readPhone(written); !ok || digits != want {
			t.Errorf("readPhone(%q) = %q, %v, want %q", written, digits, ok, want)
		}
	}
	for _, written := range []string{"", "+", "12345", "07700 900123 x4", "07700+900123", "1234567890123456", "07777777777", "٠٧٧٠٠٩٠٠١٢٣"} {
		if digits, ok := readPhone(written); ok {
			t.Errorf("readPhone(%q) = %q, want none", written, digits)
		}
	}
}
