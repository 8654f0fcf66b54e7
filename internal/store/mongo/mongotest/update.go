package mongotest

import (
	"bytes"
	"math"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// change is what an update does to a document.
type change struct {
	replacement bson.Raw // nil where steps say it
	steps       []changeStep
}

type changeStep struct {
	operator string // $inc, $set or $unset
	path     path
	value    bson.RawValue
}

// parseChange knows a whole document, $inc, $set and $unset.
func parseChange(v bson.RawValue) (*change, error) {
	doc, ok := v.DocumentOK()
	if !ok {
		return nil, refuse(codeFailedToParse, "an update is a document here")
	}
	all := elements(doc)
	if len(all) == 0 || !strings.HasPrefix(all[0].Key(), "$") {
		return &change{replacement: doc}, checkDocument(doc)
	}
	c := &change{}
	for _, e := range all {
		fields, isDocument := e.Value().DocumentOK()
		switch {
		case e.Key() != "$inc" && e.Key() != "$set" && e.Key() != "$unset":
			return nil, refuse(codeFailedToParse, "Unknown modifier: %s", e.Key())
		case !isDocument || len(elements(fields)) == 0:
			return nil, refuse(codeFailedToParse, "%s needs a document of fields", e.Key())
		}
		for _, f := range elements(fields) {
			step, err := parseStep(e.Key(), f)
			if err != nil {
				return nil, err
			}
			for _, other := range c.steps {
				if overlap(other.path, step.path) {
					return nil, refuse(codeConflictingUpdate, "Updating the path '%s' would create a conflict at '%s'", step.path, other.path)
				}
			}
			c.steps = append(c.steps, step)
		}
	}
	// MongoDB adds new fields in the order of their names.
	slices.SortStableFunc(c.steps, func(a, b changeStep) int { return slices.Compare(a.path, b.path) })
	return c, nil
}

func parseStep(operator string, f bson.RawElement) (changeStep, error) {
	p, err := parsePath(f.Key())
	if err != nil {
		return changeStep{}, err
	}
	if operator == "$inc" && brackets[f.Value().Type] != brackets[bson.TypeInt64] {
		return changeStep{}, refuse(codeTypeMismatch, "Cannot increment with non-numeric argument")
	}
	if operator == "$set" {
		if err := checkValue(f.Value(), 1); err != nil {
			return changeStep{}, err
		}
	}
	return changeStep{operator, p, f.Value()}, nil
}

// apply is the document after the change; the same bytes where nothing changes.
func (c *change) apply(doc bson.Raw) (bson.Raw, error) {
	id, _ := field(doc, "_id")
	if c.replacement != nil {
		if own, has := field(c.replacement, "_id"); has && !sameBytes(own, id) {
			return nil, immutable()
		}
		return withID(c.replacement, id), nil
	}
	after := doc
	for _, step := range c.steps {
		v, err := at(after, step.path)
		if err != nil {
			return nil, err
		}
		next := step.value
		switch step.operator {
		case "$unset":
			next = bson.RawValue{}
			if v.Type == 0 {
				continue
			}
		case "$inc":
			if next, err = add(v, step.value); err != nil {
				return nil, err
			}
		default:
		}
		if after, err = set(after, step.path, next); err != nil {
			return nil, err
		}
	}
	if now, has := field(after, "_id"); !has || !sameBytes(now, id) {
		return nil, immutable()
	}
	if len(after) > maxDocument {
		return nil, refuse(17419, "Resulting document after update is larger than %d", maxDocument)
	}
	return after, nil
}

// inserted is the document an upsert creates: of what the filter says to be
// equal, and of the change.
func (c *change) inserted(f filter) (bson.Raw, error) {
	base := document(bson.D{})
	var err error
	for _, p := range f {
		if p.operator != "$eq" || c.replacement != nil && !slices.Equal(p.path, path{"_id"}) {
			continue
		}
		if base, err = set(base, p.path, p.operands[0]); err != nil {
			return nil, err
		}
	}
	id, has := field(base, "_id")
	if !has {
		return nil, refuse(codeBadValue, "an upsert whose filter does not say the _id is not known to this server")
	}
	after, err := c.apply(withID(base, id))
	if err != nil {
		return nil, err
	}
	return after, checkDocument(after)
}

func immutable() error {
	return refuse(codeImmutableField, "Performing an update on the path '_id' would modify the immutable field '_id'")
}

func sameBytes(a, b bson.RawValue) bool { return a.Type == b.Type && bytes.Equal(a.Value, b.Value) }

// withID is the document with this _id as its first field.
func withID(doc bson.Raw, id bson.RawValue) bson.Raw {
	dst := bsoncore.AppendValueElement(nil, "_id", core(id))
	for _, e := range elements(doc) {
		if e.Key() != "_id" {
			dst = append(dst, e...)
		}
	}
	return bson.Raw(bsoncore.BuildDocument(nil, dst))
}

func core(v bson.RawValue) bsoncore.Value {
	return bsoncore.Value{Type: bsoncore.Type(v.Type), Data: v.Value}
}

// set puts a value at a path, or takes it away where its Type is zero.
func set(doc bson.Raw, p path, v bson.RawValue) (bson.Raw, error) {
	var dst []byte
	found := false
	for _, e := range elements(doc) {
		if e.Key() != p[0] {
			dst = append(dst, e...)
			continue
		}
		found = true
		switch {
		case len(p) == 1 && v.Type == 0:
		case len(p) == 1:
			dst = bsoncore.AppendValueElement(dst, p[0], core(v))
		case e.Value().Type != bson.TypeEmbeddedDocument:
			return nil, refuse(28, "Cannot create field '%s' in element %s", p[1], p[0])
		default:
			below, err := set(e.Value().Document(), p[1:], v)
			if err != nil {
				return nil, err
			}
			dst = bsoncore.AppendDocumentElement(dst, p[0], bsoncore.Document(below))
		}
	}
	switch {
	case found || v.Type == 0:
	case len(p) == 1:
		dst = bsoncore.AppendValueElement(dst, p[0], core(v))
	default:
		below, err := set(document(bson.D{}), p[1:], v)
		if err != nil {
			return nil, err
		}
		dst = bsoncore.AppendDocumentElement(dst, p[0], bsoncore.Document(below))
	}
	return bson.Raw(bsoncore.BuildDocument(nil, dst)), nil
}

// add adds as MongoDB does: an int that overflows becomes a long, a long that
// overflows is refused.
func add(v, by bson.RawValue) (bson.RawValue, error) {
	if v.Type == 0 {
		return by, nil
	}
	if brackets[v.Type] != brackets[bson.TypeInt64] {
		return v, refuse(codeTypeMismatch, "Cannot apply $inc to a value of non-numeric type")
	}
	if v.Type == bson.TypeDouble || by.Type == bson.TypeDouble {
		return valueOf(v.AsFloat64() + by.AsFloat64()), nil
	}
	a, b := v.AsInt64(), by.AsInt64()
	sum := a + b
	if a > 0 && b > 0 && sum < 0 || a < 0 && b < 0 && sum >= 0 {
		return v, refuse(codeBadValue, "Failed to apply $inc operations: the sum is too large")
	}
	if v.Type == bson.TypeInt32 && by.Type == bson.TypeInt32 && sum >= math.MinInt32 && sum <= math.MaxInt32 {
		return valueOf(int32(sum)), nil
	}
	return valueOf(sum), nil
}

// valueOf encodes a number.
func valueOf(n any) bson.RawValue {
	v, _ := field(document(bson.D{{Key: "v", Value: n}}), "v")
	return v
}

// deepest is how deep documents may be nested in each other.
const deepest = 100

// checkDocument refuses what may not be stored.
func checkDocument(doc bson.Raw) error {
	if len(doc) > maxDocument {
		return refuse(codeTooLarge, "object is too large: %d bytes, max size: %d", len(doc), maxDocument)
	}
	if id, has := field(doc, "_id"); has && (id.Type == bson.TypeArray || !stored(id.Type)) {
		return refuse(codeBadValue, "The '_id' value cannot be of type %s", id.Type)
	}
	return checkFields(doc, 0)
}

func checkFields(doc bson.Raw, depth int) error {
	if depth > deepest {
		return refuse(codeBadValue, "documents are nested deeper than %d", deepest)
	}
	seen := map[string]bool{}
	for _, e := range elements(doc) {
		name := e.Key()
		switch {
		case name == "" || strings.HasPrefix(name, "$") || strings.Contains(name, "."):
			return refuse(codeBadValue, "the field name %q is not known to this server", name)
		case seen[name]:
			return refuse(codeBadValue, "the field name %q stands twice", name)
		}
		seen[name] = true
		if err := checkValue(e.Value(), depth+1); err != nil {
			return err
		}
	}
	return nil
}

func checkValue(v bson.RawValue, depth int) error {
	switch {
	case !stored(v.Type):
		return refuse(codeBadValue, "a value of type %s is not known to this server", v.Type)
	case v.Type == bson.TypeEmbeddedDocument:
		return checkFields(v.Document(), depth)
	case v.Type == bson.TypeArray:
		if depth > deepest {
			return refuse(codeBadValue, "documents are nested deeper than %d", deepest)
		}
		for _, member := range members(v) {
			if err := checkValue(member, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}
