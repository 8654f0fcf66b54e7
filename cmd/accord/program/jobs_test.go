package program_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"accord/cmd/accord/stage"
	"accord/internal/records"
)

// leave changes a case with a consequence for its meeting, and is gone before that is
// delivered.
func leave(t *testing.T, s *stage.Stage) {
	t.Helper()
	session := s.As(t, "coord.ellis")
	page, err := session.Cases(t.Context(), records.CaseFilter{}, records.OpenedOldest, records.PageRequest{First: 50})
	if err != nil {
		t.Fatal(err)
	}
	for _, edge := range page.Edges {
		held, err := session.LoadCase(t.Context(), edge.Node.ID)
		if err != nil {
			t.Fatal(err)
		}
		if len(held.Value.Listings) == 0 {
			continue
		}
		change := session.Change(held.Value.ID)
		if err := session.Heard(change, held.Value); err != nil {
			t.Fatal(err)
		}
		if err := session.Apply(t.Context(), "leave", change); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Fatal("no case is on a list")
}

func undelivered(t *testing.T, s *stage.Stage) int {
	t.Helper()
	waiting, err := s.Program.Records().Undelivered(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return len(waiting)
}

func TestWhatACrashLeftIsDeliveredFromTheStartOn(t *testing.T) {
	folder, signIn := t.TempDir(), stage.NewSignIn(t)
	s := stage.New(t, stage.Options{Folder: folder, SignIn: signIn})
	s.TakeTurns(t) // the next turn is half a minute away
	leave(t, s)
	s.TakeTurns(t)
	if left := undelivered(t, s); left == 0 {
		t.Error("delivered before its turn")
	}
	s.Close(t)
	s = stage.New(t, stage.Options{Folder: folder, SignIn: signIn, Ticks: stage.Tick()})
	deadline := time.After(time.Minute)
	for undelivered(t, s) > 0 {
		select {
		case <-deadline:
			t.Fatal("after a minute it is not delivered")
		default:
		}
	}
}

func TestWhatALaterTurnFindsIsDelivered(t *testing.T) {
	s := stage.New(t, stage.Options{})
	s.TakeTurns(t)
	leave(t, s)
	s.Clock.Set(stage.Start.Add(30 * time.Second))
	s.TakeTurns(t)
	if left := undelivered(t, s); left != 0 {
		t.Errorf("%d consequences are left", left)
	}
}

func TestJobsAreMeasuredByTheirNames(t *testing.T) {
	s := stage.New(t, stage.Options{})
	shown := func() string {
		answer := httptest.NewRecorder()
		s.Program.Metrics().ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", http.NoBody))
		return answer.Body.String()
	}
	s.TakeTurns(t)
	s.Clock.Set(stage.Start.Add(10 * time.Minute))
	for _, want := range []string{
		`accord_job_failures{job="list relay"} 0`, `accord_job_failures{job="record upkeep"} 0`, "accord_jobs_overdue_seconds 570",
	} {
		if text := shown(); !strings.Contains(text, "\n"+want+"\n") {
			t.Errorf("%s is not in %s", want, text)
		}
	}
	s.TakeTurns(t)
	if text := shown(); !strings.Contains(text, "\naccord_jobs_overdue_seconds 0\n") {
		t.Errorf("after its turn: %s", text)
	}
}
