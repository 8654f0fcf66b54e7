package records

import (
	"accord/authz"
	"accord/domain/calendar"
	"accord/domain/marac"
	"accord/internal/store"
	"accord/internal/views"
)

// Referral is a referral to MARAC as it is written. It belongs to its agency.
type Referral struct{ marac.Referral }

type referralHead struct {
	Case            string
	ReferringAgency string
	Status          marac.ReferralStatus
	SubmittedOn     calendar.Date
	Meeting         string
	TransferredFrom string
}

func (r Referral) kind() store.Kind    { return kindOf(views.ReferralKind) }
func (r Referral) id() string          { return r.ID }
func (r Referral) family() string      { return r.Case }
func (r Referral) row() authz.ClassSet { return views.ReferralKind.Row() }

func (r Referral) head() any {
	return referralHead{r.Case, r.ReferringAgency, r.Status, r.SubmittedOn, r.Meeting, r.TransferredFrom}
}

func (r Referral) fields() []store.Field { return nil }

func (r Referral) parts() []part {
	return []part{full(authz.Referral, views.ReferralContent{
		Referrer: r.Referrer, Reasons: r.Reasons, Rationale: r.Rationale, Consent: r.Consent, ConsentReason: r.ConsentReason,
		Awareness: r.Awareness, DecidedBy: r.DecidedBy, DecidedOn: r.DecidedOn, DecisionReason: r.DecisionReason,
		HeardOn: r.HeardOn,
	})}
}

// tokens lets a draft be seen by its owner alone.
func (r Referral) tokens(root *caseHead) tokenSet {
	tokens := tokenSet{}
	root.addOwner(tokens, r.ReferringAgency)
	if r.Status == marac.ReferralDraft || r.Status == "" {
		return tokens
	}
	root.addAssigned(tokens)
	root.addConvenors(tokens)
	tokens.add(overseenIn(root.Area), overseenIn(r.ReferringAgency))
	root.addChairs(tokens)
	return tokens
}

func decodeReferral(doc store.Document, open opener) (Referral, error) {
	var head referralHead
	if err := decode(doc.Head, &head); err != nil {
		return Referral{}, err
	}
	var content views.ReferralContent
	if err := open(authz.Referral, authz.Full, &content); err != nil {
		return Referral{}, err
	}
	return Referral{marac.Referral{
		ID: doc.ID, Case: head.Case, ReferringAgency: head.ReferringAgency, Referrer: content.Referrer, Status: head.Status,
		Reasons: content.Reasons, Rationale: content.Rationale, Consent: content.Consent, ConsentReason: content.ConsentReason,
		Awareness: content.Awareness, TransferredFrom: head.TransferredFrom, SubmittedOn: head.SubmittedOn,
		DecidedBy: content.DecidedBy, DecidedOn: content.DecidedOn, DecisionReason: content.DecisionReason,
		Meeting: head.Meeting, HeardOn: content.HeardOn,
	}}, nil
}

func viewReferral(record views.Record, doc store.Document) (views.Referral, error) {
	var head referralHead
	if err := decode(doc.Head, &head); err != nil {
		return views.Referral{}, err
	}
	return views.Referral{Record: record, AgencyID: head.ReferringAgency, Stage: head.Status, SubmittedAt: head.SubmittedOn}, nil
}
