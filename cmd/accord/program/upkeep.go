package program

import (
	"cmp"
	"context"
	"log/slog"
	"time"
)

// upkeepEvery is how long records of an older form wait that a turn of upkeep left:
// those that somebody was changing.
const upkeepEvery = 30 * time.Second

// upkeep brings records of an older form to the newest, beside the requests, until
// Close. Where there are none, a turn costs one look-up for each kind.
func (p *Program) upkeep(ctx context.Context, every time.Duration) {
	p.beside(ctx, cmp.Or(every, upkeepEvery), func(running context.Context) {
		done, err := p.records.BringForward(running)
		failed := err != nil && running.Err() == nil
		if counts, uncounted := p.records.OlderForms(running); uncounted == nil {
			for kind, count := range counts {
				p.metrics.ShowOlder(string(kind), count)
			}
		}
		told := []any{
			slog.String("system", "record upkeep"), slog.Int("brought", done.Brought), slog.Int("without_key", done.Passed),
			slog.Int("changed_meanwhile", done.Met), slog.Int("failed", done.Failed),
		}
		switch {
		case failed:
			p.logger.ErrorContext(running, "records of an older form cannot be brought forward", told...)
		case done.Brought > 0:
			p.logger.InfoContext(running, "records were brought to their newest form", told...)
		}
	})
}
