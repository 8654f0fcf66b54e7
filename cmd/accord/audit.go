package main

import (
	"errors"
	"fmt"
	"os"

	"accord/cmd/accord/program"
)

type auditCommand struct {
	Verify verifyCommand `cmd:"" help:"Walk the audit log of a data folder and prove that it is what it was."`
}

type verifyCommand struct {
	Dir string `arg:"" help:"The data folder." type:"existingdir"`
	clusterFlag
}

// Run walks the log and prints what was proved, or the first entry at which the
// log stopped being what it was.
func (c *verifyCommand) Run(s *surroundings) error {
	report, sound, err := program.VerifyAudit(s.ctx, c.Dir, c.MongodbURI)
	if errors.Is(err, os.ErrNotExist) {
		return errNoLog
	}
	if err != nil {
		return fmt.Errorf("verifying the audit log: %w", err)
	}
	if _, err := fmt.Fprintln(s.stdout, report); err != nil {
		return fmt.Errorf("printing the report: %w", err)
	}
	if !sound {
		return errBroken
	}
	return nil
}

var (
	errNoLog  = errors.New("this folder holds no audit log of Accord")
	errBroken = errors.New("the audit log is not what it was") // the report says where
)

// clusterFlag is given where documents are in a cluster.
type clusterFlag struct {
	MongodbURI string `name:"mongodb-uri" env:"ACCORD_MONGODB_URI" help:"Address of the MongoDB cluster that holds the documents; without it they are in the data folder." placeholder:"URI"`
}
