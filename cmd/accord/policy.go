package main

import (
	"fmt"

	"accord/authz"
)

type policyCommand struct {
	Matrix matrixCommand `cmd:"" help:"Print what each role sees of each class of content, by which relation."`
}

type matrixCommand struct{}

// Run prints the compiled policy.
func (*matrixCommand) Run(s *surroundings) error {
	policy, err := authz.DefaultPolicy()
	if err != nil {
		return fmt.Errorf("reading the access policy: %w", err)
	}
	table, err := authz.Compile(policy)
	if err != nil {
		return fmt.Errorf("compiling the access policy: %w", err)
	}
	return table.WriteMatrix(s.stdout)
}
