package procedures

import (
	"context"
	"time"

	"accord/domain/fault"
	"accord/domain/marac"
	"accord/internal/records"
	"accord/internal/views"
)

// MeetingPlan is what is known when a meeting is planned.
type MeetingPlan struct {
	Reference string
	Kind      marac.MeetingKind
	Area      string
	StartsAt  time.Time
	Venue     string
}

// PlanMeeting plans a meeting of an area; referrals for it are open from then on.
func PlanMeeting(ctx context.Context, s *records.Session, plan MeetingPlan) (string, error) {
	const procedure = "planMeeting"
	planned, err := marac.Plan(marac.Meeting{
		ID: s.Records().Identifier(views.MeetingKind), Reference: plan.Reference, Kind: plan.Kind, Area: plan.Area,
		StartsAt: plan.StartsAt, Venue: plan.Venue,
	}, s.Now())
	if err != nil {
		return "", refused(ctx, s, procedure, err)
	}
	change := s.Change(planned.ID)
	if err := records.Create(change, records.Meeting{Meeting: planned}); err != nil {
		return "", err
	}
	return planned.ID, s.Apply(ctx, procedure, change)
}

// InviteToMeeting puts a practitioner on the attendance of a meeting, in a stated
// part; somebody who is no member is invited to stated items only.
func InviteToMeeting(ctx context.Context, s *records.Session, meetingID, practitionerID string, part marac.AttendancePart, items ...string) error {
	practitioner, known := s.Records().Directory().Practitioner(practitionerID)
	if !known {
		return refused(ctx, s, "inviteToMeeting", fault.Input("input.practitioner", "known", "Name a practitioner of the directory."))
	}
	return advance(ctx, s, "inviteToMeeting", meetingID, func(m marac.Meeting) (marac.Meeting, error) {
		return m.Invite(marac.Attendance{Practitioner: practitioner.ID, Agency: practitioner.Agency, Part: part, InvitedItems: items})
	})
}
