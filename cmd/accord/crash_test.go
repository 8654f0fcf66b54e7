//go:build !release

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"accord/cmd/accord/program"
)

// crashRounds, in the environment, says how often the program below is killed.
const crashRounds = "ACCORD_CRASH_ROUNDS"

// post sends an operation and returns its answer, or an error once nobody is
// there to answer.
func post(t *testing.T, api, token, query string, variables, into any) error {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, api, strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("ask: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	return nil
}

// action is an action as somebody reports on it.
type action struct {
	ID         string
	Version    int
	Status     string
	StatusNote string
	Assignee   struct{ ID string }
}

// actionsOf are the open actions of somebody of the demo.
func actionsOf(t *testing.T, api, token string) []action {
	t.Helper()
	var answer struct {
		Data struct {
			Viewer  struct{ ID string }
			Actions struct{ Edges []struct{ Node action } }
		}
	}
	const query = `{ viewer { id } actions(first: 100) { edges { node { id version status statusNote assignee { id } } } } }`
	if err := post(t, api, token, query, nil, &answer); err != nil {
		t.Fatal(err)
	}
	var own []action
	for _, edge := range answer.Data.Actions.Edges {
		if edge.Node.Assignee.ID == answer.Data.Viewer.ID && (edge.Node.Status == "AGREED" || edge.Node.Status == "IN_PROGRESS") {
			own = append(own, edge.Node)
		}
	}
	return own
}

// acknowledged is the last answer somebody got about an action.
type acknowledged struct {
	version int
	note    string
}

func noteOn(round, version int) string {
	return fmt.Sprintf("round %d, report on version %d", round, version)
}

// report reports on an action again and again until the program is gone, and
// returns the last report that was acknowledged, and how many were.
func report(t *testing.T, api, token string, of action, round int) (last acknowledged, count int) {
	t.Helper()
	const mutation = `mutation($input: UpdateActionStatusInput!) { updateActionStatus(input: $input) { action { version statusNote } } }`
	last = acknowledged{of.Version, of.StatusNote}
	for {
		note := noteOn(round, last.version)
		var answer struct {
			Errors []json.RawMessage
			Data   struct{ UpdateActionStatus struct{ Action action } }
		}
		err := post(t, api, token, mutation, map[string]any{"input": map[string]any{
			"actionId": of.ID, "expectedVersion": last.version, "status": "IN_PROGRESS", "note": note,
		}}, &answer)
		if err != nil {
			return last, count
		}
		now := answer.Data.UpdateActionStatus.Action
		if len(answer.Errors) > 0 || now.Version != last.version+1 || now.StatusNote != note {
			t.Errorf("a report on version %d is answered %s, version %d", last.version, answer.Errors, now.Version)
			return last, count
		}
		last, count = acknowledged{now.Version, note}, count+1
	}
}

// Whoever was told that their report is in finds it in, though the program was
// killed in the middle of everything; and the audit log is whole.
func TestAKilledProgramHasEveryChangeItAcknowledged(t *testing.T) {
	rounds := 3
	if text := os.Getenv(crashRounds); text != "" {
		var err error
		if rounds, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
		rounds = max(3, rounds/10) // a round of the program is ten of the store
	}
	folder, temporary := t.TempDir(), t.TempDir()
	d := demoOn(t, temporary, with(free, "--data", folder)...)
	identity := strings.TrimPrefix(d.identity, "http://")
	people := []string{"po.singh", "idva.byrne", "isac.moss", "ds.reid"}
	var started []time.Duration
	reports := 0
	for round := range rounds {
		tokens := map[string]string{}
		for _, login := range people {
			tokens[login] = strings.TrimSpace(accord(t.Context(), "token", "--as", login, "--identity", d.identity).stdout)
		}
		var mutex sync.Mutex
		told := map[string]acknowledged{}
		var wait sync.WaitGroup
		for _, login := range people {
			for _, of := range actionsOf(t, d.api, tokens[login]) {
				wait.Go(func() {
					last, count := report(t, d.api, tokens[login], of, round)
					mutex.Lock()
					defer mutex.Unlock()
					told[of.ID] = last
					reports += count
				})
			}
		}
		time.AfterFunc(time.Duration(150+round*97%400)*time.Millisecond, func() { _ = d.command.Process.Kill() })
		wait.Wait()
		d.wait()
		if len(told) == 0 {
			t.Fatal("nobody has an action to report on")
		}

		begun := time.Now()
		d = demoOn(t, temporary, "--listen", "127.0.0.1:0", "--identity-listen", identity, "--data", folder)
		started = append(started, time.Since(begun))
		checkReports(t, d, people, round, told)
		verified := accord(t.Context(), "audit", "verify", folder)
		if verified.status != 0 || !strings.HasPrefix(verified.stdout, "The audit log is whole.\n") {
			t.Fatalf("round %d: %+v", round, verified)
		}
	}
	d.stop(t)
	slices.Sort(started)
	info, err := os.Stat(filepath.Join(folder, program.DataFolder, program.StoreFile))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d rounds, %d reports acknowledged; started on a folder of %d KB in %s, at most %s",
		rounds, reports, info.Size()>>10, started[len(started)/2], started[len(started)-1])
	if reports == 0 {
		t.Error("no report was ever acknowledged: the rounds prove nothing")
	}
}

// checkReports checks that every report is there, or the one behind it that was
// killed before its answer.
func checkReports(t *testing.T, d *running, people []string, round int, told map[string]acknowledged) {
	t.Helper()
	found := map[string]action{}
	for _, login := range people {
		token := strings.TrimSpace(accord(t.Context(), "token", "--as", login, "--identity", d.identity).stdout)
		for _, now := range actionsOf(t, d.api, token) {
			found[now.ID] = now
		}
	}
	for id, last := range told {
		now := found[id]
		is := acknowledged{now.Version, now.StatusNote}
		if is == last || is == (acknowledged{last.version + 1, noteOn(round, last.version)}) {
			continue
		}
		t.Errorf("%s stands at version %d, %q; acknowledged was %+v", id, now.Version, now.StatusNote, last)
	}
}
