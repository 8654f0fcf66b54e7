package mongotest

import (
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// projection says which fields of a document are answered.
type projection struct {
	paths     []path
	including bool
	id        bool // _id is answered
}

// parseProjection knows inclusion and exclusion by name; nil is everything.
func parseProjection(doc bson.Raw) (*projection, error) {
	if len(elements(doc)) == 0 {
		return nil, nil
	}
	p := &projection{id: true}
	for _, e := range elements(doc) {
		at, err := parsePath(e.Key())
		if err != nil {
			return nil, err
		}
		v := e.Value()
		included, isFlag := v.BooleanOK()
		if !isFlag {
			n, isNumber := v.AsInt64OK()
			if !isNumber || n != 0 && n != 1 {
				return nil, refuse(codeBadValue, "a projection of %s is not known to this server", e.Key())
			}
			included = n == 1
		}
		if len(at) == 1 && at[0] == "_id" {
			p.id = included
			continue
		}
		if len(p.paths) > 0 && included != p.including {
			return nil, refuse(31254, "Cannot do exclusion and inclusion in one projection")
		}
		p.including = included
		for _, other := range p.paths {
			if overlap(at, other) {
				return nil, refuse(31250, "Path collision at %s", at)
			}
		}
		p.paths = append(p.paths, at)
	}
	if len(p.paths) == 0 {
		p.including = p.id // {_id: 1} answers _id alone
	}
	return p, nil
}

// overlap says whether one path leads through the other.
func overlap(a, b path) bool {
	n := min(len(a), len(b))
	return slices.Equal(a[:n], b[:n])
}

// apply is the document as the projection shows it.
func (p *projection) apply(doc bson.Raw) (bson.Raw, error) {
	if p == nil {
		return doc, nil
	}
	return p.level(doc, nil)
}

func (p *projection) level(doc bson.Raw, above path) (bson.Raw, error) {
	start, dst := bsoncore.AppendDocumentStart(nil)
	for _, e := range elements(doc) {
		at := append(slices.Clone(above), e.Key())
		v := e.Value()
		named, through := p.names(at)
		switch {
		case above == nil && e.Key() == "_id":
			if !p.id {
				continue
			}
		case through && v.Type == bson.TypeEmbeddedDocument:
			below, err := p.level(v.Document(), at)
			if err != nil {
				return nil, err
			}
			dst = bsoncore.AppendDocumentElement(dst, e.Key(), bsoncore.Document(below))
			continue
		case through && v.Type == bson.TypeArray:
			return nil, refuse(codeBadValue, "a projection through the array %s is not known to this server", at)
		case through && p.including, named != p.including && !through:
			continue
		}
		dst = bsoncore.AppendValueElement(dst, e.Key(), bsoncore.Value{Type: bsoncore.Type(v.Type), Data: v.Value})
	}
	dst, err := bsoncore.AppendDocumentEnd(dst, start)
	if err != nil {
		return nil, refuse(codeInternal, "projection: %v", err)
	}
	return bson.Raw(dst), nil
}

// names says whether a path is named, and whether one that is named leads
// through it.
func (p *projection) names(at path) (named, through bool) {
	for _, one := range p.paths {
		switch {
		case slices.Equal(one, at):
			named = true
		case len(one) > len(at) && overlap(one, at):
			through = true
		}
	}
	return named, through
}
