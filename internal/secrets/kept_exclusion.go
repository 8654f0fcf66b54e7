package secrets

import (
	"context"
	"database/sql"
	"fmt"
)

// KeptExclusion is a principal who is kept from a family; both are ids.
type KeptExclusion struct{ Principal, Family string }

// KeepExclusion keeps an exclusion beside the keys; it is durable when
// KeepExclusion returns.
func (k *Keyring) KeepExclusion(ctx context.Context, x KeptExclusion) error {
	return k.changeExclusions(ctx, "INSERT OR IGNORE INTO excluded (principal, family) VALUES (?, ?)", x)
}

// ForgetExclusion takes one away that was lifted, or that never came to be.
func (k *Keyring) ForgetExclusion(ctx context.Context, x KeptExclusion) error {
	return k.changeExclusions(ctx, "DELETE FROM excluded WHERE principal = ? AND family = ?", x)
}

func (k *Keyring) changeExclusions(ctx context.Context, statement string, x KeptExclusion) error {
	k.writing.Lock()
	defer k.writing.Unlock()
	return inTransaction(ctx, k.database, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, statement, x.Principal, x.Family); err != nil {
			return fmt.Errorf("keep an exclusion in %s: %w", databaseFile, err)
		}
		return nil
	})
}

// KeptExclusions are all that are kept, by principal and family.
func (k *Keyring) KeptExclusions(ctx context.Context) (kept []KeptExclusion, err error) {
	err = inTransaction(ctx, k.database, func(tx *sql.Tx) (err error) {
		rows, err := tx.QueryContext(ctx, "SELECT principal, family FROM excluded ORDER BY principal, family")
		if err != nil {
			return fmt.Errorf("read the exclusions in %s: %w", databaseFile, err)
		}
		defer func() {
			if closed := rows.Close(); err == nil && closed != nil {
				err = fmt.Errorf("read the exclusions in %s: %w", databaseFile, closed)
			}
		}()
		for rows.Next() {
			var x KeptExclusion
			if err := rows.Scan(&x.Principal, &x.Family); err != nil {
				return fmt.Errorf("read an exclusion in %s: %w", databaseFile, err)
			}
			kept = append(kept, x)
		}
		if err := rows.Err(); err != nil {
			return fmt.Errorf("read the exclusions in %s: %w", databaseFile, err)
		}
		return nil
	})
	return kept, err
}
