package bench

import (
	"context"
	"fmt"
	"testing"
	"time"

	"accord/cmd/accord/stage"
	"accord/domain/calendar"
	"accord/domain/casework"
	"accord/domain/marac"
	"accord/domain/risk"
	"accord/domain/sharing"
	"accord/internal/demo"
	"accord/internal/procedures"
	"accord/internal/records"
)

// The meeting that is measured: as long as a full day's list.
const (
	meetingReference = "BENCH-MEETING"
	listedCases      = 20
)

// atTheTable are the representatives of the six agencies that return research.
var atTheTable = []string{"ds.reid", "po.singh", "idva.byrne", "isac.moss", "hv.osei", "sw.duffy"}

// world is the meeting and everything on its list, written by procedures as the
// people whose work it is.
type world struct {
	tb      testing.TB
	stage   *stage.Stage
	area    string
	agency  map[string]string // id by reference
	person  map[string]string // id by login
	employs map[string]string // agency id by login
	meeting string
}

// writeWorld writes the world into an empty stage.
func writeWorld(tb testing.TB, s *stage.Stage) {
	tb.Helper()
	w := &world{tb: tb, stage: s, agency: map[string]string{}, person: map[string]string{}, employs: map[string]string{}}
	w.enrol()
	w.do("coord.ellis", w.plan)
	for n := range listedCases {
		w.listCase(n)
	}
	w.do("coord.ellis", w.issue)
	for n, login := range atTheTable {
		w.do(login, func(ctx context.Context, s *records.Session) error { return w.returnResearch(ctx, s, n) })
	}
}

// do has somebody do something.
func (w *world) do(login string, act func(ctx context.Context, s *records.Session) error) {
	w.tb.Helper()
	if err := act(w.tb.Context(), w.stage.As(w.tb, login)); err != nil {
		w.tb.Fatalf("writing the world as %s: %v", login, err)
	}
}

// enrol takes the demo's agencies and people into the directory, so that they
// sign in as they do there; all of them work in one area.
func (w *world) enrol() {
	w.tb.Helper()
	ctx, r := w.tb.Context(), w.stage.Program.Records()
	w.area = r.NewIdentifier("area")
	for _, agency := range demo.Agencies() {
		w.agency[agency.Reference] = r.NewIdentifier("agency")
		for _, person := range agency.People {
			w.person[person.Login], w.employs[person.Login] = r.NewIdentifier("prac"), w.agency[agency.Reference]
		}
	}
	const administrator = "sys.kerr"
	enrolPerson := func(s *records.Session, agency demo.Agency, person demo.Person) error {
		return procedures.EnrolPractitioner(ctx, s, sharing.Practitioner{
			ID: w.person[person.Login], Agency: w.agency[agency.Reference], Name: person.Name, Subject: person.Login, Roles: person.Roles,
			Issuer: w.stage.SignIn().Provider.Issuer(agency.Reference), Areas: []string{w.area},
			Vetted: demo.Current(), Trained: demo.Current(),
		})
	}
	for _, agency := range demo.Agencies() {
		for _, person := range agency.People {
			if person.Login != administrator {
				continue
			}
			if err := enrolPerson(r.FirstStart(ctx), agency, person); err != nil {
				w.tb.Fatalf("enrolling the administrator: %v", err)
			}
		}
	}
	w.do(administrator, func(ctx context.Context, s *records.Session) error {
		area := sharing.Area{ID: w.area, Reference: "northmoor", Name: "Northmoor"}
		policy := marac.DefaultPolicy(w.area, s.Today().AddDays(-400))
		if err := procedures.SetAreaPolicy(ctx, s, area, policy); err != nil {
			return err
		}
		for _, agency := range demo.Agencies() {
			if err := procedures.EnrolAgency(ctx, s, sharing.Agency{
				ID: w.agency[agency.Reference], Reference: agency.Reference, Name: agency.Name, Type: agency.Type, Areas: []string{w.area},
				Agreement: demo.Current(),
			}); err != nil {
				return err
			}
			for _, person := range agency.People {
				if person.Login == administrator {
					continue
				}
				if err := enrolPerson(s, agency, person); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// plan plans the meeting and invites the table.
func (w *world) plan(ctx context.Context, s *records.Session) (err error) {
	w.meeting, err = procedures.PlanMeeting(ctx, s, procedures.MeetingPlan{
		Reference: meetingReference, Kind: marac.MaracScheduled, Area: w.area, Venue: "Northmoor Civic Centre",
		StartsAt: calendar.AddWorkingDays(s.Today(), 20).Start().Add(10 * time.Hour),
	})
	if err != nil {
		return err
	}
	for _, login := range atTheTable {
		if err := procedures.InviteToMeeting(ctx, s, w.meeting, w.person[login], marac.PartRepresentative); err != nil {
			return err
		}
	}
	return nil
}

// listCase opens a case, assesses, plans, refers and lists it, and agrees what
// the agencies have undertaken for it.
func (w *world) listCase(n int) {
	w.tb.Helper()
	var opened, victim, referral string
	w.do("pc.ahmed", func(ctx context.Context, s *records.Session) (err error) {
		if opened, victim, err = w.openCase(ctx, s, n); err != nil {
			return err
		}
		if err := procedures.AssignPractitioner(ctx, s, opened, w.person["idva.byrne"]); err != nil {
			return err
		}
		referral, err = procedures.SubmitReferral(ctx, s, opened, marac.Referral{
			Consent: sharing.ConsentGiven, Awareness: sharing.VictimAware,
		})
		return err
	})
	w.do("idva.byrne", func(ctx context.Context, s *records.Session) error {
		read, err := s.CaseByID(ctx, opened)
		if err != nil {
			return err
		}
		_, err = procedures.RecordSafeContact(ctx, s, procedures.SafeContactRecording{
			Case: opened, Party: victim, ExpectedVersion: int64(read.Version), Contact: casework.SafeContact{
				Address: casework.Address{Lines: []string{fmt.Sprintf("%d Larkspur Rise", n+1), "Northmoor"}, Postcode: "NM4 7QT"},
				Method:  "text first", SafeTimes: "weekdays before three",
			},
		})
		return err
	})
	w.do("coord.ellis", func(ctx context.Context, s *records.Session) error {
		if err := procedures.AcceptReferral(ctx, s, referral); err != nil {
			return err
		}
		if _, err := procedures.ListCase(ctx, s, referral, w.meeting); err != nil {
			return err
		}
		return w.agreeActions(ctx, s, opened, n)
	})
}

func (w *world) openCase(ctx context.Context, s *records.Session, n int) (caseID, victim string, err error) {
	opened, err := procedures.OpenCase(ctx, s, procedures.CaseOpening{
		Type: casework.DomesticAbuseIntimate, RiskLevel: risk.High, Area: w.area, Parties: parties(n),
	})
	if err != nil {
		return "", "", err
	}
	var answers []risk.AnswerGiven
	for i, item := range risk.SafeLivesDash24.Items() {
		answer := risk.Yes
		if i >= 14+n%6 {
			answer = risk.No
		}
		answers = append(answers, risk.AnswerGiven{Code: item.Code, Answer: answer})
	}
	if err := procedures.SubmitAssessment(ctx, s, opened.ID, risk.Assessment{
		Tool: risk.SafeLivesDash24, Answers: answers, AssessedOn: s.Today(),
	}); err != nil {
		return "", "", err
	}
	for i, words := range []string{
		"Door camera, lock change and a marker on the address for an immediate response",
		"Handover of the children moved to the contact centre, with staff told why",
		"Weekly contact by the safe number, and a plan for leaving within the hour",
	} {
		if err := procedures.AddPlanMeasure(ctx, s, opened.ID, risk.PlanItem{
			Description: words, Owner: w.employs[atTheTable[i]], AnswersRisk: answers[i].Code,
		}); err != nil {
			return "", "", err
		}
	}
	return opened.ID, opened.Victim().ID, nil
}

// parties are a victim, two children and a perpetrator with invented names.
func parties(n int) []casework.Party {
	born := func(year, day int) calendar.Date { return calendar.NewDate(year, time.May, 1+(n+day)%28) }
	return []casework.Party{
		{
			Role:     casework.Victim,
			Identity: casework.Identity{Name: fmt.Sprintf("Adela Quarrington-%02d", n), DateOfBirth: born(1990, 1)},
		},
		{Role: casework.Child, Identity: casework.Identity{Name: fmt.Sprintf("Benedict Quarrington-%02d", n), DateOfBirth: born(2016, 2)}},
		{Role: casework.Child, Identity: casework.Identity{Name: fmt.Sprintf("Clementine Quarrington-%02d", n), DateOfBirth: born(2019, 3)}},
		{
			Role: casework.Perpetrator, Identity: casework.Identity{Name: fmt.Sprintf("Desmond Thackwray-%02d", n), DateOfBirth: born(1987, 4)},
			Relationship: casework.ExIntimate, Allegation: casework.Alleged,
		},
	}
}

func (w *world) agreeActions(ctx context.Context, s *records.Session, caseID string, n int) error {
	for i, words := range []string{
		"Visit with the health visitor, see both children and write to the school about who may collect them",
		"Check the licence conditions and ask for an exclusion zone around the home and the school",
		"Review the marker on the address and tell the control room what an immediate response means here",
		"Offer the programme for parents and say by telephone to the safe number whether it was taken up",
	} {
		login := atTheTable[(n+i)%len(atTheTable)]
		if _, err := procedures.AgreeAction(ctx, s, marac.Action{
			Case: caseID, Description: words, Owner: w.employs[login], Assignee: w.person[login],
			DueOn: calendar.AddWorkingDays(s.Today(), 5+i),
		}); err != nil {
			return err
		}
	}
	return nil
}

// issue sends the list out, which asks the six agencies for research.
func (w *world) issue(ctx context.Context, s *records.Session) error {
	if err := procedures.CloseReferrals(ctx, s, w.meeting); err != nil {
		return err
	}
	return procedures.IssueList(ctx, s, w.meeting)
}

// returnResearch has a representative return what their agency holds for every
// case on the list.
func (w *world) returnResearch(ctx context.Context, s *records.Session, agency int) error {
	meeting, err := s.MeetingByID(ctx, w.meeting)
	if err != nil {
		return err
	}
	items, err := s.ListItems(ctx, meeting)
	if err != nil {
		return err
	}
	for n, item := range items {
		own, err := s.ResearchAt(ctx, item)
		if err != nil {
			return err
		}
		for _, research := range own {
			if (n+agency)%4 == 0 {
				err = procedures.ReturnNil(ctx, s, research.ID)
			} else {
				err = procedures.SubmitResearch(ctx, s, research.ID, findings, "")
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

var findings = []marac.ResearchItem{
	{Kind: marac.Fact, Text: "Known to the agency since last spring; two contacts on record, the last in January."},
	{Kind: marac.Opinion, Text: "The worker who knows the family thinks that she says less than happens."},
}
