package calendar

import (
	"slices"
	"time"
)

// proclaimed are the years in which a proclamation moved a bank holiday of
// England and Wales or added one (Banking and Financial Dealings Act 1971 s.1).
// A new proclamation is a new entry here.
var proclaimed = map[int]struct {
	earlyMay Date   // where the early May holiday was moved to; zero: not moved
	spring   Date   // where the spring holiday was moved to; zero: not moved
	added    []Date // further holidays
}{
	2011: {added: []Date{NewDate(2011, time.April, 29)}},                                                                       // royal wedding
	2012: {spring: NewDate(2012, time.June, 4), added: []Date{NewDate(2012, time.June, 5)}},                                    // Diamond Jubilee
	2020: {earlyMay: NewDate(2020, time.May, 8)},                                                                               // 75 years since VE day
	2022: {spring: NewDate(2022, time.June, 2), added: []Date{NewDate(2022, time.June, 3), NewDate(2022, time.September, 19)}}, // Platinum Jubilee, State Funeral
	2023: {added: []Date{NewDate(2023, time.May, 8)}},                                                                          // Coronation
}

// BankHolidays returns the bank and public holidays of England and Wales in the
// year, in order, with the substitute days of those that fall at a weekend. It
// is exact from 2003 on, as far as proclamations are known.
func BankHolidays(year int) []Date {
	declared := proclaimed[year]
	easter := easterSunday(year)

	newYear := NewDate(year, time.January, 1)
	goodFriday, easterMonday := easter-2, easter+1
	earlyMay := firstMonday(NewDate(year, time.May, 1))
	spring := firstMonday(NewDate(year, time.May, 25))
	summer := firstMonday(NewDate(year, time.August, 25))
	christmas, boxingDay := NewDate(year, time.December, 25), NewDate(year, time.December, 26)

	if !declared.earlyMay.IsZero() {
		earlyMay = declared.earlyMay
	}
	if !declared.spring.IsZero() {
		spring = declared.spring
	}
	holidays := append([]Date{
		substitute(newYear, 1), goodFriday, easterMonday, earlyMay, spring, summer,
		substitute(christmas, 2), substitute(boxingDay, 2),
	}, declared.added...)
	slices.Sort(holidays)
	return holidays
}

// IsBankHoliday reports whether the day is a bank holiday of England and Wales.
func IsBankHoliday(d Date) bool {
	return !d.IsZero() && slices.Contains(BankHolidays(d.Year()), d)
}

// substitute moves a holiday off the weekend: past both days of it, by one day
// for each holiday of its group. New Year's Day on a Saturday or Sunday goes to
// Monday. Of Christmas and Boxing Day, a Saturday goes to Monday and a Sunday to
// Tuesday, so the two never meet.
func substitute(holiday Date, group int) Date {
	switch holiday.Weekday() {
	case time.Saturday:
		return holiday + 2
	case time.Sunday:
		return holiday + Date(group) //nolint:gosec // one or two days
	default:
		return holiday
	}
}

// firstMonday returns the first Monday on or after the day.
func firstMonday(from Date) Date {
	for from.Weekday() != time.Monday {
		from++
	}
	return from
}

// easterSunday is the Gregorian computus in the form published anonymously in
// Nature, 1876: the Sunday after the first ecclesiastical full moon of spring.
func easterSunday(year int) Date {
	golden := year % 19
	century, inCentury := year/100, year%100
	moonCorrection := (century - (century+8)/25 + 1) / 3
	epact := (19*golden + century - century/4 - moonCorrection + 15) % 30
	weekday := (32 + 2*(century%4) + 2*(inCentury/4) - epact - inCentury%4) % 7
	exception := (golden + 11*epact + 22*weekday) / 451
	dayOfMarch := epact + weekday - 7*exception + 22
	return NewDate(year, time.March, dayOfMarch)
}
