package records_test

import (
	"database/sql"
	"errors"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"accord/authz"
	"accord/cmd/accord/stage"
	"accord/internal/audit"
	"accord/internal/secrets"
	"accord/internal/secrets/identifier"
	"accord/internal/store"
	"accord/internal/store/sqlite"
)

func atNoon() time.Time { return time.Date(2026, time.March, 9, 12, 0, 0, 0, time.UTC) }

// looks are entries of so many looks at a case.
func looks(t *testing.T, count int) [][]byte {
	t.Helper()
	ids := identifier.NewMaker(stage.Entropy(7))
	entries := make([][]byte, count)
	for n := range entries {
		entry := audit.Entry{
			At: atNoon().Add(time.Duration(n) * time.Minute), Request: audit.ID(ids.New("req")), Person: audit.ID(ids.New("prac")),
			Agency: audit.ID(ids.New("agency")), Roles: []authz.Role{authz.MaracCoordinator}, Purpose: authz.MaracPrep,
			Operation: audit.Consultation, Action: "case", Outcome: audit.Done,
			Records: []audit.RecordSeen{{Record: audit.ID(ids.New("case")), Kind: "case", Version: 3, Full: audit.ClassesOf(authz.CaseCore)}},
		}
		var err error
		if entries[n], err = entry.Encode(); err != nil {
			t.Fatal(err)
		}
	}
	return entries
}

// keptOrigin is the key that a keyring signs the log with, and its origin as it is
// kept beside the data.
func keptOrigin(t *testing.T) (secrets.LogKey, audit.Origin) {
	t.Helper()
	ring, err := secrets.OpenKeyring(t.Context(), filepath.Join(t.TempDir(), "keys"), stage.Entropy(8), atNoon)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ring.Close() }()
	key, err := ring.LogKey()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := audit.KeepOrigin(folder, audit.Origin{Name: key.Origin, Verifier: key.Verifier}); err != nil {
		t.Fatal(err)
	}
	kept, err := audit.ReadOrigin(folder)
	if err != nil {
		t.Fatal(err)
	}
	return key, kept
}

func openStore(t *testing.T, path string, sign store.Sign) *sqlite.Store {
	t.Helper()
	opened, err := sqlite.Open(t.Context(), sqlite.Options{Path: path, Sign: sign, Clock: atNoon})
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

// The log that a store keeps is proved under the origin that the keyring gave it, and
// what is done to the closed file is found.
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
		{"the checkpoint is changed", "UPDATE checkpoint SET signed = cast(replace(cast(signed AS TEXT), 'accord.audit/', 'accord.audit/x') AS BLOB)", -1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			ctx := t.Context()
			path := filepath.Join(t.TempDir(), "accord.db")
			key, origin := keptOrigin(t)
			sign := audit.Signer(key.Origin, key.Signer)
			opened := openStore(t, path, sign)
			if report, err := audit.Verify(ctx, opened.Log(), origin); err != nil || report.Entries != 0 {
				t.Fatalf("a new store: %v\n%s", err, report)
			}
			entries := looks(t, 30)
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
