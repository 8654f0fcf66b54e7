package mongotest

import (
	"bytes"
	"errors"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// statement runs one write: in the transaction of the command, or by itself. By
// itself it waits for whoever holds what it wants to write. A write that is
// retried is answered as it was the first time.
func (s *Server) statement(rq *request, number int, do func(*transaction, *collection) (bson.D, error)) (bson.D, error) {
	if rq.transaction != nil {
		c := s.collection(rq.database, rq.collection)
		if c == nil {
			return nil, refuse(codeNotInTransaction, "a collection that is not there is not created in a transaction here")
		}
		return do(rq.transaction, c)
	}
	var outcomes map[int]bson.D
	if rq.numbered {
		outcomes = rq.session.outcomes
		if outcome, done := outcomes[number]; done {
			return outcome, nil
		}
	}
	for {
		c := s.collection(rq.database, rq.collection)
		if c == nil {
			c = newCollection(rq.database, rq.collection)
		}
		t := s.begin(true)
		outcome, err := do(t, c)
		if err == nil {
			if len(t.writes) > 0 {
				s.collections[c.namespace()] = c // made by its first document
			}
			s.commit(t)
			if outcomes != nil {
				outcomes[number] = outcome
			}
			return outcome, nil
		}
		s.abort(t)
		held, ok := errors.AsType[*collision](err)
		if !ok {
			return nil, err
		}
		if err = s.wait(rq, held.holder.done); err != nil {
			return nil, err
		}
	}
}

// ofCommand are the errors that fail a command and not one of its writes.
var ofCommand = []int32{codeWriteConflict, codeMaxTimeExpired, codeShutdown, codeNotInTransaction, codeUnauthorized, codeInternal}

// statements runs the writes of one command in turn and adds up what they did.
func (s *Server) statements(rq *request, count int, do func(int, *transaction, *collection) (bson.D, error)) (bson.D, error) {
	ordered, err := rq.flag("ordered", true)
	if err != nil {
		return nil, err
	}
	var n, modified int32
	upserted, failed := bson.A{}, bson.A{}
	for i := range count {
		outcome, err := s.statement(rq, i, func(t *transaction, c *collection) (bson.D, error) { return do(i, t, c) })
		if err != nil {
			refused := asRefusal(err)
			if slices.Contains(ofCommand, refused.code) {
				return nil, err
			}
			failed = append(failed, append(bson.D{
				{Key: "index", Value: int32(i)}, {Key: "code", Value: refused.code}, {Key: "errmsg", Value: refused.message},
			}, refused.details...))
			if ordered || rq.transaction != nil {
				break
			}
			continue
		}
		for _, e := range outcome {
			switch v := e.Value.(type) {
			case int32:
				if e.Key == "n" {
					n += v
				} else {
					modified += v
				}
			default:
				upserted = append(upserted, bson.D{{Key: "index", Value: int32(i)}, {Key: "_id", Value: v}})
			}
		}
	}
	reply := bson.D{{Key: "n", Value: n}}
	if rq.name == "update" {
		reply = append(reply, bson.E{Key: "nModified", Value: modified})
	}
	if len(upserted) > 0 {
		reply = append(reply, bson.E{Key: "upserted", Value: upserted})
	}
	if len(failed) > 0 {
		reply = append(reply, bson.E{Key: "writeErrors", Value: failed})
		if rq.transaction != nil {
			s.end(rq.session, aborted)
		}
	}
	return reply, nil
}

func (s *Server) insert(rq *request) (bson.D, error) {
	all, err := rq.documents("documents")
	if err != nil {
		return nil, err
	}
	return s.statements(rq, len(all), func(i int, t *transaction, c *collection) (bson.D, error) {
		doc := all[i]
		id, has := field(doc, "_id")
		if !has {
			return nil, refuse(codeBadValue, "a document without an _id is not known to this server")
		}
		if err := checkDocument(doc); err != nil {
			return nil, err
		}
		if err := t.insert(c, id, withID(doc, id)); err != nil {
			return nil, err
		}
		return bson.D{{Key: "n", Value: int32(1)}}, nil
	})
}

// targets are what a filter finds for a write, as many as most says; 0 is all.
func (s *Server) targets(rq *request, t *transaction, c *collection, f filter, sorted []sortField, hint bson.RawValue, most int) ([]*record, error) {
	p, err := s.aim(c, f, sorted, hint)
	if err != nil {
		return nil, err
	}
	sc := p.scan()
	defer func() {
		rq.record.KeysExamined += sc.keys
		rq.record.DocsExamined += sc.docs
	}()
	var found []*record
	for most == 0 || len(found) < most {
		r, _, err := sc.next(t.view())
		if err != nil {
			return nil, err
		}
		if r == nil {
			break
		}
		found = append(found, r)
	}
	return found, nil
}

// aim plans how a write finds its documents: by its hint, or by _id.
func (s *Server) aim(c *collection, f filter, sorted []sortField, hint bson.RawValue) (*plan, error) {
	if _, byID := f.on(path{"_id"}).points(); byID && hint.Type == 0 && len(sorted) == 0 {
		return newPlan(c.indexes[0], f, nil)
	}
	return s.choose(c, f, sorted, hint)
}

// updating is one member of updates.
type updating struct {
	filter        filter
	change        *change
	hint          bson.RawValue
	multi, upsert bool
}

func parseUpdating(doc bson.Raw) (u updating, err error) {
	if err = allow(doc, "update.updates", "q", "u", "multi", "upsert", "hint"); err != nil {
		return u, err
	}
	if u.filter, err = filterIn(doc, "q"); err != nil {
		return u, err
	}
	v, _ := field(doc, "u")
	if u.change, err = parseChange(v); err != nil {
		return u, err
	}
	if u.multi, err = flagOf(doc, "multi", false); err != nil {
		return u, err
	}
	u.upsert, err = flagOf(doc, "upsert", false)
	u.hint, _ = field(doc, "hint")
	if err == nil && u.multi && u.change.replacement != nil {
		err = refuse(codeFailedToParse, "multi update is not supported for replacement-style update")
	}
	return u, err
}

func filterIn(doc bson.Raw, name string) (filter, error) {
	v, _ := field(doc, name)
	q, ok := v.DocumentOK()
	if !ok {
		return nil, refuse(codeTypeMismatch, "%s has to be a document", name)
	}
	return parseFilter(q)
}

func (s *Server) update(rq *request) (bson.D, error) {
	all, err := rq.documents("updates")
	if err != nil {
		return nil, err
	}
	var updates []updating
	for _, one := range all {
		u, err := parseUpdating(one)
		if err != nil {
			return nil, err
		}
		if u.multi && rq.numbered && !rq.inTransaction {
			return nil, refuse(codeInvalidOptions, "Cannot use retryable writes with multi=true")
		}
		if err := s.mayUpsert(rq, u.upsert); err != nil {
			return nil, err
		}
		updates = append(updates, u)
	}
	return s.statements(rq, len(updates), func(i int, t *transaction, c *collection) (bson.D, error) {
		u := updates[i]
		most := 1
		if u.multi {
			most = 0
		}
		found, err := s.targets(rq, t, c, u.filter, nil, u.hint, most)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 && u.upsert {
			id, _, err := t.upsert(c, u.change, u.filter)
			if err != nil {
				return nil, err
			}
			return bson.D{{Key: "n", Value: int32(1)}, {Key: "_id", Value: id}}, nil
		}
		var modified int32
		for _, r := range found {
			changed, _, err := t.change(c, r, u.change)
			if err != nil {
				return nil, err
			}
			if changed {
				modified++
			}
		}
		return bson.D{{Key: "n", Value: int32(len(found))}, {Key: "nModified", Value: modified}}, nil //nolint:gosec // as many as are in memory
	})
}

func (s *Server) mayUpsert(rq *request, upsert bool) error {
	if !upsert {
		return nil
	}
	return s.may(rq, "insert", rq.collection)
}

func (t *transaction) upsert(c *collection, by *change, f filter) (bson.RawValue, bson.Raw, error) {
	doc, err := by.inserted(f)
	if err != nil {
		return bson.RawValue{}, nil, err
	}
	id, _ := field(doc, "_id")
	return id, doc, t.insert(c, id, doc)
}

// change writes what an update makes of a record. What it leaves as it is, it
// does not touch: another may still write it.
func (t *transaction) change(c *collection, r *record, by *change) (changed bool, after bson.Raw, err error) {
	before := r.seen(t.view()).doc
	if after, err = by.apply(before); err != nil || bytes.Equal(before, after) {
		return false, after, err
	}
	return true, after, t.put(c, r, after)
}

func (s *Server) remove(rq *request) (bson.D, error) {
	all, err := rq.documents("deletes")
	if err != nil {
		return nil, err
	}
	for _, one := range all {
		if err = allow(one, "delete.deletes", "q", "limit", "hint"); err != nil {
			return nil, err
		}
		limit, _ := field(one, "limit")
		n, ok := limit.AsInt64OK()
		if !ok || n != 0 && n != 1 {
			return nil, refuse(codeFailedToParse, "The limit field in delete objects must be 0 or 1.")
		}
		if n == 0 && rq.numbered && !rq.inTransaction {
			return nil, refuse(codeInvalidOptions, "Cannot use retryable writes with limit=0")
		}
	}
	return s.statements(rq, len(all), func(i int, t *transaction, c *collection) (bson.D, error) {
		one := all[i]
		f, err := filterIn(one, "q")
		if err != nil {
			return nil, err
		}
		hint, _ := field(one, "hint")
		limit, _ := field(one, "limit")
		found, err := s.targets(rq, t, c, f, nil, hint, int(limit.AsInt64()))
		if err != nil {
			return nil, err
		}
		for _, r := range found {
			if err = t.put(c, r, nil); err != nil {
				return nil, err
			}
		}
		return bson.D{{Key: "n", Value: int32(len(found))}}, nil //nolint:gosec // as many as are in memory
	})
}
