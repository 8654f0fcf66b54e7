package procedures

import (
	"context"
	"errors"
	"fmt"

	"accord/authz"
	"accord/domain/fault"
	"accord/domain/sharing"
	"accord/internal/records"
	"accord/internal/views"
)

// EmergencyReview is what a reviewer found.
type EmergencyReview struct {
	Access          string
	Justified       bool
	Review          string
	ExpectedVersion int64
}

// ReviewEmergencyAccess records the review of access that somebody else took.
func ReviewEmergencyAccess(ctx context.Context, s *records.Session, review EmergencyReview) (views.EmergencyAccess, error) {
	const procedure = "reviewEmergencyAccess"
	held, err := s.LoadEmergency(ctx, review.Access)
	if err != nil {
		return views.EmergencyAccess{}, err
	}
	if err = records.Allow(ctx, s, procedure, held); err != nil {
		return views.EmergencyAccess{}, err
	}
	if held.Version() != review.ExpectedVersion {
		return views.EmergencyAccess{}, refused(ctx, s, procedure, fault.Stale())
	}
	reviewed, err := held.Value.ReviewedAs(review.Justified, review.Review, s.Capacity().Person, s.Now())
	if err != nil {
		return views.EmergencyAccess{}, refused(ctx, s, procedure, err)
	}
	held.Value.EmergencyAccess = reviewed
	change := s.Change(reviewed.Case)
	records.Update(change, held)
	if err := s.Apply(ctx, procedure, change); err != nil {
		return views.EmergencyAccess{}, err
	}
	return s.EmergencyAccess(ctx, reviewed.ID)
}

// ChaseEmergencyReviews tells the auditors of every area, once, which emergency access
// was not reviewed by the end of the working day after it was taken. Another turn tells
// nobody again.
func ChaseEmergencyReviews(ctx context.Context, r *records.Records) error {
	var stuck []error
	for range turns {
		s := r.EmergencyChase(ctx)
		overdue, err := s.OverdueReviews(ctx)
		if err != nil || len(overdue) == 0 {
			return err
		}
		for _, one := range overdue {
			if err := chase(ctx, s, one); err != nil {
				stuck = append(stuck, fmt.Errorf("telling that the review of %s is late: %w", one.Access.Value.ID, err))
			}
		}
		if len(stuck) > 0 {
			return errors.Join(stuck...) // the others are told; these wait for the next turn
		}
	}
	return nil
}

func chase(ctx context.Context, s *records.Session, overdue records.OverdueReview) error {
	overdue.Access.Value.OverdueTold = true
	change := s.Change(overdue.Case.ID)
	records.UpdateByRule(change, overdue.Access)
	auditors := s.Records().Directory().Holding(authz.Auditor, overdue.Case.Area)
	if err := s.Tell(change, sharing.AlertEmergencyOverdue, overdue.Case, auditors...); err != nil {
		return err
	}
	err := s.Apply(ctx, "chaseEmergencyReview", change)
	if fault.Is(err, fault.Conflict) {
		return nil // it was reviewed or told meanwhile
	}
	if err != nil {
		return err
	}
	deliverNow(ctx, s.Records())
	return nil
}
