package mongo

import (
	"context"
	"sync"
	"sync/atomic"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// elections makes the first read after an election see what was acknowledged
// before it. A new primary holds every acknowledged commit, but does not yet know
// that a majority does, and its snapshot may lie before it; and an old primary that
// has not noticed answers from the past. A write that a majority acknowledges ends
// both: so after every election one is made before anything is read.
//
// Elections within the shards behind a router are not seen; nor is one that the
// driver has not heard of.
type elections struct {
	heard   atomic.Int64 // of how many
	settled atomic.Int64 // how many of them a write came after
	turn    sync.Mutex   // of whoever makes that write
}

// monitor listens to what the driver hears of the cluster's members, which is told
// before anything is sent to a new primary.
func (e *elections) monitor() *event.ServerMonitor {
	return &event.ServerMonitor{ServerDescriptionChanged: func(changed *event.ServerDescriptionChangedEvent) {
		was, is := changed.PreviousDescription, changed.NewDescription
		if is.Kind == "RSPrimary" && (was.Kind != is.Kind || was.ElectionID != is.ElectionID) {
			e.heard.Add(1)
		}
	}}
}

// due reports whether an election was heard of that no write came after.
func (e *elections) due() bool { return e.settled.Load() < e.heard.Load() }

// settle makes the write that is due after an election; whoever reads meanwhile
// waits for it.
func (s *Store) settle(ctx context.Context) error {
	if !s.elections.due() {
		return nil
	}
	s.elections.turn.Lock()
	defer s.elections.turn.Unlock()
	heard := s.elections.heard.Load() // one during the write is due again
	if s.elections.settled.Load() >= heard {
		return nil
	}
	// Another's head is not touched; that a majority knows of it is waited for all
	// the same.
	_, err := s.state().UpdateOne(ctx, bson.D{equals("_id", headID), equals("declared", s.fingerprint)},
		bson.D{{Key: opAdd, Value: bson.D{equals("commits", int64(1))}}}, options.UpdateOne().SetHint(byID))
	if err != nil {
		return failed(err, "write after an election")
	}
	s.elections.settled.Store(heard)
	return nil
}
