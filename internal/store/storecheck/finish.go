package storecheck

import (
	"context"
	"errors"
	"fmt"
	"time"

	"accord/internal/store/storetest"
)

// stepDownPatience bounds a load with a step-down in the middle of it.
const stepDownPatience = 10 * time.Minute

// stepDownStep makes the primary step down in the middle of a load.
func (c *check) stepDownStep() step {
	s := step{group: "failover", name: "a primary that steps down under load loses nothing and repeats nothing", take: notAsked("--step-down")}
	if !c.StepDown {
		return s
	}
	s.take = func(ctx context.Context) (string, error) {
		if err := c.closeWorld(); err != nil {
			return "", err
		}
		stepDown := c.stepDown
		if stepDown == nil {
			stepDown = c.scratch.StepDown
		}
		var came storetest.Disturbance
		err := storetest.Try(ctx, s.name, stepDownPatience, func(t storetest.TB) { //nolint:contextcheck // a TB has the context
			opened := storetest.Opener(c.open).Opened(t, storetest.Indexes())
			came = storetest.Disturb(t, opened, c.Clock, stepDown)
		})
		if err != nil {
			return "", err //nolint:wrapcheck // it becomes a line of the table
		}
		return fmt.Sprintf("no write was acknowledged for %s; %d changes, of which %d were tried again",
			came.Refused.Round(time.Millisecond), came.Acknowledged, came.Repeated), nil
	}
	return s
}

// dropPatience bounds the cleaning up.
const dropPatience = 2 * time.Minute

// dropStep takes the scratch database away, whatever became of the check.
func (c *check) dropStep() step {
	return step{group: "end", name: "the scratch database is taken away", always: true, take: func(ctx context.Context) (string, error) {
		closed := c.closeWorld()
		if c.Keep {
			return "", errNotRun{why: "kept, as asked for: " + c.Database}
		}
		return "", errors.Join(closed, within(context.WithoutCancel(ctx), dropPatience, c.scratch.Drop))
	}}
}
