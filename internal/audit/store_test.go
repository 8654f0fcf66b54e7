package audit_test

import (
	"database/sql"
	"errors"
	"net/url"
	"path/filepath"
	"testing"

	"accord/internal/audit"
	"accord/internal/store"
	"accord/internal/store/sqlite"
)

func openStore(t *testing.T, path string, sign store.Sign) *sqlite.Store {
	t.Helper()
	opened, err := sqlite.Open(t.Context(), sqlite.Options{Path: path, Sign: sign, Clock: clockAtNoon})
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

func closeStore(t *testing.T, opened *sqlite.Store) {
	t.Helper()
	if err := opened.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestTheLogOfARealStoreIsProvedAndItsTamperingFound(t *testing.T) {
	cases := []struct {
		name   string
		tamper string // done to the closed file; nothing when empty
		first  int64
	}{
		{"untouched", "", 0},
		{"an entry is changed", "UPDATE log_entry SET data = (SELECT data FROM log_entry WHERE n = 3) WHERE n = 21", 21},
		{"an entry is deleted", "DELETE FROM log_entry WHERE n = 17", 17},
		{"two entries are swapped", "UPDATE log_entry SET n = -1 WHERE n = 4; UPDATE log_entry SET n = 4 WHERE n = 9; UPDATE log_entry SET n = 9 WHERE n = -1", 4},
		{"a stored hash is deleted", "DELETE FROM log_hash WHERE i = 0", 0},
		{"the checkpoint is changed", "UPDATE checkpoint SET signed = cast(replace(cast(signed AS TEXT), 'accord.audit/one', 'accord.audit/two') AS BLOB)", -1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			ctx := t.Context()
			path := filepath.Join(t.TempDir(), "accord.db")
			signer, origin := logKey(t, 1, origin1)
			sign := audit.Signer(origin.Name, signer)
			opened := openStore(t, path, sign)
			if report, err := audit.Verify(ctx, opened.Log(), origin); err != nil || report.Entries != 0 {
				t.Fatalf("a new store: %v\n%s", err, report)
			}
			entries := encodedLooks(t, 30)
			var kept []byte
			for first := 0; first < len(entries); first += 3 {
				if err := opened.Apply(ctx, store.Batch{Entries: entries[first : first+3]}); err != nil {
					t.Fatal(err)
				}
				if kept == nil {
					var err error
					if kept, err = opened.Log().Checkpoint(ctx); err != nil {
						t.Fatal(err)
					}
				}
			}
			closeStore(t, opened)
			if c.tamper != "" {
				tamperWith(t, path, c.tamper)
			}
			opened = openStore(t, path, sign)
			defer closeStore(t, opened)
			report, err := audit.Verify(ctx, opened.Log(), origin)
			if c.tamper != "" {
				if !errors.Is(err, audit.ErrBroken) || report.Break == nil || report.Break.First != c.first {
					t.Fatalf("want a break at %d: %v\n%s", c.first, err, report)
				}
				return
			}
			if err != nil || report.Entries != 30 {
				t.Fatalf("%v\n%s", err, report)
			}
			if _, err := audit.Head(ctx, opened.Log(), origin); err != nil {
				t.Fatal(err)
			}
			if _, err := audit.Prove(ctx, opened.Log(), origin, 13); err != nil {
				t.Fatal(err)
			}
			newest, err := opened.Log().Checkpoint(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := audit.ProveGrowth(ctx, opened.Log(), origin, kept, newest); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func tamperWith(t *testing.T, path, statement string) {
	t.Helper()
	database, err := sql.Open("sqlite", (&url.URL{Scheme: "file", OmitHost: true, Path: path}).String())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := database.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
	if err := database.Close(); err != nil {
		t.Fatal(err)
	}
}
