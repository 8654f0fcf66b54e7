package jobs_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"accord/domain/calendar"
	"accord/internal/jobs"
	"accord/internal/records"
)

func TestOfTwoRunnersOneTakesEachTurn(t *testing.T) {
	w := newWorld(t)
	job := w.counted(jobs.Job{Name: "list relay", Every: time.Minute}, well)
	seen := &sameSight{Schedule: w.schedule, arrived: make(chan struct{})}
	runners := []*jobs.Runner{w.runner(t, seen, job), w.runner(t, seen, job)}
	for range 61 { // ten seconds each: from twenty seconds behind the minute for ten minutes
		turn(t, runners[0])
		turn(t, runners[1])
		w.pass(10 * time.Second)
	}
	w.had(t, job.Name, 1+10) // at once, and at each whole minute
	seen.together = true
	for n := range 10 {
		w.pass(time.Minute)
		var both sync.WaitGroup
		for _, runner := range runners {
			both.Go(func() {
				if err := runner.Turn(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		w.had(t, job.Name, 11+n+1)
	}
}

// sameSight is a schedule that two runners read before either of them writes.
type sameSight struct {
	jobs.Schedule
	together bool
	arrived  chan struct{}
}

func (s *sameSight) Jobs(ctx context.Context) ([]records.PlannedJob, error) {
	all, err := s.Schedule.Jobs(ctx)
	if s.together {
		select {
		case s.arrived <- struct{}{}:
		case <-s.arrived:
		}
	}
	return all, err
}

func TestATurnIsTakenOnScheduleWheneverTheLastOneWas(t *testing.T) {
	w := newWorld(t)
	takes := 17 * time.Minute
	job := w.counted(jobs.Job{Name: "list relay", Every: time.Hour}, func(context.Context) error {
		w.pass(takes)
		return nil
	})
	runner := w.runner(t, w.schedule, job)
	turn(t, runner)
	if at := w.stands(t, job.Name); !at.NextAt.Equal(start.Truncate(time.Hour).Add(time.Hour)) || !at.LastDone.Equal(w.clock()) || at.Holder != "" {
		t.Errorf("after its first turn it stands at %+v", at)
	}
	w.set(start.Truncate(time.Hour).Add(time.Hour - time.Millisecond))
	turn(t, runner)
	w.had(t, job.Name, 1)
	w.pass(time.Millisecond)
	takes = 70 * time.Minute
	turn(t, runner)
	w.had(t, job.Name, 2)
	if overdue := runner.Overdue(); overdue != 10*time.Minute {
		t.Errorf("ten minutes behind a turn that came due meanwhile, it is overdue for %s", overdue)
	}
	takes = 0
	turn(t, runner)
	turn(t, runner)
	w.had(t, job.Name, 3)
	if overdue := runner.Overdue(); overdue != 0 {
		t.Errorf("it is overdue for %s", overdue)
	}
}

func TestTurnsMissedWhileNothingRanAreTakenOnce(t *testing.T) {
	w := newWorld(t)
	often := w.counted(jobs.Job{Name: "list relay", Every: time.Minute}, well)
	seldom := w.counted(jobs.Job{Name: "ended releases", Every: 24 * time.Hour}, well)
	turn(t, w.runner(t, w.schedule, often, seldom))
	w.pass(72 * time.Hour)
	runner := w.runner(t, w.schedule, often, seldom)
	if err := runner.Plan(t.Context()); err != nil || runner.Overdue() != 72*time.Hour-40*time.Second {
		t.Errorf("overdue for %s, %v", runner.Overdue(), err)
	}
	turn(t, runner)
	turn(t, runner)
	w.had(t, often.Name, 2)
	w.had(t, seldom.Name, 2)
	w.pass(time.Minute)
	turn(t, runner)
	w.had(t, often.Name, 3)
	w.had(t, seldom.Name, 2)
	if next := w.stands(t, seldom.Name).NextAt; !next.Equal(start.Add(96 * time.Hour).Truncate(24 * time.Hour)) {
		t.Errorf("the daily job is due at %s", next)
	}
}

// Leases are 90 seconds: a minute for the turn, and the grace.
func TestATurnOfAProgramThatWasKilledIsTakenWhenItsLeaseRunsOut(t *testing.T) {
	for name, put := range map[string]time.Duration{
		"by its word": 0, "with the clock put back": -26 * time.Hour, "with the clock put forward": 26 * time.Hour,
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			doomed := &mortal{Schedule: w.schedule}
			killing := w.counted(jobs.Job{Name: "list relay", Every: time.Minute}, func(context.Context) error {
				doomed.killed = true
				return nil
			})
			if err := w.runner(t, doomed, killing).Turn(t.Context()); !errors.Is(err, errKilled) {
				t.Fatalf("it is not killed: %v", err)
			}
			next := w.runner(t, w.schedule, w.counted(killing, well))
			turn(t, next)
			w.had(t, killing.Name, 1)
			w.pass(put)
			if put > 0 { // a program that has seen nothing of it, at its start
				next = w.runner(t, w.schedule, w.counted(killing, well))
			}
			turn(t, next)
			if put <= 0 {
				w.pass(90*time.Second - time.Millisecond)
				turn(t, next)
				w.had(t, killing.Name, 1)
				w.pass(time.Millisecond)
				turn(t, next)
			}
			w.had(t, killing.Name, 2)
			if at := w.stands(t, killing.Name); at.Holder != "" || at.Failures != 0 {
				t.Errorf("it stands at %+v", at)
			}
		})
	}
}

// A program that stood still for longer than its lease finds its turn taken, and says
// so; what stands is what the other wrote.
func TestAProgramThatStoodStillTakesNothingBack(t *testing.T) {
	w := newWorld(t)
	var other *jobs.Runner
	stood := false
	job := w.counted(jobs.Job{Name: "list relay", Every: time.Minute}, func(context.Context) error {
		if stood {
			return nil
		}
		stood = true
		w.pass(time.Hour)
		turn(t, other)
		return nil
	})
	other = w.runner(t, w.schedule, job)
	turn(t, w.runner(t, w.schedule, job))
	w.had(t, job.Name, 2)
	if at := w.stands(t, job.Name); at.Version() != 4 || !at.LastDone.Equal(w.clock()) { // planned, taken by each, done
		t.Errorf("it stands at version %d, %+v", at.Version(), at)
	}
	if !strings.Contains(w.log.String(), `"msg":"a job took longer than its lease","job":"list relay"`) {
		t.Errorf("logged is %s", w.log)
	}
}

func TestAJobThatFailsRestsLongerEachTimeAndOthersGoOn(t *testing.T) {
	w := newWorld(t)
	const secret = "Marianne Aldous"
	heals := false
	failing := w.counted(jobs.Job{Name: "alert mail", Every: time.Minute}, func(context.Context) error {
		if heals {
			return nil
		}
		return errors.New("no such mailbox: " + secret)
	})
	throwing := w.counted(jobs.Job{Name: "ended releases", Every: time.Minute}, func(context.Context) error { panic(secret) })
	sound := w.counted(jobs.Job{Name: "list relay", Every: time.Minute}, well)
	runner := w.runner(t, w.schedule, failing, throwing, sound)
	var rests []time.Duration
	last := w.clock()
	for range 100 { // ten seconds each
		before := w.turns(failing.Name)
		err := runner.Turn(t.Context())
		if w.turns(failing.Name) > before {
			rests, last = append(rests, w.clock().Sub(last)), w.clock()
			if err == nil {
				t.Error("the turn does not say that a job failed")
			}
		}
		w.pass(10 * time.Second)
	}
	want := []time.Duration{0, 30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 5 * time.Minute}
	for i, rest := range want {
		if len(rests) <= i || rests[i] != rest {
			t.Fatalf("its turns were apart by %v, want %v", rests, want)
		}
	}
	w.had(t, failing.Name, len(want))
	w.had(t, throwing.Name, len(want))
	w.had(t, sound.Name, 1+16)
	if failures := runner.Failures(); failures[failing.Name] != len(want) || failures[throwing.Name] != len(want) || failures[sound.Name] != 0 {
		t.Errorf("failures: %v", failures)
	}
	log := w.log.String()
	if !strings.Contains(log, `"msg":"a job failed","job":"alert mail","failures":6,"kind":"*fmt.wrapError > *errors.errorString"`) ||
		!strings.Contains(log, `"kind":"panic: string at accord/internal/jobs_test.`) || strings.Contains(log, secret) {
		t.Errorf("logged is %s", log)
	}
	heals = true
	w.pass(5 * time.Minute)
	_ = runner.Turn(t.Context()) // the other one fails still
	if at := w.stands(t, failing.Name); at.Failures != 0 || !at.NextAt.Equal(w.clock().Truncate(time.Minute).Add(time.Minute)) {
		t.Errorf("healed, it stands at %+v", at)
	}
}

func TestAClockThatWasPutBackKeepsNoJobFromItsTurn(t *testing.T) {
	w := newWorld(t)
	job := w.counted(jobs.Job{Name: "list relay", Every: 10 * time.Minute}, well)
	runner := w.runner(t, w.schedule, job)
	turn(t, runner)
	w.pass(365 * 24 * time.Hour) // a clock that was wrong, and is set right
	turn(t, runner)
	w.pass(-365 * 24 * time.Hour)
	turn(t, runner)
	turn(t, runner)
	w.had(t, job.Name, 3)
	w.pass(-40 * time.Second) // its turn is farther ahead by twenty seconds: no more than clocks differ by
	turn(t, runner)
	w.had(t, job.Name, 3)
	w.pass(-20 * time.Second)
	turn(t, runner)
	w.had(t, job.Name, 4)
}

func TestSummerTimeMovesNoTurn(t *testing.T) {
	for _, day := range []time.Time{
		time.Date(2026, time.March, 28, 23, 59, 59, 0, time.UTC), time.Date(2026, time.October, 24, 23, 59, 59, 0, time.UTC),
	} {
		w := newWorld(t)
		hourly := w.counted(jobs.Job{Name: "list relay", Every: time.Hour}, well)
		daily := w.counted(jobs.Job{Name: "ended releases", Every: 24 * time.Hour}, well)
		runner := w.runner(t, w.schedule, hourly, daily)
		w.set(day.In(calendar.London()))
		turn(t, runner)
		w.pass(time.Second)
		for range 24 * 6 {
			turn(t, runner)
			w.pass(10 * time.Minute)
		}
		w.had(t, hourly.Name, 1+24)
		w.had(t, daily.Name, 1+1)
	}
}

func TestAStartGivesATurnToWhatMayHaveBeenLeft(t *testing.T) {
	w := newWorld(t)
	eager := w.counted(jobs.Job{Name: "list relay", Every: 24 * time.Hour, AtStart: true}, well)
	patient := w.counted(jobs.Job{Name: "ended releases", Every: 24 * time.Hour}, well)
	for n := range 3 {
		runner := w.runner(t, w.schedule, eager, patient)
		turn(t, runner)
		turn(t, runner)
		w.had(t, eager.Name, n+1)
		w.had(t, patient.Name, 1)
	}
}

func TestATurnEndsWhenItsTimeIsOver(t *testing.T) {
	w := newWorld(t)
	job := w.counted(jobs.Job{Name: "list relay", Every: time.Hour, AtMost: time.Millisecond}, func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	})
	if err := w.runner(t, w.schedule, job).Turn(t.Context()); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("it ends with %v", err)
	}
	if at := w.stands(t, job.Name); at.Failures != 1 {
		t.Errorf("it stands at %+v", at)
	}
}

// An end waits for the turns that are under way, and the next program goes on at once
// with what they left.
func TestAnEndWaitsForWhatRunsAndGivesItBack(t *testing.T) {
	w := newWorld(t)
	runs, ends := make(chan struct{}), make(chan struct{})
	job := jobs.Job{Name: "list relay", Every: time.Hour}
	waiting := w.counted(job, func(ctx context.Context) error {
		close(runs)
		<-ctx.Done()
		<-ends
		return ctx.Err()
	})
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		w.runner(t, w.schedule, waiting).Run(ctx, nil)
		close(ended)
	}()
	<-runs
	if at := w.stands(t, job.Name); at.Holder == "" || !at.LeasedUntil.Equal(start.Add(90*time.Second)) {
		t.Errorf("while it runs it stands at %+v", at)
	}
	end()
	select {
	case <-ended:
		t.Error("the end does not wait")
	default:
	}
	close(ends)
	<-ended
	if at := w.stands(t, job.Name); at.Holder != "" || at.Failures != 0 || !at.NextAt.Equal(start) || !at.LastDone.IsZero() {
		t.Errorf("after the end it stands at %+v", at)
	}
	if strings.Contains(w.log.String(), "failed") {
		t.Errorf("logged is %s", w.log)
	}
	turn(t, w.runner(t, w.schedule, w.counted(job, well)))
	w.had(t, job.Name, 2)
}

func TestALongTurnKeepsNoOtherJobWaiting(t *testing.T) {
	w := newWorld(t)
	runs := make(chan string)
	goesOn := make(chan struct{})
	long := jobs.Job{Name: "record upkeep", Every: time.Minute, Run: func(ctx context.Context, _ time.Time) error {
		runs <- "long"
		<-goesOn
		return nil
	}}
	short := jobs.Job{Name: "list relay", Every: time.Minute, Run: func(context.Context, time.Time) error {
		runs <- "short"
		return nil
	}}
	ctx, end := context.WithCancel(t.Context())
	defer end()
	tick, ended := make(chan time.Time), make(chan struct{})
	go func() {
		w.runner(t, w.schedule, long, short).Run(ctx, tick)
		close(ended)
	}()
	if first := <-runs + <-runs; first != "longshort" && first != "shortlong" {
		t.Errorf("at once it runs %s", first)
	}
	deadline := time.After(time.Minute)
	for range 3 {
		w.pass(time.Minute)
		for again := ""; again == ""; { // its last turn may not quite have ended
			select {
			case <-deadline:
				t.Fatal("for a minute nothing runs beside the long one")
			case tick <- w.clock():
			case again = <-runs:
				if again != "short" {
					t.Errorf("beside the long one runs %s", again)
				}
			}
		}
	}
	end()
	close(goesOn)
	<-ended
}

// A schedule that cannot be read or written is said once, not at each look.
func TestAStoreThatDoesNotAnswerIsSaidOnceUntilItDoes(t *testing.T) {
	w := newWorld(t)
	job := w.counted(jobs.Job{Name: "list relay", Every: time.Minute}, well)
	broken := &unreliable{Schedule: w.schedule}
	runner := w.runner(t, broken, job)
	turn(t, runner)
	for _, part := range []*bool{&broken.unread, &broken.unwritten} {
		for range 2 {
			*part = true
			w.pass(time.Minute)
			for range 3 {
				if err := runner.Turn(t.Context()); !errors.Is(err, errBroken) {
					t.Errorf("it says %v", err)
				}
				w.pass(time.Minute)
			}
			if runner.Overdue() < 3*time.Minute {
				t.Errorf("it shows as overdue for %s", runner.Overdue())
			}
			*part = false
			turn(t, runner)
			if runner.Overdue() != 0 {
				t.Errorf("it shows as overdue for %s", runner.Overdue())
			}
		}
	}
	w.had(t, job.Name, 5)
	for _, said := range []string{`"the schedule of jobs cannot be read"`, `"the turn of a job cannot be written"`} {
		if times := strings.Count(w.log.String(), said); times != 2 {
			t.Errorf("%s is logged %d times", said, times)
		}
	}
}

var errBroken = errors.New("the store does not answer")

type unreliable struct {
	jobs.Schedule
	unread, unwritten bool
}

func (u *unreliable) Jobs(ctx context.Context) ([]records.PlannedJob, error) {
	if u.unread {
		return nil, errBroken
	}
	return u.Schedule.Jobs(ctx)
}

func (u *unreliable) Keep(ctx context.Context, job records.PlannedJob) (records.PlannedJob, bool, error) {
	if u.unwritten {
		return job, false, errBroken
	}
	return u.Schedule.Keep(ctx, job)
}

func TestJobsThatCannotBeToldApartOrRunAreRefused(t *testing.T) {
	run := func(context.Context, time.Time) error { return nil }
	sound := jobs.Job{Name: "list relay", Every: time.Minute, Run: run}
	for _, wrong := range []struct {
		job  jobs.Job
		says string
	}{
		{jobs.Job{Name: "List relay", Every: time.Minute, Run: run}, "job 2 has no name of a few lower-case words"},
		{jobs.Job{Every: time.Minute, Run: run}, "job 2 has no name of a few lower-case words"},
		{jobs.Job{Name: strings.Repeat("a", 61), Every: time.Minute, Run: run}, "job 2 has no name of a few lower-case words"},
		{sound, "two jobs are called list relay"},
		{jobs.Job{Name: "alerts", Run: run}, "the job alerts has no turns, or none that lasts"},
		{jobs.Job{Name: "alerts", Every: time.Minute, AtMost: -1, Run: run}, "the job alerts has no turns, or none that lasts"},
		{jobs.Job{Name: "alerts", Every: time.Minute}, "the job alerts does nothing"},
	} {
		if _, err := jobs.New(jobs.Config{Jobs: []jobs.Job{sound, wrong.job}}); err == nil || err.Error() != wrong.says {
			t.Errorf("it says %v, want %s", err, wrong.says)
		}
	}
}
