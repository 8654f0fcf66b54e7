package procedures

import (
	"context"

	"accord/domain/marac"
	"accord/internal/records"
)

// SignStatement records that an attendee signed the confidentiality statement,
// which opens to them what is shared in the meeting (R15). The coordinator or the
// chair takes the signatures, which are given on paper or at the door.
func SignStatement(ctx context.Context, s *records.Session, meetingID, practitionerID string) error {
	return advance(ctx, s, "signStatement", meetingID, func(m marac.Meeting) (marac.Meeting, error) {
		return m.Sign(practitionerID, s.Now())
	})
}
