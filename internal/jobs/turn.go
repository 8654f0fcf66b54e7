package jobs

import (
	"context"
	"fmt"
	"sync"
	"time"

	"accord/domain/fault"
	"accord/internal/records"
)

// runnable is a job as one runner has it.
type runnable struct {
	Job

	turn  sync.Mutex // held by whoever looks at it or takes its turn in this runner; guards what follows
	owed  bool       // it has not had its turn at the start
	stuck bool       // where it stands could not be written when it was last tried
	seen  lookedAt
}

// lookedAt is a lease as this runner met it first.
type lookedAt struct {
	version int64
	since   time.Time
}

// isDue reports whether the job is due, now, for this runner.
func (j *runnable) isDue(planned records.PlannedJob, now time.Time) bool {
	if planned.Holder != "" && !j.hasLapsed(planned, now) {
		return false
	}
	// No turn is planned so far ahead: the clock was put back since.
	isLost := planned.NextAt.After(now.Add(j.farthest()))
	return j.owed || isLost || !planned.NextAt.After(now)
}

// hasLapsed reports whether the holder of the job can no longer be at it: by what the
// lease says, or because this runner has seen it unchanged for as long as a lease
// lasts. The second holds where the clock was put back under a holder that is gone.
func (j *runnable) hasLapsed(planned records.PlannedJob, now time.Time) bool {
	if !now.Before(planned.LeasedUntil) {
		return true
	}
	if j.seen.version != planned.Version() || now.Before(j.seen.since) {
		j.seen = lookedAt{planned.Version(), now}
	}
	return now.Sub(j.seen.since) >= j.lease()
}

// run takes the turn, for no longer than it may take. A panic is an error of its own.
func (j *runnable) run(ctx context.Context, now time.Time) (err error) {
	ctx, end := context.WithTimeout(ctx, j.atMost())
	defer end()
	defer func() {
		if thrown := recover(); thrown != nil {
			err = fault.Panic(thrown)
		}
	}()
	if err := j.Run(ctx, now); err != nil {
		return fmt.Errorf("the job %s: %w", j.Name, err)
	}
	return nil
}

// taken is the job with the lease of whoever takes its turn.
func (j *runnable) taken(planned records.PlannedJob, holder string, now time.Time) records.PlannedJob {
	planned.Holder, planned.LeasedUntil = holder, now.Add(j.lease())
	return planned
}

// released is the job with nobody at it, due as it was before.
func released(planned records.PlannedJob) records.PlannedJob {
	planned.Holder, planned.LeasedUntil = "", time.Time{}
	return planned
}

// done is the job after a turn that began and ended at these times. A turn that came
// due meanwhile is not passed over.
func (j *runnable) done(planned records.PlannedJob, began, ended time.Time) records.PlannedJob {
	planned = released(planned)
	planned.NextAt, planned.LastDone, planned.Failures = j.after(began), ended, 0
	return planned
}

// failed is the job after a turn that failed.
func (j *runnable) failed(planned records.PlannedJob, ended time.Time) records.PlannedJob {
	planned = released(planned)
	planned.Failures++
	planned.NextAt = ended.Add(wait(planned.Failures))
	return planned
}
