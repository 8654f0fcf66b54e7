package jobs_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"accord/cmd/accord/stage"
	"accord/domain/sharing"
	"accord/internal/jobs"
	"accord/internal/records"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// start is twenty seconds behind a whole minute, hour and day.
var start = time.Date(2026, time.March, 2, 0, 0, 20, 0, time.UTC)

// world is a schedule in a real store, and the clock of those who keep to it.
type world struct {
	schedule records.Schedule
	log      *journal

	mutex sync.Mutex
	now   time.Time
	took  []string // the turns that were taken, by the name of the job
}

// newWorld opens a store in which something has happened.
func newWorld(t *testing.T) *world {
	t.Helper()
	s := stage.New(t, stage.Options{Empty: true})
	r := s.Program.Records()
	agency := sharing.Agency{ID: r.NewIdentifier("agency"), Name: "Northmoor Police", Type: sharing.Police}
	if err := records.Keep(t.Context(), r.FirstStart(t.Context()), "keepAgency", agency); err != nil {
		t.Fatal(err)
	}
	return &world{schedule: r.Schedule(), log: &journal{}, now: start}
}

func (w *world) clock() time.Time {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.now
}

func (w *world) set(to time.Time) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.now = to
}

// pass lets time pass; less than nothing puts the clock back.
func (w *world) pass(d time.Duration) { w.set(w.clock().Add(d)) }

// counted is a job that counts its turns in the world, and then does more.
func (w *world) counted(job jobs.Job, more func(context.Context) error) jobs.Job {
	job.Run = func(ctx context.Context, _ time.Time) error {
		w.mutex.Lock()
		w.took = append(w.took, job.Name)
		w.mutex.Unlock()
		return more(ctx)
	}
	return job
}

func well(context.Context) error { return nil }

// turns is how often a job had its turn so far.
func (w *world) turns(job string) int {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	count := 0
	for _, one := range w.took {
		if one == job {
			count++
		}
	}
	return count
}

// had fails unless a job had so many turns so far.
func (w *world) had(t *testing.T, job string, want int) {
	t.Helper()
	if got := w.turns(job); got != want {
		t.Errorf("at %s the job %s had %d turns, want %d", w.clock().Format(time.DateTime), job, got, want)
	}
}

func (w *world) runner(t *testing.T, schedule jobs.Schedule, own ...jobs.Job) *jobs.Runner {
	t.Helper()
	runner, err := jobs.New(jobs.Config{
		Schedule: schedule, Clock: w.clock, Holder: func() string { return "runner" }, Logger: slog.New(slog.NewJSONHandler(w.log, nil)), Jobs: own,
	})
	if err != nil {
		t.Fatal(err)
	}
	return runner
}

func turn(t *testing.T, runner *jobs.Runner) {
	t.Helper()
	if err := runner.Turn(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// stands is where a job stands in the schedule.
func (w *world) stands(t *testing.T, job string) records.PlannedJob {
	t.Helper()
	all, err := w.schedule.Jobs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(all, func(one records.PlannedJob) bool { return one.Name == job })
	if at < 0 {
		t.Fatalf("the job %s is not planned", job)
	}
	return all[at]
}

// mortal is the schedule as a program has it that may be killed: from then on it
// writes nothing.
type mortal struct {
	jobs.Schedule
	killed bool
}

var errKilled = errors.New("the program was killed")

func (m *mortal) Keep(ctx context.Context, job records.PlannedJob) (records.PlannedJob, bool, error) {
	if m.killed {
		return job, false, errKilled
	}
	return m.Schedule.Keep(ctx, job)
}

// journal keeps what is logged by several goroutines.
type journal struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

var _ io.Writer = (*journal)(nil)

func (j *journal) Write(b []byte) (int, error) {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return j.text.Write(b)
}

func (j *journal) String() string {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return j.text.String()
}
