package mongotest

import (
	"maps"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// collection is the records of one name and the indexes over them.
type collection struct {
	database, name string
	records        map[string]*record // by the identity of _id
	indexes        []*index           // the first is _id_
}

func (c *collection) namespace() string { return c.database + "." + c.name }

// record is one document through time.
type record struct {
	id       bson.RawValue
	versions []*version   // committed, oldest first
	writer   *transaction // the open transaction that has written it, if any
	pending  *version     // what it has written
}

// version is what a record was from one commit to the next.
type version struct {
	since int64    // the time of the commit
	doc   bson.Raw // nil where the record was deleted
	keys  map[*index][]*entry
}

// view is what a read sees: the newest that was committed up to a time, and
// before that what a transaction has itself written.
type view struct {
	time        int64
	transaction *transaction
}

// newest is the last committed version, or nil.
func (r *record) newest() *version {
	if len(r.versions) == 0 {
		return nil
	}
	return r.versions[len(r.versions)-1]
}

// seen is the version a view shows; nil where it shows no document.
func (r *record) seen(v view) *version {
	if r.writer != nil && r.writer == v.transaction {
		return r.pending.present()
	}
	for _, one := range slices.Backward(r.versions) {
		if one.since <= v.time {
			return one.present()
		}
	}
	return nil
}

// present is the version, or nil where it says that the record is deleted.
func (v *version) present() *version {
	if v == nil || v.doc == nil {
		return nil
	}
	return v
}

// under says whether the version is found under an entry of an index.
func (v *version) under(x *index, e *entry) bool {
	return v.present() != nil && slices.Contains(v.keys[x], e)
}

// transaction is what is written together: a transaction of a session, or one
// statement outside of any.
type transaction struct {
	time   int64 // its snapshot
	writes []*record
	done   chan struct{} // closed when it has ended
	single bool          // one statement outside a transaction: waits where another would give up
}

// collision says that another open transaction holds what a statement wants to
// write.
type collision struct{ holder *transaction }

func (*collision) Error() string { return "held by another transaction" }

func writeConflict() error {
	return refuse(codeWriteConflict, "Caused by :: Write conflict during plan execution and yielding is disabled. :: Please retry your operation or multi-document transaction.")
}

func (s *Server) begin(single bool) *transaction {
	return &transaction{time: s.time, done: make(chan struct{}), single: single}
}

func (t *transaction) view() view { return view{t.time, t} }

// claims refuses a write of what another has written, or has committed since the
// snapshot was taken.
func (t *transaction) claims(r *record) error {
	if r.writer != nil && r.writer != t {
		if t.single {
			return &collision{r.writer}
		}
		return writeConflict()
	}
	if last := r.newest(); last != nil && last.since > t.time {
		return writeConflict()
	}
	return nil
}

// put writes a document, or deletes it where doc is nil.
func (t *transaction) put(c *collection, r *record, doc bson.Raw) error {
	if err := t.claims(r); err != nil {
		return err
	}
	next := &version{doc: doc}
	if doc != nil {
		keys := map[*index][][]bson.RawValue{}
		for _, x := range c.indexes {
			values, err := x.keysOf(doc)
			if err != nil {
				return err
			}
			if err := t.unique(x, r, values); err != nil {
				return err
			}
			keys[x] = values
		}
		next.keys = map[*index][]*entry{}
		for x, values := range keys {
			next.keys[x] = x.file(r, values)
		}
	}
	if r.writer == nil {
		r.writer = t
		t.writes = append(t.writes, r)
	}
	r.pending = next
	return nil
}

// unique refuses a key of a unique index that another record has, and conflicts
// where another record gained or lost it unseen by the snapshot.
func (t *transaction) unique(x *index, r *record, keys [][]bson.RawValue) error {
	if !x.unique {
		return nil
	}
	for _, key := range keys {
		for _, e := range x.equal(key) {
			other := e.record
			if other == r {
				continue
			}
			now := other.newest().under(x, e)
			if other.writer != nil && other.writer != t && other.pending.under(x, e) != now {
				return t.claims(other)
			}
			seen := other.seen(t.view())
			if other.writer != t && now != seen.under(x, e) {
				return writeConflict()
			}
			if seen.under(x, e) {
				return x.duplicate(key)
			}
		}
	}
	return nil
}

// insert puts a document under an _id that nothing seen has.
func (t *transaction) insert(c *collection, id bson.RawValue, doc bson.Raw) error {
	key := string(identity(nil, id))
	r := c.records[key]
	if r == nil {
		r = &record{id: id}
	}
	if err := t.claims(r); err != nil {
		return err
	}
	if r.seen(t.view()) != nil {
		return c.indexes[0].duplicate([]bson.RawValue{id})
	}
	if err := t.put(c, r, doc); err != nil {
		return err
	}
	c.records[key] = r
	return nil
}

// commit makes what was written the newest, at a time of its own.
func (s *Server) commit(t *transaction) {
	if len(t.writes) > 0 {
		s.time++
	}
	for _, r := range t.writes {
		r.pending.since = s.time
		r.versions = append(r.versions, r.pending)
		r.writer, r.pending = nil, nil
	}
	t.writes = nil
	close(t.done)
}

func (s *Server) abort(t *transaction) {
	for _, r := range t.writes {
		r.writer, r.pending = nil, nil
	}
	t.writes = nil
	close(t.done)
}

// held says whether an open transaction has written to the collection.
func (c *collection) held() bool {
	for r := range maps.Values(c.records) {
		if r.writer != nil {
			return true
		}
	}
	return false
}

func (s *Server) collection(database, name string) *collection {
	return s.collections[database+"."+name]
}

// newCollection is one with nothing but its index on _id.
func newCollection(database, name string) *collection {
	return &collection{database: database, name: name, records: map[string]*record{}, indexes: []*index{idIndex()}}
}

func (s *Server) create(database, name string) *collection {
	c := newCollection(database, name)
	s.collections[c.namespace()] = c
	return c
}
