package mongo

import (
	"errors"
	"slices"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// planStage is a stage of a plan, above others.
func planStage(name string, below ...bson.D) bson.D {
	d := bson.D{{Key: "stage", Value: name}}
	switch {
	case name == "IXSCAN":
		d = append(d, bson.E{Key: "indexName", Value: "visible_1"}, bson.E{Key: "direction", Value: "forward"})
	case name == "SORT_MERGE" || len(below) > 1:
		return append(d, bson.E{Key: "inputStages", Value: below})
	}
	if len(below) == 1 {
		d = append(d, bson.E{Key: "inputStage", Value: below[0]})
	}
	return d
}

// planOfPage is the plan of a page by two tokens.
func planOfPage() bson.D {
	return planStage("LIMIT", planStage("PROJECTION_SIMPLE", planStage("FETCH", planStage("SORT_MERGE", planStage("IXSCAN"), planStage("IXSCAN")))))
}

// explainedAs is what a cluster says of a plan and of what it examined.
func explainedAs(version string, winning, ran bson.D, keys any) bson.D {
	return bson.D{
		{Key: "explainVersion", Value: version},
		{Key: "queryPlanner", Value: bson.D{{Key: "namespace", Value: "accord.document"}, {Key: "winningPlan", Value: winning}, {Key: "rejectedPlans", Value: bson.A{}}}},
		{Key: "executionStats", Value: bson.D{
			{Key: "executionSuccess", Value: true},
			{Key: "nReturned", Value: int32(11)},
			{Key: "executionTimeMillis", Value: int32(1)},
			{Key: "totalKeysExamined", Value: keys},
			{Key: "totalDocsExamined", Value: int32(11)},
			{Key: "executionStages", Value: ran},
		}},
		{Key: "ok", Value: 1.0},
	}
}

// explainedClassic is the answer of the classic engine, explainedInSlots that of the slot-based
// one, explainedByRouter that of a router before two shards, of which one runs each.
func explainedClassic(plan bson.D) bson.D { return explainedAs("1", plan, plan, int32(13)) }

func explainedInSlots(plan bson.D) bson.D {
	return explainedAs("2", bson.D{
		{Key: "isCached", Value: false},
		{Key: "queryPlan", Value: plan},
		{Key: "slotBasedPlan", Value: bson.D{{Key: "slots", Value: "$$RESULT=s1"}, {Key: "stages", Value: "[1] limit 11 [1] nlj [1] ixseek"}}},
	}, bson.D{
		{Key: "stage", Value: "limit"}, {Key: "planNodeId", Value: int32(4)}, {Key: "inputStage", Value: bson.D{
			{Key: "stage", Value: "nlj"},
			{Key: "outerStage", Value: bson.D{{Key: "stage", Value: "sorted_merge"}}},
			{Key: "innerStage", Value: bson.D{{Key: "stage", Value: "seek"}}},
		}},
	}, int64(13))
}

func explainedByRouter(plan bson.D, total any) bson.D {
	one := func(name string, plan bson.D) bson.D {
		return bson.D{{Key: "shardName", Value: name}, {Key: "winningPlan", Value: plan}, {Key: "rejectedPlans", Value: bson.A{}}}
	}
	ran := func(name string, keys int32) bson.D {
		return bson.D{
			{Key: "shardName", Value: name},
			{Key: "executionSuccess", Value: true},
			{Key: "nReturned", Value: int32(6)},
			{Key: "totalKeysExamined", Value: keys},
			{Key: "totalDocsExamined", Value: int32(6)},
			{Key: "executionStages", Value: plan},
		}
	}
	inner := bson.D{{Key: "isCached", Value: false}, {Key: "queryPlan", Value: plan}}
	return explainedAs("1", bson.D{
		{Key: "stage", Value: "SHARD_MERGE_SORT"}, {Key: "shards", Value: bson.A{one("a", plan), one("b", inner)}},
	}, bson.D{
		{Key: "stage", Value: "SHARD_MERGE_SORT"}, {Key: "shards", Value: bson.A{ran("a", 6), ran("b", 9)}},
	}, total)
}

func encodedPlan(tb testing.TB, d bson.D) bson.Raw {
	tb.Helper()
	raw, err := bson.Marshal(d)
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}

func TestPlansOfEveryShapeAreRead(t *testing.T) {
	filtered := planStage("LIMIT", planStage("PROJECTION_SIMPLE", planStage("FETCH", planStage("SHARDING_FILTER", planStage("SORT_MERGE", planStage("IXSCAN"), planStage("IXSCAN"))))))
	for name, c := range map[string]struct {
		explained bson.D
		want      Plan
	}{
		"the classic engine":       {explainedClassic(planOfPage()), Plan{[]string{"visible_1"}, 1, 13, 11, 11}},
		"the slot-based engine":    {explainedInSlots(planOfPage()), Plan{[]string{"visible_1"}, 1, 13, 11, 11}},
		"a router":                 {explainedByRouter(filtered, int32(15)), Plan{[]string{"visible_1"}, 2, 15, 11, 11}},
		"a router that says less":  {explainedByRouter(filtered, int32(6)), Plan{[]string{"visible_1"}, 2, 15, 11, 11}},
		"one range and no merge":   {explainedClassic(planStage("LIMIT", planStage("FETCH", planStage("IXSCAN")))), Plan{[]string{"visible_1"}, 1, 13, 11, 11}},
		"covered by the index":     {explainedClassic(planStage("LIMIT", planStage("PROJECTION_COVERED", planStage("IXSCAN")))), Plan{[]string{"visible_1"}, 1, 13, 11, 11}},
		"counts in another number": {explainedAs("1", planOfPage(), planOfPage(), 13.0), Plan{[]string{"visible_1"}, 1, 13, 11, 11}},
	} {
		got, err := ReadPlan(encodedPlan(t, c.explained))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !slices.Equal(got.Indexes, c.want.Indexes) || got.Shards != c.want.Shards || got.Keys != c.want.Keys ||
			got.Documents != c.want.Documents || got.Returned != c.want.Returned {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}

func TestAPlanThatSortsScansOrIsNotUnderstoodIsRefused(t *testing.T) {
	without := func(d bson.D, key string) bson.D {
		return slices.DeleteFunc(slices.Clone(d), func(e bson.E) bool { return e.Key == key })
	}
	deep := planStage("IXSCAN")
	for range deepestPlan + 1 {
		deep = planStage("FETCH", deep)
	}
	otherIndex := bson.D{{Key: "stage", Value: "IXSCAN"}}
	for name, c := range map[string]struct {
		explained bson.D
		want      error
	}{
		"sorts":                               {explainedClassic(planStage("LIMIT", planStage("SORT", planStage("FETCH", planStage("IXSCAN"))))), errPlanSorts},
		"sorts in slots":                      {explainedInSlots(planStage("SORT", planStage("FETCH", planStage("IXSCAN")))), errPlanSorts},
		"sorts on a shard":                    {explainedByRouter(planStage("SORT", planStage("FETCH", planStage("IXSCAN"))), int32(15)), errPlanSorts},
		"sorts though it planned otherwise":   {explainedAs("2", planOfPage(), planStage("sort", planStage("ixseek")), int32(13)), errPlanSorts},
		"scans":                               {explainedClassic(planStage("LIMIT", planStage("COLLSCAN"))), errPlanScans},
		"merges what it does not know":        {explainedClassic(planStage("SORT_MERGE", planStage("IXSCAN"), planStage("TEXT_MATCH"))), errPlanUnknown},
		"an unordered union":                  {explainedClassic(planStage("OR", planStage("IXSCAN"), planStage("IXSCAN"))), errPlanUnknown},
		"nothing to read":                     {explainedClassic(planStage("EOF")), errPlanUnknown},
		"nothing to merge":                    {explainedClassic(planStage("SORT_MERGE")), errPlanUnknown},
		"a limit of nothing":                  {explainedClassic(planStage("LIMIT")), errPlanUnknown},
		"an index without a name":             {explainedClassic(otherIndex), errPlanUnknown},
		"stages elsewhere":                    {explainedClassic(append(planStage("FETCH", planStage("IXSCAN")), bson.E{Key: "elseStage", Value: planStage("COLLSCAN")})), errPlanUnknown},
		"a stage that is a number":            {explainedClassic(bson.D{{Key: "stage", Value: "LIMIT"}, {Key: "inputStage", Value: int32(1)}}), errPlanUnknown},
		"too deep":                            {explainedClassic(deep), errPlanUnknown},
		"no version":                          {without(explainedClassic(planOfPage()), "explainVersion"), errPlanUnknown},
		"a later version":                     {explainedAs("3", planOfPage(), planOfPage(), int32(13)), errPlanUnknown},
		"no planner":                          {without(explainedClassic(planOfPage()), "queryPlanner"), errPlanUnknown},
		"nothing run":                         {without(explainedClassic(planOfPage()), "executionStats"), errPlanUnknown},
		"keys that are no number":             {explainedAs("1", planOfPage(), planOfPage(), "13"), errPlanUnknown},
		"a negative number of keys":           {explainedAs("1", planOfPage(), planOfPage(), int32(-1)), errPlanUnknown},
		"a failure":                           {explainedFailed(), errPlanUnknown},
		"shards merged in another way":        {explainedAs("1", bson.D{{Key: "stage", Value: "SHARD_SORT"}, {Key: "shards", Value: bson.A{planOfPage()}}}, planOfPage(), int32(1)), errPlanUnknown},
		"no shards":                           {explainedAs("1", bson.D{{Key: "stage", Value: "SHARD_MERGE"}, {Key: "shards", Value: bson.A{}}}, planOfPage(), int32(1)), errPlanUnknown},
		"shards that do not say what they do": {explainedAs("1", planOfShards(), planOfPage(), int32(1)), errPlanUnknown},
	} {
		if _, err := ReadPlan(encodedPlan(t, c.explained)); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
	if _, err := ReadPlan(bson.Raw("no BSON")); !errors.Is(err, errPlanUnknown) {
		t.Errorf("malformed: got %v", err)
	}
}

func explainedFailed() bson.D {
	d := explainedClassic(planOfPage())
	statistics, ok := d[2].Value.(bson.D)
	if !ok {
		panic("explained has another form")
	}
	statistics[0].Value = false
	return d
}

func planOfShards() bson.D {
	shard := bson.D{{Key: "shardName", Value: "a"}, {Key: "winningPlan", Value: planOfPage()}}
	return bson.D{{Key: "stage", Value: "SHARD_MERGE_SORT"}, {Key: "shards", Value: bson.A{shard, shard}}}
}

// Whatever a cluster says, it is read or refused.
func FuzzReadPlan(f *testing.F) {
	for _, d := range []bson.D{explainedClassic(planOfPage()), explainedInSlots(planOfPage()), explainedByRouter(planOfPage(), int32(15)), explainedClassic(planStage("SORT", planStage("COLLSCAN")))} {
		f.Add([]byte(encodedPlan(f, d)))
	}
	f.Fuzz(func(t *testing.T, explained []byte) {
		p, err := ReadPlan(explained)
		if err == nil && (p.Keys < 0 || p.Shards < 1 || len(p.Indexes) == 0) {
			t.Errorf("%+v was read", p)
		}
	})
}
