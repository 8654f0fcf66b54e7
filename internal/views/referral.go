package views

import (
	"accord/authz"
	"accord/domain/calendar"
	"accord/domain/marac"
	"accord/domain/sharing"
)

// Referral is a referral of a case to MARAC. Masked, it shows only that it is
// there.
type Referral struct {
	Record
	AgencyID    string
	Stage       marac.ReferralStatus
	SubmittedAt calendar.Date
}

// ReferralContent is the sealed section of a referral.
type ReferralContent struct {
	Referrer       string
	Reasons        []marac.ReferralReason
	Rationale      string
	Consent        sharing.ConsentState
	ConsentReason  string
	Awareness      sharing.VictimAwareness
	DecidedBy      string
	DecidedOn      calendar.Date
	DecisionReason string
	HeardOn        calendar.Date
}

// IsNode marks a referral as a record with an id of its own.
func (Referral) IsNode() {}

// GetID returns the referral's id.
func (r Referral) GetID() string { return r.ID }

// Agency is the agency that referred; null when masked.
func (r Referral) Agency() *Agency {
	return when(r.full(authz.Referral), r.Names.Agency(r.AgencyID))
}

// Status is how far it is; null when masked.
func (r Referral) Status() *marac.ReferralStatus { return when(r.full(authz.Referral), r.Stage) }

// SubmittedOn is null when masked and while it is a draft.
func (r Referral) SubmittedOn() *calendar.Date {
	return known(r.full(authz.Referral), r.SubmittedAt)
}

// Reasons are the criteria that apply; null when masked.
func (r Referral) Reasons() ([]marac.ReferralReason, error) {
	content, err := r.content()
	if content == nil {
		return nil, err
	}
	return append([]marac.ReferralReason{}, content.Reasons...), nil
}

// Consent is null when masked or not recorded.
func (r Referral) Consent() (*sharing.ConsentState, error) {
	content, err := r.content()
	if content == nil {
		return nil, err
	}
	return known(true, content.Consent), nil
}

func (r Referral) content() (*ReferralContent, error) {
	if !r.full(authz.Referral) {
		return nil, nil
	}
	return section[ReferralContent](r.Record, authz.Referral, authz.Full)
}
