package worlds

import (
	"slices"

	"pgregory.net/rapid"

	"accord/authz"
	"accord/domain/sharing"
	"accord/internal/demo"
)

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
	if d.often("in the control room") {
		d.enrol("spoc.hart", "CONTROL_ROOM", "", nil)
	}
	if d.chance(2, "roster") {
		shift := Roster{Login: oneOf(d, "on duty", "insp.cole", "ds.reid", "pc.ahmed"), Teams: []string{"response", "protection"}, From: -30, Until: oneOf(d, "until", 10, -5)}
		d.act(dayOfDirectory, administrator, shift)
	}
	d.covers()
	if d.chance(4, "an agreement lapses") {
		d.act(dayOfDirectory, administrator, Agree{Agency: oneOf(d, "whose", "northmoor-health", "northmoor-probation", "beacon-isac"), Until: oneOf(d, "agreed until", -1, 0)})
	}
}

// covers has people stand in for others: of their agency with roles that are all
// their own, which counts, and otherwise, which does not.
func (d *drawer) covers() {
	for range rapid.IntRange(0, 2).Draw(d.t, "covers") {
		pair := oneOf(d, "cover", [2]string{"ds.reid", "pc.ahmed"}, [2]string{"spoc.hart", "pc.ahmed"}, [2]string{"insp.cole", "ds.reid"},
			[2]string{"isac.moss", "idva.byrne"}, [2]string{"pc.ward", "pc.ahmed"}, [2]string{"spoc.vale", "pros.lane"})
		if d.chance(2, "in the same roles") {
			d.enrol(pair[0], d.roles[pair[1]][0], "", nil)
		}
		d.act(dayOfDirectory, administrator, Roster{Login: pair[0], Covers: []string{pair[1]}, From: -30, Until: oneOf(d, "covers until", 10, 10, -5)})
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
	enrolled := Enrol{Login: login, Roles: roles, Team: team, Supervises: supervises, Areas: areas}
	if login != administrator && d.chance(8, "lapses") {
		enrolled.Lapses = oneOf(d, "condition", sharing.CurrentVetting, sharing.CurrentTraining)
	}
	d.act(dayOfDirectory, administrator, enrolled)
}
