package main

import (
	"errors"
	"fmt"

	"accord/cmd/accord/program"
)

type auditCommand struct {
	Verify verifyCommand `cmd:"" help:"Walk the audit log of a data folder and prove that it is what it was."`
}

type verifyCommand struct {
	Dir string `arg:"" help:"The data folder, or the folder of a demo that holds it."`
	clusterFlag
}

// Run walks the log and prints what was proved, or the first entry at which the
// log stopped being what it was.
func (c *verifyCommand) Run(s *surroundings) error {
	cluster, err := c.address()
	if err != nil {
		return err
	}
	verified, err := program.VerifyAudit(s.ctx, c.Dir, cluster)
	if err != nil {
		return err //nolint:wrapcheck // said as it is
	}
	if _, err := fmt.Fprintln(s.stdout, verified); err != nil {
		return fmt.Errorf("printing the report: %w", err)
	}
	switch {
	case verified.Log.Break != nil:
		return errBroken
	case !verified.Sound():
		return errDamagedBeside
	default:
		return nil
	}
}

// The report says where.
var (
	errBroken        = errors.New("the audit log is not what it was")
	errDamagedBeside = errors.New("the audit log is whole, and what is stored beside it is damaged")
)

// clusterFlag is given where documents are in a cluster.
type clusterFlag struct {
	MongodbURI *string `name:"mongodb-uri" env:"ACCORD_MONGODB_URI" help:"Address of the MongoDB cluster that holds the documents; without it they are in the data folder." placeholder:"URI"`
}

// address is the address of the cluster; empty without the flag. Whoever gives an
// empty one had another in mind.
func (f clusterFlag) address() (string, error) {
	if f.MongodbURI == nil {
		return "", nil
	}
	return *f.MongodbURI, mustBeGiven(*f.MongodbURI)
}

func mustBeGiven(uri string) error {
	if uri == "" {
		return errors.New("give the address of a cluster: --mongodb-uri or ACCORD_MONGODB_URI is empty")
	}
	return nil
}
