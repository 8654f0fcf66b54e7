package secrets

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// KeptCheckpoint returns the newest checkpoint of the audit log that was kept
// beside the keys; nil when none was. A log that does not begin with everything it
// signs is not the one these keys have seen.
func (k *Keyring) KeptCheckpoint(ctx context.Context) (signed []byte, err error) {
	return keptCheckpoint(ctx, k.database)
}

// rowQuerier is a database or a transaction.
type rowQuerier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func keptCheckpoint(ctx context.Context, from rowQuerier) (signed []byte, err error) {
	err = from.QueryRowContext(ctx, "SELECT signed FROM checkpoint").Scan(&signed)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("read the checkpoint in %s: %w", databaseFile, err)
	}
	return signed, nil
}

// KeepCheckpoint keeps a checkpoint in the place of the one before; it is durable
// when KeepCheckpoint returns. The caller has proved that the log has grown to it
// from the one before.
func (k *Keyring) KeepCheckpoint(ctx context.Context, signed []byte) error {
	k.writing.Lock()
	defer k.writing.Unlock()
	return inTransaction(ctx, k.database, func(tx *sql.Tx) error { return k.keepCheckpoint(ctx, tx, signed) })
}

func (k *Keyring) keepCheckpoint(ctx context.Context, tx *sql.Tx, signed []byte) error {
	_, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO checkpoint (one, signed, kept) VALUES (1, ?, ?)", signed, k.clock().UnixMilli())
	if err != nil {
		return fmt.Errorf("keep the checkpoint in %s: %w", databaseFile, err)
	}
	return nil
}

// Acceptance says that somebody who runs Accord knows that the audit log is not
// the one the keys had seen, and goes on with it.
type Acceptance struct {
	At     time.Time `json:"-"`      // by the millisecond, UTC
	Seen   []byte    `json:"seen"`   // the checkpoint that was kept
	Found  []byte    `json:"found"`  // the newest checkpoint of the log as it was found; nil for an empty log
	Reason string    `json:"reason"` // in their words; sealed with the master key
}

// Accept enters the acceptance and keeps the checkpoint that the log goes on from,
// both or neither.
func (k *Keyring) Accept(ctx context.Context, acceptance Acceptance, signed []byte) error {
	at := acceptance.At.UnixMilli()
	text, err := json.Marshal(acceptance)
	if err != nil {
		return fmt.Errorf("write an acceptance: %w", err)
	}
	told, err := k.master.Encrypt(text, acceptanceBinding(at))
	if err != nil {
		return fmt.Errorf("seal an acceptance: %w", err)
	}
	k.writing.Lock()
	defer k.writing.Unlock()
	return inTransaction(ctx, k.database, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "INSERT INTO acceptance (at, told) VALUES (?, ?)", at, told); err != nil {
			return fmt.Errorf("enter an acceptance in %s: %w", databaseFile, err)
		}
		return k.keepCheckpoint(ctx, tx, signed)
	})
}

// ReadAcceptances returns what was accepted, oldest first, from the folder of a
// keyring that may be in use, and what else that folder holds.
func ReadAcceptances(ctx context.Context, dir string) (contents Contents, acceptances []Acceptance, err error) {
	err = readFolder(ctx, dir, inUse, func(f *folder) (err error) {
		if contents, err = f.contents(ctx); err != nil {
			return err
		}
		rows, err := f.tx.QueryContext(ctx, "SELECT at, told FROM acceptance ORDER BY n")
		if err != nil {
			return fmt.Errorf("read %s: %w", databaseFile, err)
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		for rows.Next() {
			var at int64
			var told []byte
			if err := rows.Scan(&at, &told); err != nil {
				return fmt.Errorf("read %s: %w", databaseFile, err)
			}
			text, err := f.keyring.master.Decrypt(told, acceptanceBinding(at))
			if err != nil {
				return fmt.Errorf("an acceptance in %s does not open", databaseFile)
			}
			acceptance := Acceptance{At: time.UnixMilli(at).UTC()}
			if err := json.Unmarshal(text, &acceptance); err != nil {
				return fmt.Errorf("an acceptance in %s is malformed", databaseFile)
			}
			acceptances = append(acceptances, acceptance)
		}
		return rows.Err()
	})
	return contents, acceptances, err
}

func acceptanceBinding(at int64) []byte { return []byte("acceptance/" + strconv.FormatInt(at, 10)) }
