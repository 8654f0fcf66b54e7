package calendar

import "time"

// Working days are the days of England and Wales that are neither at a weekend
// nor a bank holiday (R16).

// IsWorkingDay reports whether services are at their desks on the day.
func IsWorkingDay(d Date) bool {
	weekday := d.Weekday()
	return weekday != time.Saturday && weekday != time.Sunday && !IsBankHoliday(d)
}

// AddWorkingDays returns the nth working day after d, or before d when n is
// negative; d itself is never counted. With n = 0 it returns d when that is a
// working day, else the next one: a duty that falls on a closed day is met when
// services open again. A day that is not known stays so.
func AddWorkingDays(d Date, n int) Date {
	if d.IsZero() {
		return 0
	}
	if n == 0 {
		for !IsWorkingDay(d) {
			d++
		}
		return d
	}
	step := Date(1)
	if n < 0 {
		step, n = -1, -n
	}
	for n > 0 {
		d += step
		if IsWorkingDay(d) {
			n--
		}
	}
	return d
}

// WorkingDaysBetween returns how many working days lie after from, up to and
// with to; it is negative when to is the earlier day. So a list issued on the
// day AddWorkingDays(meeting, -8) is issued 8 working days before the meeting.
// It is zero when either day is not known.
func WorkingDaysBetween(from, to Date) int {
	if from.IsZero() || to.IsZero() {
		return 0
	}
	count := 0
	for d := from + 1; d <= to; d++ {
		if IsWorkingDay(d) {
			count++
		}
	}
	for d := from - 1; d >= to; d-- {
		if IsWorkingDay(d) {
			count--
		}
	}
	return count
}
