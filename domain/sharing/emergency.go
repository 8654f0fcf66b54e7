package sharing

import (
	"strings"
	"time"
	"unicode"

	"accord/domain/calendar"
	"accord/domain/fault"
)

// EmergencyAccess is access taken by a practitioner to a case they do not reach,
// because life is at risk ("break-glass"). It ends by itself, everybody
// responsible is told at once, and it is reviewed. It never crosses an exclusion
// and never opens an advocate's notes (domain: break-glass).
type EmergencyAccess struct {
	ID     string
	Case   string
	Person string // practitioner id
	Agency string
	Reason string
	From   time.Time
	Until  time.Time

	ReviewedBy string
	ReviewedAt time.Time // zero: not reviewed
	Justified  bool
	Review     string // the reviewer's words
}

// LongestEmergency is the longest that any area may allow.
const LongestEmergency = 4 * time.Hour

const (
	reasonWords   = 4  // words a reason has at least, none of them counted twice
	reasonLetters = 20 // letters they have at least
	reasonLimit   = 4000
)

// CheckReason refuses a reason that says nothing: it is what the reviewer and the
// victim will ask for.
func CheckReason(path, reason string) error {
	letters, distinct := 0, map[rune]struct{}{}
	for _, sign := range reason {
		if unicode.IsLetter(sign) {
			letters++
			distinct[unicode.ToLower(sign)] = struct{}{}
		}
	}
	words := map[string]struct{}{}
	for word := range strings.FieldsSeq(strings.ToLower(reason)) {
		words[word] = struct{}{}
	}
	const fewestDistinct = 6
	switch {
	case len(reason) > reasonLimit:
		return fault.Input(path, "maxLength", "Say it in at most 4,000 characters.")
	case len(words) < reasonWords || letters < reasonLetters || len(distinct) < fewestDistinct:
		return fault.Rule("REASON_OF_SUBSTANCE", "Data Protection Act 2018 s.62; Caldicott principle 1",
			"Say in a sentence of your own words what has happened or what you found, and why it is needed.")
	}
	return nil
}

// Check refuses access for a reason that says nothing, and for longer than any area
// allows.
func (e EmergencyAccess) Check(lasting time.Duration) error {
	switch {
	case lasting <= 0:
		return fault.Input("input.minutes", "min", "Say for how many minutes you need access.")
	case lasting > LongestEmergency:
		return fault.Rule("EMERGENCY_LENGTH", "Accord, emergency access: at most four hours",
			"Ask for at most four hours. Take it again if the danger lasts.")
	}
	return CheckReason("input.reason", e.Reason)
}

// TakeEmergencyAccess grants it from now for as long as is asked, and no longer than
// the area allows. An area that allows none answers as if the case were not there:
// otherwise who asks would learn that it is, and nobody would be told of it.
func TakeEmergencyAccess(access EmergencyAccess, lasting, areaLimit time.Duration, now time.Time) (EmergencyAccess, error) {
	if err := access.Check(lasting); err != nil {
		return EmergencyAccess{}, err
	}
	if areaLimit <= 0 {
		return EmergencyAccess{}, fault.Missing()
	}
	access.From, access.Until = now, now.Add(min(lasting, areaLimit))
	return access, nil
}

// Live reports whether the access is under way.
func (e EmergencyAccess) Live(now time.Time) bool { return !now.Before(e.From) && now.Before(e.Until) }

// ReviewDueOn is the working day by whose end it is to be reviewed.
func (e EmergencyAccess) ReviewDueOn() calendar.Date {
	return calendar.AddWorkingDays(calendar.DateIn(e.From), 1)
}

// ReviewedAs records what a reviewer found. Nobody reviews their own.
func (e EmergencyAccess) ReviewedAs(justified bool, words, by string, now time.Time) (EmergencyAccess, error) {
	switch {
	case by == e.Person:
		return EmergencyAccess{}, fault.Rule("EMERGENCY_REVIEW", "Accord, emergency access", "Somebody else reviews the access you took.")
	case !e.ReviewedAt.IsZero():
		return EmergencyAccess{}, fault.Rule("EMERGENCY_REVIEW", "Accord, emergency access", "The access is reviewed already.")
	}
	if err := CheckReason("input.review", words); err != nil {
		return EmergencyAccess{}, err
	}
	e.Justified, e.Review, e.ReviewedBy, e.ReviewedAt = justified, words, by, now
	return e, nil
}
