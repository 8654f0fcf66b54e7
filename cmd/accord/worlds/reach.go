package worlds

import (
	"slices"
	"time"

	"accord/authz"
	"accord/domain/casework"
	"accord/domain/marac"
	"accord/domain/sharing"
	"accord/internal/views"
)

// Shift is a turn of duty of the world.
type Shift struct {
	Person      string
	Teams       []string
	Covers      []string
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

// Sight is how much of a record somebody holds, with nothing declared.
func (r Reach) Sight(login string, record *Record) authz.Sight {
	return r.SightFor(login, record, "")
}

// SightFor is how much of a record somebody holds for a purpose. A link is held as
// far as both its cases are, and an attachment as its record is.
func (r Reach) SightFor(login string, record *Record, purpose authz.Purpose) authz.Sight {
	switch record.Kind {
	case views.PartyLinkKind:
		one, other := r.World.Record(record.Case.ID), r.World.Record(record.Other.ID)
		if !r.There(login, one) || !r.There(login, other) {
			return authz.Sight{}
		}
		return r.SightFor(login, one, purpose).And(r.SightFor(login, other, purpose))
	case views.AttachmentKind:
		return r.SightFor(login, record.On, purpose)
	default:
		return r.Table.Decide(r.Roles(login), r.Relations(login, record)).Within(purpose)
	}
}

// There reports whether a record is there for somebody at all, with nothing
// declared.
func (r Reach) There(login string, record *Record) bool { return r.ThereFor(login, record, "") }

// ThereFor reports whether a record is there for somebody at all, for a purpose.
func (r Reach) ThereFor(login string, record *Record, purpose authz.Purpose) bool {
	if record == nil {
		return false
	}
	sight := r.SightFor(login, record, purpose)
	if record.Kind == views.AttachmentKind {
		return r.ThereFor(login, record.On, purpose) && sight.Level(record.Class) == authz.Full
	}
	return sight.Reaches(record.Kind.Row())
}

// Roles are the roles in which somebody reaches records: none while an agreement,
// a vetting or a training has lapsed, but for who keeps the directory.
func (r Reach) Roles(login string) []authz.Role {
	person := r.World.People[login]
	if !r.Lapsed(login) {
		return person.Roles
	}
	return slices.DeleteFunc(slices.Clone(person.Roles), func(role authz.Role) bool { return role != authz.SystemAdministrator })
}

// Lapsed reports whether somebody does not meet a condition of access.
func (r Reach) Lapsed(login string) bool {
	person := r.World.People[login]
	return person.Lapsed != "" || dayOf(person.Agreed+1).Before(r.Now)
}

func (r Reach) has(viewer *Person, role authz.Role) bool {
	return slices.Contains(r.Roles(viewer.Login), role)
}

// Relations are what ties somebody to a record. Who is kept out of the case has
// none, whatever else they are.
func (r Reach) Relations(login string, record *Record) authz.RelationSet {
	viewer := r.World.People[login]
	switch {
	case record.Kind == views.AlertKind:
		return when(record.Person == login, authz.Addressee)
	case record.Kind == views.MeetingKind:
		return r.toMeeting(viewer, record.Meeting)
	case record.Kind == views.SearchKind:
		oversees := slices.ContainsFunc(record.Areas, func(area string) bool { return slices.Contains(viewer.Areas, area) })
		return when(r.has(viewer, authz.Auditor) && (oversees || viewer.Agency == record.Agency), authz.Oversight)
	case record.Kind == views.PartyLinkKind, record.Kind == views.AttachmentKind:
		return 0 // through their cases and their record
	case record.Case.keepsOut(login):
		// How a restricted case was used is the area's auditor's to look at still.
		ofUse := slices.Contains([]views.Kind{views.EmergencyKind, views.RevealKind, views.ExclusionKind}, record.Kind)
		oversees := r.has(viewer, authz.Auditor) && slices.Contains(viewer.Areas, record.Case.Area)
		return when(ofUse && oversees && !slices.Contains(record.Case.Excluded, login), authz.Oversight)
	}
	// Whoever a case is kept to reaches it as themselves, not through a team, a
	// meeting, an agency or for somebody else.
	people := r.standsFor(viewer)
	if len(record.Case.Restricted) > 0 {
		people = []string{login}
	}
	set := r.toCase(viewer, people, record)&openTo[record.Kind] | r.asOwner(viewer, people, record) | r.asRecipient(viewer, people, record) |
		r.asOverseer(viewer, record)
	if len(record.Case.Restricted) > 0 {
		set &= personal
	}
	if record.Kind == views.VpsKind && slices.ContainsFunc(people, func(person string) bool {
		return slices.Contains(record.Named, person) && record.Case.worksOn(person)
	}) {
		set = set.With(authz.Consented)
	}
	return set
}

// personal are the relations by which a case is reached that is kept to named
// people.
var personal = setOf(authz.Assigned, authz.Filed, authz.Owner, authz.Released, authz.Consented, authz.Convenor)

// openTo are the relations to a case that reach its records of each kind; owners,
// recipients and overseers of single records come on top.
var openTo = map[views.Kind]authz.RelationSet{
	views.CaseKind: setOf(authz.Assigned, authz.Filed, authz.Team, authz.Convenor, authz.Chair, authz.Representative, authz.InvitedItem,
		authz.Spoc, authz.Nominal, authz.BreakGlass),
	views.AssessmentKind: setOf(authz.Assigned, authz.Filed, authz.Team, authz.Convenor, authz.Chair, authz.Spoc, authz.Nominal, authz.BreakGlass),
	views.IncidentKind:   setOf(authz.Assigned, authz.Filed, authz.Team, authz.Convenor, authz.Chair, authz.Spoc, authz.Nominal, authz.BreakGlass),
	views.NoticeKind:     setOf(authz.Assigned, authz.Filed, authz.Team, authz.Convenor, authz.Chair, authz.Spoc, authz.Nominal, authz.BreakGlass),
	views.PlanKind:       setOf(authz.Assigned, authz.Filed, authz.Team, authz.Convenor, authz.Chair, authz.Nominal, authz.BreakGlass),
	views.OrderKind:      setOf(authz.Assigned, authz.Filed, authz.Team, authz.Convenor, authz.Chair, authz.Nominal, authz.BreakGlass),
	views.ReferralKind:   setOf(authz.Assigned, authz.Filed, authz.Team, authz.Convenor, authz.Chair),
	views.ListItemKind:   setOf(authz.Assigned, authz.Filed, authz.Team, authz.Convenor, authz.Chair, authz.Representative, authz.InvitedItem),
	views.ResearchKind:   setOf(authz.Convenor, authz.Chair),
	views.ActionKind:     setOf(authz.Assigned, authz.Filed, authz.Team, authz.Convenor, authz.Chair, authz.InvitedItem),
	// The officer in the case reads intelligence; a note is its service's alone.
	views.IntelligenceKind: setOf(authz.Assigned, authz.Filed, authz.Team),
	views.AdvocateNoteKind: 0,
	views.HealthKind:       setOf(authz.Convenor),
	views.ReleaseKind:      setOf(authz.Assigned, authz.Filed, authz.Team, authz.Convenor),
	views.ExclusionKind:    setOf(authz.Convenor),
	views.EmergencyKind:    setOf(authz.Convenor, authz.BreakGlass),
	views.RevealKind:       setOf(authz.Convenor),
	views.VpsKind:          setOf(authz.Assigned, authz.Filed, authz.Team),
	views.NominalKind:      setOf(authz.Assigned, authz.Filed, authz.Team, authz.Nominal),
}

// toCase are the relations to the case of a record, as far as they count for it.
func (r Reach) toCase(viewer *Person, people []string, record *Record) authz.RelationSet {
	of := record.Case
	var set authz.RelationSet
	for _, assigned := range of.Assigned {
		if !assigned.holds(record) {
			continue
		}
		switch {
		case !slices.Contains(people, assigned.Person):
		case assigned.Cps:
			set = set.With(authz.Filed)
		default:
			set = set.With(authz.Assigned)
		}
		set |= when(r.answersFor(viewer, assigned.Team), authz.Team)
	}
	if record.Draft {
		return 0
	}
	if slices.Contains(viewer.Areas, of.Area) {
		stalking := of.Type == casework.StalkingNotDomestic || of.Stalking
		set |= when(r.has(viewer, authz.MaracCoordinator), authz.Convenor)
		set |= when(stalking && (r.has(viewer, authz.PoliceSpoc) || r.has(viewer, authz.CpsSpoc)), authz.Spoc)
		set |= when(of.HasNominal && r.has(viewer, authz.MappaCoordinator), authz.Nominal)
	}
	for _, listing := range of.Listings {
		set |= byListing(viewer, record, listing)
	}
	set |= when(r.inEmergency(viewer, record), authz.BreakGlass)
	return set
}

// inEmergency reports whether somebody holds emergency access now: to the case, or
// as which it is looked at, since nobody reads of the access of somebody else.
func (r Reach) inEmergency(viewer *Person, record *Record) bool {
	return slices.ContainsFunc(r.World.OfKind(views.EmergencyKind), func(access *Record) bool {
		own := access.Case == record.Case && access.Person == viewer.Login && !r.Now.Before(access.From) && r.Now.Before(access.Until)
		return own && (record.Kind != views.EmergencyKind || record == access)
	})
}

// holds reports whether an assignment leads to a record of the case: intelligence
// and decisions about sharing to those of its agency, an extract of minutes to nobody,
// and to a prosecutor the assessments that the police submitted and no others.
func (a Assigned) holds(record *Record) bool {
	switch {
	case record.Kind == views.IntelligenceKind, record.Kind == views.ReleaseKind:
		return a.Agency == record.Agency && record.Source != sharing.OfMinutes
	case record.Kind != views.AssessmentKind || !a.Cps:
		return true
	}
	return slices.ContainsFunc(record.Case.Assigned, func(other Assigned) bool {
		return other.Agency == record.Agency && other.Police
	})
}

// byListing are the relations that a place on a list gives, while it is open.
func byListing(viewer *Person, record *Record, listing *Listing) authz.RelationSet {
	attending := listing.Meeting.Attends(viewer.Login)
	if attending == nil || !listing.Meeting.Open() {
		return 0
	}
	part := partIn(attending.Part)
	invited := part.Has(authz.InvitedItem)
	switch {
	case invited && !slices.Contains(attending.Items, listing.Item):
		return 0
	case (record.Kind == views.ListItemKind || record.Kind == views.ResearchKind) && record.Listing != listing:
		return 0
	case record.Kind == views.ActionKind && invited && !record.belongsTo(listing):
		return 0
	default:
		return part
	}
}

// asOwner: the agency that put the item in, and its practitioner assigned or its
// supervisor; its representative where the meeting needs it; the assessor and the
// assignee themselves. An extract of minutes is the chair's.
func (r Reach) asOwner(viewer *Person, people []string, record *Record) authz.RelationSet {
	atMeetings := false
	switch record.Kind {
	case views.AssessmentKind, views.ActionKind:
		atMeetings = true
		if slices.Contains(people, record.Person) {
			return setOf(authz.Owner)
		}
	case views.ReferralKind, views.HealthKind:
		atMeetings = true
	case views.ReleaseKind:
		if record.Source == sharing.OfMinutes {
			return byListing(viewer, record, record.Listing) & setOf(authz.Chair)
		}
		atMeetings = true
	case views.ResearchKind, views.IntelligenceKind, views.AdvocateNoteKind:
	default:
		return 0
	}
	own := slices.ContainsFunc(record.Case.Assigned, func(a Assigned) bool {
		return a.Agency == record.Agency && (slices.Contains(people, a.Person) || r.answersFor(viewer, a.Team))
	})
	own = own || slices.ContainsFunc(record.Case.Listings, func(listing *Listing) bool {
		heard := atMeetings || record.Kind == views.ResearchKind && listing == record.Listing
		return heard && viewer.Agency == record.Agency && byListing(viewer, &Record{}, listing).Has(authz.Representative)
	})
	return when(own && len(record.Case.Restricted) == 0 || own && ownsAlone(viewer, record), authz.Owner)
}

// ownsAlone reports whether somebody has an item of a case that is kept to named
// people as whoever is assigned.
func ownsAlone(viewer *Person, record *Record) bool {
	return slices.ContainsFunc(record.Case.Assigned, func(a Assigned) bool { return a.Agency == record.Agency && a.Person == viewer.Login })
}

// asRecipient: what is released to an agency, while it is, for its practitioners on
// the case, their supervisors, and who sits for it at a meeting that hears it.
func (r Reach) asRecipient(viewer *Person, people []string, record *Record) authz.RelationSet {
	if record.Kind != views.ReleaseKind || !r.Live(record) {
		return 0
	}
	alone := len(record.Case.Restricted) > 0
	released := slices.ContainsFunc(record.Case.Assigned, func(a Assigned) bool {
		return slices.Contains(record.To, a.Agency) && (slices.Contains(people, a.Person) || !alone && r.answersFor(viewer, a.Team))
	})
	released = released || !alone && slices.ContainsFunc(record.Case.Listings, func(listing *Listing) bool {
		part := byListing(viewer, &Record{}, listing)
		return slices.Contains(record.To, viewer.Agency) && (part.Has(authz.Representative) || part.Has(authz.Chair))
	})
	return when(released, authz.Released)
}

// Live reports whether a release gives its recipients something now.
func (r Reach) Live(release *Record) bool {
	return !release.Ended && (release.Until.IsZero() || r.Now.Before(release.Until))
}

// asOverseer: the auditor of the area, and of the agency that something is of.
func (r Reach) asOverseer(viewer *Person, record *Record) authz.RelationSet {
	if !r.has(viewer, authz.Auditor) || record.Draft {
		return 0
	}
	agencies := []string{record.Agency}
	switch record.Kind {
	case views.CaseKind:
		agencies = record.Case.Agencies
	case views.ReleaseKind:
		if !record.Ended {
			agencies = append(agencies, record.To...)
		}
	case views.ReferralKind, views.EmergencyKind, views.RevealKind:
	case views.ExclusionKind:
		agencies = nil
	default:
		return 0
	}
	return when(slices.Contains(viewer.Areas, record.Case.Area) || slices.Contains(agencies, viewer.Agency), authz.Oversight)
}

// worksOn reports whether somebody is assigned to the case.
func (c *Case) worksOn(login string) bool {
	return slices.ContainsFunc(c.Assigned, func(a Assigned) bool { return a.Person == login })
}

// standsFor lists as whom somebody reaches cases now: as themselves, and for those
// of their agency whom the roster has them cover, whose every role is theirs.
func (r Reach) standsFor(viewer *Person) []string {
	people := []string{viewer.Login}
	for _, shift := range r.World.Shifts {
		if shift.Person != viewer.Login || !r.runs(shift) {
			continue
		}
		for _, login := range shift.Covers {
			covered := r.World.People[login]
			beyond := slices.ContainsFunc(covered.Roles, func(role authz.Role) bool { return !r.has(viewer, role) })
			if covered.Agency == viewer.Agency && !beyond {
				people = append(people, login)
			}
		}
	}
	return people
}

// answersFor reports whether somebody answers for a team: supervises it, or has
// it on the roster now.
func (r Reach) answersFor(viewer *Person, team string) bool {
	if team == "" {
		return false
	}
	return slices.Contains(viewer.Supervises, team) || slices.ContainsFunc(r.World.Shifts, func(shift Shift) bool {
		return shift.Person == viewer.Login && slices.Contains(shift.Teams, team) && r.runs(shift)
	})
}

func (r Reach) runs(shift Shift) bool { return !r.Now.Before(shift.From) && r.Now.Before(shift.Until) }

func (p *Person) has(role authz.Role) bool { return slices.Contains(p.Roles, role) }

func partIn(part marac.AttendancePart) authz.RelationSet {
	switch part {
	case marac.PartChair:
		return setOf(authz.Chair)
	case marac.PartRepresentative:
		return setOf(authz.Representative)
	case marac.PartInvited:
		return setOf(authz.InvitedItem)
	case marac.PartCoordinator, marac.PartObserver:
	}
	return 0
}

func setOf(relations ...authz.Relation) authz.RelationSet {
	var set authz.RelationSet
	for _, relation := range relations {
		set = set.With(relation)
	}
	return set
}

// when is the relation where something holds, and none where it does not.
func when(holds bool, relation authz.Relation) authz.RelationSet {
	if holds {
		return setOf(relation)
	}
	return 0
}
