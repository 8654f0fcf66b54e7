package records

import (
	"context"
	"fmt"
	"slices"

	"accord/authz"
	"accord/domain/marac"
	"accord/internal/store"
	"accord/internal/views"
)

// meetingsOfViewer bounds the meetings in which a viewer's part is looked up:
// the newest ones. Three tokens each stay within what a query can ask.
const meetingsOfViewer = 40

// reach is what a viewer brings to every record: tokens with their relations,
// and the families they are excluded from.
type reach struct {
	tokens   held
	excluded map[string]struct{}
}

// reachOf resolves a capacity from the directory, the roster and the meetings
// it takes part in. Roles decide later what a relation is worth.
func (r *Records) reachOf(ctx context.Context, capacity authz.Capacity) (reach, error) {
	viewer := reach{tokens: held{}, excluded: map[string]struct{}{}}
	viewer.addAreas(capacity)
	if capacity.Person == "" {
		return viewer, nil
	}
	viewer.tokens[assignedTo(capacity.Person)] = authz.Assigned
	viewer.tokens[ownedByPerson(capacity.Person)] = authz.Owner
	for _, team := range r.Directory().teamsOf(capacity.Person, r.clock()) {
		viewer.tokens[supervisedIn(team)] = authz.Team
		viewer.tokens[ownedByTeam(team)] = authz.Owner
	}
	families, err := r.store.Excluded(ctx, capacity.Person)
	if err != nil {
		return reach{}, fmt.Errorf("reading exclusions: %w", err)
	}
	for _, family := range families {
		viewer.excluded[family] = struct{}{}
	}
	if err := r.addMeetings(ctx, viewer, capacity); err != nil {
		return reach{}, err
	}
	return viewer, nil
}

// addAreas adds what hangs on an area, each only with the role it belongs to.
func (v reach) addAreas(capacity authz.Capacity) {
	for _, area := range capacity.Areas {
		if capacity.Has(authz.MaracCoordinator) {
			v.tokens[convenedIn(area)] = authz.Convenor
		}
		if capacity.Has(authz.PoliceSpoc) || capacity.Has(authz.CpsSpoc) {
			v.tokens[spocOf(area)] = authz.Spoc
		}
		if capacity.Has(authz.Auditor) {
			v.tokens[overseenIn(area)] = authz.Oversight
		}
	}
	if capacity.Has(authz.ListRelay) {
		v.tokens[relayed] = authz.Convenor
	}
	if capacity.Has(authz.Auditor) {
		v.tokens[overseenIn(capacity.Agency)] = authz.Oversight
	}
}

// addMeetings adds what a part in a meeting gives. Representing, chairing and an
// invitation last while the list is open; a signature lasts.
func (r *Records) addMeetings(ctx context.Context, viewer reach, capacity authz.Capacity) error {
	page, err := r.store.Find(ctx, store.Query{
		Index: "meetings_starts_latest", Tokens: []string{takingPart(capacity.Person)}, Limit: meetingsOfViewer,
	})
	if err != nil {
		return fmt.Errorf("reading the meetings of a viewer: %w", err)
	}
	for _, doc := range page.Documents {
		var head meetingHead
		if err := decode(doc.Head, &head); err != nil {
			return err
		}
		for _, attendance := range head.Attendance {
			if attendance.Practitioner == capacity.Person && attendance.Agency == capacity.Agency {
				viewer.addAttendance(doc.ID, head.Status, attendance)
			}
		}
	}
	return nil
}

func (v reach) addAttendance(meeting string, status marac.MeetingStatus, attendance marac.Attendance) {
	if !attendance.SignedAt.IsZero() {
		v.tokens[signedFor(meeting)] = authz.Signed
	}
	if !marac.ListOpen(status) {
		return
	}
	switch attendance.Part {
	case marac.PartChair:
		v.tokens[chairedAt(meeting)] = authz.Chair
	case marac.PartRepresentative:
		v.tokens[representedAt(meeting)] = authz.Representative
		v.tokens[ownedAtMeeting(meeting, attendance.Agency)] = authz.Owner
	case marac.PartInvited:
		for _, item := range attendance.InvitedItems {
			v.tokens[invitedTo(item)] = authz.InvitedItem
		}
	case marac.PartCoordinator, marac.PartObserver:
		// A coordinator reaches the meeting by convening the area; an observer sees no record.
	}
}

// sightOf decides how much of a document the viewer holds; false when it is not
// there for them. Exclusion comes before everything.
func (s *Session) sightOf(viewer reach, kind views.Kind, doc store.Document) (authz.Sight, bool) {
	if _, excluded := viewer.excluded[doc.Family]; excluded || slices.Contains(doc.Tokens, keptFrom(s.capacity.Person)) {
		return authz.Sight{}, false
	}
	tokens := doc.Tokens
	if kind == views.MeetingKind && len(viewer.excluded) > 0 {
		tokens = tokensBeyond(doc, viewer.excluded)
	}
	sight := s.table.Decide(s.capacity.Roles, viewer.tokens.relations(tokens))
	return sight, sight.Reaches(kind.Row())
}

// tokensBeyond are the tokens a meeting has without the cases of some families.
// Who is kept from a case must not learn from the header of its meeting that it
// is heard there. A head that cannot be read gives none.
func tokensBeyond(doc store.Document, families map[string]struct{}) []string {
	var head meetingHead
	if err := decode(doc.Head, &head); err != nil {
		return nil
	}
	meeting := Meeting{Meeting: marac.Meeting{ID: doc.ID, Area: head.Area}}
	hidden := map[string]struct{}{}
	for _, heard := range head.Heard {
		if _, excluded := families[heard.Case]; excluded {
			hidden[heard.Item] = struct{}{}
			continue
		}
		meeting.Heard = append(meeting.Heard, heard)
	}
	for _, attendance := range head.Attendance {
		attendance.InvitedItems = slices.DeleteFunc(slices.Clone(attendance.InvitedItems), func(item string) bool {
			_, excluded := hidden[item]
			return excluded
		})
		meeting.Attendance = append(meeting.Attendance, attendance)
	}
	return meeting.tokens(nil).sorted()
}

// mayMiss reports whether the tokens of an index can say more than is there for
// the viewer: those of meetings, for somebody who is kept from a case.
func (v reach) mayMiss(kind views.Kind) bool {
	return kind == views.MeetingKind && len(v.excluded) > 0
}

// tokensFor are the viewer's tokens that may enter a query on the kind: those of
// relations by which one of the viewer's roles holds the kind's row at all.
func (s *Session) tokensFor(viewer reach, kind views.Kind) ([]string, error) {
	set := tokenSet{}
	for token, relation := range viewer.tokens {
		if s.table.Opens(s.capacity.Roles, relation, kind.Row()) {
			set.add(token)
		}
	}
	if len(set) > store.MaxTokens {
		return nil, fmt.Errorf("a viewer holds %d tokens for one query", len(set))
	}
	return set.sorted(), nil
}
