package procedures

import (
	"context"
	"slices"

	"accord/domain/fault"
	"accord/domain/marac"
	"accord/internal/records"
	"accord/internal/views"
)

// ListCase places an accepted case on the list of a meeting. The case knows its
// item at once; the meeting learns of it by the relay, so between the two the
// state is "placed, not on the list yet".
func ListCase(ctx context.Context, s *records.Session, referralID, meetingID string) (string, error) {
	const procedure = "listCase"
	referral, err := s.LoadReferral(ctx, referralID)
	if err != nil {
		return "", err
	}
	meeting, err := s.LoadMeeting(ctx, meetingID)
	if err != nil {
		return "", err
	}
	held, err := s.LoadCase(ctx, referral.Value.Case)
	if err != nil {
		return "", err
	}
	if held.Value.Area != meeting.Value.Area {
		return "", refused(ctx, s, procedure, fault.Rule("MEETING_AREA", "SafeLives, the MARAC process",
			"Place the case on a meeting of its own area, or transfer it to the other MARAC."))
	}
	listed, err := referral.Value.List(meetingID)
	if err != nil {
		return "", refused(ctx, s, procedure, err)
	}
	item := marac.ListItem{
		ID: s.Records().Identifier(views.ListItemKind), Case: held.Value.ID, Meeting: meetingID, Referral: referralID,
		Children: len(held.Value.Children()) > 0, Repeat: slices.Contains(listed.Reasons, marac.MaracRepeat), PlacedAt: s.Now(),
	}
	if _, err := meeting.Value.Place(item); err != nil { // refused here rather than behind the relay
		return "", refused(ctx, s, procedure, err)
	}
	referral.Value.Referral = listed
	held.Value.Listings = append(slices.Clone(held.Value.Listings), records.Listing{Item: item.ID, Meeting: meetingID, Repeat: item.Repeat})
	change := s.Change(item.Case)
	records.Update(change, held)
	records.Update(change, referral)
	if err := records.Create(change, records.ListItem{ListItem: item}); err != nil {
		return "", err
	}
	if err := s.Heard(change, held.Value); err != nil {
		return "", err
	}
	if err := s.Apply(ctx, procedure, change); err != nil {
		return "", err
	}
	deliverNow(ctx, s.Records())
	return item.ID, nil
}
