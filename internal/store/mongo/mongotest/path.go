package mongotest

import (
	"strconv"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// path is a dotted path: the names of embedded documents and at last of a field.
type path []string

func (p path) String() string { return strings.Join(p, ".") }

// parsePath refuses what would mean something else than a field of embedded
// documents.
func parsePath(dotted string) (path, error) {
	p := path(strings.Split(dotted, "."))
	for _, name := range p {
		if name == "" || strings.HasPrefix(name, "$") {
			return nil, refuse(codeBadValue, "the field path %q is not one this server knows", dotted)
		}
		if _, err := strconv.Atoi(name); err == nil {
			return nil, refuse(codeBadValue, "positions of an array as in %q are not known to this server", dotted)
		}
	}
	return p, nil
}

// at is the value at a path, whose Type is zero where there is none. An array on
// the way is refused: what MongoDB does then is not known to this server.
func at(doc bson.Raw, p path) (bson.RawValue, error) {
	for i, name := range p {
		v, found := field(doc, name)
		if !found {
			return bson.RawValue{}, nil
		}
		if i == len(p)-1 {
			return v, nil
		}
		switch v.Type {
		case bson.TypeEmbeddedDocument:
			doc = v.Document()
		case bson.TypeArray:
			return bson.RawValue{}, refuse(codeBadValue, "the path %q leads through an array, which this server does not know", p)
		default:
			return bson.RawValue{}, nil
		}
	}
	return bson.RawValue{}, nil
}

// field is one field of a document.
func field(doc bson.Raw, name string) (bson.RawValue, bool) {
	v, err := doc.LookupErr(name)
	return v, err == nil
}

// elements of a document or an array that was validated when it came in.
func elements(doc bson.Raw) []bson.RawElement {
	all, err := doc.Elements()
	if err != nil {
		return nil
	}
	return all
}

// members of an array.
func members(v bson.RawValue) []bson.RawValue {
	all := elements(bson.Raw(v.Value))
	values := make([]bson.RawValue, len(all))
	for i, e := range all {
		values[i] = e.Value()
	}
	return values
}
