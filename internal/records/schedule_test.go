package records_test

import (
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"accord/cmd/accord/program"
	"accord/cmd/accord/stage"
	"accord/internal/audit"
	"accord/internal/records"
)

// planned are the jobs of a schedule by their names.
func planned(t *testing.T, schedule records.Schedule) map[string]records.PlannedJob {
	t.Helper()
	all, err := schedule.Jobs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]records.PlannedJob{}
	for _, one := range all {
		byName[one.Name] = one
	}
	return byName
}

func TestTheScheduleOutlivesTheProgram(t *testing.T) {
	folder, signIn := t.TempDir(), stage.NewSignIn(t)
	s := stage.New(t, stage.Options{Folder: folder, SignIn: signIn})
	schedule := s.Program.Records().Schedule()
	entered := s.Entered(t)
	if err := schedule.Plan(t.Context(), "ended releases", stage.Start); err != nil {
		t.Fatal(err)
	}
	want := planned(t, schedule)["ended releases"]
	want.Holder, want.LeasedUntil, want.NextAt = "runner", stage.Start.Add(time.Minute), stage.Start.Add(-time.Hour)
	want.LastDone, want.Failures = stage.Start.Add(-2*time.Hour), 3
	kept, ok, err := schedule.Keep(t.Context(), want)
	if err != nil || !ok || kept.Version() != 2 {
		t.Fatalf("kept is %+v, %v, %v", kept, ok, err)
	}
	// Whoever read it before writes nothing.
	if _, ok, err := schedule.Keep(t.Context(), want); ok || err != nil {
		t.Errorf("it is kept twice: %v, %v", ok, err)
	}
	// It is planned already.
	if err := schedule.Plan(t.Context(), "ended releases", stage.Start); err != nil {
		t.Fatal(err)
	}
	if now := s.Entered(t); now != entered {
		t.Errorf("%d entries are about the schedule", now-entered)
	}
	s.Close(t)
	s = stage.New(t, stage.Options{Folder: folder, SignIn: signIn})
	found := planned(t, s.Program.Records().Schedule())["ended releases"]
	if found.Version() != 2 || found.Name != want.Name || found.Holder != want.Holder || found.Failures != want.Failures ||
		!found.NextAt.Equal(want.NextAt) || !found.LeasedUntil.Equal(want.LeasedUntil) || !found.LastDone.Equal(want.LastDone) {
		t.Errorf("found is %+v, want %+v", found, want)
	}
}

// A store with documents and without a log is one whose log was taken away, so that
// nothing is planned before anything has happened.
func TestNothingIsPlannedWhereNothingHasHappened(t *testing.T) {
	s := stage.New(t, stage.Options{Empty: true})
	schedule := s.Program.Records().Schedule()
	s.TakeTurns(t)
	if err := schedule.Plan(t.Context(), "list relay", stage.Start); err != nil || len(planned(t, schedule)) != 0 {
		t.Errorf("planned are %v, %v", planned(t, schedule), err)
	}
	if !stage.InFile() {
		return
	}
	s.Close(t)
	if proof, err := program.VerifyAudit(t.Context(), s.Data, ""); err != nil || !proof.Sound() {
		t.Errorf("the log is not whole: %v\n%s", err, proof)
	}
}

// A job that somebody changed without the keys keeps no other from its turn, and
// begins again with a note in the audit log: it is not kept from its turn either.
func TestAJobThatCannotBeBelievedBeginsAgain(t *testing.T) {
	s := stage.New(t, stage.Options{})
	r := s.Program.Records()
	schedule := r.Schedule()
	for _, name := range []string{"ended releases", "alert mail"} {
		if err := schedule.Plan(t.Context(), name, stage.Start); err != nil {
			t.Fatal(err)
		}
	}
	sound := planned(t, schedule)
	if err := r.Forge(t.Context(), sound["alert mail"].ID()); err != nil {
		t.Fatal(err)
	}
	if now := planned(t, schedule); now["alert mail"].Name != "" || now["ended releases"].Name == "" || len(now) != len(sound)-1 {
		t.Errorf("planned are %v", now)
	}
	entered := s.Entered(t)
	if err := schedule.Plan(t.Context(), "alert mail", stage.Start.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	again := planned(t, schedule)["alert mail"]
	if again.Version() != 3 || !again.NextAt.Equal(stage.Start.Add(time.Hour)) {
		t.Errorf("it begins again as %+v", again)
	}
	entries := s.Entries(t, entered)
	if len(entries) != 1 || entries[0].System != "record upkeep" || entries[0].Action != "planAgain" || entries[0].Operation != audit.Alteration ||
		len(entries[0].Records) != 1 || entries[0].Records[0].Record != audit.ID(again.ID()) {
		t.Errorf("entered is %+v", entries)
	}
}

// A job comes to the newest form with its turn, and upkeep leaves it: it would take
// away its own turn.
func TestAJobComesForwardWithItsTurn(t *testing.T) {
	step := records.Forms{"job": {{Head: func(head bson.D) (bson.D, error) {
		return append(head[:len(head)-1:len(head)-1], bson.E{Key: "failures", Value: int32(7)}), nil
	}}}}.With()
	s := stage.New(t, stage.Options{})
	r := s.Program.Records()
	s.TakeTurns(t)
	later, err := r.At(step)
	if err != nil {
		t.Fatal(err)
	}
	if done, err := later.BringForward(t.Context()); err != nil || done != (records.Upkeep{}) {
		t.Errorf("upkeep brings forward %+v, %v", done, err)
	}
	jobs := planned(t, later.Schedule())
	for name, at := range jobs {
		if at.Failures != 7 {
			t.Errorf("as it is read, %s stands at %+v", name, at)
		}
		if _, kept, err := later.Schedule().Keep(t.Context(), at); err != nil || !kept {
			t.Errorf("%s is not kept: %v, %v", name, kept, err)
		}
		if doc := stored(t, r, at.ID()); doc.Form != 2 {
			t.Errorf("%s is kept in form %d", name, doc.Form)
		}
	}
	// The program of before refuses them, and says so.
	if now := planned(t, r.Schedule()); len(jobs) == 0 || len(now) != 0 {
		t.Errorf("of %d, the program of before reads %v", len(jobs), now)
	}
	if err := r.Schedule().Plan(t.Context(), "list relay", stage.Start); err == nil {
		t.Error("the program of before plans it over what a later one wrote")
	}
}
