package records_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"accord/authz"
	"accord/cmd/accord/stage"
	"accord/internal/audit"
	"accord/internal/records"
	"accord/internal/store"
)

// The first form is what everybody reads while upkeep is on its way, ended in the
// middle, and begun again: byte for byte what they read before and after.
func TestEverybodyReadsTheSameWhileRecordsComeForward(t *testing.T) {
	var atClock atomic.Pointer[func()]
	s := stage.New(t, stage.Options{Forms: newer, Clock: func() time.Time {
		if act := atClock.Load(); act != nil {
			(*act)()
		}
		return stage.Start
	}})
	r := s.Program.Records()
	written := answers(t, s)
	aged := age(t, r, "case", "plan", "action", "assessment")
	if got := older(t, r); got != len(aged) {
		t.Fatalf("%d records are of an older form, and %d were written so", got, len(aged))
	}
	tellTheSame(t, "before", answers(t, s), written)

	// Upkeep asks for the time with every family: at the fourth it is ended.
	running, end := context.WithCancel(t.Context())
	asked := 0
	ending := func() {
		asked++
		if asked == 4 {
			end()
		}
	}
	first := s.Entered(t)
	atClock.Store(&ending)
	done, err := r.BringForward(running)
	atClock.Store(nil)
	if err == nil || running.Err() == nil {
		t.Fatalf("upkeep was not ended: %+v, %v", done, err)
	}
	left := older(t, r)
	if done.Brought == 0 || left == 0 || left > len(aged)-done.Brought {
		t.Fatalf("%+v, %v: %d of %d are left", done, err, left, len(aged))
	}
	tellTheSame(t, "in the middle", answers(t, s), written)

	if done, err = r.BringForward(t.Context()); err != nil || done != (records.Upkeep{Brought: left}) {
		t.Fatalf("of %d that were left: %+v, %v", left, done, err)
	}
	tellTheSame(t, "after", answers(t, s), written)
	if got := older(t, r); got != 0 {
		t.Errorf("%d records are of an older form still", got)
	}
	if done, err = r.BringForward(t.Context()); err != nil || done != (records.Upkeep{}) {
		t.Errorf("with nothing left: %+v, %v", done, err)
	}
	entered := map[audit.ID]int{}
	for _, entry := range byUpkeep(t, s, first) {
		if entry.Operation != audit.Alteration || entry.Action != "bringForward" || entry.Outcome != audit.Done || entry.Person != "" || entry.Purpose != "" {
			t.Errorf("upkeep is entered as %+v", entry)
		}
		for _, seen := range entry.Records {
			entered[seen.Record]++
			if seen.Kind == "assessment" && !seen.Full.Has(authz.RiskAssessment) {
				t.Errorf("what was opened of an assessment is entered as %+v", seen)
			}
			if seen.Kind == "case" && (seen.Full != audit.ClassesOf(authz.VictimIdentity, authz.Children, authz.PerpetratorIdentity) || seen.Masked != 0) {
				t.Errorf("of a case it was opened who its people are, to find them by, and it is entered as %+v", seen)
			}
		}
	}
	for _, id := range aged {
		doc := stored(t, r, id)
		if doc.Form != 2 || entered[audit.ID(id)] != 1 {
			t.Errorf("%s is of form %d and entered %d times", id, doc.Form, entered[audit.ID(id)])
		}
		if _, apart := doc.Opened["RISK_ASSESSMENT.masked"]; doc.Kind == "assessment" && (!apart || strings.Contains(words(doc.Opened["RISK_ASSESSMENT"]), "tool")) {
			t.Errorf("the mask of %s is not apart: %s", id, words(doc.Opened["RISK_ASSESSMENT"]))
		}
	}
	if len(entered) != len(aged) {
		t.Errorf("%d records are entered, and %d came forward", len(entered), len(aged))
	}
}

// A step may change who reaches a record and what it is found by. Until the record
// has come forward it is reached as yesterday, never further.
func TestWhoReachesARecordIsSaidAnewWhenItComesForward(t *testing.T) {
	s := stage.New(t, stage.Options{Forms: newer})
	r := s.Program.Records()
	const plans = `{ cases(first: 50) { edges { node { reference plan { id } } } } }`
	const mine = `{ actions(first: 100, filter: { mine: true }) { totalCount } }`
	convenor, owner := s.Ask(t, "coord.ellis", plans, nil), s.Ask(t, "sw.duffy", mine, nil)
	was := yesterday["plan"]
	was.Tokens = func(tokens []string) []string {
		return slices.DeleteFunc(tokens, func(token string) bool { return strings.HasPrefix(token, "c:") })
	}
	if _, err := r.AsYesterday(t.Context(), "plan", was); err != nil {
		t.Fatal(err)
	}
	was = yesterday["action"]
	was.Fields = func(fields []store.Field) []store.Field {
		return slices.DeleteFunc(fields, func(f store.Field) bool { return f.Name == "assignee" })
	}
	if _, err := r.AsYesterday(t.Context(), "action", was); err != nil {
		t.Fatal(err)
	}
	if before := string(s.Ask(t, "coord.ellis", plans, nil).Body); strings.Contains(before, "plan_") {
		t.Errorf("the coordinator reaches a plan that yesterday's program did not let her reach: %s", before)
	}
	if before := string(s.Ask(t, "sw.duffy", mine, nil).Body); !strings.Contains(before, `"totalCount":0`) {
		t.Errorf("actions are found by a field they do not have: %s", before)
	}
	if _, err := r.BringForward(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := s.Ask(t, "coord.ellis", plans, nil); !bytes.Equal(after.Body, convenor.Body) || !strings.Contains(string(after.Body), "plan_") {
		t.Errorf("the coordinator reads %s and not %s", after.Body, convenor.Body)
	}
	if after := s.Ask(t, "sw.duffy", mine, nil); !bytes.Equal(after.Body, owner.Body) || strings.Contains(string(after.Body), `"totalCount":0`) {
		t.Errorf("the owner reads %s and not %s", after.Body, owner.Body)
	}
}

// The tokens of what hangs on a case follow from its head: a case that changes while
// its plan comes forward keeps the plan waiting.
func TestACaseThatChangesMeanwhileComesAgain(t *testing.T) {
	var atClock atomic.Pointer[func()]
	s := stage.New(t, stage.Options{Forms: newer, Clock: func() time.Time {
		if act := atClock.Swap(nil); act != nil {
			(*act)()
		}
		return stage.Start
	}})
	r := s.Program.Records()
	coordinator := s.As(t, "coord.ellis")
	aged := age(t, r, "plan")
	first := stored(t, r, aged[0]).Family // upkeep begins with the highest id too
	held, err := coordinator.LoadCase(t.Context(), first)
	if err != nil {
		t.Fatal(err)
	}
	// When upkeep asks for the time, it has read and not yet written.
	change := func() {
		changing := coordinator.Change(first)
		records.Update(changing, held)
		if err := coordinator.Apply(t.Context(), "assignPractitioner", changing); err != nil {
			t.Error(err)
		}
	}
	atClock.Store(&change)
	if done, err := r.BringForward(t.Context()); err != nil || done != (records.Upkeep{Brought: len(aged) - 1, Met: 1}) {
		t.Errorf("of %d: %+v, %v", len(aged), done, err)
	}
	if done, err := r.BringForward(t.Context()); err != nil || done != (records.Upkeep{Brought: 1}) {
		t.Errorf("the next turn: %+v, %v", done, err)
	}
}

// A family whose key is destroyed stays as it is, and keeps nobody else waiting; nor
// does a document that somebody changed without the keys.
func TestWhatCannotBeReadIsPassedOver(t *testing.T) {
	s := stage.New(t, stage.Options{Forms: newer})
	r := s.Program.Records()
	aged := age(t, r, "plan")
	gone := stored(t, r, aged[0])
	if err := r.DestroyFamily(t.Context(), gone.Family); err != nil {
		t.Fatal(err)
	}
	if err := r.Forge(t.Context(), aged[1]); err != nil {
		t.Fatal(err)
	}
	done, err := r.BringForward(t.Context())
	if err == nil || done != (records.Upkeep{Brought: len(aged) - 2, Passed: 1, Failed: 1}) {
		t.Errorf("of %d: %+v, %v", len(aged), done, err)
	}
	if left := older(t, r); left != 2 {
		t.Errorf("%d are left, not the two that cannot be read", left)
	}
}

// The program brings records forward by itself, from its start on, until it closes.
func TestTheProgramBringsRecordsForwardWhileItServes(t *testing.T) {
	folder, signIn := t.TempDir(), stage.NewSignIn(t)
	s := stage.New(t, stage.Options{Folder: folder, SignIn: signIn, Forms: newer})
	written := answers(t, s)
	aged := age(t, s.Program.Records(), "case", "plan", "practitioner")
	s.Close(t)

	s = stage.New(t, stage.Options{Folder: folder, SignIn: signIn, Forms: newer, Ticks: stage.Tick()})
	deadline := time.After(time.Minute)
	for older(t, s.Program.Records()) > 0 {
		tellTheSame(t, "meanwhile", answers(t, s), written)
		select {
		case <-deadline:
			t.Fatalf("of %d records %d are of an older form after a minute", len(aged), older(t, s.Program.Records()))
		default:
		}
	}
	tellTheSame(t, "after", answers(t, s), written)
	for _, id := range aged {
		if doc := stored(t, s.Program.Records(), id); doc.Form != 2 {
			t.Errorf("%s is of form %d", id, doc.Form)
		}
	}
	s.Close(t) // waits for the turn that is under way, which logs what it did
	log := s.Log()
	if !strings.Contains(log, `"system":"record upkeep"`) || !strings.Contains(log, fmt.Sprintf(`"brought":%d`, len(aged))) || strings.Contains(log, "plan_") {
		t.Errorf("upkeep logs %s", log)
	}
}

func TestHowMuchIsLeftIsMeasured(t *testing.T) {
	folder, signIn := t.TempDir(), stage.NewSignIn(t)
	s := stage.New(t, stage.Options{Folder: folder, SignIn: signIn, Forms: newer})
	aged := age(t, s.Program.Records(), "plan")
	if err := s.Program.Records().Forge(t.Context(), aged[0]); err != nil {
		t.Fatal(err)
	}
	s.Close(t)
	s = stage.New(t, stage.Options{Folder: folder, SignIn: signIn, Forms: newer, Ticks: stage.Tick()})
	deadline := time.After(time.Minute)
	for {
		shown := httptest.NewRecorder()
		s.Program.Metrics().ServeHTTP(shown, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
		if text := shown.Body.String(); strings.Contains(text, `accord_older_records{kind="plan"} 1`+"\n") && strings.Contains(text, `accord_older_records{kind="case"} 0`+"\n") {
			return
		}
		select {
		case <-deadline:
			t.Fatalf("after a minute the metrics show %s", shown.Body)
		default:
		}
	}
}

// A program that was put back to an earlier one says so at the start, and shows
// nothing of what a later one writes beside it.
func TestAnEarlierProgramRefusesWhatALaterOneWrote(t *testing.T) {
	signIn := stage.NewSignIn(t)
	forms := maps.Clone(newer)
	delete(forms, "practitioner") // the directory is read at the start, and would be refused anyway
	s := stage.New(t, stage.Options{SignIn: signIn, Forms: forms})
	earlier, err := s.Program.Records().At(records.Forms{"plan": newer["plan"]})
	if err == nil {
		t.Fatal("it starts")
	}
	const says = "the data holds a record of kind case in form 2 and this program knows form 1: start the version of Accord that wrote it, or a later one"
	if !strings.Contains(err.Error(), says) || earlier != nil {
		t.Errorf("it says: %v", err)
	}
	s.Close(t)

	// It runs already when the later program writes.
	s = stage.New(t, stage.Options{SignIn: signIn})
	caseID := casesOf(t, s.As(t, "pc.ahmed"))[0]
	plan := planOf(t, s.As(t, "pc.ahmed"), caseID).Value.ID
	later, err := s.Program.Records().At(records.Forms{"plan": newer["plan"]}.With())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := later.BringForward(t.Context()); err != nil {
		t.Fatal(err)
	}
	answer := s.Ask(t, "pc.ahmed", `query($id: ID!) { node(id: $id) { id ... on Plan { items { description } } } }`, map[string]any{"id": plan})
	if body := string(answer.Body); !strings.Contains(body, `"code":"INTERNAL"`) || strings.Contains(body, "description") || strings.Contains(body, "form") {
		t.Errorf("answered %s", body)
	}
}
