package secrets

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
)

// Files are the names of what a key folder holds, in the order in which a backup
// has them. The rest of the folder belongs to a running program.
func Files() []string { return []string{databaseFile, masterFile} }

// Contents says what a key folder holds, without a key.
type Contents struct {
	Schema     int64
	Alive      int64 // families with a key
	Destroyed  int64 // families whose key was destroyed
	Origin     string
	Verifier   string
	Checkpoint []byte // newest of the audit log that was kept; nil when none was
}

// Snapshot is a key folder as it was at one moment, in memory: copies of keys on a
// disk would outlive their destruction.
type Snapshot struct {
	Contents
	Files [][]byte // the contents of Files()
}

// TakeSnapshot copies a key folder that may be in use. It finds a damaged keys.db,
// and a master key that does not open it.
func TakeSnapshot(ctx context.Context, dir string) (snapshot Snapshot, err error) {
	err = readFolder(ctx, dir, inUse, func(f *folder) error {
		if snapshot.Contents, err = f.contents(ctx); err != nil {
			return err
		}
		var database, master []byte
		if database, err = f.copyDatabase(); err != nil {
			return err
		}
		master, err = os.ReadFile(filepath.Join(dir, masterFile)) //nolint:gosec // the folder is the operator's
		if err != nil {
			return fmt.Errorf("read the master key: %w", err)
		}
		snapshot.Files = [][]byte{database, master}
		return nil
	})
	return snapshot, err
}

// Inspect says what a key folder holds that nobody uses. It leaves nothing in it.
func Inspect(ctx context.Context, dir string) (contents Contents, err error) {
	err = readFolder(ctx, dir, alone, func(f *folder) error {
		contents, err = f.contents(ctx)
		return err
	})
	return contents, err
}

// folder is a key folder, read in one transaction.
type folder struct {
	keyring *Keyring // to unwrap with; no more of it is there
	conn    *sql.Conn
	tx      *sql.Tx
}

// How a key folder is read: beside whoever uses it, or with nobody using it, and
// then without the files that SQLite makes beside a database.
const (
	inUse = "&mode=ro"
	alone = "&immutable=1"
)

// readFolder reads an existing key folder as it is at one moment.
func readFolder(ctx context.Context, dir, how string, read func(*folder) error) (err error) {
	for _, name := range Files() {
		var there bool
		if there, err = exists(filepath.Join(dir, name)); err != nil {
			return err
		}
		if !there {
			return fmt.Errorf("this folder is no key folder: it holds no %s", name)
		}
	}
	defer func() { err = advised(err) }()
	f := &folder{keyring: &Keyring{}}
	if f.keyring.master, err = readMasterKey(dir); err != nil {
		return err
	}
	path, err := filepath.Abs(filepath.Join(dir, databaseFile))
	if err != nil {
		return fmt.Errorf("open %s: %w", databaseFile, err)
	}
	parameters := url.Values{"_pragma": {"busy_timeout(5000)", "query_only(1)"}}
	source := url.URL{Scheme: "file", Path: path, RawQuery: parameters.Encode() + how}
	database, err := sql.Open("sqlite", source.String())
	if err != nil {
		return fmt.Errorf("open %s: %w", databaseFile, err)
	}
	defer func() { err = errors.Join(err, database.Close()) }()
	if f.conn, err = database.Conn(ctx); err != nil {
		return fmt.Errorf("open %s: %w", databaseFile, err)
	}
	defer func() { err = errors.Join(err, f.conn.Close()) }()
	if f.tx, err = f.conn.BeginTx(ctx, nil); err != nil {
		return fmt.Errorf("read %s: %w", databaseFile, err)
	}
	defer func() { err = errors.Join(err, rolledBack(f.tx)) }()
	return read(f)
}

func (f *folder) contents(ctx context.Context) (Contents, error) {
	var c Contents
	var verdict string
	if err := f.tx.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return c, fmt.Errorf("check %s: %w", databaseFile, err)
	}
	if verdict != "ok" {
		return c, errDamaged
	}
	if err := f.tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&c.Schema); err != nil {
		return c, fmt.Errorf("read the version of %s: %w", databaseFile, err)
	}
	if c.Schema != keySchemaVersion {
		return c, fmt.Errorf("%s is of version %d; this Accord reads version %d, which it becomes when the program is started on it", databaseFile, c.Schema, keySchemaVersion)
	}
	err := f.tx.QueryRowContext(ctx, "SELECT count(wrapped), count(destroyed) FROM key").Scan(&c.Alive, &c.Destroyed)
	if err != nil {
		return c, fmt.Errorf("read %s: %w", databaseFile, err)
	}
	material, err := f.keyring.openPurpose(ctx, f.tx, purposeLog)
	if err != nil {
		return c, err
	}
	f.keyring.purposes = map[string][]byte{purposeLog: material}
	log, err := f.keyring.LogKey()
	if err != nil {
		return c, err
	}
	c.Origin, c.Verifier = log.Origin, log.Verifier
	c.Checkpoint, err = keptCheckpoint(ctx, f.tx)
	return c, err
}

// copyDatabase copies keys.db as the transaction sees it.
func (f *folder) copyDatabase() (copied []byte, err error) {
	err = f.conn.Raw(func(driver any) (err error) {
		copier, ok := driver.(interface{ Serialize() ([]byte, error) }) //nolint:misspell // the driver spells it so
		if !ok {
			return errors.New("the driver cannot copy a database")
		}
		copied, err = copier.Serialize() //nolint:misspell // the driver spells it so
		return err                       //nolint:wrapcheck // wrapped below
	})
	if err != nil {
		return nil, fmt.Errorf("copy %s: %w", databaseFile, err)
	}
	return copied, nil
}
