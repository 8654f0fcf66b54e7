package mongotest

import "go.mongodb.org/mongo-driver/v2/bson"

// modifying is a findAndModify, read.
type modifying struct {
	filter     filter
	sorted     []sortField
	hint       bson.RawValue
	change     *change // nil removes
	upsert     bool
	after      bool // answers the document as it is left
	projection *projection
}

func parseModifying(rq *request) (m modifying, err error) {
	var removes bool
	for name, flag := range map[string]*bool{"new": &m.after, "upsert": &m.upsert, "remove": &removes} {
		if *flag, err = rq.flag(name, false); err != nil {
			return m, err
		}
	}
	query, err := rq.document("query")
	if err != nil {
		return m, err
	}
	if m.filter, err = parseFilter(query); err != nil {
		return m, err
	}
	sorted, err := rq.document("sort")
	if err != nil {
		return m, err
	}
	if m.sorted, err = parseSort(sorted); err != nil {
		return m, err
	}
	fields, err := rq.document("fields")
	if err != nil {
		return m, err
	}
	if m.projection, err = parseProjection(fields); err != nil {
		return m, err
	}
	m.hint, _ = rq.value("hint")
	by, changes := rq.value("update")
	switch {
	case removes == changes:
		return m, refuse(codeFailedToParse, "Either an update or remove=true must be specified")
	case removes && (m.upsert || m.after):
		return m, refuse(codeFailedToParse, "remove goes with neither upsert nor new")
	case changes:
		m.change, err = parseChange(by)
	}
	return m, err
}

func (s *Server) findAndModify(rq *request) (bson.D, error) {
	m, err := parseModifying(rq)
	if err != nil {
		return nil, err
	}
	if err = s.mayUpsert(rq, m.upsert); err != nil {
		return nil, err
	}
	if m.change == nil {
		if err = s.may(rq, "remove", rq.collection); err != nil {
			return nil, err
		}
	}
	return s.statement(rq, 0, func(t *transaction, c *collection) (bson.D, error) {
		found, err := s.targets(rq, t, c, m.filter, m.sorted, m.hint, 1)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return m.none(t, c)
		}
		shown := found[0].seen(t.view()).doc
		last := bson.D{{Key: "n", Value: int32(1)}}
		if m.change == nil {
			err = t.put(c, found[0], nil)
		} else {
			var after bson.Raw
			last = append(last, bson.E{Key: "updatedExisting", Value: true})
			if _, after, err = t.change(c, found[0], m.change); m.after {
				shown = after
			}
		}
		if err != nil {
			return nil, err
		}
		return m.answer(last, shown)
	})
}

// none answers where nothing was found, after an upsert if there is one.
func (m modifying) none(t *transaction, c *collection) (bson.D, error) {
	if !m.upsert {
		last := bson.D{{Key: "n", Value: int32(0)}}
		if m.change != nil {
			last = append(last, bson.E{Key: "updatedExisting", Value: false})
		}
		return m.answer(last, nil)
	}
	id, doc, err := t.upsert(c, m.change, m.filter)
	if err != nil {
		return nil, err
	}
	if !m.after {
		doc = nil
	}
	last := bson.D{{Key: "n", Value: int32(1)}, {Key: "updatedExisting", Value: false}, {Key: "upserted", Value: id}}
	return m.answer(last, doc)
}

func (m modifying) answer(last bson.D, doc bson.Raw) (bson.D, error) {
	reply := bson.D{{Key: "lastErrorObject", Value: last}}
	if doc == nil {
		return append(reply, bson.E{Key: "value", Value: nil}), nil
	}
	shown, err := m.projection.apply(doc)
	if err != nil {
		return nil, err
	}
	return append(reply, bson.E{Key: "value", Value: shown}), nil
}
