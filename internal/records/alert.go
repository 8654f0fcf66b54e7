package records

import (
	"context"
	"fmt"
	"time"

	"accord/authz"
	"accord/domain/sharing"
	"accord/internal/store"
	"accord/internal/views"
)

// Alert is that a practitioner is told there is something to look at, as it is
// written: in the family of its addressee, with nothing but ids and its kind.
type Alert struct{ sharing.Alert }

type alertHead struct {
	To             string
	Kind           sharing.AlertKind
	Case           string
	RaisedAt       time.Time
	AcknowledgedAt time.Time
	Mail           sharing.MailState
	MailedAt       time.Time
}

// inboxOf names the family of a practitioner's alerts.
func inboxOf(practitioner string) string { return "inbox:" + practitioner }

func (a Alert) kind() store.Kind    { return kindOf(views.AlertKind) }
func (a Alert) id() string          { return a.ID }
func (a Alert) family() string      { return inboxOf(a.To) }
func (a Alert) row() authz.ClassSet { return views.AlertKind.Row() }

func (a Alert) head() any {
	return alertHead{a.To, a.Kind, a.Case, a.RaisedAt, a.AcknowledgedAt, a.Mail, a.MailedAt}
}

func (a Alert) fields() []store.Field {
	state := "open"
	if !a.AcknowledgedAt.IsZero() {
		state = "acknowledged"
	}
	return append(a.mailFields(), []store.Field{
		{Name: "raised", Value: store.Number(a.RaisedAt.UnixMilli())},
		{Name: "state", Value: store.Text(state)},
	}...)
}

func (a Alert) parts() []part { return nil }

func (a Alert) tokens(*caseHead) tokenSet {
	tokens := tokenSet{}
	tokens.add(addressedTo(a.To), posted)
	return tokens
}

func decodeAlert(doc store.Document, _ opener) (Alert, error) {
	var head alertHead
	if err := decode(doc.Head, &head); err != nil {
		return Alert{}, err
	}
	return Alert{sharing.Alert{
		ID: doc.ID, To: head.To, Kind: head.Kind, Case: head.Case, RaisedAt: head.RaisedAt, AcknowledgedAt: head.AcknowledgedAt,
		Mail: head.Mail, MailedAt: head.MailedAt,
	}}, nil
}

func viewAlert(record views.Record, doc store.Document) (views.Alert, error) {
	var head alertHead
	if err := decode(doc.Head, &head); err != nil {
		return views.Alert{}, err
	}
	record.Together = &views.Together{Families: []string{head.Case}}
	return views.Alert{
		Record: record, Kind: head.Kind, CaseID: head.Case, RaisedAt: head.RaisedAt, AcknowledgedAt: unlessZero(head.AcknowledgedAt),
	}, nil
}

// Alerts returns a page of the viewer's alerts, newest first.
func (s *Session) Alerts(ctx context.Context, open bool, page PageRequest) (views.AlertConnection, error) {
	list := listing[views.Alert]{kind: views.AlertKind, view: viewAlert, index: "alerts_newest", order: "raised"}
	if open {
		list.index, list.equal = "alerts_state_newest", []store.Value{store.Text("open")}
	}
	list.name = fmt.Sprintf("alerts %s %v", list.index, list.equal)
	return pageOf(ctx, s, list, page)
}

// Alert returns an alert by its id.
func (s *Session) Alert(ctx context.Context, id string) (views.Alert, error) {
	return byID(ctx, s, views.AlertKind, id, viewAlert)
}

// LoadAlert reads an alert for a change.
func (s *Session) LoadAlert(ctx context.Context, id string) (Held[Alert], error) {
	return loadByID(ctx, s, views.AlertKind, id, decodeAlert)
}

// InboxOf names the family in which alerts to a practitioner are written.
func InboxOf(practitioner string) string { return inboxOf(practitioner) }

// AlertPost starts a session of the system capacity that puts alerts into inboxes and
// sends the e-mail that says so, and reaches nothing else.
func (r *Records) AlertPost(ctx context.Context) *Session {
	return r.Begin(ctx, authz.Capacity{System: "alert post", Roles: []authz.Role{authz.AlertPost}}, r.NewIdentifier("request"))
}
