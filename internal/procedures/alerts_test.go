package procedures_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"accord/cmd/accord/stage"
	"accord/domain/sharing"
	"accord/internal/procedures"
	"accord/internal/records"
)

// inbox is a page of alerts as the API answers it.
type inbox struct {
	TotalCount *int
	PageInfo   struct {
		HasNextPage bool
		EndCursor   *string
	}
	Edges []struct {
		Node struct {
			ID             string
			Kind           sharing.AlertKind
			RaisedAt       time.Time
			AcknowledgedAt *time.Time
			Case           *struct{ ID string }
		}
	}
}

func alertsOf(t *testing.T, s *stage.Stage, login string, open bool, first int, after *string) inbox {
	t.Helper()
	var read struct{ Data struct{ Alerts inbox } }
	answer := asked(t, s, login, `query($open: Boolean!, $first: Int!, $after: String) { alerts(open: $open, first: $first, after: $after) {
		totalCount pageInfo { hasNextPage endCursor } edges { node { id kind raisedAt acknowledgedAt case { id } } } } }`,
		map[string]any{"open": open, "first": first, "after": after})
	if err := json.Unmarshal(answer, &read); err != nil || bytes.Contains(answer, []byte(`"errors"`)) {
		t.Fatalf("%s, %v", answer, err)
	}
	return read.Data.Alerts
}

func acknowledge(t *testing.T, s *stage.Stage, login, alert string) string {
	t.Helper()
	return string(asked(t, s, login, `mutation($id: ID!) { acknowledgeAlert(input: {alertId: $id}) { alert { kind acknowledgedAt } } }`, map[string]any{"id": alert}))
}

// The inbox has what is newest first, whole by its pages, and those that are open when
// only those are asked for.
func TestAnInboxHasTheNewestFirstAndPagesEqualCounts(t *testing.T) {
	s := stage.New(t, stage.Options{})
	caseID := firstListed(t, s)
	kinds := sharing.AlertKinds()
	for i := range 9 {
		s.Clock.Set(stage.Start.Add(time.Duration(i) * time.Minute))
		tell(t, s, caseID, kinds[i], "pc.ahmed")
	}
	whole := alertsOf(t, s, "pc.ahmed", false, 100, nil)
	if len(whole.Edges) != 9 || *whole.TotalCount != 9 || whole.PageInfo.HasNextPage {
		t.Fatalf("the inbox is %+v", whole)
	}
	for i, edge := range whole.Edges {
		if edge.Node.Kind != kinds[8-i] || !edge.Node.RaisedAt.Equal(stage.Start.Add(time.Duration(8-i)*time.Minute)) || edge.Node.Case == nil {
			t.Errorf("at place %d stands %+v", i, edge.Node)
		}
	}
	for _, i := range []int{1, 4, 8} {
		if answer := acknowledge(t, s, "pc.ahmed", whole.Edges[i].Node.ID); !strings.Contains(answer, `"acknowledgedAt":"`) {
			t.Errorf("acknowledging answers %s", answer)
		}
	}
	for _, open := range []bool{false, true} {
		var want []string
		for i, edge := range whole.Edges {
			if !open || i != 1 && i != 4 && i != 8 {
				want = append(want, edge.Node.ID)
			}
		}
		for size := 1; size <= 10; size++ {
			var got []string
			var after *string
			for {
				page := alertsOf(t, s, "pc.ahmed", open, size, after)
				if *page.TotalCount != len(want) || len(page.Edges) > size {
					t.Errorf("open %t by %d: the count is %d, want %d", open, size, *page.TotalCount, len(want))
				}
				for _, edge := range page.Edges {
					got = append(got, edge.Node.ID)
				}
				if !page.PageInfo.HasNextPage {
					break
				}
				after = page.PageInfo.EndCursor
			}
			if !slices.Equal(got, want) {
				t.Errorf("open %t by %d: pages hold %v, want %v", open, size, got, want)
			}
		}
	}
}

// Acknowledging again changes nothing, and enters nothing but the look.
func TestAcknowledgingAgainChangesNothing(t *testing.T) {
	s := stage.New(t, stage.Options{Mail: &postbox{}})
	tell(t, s, firstListed(t, s), sharing.AlertReleased, "pc.ahmed")
	alert := alertsOf(t, s, "pc.ahmed", true, 1, nil).Edges[0].Node.ID
	first := acknowledge(t, s, "pc.ahmed", alert)
	s.Clock.Set(stage.Start.Add(time.Hour))
	entered := s.Entered(t)
	if again := acknowledge(t, s, "pc.ahmed", alert); again != first || !strings.Contains(first, stage.Start.Format(time.RFC3339)) {
		t.Errorf("first answered %s, then %s", first, again)
	}
	for _, entry := range s.Entries(t, entered) {
		if entry.Action == "acknowledgeAlert" && len(entry.Records) > 0 && entry.Operation.String() == "ALTERATION" {
			t.Errorf("entered %+v", entry)
		}
	}
	if open := alertsOf(t, s, "pc.ahmed", true, 10, nil); len(open.Edges) != 0 || *open.TotalCount != 0 {
		t.Errorf("open are %+v", open)
	}
}

// Somebody who acknowledges while the e-mail is noted is told of no conflict.
func TestAcknowledgingWhileTheEMailGoesOut(t *testing.T) {
	box := &postbox{}
	s := stage.New(t, stage.Options{Mail: box})
	tell(t, s, firstListed(t, s), sharing.AlertReleased, "pc.ahmed")
	alert := alertsOf(t, s, "pc.ahmed", true, 1, nil).Edges[0].Node.ID
	box.answer = func(string) error {
		_, err := procedures.AcknowledgeAlert(t.Context(), s.As(t, "pc.ahmed"), alert)
		return err
	}
	must(t, later(t, s, 0))
	must(t, later(t, s, time.Hour))
	if box.to("pc.ahmed") != 1 {
		t.Errorf("e-mails went to %v", box.taken)
	}
	all(t, mailOf(t, s, "pc.ahmed"), sharing.MailNone, 1) // it was seen before it was noted
}

// Somebody else's alert is not there, byte for byte, to be read or acknowledged.
func TestSomebodyElsesAlertIsNotThere(t *testing.T) {
	s := stage.New(t, stage.Options{})
	caseID := firstListed(t, s)
	tell(t, s, caseID, sharing.AlertReleased, "pc.ahmed")
	alert, made := alertsOf(t, s, "pc.ahmed", false, 1, nil).Edges[0].Node.ID, "alert_"+strings.Repeat("0", 26)
	const node = `query($id: ID!) { node(id: $id) { id ... on Alert { kind raisedAt case { id } } } }`
	for _, login := range wholeDemo() {
		if login == "pc.ahmed" {
			continue
		}
		got, want := asked(t, s, login, node, map[string]any{"id": alert}), asked(t, s, login, node, map[string]any{"id": made})
		if !bytes.Equal(got, want) || !bytes.Contains(got, []byte("NOT_FOUND")) {
			t.Errorf("%s is answered %s, and of an alert there never was %s", login, got, want)
		}
		if got, want := acknowledge(t, s, login, alert), acknowledge(t, s, login, made); got != want || !strings.Contains(got, "NOT_FOUND") {
			t.Errorf("%s acknowledges and is answered %s, and of an alert there never was %s", login, got, want)
		}
	}
	if still := alertsOf(t, s, "pc.ahmed", true, 10, nil); len(still.Edges) != 1 {
		t.Errorf("the inbox is %+v", still)
	}
	cover(t, s, "insp.cole", "pc.ahmed") // not even who stands in reads the post
	s.Clock.Set(s.Clock.Now().Add(30 * time.Minute))
	if got, want := asked(t, s, "insp.cole", node, map[string]any{"id": alert}), asked(t, s, "insp.cole", node, map[string]any{"id": made}); !bytes.Equal(got, want) {
		t.Errorf("who stands in is answered %s", got)
	}
}

// Who has lost the case since keeps the alert, which leads nowhere.
func TestAnAlertAboutALostCaseLeadsNowhere(t *testing.T) {
	s := stage.New(t, stage.Options{})
	caseID := firstListed(t, s)
	tell(t, s, caseID, sharing.AlertReleased, "pc.ahmed")
	_, err := procedures.SetExclusion(t.Context(), s.As(t, "coord.ellis"), sharing.Exclusion{
		Case: caseID, Person: s.Capacity(t, "pc.ahmed").Person, Kind: sharing.ExcludedFrom, Reason: sharing.BecauseFriend,
	})
	must(t, err)
	kept := alertsOf(t, s, "pc.ahmed", false, 10, nil)
	if len(kept.Edges) == 0 {
		t.Fatal("the alert is gone")
	}
	for _, edge := range kept.Edges {
		if edge.Node.Case != nil {
			t.Errorf("the alert leads to %s", edge.Node.Case.ID)
		}
	}
	tell(t, s, caseID, sharing.AlertSearched, "pc.ahmed")
	if now := alertsOf(t, s, "pc.ahmed", false, 10, nil); *now.TotalCount != *kept.TotalCount {
		t.Errorf("who is kept from the case is told %+v", now)
	}
}

// Nothing that anybody wrote, and nobody's name or address, is in an alert, in what is
// given to a mail server or in the log.
func TestAnAlertAndItsEMailNameNobody(t *testing.T) {
	box := &postbox{}
	s := stage.New(t, stage.Options{Mail: box})
	caseID := firstListed(t, s)
	input := decision(t, s, caseID, record(t, s, "idva.byrne", caseID, "ADVOCATE_NOTE", "Kestrelquill said so."))
	input["content"], input["necessity"] = "Kestrelcontent waits.", "Kestrelneed is great."
	input["until"] = stage.Start.Add(time.Minute).Format(time.RFC3339)
	release(t, s, "idva.byrne", input)
	change(t, s, "pc.ahmed", func(p *sharing.Practitioner) {
		p.Mail, p.Vetted.Until = "Kestrelmail@northmoor.example", s.As(t, "sys.kerr").Today()
	})
	must(t, later(t, s, time.Hour))
	if len(box.taken) == 0 || !slices.Contains(box.taken, "Kestrelmail@northmoor.example") {
		t.Fatalf("e-mails went to %v", box.taken)
	}
	session := s.As(t, "pc.ahmed")
	page, err := session.Alerts(t.Context(), false, records.PageRequest{First: 10})
	must(t, err)
	if len(page.Edges) != 3 { // released, ended, lapsing
		t.Errorf("the inbox holds %d alerts", len(page.Edges))
	}
	of, err := s.As(t, "coord.ellis").CaseByID(t.Context(), caseID)
	must(t, err)
	names := []string{"Kestrel", "Ahmed", "Aldous", "Penhale", of.Reference, "@"}
	shown := string(asked(t, s, "pc.ahmed", `{ alerts { edges { node { id kind raisedAt acknowledgedAt case { id } } } } }`, nil))
	for _, name := range names {
		if strings.Contains(shown, name) {
			t.Errorf("an alert holds %s: %s", name, shown)
		}
		if strings.Contains(s.Log(), name) {
			t.Errorf("the log holds %s: %s", name, s.Log())
		}
	}
}
