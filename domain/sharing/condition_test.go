package sharing_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"accord/domain/calendar"
	"accord/domain/sharing"
)

func TestWithoutAnAgreementVettingAndTrainingOfTheDayNobodyWorks(t *testing.T) {
	today := calendar.NewDate(2026, time.March, 2)
	current := sharing.Span{From: today.AddDays(-10), Until: today.AddDays(10)}
	over := sharing.Span{From: today.AddDays(-10), Until: today.AddDays(-1)}
	for name, c := range map[string]struct {
		agreement, vetted, trained sharing.Span
		want                       []sharing.Condition
	}{
		"all of them current":        {current, current, current, nil},
		"the agreement run out":      {over, current, current, []sharing.Condition{sharing.CurrentAgreement}},
		"the vetting run out":        {current, over, current, []sharing.Condition{sharing.CurrentVetting}},
		"the training never entered": {current, current, sharing.Span{}, []sharing.Condition{sharing.CurrentTraining}},
		"nothing entered":            {sharing.Span{}, sharing.Span{}, sharing.Span{}, sharing.Conditions()},
		"vetting without an end":     {current, sharing.Span{From: today}, current, []sharing.Condition{sharing.CurrentVetting}},
	} {
		lapsed := sharing.Lapsed(sharing.Agency{Agreement: c.agreement}, sharing.Practitioner{Vetted: c.vetted, Trained: c.trained}, today)
		if !slices.Equal(lapsed, c.want) {
			t.Errorf("%s: lapsed %q, want %q", name, lapsed, c.want)
		}
	}
}

func TestASpanHoldsItsFirstAndItsLastDayAndNoOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := calendar.NewDate(2026, time.January, 1).AddDays(rapid.IntRange(0, 400).Draw(t, "from"))
		days := rapid.IntRange(0, 400).Draw(t, "days")
		span := sharing.Span{From: first, Until: first.AddDays(days)}
		at := rapid.IntRange(-3, 403).Draw(t, "at")
		if span.Holds(first.AddDays(at)) != (at >= 0 && at <= days) {
			t.Fatalf("day %d of a span of %d more days", at, days)
		}
	})
}
