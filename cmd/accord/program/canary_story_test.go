package program_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"accord/cmd/accord/stage"
	"accord/domain/casework"
	"accord/domain/marac"
	"accord/domain/risk"
	"accord/domain/sharing"
	"accord/internal/demo"
	"accord/internal/procedures"
	"accord/internal/records"
	"accord/internal/views"
)

// telling is what came of a story: what those who may read it were shown, and
// what others were told.
type telling struct {
	read    string
	refused []stage.Answer
}

// story is one case from its opening to an action, told by its people with a
// canary in every field that takes words.
type story struct {
	*testing.T
	stage    *stage.Stage
	canary   func(field string) string
	officer  string // login, or rather subject, of the officer in the case
	token    string // the officer's
	agency   string
	kase     string
	referral string
	meeting  string
	read     strings.Builder
	refused  []stage.Answer
}

func tell(t *testing.T, s *stage.Stage, c *canaries) telling {
	t.Helper()
	told := &story{T: t, stage: s, canary: c.in}
	told.enrol()
	told.open()
	told.assess()
	told.list()
	told.research()
	told.act()
	told.attach()
	told.look()
	told.beRefused()
	return telling{told.read.String(), told.refused}
}

func (s *story) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatalf("telling the story: %v", err)
	}
}

// as starts a session of the officer or of somebody of the demo.
func (s *story) as(login string) *records.Session {
	s.Helper()
	if login != s.officer {
		return s.stage.As(s.T, login)
	}
	r := s.stage.Program.Records()
	capacity, err := r.CapacityOf(s.stage.SignIn().Provider.Issuer("northmoor-police"), s.officer)
	s.must(err)
	return r.Begin(s.Context(), capacity, r.NewIdentifier("request"))
}

// shown notes what a reader holds.
func (s *story) shown(value any) { _, _ = fmt.Fprintf(&s.read, "%+v\n", value) }

// enrol adds an agency and an officer whose names and sign-in are canaries.
func (s *story) enrol() {
	s.officer = s.canary("sign-in subject")
	r := s.stage.Program.Records()
	areas := s.stage.Capacity(s.T, "pc.ahmed").Areas
	s.agency = r.NewIdentifier("agency")
	administrator := s.as("sys.kerr")
	s.must(procedures.EnrolAgency(s.Context(), administrator, sharing.Agency{
		ID: s.agency, Reference: s.canary("agency reference"), Name: s.canary("agency name"), Type: sharing.Police, Areas: areas,
		Agreement: demo.Current(),
	}))
	team := sharing.Team{ID: r.NewIdentifier("team"), Agency: s.agency, Name: s.canary("team name")}
	s.must(procedures.FormTeam(s.Context(), administrator, team))
	officer := sharing.Practitioner{
		ID: r.NewIdentifier("prac"), Agency: s.agency, Name: s.canary("practitioner name"), Roles: []sharing.RoleName{"INVESTIGATOR"},
		Issuer: s.stage.SignIn().Provider.Issuer("northmoor-police"), Subject: s.officer, Areas: areas,
		Vetted: demo.Current(), Trained: demo.Current(),
	}
	s.must(procedures.EnrolPractitioner(s.Context(), administrator, officer))
	enrolled, _ := r.Directory().Practitioner(officer.ID)
	agency, _ := r.Directory().Agency(s.agency)
	s.shown(enrolled)
	s.shown(agency)
	token, err := s.stage.SignIn().Provider.Mint("northmoor-police", func(_, claims map[string]any) { claims["sub"] = s.officer })
	s.must(err)
	s.token = token
}

// open opens the case, with somebody in every part a person can have.
func (s *story) open() {
	area := s.stage.Capacity(s.T, "pc.ahmed").Areas[0]
	var parties []casework.Party
	for _, role := range casework.PartyRoles() {
		party := casework.Party{Role: role, Identity: casework.Identity{Name: s.canary("name of " + string(role))}}
		if role == casework.Perpetrator {
			party.Relationship, party.Allegation = casework.ExIntimate, casework.Alleged
		}
		parties = append(parties, party)
	}
	opened, err := procedures.OpenCase(s.Context(), s.as(s.officer), procedures.CaseOpening{
		Type: casework.DomesticAbuseIntimate, RiskLevel: risk.High, Area: area, Parties: parties,
		Conduct: casework.ConductDecision{Classification: casework.ConductStalking, Reason: s.canary("reason of the classification")},
	})
	s.must(err)
	s.kase = opened.ID
	for _, login := range []string{"idva.byrne", "po.singh"} {
		s.must(procedures.AssignPractitioner(s.Context(), s.as(s.officer), s.kase, s.stage.Capacity(s.T, login).Person))
	}
	s.must(procedures.RecordIncident(s.Context(), s.as(s.officer), s.kase, casework.Incident{
		Description: s.canary("description of an incident"), CrimeReference: s.canary("crime reference"), Channel: casework.Both,
	}))
	held, err := s.as("idva.byrne").LoadCase(s.Context(), s.kase)
	s.must(err)
	for _, party := range held.Value.Parties {
		of := " of " + string(party.Role)
		read, err := s.as("idva.byrne").CaseByID(s.Context(), s.kase)
		s.must(err)
		_, err = procedures.RecordSafeContact(s.Context(), s.as("idva.byrne"), procedures.SafeContactRecording{
			Case: s.kase, Party: party.ID, ExpectedVersion: int64(read.Version), Contact: casework.SafeContact{
				Address: casework.Address{
					Lines: []string{s.canary("first line of the address" + of), s.canary("second line of the address" + of)}, Postcode: s.canary("postcode"+of) + " 1AA",
				},
				Phone: s.canary("phone" + of), Method: s.canary("method" + of), SafeTimes: s.canary("safe times" + of),
			},
		})
		s.must(err)
	}
	held, err = s.as("idva.byrne").LoadCase(s.Context(), s.kase)
	s.must(err)
	s.shown(held.Value)
	incidents, err := s.as(s.officer).LoadIncidents(s.Context(), s.kase)
	s.must(err)
	s.shown(incidents[0].Value)
}

func (s *story) assess() {
	var answers []risk.AnswerGiven
	for _, item := range risk.SafeLivesDash24.Items() {
		answers = append(answers, risk.AnswerGiven{
			Code: item.Code, Answer: risk.Yes, Comment: s.canary("comment on " + item.Code), Source: s.canary("source of " + item.Code),
		})
	}
	s.must(procedures.SubmitAssessment(s.Context(), s.as(s.officer), s.kase, risk.Assessment{
		Tool: risk.SafeLivesDash24, Answers: answers,
		Judgement: risk.ProfessionalJudgement{Raises: true, Rationale: s.canary("rationale of the judgement")},
	}))
	assessments, err := s.as(s.officer).LoadAssessments(s.Context(), s.kase)
	s.must(err)
	s.shown(assessments[0].Value)
	s.must(procedures.AddPlanMeasure(s.Context(), s.as(s.officer), s.kase, risk.PlanItem{
		Description: s.canary("measure of the plan"), Owner: s.agency, AnswersRisk: "SLD-08",
	}))
}

// list refers the case and places it on a meeting of its own.
func (s *story) list() {
	var err error
	s.referral, err = procedures.SubmitReferral(s.Context(), s.as(s.officer), s.kase, marac.Referral{
		Reasons: []marac.ReferralReason{marac.ProfessionalConcern}, Rationale: s.canary("rationale of the referral"),
		Consent: sharing.ConsentRefused, ConsentReason: s.canary("why without consent"), Awareness: sharing.VictimAware,
	})
	s.must(err)
	referral, err := s.as(s.officer).LoadReferral(s.Context(), s.referral)
	s.must(err)
	s.shown(referral.Value)
	coordinator := s.as("coord.ellis")
	s.meeting, err = procedures.PlanMeeting(s.Context(), coordinator, procedures.MeetingPlan{
		Reference: "NM-MARAC-SOON", Kind: marac.MaracEmergency, Area: s.stage.Capacity(s.T, "coord.ellis").Areas[0],
		StartsAt: stage.Start.Add(24 * time.Hour), Venue: s.canary("venue"),
	})
	s.must(err)
	s.must(procedures.AcceptReferral(s.Context(), coordinator, s.referral))
	_, err = procedures.ListCase(s.Context(), coordinator, s.referral, s.meeting)
	s.must(err)
	for _, login := range []string{"idva.byrne", "po.singh"} {
		s.must(procedures.InviteToMeeting(s.Context(), coordinator, s.meeting, s.stage.Capacity(s.T, login).Person, marac.PartRepresentative))
	}
	s.must(procedures.CloseReferrals(s.Context(), coordinator, s.meeting))
	s.must(procedures.IssueList(s.Context(), coordinator, s.meeting))
	meeting, err := coordinator.LoadMeeting(s.Context(), s.meeting)
	s.must(err)
	s.shown(meeting.Value)
}

func (s *story) research() {
	representative := s.as("idva.byrne")
	meeting, err := representative.MeetingByID(s.Context(), s.meeting)
	s.must(err)
	items, err := representative.ListItems(s.Context(), meeting)
	s.must(err)
	research, err := representative.ResearchAt(s.Context(), items[0])
	s.must(err)
	s.must(procedures.SubmitResearch(s.Context(), s.as("idva.byrne"), research[0].ID, []marac.ResearchItem{
		{Kind: marac.Fact, Text: s.canary("fact of the research")}, {Kind: marac.Opinion, Text: s.canary("opinion of the research")},
	}, s.canary("note on what was withheld")))
}

// act agrees an action on the day of the meeting and reports on it through the
// API.
func (s *story) act() {
	s.stage.Clock.Set(stage.Start.Add(24 * time.Hour))
	s.must(procedures.StartMeeting(s.Context(), s.as("coord.ellis"), s.meeting))
	action, err := procedures.AgreeAction(s.Context(), s.as("coord.ellis"), marac.Action{
		Case: s.kase, Description: s.canary("description of an action"), Owner: s.stage.Capacity(s.T, "po.singh").Agency,
		Assignee: s.stage.Capacity(s.T, "po.singh").Person, DueOn: s.as("coord.ellis").Today(),
	})
	s.must(err)
	s.stage.Clock.Set(stage.Start) // within the life of the tokens
	report := func(login string, version int, status, note string) stage.Answer {
		return s.stage.Ask(s.T, login, `mutation($input: UpdateActionStatusInput!) { updateActionStatus(input: $input) { action { description statusNote } } }`,
			map[string]any{"input": map[string]any{
				"actionId": action, "status": status, "note": note, "expectedVersion": version, "idempotencyKey": s.canary("idempotency key") + login + status,
			}})
	}
	note := s.canary("note on an action")
	s.shown(string(report("po.singh", 1, "IN_PROGRESS", note).Body))
	s.refused = append(s.refused, report("pc.ward", 2, "COMPLETED", note), report("idva.byrne", 2, "COMPLETED", note),
		report("po.singh", 1, "COMPLETED", note), report("po.singh", 2, "AGREED", note),
		report("po.singh", 2, "COMPLETED", strings.Repeat(note, 1000)))
}

// attach attaches a file to what the advocate has recorded, and has others try.
func (s *story) attach() {
	note, err := procedures.RecordItem(s.Context(), s.as("idva.byrne"), procedures.ItemRecording{
		Case: s.kase, Kind: sharing.AdvocateNote, Basis: sharing.Fact, Text: s.canary("text of an advocate's note"),
	})
	s.must(err)
	file := stage.File{
		Record: note.ID, Name: s.canary("name of a file") + ".txt", Type: "text/plain", Content: []byte(s.canary("words of a file")),
		Key: s.canary("idempotency key"),
	}
	attached := s.stage.Attach(s.T, "idva.byrne", file)
	s.shown(string(attached.Body))
	var made struct {
		Data struct{ Attachment struct{ ID string } }
	}
	s.must(json.Unmarshal(attached.Body, &made))
	s.shown(string(s.stage.Fetch(s.T, "idva.byrne", made.Data.Attachment.ID).Body))
	held, err := s.as("idva.byrne").LoadOwnedItem(s.Context(), views.AdvocateNoteKind, note.ID)
	s.must(err)
	s.shown(held.Value)
	for _, change := range []func(*stage.File){
		func(f *stage.File) { f.Name += ".exe" }, func(f *stage.File) { f.Type = s.canary("name of a file") },
		func(f *stage.File) { f.Record = s.canary("name of a file") }, func(f *stage.File) { f.Content = append(f.Content, 0) },
	} {
		wrong := file
		change(&wrong)
		s.refused = append(s.refused, s.stage.Attach(s.T, "idva.byrne", wrong).Answer)
	}
	s.refused = append(s.refused, s.stage.Attach(s.T, "pc.ward", file).Answer, s.stage.Fetch(s.T, "pc.ward", made.Data.Attachment.ID).Answer,
		s.stage.Fetch(s.T, "idva.byrne", s.canary("name of a file")).Answer)
}

// look asks the API as those who may read.
func (s *story) look() {
	for _, reader := range []struct{ token, query string }{
		{s.token, `query($id: ID!) { viewer { name agency { name } } node(id: $id) { ... on Case {
			victim { name } children { name } perpetrators { name } currentAssessment { answers { comment } } plan { items { description owner { name } } }
			courseOfConduct { incidents { description } } } } }`},
		{s.stage.Token(s.T, "idva.byrne"), `query($id: ID!) { meeting(reference: "NM-MARAC-SOON") { list { research { items { text } withheldNote } } } node(id: $id) { id } }`},
	} {
		body, err := json.Marshal(map[string]any{"query": reader.query, "variables": map[string]any{"id": s.kase}})
		s.must(err)
		answer := s.stage.Send(s.T, reader.token, body)
		if strings.Contains(string(answer.Body), `"errors"`) {
			s.Fatalf("a reader is answered %s", answer.Body)
		}
		s.shown(string(answer.Body))
	}
}

// beRefused says the canaries to the API in every place that takes words.
func (s *story) beRefused() {
	for _, field := range []string{"name of VICTIM", "sign-in subject", "postcode of VICTIM"} {
		word := s.canary(field)
		for _, query := range []string{
			`{ case(reference: "` + word + `") { id } }`, `{ node(id: "` + word + `") { id } }`, `{ meeting(reference: "` + word + `") { id } }`,
			`{ cases(after: "` + word + `") { totalCount } }`, `{ ` + word + ` }`, `{ cases(first: "` + word + `") { totalCount } }`, word,
		} {
			s.refused = append(s.refused, s.stage.Ask(s.T, "pc.ward", query, nil))
		}
		s.refused = append(s.refused, s.stage.Send(s.T, word, []byte(word)))
	}
	s.refused = append(s.refused, s.stage.Ask(s.T, "pc.ward", `query($id: ID!) { node(id: $id) { id } }`, map[string]any{"id": s.kase}))
}
