package program

import (
	"context"
	"log/slog"
	"time"

	"accord/internal/procedures"
)

// relayEvery is how long a consequence waits at most that a crash left behind;
// every other one is delivered with the change that has it.
const relayEvery = 30 * time.Second

// relay delivers what was left undelivered, beside the requests, until Close.
func (p *Program) relay(ctx context.Context) {
	p.beside(ctx, relayEvery, func(running context.Context) {
		if err := procedures.Deliver(running, p.records); err != nil && running.Err() == nil {
			p.logger.ErrorContext(running, "consequences wait to be delivered", slog.String("system", "list relay"))
		}
	})
}

// beside does work at once and again and again, beside the requests, until Close.
func (p *Program) beside(ctx context.Context, every time.Duration, work func(context.Context)) {
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	idle := make(chan struct{})
	p.stops = append(p.stops, func() {
		stop()
		<-idle
	})
	go func() {
		defer close(idle)
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
	}()
}
