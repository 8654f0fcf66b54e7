package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"accord/domain/fault"
	"accord/internal/records"
)

// Config is what a runner is made of. Every part is needed.
type Config struct {
	Schedule Schedule
	Clock    func() time.Time
	Holder   func() string // makes an id for this runner alone, when it takes its first turn
	Logger   *slog.Logger
	Jobs     []Job
}

// Runner takes the turns of its jobs, each when it is due and no other runner has it.
type Runner struct {
	schedule Schedule
	clock    func() time.Time
	holder   func() string
	logger   *slog.Logger
	jobs     []*runnable

	mutex sync.Mutex // guards what follows
	known map[string]records.PlannedJob
	blind bool // the schedule could not be read when it was last tried
}

// New makes a runner. It refuses jobs that cannot be told apart or cannot be run.
func New(config Config) (*Runner, error) {
	if err := check(config.Jobs); err != nil {
		return nil, err
	}
	runner := &Runner{
		schedule: config.Schedule, clock: config.Clock, holder: sync.OnceValue(config.Holder), logger: config.Logger,
		known: map[string]records.PlannedJob{},
	}
	for _, job := range config.Jobs {
		runner.jobs = append(runner.jobs, &runnable{Job: job, owed: job.AtStart})
	}
	return runner, nil
}

// Plan plans the jobs that are not planned yet, and runs none.
func (r *Runner) Plan(ctx context.Context) error {
	_, err := r.look(ctx)
	return err
}

// Turn does everything that is due when it is called, one job after another, the
// longest due first, and waits for turns of this runner that are under way. Its error
// says what could not be done; everything else was.
func (r *Runner) Turn(ctx context.Context) error {
	own, err := r.look(ctx)
	faults := []error{err}
	for _, one := range own {
		one.job.turn.Lock()
		if one.job.isDue(one.at, r.clock()) {
			faults = append(faults, r.take(ctx, one))
		}
		one.job.turn.Unlock()
	}
	return errors.Join(faults...)
}

// Run does what is due at once and at every tick, until the context ends: each job
// for itself, so that a long turn keeps no other job waiting. It returns when the
// turns that are under way have ended, and gives back what they left.
func (r *Runner) Run(ctx context.Context, tick <-chan time.Time) {
	var underWay sync.WaitGroup
	defer underWay.Wait()
	for {
		own, _ := r.look(ctx) // what went wrong is logged, and tried again
		for _, one := range own {
			if !one.job.turn.TryLock() {
				continue // it has its turn now
			}
			if !one.job.isDue(one.at, r.clock()) {
				one.job.turn.Unlock()
				continue
			}
			underWay.Go(func() {
				defer one.job.turn.Unlock()
				_ = r.take(ctx, one) // as above
			})
		}
		select {
		case <-ctx.Done():
			return
		case <-tick:
		}
	}
}

// standing is a job of this runner and where it stands.
type standing struct {
	job *runnable
	at  records.PlannedJob
}

// look reads the schedule and returns the jobs of this runner in its order, those that
// could be read beside an error. It plans those that are not there.
func (r *Runner) look(ctx context.Context) ([]standing, error) {
	all, err := r.read(ctx)
	var own []standing
	known := map[string]records.PlannedJob{}
	for _, one := range all {
		for _, job := range r.jobs {
			if job.Name == one.Name {
				own = append(own, standing{job, one})
				known[one.Name] = one
			}
		}
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if err == nil {
		r.known = known
	}
	if err != nil && !r.blind && ctx.Err() == nil { // said once, until it goes again
		r.logger.LogAttrs(ctx, slog.LevelError, "the schedule of jobs cannot be read", slog.String("kind", fault.Kind(err)))
	}
	r.blind = err != nil
	return own, err
}

func (r *Runner) read(ctx context.Context) ([]records.PlannedJob, error) {
	all, err := r.schedule.Jobs(ctx)
	if err != nil {
		return nil, fmt.Errorf("looking for jobs that are due: %w", err)
	}
	there := map[string]bool{}
	for _, one := range all {
		there[one.Name] = true
	}
	planned := false
	var faults []error
	for _, job := range r.jobs {
		if there[job.Name] {
			continue
		}
		planned = true
		if unplanned := r.schedule.Plan(ctx, job.Name, onSchedule(r.clock())); unplanned != nil {
			faults = append(faults, fmt.Errorf("planning the job %s: %w", job.Name, unplanned))
		}
	}
	if planned {
		if all, err = r.schedule.Jobs(ctx); err != nil {
			faults = append(faults, fmt.Errorf("looking for jobs that were planned: %w", err))
		}
	}
	return all, errors.Join(faults...)
}

// take takes the turn of a job that is due, unless another runner was first. The
// caller holds the job's turn.
func (r *Runner) take(ctx context.Context, one standing) error {
	job, began := one.job, onSchedule(r.clock())
	at, taken, err := r.keep(ctx, job, job.taken(one.at, r.holder(), began))
	if err != nil || !taken {
		return err
	}
	job.owed = false
	failure := job.run(ctx, began)
	ended := onSchedule(r.clock())
	switch {
	case failure == nil:
		at = job.done(at, began, ended)
	case ctx.Err() != nil: // the runner ends, and the turn is for the next
		failure, at = nil, released(at)
	default:
		at = job.failed(at, ended)
		r.logger.LogAttrs(ctx, slog.LevelError, "a job failed", slog.String("job", job.Name),
			slog.Int("failures", at.Failures), slog.String("kind", fault.Kind(failure)))
	}
	// Written though the runner ends: nobody need wait for the lease.
	_, kept, err := r.keep(context.WithoutCancel(ctx), job, at)
	if err == nil && !kept {
		r.logger.LogAttrs(ctx, slog.LevelError, "a job took longer than its lease", slog.String("job", job.Name))
	}
	return errors.Join(failure, err)
}

// keep writes where the job stands. The caller holds the job's turn.
func (r *Runner) keep(ctx context.Context, job *runnable, at records.PlannedJob) (records.PlannedJob, bool, error) {
	at, kept, err := r.schedule.Keep(ctx, at)
	if err != nil && !job.stuck && ctx.Err() == nil { // said once, until it goes again
		r.logger.LogAttrs(ctx, slog.LevelError, "the turn of a job cannot be written",
			slog.String("job", job.Name), slog.String("kind", fault.Kind(err)))
	}
	job.stuck = err != nil
	if err != nil {
		return at, false, fmt.Errorf("the turn of the job %s: %w", job.Name, err)
	}
	if kept {
		r.mutex.Lock()
		defer r.mutex.Unlock()
		r.known[job.Name] = at
	}
	return at, kept, nil
}

// onSchedule is a time as the schedule keeps it: in UTC, to the millisecond.
func onSchedule(moment time.Time) time.Time { return moment.UTC().Truncate(time.Millisecond) }

// Overdue is for how long the job has been due that is due for longest and that nobody
// is at, as far as the schedule could be read; zero when there is none. It grows while
// nothing can be read or written.
func (r *Runner) Overdue() time.Duration {
	now := onSchedule(r.clock())
	r.mutex.Lock()
	defer r.mutex.Unlock()
	longest := time.Duration(0)
	for _, at := range r.known {
		if at.Holder == "" || !now.Before(at.LeasedUntil) {
			longest = max(longest, now.Sub(at.NextAt))
		}
	}
	return longest
}

// Failures are how many turns in a row have failed, by the name of the job.
func (r *Runner) Failures() map[string]int {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	failures := make(map[string]int, len(r.known))
	for job, at := range r.known {
		failures[job] = at.Failures
	}
	return failures
}
