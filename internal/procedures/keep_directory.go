package procedures

import (
	"context"

	"accord/domain/fault"
	"accord/domain/marac"
	"accord/domain/sharing"
	"accord/internal/records"
)

// EnrolAgency takes an agency into the directory, or changes its entry.
func EnrolAgency(ctx context.Context, s *records.Session, agency sharing.Agency) error {
	if !agency.Type.Valid() {
		return refused(ctx, s, "enrolAgency", fault.Input("input.type", "oneOf", "Say what type of agency it is."))
	}
	return records.Keep(ctx, s, "enrolAgency", agency)
}

// SetAreaPolicy takes an area with its policies into the directory. Each version
// holds from its day on; the ones before stay, because deadlines of the past are
// judged by the policy of their day.
func SetAreaPolicy(ctx context.Context, s *records.Session, area sharing.Area, policies ...marac.AreaPolicy) error {
	for _, policy := range policies {
		if err := policy.Check(); err != nil {
			return refused(ctx, s, "setAreaPolicy", err)
		}
	}
	return records.Keep(ctx, s, "setAreaPolicy", records.AreaEntry{Area: area, Policies: policies})
}

// FormTeam takes a team into the directory.
func FormTeam(ctx context.Context, s *records.Session, team sharing.Team) error {
	return records.Keep(ctx, s, "formTeam", team)
}

// EnrolPractitioner takes a practitioner into the directory, or changes their
// roles, team and areas: what their sign-in is worth from the next request on. Their
// cases follow them into another team: the old supervisor loses them, the new one has
// them, at once or, where there are many, as the relay comes to them.
//
// Somebody who goes to another agency is enrolled there anew: roles, cases and
// what was held as an agency's own never move along. Nobody changes their own
// entry, an administrator least of all.
func EnrolPractitioner(ctx context.Context, s *records.Session, practitioner sharing.Practitioner) error {
	const procedure = "enrolPractitioner"
	if practitioner.ID == s.Capacity().Person {
		return refused(ctx, s, procedure, fault.Refused("Nobody changes their own entry. Another administrator does."))
	}
	enrolled, known := s.Records().Directory().Practitioner(practitioner.ID)
	if known && enrolled.Agency != practitioner.Agency {
		return refused(ctx, s, procedure, fault.Rule("PRACTITIONER_AGENCY", "domain: roles never join across agencies",
			"Enrol the person at the new agency under an entry of its own, and take the roles from the old one."))
	}
	var consequences []records.Consequence
	if known && enrolled.Team != practitioner.Team {
		consequences = append(consequences, records.Consequence{Topic: records.TopicMoved, To: practitioner.ID})
	}
	if err := records.Keep(ctx, s, procedure, practitioner, consequences...); err != nil {
		return err
	}
	if len(consequences) > 0 {
		deliverNow(ctx, s.Records())
	}
	return nil
}

// RosterShift puts a turn of duty on the roster.
func RosterShift(ctx context.Context, s *records.Session, shift sharing.Shift) error {
	if !shift.From.Before(shift.Until) {
		return refused(ctx, s, "rosterShift", fault.Input("input.until", "afterFrom", "A shift ends after it begins."))
	}
	return records.Keep(ctx, s, "rosterShift", shift)
}
