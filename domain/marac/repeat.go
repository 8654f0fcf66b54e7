package marac

import (
	"accord/domain/calendar"
	"accord/domain/casework"
)

// IsRepeat reports whether a case is a repeat (R3; SafeLives, definition of a
// repeat): it went to a MARAC before, and since the area's anchor day, within
// the area's window, there was an incident that qualifies, reported to the
// police or not. A case is one victim and the same perpetrator or perpetrators,
// so every incident of the case is one between them.
//
// The anchor is the latest referral that the MARAC took, or the latest meeting
// that heard the case, as the area counts; an incident of the anchor day itself
// is what led there and is not a further one. The window ends with the
// anniversary, which is inside. The year after 29 February ends with 28 February,
// as the law counts months. An incident of unknown day counts for the day it was
// recorded.
func IsRepeat(previous []Referral, incidents []casework.Incident, policy AreaPolicy) bool {
	anchor := repeatAnchorOf(previous, policy.RepeatAnchor)
	if anchor.IsZero() {
		return false
	}
	end := anchor.AddMonths(policy.RepeatWindowMonths)
	for _, i := range incidents {
		if on := i.KnownOn(); i.Qualifies.Valid() && on > anchor && on <= end {
			return true
		}
	}
	return false
}

// RepeatWindowEnd returns the last day on which an incident makes the case a
// repeat; from the next day on its flags expire. It is zero when the case never
// went to a MARAC.
func RepeatWindowEnd(previous []Referral, policy AreaPolicy) calendar.Date {
	return repeatAnchorOf(previous, policy.RepeatAnchor).AddMonths(policy.RepeatWindowMonths)
}

func repeatAnchorOf(previous []Referral, from RepeatAnchor) calendar.Date {
	var anchor calendar.Date
	for _, r := range previous {
		if !r.Status.taken() {
			continue
		}
		day := r.SubmittedOn
		if from == FromMeetingDate {
			day = r.HeardOn
		}
		anchor = max(anchor, day)
	}
	return anchor
}

// taken reports whether a MARAC took the referral: it is going to be heard, was
// heard, or went to another MARAC.
func (s ReferralStatus) taken() bool {
	switch s {
	case ReferralAccepted, ReferralListed, ReferralHeard, ReferralTransferred:
		return true
	case ReferralDraft, ReferralSubmitted, ReferralReturned, ReferralRejected, ReferralWithdrawn:
		return false
	}
	return false
}
