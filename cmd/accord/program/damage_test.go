package program_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"accord/cmd/accord/program"
	"accord/cmd/accord/stage"
	"accord/internal/backup"
)

// A page of the file that is no longer what was written is found when the program
// starts or when it is read. What is answered all the same is byte for byte what
// was answered before: a damaged record is never shown.
func TestADamagedFileIsRefusedOrAnswersWhatItAnsweredBefore(t *testing.T) {
	stage.NeedsFile(t)
	signIn, folder := stage.NewSignIn(t), t.TempDir()
	questions := []struct{ login, query string }{
		{"coord.ellis", `{ meeting(reference: "NM-MARAC-NEXT") { reference status list { case { reference status victim { name dateOfBirth } } research { status } } } }`},
		{"coord.ellis", `{ cases(first: 100) { edges { node { reference status riskLevel plan { items { description } } } } } }`},
		{"idva.byrne", `{ cases(first: 100) { edges { node { reference victim { name outwardPostcode } plan { items { description } } } } } }`},
		{"po.singh", `{ actions(first: 100) { edges { node { id version status description } } } }`},
		{"pc.ward", `{ cases(first: 100) { edges { node { reference } } } }`},
	}
	s := stage.New(t, stage.Options{SignIn: signIn, Folder: folder})
	var before [][]byte
	for _, q := range questions {
		answer := s.Ask(t, q.login, q.query, nil)
		if codes, messages := errorsOf(t, answer); len(codes) > 0 {
			t.Fatalf("%s is answered %s", q.login, messages)
		}
		before = append(before, answer.Body)
	}
	s.Close(t)

	random := rand.New(rand.NewPCG(5, 6))
	refused, shown, withheld := 0, 0, 0
	for range 24 {
		damaged := t.TempDir()
		copyFolder(t, folder, damaged)
		hurt(t, filepath.Join(damaged, "data", program.StoreFile), random)
		if err := openFolder(t, s, filepath.Join(damaged, "data"), filepath.Join(damaged, "keys")); err != nil {
			refused++
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("refused in more than a line: %v", err)
			}
			continue
		}
		again := stage.New(t, stage.Options{SignIn: signIn, Folder: damaged})
		for i, q := range questions {
			answer := again.Ask(t, q.login, q.query, nil)
			codes, _ := errorsOf(t, answer)
			switch {
			case bytes.Equal(answer.Body, before[i]):
				shown++
			case len(codes) > 0 && !slices.ContainsFunc(codes, func(code string) bool { return code != "UNAVAILABLE" && code != "INTERNAL" }):
				withheld++
			default:
				t.Errorf("%s is answered wrongly:\n%s\nand before the damage\n%s", q.login, answer.Body, before[i])
			}
		}
		again.Close(t)
	}
	t.Logf("24 damaged files: %d refused at the start; of the questions to the others %d answered as before, %d withheld", refused, shown, withheld)
	if refused == 0 || shown == 0 {
		t.Error("the damage was of one kind only")
	}

	// What is sealed looks like nothing at all, so that only its seal tells.
	alter(t, filepath.Join(folder, "data", program.StoreFile), `UPDATE document SET body = CAST(substr(body, 1, at + 50) || x'00' || substr(body, at + 52) AS BLOB)
		FROM (SELECT id AS of, instr(body, CAST('VICTIM_IDENTITY' AS BLOB)) AS at FROM document) WHERE id = of AND at > 0`)
	again := stage.New(t, stage.Options{SignIn: signIn, Folder: folder})
	for _, i := range []int{0, 2} { // those that ask for a name
		q := questions[i]
		answer := again.Ask(t, q.login, q.query, nil)
		if codes, _ := errorsOf(t, answer); !slices.Contains(codes, "INTERNAL") {
			t.Errorf("with every name changed under its seal, %s is answered %s", q.login, answer.Body)
		}
	}
}

// hurt changes bytes in one page of a file.
func hurt(t *testing.T, path string, random *rand.Rand) {
	t.Helper()
	const page = 4096
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := random.IntN(len(content)/page) * page
	for range 1 + random.IntN(64) {
		content[at+random.IntN(page)] ^= byte(1 + random.IntN(255))
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// A write-ahead log that was damaged after a crash would take acknowledged changes
// with it; the program says so and does not start.
func TestADamagedWriteAheadLogStopsTheStart(t *testing.T) {
	stage.NeedsFile(t)
	folder := t.TempDir()
	s := stage.New(t, stage.Options{Folder: folder})
	s.Ask(t, "coord.ellis", `{ meetings { edges { node { reference } } } }`, nil)
	crashed := t.TempDir() // what a crash would leave
	copyFolder(t, folder, crashed)
	wal := filepath.Join(crashed, "data", program.StoreFile+"-wal")
	if info, err := os.Stat(wal); err != nil || info.Size() == 0 {
		t.Fatalf("there is no write-ahead log: %v", err)
	}
	if err := os.Truncate(wal, 4096); err != nil { // less than its first page
		t.Fatal(err)
	}
	s.Close(t)
	const says = "opening the data: the store has lost changes that were acknowledged: stop Accord, keep a copy of the data folder, and restore the last good backup"
	if err := openFolder(t, s, filepath.Join(crashed, "data"), filepath.Join(crashed, "keys")); err == nil || err.Error() != says {
		t.Errorf("got  %v\nwant %s", err, says)
	}
	// Nor does it become a backup, which would take the place of a better one.
	key, to := filepath.Join(t.TempDir(), "key"), filepath.Join(t.TempDir(), "backup")
	if _, err := program.MakeBackupKey(backup.Data, key); err != nil {
		t.Fatal(err)
	}
	_, err := program.BackupData(t.Context(), program.BackupRequest{Folder: filepath.Join(crashed, "data"), To: to, Key: key, Clock: s.Clock.Now})
	if err == nil || !strings.Contains(err.Error(), "has lost changes that were acknowledged") {
		t.Errorf("backed up: %v", err)
	}
	if _, err := os.Stat(to); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a backup is there: %v", err)
	}
}
