package sqlite_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"accord/internal/store/sqlite"
)

// lockedFile, in the environment, makes this test program one that holds that
// file locked until its standard input ends; lockedBy is the statement it does it
// with.
const (
	lockedFile = "ACCORD_TEST_LOCKED_FILE"
	lockedBy   = "ACCORD_TEST_LOCKED_BY"
)

func holdLocked(path string) error {
	ctx := context.Background()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return fmt.Errorf("open: %w", err)
	}
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, os.Getenv(lockedBy)); err != nil { //nolint:gosec // the test that started this process says how it locks
		return fmt.Errorf("lock: %w", err)
	}
	_, _ = fmt.Fprintln(os.Stdout, "locked")
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return fmt.Errorf("wait: %w", err)
	}
	return db.Close() //nolint:wrapcheck // the last thing this process does
}

// lockElsewhere makes another process hold a file locked, and returns what makes
// it let go.
func lockElsewhere(t *testing.T, path, statement string) (letGo func()) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), program)
	command.Env = append(os.Environ(), lockedFile+"="+path, lockedBy+"="+statement)
	command.Stderr = os.Stderr
	input, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(output).ReadString('\n'); err != nil || line != "locked\n" {
		t.Fatalf("the other process holds no lock: %q, %v", line, err)
	}
	return func() {
		t.Helper()
		if err := errors.Join(input.Close(), command.Wait()); err != nil {
			t.Errorf("the other process: %v", err)
		}
	}
}

// Another program that writes into the file makes nothing be lost: batches wait
// for it and are then refused, and when it lets go all is as before.
func TestAFileLockedByAnotherProgramRefusesAndIsGotOverWithoutARestart(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	l := &ledger{}
	s := open(t, path, byUpdate)
	if err := l.save(t, s, 1); err != nil {
		t.Fatal(err)
	}
	letGo := lockElsewhere(t, path, "BEGIN IMMEDIATE")
	for _, err := range l.saveUntilRefused(t, s, 100) {
		says(t, err, saysLocked)
	}
	l.check(t, s)
	letGo()
	if err := l.save(t, s, 2); err != nil {
		t.Fatal(err)
	}
	l.check(t, s)
}

func TestAFileThatStaysLockedDoesNotOpen(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	l := &ledger{}
	s := open(t, path, byUpdate)
	if err := l.save(t, s, 1); err != nil {
		t.Fatal(err)
	}
	shut(t, s)
	letGo := lockElsewhere(t, path, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE")
	opening(t, path, saysLocked)
	letGo()
	l.check(t, open(t, path, byUpdate))
}

// The lock on the folder is another Accord's; it says so at once, and it goes with
// the process that held it, however that ended.
func TestASecondProcessOnOneFolderIsRefusedAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	letGo := lockElsewhere(t, path+".lock", "BEGIN EXCLUSIVE")
	err := reopen(t, path, byUpdate)
	if want := "another Accord has the data folder open: stop that one, or start this one on another folder"; !errors.Is(err, sqlite.ErrInUse) || err.Error() != want {
		t.Errorf("got %v", err)
	}
	letGo()
	if err := reopen(t, path, byUpdate); err != nil {
		t.Fatal(err)
	}
}
