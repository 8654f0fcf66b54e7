package program

import (
	"context"
	"fmt"
	"time"

	"accord/internal/jobs"
)

// lookEvery is how often a running program looks for jobs that are due.
const lookEvery = 5 * time.Second

// jobs is all that the program does by itself. Each acts as a system capacity of its
// own, which records begin the session of. The policy has the rows of those that reach
// records as people do; the others hold no role, read what is clear and change one
// thing by a rule of its own.
//
// What is done for the data is here; what a program does for itself alone, such as to
// keep how far its keys have seen the audit log, is no job: each has to.
func (p *Program) jobs(config Config) []jobs.Job {
	all := append([]jobs.Job{p.relay(), p.upkeep()}, p.sweeps()...)
	if config.Mail != nil {
		all = append(all, p.alertMail(config.Mail))
	}
	return all
}

// runJobs plans the jobs and takes their turns, beside the requests, until Close.
func (p *Program) runJobs(ctx context.Context, config Config) error {
	runner, err := jobs.New(jobs.Config{
		Schedule: p.records.Schedule(), Clock: config.Clock, Logger: p.logger, Jobs: p.jobs(config),
		Holder: func() string { return p.records.NewIdentifier("runner") },
	})
	if err != nil {
		return fmt.Errorf("reading the jobs: %w", err)
	}
	p.runner = runner
	p.metrics.WatchJobs(runner.Overdue, runner.Failures)
	// A store that takes nothing at the moment does not keep the program from its start:
	// what is not planned now is planned when the runner looks again, which logs why.
	_ = runner.Plan(ctx)
	p.untilClose(ctx, func(running context.Context) {
		if config.Ticks != nil {
			select {
			case <-running.Done():
			case <-config.Ticks:
				runner.Run(running, config.Ticks)
			}
			return
		}
		tick := time.NewTicker(lookEvery)
		defer tick.Stop()
		runner.Run(running, tick.C)
	})
	return nil
}

// TakeTurns does every job that is due now, for who holds the clock: a test. Its error
// says what could not be done.
func (p *Program) TakeTurns(ctx context.Context) error {
	if err := p.runner.Turn(ctx); err != nil {
		return fmt.Errorf("doing what is due: %w", err)
	}
	return nil
}
