package mongo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/connstring"

	"accord/internal/store"
)

// ScratchPrefix begins the name of every scratch database, so that none can be
// taken for one that holds records.
const ScratchPrefix = "accord_check_"

// Scratch is a database that was made to be thrown away.
type Scratch struct {
	options Options
	where   address
	store   *Store // without documents: only its client is used
}

// NewScratch takes a database of that name, which must begin with ScratchPrefix
// and must not exist. What a cluster is refused for by Open it is refused for
// here, and see RefusedAt; any other error is one of the address or the name.
// Nothing is made yet.
func NewScratch(ctx context.Context, o Options, name string) (_ *Scratch, err error) {
	if rest, ok := strings.CutPrefix(name, ScratchPrefix); !ok || rest == "" || len(name) > 60 ||
		strings.Trim(rest, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
		return nil, fmt.Errorf("the name of a scratch database begins with %s and goes on with small letters and digits", ScratchPrefix)
	}
	o.Database = name
	where, err := parseAddress(o.URI)
	if err != nil {
		return nil, err
	}
	where.database = name
	client, err := mongo.Connect(clientOptions(o))
	if err != nil {
		return nil, errUnusable
	}
	s := &Scratch{options: o, where: where, store: &Store{
		client: client, database: client.Database(name), clock: o.Clock, patience: cmp.Or(o.patience, usualPatience),
	}}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close(ctx))
		}
	}()
	if err = s.store.inspect(ctx, where, o.ClockSkew, asProgram); err != nil {
		return nil, err
	}
	refuse := func(format string, arguments ...any) error {
		return refusal{InspectScratch, fmt.Sprintf("the MongoDB cluster at %s %s", where.hosts, fmt.Sprintf(format, arguments...))}
	}
	there, err := s.store.collectionNames(ctx)
	if err != nil {
		return nil, refuse("does not say whether there is a database %s: %s", name, reason(err))
	}
	if len(there) > 0 {
		return nil, refuse("has a database %s already, and it is not touched: give the name of one that does not exist", name)
	}
	// There is nothing to drop: this only asks whether it may be done later.
	if err := s.Drop(ctx); err != nil {
		return nil, refuse("does not let this program's user clean up behind itself: give it the roles readWrite and dbAdmin in database %s (%s)",
			name, reason(err))
	}
	return s, nil
}

// Name is that of the database.
func (s *Scratch) Name() string { return s.where.database }

// Hosts are those of the cluster.
func (s *Scratch) Hosts() string { return s.where.hosts }

// Version is the cluster's, as it says itself; empty when it does not.
func (s *Scratch) Version(ctx context.Context) string {
	var b struct {
		Version string `bson:"version"`
	}
	if err := s.store.client.Database("admin").RunCommand(ctx, bson.D{{Key: "buildInfo", Value: 1}}).Decode(&b); err != nil {
		return "" // for the record only
	}
	return b.Version
}

// Open empties the database and opens a store in it. Any store opened before has
// to be closed.
func (s *Scratch) Open(ctx context.Context, indexes []store.Index) (*Store, error) {
	if err := s.Drop(ctx); err != nil {
		return nil, fmt.Errorf("empty the scratch database: %w", err)
	}
	o := s.options
	o.Indexes = indexes
	return Open(ctx, o)
}

// Drop takes the database away with everything in it.
func (s *Scratch) Drop(ctx context.Context) error {
	if err := s.store.database.Drop(ctx); err != nil {
		return fmt.Errorf("drop the database %s: %w", s.Name(), err)
	}
	return nil
}

// Close lets go of the cluster.
func (s *Scratch) Close(ctx context.Context) error {
	if err := s.store.disconnect(ctx); err != nil {
		return fmt.Errorf("let go of the cluster: %w", err)
	}
	return nil
}

// Times of a step-down: how long the primary may not be elected again, and how
// long another member may take to catch up first.
const (
	steppedDownFor = 30 * time.Second
	catchUpWithin  = 10 * time.Second
)

// StepDown asks the primary to make room for another one. It returns when the
// cluster has a primary that was elected since.
func (s *Scratch) StepDown(ctx context.Context) error {
	before, err := s.election(ctx)
	if err != nil {
		return err
	}
	answer := s.store.client.Database("admin").RunCommand(ctx, bson.D{
		{Key: "replSetStepDown", Value: int32(steppedDownFor.Seconds())},
		{Key: "secondaryCatchUpPeriodSecs", Value: int32(catchUpWithin.Seconds())},
	}, options.RunCmd().SetReadPreference(readpref.Primary()))
	// A primary that steps down may end the connection before it has answered: what
	// counts is whether another one was elected.
	refused := answer.Err()
	if command, ok := errors.AsType[mongo.CommandError](refused); ok && !command.HasErrorLabel("NetworkError") {
		return fmt.Errorf("the primary does not step down: %s (the user needs the role clusterManager for this, the cluster a member that can take over, and the address must lead to the replica set, not to a router)",
			reason(refused))
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	for {
		after, err := s.election(ctx)
		switch {
		case err == nil && after != before:
			return nil
		case ctx.Err() != nil:
			return errors.New("no other primary was elected within two minutes")
		}
		select {
		case <-ctx.Done():
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// election names the election that the present primary has won.
func (s *Scratch) election(ctx context.Context) (bson.ObjectID, error) {
	var h struct {
		Election bson.ObjectID `bson:"electionId"`
	}
	err := s.store.client.Database("admin").RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}, options.RunCmd().SetReadPreference(readpref.Primary())).Decode(&h)
	if err != nil {
		return h.Election, fmt.Errorf("ask who is primary: %w", err)
	}
	return h.Election, nil
}

// Secrets are the parts of an address that must never be shown.
func Secrets(uri string) []string {
	parsed, err := connstring.Parse(uri)
	if err != nil {
		return []string{uri}
	}
	secrets := []string{uri}
	hidden := []string{parsed.Password, parsed.AuthMechanismProperties["AWS_SESSION_TOKEN"]}
	if parsed.SSLClientCertificateKeyPassword != nil {
		hidden = append(hidden, parsed.SSLClientCertificateKeyPassword())
	}
	for _, secret := range hidden {
		if secret != "" {
			secrets = append(secrets, secret, url.QueryEscape(secret), url.PathEscape(secret))
		}
	}
	return secrets
}
