package procedures_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"accord/cmd/accord/stage"
	"accord/domain/calendar"
	"accord/domain/casework"
	"accord/domain/risk"
	"accord/domain/sharing"
	"accord/internal/procedures"
	"accord/internal/records"
)

const wholeCase = `query($id: ID!) { node(id: $id) { ... on Case {
  reference victim { name contactMethod } plan { items { description } } currentAssessment { level } courseOfConduct { incidents { id } }
  referrals { id } actions { id description } releases { content } advocateNotes { text } intelligence { text } } } }`

const hisMeeting = `{ meeting(reference: "NM-MARAC-NEXT") { reference list { case { id } } } }`

// never is what somebody is answered about a case there never was.
func never(t *testing.T, s *stage.Stage, login string) []byte {
	t.Helper()
	return asked(t, s, login, wholeCase, map[string]any{"id": "case_" + strings.Repeat("0", 26)})
}

func reaches(t *testing.T, s *stage.Stage, login, caseID string) bool {
	t.Helper()
	answer := asked(t, s, login, wholeCase, map[string]any{"id": caseID})
	if bytes.Contains(answer, []byte(`"reference":"`)) {
		return true
	}
	if !bytes.Equal(answer, never(t, s, login)) {
		t.Errorf("%s does not reach the case and is answered %s", login, answer)
	}
	return false
}

func mustReach(t *testing.T, s *stage.Stage, when, login, caseID string, want bool) {
	t.Helper()
	if got := reaches(t, s, login, caseID); got != want {
		t.Errorf("%s: that %s reaches the case is %t", when, login, got)
	}
}

// secondTeam makes the SPOC of the police a supervisor of another team there, and leaves
// one officer in the teams that the inspector answers for.
func secondTeam(t *testing.T, s *stage.Stage) (team string) {
	t.Helper()
	team = s.Program.Records().NewIdentifier("team")
	must(t, procedures.FormTeam(t.Context(), s.As(t, "sys.kerr"), sharing.Team{ID: team, Agency: s.Capacity(t, "pc.ahmed").Agency, Name: "Night response"}))
	change(t, s, "spoc.hart", func(p *sharing.Practitioner) {
		p.Roles, p.Supervises = []sharing.RoleName{"SUPERVISOR"}, []string{team}
	})
	change(t, s, "ds.reid", func(p *sharing.Practitioner) { p.Team = "" })
	return team
}

// firstOf opens a case that nobody but one officer works on.
func firstOf(t *testing.T, s *stage.Stage, login string, day int) string {
	t.Helper()
	session := s.As(t, login)
	opened, err := procedures.OpenCase(t.Context(), session, procedures.CaseOpening{
		Type: casework.DomesticAbuseIntimate, RiskLevel: risk.Medium, Area: session.Capacity().Areas[0],
		OpenedOn: calendar.DateIn(stage.Start).AddDays(-day),
		Parties:  []casework.Party{{Role: casework.Victim, Identity: casework.Identity{Name: "Nadine Colt"}}},
	})
	must(t, err)
	return opened.ID
}

// A practitioner's cases follow into another team: the supervisor of the old one loses
// them at once, the supervisor of the new one has them, the header of their meeting
// included. Nobody else sees any difference.
func TestCasesFollowTheirPractitionerIntoAnotherTeam(t *testing.T) {
	s := stage.New(t, stage.Options{})
	protection := secondTeam(t, s)
	caseID := firstOf(t, s, "pc.ahmed", 3)
	old, _ := s.Program.Records().Directory().Practitioner(s.Capacity(t, "pc.ahmed").Person)
	mustReach(t, s, "before", "insp.cole", caseID, true)
	mustReach(t, s, "before", "spoc.hart", caseID, false)
	others := []string{"ds.reid", "idva.byrne", "po.singh", "coord.ellis", "chair.novak", "dpo.grant", "pros.lane", "pc.ward", "sys.kerr", "pc.ahmed"}
	listed := firstListed(t, s)
	before := map[string][]byte{}
	for _, login := range others {
		before[login] = append(asked(t, s, login, wholeCase, map[string]any{"id": listed}), asked(t, s, login, hisMeeting, nil)...)
	}
	headers := func(login string) int {
		return bytes.Count(asked(t, s, login, `{ meetings { edges { node { reference } } } }`, nil), []byte(`"reference"`))
	}
	had := headers("insp.cole")

	change(t, s, "pc.ahmed", func(p *sharing.Practitioner) { p.Team = protection })
	for _, of := range []string{caseID, listed} {
		mustReach(t, s, "after", "insp.cole", of, false)
		mustReach(t, s, "after", "spoc.hart", of, true)
		mustReach(t, s, "after", "pc.ahmed", of, true)
	}
	if had == 0 || headers("insp.cole") != 0 || headers("spoc.hart") == 0 {
		t.Errorf("of %d meetings the old supervisor sees %d, and the new one %d", had, headers("insp.cole"), headers("spoc.hart"))
	}
	for _, login := range others {
		after := append(asked(t, s, login, wholeCase, map[string]any{"id": listed}), asked(t, s, login, hisMeeting, nil)...)
		if !bytes.Equal(after, before[login]) {
			t.Errorf("%s sees a difference:\n%s\n%s", login, before[login], after)
		}
	}

	change(t, s, "pc.ahmed", func(p *sharing.Practitioner) { p.Team = "" })
	mustReach(t, s, "in no team", "insp.cole", caseID, false)
	mustReach(t, s, "in no team", "spoc.hart", caseID, false)
	change(t, s, "pc.ahmed", func(p *sharing.Practitioner) { p.Team = old.Team })
	mustReach(t, s, "back again", "insp.cole", caseID, true)
	mustReach(t, s, "back again", "spoc.hart", caseID, false)
	if waiting, err := s.Program.Records().Undelivered(t.Context()); err != nil || len(waiting) > 0 {
		t.Errorf("%d wait, %v", len(waiting), err)
	}
}

// A case that is kept to named people is found too: once it is open again, it is not
// the old supervisor's.
func TestACaseThatIsKeptToNamedPeopleFollowsToo(t *testing.T) {
	s := stage.New(t, stage.Options{})
	protection, listed := secondTeam(t, s), firstListed(t, s)
	set, err := procedures.SetExclusion(t.Context(), s.As(t, "coord.ellis"), sharing.Exclusion{
		Case: listed, Person: s.Capacity(t, "idva.byrne").Person, Kind: sharing.RestrictedTo, Reason: sharing.BecauseEmployeeCase,
	})
	must(t, err)
	mustReach(t, s, "while it is kept", "pc.ahmed", listed, false)
	change(t, s, "pc.ahmed", func(p *sharing.Practitioner) { p.Team = protection })
	for _, login := range []string{"pc.ahmed", "insp.cole", "spoc.hart"} {
		mustReach(t, s, "while it is kept", login, listed, false)
	}
	_, err = procedures.LiftExclusion(t.Context(), s.As(t, "coord.ellis"), procedures.ExclusionLifting{
		Exclusion: set.ID, Reason: "The colleague has left the service.", ExpectedVersion: int64(set.Version),
	})
	must(t, err)
	mustReach(t, s, "open again", "insp.cole", listed, false)
	mustReach(t, s, "open again", "spoc.hart", listed, true)
	mustReach(t, s, "open again", "pc.ahmed", listed, true)
}

// Many cases follow page by page. What a program left is taken up by the next, and
// nothing of it is done twice.
func TestManyCasesFollowPageByPage(t *testing.T) {
	folder, signIn := t.TempDir(), stage.NewSignIn(t)
	s := stage.New(t, stage.Options{Folder: folder, SignIn: signIn})
	protection := secondTeam(t, s)
	const many = 110
	for i := range many {
		firstOf(t, s, "pc.ahmed", i%7)
	}
	held := func(login string) int {
		page, err := s.As(t, login).Cases(t.Context(), records.CaseFilter{}, records.OpenedOldest, records.PageRequest{First: 1})
		must(t, err)
		return *page.TotalCount
	}
	cole, hart := held("insp.cole"), held("spoc.hart")
	change(t, s, "pc.ahmed", func(p *sharing.Practitioner) { p.Team = protection })
	if left := held("insp.cole"); left == 0 || left == cole {
		t.Fatalf("of %d cases %d stand with the old team: the page proves nothing", cole, left)
	}
	s.Close(t)
	s = stage.New(t, stage.Options{Folder: folder, SignIn: signIn})
	entered := s.Entered(t)
	must(t, later(t, s, time.Minute))
	if left, come := held("insp.cole"), held("spoc.hart"); left != 0 || come < cole || come < hart {
		t.Errorf("%d cases stand with the old team, %d with the new one, of %d", left, come, cole)
	}
	moves := map[string]int{}
	for _, entry := range s.Entries(t, entered) {
		if entry.Action == "followTeam" {
			if entry.System != "team move" || entry.Person != "" {
				t.Errorf("a case is moved by %q%q", entry.System, entry.Person)
			}
			moves[fmt.Sprint(entry.Records[0].Record)]++
		}
	}
	for moved, times := range moves {
		if times != 1 {
			t.Errorf("%s is moved %d times", moved, times)
		}
	}
	if waiting, err := s.Program.Records().Undelivered(t.Context()); err != nil || len(waiting) > 0 || len(moves) == 0 {
		t.Errorf("%d wait, %d were moved, %v", len(waiting), len(moves), err)
	}
}

// Who leaves keeps what they are assigned to, and reaches nothing of it: they are no
// longer anybody.
func TestWhoHasLeftReachesNothing(t *testing.T) {
	s := stage.New(t, stage.Options{})
	listed := firstListed(t, s)
	mustReach(t, s, "before", "pc.ahmed", listed, true)
	person := s.Capacity(t, "pc.ahmed").Person
	change(t, s, "pc.ahmed", func(p *sharing.Practitioner) { p.Roles = nil })
	answer := asked(t, s, "pc.ahmed", wholeCase, map[string]any{"id": listed})
	if bytes.Contains(answer, []byte("reference")) || !bytes.Equal(answer, never(t, s, "pc.ahmed")) {
		t.Errorf("who has left is answered %s, and of a case there never was %s", answer, never(t, s, "pc.ahmed"))
	}
	mustReach(t, s, "after", "insp.cole", listed, true)
	held, err := s.As(t, "coord.ellis").LoadCaseHead(t.Context(), listed)
	must(t, err)
	if !held.Value.AssignedTo(person) {
		t.Error("the assignment is gone")
	}
	entry, _ := s.Program.Records().Directory().Practitioner(person)
	entry.Roles = []sharing.RoleName{"INVESTIGATOR"}
	must(t, procedures.EnrolPractitioner(t.Context(), s.As(t, "sys.kerr"), entry))
	mustReach(t, s, "who has come back", "pc.ahmed", listed, true)
}

// cover puts somebody on the roster in somebody's place for an hour.
func cover(t *testing.T, s *stage.Stage, login, covered string) {
	t.Helper()
	now := s.Clock.Now()
	must(t, procedures.RosterShift(t.Context(), s.As(t, "sys.kerr"), sharing.Shift{
		ID: s.Program.Records().NewIdentifier("shift"), Practitioner: s.Capacity(t, login).Person, Agency: s.Capacity(t, login).Agency,
		Covers: []string{s.Capacity(t, covered).Person}, From: now.Add(time.Minute), Until: now.Add(time.Hour),
	}))
}

// Who stands in for somebody has what they have of the case as assigned, as owner and
// as recipient, from the minute the turn begins until the minute it ends.
func TestACoverBeginsAndEndsAtTheMinute(t *testing.T) {
	s := stage.New(t, stage.Options{})
	listed := firstListed(t, s)
	for _, login := range []string{"pc.ahmed", "spoc.hart"} {
		change(t, s, login, func(p *sharing.Practitioner) { p.Roles = []sharing.RoleName{"PUBLIC_PROTECTION"} })
	}
	record(t, s, "pc.ahmed", listed, "INTELLIGENCE", "Seen near the school on Friday.")
	release(t, s, "idva.byrne", decision(t, s, listed, record(t, s, "idva.byrne", listed, "ADVOCATE_NOTE", "She is afraid of Saturday.")))
	cover(t, s, "spoc.hart", "pc.ahmed")
	his := asked(t, s, "pc.ahmed", wholeCase, map[string]any{"id": listed})
	for _, part := range []string{"Seen near the school", "He knows the new address.", `"plan":{`, `"incidents":[{`} {
		if !bytes.Contains(his, []byte(part)) {
			t.Fatalf("the officer does not read %s of %s", part, his)
		}
	}
	began, minute := s.Clock.Now(), time.Minute
	for _, at := range []struct {
		after time.Duration
		holds bool
	}{
		{minute - time.Millisecond, false},
		{minute, true},
		{time.Hour - time.Millisecond, true},
		{time.Hour, false},
		{2 * time.Hour, false},
	} {
		s.Clock.Set(began.Add(at.after))
		answer := asked(t, s, "spoc.hart", wholeCase, map[string]any{"id": listed})
		if want := asked(t, s, "pc.ahmed", wholeCase, map[string]any{"id": listed}); at.holds && !bytes.Equal(answer, want) {
			t.Errorf("%s in: who stands in reads\n%s, whom they stand in for\n%s", at.after, answer, want)
		}
		if !at.holds && !bytes.Equal(answer, never(t, s, "spoc.hart")) {
			t.Errorf("%s in: who does not stand in reads %s", at.after, answer)
		}
	}
}

// Standing in gives nobody another agency's cases, a role of its own that they do not
// hold, or a case that they are kept from.
func TestStandingInWidensNothing(t *testing.T) {
	for name, of := range map[string]struct {
		who, covers string
		prepare     func(*stage.Stage, string)
	}{
		"for somebody of another agency": {"pc.ward", "pc.ahmed", nil},
		"for the advocate":               {"spoc.hart", "idva.byrne", nil},
		"without the role":               {"spoc.hart", "pc.ahmed", nil},
		"without one of two roles": {"spoc.hart", "pc.ahmed", func(s *stage.Stage, _ string) {
			change(t, s, "spoc.hart", func(p *sharing.Practitioner) { p.Roles = []sharing.RoleName{"INVESTIGATOR"} })
			change(t, s, "pc.ahmed", func(p *sharing.Practitioner) { p.Roles = []sharing.RoleName{"INVESTIGATOR", "PUBLIC_PROTECTION"} })
		}},
		"when kept from the case": {"spoc.hart", "pc.ahmed", func(s *stage.Stage, listed string) {
			change(t, s, "spoc.hart", func(p *sharing.Practitioner) { p.Roles = []sharing.RoleName{"INVESTIGATOR"} })
			_, err := procedures.SetExclusion(t.Context(), s.As(t, "coord.ellis"), sharing.Exclusion{
				Case: listed, Person: s.Capacity(t, "spoc.hart").Person, Kind: sharing.ExcludedFrom, Reason: sharing.BecauseFriend,
			})
			must(t, err)
		}},
		"when the vetting has lapsed": {"spoc.hart", "pc.ahmed", func(s *stage.Stage, _ string) {
			change(t, s, "spoc.hart", func(p *sharing.Practitioner) {
				p.Roles, p.Vetted.Until = []sharing.RoleName{"INVESTIGATOR"}, calendar.DateIn(stage.Start).AddDays(-1)
			})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s := stage.New(t, stage.Options{})
			listed := firstListed(t, s)
			if of.prepare != nil {
				of.prepare(s, listed)
			}
			before := asked(t, s, of.who, `{ cases { totalCount } meetings { totalCount } actions { totalCount } }`, nil)
			cover(t, s, of.who, of.covers)
			s.Clock.Set(s.Clock.Now().Add(30 * time.Minute))
			mustReach(t, s, name, of.who, listed, false)
			if name == "when kept from the case" {
				return // the others are there
			}
			if after := asked(t, s, of.who, `{ cases { totalCount } meetings { totalCount } actions { totalCount } }`, nil); !bytes.Equal(after, before) {
				t.Errorf("lists grow from %s to %s", before, after)
			}
		})
	}
}
