package records

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"accord/authz"
	"accord/domain/calendar"
	"accord/domain/fault"
	"accord/domain/sharing"
	"accord/internal/secrets/identifier"
	"accord/internal/store"
	"accord/internal/views"
)

// Session is one request of one capacity: its reach is resolved once, its clock
// stands still, and everything it looks at is on its trail until the trail is
// entered in the audit log.
type Session struct {
	records  *Records
	capacity authz.Capacity
	request  string
	now      time.Time
	table    *authz.Table
	names    names
	trail    trail
	timer    func(phase string) (stop func())

	viewer func() (reach, error)
	mutex  sync.Mutex
	read   map[readKey]*readOnce
}

// Begin starts the session of a request.
func (r *Records) Begin(ctx context.Context, capacity authz.Capacity, request string) *Session {
	now := r.clock()
	session := &Session{
		records: r, capacity: capacity, request: request, now: now, table: r.policy.Table(),
		names: names{r.Directory(), calendar.DateIn(now)}, timer: timerFrom(ctx), read: map[readKey]*readOnce{},
	}
	session.ReachAnew(ctx)
	return session
}

// ReachAnew has the session resolve again what its capacity reaches: after a change
// of just that, such as a conflict that the capacity declared or emergency access that
// it took. Nothing else may use the session meanwhile; the changes of an operation come
// one after the other.
func (s *Session) ReachAnew(ctx context.Context) {
	s.viewer = sync.OnceValues(func() (reach, error) {
		stop := s.phase("scope")
		defer stop()
		return s.records.reachOf(context.WithoutCancel(ctx), s.capacity)
	})
}

// Capacity is in whose name the session acts.
func (s *Session) Capacity() authz.Capacity { return s.capacity }

// Table is the policy the session is decided by.
func (s *Session) Table() *authz.Table { return s.table }

// Now is the moment of the session.
func (s *Session) Now() time.Time { return s.now }

// Today is the day of the session in London.
func (s *Session) Today() calendar.Date { return s.names.today }

// Records is what the session is of.
func (s *Session) Records() *Records { return s.records }

// Viewer shows who is asking.
func (s *Session) Viewer() views.Viewer {
	practitioner := s.names.Practitioner(s.capacity.Person)
	viewer := views.Viewer{ID: practitioner.ID, Name: practitioner.Name, Agency: practitioner.Agency, Roles: s.capacity.Roles, Areas: []views.Area{}}
	viewer.Lapsed = append([]sharing.Condition{}, s.names.directory.lapsedOf(s.capacity.Person, s.names.today)...)
	for _, area := range s.capacity.Areas {
		viewer.Areas = append(viewer.Areas, s.names.Area(area))
	}
	return viewer
}

// record makes what a view of the document holds.
func (s *Session) record(ctx context.Context, doc store.Document, sight authz.Sight, together *views.Together) views.Record {
	return views.Record{
		ID: doc.ID, Sight: sight, Sealed: &sealed{ctx: ctx, session: s, doc: doc, sight: sight},
		Names: s.names, Today: s.names.today, Together: together,
	}
}

// viewer of a document of one kind.
type viewOf[V any] func(views.Record, store.Document) (V, error)

// show makes the view of a document for this session; false when it is not there
// for the viewer.
func show[V any](ctx context.Context, s *Session, kind views.Kind, doc store.Document, together *views.Together, view viewOf[V]) (shown V, reached bool, err error) {
	shown, reached, err = examine(ctx, s, kind, doc, together, view)
	if reached {
		s.trail.seen(doc)
	}
	return shown, reached, err
}

// examine makes the view as show does, for who decides first whether it is shown:
// what is passed over is not on the trail.
func examine[V any](ctx context.Context, s *Session, kind views.Kind, doc store.Document, together *views.Together, view viewOf[V]) (shown V, reached bool, err error) {
	var none V
	viewer, err := s.viewer()
	if err != nil {
		return none, false, err
	}
	sight, reached := s.sightOf(viewer, kind, doc)
	if !reached {
		return none, false, nil
	}
	if together == nil {
		together = &views.Together{Families: []string{doc.Family}}
	}
	shown, err = view(s.record(ctx, doc, sight, together), doc)
	if err != nil {
		return none, false, fmt.Errorf("viewing %s: %w", doc.ID, err)
	}
	return shown, true, nil
}

// byID reads one record by its id: missing when there is none, when it is of
// another kind, and when it is not there for the viewer.
func byID[V any](ctx context.Context, s *Session, kind views.Kind, id string, view viewOf[V]) (V, error) {
	var none V
	doc, err := s.get(ctx, kind, id)
	if err != nil {
		return none, err
	}
	shown, reached, err := show(ctx, s, kind, doc, nil, view)
	if err != nil {
		return none, err
	}
	if !reached {
		s.missed(kind, id)
		return none, fault.Missing()
	}
	return shown, nil
}

// byUnique reads one record by a unique index.
func byUnique[V any](ctx context.Context, s *Session, kind views.Kind, index, value string, view viewOf[V]) (V, error) {
	var none V
	if _, err := s.viewer(); err != nil { // the same work whether or not it exists
		return none, err
	}
	if len(value) > maxReference {
		s.missed(kind, value[:maxReference])
		return none, fault.Missing()
	}
	stop := s.phase("fetch")
	page, err := s.records.store.Find(ctx, store.Query{Index: index, Equal: []store.Value{store.Text(value)}, Limit: 1})
	stop()
	if err != nil {
		return none, fmt.Errorf("looking up a %s: %w", kind, err)
	}
	if len(page.Documents) == 0 {
		s.missed(kind, value)
		return none, fault.Missing()
	}
	shown, reached, err := show(ctx, s, kind, page.Documents[0], nil, view)
	if err == nil && !reached {
		s.missed(kind, value)
		err = fault.Missing()
	}
	return shown, err
}

// maxReference bounds what is looked up as a reference.
const maxReference = 64

// get reads a document of the kind by its id.
func (s *Session) get(ctx context.Context, kind views.Kind, id string) (store.Document, error) {
	if _, err := s.viewer(); err != nil { // the same work whether or not it exists
		return store.Document{}, err
	}
	stop := s.phase("fetch")
	defer stop()
	if !identifier.Is(id) {
		s.missed(kind, id)
		return store.Document{}, fault.Missing()
	}
	doc, err := s.records.store.Get(ctx, id)
	switch {
	case errors.Is(err, store.ErrAbsent), err == nil && doc.Kind != kindOf(kind):
		s.missed(kind, id)
		return store.Document{}, fault.Missing()
	case err != nil:
		return store.Document{}, fmt.Errorf("reading %s: %w", id, err)
	default:
		return doc, nil
	}
}
