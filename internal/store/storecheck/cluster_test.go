package storecheck_test

import (
	"os"
	"testing"
	"time"

	"accord/internal/records"
	"accord/internal/store"
	"accord/internal/store/storecheck"
	"accord/internal/views"
)

// A cluster can be given to the tests: its address, and whether its primary may
// be made to step down and a larger world be written.
const (
	givenCluster  = "ACCORD_TEST_MONGODB_URI"
	givenStepDown = "ACCORD_TEST_MONGODB_STEP_DOWN"
	givenGrowth   = "ACCORD_TEST_MONGODB_GROWTH"
)

// A cluster that is given is held to everything that `accord store check` holds
// one to. Without one there is nothing to do here: what the adapter does is
// tested on a server of its own.
func TestTheClusterGivenPassesTheCheck(t *testing.T) {
	uri := os.Getenv(givenCluster)
	if uri == "" {
		return
	}
	report, err := storecheck.Run(t.Context(), storecheck.Options{
		URI: uri, Clock: time.Now, ClockSkew: time.Minute, //nolint:forbidigo // the cluster given is a real one, whose time goes on
		Kinds: records.Kinds(), Indexes: records.Indexes(), Counted: store.Kind(views.CaseKind),
		StepDown: os.Getenv(givenStepDown) != "", Growth: os.Getenv(givenGrowth) != "",
		Told: func(line storecheck.Line) {
			switch line.Result {
			case storecheck.OK, storecheck.NotAsked:
				t.Log(line)
			case storecheck.Failed, storecheck.NotRun:
				t.Error(line)
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Log(report.Sum())
}
