package worlds

import (
	"slices"

	"accord/authz"
	"accord/domain/calendar"
	"accord/domain/casework"
	"accord/domain/risk"
	"accord/internal/procedures"
	"accord/internal/views"
)

// OpenCase opens a case.
type OpenCase struct {
	Case    string // its name in the script
	Type    casework.CaseType
	Level   risk.Level
	Area    string
	Earlier int // days before the act on which it was opened
	Parties []casework.Party
	Conduct casework.ConductClassification
}

func (o OpenCase) String() string { return describe(o) }
func (o OpenCase) about() string  { return o.Case }

func (o OpenCase) play(at stand) (string, error) {
	opening := procedures.CaseOpening{
		Type: o.Type, RiskLevel: o.Level, Area: at.id(o.Area), OpenedOn: at.Today().AddDays(-o.Earlier), Parties: slices.Clone(o.Parties),
	}
	if o.Conduct != "" {
		opening.Conduct = casework.ConductDecision{Classification: o.Conduct, Reason: "Considered on opening."}
	}
	opened, err := procedures.OpenCase(at, at.Session, opening)
	*at.opened = opened
	return opened.ID, err //nolint:wrapcheck // looked at as it is
}

func (o OpenCase) note(w *World, act Act, left made) {
	opener := w.People[act.By]
	opened := &Case{
		Name: o.Case, ID: left.result, Reference: left.opened.Reference, Area: o.Area, Type: o.Type, Level: o.Level,
		OpenedOn: calendar.DateIn(left.at).AddDays(-o.Earlier), Stalking: o.Conduct == casework.ConductStalking, Agencies: []string{opener.Agency},
		Assigned: []Assigned{opener.assigned()},
	}
	for i, party := range left.opened.Parties {
		opened.Parties = append(opened.Parties, party.ID)
		opened.Children = opened.Children || o.Parties[i].Role == casework.Child
	}
	w.Cases[o.Case], w.IDs[o.Case] = opened, opened.ID
	w.Of[act.Key] = w.add(&Record{ID: opened.ID, Kind: views.CaseKind, Case: opened})
}

func (p *Person) assigned() Assigned {
	return Assigned{Person: p.Login, Agency: p.Agency, Team: p.Team, Cps: p.Cps, Police: p.Police}
}

func (o OpenCase) secrets() []Secret {
	other := o
	other.Level = risk.High
	if o.Level == risk.High {
		other.Level = risk.Medium
	}
	earlier := o
	earlier.Earlier++
	all := []Secret{{"risk level", authz.CaseCore, true, other}, {"day of opening", authz.CaseCore, true, earlier}}
	for i, party := range o.Parties {
		class := views.IdentityClass(party.Role)
		with := func(identity casework.Identity) Deed {
			changed := o
			changed.Parties = slices.Clone(o.Parties)
			changed.Parties[i].Identity = identity
			return changed
		}
		renamed, shifted, other := party.Identity, party.Identity, party.Identity
		if party.Identity.Name != "" {
			renamed.Name += "son"
			other.Name = "Quincy " + party.Identity.Name
			all = append(all, Secret{"name with the same initials", class, true, with(renamed)}, Secret{"name with other initials", class, false, with(other)})
		}
		if born := party.Identity.DateOfBirth; !born.IsZero() {
			shifted.DateOfBirth = born.AddDays(1)
			if shifted.DateOfBirth.Year() != born.Year() {
				shifted.DateOfBirth = born.AddDays(-1)
			}
			all = append(all, Secret{"day of birth in the same year", class, true, with(shifted)})
		}
	}
	return all
}

// Assign gives a case to somebody.
type Assign struct{ Case, Login string }

func (a Assign) String() string { return describe(a) }
func (a Assign) about() string  { return a.Case }

func (a Assign) play(at stand) (string, error) {
	return "", procedures.AssignPractitioner(at, at.Session, at.id(a.Case), at.id(a.Login)) //nolint:wrapcheck // looked at as it is
}

func (a Assign) note(w *World, _ Act, _ made) {
	of, person := w.Cases[a.Case], w.People[a.Login]
	if !slices.Contains(of.Agencies, person.Agency) {
		of.Agencies = append(of.Agencies, person.Agency)
	}
	if !slices.ContainsFunc(of.Assigned, func(assigned Assigned) bool { return assigned.Person == a.Login }) {
		of.Assigned = append(of.Assigned, person.assigned())
	}
}

func (a Assign) secrets() []Secret { return nil }

// Contact records how the victim is reached safely.
type Contact struct {
	Case    string
	Contact casework.SafeContact
}

func (c Contact) String() string { return describe(c) }
func (c Contact) about() string  { return c.Case }

func (c Contact) play(at stand) (string, error) {
	of, err := at.CaseByID(at, at.id(c.Case))
	if err != nil {
		return "", err //nolint:wrapcheck // looked at as it is
	}
	_, err = procedures.RecordSafeContact(at, at.Session, procedures.SafeContactRecording{
		Case: of.ID, Party: at.player.World.victim(c.Case), Contact: c.Contact, ExpectedVersion: int64(of.Version),
	})
	return "", err //nolint:wrapcheck // looked at as it is
}

// victim is the party id of the victim of a case, who is its first party.
func (w *World) victim(caseName string) string {
	if of := w.Cases[caseName]; of != nil && len(of.Parties) > 0 {
		return of.Parties[0]
	}
	return ""
}

func (c Contact) note(w *World, act Act, _ made) { w.Of[act.Key] = w.Record(w.IDs[c.Case]) }

func (c Contact) secrets() []Secret {
	lines, phone, postcode, elsewhere := c, c, c, c
	lines.Contact.Address.Lines = []string{"The other house"}
	phone.Contact.Phone = "07700 900999"
	if c.Contact.Refuge {
		return []Secret{{"phone", authz.SafeContact, true, phone}}
	}
	postcode.Contact.Address.Postcode = "NM3 9ZZ"
	elsewhere.Contact.Address.Postcode = "SV7 1AB"
	return []Secret{
		{"address", authz.SafeContact, true, lines},
		{"phone", authz.SafeContact, true, phone},
		{"inward postcode", authz.SafeContact, true, postcode},
		{"outward postcode", authz.SafeContact, false, elsewhere},
	}
}

// Happen records an incident.
type Happen struct {
	Case     string
	DaysAgo  int // -1: the day is not known
	Incident casework.Incident
}

func (h Happen) String() string { return describe(h) }
func (h Happen) about() string  { return h.Case }

func (h Happen) play(at stand) (string, error) {
	incident := h.Incident
	if h.DaysAgo >= 0 {
		incident.OccurredOn = at.Today().AddDays(-h.DaysAgo)
	}
	return "", procedures.RecordIncident(at, at.Session, at.id(h.Case), incident) //nolint:wrapcheck // looked at as it is
}

func (h Happen) note(w *World, act Act, left made) {
	w.Of[act.Key] = w.add(&Record{ID: left.created[views.IncidentKind][0], Kind: views.IncidentKind, Case: w.Cases[h.Case]})
}

func (h Happen) secrets() []Secret {
	words, behaviours, channel := h, h, h
	words.Incident.Description += " Again."
	behaviours.Incident.Behaviours = []casework.StalkingBehaviour{casework.WatchingOrSpying, casework.Publishing}
	channel.Incident.Channel = casework.Online
	if h.Incident.Channel == casework.Online {
		channel.Incident.Channel = ""
	}
	return []Secret{
		{"description", authz.CourseOfConduct, true, words},
		{"behaviours", authz.CourseOfConduct, true, behaviours},
		{"channel", authz.CourseOfConduct, true, channel},
	}
}

// Assess submits an assessment.
type Assess struct {
	Case    string
	Tool    risk.Tool
	Yes     []int // items answered YES, from 0
	Comment string
	Raises  bool
}

func (a Assess) String() string { return describe(a) }
func (a Assess) about() string  { return a.Case }

func (a Assess) play(at stand) (string, error) {
	assessment := risk.Assessment{Tool: a.Tool}
	for n, item := range a.Tool.Items() {
		given := risk.AnswerGiven{Code: item.Code, Answer: risk.No, Comment: a.Comment}
		if slices.Contains(a.Yes, n) {
			given.Answer = risk.Yes
		}
		assessment.Answers = append(assessment.Answers, given)
	}
	if a.Raises {
		assessment.Judgement = risk.ProfessionalJudgement{Raises: true, Rationale: "She says less than happens. " + a.Comment}
	}
	return "", procedures.SubmitAssessment(at, at.Session, at.id(a.Case), assessment) //nolint:wrapcheck // looked at as it is
}

func (a Assess) note(w *World, act Act, left made) {
	w.Of[act.Key] = w.add(&Record{
		ID: left.created[views.AssessmentKind][0], Kind: views.AssessmentKind, Case: w.Cases[a.Case], Agency: w.People[act.By].Agency, Person: act.By,
	})
}

func (a Assess) secrets() []Secret {
	comment, answers := a, a
	comment.Comment += " Her sister was there."
	all := []Secret{{"comment", authz.RiskAssessment, true, comment}}
	if count := len(a.Tool.Items()); len(a.Yes) > 0 && len(a.Yes) < count {
		answers.Yes = nil // as many YES, to other items
		for n := count - 1; len(answers.Yes) < len(a.Yes); n-- {
			answers.Yes = append(answers.Yes, n)
		}
		all = append(all, Secret{"answers with the same score", authz.RiskAssessment, true, answers})
	}
	return all
}

// Measure adds a measure to the plan.
type Measure struct{ Case, Words, Owner, Answers string }

func (m Measure) String() string { return describe(m) }
func (m Measure) about() string  { return m.Case }

func (m Measure) play(at stand) (string, error) {
	return "", procedures.AddPlanMeasure(at, at.Session, at.id(m.Case), risk.PlanItem{ //nolint:wrapcheck // looked at as it is
		Description: m.Words, Owner: at.id(m.Owner), AnswersRisk: m.Answers,
	})
}

func (m Measure) note(w *World, act Act, left made) {
	if begun := left.created[views.PlanKind]; len(begun) > 0 {
		w.add(&Record{ID: begun[0], Kind: views.PlanKind, Case: w.Cases[m.Case]})
	}
	for _, record := range w.OfKind(views.PlanKind) {
		if record.Case == w.Cases[m.Case] {
			w.Of[act.Key] = record
		}
	}
}

func (m Measure) secrets() []Secret {
	words, owner, answers := m, m, m
	words.Words += " And a camera."
	owner.Owner = "northmoor-health"
	answers.Answers = "SLD-11"
	return []Secret{{"measure", authz.Plan, true, words}, {"owner of a measure", authz.Plan, true, owner}, {"risk answered", authz.Plan, true, answers}}
}
