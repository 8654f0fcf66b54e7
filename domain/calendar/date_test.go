package calendar_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"accord/domain/calendar"
	"accord/domain/fault"
)

func day(t *testing.T, text string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return d
}

// anyDay draws a day on which London keeps the clock it keeps today.
func anyDay() *rapid.Generator[calendar.Date] {
	return rapid.Map(rapid.IntRange(0, 73000), func(n int) calendar.Date {
		return calendar.NewDate(1900, time.January, 1).AddDays(n)
	})
}

func TestADayIsReadAsItIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDay().Draw(t, "day")
		read, err := calendar.ParseDate(d.String())
		if err != nil || read != d {
			t.Fatalf("%v was read as %v, %v", d, read, err)
		}
	})
}

func TestADayCountsFromTheFirstOfYearOne(t *testing.T) {
	for text, want := range map[string]calendar.Date{
		"0001-01-02": 1, "1970-01-01": 719162, "2026-03-31": 739705,
	} {
		if got := day(t, text); got != want {
			t.Errorf("%s is day %d, want %d", text, got, want)
		}
	}
}

func TestOnlyARealDayIsRead(t *testing.T) {
	for _, text := range []string{
		"", "2026-02-30", "2025-02-29", "2026-13-01", "26-04-01", "2026-3-1", "2026-03-31 ",
		"2026-03-31T00:00:00Z", "0001-01-01", "0000-12-31", "31/03/2026", "02026-03-31",
	} {
		d, err := calendar.ParseDate(text)
		if !fault.Is(err, fault.BadInput) || !d.IsZero() {
			t.Errorf("%q was read as %v, %v", text, d, err)
		}
		if err != nil && text != "" && strings.Contains(fault.Of(err).Message, text) {
			t.Errorf("the refusal of %q repeats it", text)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{"2026-03-31", "2024-02-29", "0001-01-01", "9999-12-31", "", "2026-2-3", "-001-01-01"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := calendar.ParseDate(text)
		if err != nil {
			if !d.IsZero() || !fault.Is(err, fault.BadInput) {
				t.Fatalf("refused with %v, %v", d, err)
			}
			return
		}
		if d.IsZero() || d.String() != text {
			t.Fatalf("%q was read as %v", text, d)
		}
	})
}

func TestDaysAddUpAndTakeAway(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, n := anyDay().Draw(t, "day"), rapid.IntRange(-20000, 20000).Draw(t, "n")
		if back := d.AddDays(n).AddDays(-n); back != d {
			t.Fatalf("%v there and back is %v", d, back)
		}
		if next := d.AddDays(1); next.Weekday() != (d.Weekday()+1)%7 {
			t.Fatalf("after %v comes %v", d.Weekday(), next.Weekday())
		}
	})
}

func TestTheWeekdayIsThatOfTheCalendar(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDay().Draw(t, "day")
		if want := d.Start().Weekday(); d.Weekday() != want {
			t.Fatalf("%v is a %v, want %v", d, d.Weekday(), want)
		}
	})
}

func TestADayBeginsAndEndsAtMidnightInLondon(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDay().Draw(t, "day")
		if got := calendar.DateIn(d.Start()); got != d {
			t.Fatalf("at its start %v is %v", d, got)
		}
		if got := calendar.DateIn(d.Start().Add(-time.Nanosecond)); got != d.AddDays(-1) {
			t.Fatalf("just before %v it is %v", d, got)
		}
	})
}

func TestClockChangesMakeLongAndShortDays(t *testing.T) {
	for text, hours := range map[string]float64{
		"2026-03-29": 23, // clocks go forward
		"2026-10-25": 25, // clocks go back
		"2026-07-01": 24,
	} {
		d := day(t, text)
		if got := d.AddDays(1).Start().Sub(d.Start()).Hours(); got != hours {
			t.Errorf("%s has %v hours, want %v", text, got, hours)
		}
	}
}

func TestInSummerLateEveningUTCIsTomorrowInLondon(t *testing.T) {
	for instant, want := range map[string]string{
		"2026-07-01T23:30:00Z":      "2026-07-02",
		"2026-01-01T23:30:00Z":      "2026-01-01",
		"2026-07-01T22:59:59Z":      "2026-07-01",
		"2026-07-01T18:30:00-05:00": "2026-07-02",
	} {
		at, err := time.Parse(time.RFC3339, instant)
		if err != nil {
			t.Fatal(err)
		}
		if got := calendar.DateIn(at).String(); got != want {
			t.Errorf("%s is %s in London, want %s", instant, got, want)
		}
	}
}

func TestMonthsEndOnTheCorrespondingDay(t *testing.T) {
	for _, c := range []struct {
		from   string
		months int
		want   string
	}{
		{"2025-03-31", 12, "2026-03-31"},
		{"2024-02-29", 12, "2025-02-28"},
		{"2024-02-29", 48, "2028-02-29"},
		{"2025-02-28", 12, "2026-02-28"},
		{"2026-01-31", 1, "2026-02-28"},
		{"2026-12-15", 1, "2027-01-15"},
		{"2026-01-15", -12, "2025-01-15"},
		{"2026-03-31", -1, "2026-02-28"},
	} {
		if got := day(t, c.from).AddMonths(c.months).String(); got != c.want {
			t.Errorf("%d months from %s is %s, want %s", c.months, c.from, got, c.want)
		}
	}
}

func TestAnAgeIsReachedOnTheBirthday(t *testing.T) {
	for _, c := range []struct {
		born, on string
		want     int
	}{
		{"2008-06-15", "2026-06-14", 17},
		{"2008-06-15", "2026-06-15", 18},
		{"2008-02-29", "2026-02-28", 17},
		{"2008-02-29", "2026-03-01", 18},
		{"2008-02-29", "2028-02-29", 20},
		{"2026-06-15", "2026-06-15", 0},
		{"2026-06-16", "2026-06-15", -1},
	} {
		if got := day(t, c.born).Age(day(t, c.on)); got != c.want {
			t.Errorf("born %s, on %s: %d, want %d", c.born, c.on, got, c.want)
		}
	}
	if got := calendar.Date(0).Age(day(t, "2026-01-01")); got != -1 {
		t.Errorf("the age of somebody born on an unknown day is %d", got)
	}
}

func TestAnUnknownDayStaysUnknown(t *testing.T) {
	var unknown calendar.Date
	if unknown.AddDays(3) != 0 || unknown.AddMonths(12) != 0 || calendar.AddWorkingDays(unknown, 5) != 0 {
		t.Error("arithmetic made a day of the unknown day")
	}
	if unknown.String() != "" || unknown.Year() != 0 || !unknown.Start().IsZero() || !calendar.DateIn(time.Time{}).IsZero() {
		t.Error("the unknown day says something")
	}
}

func TestTheScalarIsReadAsItIsWrittenAndNullWhenUnknown(t *testing.T) {
	var written strings.Builder
	day(t, "2026-03-31").MarshalGQL(&written)
	if written.String() != `"2026-03-31"` {
		t.Errorf("written as %s", written.String())
	}
	written.Reset()
	calendar.Date(0).MarshalGQL(&written)
	if written.String() != "null" {
		t.Errorf("the unknown day is written as %s", written.String())
	}
	var read calendar.Date
	if err := read.UnmarshalGQL("2026-03-31"); err != nil || read != day(t, "2026-03-31") {
		t.Errorf("read as %v, %v", read, err)
	}
	for _, value := range []any{nil, 20260331, "", "yesterday", true} {
		kept := read
		if err := kept.UnmarshalGQL(value); !fault.Is(err, fault.BadInput) || kept != read {
			t.Errorf("%v was read as %v, %v", value, kept, err)
		}
	}
}
