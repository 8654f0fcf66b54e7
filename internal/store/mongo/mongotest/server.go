// Package mongotest is a small MongoDB server in memory, for tests of an adapter
// that speaks to one through the official driver.
//
// It is a reference and no store: naive, and strict. It knows the part of
// MongoDB that Accord uses, answers there as the manual says MongoDB 8.0
// answers, and refuses everything else by name, so that nothing passes here that
// MongoDB would not let pass. What it refuses beyond MongoDB (Options.Lenient)
// are the habits that do not scale or do not last: a read without a hint, a sort
// that no index serves, a write that a majority need not acknowledge.
package mongotest

import (
	"context"
	"fmt"
	"net"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Kind is what a server says it is.
type Kind int

// The kinds of server. A Secondary is of a replica set whose primary nobody can
// reach.
const (
	ReplicaSetPrimary Kind = iota
	Standalone
	Mongos
	Secondary
)

// Options say what kind of server this is. The zero value is the writable
// primary of a replica set of MongoDB 8.0 that asks nobody who they are.
type Options struct {
	Kind           Kind
	MaxWireVersion int32             // 0 is 25, MongoDB 8.0
	Clock          func() time.Time  // nil is the machine's
	ClockOffset    time.Duration     // how far hello.localTime is ahead of Clock
	Users          []User            // who every connection is; nil is one user who may do everything
	Anonymous      bool              // access control is off: connections are nobody and may do everything
	ReadOnly       bool              // every write is refused
	Sharded        map[string]bson.D // shard keys by namespace, to be read from config.collections
	Lenient        bool              // refuses only what MongoDB refuses
}

// Server listens on the loopback interface until it is closed.
type Server struct {
	options  Options
	known    map[string]command
	listener net.Listener
	closing  chan struct{}
	serving  sync.WaitGroup

	mu          sync.Mutex // holds everything below; one command runs at a time
	time        int64      // the time of the newest commit
	oldest      int64      // reads as of before this are refused
	epoch       uint32     // the seconds of every cluster time
	collections map[string]*collection
	sessions    map[string]*session
	cursors     map[int64]*cursor
	lastCursor  int64
	term        int32 // grows with every step down
	steppedDown bool  // until the next hello
	failures    []*Failure
	received    []*Command
	connections map[net.Conn]bool
	lastNumber  int64 // of a connection
}

// Start listens until the test ends.
func Start(tb testing.TB, options Options) *Server {
	tb.Helper()
	s, err := Listen(options)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(s.Close)
	return s
}

// Listen listens on a free port of the loopback interface.
func Listen(options Options) (*Server, error) {
	if options.MaxWireVersion == 0 {
		options.MaxWireVersion = 25
	}
	if options.Clock == nil {
		options.Clock = time.Now //nolint:forbidigo // the other end of the wire has a clock of its own
	}
	if options.Users == nil && !options.Anonymous {
		options.Users = []User{Everything("accord")}
	}
	var config net.ListenConfig
	listener, err := config.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	s := &Server{
		options: options, known: commands(), listener: listener, closing: make(chan struct{}),
		time: 1, epoch: uint32(options.Clock().Unix()), term: 1, //nolint:gosec // until 2106
		collections: map[string]*collection{}, sessions: map[string]*session{},
		cursors: map[int64]*cursor{}, connections: map[net.Conn]bool{},
	}
	s.shard(options.Sharded)
	s.serving.Go(s.accept)
	return s, nil
}

// shard fills config.collections, as a mongos shows it.
func (s *Server) shard(keys map[string]bson.D) {
	t := s.begin(true)
	c := s.create("config", "collections")
	for namespace, key := range keys {
		entry := document(bson.D{
			{Key: "_id", Value: namespace}, {Key: "key", Value: key}, {Key: "unique", Value: false}, {Key: "noBalance", Value: false},
		})
		id, _ := field(entry, "_id")
		if err := t.insert(c, id, entry); err != nil {
			panic(fmt.Sprintf("mongotest: the shard key of %s: %v", namespace, err))
		}
	}
	s.commit(t)
}

// address is the host and port it listens on.
func (s *Server) address() string { return s.listener.Addr().String() }

// URI is how a driver connects.
func (s *Server) URI() string {
	uri := "mongodb://" + s.address() + "/?directConnection=false"
	if s.replicated() {
		uri += "&replicaSet=" + setName
	}
	return uri
}

// replicated says whether this is a member of a replica set.
func (s *Server) replicated() bool {
	return s.options.Kind == ReplicaSetPrimary || s.options.Kind == Secondary
}

// Close ends every connection and waits until what was under way has ended.
// Closing again does nothing.
func (s *Server) Close() {
	s.mu.Lock()
	select {
	case <-s.closing:
		s.mu.Unlock()
		return
	default:
	}
	close(s.closing)
	_ = s.listener.Close()
	for c := range s.connections {
		_ = c.Close()
	}
	s.mu.Unlock()
	s.serving.Wait()
}

func (s *Server) accept() {
	for {
		c, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		select {
		case <-s.closing:
			s.mu.Unlock()
			_ = c.Close()
			return
		default:
		}
		s.lastNumber++
		number := s.lastNumber
		s.connections[c] = true
		s.mu.Unlock()
		s.serving.Go(func() { s.serve(c, number) })
	}
}

// serve answers one connection until it ends.
func (s *Server) serve(c net.Conn, number int64) {
	defer func() {
		s.mu.Lock()
		delete(s.connections, c)
		s.mu.Unlock()
		_ = c.Close()
	}()
	for {
		m, err := readMessage(c)
		if err != nil {
			return
		}
		answer := s.answer(m, number)
		if answer == nil {
			return
		}
		if _, err = c.Write(m.reply(answer)); err != nil {
			return
		}
	}
}
