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
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	p.closed, p.idle = stop, make(chan struct{})
	go func() {
		defer close(p.idle)
		tick := time.NewTicker(relayEvery)
		defer tick.Stop()
		for {
			if err := procedures.Deliver(running, p.records); err != nil && running.Err() == nil {
				p.logger.ErrorContext(running, "consequences wait to be delivered", slog.String("system", "list relay"))
			}
			select {
			case <-running.Done():
				return
			case <-tick.C:
			}
		}
	}()
}
