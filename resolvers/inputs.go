package resolvers

import (
	"time"

	"accord/domain/casework"
	"accord/domain/sharing"
	"accord/graph"
	"accord/internal/procedures"
)

func releaseDecision(input graph.ReleaseItemInput) procedures.ReleaseDecision {
	decision := procedures.ReleaseDecision{
		Release: sharing.Release{
			Case: input.CaseID, Source: input.Source, Item: input.ItemID, Decision: input.Decision, Recipients: input.RecipientIds,
			Content: text(input.Content), Regime: input.Regime, Necessity: input.Necessity, Proportionality: input.Proportionality,
			Consent: input.Consent, VictimTold: input.VictimTold, NotToldBecause: text(input.NotToldBecause),
			Conditions: text(input.Conditions), Schedule: input.Schedule,
		},
		IdempotencyKey: text(input.IdempotencyKey),
	}
	if gateway := input.Gateway.Value(); gateway != nil {
		decision.Release.Gateway = *gateway
	}
	if until := input.Until.Value(); until != nil {
		decision.Release.Until = *until
	}
	return decision
}

// lasting is how long so many minutes are; of more than a day, a day, which is longer
// than anybody is given anything: a larger number would wrap around into a shorter time.
func lasting(minutes int) time.Duration {
	const day = 24 * 60
	return time.Duration(max(min(minutes, day), -day)) * time.Minute
}

func safeContactRecording(input graph.RecordSafeContactInput) procedures.SafeContactRecording {
	return procedures.SafeContactRecording{
		Case: input.CaseID, Party: input.PersonID, ExpectedVersion: int64(input.ExpectedVersion),
		Contact: casework.SafeContact{
			Address:      casework.Address{Lines: input.AddressLines.Value(), Postcode: text(input.Postcode)},
			Confidential: input.Confidential, Refuge: input.Refuge, Phone: text(input.Phone), Method: text(input.Method),
			SafeTimes: text(input.SafeTimes),
		},
	}
}

func peopleSearch(input graph.SearchPeopleInput) procedures.PeopleSearch {
	search := procedures.PeopleSearch{
		Names: input.Names.Value(), Phones: input.Phones.Value(), Handles: input.Handles.Value(), Reason: input.Reason,
	}
	if born := input.DateOfBirth.Value(); born != nil {
		search.DateOfBirth = *born
	}
	return search
}
