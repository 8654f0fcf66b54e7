package mongotest

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// index is an index over a collection: its entries through all time, in its own
// order. Which of them stand in a view is asked of the record.
type index struct {
	name    string
	pattern bson.Raw
	fields  []indexField
	unique  bool
	partial bson.Raw // nil where every document is indexed
	covers  filter   // partial, read
	expire  *int32   // a TTL index; nothing expires here
	entries []*entry
}

type indexField struct {
	path      path
	backwards bool
	multikey  bool // some document has held an array here
}

// entry is one key of one record.
type entry struct {
	values []bson.RawValue // one for each field of the index
	record *record
}

func idIndex() *index {
	pattern := document(bson.D{{Key: "_id", Value: int32(1)}})
	return &index{name: "_id_", pattern: pattern, fields: []indexField{{path: path{"_id"}}}, unique: true}
}

// keysOf are the keys a document is found under: one for each member of an
// array, and none where a partial index does not cover it.
func (x *index) keysOf(doc bson.Raw) ([][]bson.RawValue, error) {
	if covered, err := x.covers.matches(doc); err != nil || !covered {
		return nil, err
	}
	keys := [][]bson.RawValue{nil}
	array := ""
	for i := range x.fields {
		f := &x.fields[i]
		v, err := at(doc, f.path)
		if err != nil {
			return nil, err
		}
		values := []bson.RawValue{v}
		if v.Type == 0 {
			values[0] = nothing
		}
		if v.Type == bson.TypeArray {
			if array != "" {
				return nil, refuse(codeParallelArrays, "cannot index parallel arrays [%s] [%s]", f.path, array)
			}
			array, f.multikey = f.path.String(), true
			values = slices.SortedFunc(slices.Values(members(v)), compareValues)
			values = slices.CompactFunc(values, sameValue)
			if len(values) == 0 {
				values = []bson.RawValue{none}
			}
		}
		keys = product(keys, values)
	}
	return keys, nil
}

// product continues every key with every value.
func product(keys [][]bson.RawValue, values []bson.RawValue) [][]bson.RawValue {
	longer := make([][]bson.RawValue, 0, len(keys)*len(values))
	for _, key := range keys {
		for _, v := range values {
			longer = append(longer, append(slices.Clone(key), v))
		}
	}
	return longer
}

// compare orders keys, or the beginnings of keys, as the index does.
func (x *index) compare(a, b []bson.RawValue) int {
	for i := range min(len(a), len(b)) {
		order := compareValues(a[i], b[i])
		if x.fields[i].backwards {
			order = -order
		}
		if order != 0 {
			return order
		}
	}
	return 0
}

// compareEntries orders entries with equal keys by _id, so that an entry has one
// place.
func (x *index) compareEntries(a, b *entry) int {
	if order := x.compare(a.values, b.values); order != 0 {
		return order
	}
	return compareValues(a.record.id, b.record.id)
}

// file finds or makes the entries of a record under these keys.
func (x *index) file(r *record, keys [][]bson.RawValue) []*entry {
	filed := make([]*entry, len(keys))
	for i, key := range keys {
		e := &entry{key, r}
		place, found := slices.BinarySearchFunc(x.entries, e, x.compareEntries)
		if !found {
			x.entries = slices.Insert(x.entries, place, e)
		}
		filed[i] = x.entries[place]
	}
	return filed
}

// equal are the entries of one key.
func (x *index) equal(key []bson.RawValue) []*entry {
	first := sort.Search(len(x.entries), func(i int) bool { return x.compare(x.entries[i].values, key) >= 0 })
	end := first
	for end < len(x.entries) && x.compare(x.entries[end].values, key) == 0 {
		end++
	}
	return x.entries[first:end]
}

// duplicate is MongoDB's E11000.
func (x *index) duplicate(key []bson.RawValue) error {
	value := bson.D{}
	for i, v := range key {
		value = append(value, bson.E{Key: x.fields[i].path.String(), Value: v})
	}
	return &refusal{
		code:    codeDuplicateKey,
		message: fmt.Sprintf("E11000 duplicate key error index: %s dup key: %s", x.name, document(value)),
		details: bson.D{{Key: "keyPattern", Value: x.pattern}, {Key: "keyValue", Value: value}},
	}
}

// build files everything a collection holds and has held.
func (x *index) build(c *collection) error {
	for _, r := range c.records {
		all := r.versions
		if r.pending != nil {
			all = append(slices.Clone(all), r.pending)
		}
		for _, v := range all {
			if v.doc == nil {
				continue
			}
			keys, err := x.keysOf(v.doc)
			if err != nil {
				return err
			}
			v.keys[x] = x.file(r, keys)
		}
	}
	if !x.unique {
		return nil
	}
	var last *entry
	for _, e := range x.entries {
		if !e.record.newest().under(x, e) && !e.record.pending.under(x, e) {
			continue
		}
		if last != nil && x.compare(last.values, e.values) == 0 {
			return x.duplicate(e.values)
		}
		last = e
	}
	return nil
}

// parseIndex reads one member of createIndexes.
func parseIndex(spec bson.Raw) (*index, error) {
	x := &index{}
	for _, e := range elements(spec) {
		v := e.Value()
		var ok bool
		var err error
		switch e.Key() {
		case "name":
			x.name, ok = v.StringValueOK()
			ok = ok && x.name != "" && x.name != "*"
		case "key":
			x.pattern, ok = v.DocumentOK()
			if ok {
				x.fields, err = parsePattern(x.pattern)
			}
		case "unique":
			x.unique, ok = v.BooleanOK()
		case "partialFilterExpression":
			x.partial, ok = v.DocumentOK()
			if ok {
				x.covers, err = parsePartial(x.partial)
			}
		case "expireAfterSeconds":
			var seconds int64
			seconds, ok = v.AsInt64OK()
			ok = ok && seconds >= 0 && seconds <= math.MaxInt32
			whole := int32(seconds) //nolint:gosec // looked at above
			x.expire = &whole
		case "v":
			var n int64
			n, ok = v.AsInt64OK()
			ok = ok && n == 2
		default:
			return nil, refuse(codeInvalidOptions, "the field %q is not known in an index specification", e.Key())
		}
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, refuse(codeTypeMismatch, "the field %q of an index specification is not as it has to be", e.Key())
		}
	}
	switch {
	case x.name == "" || x.fields == nil:
		return nil, refuse(codeFailedToParse, "an index needs a key and a name")
	case x.expire != nil && len(x.fields) > 1:
		return nil, refuse(codeCannotCreateIndex, "TTL indexes are single-field indexes, compound indexes do not support TTL")
	case x.fields[0].path.String() == "_id" && len(x.fields) == 1:
		return nil, refuse(codeBadValue, "the index on _id is there already and takes no options")
	}
	return x, nil
}

func parsePattern(pattern bson.Raw) ([]indexField, error) {
	all := elements(pattern)
	if len(all) == 0 || len(all) > 32 {
		return nil, refuse(codeCannotCreateIndex, "an index has 1 to 32 fields")
	}
	var fields []indexField
	for _, e := range all {
		p, err := parsePath(e.Key())
		if err != nil {
			return nil, err
		}
		direction, err := parseDirection(e.Value())
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(fields, func(f indexField) bool { return slices.Equal(f.path, p) }) {
			return nil, refuse(codeBadValue, "the field %q stands in the index twice", p)
		}
		fields = append(fields, indexField{path: p, backwards: direction < 0})
	}
	return fields, nil
}

// parseDirection reads the 1 or -1 of an index and of a sort.
func parseDirection(v bson.RawValue) (int, error) {
	if n, ok := v.AsInt64OK(); ok && (n == 1 || n == -1) && v.Type != bson.TypeBoolean {
		return int(n), nil
	}
	return 0, refuse(codeBadValue, "a direction is 1 or -1")
}

// parsePartial knows {$exists: true} and $gt.
func parsePartial(doc bson.Raw) (filter, error) {
	f, err := parseFilter(doc)
	if err != nil {
		return nil, err
	}
	if len(f) == 0 {
		return nil, refuse(codeBadValue, "a partial index that says nothing is not known to this server")
	}
	for _, p := range f {
		if p.operator != "$gt" && (p.operator != "$exists" || !p.operands[0].Boolean()) {
			return nil, refuse(codeCannotCreateIndex, "a partial index over %s is not known to this server", strings.TrimPrefix(p.operator, "$"))
		}
	}
	return f, nil
}

// describe is the index as listIndexes tells it.
func (x *index) describe() bson.D {
	d := bson.D{{Key: "v", Value: int32(2)}, {Key: "key", Value: x.pattern}, {Key: "name", Value: x.name}}
	if x.unique && x.name != "_id_" {
		d = append(d, bson.E{Key: "unique", Value: true})
	}
	if x.partial != nil {
		d = append(d, bson.E{Key: "partialFilterExpression", Value: x.partial})
	}
	if x.expire != nil {
		d = append(d, bson.E{Key: "expireAfterSeconds", Value: *x.expire})
	}
	return d
}

// same says whether two specifications mean the same.
func (x *index) same(y *index) bool {
	return compareDocuments(document(x.describe()), document(y.describe())) == 0
}
