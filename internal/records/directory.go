package records

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"accord/authz"
	"accord/domain/calendar"
	"accord/domain/fault"
	"accord/domain/marac"
	"accord/domain/sharing"
	"accord/internal/store"
	"accord/internal/views"
)

// directoryFamily is the one family of agencies, areas, teams, practitioners and
// the duty roster.
const directoryFamily = "directory"

// Kinds of the directory. They are everybody's to read and have no relations.
const (
	agencyKind       store.Kind = "agency"
	areaKind         store.Kind = "area"
	teamKind         store.Kind = "team"
	practitionerKind store.Kind = "practitioner"
	shiftKind        store.Kind = "shift"
)

// directoryKinds lists them.
var directoryKinds = []store.Kind{agencyKind, areaKind, teamKind, practitionerKind, shiftKind}

// allOf names the index that walks a kind of the directory.
func allOf(kind store.Kind) string { return string(kind) + "_all" }

// Entry is something the directory holds.
type Entry interface {
	sharing.Agency | AreaEntry | sharing.Team | sharing.Practitioner | sharing.Shift
}

// AreaEntry is an area with every version of its policy.
type AreaEntry struct {
	sharing.Area
	Policies []marac.AreaPolicy
}

// Directory is the directory as it stood at one moment: immutable.
type Directory struct {
	agencies      map[string]sharing.Agency
	areas         map[string]AreaEntry
	teams         map[string]sharing.Team
	practitioners map[string]sharing.Practitioner
	bySubject     map[subject]string
	shifts        []sharing.Shift
	held          map[string]store.Document // as they were read, by id
}

type subject struct{ issuer, name string }

// Issuers lists the sign-in issuers that practitioners are known from, sorted.
func (d *Directory) Issuers() []string {
	known := map[string]bool{}
	for of := range d.bySubject {
		known[of.issuer] = true
	}
	return slices.Sorted(maps.Keys(known))
}

// Capacity returns in whose name the subject of an issuer acts on a day; false
// when the directory does not know them or gives them no role.
func (d *Directory) Capacity(issuer, subjectName string, day calendar.Date) (authz.Capacity, bool) {
	return d.CapacityOf(d.bySubject[subject{issuer, subjectName}], day)
}

// CapacityOf returns in whose name a practitioner acts on a day. While a condition
// of access has lapsed they act in none of the roles that reach records: they sign
// in, are told what has lapsed, and there is nothing else for them.
func (d *Directory) CapacityOf(practitioner string, day calendar.Date) (authz.Capacity, bool) {
	found, ok := d.practitioners[practitioner]
	if !ok {
		return authz.Capacity{}, false
	}
	capacity, ok := capacityOf(found)
	if len(d.lapsedOf(practitioner, day)) > 0 {
		capacity.Roles = slices.DeleteFunc(capacity.Roles, func(role authz.Role) bool { return role != authz.SystemAdministrator })
	}
	return capacity, ok
}

// lapsedOf lists the conditions of access that a practitioner does not meet on a
// day.
func (d *Directory) lapsedOf(practitioner string, day calendar.Date) []sharing.Condition {
	found := d.practitioners[practitioner]
	return sharing.Lapsed(d.agencies[found.Agency], found, day)
}

func capacityOf(practitioner sharing.Practitioner) (authz.Capacity, bool) {
	capacity := authz.Capacity{Person: practitioner.ID, Agency: practitioner.Agency, Areas: practitioner.Areas}
	for _, name := range practitioner.Roles {
		role, err := authz.ParseRole(string(name))
		if err != nil {
			return authz.Capacity{}, false
		}
		capacity.Roles = append(capacity.Roles, role)
	}
	return capacity, len(capacity.Roles) > 0
}

// Agency returns an agency of the directory.
func (d *Directory) Agency(id string) (sharing.Agency, bool) { a, ok := d.agencies[id]; return a, ok }

// ContactPoint returns the agency to be called about somebody of a case in the area;
// false when there is none.
func (d *Directory) ContactPoint(area string) (sharing.Agency, bool) {
	return sharing.ContactPoint(area, slices.Collect(maps.Values(d.agencies)))
}

// Practitioner returns a practitioner of the directory.
func (d *Directory) Practitioner(id string) (sharing.Practitioner, bool) {
	p, ok := d.practitioners[id]
	return p, ok
}

// PolicyOn returns the policy of an area in force on the day; false when the
// area is not known or has none for that day.
func (d *Directory) PolicyOn(area string, on calendar.Date) (marac.AreaPolicy, bool) {
	return marac.PolicyOn(d.areas[area].Policies, on)
}

// Areas lists the ids of every area.
func (d *Directory) Areas() []string {
	ids := make([]string, 0, len(d.areas))
	for id := range d.areas {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// teamsOf returns the teams a practitioner answers for: those they supervise and
// those the duty roster gives them now.
func (d *Directory) teamsOf(practitioner string, now time.Time) []string {
	teams := slices.Concat(d.practitioners[practitioner].Supervises, sharing.TeamsOnDuty(d.shifts, practitioner, now))
	slices.Sort(teams)
	return slices.Compact(teams)
}

// coveredBy returns whom a practitioner stands in for now: people of the same
// agency, whose roles are all the practitioner's own, so that nobody gains a role
// by standing in.
func (d *Directory) coveredBy(capacity authz.Capacity, now time.Time) []string {
	return slices.DeleteFunc(sharing.CoveredBy(d.shifts, capacity.Person, now), func(covered string) bool {
		practitioner := d.practitioners[covered]
		return practitioner.Agency != capacity.Agency || slices.ContainsFunc(practitioner.Roles, func(name sharing.RoleName) bool {
			role, err := authz.ParseRole(string(name))
			return err != nil || !capacity.Has(role)
		})
	})
}

// SupervisorsOf returns who supervises a practitioner's team, sorted.
func (d *Directory) SupervisorsOf(practitioner string) []string {
	team := d.practitioners[practitioner].Team
	if team == "" {
		return nil
	}
	var supervisors []string
	for id, other := range d.practitioners {
		if slices.Contains(other.Supervises, team) {
			supervisors = append(supervisors, id)
		}
	}
	slices.Sort(supervisors)
	return supervisors
}

// Holding returns the practitioners who hold a role in an area, sorted.
func (d *Directory) Holding(role authz.Role, area string) []string {
	var holding []string
	for id, practitioner := range d.practitioners {
		if slices.Contains(practitioner.Roles, sharing.RoleName(role.String())) && slices.Contains(practitioner.Areas, area) {
			holding = append(holding, id)
		}
	}
	slices.Sort(holding)
	return holding
}

// rolesAt returns the roles that anybody holds at an agency, each once.
func (d *Directory) rolesAt(agency string) []authz.Role {
	var roles []authz.Role
	for _, practitioner := range d.practitioners {
		if practitioner.Agency != agency {
			continue
		}
		capacity, _ := capacityOf(practitioner)
		for _, role := range capacity.Roles {
			if !slices.Contains(roles, role) {
				roles = append(roles, role)
			}
		}
	}
	return roles
}

// names shows the directory to a view, on one day.
type names struct {
	directory *Directory
	today     calendar.Date
}

func (n names) Agency(id string) views.Agency {
	agency := n.directory.agencies[id]
	return views.Agency{ID: agency.ID, Name: agency.Name, Type: agency.Type}
}

func (n names) Practitioner(id string) views.Practitioner {
	practitioner := n.directory.practitioners[id]
	return views.Practitioner{ID: practitioner.ID, Name: practitioner.Name, Agency: n.Agency(practitioner.Agency)}
}

func (n names) Area(id string) views.Area {
	area := n.directory.areas[id]
	shown := views.Area{ID: area.ID, Name: area.Name}
	if policy, ok := n.directory.PolicyOn(id, n.today); ok {
		shown.Policy = views.PolicyOf(policy)
	}
	return shown
}

// Directory returns the directory as it stands now.
func (r *Records) Directory() *Directory { return r.directory.Load() }

// reloadDirectory reads the directory whole; it is small and read far more often
// than written.
func (r *Records) reloadDirectory(ctx context.Context) error {
	r.reloading.Lock()
	defer r.reloading.Unlock()
	directory := &Directory{
		agencies: map[string]sharing.Agency{}, areas: map[string]AreaEntry{}, teams: map[string]sharing.Team{},
		practitioners: map[string]sharing.Practitioner{}, bySubject: map[subject]string{}, held: map[string]store.Document{},
	}
	for _, kind := range directoryKinds {
		if err := r.addKind(ctx, directory, kind); err != nil {
			return err
		}
	}
	r.directory.Store(directory)
	return nil
}

func (r *Records) addKind(ctx context.Context, directory *Directory, kind store.Kind) error {
	query := store.Query{Index: allOf(kind), Limit: store.MaxPage}
	for {
		page, err := r.store.Find(ctx, query)
		if err != nil {
			return fmt.Errorf("reading the directory: %w", err)
		}
		for _, doc := range page.Documents {
			if err := r.addEntry(ctx, directory, doc); err != nil {
				return err
			}
		}
		if !page.More {
			return nil
		}
		query.After = &store.Position{ID: page.Documents[len(page.Documents)-1].ID}
	}
}

func (r *Records) addEntry(ctx context.Context, directory *Directory, doc store.Document) error {
	directory.held[doc.ID] = doc
	open := func(into any) error { return r.openSection(ctx, doc, sectionName(authz.Directory, authz.Full), into) }
	switch doc.Kind {
	case agencyKind:
		return addTo(directory.agencies, doc.ID, open)
	case areaKind:
		return addTo(directory.areas, doc.ID, open)
	case teamKind:
		return addTo(directory.teams, doc.ID, open)
	case practitionerKind:
		if err := addTo(directory.practitioners, doc.ID, open); err != nil {
			return err
		}
		added := directory.practitioners[doc.ID]
		directory.bySubject[subject{added.Issuer, added.Subject}] = doc.ID
		return nil
	case shiftKind:
		var shift sharing.Shift
		if err := open(&shift); err != nil {
			return err
		}
		directory.shifts = append(directory.shifts, shift)
		return nil
	default:
		return fmt.Errorf("the directory holds a document of kind %s", doc.Kind)
	}
}

func addTo[T any](entries map[string]T, id string, open func(any) error) error {
	var entry T
	if err := open(&entry); err != nil {
		return err
	}
	entries[id] = entry
	return nil
}

// directoryRecord is an entry as it is written.
type directoryRecord struct {
	name    store.Kind
	entry   string
	value   any
	indexed []store.Field
}

func (d directoryRecord) kind() store.Kind          { return d.name }
func (d directoryRecord) id() string                { return d.entry }
func (d directoryRecord) family() string            { return directoryFamily }
func (d directoryRecord) row() authz.ClassSet       { return authz.SetOf(authz.Directory) }
func (d directoryRecord) head() any                 { return struct{}{} }
func (d directoryRecord) fields() []store.Field     { return d.indexed }
func (d directoryRecord) parts() []part             { return []part{full(authz.Directory, d.value)} }
func (d directoryRecord) tokens(*caseHead) tokenSet { return tokenSet{} }

// Keep writes an entry of the directory, new or changed. Only a system
// administrator may, and at the very first start, with nobody enrolled yet, the
// first start itself.
//
// Consequences are posted with it.
func Keep[E Entry](ctx context.Context, s *Session, procedure string, entry E, consequences ...Consequence) error {
	record, err := s.records.recordOf(entry)
	if err != nil {
		return err
	}
	if !s.mayKeepDirectory() {
		return s.refuse(ctx, procedure, fault.Refused("The directory is kept by a system administrator."))
	}
	change := s.Change(directoryFamily)
	write := &pending{after: record, trusted: true}
	if doc, known := s.records.Directory().held[record.entry]; known {
		write.doc, write.expect = &doc, doc.Version
	}
	change.writes = append(change.writes, write)
	for _, consequence := range consequences {
		if err := s.post(change, consequence); err != nil {
			return err
		}
	}
	if err := s.Apply(ctx, procedure, change); err != nil {
		return err
	}
	return s.records.reloadDirectory(ctx)
}

func (s *Session) mayKeepDirectory() bool {
	firstStart := s.capacity.Has(authz.FirstStart) && s.records.fresh && len(s.records.Directory().practitioners) == 0
	return firstStart || s.capacity.Has(authz.SystemAdministrator)
}

func (r *Records) recordOf(entry any) (directoryRecord, error) {
	switch e := entry.(type) {
	case sharing.Agency:
		return directoryRecord{agencyKind, e.ID, e, nil}, nil
	case AreaEntry:
		return directoryRecord{areaKind, e.ID, e, nil}, nil
	case sharing.Team:
		return directoryRecord{teamKind, e.ID, e, nil}, nil
	case sharing.Practitioner:
		// Two practitioners never share a sign-in; the index holds a blind token of
		// it, because a subject is often a name.
		blind := r.keyring.Blind("subject", e.Issuer+"\n"+e.Subject)
		return directoryRecord{practitionerKind, e.ID, e, []store.Field{{Name: "subject", Value: store.Text(blind)}}}, nil
	case sharing.Shift:
		return directoryRecord{shiftKind, e.ID, e, nil}, nil
	default:
		return directoryRecord{}, fmt.Errorf("the directory holds no %T", entry)
	}
}

// entryOf reads an entry of the directory as it is written.
func (r *Records) entryOf(ctx context.Context, doc store.Document) (content, error) {
	open := func(into any) error { return r.openSection(ctx, doc, sectionName(authz.Directory, authz.Full), into) }
	switch doc.Kind {
	case agencyKind:
		return entryFrom[sharing.Agency](r, open)
	case areaKind:
		return entryFrom[AreaEntry](r, open)
	case teamKind:
		return entryFrom[sharing.Team](r, open)
	case practitionerKind:
		return entryFrom[sharing.Practitioner](r, open)
	case shiftKind:
		return entryFrom[sharing.Shift](r, open)
	default:
		return nil, fmt.Errorf("the directory holds a document of kind %s", doc.Kind)
	}
}

func entryFrom[E Entry](r *Records, open func(any) error) (content, error) {
	var entry E
	if err := open(&entry); err != nil {
		return nil, err
	}
	return r.recordOf(entry)
}

// CapacityOf returns in whose name the subject of an issuer acts; missing when
// the directory does not know them or gives them no role.
func (r *Records) CapacityOf(issuer, subjectName string) (authz.Capacity, error) {
	capacity, known := r.Directory().Capacity(issuer, subjectName, calendar.DateIn(r.clock()))
	if !known {
		return authz.Capacity{}, fault.Missing()
	}
	return capacity, nil
}
