package procedures

import (
	"context"
	"slices"

	"accord/authz"
	"accord/domain/casework"
	"accord/domain/fault"
	"accord/domain/sharing"
	"accord/internal/records"
)

// ExcludePractitioner keeps a practitioner from a case and everything of it, and
// ends their assignment; or it keeps the case to the practitioners named so: a
// conflict of interest beats every role and relation. Everybody declares their
// own; one for somebody else is the coordinator's to set, so that no officer can
// hide a case from those who would look.
func ExcludePractitioner(ctx context.Context, s *records.Session, exclusion sharing.Exclusion) error {
	const procedure = "excludePractitioner"
	held, err := s.LoadCase(ctx, exclusion.Case)
	if err != nil {
		return err
	}
	if err := records.Allow(ctx, s, procedure, held); err != nil {
		return err
	}
	declared := exclusion.Person == s.Capacity().Person && exclusion.Kind == sharing.ExcludedFrom
	if !declared && held.Sight.WriteLevel(authz.ExclusionClass) != authz.Full {
		return refused(ctx, s, procedure, fault.Refused("Declare your own conflict of interest, or ask the MARAC coordinator to set one for somebody else."))
	}
	if exclusion.Kind == sharing.RestrictedTo && !held.Value.AssignedTo(exclusion.Person) {
		return refused(ctx, s, procedure, fault.Rule("RESTRICTED_TO_ASSIGNED", "Accord, employee cases",
			"Assign the practitioner to the case before it is restricted to them: a case that nobody reaches protects nobody."))
	}
	exclusion.SetBy, exclusion.SetAt = s.Capacity().Person, s.Now()
	if err := exclusion.Check(); err != nil {
		return refused(ctx, s, procedure, err)
	}
	change := s.Change(exclusion.Case)
	switch exclusion.Kind {
	case sharing.ExcludedFrom:
		held.Value.Assignments = slices.DeleteFunc(slices.Clone(held.Value.Assignments), func(a casework.Assignment) bool {
			return a.Practitioner == exclusion.Person
		})
		if !slices.Contains(held.Value.Excluded, exclusion.Person) {
			held.Value.Excluded = append(slices.Clone(held.Value.Excluded), exclusion.Person)
		}
		change.Exclude(exclusion.Person, false)
	case sharing.RestrictedTo:
		held.Value.Restricted = append(slices.Clone(held.Value.Restricted), exclusion.Person)
	}
	records.Update(change, held)
	if err := s.Heard(change, held.Value); err != nil {
		return err
	}
	if err := s.Apply(ctx, procedure, change); err != nil {
		return err
	}
	deliverNow(ctx, s.Records())
	return nil
}
