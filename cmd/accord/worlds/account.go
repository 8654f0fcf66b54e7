package worlds

import (
	"cmp"
	"slices"
	"time"

	"accord/authz"
	"accord/domain/calendar"
	"accord/domain/casework"
	"accord/domain/marac"
	"accord/domain/risk"
	"accord/domain/sharing"
	"accord/internal/views"
)

// World is the account of a script that was played: what is there, kept by the
// deeds themselves as they are done. It knows nothing of tokens and indexes.
type World struct {
	IDs      map[string]string // of agencies, areas, teams and people
	People   map[string]*Person
	Shifts   []Shift
	Cases    map[string]*Case
	Meetings map[string]*Meeting
	Records  []*Record          // every record, in the order they were made
	Of       map[string]*Record // the record an act made or changed, by the act's key
	Told     []Told             // who is to find which alert of a release in their inbox
	Refused  []string           // acts that a rule or the policy refused, and why
	byID     map[string]*Record
}

// Person is a practitioner as the directory knows them.
type Person struct {
	Login, ID, Agency, Team string
	Police, Cps             bool
	Roles                   []authz.Role
	Supervises, Areas       []string
	Lapsed                  sharing.Condition // since the day before the world; empty: nothing
	Agreed                  int               // last day on which the agreement of the agency holds
}

// Told is that somebody is told something of a case.
type Told struct {
	To   string
	Kind sharing.AlertKind
	Case *Case
}

// Record is what everything has that has an id and a Sight of its own.
type Record struct {
	ID      string
	Kind    views.Kind
	Case    *Case    // nil for a meeting, an alert and a search
	Meeting *Meeting // of a meeting, a list item, research
	Agency  string   // whose it is
	Person  string   // the assessor, the assignee, who is kept out, who took access, the addressee
	Draft   bool

	Status   marac.ActionStatus
	DueOn    calendar.Date
	Research marac.ResearchStatus
	Listing  *Listing // of a list item and research; of an action the item it was agreed at; of an extract the one it is from

	Source      sharing.ReleaseSource
	To          []string // agencies that something is released to
	Areas       []string // of who searched
	Named       []string // advocates that the victim consented to
	Ended       bool     // a release withdrawn or that shares nothing; an exclusion lifted
	From, Until time.Time
	Exclusion   sharing.ExclusionKind
	By          string // who set an exclusion
	Other       *Case  // the case at the other end of a link
	On          *Record
	Class       authz.DataClass // of an attachment: that of its record
}

// GoString is what a property that fails prints of a record.
func (r *Record) GoString() string { return string(r.Kind) + " " + r.ID }

// belongsTo reports whether an action belongs to a place on a list: it was agreed
// there, or is still to be done.
func (r *Record) belongsTo(listing *Listing) bool {
	return r.Listing == listing || r.Status.Open()
}

// Case is a case of the world.
type Case struct {
	Name, ID, Reference string
	Area                string
	Type                casework.CaseType
	Level               risk.Level
	OpenedOn            calendar.Date
	Stalking            bool
	Children            bool
	Parties             []string
	Agencies            []string
	Assigned            []Assigned
	Listings            []*Listing
	Excluded            []string
	Restricted          []string
	HasNominal          bool
}

// keepsOut reports whether the case is not there for somebody, whatever they are.
func (c *Case) keepsOut(login string) bool {
	return slices.Contains(c.Excluded, login) || len(c.Restricted) > 0 && !slices.Contains(c.Restricted, login)
}

// Assigned is who works on a case, in which team when it was given to them.
type Assigned struct {
	Person, Agency, Team string
	Cps, Police          bool
}

// Listing is a case's place on a list.
type Listing struct {
	Item, Case string
	Meeting    *Meeting
	Children   bool
}

// Meeting is a meeting of the world.
type Meeting struct {
	Name, ID, Reference string
	Area                string
	Kind                marac.MeetingKind
	Status              marac.MeetingStatus
	StartsAt            int64 // Unix milliseconds
	Attendance          []*Attending
	Listings            []*Listing // in the order they were placed
}

// Attending is somebody's part in a meeting.
type Attending struct {
	Person string
	Agency string
	Part   marac.AttendancePart
	Items  []string
	Signed bool
}

// Attends is somebody's part in the meeting; nil when they have none.
func (m *Meeting) Attends(login string) *Attending {
	for _, attending := range m.Attendance {
		if attending.Person == login {
			return attending
		}
	}
	return nil
}

// Heard is the list in the order it is heard: cases with children first, then as
// they were placed.
func (m *Meeting) Heard() []*Listing {
	heard := slices.Clone(m.Listings)
	slices.SortStableFunc(heard, func(a, b *Listing) int {
		return cmp.Compare(boolean(!a.Children), boolean(!b.Children))
	})
	return heard
}

// Open reports whether the list is out and the meeting not closed.
func (m *Meeting) Open() bool {
	switch m.Status {
	case marac.MeetingListed, marac.MeetingInSession, marac.MeetingMinutesDraft, marac.MeetingMinutesIssued:
		return true
	case marac.MeetingPlanned, marac.MeetingReferralsClosed, marac.MeetingClosed:
	}
	return false
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (w *World) add(record *Record) *Record {
	w.Records = append(w.Records, record)
	w.byID[record.ID] = record
	return record
}

// Record is the record with the id; nil when there is none.
func (w *World) Record(id string) *Record { return w.byID[id] }

// OfKind lists the records of a kind.
func (w *World) OfKind(kind views.Kind) []*Record {
	var found []*Record
	for _, record := range w.Records {
		if record.Kind == kind {
			found = append(found, record)
		}
	}
	return found
}

// Family lists what identifies a case and everything of it: ids and reference.
func (w *World) Family(of *Case) []string {
	family := append([]string{of.Reference}, of.Parties...)
	for _, record := range w.Records {
		if record.Case == of && record.Kind != views.AlertKind {
			family = append(family, record.ID)
		}
	}
	return family
}

// Logins lists everybody, sorted.
func (w *World) Logins() []string {
	var logins []string
	for login := range w.People {
		logins = append(logins, login)
	}
	slices.Sort(logins)
	return logins
}

// supervisorsOf lists who supervises somebody's team, in the order of their ids.
func (w *World) supervisorsOf(login string) []string {
	team := w.People[login].Team
	return w.among(func(p *Person) bool { return team != "" && slices.Contains(p.Supervises, team) })
}

// holding lists who holds a role in an area, in the order of their ids.
func (w *World) holding(role authz.Role, area string) []string {
	return w.among(func(p *Person) bool { return p.has(role) && slices.Contains(p.Areas, area) })
}

func (w *World) among(are func(*Person) bool) []string {
	var found []string
	for login, person := range w.People {
		if are(person) {
			found = append(found, login)
		}
	}
	slices.SortFunc(found, func(a, b string) int { return cmp.Compare(w.IDs[a], w.IDs[b]) })
	return found
}
