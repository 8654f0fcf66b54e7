package sharing

import "accord/domain/calendar"

// Condition is something without which nobody reaches a record, whatever their
// role: the agency's information-sharing agreement, the person's vetting and
// training.
type Condition string

// The conditions of access.
const (
	CurrentAgreement Condition = "INFORMATION_SHARING_AGREEMENT"
	CurrentVetting   Condition = "VETTING"
	CurrentTraining  Condition = "TRAINING"
)

// Conditions lists every condition.
func Conditions() []Condition { return []Condition{CurrentAgreement, CurrentVetting, CurrentTraining} }

// Valid reports whether the condition is one of Conditions.
func (c Condition) Valid() bool {
	return c == CurrentAgreement || c == CurrentVetting || c == CurrentTraining
}

// Span is a run of days, both of them inside. The zero span holds no day.
type Span struct{ From, Until calendar.Date }

// Holds reports whether the day is inside.
func (s Span) Holds(day calendar.Date) bool {
	return !s.Until.IsZero() && s.From <= day && day <= s.Until
}

// Lapsed lists the conditions that do not hold on the day, in the order of
// Conditions; none: the practitioner may work. What was never entered does not
// hold.
func Lapsed(agency Agency, practitioner Practitioner, day calendar.Date) []Condition {
	var lapsed []Condition
	for _, condition := range []struct {
		of    Condition
		holds bool
	}{
		{CurrentAgreement, agency.Agreement.Holds(day)},
		{CurrentVetting, practitioner.Vetted.Holds(day)},
		{CurrentTraining, practitioner.Trained.Holds(day)},
	} {
		if !condition.holds {
			lapsed = append(lapsed, condition.of)
		}
	}
	return lapsed
}

// LapsingSoon is how many days before a condition ends it is said that it will.
const LapsingSoon = 30

// Lapse is a condition that ends soon, and its last day.
type Lapse struct {
	Of   Condition
	Last calendar.Date
}

// Lapsing lists the conditions that hold on the day and end within LapsingSoon days of
// it, in the order of Conditions.
func Lapsing(agency Agency, practitioner Practitioner, day calendar.Date) []Lapse {
	var lapsing []Lapse
	for _, condition := range []struct {
		of   Condition
		span Span
	}{
		{CurrentAgreement, agency.Agreement},
		{CurrentVetting, practitioner.Vetted},
		{CurrentTraining, practitioner.Trained},
	} {
		if condition.span.Holds(day) && condition.span.Until <= day.AddDays(LapsingSoon) {
			lapsing = append(lapsing, Lapse{condition.of, condition.span.Until})
		}
	}
	return lapsing
}
