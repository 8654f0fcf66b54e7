package procedures

import (
	"context"

	"accord/domain/sharing"
	"accord/internal/records"
)

// DeclareConflict keeps the viewer from a case by their own word, whatever role they
// have in it and whatever their cells allow: nobody waits for leave to look away. Their
// assignment ends, and what they had still to do passes to their supervisor. They do
// not take it back.
func DeclareConflict(ctx context.Context, s *records.Session, caseID string, reason sharing.ExclusionReason) error {
	const procedure = "declareConflict"
	held, err := s.LoadCaseHead(ctx, caseID)
	if err != nil {
		return err
	}
	exclusion := sharing.Exclusion{Case: caseID, Person: s.Capacity().Person, Kind: sharing.ExcludedFrom, Reason: reason}
	if _, err := exclude(ctx, s, procedure, held, exclusion); err != nil {
		return err
	}
	s.ReachAnew(ctx)
	return nil
}
