// Package mongo keeps documents in a MongoDB cluster: the store of more than one
// machine.
//
// Every commit reads and replaces one document, the head, which holds the end of
// the audit log. Two commits from one head cannot both succeed, so commits have
// one order over all programs, whatever they touch, and everything a batch
// depends on may simply be read in its transaction: guards, receipts, unique keys
// and messages. What waits together is committed together.
//
// Reads are snapshot reads of what a majority of the cluster holds.
package mongo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"accord/internal/store"
)

// Options say where the store is and what it holds.
type Options struct {
	URI     string           // mongodb:// or mongodb+srv://, the database in its path; "accord" without one
	Kinds   []store.Kind     // kinds without an index of their own; may be nil
	Indexes []store.Index    // every index that may be asked
	Sign    store.Sign       // signs the log's tree head; required
	Clock   func() time.Time // decides which receipts still live; required

	// Database is used in place of the one the URI names; empty for that one. How
	// the program signs in stays as the URI says.
	Database string

	// ClockSkew is how far the cluster's clock may be from Clock when the store is
	// opened. 0 compares nothing: for tests, whose clock stands.
	ClockSkew time.Duration
	// Monitor is told every command; nil in service.
	Monitor *event.CommandMonitor

	adjust   func(*options.ClientOptions) // tests put another deployment in
	patience patience                     // tests wait less; zero is usualPatience
}

// Store is a store.Store over one database of a cluster.
type Store struct {
	declared    *store.Declared
	fingerprint string // of what is declared
	slots       map[string]slot
	sign        store.Sign
	clock       func() time.Time
	patience    patience

	client   *mongo.Client
	database *mongo.Database
	turns    *store.Turns

	elections elections

	reading sync.RWMutex // held for reading by every read, for writing by Close
	closed  bool
	close   func() error
}

var _ store.Store = (*Store)(nil)

// Open opens the store, and makes it in an empty database. It returns an error of
// one sentence when the cluster is not one that Accord can trust its records to,
// and when the database is of a later version or holds documents that break a
// newly declared unique index. When it returns, every declared index is complete.
func Open(ctx context.Context, o Options) (_ *Store, err error) {
	if o.URI == "" || o.Sign == nil || o.Clock == nil {
		return nil, errors.New("open store: address, sign and clock are required")
	}
	declared, err := store.Declare(o.Kinds, o.Indexes)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s := &Store{
		declared: declared, sign: o.Sign, clock: o.Clock, patience: cmp.Or(o.patience, usualPatience),
	}
	s.close = sync.OnceValue(s.shut)
	where, err := parseAddress(o.URI)
	if err != nil {
		return nil, err
	}
	where.database = cmp.Or(o.Database, where.database)
	if s.client, err = mongo.Connect(clientOptions(o).SetServerMonitor(s.elections.monitor())); err != nil {
		return nil, errUnusable // the driver's words may repeat the password
	}
	s.database = s.client.Database(where.database)
	defer func() {
		if err != nil {
			err = errors.Join(err, s.disconnect(ctx))
		}
	}()
	if err := s.inspect(ctx, where, o.ClockSkew, asProgram); err != nil {
		return nil, err
	}
	if err := s.reconcile(ctx); err != nil {
		return nil, fmt.Errorf("open database %s of the MongoDB cluster at %s: %w", where.database, where.hosts, err)
	}
	if err := s.settle(ctx); err != nil {
		return nil, fmt.Errorf("open database %s of the MongoDB cluster at %s: %w", where.database, where.hosts, err)
	}
	s.turns = store.NewTurns(s.commit) //nolint:contextcheck // the writer lives until Close, whatever becomes of the caller who opened
	return s, nil
}

// errUnusable says no more of an address, which may hold a password.
var errUnusable = errors.New("the address of the MongoDB cluster cannot be used: look at its options, its certificate files and its way of signing in")

// patience bounds how long the cluster is waited for. A failover takes some ten
// seconds.
type patience struct {
	find   time.Duration // to be found at all
	read   time.Duration // for a read
	commit time.Duration // for a transaction with all its retries, as long again for ending it, and for what else is written
	leave  time.Duration // to be told that a cursor, a session or a connection is no more needed
}

var usualPatience = patience{find: 10 * time.Second, read: 15 * time.Second, commit: 30 * time.Second, leave: 5 * time.Second}

// clientOptions come after what the address says: nobody weakens by an address
// what the port promises.
func clientOptions(o Options) *options.ClientOptions {
	waits := cmp.Or(o.patience, usualPatience)
	settings := options.Client().ApplyURI(o.URI).
		SetAppName("accord").
		SetMonitor(o.Monitor).
		SetRetryReads(true).
		SetRetryWrites(true).
		SetReadPreference(readpref.Primary()).
		SetReadConcern(readconcern.Majority()).
		SetWriteConcern(onDisks()).
		SetServerSelectionTimeout(waits.find).
		// The driver ends a transaction in a context of its own, whose only bound this is.
		SetTimeout(waits.commit)
	if o.adjust != nil {
		o.adjust(settings)
	}
	return settings
}

// onDisks acknowledges what is in the journals of a majority, whatever the cluster
// is set to take for enough.
func onDisks() *writeconcern.WriteConcern {
	journal := true
	return &writeconcern.WriteConcern{W: writeconcern.WCMajority, Journal: &journal}
}

// Close implements store.Store.
func (s *Store) Close() error { return s.close() }

func (s *Store) shut() error {
	s.turns.Close()
	s.reading.Lock() // what is being read is read to the end
	s.closed = true
	s.reading.Unlock()
	if err := s.disconnect(context.Background()); err != nil {
		return fmt.Errorf("close store: %w", err)
	}
	return nil
}

// disconnect lets go of the cluster, whether it answers or not.
func (s *Store) disconnect(ctx context.Context) error {
	ctx, cancel := s.leaving(ctx)
	defer cancel()
	return s.client.Disconnect(ctx) //nolint:wrapcheck // the caller says what it was for
}

// leaving is the context of last words: they are said though the time of ctx is
// over, and not for long.
func (s *Store) leaving(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), s.patience.leave)
}
