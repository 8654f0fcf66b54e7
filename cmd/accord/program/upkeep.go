package program

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"accord/internal/jobs"
)

// upkeep brings records of an older form to the newest: from the start of a program
// that knows a newer one, and again for those that somebody was changing. Where there
// are none, a turn costs one look-up for each kind.
func (p *Program) upkeep() jobs.Job {
	return jobs.Job{
		Name: "record upkeep", Every: 30 * time.Second, AtMost: 5 * time.Minute, AtStart: true,
		Run: func(ctx context.Context, _ time.Time) error {
			done, err := p.records.BringForward(ctx)
			if counts, uncounted := p.records.OlderForms(ctx); uncounted == nil {
				for kind, count := range counts {
					p.metrics.ShowOlder(string(kind), count)
				}
			}
			if done.Brought > 0 || done.Failed > 0 {
				p.logger.LogAttrs(ctx, slog.LevelInfo, "records were brought to their newest form", slog.String("system", "record upkeep"),
					slog.Int("brought", done.Brought), slog.Int("without_key", done.Passed),
					slog.Int("changed_meanwhile", done.Met), slog.Int("failed", done.Failed))
			}
			if done.Brought > 0 && errors.Is(err, context.DeadlineExceeded) {
				return nil // there are more of them than one turn has time for
			}
			return err //nolint:wrapcheck // the runner says whose error it is
		},
	}
}
