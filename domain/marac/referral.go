package marac

import (
	"slices"

	"accord/domain/calendar"
	"accord/domain/sharing"
)

// ReferralReason is a criterion a referral rests on. Any one suffices; all that
// apply are kept.
type ReferralReason string

// The reasons.
const (
	VisibleHighRisk      ReferralReason = "VISIBLE_HIGH_RISK"
	ProfessionalConcern  ReferralReason = "PROFESSIONAL_JUDGEMENT"
	PotentialEscalation  ReferralReason = "POTENTIAL_ESCALATION"
	MaracRepeat          ReferralReason = "MARAC_REPEAT"
	HighGradeAutomatic   ReferralReason = "HIGH_GRADE_AUTOMATIC"
	HonourBasedAutomatic ReferralReason = "HBA_AUTOMATIC"
	TransferIn           ReferralReason = "TRANSFER_IN"
)

// ReferralReasons lists every reason.
func ReferralReasons() []ReferralReason {
	return []ReferralReason{
		VisibleHighRisk, ProfessionalConcern, PotentialEscalation, MaracRepeat,
		HighGradeAutomatic, HonourBasedAutomatic, TransferIn,
	}
}

// Valid reports whether the reason is one of ReferralReasons.
func (r ReferralReason) Valid() bool { return slices.Contains(ReferralReasons(), r) }

// ReferralStatus is how far a referral has come.
type ReferralStatus string

// The statuses.
const (
	ReferralDraft       ReferralStatus = "DRAFT"
	ReferralSubmitted   ReferralStatus = "SUBMITTED"
	ReferralReturned    ReferralStatus = "RETURNED" // to the referrer, to be completed
	ReferralAccepted    ReferralStatus = "ACCEPTED" // and awaiting a list
	ReferralRejected    ReferralStatus = "REJECTED"
	ReferralListed      ReferralStatus = "LISTED"
	ReferralHeard       ReferralStatus = "HEARD"
	ReferralTransferred ReferralStatus = "TRANSFERRED" // to another MARAC
	ReferralWithdrawn   ReferralStatus = "WITHDRAWN"
)

// ReferralStatuses lists every status.
func ReferralStatuses() []ReferralStatus {
	return []ReferralStatus{
		ReferralDraft, ReferralSubmitted, ReferralReturned, ReferralAccepted, ReferralRejected,
		ReferralListed, ReferralHeard, ReferralTransferred, ReferralWithdrawn,
	}
}

// Valid reports whether the status is one of ReferralStatuses.
func (s ReferralStatus) Valid() bool { return slices.Contains(ReferralStatuses(), s) }

// Referral asks a MARAC to hear a case.
type Referral struct {
	ID              string
	Case            string // case id
	ReferringAgency string // agency id
	Referrer        string // practitioner id
	Status          ReferralStatus
	Reasons         []ReferralReason
	Rationale       string // the practitioner's concern in their own words
	Consent         sharing.ConsentState
	ConsentReason   string // without consent: why sharing is necessary and proportionate
	Awareness       sharing.VictimAwareness
	TransferredFrom string        // the MARAC a transfer in comes from; empty: no transfer
	SubmittedOn     calendar.Date // zero: a draft; the day of the first submission
	DecidedBy       string        // practitioner id of the coordinator; empty: not decided
	DecidedOn       calendar.Date
	DecisionReason  string // for what was returned, rejected, transferred or withdrawn: why
	Meeting         string // id of the meeting that lists it; empty: on no list
	HeardOn         calendar.Date
}
