package program

import (
	"context"
	"time"
)

// beside does work at once and again and again, beside the requests, until Close.
func (p *Program) beside(ctx context.Context, every time.Duration, work func(context.Context)) {
	p.untilClose(ctx, func(running context.Context) {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			work(running)
			select {
			case <-running.Done():
				return
			case <-tick.C:
			}
		}
	})
}

// untilClose runs something beside the requests. Close ends its context and waits for
// it.
func (p *Program) untilClose(ctx context.Context, run func(context.Context)) {
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	idle := make(chan struct{})
	p.stops = append(p.stops, func() {
		stop()
		<-idle
	})
	go func() {
		defer close(idle)
		run(running)
	}()
}
