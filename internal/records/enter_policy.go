package records

import (
	"context"

	"accord/authz"
	"accord/internal/audit"
	"accord/internal/store"
)

// policyKeeper is the system capacity in whose name a change of the access policy is
// entered in the audit log. It reaches no record.
const policyKeeper = "policy keeper"

// EnterPolicy enters in the audit log that another access policy comes into force,
// by a blind token of its hash.
func (r *Records) EnterPolicy(ctx context.Context, hash string) error {
	s := r.Begin(ctx, authz.Capacity{System: policyKeeper}, r.NewIdentifier("request"))
	entry := s.entry(audit.Alteration, "replacePolicy")
	entry.Records = []audit.RecordSeen{{Record: audit.ID(r.keyring.Blind("policy", hash)), Kind: store.Kind("policy"), Version: 1}}
	return s.write(ctx, entry)
}
