package likeness

import (
	"time"

	"accord/domain/calendar"
)

// birthday says how two dates of birth stand to each other.
type birthday int

const (
	birthUnknown birthday = iota // one of them is not known
	birthDiffers
	birthNear // what a slip, or a stand-in, makes of one date
	birthEqual
)

// compareBirth compares two dates of birth. Near are days and months the wrong
// way round, a year with one digit wrong, and 1 January of the same year: that
// day is written for people whose birthday nobody recorded, so that two of them
// share it more often than by chance.
func compareBirth(a, b calendar.Date) birthday {
	switch {
	case a.IsZero() || b.IsZero():
		return birthUnknown
	case a == b && standsForUnknown(a):
		return birthNear
	case a == b:
		return birthEqual
	case standsForUnknown(a) || standsForUnknown(b):
		if a.Year() == b.Year() {
			return birthNear
		}
		return birthDiffers
	}
	yearA, monthA, dayA := split(a)
	yearB, monthB, dayB := split(b)
	swapped := yearA == yearB && dayA == int(monthB) && dayB == int(monthA)
	slip := monthA == monthB && dayA == dayB && oneDigitApart(yearA, yearB)
	if swapped || slip {
		return birthNear
	}
	return birthDiffers
}

// standsForUnknown reports whether a date of birth is the one written where only
// the year is known.
func standsForUnknown(date calendar.Date) bool {
	_, month, day := split(date)
	return month == time.January && day == 1
}

func split(date calendar.Date) (year int, month time.Month, day int) {
	return date.Start().In(calendar.London()).Date()
}

func oneDigitApart(a, b int) bool {
	const base = 10
	apart := 0
	for ; a > 0 || b > 0; a, b = a/base, b/base {
		if a%base != b%base {
			apart++
		}
	}
	return apart == 1
}
