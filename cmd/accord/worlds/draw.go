package worlds

import (
	"cmp"
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"accord/authz"
	"accord/domain/calendar"
	"accord/domain/casework"
	"accord/domain/marac"
	"accord/domain/risk"
	"accord/domain/sharing"
	"accord/internal/demo"
)

// Scripts generates worlds. What it draws first is what it is about; a smaller
// draw is a smaller world, so that a failure shrinks to one people can read.
func Scripts() *rapid.Generator[Script] {
	return rapid.Custom(func(t *rapid.T) Script {
		d := &drawer{t: t, roles: map[string][]sharing.RoleName{}}
		d.people()
		meetings := d.meetings()
		for n := range rapid.IntRange(1, 6).Draw(t, "cases") {
			d.kase(fmt.Sprintf("case%d", n+1), meetings)
		}
		for _, meeting := range meetings {
			d.hear(meeting)
		}
		d.exclusions()
		slices.SortStableFunc(d.script, func(a, b Act) int { return cmp.Compare(a.Day, b.Day) })
		return d.script
	})
}

// drawer draws one script.
type drawer struct {
	t        *rapid.T
	script   Script
	roles    map[string][]sharing.RoleName
	cases    []string
	actions  int
	assigned map[string][]string // logins by case
}

// meetingDrawn is a meeting and how far it is to come.
type meetingDrawn struct {
	name, area string
	starts     int
	cases      []string
	until      int // how many of the stages
}

// The days on which things are done in every world; a meeting's own days hang on
// when it starts.
const (
	dayOfDirectory = -60
	dayOfPlanning  = -50
	dayOfOpening   = -40
	dayOfReferral  = -35
	dayOfListing   = -30
	dayOfIssue     = -25
	dayOfResearch  = -20
	dayOfWorld     = 0
)

func (d *drawer) act(day int, by string, deed Deed) {
	d.script = append(d.script, Act{Key: fmt.Sprintf("act %d", len(d.script)), Day: day, By: by, Do: deed})
}

func (d *drawer) chance(outOf int, what string) bool {
	return rapid.IntRange(0, outOf-1).Draw(d.t, what) == outOf-1
}

func oneOf[T any](d *drawer, what string, from ...T) T {
	return rapid.SampledFrom(from).Draw(d.t, what)
}

// people varies who holds which roles, works in which team, supervises, is on the
// roster and in which areas.
func (d *drawer) people() {
	for _, agency := range demo.Agencies() {
		for _, person := range agency.People {
			d.roles[person.Login] = person.Roles
		}
	}
	everybody := logins()
	d.enrol("pc.ahmed", "", "response", nil)
	for range rapid.IntRange(1, 3).Draw(d.t, "people with something of their own") {
		login := oneOf(d, "who", everybody...)
		second := sharing.RoleName("")
		if login != administrator && d.chance(2, "a second role") {
			second = sharing.RoleName(oneOf(d, "role", authz.Roles()...).String())
		}
		team := oneOf(d, "team", teamsOf(login)...)
		var supervises []string
		if d.chance(2, "supervises") {
			supervises = []string{oneOf(d, "supervised", "response", "protection", "advocates")}
		}
		d.enrol(login, second, team, supervises)
	}
	d.enrol("insp.cole", "", "", []string{"response"})
	if d.chance(2, "roster") {
		shift := Roster{Login: oneOf(d, "on duty", "insp.cole", "ds.reid", "pc.ahmed"), Teams: []string{"response", "protection"}, From: -30, Until: oneOf(d, "until", 10, -5)}
		d.act(dayOfDirectory, administrator, shift)
	}
}

func (d *drawer) enrol(login string, second sharing.RoleName, team string, supervises []string) {
	if slices.ContainsFunc(d.script, func(a Act) bool { e, ok := a.Do.(Enrol); return ok && e.Login == login }) {
		return
	}
	roles := slices.Clone(d.roles[login])
	if second != "" && !slices.Contains(roles, second) {
		roles = append(roles, second)
	}
	d.roles[login] = roles
	areas := agencyOf(login).Areas
	if d.chance(4, "both areas") {
		areas = []string{northmoor, southvale}
	}
	d.act(dayOfDirectory, administrator, Enrol{Login: login, Roles: roles, Team: team, Supervises: supervises, Areas: areas})
}

func logins() []string {
	var all []string
	for _, agency := range demo.Agencies() {
		for _, person := range agency.People {
			all = append(all, person.Login)
		}
	}
	return all
}

// teamsOf lists the teams somebody can be in; the empty one is none.
func teamsOf(login string) []string {
	own := []string{""}
	for _, name := range []string{"response", "protection", "advocates"} {
		if teams[name] == demo.AgencyOf(login) {
			own = append(own, name)
		}
	}
	return own
}

// able lists who holds one of the roles.
func (d *drawer) able(roles ...sharing.RoleName) []string {
	var found []string
	for _, login := range logins() {
		if slices.ContainsFunc(roles, func(role sharing.RoleName) bool { return slices.Contains(d.roles[login], role) }) {
			found = append(found, login)
		}
	}
	return found
}

func (d *drawer) meetings() []*meetingDrawn {
	var drawn []*meetingDrawn
	for n := range rapid.IntRange(0, 2).Draw(d.t, "meetings") {
		m := &meetingDrawn{name: fmt.Sprintf("meeting%d", n+1), area: northmoor, starts: oneOf(d, "starts", -10, dayOfWorld, 5)}
		if n > 0 && d.chance(4, "in the other area") {
			m.area = southvale
		}
		m.until = oneOf(d, "stages", 2, 3, 3, 3, 4, 5, 6, 1, 0)
		kind := oneOf(d, "kind", marac.MaracScheduled, marac.MaracEmergency, marac.StalkingClinic)
		d.act(dayOfPlanning, "coord.ellis", Convene{Meeting: m.name, Kind: kind, Area: m.area, StartsOn: m.starts, Venue: d.words("venue")})
		drawn = append(drawn, m)
	}
	return drawn
}

func (d *drawer) words(what string) string {
	return oneOf(d, what, "Seen at the gate.", "She changed the locks.", "He was told to stop.", "Known since spring.", "Ünsafe <b>to</b> \"call\".")
}

func (d *drawer) party(role casework.PartyRole) casework.Party {
	given := oneOf(d, "given name", "Ada", "Bea", "Cy", "Dora-Lee")
	family := oneOf(d, "family name", "Marsh", "O'Neil", "Pike", "Quill")
	p := casework.Party{Role: role, Identity: casework.Identity{Name: given + " " + family}}
	if role != casework.Victim && d.chance(5, "nobody knows who") {
		p.Identity.Name = ""
	}
	if !d.chance(4, "no day of birth") {
		p.Identity.DateOfBirth = calendar.DateIn(dayOf(0)).AddDays(-rapid.IntRange(400, 20000).Draw(d.t, "age in days"))
	}
	if role == casework.Perpetrator {
		p.Relationship, p.Allegation = casework.ExIntimate, casework.Alleged
	}
	return p
}

func (d *drawer) kase(name string, meetings []*meetingDrawn) {
	d.cases = append(d.cases, name)
	opener := oneOf(d, "opener", append([]string{"pc.ahmed", "pc.ahmed", "ds.reid", "pc.ward"}, d.able("INVESTIGATOR", "PUBLIC_PROTECTION")...)...)
	opening := OpenCase{
		Case: name, Area: agencyOf(opener).Areas[0], Earlier: rapid.IntRange(0, 3).Draw(d.t, "opened earlier"),
		Type:  oneOf(d, "type", casework.DomesticAbuseIntimate, casework.StalkingNotDomestic, casework.HonourBasedAbuse, casework.HarassmentNotDomestic),
		Level: oneOf(d, "level", risk.Levels()...), Parties: []casework.Party{d.party(casework.Victim)},
	}
	for range rapid.IntRange(0, 3).Draw(d.t, "children") {
		opening.Parties = append(opening.Parties, d.party(casework.Child))
	}
	opening.Parties = append(opening.Parties, d.party(casework.Perpetrator))
	if d.chance(3, "decided what the conduct is") {
		opening.Conduct = oneOf(d, "conduct", casework.ConductStalking, casework.ConductHarassment)
	}
	d.act(dayOfOpening, opener, opening)
	working := []string{opener}
	workers := d.able("IDVA", "ISAC", "PUBLIC_PROTECTION", "PROBATION_PRACTITIONER", "AGENCY_REPRESENTATIVE", "PROSECUTOR", "INVESTIGATOR")
	for range rapid.IntRange(0, 3).Draw(d.t, "assignments") {
		worker := oneOf(d, "worker", workers...)
		if !slices.Contains(working, worker) {
			d.act(dayOfOpening, opener, Assign{Case: name, Login: worker})
			working = append(working, worker)
		}
	}
	if d.assigned == nil {
		d.assigned = map[string][]string{}
	}
	d.assigned[name] = working
	d.record(name, working)
	d.refer(name, opening.Area, working, meetings)
}

// among picks somebody who works on the case and holds one of the roles; empty
// when nobody does.
func (d *drawer) among(working []string, roles ...sharing.RoleName) string {
	able := slices.DeleteFunc(d.able(roles...), func(login string) bool { return !slices.Contains(working, login) })
	if len(able) == 0 {
		return ""
	}
	return oneOf(d, "by", able...)
}

// record draws what is recorded of a case in its first days.
func (d *drawer) record(name string, working []string) {
	if by := d.among(working, "PUBLIC_PROTECTION", "IDVA", "ISAC"); by != "" && d.chance(2, "safe contact") {
		contact := casework.SafeContact{Phone: "07700 900123", Method: "text first", SafeTimes: "before three"}
		switch oneOf(d, "home", "open", "confidential", "refuge") {
		case "open":
			contact.Address = casework.Address{Lines: []string{"4 Mill Row"}, Postcode: "NM3 4QT"}
		case "confidential":
			contact.Address, contact.Confidential = casework.Address{Lines: []string{"9 Dock Street"}, Postcode: "NM7 1AA"}, true
		default:
			contact.Refuge = true
		}
		d.act(dayOfOpening+1, by, Contact{Case: name, Contact: contact})
	}
	recorders := []sharing.RoleName{"INVESTIGATOR", "PUBLIC_PROTECTION", "IDVA", "ISAC"}
	for range rapid.IntRange(0, 2).Draw(d.t, "incidents") {
		d.act(dayOfOpening+1, d.among(working, recorders...), Happen{
			Case: name, DaysAgo: rapid.IntRange(-1, 20).Draw(d.t, "days ago"), Incident: casework.Incident{
				Description: d.words("what happened"), Channel: oneOf(d, "channel", casework.Offline, casework.Online, ""),
				Behaviours: []casework.StalkingBehaviour{oneOf(d, "behaviour", casework.Following, casework.Contacting)},
			},
		})
	}
	for range rapid.IntRange(0, 2).Draw(d.t, "assessments") {
		tool := oneOf(d, "tool", risk.SafeLivesDash24, risk.SDash11, risk.SafeLivesDash24)
		yes := rapid.SliceOfNDistinct(rapid.IntRange(0, len(tool.Items())-1), 0, 11, rapid.ID[int]).Draw(d.t, "yes")
		d.act(dayOfOpening+2, d.among(working, recorders...), Assess{
			Case: name, Tool: tool, Yes: yes, Comment: oneOf(d, "comment", "", "In her words."), Raises: d.chance(3, "raises"),
		})
	}
	for range rapid.IntRange(0, 2).Draw(d.t, "measures") {
		d.act(dayOfOpening+3, d.among(working, recorders...), Measure{
			Case: name, Words: d.words("measure"), Owner: oneOf(d, "owner", "northmoor-police", "harbour-idva"), Answers: oneOf(d, "answers", "", "SLD-08"),
		})
	}
}

// refer draws the way of a case to the meetings of its area.
func (d *drawer) refer(name, area string, working []string, meetings []*meetingDrawn) {
	for _, meeting := range meetings {
		if meeting.area != area || d.chance(4, "not referred") {
			continue
		}
		referrer := d.among(working, "INVESTIGATOR", "PUBLIC_PROTECTION", "IDVA", "ISAC", "PROBATION_PRACTITIONER", "AGENCY_REPRESENTATIVE")
		referral := "referral of " + name + " to " + meeting.name
		d.act(dayOfReferral, referrer, Refer{
			Case: name, Referral: referral, Rationale: d.words("rationale"), Because: "To keep her safe.",
			Consent: oneOf(d, "consent", sharing.ConsentGiven, sharing.ConsentRefused),
		})
		if d.chance(6, "not accepted") {
			continue
		}
		d.act(dayOfListing-1, "coord.ellis", Accept{Case: name, Referral: referral})
		d.act(dayOfListing, "coord.ellis", Place{Case: name, Referral: referral, Meeting: meeting.name})
		meeting.cases = append(meeting.cases, name)
	}
	for range rapid.IntRange(0, 1).Draw(d.t, "actions outside a meeting") {
		d.undertake(dayOfReferral, d.among(working, "PUBLIC_PROTECTION", "INVESTIGATOR", "IDVA", "ISAC"), name, "")
	}
}

// undertake draws an action and what becomes of it.
func (d *drawer) undertake(day int, by, name, meeting string) {
	d.actions++
	action := fmt.Sprintf("action%d", d.actions)
	login := oneOf(d, "assignee", append([]string{by}, "idva.byrne", "po.singh", "pc.ahmed", "pros.lane", "hv.osei")...)
	if meeting == "" {
		login = by
	}
	d.act(day, by, Undertake{Case: name, Action: action, Meeting: meeting, Login: login, Words: d.words("action"), DueIn: oneOf(d, "due in", 0, 5, 60)})
	if !d.chance(2, "reported") {
		return
	}
	status := oneOf(d, "status", marac.ActionInProgress, marac.ActionCompleted, marac.ActionNotPossible, marac.ActionNotDone, marac.ActionCancelled)
	d.act(min(day+2, dayOfWorld), login, Report{Case: name, Action: action, Status: status, Note: d.words("note")})
}

// hear draws the course of a meeting.
func (d *drawer) hear(m *meetingDrawn) {
	d.act(dayOfListing+1, "coord.ellis", Invite{Meeting: m.name, Login: "coord.ellis", Part: marac.PartCoordinator})
	if !d.chance(4, "no chair") {
		d.act(dayOfListing+1, "coord.ellis", Invite{Meeting: m.name, Login: "chair.novak", Part: marac.PartChair})
	}
	var table []string
	for _, login := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{
		"ds.reid", "po.singh", "idva.byrne", "isac.moss", "hv.osei", "sw.duffy", "pc.ahmed",
	}), 0, 4, rapid.ID[string]).Draw(d.t, "table") {
		d.act(dayOfListing+1, "coord.ellis", Invite{Meeting: m.name, Login: login, Part: marac.PartRepresentative})
		table = append(table, login)
	}
	if len(m.cases) > 0 && !d.chance(3, "nobody invited") {
		invited := oneOf(d, "invited", "pros.lane", "pros.lane", "pc.ward", "spoc.vale", "insp.cole")
		d.act(dayOfListing+2, "coord.ellis", Invite{Meeting: m.name, Login: invited, Part: marac.PartInvited, Cases: []string{oneOf(d, "to", m.cases...)}})
		table = append(table, invited)
	}
	stages := marac.MeetingStatuses()
	days := []int{0, dayOfIssue - 1, dayOfIssue, m.starts, m.starts, m.starts, m.starts}
	for stage := 1; stage <= m.until; stage++ {
		if days[stage] > dayOfWorld {
			return
		}
		d.act(days[stage], "coord.ellis", Advance{Meeting: m.name, To: stages[stage]})
		if stages[stage] == marac.MeetingListed {
			d.search(m, table)
		}
		if stages[stage] == marac.MeetingInSession {
			d.sit(m, table)
		}
	}
}

func (d *drawer) search(m *meetingDrawn, table []string) {
	for _, login := range table {
		if len(m.cases) == 0 || d.chance(3, "no answer yet") {
			continue
		}
		search := Search{Meeting: m.name, Case: oneOf(d, "searched", m.cases...)}
		for range rapid.IntRange(0, 2).Draw(d.t, "findings") {
			search.Findings = append(search.Findings, marac.ResearchItem{Kind: oneOf(d, "kind of finding", marac.Fact, marac.Opinion), Text: d.words("finding")})
		}
		if len(search.Findings) > 0 && d.chance(3, "withheld") {
			search.Withheld = d.words("withheld note")
		}
		d.act(dayOfResearch, login, search)
	}
}

func (d *drawer) sit(m *meetingDrawn, table []string) {
	for _, login := range append([]string{"chair.novak"}, table...) {
		if d.chance(2, "signs") {
			d.act(m.starts, "coord.ellis", Sign{Meeting: m.name, Login: login})
		}
	}
	for _, name := range m.cases {
		if d.chance(2, "an action agreed") {
			d.undertake(m.starts, "coord.ellis", name, m.name)
		}
	}
}

// exclusions draws conflicts of interest, before or after the lists went out.
func (d *drawer) exclusions() {
	for range rapid.IntRange(0, 2).Draw(d.t, "exclusions") {
		name := oneOf(d, "from", d.cases...)
		exclusion := Exclude{Case: name, Login: oneOf(d, "whom", logins()...), Kind: sharing.ExcludedFrom}
		if d.chance(4, "restricted") {
			exclusion.Kind = sharing.RestrictedTo
			exclusion.Login = oneOf(d, "to whom", d.assigned[name]...)
		}
		d.act(oneOf(d, "when", dayOfReferral-1, dayOfListing-1, dayOfIssue+1, dayOfWorld), "coord.ellis", exclusion)
	}
}
