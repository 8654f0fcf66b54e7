package procedures_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"accord/cmd/accord/stage"
	"accord/domain/calendar"
	"accord/domain/sharing"
	"accord/internal/demo"
	"accord/internal/procedures"
)

// agreement changes the days of the agreement of somebody's agency.
func agreement(t *testing.T, s *stage.Stage, login string, span sharing.Span) {
	t.Helper()
	directory := s.Program.Records().Directory()
	person, _ := directory.Practitioner(s.Capacity(t, login).Person)
	agency, _ := directory.Agency(person.Agency)
	agency.Agreement = span
	must(t, procedures.EnrolAgency(t.Context(), s.As(t, "sys.kerr"), agency))
}

// everything is asked by every way there is of reaching something.
func everything(caseID string) []string {
	return []string{
		`{ cases { totalCount edges { node { id } } } }`, `{ meetings { totalCount edges { node { id } } } }`,
		`{ actions { totalCount edges { node { id } } } }`, `{ alerts { totalCount edges { node { id } } } }`,
		`{ meeting(reference: "NM-MARAC-NEXT") { reference } }`,
		fmt.Sprintf(`{ node(id: %q) { id } }`, caseID),
		fmt.Sprintf(`mutation { recordItem(input: {caseId: %q, kind: ADVOCATE_NOTE, basis: FACT, text: "She called again."}) { item { id } } }`, caseID),
	}
}

// When a condition of access lapses, the viewer is told which, and everything else is
// answered as to somebody who never had anything to do with the case. A renewal holds
// from the next request on.
func TestWithoutAConditionOfAccessThereIsNothing(t *testing.T) {
	today := calendar.DateIn(stage.Start)
	past := sharing.Span{From: today.AddDays(-300), Until: today.AddDays(-1)}
	last := sharing.Span{From: today.AddDays(-300), Until: today}
	vetted := func(span sharing.Span) func(*testing.T, *stage.Stage) {
		return func(t *testing.T, s *stage.Stage) {
			t.Helper()
			change(t, s, "idva.byrne", func(p *sharing.Practitioner) { p.Vetted = span })
		}
	}
	trained := func(span sharing.Span) func(*testing.T, *stage.Stage) {
		return func(t *testing.T, s *stage.Stage) {
			t.Helper()
			change(t, s, "idva.byrne", func(p *sharing.Practitioner) { p.Trained = span })
		}
	}
	agreed := func(span sharing.Span) func(*testing.T, *stage.Stage) {
		return func(t *testing.T, s *stage.Stage) { t.Helper(); agreement(t, s, "idva.byrne", span) }
	}
	for _, of := range []struct {
		condition           sharing.Condition
		lapse, lasts, renew func(*testing.T, *stage.Stage)
	}{
		{sharing.CurrentAgreement, agreed(past), agreed(last), agreed(demo.Current())},
		{sharing.CurrentVetting, vetted(past), vetted(last), vetted(demo.Current())},
		{sharing.CurrentTraining, trained(past), trained(last), trained(demo.Current())},
		{sharing.CurrentTraining, trained(sharing.Span{}), trained(last), trained(demo.Current())}, // never entered
	} {
		t.Run(string(of.condition), func(t *testing.T) {
			s := stage.New(t, stage.Options{})
			caseID := firstListed(t, s)
			tell(t, s, caseID, sharing.AlertReleased, "idva.byrne")
			mustReach(t, s, "before", "idva.byrne", caseID, true)
			of.lasts(t, s)
			mustReach(t, s, "on its last day", "idva.byrne", caseID, true)
			of.lapse(t, s)
			viewer := asked(t, s, "idva.byrne", `{ viewer { name roles lapsed } }`, nil)
			if want := `"roles":[],"lapsed":["` + string(of.condition) + `"]`; !strings.Contains(string(viewer), want) {
				t.Errorf("the viewer is told %s", viewer)
			}
			mustReach(t, s, "lapsed", "idva.byrne", caseID, false)
			// A stranger to all of it has a role, and neither a case nor an alert.
			for _, question := range everything(caseID) {
				got, want := asked(t, s, "idva.byrne", question, nil), asked(t, s, "mappa.okoro", question, nil)
				if !bytes.Equal(got, want) || bytes.Contains(got, []byte(caseID)) {
					t.Errorf("asked %s: who lapsed is answered\n%s, a stranger\n%s", question, got, want)
				}
			}
			mustReach(t, s, "somebody of another agency", "pc.ahmed", caseID, true)
			of.renew(t, s)
			mustReach(t, s, "renewed", "idva.byrne", caseID, true)
		})
	}
}

// Conditions lapse at midnight in London.
func TestAConditionLapsesAtMidnight(t *testing.T) {
	s := stage.New(t, stage.Options{})
	caseID := firstListed(t, s)
	day := calendar.DateIn(stage.Start)
	change(t, s, "idva.byrne", func(p *sharing.Practitioner) { p.Vetted.Until = day })
	midnight := day.AddDays(1).Start()
	s.Clock.Set(midnight.Add(-1))
	mustReach(t, s, "before midnight", "idva.byrne", caseID, true)
	s.Clock.Set(midnight)
	mustReach(t, s, "at midnight", "idva.byrne", caseID, false)
}

// Whoever keeps the directory keeps it, so that somebody can renew what has lapsed.
func TestAnAdministratorGoesOnKeepingTheDirectory(t *testing.T) {
	s := stage.New(t, stage.Options{})
	caseID := firstListed(t, s)
	today := calendar.DateIn(stage.Start)
	agreement(t, s, "sys.kerr", sharing.Span{From: today.AddDays(-300), Until: today.AddDays(-1)})
	viewer := string(asked(t, s, "sys.kerr", `{ viewer { roles lapsed } }`, nil))
	if !strings.Contains(viewer, `"roles":["SYSTEM_ADMINISTRATOR"]`) || !strings.Contains(viewer, "INFORMATION_SHARING_AGREEMENT") {
		t.Errorf("the administrator is told %s", viewer)
	}
	mustReach(t, s, "lapsed", "sys.kerr", caseID, false)
	agreement(t, s, "idva.byrne", sharing.Span{})
	agreement(t, s, "idva.byrne", demo.Current())
	agreement(t, s, "sys.kerr", demo.Current())
	mustReach(t, s, "renewed", "idva.byrne", caseID, true)
}
