package program

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"accord/internal/audit"
	"accord/internal/store/sqlite"
)

// DataFolder and KeyFolder are what a demo's folder holds.
const (
	DataFolder = "data"
	KeyFolder  = "keys"
)

// VerifyAudit walks the audit log of a data folder, beside a running program
// too. It needs no key: the folder holds the public half. False: the log is not what
// it was, and the report says from which entry on.
func VerifyAudit(ctx context.Context, folder string) (report string, sound bool, err error) {
	if inner := filepath.Join(folder, DataFolder); isFolder(inner) {
		folder = inner // the folder of a demo holds data and keys beside each other
	}
	origin, err := audit.ReadOrigin(folder)
	if err != nil {
		return "", false, fmt.Errorf("reading whose log it is: %w", err)
	}
	log, err := sqlite.OpenLog(ctx, filepath.Join(folder, StoreFile))
	if err != nil {
		return "", false, fmt.Errorf("opening the log: %w", err)
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	walked, err := audit.Verify(ctx, log, origin)
	if err != nil && !errors.Is(err, audit.ErrBroken) {
		return "", false, fmt.Errorf("walking the log: %w", err)
	}
	if err == nil && walked.Entries == 0 {
		return withoutEntries(ctx, log, walked)
	}
	return walked.String(), err == nil, nil
}

// withoutEntries tells an empty log from one that was taken away: nothing is ever
// written without its entry.
func withoutEntries(ctx context.Context, log *sqlite.LogFile, walked audit.Report) (report string, sound bool, err error) {
	documents, err := log.Documents(ctx)
	if err != nil {
		return "", false, fmt.Errorf("counting documents: %w", err)
	}
	if documents > 0 {
		walked.Break = &audit.Break{First: 0, Last: 0, What: fmt.Sprintf("the log is gone; %d documents are there without it", documents)}
	}
	return walked.String(), documents == 0, nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
