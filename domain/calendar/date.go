// Package calendar knows days, not instants: dates as they are written on a
// form, and working days as England and Wales count them, both in the time zone
// Europe/London.
package calendar

import (
	"io"
	"time"
	_ "time/tzdata" // London's clock must be there on machines without zone files

	"accord/domain/fault"
)

// Date is a day of the Gregorian calendar: the number of days since 1 January
// of year 1. Zero means that the day is not known, so 1 January of year 1 itself
// cannot be said.
type Date int32

// unixEpoch is 1 January 1970 as a Date.
const unixEpoch = 719162

const (
	secondsPerDay = 24 * 60 * 60
	daysPerWeek   = 7
)

var london = mustLoadLondon()

func mustLoadLondon() *time.Location {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		panic("calendar: the embedded time zone data lacks Europe/London: " + err.Error())
	}
	return zone
}

// London returns the time zone that every date and deadline is counted in.
func London() *time.Location { return london }

// NewDate returns the day. A month or day outside its range is carried over, as
// time.Date does: 31 April is 1 May.
func NewDate(year int, month time.Month, day int) Date {
	return fromSeconds(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix())
}

// DateIn returns the day that it is in London at the instant t; the zero time
// is the unknown day.
func DateIn(t time.Time) Date {
	if t.IsZero() {
		return 0
	}
	return NewDate(t.In(london).Date())
}

// ParseDate reads a day written as 2006-01-02, with exactly four digits of the
// year. A day that does not exist is refused, never carried over. The error is
// a fault of code BAD_USER_INPUT with the constraint "date" and no path.
func ParseDate(text string) (Date, error) {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, notADate()
	}
	date := fromSeconds(day.Unix())
	if date <= 0 {
		return 0, notADate()
	}
	return date, nil
}

func notADate() error {
	return fault.Input("", "date", "Write the day as year, month and day, such as 2026-03-31.")
}

func fromSeconds(unix int64) Date {
	//nolint:gosec // years of four digits stay far inside 32 bits
	return Date((unix + unixEpoch*secondsPerDay) / secondsPerDay)
}

// IsZero reports whether the day is not known.
func (d Date) IsZero() bool { return d == 0 }

// Year returns the year, or zero when the day is not known.
func (d Date) Year() int {
	if d.IsZero() {
		return 0
	}
	return d.midnightUTC().Year()
}

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday {
	return time.Weekday((int(d) + int(time.Monday)) % daysPerWeek)
}

// AddDays returns the day n days later, or earlier when n is negative. A day
// that is not known stays so.
func (d Date) AddDays(n int) Date {
	if d.IsZero() {
		return 0
	}
	return d + Date(n) //nolint:gosec // deadlines are counted in days, not in millions of years
}

// AddMonths returns the corresponding day n months later, or earlier when n is
// negative. Where the month has no such day it is the month's last: a year after
// 29 February 2024 is 28 February 2025. That is how the law counts months
// (Dodds v Walker [1981] 1 WLR 1027). A day that is not known stays so.
func (d Date) AddMonths(n int) Date {
	if d.IsZero() {
		return 0
	}
	year, month, day := d.midnightUTC().Date()
	lastDay := NewDate(year, month+time.Month(n)+1, 0)
	corresponding := NewDate(year, month+time.Month(n), day)
	return min(corresponding, lastDay)
}

// Start returns the instant at which the day begins in London, or the zero time
// when the day is not known.
func (d Date) Start() time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	year, month, day := d.midnightUTC().Date()
	return time.Date(year, month, day, 0, 0, 0, 0, london)
}

// Age returns the age in whole years, on the given day, of a person born on d.
// An age is reached at the start of the birthday (Family Law Reform Act 1969
// s.9); who is born on 29 February reaches it on 1 March of a common year. It is
// -1 when either day is not known or the person is not yet born.
func (d Date) Age(on Date) int {
	if d.IsZero() || on.IsZero() || on < d {
		return -1
	}
	born, then := d.midnightUTC(), on.midnightUTC()
	age := then.Year() - born.Year()
	if on < NewDate(then.Year(), born.Month(), born.Day()) {
		age--
	}
	return age
}

// String writes the day as 2006-01-02, or nothing when it is not known.
func (d Date) String() string { return string(d.Append(nil)) }

// Append appends the day as 2006-01-02 to text, or nothing when it is not known.
func (d Date) Append(text []byte) []byte {
	if d.IsZero() {
		return text
	}
	return d.midnightUTC().AppendFormat(text, time.DateOnly)
}

// MarshalGQL writes the scalar Date: a string, or null when the day is not known.
func (d Date) MarshalGQL(w io.Writer) {
	if d.IsZero() {
		_, _ = io.WriteString(w, "null")
		return
	}
	text := make([]byte, 0, len(`"2006-01-02"`))
	text = append(text, '"')
	text = d.Append(text)
	text = append(text, '"')
	_, _ = w.Write(text)
}

// UnmarshalGQL reads the scalar Date from a string; its error is ParseDate's.
func (d *Date) UnmarshalGQL(value any) error {
	text, ok := value.(string)
	if !ok {
		return notADate()
	}
	parsed, err := ParseDate(text)
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

func (d Date) midnightUTC() time.Time {
	return time.Unix((int64(d)-unixEpoch)*secondsPerDay, 0).UTC()
}
