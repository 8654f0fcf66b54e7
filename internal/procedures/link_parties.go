package procedures

import (
	"context"
	"slices"

	"accord/authz"
	"accord/domain/casework"
	"accord/domain/fault"
	"accord/domain/sharing"
	"accord/internal/records"
	"accord/internal/views"
)

// LinkProposal is which parties are held to be one person, and why.
type LinkProposal struct {
	First, Second sharing.LinkedParty
	Reason        string
}

// linkedCases are the cases at both ends of a link, of which nothing sealed is opened.
type linkedCases struct{ first, second records.Held[records.Case] }

// ProposePartyLink proposes that parties of two cases are one person. Whoever does
// holds both in full. It changes neither party: a link is a record of its own.
func ProposePartyLink(ctx context.Context, s *records.Session, proposal LinkProposal) (views.PartyLink, error) {
	const procedure = "proposePartyLink"
	cases, err := loadLinked(ctx, s, proposal.First, proposal.Second)
	if err != nil {
		return views.PartyLink{}, refused(ctx, s, procedure, err)
	}
	link := sharing.PartyLink{
		ID: s.Records().Identifier(views.PartyLinkKind), First: proposal.First, Second: proposal.Second, Reason: proposal.Reason,
		ProposedBy: s.Capacity().Person, ProposedAt: s.Now(),
	}
	if err := link.Check(); err != nil {
		return views.PartyLink{}, refused(ctx, s, procedure, err)
	}
	if err := cases.check(link); err != nil {
		return views.PartyLink{}, refused(ctx, s, procedure, err)
	}
	change := s.Change(link.ID)
	if err := records.CreateByRule(change, records.PartyLink{PartyLink: link}); err != nil {
		return views.PartyLink{}, err
	}
	return applyLink(ctx, s, procedure, change, cases, link.ID, sharing.AlertLinkProposed)
}

// ConfirmPartyLink is the second person's word, who holds both parties in full too.
func ConfirmPartyLink(ctx context.Context, s *records.Session, link string, expectedVersion int64) (views.PartyLink, error) {
	const procedure = "confirmPartyLink"
	held, cases, err := loadLink(ctx, s, procedure, link, expectedVersion)
	if err != nil {
		return views.PartyLink{}, err
	}
	if err = cases.check(held.Value.PartyLink); err != nil {
		return views.PartyLink{}, refused(ctx, s, procedure, err)
	}
	confirmed, err := held.Value.Confirm(s.Capacity().Person, s.Now())
	if err != nil {
		return views.PartyLink{}, refused(ctx, s, procedure, err)
	}
	held.Value.PartyLink = confirmed
	change := s.Change(link)
	records.UpdateByRule(change, held)
	return applyLink(ctx, s, procedure, change, cases, link, sharing.AlertLinkChanged)
}

// UndoPartyLink takes a link away: for anybody who reaches both cases, because a wrong
// link does harm for as long as it stands.
func UndoPartyLink(ctx context.Context, s *records.Session, link, why string, expectedVersion int64) (views.PartyLink, error) {
	const procedure = "undoPartyLink"
	held, cases, err := loadLink(ctx, s, procedure, link, expectedVersion)
	if err != nil {
		return views.PartyLink{}, err
	}
	undone, err := held.Value.Undo(s.Capacity().Person, why, s.Now())
	if err != nil {
		return views.PartyLink{}, refused(ctx, s, procedure, err)
	}
	held.Value.PartyLink = undone
	change := s.Change(link)
	records.UpdateByRule(change, held)
	return applyLink(ctx, s, procedure, change, cases, link, sharing.AlertLinkChanged)
}

// loadLinked reads what of both cases is clear; missing when one of them is not there
// for the viewer.
func loadLinked(ctx context.Context, s *records.Session, first, second sharing.LinkedParty) (linkedCases, error) {
	one, err := s.LoadCaseHead(ctx, first.Case)
	if err != nil {
		return linkedCases{}, err
	}
	other, err := s.LoadCaseHead(ctx, second.Case)
	return linkedCases{one, other}, err
}

// loadLink reads a link, as the viewer has read it, with its cases.
func loadLink(ctx context.Context, s *records.Session, procedure, link string, expectedVersion int64) (records.Held[records.PartyLink], linkedCases, error) {
	held, err := s.LoadPartyLink(ctx, link)
	if err != nil {
		return held, linkedCases{}, err
	}
	if held.Version() != expectedVersion {
		return held, linkedCases{}, refused(ctx, s, procedure, fault.Stale())
	}
	cases, err := loadLinked(ctx, s, held.Value.First, held.Value.Second)
	return held, cases, err
}

// check refuses ends that are no parties of the cases, and parties of whom the viewer
// does not read who they are: nobody can say of a mask whose it is.
func (c linkedCases) check(link sharing.PartyLink) error {
	for _, end := range []struct {
		path  string
		of    records.Held[records.Case]
		party string
	}{
		{"input.firstPersonId", c.first, link.First.Party},
		{"input.secondPersonId", c.second, link.Second.Party},
	} {
		at := slices.IndexFunc(end.of.Value.Parties, func(p casework.Party) bool { return p.ID == end.party })
		if at < 0 {
			return fault.Input(end.path, "known", "Name a party of the case.")
		}
		if end.of.Sight.Level(views.IdentityClass(end.of.Value.Parties[at].Role)) != authz.Full {
			return fault.Refused("Who both people are must be yours to read before you can say that they are one.")
		}
	}
	return nil
}

// applyLink commits a link, tells who is to look at it, and shows it.
func applyLink(ctx context.Context, s *records.Session, procedure string, change *records.Change, cases linkedCases, link string, alert sharing.AlertKind) (views.PartyLink, error) {
	change.Combines(cases.first, cases.second)
	if err := s.Tell(change, alert, cases.first.Value, cases.told(s)...); err != nil {
		return views.PartyLink{}, err
	}
	if err := s.Apply(ctx, procedure, change); err != nil {
		return views.PartyLink{}, err
	}
	deliverNow(ctx, s.Records())
	return s.PartyLink(ctx, link)
}

// told lists who answers for both cases, so that the link is there for them; where
// nobody does, who coordinates the areas of the cases and is kept from neither.
func (c linkedCases) told(s *records.Session) []string {
	first, second := c.first.Value, c.second.Value
	ofSecond := answering(s, second)
	both := slices.DeleteFunc(answering(s, first), func(one string) bool { return !slices.Contains(ofSecond, one) })
	if len(both) == 0 && len(first.Restricted)+len(second.Restricted) == 0 {
		directory := s.Records().Directory()
		both = slices.Concat(directory.Holding(authz.MaracCoordinator, first.Area), directory.Holding(authz.MaracCoordinator, second.Area))
	}
	return slices.DeleteFunc(both, func(one string) bool {
		return one == s.Capacity().Person || slices.Contains(first.Excluded, one) || slices.Contains(second.Excluded, one)
	})
}
