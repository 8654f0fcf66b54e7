package mongotest

import (
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// mostIndexes is how many indexes a collection may have, that on _id among them.
const mostIndexes = 64

func (s *Server) createCollection(rq *request) (bson.D, error) {
	if s.collection(rq.database, rq.collection) != nil {
		return nil, refuse(codeNamespaceExists, "Collection %s.%s already exists.", rq.database, rq.collection)
	}
	s.create(rq.database, rq.collection)
	return bson.D{}, nil
}

func (s *Server) listCollections(rq *request) (bson.D, error) {
	doc, err := rq.document("filter")
	if err != nil {
		return nil, err
	}
	f, err := parseFilter(doc)
	if err != nil {
		return nil, err
	}
	names, err := rq.flag("nameOnly", false)
	if err != nil {
		return nil, err
	}
	if _, err = rq.flag("authorizedCollections", false); err != nil {
		return nil, err
	}
	var found []bson.Raw
	for _, c := range s.named(rq.database) {
		d := bson.D{{Key: "name", Value: c.name}, {Key: "type", Value: "collection"}}
		if !names {
			d = append(d, bson.D{
				{Key: "options", Value: bson.D{}},
				{Key: "info", Value: bson.D{{Key: "readOnly", Value: s.options.ReadOnly}}},
				{Key: "idIndex", Value: c.indexes[0].describe()},
			}...)
		}
		one := document(d)
		matches, err := f.matches(one)
		if err != nil {
			return nil, err
		}
		if matches {
			found = append(found, one)
		}
	}
	return s.list(rq, rq.database+".$cmd.listCollections", found)
}

// drop refuses where MongoDB would wait for the transactions that have written
// to the collection.
func (s *Server) drop(rq *request) (bson.D, error) {
	c := s.collection(rq.database, rq.collection)
	if c == nil {
		return bson.D{}, nil
	}
	if c.held() {
		return nil, refuse(codeLockTimeout, "a transaction has written to %s", c.namespace())
	}
	s.forget(c)
	return bson.D{{Key: "nIndexesWas", Value: int32(len(c.indexes))}, {Key: "ns", Value: c.namespace()}}, nil //nolint:gosec // at most mostIndexes
}

// forget takes a collection away, and the cursors over it.
func (s *Server) forget(c *collection) {
	delete(s.collections, c.namespace())
	for id, cu := range s.cursors {
		if cu.namespace == c.namespace() {
			delete(s.cursors, id)
		}
	}
}

func (s *Server) dropDatabase(rq *request) (bson.D, error) {
	all := s.named(rq.database)
	for _, c := range all {
		if c.held() {
			return nil, refuse(codeLockTimeout, "a transaction has written to %s", c.namespace())
		}
	}
	for _, c := range all {
		s.forget(c)
	}
	return bson.D{{Key: "dropped", Value: rq.database}}, nil
}

func (s *Server) createIndexes(rq *request) (bson.D, error) {
	specs, err := rq.documents("indexes")
	if err != nil {
		return nil, err
	}
	c := s.collection(rq.database, rq.collection)
	created := c == nil
	if created {
		c = s.create(rq.database, rq.collection)
	}
	before := len(c.indexes)
	var fresh []*index
	for _, spec := range specs {
		x, err := parseIndex(spec)
		if err != nil {
			return nil, err
		}
		known, err := x.among(append(slices.Clone(c.indexes), fresh...))
		if err != nil {
			return nil, err
		}
		if !known {
			fresh = append(fresh, x)
		}
	}
	if before+len(fresh) > mostIndexes {
		return nil, refuse(codeCannotCreateIndex, "add index fails, too many indexes for %s", c.namespace())
	}
	for _, x := range fresh {
		if err := x.build(c); err != nil {
			return nil, err
		}
	}
	c.indexes = append(c.indexes, fresh...)
	reply := bson.D{
		{Key: "numIndexesBefore", Value: int32(before)}, {Key: "numIndexesAfter", Value: int32(len(c.indexes))}, //nolint:gosec // at most mostIndexes
		{Key: "createdCollectionAutomatically", Value: created},
	}
	if len(fresh) == 0 {
		reply = append(reply, bson.E{Key: "note", Value: "all indexes already exist"})
	}
	return reply, nil
}

// among says whether an index is there already, and refuses one that is there as
// another.
func (x *index) among(all []*index) (bool, error) {
	for _, y := range all {
		keyed := compareDocuments(x.pattern, y.pattern) == 0
		switch {
		case x.name == y.name && x.same(y):
			return true, nil
		case x.name == y.name && keyed:
			return false, refuse(codeIndexKeysConflict, "An existing index has the same name as the requested index, and other options: %s", x.name)
		case x.name == y.name:
			return false, refuse(codeIndexKeysConflict, "An existing index has the same name as the requested index: %s", x.name)
		case keyed && compareDocuments(x.partial, y.partial) == 0:
			return false, refuse(codeIndexOptionsConflict, "Index already exists with a different name: %s", y.name)
		}
	}
	return false, nil
}

func (s *Server) listIndexes(rq *request) (bson.D, error) {
	c := s.collection(rq.database, rq.collection)
	if c == nil {
		return nil, refuse(codeNamespaceNotFound, "ns does not exist: %s.%s", rq.database, rq.collection)
	}
	var all []bson.Raw
	for _, x := range c.indexes {
		all = append(all, document(x.describe()))
	}
	return s.list(rq, c.namespace(), all)
}

func (s *Server) dropIndexes(rq *request) (bson.D, error) {
	c := s.collection(rq.database, rq.collection)
	if c == nil {
		return nil, refuse(codeNamespaceNotFound, "ns not found %s.%s", rq.database, rq.collection)
	}
	was := len(c.indexes)
	which, _ := rq.value("index")
	if name, ok := which.StringValueOK(); ok && name == "*" {
		c.indexes = c.indexes[:1:1]
	} else {
		x, err := c.hinted(which)
		if err != nil {
			return nil, refuse(codeIndexNotFound, "index not found")
		}
		if x == c.indexes[0] {
			return nil, refuse(codeInvalidOptions, "cannot drop _id index")
		}
		c.indexes = slices.DeleteFunc(slices.Clone(c.indexes), func(y *index) bool { return x == y })
	}
	for id, cu := range s.cursors {
		if cu.scan != nil && cu.namespace == c.namespace() && !slices.Contains(c.indexes, cu.scan.plan.index) {
			delete(s.cursors, id)
		}
	}
	return bson.D{{Key: "nIndexesWas", Value: int32(was)}}, nil //nolint:gosec // at most mostIndexes
}
