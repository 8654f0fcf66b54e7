package demo

import (
	"sync"
	"time"
)

// Clock is a clock that is set back while the demo world is written, so that
// every act carries the day it was done on, and then runs on.
type Clock struct {
	real func() time.Time

	mutex sync.Mutex
	set   time.Time // zero: the real time
}

// NewClock returns a clock that shows the real time until it is set.
func NewClock(realTime func() time.Time) *Clock { return &Clock{real: realTime} }

// Now is the time the clock shows.
func (c *Clock) Now() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.set.IsZero() {
		return c.real()
	}
	return c.set
}

// Set sets the clock and stops it there.
func (c *Clock) Set(to time.Time) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.set = to
}

// Run lets the clock show the real time again.
func (c *Clock) Run() { c.Set(time.Time{}) }
