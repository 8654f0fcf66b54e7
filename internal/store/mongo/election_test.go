package mongo

import (
	"context"
	"slices"
	"testing"

	"go.mongodb.org/mongo-driver/v2/event"

	"accord/internal/store"
	"accord/internal/store/mongo/mongotest"
)

// names are the commands sent, in order.
func names(server *mongotest.Server) []string {
	var all []string
	for _, command := range server.Commands() {
		all = append(all, command.Name)
	}
	return all
}

func TestNothingIsReadAfterAnElectionBeforeAMajorityHoldsAWriteOfTheNewPrimary(t *testing.T) {
	t.Parallel()
	s, server := alone(t)
	apply(t, s, saving(note("a")))
	server.StepDown()
	server.Forget()
	for range 2 {
		if d, err := s.Get(t.Context(), "a"); err != nil || d.Version != 1 {
			t.Fatalf("read after the election: %v, %v", d, err)
		}
	}
	// What was read while the cluster elected is read again behind the write, which
	// is made once.
	got := names(server)
	first := slices.Index(got, "update")
	if first < 1 || !slices.Equal(got[first:], []string{"update", "find", "find"}) {
		t.Fatalf("sent %v", got)
	}
	write := server.Commands()[first]
	if concern := write.Body.Lookup("writeConcern", "w"); concern.StringValue() != "majority" || write.InTransaction {
		t.Errorf("the write is not the majority's: %s", write.Body)
	}
}

func TestAReadIsRefusedWhileTheWriteAfterAnElectionFails(t *testing.T) {
	t.Parallel()
	s, server := alone(t)
	apply(t, s, saving(note("a")))
	s.elections.heard.Add(1)
	server.Fail(mongotest.Failure{Command: "update", Times: 1, Code: 64, CodeName: "WriteConcernTimeout"})
	server.Forget()
	if _, err := s.Find(t.Context(), store.Query{Index: "area", Equal: []store.Value{store.Text("north")}, Limit: 1}); err == nil {
		t.Error("read though nobody knows what a majority holds")
	}
	if got := names(server); len(got) != 1 || got[0] != "update" {
		t.Errorf("sent %v", got)
	}
	if _, err := s.Get(t.Context(), "a"); err != nil || s.elections.due() {
		t.Errorf("the next read: %v, still due %v", err, s.elections.due())
	}
}

// A database that another program has taken over, or that is being copied, is not
// written into for the sake of a read.
func TestTheWriteAfterAnElectionTouchesNobodyElsesHead(t *testing.T) {
	t.Parallel()
	s, server := alone(t)
	apply(t, s, saving(note("a")))
	if err := s.declare(t.Context(), "somebody else's"); err != nil {
		t.Fatal(err)
	}
	before := everything(t, reached(t, server))
	s.elections.heard.Add(1)
	if _, err := s.Get(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	if after := everything(t, reached(t, server)); after != before {
		t.Errorf("changed from %s to %s", before, after)
	}
}

// Whoever reads while the write is under way waits for it too.
func TestAnElectionIsDueUntilItsWriteIsAcknowledged(t *testing.T) {
	t.Parallel()
	server := mongotest.Start(t, mongotest.Options{})
	var s *Store
	elected, writes := false, 0
	s = opened(t, server, func(o *Options) {
		o.Monitor = &event.CommandMonitor{Started: func(_ context.Context, started *event.CommandStartedEvent) {
			if elected && started.CommandName == "update" {
				writes++
				if !s.elections.due() {
					t.Error("others may read, and the write is not even sent")
				}
			}
		}}
	})
	apply(t, s, saving(note("a")))
	elected = true
	s.elections.heard.Add(1)
	if _, err := s.Get(t.Context(), "a"); err != nil || writes != 1 || s.elections.due() {
		t.Errorf("%v; %d writes, due %v", err, writes, s.elections.due())
	}
}
