package records

import (
	"context"
	"fmt"
	"time"

	"accord/domain/sharing"
	"accord/internal/store"
	"accord/internal/views"
)

// Fields of an alert that say what is to be done about its e-mail.
const (
	mailField     = "mail"      // "due" while the e-mail has still to be sent
	mailedField   = "mailed"    // when it was sent or given up, in milliseconds
	mailedToField = "mailed_to" // whose it was
)

const (
	// alertsToMail is the index of the alerts whose e-mail has still to be sent, the
	// oldest first.
	alertsToMail = "alerts_mail_due"
	// alertsMailed is the index of the alerts of one addressee whose e-mail was sent or
	// given up, the latest first.
	alertsMailed = "alerts_mailed"
)

const mailDue = "due"

func (a Alert) mailFields() []store.Field {
	var fields []store.Field
	if a.Mail == sharing.MailDue {
		fields = append(fields, store.Field{Name: mailField, Value: store.Text(mailDue)})
	}
	if !a.MailedAt.IsZero() {
		fields = append(fields,
			store.Field{Name: mailedField, Value: store.Number(a.MailedAt.UnixMilli())},
			store.Field{Name: mailedToField, Value: store.Text(a.To)})
	}
	return fields
}

// MailTo is whether a practitioner is to be sent an e-mail about an alert: when there is
// a mail server and they have an address.
func (r *Records) MailTo(practitioner string) sharing.MailState {
	to, known := r.Directory().Practitioner(practitioner)
	if !r.mails || !known || to.Mail == "" {
		return sharing.MailNone
	}
	return sharing.MailDue
}

// Unmailed are the alerts of one practitioner whose e-mail has still to be sent: one
// e-mail is for all of them.
type Unmailed struct {
	To     string        // practitioner id
	Alerts []Held[Alert] // oldest first
}

// Bounds of what is looked at to be mailed in one turn.
const (
	mailPage  = 200
	mailPages = 25
)

// Unmailed reads the alerts whose e-mail has still to be sent, by their addressee, who
// has waited longest first. One that cannot be read keeps no other from being sent:
// how many there are is unread.
func (s *Session) Unmailed(ctx context.Context) (due []Unmailed, unread int, err error) {
	query := store.Query{Index: alertsToMail, Equal: []store.Value{store.Text(mailDue)}, Limit: mailPage}
	at := map[string]int{}
	for range mailPages {
		page, err := s.records.stored.Find(ctx, query)
		if err != nil {
			return nil, 0, fmt.Errorf("reading the alerts to be mailed: %w", err)
		}
		for _, doc := range page.Documents {
			held, reached, err := s.believed(ctx, doc)
			if err != nil || !reached {
				unread++
				continue
			}
			addressee := held.Value.To
			if _, known := at[addressee]; !known {
				at[addressee] = len(due)
				due = append(due, Unmailed{To: addressee})
			}
			due[at[addressee]].Alerts = append(due[at[addressee]].Alerts, held)
		}
		if !page.More {
			break
		}
		last := page.Documents[len(page.Documents)-1]
		query.After = &store.Position{Order: orderOf(last, "raised"), ID: last.ID}
	}
	return due, unread, nil
}

// believed is an alert as it lies in the store, if it is as records wrote it.
func (s *Session) believed(ctx context.Context, doc store.Document) (Held[Alert], bool, error) {
	if err := (attested{s.records.stored, s.records.keyring}).check(ctx, doc); err != nil {
		return Held[Alert]{}, false, err
	}
	doc, err := s.records.forms.lift(doc)
	if err != nil {
		return Held[Alert]{}, false, err
	}
	return loadDocument(ctx, s, views.AlertKind, doc, decodeAlert)
}

// LastMailed is when an e-mail was last sent to a practitioner, or given up; zero:
// never.
func (s *Session) LastMailed(ctx context.Context, practitioner string) (time.Time, error) {
	page, err := s.records.stored.Find(ctx, store.Query{
		Index: alertsMailed, Equal: []store.Value{store.Text(practitioner)}, Limit: 1,
	})
	if err != nil || len(page.Documents) == 0 {
		return time.Time{}, wrapped("reading when an e-mail was last sent", err)
	}
	at, _ := page.Documents[0].Field(mailedField)
	return time.UnixMilli(at.Number), nil
}

// wrapped says what was being done when something went wrong; nil when nothing did.
func wrapped(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}
