package procedures

import (
	"context"
	"errors"

	"accord/domain/fault"
	"accord/internal/records"
)

// followTeam has some of the cases of somebody who has moved to another team follow
// them: the supervisor of the old team loses them, that of the new one has them. The
// consequence is settled once there are no others; until then it is delivered again.
func followTeam(ctx context.Context, s *records.Session, consequence records.Consequence) error {
	moved, err := s.LeftBehind(ctx, consequence.To)
	if err != nil {
		return err
	}
	if moved.Practitioner.ID == "" {
		return errors.New("nobody in the directory is who has moved")
	}
	var stuck []error
	for _, held := range moved.Cases {
		held.Value.Case, _ = held.Value.Regroup(moved.Practitioner)
		change := s.Change(held.Value.ID)
		records.UpdateByRule(change, held)
		if err := s.Heard(change, held.Value); err != nil {
			return err
		}
		err := s.Apply(ctx, "followTeam", change)
		if err != nil && !fault.Is(err, fault.Conflict) { // who changed it meanwhile is met by the next look
			stuck = append(stuck, err)
		}
	}
	if len(stuck) > 0 || len(moved.Cases) > 0 || moved.More {
		return errors.Join(stuck...)
	}
	return s.Settle(ctx, consequence.ID)
}
