package worlds

import (
	"cmp"
	"fmt"
	"slices"

	"pgregory.net/rapid"

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
		d := &drawer{
			t: t, roles: map[string][]sharing.RoleName{}, assigned: map[string][]string{}, area: map[string]string{},
			assessed: map[string][]source{}, searched: map[string][]source{}, heard: map[string][]hearing{},
		}
		d.people()
		meetings := d.meetings()
		for n := range oneOf(d, "cases", 2, 3, 1, 2) {
			d.kase(fmt.Sprintf("case%d", n+1), meetings)
		}
		for _, meeting := range append(meetings, d.past()...) {
			d.hear(meeting)
		}
		for _, name := range d.cases {
			d.share(name)
		}
		d.links()
		d.looks()
		d.exclusions()
		d.emergencies()
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
	released int
	assigned map[string][]string  // logins by case
	area     map[string]string    // of each case
	assessed map[string][]source  // assessments by case
	searched map[string][]source  // research by case
	heard    map[string][]hearing // by case
}

// source is something that may be released, and by whom.
type source struct{ name, by string }

// hearing is a meeting that a case was placed at.
type hearing struct {
	meeting string
	chaired bool
	day     int // on which an extract of its minutes is made
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

// act has something done; it returns the key of the act.
func (d *drawer) act(day int, by string, deed Deed) string {
	act := Act{Key: fmt.Sprintf("act %d", len(d.script)), Day: day, Second: len(d.script), By: by, Do: deed}
	d.script = append(d.script, act)
	return act.Key
}

func (d *drawer) chance(outOf int, what string) bool {
	return rapid.IntRange(0, outOf-1).Draw(d.t, what) == outOf-1
}

func oneOf[T any](d *drawer, what string, from ...T) T {
	return rapid.SampledFrom(from).Draw(d.t, what)
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
	for n := range oneOf(d, "meetings", 1, 1, 2, 1, 2, 0) {
		m := &meetingDrawn{name: fmt.Sprintf("meeting%d", n+1), area: northmoor, starts: oneOf(d, "starts", -10, dayOfWorld, -10, 5)}
		if n > 0 && d.chance(4, "in the other area") {
			m.area = southvale
		}
		m.until = oneOf(d, "stages", 3, 3, 4, 5, 3, 4, 2, 6, 3, 1, 0)
		kind := oneOf(d, "kind", marac.MaracScheduled, marac.MaracEmergency, marac.StalkingClinic)
		d.act(dayOfPlanning, "coord.ellis", Convene{Meeting: m.name, Kind: kind, Area: m.area, StartsOn: m.starts, Venue: d.words("venue")})
		drawn = append(drawn, m)
	}
	return drawn
}

// past draws a meeting that heard no case and was closed: what is left of it is who
// signed.
func (d *drawer) past() []*meetingDrawn {
	if !d.often("closed meeting") {
		return nil
	}
	closed := &meetingDrawn{name: "meeting0", area: northmoor, starts: -10, until: len(marac.MeetingStatuses()) - 1}
	d.act(dayOfPlanning, "coord.ellis", Convene{Meeting: closed.name, Kind: marac.MaracScheduled, Area: closed.area, StartsOn: closed.starts})
	return []*meetingDrawn{closed}
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
		Type:  oneOf(d, "type", casework.StalkingNotDomestic, casework.DomesticAbuseIntimate, casework.HonourBasedAbuse, casework.HarassmentNotDomestic, casework.StalkingNotDomestic),
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
	for _, worker := range workers {
		// The first case is one that many work on.
		if !slices.Contains(working, worker) && d.chance(5, "on the case") != (len(d.cases) == 1) {
			d.act(dayOfOpening, opener, Assign{Case: name, Login: worker})
			working = append(working, worker)
		}
	}
	d.assigned[name], d.area[name] = working, opening.Area
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
		by := d.among(working, recorders...)
		tool := oneOf(d, "tool", risk.SafeLivesDash24, risk.SDash11, risk.SafeLivesDash24)
		yes := rapid.SliceOfNDistinct(rapid.IntRange(0, len(tool.Items())-1), 0, 11, rapid.ID[int]).Draw(d.t, "yes")
		key := d.act(dayOfOpening+2, by, Assess{
			Case: name, Tool: tool, Yes: yes, Comment: oneOf(d, "comment", "", "In her words."), Raises: d.chance(3, "raises"),
		})
		d.assessed[name] = append(d.assessed[name], source{key, by})
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
	chaired := !d.chance(4, "no chair")
	if chaired {
		d.act(dayOfListing+1, "coord.ellis", Invite{Meeting: m.name, Login: "chair.novak", Part: marac.PartChair})
	}
	for _, name := range m.cases {
		if m.until >= 2 {
			d.heard[name] = append(d.heard[name], hearing{m.name, chaired, max(dayOfIssue, min(m.starts, dayOfWorld))})
		}
	}
	var table []string
	for _, login := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{
		"ds.reid", "po.singh", "idva.byrne", "isac.moss", "hv.osei", "sw.duffy", "pc.ahmed",
	}), 1, 5, rapid.ID[string]).Draw(d.t, "table") {
		d.act(dayOfListing+1, "coord.ellis", Invite{Meeting: m.name, Login: login, Part: marac.PartRepresentative})
		table = append(table, login)
	}
	for _, invited := range []string{"pros.lane", oneOf(d, "invited", "pc.ward", "spoc.vale", "insp.cole")} {
		if len(m.cases) == 0 || d.chance(5, "not invited") {
			continue
		}
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
		key := d.act(dayOfResearch, login, search)
		if len(search.Findings) > 0 {
			d.searched[search.Case] = append(d.searched[search.Case], source{key, login})
		}
	}
}

func (d *drawer) sit(m *meetingDrawn, table []string) {
	for _, login := range append([]string{"chair.novak"}, table...) {
		if d.often("signature") {
			d.act(m.starts, "coord.ellis", Sign{Meeting: m.name, Login: login})
		}
	}
	for _, name := range m.cases {
		if d.chance(2, "an action agreed") {
			d.undertake(m.starts, "coord.ellis", name, m.name)
		}
	}
}
