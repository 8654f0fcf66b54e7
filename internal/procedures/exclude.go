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

// exclude keeps a practitioner from a case and everything of it: their assignment ends,
// their duties pass on, the meetings hear who works on the case now, and who leads them
// is told. All of it is one change, so that there is no moment in which they are kept
// out and their duties are nobody's.
func exclude(ctx context.Context, s *records.Session, procedure string, held records.Held[records.Case], exclusion sharing.Exclusion) (sharing.Exclusion, error) {
	exclusion, err := setNow(s, exclusion)
	if err != nil {
		return exclusion, refused(ctx, s, procedure, err)
	}
	heirs := heirsOf(s, held.Value, exclusion.Person)
	if held.Value, err = keepOut(s, held.Value, exclusion.Person, heirs); err != nil {
		return exclusion, refused(ctx, s, procedure, err)
	}
	change := s.Change(exclusion.Case)
	change.Exclude(exclusion.Person, false)
	records.UpdateByRule(change, held)
	if err := records.CreateByRule(change, records.Exclusion{Exclusion: exclusion}); err != nil {
		return exclusion, err
	}
	if err := passDuties(ctx, s, change, held.Value, exclusion.Person, heirs.duties); err != nil {
		return exclusion, err
	}
	if err := tellLead(s, change, held.Value, exclusion); err != nil {
		return exclusion, err
	}
	return exclusion, commitReach(ctx, s, procedure, change, held.Value)
}

// commitReach commits a change of who reaches a case. The meetings that hear it are
// told, and everybody else whom it has something for.
func commitReach(ctx context.Context, s *records.Session, procedure string, change *records.Change, of records.Case) error {
	if err := s.Heard(change, of); err != nil {
		return err
	}
	if err := s.Apply(ctx, procedure, change); err != nil {
		return err
	}
	deliverNow(ctx, s.Records())
	return nil
}

// setNow is the exclusion as the viewer sets it now.
func setNow(s *records.Session, exclusion sharing.Exclusion) (sharing.Exclusion, error) {
	exclusion.ID = s.Records().Identifier(views.ExclusionKind)
	exclusion.SetBy, exclusion.SetAt = s.Capacity().Person, s.Now()
	return exclusion, exclusion.Check()
}

// heirs are who takes over from somebody who is kept out of a case; empty: nobody can.
type heirs struct {
	duties     string // practitioner id: what there is still to do
	assignment string // practitioner id: the case itself, where else nobody of the team would have it
}

// heirsOf finds them: a supervisor of the team, or else somebody of the same agency who
// works on the case. Nobody who is kept out of it themselves.
func heirsOf(s *records.Session, of records.Case, excluded string) heirs {
	directory := s.Records().Directory()
	leaver, _ := directory.Practitioner(excluded)
	reaches := func(practitioner string) bool {
		return practitioner != excluded && !of.KeepsOut(practitioner)
	}
	colleague, team := "", false
	for _, assignment := range of.Assignments {
		if assignment.Agency != leaver.Agency || !reaches(assignment.Practitioner) {
			continue
		}
		team = team || assignment.Team == leaver.Team
		if colleague == "" {
			colleague = assignment.Practitioner
		}
	}
	supervisors := directory.SupervisorsOf(excluded)
	if at := slices.IndexFunc(supervisors, reaches); at >= 0 {
		if team {
			return heirs{duties: supervisors[at]}
		}
		return heirs{duties: supervisors[at], assignment: supervisors[at]}
	}
	return heirs{duties: colleague}
}

// keepOut is the case with somebody kept out of it. A case that is kept to named people
// needs one of them still: where nobody would be left, another coordinator of the area
// is named.
func keepOut(s *records.Session, of records.Case, excluded string, heirs heirs) (records.Case, error) {
	if slices.Contains(of.Excluded, excluded) {
		return records.Case{}, fault.Duplicate()
	}
	leaver, _ := s.Records().Directory().Practitioner(excluded)
	of.Case = of.HandOver(leaver, heirs.assignment, s.Now())
	of.Excluded = append(slices.Clone(of.Excluded), excluded)
	coordinators := slices.DeleteFunc(s.Records().Directory().Holding(authz.MaracCoordinator, of.Area), func(coordinator string) bool {
		return slices.Contains(of.Excluded, coordinator)
	})
	named := func(coordinator string) bool { return slices.Contains(of.Restricted, coordinator) }
	if len(of.Restricted) == 0 || slices.ContainsFunc(coordinators, named) {
		return of, nil
	}
	if len(coordinators) > 0 {
		of.Restricted = append(slices.Clone(of.Restricted), coordinators[0])
		return of, nil
	}
	if !slices.ContainsFunc(of.Restricted, func(practitioner string) bool {
		return of.AssignedTo(practitioner) && !of.KeepsOut(practitioner)
	}) {
		return records.Case{}, fault.Rule("CASE_UNREACHED", "Accord, employee cases",
			"The case is kept to named people, and nobody would be left. Ask the system administrator for another coordinator of the area first.")
	}
	return of, nil
}

// passDuties gives the open actions of somebody who is kept out to their heir, who is
// told. Where there is none the coordinators of the area are.
func passDuties(ctx context.Context, s *records.Session, change *records.Change, of records.Case, from, to string) error {
	duties, err := s.LoadDuties(ctx, of.ID, from)
	if err != nil || len(duties) == 0 {
		return err
	}
	for _, duty := range duties {
		duty.Value.Assignee = to
		records.UpdateByRule(change, duty)
	}
	if to != "" {
		return s.Tell(change, sharing.AlertDutiesPassed, of, to)
	}
	return s.Tell(change, sharing.AlertDutiesPassed, of, s.Records().Directory().Holding(authz.MaracCoordinator, of.Area)...)
}

// tellLead tells who leads somebody that they are kept out of a case; where nobody
// does, the coordinators of the area, who have the case on their lists.
func tellLead(s *records.Session, change *records.Change, of records.Case, exclusion sharing.Exclusion) error {
	kind := sharing.AlertExclusionSet
	if exclusion.SetBy == exclusion.Person {
		kind = sharing.AlertConflictDeclared
	}
	directory := s.Records().Directory()
	if exclusion.SetBy != exclusion.Person || !isConvened(directory, of) {
		// Nobody takes a case from those who work on it without somebody to look.
		if err := s.Tell(change, kind, of, directory.Holding(authz.Auditor, of.Area)...); err != nil {
			return err
		}
	}
	lead := directory.SupervisorsOf(exclusion.Person)
	if len(lead) == 0 {
		lead = directory.Holding(authz.MaracCoordinator, of.Area)
	}
	return s.Tell(change, kind, of, slices.DeleteFunc(lead, func(practitioner string) bool {
		return practitioner == exclusion.SetBy
	})...)
}

// isConvened reports whether a coordinator of the area is left who is not kept from the
// case.
func isConvened(directory *records.Directory, of records.Case) bool {
	return slices.ContainsFunc(directory.Holding(authz.MaracCoordinator, of.Area), func(coordinator string) bool {
		return !of.KeepsOut(coordinator)
	})
}
