package records

import (
	"context"
	"fmt"
	"maps"
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
	viewer.addPerson(capacity.Person)
	for token, relation := range maps.Clone(viewer.tokens) {
		viewer.tokens[alone(token)] = relation
	}
	viewer.tokens[addressedTo(capacity.Person)] = authz.Addressee
	viewer.tokens[workedOnBy(capacity.Agency)] = authz.AgencyParty
	for _, covered := range r.Directory().coveredBy(capacity, r.clock()) {
		viewer.addPerson(covered)
	}
	for _, team := range r.Directory().teamsOf(capacity.Person, r.clock()) {
		viewer.tokens[supervisedIn(team)] = authz.Team
		viewer.tokens[ownedByTeam(team)] = authz.Owner
		viewer.tokens[releasedToTeam(team)] = authz.Released
	}
	families, err := r.store.Excluded(ctx, capacity.Person)
	if err != nil {
		return reach{}, fmt.Errorf("reading exclusions: %w", err)
	}
	for _, family := range families {
		viewer.excluded[family] = struct{}{}
	}
	if err := r.addEmergencies(ctx, viewer, capacity, r.clock()); err != nil {
		return reach{}, err
	}
	if err := r.addMeetings(ctx, viewer, capacity); err != nil {
		return reach{}, err
	}
	return viewer, nil
}

// addPerson adds what is a practitioner's own: the viewer's, and that of whom they
// stand in for by the roster.
func (v reach) addPerson(practitioner string) {
	v.tokens[assignedTo(practitioner)] = authz.Assigned
	v.tokens[filedWith(practitioner)] = authz.Filed
	v.tokens[consentedTo(practitioner)] = authz.Consented
	v.tokens[ownedByPerson(practitioner)] = authz.Owner
	v.tokens[releasedToPerson(practitioner)] = authz.Released
}

// addAreas adds what hangs on an area, each only with the role it belongs to.
func (v reach) addAreas(capacity authz.Capacity) {
	for _, area := range capacity.Areas {
		if capacity.Has(authz.MaracCoordinator) {
			v.tokens[convenedIn(area)] = authz.Convenor
			v.tokens[convenedBy(area, capacity.Person)] = authz.Convenor
		}
		if capacity.Has(authz.PoliceSpoc) || capacity.Has(authz.CpsSpoc) {
			v.tokens[spocOf(area)] = authz.Spoc
		}
		if capacity.Has(authz.MappaCoordinator) {
			v.tokens[nominalIn(area)] = authz.Nominal
		}
		if capacity.Has(authz.Auditor) {
			v.tokens[overseenIn(area)] = authz.Oversight
		}
	}
	if capacity.Has(authz.ListRelay) {
		v.tokens[relayed] = authz.Convenor
	}
	if capacity.Has(authz.AlertPost) {
		v.tokens[posted] = authz.Addressee
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
		v.tokens[releasedAtMeeting(meeting, attendance.Agency)] = authz.Released
	case marac.PartRepresentative:
		v.tokens[representedAt(meeting)] = authz.Representative
		v.tokens[ownedAtMeeting(meeting, attendance.Agency)] = authz.Owner
		v.tokens[releasedAtMeeting(meeting, attendance.Agency)] = authz.Released
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
	stop := s.phase("sight")
	defer stop()
	if s.isKeptFrom(viewer, doc) {
		return authz.Sight{}, false
	}
	relations := viewer.tokens.relations(s.tokensNow(viewer, kind, doc))
	sight := s.decideBy(relations)
	reached := sight.Reaches(kind.Row())
	if reached && relations.Has(authz.BreakGlass) && !s.decideBy(relations&^emergencyAlone).Reaches(kind.Row()) {
		s.trail.lookInEmergency()
	}
	return sight, reached
}

// emergencyAlone is the relation of whoever has nothing but emergency access.
const emergencyAlone = authz.RelationSet(1 << authz.BreakGlass)

// isKeptFrom reports whether the viewer is excluded from the case of a document.
func (s *Session) isKeptFrom(viewer reach, doc store.Document) bool {
	_, excluded := viewer.excluded[doc.Family]
	return excluded || slices.Contains(doc.Tokens, keptFrom(s.capacity.Person))
}

// tokensNow are the tokens of a document that count for the viewer now.
func (s *Session) tokensNow(viewer reach, kind views.Kind, doc store.Document) []string {
	switch {
	case kind == views.MeetingKind && len(viewer.excluded) > 0:
		return tokensBeyond(doc, viewer.excluded)
	case kind == views.ReleaseKind:
		return stillReleased(doc, s.now)
	default:
		return doc.Tokens
	}
}

// decide joins what the viewer's roles allow by the relations that the tokens
// stand for, within what the purpose covers that the viewer declared.
func (s *Session) decide(viewer reach, tokens []string) authz.Sight {
	return s.decideBy(viewer.tokens.relations(tokens))
}

func (s *Session) decideBy(relations authz.RelationSet) authz.Sight {
	return s.table.Decide(s.capacity.Roles, relations).Within(s.capacity.Purpose)
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
