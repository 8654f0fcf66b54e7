package mongotest

import (
	"maps"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// firstBatch is how many documents a find answers at first when it is not told.
const firstBatch = 101

var findFields = []string{"filter", "sort", "projection", "hint", "limit", "batchSize", "singleBatch"}

// query is a find, read.
type query struct {
	filter     filter
	sorted     []sortField
	projection *projection
	hint       bson.RawValue
	limit      int64 // 0 is all
	batch      int64
	single     bool
}

func parseQuery(rq *request) (query, error) {
	q := query{}
	part := func(name string, read func(bson.Raw) error) error {
		doc, err := rq.document(name)
		if err != nil {
			return err
		}
		return read(doc)
	}
	for name, read := range map[string]func(bson.Raw) error{
		"filter":     func(doc bson.Raw) (err error) { q.filter, err = parseFilter(doc); return err },
		"sort":       func(doc bson.Raw) (err error) { q.sorted, err = parseSort(doc); return err },
		"projection": func(doc bson.Raw) (err error) { q.projection, err = parseProjection(doc); return err },
	} {
		if err := part(name, read); err != nil {
			return q, err
		}
	}
	q.hint, _ = rq.value("hint")
	var err error
	if q.limit, err = rq.integer("limit"); err != nil {
		return q, err
	}
	if q.batch, err = rq.integer("batchSize"); err != nil {
		return q, err
	}
	q.limit = max(q.limit, 0)
	if q.batch < 0 {
		q.batch = firstBatch
	}
	q.single, err = rq.flag("singleBatch", false)
	return q, err
}

// cursor is a find that has more to answer.
type cursor struct {
	id         int64
	namespace  string
	session    string
	of         *transaction // nil outside of one
	fixed      *view        // nil sees at every batch what is newest then
	scan       *scan        // nil where waiting is all there is
	projection *projection
	left       int64      // of the limit; -1 is no limit
	waiting    []bson.Raw // found already
}

func (s *Server) find(rq *request) (bson.D, error) {
	q, err := parseQuery(rq)
	if err != nil {
		return nil, err
	}
	c := s.collection(rq.database, rq.collection)
	cu := &cursor{
		namespace: rq.database + "." + rq.collection, session: rq.record.Session, of: rq.transaction,
		projection: q.projection, left: -1,
	}
	if q.limit > 0 {
		cu.left = q.limit
	}
	reply := bson.D{}
	switch {
	case rq.transaction != nil:
		own := rq.transaction.view()
		cu.fixed = &own
	case rq.concern.level == "snapshot":
		at := rq.concern.at
		if at == 0 {
			at = s.time
		}
		cu.fixed = &view{time: at}
		reply = bson.D{{Key: "atClusterTime", Value: s.timestamp(at)}}
	}
	if c != nil {
		p, refused := s.choose(c, q.filter, q.sorted, q.hint)
		if refused != nil {
			return nil, refused
		}
		cu.scan = p.scan()
	}
	documents, ended, err := s.fill(rq, cu, q.batch)
	if err != nil {
		return nil, err
	}
	if !ended && !q.single {
		s.keep(cu)
	}
	reply = append(bson.D{{Key: "firstBatch", Value: documents}, {Key: "id", Value: cu.id}, {Key: "ns", Value: cu.namespace}}, reply...)
	return bson.D{{Key: "cursor", Value: reply}}, nil
}

// keep remembers a cursor under a number of its own.
func (s *Server) keep(cu *cursor) {
	s.lastCursor++
	cu.id = s.lastCursor
	s.cursors[cu.id] = cu
}

// fill takes the next batch of a cursor. A cursor has ended when its last
// document is answered and MongoDB would know that it is: at its limit, or when
// it was asked for more than there was.
func (s *Server) fill(rq *request, cu *cursor, most int64) (documents []bson.Raw, ended bool, err error) {
	now := view{time: s.time}
	if cu.fixed != nil {
		now = *cu.fixed
	}
	var keys, docs int
	if cu.scan != nil {
		keys, docs = cu.scan.keys, cu.scan.docs
		defer func() { rq.record.KeysExamined, rq.record.DocsExamined = cu.scan.keys-keys, cu.scan.docs-docs }()
	}
	documents = []bson.Raw{}
	size := 0
	for int64(len(documents)) < most {
		if cu.left == 0 {
			return documents, true, nil
		}
		doc, err := cu.take(now)
		if err != nil {
			return nil, false, err
		}
		if doc == nil {
			return documents, true, nil
		}
		if size += len(doc); size > maxDocument && len(documents) > 0 {
			cu.waiting = append([]bson.Raw{doc}, cu.waiting...)
			return documents, false, nil
		}
		documents = append(documents, doc)
		if cu.left > 0 {
			cu.left--
		}
	}
	return documents, cu.left == 0, nil
}

// take is the next document; nil at the end.
func (cu *cursor) take(v view) (bson.Raw, error) {
	if len(cu.waiting) > 0 {
		doc := cu.waiting[0]
		cu.waiting = cu.waiting[1:]
		return doc, nil
	}
	if cu.scan == nil {
		return nil, nil
	}
	_, doc, err := cu.scan.next(v)
	if err != nil || doc == nil {
		return nil, err
	}
	return cu.projection.apply(doc)
}

func (s *Server) getMore(rq *request) (bson.D, error) {
	v, _ := rq.value("getMore")
	id, ok := v.Int64OK()
	if !ok {
		return nil, refuse(codeTypeMismatch, "getMore names a cursor by its long")
	}
	name, _ := rq.value("collection")
	most, err := rq.integer("batchSize")
	if err != nil {
		return nil, err
	}
	if most == 0 {
		return nil, refuse(codeBadValue, "batchSize of getMore is above 0")
	}
	if most < 0 {
		most = maxDocument // no bound but the size
	}
	if _, limited := rq.value("maxTimeMS"); limited {
		return nil, refuse(codeBadValue, "cannot set maxTimeMS on getMore command for a non-awaitData cursor")
	}
	cu := s.cursors[id]
	text, isText := name.StringValueOK()
	switch {
	case cu == nil:
		return nil, refuse(codeCursorNotFound, "cursor id %d not found", id)
	case !isText || cu.namespace != rq.database+"."+text:
		return nil, refuse(codeUnauthorized, "cursor %d is of another collection", id)
	case cu.session != rq.record.Session || cu.of != rq.transaction:
		return nil, refuse(codeForeignCursor, "Cannot run getMore on cursor %d, which was created in another session or transaction", id)
	case rq.concern.given && !cu.repeats(rq.concern):
		return nil, refuse(codeInvalidOptions, "getMore uses the cursor's read concern")
	case cu.fixed != nil && cu.of == nil && cu.fixed.time < s.oldest:
		return nil, refuse(codeSnapshotTooOld, "Read timestamp is older than the oldest available timestamp.")
	}
	documents, ended, err := s.fill(rq, cu, most)
	if err != nil || ended {
		delete(s.cursors, id)
		id = 0
	}
	if err != nil {
		return nil, err
	}
	reply := bson.D{{Key: "nextBatch", Value: documents}, {Key: "id", Value: id}, {Key: "ns", Value: cu.namespace}}
	if cu.fixed != nil && cu.of == nil {
		reply = append(reply, bson.E{Key: "atClusterTime", Value: s.timestamp(cu.fixed.time)})
	}
	return bson.D{{Key: "cursor", Value: reply}}, nil
}

// repeats says whether a read concern is the one the cursor has anyway. MongoDB
// passes over it on a getMore, and a driver says it again in a snapshot session.
func (cu *cursor) repeats(concern readConcern) bool {
	return concern.level == "snapshot" && cu.fixed != nil && cu.of == nil && concern.at == cu.fixed.time
}

func (s *Server) killCursors(rq *request) (bson.D, error) {
	v, _ := rq.value("cursors")
	if v.Type != bson.TypeArray {
		return nil, refuse(codeTypeMismatch, "cursors has to be an array")
	}
	killed, missing := bson.A{}, bson.A{}
	for _, member := range members(v) {
		id, ok := member.Int64OK()
		if !ok {
			return nil, refuse(codeTypeMismatch, "a cursor is named by its long")
		}
		if _, there := s.cursors[id]; there {
			delete(s.cursors, id)
			killed = append(killed, id)
		} else {
			missing = append(missing, id)
		}
	}
	return bson.D{
		{Key: "cursorsKilled", Value: killed},
		{Key: "cursorsNotFound", Value: missing},
		{Key: "cursorsAlive", Value: bson.A{}},
		{Key: "cursorsUnknown", Value: bson.A{}},
	}, nil
}

// list answers documents that are at hand as a cursor of their own.
func (s *Server) list(rq *request, namespace string, documents []bson.Raw) (bson.D, error) {
	batch := int64(firstBatch)
	options, err := rq.document("cursor")
	if err != nil {
		return nil, err
	}
	if err = allow(options, "cursor", "batchSize"); err != nil {
		return nil, err
	}
	if v, has := field(options, "batchSize"); has {
		var ok bool
		if batch, ok = v.AsInt64OK(); !ok || batch < 0 {
			return nil, refuse(codeBadValue, "batchSize is a number, not below 0")
		}
	}
	cu := &cursor{namespace: namespace, session: rq.record.Session, left: int64(len(documents)), waiting: documents}
	batched, ended, err := s.fill(rq, cu, batch)
	if err != nil {
		return nil, err
	}
	if !ended {
		s.keep(cu)
	}
	return bson.D{{Key: "cursor", Value: bson.D{
		{Key: "firstBatch", Value: batched}, {Key: "id", Value: cu.id}, {Key: "ns", Value: namespace},
	}}}, nil
}

// named are the collections of a database, by name.
func (s *Server) named(database string) []*collection {
	var all []*collection
	for _, namespace := range slices.Sorted(maps.Keys(s.collections)) {
		if c := s.collections[namespace]; c.database == database {
			all = append(all, c)
		}
	}
	return all
}
