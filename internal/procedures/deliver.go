package procedures

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"accord/domain/fault"
	"accord/domain/marac"
	"accord/domain/sharing"
	"accord/internal/records"
	"accord/internal/views"
)

// Deliver carries the consequences of changes into the families they are for:
// at least once, and twice does no harm. It is called after the changes that
// have consequences and by a job, so that a crash in between leaves nothing
// undone.
//
// A consequence that can never be delivered, because what it is for is not there any
// more, is settled and dropped is told of it; the others do not wait for it.
func Deliver(ctx context.Context, r *records.Records, dropped func(records.Consequence)) error {
	return deliverAll(ctx, r, turns, dropped)
}

// deliverNow delivers at once what a change has just posted. The change is
// committed, so its caller is not told of what could not be delivered yet, which
// may be somebody else's: the job tries again and reports it.
func deliverNow(ctx context.Context, r *records.Records) { _ = deliverAll(ctx, r, turnsNow, nil) }

// How often what came in meanwhile, and what is delivered a part at a time, is looked
// at again; the rest waits for the job. Who waits for an answer waits for less.
const (
	turns    = 20
	turnsNow = 4
)

func deliverAll(ctx context.Context, r *records.Records, rounds int, dropped func(records.Consequence)) error {
	for range rounds {
		undelivered, err := r.Undelivered(ctx)
		if err != nil || len(undelivered) == 0 {
			return err
		}
		var stuck []error
		for _, consequence := range undelivered {
			err := deliver(ctx, r.Relay(ctx), consequence)
			if err != nil && dropped != nil {
				err = dropIfGone(ctx, r, consequence, err, dropped)
			}
			if err != nil {
				stuck = append(stuck, fmt.Errorf("delivering %s: %w", consequence.ID, err))
			}
		}
		if len(stuck) > 0 {
			return errors.Join(stuck...) // the others were delivered; these wait for the job's next turn
		}
	}
	return nil
}

// dropIfGone settles a consequence that could not be delivered and never can be.
// Otherwise it returns why it could not.
func dropIfGone(ctx context.Context, r *records.Records, consequence records.Consequence, why error, dropped func(records.Consequence)) error {
	gone, err := r.HasGone(ctx, consequence)
	if err != nil || !gone {
		return errors.Join(why, err)
	}
	if err := r.Relay(ctx).Settle(ctx, consequence.ID); err != nil {
		return errors.Join(why, err)
	}
	dropped(consequence)
	return nil
}

func deliver(ctx context.Context, s *records.Session, consequence records.Consequence) error {
	var err error
	switch consequence.Topic {
	case records.TopicHeard:
		err = hearCase(ctx, s, consequence)
	case records.TopicResearch:
		err = askForResearch(ctx, s, consequence)
	case records.TopicAlert:
		err = raiseAlert(ctx, s.Records().AlertPost(ctx), consequence)
	case records.TopicMoved:
		err = followTeam(ctx, s.Records().TeamMove(ctx), consequence)
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
	if consequence.Topic == records.TopicResearch || consequence.Topic == records.TopicAlert {
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

// raiseAlert puts an alert into the inbox of its addressee.
func raiseAlert(ctx context.Context, s *records.Session, consequence records.Consequence) error {
	if _, known := s.Records().Directory().Practitioner(consequence.To); !known {
		if gone, err := s.Records().HasGone(ctx, consequence); err != nil || gone {
			return errors.Join(errors.New("nobody in the directory is who is to be told"), err)
		}
	}
	change := s.Change(records.InboxOf(consequence.To))
	if err := records.Create(change, records.Alert{Alert: sharing.Alert{
		ID: consequence.AlertID(), To: consequence.To, Kind: consequence.Alert, Case: consequence.Case, RaisedAt: s.Now(),
		Mail: s.Records().MailTo(consequence.To),
	}}); err != nil {
		return err
	}
	change.Delivers(consequence.ID)
	return s.Apply(ctx, "raiseAlert", change)
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
