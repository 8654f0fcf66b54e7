package procedures

import (
	"context"
	"slices"

	"accord/authz"
	"accord/domain/casework"
	"accord/domain/fault"
	"accord/internal/records"
	"accord/internal/views"
)

// RecordOrder records an order, bail or licence conditions that protect the
// victim of a case, with the breaches that were reported. A custody officer records
// the bail they set and nothing else (Wiltshire procedure 5.5, 5.7).
func RecordOrder(ctx context.Context, s *records.Session, caseID string, order casework.Order) error {
	const procedure = "recordOrder"
	held, err := s.LoadCase(ctx, caseID)
	if err != nil {
		return err
	}
	if slices.Equal(s.Capacity().Roles, []authz.Role{authz.CustodyOfficer}) && order.Type != casework.BailConditions {
		return refused(ctx, s, procedure, fault.Refused("A custody officer records the conditions of bail. Other orders are recorded by the officer in the case."))
	}
	order.ID, order.Agency = s.Records().Identifier(views.OrderKind), s.Capacity().Agency
	recorded, err := held.Value.RecordOrder(order, s.Today())
	if err != nil {
		return refused(ctx, s, procedure, err)
	}
	change := s.Change(caseID)
	if err := records.Create(change, records.Order{Order: recorded}); err != nil {
		return err
	}
	return s.Apply(ctx, procedure, change)
}
