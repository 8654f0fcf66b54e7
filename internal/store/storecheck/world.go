package storecheck

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"accord/internal/store"
	"accord/internal/store/mongo"
	"accord/internal/store/storetest"
)

// indexSet is a set of declared indexes that a world is made for.
type indexSet struct {
	name    string
	indexes []store.Index
	counted store.Kind
}

// world is one in the scratch database, which the steps of an index set share.
type world struct {
	*storetest.World
	store *mongo.Store
}

// worldPatience bounds each step of a world.
const worldPatience = 30 * time.Minute

// worldSteps fill a world, ask it everything, and look at how the cluster finds
// each page; and the same again when it has grown, if that is asked for.
func (c *check) worldSteps(set indexSet) []step {
	var w *world
	sizes := []int{cmp.Or(c.size, smallWorld)}
	if c.Growth {
		sizes = append(sizes, largeWorld)
	}
	var all []step
	for _, size := range sizes {
		all = append(all, step{group: "growth", name: fmt.Sprintf("every answer of the %s's world of %d cases is right", set.name, size), take: func(ctx context.Context) (detail string, err error) {
			err = within(ctx, worldPatience, func(ctx context.Context) error {
				if w == nil {
					if w, err = c.newWorld(ctx, set); err != nil {
						return err
					}
				}
				detail, err = w.fill(ctx, size)
				return err
			})
			return detail, err
		}})
		for _, x := range set.indexes {
			all = append(all, step{group: "plans", name: fmt.Sprintf("%s of the %s at %d cases", x.Name, set.name, size), take: func(ctx context.Context) (detail string, err error) {
				if w == nil || w.Size() != size {
					return "", errNotRun{why: "its world could not be written", asked: true}
				}
				err = within(ctx, worldPatience, func(ctx context.Context) error {
					detail, err = w.judge(ctx, x)
					return err
				})
				return detail, err
			}})
		}
	}
	if !c.Growth {
		all = append(all, step{group: "growth", name: fmt.Sprintf("the %s's world of %d cases costs the same", set.name, largeWorld), take: notAsked("--growth")})
	}
	return all
}

// within gives f so long.
func within(ctx context.Context, patience time.Duration, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return f(ctx)
}

func (c *check) newWorld(ctx context.Context, set indexSet) (*world, error) {
	if err := c.closeWorld(); err != nil {
		return nil, err
	}
	opened, err := c.scratch.Open(ctx, set.indexes)
	if err != nil {
		return nil, err //nolint:wrapcheck // it becomes a line of the table
	}
	c.opened = opened
	var through store.Store = opened
	if c.defect != nil {
		through = c.defect(opened)
	}
	grown, err := storetest.NewWorld(through, set.indexes, set.counted)
	if err != nil {
		return nil, fmt.Errorf("make a world: %w", err)
	}
	return &world{World: grown, store: opened}, nil
}

// closeWorld lets go of the last world.
func (c *check) closeWorld() error {
	opened := c.opened
	c.opened = nil
	if opened == nil {
		return nil
	}
	return opened.Close() //nolint:wrapcheck // it becomes a line of the table
}

func (w *world) fill(ctx context.Context, size int) (string, error) {
	if err := w.Grow(ctx, size); err != nil {
		return "", err //nolint:wrapcheck // it becomes a line of the table
	}
	answered, err := w.Answers(ctx)
	if err != nil {
		return "", err //nolint:wrapcheck // it becomes a line of the table
	}
	return fmt.Sprintf("%d answers", answered), nil
}

// judge holds the plan of every query of an index to what a page may examine.
func (w *world) judge(ctx context.Context, x store.Index) (string, error) {
	queries, keys, most := 0, int64(0), int64(0)
	for _, planned := range w.Planned() {
		if planned.Query.Index != x.Name {
			continue
		}
		plan, err := w.store.Plan(ctx, planned.Query)
		if err != nil {
			return "", fmt.Errorf("%s: %w", planned.Name, err)
		}
		allowed := int64(planned.Most) * int64(plan.Shards)
		if plan.Keys > allowed {
			return "", fmt.Errorf("%s: %d keys are examined, and %d are enough", planned.Name, plan.Keys, allowed)
		}
		queries++
		if most == 0 || plan.Keys*most > keys*allowed { // the nearest to its bound
			keys, most = plan.Keys, allowed
		}
	}
	if queries == 0 {
		return "", fmt.Errorf("no query asks index %s", x.Name)
	}
	return fmt.Sprintf("%d queries, at most %d of %d keys", queries, keys, most), nil
}
