package procedures_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"accord/cmd/accord/stage"
	"accord/domain/calendar"
	"accord/domain/marac"
	"accord/domain/sharing"
	"accord/internal/demo"
	"accord/internal/procedures"
	"accord/internal/records"
)

// asked asks with a token that is good at whatever time the stage's clock shows.
func asked(t *testing.T, s *stage.Stage, login, query string, variables map[string]any) []byte {
	t.Helper()
	now := s.Clock.Now().Unix()
	token, err := s.SignIn().Provider.Mint(demo.AgencyOf(login), func(_, claims map[string]any) {
		claims["sub"], claims["iat"], claims["nbf"], claims["exp"] = login, now-60, now-60, now+600
	})
	must(t, err)
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	must(t, err)
	return s.Send(t, token, body).Body
}

// wholeDemo is who signs in at the demo.
func wholeDemo() []string {
	var logins []string
	for _, agency := range demo.Agencies() {
		for _, person := range agency.People {
			logins = append(logins, person.Login)
		}
	}
	return logins
}

// kindsOf are the kinds of somebody's alerts, newest first.
func kindsOf(t *testing.T, s *stage.Stage, login string) []sharing.AlertKind {
	t.Helper()
	page, err := s.As(t, login).Alerts(t.Context(), false, records.PageRequest{First: 100})
	must(t, err)
	kinds := []sharing.AlertKind{}
	for _, edge := range page.Edges {
		kinds = append(kinds, edge.Node.Kind)
	}
	return kinds
}

// change changes the entry of somebody of the demo, as the administrator.
func change(t *testing.T, s *stage.Stage, login string, to func(*sharing.Practitioner)) {
	t.Helper()
	directory := s.Program.Records().Directory()
	capacity, known := directory.Capacity(s.SignIn().Provider.Issuer(demo.AgencyOf(login)), login, s.As(t, "sys.kerr").Today())
	entry, _ := directory.Practitioner(capacity.Person)
	if !known && entry.ID == "" {
		t.Fatalf("%s is not in the directory", login)
	}
	to(&entry)
	must(t, procedures.EnrolPractitioner(t.Context(), s.As(t, "sys.kerr"), entry))
}

// A release that ends by itself is over at its end for wholeDemo who reads it. The
// sweep changes nothing of what anybody sees: it tells the recipients, once.
func TestTheSweepTellsOnceAndChangesNothingThatIsSeen(t *testing.T) {
	s := stage.New(t, stage.Options{})
	caseID := firstListed(t, s)
	note := record(t, s, "idva.byrne", caseID, "ADVOCATE_NOTE", "She is afraid of Saturday.")
	input := decision(t, s, caseID, note)
	end := stage.Start.Add(4 * time.Minute)
	input["until"] = end.Format(time.RFC3339)
	release(t, s, "idva.byrne", input)
	input["until"] = end.Add(24 * time.Hour).Format(time.RFC3339)
	release(t, s, "idva.byrne", input) // it does not end yet
	withdrawn := release(t, s, "idva.byrne", decision(t, s, caseID, note))
	must(t, withdrawBy(t, s, "idva.byrne", withdrawn))
	see := func() map[string][]byte {
		seen := map[string][]byte{}
		for _, login := range wholeDemo() {
			seen[login] = asked(t, s, login, whatIsShared, map[string]any{"id": caseID})
		}
		return seen
	}
	must(t, later(t, s, 4*time.Minute-time.Millisecond))
	if kinds := kindsOf(t, s, "pc.ahmed"); len(kinds) != 4 { // three released, one withdrawn
		t.Errorf("before its end: %v", kinds)
	}
	s.Clock.Set(end)
	before := see()
	told := len(kindsOf(t, s, "pc.ahmed"))
	must(t, later(t, s, time.Minute)) // the next turn
	for login, after := range see() {
		if !bytes.Equal(after, before[login]) {
			t.Errorf("the sweep changes what %s sees:\n%s\n%s", login, before[login], after)
		}
	}
	for _, login := range []string{"pc.ahmed", "ds.reid", "insp.cole"} {
		if kinds := kindsOf(t, s, login); len(kinds) == 0 || kinds[0] != sharing.AlertReleaseEnded {
			t.Errorf("%s is told %v", login, kinds)
		}
	}
	for range 3 {
		must(t, later(t, s, time.Hour))
	}
	if kinds := kindsOf(t, s, "pc.ahmed"); len(kinds) != told+1 {
		t.Errorf("the officer is told %v", kinds)
	}
	must(t, later(t, s, 24*time.Hour))
	if kinds := kindsOf(t, s, "pc.ahmed"); len(kinds) != told+2 {
		t.Errorf("after the second has ended the officer is told %v", kinds)
	}
	for _, login := range []string{"idva.byrne", "coord.ellis", "sw.duffy"} {
		if kinds := kindsOf(t, s, login); len(kinds) > 0 {
			t.Errorf("%s, to whom nothing was released, is told %v", login, kinds)
		}
	}
	ended, err := s.Program.Records().ReleaseSweep(t.Context()).EndedReleases(t.Context())
	if err != nil || len(ended) > 0 {
		t.Errorf("%d are left in the index, %v", len(ended), err)
	}
}

func withdrawBy(t *testing.T, s *stage.Stage, login string, made released) error {
	t.Helper()
	_, err := procedures.WithdrawRelease(t.Context(), s.As(t, login), procedures.ReleaseWithdrawal{
		Release: made.ID, Because: "He is in custody.", ExpectedVersion: int64(made.Version),
	})
	return err
}

// Two programs that sweep at the same moment tell once.
func TestTwoSweepsTellOnce(t *testing.T) {
	s := stage.New(t, stage.Options{})
	caseID := firstListed(t, s)
	input := decision(t, s, caseID, record(t, s, "idva.byrne", caseID, "ADVOCATE_NOTE", "She is afraid of Saturday."))
	input["until"] = stage.Start.Add(time.Minute).Format(time.RFC3339)
	release(t, s, "idva.byrne", input)
	s.Clock.Set(stage.Start.Add(time.Hour))
	ended := make(chan error)
	for range 4 {
		go func() { ended <- procedures.EndReleases(t.Context(), s.Program.Records()) }()
	}
	for range 4 {
		must(t, <-ended)
	}
	deliverAll(t, s)
	if kinds := kindsOf(t, s, "pc.ahmed"); len(kinds) != 2 {
		t.Errorf("the officer is told %v", kinds)
	}
}

// The program chases reviews that are late, without being asked.
func TestTheProgramChasesReviewsOfEmergencyAccess(t *testing.T) {
	s := stage.New(t, stage.Options{})
	var taken struct{}
	caseID := firstListed(t, s)
	reference := struct{ Node struct{ Reference string } }{}
	succeeded(t, s.Ask(t, "coord.ellis", `query($id: ID!) { node(id: $id) { ... on Case { reference } } }`, map[string]any{"id": caseID}), &reference)
	succeeded(t, s.Ask(t, "pc.ward", `mutation($reference: String!) { takeEmergencyAccess(input: {reference: $reference,
		reason: "He has been seen at her door with a knife.", minutes: 30}) { access { id } } }`, map[string]any{"reference": reference.Node.Reference}), &taken)
	must(t, later(t, s, 24*time.Hour))
	if kinds := kindsOf(t, s, "dpo.grant"); slices.Contains(kinds, sharing.AlertEmergencyOverdue) {
		t.Errorf("on the day it is due the auditor is told %v", kinds)
	}
	must(t, later(t, s, 24*time.Hour))
	must(t, later(t, s, 24*time.Hour))
	overdue := 0
	for _, kind := range kindsOf(t, s, "dpo.grant") {
		if kind == sharing.AlertEmergencyOverdue {
			overdue++
		}
	}
	if overdue != 1 {
		t.Errorf("the auditor is told %d times that the review is late", overdue)
	}
}

// What lapses within thirty days is said once, to whom it concerns; with another day it
// is said again.
func TestWhatLapsesIsSaidOnceForEachConditionAndDay(t *testing.T) {
	s := stage.New(t, stage.Options{})
	today := calendar.DateIn(stage.Start)
	count := func(login string) int {
		lapsing := 0
		for _, kind := range kindsOf(t, s, login) {
			if kind == sharing.AlertConditionsLapsing {
				lapsing++
			}
		}
		return lapsing
	}
	expect := func(when string, want map[string]int) {
		t.Helper()
		for _, login := range wholeDemo() {
			if got := count(login); login != "sys.kerr" && got != want[login] {
				t.Errorf("%s: %s is told %d times, want %d", when, login, got, want[login])
			}
		}
	}
	change(t, s, "pc.ahmed", func(p *sharing.Practitioner) { p.Vetted.Until = today.AddDays(31) })
	must(t, later(t, s, 0))
	expect("thirty-one days before", nil)
	must(t, later(t, s, 24*time.Hour))
	expect("thirty days before", map[string]int{"pc.ahmed": 1, "insp.cole": 1})
	for range 3 {
		must(t, later(t, s, 24*time.Hour))
	}
	expect("three days later", map[string]int{"pc.ahmed": 1, "insp.cole": 1})
	change(t, s, "pc.ahmed", func(p *sharing.Practitioner) { p.Trained.Until = today.AddDays(20) })
	must(t, later(t, s, time.Hour))
	expect("training too", map[string]int{"pc.ahmed": 2, "insp.cole": 2})
	change(t, s, "pc.ahmed", func(p *sharing.Practitioner) { p.Vetted.Until = today.AddDays(25) })
	must(t, later(t, s, time.Hour))
	expect("another day", map[string]int{"pc.ahmed": 3, "insp.cole": 3})
	change(t, s, "pc.ahmed", func(p *sharing.Practitioner) { p.Vetted, p.Trained = demo.Current(), demo.Current() })
	police, _ := s.Program.Records().Directory().Agency(s.Capacity(t, "pc.ahmed").Agency)
	police.Agreement.Until = today.AddDays(15)
	must(t, procedures.EnrolAgency(t.Context(), s.As(t, "sys.kerr"), police))
	must(t, later(t, s, time.Hour))
	expect("the agency's agreement", map[string]int{"pc.ahmed": 3, "insp.cole": 4, "dpo.grant": 1})
	change(t, s, "hv.osei", func(p *sharing.Practitioner) { p.Vetted.Until, p.Roles = today.AddDays(5), nil })
	must(t, later(t, s, time.Hour))
	change(t, s, "hv.osei", func(p *sharing.Practitioner) {
		p.Vetted.Until, p.Roles = today.AddDays(-1), []sharing.RoleName{"AGENCY_REPRESENTATIVE"}
	})
	must(t, later(t, s, time.Hour))
	change(t, s, "hv.osei", func(p *sharing.Practitioner) { p.Vetted = demo.Current() })
	expect("who has left, and what has lapsed", map[string]int{"pc.ahmed": 3, "insp.cole": 4, "dpo.grant": 1})
	if strings.Contains(s.Log(), `"level":"ERROR"`) {
		t.Errorf("the log says %s", s.Log())
	}
}

// A consequence that can never be delivered is settled with a line in the log. It keeps
// no other waiting, however many there are.
func TestWhatCanNeverBeDeliveredKeepsNothingElseWaiting(t *testing.T) {
	s := stage.New(t, stage.Options{})
	caseID := firstListed(t, s)
	session := s.As(t, "coord.ellis")
	held, err := session.LoadCase(t.Context(), caseID)
	must(t, err)
	posted := session.Change(caseID)
	for i := range 130 {
		must(t, session.Tell(posted, sharing.AlertReleased, held.Value, "prac_"+strings.Repeat("0", 20)+"abcdef"[i%6:i%6+1]+strings.Repeat("1", i%5)))
	}
	lost := held.Value
	lost.Listings = []records.Listing{{Item: "item_" + strings.Repeat("0", 26), Meeting: lost.Listings[0].Meeting}}
	must(t, session.Heard(posted, lost))
	must(t, session.AskForResearch(posted, refOf("case_"+strings.Repeat("0", 26)), lost.Listings[0].Meeting, []string{s.Capacity(t, "pc.ahmed").Agency}))
	must(t, session.Tell(posted, sharing.AlertReleased, held.Value, s.Capacity(t, "pc.ahmed").Person))
	must(t, session.Apply(t.Context(), "post", posted))
	if err := later(t, s, 0); err != nil {
		t.Errorf("the relay: %v", err)
	}
	waiting, err := s.Program.Records().Undelivered(t.Context())
	if err != nil || len(waiting) > 0 {
		t.Errorf("%d wait, %v", len(waiting), err)
	}
	if kinds := kindsOf(t, s, "pc.ahmed"); !slices.Equal(kinds, []sharing.AlertKind{sharing.AlertReleased}) {
		t.Errorf("the officer is told %v", kinds)
	}
	if dropped := strings.Count(s.Log(), "a consequence was dropped"); dropped != 132 {
		t.Errorf("%d are dropped: %s", dropped, s.Log()[:min(len(s.Log()), 2000)])
	}
}

func refOf(caseID string) marac.ListRef {
	return marac.ListRef{Case: caseID, Item: "item_" + strings.Repeat("1", 26)}
}
