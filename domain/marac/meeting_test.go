package marac_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"accord/domain/marac"
)

// meetingStart is a Wednesday; the list is due on Friday 4 December.
var meetingStart = time.Date(2026, time.December, 16, 9, 30, 0, 0, time.UTC)

func planned(t *testing.T) marac.Meeting {
	t.Helper()
	m, err := marac.Plan(marac.Meeting{
		ID: "meeting_1", Reference: "NM-MARAC-NEXT", Kind: marac.MaracScheduled, Area: "area_1", StartsAt: meetingStart,
	}, now)
	if err != nil {
		t.Fatal(err)
	}
	m, err = m.Place(marac.ListItem{ID: "item_1", Case: "case_1", Meeting: "meeting_1", PlacedAt: now})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func at(t *testing.T, status marac.MeetingStatus) marac.Meeting {
	t.Helper()
	m := planned(t)
	m.Status = status
	return m
}

func TestAMeetingIsPlannedForATimeToCome(t *testing.T) {
	if m := planned(t); m.Status != marac.MeetingPlanned {
		t.Errorf("planned as %s", m.Status)
	}
	for path, m := range map[string]marac.Meeting{
		"input.kind":     {Area: "a", StartsAt: meetingStart},
		"input.area":     {Kind: marac.MaracDaily, StartsAt: meetingStart},
		"input.startsAt": {Kind: marac.MaracDaily, Area: "a", StartsAt: now.Add(-time.Second)},
	} {
		_, err := marac.Plan(m, now)
		wantInput(t, path, err, path)
	}
}

func TestAMappaMeetingIsNoMarac(t *testing.T) {
	for _, kind := range []marac.MeetingKind{marac.MappaLevel2, marac.MappaLevel3} {
		_, err := marac.Plan(marac.Meeting{Kind: kind, Area: "a", StartsAt: meetingStart}, now)
		wantRule(t, string(kind), err, "MEETING_MAPPA_APART")
	}
}

func TestAMeetingSkipsNoStageAndNeverGoesBack(t *testing.T) {
	steps := []struct {
		to   marac.MeetingStatus
		step func(m marac.Meeting) (marac.Meeting, error)
	}{
		{marac.MeetingReferralsClosed, marac.Meeting.CloseReferrals},
		{marac.MeetingListed, func(m marac.Meeting) (marac.Meeting, error) { return m.IssueList(policy(), now) }},
		{marac.MeetingInSession, func(m marac.Meeting) (marac.Meeting, error) { return m.Start(meetingStart) }},
		{marac.MeetingMinutesDraft, marac.Meeting.DraftMinutes},
		{marac.MeetingMinutesIssued, func(m marac.Meeting) (marac.Meeting, error) { return m.IssueMinutes(policy(), meetingStart) }},
		{marac.MeetingClosed, marac.Meeting.Close},
	}
	stages := marac.MeetingStatuses()
	for n, from := range stages {
		for _, s := range steps {
			to := s.to
			got, err := s.step(at(t, from))
			if n+1 < len(stages) && stages[n+1] == to {
				if err != nil || got.Status != to {
					t.Errorf("%s to %s: %s, %v", from, to, got.Status, err)
				}
				continue
			}
			wantRule(t, string(from)+" to "+string(to), err, "MEETING_STATUS")
		}
	}
}

func TestAListIsLateFromTheDayAfterItIsDueAndIssuedAllTheSame(t *testing.T) {
	for text, late := range map[string]bool{
		"2026-12-04T17:00:00Z": false, "2026-12-04T23:59:00Z": false, "2026-12-05T00:00:00Z": true, "2026-12-15T09:00:00Z": true,
	} {
		issued, err := at(t, marac.MeetingReferralsClosed).IssueList(policy(), instant(t, text))
		if err != nil || issued.ListIssuedLate != late || !issued.ListIssuedAt.Equal(instant(t, text)) {
			t.Errorf("issued %s: late %v, %v", text, issued.ListIssuedLate, err)
		}
	}
	emergency := at(t, marac.MeetingReferralsClosed)
	emergency.Kind = marac.MaracEmergency
	if issued, err := emergency.IssueList(policy(), meetingStart); err != nil || issued.ListIssuedLate {
		t.Errorf("an emergency meeting's list is late: %v, %v", issued.ListIssuedLate, err)
	}
}

func TestAnEmptyListIsNotIssued(t *testing.T) {
	m := at(t, marac.MeetingReferralsClosed)
	m.Refs = nil
	_, err := m.IssueList(policy(), now)
	wantRule(t, "an empty list", err, "MEETING_LIST")
}

func TestAMeetingIsOpenedOnItsDay(t *testing.T) {
	m := at(t, marac.MeetingListed)
	_, err := m.Start(instant(t, "2026-12-15T23:59:59Z"))
	wantRule(t, "the evening before", err, "MEETING_DAY")
	if _, err := m.Start(instant(t, "2026-12-16T00:00:00Z")); err != nil {
		t.Errorf("on the day: %v", err)
	}
}

func TestMinutesAreDueThreeWorkingDaysAfterTheMeeting(t *testing.T) {
	for text, late := range map[string]bool{"2026-12-21T23:59:00Z": false, "2026-12-22T00:00:00Z": true} {
		issued, err := at(t, marac.MeetingMinutesDraft).IssueMinutes(policy(), instant(t, text))
		if err != nil || issued.MinutesLate != late || issued.MinutesIssuedAt.IsZero() {
			t.Errorf("issued %s: late %v, %v", text, issued.MinutesLate, err)
		}
	}
}

func TestAListIsOpenFromItsIssueUntilTheMeetingIsClosed(t *testing.T) {
	for status, open := range map[marac.MeetingStatus]bool{
		marac.MeetingPlanned: false, marac.MeetingReferralsClosed: false, marac.MeetingListed: true, marac.MeetingInSession: true,
		marac.MeetingMinutesDraft: true, marac.MeetingMinutesIssued: true, marac.MeetingClosed: false, "": false, "?": false,
	} {
		if marac.ListOpen(status) != open {
			t.Errorf("%q: open %v", status, !open)
		}
	}
}

func TestACaseIsPlacedOnceBeforeTheListIsIssued(t *testing.T) {
	m := planned(t)
	item := marac.ListItem{ID: "item_2", Case: "case_2", Meeting: "meeting_1", Children: true, Repeat: true, PlacedAt: now.Add(time.Minute)}
	placed, err := m.Place(item)
	if err != nil || len(placed.Refs) != 2 || placed.Refs[0] != (marac.ListRef{Item: "item_2", Case: "case_2", HasChildren: true, Repeat: true, PlacedAt: item.PlacedAt}) {
		t.Errorf("placed as %+v, %v", placed.Refs, err)
	}
	if len(m.Refs) != 1 {
		t.Error("placing changed the meeting it was made from")
	}
	_, err = placed.Place(item)
	wantRule(t, "the same case again", err, "MEETING_LIST")
	_, err = at(t, marac.MeetingListed).Place(item)
	wantRule(t, "after the list was issued", err, "MEETING_LIST")
	item.Meeting = "meeting_2"
	_, err = m.Place(item)
	wantInput(t, "another meeting's item", err, "input.meeting")
}

func TestACaseLeavesAListThatIsNotIssued(t *testing.T) {
	removed, err := planned(t).Remove("item_1")
	if err != nil || len(removed.Refs) != 0 {
		t.Errorf("removed: %+v, %v", removed.Refs, err)
	}
	_, err = planned(t).Remove("item_9")
	wantMissing(t, "an item of another list", err)
	_, err = at(t, marac.MeetingListed).Remove("item_1")
	wantRule(t, "after the list was issued", err, "MEETING_LIST")
}

func TestCasesWithChildrenAreHeardFirstEachInTheOrderPlaced(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		refs := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) marac.ListRef {
			return marac.ListRef{
				Item:        rapid.StringMatching(`item_[a-f0-9]{4}`).Draw(t, "item"),
				HasChildren: rapid.Bool().Draw(t, "children"),
				PlacedAt:    now.Add(time.Duration(rapid.IntRange(0, 5).Draw(t, "minute")) * time.Minute),
			}
		}), 0, 12).Draw(t, "refs")
		before := slices.Clone(refs)
		ordered := marac.Order(refs)
		if !slices.Equal(refs, before) {
			t.Fatal("ordering changed the list it was given")
		}
		for n := 1; n < len(ordered); n++ {
			a, b := ordered[n-1], ordered[n]
			if b.HasChildren && !a.HasChildren {
				t.Fatalf("children at %d after adults", n)
			}
			if a.HasChildren == b.HasChildren && a.PlacedAt.After(b.PlacedAt) {
				t.Fatalf("%d placed after its successor", n-1)
			}
		}
		if again := marac.Order(rapid.Permutation(refs).Draw(t, "shuffled")); !slices.Equal(again, ordered) {
			t.Fatalf("the same list in another order: %v and %v", ordered, again)
		}
	})
}

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	parsed, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}
