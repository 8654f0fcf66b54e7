package records

import "context"

type timerKey struct{}

// WithTimer has the phases of the requests under the context measured: the timer
// is told a phase and returns what stops it. Phases of one request may overlap,
// and the timer is called by several goroutines. Benchmarks use it; without a
// timer a phase costs nothing.
func WithTimer(ctx context.Context, timer func(phase string) (stop func())) context.Context {
	return context.WithValue(ctx, timerKey{}, timer)
}

func timerFrom(ctx context.Context) func(string) func() {
	timer, _ := ctx.Value(timerKey{}).(func(string) func())
	return timer
}

// Phase begins a phase of a request that has no session yet, and returns what
// stops it.
func Phase(ctx context.Context, name string) (stop func()) { return begin(timerFrom(ctx), name) }

func (s *Session) phase(name string) (stop func()) { return begin(s.timer, name) }

func begin(timer func(string) func(), name string) (stop func()) {
	if timer == nil {
		return func() {}
	}
	return timer(name)
}
