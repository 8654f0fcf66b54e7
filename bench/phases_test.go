package bench

import (
	"net/http"
	"sync"
	"time"

	"accord/internal/records"
)

// phaseNames are the phases of a request, in the order they are reported.
var phaseNames = []string{"sign-in", "scope", "sight", "fetch", "unseal", "audit"}

// stopwatch stands around the API and adds up where the time of its requests
// goes. What several goroutines do in one phase at once counts once.
type stopwatch struct {
	mutex   sync.Mutex
	running bool
	phases  map[string]*lap
	any     lap // in any phase at all
	request lap // the whole request, as the server sees it
}

// start forgets what was measured and measures from the next request on.
func (s *stopwatch) start() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.running, s.phases, s.any, s.request = true, map[string]*lap{}, lap{}, lap{}
}

// stop ends the measuring.
func (s *stopwatch) stop() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.running = false
}

// lap is how long something was going on, and how often it was begun.
type lap struct {
	total time.Duration
	begun int

	now   int // how many goroutines are in it
	since time.Time
}

func (l *lap) start(at time.Time) {
	if l.now == 0 {
		l.since = at
	}
	l.now++
	l.begun++
}

func (l *lap) stop(at time.Time) {
	l.now--
	if l.now == 0 {
		l.total += at.Sub(l.since)
	}
}

// around measures the requests that come while the stopwatch runs, and leaves
// the others as they are.
func (s *stopwatch) around(api http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.enter() {
			api.ServeHTTP(w, r)
			return
		}
		defer s.leave()
		api.ServeHTTP(w, r.WithContext(records.WithTimer(r.Context(), s.phase)))
	})
}

func (s *stopwatch) enter() bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.running {
		s.request.start(time.Now())
	}
	return s.running
}

func (s *stopwatch) leave() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.request.stop(time.Now())
}

// phase is the timer that records tells its phases.
func (s *stopwatch) phase(name string) (stop func()) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	phase := s.phases[name]
	if phase == nil {
		phase = &lap{}
		s.phases[name] = phase
	}
	now := time.Now()
	phase.start(now)
	s.any.start(now)
	return func() {
		now := time.Now()
		s.mutex.Lock()
		defer s.mutex.Unlock()
		phase.stop(now)
		s.any.stop(now)
	}
}
