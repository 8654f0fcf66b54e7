package program

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"accord/internal/audit"
)

// DataFolder and KeyFolder are what a demo's folder holds.
const (
	DataFolder = "data"
	KeyFolder  = "keys"
)

// VerifyAudit walks the audit log of a data folder, or of a cluster whose address
// is given, beside a running program too. It needs no key: the folder holds the
// public half. False: the log is not what it was, and the report says from which
// entry on.
func VerifyAudit(ctx context.Context, folder, cluster string) (report string, sound bool, err error) {
	folder = dataFolder(folder)
	origin, err := audit.ReadOrigin(folder)
	if err != nil {
		return "", false, fmt.Errorf("reading whose log it is: %w", err)
	}
	log, err := openLog(ctx, folder, cluster)
	if err != nil {
		return "", false, err
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
func withoutEntries(ctx context.Context, log logReader, walked audit.Report) (report string, sound bool, err error) {
	holds, err := log.HoldsDocuments(ctx)
	if err != nil {
		return "", false, fmt.Errorf("looking for documents: %w", err)
	}
	if holds {
		walked.Break = &audit.Break{First: 0, Last: 0, What: "the log is gone, and there are documents without it"}
	}
	return walked.String(), !holds, nil
}

// dataFolder is the data folder that is meant: the folder of a demo holds data and
// keys beside each other.
func dataFolder(folder string) string {
	if inner := filepath.Join(folder, DataFolder); isFolder(inner) {
		return inner
	}
	return folder
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
