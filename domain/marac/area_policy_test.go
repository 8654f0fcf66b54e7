package marac_test

import (
	"testing"

	"accord/domain/marac"
)

func TestThePolicyOfTheDayIsTheLatestThatHasBegun(t *testing.T) {
	first, second, corrected := policy(), policy(), policy()
	first.From, second.From, corrected.From = on(t, "2024-01-01"), on(t, "2025-01-01"), on(t, "2025-01-01")
	second.Version, corrected.Version = 2, 3
	all := []marac.AreaPolicy{second, corrected, first}
	for day, version := range map[string]int{"2023-12-31": 0, "2024-01-01": 1, "2024-12-31": 1, "2025-01-01": 3, "2030-01-01": 3} {
		got, known := marac.PolicyOn(all, on(t, day))
		if got.Version != version || known != (version > 0) {
			t.Errorf("on %s version %d, known %v", day, got.Version, known)
		}
	}
}

func TestTheDefaultPolicyHoldsTheFiguresOfTheField(t *testing.T) {
	p := policy()
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	meeting := on(t, "2026-12-16") // a Wednesday
	for what, c := range map[string]struct{ got, want string }{
		"cut-off":        {p.CutOff(meeting).String(), "2026-12-02"},
		"list":           {p.ListIssueDue(meeting).String(), "2026-12-04"},
		"research":       {p.ResearchDue(meeting).String(), "2026-12-15"},
		"minutes":        {p.MinutesDue(meeting).String(), "2026-12-21"},
		"triage":         {p.TriageDue(on(t, "2026-12-24")).String(), "2026-12-30"},
		"threshold high": {string(p.Bands().Level(14)), "HIGH"},
		"and below":      {string(p.Bands().Level(13)), "MEDIUM"},
		"and low":        {string(p.Bands().Level(9)), "STANDARD"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s, want %s", what, c.got, c.want)
		}
	}
}

func TestAPolicyNoRuleCouldUseIsRefused(t *testing.T) {
	for path, broken := range map[string]func(p *marac.AreaPolicy){
		"input.policy":     func(p *marac.AreaPolicy) { p.Version = 0 },
		"input.threshold":  func(p *marac.AreaPolicy) { p.Threshold = 25 },
		"input.escalation": func(p *marac.AreaPolicy) { p.Escalation.Unit = "" },
		"input.repeat":     func(p *marac.AreaPolicy) { p.RepeatWindowMonths = 0 },
		"input.deadlines":  func(p *marac.AreaPolicy) { p.MinutesWorkingDays = -1 },
	} {
		p := policy()
		broken(&p)
		wantInput(t, path, p.Check(), path)
	}
	p := policy()
	p.MediumFrom = p.Threshold + 1
	wantInput(t, "medium above high", p.Check(), "input.threshold")
}
