package procedures

import (
	"context"

	"accord/domain/fault"
	"accord/internal/records"
	"accord/internal/views"
)

// AcknowledgeAlert notes that the addressee has seen an alert; again changes
// nothing.
func AcknowledgeAlert(ctx context.Context, s *records.Session, alert string) (views.Alert, error) {
	err := acknowledge(ctx, s, alert)
	if fault.Is(err, fault.Conflict) {
		// An e-mail about it was noted, or the same was said, at the same moment: it says
		// nothing to somebody who acknowledges.
		err = acknowledge(ctx, s, alert)
	}
	if err != nil {
		return views.Alert{}, err
	}
	return s.Alert(ctx, alert)
}

func acknowledge(ctx context.Context, s *records.Session, alert string) error {
	const procedure = "acknowledgeAlert"
	held, err := s.LoadAlert(ctx, alert)
	if err != nil {
		return err
	}
	if err := records.Allow(ctx, s, procedure, held); err != nil {
		return err
	}
	if !held.Value.AcknowledgedAt.IsZero() {
		return nil
	}
	held.Value.Alert = held.Value.Acknowledge(s.Now())
	change := s.Change(records.InboxOf(held.Value.To))
	records.Update(change, held)
	return s.Apply(ctx, procedure, change)
}
