package main

import (
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"accord/cmd/accord/program"
)

type restoreCommand struct {
	Data     restoreDataCommand `cmd:"" help:"Put a backup of the data into an empty folder, proved, or nothing of it."`
	Keys     restoreKeysCommand `cmd:"" help:"Put a backup of the keys into an empty folder, proved, or nothing of it."`
	Accept   acceptCommand      `cmd:"" help:"Record that the audit log has lost entries that the keys have seen, so that the program starts on it."`
	Accepted acceptedCommand    `cmd:"" help:"List the losses that were accepted, with their reasons."`
}

type restoreDataCommand struct {
	From string `required:"true" help:"The file of the backup." type:"existingfile" placeholder:"FILE"`
	Data string `required:"true" help:"The data folder; empty, or not there yet, in a folder that is." placeholder:"DIR"`
	Key  string `required:"true" help:"The backup key for the data." type:"existingfile" placeholder:"FILE"`
}

// Run restores and prints what is there now.
func (c *restoreDataCommand) Run(s *surroundings) error {
	header, err := program.RestoreData(s.ctx, program.RestoreRequest{From: c.From, Folder: c.Data, Key: c.Key})
	if err != nil {
		return err //nolint:wrapcheck // said as it is
	}
	return s.print("The data is restored: the store is sound and its audit log whole.\n" + header.String())
}

type restoreKeysCommand struct {
	From string `required:"true" help:"The file of the backup." type:"existingfile" placeholder:"FILE"`
	Keys string `required:"true" help:"The key folder; empty, or not there yet, in a folder that is." placeholder:"DIR"`
	Key  string `required:"true" help:"The backup key for the keys." type:"existingfile" placeholder:"FILE"`
}

// Run restores and prints what is there now.
func (c *restoreKeysCommand) Run(s *surroundings) error {
	header, err := program.RestoreKeys(s.ctx, program.RestoreRequest{From: c.From, Folder: c.Keys, Key: c.Key})
	if err != nil {
		return err //nolint:wrapcheck // said as it is
	}
	return s.print("The keys are restored. A case that was erased after this backup was made can be read again: erase it again.\n" + header.String())
}

type acceptCommand struct {
	Data string `required:"true" help:"The data folder, or the folder of a demo that holds it; no program may be running on it." placeholder:"DIR"`
	Keys string `required:"true" help:"The key folder, or the folder of a demo that holds it; no program may be using it." placeholder:"DIR"`
	clusterFlag
	Reason string `required:"true" help:"Why entries are missing and who decided to go on, without names of the people in cases." placeholder:"TEXT"`
}

// Run records the loss and prints where.
func (c *acceptCommand) Run(s *surroundings) error {
	cluster, err := c.address()
	if err != nil {
		return err
	}
	accepted, err := program.Accept(s.ctx, program.AcceptRequest{
		Data: c.Data, Keys: c.Keys, MongoDB: cluster, Reason: c.Reason, Clock: time.Now, Entropy: rand.Reader,
	})
	if err != nil {
		return err //nolint:wrapcheck // said as it is
	}
	return s.print(fmt.Sprintf("The keys had seen %s of the audit log, which had %d. That this is known is entry %d.\n",
		program.Entries(accepted.Seen), accepted.Found, accepted.Entry))
}

type acceptedCommand struct {
	Keys string `required:"true" help:"The key folder, or the folder of a demo that holds it. It may be in use." placeholder:"DIR"`
}

// Run prints what was accepted, oldest first.
func (c *acceptedCommand) Run(s *surroundings) error {
	losses, err := program.AcceptedLosses(s.ctx, c.Keys)
	if err != nil {
		return err //nolint:wrapcheck // said as it is
	}
	if len(losses) == 0 {
		return s.print("No loss was ever accepted with these keys.\n")
	}
	var text strings.Builder
	for _, loss := range losses {
		fmt.Fprintf(&text, "%s  seen %d, found %d, entry %d: %s\n", loss.At.Format(time.RFC3339), loss.Seen, loss.Found, loss.Entry, loss.Reason)
	}
	return s.print(text.String())
}
