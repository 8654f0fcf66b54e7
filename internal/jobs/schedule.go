package jobs

import (
	"context"
	"time"

	"accord/internal/records"
)

// Schedule keeps where every job stands, for all runners together. It is safe for
// concurrent use, and what it has written outlives the program.
type Schedule interface {
	// Jobs returns every job that was planned, the next due first, those that this
	// program does not know among them. A job that cannot be read is not there.
	Jobs(ctx context.Context) ([]records.PlannedJob, error)
	// Plan plans a job that Jobs does not return, due at the time given, or says why it
	// cannot be read. It may pass a job over while there is nothing it could be for, and
	// never touches one that is there.
	Plan(ctx context.Context, name string, at time.Time) error
	// Keep writes where a job stands and returns it as it is now, with true. False:
	// somebody else has written it since it was read, and nothing is written. Of two
	// runners that keep what both have read, exactly one gets true. After an error it may
	// have been written.
	Keep(ctx context.Context, job records.PlannedJob) (records.PlannedJob, bool, error)
}
