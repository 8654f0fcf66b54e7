// Package procedures holds the acts of practice, one file for each: load as the
// capacity, apply the rule of the domain, save through records. A procedure
// decides nothing about access; records does, and refuses with FORBIDDEN or
// NOT_FOUND.
package procedures

import (
	"context"

	"accord/internal/records"
)

// refused enters a refusal by a rule of the domain in the audit log and returns
// it; nothing has changed.
func refused(ctx context.Context, s *records.Session, procedure string, err error) error {
	return s.Refuse(ctx, procedure, err)
}
