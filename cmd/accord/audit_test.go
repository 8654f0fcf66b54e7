package main

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"accord/cmd/accord/program"
	"accord/cmd/accord/stage"
)

var reported = regexp.MustCompile(`(?m)^Entries: (\d+), numbered 0 to (\d+)$`)

// entries is how many entries a report counts.
func entries(t *testing.T, report ended) int {
	t.Helper()
	match := reported.FindStringSubmatch(report.stdout)
	if match == nil {
		t.Fatalf("the report counts no entries: %+v", report)
	}
	count, err := strconv.Atoi(match[1])
	if err != nil {
		t.Fatal(err)
	}
	return count
}

// origin is whose log a report is of.
func origin(report ended) string {
	for line := range strings.Lines(report.stdout) {
		if strings.HasPrefix(line, "Origin:") {
			return line
		}
	}
	return ""
}

// Whoever can write the file can change the log, and cannot hide that they did:
// the first entry that is not what it was is named.
func TestVerifyNamesTheFirstEntryThatIsNotWhatItWas(t *testing.T) {
	folder := t.TempDir()
	s := stage.New(t, stage.Options{Folder: folder})
	s.Close(t)
	whole := accord(t.Context(), "audit", "verify", folder)
	if whole.status != 0 || whole.stderr != "" || !strings.HasPrefix(whole.stdout, "The audit log is whole.\n") {
		t.Fatalf("a good log is reported as %+v", whole)
	}
	count := entries(t, whole)
	if inner := accord(t.Context(), "audit", "verify", filepath.Join(folder, program.DataFolder)); inner != whole {
		t.Errorf("the data folder alone is reported as %+v", inner)
	}
	// A letter of an id, so that the entry can still be read.
	const changed = `UPDATE log_entry SET data = CAST(substr(data, 1, instr(data, 'request_') + 7) AS BLOB) ||
		CASE substr(data, instr(data, 'request_') + 8, 1) WHEN '7' THEN x'36' ELSE x'37' END ||
		substr(data, instr(data, 'request_') + 9) WHERE n = 17`
	for name, c := range map[string]struct{ statements, says string }{
		"one byte changed":          {changed, "at entry 17: it is not the entry that was entered"},
		"an entry removed":          {"DELETE FROM log_entry WHERE n = 23", "at entry 23: it is missing or cannot be read"},
		"an entry taken out":        {"DELETE FROM log_entry WHERE n = 23; UPDATE log_entry SET n = -n WHERE n > 23; UPDATE log_entry SET n = -n - 1 WHERE n < 0", "at entry 23: it was taken out; the entry behind it stands in its place"},
		"the first entry removed":   {"DELETE FROM log_entry WHERE n = 0", "at entry 0: it is missing or cannot be read"},
		"the tail cut":              {fmt.Sprintf("DELETE FROM log_entry WHERE n >= %d", count-3), fmt.Sprintf("at entry %d: the log ends here, but its checkpoint covers %d entries", count-3, count)},
		"two entries exchanged":     {"UPDATE log_entry SET n = -1 WHERE n = 30; UPDATE log_entry SET n = 30 WHERE n = 31; UPDATE log_entry SET n = 31 WHERE n = -1", "at entry 30: it changed places with entry 31"},
		"an entry put behind":       {fmt.Sprintf("INSERT INTO log_entry SELECT %d, data FROM log_entry WHERE n = 3", count), fmt.Sprintf("at entry %d: it stands behind the last entry that the checkpoint covers", count)},
		"a stored hash changed":     {"UPDATE log_hash SET hash = zeroblob(32) WHERE i = 0", "at entry 0: its stored hash was changed; the entries themselves add up to the signed root"},
		"the checkpoint taken away": {"DELETE FROM checkpoint", "in its checkpoint: it is missing, and there are entries"},
		"the checkpoint's size changed": {
			fmt.Sprintf("UPDATE checkpoint SET signed = CAST(replace(CAST(signed AS TEXT), char(10) || '%d' || char(10), char(10) || '%d' || char(10)) AS BLOB)", count, count+1),
			"in its checkpoint: ",
		},
	} {
		t.Run(name, func(t *testing.T) {
			copied := t.TempDir()
			if err := os.CopyFS(copied, os.DirFS(filepath.Join(folder, program.DataFolder))); err != nil {
				t.Fatal(err)
			}
			file, err := sql.Open("sqlite", filepath.Join(copied, program.StoreFile))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := file.ExecContext(t.Context(), c.statements); err != nil {
				t.Fatal(err)
			}
			if err := file.Close(); err != nil {
				t.Fatal(err)
			}
			got := accord(t.Context(), "audit", "verify", copied)
			if got.status != 1 || got.stderr != "accord: the audit log is not what it was\n" || !strings.HasPrefix(got.stdout, "The audit log is BROKEN "+c.says) {
				t.Errorf("status %d, stderr %q, report\n%s\nwant %s", got.status, got.stderr, got.stdout, c.says)
			}
		})
	}
}

func TestVerifyOfWhatIsNoDataFolderIsOneLine(t *testing.T) {
	empty := t.TempDir()
	accord(t.Context(), "audit", "verify", empty).must(t, "an empty folder", 1, empty+" holds no audit log of Accord")
	if names, err := os.ReadDir(empty); err != nil || len(names) != 0 {
		t.Errorf("verifying makes %v in the folder, %v", names, err)
	}
	nowhere := filepath.Join(empty, "nowhere")
	accord(t.Context(), "audit", "verify", nowhere).must(t, "a folder that is not there", 1, nowhere+" is not there")
}
