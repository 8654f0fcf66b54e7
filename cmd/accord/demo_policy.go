//go:build !release

package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// rereadOnHangUp reads the access policy again whenever the demo is told to hang up,
// until it is stopped, and says what came of it. Without it a hang-up ends the demo,
// as it ends any program whose terminal is closed.
func (d *runningDemo) rereadOnHangUp(s *surroundings) (stop func()) {
	hangUps, stopped, idle := make(chan os.Signal, 1), make(chan struct{}), make(chan struct{})
	signal.Notify(hangUps, syscall.SIGHUP)
	go func() {
		defer close(idle)
		for {
			select {
			case <-hangUps:
				d.rereadPolicy(s)
			case <-stopped:
				return
			}
		}
	}()
	return func() {
		signal.Stop(hangUps)
		close(stopped)
		<-idle
	}
}

func (d *runningDemo) rereadPolicy(s *surroundings) {
	said := "The access policy was read again and is in force."
	if err := d.program.ReloadPolicy(s.ctx); err != nil {
		said = "The access policy is refused, and the one in force stays: see accord policy check."
	}
	// The reload has happened whether or not it can be said.
	_, _ = fmt.Fprintln(s.stdout, said)
}
