package procedures

import (
	"context"
	"slices"

	"accord/authz"
	"accord/domain/fault"
	"accord/domain/sharing"
	"accord/internal/records"
	"accord/internal/views"
)

// SetExclusion keeps somebody else from a case, or keeps a case to named people: it
// beats every role and relation. It is the convenor's to set, so that no officer can
// hide a case from those who would look, and a supervisor's for somebody of their team.
// It returns nil for who sets it and does not read it.
func SetExclusion(ctx context.Context, s *records.Session, exclusion sharing.Exclusion) (*views.Exclusion, error) {
	const procedure = "setExclusion"
	held, err := s.LoadCaseHead(ctx, exclusion.Case)
	if err != nil {
		return nil, err
	}
	convenes := held.Sight.WriteLevel(authz.ExclusionClass) == authz.Full
	if err = checkExclusion(s, exclusion, convenes); err != nil {
		return nil, refused(ctx, s, procedure, err)
	}
	if exclusion.Kind == sharing.RestrictedTo {
		exclusion, err = restrict(ctx, s, procedure, held, exclusion)
	} else {
		exclusion, err = exclude(ctx, s, procedure, held, exclusion)
	}
	if err != nil || held.Sight.Level(authz.ExclusionClass) != authz.Full {
		return nil, err
	}
	set, err := s.Exclusion(ctx, exclusion.ID)
	return &set, err
}

// checkExclusion refuses what is not the viewer's to set, and whom it cannot be about.
func checkExclusion(s *records.Session, exclusion sharing.Exclusion, convenes bool) error {
	directory := s.Records().Directory()
	practitioner, known := directory.Practitioner(exclusion.Person)
	supervises := slices.Contains(directory.SupervisorsOf(exclusion.Person), s.Capacity().Person)
	switch {
	case exclusion.Person == s.Capacity().Person && exclusion.Kind == sharing.ExcludedFrom:
		return fault.Rule("EXCLUSION_OWN", "Accord, conflict of interest",
			"This is about yourself. Declare your own conflict of interest with declareConflict.")
	case !convenes && (!supervises || exclusion.Kind != sharing.ExcludedFrom):
		return fault.Refused("Declare your own conflict of interest, or ask the MARAC coordinator to set one for somebody else.")
	case exclusion.Person == s.Capacity().Person:
		return fault.Rule("EXCLUSION_OWN", "Accord, employee cases",
			"Name who works on the case: it is kept to them and to you.")
	case !known:
		return fault.Input("input.practitionerId", "known", "Name a practitioner of the directory.")
	case exclusion.Kind == sharing.ExcludedFrom && slices.Contains(practitioner.Roles, sharing.RoleName(authz.Auditor.String())):
		return fault.Rule("EXCLUSION_OVERSIGHT", "Data Protection Act 2018 s.62",
			"Oversight of who looked stays. An auditor with a conflict of interest declares it themselves.")
	}
	return nil
}

// restrict keeps a case to a named practitioner, and to whoever sets it, so that
// somebody who may lift it still reaches it. The auditors of the area, who do not reach
// it any more, are told.
func restrict(ctx context.Context, s *records.Session, procedure string, held records.Held[records.Case], exclusion sharing.Exclusion) (sharing.Exclusion, error) {
	exclusion, err := setNow(s, exclusion)
	if err != nil {
		return exclusion, refused(ctx, s, procedure, err)
	}
	standing, err := s.LoadExclusionsOf(ctx, exclusion.Case)
	if err != nil {
		return exclusion, err
	}
	directory := s.Records().Directory()
	coordinates := slices.Contains(directory.Holding(authz.MaracCoordinator, held.Value.Area), exclusion.Person)
	switch {
	case slices.Contains(held.Value.Excluded, exclusion.Person) || !coordinates && !held.Value.AssignedTo(exclusion.Person):
		return exclusion, refused(ctx, s, procedure, fault.Rule("RESTRICTED_TO_ASSIGNED", "Accord, employee cases",
			"Assign the practitioner to the case before it is restricted to them: a case that nobody reaches protects nobody."))
	case slices.ContainsFunc(standing, func(other records.Held[records.Exclusion]) bool { return other.Value.Repeats(exclusion) }):
		return exclusion, refused(ctx, s, procedure, fault.Duplicate())
	}
	for _, named := range []string{exclusion.Person, exclusion.SetBy} {
		if !slices.Contains(held.Value.Restricted, named) {
			held.Value.Restricted = append(slices.Clone(held.Value.Restricted), named)
		}
	}
	change := s.Change(exclusion.Case)
	records.UpdateByRule(change, held)
	if err := records.CreateByRule(change, records.Exclusion{Exclusion: exclusion}); err != nil {
		return exclusion, err
	}
	if err := s.Tell(change, sharing.AlertExclusionSet, held.Value, directory.Holding(authz.Auditor, held.Value.Area)...); err != nil {
		return exclusion, err
	}
	return exclusion, commitReach(ctx, s, procedure, change, held.Value)
}
