package program_test

import (
	"fmt"
	"testing"
	"time"

	"accord/cmd/accord/stage"
	"accord/domain/calendar"
	"accord/domain/casework"
	"accord/domain/mappa"
	"accord/domain/marac"
	"accord/domain/sharing"
	"accord/internal/procedures"
	"accord/internal/records"
)

// deed is something that is given: a mutation that somebody makes through the API,
// or a procedure that the API does not serve, by its name in procedureOf.
type deed struct {
	By   string         `yaml:"by"`
	Does string         `yaml:"does"`
	With map[string]any `yaml:"with"`
	As   string         `yaml:"as"` // what the world calls the record that it leaves
}

// done is a deed as its procedure is told of it.
type done struct {
	*testing.T
	play *play
	by   string
	with map[string]any
}

// procedureOf are the deeds that the API does not serve, by their names. Each
// returns the id of the record that it leaves, if it leaves one.
var procedureOf = map[string]func(done) (string, error){
	"assign":                  assign,
	"sign the statement":      sign,
	"invite":                  invite,
	"advance the meeting":     advanceMeeting,
	"return research":         returnResearch,
	"agree an action":         agreeAction,
	"record an order":         recordOrder,
	"record a nominal":        recordNominal,
	"take a statement":        takeStatement,
	"roster":                  roster,
	"enrol":                   enrol,
	"let the agreement lapse": letAgreementLapse,
	"wait":                    wait,
	"do what is due":          doWhatIsDue,
}

// do has a deed done.
func (p *play) do(t *testing.T, one deed) {
	t.Helper()
	procedure, direct := procedureOf[one.Does]
	if !direct {
		answered := p.send(t, one.By, "", p.put(t, Inquiry{Does: one.Does, Input: one.With}, one.By, nil))
		if hasErrors(answered.Body) {
			t.Fatalf("%s by %s: %s", one.Does, one.By, answered.Body)
		}
		if one.As != "" {
			p.facts.call(t, one.As, answered.Body)
		}
	} else {
		id, err := procedure(done{t, p, one.By, p.resolve(t, one.By, one.With)})
		if err != nil {
			t.Fatalf("%s by %s: %v", one.Does, one.By, err)
		}
		if one.As != "" {
			p.facts.ids[one.As] = id
		}
	}
	if p.entered(t).alerted { // what a deed leaves is not what the next question leaves
		p.alerted(t)
	}
}

func (d done) session() *records.Session { return d.play.stage.As(d.T, d.by) }

func (d done) text(name string) string {
	text, _ := d.with[name].(string)
	return text
}

func (d done) texts(name string) []string {
	listed, _ := d.with[name].([]any)
	texts := make([]string, 0, len(listed))
	for _, one := range listed {
		texts = append(texts, fmt.Sprint(one))
	}
	return texts
}

func (d done) number(name string) int {
	number, _ := d.with[name].(uint64)
	return int(number)
}

// caseID is the id of the case that a deed is about.
func (d done) caseID() string {
	d.Helper()
	return d.play.facts.id(d.T, "case of "+d.text("case"))
}

func (d done) meetingID() string {
	d.Helper()
	return d.play.facts.id(d.T, "meeting "+d.text("meeting"))
}

func (d done) person(name string) string {
	d.Helper()
	return d.play.facts.id(d.T, "practitioner "+name)
}

func assign(d done) (string, error) {
	return "", procedures.AssignPractitioner(d.Context(), d.session(), d.caseID(), d.person(d.text("person")))
}

func sign(d done) (string, error) {
	return "", procedures.SignStatement(d.Context(), d.session(), d.meetingID(), d.person(d.text("person")))
}

// invite has somebody sit at a meeting, in a part; who is invited to one item
// names its case.
func invite(d done) (string, error) {
	var items []string
	if victim := d.text("case"); victim != "" {
		items = append(items, d.play.facts.id(d.T, "item of "+victim+" at "+d.text("meeting")))
	}
	return "", procedures.InviteToMeeting(d.Context(), d.session(), d.meetingID(), d.person(d.text("person")), marac.AttendancePart(d.text("part")), items...)
}

func advanceMeeting(d done) (string, error) {
	for status, advance := range map[string]func() error{
		"IN_SESSION":     func() error { return procedures.StartMeeting(d.Context(), d.session(), d.meetingID()) },
		"MINUTES_DRAFT":  func() error { return procedures.EndSession(d.Context(), d.session(), d.meetingID()) },
		"MINUTES_ISSUED": func() error { return procedures.IssueMinutes(d.Context(), d.session(), d.meetingID()) },
		"CLOSED":         func() error { return procedures.CloseMeeting(d.Context(), d.session(), d.meetingID()) },
	} {
		if status == d.text("to") {
			return "", advance()
		}
	}
	return "", fmt.Errorf("no meeting is advanced to %q", d.text("to"))
}

// returnResearch returns one finding of the doer's agency, and names it.
func returnResearch(d done) (string, error) {
	s := d.session()
	agency, _ := s.Records().Directory().Agency(s.Capacity().Agency)
	research := d.play.facts.id(d.T, "research of "+d.text("case")+" at "+d.text("meeting")+" by "+agency.Name)
	err := procedures.SubmitResearch(d.Context(), s, research, []marac.ResearchItem{{Text: d.text("finding"), Kind: marac.Fact}}, "")
	if err != nil {
		return "", err //nolint:wrapcheck // told by whoever has it done
	}
	returned, err := d.session().LoadResearch(d.Context(), research)
	if err != nil {
		return "", err //nolint:wrapcheck // told by whoever has it done
	}
	return returned.Value.Items[len(returned.Value.Items)-1].ID, nil
}

func agreeAction(d done) (string, error) {
	s := d.session()
	assignee, _ := s.Records().Directory().Practitioner(d.person(d.text("person")))
	return procedures.AgreeAction(d.Context(), s, marac.Action{
		Case: d.caseID(), Description: d.text("words"), Owner: assignee.Agency, Assignee: assignee.ID, DueOn: s.Today().AddDays(7),
	})
}

func recordOrder(d done) (string, error) {
	s := d.session()
	return "", procedures.RecordOrder(d.Context(), s, d.caseID(), casework.Order{
		Type: casework.OrderType(d.text("type")), MadeOn: s.Today().AddDays(-3), Conditions: d.text("conditions"),
	})
}

// recordNominal records that the first perpetrator of a case is managed under MAPPA.
func recordNominal(d done) (string, error) {
	s := d.session()
	return "", procedures.RecordNominal(d.Context(), s, d.caseID(), mappa.Nominal{
		Party: d.play.facts.id(d.T, "perpetrator of "+d.text("case")), From: s.Today().AddDays(-30),
		Category: mappa.Category(d.text("category")), Level: mappa.Level(d.text("level")),
	})
}

func takeStatement(d done) (string, error) {
	s := d.session()
	statement := casework.PersonalStatement{
		TakenOn: s.Today(), Text: d.text("text"), Preference: casework.StatementPreference(d.text("preference")),
	}
	for _, advocate := range d.texts("consented to") {
		statement.ConsentedTo = append(statement.ConsentedTo, d.person(advocate))
	}
	return "", procedures.TakePersonalStatement(d.Context(), s, d.caseID(), statement)
}

// roster gives somebody a turn of duty that begins now: for the teams of those who
// are named, and in the place of those who are covered.
func roster(d done) (string, error) {
	s := d.session()
	directory := s.Records().Directory()
	person, _ := directory.Practitioner(d.person(d.text("person")))
	shift := sharing.Shift{
		ID: s.Records().NewIdentifier("shift"), Practitioner: person.ID, Agency: person.Agency,
		From: s.Now(), Until: s.Now().Add(time.Duration(d.number("hours")) * time.Hour),
	}
	for _, login := range d.texts("for the team of") {
		member, _ := directory.Practitioner(d.person(login))
		shift.Teams = append(shift.Teams, member.Team)
	}
	for _, login := range d.texts("in the place of") {
		shift.Covers = append(shift.Covers, d.person(login))
	}
	return shift.ID, procedures.RosterShift(d.Context(), s, shift)
}

// enrol changes the entry of somebody: roles, team, the days on which vetting and
// training are current.
func enrol(d done) (string, error) {
	s := d.session()
	directory := s.Records().Directory()
	person, _ := directory.Practitioner(d.person(d.text("person")))
	if roles := d.texts("roles"); len(roles) > 0 {
		person.Roles = nil
		for _, role := range roles {
			person.Roles = append(person.Roles, sharing.RoleName(role))
		}
	}
	if mate := d.text("team of"); mate != "" {
		member, _ := directory.Practitioner(d.person(mate))
		person.Team = member.Team
	}
	switch d.text("lapsed") {
	case "vetting":
		person.Vetted = lapsed()
	case "training":
		person.Trained = lapsed()
	case "":
	default:
		return "", fmt.Errorf("nobody's %q lapses", d.text("lapsed"))
	}
	return person.ID, procedures.EnrolPractitioner(d.Context(), s, person)
}

func letAgreementLapse(d done) (string, error) {
	s := d.session()
	agency, _ := s.Records().Directory().Agency(d.play.facts.id(d.T, "agency "+d.text("agency")))
	agency.Agreement = lapsed()
	return agency.ID, procedures.EnrolAgency(d.Context(), s, agency)
}

// lapsed are days that ended the day before the rehearsal's first morning.
func lapsed() sharing.Span {
	yesterday := calendar.DateIn(stage.Start).AddDays(-1)
	return sharing.Span{From: yesterday.AddDays(-365), Until: yesterday}
}

// wait lets time pass.
func wait(d done) (string, error) {
	passed := time.Duration(d.number("hours"))*time.Hour + time.Duration(d.number("minutes"))*time.Minute
	d.play.stage.Clock.Set(d.play.stage.Clock.Now().Add(passed))
	return "", nil
}

// doWhatIsDue lets the program do what is due by the clock.
func doWhatIsDue(d done) (string, error) {
	d.play.stage.TakeTurns(d.T)
	return "", nil
}
