// Package jobs does what Accord does by itself, beside the requests: it carries
// consequences, keeps records up, looks for what has become due. When a job is due is
// kept with the records, so that it outlives the program, and of several programs over
// one store one takes each turn. What a job may see and change is that of the system
// capacity it acts as, never of the runner.
package jobs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"
)

// Job is something that is done again and again.
//
// A job is done at least once for each turn: a program that was killed, or that stood
// still for longer than its lease, may have done part of it before another does it.
// So a job looks for what is left to do, and does it with changes that are guarded by
// version, of which the second changes nothing.
type Job struct {
	// Name is how the job is known in the schedule, the log and the metrics: lower-case
	// words, such as "list relay". A job under another name is another job.
	Name string
	// Every is how far its turns are apart. They are at the whole multiples of it since
	// the beginning of time, in UTC, so that they depend on nobody's start: every hour on
	// the hour. Summer time moves none of them.
	Every time.Duration
	// AtMost is how long a turn may take: its context ends then. What it leaves is for
	// the next turn. Zero: DefaultAtMost.
	AtMost time.Duration
	// AtStart gives the job a turn when the program starts, too, whenever its next would
	// be: for what a crash, or a program of before, has left.
	AtStart bool
	// Run takes one turn, at the time that is given to it. It ends soon when its context
	// does. An error puts the next turn off.
	Run func(ctx context.Context, now time.Time) error
}

// Bounds of a turn.
const (
	// DefaultAtMost is how long a turn may take that does not say how long.
	DefaultAtMost = time.Minute
	// Grace is how long a lease lasts beyond the turn it is for: the turn has ended and
	// its end is written before another runner begins, though their clocks differ by less
	// than this.
	Grace = 30 * time.Second
)

// The wait for the next turn doubles with each turn that fails, from the first of
// these to the second.
const (
	shortestWait = 30 * time.Second
	longestWait  = 5 * time.Minute
)

// lease is how long nobody else takes the turn that is taken.
func (j Job) lease() time.Duration { return j.atMost() + Grace }

func (j Job) atMost() time.Duration { return cmp.Or(j.AtMost, DefaultAtMost) }

// after is the turn that follows a moment: of several that were missed, none.
func (j Job) after(moment time.Time) time.Time { return moment.Truncate(j.Every).Add(j.Every) }

// farthest is how far ahead the next turn of a job can be, by clocks that agree.
func (j Job) farthest() time.Duration { return max(j.Every, longestWait) + Grace }

// wait is how long a job rests that has failed so often in a row, from 1.
func wait(failures int) time.Duration {
	rest := shortestWait
	for range failures - 1 {
		if rest *= 2; rest >= longestWait {
			return longestWait
		}
	}
	return rest
}

var name = regexp.MustCompile(`^[a-z]+( [a-z]+)*$`)

const longestName = 60

// check refuses jobs that cannot be told apart or cannot be run.
func check(jobs []Job) error {
	for i, job := range jobs {
		switch {
		case !name.MatchString(job.Name) || len(job.Name) > longestName:
			return fmt.Errorf("job %d has no name of a few lower-case words", i+1)
		case slices.ContainsFunc(jobs[:i], func(other Job) bool { return other.Name == job.Name }):
			return fmt.Errorf("two jobs are called %s", job.Name)
		case job.Every < time.Millisecond || job.AtMost < 0:
			return fmt.Errorf("the job %s has no turns, or none that lasts", job.Name)
		case job.Run == nil:
			return errors.New("the job " + job.Name + " does nothing")
		}
	}
	return nil
}
