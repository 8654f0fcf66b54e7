package procedures

import (
	"context"
	"slices"

	"accord/authz"
	"accord/domain/fault"
	"accord/domain/marac"
	"accord/domain/sharing"
	"accord/internal/records"
	"accord/internal/views"
)

// ReleaseDecision is what the owner of an item decided about sharing it. Release
// holds what was said; id, owner, time and decider are given here.
type ReleaseDecision struct {
	Release        sharing.Release
	IdempotencyKey string // empty: none
}

// ReleaseItem decides about sharing one item: its owner releases it to agencies of
// the case, whole, redacted or summed up, or refuses. An advocate's note is the
// advocate's alone to release, and an extract of minutes the chair's.
func ReleaseItem(ctx context.Context, s *records.Session, decision ReleaseDecision) (views.Release, error) {
	const procedure = "releaseItem"
	receipt, done, err := s.Retried(ctx, procedure, decision.IdempotencyKey, decision)
	if err != nil {
		return views.Release{}, err
	}
	if done {
		return s.Release(ctx, receipt.Result[0])
	}
	held, err := s.LoadCaseHead(ctx, decision.Release.Case)
	if err != nil {
		return views.Release{}, err
	}
	release := decision.Release
	release.ID, release.Owner = s.Records().Identifier(views.ReleaseKind), s.Capacity().Agency
	release.DecidedBy, release.DecidedAt = s.Capacity().Person, s.Now()
	slices.Sort(release.Recipients)
	release.Recipients = slices.Compact(release.Recipients)
	change := s.Change(release.Case)
	release, err = takeSource(ctx, s, change, procedure, release)
	if err != nil {
		return views.Release{}, err
	}
	if err := checkRelease(ctx, s, held.Value, release); err != nil {
		return views.Release{}, refused(ctx, s, procedure, err)
	}
	if err := records.Create(change, records.Release{Release: release}); err != nil {
		return views.Release{}, err
	}
	if release.Decision.Shares() {
		change.Discloses(release.Recipients...)
		for _, recipient := range release.Recipients {
			if err := s.Tell(change, sharing.AlertReleased, held.Value, s.Responsible(held.Value, recipient)...); err != nil {
				return views.Release{}, err
			}
		}
	}
	change.Remember(receipt, release.ID)
	if err := s.Apply(ctx, procedure, change); err != nil {
		return views.Release{}, err
	}
	deliverNow(ctx, s.Records())
	return s.Release(ctx, release.ID)
}

// checkRelease holds a decision against the rules and against who could read it.
func checkRelease(ctx context.Context, s *records.Session, of records.Case, release sharing.Release) error {
	directory := s.Records().Directory()
	owner, _ := directory.Agency(release.Owner)
	agencies, err := s.AgenciesOn(ctx, of)
	if err != nil {
		return err
	}
	var recipients []sharing.Agency
	for _, id := range release.Recipients {
		recipient, _ := directory.Agency(id)
		recipient.ID = id // who is not in the directory is not on the case
		recipients = append(recipients, recipient)
	}
	if err := release.Check(owner.Type, recipients, agencies, s.Now()); err != nil {
		return err
	}
	for _, recipient := range release.Recipients {
		if release.Decision.Shares() && !s.Reads(recipient, authz.Released, views.SourceClass(release.Source)) {
			return fault.Rule("RELEASE_READER", "Access matrix",
				"Nobody at one of the agencies may read this even when it is released. Release it to those who may, or share a summary of your assessment.")
		}
	}
	return nil
}

// takeSource finds what is to be released and takes its words when they are shared
// as they are. It refuses what is not the viewer's to release.
func takeSource(ctx context.Context, s *records.Session, change *records.Change, procedure string, release sharing.Release) (sharing.Release, error) {
	switch release.Source {
	case sharing.OfIntelligence, sharing.OfAdvocateNote, sharing.OfHealthInformation:
		return takeItem(ctx, s, procedure, release)
	case sharing.OfFinding:
		return takeFinding(ctx, s, change, procedure, release)
	case sharing.OfAssessment:
		return takeAssessment(ctx, s, procedure, release)
	case sharing.OfMinutes:
		return takeMinutes(ctx, s, procedure, release)
	default:
		return release, refused(ctx, s, procedure, fault.Input("input.source", "oneOf", "Say what is to be released."))
	}
}

// itemKinds are the kinds of owned item by what a release is of.
var itemKinds = map[sharing.ReleaseSource]sharing.ItemKind{
	sharing.OfIntelligence:      sharing.Intelligence,
	sharing.OfAdvocateNote:      sharing.AdvocateNote,
	sharing.OfHealthInformation: sharing.HealthInformation,
}

func takeItem(ctx context.Context, s *records.Session, procedure string, release sharing.Release) (sharing.Release, error) {
	item, err := s.LoadOwnedItem(ctx, views.KindOfItem(itemKinds[release.Source]), release.Item)
	if err != nil {
		return release, refused(ctx, s, procedure, err)
	}
	if err := records.Allow(ctx, s, procedure, item); err != nil {
		return release, err
	}
	if item.Value.Case != release.Case || item.Value.Agency != release.Owner {
		return release, refused(ctx, s, procedure, fault.Missing())
	}
	return inItsWords(ctx, s, procedure, release, item.Value.Text)
}

// takeFinding also notes on the research that the finding was released.
func takeFinding(ctx context.Context, s *records.Session, change *records.Change, procedure string, release sharing.Release) (sharing.Release, error) {
	all, err := s.LoadResearchOf(ctx, release.Case)
	if err != nil {
		return release, err
	}
	for _, research := range all {
		at := slices.IndexFunc(research.Value.Items, func(i marac.ResearchItem) bool { return i.ID == release.Item })
		if at < 0 {
			continue
		}
		if err = records.Allow(ctx, s, procedure, research); err != nil {
			return release, err
		}
		if research.Value.Agency != release.Owner {
			return release, refused(ctx, s, procedure, fault.Missing())
		}
		if release, err = inItsWords(ctx, s, procedure, release, research.Value.Items[at].Text); err != nil {
			return release, err
		}
		release.ListedAs, release.Meeting = research.Value.Item, research.Value.Meeting
		if release.Decision.Shares() && research.Value.Items[at].State != marac.ReleasedRecord {
			released, err := research.Value.Release(release.Item, marac.ReleasedRecord)
			if err != nil {
				return release, refused(ctx, s, procedure, err)
			}
			research.Value.Research = released
			records.Update(change, research)
		}
		return release, nil
	}
	return release, refused(ctx, s, procedure, fault.Missing())
}

func takeAssessment(ctx context.Context, s *records.Session, procedure string, release sharing.Release) (sharing.Release, error) {
	assessment, err := s.LoadAssessment(ctx, release.Item)
	if err != nil {
		return release, refused(ctx, s, procedure, err)
	}
	if err := records.Allow(ctx, s, procedure, assessment); err != nil {
		return release, err
	}
	if assessment.Value.Case != release.Case || assessment.Value.Agency != release.Owner {
		return release, refused(ctx, s, procedure, fault.Missing())
	}
	return release, nil // what is shared of it is said in words
}

func takeMinutes(ctx context.Context, s *records.Session, procedure string, release sharing.Release) (sharing.Release, error) {
	item, err := s.LoadListItem(ctx, release.Item)
	if err != nil {
		return release, refused(ctx, s, procedure, err)
	}
	if item.Value.Case != release.Case {
		return release, refused(ctx, s, procedure, fault.Missing())
	}
	if !s.Capacity().Has(authz.MaracChair) || item.Sight.WriteLevel(authz.MaracMinutes) != authz.Full {
		return release, refused(ctx, s, procedure, fault.Refused("An extract of the minutes is released by the chair of the meeting."))
	}
	release.ListedAs, release.Meeting = item.Value.ID, item.Value.Meeting
	return release, nil
}

// inItsWords takes the item's own words for what is shared as it is. Other words are
// not it: the convenor and the auditor, who do not read them, rely on what the decision
// calls them.
func inItsWords(ctx context.Context, s *records.Session, procedure string, release sharing.Release, words string) (sharing.Release, error) {
	if release.Decision != sharing.Share {
		return release, nil
	}
	if release.Content != "" && release.Content != words {
		return release, refused(ctx, s, procedure, fault.Input("input.content", "itemsWords",
			"With SHARE the item's own words are shared: leave the content out, or choose SHARE_REDACTED or SHARE_SUMMARY."))
	}
	release.Content = words
	return release, nil
}

// ReleaseWithdrawal is why a release ends.
type ReleaseWithdrawal struct {
	Release         string
	Because         string
	ExpectedVersion int64
}

// WithdrawRelease ends a release for the future: at the next read it is there for
// its recipients no more.
func WithdrawRelease(ctx context.Context, s *records.Session, withdrawal ReleaseWithdrawal) (views.Release, error) {
	const procedure = "withdrawRelease"
	held, err := s.LoadRelease(ctx, withdrawal.Release)
	if err != nil {
		return views.Release{}, err
	}
	if err = records.Allow(ctx, s, procedure, held); err != nil {
		return views.Release{}, err
	}
	if held.Value.Owner != s.Capacity().Agency {
		return views.Release{}, refused(ctx, s, procedure, fault.Refused("A release is withdrawn by the agency that released it."))
	}
	if held.Version() != withdrawal.ExpectedVersion {
		return views.Release{}, refused(ctx, s, procedure, fault.Stale())
	}
	of, err := s.LoadCaseHead(ctx, held.Value.Case)
	if err != nil {
		return views.Release{}, err
	}
	withdrawn, err := held.Value.Withdraw(s.Capacity().Person, withdrawal.Because, s.Now())
	if err != nil {
		return views.Release{}, refused(ctx, s, procedure, err)
	}
	held.Value.Release = withdrawn
	change := s.Change(withdrawn.Case)
	records.Update(change, held)
	for _, recipient := range withdrawn.Recipients {
		if held.Value.EndTold {
			break // they know that it has ended
		}
		if err := s.Tell(change, sharing.AlertReleaseEnded, of.Value, s.Responsible(of.Value, recipient)...); err != nil {
			return views.Release{}, err
		}
	}
	if err := s.Apply(ctx, procedure, change); err != nil {
		return views.Release{}, err
	}
	deliverNow(ctx, s.Records())
	return s.Release(ctx, withdrawn.ID)
}
