package procedures

import (
	"context"
	"errors"
	"fmt"

	"accord/domain/fault"
	"accord/domain/sharing"
	"accord/internal/records"
)

// Post is how e-mail goes out.
type Post struct {
	// Send sends the one e-mail there is to an address: that there is something to read.
	Send func(ctx context.Context, address string) error
	// IsPermanent reports whether an error of Send says that trying again is of no use.
	IsPermanent func(error) bool
}

// Mailed is what a turn of the post came to.
type Mailed struct {
	Sent    int
	GivenUp []string // practitioner ids, to whom no e-mail can be delivered
	Unread  int      // alerts that cannot be read, and whose addressee waits for an e-mail
}

// MailAlerts sends whoever has new alerts one e-mail that says so, and no more than one
// in ten minutes.
//
// The e-mail goes out first and is noted then: who is to have one has it, and whoever is
// killed in between, or cannot tell whether a server has taken it, sends that one e-mail
// again.
func MailAlerts(ctx context.Context, r *records.Records, post Post) (Mailed, error) {
	due, unread, err := r.AlertPost(ctx).Unmailed(ctx)
	done := Mailed{Unread: unread}
	if err != nil {
		return done, err
	}
	var stuck []error
	for _, one := range due {
		if err := ctx.Err(); err != nil {
			return done, errors.Join(append(stuck, err)...)
		}
		state, err := mailOne(ctx, r.AlertPost(ctx), post, one)
		switch {
		case err != nil:
			stuck = append(stuck, fmt.Errorf("an e-mail to %s: %w", one.To, err))
		case state == sharing.MailSent:
			done.Sent++
		case state == sharing.MailGivenUp:
			done.GivenUp = append(done.GivenUp, one.To)
		}
	}
	return done, errors.Join(stuck...)
}

// mailOne sends one practitioner an e-mail for all their alerts, unless it is too soon,
// and returns what became of it.
func mailOne(ctx context.Context, s *records.Session, post Post, due records.Unmailed) (sharing.MailState, error) {
	last, err := s.LastMailed(ctx, due.To)
	if err != nil {
		return "", err
	}
	if s.Now().Before(last.Add(sharing.MailApart)) {
		return sharing.MailDue, nil
	}
	state := sharing.MailSent
	to, _ := s.Records().Directory().Practitioner(due.To)
	switch {
	case to.Mail == "" || len(to.Roles) == 0: // since the alert
		state = sharing.MailNone
	default:
		err := post.Send(ctx, to.Mail)
		tried := s.Now().Sub(due.Alerts[0].Value.RaisedAt)
		if err != nil && !post.IsPermanent(err) && tried < sharing.MailFor {
			return "", fmt.Errorf("sending it: %w", err)
		}
		if err != nil {
			state = sharing.MailGivenUp
		}
	}
	return state, noteMailed(context.WithoutCancel(ctx), s, due, state)
}

// noteMailed notes what became of an e-mail on the alerts it was for.
func noteMailed(ctx context.Context, s *records.Session, due records.Unmailed, state sharing.MailState) error {
	const procedure = "mailAlerts"
	err := applyMailed(ctx, s, procedure, due, state)
	if !fault.Is(err, fault.Conflict) {
		return err
	}
	// The addressee was quicker with one of them: those still due are noted one by one.
	for _, one := range due.Alerts {
		held, err := s.LoadAlert(ctx, one.Value.ID)
		if err != nil {
			return err
		}
		if held.Value.Mail != sharing.MailDue {
			continue
		}
		err = applyMailed(ctx, s, procedure, records.Unmailed{To: due.To, Alerts: []records.Held[records.Alert]{held}}, state)
		if err != nil && !fault.Is(err, fault.Conflict) {
			return err
		}
	}
	return nil
}

func applyMailed(ctx context.Context, s *records.Session, procedure string, due records.Unmailed, state sharing.MailState) error {
	change := s.Change(records.InboxOf(due.To))
	for _, held := range due.Alerts {
		held.Value.Alert = held.Value.Mailed(state, s.Now())
		records.Update(change, held)
	}
	return s.Apply(ctx, procedure, change)
}
