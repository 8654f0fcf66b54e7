package sharing_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"accord/domain/calendar"
	"accord/domain/fault"
	"accord/domain/sharing"
)

const sentence = "He has a knife and is on his way to her door."

// A Friday evening before a bank holiday Monday.
var friday = time.Date(2026, time.May, 22, 21, 0, 0, 0, time.UTC)

// mustBe compares what a refusal says with the rule, or the constraint, that refuses;
// empty: nothing does.
func mustBe(t interface {
	Helper()
	Errorf(format string, args ...any)
}, name string, err error, want string,
) {
	t.Helper()
	got := ""
	if f := fault.Of(err); f != nil {
		got = f.Rule + f.Constraint
		if got == "" {
			got = string(f.Code)
		}
	} else if err != nil {
		got = err.Error()
	}
	if got != want {
		t.Errorf("%s: %v, want %q", name, err, want)
	}
}

func TestAReasonSaysSomething(t *testing.T) {
	for name, c := range map[string]struct{ reason, want string }{
		"a sentence":                {sentence, ""},
		"nothing":                   {"", "REASON_OF_SUBSTANCE"},
		"white space":               {strings.Repeat(" ", 100), "REASON_OF_SUBSTANCE"},
		"one letter again":          {strings.Repeat("aaaa ", 5), "REASON_OF_SUBSTANCE"},
		"five letters again":        {strings.Repeat("abcde ", 4), "REASON_OF_SUBSTANCE"},
		"one long word":             {"Threatenedwithaknifetonightathome", "REASON_OF_SUBSTANCE"},
		"three words":               {"Threatened tonight athome", "REASON_OF_SUBSTANCE"},
		"figures":                   {"1234 5678 9012 3456 7890 1234", "REASON_OF_SUBSTANCE"},
		"signs":                     {"?!?! ?!?! ?!?! ?!?! ?!?! ?!?!", "REASON_OF_SUBSTANCE"},
		"in Welsh":                  {"Mae ganddo gyllell ac mae ar ei ffordd.", ""},
		"in letters of elsewhere":   {"Он идёт к ней домой с ножом сейчас", ""},
		"as long as a reason may":   {sentence + strings.Repeat(".", 4000-len(sentence)), ""},
		"longer than a reason may":  {sentence + strings.Repeat(".", 4001-len(sentence)), "maxLength"},
		"that is not text anywhere": {strings.Repeat("\xff ", 30), "REASON_OF_SUBSTANCE"},
	} {
		mustBe(t, name, sharing.CheckReason("input.reason", c.reason), c.want)
	}
}

func TestHowLongEmergencyAccessLasts(t *testing.T) {
	const hour = time.Hour
	for name, c := range map[string]struct {
		reason      string
		asked, area time.Duration
		given       time.Duration
		want        string
	}{
		"as asked":                    {sentence, hour, 4 * hour, hour, ""},
		"all that is allowed":         {sentence, 4 * hour, 4 * hour, 4 * hour, ""},
		"no longer than the area":     {sentence, 3 * hour, 2 * hour, 2 * hour, ""},
		"never for longer than four":  {sentence, 4*hour + 1, 24 * hour, 0, "EMERGENCY_LENGTH"},
		"for no time":                 {sentence, 0, 4 * hour, 0, "min"},
		"for less than none":          {sentence, -hour, 4 * hour, 0, "min"},
		"in an area that allows none": {sentence, hour, 0, 0, "NOT_FOUND"},
		"in an area without policy":   {sentence, hour, -hour, 0, "NOT_FOUND"},
		"for no reason":               {"", hour, 4 * hour, 0, "REASON_OF_SUBSTANCE"},
	} {
		taken, err := sharing.TakeEmergencyAccess(sharing.EmergencyAccess{Reason: c.reason}, c.asked, c.area, friday)
		mustBe(t, name, err, c.want)
		if got := taken.Until.Sub(taken.From); got != c.given {
			t.Errorf("%s: given %v, want %v", name, got, c.given)
		}
	}
}

func TestEmergencyAccessIsLiveFromItsFirstMomentUpToItsLast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		asked := time.Duration(rapid.Int64Range(-int64(time.Hour), int64(6*time.Hour)).Draw(t, "asked"))
		area := time.Duration(rapid.Int64Range(0, int64(6*time.Hour)).Draw(t, "area"))
		taken, err := sharing.TakeEmergencyAccess(sharing.EmergencyAccess{Reason: sentence}, asked, area, friday)
		granted := asked > 0 && asked <= sharing.LongestEmergency && area > 0
		if granted != (err == nil) {
			t.Fatalf("asked for %v where %v is allowed: %v", asked, area, err)
		}
		if !granted {
			return
		}
		after := time.Duration(rapid.Int64Range(-int64(time.Hour), int64(8*time.Hour)).Draw(t, "after"))
		live := after >= 0 && after < asked && after < area && after < 4*time.Hour
		if taken.Live(friday.Add(after)) != live {
			t.Fatalf("%v after it was taken for %v where %v is allowed it is live: %v", after, asked, area, !live)
		}
	})
}

func TestTheReviewIsDueOnTheNextWorkingDay(t *testing.T) {
	for name, c := range map[string]struct {
		from time.Time
		want calendar.Date
	}{
		"taken on a Monday morning":            {time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC), calendar.NewDate(2026, time.March, 3)},
		"on a Friday before a bank holiday":    {friday, calendar.NewDate(2026, time.May, 26)},
		"on a Sunday":                          {time.Date(2026, time.March, 8, 12, 0, 0, 0, time.UTC), calendar.NewDate(2026, time.March, 9)},
		"at half past midnight in summer time": {time.Date(2026, time.June, 1, 23, 30, 0, 0, time.UTC), calendar.NewDate(2026, time.June, 3)},
	} {
		if got := (sharing.EmergencyAccess{From: c.from}).ReviewDueOn(); got != c.want {
			t.Errorf("%s: due on %v, want %v", name, got, c.want)
		}
	}
}

func TestEmergencyAccessIsReviewedOnceBySomebodyElse(t *testing.T) {
	access := sharing.EmergencyAccess{Person: "prac_took", From: friday}
	_, err := access.ReviewedAs(true, sentence, "prac_took", friday)
	mustBe(t, "by who took it", err, "EMERGENCY_REVIEW")
	_, err = access.ReviewedAs(true, "Fine.", "prac_auditor", friday)
	mustBe(t, "without a word", err, "REASON_OF_SUBSTANCE")
	reviewed, err := access.ReviewedAs(true, sentence, "prac_auditor", friday.Add(time.Hour))
	mustBe(t, "by somebody else", err, "")
	if !reviewed.Justified || reviewed.Review != sentence || reviewed.ReviewedBy != "prac_auditor" || !reviewed.ReviewedAt.Equal(friday.Add(time.Hour)) {
		t.Errorf("reviewed as %+v", reviewed)
	}
	_, err = reviewed.ReviewedAs(false, sentence, "prac_other", friday)
	mustBe(t, "again", err, "EMERGENCY_REVIEW")
}
