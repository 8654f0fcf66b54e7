package worlds

import (
	"context"
	"fmt"
	"slices"

	"accord/authz"
	"accord/domain/calendar"
	"accord/domain/marac"
	"accord/domain/sharing"
	"accord/internal/demo"
	"accord/internal/procedures"
	"accord/internal/records"
)

// Areas and teams of every world.
const (
	northmoor = "northmoor"
	southvale = "southvale"
)

// teams lists the teams of every world and the agency each is of.
var teams = map[string]string{"response": "northmoor-police", "protection": "northmoor-police", "advocates": "harbour-idva"}

// administrator keeps the directory of every world.
const administrator = "sys.kerr"

// Enrol gives somebody of the demo other roles, another team, other areas.
type Enrol struct {
	Login      string
	Roles      []sharing.RoleName
	Team       string
	Supervises []string
	Areas      []string
	Lapses     sharing.Condition // the day before the world; empty: nothing
}

// forever is a day long after every world.
const forever = 4000

func (e Enrol) String() string { return describe(e) }

func (e Enrol) play(at stand) (string, error) {
	return "", procedures.EnrolPractitioner(at, at.Session, practitioner(e, at.id, at.player.Theatre.SignIn.Provider.Issuer)) //nolint:wrapcheck // looked at as it is
}

func (e Enrol) note(w *World, _ Act, _ made) { w.enrol(e) }
func (e Enrol) secrets() []Secret            { return nil }

func (w *World) enrol(e Enrol) {
	agency := agencyOf(e.Login)
	person := &Person{
		Login: e.Login, ID: w.IDs[e.Login], Agency: agency.Reference, Team: e.Team, Police: agency.Type == sharing.Police,
		Cps: agency.Type == sharing.Cps, Supervises: e.Supervises, Areas: e.Areas, Lapsed: e.Lapses, Agreed: forever,
	}
	if before := w.People[e.Login]; before != nil {
		person.Agreed = before.Agreed
	}
	for _, name := range e.Roles {
		if role, err := authz.ParseRole(string(name)); err == nil {
			person.Roles = append(person.Roles, role)
		}
	}
	w.People[e.Login] = person
}

// Roster gives somebody a turn of duty, from a day up to another.
type Roster struct {
	Login       string
	Teams       []string
	Covers      []string // people who are stood in for
	From, Until int
}

func (r Roster) String() string { return describe(r) }

func (r Roster) shift() Shift {
	return Shift{Person: r.Login, Teams: r.Teams, Covers: r.Covers, From: dayOf(r.From), Until: dayOf(r.Until)}
}

func (r Roster) play(at stand) (string, error) {
	shift := r.shift()
	return "", procedures.RosterShift(at, at.Session, sharing.Shift{ //nolint:wrapcheck // looked at as it is
		ID: at.Records().NewIdentifier("shift"), Practitioner: at.id(r.Login), Agency: at.id(agencyOf(r.Login).Reference),
		Teams: at.ids(r.Teams), Covers: at.ids(r.Covers), From: shift.From, Until: shift.Until,
	})
}

func (r Roster) note(w *World, _ Act, _ made) { w.Shifts = append(w.Shifts, r.shift()) }
func (r Roster) secrets() []Secret            { return nil }

// Lapse is that the agreement, the vetting or the training of somebody lapsed the day
// before the world.
func Lapse(w *World, login string, condition sharing.Condition) Act {
	act := Act{Key: "lapsed", Second: 1000, By: administrator}
	person := w.People[login]
	if condition == sharing.CurrentAgreement {
		act.Do = Agree{Agency: person.Agency, Until: -1}
		return act
	}
	lapsed := Enrol{Login: login, Team: person.Team, Supervises: person.Supervises, Areas: person.Areas, Lapses: condition}
	for _, role := range person.Roles {
		lapsed.Roles = append(lapsed.Roles, sharing.RoleName(role.String()))
	}
	act.Do = lapsed
	return act
}

// OfDirectory are the acts of the script that keep the directory.
func (s Script) OfDirectory() Script {
	return slices.DeleteFunc(slices.Clone(s), func(act Act) bool {
		switch act.Do.(type) {
		case Enrol, Roster, Agree:
			return false
		default:
			return true
		}
	})
}

func agencyOf(login string) demo.Agency {
	for _, agency := range demo.Agencies() {
		if agency.Reference == demo.AgencyOf(login) {
			return agency
		}
	}
	return demo.Agency{}
}

func practitioner(e Enrol, id, issuer func(string) string) sharing.Practitioner {
	agency := agencyOf(e.Login)
	entry := sharing.Practitioner{
		ID: id(e.Login), Agency: id(agency.Reference), Issuer: issuer(agency.Reference), Subject: e.Login, Roles: e.Roles,
		Vetted: demo.Current(), Trained: demo.Current(),
	}
	for _, person := range agency.People {
		if person.Login == e.Login {
			entry.Name = person.Name
		}
	}
	switch e.Lapses {
	case sharing.CurrentVetting:
		entry.Vetted.Until = calendar.DateIn(dayOf(-1))
	case sharing.CurrentTraining:
		entry.Trained.Until = calendar.DateIn(dayOf(-1))
	case sharing.CurrentAgreement:
		// The agency's.
	}
	if e.Team != "" {
		entry.Team = id(e.Team)
	}
	for _, team := range e.Supervises {
		entry.Supervises = append(entry.Supervises, id(team))
	}
	for _, area := range e.Areas {
		entry.Areas = append(entry.Areas, id(area))
	}
	return entry
}

// enrol writes the directory of every world.
func (t *Theatre) enrol(ctx context.Context, r *records.Records) error {
	t.ids[northmoor], t.ids[southvale] = r.NewIdentifier("area"), r.NewIdentifier("area")
	for _, team := range []string{"response", "protection", "advocates"} {
		t.ids[team] = r.NewIdentifier("team")
	}
	agencies := demo.Agencies()
	for _, agency := range agencies {
		t.ids[agency.Reference] = r.NewIdentifier("agency")
		for _, person := range agency.People {
			t.ids[person.Login] = r.NewIdentifier("prac")
		}
	}
	first := r.FirstStart(ctx)
	own := func(agency demo.Agency, person demo.Person) sharing.Practitioner {
		return practitioner(Enrol{Login: person.Login, Roles: person.Roles, Areas: agency.Areas}, t.id, t.SignIn.Provider.Issuer)
	}
	for _, person := range agencies[len(agencies)-1].People {
		if person.Login == administrator {
			if err := procedures.EnrolPractitioner(ctx, first, own(agencies[len(agencies)-1], person)); err != nil {
				return fmt.Errorf("enrolling the administrator: %w", err)
			}
		}
	}
	capacity, _ := r.Directory().CapacityOf(t.ids[administrator], calendar.DateIn(r.Now()))
	s := r.Begin(ctx, capacity, r.NewIdentifier("request"))
	for reference, name := range map[string]string{northmoor: "Northmoor", southvale: "Southvale"} {
		area := sharing.Area{ID: t.ids[reference], Reference: reference, Name: name}
		policy := marac.DefaultPolicy(area.ID, calendar.DateIn(dayOf(-500)))
		if err := procedures.SetAreaPolicy(ctx, s, area, policy); err != nil {
			return fmt.Errorf("setting an area's policy: %w", err)
		}
	}
	for name, agency := range teams {
		if err := procedures.FormTeam(ctx, s, sharing.Team{ID: t.ids[name], Agency: t.ids[agency], Name: name}); err != nil {
			return fmt.Errorf("forming a team: %w", err)
		}
	}
	for _, agency := range agencies {
		entry := sharing.Agency{ID: t.ids[agency.Reference], Reference: agency.Reference, Name: agency.Name, Type: agency.Type, Agreement: demo.Current()}
		for _, area := range agency.Areas {
			entry.Areas = append(entry.Areas, t.ids[area])
		}
		if err := procedures.EnrolAgency(ctx, s, entry); err != nil {
			return fmt.Errorf("enrolling an agency: %w", err)
		}
		for _, person := range agency.People {
			if person.Login == administrator {
				continue // enrolled by the first start
			}
			if err := procedures.EnrolPractitioner(ctx, s, own(agency, person)); err != nil {
				return fmt.Errorf("enrolling somebody: %w", err)
			}
		}
	}
	return nil
}

func (t *Theatre) id(name string) string { return t.ids[name] }
