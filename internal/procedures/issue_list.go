package procedures

import (
	"context"

	"accord/internal/records"
)

// IssueList sends the list of a meeting to its representatives (R15). From then
// on each agency's research is asked for, case by case: the relay asks.
func IssueList(ctx context.Context, s *records.Session, meetingID string) error {
	const procedure = "issueList"
	held, err := s.LoadMeeting(ctx, meetingID)
	if err != nil {
		return err
	}
	if err = records.Allow(ctx, s, procedure, held); err != nil {
		return err
	}
	policy, known := s.Records().Directory().PolicyOn(held.Value.Area, held.Value.On())
	if !known {
		return refused(ctx, s, procedure, areaWithoutPolicy())
	}
	issued, err := held.Value.IssueList(policy, s.Now())
	if err != nil {
		return refused(ctx, s, procedure, err)
	}
	held.Value.Meeting = issued
	change := s.Change(meetingID)
	records.Update(change, held)
	for _, ref := range issued.Refs {
		if err := s.AskForResearch(change, ref, meetingID, represented(issued)); err != nil {
			return err
		}
	}
	if err := s.Apply(ctx, procedure, change); err != nil {
		return err
	}
	deliverNow(ctx, s.Records())
	return nil
}
