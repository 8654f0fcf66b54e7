package marac

import (
	"slices"
	"strings"

	"accord/domain/calendar"
	"accord/domain/fault"
	"accord/domain/sharing"
)

const referralSource = "SafeLives referral criteria"

// referralSteps are the changes of status a referral may take, but for Unlist:
// a listed case that leaves the list waits again, accepted as it was.
var referralSteps = map[ReferralStatus][]ReferralStatus{
	ReferralDraft:     {ReferralSubmitted, ReferralWithdrawn},
	ReferralSubmitted: {ReferralReturned, ReferralAccepted, ReferralRejected, ReferralTransferred, ReferralWithdrawn},
	ReferralReturned:  {ReferralSubmitted, ReferralWithdrawn},
	ReferralAccepted:  {ReferralListed, ReferralTransferred, ReferralWithdrawn},
	ReferralListed:    {ReferralHeard, ReferralTransferred, ReferralWithdrawn},
	ReferralHeard:     {ReferralTransferred},

	ReferralRejected:    nil, // a new referral is made
	ReferralTransferred: nil,
	ReferralWithdrawn:   nil,
}

// Submit hands the referral to the coordinator. Every criterion that applies is
// kept, the stated ones and those the record shows. A criterion the record can
// show must be shown; where it is not, the practitioner's own judgement, in
// their words, is always enough, so no gap ever keeps a victim from being
// referred. Consent is no gate: without it the referral says why sharing is
// necessary and proportionate.
func (r Referral) Submit(grounds Grounds, today calendar.Date) (Referral, error) {
	if err := grounds.Case.CheckReferable(); err != nil {
		return Referral{}, err
	}
	shown := grounds.Criteria(today)
	if err := r.checkReasons(shown); err != nil {
		return Referral{}, err
	}
	if err := r.checkConsent(); err != nil {
		return Referral{}, err
	}
	submitted, err := r.step(ReferralSubmitted)
	if err != nil {
		return Referral{}, err
	}
	submitted.Reasons = slices.DeleteFunc(ReferralReasons(), func(reason ReferralReason) bool {
		return !slices.Contains(r.Reasons, reason) && !slices.Contains(shown, reason)
	})
	if submitted.SubmittedOn.IsZero() {
		submitted.SubmittedOn = today
	}
	return submitted, nil
}

func (r Referral) checkReasons(shown []ReferralReason) error {
	if len(r.Reasons) == 0 && len(shown) == 0 {
		return fault.Rule("REFERRAL_CRITERION", referralSource,
			"Name at least one criterion for the referral; your professional judgement, with its reasons, is one.")
	}
	explained := strings.TrimSpace(r.Rationale) != ""
	for _, reason := range r.Reasons {
		if !reason.Valid() {
			return fault.Input("input.reasons", "oneOf", "Name only criteria for a referral.")
		}
		if slices.Contains(shown, reason) {
			continue
		}
		if err := checkUnshown(reason, explained, r.TransferredFrom != ""); err != nil {
			return err
		}
	}
	return nil
}

// checkUnshown judges a criterion that the record does not show by itself.
func checkUnshown(reason ReferralReason, explained, transferred bool) error {
	switch reason {
	case VisibleHighRisk:
		return fault.Rule("R1", "SafeLives Dash",
			"Submit an assessment that reaches the area's threshold, or refer on professional judgement.")
	case ProfessionalConcern:
		if !explained {
			return fault.Rule("R2", referralSource, "Say in your own words what concerns you.")
		}
	case PotentialEscalation:
		if !explained {
			return fault.Rule("REFERRAL_ESCALATION", referralSource,
				"Record the incidents that show escalation, or say in your own words what escalates.")
		}
	case MaracRepeat:
		return fault.Rule("R3", "SafeLives, definition of a repeat",
			"Record the qualifying incident within the area's window after the previous referral.")
	case HighGradeAutomatic:
		return fault.Rule("REFERRAL_HIGH_GRADE", "Wiltshire procedure 4.1",
			"Submit the protection notice graded HIGH, or refer on professional judgement.")
	case HonourBasedAutomatic:
		return fault.Rule("REFERRAL_HBA", "area policy",
			"Record the case as honour-based abuse in an area that refers it automatically, or refer on professional judgement.")
	case TransferIn:
		if !transferred {
			return fault.Input("input.transferredFrom", "required", "Name the MARAC that the case comes from.")
		}
	}
	return nil
}

func (r Referral) checkConsent() error {
	switch {
	case !r.Consent.Valid():
		return fault.Input("input.consent", "oneOf", "Say whether the victim consents, or why that was not asked.")
	case r.Consent != sharing.ConsentGiven && strings.TrimSpace(r.ConsentReason) == "":
		return fault.Rule("REFERRAL_PROPORTIONALITY", "Data Protection Act 2018 schedule 1 paragraph 18",
			"Without the victim's consent, say why sharing is necessary and proportionate.")
	case !r.Awareness.Valid():
		return fault.Input("input.awareness", "oneOf", "Say whether the victim knows of the referral, and if not, why.")
	}
	return nil
}

// Accept takes the referral; the case then awaits a list.
func (r Referral) Accept(coordinator string, today calendar.Date) (Referral, error) {
	return r.decide(ReferralAccepted, coordinator, "", today)
}

// Reject refuses the referral, with the reason. A case that the record shows to
// be a repeat is heard whatever its score (R3), so its referral is never
// rejected.
func (r Referral) Reject(coordinator, reason string, today calendar.Date) (Referral, error) {
	if slices.Contains(r.Reasons, MaracRepeat) {
		return Referral{}, fault.Rule("R3", "SafeLives, definition of a repeat",
			"A repeat is heard whatever its score. Accept the referral or return it to be completed.")
	}
	return r.decideWithReason(ReferralRejected, coordinator, reason, today)
}

// Return sends the referral back to the referrer to be completed, with the
// reason.
func (r Referral) Return(coordinator, reason string, today calendar.Date) (Referral, error) {
	return r.decideWithReason(ReferralReturned, coordinator, reason, today)
}

// Transfer hands the referral to the MARAC of another area, with the reason.
func (r Referral) Transfer(coordinator, reason string, today calendar.Date) (Referral, error) {
	return r.decideWithReason(ReferralTransferred, coordinator, reason, today)
}

// Withdraw takes the referral back, with the reason.
func (r Referral) Withdraw(by, reason string, today calendar.Date) (Referral, error) {
	return r.decideWithReason(ReferralWithdrawn, by, reason, today)
}

// List records that the case is on the list of the meeting.
func (r Referral) List(meeting string) (Referral, error) {
	listed, err := r.step(ReferralListed)
	if err != nil {
		return Referral{}, err
	}
	listed.Meeting = meeting
	return listed, nil
}

// Unlist records that the case left the list before it was heard and waits for
// another.
func (r Referral) Unlist() (Referral, error) {
	if r.Status != ReferralListed {
		return Referral{}, referralStep()
	}
	r.Status, r.Meeting = ReferralAccepted, ""
	return r, nil
}

// Hear records that the meeting heard the case on the day.
func (r Referral) Hear(on calendar.Date) (Referral, error) {
	heard, err := r.step(ReferralHeard)
	if err != nil {
		return Referral{}, err
	}
	heard.HeardOn = on
	return heard, nil
}

func (r Referral) decideWithReason(to ReferralStatus, by, reason string, today calendar.Date) (Referral, error) {
	if strings.TrimSpace(reason) == "" {
		return Referral{}, fault.Input("input.reason", "required", "Give the reason for the decision, so that the referrer knows what to do.")
	}
	return r.decide(to, by, reason, today)
}

func (r Referral) decide(to ReferralStatus, by, reason string, today calendar.Date) (Referral, error) {
	decided, err := r.step(to)
	if err != nil {
		return Referral{}, err
	}
	decided.DecidedBy, decided.DecidedOn, decided.DecisionReason = by, today, reason
	return decided, nil
}

func (r Referral) step(to ReferralStatus) (Referral, error) {
	from := r.Status
	if from == "" { // not stored yet
		from = ReferralDraft
	}
	if !slices.Contains(referralSteps[from], to) {
		return Referral{}, referralStep()
	}
	r.Status = to
	return r, nil
}

func referralStep() error {
	return fault.Rule("REFERRAL_STATUS", "SafeLives, the MARAC process",
		"The referral is not at the stage where this can be done. Read it again to see how far it has come.")
}
