package records

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"accord/authz"
	"accord/domain/sharing"
	"accord/internal/store"
	"accord/internal/views"
)

// Release is a decision about sharing one item as it is written. What was
// released is in it, sealed in the class of its source, so that the item itself
// never gains a reader. EndTold says that it has ended by itself and its recipients
// were told; it is kept with what is clear, so that who tells them opens nothing.
type Release struct {
	sharing.Release
	EndTold bool
}

type releaseHead struct {
	Case        string
	Source      sharing.ReleaseSource
	Item        string
	Meeting     string
	ListedAs    string
	Owner       string
	Decision    sharing.DisclosureDecision
	Recipients  []string
	DecidedAt   time.Time
	Until       time.Time
	WithdrawnAt time.Time
	EndTold     bool
}

// untilField is when a release ends by itself, in milliseconds. One that has ended and
// whose recipients were told has none: it is there for them no more, whatever the time.
const untilField = "until"

// releasesEnding is the index of the releases that end by themselves, the next first.
const releasesEnding = "releases_ending"

func (r Release) kind() store.Kind    { return kindOf(views.ReleaseKind) }
func (r Release) id() string          { return r.ID }
func (r Release) family() string      { return r.Case }
func (r Release) row() authz.ClassSet { return views.ReleaseKind.Row() }

func (r Release) head() any {
	return releaseHead{r.Case, r.Source, r.Item, r.Meeting, r.ListedAs, r.Owner, r.Decision, r.Recipients, r.DecidedAt, r.Until, r.WithdrawnAt, r.EndTold}
}

// isOut reports whether recipients hold what was released, unless its end has come.
func (r Release) isOut() bool { return r.Decision.Shares() && r.WithdrawnAt.IsZero() && !r.EndTold }

func (r Release) fields() []store.Field {
	if !r.isOut() || r.Until.IsZero() {
		return nil
	}
	return []store.Field{{Name: untilField, Value: store.Number(r.Until.UnixMilli())}}
}

func (r Release) parts() []part {
	return []part{
		full(authz.SharingRecord, views.ReleaseGrounds{
			Gateway: r.Gateway, Regime: r.Regime, Necessity: r.Necessity, Proportionality: r.Proportionality,
			Consent: r.Consent, VictimTold: r.VictimTold, NotToldBecause: r.NotToldBecause, Conditions: r.Conditions,
			Schedule: r.Schedule, DecidedBy: r.DecidedBy, WithdrawnBy: r.WithdrawnBy, WithdrawnBecause: r.WithdrawnBecause,
		}),
		full(views.SourceClass(r.Source), views.ReleasedContent{Text: r.Content}),
	}
}

// tokens lets in the owner, the convenor and the auditor, and the recipients of
// what was released and not withdrawn. When it ends by itself the recipients' tokens
// count no more (tokensNow), and are taken away later.
func (r Release) tokens(root *caseHead) tokenSet {
	tokens := tokenSet{}
	if r.Source == sharing.OfMinutes {
		tokens.add(chairedAt(r.Meeting))
	} else {
		root.addOwner(tokens, r.Owner)
		// Who holds the item because they work on the case, decides about it as such.
		root.addAssignedOf(tokens, r.Owner)
	}
	root.addConvenors(tokens)
	tokens.add(overseenIn(root.Area), overseenIn(r.Owner))
	if r.Decision.Shares() && r.WithdrawnAt.IsZero() {
		for _, recipient := range r.Recipients {
			tokens.add(overseenIn(recipient))
			if !r.EndTold {
				root.addRecipient(tokens, recipient)
			}
		}
	}
	return tokens
}

// stillReleased are the tokens of a release as they count now: a release that has
// ended by itself is there for its recipients no more.
func stillReleased(doc store.Document, now time.Time) []string {
	until, ends := doc.Field(untilField)
	if !ends || (sharing.Release{Decision: sharing.Share, Until: time.UnixMilli(until.Number)}).Live(now) {
		return doc.Tokens
	}
	return slices.DeleteFunc(slices.Clone(doc.Tokens), func(token string) bool {
		kind, _, _ := strings.Cut(token, ":")
		return kind == "ru" || kind == alone("ru") || kind == "rt" || kind == "rm"
	})
}

func decodeRelease(doc store.Document, open opener) (Release, error) {
	var head releaseHead
	if err := decode(doc.Head, &head); err != nil {
		return Release{}, err
	}
	var grounds views.ReleaseGrounds
	if err := open(authz.SharingRecord, authz.Full, &grounds); err != nil {
		return Release{}, err
	}
	var content views.ReleasedContent
	if err := open(views.SourceClass(head.Source), authz.Full, &content); err != nil {
		return Release{}, err
	}
	return Release{EndTold: head.EndTold, Release: sharing.Release{
		ID: doc.ID, Case: head.Case, Source: head.Source, Item: head.Item, Meeting: head.Meeting, ListedAs: head.ListedAs, Owner: head.Owner,
		Decision: head.Decision, Recipients: head.Recipients, Content: content.Text, Gateway: grounds.Gateway,
		Regime: grounds.Regime, Necessity: grounds.Necessity, Proportionality: grounds.Proportionality,
		Consent: grounds.Consent, VictimTold: grounds.VictimTold, NotToldBecause: grounds.NotToldBecause,
		Conditions: grounds.Conditions, Schedule: grounds.Schedule, DecidedBy: grounds.DecidedBy, DecidedAt: head.DecidedAt,
		Until: head.Until, WithdrawnBy: grounds.WithdrawnBy, WithdrawnAt: head.WithdrawnAt, WithdrawnBecause: grounds.WithdrawnBecause,
	}}, nil
}

func viewRelease(record views.Record, doc store.Document) (views.Release, error) {
	var head releaseHead
	if err := decode(doc.Head, &head); err != nil {
		return views.Release{}, err
	}
	return views.Release{
		Record: record, Source: head.Source, Item: head.Item, ListedAs: head.ListedAs, OwnerID: head.Owner, Decision: head.Decision,
		RecipientIDs: head.Recipients, DecidedAt: head.DecidedAt, Until: unlessZero(head.Until),
		WithdrawnAt: unlessZero(head.WithdrawnAt), Version: int(revision(doc)),
	}, nil
}

// ReleasesOf returns the decisions about sharing of a case, newest first.
func (s *Session) ReleasesOf(ctx context.Context, of views.Case) ([]views.Release, error) {
	return s.releasesWhere(ctx, of.Together, of.ID, func(views.Release) bool { return true })
}

// ReleasesAt returns what was released of a list item's case, but for what belongs
// to another item of it.
func (s *Session) ReleasesAt(ctx context.Context, item views.ListItem) ([]views.Release, error) {
	return s.releasesWhere(ctx, item.Together, item.CaseID, func(r views.Release) bool { return r.ListedAs == "" || r.ListedAs == item.ID })
}

func (s *Session) releasesWhere(ctx context.Context, together *views.Together, family string, belongs func(views.Release) bool) ([]views.Release, error) {
	releases, err := membersWhere(ctx, s, together, views.ReleaseKind, family, viewRelease, belongs)
	slices.SortFunc(releases, func(a, b views.Release) int { return newestFirst(a.DecidedAt, b.DecidedAt, a.ID, b.ID) })
	return releases, err
}

// Release returns a decision about sharing by its id.
func (s *Session) Release(ctx context.Context, id string) (views.Release, error) {
	return byID(ctx, s, views.ReleaseKind, id, viewRelease)
}

// LoadRelease reads a decision about sharing for a change.
func (s *Session) LoadRelease(ctx context.Context, id string) (Held[Release], error) {
	return loadByID(ctx, s, views.ReleaseKind, id, decodeRelease)
}

// newestFirst orders by time, and by id what is of one moment.
func newestFirst(a, b time.Time, idOfA, idOfB string) int {
	return cmp.Or(b.Compare(a), cmp.Compare(idOfA, idOfB))
}

func unlessZero(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}
