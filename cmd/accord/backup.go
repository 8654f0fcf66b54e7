package main

import (
	"fmt"
	"time"

	"accord/cmd/accord/program"
	"accord/internal/backup"
)

type backupCommand struct {
	NewKey newKeyCommand     `cmd:"" help:"Make a key that backups are encrypted with; the data and the keys need one each."`
	Data   backupDataCommand `cmd:"" help:"Write an encrypted backup of the data folder, beside the running program too."`
	Keys   backupKeysCommand `cmd:"" help:"Write an encrypted backup of the key folder, beside the running program too."`
	Show   showCommand       `cmd:"" help:"Read what a backup says it holds; without its key nothing of that is proved."`
}

type newKeyCommand struct {
	For string `required:"true" enum:"data,keys" help:"What the key is for: data or keys." placeholder:"data|keys"`
	To  string `required:"true" help:"The file of the key, which must not be there yet, in a folder that is." placeholder:"FILE"`
}

// Run makes the key and prints its fingerprint, which backups name it by.
func (c *newKeyCommand) Run(s *surroundings) error {
	fingerprint, err := program.MakeBackupKey(backup.Purpose(c.For), c.To)
	if err != nil {
		return err //nolint:wrapcheck // said as it is
	}
	return s.print(fmt.Sprintf("The key for backups of the %s is made. Whoever holds the file reads them; without it nobody does.\nKey:       %s\n", c.For, fingerprint))
}

type backupDataCommand struct {
	Data string `required:"true" help:"The data folder, or the folder of a demo that holds it." placeholder:"DIR"`
	To   string `required:"true" help:"The file of the backup, which must not be there yet, in a folder that is." placeholder:"FILE"`
	Key  string `required:"true" help:"The backup key for the data." type:"existingfile" placeholder:"FILE"`
}

// Run writes the backup and prints what it holds.
func (c *backupDataCommand) Run(s *surroundings) error {
	header, err := program.BackupData(s.ctx, program.BackupRequest{Folder: c.Data, To: c.To, Key: c.Key, Clock: time.Now})
	if err != nil {
		return err //nolint:wrapcheck // said as it is
	}
	return s.print("The backup is written, was read back, and its audit log is whole.\n" + header.String())
}

type backupKeysCommand struct {
	Keys string `required:"true" help:"The key folder, or the folder of a demo that holds it." placeholder:"DIR"`
	To   string `required:"true" help:"The file of the backup, which must not be there yet, in a folder that is." placeholder:"FILE"`
	Key  string `required:"true" help:"The backup key for the keys." type:"existingfile" placeholder:"FILE"`
}

// Run writes the backup and prints what it holds.
func (c *backupKeysCommand) Run(s *surroundings) error {
	header, err := program.BackupKeys(s.ctx, program.BackupRequest{Folder: c.Keys, To: c.To, Key: c.Key, Clock: time.Now})
	if err != nil {
		return err //nolint:wrapcheck // said as it is
	}
	return s.print("The backup is written and was read back. Destroy it when the next is made: it would bring erased cases back.\n" + header.String())
}

type showCommand struct {
	File string `arg:"" help:"The file of the backup." type:"existingfile"`
}

// Run prints the header.
func (c *showCommand) Run(s *surroundings) error {
	header, err := program.ShowBackup(c.File)
	if err != nil {
		return err //nolint:wrapcheck // said as it is
	}
	return s.print("This backup says, and its key would prove:\n" + header.String())
}

// print prints what a command came to.
func (s *surroundings) print(text string) error {
	if _, err := fmt.Fprint(s.stdout, text); err != nil {
		return fmt.Errorf("printing the report: %w", err)
	}
	return nil
}
