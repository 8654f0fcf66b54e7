package program

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"accord/internal/audit"
	"accord/internal/backup"
	"accord/internal/secrets"
	"accord/internal/store/sqlite"
)

// RestoreRequest says what is restored.
type RestoreRequest struct {
	From   string // file of a backup
	Folder string // data or keys; empty, or not there yet
	Key    string // file of the backup key it was made with
}

// restoringFolder is the name, in the folder that is restored to, of the folder
// that holds what is not proved yet.
const restoringFolder = ".restoring"

// RestoreData puts a backup of the data into an empty folder, whole and proved, or
// leaves the folder as it was.
func RestoreData(ctx context.Context, request RestoreRequest) (backup.Header, error) {
	return restore(request, backup.Data, []string{audit.OriginFile, StoreFile}, func(folder string) (backup.Header, error) {
		origin, err := audit.ReadOrigin(folder)
		if err != nil {
			return backup.Header{}, fmt.Errorf("reading whose log it is: %w", err)
		}
		log, err := sqlite.OpenLog(ctx, filepath.Join(folder, StoreFile))
		if err != nil {
			return backup.Header{}, fmt.Errorf("opening the store: %w", err)
		}
		header, err := describeData(ctx, log, origin)
		return header, errors.Join(err, log.Close())
	})
}

// RestoreKeys puts a backup of the keys into an empty folder, whole and proved, or
// leaves the folder as it was.
func RestoreKeys(ctx context.Context, request RestoreRequest) (backup.Header, error) {
	return restore(request, backup.Keys, secrets.Files(), func(folder string) (backup.Header, error) {
		contents, err := secrets.Inspect(ctx, folder)
		if err != nil {
			return backup.Header{}, fmt.Errorf("looking into the keys: %w", err)
		}
		return describeKeys(contents)
	})
}

// restore writes the files of a backup beside their places, compares what they hold
// with what the backup says it holds, and only then puts them there: the last of
// the names is the one without which the folder is nothing.
func restore(request RestoreRequest, purpose backup.Purpose, names []string, describe func(folder string) (backup.Header, error)) (_ backup.Header, err error) {
	key, err := readBackupKey(request.Key, purpose)
	if err != nil {
		return backup.Header{}, err
	}
	file, err := os.Open(request.From)
	if err != nil {
		return backup.Header{}, fmt.Errorf("opening the backup: %w", err)
	}
	defer func() { _ = file.Close() }() // it was only read
	opened, err := backup.Open(file, key, purpose)
	if err != nil {
		return backup.Header{}, err //nolint:wrapcheck // said as it is
	}
	made, err := emptyFolder(request.Folder)
	if err != nil {
		return backup.Header{}, err
	}
	staging := filepath.Join(request.Folder, restoringFolder)
	var placed []string
	defer func() {
		if err != nil {
			err = errors.Join(err, takeBack(request.Folder, staging, placed, made))
		}
	}()
	if err = os.Mkdir(staging, 0o700); err != nil {
		return backup.Header{}, fmt.Errorf("making a folder: %w", err)
	}
	if err = writeFiles(opened, staging, names); err != nil {
		return backup.Header{}, err
	}
	described, err := describe(staging)
	if err != nil {
		return backup.Header{}, err
	}
	if err = sameContents(opened.Header, described); err != nil {
		return backup.Header{}, err
	}
	for _, name := range names {
		if err = os.Rename(filepath.Join(staging, name), filepath.Join(request.Folder, name)); err != nil {
			return backup.Header{}, fmt.Errorf("putting %s in its place: %w", name, err)
		}
		placed = append(placed, name)
		if err = syncFolder(request.Folder); err != nil {
			return backup.Header{}, err
		}
	}
	if err = os.Remove(staging); err != nil {
		return backup.Header{}, fmt.Errorf("removing a folder: %w", err)
	}
	return opened.Header, nil
}

// emptyFolder makes the folder, or returns an error unless it is empty.
func emptyFolder(path string) (made bool, err error) {
	entries, err := os.ReadDir(path)
	switch {
	case IsCluster(path):
		return false, errors.New("a backup is restored to a folder, not to a cluster")
	case errors.Is(err, os.ErrNotExist) && !isFolder(filepath.Dir(path)):
		return false, fmt.Errorf("%s is not there, in which %s is to be made: make that folder first", filepath.Dir(path), filepath.Base(path))
	case errors.Is(err, os.ErrNotExist):
		if err = os.Mkdir(path, 0o700); err != nil {
			return false, fmt.Errorf("making the folder: %w", err)
		}
		return true, nil
	case err != nil:
		return false, fmt.Errorf("looking into the folder: %w", err)
	case len(entries) > 0:
		return false, errors.New("the folder to restore to is not empty: choose another, nothing in it was touched")
	default:
		return false, nil
	}
}

// takeBack leaves the folder as it was found.
func takeBack(folder, staging string, placed []string, made bool) error {
	var errs []error
	for _, name := range slices.Backward(placed) {
		errs = append(errs, removeIfThere(filepath.Join(folder, name)))
	}
	errs = append(errs, os.RemoveAll(staging))
	if made {
		errs = append(errs, os.Remove(folder))
	}
	return errors.Join(errs...)
}

// writeFiles writes the files of a backup, which must have these names, durably.
func writeFiles(opened *backup.Opened, folder string, names []string) error {
	var held []string
	for _, file := range opened.Header.Files {
		held = append(held, file.Name)
	}
	if !slices.Equal(held, names) {
		return fmt.Errorf("this backup holds other files than a backup of the %s", opened.Header.Holds)
	}
	err := opened.Files(func(file backup.File, content io.Reader) (err error) {
		written, err := os.OpenFile(filepath.Join(folder, file.Name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // one of the names above
		if err != nil {
			return fmt.Errorf("writing %s: %w", file.Name, err)
		}
		defer func() { err = errors.Join(err, written.Close()) }()
		if _, err := io.Copy(written, content); err != nil {
			if errors.Is(err, backup.ErrDamaged) {
				return err //nolint:wrapcheck // said as it is
			}
			return fmt.Errorf("writing %s: %w", file.Name, err)
		}
		if err := written.Sync(); err != nil {
			return fmt.Errorf("writing %s: %w", file.Name, err)
		}
		return nil
	})
	if err != nil {
		return err //nolint:wrapcheck // said as it is
	}
	return syncFolder(folder)
}

// sameContents compares what a backup says it holds with what it held.
func sameContents(said, held backup.Header) error {
	if said.Origin != held.Origin || said.Entries != held.Entries || said.Root != held.Root ||
		said.Schema != held.Schema || !slices.Equal(said.Counts, held.Counts) {
		return errors.New("this backup does not hold what it says: nothing was restored")
	}
	return nil
}
