// Package mappa knows the offenders who are managed under multi-agency public
// protection arrangements (MAPPA Guidance; Criminal Justice Act 2003 s.325).
package mappa

import (
	"slices"

	"accord/domain/calendar"
	"accord/domain/fault"
)

// Category is why an offender is managed.
type Category string

// The categories.
const (
	Undetermined Category = "UNDETERMINED"
	Category1    Category = "CAT_1" // registered sexual offenders
	Category2    Category = "CAT_2" // violent and other sexual offenders
	Category3    Category = "CAT_3" // other dangerous offenders
	Category4    Category = "CAT_4" // terrorism; not recorded in Accord
)

// Categories lists the categories that Accord records. Category 4 is handled
// elsewhere (domain: not for SECRET, CHIS, Cat 4).
func Categories() []Category { return []Category{Undetermined, Category1, Category2, Category3} }

// Level is how closely an offender is managed.
type Level string

// The levels.
const (
	Level1 Level = "L1" // by the lead agency
	Level2 Level = "L2" // by meetings of several agencies
	Level3 Level = "L3" // by meetings with senior officers
)

// Levels lists every level.
func Levels() []Level { return []Level{Level1, Level2, Level3} }

// Nominal is an offender managed under MAPPA, as the perpetrator of a case.
type Nominal struct {
	ID       string
	Case     string
	Party    string // the perpetrator
	Category Category
	Level    Level
	From     calendar.Date
	Until    calendar.Date // zero: managed still
}

// Check refuses a nominal that says nothing or belongs elsewhere.
func (n Nominal) Check(today calendar.Date) error {
	switch {
	case n.Category == Category4:
		return fault.Rule("MAPPA_CATEGORY_4", "domain: government classification",
			"A category 4 offender is not recorded in Accord. Use the arrangements for terrorism.")
	case !slices.Contains(Categories(), n.Category):
		return fault.Input("input.category", "oneOf", "Say which category the offender is managed in.")
	case !slices.Contains(Levels(), n.Level):
		return fault.Input("input.level", "oneOf", "Say at which level the offender is managed.")
	case n.From.IsZero() || n.From > today:
		return fault.Input("input.from", "notInFuture", "Say since when, today or earlier.")
	case !n.Until.IsZero() && n.Until < n.From:
		return fault.Input("input.until", "order", "Management ends on the day it began or later.")
	}
	return nil
}

// ManagedOn reports whether the offender is managed on the day.
func (n Nominal) ManagedOn(day calendar.Date) bool {
	return n.From <= day && (n.Until.IsZero() || day <= n.Until)
}
