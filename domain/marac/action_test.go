package marac_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"accord/domain/calendar"
	"accord/domain/marac"
	"accord/domain/sharing"
)

var (
	assignee = sharing.Practitioner{ID: "prac_1", Agency: "agency_1"}
	notDone  = []marac.ActionStatus{marac.ActionNotPossible, marac.ActionNotDone}
)

func proposed() marac.Action {
	return marac.Action{ID: "act_1", Case: "case_1", Description: "Fit an alarm", Owner: "agency_1", DueOn: today, Status: marac.ActionProposed, AgreedAtItem: "item_1"}
}

func TestAnActionHasOneOwnerOneAssigneeAndADay(t *testing.T) {
	agreed, err := proposed().Agree(assignee, now)
	if err != nil || agreed.Status != marac.ActionAgreed || agreed.Assignee != "prac_1" || !agreed.AgreedAt.Equal(now) || !agreed.ClosedAt.IsZero() {
		t.Errorf("agreed as %+v, %v", agreed, err)
	}
	for path, broken := range map[string]func(a *marac.Action, by *sharing.Practitioner){
		"input.description": func(a *marac.Action, _ *sharing.Practitioner) { a.Description = " " },
		"input.owner":       func(a *marac.Action, _ *sharing.Practitioner) { a.Owner = "" },
		"input.assignee":    func(_ *marac.Action, by *sharing.Practitioner) { by.ID = "" },
		"input.dueOn":       func(a *marac.Action, _ *sharing.Practitioner) { a.DueOn = 0 },
	} {
		a, by := proposed(), assignee
		broken(&a, &by)
		_, err := a.Agree(by, now)
		wantInput(t, path, err, path)
	}
	_, err = proposed().Agree(sharing.Practitioner{ID: "prac_2", Agency: "agency_2"}, now)
	wantRule(t, "an assignee of another agency", err, "ACTION_ASSIGNEE")
	past := proposed()
	past.DueOn = today - 1
	_, err = past.Agree(assignee, now)
	wantInput(t, "due before it is agreed", err, "input.dueOn")
	_, err = agreed.Agree(assignee, now)
	wantRule(t, "agreed again", err, "ACTION_STATUS")
}

func TestAnActionTakesOnlyTheStatusesThatFollow(t *testing.T) {
	allowed := map[marac.ActionStatus][]marac.ActionStatus{
		marac.ActionProposed:    {marac.ActionCancelled},
		marac.ActionAgreed:      {marac.ActionInProgress, marac.ActionCompleted, marac.ActionNotPossible, marac.ActionNotDone, marac.ActionCancelled},
		marac.ActionInProgress:  {marac.ActionInProgress, marac.ActionCompleted, marac.ActionNotPossible, marac.ActionNotDone, marac.ActionCancelled},
		marac.ActionNotPossible: {marac.ActionInProgress, marac.ActionCompleted},
		marac.ActionNotDone:     {marac.ActionInProgress, marac.ActionCompleted, marac.ActionNotPossible},
		marac.ActionCompleted:   nil,
		marac.ActionCancelled:   nil,
	}
	open := []marac.ActionStatus{marac.ActionProposed, marac.ActionAgreed, marac.ActionInProgress}
	for _, from := range marac.ActionStatuses() {
		for _, to := range marac.ActionStatuses() {
			a := proposed()
			a.Status, a.ClosedAt = from, now
			got, err := a.UpdateStatus(to, "said why", "prac_1", now)
			if !slices.Contains(allowed[from], to) {
				wantRule(t, string(from)+" to "+string(to), err, "ACTION_STATUS")
				continue
			}
			if err != nil || got.Status != to || got.StatusNote != "said why" || got.StatusBy != "prac_1" || !got.StatusAt.Equal(now) {
				t.Errorf("%s to %s: %+v, %v", from, to, got, err)
			}
			if got.ClosedAt.IsZero() != slices.Contains(open, to) || to.Open() != slices.Contains(open, to) {
				t.Errorf("%s to %s is closed at %v", from, to, got.ClosedAt)
			}
		}
	}
	_, err := proposed().UpdateStatus("OVERDUE", "", "prac_1", now)
	wantInput(t, "a status of no list", err, "input.status")
}

func TestWhatWasNotDoneIsReportedWithWhy(t *testing.T) {
	agreed, err := proposed().Agree(assignee, now)
	if err != nil {
		t.Fatal(err)
	}
	for _, to := range marac.ActionStatuses() {
		_, err := agreed.UpdateStatus(to, " \t", "prac_1", now)
		switch {
		case slices.Contains(notDone, to):
			wantRule(t, string(to), err, "ACTION_NOTE")
		case to == marac.ActionCompleted || to == marac.ActionInProgress:
			if err != nil {
				t.Errorf("%s without a note: %v", to, err)
			}
		}
	}
}

func TestAnAgreedActionIsOverdueFromTheDayAfterItWasDue(t *testing.T) {
	for _, status := range marac.ActionStatuses() {
		counts := status == marac.ActionAgreed || status == marac.ActionInProgress
		for day, late := range map[calendar.Date]bool{today - 1: true, today: false, today + 1: false, 0: false} {
			a := marac.Action{Status: status, DueOn: day}
			if got := marac.Overdue(a, today); got != (counts && late) {
				t.Errorf("%s, due %v, on %v: overdue %v", status, day, today, got)
			}
		}
	}
}

func TestOverdueTurnsAtMidnightInLondon(t *testing.T) {
	a := marac.Action{Status: marac.ActionAgreed, DueOn: on(t, "2026-07-01")}
	for text, want := range map[string]bool{"2026-07-01T22:59:59Z": false, "2026-07-01T23:00:00Z": true} {
		if got := marac.Overdue(a, calendar.DateIn(instant(t, text))); got != want {
			t.Errorf("at %s: overdue %v", text, got)
		}
	}
}

func TestAnItemShowsWhatWasAgreedAtItOrOpenWhenTheMeetingStarted(t *testing.T) {
	start := now
	before, after := start.Add(-time.Hour), start.Add(time.Hour)
	for name, c := range map[string]struct {
		action marac.Action
		shown  bool
	}{
		"open since before":            {marac.Action{Status: marac.ActionAgreed, AgreedAt: before}, true},
		"agreed at this item":          {marac.Action{Status: marac.ActionAgreed, AgreedAt: after, AgreedAtItem: "item_1"}, true},
		"agreed here, done since":      {marac.Action{Status: marac.ActionCompleted, AgreedAt: after, AgreedAtItem: "item_1", ClosedAt: after}, true},
		"agreed later elsewhere":       {marac.Action{Status: marac.ActionAgreed, AgreedAt: after, AgreedAtItem: "item_2"}, false},
		"agreed later, at no meeting":  {marac.Action{Status: marac.ActionAgreed, AgreedAt: after}, false},
		"closed before":                {marac.Action{Status: marac.ActionCompleted, AgreedAt: before, ClosedAt: before}, false},
		"closed as it starts":          {marac.Action{Status: marac.ActionCompleted, AgreedAt: before, ClosedAt: start}, false},
		"open then, closed since":      {marac.Action{Status: marac.ActionCompleted, AgreedAt: before, ClosedAt: after}, true},
		"agreed as it starts":          {marac.Action{Status: marac.ActionAgreed, AgreedAt: start}, true},
		"only proposed":                {marac.Action{Status: marac.ActionProposed}, false},
		"proposed at this item":        {marac.Action{Status: marac.ActionProposed, AgreedAtItem: "item_1"}, false},
		"open from another item":       {marac.Action{Status: marac.ActionInProgress, AgreedAt: before, AgreedAtItem: "item_0"}, true},
		"agreed here earlier, by plan": {marac.Action{Status: marac.ActionAgreed, AgreedAt: before, AgreedAtItem: "item_1"}, true},
	} {
		if shown := c.action.BelongsAt("item_1", start, after.Add(time.Hour)); shown != c.shown {
			t.Errorf("%s: shown %v", name, shown)
		}
	}
}

func TestAnItemOfAMeetingToComeShowsWhatIsOpenNow(t *testing.T) {
	start := now.Add(5 * 24 * time.Hour)
	actions := []marac.Action{
		{ID: "open", Status: marac.ActionAgreed, AgreedAt: now.Add(-time.Hour)},
		{ID: "dated ahead by a fast clock", Status: marac.ActionAgreed, AgreedAt: now.Add(time.Hour)},
		{ID: "done", Status: marac.ActionCompleted, AgreedAt: now.Add(-time.Hour), ClosedAt: now.Add(-time.Minute)},
	}
	for _, action := range actions {
		if shown := action.BelongsAt("item_1", start, now); shown != (action.ID == "open") {
			t.Errorf("%s: shown %v", action.ID, shown)
		}
	}
}

func TestAnActionOfNoMeetingBelongsToNoItem(t *testing.T) {
	later := marac.Action{Status: marac.ActionAgreed, AgreedAt: now.Add(time.Hour)}
	if later.BelongsAt("", now, now.Add(2*time.Hour)) {
		t.Error("it is shown at an item without an id")
	}
}

func TestOnceAMeetingHasStartedItsItemForgetsNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		minute := func(name string) time.Time {
			return now.Add(time.Duration(rapid.IntRange(-60, 60).Draw(t, name)) * time.Minute)
		}
		a := marac.Action{Status: marac.ActionAgreed, AgreedAt: minute("agreed"), AgreedAtItem: rapid.SampledFrom([]string{"", "item_1", "item_2"}).Draw(t, "item")}
		shown := a.BelongsAt("item_1", now, now.Add(time.Hour))
		done, err := a.UpdateStatus(marac.ActionCompleted, "", "prac_1", now.Add(time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		still := done.BelongsAt("item_1", now, now.Add(2*time.Hour))
		if shown != still {
			t.Fatalf("shown before it was completed: %v, after: %v", shown, still)
		}
	})
}
