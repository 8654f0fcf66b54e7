package program

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"accord/internal/jobs"
	"accord/internal/procedures"
	"accord/internal/records"
)

// relay delivers what was left undelivered: what a crash left waits for the start of
// the next program or this long; every other consequence is delivered with the change
// that has it.
func (p *Program) relay() jobs.Job {
	return jobs.Job{
		Name: "list relay", Every: 30 * time.Second, AtStart: true,
		Run: func(ctx context.Context, _ time.Time) error {
			if err := procedures.Deliver(ctx, p.records, func(gone records.Consequence) { p.logDropped(ctx, gone) }); err != nil {
				return fmt.Errorf("consequences wait to be delivered: %w", err)
			}
			return nil
		},
	}
}

// logDropped says that a consequence was settled that never could be delivered.
func (p *Program) logDropped(ctx context.Context, gone records.Consequence) {
	p.logger.LogAttrs(ctx, slog.LevelError, "a consequence was dropped: what it is for is not there", slog.String("system", "list relay"),
		slog.String("message", gone.ID), slog.String("topic", gone.Topic),
		slog.String("case", gone.Case), slog.String("meeting", gone.Meeting), slog.String("item", gone.Item), slog.String("to", gone.To))
}
