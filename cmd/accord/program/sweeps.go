package program

import (
	"context"
	"time"

	"accord/internal/jobs"
	"accord/internal/procedures"
	"accord/internal/records"
)

// sweep is a job that looks for what time alone has brought about.
func (p *Program) sweep(name string, every time.Duration, look func(context.Context, *records.Records) error) jobs.Job {
	return jobs.Job{
		Name: name, Every: every, AtMost: 5 * time.Minute, AtStart: true,
		Run: func(ctx context.Context, _ time.Time) error { return look(ctx, p.records) },
	}
}

// sweeps are what becomes due by itself. What anybody sees waits for none of them: the
// end of a release, of emergency access and of a condition is judged when it is read.
func (p *Program) sweeps() []jobs.Job {
	return []jobs.Job{
		p.sweep("release sweep", time.Minute, procedures.EndReleases),
		p.sweep("emergency chase", 10*time.Minute, procedures.ChaseEmergencyReviews),
		p.sweep("condition watch", time.Hour, procedures.WarnOfLapse),
	}
}
