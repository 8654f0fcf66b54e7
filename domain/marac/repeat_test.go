package marac_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"accord/domain/calendar"
	"accord/domain/casework"
	"accord/domain/marac"
)

func on(t *testing.T, text string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTheRepeatWindowIsTheYearAfterTheReferralAnniversaryInside(t *testing.T) {
	for _, c := range []struct {
		referred, incident string
		repeat             bool
	}{
		{"2025-03-10", "2025-03-10", false}, // what led to the referral
		{"2025-03-10", "2025-03-11", true},
		{"2025-03-10", "2026-03-09", true},
		{"2025-03-10", "2026-03-10", true}, // the anniversary
		{"2025-03-10", "2026-03-11", false},
		{"2025-03-10", "2025-03-09", false},
		{"2024-02-29", "2025-02-28", true}, // the year after 29 February ends here
		{"2024-02-29", "2025-03-01", false},
		{"2023-02-28", "2024-02-28", true},
		{"2023-02-28", "2024-02-29", false},
	} {
		previous := []marac.Referral{{Status: marac.ReferralHeard, SubmittedOn: on(t, c.referred)}}
		if got := marac.IsRepeat(previous, incidents(on(t, c.incident)), policy()); got != c.repeat {
			t.Errorf("referred %s, incident %s: repeat %v", c.referred, c.incident, got)
		}
	}
}

func TestOnlyWhatAMaracTookCanRepeat(t *testing.T) {
	taken := []marac.ReferralStatus{marac.ReferralAccepted, marac.ReferralListed, marac.ReferralHeard, marac.ReferralTransferred}
	for _, status := range marac.ReferralStatuses() {
		previous := []marac.Referral{{Status: status, SubmittedOn: today - 30}}
		if got := marac.IsRepeat(previous, incidents(today), policy()); got != slices.Contains(taken, status) {
			t.Errorf("after a referral that is %s: repeat %v", status, got)
		}
	}
	if marac.IsRepeat(nil, incidents(today), policy()) {
		t.Error("a case never referred is a repeat")
	}
}

func TestOnlyAQualifyingIncidentMakesARepeat(t *testing.T) {
	previous := []marac.Referral{{Status: marac.ReferralHeard, SubmittedOn: today - 30}}
	for _, kind := range append(casework.RepeatIncidentTypes(), "", "OTHER") {
		i := []casework.Incident{{OccurredOn: today, Qualifies: kind}}
		if got := marac.IsRepeat(previous, i, policy()); got != kind.Valid() {
			t.Errorf("an incident of kind %q: repeat %v", kind, got)
		}
	}
	unknownDay := []casework.Incident{{RecordedAt: now, Qualifies: casework.RapeOrSexualAbuse}}
	if !marac.IsRepeat(previous, unknownDay, policy()) {
		t.Error("an incident of unknown day, recorded today, makes no repeat")
	}
}

func TestTheWindowRunsFromTheLastReferral(t *testing.T) {
	previous := []marac.Referral{
		{Status: marac.ReferralHeard, SubmittedOn: on(t, "2025-06-01")},
		{Status: marac.ReferralHeard, SubmittedOn: on(t, "2024-01-01")},
	}
	if !marac.IsRepeat(previous, incidents(on(t, "2026-05-01")), policy()) {
		t.Error("within a year of the last referral is no repeat")
	}
	if marac.IsRepeat(previous, incidents(on(t, "2024-05-01")), policy()) {
		t.Error("an incident from before the last referral is a further one")
	}
	if got := marac.RepeatWindowEnd(previous, policy()); got != on(t, "2026-06-01") {
		t.Errorf("the flags expire after %v", got)
	}
	if got := marac.RepeatWindowEnd(nil, policy()); !got.IsZero() {
		t.Errorf("a case never referred has flags until %v", got)
	}
}

func TestAnAreaMayCountFromTheMeeting(t *testing.T) {
	p := policy()
	p.RepeatAnchor = marac.FromMeetingDate
	heard := []marac.Referral{{Status: marac.ReferralHeard, SubmittedOn: on(t, "2025-03-10"), HeardOn: on(t, "2025-04-01")}}
	for text, want := range map[string]bool{
		"2025-04-01": false, "2025-04-02": true, "2026-04-01": true, "2026-04-02": false,
	} {
		if got := marac.IsRepeat(heard, incidents(on(t, text)), p); got != want {
			t.Errorf("incident %s: repeat %v", text, got)
		}
	}
	waiting := []marac.Referral{{Status: marac.ReferralListed, SubmittedOn: on(t, "2025-03-10")}}
	if marac.IsRepeat(waiting, incidents(on(t, "2025-03-20")), p) {
		t.Error("a case not heard yet is a repeat of itself")
	}
}

func TestARepeatIsExactlyAnIncidentInsideTheWindow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		anchor := calendar.NewDate(2024, time.January, 1).AddDays(rapid.IntRange(0, 1500).Draw(t, "anchor"))
		p := policy()
		p.RepeatWindowMonths = rapid.IntRange(1, 24).Draw(t, "months")
		day := anchor.AddDays(rapid.IntRange(-50, 800).Draw(t, "after"))
		previous := []marac.Referral{{Status: marac.ReferralHeard, SubmittedOn: anchor}}
		inside := day > anchor && day <= marac.RepeatWindowEnd(previous, p)
		if got := marac.IsRepeat(previous, incidents(day), p); got != inside {
			t.Fatalf("anchor %v, %d months, incident %v: repeat %v", anchor, p.RepeatWindowMonths, day, got)
		}
	})
}
