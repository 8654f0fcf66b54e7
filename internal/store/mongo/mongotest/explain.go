package mongotest

import (
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// explain tells how a find would be run, as MongoDB 8.0 words it, and with
// executionStats what it looked at.
func (s *Server) explain(rq *request) (bson.D, error) {
	inner, err := rq.document("explain")
	if err != nil {
		return nil, err
	}
	v, _ := rq.value("verbosity")
	verbosity, _ := v.StringValueOK()
	if verbosity != "queryPlanner" && verbosity != "executionStats" {
		return nil, refuse(codeBadValue, "explain knows the verbosities queryPlanner and executionStats")
	}
	all := elements(inner)
	if len(all) == 0 || all[0].Key() != "find" || all[0].Value().Type != bson.TypeString {
		return nil, refuse(codeCommandNotFound, "explain of anything but a find is not known to this server")
	}
	if err = allow(inner, "find", append([]string{"find", "$db"}, findFields...)...); err != nil {
		return nil, err
	}
	asked := *rq
	asked.body, asked.collection, asked.name = inner, all[0].Value().StringValue(), "find"
	if err = s.may(&asked, "find", asked.collection); err != nil {
		return nil, err
	}
	q, err := parseQuery(&asked)
	if err != nil {
		return nil, err
	}
	namespace := rq.database + "." + asked.collection
	stage := bson.D{{Key: "stage", Value: "EOF"}}
	cu := &cursor{namespace: namespace, projection: q.projection, left: -1}
	if q.limit > 0 {
		cu.left = q.limit
	}
	if c := s.collection(rq.database, asked.collection); c != nil {
		p, refused := s.choose(c, q.filter, q.sorted, q.hint)
		if refused != nil {
			return nil, refused
		}
		cu.scan, stage = p.scan(), p.stages(q)
	}
	reply := bson.D{
		{Key: "explainVersion", Value: "1"},
		{Key: "queryPlanner", Value: bson.D{
			{Key: "namespace", Value: namespace},
			{Key: "indexFilterSet", Value: false},
			{Key: "winningPlan", Value: append(bson.D{{Key: "isCached", Value: false}}, stage...)},
			{Key: "rejectedPlans", Value: bson.A{}},
		}},
	}
	if verbosity == "executionStats" {
		returned := 0
		for ended := false; !ended; {
			var batch []bson.Raw
			if batch, ended, err = s.fill(rq, cu, firstBatch); err != nil {
				return nil, err
			}
			returned += len(batch)
		}
		var keys, docs int
		if cu.scan != nil {
			keys, docs = cu.scan.keys, cu.scan.docs
		}
		rq.record.KeysExamined, rq.record.DocsExamined = keys, docs
		reply = append(reply, bson.E{Key: "executionStats", Value: bson.D{
			{Key: "executionSuccess", Value: true},
			{Key: "nReturned", Value: int32(returned)},
			{Key: "executionTimeMillis", Value: int32(0)},
			{Key: "totalKeysExamined", Value: int32(keys)},
			{Key: "totalDocsExamined", Value: int32(docs)},
			{Key: "executionStages", Value: stage},
		}})
	}
	return append(reply, bson.E{Key: "command", Value: inner}), nil
}

// stages are the plan from the top: limit, projection, fetch, and below it one
// scan of the index or several that are merged.
func (p *plan) stages(q query) bson.D {
	var lanes bson.A
	for _, prefixes := range p.scans {
		lanes = append(lanes, p.indexScan(prefixes))
	}
	var source bson.D
	switch {
	case len(lanes) == 0:
		return bson.D{{Key: "stage", Value: "EOF"}}
	case p.merges:
		pattern := bson.D{}
		for _, one := range q.sorted {
			pattern = append(pattern, bson.E{Key: one.path.String(), Value: direction(one.backwards)})
		}
		source = bson.D{{Key: "stage", Value: "SORT_MERGE"}, {Key: "sortPattern", Value: pattern}, {Key: "inputStages", Value: lanes}}
	default:
		source = p.indexScan(p.scans[0])
	}
	top := bson.D{{Key: "stage", Value: "FETCH"}, {Key: "inputStage", Value: source}}
	if q.projection != nil {
		name := "PROJECTION_SIMPLE"
		for _, one := range q.projection.paths {
			if len(one) > 1 {
				name = "PROJECTION_DEFAULT"
			}
		}
		top = bson.D{{Key: "stage", Value: name}, {Key: "inputStage", Value: top}}
	}
	if q.limit > 0 {
		top = bson.D{{Key: "stage", Value: "LIMIT"}, {Key: "limitAmount", Value: q.limit}, {Key: "inputStage", Value: top}}
	}
	return top
}

func direction(backwards bool) int32 {
	if backwards {
		return -1
	}
	return 1
}

func (p *plan) indexScan(prefixes [][]bson.RawValue) bson.D {
	x := p.index
	paths, bounds, multikey := bson.D{}, bson.D{}, false
	for i, f := range x.fields {
		arrays := bson.A{}
		if f.multikey {
			arrays, multikey = append(arrays, f.path.String()), true
		}
		paths = append(paths, bson.E{Key: f.path.String(), Value: arrays})
		bounds = append(bounds, bson.E{Key: f.path.String(), Value: p.boundsOf(i, prefixes)})
	}
	word := "forward"
	if p.backwards {
		word = "backward"
	}
	return bson.D{
		{Key: "stage", Value: "IXSCAN"},
		{Key: "keyPattern", Value: x.pattern},
		{Key: "indexName", Value: x.name},
		{Key: "isMultiKey", Value: multikey},
		{Key: "multiKeyPaths", Value: paths},
		{Key: "isUnique", Value: x.unique},
		{Key: "isSparse", Value: false},
		{Key: "isPartial", Value: x.partial != nil},
		{Key: "indexVersion", Value: int32(2)},
		{Key: "direction", Value: word},
		{Key: "indexBounds", Value: bounds},
	}
}

// boundsOf words the bounds of one field of the index.
func (p *plan) boundsOf(at int, prefixes [][]bson.RawValue) bson.A {
	words := bson.A{}
	switch {
	case at < len(p.points):
		var last bson.RawValue
		for _, prefix := range prefixes {
			if v := prefix[at]; last.Type == 0 || !sameValue(v, last) {
				words = append(words, fmt.Sprintf("[%s, %s]", v, v))
				last = v
			}
		}
	case at == len(p.points) && len(p.bounds) > 0:
		words = append(words, p.bounds.interval())
	default:
		words = append(words, "[MinKey, MaxKey]")
	}
	return words
}

// interval words comparisons as an interval; an end that none of them says is
// that of the bracket.
func (f filter) interval() string {
	low, high := "[MinKey", "MaxKey]"
	switch brackets[f[0].operands[0].Type] {
	case brackets[bson.TypeString]:
		low, high = `[""`, "{})"
	case brackets[bson.TypeInt64]:
		low, high = "[-inf.0", "inf.0]"
	}
	for _, p := range f {
		switch v := p.operands[0].String(); p.operator {
		case "$gt":
			low = "(" + v
		case "$gte":
			low = "[" + v
		case "$lt":
			high = v + ")"
		default: // $lte
			high = v + "]"
		}
	}
	return low + ", " + high
}
