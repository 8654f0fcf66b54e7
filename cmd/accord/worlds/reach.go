package worlds

import (
	"slices"
	"time"

	"accord/authz"
	"accord/domain/casework"
	"accord/domain/marac"
	"accord/internal/views"
)

// Shift is a turn of duty of the world.
type Shift struct {
	Person      string
	Teams       []string
	From, Until time.Time
}

// Reach says who reaches what in a world, worked out from what was done and from
// the table of relations alone: no token, no index, no order of evaluation of the
// program goes into it.
type Reach struct {
	World *World
	Table *authz.Table
	Now   time.Time
}

// Sight is how much of a record somebody holds.
func (r Reach) Sight(login string, record *Record) authz.Sight {
	return r.Table.Decide(r.World.People[login].Roles, r.Relations(login, record))
}

// There reports whether a record is there for somebody at all.
func (r Reach) There(login string, record *Record) bool {
	return record != nil && r.Sight(login, record).Reaches(record.Kind.Row())
}

// Relations are what ties somebody to a record. Who is kept out of the case has
// none, whatever else they are.
func (r Reach) Relations(login string, record *Record) authz.RelationSet {
	viewer := r.World.People[login]
	if record.Kind == views.MeetingKind {
		return r.toMeeting(viewer, record.Meeting)
	}
	if slices.Contains(record.Case.Excluded, login) {
		return 0
	}
	if len(record.Case.Restricted) > 0 {
		return r.restricted(viewer, record)
	}
	return r.toCase(viewer, record) | r.asOwner(viewer, record)
}

// toMeeting: who convenes or oversees the area, takes part, signed, or works on
// or is invited to a case of the list that they are not kept out of.
func (r Reach) toMeeting(viewer *Person, meeting *Meeting) authz.RelationSet {
	set := r.ofArea(viewer, meeting.Area).and(viewer.has(authz.MaracCoordinator), authz.Convenor).
		and(viewer.has(authz.Auditor), authz.Oversight).RelationSet
	if attending := meeting.Attends(viewer.Login); attending != nil {
		if attending.Signed {
			set = set.With(authz.Signed)
		}
		if meeting.Open() && r.stillInvited(viewer, attending, meeting) {
			set |= partIn(attending.Part)
		}
	}
	for _, listing := range meeting.Listings {
		heard := r.World.Cases[listing.Case]
		if slices.Contains(heard.Excluded, viewer.Login) {
			continue
		}
		restricted := len(heard.Restricted) > 0
		for _, assigned := range heard.Assigned {
			if restricted && !slices.Contains(heard.Restricted, assigned.Person) {
				continue
			}
			if assigned.Person == viewer.Login {
				set = set.With(authz.Assigned)
			}
			if !restricted && r.answersFor(viewer, assigned.Team) {
				set = set.With(authz.Team)
			}
		}
	}
	return set
}

// stillInvited reports whether a part in the meeting is one to any case the
// viewer is not kept out of; only an invitation hangs on cases.
func (r Reach) stillInvited(viewer *Person, attending *Attending, meeting *Meeting) bool {
	return attending.Part != marac.PartInvited || slices.ContainsFunc(meeting.Listings, func(listing *Listing) bool {
		return slices.Contains(attending.Items, listing.Item) && !slices.Contains(r.World.Cases[listing.Case].Excluded, viewer.Login)
	})
}

func partIn(part marac.AttendancePart) authz.RelationSet {
	var set authz.RelationSet
	switch part {
	case marac.PartChair:
		return set.With(authz.Chair)
	case marac.PartRepresentative:
		return set.With(authz.Representative)
	case marac.PartInvited:
		return set.With(authz.InvitedItem)
	case marac.PartCoordinator, marac.PartObserver:
	}
	return set
}

// areaRelations are what hangs on an area.
type areaRelations struct {
	authz.RelationSet
	within bool
}

func (r Reach) ofArea(viewer *Person, area string) areaRelations {
	return areaRelations{within: slices.Contains(viewer.Areas, area)}
}

func (a areaRelations) and(held bool, relation authz.Relation) areaRelations {
	if a.within && held {
		a.RelationSet = a.With(relation)
	}
	return a
}

// toCase are the relations to a record of a case but the owner's.
func (r Reach) toCase(viewer *Person, record *Record) authz.RelationSet {
	of := record.Case
	var set authz.RelationSet
	own := record.Draft || record.Kind == views.ResearchKind // nobody's by the case alone
	if !own {
		for _, assigned := range of.Assigned {
			if !assigned.holds(record) {
				continue
			}
			if assigned.Person == viewer.Login {
				set = set.With(authz.Assigned)
			}
			if r.answersFor(viewer, assigned.Team) {
				set = set.With(authz.Team)
			}
		}
	}
	if record.Draft {
		return set
	}
	area := r.ofArea(viewer, of.Area).and(viewer.has(authz.MaracCoordinator), authz.Convenor)
	if record.Kind == views.CaseKind || record.Kind == views.ReferralKind {
		area = area.and(viewer.has(authz.Auditor), authz.Oversight)
		if viewer.has(authz.Auditor) && (record.Kind == views.CaseKind && slices.Contains(of.Agencies, viewer.Agency) || record.Agency == viewer.Agency) {
			set = set.With(authz.Oversight)
		}
	}
	stalking := of.Type == casework.StalkingNotDomestic || of.Stalking
	switch record.Kind {
	case views.CaseKind, views.AssessmentKind, views.IncidentKind:
		area = area.and(stalking && (viewer.has(authz.PoliceSpoc) || viewer.has(authz.CpsSpoc)), authz.Spoc)
	default:
	}
	set |= area.RelationSet
	for _, listing := range of.Listings {
		set |= r.byListing(viewer, record, listing)
	}
	return set
}

// holds reports whether an assignment leads to a record of the case: a
// prosecutor holds the assessments that the police submitted and no others.
func (a Assigned) holds(record *Record) bool {
	if record.Kind != views.AssessmentKind || !a.Cps {
		return true
	}
	return slices.ContainsFunc(record.Case.Assigned, func(other Assigned) bool {
		return other.Agency == record.Agency && other.Police
	})
}

// byListing are the relations that a place on a list gives, while it is open.
func (r Reach) byListing(viewer *Person, record *Record, listing *Listing) authz.RelationSet {
	attending := listing.Meeting.Attends(viewer.Login)
	if attending == nil || !listing.Meeting.Open() {
		return 0
	}
	ofMeeting := record.Kind == views.ListItemKind || record.Kind == views.ResearchKind
	if ofMeeting && record.Listing != listing {
		return 0
	}
	part := partIn(attending.Part)
	if part.Has(authz.InvitedItem) && !slices.Contains(attending.Items, listing.Item) {
		return 0
	}
	switch record.Kind {
	case views.CaseKind, views.ListItemKind:
		return part
	case views.ActionKind:
		if part.Has(authz.InvitedItem) && !record.belongsTo(listing) {
			return 0
		}
		return part &^ representative
	default:
		return part & chair
	}
}

const (
	representative = authz.RelationSet(1 << authz.Representative)
	chair          = authz.RelationSet(1 << authz.Chair)
)

// asOwner: the agency that put the item in, and its practitioner assigned, its
// supervisor or its representative; the assessor and the assignee themselves.
func (r Reach) asOwner(viewer *Person, record *Record) authz.RelationSet {
	var owner authz.RelationSet
	owner = owner.With(authz.Owner)
	switch record.Kind {
	case views.AssessmentKind, views.ReferralKind, views.ActionKind, views.ResearchKind:
	default:
		return 0
	}
	if record.Person == viewer.Login {
		return owner
	}
	for _, assigned := range record.Case.Assigned {
		if assigned.Agency == record.Agency && (assigned.Person == viewer.Login || r.answersFor(viewer, assigned.Team)) {
			return owner
		}
	}
	for _, listing := range record.Case.Listings {
		if record.Kind == views.ResearchKind && listing != record.Listing || !listing.Meeting.Open() {
			continue
		}
		attending := listing.Meeting.Attends(viewer.Login)
		if attending != nil && attending.Part == marac.PartRepresentative && viewer.Agency == record.Agency {
			return owner
		}
	}
	return 0
}

// restricted: a case restricted to named people is reached by them alone, and
// by them through nothing but their own work on it.
func (r Reach) restricted(viewer *Person, record *Record) authz.RelationSet {
	var set authz.RelationSet
	if !slices.Contains(record.Case.Restricted, viewer.Login) {
		return 0
	}
	for _, assigned := range record.Case.Assigned {
		if assigned.Person != viewer.Login {
			continue
		}
		if !record.Draft && record.Kind != views.ResearchKind && assigned.holds(record) {
			set = set.With(authz.Assigned)
		}
		if assigned.Agency == record.Agency && r.asOwner(viewer, record) != 0 {
			set = set.With(authz.Owner)
		}
	}
	if record.Person == viewer.Login {
		set = set.With(authz.Owner)
	}
	return set
}

// answersFor reports whether somebody answers for a team: supervises it, or has
// it on the roster now.
func (r Reach) answersFor(viewer *Person, team string) bool {
	if team == "" {
		return false
	}
	if slices.Contains(viewer.Supervises, team) {
		return true
	}
	return slices.ContainsFunc(r.World.Shifts, func(shift Shift) bool {
		return shift.Person == viewer.Login && slices.Contains(shift.Teams, team) && !r.Now.Before(shift.From) && r.Now.Before(shift.Until)
	})
}

func (p *Person) has(role authz.Role) bool { return slices.Contains(p.Roles, role) }
