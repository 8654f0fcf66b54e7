package procedures

import (
	"context"
	"errors"

	"accord/domain/fault"
	"accord/domain/sharing"
	"accord/internal/records"
)

// WarnOfLapse tells, once for each condition and day, that a condition of access lapses
// within 30 days: the practitioner and their supervisors of vetting and training, those
// who answer for an agency of its agreement.
func WarnOfLapse(ctx context.Context, r *records.Records) error {
	s := r.ConditionWatch(ctx)
	alerts, err := s.LapsingAlerts(ctx)
	if err != nil {
		return err
	}
	var stuck []error
	for _, alert := range alerts {
		change := s.Change(records.InboxOf(alert.To))
		if err := records.Create(change, records.Alert{Alert: sharing.Alert{
			ID: alert.ID, To: alert.To, Kind: sharing.AlertConditionsLapsing, RaisedAt: s.Now(), Mail: r.MailTo(alert.To),
		}}); err != nil {
			return err
		}
		err := s.Apply(ctx, "warnOfLapse", change)
		if err != nil && !fault.Is(err, fault.Conflict) { // another program has told them
			stuck = append(stuck, err)
		}
	}
	return errors.Join(stuck...)
}
