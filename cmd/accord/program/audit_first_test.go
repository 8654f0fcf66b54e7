package program_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"accord/cmd/accord/program"
	"accord/cmd/accord/stage"
	"accord/internal/audit"
	"accord/internal/store"
	"accord/internal/store/sqlite"
)

// durable reads the audit log as anybody would who opens the file: what is there
// has been committed.
func durable(t *testing.T, s *stage.Stage) []audit.Entry {
	t.Helper()
	log, err := sqlite.OpenLog(t.Context(), filepath.Join(s.Data, program.StoreFile))
	if err != nil {
		t.Fatal(err)
	}
	var entries []audit.Entry
	for {
		page, err := log.Entries(t.Context(), int64(len(entries)), store.MaxPage)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range page {
			entry, err := audit.Decode(one)
			if err != nil {
				t.Fatal(err)
			}
			entries = append(entries, entry)
		}
		if len(page) < store.MaxPage {
			break
		}
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	return entries
}

// Every request that looked at a record leaves exactly one entry, and when its
// answer has arrived the entry is in the file.
func TestEveryLookIsInTheFileWhenItsAnswerArrives(t *testing.T) {
	stage.NeedsFile(t)
	s := stage.New(t, stage.Options{})
	person := s.Capacity(t, "coord.ellis").Person
	for action, query := range map[string]string{
		"meeting":  `{ meeting(reference: "NM-MARAC-NEXT") { reference list { case { reference victim { name } } research { status } } } }`,
		"meetings": `{ meetings { edges { node { reference } } } }`,
		"cases":    `{ cases(first: 5) { edges { node { reference plan { items { description } } } } } }`,
		"actions":  `{ actions { edges { node { description } } } }`,
		"query":    `{ cases { totalCount edges { node { id } } } meetings { edges { node { id } } } }`,
	} {
		before := len(durable(t, s))
		answer := s.Ask(t, "coord.ellis", query, nil)
		entered := durable(t, s)[before:]
		if answer.Status != 200 || strings.Contains(string(answer.Body), `"errors"`) {
			t.Fatalf("%s is answered %d %s", action, answer.Status, answer.Body)
		}
		if len(entered) != 1 {
			t.Errorf("%s left %d entries", action, len(entered))
			continue
		}
		e := entered[0]
		if e.Operation != audit.Consultation || e.Outcome != audit.Done || string(e.Action) != action || string(e.Person) != person || len(e.Records) == 0 {
			t.Errorf("%s is entered as %+v", action, e)
		}
	}
	before := len(durable(t, s))
	s.Ask(t, "coord.ellis", `{ viewer { name agency { name } } __schema { queryType { name } } }`, nil)
	if after := len(durable(t, s)); after != before {
		t.Error("the directory and the schema, which are everybody's, are entered")
	}
}

// A log that takes no entry lets no answer out and no change in, and says nothing
// of what the answer held. The store is the real one; its file refuses.
func TestWithoutAnEntryThereIsNoAnswerAndNoChange(t *testing.T) {
	stage.NeedsFile(t)
	s := stage.New(t, stage.Options{})
	const pack = `{ meeting(reference: "NM-MARAC-NEXT") { reference list { case { reference victim { name } } } } }`
	const owned = `{ actions { edges { node { id version status description assignee { id } } } } }`
	const login = "po.singh"
	person := s.Capacity(t, login)
	var found struct {
		Data struct {
			Actions struct {
				Edges []struct {
					Node struct {
						ID       string
						Version  int
						Assignee struct{ ID string }
					}
				}
			}
		}
	}
	before := s.Ask(t, login, owned, nil)
	if err := json.Unmarshal(before.Body, &found); err != nil {
		t.Fatal(err)
	}
	change := map[string]any{}
	for _, edge := range found.Data.Actions.Edges {
		if edge.Node.Assignee.ID == person.Person {
			change = map[string]any{"actionId": edge.Node.ID, "expectedVersion": edge.Node.Version, "status": "COMPLETED", "note": planted}
		}
	}
	if len(change) == 0 {
		t.Fatalf("%s has no action to report on: %s", login, before.Body)
	}
	const report = `mutation($input: UpdateActionStatusInput!) { updateActionStatus(input: $input) { action { status statusNote } } }`
	whole := s.Ask(t, "coord.ellis", pack, nil)

	file, err := sql.Open("sqlite", filepath.Join(s.Data, program.StoreFile))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	}()
	run := func(statement string) {
		t.Helper()
		if _, err := file.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	run(`CREATE TRIGGER full BEFORE INSERT ON log_entry BEGIN SELECT RAISE(ABORT, 'the log is full'); END`)
	entries := s.Entered(t)
	for name, c := range map[string]struct {
		login, query string
		variables    map[string]any
		message      string
	}{
		"a look":              {"coord.ellis", pack, nil, "Accord cannot answer at the moment. Nothing was changed; try again."},
		"a look in vain":      {"pc.ward", pack, nil, "Accord cannot answer at the moment. Nothing was changed; try again."},
		"a malformed request": {"coord.ellis", `{ ` + planted + ` }`, nil, "Accord cannot answer at the moment. Nothing was changed; try again."},
		"a change":            {login, report, map[string]any{"input": change}, "Accord cannot answer at the moment. Before you repeat a change, read the record again."},
	} {
		answer := s.Ask(t, c.login, c.query, c.variables)
		var body map[string]any
		if err := json.Unmarshal(answer.Body, &body); err != nil {
			t.Fatal(err)
		}
		if answer.Status != 503 || len(body) != 1 || !strings.Contains(string(answer.Body), `"code":"UNAVAILABLE"`) ||
			!strings.Contains(string(answer.Body), `"message":"`+c.message+`"`) {
			t.Errorf("%s is answered %d %s", name, answer.Status, answer.Body)
		}
		for _, held := range []string{"NM-MARAC", "ACC-", "full", "log", planted, "sqlite"} {
			if strings.Contains(string(answer.Body), held) {
				t.Errorf("%s is answered with %s in it: %s", name, held, answer.Body)
			}
		}
	}
	logHoldsOnlyIDs(t, s.Log())
	if after := s.Entered(t); after != entries {
		t.Errorf("%d entries were made all the same", after-entries)
	}

	run(`DROP TRIGGER full`)
	if after := s.Ask(t, login, owned, nil); !bytes.Equal(after.Body, before.Body) {
		t.Errorf("something was changed without an entry:\n%s\n%s", before.Body, after.Body)
	}
	if again := s.Ask(t, "coord.ellis", pack, nil); !bytes.Equal(again.Body, whole.Body) {
		t.Errorf("with the log back, the pack is answered\n%s\nand before it was\n%s", again.Body, whole.Body)
	}
	if changed := s.Ask(t, login, report, map[string]any{"input": change}); !strings.Contains(string(changed.Body), `"status":"COMPLETED"`) {
		t.Errorf("with the log back, the change is answered %s", changed.Body)
	}
	proof, err := program.VerifyAudit(t.Context(), s.Data, "")
	if err != nil || !proof.Sound() {
		t.Errorf("the log is not whole after it was full: %v\n%s", err, proof)
	}
}
