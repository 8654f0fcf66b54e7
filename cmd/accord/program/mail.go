package program

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"accord/internal/jobs"
	"accord/internal/mail"
	"accord/internal/procedures"
)

// alertMail sends who has new alerts the e-mail that says so.
func (p *Program) alertMail(sender mail.Sender) jobs.Job {
	return jobs.Job{
		Name: "alert mail", Every: 30 * time.Second, AtMost: 5 * time.Minute, AtStart: true,
		Run: func(ctx context.Context, _ time.Time) error {
			done, err := procedures.MailAlerts(ctx, p.records, procedures.Post{Send: sender.Send, IsPermanent: mail.IsPermanent})
			for _, practitioner := range done.GivenUp {
				p.logger.LogAttrs(ctx, slog.LevelWarn, "no e-mail can be delivered to a practitioner: see whether their address holds",
					slog.String("system", "alert post"), slog.String("practitioner", practitioner))
			}
			if done.Unread > 0 {
				p.logger.LogAttrs(ctx, slog.LevelError, "alerts to be mailed cannot be read",
					slog.String("system", "alert post"), slog.Int("alerts", done.Unread))
			}
			if err != nil {
				return fmt.Errorf("e-mail about alerts waits to be sent: %w", err)
			}
			return nil
		},
	}
}
