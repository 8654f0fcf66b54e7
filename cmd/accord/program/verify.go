package program

import (
	"context"
	"errors"
	"fmt"
	"os"

	"accord/internal/audit"
	"accord/internal/store/sqlite"
)

// Verified is what was found of an audit log and of what it lies in.
type Verified struct {
	Log audit.Report
	// Store is what SQLite says of the file of an embedded store, nil when every page
	// and every index is in order.
	Store error
	// Mark is why the file that says how far the log had come says nothing; nil when
	// it does, or is not there.
	Mark error

	embedded bool
}

// Sound reports whether the log is what it was and nothing beside it is damaged.
func (v Verified) Sound() bool { return v.Log.Break == nil && v.Store == nil && v.Mark == nil }

// String tells it in plain words.
func (v Verified) String() string {
	text := v.Log.String()
	if v.Log.Break == nil && v.Log.Entries > 0 {
		text += "Not proved here either: documents. Each is proved by its attestation when it is opened.\n"
	}
	if v.Mark != nil {
		text += "Mark:    DAMAGED. " + StoreFile + ".mark cannot be read, so that it does not show whether acknowledged entries are missing at the end.\n"
	}
	switch {
	case v.Store != nil:
		text += "Store:   DAMAGED. SQLite finds pages or indexes of " + StoreFile + " that are not in order.\n"
	case v.embedded:
		text += "Store:   SQLite finds every page and every index of " + StoreFile + " in order.\n"
	}
	return text
}

// VerifyAudit walks the audit log of a data folder, or of a cluster whose address
// is given, beside a running program too. It needs no key: the folder holds the
// public half. An embedded log is held against its mark, and its file is checked.
// An error that is os.ErrNotExist says that the folder holds no log.
func VerifyAudit(ctx context.Context, folder, cluster string) (verified Verified, err error) {
	if folder, err = dataFolder(folder); err != nil {
		return Verified{}, err
	}
	origin, err := audit.ReadOrigin(folder)
	if errors.Is(err, os.ErrNotExist) {
		return Verified{}, fmt.Errorf("%s holds no audit log of Accord", folder)
	}
	if err != nil {
		return Verified{}, fmt.Errorf("reading whose log it is: %w", err)
	}
	if err = oneStore(folder, cluster); err != nil {
		return Verified{}, err
	}
	log, err := openLog(ctx, folder, cluster)
	if err != nil {
		return Verified{}, err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	if verified.Log, err = audit.Verify(ctx, log, origin); err != nil && !errors.Is(err, audit.ErrBroken) {
		return Verified{}, fmt.Errorf("walking the log: %w", err)
	}
	if err == nil && verified.Log.Entries == 0 {
		if err := withoutEntries(ctx, log, &verified.Log); err != nil {
			return Verified{}, err
		}
	}
	if file, embedded := log.(*sqlite.LogFile); embedded {
		if err := lookAt(ctx, file, &verified); err != nil {
			return Verified{}, err
		}
	}
	return verified, nil
}

// withoutEntries tells an empty log from one that was taken away: nothing is ever
// written without its entry.
func withoutEntries(ctx context.Context, log logReader, walked *audit.Report) error {
	holds, err := log.HoldsDocuments(ctx)
	if err != nil {
		return fmt.Errorf("looking for documents: %w", err)
	}
	if holds {
		walked.Break = &audit.Break{First: 0, Last: 0, What: "the log is gone, and there are documents without it"}
	}
	return nil
}

// lookAt holds the log of an embedded store against its mark and checks the file.
func lookAt(ctx context.Context, file *sqlite.LogFile, v *Verified) error {
	v.embedded = true
	switch err := file.Check(ctx); {
	case sqlite.IsDamaged(err):
		v.Store = err
	case err != nil:
		return fmt.Errorf("checking the store: %w", err)
	}
	if v.Log.Break != nil { // no more is to be learnt from the mark
		return nil
	}
	missing, err := file.HoldToMark(ctx)
	switch {
	case sqlite.IsDamagedMark(err):
		v.Mark = err
	case err != nil:
		return fmt.Errorf("holding the log against its mark: %w", err)
	case missing == nil:
	case missing.Other:
		v.Log.Break = &audit.Break{First: 0, Last: missing.Marked - 1, What: "it is not the log that was acknowledged, by " + StoreFile + ".mark"}
	default:
		v.Log.Break = &audit.Break{First: missing.Found, Last: missing.Found, What: fmt.Sprintf(
			"acknowledged entries are missing: the log ends here, and %s.mark has seen %s", StoreFile, Entries(missing.Marked))}
	}
	return nil
}
