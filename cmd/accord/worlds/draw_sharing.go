package worlds

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"accord/domain/mappa"
	"accord/domain/sharing"
)

// The days on which what agencies hold is recorded, shared and taken back.
const (
	dayOfHolding   = -19
	dayOfSharing   = -3
	dayOfReveal    = -2
	dayOfWithdrawn = -1
)

// share draws what agencies hold on a case, what protects the victim, and what of
// it is released.
func (d *drawer) share(name string) {
	working := d.assigned[name]
	if by := d.among(working, "INVESTIGATOR", "PUBLIC_PROTECTION"); by != "" {
		if d.often("order") {
			d.attach(name, d.act(dayOfHolding, by, Protect{Case: name, Conditions: d.words("conditions")}), by)
		}
		if d.chance(2, "notice") {
			d.act(dayOfHolding, by, Warned{Case: name, DaysAgo: 100})
		}
		if d.often("statement") {
			d.act(dayOfHolding, by, State{Case: name, Words: d.words("statement"), Consent: d.consented(working)})
		}
	}
	if by := d.among(working, "PROBATION_PRACTITIONER"); by != "" && d.often("nominal") {
		d.act(dayOfHolding, by, Nominate{
			Case: name, DaysAgo: rapid.IntRange(0, 300).Draw(d.t, "managed for days"),
			Category: oneOf(d, "category", mappa.Category1, mappa.Category2), Level: oneOf(d, "management", mappa.Level1, mappa.Level2),
		})
	}
	d.hold(name, sharing.Intelligence, sharing.OfIntelligence, d.among(of(working, sharing.Police), "PUBLIC_PROTECTION"))
	d.hold(name, sharing.AdvocateNote, sharing.OfAdvocateNote, d.among(working, "IDVA", "ISAC"))
	d.hold(name, sharing.HealthInformation, sharing.OfHealthInformation, d.among(of(working, sharing.HealthPrimary), "AGENCY_REPRESENTATIVE"))
	for _, assessed := range d.assessed[name] {
		d.attach(name, assessed.name, assessed.by)
		d.release(name, sharing.OfAssessment, assessed, dayOfSharing)
	}
	for _, searched := range d.searched[name] {
		d.release(name, sharing.OfFinding, searched, dayOfSharing)
	}
	for _, heard := range d.heard[name] {
		if heard.chaired && d.often("extract") {
			d.release(name, sharing.OfMinutes, source{heard.meeting, "chair.novak"}, heard.day)
		}
	}
	if by := d.among(working, "INVESTIGATOR", "PUBLIC_PROTECTION", "IDVA", "ISAC", "AGENCY_REPRESENTATIVE"); by != "" && d.often("reveal") {
		d.act(dayOfReveal, by, Show{Case: name, Reason: "She is to be called before the hearing today."})
	}
}

// often is true more often than not.
func (d *drawer) often(what string) bool { return !d.chance(6, what+" left out") }

// of are those of some people who work for agencies of a type.
func of(working []string, agency sharing.AgencyType) []string {
	return slices.DeleteFunc(slices.Clone(working), func(login string) bool { return agencyOf(login).Type != agency })
}

func (d *drawer) consented(working []string) []string {
	var advocates []string
	for _, login := range working {
		if agencyOf(login).Type.IsAdvocacy() && d.often("consent") {
			advocates = append(advocates, login)
		}
	}
	return advocates
}

func (d *drawer) hold(name string, kind sharing.ItemKind, as sharing.ReleaseSource, by string) {
	if by == "" || !d.often(string(kind)) {
		return
	}
	item := fmt.Sprintf("%s of %s", kind, name)
	held := d.act(dayOfHolding, by, Hold{Case: name, Item: item, Kind: kind, Words: d.words("held"), Basis: oneOf(d, "basis", sharing.Bases()...)})
	d.attach(name, held, by)
	d.release(name, as, source{item, by}, dayOfSharing)
}

// attach draws a file attached to what an act recorded.
func (d *drawer) attach(name, to, by string) {
	if d.chance(2, "attached") {
		d.act(dayOfHolding+1, by, Attach{Case: name, To: to, Name: "Seen.txt"})
	}
}

// receivers lists who may read what of each kind when it is released to them.
var receivers = map[sharing.ReleaseSource][]string{
	sharing.OfIntelligence:      {"pros.lane", "po.singh"},
	sharing.OfAdvocateNote:      {"pc.ahmed", "ds.reid", "pc.ward"},
	sharing.OfHealthInformation: {"pc.ahmed", "ds.reid", "po.singh", "idva.byrne", "isac.moss"},
	sharing.OfFinding:           {"pc.ahmed", "ds.reid", "po.singh", "idva.byrne", "isac.moss", "hv.osei", "sw.duffy"},
	sharing.OfAssessment:        {"pc.ahmed", "pc.ward", "idva.byrne", "isac.moss", "pros.lane"},
	sharing.OfMinutes:           {"pc.ahmed", "pc.ward", "pros.lane"},
}

// release draws what becomes of something that could be released.
func (d *drawer) release(name string, as sharing.ReleaseSource, what source, day int) {
	var to []string
	for _, login := range receivers[as] {
		agency := agencyOf(login).Reference
		if slices.Contains(d.assigned[name], login) && agency != agencyOf(what.by).Reference && !slices.Contains(to, agency) {
			to = append(to, agency)
		}
	}
	if len(to) == 0 || !d.often("release") {
		return
	}
	for len(to) > 1 && d.chance(2, "not to all") {
		to = to[1:]
	}
	d.released++
	decided := Decide{
		Case: name, Release: fmt.Sprintf("release%d", d.released), Source: as, Of: what.name, To: to,
		Decision: oneOf(d, "decision", sharing.ShareSummary, sharing.ShareRedacted, sharing.ShareSummary, sharing.RefuseDisclosure),
	}
	if decided.Decision.Shares() {
		decided.Words = d.words("released")
		decided.Until = oneOf(d, "until", 0, 0, 30*24*time.Hour, time.Hour)
	}
	d.act(day, what.by, decided)
	if decided.Decision.Shares() && d.chance(5, "withdrawn") {
		d.act(max(dayOfWithdrawn, day), what.by, Withdraw{Case: name, Release: decided.Release, Because: "It was more than was needed."})
	}
}

// looks draws that somebody was looked for.
func (d *drawer) looks() {
	if by := d.able("INVESTIGATOR", "PUBLIC_PROTECTION", "IDVA", "ISAC"); d.often("search") {
		d.act(dayOfSharing, oneOf(d, "looks", by...), Look{Reason: "A neighbour named him as the man at the gate."})
	}
}

// links draws that the perpetrators of two cases are held to be one person.
func (d *drawer) links() {
	if len(d.cases) < 2 || !d.often("link") {
		return
	}
	by := slices.DeleteFunc(slices.Clone(d.assigned[d.cases[0]]), func(login string) bool { return !slices.Contains(d.assigned[d.cases[1]], login) })
	by = append(by, "coord.ellis")
	d.act(dayOfReveal, oneOf(d, "proposes", by...), Link{Case: d.cases[0], Other: d.cases[1], Link: "link"})
}

// exclusions draws conflicts of interest, before or after the lists went out.
func (d *drawer) exclusions() {
	for n := range rapid.IntRange(0, 2).Draw(d.t, "exclusions") {
		name := oneOf(d, "from", d.cases...)
		by := "coord.ellis"
		exclusion := Exclude{Case: name, Login: oneOf(d, "whom", logins()...), Kind: sharing.ExcludedFrom, Exclusion: fmt.Sprintf("exclusion%d", n+1)}
		switch {
		case name != d.cases[0] && d.chance(2, "restricted"):
			exclusion.Kind = sharing.RestrictedTo
			exclusion.Login = oneOf(d, "to whom", d.assigned[name]...)
		case d.chance(3, "declared"):
			exclusion.Login = oneOf(d, "declares", d.assigned[name]...)
			by = exclusion.Login
		}
		day := oneOf(d, "when", dayOfReferral-1, dayOfListing-1, dayOfIssue+1, dayOfWorld, dayOfWorld)
		d.act(day, by, exclusion)
		if d.chance(5, "lifted") {
			d.act(dayOfWorld, "coord.ellis", Lift{Case: name, Exclusion: exclusion.Exclusion})
		}
	}
}

// emergencies draws access that is taken because life is at risk: at eight in the
// morning of the day of the world, which is looked at from half past nine.
func (d *drawer) emergencies() {
	for range oneOf(d, "emergencies", 1, 2, 2, 0) {
		name := oneOf(d, "needs", d.cases...)
		able := d.able("INVESTIGATOR", "SUPERVISOR", "DUTY_INSPECTOR", "PUBLIC_PROTECTION", "CONTROL_ROOM")
		able = slices.DeleteFunc(able, func(login string) bool { return slices.Contains(d.assigned[name], login) })
		if len(able) == 0 {
			continue
		}
		d.act(dayOfWorld, oneOf(d, "takes", able...), Break{
			Case: name, Reason: "The neighbours hear screaming behind the door.", Lasting: oneOf(d, "lasting", 4*time.Hour, 4*time.Hour, 10*time.Minute),
		})
	}
}
