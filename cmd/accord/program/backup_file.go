package program

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"accord/internal/backup"
)

// MakeBackupKey makes a key for backups of one purpose, in a file of its own, and
// returns its fingerprint.
func MakeBackupKey(purpose backup.Purpose, to string) (fingerprint string, err error) {
	key, err := backup.NewKey(purpose)
	if err != nil {
		return "", fmt.Errorf("making a backup key: %w", err)
	}
	text, err := key.Text()
	if err != nil {
		return "", fmt.Errorf("making a backup key: %w", err)
	}
	err = newFile(to, func(w io.Writer) error {
		_, failed := w.Write(text)
		return failed //nolint:wrapcheck // newFile says which file
	}, func(r io.Reader) error {
		return sameContent(r, bytes.NewReader(text))
	})
	return key.Fingerprint(), err
}

var errNotAsWritten = errors.New("what was written is not what is read back: see what the system says about the disk")

// readBackupKey reads the file of a key that must be for this purpose.
func readBackupKey(path string, purpose backup.Purpose) (backup.Key, error) {
	file, err := os.Open(path) //nolint:gosec // the operator names it
	if err != nil {
		return backup.Key{}, fmt.Errorf("reading the backup key: %w", err)
	}
	defer func() { _ = file.Close() }() // it was only read
	info, err := file.Stat()
	if err != nil {
		return backup.Key{}, fmt.Errorf("reading the backup key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return backup.Key{}, errors.New("the backup key can be read by others than its owner: give its file mode 0600")
	}
	text, err := io.ReadAll(io.LimitReader(file, backup.MaxKeyFile))
	if err != nil {
		return backup.Key{}, fmt.Errorf("reading the backup key: %w", err)
	}
	key, err := backup.ParseKey(text)
	if err != nil {
		return backup.Key{}, err //nolint:wrapcheck // said as it is
	}
	return key, key.For(purpose) //nolint:wrapcheck // said as it is
}

// newFile writes a file that is not there yet: under another name beside it first,
// and read back from there, before it appears in its place, whole and durable. When
// anything fails, nothing is left.
func newFile(path string, write func(io.Writer) error, check func(io.Reader) error) (err error) {
	if err = mustBeNew(path); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*") // mode 0600
	if err != nil {
		return fmt.Errorf("writing %s: %w", filepath.Base(path), err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, removeIfThere(file.Name()))
		}
	}()
	err = write(file)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", filepath.Base(path), err)
	}
	if err = readBack(file.Name(), check); err != nil {
		return fmt.Errorf("reading %s back: %w", filepath.Base(path), err)
	}
	if err = mustBeNew(path); err != nil {
		return err
	}
	if err = os.Rename(file.Name(), path); err != nil {
		return fmt.Errorf("writing %s: %w", filepath.Base(path), err)
	}
	return syncFolder(filepath.Dir(path))
}

func mustBeNew(path string) error {
	if folder := filepath.Dir(path); !isFolder(folder) {
		return fmt.Errorf("%s is not there, in which %s is to be made: make that folder first", folder, filepath.Base(path))
	}
	_, err := os.Lstat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("looking for %s: %w", filepath.Base(path), err)
	default:
		return fmt.Errorf("%s is there already: choose another name", filepath.Base(path))
	}
}

func readBack(path string, check func(io.Reader) error) (err error) {
	file, err := os.Open(path) //nolint:gosec // it was made here
	if err != nil {
		return err //nolint:wrapcheck // newFile says which file
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return check(file)
}

// sameContent returns an error unless both readers give the same bytes.
func sameContent(a, b io.Reader) error {
	const step = 64 << 10
	one, two := make([]byte, step), make([]byte, step)
	for {
		n, err := io.ReadFull(a, one)
		m, other := io.ReadFull(b, two)
		if failed := errors.Join(notEnd(err), notEnd(other)); failed != nil {
			return failed
		}
		if n != m || !bytes.Equal(one[:n], two[:m]) {
			return errNotAsWritten
		}
		if n < step {
			return nil
		}
	}
}

func notEnd(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("removing what was begun: %w", err)
	}
	return nil
}

// syncFolder makes the names in a folder durable.
func syncFolder(folder string) error {
	names, err := os.Open(folder) //nolint:gosec // the folder is the operator's
	if err != nil {
		return fmt.Errorf("syncing a folder: %w", err)
	}
	if err := errors.Join(names.Sync(), names.Close()); err != nil {
		return fmt.Errorf("syncing a folder: %w", err)
	}
	return nil
}
