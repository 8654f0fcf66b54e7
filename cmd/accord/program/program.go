// Package program puts the parts of Accord together: the one place that knows
// them all.
package program

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"

	"accord/authz"
	"accord/graph"
	"accord/internal/attached"
	"accord/internal/audit"
	"accord/internal/identity"
	"accord/internal/jobs"
	"accord/internal/mail"
	"accord/internal/procedures"
	"accord/internal/records"
	"accord/internal/secrets"
	"accord/internal/server"
	"accord/internal/store"
	"accord/resolvers"
)

// Config is what a program is started with.
type Config struct {
	// Data is the folder of the embedded store; it is made when it is not there.
	// Keys is the folder of the keys, which must not be inside it in service.
	Data, Keys string
	// MongoDB is the address of the cluster that holds the documents; empty keeps
	// them in Data. Data then holds the public half of the audit key alone.
	MongoDB string
	// Issuers are the sign-in issuers that are trusted.
	Issuers []string
	// Audience is what access tokens must be for.
	Audience string
	// Policy is the file of the access policy; empty: the policy that Accord ships.
	Policy string
	// MalwareScanner is the address of a clamd, unix:///path or tcp://host:port of this
	// machine, which is asked about every file before it is kept; empty: nobody is asked.
	MalwareScanner string
	// Witness is told what is asked of the policy, in tests; nil in service.
	Witness authz.Witness

	Clock func() time.Time
	// ClockStands says that Clock does not tell the time of day, so that no other
	// clock is held against it: in tests.
	ClockStands bool
	Entropy     io.Reader
	Logger      *slog.Logger
	// Rate bounds the requests of one person; the zero value is the default.
	Rate server.RateLimit
	// Forms are the forms of records; nil: those that the program declares.
	Forms records.Forms
	// Mail sends the e-mail that says that there are alerts; nil: nobody is sent any.
	Mail mail.Sender
	// Ticks are when the program looks for jobs that are due; nil: at its start and every
	// five seconds.
	Ticks <-chan time.Time
}

// Audience is the audience of Accord's access tokens.
const Audience = "accord"

// Program is Accord, put together and ready to serve.
type Program struct {
	records *records.Records
	policy  *policyInForce
	handler http.Handler
	metrics *server.Metrics
	runner  *jobs.Runner
	close   []io.Closer
	logger  *slog.Logger

	data, keys string // folders
	inCluster  bool

	stops []func() // what runs beside the requests
}

// Open puts the program together. Nothing is served before everything is ready;
// whatever is missing stops the start.
func Open(ctx context.Context, config Config) (_ *Program, err error) {
	program := &Program{logger: config.Logger, metrics: server.NewMetrics()}
	defer func() {
		if err != nil {
			err = errors.Join(err, program.Close())
		}
	}()
	if program.policy, err = openPolicy(config.Policy, config.Witness); err != nil {
		return nil, err
	}
	scanner, err := openScanner(ctx, config)
	if err != nil {
		return nil, err
	}
	keyring, documents, err := program.openData(ctx, config)
	if err != nil {
		return nil, err
	}
	if err = program.keepLog(ctx, keyring, documents.Log()); err != nil {
		return nil, err
	}
	program.records, err = records.Open(ctx, records.Config{
		Store: documents, Keyring: keyring, Policy: program.policy.current, Clock: config.Clock, Forms: config.Forms,
		Mails: config.Mail != nil,
	})
	if err != nil {
		return nil, fmt.Errorf("opening the records: %w", err)
	}
	if err := program.serveSchema(config, scanner); err != nil {
		return nil, err
	}
	if err := program.runJobs(ctx, config); err != nil {
		return nil, err
	}
	return program, nil
}

// openData opens the keys and the store, and checks that they belong together
// and that the audit log ends as it was signed. It makes both where neither is
// there, and never one in the place of one that was lost.
func (p *Program) openData(ctx context.Context, config Config) (*secrets.Keyring, store.Store, error) {
	p.data, p.keys, p.inCluster = config.Data, config.Keys, config.MongoDB != ""
	if err := withoutItsKeys(config.Data, config.Keys); err != nil {
		return nil, nil, err
	}
	keyring, err := secrets.OpenKeyring(ctx, config.Keys, config.Entropy, config.Clock)
	if err != nil {
		return nil, nil, fmt.Errorf("opening the keys: %w", err)
	}
	p.close = append(p.close, keyring)
	if err = withoutItsStore(ctx, keyring, config); err != nil {
		return nil, nil, err
	}
	origin, signer, err := originOf(keyring)
	if err != nil {
		return nil, nil, err
	}
	if err = os.MkdirAll(config.Data, 0o700); err != nil {
		return nil, nil, fmt.Errorf("making the data folder: %w", err)
	}
	if err = audit.KeepOrigin(config.Data, origin); err != nil {
		return nil, nil, fmt.Errorf("opening the audit log: %w", err)
	}
	documents, err := openDocuments(ctx, config, audit.Signer(origin.Name, signer))
	if err != nil {
		return nil, nil, err
	}
	p.close = append(p.close, documents)
	if _, err := audit.Head(ctx, documents.Log(), origin); err != nil && !errors.Is(err, store.ErrAbsent) {
		return nil, nil, fmt.Errorf("opening the audit log: %w", err)
	}
	return keyring, documents, nil
}

// withoutItsStore refuses to make an empty store for keys that have seen a log.
func withoutItsStore(ctx context.Context, keyring *secrets.Keyring, config Config) error {
	if config.MongoDB != "" || holdsStore(config.Data) {
		return nil
	}
	seen, err := keyring.KeptCheckpoint(ctx)
	if err != nil {
		return fmt.Errorf("reading what the keys have seen of the audit log: %w", err)
	}
	if seen != nil {
		return noStore(config.Data)
	}
	return nil
}

// originOf is whose log is signed with the keyring, and its signer.
func originOf(keyring *secrets.Keyring) (audit.Origin, note.Signer, error) {
	key, err := keyring.LogKey()
	if err != nil {
		return audit.Origin{}, nil, fmt.Errorf("opening the audit key: %w", err)
	}
	return audit.Origin{Name: key.Origin, Verifier: key.Verifier}, key.Signer, nil
}

// serveSchema puts the API together.
func (p *Program) serveSchema(config Config, scanner procedures.Scanner) error {
	schema := graph.NewExecutableSchema(graph.Config{Resolvers: &resolvers.Resolver{Session: sessionFrom}})
	gate, err := graph.NewGate(schema, func(ctx context.Context) graph.Access { return sessionFrom(ctx) })
	if err != nil {
		return fmt.Errorf("opening the schema: %w", err)
	}
	verifier, err := identity.NewVerifier(identity.VerifierConfig{Issuers: config.Issuers, Audience: config.Audience, Clock: config.Clock})
	if err != nil {
		return fmt.Errorf("opening sign-in: %w", err)
	}
	authenticator := identity.NewAuthenticator(verifier, directory{p.records})
	p.handler, err = server.New(server.Config{
		Schema: schema, Gate: gate,
		Authenticate: signIn(authenticator), AroundRequest: p.begin, BeforeAnswer: enter,
		Files: files{scanner}, MaxFile: attached.MaxSize,
		Ready: func(ctx context.Context) error { return p.records.Ready(ctx) },
		Rate:  config.Rate, Logger: config.Logger, Clock: config.Clock, Metrics: p.metrics,
		NewRequestID: func() string { return p.records.NewIdentifier("request") },
	})
	if err != nil {
		return fmt.Errorf("opening the API: %w", err)
	}
	return nil
}

// Records is what the program's records are reached through.
func (p *Program) Records() *records.Records { return p.records }

// Handler answers the API.
func (p *Program) Handler() http.Handler { return p.handler }

// Metrics answers what is counted: by status and code, never by person or record.
func (p *Program) Metrics() http.Handler { return p.metrics.Handler() }

// Serve answers on the listener until ctx ends.
func (p *Program) Serve(ctx context.Context, listener net.Listener) error {
	if err := server.Serve(ctx, listener, p.handler, server.DefaultConnectionLimits()); err != nil {
		return fmt.Errorf("serving the API: %w", err)
	}
	return nil
}

// Close stops what runs beside the requests and closes the data, in the order
// opposite to opening.
func (p *Program) Close() error {
	for _, stop := range slices.Backward(p.stops) {
		stop()
	}
	p.stops = nil
	var faults []error
	for _, part := range slices.Backward(p.close) {
		faults = append(faults, part.Close())
	}
	p.close = nil
	return errors.Join(faults...)
}

// directory says in whose name a verified person acts.
type directory struct{ records *records.Records }

func (d directory) Capacity(_ context.Context, issuer, subject string) (authz.Capacity, error) {
	return d.records.CapacityOf(issuer, subject)
}
