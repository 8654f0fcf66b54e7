package secrets

import (
	"context"
	"crypto/cipher"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
)

// FamilyKey seals and opens the sections of one family. It is safe for concurrent
// use, and opens nothing more once its family is destroyed.
type FamilyKey struct {
	ring   *Keyring
	family string
	aead   cipher.AEAD
}

// Family is the family the key belongs to.
func (f *FamilyKey) Family() string { return f.family }

// Family returns the key of a family and makes it on first use; it is durable
// when Family returns. ErrDestroyed when the family was destroyed.
func (k *Keyring) Family(ctx context.Context, family string) (*FamilyKey, error) {
	if key := k.cache.get(family); key != nil && !k.isDestroyed(family) {
		return key, nil
	}
	keys, err := k.Prepare(ctx, []string{family})
	if err != nil {
		return nil, err
	}
	return keys[family], nil
}

// Prepare returns the keys of all these families and makes those that do not
// exist, all in one commit: the way to make many. ErrDestroyed when one of them
// was destroyed.
func (k *Keyring) Prepare(ctx context.Context, families []string) (map[string]*FamilyKey, error) {
	keys, err := k.Existing(ctx, families)
	if err != nil {
		return nil, err
	}
	var missing []string
	for _, family := range families {
		if family == "" {
			return nil, errors.New("a family key needs the id of its family")
		}
		if keys[family] == nil {
			missing = append(missing, family)
		}
	}
	if len(missing) == 0 {
		return keys, nil
	}
	err = k.makeKeys(ctx, missing)
	if err != nil {
		return nil, err
	}
	// Read again: another caller may have been first, and its key is the key.
	made, err := k.Existing(ctx, missing)
	if err != nil {
		return nil, err
	}
	maps.Copy(keys, made)
	for _, family := range missing {
		if keys[family] == nil {
			return nil, ErrDestroyed
		}
	}
	return keys, nil
}

// Existing returns the keys of those families that have one and makes none:
// families that were destroyed or never had a key are not in the map.
func (k *Keyring) Existing(ctx context.Context, families []string) (map[string]*FamilyKey, error) {
	keys := make(map[string]*FamilyKey, len(families))
	var absent []string
	for _, family := range families {
		if k.isDestroyed(family) {
			continue
		}
		if key := k.cache.get(family); key != nil {
			keys[family] = key
			continue
		}
		absent = append(absent, family)
	}
	if len(absent) == 0 {
		return keys, nil
	}
	wrapped, err := k.readWrapped(ctx, absent)
	if err != nil {
		return nil, err
	}
	for family, sealed := range wrapped {
		material, err := k.master.Decrypt(sealed, familyBinding(family))
		if err != nil {
			return nil, fmt.Errorf("unwrap the key of a family: %w", err)
		}
		key, err := k.newFamilyKey(family, material)
		if err != nil {
			return nil, err
		}
		k.cache.put(key)
		keys[family] = key
	}
	return keys, nil
}

// Known returns the key of a family that has one, for opening; ErrDestroyed when
// it has none any more, or never had.
func (k *Keyring) Known(ctx context.Context, family string) (*FamilyKey, error) {
	if key := k.cache.get(family); key != nil && !k.isDestroyed(family) {
		return key, nil
	}
	keys, err := k.Existing(ctx, []string{family})
	if err != nil {
		return nil, err
	}
	if keys[family] == nil {
		return nil, ErrDestroyed
	}
	return keys[family], nil
}

// readWrapped reads the live keys of the families in one query.
func (k *Keyring) readWrapped(ctx context.Context, families []string) (map[string][]byte, error) {
	list, err := json.Marshal(families)
	if err != nil {
		return nil, fmt.Errorf("list families: %w", err)
	}
	rows, err := k.database.QueryContext(ctx,
		"SELECT family, wrapped FROM key WHERE family IN (SELECT value FROM json_each(?)) AND destroyed IS NULL", string(list))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", databaseFile, err)
	}
	defer func() { _ = rows.Close() }() // rows.Err below tells what went wrong
	wrapped := make(map[string][]byte, len(families))
	for rows.Next() {
		var family string
		var sealed []byte
		if err := rows.Scan(&family, &sealed); err != nil {
			return nil, fmt.Errorf("read %s: %w", databaseFile, err)
		}
		wrapped[family] = sealed
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", databaseFile, err)
	}
	return wrapped, nil
}

// makeKeys makes a key for each family that has no row yet, in one commit.
func (k *Keyring) makeKeys(ctx context.Context, families []string) error {
	k.writing.Lock()
	defer k.writing.Unlock()
	now := k.clock().UnixMilli()
	return inTransaction(ctx, k.database, func(tx *sql.Tx) error {
		insert, err := tx.PrepareContext(ctx, "INSERT INTO key (family, wrapped, created) VALUES (?, ?, ?) ON CONFLICT (family) DO NOTHING")
		if err != nil {
			return fmt.Errorf("make a family key: %w", err)
		}
		defer func() { _ = insert.Close() }() // the transaction ends it anyway
		material := make([]byte, familyKeySize)
		for _, family := range families {
			if err := k.entropy.fill(material); err != nil {
				return err
			}
			wrapped, err := k.master.Encrypt(material, familyBinding(family))
			if err != nil {
				return fmt.Errorf("wrap a family key: %w", err)
			}
			if _, err := insert.ExecContext(ctx, family, wrapped, now); err != nil {
				return fmt.Errorf("keep a family key: %w", err)
			}
		}
		return nil
	})
}

// Destroy erases the key of a family, and with it everything sealed under it
// wherever a copy is: opening fails with ErrDestroyed from now on and the family
// never gets a new key. Destroying a family twice, or one that never had a key, is
// no error.
func (k *Keyring) Destroy(ctx context.Context, family string) error {
	if family == "" {
		return errors.New("destroying a key needs the id of its family")
	}
	k.writing.Lock()
	defer k.writing.Unlock()
	// A caller that hangs up does not stop it half way.
	ctx = context.WithoutCancel(ctx)
	now := k.clock().UnixMilli()
	err := inTransaction(ctx, k.database, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO key (family, created, destroyed) VALUES (?1, ?2, ?2)
			ON CONFLICT (family) DO UPDATE SET wrapped = NULL, destroyed = coalesce(destroyed, ?2)`, family, now)
		if err != nil {
			return fmt.Errorf("destroy a family key: %w", err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	gone := map[string]struct{}{family: {}}
	if before := k.destroyed.Load(); before != nil {
		maps.Copy(gone, *before)
	}
	k.destroyed.Store(&gone)
	k.cache.forget(family)
	// The write-ahead log still holds the page with the wrapped key: move it into
	// the file, where secure_delete has overwritten it, and cut the log off.
	var blocked, logged, moved int
	err = k.database.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&blocked, &logged, &moved)
	if err != nil {
		return fmt.Errorf("erase the journal of %s: %w", databaseFile, err)
	}
	if blocked != 0 {
		return fmt.Errorf("erase the journal of %s: it is held", databaseFile)
	}
	return nil
}

func familyBinding(family string) []byte { return []byte("family/" + family) }
