package calendar_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"accord/domain/calendar"
)

// The lists are those the government published for England and Wales, or, for
// years it has yet to publish, follow from the Act.
func TestBankHolidaysAreThoseOfTheGazette(t *testing.T) {
	for year, want := range map[int]string{
		2019: "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
		2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
		2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
		2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
		2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
		2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
		2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
		2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
		2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
		2028: "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
		2011: "01-03 04-22 04-25 04-29 05-02 05-30 08-29 12-26 12-27",
		2012: "01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26",
	} {
		var got []string
		for _, d := range calendar.BankHolidays(year) {
			got = append(got, strings.TrimPrefix(d.String(), fmt.Sprintf("%d-", year)))
		}
		if list := strings.Join(got, " "); list != want {
			t.Errorf("%d\n got %s\nwant %s", year, list, want)
		}
	}
}

func TestABankHolidayIsNeverAtAWeekendAndNeverTwice(t *testing.T) {
	for year := 2003; year <= 2200; year++ {
		seen := map[calendar.Date]bool{}
		for _, d := range calendar.BankHolidays(year) {
			if w := d.Weekday(); w == time.Saturday || w == time.Sunday || seen[d] || d.Year() != year {
				t.Errorf("%v, a %v, in %d", d, w, year)
			}
			seen[d] = true
		}
		if len(seen) < 8 {
			t.Errorf("%d has %d bank holidays", year, len(seen))
		}
	}
}

func TestWorkingDaysAreCountedOverWeekendsAndHolidays(t *testing.T) {
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-04-02", 1, "2026-04-07"},  // Thursday before Easter
		{"2026-04-07", -1, "2026-04-02"}, // and back
		{"2026-12-24", 3, "2026-12-31"},
		{"2026-11-23", 8, "2026-12-03"},
		{"2026-12-03", -8, "2026-11-23"},
		{"2026-11-21", 1, "2026-11-23"},  // from a Saturday
		{"2026-11-22", -1, "2026-11-20"}, // from a Sunday
		{"2026-11-20", 0, "2026-11-20"},
		{"2026-11-21", 0, "2026-11-23"}, // a closed day gives the next open one
		{"2026-12-25", 0, "2026-12-29"},
	} {
		if got := calendar.AddWorkingDays(day(t, c.from), c.n).String(); got != c.want {
			t.Errorf("%d working days from %s is %s, want %s", c.n, c.from, got, c.want)
		}
	}
}

func TestAddingAndCountingWorkingDaysAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, n := anyDay().Draw(t, "from"), rapid.IntRange(-40, 40).Draw(t, "n")
		to := calendar.AddWorkingDays(from, n)
		if !calendar.IsWorkingDay(to) {
			t.Fatalf("%d working days from %v is %v, a closed day", n, from, to)
		}
		if n != 0 && calendar.WorkingDaysBetween(from, to) != n {
			t.Fatalf("%v to %v counts %d, want %d", from, to, calendar.WorkingDaysBetween(from, to), n)
		}
		if calendar.IsWorkingDay(from) && calendar.AddWorkingDays(to, -n) != from {
			t.Fatalf("%v there and back is %v", from, calendar.AddWorkingDays(to, -n))
		}
	})
}

func TestNoWorkingDaysLieBeforeAnUnknownDay(t *testing.T) {
	if n := calendar.WorkingDaysBetween(0, day(t, "2026-11-23")); n != 0 {
		t.Errorf("%d working days", n)
	}
}
