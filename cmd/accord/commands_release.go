//go:build release

package main

// commands are the commands of a release.
type commands struct {
	Audit   auditCommand   `cmd:"" help:"Prove the audit log."`
	Backup  backupCommand  `cmd:"" help:"Back up the data, and the keys apart from it."`
	Restore restoreCommand `cmd:"" help:"Restore a backup."`
	Copy    copyCommand    `cmd:"" help:"Copy a store from a data folder or a MongoDB cluster to another, and prove the copy."`
	Policy  policyCommand  `cmd:"" help:"Read the access policy."`
	Store   storeCommand   `cmd:"" help:"Look after the store."`
}
