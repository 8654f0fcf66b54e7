// Package risk is the assessment of risk and the plan that answers it: tools,
// their items, answers, levels, the practitioner's judgement.
//
// Items are known by a code and a topic in our own words. The wording of the
// published tools is licensed; a deployer who holds the licence loads it.
package risk

import "slices"

// Level is a grade of risk as police and MARAC use it. An empty level is one
// that nobody has decided yet.
type Level string

// The levels, lowest first.
const (
	Standard Level = "STANDARD"
	Medium   Level = "MEDIUM"
	High     Level = "HIGH"
)

// Levels lists every level, lowest first.
func Levels() []Level { return []Level{Standard, Medium, High} }

// Valid reports whether the level is one of Levels.
func (l Level) Valid() bool { return slices.Contains(Levels(), l) }

// Below reports whether l is a lower grade than other; no grade is below every
// grade.
func (l Level) Below(other Level) bool {
	return slices.Index(Levels(), l) < slices.Index(Levels(), other)
}

// RoshLevel is probation's risk of serious harm. It is another scale than Level
// and is never mapped to it silently.
type RoshLevel string

// The levels of risk of serious harm, lowest first.
const (
	RoshLow      RoshLevel = "LOW"
	RoshMedium   RoshLevel = "MEDIUM"
	RoshHigh     RoshLevel = "HIGH"
	RoshVeryHigh RoshLevel = "VERY_HIGH"
)

// RoshLevels lists every level of risk of serious harm, lowest first.
func RoshLevels() []RoshLevel { return []RoshLevel{RoshLow, RoshMedium, RoshHigh, RoshVeryHigh} }

// Valid reports whether the level is one of RoshLevels.
func (l RoshLevel) Valid() bool { return slices.Contains(RoshLevels(), l) }

// ConcernLevel is what the stalking screen SASH puts out: how much concern, not
// how much risk.
type ConcernLevel string

// The levels of concern, lowest first.
const (
	ConcernLow      ConcernLevel = "LOW"
	ConcernModerate ConcernLevel = "MODERATE"
	ConcernHigh     ConcernLevel = "HIGH"
)

// ConcernLevels lists every level of concern, lowest first.
func ConcernLevels() []ConcernLevel {
	return []ConcernLevel{ConcernLow, ConcernModerate, ConcernHigh}
}

// Valid reports whether the level is one of ConcernLevels.
func (l ConcernLevel) Valid() bool { return slices.Contains(ConcernLevels(), l) }
