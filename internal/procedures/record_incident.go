package procedures

import (
	"context"

	"accord/domain/casework"
	"accord/internal/records"
	"accord/internal/views"
)

// RecordIncident adds an incident to the course of conduct of a case, for the
// agency of whoever records it.
func RecordIncident(ctx context.Context, s *records.Session, caseID string, incident casework.Incident) error {
	const procedure = "recordIncident"
	held, err := s.LoadCase(ctx, caseID)
	if err != nil {
		return err
	}
	incident.ID = s.Records().Identifier(views.IncidentKind)
	incident.Agency, incident.RecordedBy = s.Capacity().Agency, s.Capacity().Person
	recorded, err := held.Value.RecordIncident(incident, s.Now())
	if err != nil {
		return refused(ctx, s, procedure, err)
	}
	change := s.Change(caseID)
	if err := records.Create(change, records.Incident{Incident: recorded}); err != nil {
		return err
	}
	return s.Apply(ctx, procedure, change)
}
