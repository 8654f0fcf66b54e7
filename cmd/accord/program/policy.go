package program

import (
	"fmt"
	"sync"

	"accord/authz"
)

// policyInForce compiles the policy Accord ships, once for the process: asking
// casbin for every cell is the dearest part of a start.
var policyInForce = sync.OnceValues(func() (*authz.Current, error) {
	policy, err := authz.DefaultPolicy()
	if err != nil {
		return nil, fmt.Errorf("reading the access policy: %w", err)
	}
	current, err := authz.NewCurrent(policy)
	if err != nil {
		return nil, fmt.Errorf("compiling the access policy: %w", err)
	}
	return current, nil
})
