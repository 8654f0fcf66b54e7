package jobs_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"accord/internal/jobs"
	"accord/internal/records"
)

// Jobs of the property. A lease is 90 seconds: a minute for the turn, and the grace.
const (
	propertyLease = 90 * time.Second
	propertyTick  = 15 * time.Second
)

var propertyJobs = []jobs.Job{
	{Name: "list relay", Every: 5 * time.Minute},
	{Name: "alert mail", Every: 20 * time.Minute, AtStart: true},
}

// event is one thing that happens, and how a turn ends that it is in the middle of.
type event struct {
	what   string
	lasts  time.Duration
	within int    // further events in the middle of a turn that this one begins
	ends   string // that turn
}

var events = rapid.Custom(func(rt *rapid.T) event {
	longest := map[string]time.Duration{"passes": 12 * time.Minute, "back": 3 * time.Hour, "forward": 72 * time.Hour}
	what := rapid.SampledFrom([]string{"first looks", "second looks", "both look", "passes", "back", "forward"}).Draw(rt, "what")
	return event{
		what: what, lasts: time.Duration(rapid.Int64Range(0, int64(longest[what]/time.Second)).Draw(rt, "seconds")) * time.Second,
		within: rapid.IntRange(0, 3).Draw(rt, "within"), ends: rapid.SampledFrom([]string{"done", "failed", "killed"}).Draw(rt, "ends"),
	}
})

// In whatever order two programs look and run, fail and are killed, and however their
// clock is put, no job runs twice at once, and none waits for longer than a lease and
// the time between its turns.
func TestPropertyNoJobRunsTwiceAtOnceAndNoneIsLost(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(rt *rapid.T) {
		m := &model{world: w, t: t, ahead: rapid.SliceOfN(events, 1, 60).Draw(rt, "events"), running: map[string]bool{}}
		w.set(start)
		m.begin()
		for len(m.ahead) > 0 && m.fault == "" {
			m.step()
		}
		m.left = nil
		waits := map[string]time.Duration{}
		m.turns = map[string]int{}
		for waited := time.Duration(0); waited <= propertyJobs[1].Every+propertyLease+propertyTick; waited += propertyTick {
			m.look(0)
			for _, job := range propertyJobs {
				if m.turns[job.Name] == 0 {
					waits[job.Name] = waited
				}
			}
			w.pass(propertyTick)
		}
		if m.fault != "" {
			rt.Fatal(m.fault)
		}
		for _, job := range propertyJobs {
			if waits[job.Name] > job.Every+propertyLease {
				rt.Errorf("the job %s waits for %s", job.Name, waits[job.Name])
			}
		}
	})
}

// model is two programs over one schedule.
type model struct {
	*world
	t *testing.T

	ahead    []event // what will happen; when nothing is ahead, everything ends well
	programs [2]*life
	looking  [2]bool         // in the middle of what it does
	running  map[string]bool // by job
	turns    map[string]int
	left     []time.Duration // of the turns that run, one inside the other, until their time is over
	fault    string          // what went wrong; a runner would catch a panic
}

// life is a program from its start until it is killed.
type life struct {
	mortal
	runner *jobs.Runner
}

// begin has every job planned for now, as if it had just come to be.
func (m *model) begin() {
	m.turns = map[string]int{}
	m.programs = [2]*life{m.start(), m.start()}
	if err := m.programs[0].runner.Plan(m.t.Context()); err != nil {
		m.t.Fatal(err)
	}
	for _, job := range propertyJobs {
		at := m.stands(m.t, job.Name)
		at.NextAt, at.Holder, at.LeasedUntil, at.Failures = start, "", time.Time{}, 0
		if _, kept, err := m.schedule.Keep(m.t.Context(), at); err != nil || !kept {
			m.t.Fatalf("planning %s anew: %v, %v", job.Name, kept, err)
		}
	}
}

func (m *model) start() *life {
	program := &life{mortal: mortal{Schedule: m.schedule}}
	own := slices.Clone(propertyJobs)
	for i := range own {
		name := own[i].Name
		own[i].Run = func(context.Context, time.Time) error { return m.run(program, name) }
	}
	program.runner = m.runner(m.t, &program.mortal, own...)
	return program
}

// look has a program look for what is due. One that was killed is started again.
func (m *model) look(of int) {
	if m.looking[of] {
		return
	}
	m.looking[of] = true
	err := m.programs[of].runner.Turn(m.t.Context())
	m.looking[of] = false
	if err != nil && !errors.Is(err, errKilled) && !errors.Is(err, errFails) {
		m.fault = err.Error()
	}
	if m.programs[of].killed {
		m.programs[of] = m.start()
	}
}

var errFails = errors.New("it fails")

// next is the next thing that happens.
func (m *model) next() event {
	if len(m.ahead) == 0 {
		return event{ends: "done"}
	}
	one := m.ahead[0]
	m.ahead = m.ahead[1:]
	return one
}

// run is a turn of a job: while it lasts other things happen, and it never lasts for
// longer than it may.
func (m *model) run(by *life, job string) error {
	if m.running[job] {
		m.fault = "the job " + job + " runs twice at once"
	}
	m.running[job] = true
	defer func() { m.running[job] = false }()
	m.turns[job]++
	turn := m.next()
	m.left = append(m.left, time.Minute)
	for range turn.within {
		m.step()
	}
	m.left = m.left[:len(m.left)-1]
	switch turn.ends {
	case "failed":
		return errFails
	case "killed":
		by.killed = true
	}
	return nil
}

// step is the next thing that happens.
func (m *model) step() {
	switch one := m.next(); one.what {
	case "first looks":
		m.look(0)
	case "second looks":
		m.look(1)
	case "both look":
		m.look(0)
		m.look(1)
	case "passes": // no more than is left to what runs
		for _, left := range m.left {
			one.lasts = min(one.lasts, left)
		}
		for i := range m.left {
			m.left[i] -= one.lasts
		}
		m.pass(one.lasts)
	case "back":
		m.pass(-one.lasts)
	case "forward": // while nothing runs: a clock cannot tell that from time that passes
		if len(m.left) == 0 {
			m.pass(one.lasts)
		}
	}
}

func TestPropertyTheNextTurnIsOnTheScheduleAndAhead(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(rt *rapid.T) {
		every := time.Duration(rapid.Int64Range(1, int64(48*time.Hour/time.Millisecond)).Draw(rt, "every")) * time.Millisecond
		job := jobs.Job{Name: "turn " + letters(rapid.IntRange(0, 3).Draw(rt, "job")), Every: every, AtStart: true}
		job.Run = func(context.Context, time.Time) error { return nil }
		now := start.Add(time.Duration(rapid.Int64Range(0, int64(400*24*time.Hour)).Draw(rt, "now")))
		w.set(now)
		turn(t, w.runner(t, w.schedule, job))
		next := w.stands(t, job.Name).NextAt
		if !next.After(now) && now.Sub(next) >= time.Millisecond || next.Sub(now) > every || next.UnixMilli()-next.Truncate(every).UnixMilli() != 0 {
			rt.Errorf("at %s the next turn of every %s is at %s", now, every, next)
		}
	})
}

// letters spells a number in letters.
func letters(n int) string {
	digits := []byte(strconv.Itoa(n))
	for i := range digits {
		digits[i] += 'a' - '0'
	}
	return string(digits)
}

var _ jobs.Schedule = records.Schedule{}
