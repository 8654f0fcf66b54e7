package secrets

import (
	"context"
	"database/sql"
	"fmt"

	"accord/internal/secrets/cursors"
)

// Purposes that have a key of their own in the keyring.
const (
	purposeCursor = "cursor"
	purposeBlind  = "blind"
	purposeLog    = "audit-log"
)

// openPurposes reads the keys of all purposes and makes those that do not exist,
// in one commit.
func (k *Keyring) openPurposes(ctx context.Context) (map[string][]byte, error) {
	opened := make(map[string][]byte)
	makers := []struct {
		name string
		make func(*entropy) ([]byte, error)
	}{
		{purposeCursor, randomMaterial(cursors.KeySize)},
		{purposeBlind, randomMaterial(blindKeySize)},
		{purposeLog, makeLogKey},
	}
	err := inTransaction(ctx, k.database, func(tx *sql.Tx) error {
		for _, purpose := range makers {
			material, err := k.openPurpose(ctx, tx, purpose.name)
			if err != nil {
				return err
			}
			if material == nil {
				if material, err = purpose.make(k.entropy); err != nil {
					return err
				}
				if err := k.keepPurpose(ctx, tx, purpose.name, material); err != nil {
					return err
				}
			}
			opened[purpose.name] = material
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return opened, nil
}

// openPurpose returns nil for a purpose that has no key yet.
func (k *Keyring) openPurpose(ctx context.Context, tx *sql.Tx, name string) ([]byte, error) {
	rows, err := tx.QueryContext(ctx, "SELECT wrapped FROM purpose WHERE name = ?", name)
	if err != nil {
		return nil, fmt.Errorf("read the %s key: %w", name, err)
	}
	defer func() { _ = rows.Close() }() // rows.Err below tells what went wrong
	var wrapped []byte
	for rows.Next() {
		if err = rows.Scan(&wrapped); err != nil {
			return nil, fmt.Errorf("read the %s key: %w", name, err)
		}
	}
	if err = rows.Err(); err != nil {
		return nil, fmt.Errorf("read the %s key: %w", name, err)
	}
	if wrapped == nil {
		return nil, nil
	}
	material, err := k.master.Decrypt(wrapped, purposeBinding(name))
	if err != nil {
		return nil, fmt.Errorf("the master key does not open %s: it belongs to another key folder", databaseFile)
	}
	return material, nil
}

func (k *Keyring) keepPurpose(ctx context.Context, tx *sql.Tx, name string, material []byte) error {
	wrapped, err := k.master.Encrypt(material, purposeBinding(name))
	if err != nil {
		return fmt.Errorf("wrap the %s key: %w", name, err)
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO purpose (name, wrapped, created) VALUES (?, ?, ?)",
		name, wrapped, k.clock().UnixMilli())
	if err != nil {
		return fmt.Errorf("keep the %s key: %w", name, err)
	}
	return nil
}

func randomMaterial(size int) func(*entropy) ([]byte, error) {
	return func(random *entropy) ([]byte, error) {
		material := make([]byte, size)
		if err := random.fill(material); err != nil {
			return nil, err
		}
		return material, nil
	}
}

func purposeBinding(name string) []byte { return []byte("purpose/" + name) }
