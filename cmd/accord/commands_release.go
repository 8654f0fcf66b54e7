//go:build release

package main

// commands are the commands of a release.
type commands struct {
	Audit  auditCommand  `cmd:"" help:"Prove the audit log."`
	Policy policyCommand `cmd:"" help:"Read the access policy."`
}
