package program

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"accord/internal/audit"
	"accord/internal/backup"
	"accord/internal/secrets"
	"accord/internal/store/sqlite"
)

// BackupRequest says what is backed up.
type BackupRequest struct {
	Folder string // data or keys; their program may be running
	To     string // file that is not there yet
	Key    string // file of a backup key for this purpose
	Clock  func() time.Time
}

// snapshotFile is the name, in the data folder, of the copy that a backup is made
// from; it is there only meanwhile.
const snapshotFile = ".snapshot.db"

// BackupData writes an encrypted backup of a data folder as it is at one moment,
// reads it back, and returns what it holds. It refuses data that is damaged.
func BackupData(ctx context.Context, request BackupRequest) (_ backup.Header, err error) {
	key, err := readyFor(request, backup.Data)
	if err != nil {
		return backup.Header{}, err
	}
	if request.Folder, err = dataFolder(request.Folder); err != nil {
		return backup.Header{}, err
	}
	origin, err := audit.ReadOrigin(request.Folder)
	if errors.Is(err, os.ErrNotExist) {
		return backup.Header{}, fmt.Errorf("%s is no data folder: it holds no %s", request.Folder, audit.OriginFile)
	}
	if err != nil {
		return backup.Header{}, fmt.Errorf("reading whose log it is: %w", err)
	}
	if !holdsStore(request.Folder) {
		return backup.Header{}, fmt.Errorf("there is no store in %s to back up: documents in a cluster are backed up with the cluster's own tools", request.Folder)
	}
	if err = mustHoldAll(ctx, filepath.Join(request.Folder, StoreFile)); err != nil {
		return backup.Header{}, err
	}
	snapshot, err := sqlite.TakeSnapshot(ctx, filepath.Join(request.Folder, StoreFile), filepath.Join(request.Folder, snapshotFile))
	if errors.Is(err, sqlite.ErrInUse) {
		return backup.Header{}, errors.New("another backup of this data folder is under way")
	}
	if err != nil {
		return backup.Header{}, fmt.Errorf("copying the store: %w", err)
	}
	defer func() { err = errors.Join(err, snapshot.Close()) }()
	header, err := describeData(ctx, snapshot.LogFile, origin)
	if err != nil {
		return backup.Header{}, err
	}
	info, err := os.Stat(snapshot.Path)
	if err != nil {
		return backup.Header{}, fmt.Errorf("looking at the copy of the store: %w", err)
	}
	header.Made = request.Clock().UTC().Truncate(time.Second)
	header.Files = []backup.File{
		{Name: audit.OriginFile, Size: int64(len(origin.Text()))},
		{Name: StoreFile, Size: info.Size()},
	}
	return writeBackup(request.To, key, header, func() (contents []io.Reader, done func() error, err error) {
		file, err := os.Open(snapshot.Path)
		if err != nil {
			return nil, nil, fmt.Errorf("opening the copy of the store: %w", err)
		}
		return []io.Reader{strings.NewReader(origin.Text()), file}, file.Close, nil
	})
}

// BackupKeys writes an encrypted backup of a key folder, reads it back, and returns
// what it holds.
func BackupKeys(ctx context.Context, request BackupRequest) (backup.Header, error) {
	key, err := readyFor(request, backup.Keys)
	if err != nil {
		return backup.Header{}, err
	}
	if request.Folder, err = keyFolder(request.Folder); err != nil {
		return backup.Header{}, err
	}
	snapshot, err := secrets.TakeSnapshot(ctx, request.Folder)
	if err != nil {
		return backup.Header{}, fmt.Errorf("copying the keys: %w", err)
	}
	header, err := describeKeys(snapshot.Contents)
	if err != nil {
		return backup.Header{}, err
	}
	header.Made = request.Clock().UTC().Truncate(time.Second)
	for i, name := range secrets.Files() {
		header.Files = append(header.Files, backup.File{Name: name, Size: int64(len(snapshot.Files[i]))})
	}
	return writeBackup(request.To, key, header, func() (contents []io.Reader, done func() error, err error) {
		for _, content := range snapshot.Files {
			contents = append(contents, bytes.NewReader(content))
		}
		return contents, func() error { return nil }, nil
	})
}

// mustHoldAll refuses to back up a store that has lost what was acknowledged: such
// a backup would take the place of a better one.
func mustHoldAll(ctx context.Context, path string) (err error) {
	log, err := sqlite.OpenLog(ctx, path)
	if err != nil {
		return fmt.Errorf("opening the store: %w", err)
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	missing, err := log.HoldToMark(ctx)
	if err == nil && missing != nil {
		return errors.New("the store has lost changes that were acknowledged: keep the older backups, take none of it, and restore the one with the most entries")
	}
	if sqlite.IsDamagedMark(err) {
		return nil // it tells nothing, and the program does not start on it
	}
	return err //nolint:wrapcheck // it is one sentence for the operator
}

// readyFor looks at what would refuse a backup in the end, before the long work.
func readyFor(request BackupRequest, purpose backup.Purpose) (backup.Key, error) {
	key, err := readBackupKey(request.Key, purpose)
	if err != nil {
		return backup.Key{}, err
	}
	return key, mustBeNew(request.To)
}

// writeBackup writes the backup, and compares what it decrypts to with the
// contents, opened again.
func writeBackup(to string, key backup.Key, header backup.Header, open func() ([]io.Reader, func() error, error)) (written backup.Header, err error) {
	err = newFile(to, func(w io.Writer) (err error) {
		contents, done, err := open()
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, done()) }()
		return backup.Write(w, key, header, contents) //nolint:wrapcheck // newFile says which file
	}, func(r io.Reader) (err error) {
		contents, done, err := open()
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, done()) }()
		opened, err := backup.Open(r, key, header.Holds)
		if err != nil {
			return err //nolint:wrapcheck // newFile says which file
		}
		written = opened.Header
		next := 0
		return opened.Files(func(_ backup.File, content io.Reader) error { //nolint:wrapcheck // newFile says which file
			next++
			return sameContent(content, contents[next-1])
		})
	})
	return written, err
}

// describeData checks a store's file that nobody writes to, walks its log, and
// says what it holds. Key, time and files are left to the caller.
func describeData(ctx context.Context, log *sqlite.LogFile, origin audit.Origin) (backup.Header, error) {
	if err := log.Check(ctx); err != nil {
		return backup.Header{}, fmt.Errorf("checking the store: %w", err)
	}
	contents, err := log.Contents(ctx)
	if err != nil {
		return backup.Header{}, fmt.Errorf("looking into the store: %w", err)
	}
	report, err := audit.Verify(ctx, log, origin)
	if err != nil {
		return backup.Header{}, fmt.Errorf("proving the audit log: %w", err)
	}
	header := backup.Header{Holds: backup.Data, Origin: origin.Name, Entries: report.Entries, Schema: contents.Schema}
	if report.Entries > 0 {
		header.Root = report.Signed.Hash.String()
	}
	for _, count := range contents.Documents {
		header.Counts = append(header.Counts, backup.Count{Of: string(count.Kind), Number: count.Number})
	}
	if report.Entries == 0 && len(contents.Documents) > 0 {
		return backup.Header{}, errors.New("the audit log is gone and documents are there without it: restore the last good backup")
	}
	return header, nil
}

// describeKeys says what a key folder holds. Key, time and files are left to the
// caller.
func describeKeys(contents secrets.Contents) (backup.Header, error) {
	header := backup.Header{
		Holds: backup.Keys, Origin: contents.Origin, Schema: contents.Schema,
		Counts: []backup.Count{{Of: "alive", Number: contents.Alive}, {Of: "destroyed", Number: contents.Destroyed}},
	}
	if contents.Checkpoint == nil {
		return header, nil
	}
	tree, err := audit.OpenCheckpoint(audit.Origin{Name: contents.Origin, Verifier: contents.Verifier}, contents.Checkpoint)
	if err != nil {
		return backup.Header{}, fmt.Errorf("reading the checkpoint that the keys have kept: %w", err)
	}
	header.Entries, header.Root = tree.N, tree.Hash.String()
	return header, nil
}

// ShowBackup reads the header of a backup, which proves nothing without the key.
func ShowBackup(path string) (backup.Header, error) {
	file, err := os.Open(path) //nolint:gosec // the operator names it
	if err != nil {
		return backup.Header{}, fmt.Errorf("opening the backup: %w", err)
	}
	defer func() { _ = file.Close() }() // it was only read
	return backup.ReadHeader(file)      //nolint:wrapcheck // said as it is
}
