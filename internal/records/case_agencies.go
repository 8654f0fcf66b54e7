package records

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"accord/authz"
	"accord/domain/marac"
	"accord/internal/store"
)

// AgenciesOn lists the agencies that work on a case: those party to it, those
// represented at the meetings that hear it, and that of their chair, who sees what is
// released for listed cases. Sorted, each once.
func (s *Session) AgenciesOn(ctx context.Context, of Case) ([]string, error) {
	agencies := slices.Clone(of.PartyAgencies)
	for _, listing := range of.Listings {
		doc, err := s.records.store.Get(ctx, listing.Meeting)
		if errors.Is(err, store.ErrAbsent) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("reading the table of a meeting: %w", err)
		}
		var head meetingHead
		if err := decode(doc.Head, &head); err != nil {
			return nil, err
		}
		for _, attendance := range head.Attendance {
			if attendance.Part == marac.PartRepresentative || attendance.Part == marac.PartChair {
				agencies = append(agencies, attendance.Agency)
			}
		}
	}
	slices.Sort(agencies)
	return slices.Compact(agencies), nil
}

// Responsible lists who answers for a case at an agency: the practitioners
// assigned, and whoever supervises their teams, but for whom the case is not there. An
// empty agency means all of them.
func (s *Session) Responsible(of Case, agency string) []string {
	var people []string
	for _, assignment := range of.Assignments {
		if agency != "" && assignment.Agency != agency {
			continue
		}
		people = append(people, assignment.Practitioner)
		people = append(people, s.names.directory.SupervisorsOf(assignment.Practitioner)...)
	}
	people = slices.DeleteFunc(people, of.KeepsOut)
	slices.Sort(people)
	return slices.Compact(people)
}

// Reads reports whether anybody at the agency holds the class by the relation at
// all, as the directory and the policy stand.
func (s *Session) Reads(agency string, relation authz.Relation, class authz.DataClass) bool {
	return s.table.Opens(s.names.directory.rolesAt(agency), relation, authz.SetOf(class))
}
