package procedures

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"accord/domain/fault"
	"accord/domain/marac"
	"accord/internal/records"
	"accord/internal/views"
)

// Deliver carries the consequences of changes into the families they are for:
// at least once, and twice does no harm. It is called after the changes that
// have consequences and by a job, so that a crash in between leaves nothing
// undone.
func Deliver(ctx context.Context, r *records.Records) error {
	for range turns {
		undelivered, err := r.Undelivered(ctx)
		if err != nil || len(undelivered) == 0 {
			return err
		}
		var stuck []error
		for _, consequence := range undelivered {
			if err := deliver(ctx, r.Relay(ctx), consequence); err != nil {
				stuck = append(stuck, fmt.Errorf("delivering %s: %w", consequence.ID, err))
			}
		}
		if len(stuck) > 0 {
			return errors.Join(stuck...) // the others were delivered; these wait for the job's next turn
		}
	}
	return nil
}

// deliverNow delivers at once what a change has just posted. The change is
// committed, so its caller is not told of what could not be delivered yet, which
// may be somebody else's: the job tries again and reports it.
func deliverNow(ctx context.Context, r *records.Records) { _ = Deliver(ctx, r) }

// turns bounds how often what came in meanwhile is looked at again; the rest
// waits for the job.
const turns = 20

func deliver(ctx context.Context, s *records.Session, consequence records.Consequence) error {
	var err error
	switch consequence.Topic {
	case records.TopicHeard:
		err = hearCase(ctx, s, consequence)
	case records.TopicResearch:
		err = askForResearch(ctx, s, consequence)
	default:
		return fmt.Errorf("nobody delivers the topic %s", consequence.Topic)
	}
	if fault.Is(err, fault.Conflict) {
		// Somebody else delivered it, or changed what it is for: look again.
		return settleIfDone(ctx, s, consequence)
	}
	return err
}

// settleIfDone settles a message whose consequence is there already. What is not
// settled is delivered by the next turn.
func settleIfDone(ctx context.Context, s *records.Session, consequence records.Consequence) error {
	if consequence.Topic == records.TopicResearch {
		return s.Settle(ctx, consequence.ID)
	}
	return nil
}

// hearCase brings a meeting up to who works on a case of its list, and places
// the case when it is not on the list yet.
func hearCase(ctx context.Context, s *records.Session, consequence records.Consequence) error {
	meeting, err := s.LoadMeeting(ctx, consequence.Meeting)
	if err != nil {
		return err
	}
	listed, err := s.LoadCase(ctx, consequence.Case)
	if err != nil {
		return err
	}
	item, err := s.LoadListItem(ctx, consequence.Item)
	if err != nil {
		return err
	}
	change := s.Change(consequence.Meeting)
	placed := item.Value.ListItem
	if !slices.ContainsFunc(meeting.Value.Refs, func(ref marac.ListRef) bool { return ref.Item == placed.ID }) {
		// The coordinator placed it while the list was open; that holds though the
		// list may have gone out since.
		ref := marac.ListRef{
			Item: placed.ID, Case: placed.Case, HasChildren: placed.Children, Repeat: placed.Repeat, PlacedAt: placed.PlacedAt,
		}
		meeting.Value.Refs = marac.Order(append(slices.Clone(meeting.Value.Refs), ref))
		if marac.ListOpen(meeting.Value.Status) {
			if err := s.AskForResearch(change, ref, meeting.Value.ID, represented(meeting.Value.Meeting)); err != nil {
				return err
			}
		}
	}
	others := slices.DeleteFunc(slices.Clone(meeting.Value.Heard), func(h records.HeardCase) bool { return h.Item == placed.ID })
	meeting.Value.Heard = slices.Concat(others, []records.HeardCase{listed.Value.Heards(placed.ID)})
	records.Update(change, meeting)
	change.Delivers(consequence.ID)
	return s.Apply(ctx, "hearCase", change)
}

// askForResearch opens the research of every agency at the table for one item.
func askForResearch(ctx context.Context, s *records.Session, consequence records.Consequence) error {
	change := s.Change(consequence.Case)
	for _, agency := range consequence.Agencies {
		if err := records.Create(change, records.Research{Research: marac.Research{
			ID: s.Records().Identifier(views.ResearchKind), Case: consequence.Case, Item: consequence.Item,
			Meeting: consequence.Meeting, Agency: agency, Status: marac.ResearchRequested, RequestedAt: s.Now(),
		}}); err != nil {
			return err
		}
	}
	change.Delivers(consequence.ID)
	return s.Apply(ctx, "askForResearch", change)
}

// represented lists the agencies that have a representative at the meeting.
func represented(m marac.Meeting) []string {
	var agencies []string
	for _, attendance := range m.Attendance {
		if attendance.Part == marac.PartRepresentative && !slices.Contains(agencies, attendance.Agency) {
			agencies = append(agencies, attendance.Agency)
		}
	}
	return agencies
}
