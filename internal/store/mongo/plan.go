package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"accord/internal/store"
)

// Plan is how the cluster found a page, as its explain says.
type Plan struct {
	Indexes   []string // of the cluster, that were scanned; sorted, each once
	Shards    int      // that were asked; 1 without sharding
	Keys      int64    // of indexes, examined on all shards
	Documents int64    // examined on all shards
	Returned  int64
}

var (
	errPlanUnknown = errors.New("plan not understood")
	errPlanSorts   = errors.New("the cluster sorts what it finds before it can answer")
	errPlanScans   = errors.New("the cluster reads the whole collection")
)

// unknown says what of a plan is not understood: the shape, never a value.
func unknown(format string, arguments ...any) error {
	return fmt.Errorf("%w: %s", errPlanUnknown, fmt.Sprintf(format, arguments...))
}

// Plan runs a query as Find would, and returns how the cluster found the page.
// A plan that sorts, that reads a whole collection, that uses another index than
// the query's, or that is not understood is an error. A query that can find
// nothing has the zero plan.
func (s *Store) Plan(ctx context.Context, q store.Query) (Plan, error) {
	explained, err := s.Explain(ctx, q)
	if err != nil || explained == nil {
		return Plan{}, err
	}
	p, err := ReadPlan(explained)
	if err != nil {
		return Plan{}, fmt.Errorf("index %s: %w", q.Index, err)
	}
	if want := s.slots[q.Index].index(); !slices.Equal(p.Indexes, []string{want}) {
		return Plan{}, fmt.Errorf("index %s: the cluster scans %s, and should scan %s", q.Index, strings.Join(p.Indexes, " and "), want)
	}
	return p, nil
}

// ReadPlan reads what the explain command of a find answers with verbosity
// executionStats: of the classic engine, of the slot-based one, whose plan stands
// under queryPlan, and of a router, whose plan has one for each shard. What it
// does not know for certain it refuses.
func ReadPlan(explained bson.Raw) (Plan, error) {
	if err := explained.Validate(); err != nil {
		return Plan{}, unknown("it is malformed")
	}
	if version, _ := explained.Lookup("explainVersion").StringValueOK(); version != "1" && version != "2" {
		return Plan{}, unknown("it is of another version than 1 and 2")
	}
	winning, ok := explained.Lookup("queryPlanner", "winningPlan").DocumentOK()
	if !ok {
		return Plan{}, unknown("it names no winning plan")
	}
	r := planReader{indexes: map[string]bool{}}
	if err := r.winning(winning); err != nil {
		return Plan{}, err
	}
	statistics, ok := explained.Lookup("executionStats").DocumentOK()
	if !ok {
		return Plan{}, unknown("it does not say what was examined")
	}
	p := Plan{Shards: max(1, r.shards)}
	for name := range r.indexes {
		p.Indexes = append(p.Indexes, name)
	}
	slices.Sort(p.Indexes)
	err := p.count(statistics)
	return p, err
}

// count reads what was examined. A router sums up what its shards say; should it
// say less than they do, they are believed.
func (p *Plan) count(statistics bson.Raw) error {
	if done, ok := statistics.Lookup("executionSuccess").BooleanOK(); ok && !done {
		return unknown("the query failed")
	}
	stages, ok := statistics.Lookup("executionStages").DocumentOK()
	if !ok {
		return unknown("it does not say which stages were run")
	}
	if err := refuseSorts(stages, 0); err != nil {
		return err
	}
	for name, into := range map[string]*int64{
		"totalKeysExamined": &p.Keys, "totalDocsExamined": &p.Documents, "nReturned": &p.Returned,
	} {
		whole, ok := amount(statistics.Lookup(name))
		if !ok {
			return unknown("%s is missing", name)
		}
		*into = whole
	}
	shards, sharded := stages.Lookup("shards").ArrayOK()
	if !sharded {
		if p.Shards > 1 {
			return unknown("it does not say what each shard examined")
		}
		return nil
	}
	values, err := shards.Values()
	if err != nil || len(values) != p.Shards {
		return unknown("it plans for other shards than it asked")
	}
	var keys int64
	for _, value := range values {
		shard, ok := value.DocumentOK()
		if !ok {
			return unknown("a shard is no document")
		}
		n, ok := amount(shard.Lookup("totalKeysExamined"))
		if !ok {
			return unknown("a shard does not say what it examined")
		}
		keys += n
	}
	p.Keys = max(p.Keys, keys)
	return nil
}

// amount is a count, in any of the types in which a cluster gives one.
func amount(v bson.RawValue) (int64, bool) {
	n, ok := v.AsInt64OK()
	return n, ok && n >= 0
}

// deepestPlan is deeper than any plan of a find on one collection.
const deepestPlan = 32

// planReader gathers what the stages of a plan say.
type planReader struct {
	indexes map[string]bool
	shards  int
}

// winning reads the plan of a router, of a shard or of a server.
func (r *planReader) winning(plan bson.Raw) error {
	shards, sharded := plan.Lookup("shards").ArrayOK()
	if !sharded {
		if inner, ok := plan.Lookup("queryPlan").DocumentOK(); ok {
			plan = inner
		}
		return r.stage(plan, 0)
	}
	switch name, _ := plan.Lookup("stage").StringValueOK(); name {
	case "SINGLE_SHARD", "SHARD_MERGE", "SHARD_MERGE_SORT":
	default:
		return unknown("shards are merged by the stage %q", name)
	}
	values, err := shards.Values()
	if err != nil || len(values) == 0 || r.shards > 0 {
		return unknown("its shards are not told apart")
	}
	for _, value := range values {
		shard, _ := value.DocumentOK()
		plan, ok := shard.Lookup("winningPlan").DocumentOK()
		if !ok {
			return unknown("a shard names no winning plan")
		}
		r.shards++
		if _, again := plan.Lookup("shards").ArrayOK(); again {
			return unknown("a shard has shards")
		}
		if err := r.winning(plan); err != nil {
			return err
		}
	}
	return nil
}

func (r *planReader) stage(stage bson.Raw, depth int) error {
	if depth > deepestPlan {
		return unknown("it is too deep")
	}
	name, _ := stage.Lookup("stage").StringValueOK()
	below, err := stagesBelow(stage)
	if err != nil {
		return err
	}
	switch name {
	case "IXSCAN":
		index, ok := stage.Lookup("indexName").StringValueOK()
		if !ok || len(below) > 0 {
			return unknown("an index scan names no index, or stands above other stages")
		}
		r.indexes[index] = true
		return nil
	case "LIMIT", "FETCH", "PROJECTION_SIMPLE", "PROJECTION_DEFAULT", "PROJECTION_COVERED", "SHARDING_FILTER":
		if len(below) != 1 {
			return unknown("the stage %s stands above %d stages", name, len(below))
		}
	case "SORT_MERGE": // merges what is sorted already
		if len(below) == 0 {
			return unknown("a merge has nothing to merge")
		}
	case "SORT":
		return errPlanSorts
	case "COLLSCAN":
		return errPlanScans
	default:
		return unknown("the stage %q", name)
	}
	for _, one := range below {
		if err := r.stage(one, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// stagesBelow are those that feed a stage.
func stagesBelow(stage bson.Raw) ([]bson.Raw, error) {
	elements, err := stage.Elements()
	if err != nil {
		return nil, unknown("it is malformed")
	}
	var below []bson.Raw
	for _, e := range elements {
		switch name := e.Key(); {
		case name == "inputStage":
			one, ok := e.Value().DocumentOK()
			if !ok {
				return nil, unknown("a stage is no document")
			}
			below = append(below, one)
		case name == "inputStages":
			many, ok := e.Value().ArrayOK()
			if !ok {
				return nil, unknown("stages are no array")
			}
			values, err := many.Values()
			if err != nil {
				return nil, unknown("it is malformed")
			}
			for _, value := range values {
				one, ok := value.DocumentOK()
				if !ok {
					return nil, unknown("a stage is no document")
				}
				below = append(below, one)
			}
		case strings.HasSuffix(name, "Stage") || strings.HasSuffix(name, "Stages"):
			return nil, unknown("stages stand under %q", name)
		}
	}
	return below, nil
}

// refuseSorts looks for a sort anywhere among the stages that were run, in the
// words of either engine.
func refuseSorts(stages bson.Raw, depth int) error {
	if depth > 2*deepestPlan {
		return unknown("it is too deep")
	}
	elements, err := stages.Elements()
	if err != nil {
		return unknown("it is malformed")
	}
	for _, e := range elements {
		value := e.Value()
		if name, ok := value.StringValueOK(); ok && e.Key() == "stage" && strings.EqualFold(name, "sort") {
			return errPlanSorts
		}
		if inner, ok := value.DocumentOK(); ok {
			err = refuseSorts(inner, depth+1)
		} else if array, ok := value.ArrayOK(); ok {
			err = refuseSorts(bson.Raw(array), depth+1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
