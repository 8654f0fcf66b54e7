package demo

import (
	"context"
	"fmt"
	"time"

	"accord/authz"
	"accord/domain/calendar"
	"accord/domain/marac"
	"accord/domain/sharing"
	"accord/internal/procedures"
	"accord/internal/records"
)

// writer writes the demo world.
type writer struct {
	ctx     context.Context //nolint:containedctx // the writer lives as long as the call that writes the world
	records *records.Records
	clock   *Clock
	issuer  func(agency string) string
	ids     map[string]string // of areas, teams, agencies and people, by name
}

// as starts a session of somebody of the demo.
func (w *writer) as(login string) (*records.Session, error) {
	capacity, known := w.records.Directory().CapacityOf(w.ids[login], calendar.DateIn(w.records.Now()))
	if !known {
		return nil, fmt.Errorf("nobody signs in as %s", login)
	}
	return w.records.Begin(w.ctx, capacity, w.records.NewIdentifier("request")), nil
}

// do has somebody do something.
func (w *writer) do(login string, act func(context.Context, *records.Session) error) error {
	session, err := w.as(login)
	if err != nil {
		return err
	}
	if err := act(w.ctx, session); err != nil {
		return fmt.Errorf("%s: %w", login, err)
	}
	return nil
}

// enrol writes the directory: the first start enrols the administrator, who
// enrols everybody else.
func (w *writer) enrol(first calendar.Date, until time.Time) error {
	for _, name := range []string{northmoor, southvale, responseTeam, protectionTeam} {
		prefix := "area"
		if name == responseTeam || name == protectionTeam {
			prefix = "team"
		}
		w.ids[name] = w.records.NewIdentifier(prefix)
	}
	agencies := Agencies()
	for _, agency := range agencies {
		w.ids[agency.Reference] = w.records.NewIdentifier("agency")
		for _, person := range agency.People {
			w.ids[person.Login] = w.records.NewIdentifier("prac")
		}
	}
	if err := w.enrolAdministrator(agencies[len(agencies)-1]); err != nil {
		return err
	}
	return w.do("sys.kerr", func(ctx context.Context, s *records.Session) error {
		for _, area := range []sharing.Area{
			{ID: w.ids[northmoor], Reference: northmoor, Name: "Northmoor"},
			{ID: w.ids[southvale], Reference: southvale, Name: "Southvale"},
		} {
			if err := procedures.SetAreaPolicy(ctx, s, area, marac.DefaultPolicy(area.ID, first)); err != nil {
				return err
			}
		}
		for _, agency := range agencies {
			if err := w.enrolAgency(ctx, s, agency); err != nil {
				return err
			}
		}
		for _, team := range []sharing.Team{
			{ID: w.ids[responseTeam], Agency: w.ids["northmoor-police"], Name: "Response"},
			{ID: w.ids[protectionTeam], Agency: w.ids["northmoor-police"], Name: "Public protection"},
		} {
			if err := procedures.FormTeam(ctx, s, team); err != nil {
				return err
			}
		}
		return procedures.RosterShift(ctx, s, sharing.Shift{
			ID: w.records.NewIdentifier("shift"), Practitioner: w.ids["insp.cole"], Agency: w.ids["northmoor-police"],
			Teams: []string{w.ids[responseTeam], w.ids[protectionTeam]}, From: w.clock.Now(), Until: until,
		})
	})
}

func (w *writer) enrolAdministrator(oversight Agency) error {
	session := w.records.FirstStart(w.ctx)
	if err := procedures.EnrolAgency(w.ctx, session, w.agency(oversight)); err != nil {
		return fmt.Errorf("first start: %w", err)
	}
	for _, person := range oversight.People {
		if person.Roles[0] == sharing.RoleName(authz.SystemAdministrator.String()) {
			if err := procedures.EnrolPractitioner(w.ctx, session, w.practitioner(oversight, person)); err != nil {
				return fmt.Errorf("first start: %w", err)
			}
		}
	}
	return nil
}

func (w *writer) enrolAgency(ctx context.Context, s *records.Session, agency Agency) error {
	if err := procedures.EnrolAgency(ctx, s, w.agency(agency)); err != nil {
		return err
	}
	for _, person := range agency.People {
		if w.ids[person.Login] == s.Capacity().Person {
			continue // enrolled by the first start
		}
		if err := procedures.EnrolPractitioner(ctx, s, w.practitioner(agency, person)); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) agency(agency Agency) sharing.Agency {
	return sharing.Agency{
		ID: w.ids[agency.Reference], Reference: agency.Reference, Name: agency.Name, Type: agency.Type, Areas: w.named(agency.Areas),
		Agreement: Current(),
	}
}

func (w *writer) practitioner(agency Agency, person Person) sharing.Practitioner {
	practitioner := sharing.Practitioner{
		ID: w.ids[person.Login], Agency: w.ids[agency.Reference], Name: person.Name, Issuer: w.issuer(agency.Reference),
		Subject: person.Login, Roles: person.Roles, Supervises: w.named(person.Supervises), Areas: w.named(agency.Areas),
		Vetted: Current(), Trained: Current(), Mail: person.Login + "@" + agency.Reference + ".example",
	}
	if person.Team != "" {
		practitioner.Team = w.ids[person.Team]
	}
	return practitioner
}

func (w *writer) named(names []string) []string {
	var ids []string
	for _, name := range names {
		ids = append(ids, w.ids[name])
	}
	return ids
}
