package records

import "context"

type timerKey struct{}

// WithTimer has the phases of the sessions begun under the context measured: the
// timer is told a phase and returns what stops it. Benchmarks use it; without a
// timer a phase costs nothing.
func WithTimer(ctx context.Context, timer func(phase string) (stop func())) context.Context {
	return context.WithValue(ctx, timerKey{}, timer)
}

func timerFrom(ctx context.Context) func(string) func() {
	timer, _ := ctx.Value(timerKey{}).(func(string) func())
	return timer
}

func (s *Session) phase(name string) func() {
	if s.timer == nil {
		return func() {}
	}
	return s.timer(name)
}
