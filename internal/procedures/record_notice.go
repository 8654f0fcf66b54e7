package procedures

import (
	"context"

	"accord/domain/casework"
	"accord/internal/records"
	"accord/internal/views"
)

// RecordNotice records a notice that was issued in the past, by any force. To
// issue one for stalking is a decision that is refused (R7); to know of one is
// history that must not be lost.
func RecordNotice(ctx context.Context, s *records.Session, caseID string, notice casework.Notice) error {
	const procedure = "recordNotice"
	held, err := s.LoadCase(ctx, caseID)
	if err != nil {
		return err
	}
	notice.ID, notice.Agency = s.Records().Identifier(views.NoticeKind), s.Capacity().Agency
	recorded, err := held.Value.RecordNotice(notice, s.Today())
	if err != nil {
		return refused(ctx, s, procedure, err)
	}
	change := s.Change(caseID)
	if err := records.Create(change, records.Notice{Notice: recorded}); err != nil {
		return err
	}
	return s.Apply(ctx, procedure, change)
}
