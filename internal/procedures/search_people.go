package procedures

import (
	"cmp"
	"context"
	"slices"
	"time"

	"accord/authz"
	"accord/domain/calendar"
	"accord/domain/fault"
	"accord/domain/sharing"
	"accord/internal/likeness"
	"accord/internal/records"
	"accord/internal/views"
)

// PeopleSearch is who is looked for, and what for.
type PeopleSearch struct {
	Names       []string
	DateOfBirth calendar.Date
	Phones      []string
	Handles     []string
	Reason      string
}

func (p PeopleSearch) particulars() likeness.Particulars {
	return likeness.Particulars{Names: p.Names, DateOfBirth: p.DateOfBirth, Phones: p.Phones, Handles: p.Handles}
}

// SearchPeople looks whether somebody is known. Who is looked for in cases that the
// viewer reaches is shown. Of other cases nothing is said but which contact point to
// call, and that only where the policy of the area allows it; of a case that is
// restricted, that the viewer is kept from, or in which somebody lives in hiding, not
// even that. Who answers for such a case is told that somebody looked.
//
// Of a case of others in which the name alone agrees nothing is said, and nobody is told
// unless the viewer is kept from it: half of those whom a name brings up are somebody
// else. What counts is what agreed and not what was asked, so that whoever adds to a
// name what they made up gets no more than for the name.
//
// That it was looked, by whom and why is kept whether or not anybody is known, in one
// commit with the audit entry and with the alerts. These are delivered by the job and
// not at once: whoever asks must not learn from how long the answer takes that there
// was somebody to tell. Nothing is ever merged or linked.
func SearchPeople(ctx context.Context, s *records.Session, search PeopleSearch) (views.PersonSearchPayload, error) {
	const procedure = "searchPeople"
	done, err := s.TakeTurnToSearch(ctx)
	if err != nil {
		return views.PersonSearchPayload{}, err
	}
	defer done()
	if err = checkSearch(ctx, s, search); err != nil {
		return views.PersonSearchPayload{}, refused(ctx, s, procedure, err)
	}
	found, err := s.FindPeople(ctx, search.particulars())
	if err != nil {
		return views.PersonSearchPayload{}, err
	}
	searcher := s.Capacity()
	change := s.Change(records.SearchesOf(searcher.Person))
	err = found.Keep(change, sharing.Search{
		ID: s.Records().Identifier(views.SearchKind), By: searcher.Person, Agency: searcher.Agency, Areas: searcher.Areas,
		Reason: search.Reason, At: s.Now(),
	})
	if err != nil {
		return views.PersonSearchPayload{}, err
	}
	for _, other := range found.Elsewhere {
		if !other.BesideName && !other.Excluded {
			continue
		}
		if err := s.Tell(change, sharing.AlertSearched, other.Case, answering(s, other.Case)...); err != nil {
			return views.PersonSearchPayload{}, err
		}
	}
	if err := s.Apply(ctx, procedure, change); err != nil {
		return views.PersonSearchPayload{}, err
	}
	s.Show(found)
	return views.PersonSearchPayload{Hits: found.Hits, ContactPoints: contactPoints(s, found.Elsewhere)}, nil
}

// checkSearch refuses a search before anything is looked for.
func checkSearch(ctx context.Context, s *records.Session, search PeopleSearch) error {
	searcher := s.Capacity()
	if !s.Table().Writes(searcher.Roles, authz.SetOf(authz.VictimIdentity, authz.PerpetratorIdentity)) {
		return fault.Refused("Looking whether somebody is known is for those who record who people are.")
	}
	if searcher.Purpose == "" {
		return fault.Rule("SEARCH_PURPOSE", "Data Protection Act 2018 s.62; Caldicott principle 1",
			"Say what it is for: declare a purpose with the header Accord-Purpose.")
	}
	if err := likeness.Askable(search.particulars()); err != nil {
		return err //nolint:wrapcheck // a fault of its own
	}
	if err := sharing.CheckReason("input.reason", search.Reason); err != nil {
		return err
	}
	inHour, err := s.SearchesSince(ctx, s.Now().Add(-time.Hour), sharing.SearchesAnHour)
	if err != nil {
		return err
	}
	const day = 24 * time.Hour
	inDay, err := s.SearchesSince(ctx, s.Now().Add(-day), sharing.SearchesADay)
	if err != nil {
		return err
	}
	return sharing.CheckSearches(inHour, inDay)
}

// answering lists who is told that somebody looked for a person of a case: those it is
// restricted to, or else those who work on it, their supervisors, and who coordinates
// its area. Whoever is looking is not told.
func answering(s *records.Session, of records.Case) []string {
	told := of.Restricted
	if len(told) == 0 {
		told = slices.Concat(s.Responsible(of, ""), s.Records().Directory().Holding(authz.MaracCoordinator, of.Area))
	}
	return slices.DeleteFunc(slices.Clone(told), func(one string) bool { return one == s.Capacity().Person })
}

// contactPoints lists whom to call about cases of others: one agency for each area
// whose policy allows it, however many cases and whoever works on them. Where only the
// name agreed there is nobody to call.
func contactPoints(s *records.Session, elsewhere []records.Elsewhere) []views.Agency {
	points := []views.Agency{}
	directory := s.Records().Directory()
	for _, other := range elsewhere {
		if !other.BesideName || other.Excluded || other.Hidden || len(other.Case.Restricted) > 0 {
			continue
		}
		policy, _ := directory.PolicyOn(other.Case.Area, s.Today())
		if !policy.PointsToContact {
			continue
		}
		agency, there := directory.ContactPoint(other.Case.Area)
		if there && !slices.ContainsFunc(points, func(point views.Agency) bool { return point.ID == agency.ID }) {
			points = append(points, views.Agency{ID: agency.ID, Name: agency.Name, Type: agency.Type})
		}
	}
	slices.SortFunc(points, func(a, b views.Agency) int { return cmp.Compare(a.ID, b.ID) })
	return points
}
