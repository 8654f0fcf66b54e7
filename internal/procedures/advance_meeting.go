package procedures

import (
	"context"

	"accord/domain/marac"
	"accord/internal/records"
)

// CloseReferrals ends the taking of referrals for a meeting.
func CloseReferrals(ctx context.Context, s *records.Session, meetingID string) error {
	return advance(ctx, s, "closeReferrals", meetingID, marac.Meeting.CloseReferrals)
}

// StartMeeting opens the session.
func StartMeeting(ctx context.Context, s *records.Session, meetingID string) error {
	return advance(ctx, s, "startMeeting", meetingID, func(m marac.Meeting) (marac.Meeting, error) { return m.Start(s.Now()) })
}

// EndSession ends the session; the minutes are being written from then on.
func EndSession(ctx context.Context, s *records.Session, meetingID string) error {
	return advance(ctx, s, "endSession", meetingID, marac.Meeting.DraftMinutes)
}

// IssueMinutes sends the minutes out (R15).
func IssueMinutes(ctx context.Context, s *records.Session, meetingID string) error {
	return advance(ctx, s, "issueMinutes", meetingID, func(m marac.Meeting) (marac.Meeting, error) {
		policy, known := s.Records().Directory().PolicyOn(m.Area, m.On())
		if !known {
			return marac.Meeting{}, areaWithoutPolicy()
		}
		return m.IssueMinutes(policy, s.Now())
	})
}

// CloseMeeting ends a meeting, and with it the window in which its list is open.
func CloseMeeting(ctx context.Context, s *records.Session, meetingID string) error {
	return advance(ctx, s, "closeMeeting", meetingID, marac.Meeting.Close)
}

// advance loads a meeting, applies one rule to it and saves it.
func advance(ctx context.Context, s *records.Session, procedure, meetingID string, rule func(marac.Meeting) (marac.Meeting, error)) error {
	held, err := s.LoadMeeting(ctx, meetingID)
	if err != nil {
		return err
	}
	if err = records.Allow(ctx, s, procedure, held); err != nil {
		return err
	}
	advanced, err := rule(held.Value.Meeting)
	if err != nil {
		return refused(ctx, s, procedure, err)
	}
	held.Value.Meeting = advanced
	change := s.Change(meetingID)
	records.Update(change, held)
	return s.Apply(ctx, procedure, change)
}
