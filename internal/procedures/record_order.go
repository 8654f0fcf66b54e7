package procedures

import (
	"context"

	"accord/domain/casework"
	"accord/internal/records"
	"accord/internal/views"
)

// RecordOrder records an order, bail or licence conditions that protect the
// victim of a case, with the breaches that were reported.
func RecordOrder(ctx context.Context, s *records.Session, caseID string, order casework.Order) error {
	const procedure = "recordOrder"
	held, err := s.LoadCase(ctx, caseID)
	if err != nil {
		return err
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
