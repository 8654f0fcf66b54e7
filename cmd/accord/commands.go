//go:build !release

package main

// commands are the commands of the default build: those of a release, and the
// demo.
type commands struct {
	Demo    demoCommand    `cmd:"" help:"Start Accord with an invented world and a sign-in provider, on this machine only."`
	Token   tokenCommand   `cmd:"" help:"Sign in to the demo and print a bearer token."`
	Audit   auditCommand   `cmd:"" help:"Prove the audit log."`
	Backup  backupCommand  `cmd:"" help:"Back up the data, and the keys apart from it."`
	Restore restoreCommand `cmd:"" help:"Restore a backup."`
	Copy    copyCommand    `cmd:"" help:"Copy a store from a data folder or a MongoDB cluster to another, and prove the copy."`
	Policy  policyCommand  `cmd:"" help:"Read the access policy."`
	Store   storeCommand   `cmd:"" help:"Look after the store."`
}
