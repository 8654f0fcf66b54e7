package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"accord/internal/records"
	"accord/internal/store"
	"accord/internal/store/storecheck"
	"accord/internal/views"
)

type storeCommand struct {
	Check storeCheckCommand `cmd:"" help:"Hold a MongoDB cluster to everything Accord needs of it, on a scratch database, before records are trusted to it."`
}

type storeCheckCommand struct {
	MongodbURI string `name:"mongodb-uri" required:"true" env:"ACCORD_MONGODB_URI" help:"Address of the cluster. The database it names is not touched." placeholder:"URI"`
	Database   string `help:"Name of the scratch database, which must not exist; begins with accord_check_. Made up without this." placeholder:"NAME"`
	StepDown   bool   `help:"Also make the primary step down in the middle of a load. Never on a cluster that is in use."`
	Growth     bool   `help:"Also look at how pages are found at 10,000 cases. Takes longer."`
	Keep       bool   `help:"Leave the scratch database in place, to look at what failed."`
	JSON       string `name:"json" help:"Also write the results to a file, for the record of the decision to go live." placeholder:"FILE" type:"path"`
}

// clockSkew is how far apart the clocks of a cluster and of this machine may be.
const clockSkew = 10 * time.Second

// Run prints a line for every contract as it is known, and what they come to.
func (c *storeCheckCommand) Run(s *surroundings) error {
	if err := mustBeGiven(c.MongodbURI); err != nil {
		return err
	}
	file, err := c.recordFile()
	if err != nil {
		return err
	}
	var unprinted error
	printed := func(line string) {
		_, failed := fmt.Fprintln(s.stdout, line)
		unprinted = errors.Join(unprinted, failed)
	}
	headed := false
	report, err := storecheck.Run(s.ctx, storecheck.Options{
		URI: c.MongodbURI, Database: c.Database, Clock: time.Now, ClockSkew: clockSkew,
		Kinds: records.Kinds(), Indexes: records.Indexes(), Counted: store.Kind(views.CaseKind),
		StepDown: c.StepDown, Growth: c.Growth, Keep: c.Keep,
		Told: func(line storecheck.Line) {
			if !headed {
				headed = true
				printed(storecheck.Head())
			}
			printed(line.String())
		},
	})
	if err != nil {
		return errors.Join(err, closed(file))
	}
	printed(report.Sum())
	if file != nil {
		if err := errors.Join(report.WriteJSON(file), closed(file)); err != nil {
			return fmt.Errorf("writing the record: %w", err)
		}
	}
	switch {
	case unprinted != nil:
		return fmt.Errorf("printing the table: %w", unprinted)
	case errors.Is(s.ctx.Err(), context.Canceled):
		return errors.New("the check was broken off")
	case !report.Passed():
		return errUnfit
	}
	return nil
}

var errUnfit = errors.New("the cluster did not pass everything that was asked for") // the table says what

// recordFile is opened first: a check of half an hour whose record cannot be
// written is one for nothing. It is nil when none was asked for.
func (c *storeCheckCommand) recordFile() (*os.File, error) {
	if c.JSON == "" {
		return nil, nil //nolint:nilnil // none was asked for
	}
	file, err := os.OpenFile(c.JSON, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // a record of a decision, to be read by others; the operator says where
	if errors.Is(err, os.ErrExist) {
		return nil, errors.New("there is a file of that name already: --json writes a new one")
	}
	if err != nil {
		return nil, errors.New("the file for the record cannot be made: --json takes a file in a folder that exists and can be written to")
	}
	return file, nil
}

func closed(file *os.File) error {
	if file == nil {
		return nil
	}
	return file.Close() //nolint:wrapcheck // the caller says what it was for
}
