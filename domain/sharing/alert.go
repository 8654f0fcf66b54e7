package sharing

import (
	"slices"
	"time"
)

// AlertKind is what an alert is about. It names nobody: whoever is told signs in
// to read what happened.
type AlertKind string

// The kinds of alert.
const (
	AlertReleased          AlertKind = "ITEM_RELEASED"
	AlertReleaseEnded      AlertKind = "RELEASE_ENDED"
	AlertEmergencyAccess   AlertKind = "EMERGENCY_ACCESS"
	AlertEmergencyReview   AlertKind = "EMERGENCY_REVIEW_DUE"
	AlertEmergencyOverdue  AlertKind = "EMERGENCY_REVIEW_OVERDUE"
	AlertConflictDeclared  AlertKind = "CONFLICT_DECLARED"
	AlertExclusionSet      AlertKind = "EXCLUSION_SET"
	AlertDutiesPassed      AlertKind = "DUTIES_PASSED"
	AlertSearched          AlertKind = "PERSON_SEARCHED"
	AlertLinkProposed      AlertKind = "LINK_PROPOSED"
	AlertLinkChanged       AlertKind = "LINK_CHANGED"
	AlertConditionsLapsing AlertKind = "CONDITIONS_LAPSING"
)

// AlertKinds lists every kind.
func AlertKinds() []AlertKind {
	return []AlertKind{
		AlertReleased, AlertReleaseEnded, AlertEmergencyAccess, AlertEmergencyReview, AlertEmergencyOverdue,
		AlertConflictDeclared, AlertExclusionSet, AlertDutiesPassed, AlertSearched, AlertLinkProposed, AlertLinkChanged,
		AlertConditionsLapsing,
	}
}

// Valid reports whether the kind is one of AlertKinds.
func (k AlertKind) Valid() bool { return slices.Contains(AlertKinds(), k) }

// MailState is where the e-mail stands that says there is an alert.
type MailState string

// The states of the e-mail.
const (
	MailNone    MailState = "NONE"     // there is to be none: the addressee has no address, or has seen the alert
	MailDue     MailState = "DUE"      // it has still to be sent
	MailSent    MailState = "SENT"     // a mail server has taken it
	MailGivenUp MailState = "GIVEN_UP" // it cannot be delivered
)

// Alert is that a practitioner is told there is something to look at.
type Alert struct {
	ID             string
	To             string // practitioner id
	Kind           AlertKind
	Case           string // case id; empty: about no case
	RaisedAt       time.Time
	AcknowledgedAt time.Time // zero: not yet
	Mail           MailState
	MailedAt       time.Time // when the e-mail was sent or given up; zero: neither
}

// Acknowledge notes that the addressee has seen it; again changes nothing. Who has
// seen it is not sent an e-mail about it.
func (a Alert) Acknowledge(now time.Time) Alert {
	if a.AcknowledgedAt.IsZero() {
		a.AcknowledgedAt = now
	}
	if a.Mail == MailDue {
		a.Mail = MailNone
	}
	return a
}

// How e-mail about alerts goes out.
const (
	// MailApart is how long nobody is sent another e-mail after one.
	MailApart = 10 * time.Minute
	// MailFor is how long it is tried to send one (RFC 5321 4.5.4.1: four to five days).
	MailFor = 4 * 24 * time.Hour
)

// Mailed is the alert after its e-mail was sent, or given up.
func (a Alert) Mailed(state MailState, now time.Time) Alert {
	a.Mail, a.MailedAt = state, now
	return a
}
