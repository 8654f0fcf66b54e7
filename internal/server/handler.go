// Package server carries GraphQL over HTTP: who may come in, how much they may
// ask for, what leaves and when. It knows no record and no rule of the field.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"accord/authz"
	"accord/domain/fault"
	"accord/graph"
)

// The paths that are served. Files are attached at AttachmentsPath, and each is at its id
// below that.
const (
	GraphQLPath     = "/graphql"
	HealthPath      = "/health"
	AttachmentsPath = "/attachments"
)

// The defaults of Config.
const (
	DefaultMaxBody   = 1 << 20
	DefaultMaxAnswer = 8 << 20
	DefaultMaxFile   = 8 << 20
	DefaultDeadline  = 15 * time.Second
)

// Config is what the server is made of. Fields without a default must be set.
type Config struct {
	// Schema answers the operations.
	Schema graphql.ExecutableSchema
	// Gate stands before every field.
	Gate graphql.HandlerExtension
	// Authenticate says in whose name a request is made, from its headers alone.
	// Any error is 401 in the same words, but for two kinds: a fault UNAVAILABLE is
	// 503, and a fault beside a complete capacity (somebody who is signed in and
	// declares, say, an unknown purpose) is answered as that fault.
	Authenticate func(ctx context.Context, r *http.Request) (authz.Capacity, error)
	// AroundRequest adds what the request needs (loaders, the audit entry). Nil
	// adds nothing.
	AroundRequest func(ctx context.Context, capacity authz.Capacity, requestID string) context.Context
	// BeforeAnswer is called once for each request of somebody signed in, when the
	// answer is complete and before any of it leaves, refused ones included but for
	// those over the rate limit, which must not fill the log; OutcomeFrom(ctx) says
	// what it is. If it fails, the answer is thrown away and UNAVAILABLE is sent.
	// Its context is that of AroundRequest and outlives the client's.
	BeforeAnswer func(ctx context.Context) error
	// Files attaches files to records and gives them back; nil serves none.
	Files Files
	// Ready says why the server cannot answer; nil when it can.
	Ready func(ctx context.Context) error

	Limits    graph.Limits  // default graph.DefaultLimits
	Rate      RateLimit     // default DefaultRateLimit
	MaxBody   int64         // bytes of a request body; default DefaultMaxBody
	MaxAnswer int           // bytes of an answer; default DefaultMaxAnswer
	MaxFile   int64         // bytes of a file that is sent; default DefaultMaxFile
	Deadline  time.Duration // of one request, from when a file has come whole; default DefaultDeadline

	Logger       *slog.Logger
	Clock        func() time.Time
	NewRequestID func() string
	Metrics      *Metrics // nil counts nothing
}

func (c *Config) complete() error {
	var missing []error
	need := func(name string, present bool) {
		if !present {
			missing = append(missing, errors.New(name+" is not set"))
		}
	}
	need("Schema", c.Schema != nil)
	need("Gate", c.Gate != nil)
	need("Authenticate", c.Authenticate != nil)
	need("BeforeAnswer", c.BeforeAnswer != nil)
	need("Ready", c.Ready != nil)
	need("Logger", c.Logger != nil)
	need("Clock", c.Clock != nil)
	need("NewRequestID", c.NewRequestID != nil)
	if c.AroundRequest == nil {
		c.AroundRequest = func(ctx context.Context, _ authz.Capacity, _ string) context.Context { return ctx }
	}
	if c.Limits == (graph.Limits{}) {
		c.Limits = graph.DefaultLimits()
	}
	if c.Rate == (RateLimit{}) {
		c.Rate = DefaultRateLimit()
	}
	if c.MaxBody == 0 {
		c.MaxBody = DefaultMaxBody
	}
	if c.MaxAnswer == 0 {
		c.MaxAnswer = DefaultMaxAnswer
	}
	if c.MaxFile == 0 {
		c.MaxFile = DefaultMaxFile
	}
	if c.Deadline == 0 {
		c.Deadline = DefaultDeadline
	}
	return errors.Join(missing...)
}

type server struct {
	config    Config
	presenter *graph.Presenter
	executor  *executor.Executor
	transport *transport
	visits    *visits
	carried   chan struct{} // holds one for each file that is in memory
}

// New serves GraphQLPath, HealthPath and, where there are files, AttachmentsPath; every
// other path is 404. It fails when a part is missing: there is no server that lets
// everybody in.
func New(config Config) (http.Handler, error) {
	if err := config.complete(); err != nil {
		return nil, fmt.Errorf("configuring the server: %w", err)
	}
	presenter := graph.NewPresenter(config.Logger)
	visits, err := newVisits(config.Rate)
	if err != nil {
		return nil, fmt.Errorf("configuring the rate limit: %w", err)
	}
	s := &server{
		config:    config,
		presenter: presenter,
		executor:  newExecutor(config, presenter),
		visits:    visits,
		carried:   make(chan struct{}, filesAtOnce),
		transport: &transport{
			presenter: presenter, maxBody: config.MaxBody, maxAnswer: config.MaxAnswer, beforeAnswer: config.BeforeAnswer,
		},
	}
	return http.HandlerFunc(s.route), nil
}

func newExecutor(config Config, presenter *graph.Presenter) *executor.Executor {
	guard := graph.NewGuard(config.Limits)
	run := executor.New(config.Schema)
	run.SetParserTokenLimit(config.Limits.Tokens)
	run.SetDisableSuggestion(true)
	run.SetDefaultRulesFn(graph.ValidationRules)
	run.SetQueryCache(guard)
	run.SetErrorPresenter(presenter.Present)
	run.SetRecoverFunc(presenter.Recover)
	run.Use(guard)
	run.Use(extension.Introspection{}) // nobody gets this far without signing in
	run.Use(config.Gate)
	return run
}

// route decides by path and method alone. Neither is logged: both are the
// caller's words.
func (s *server) route(w http.ResponseWriter, r *http.Request) {
	protect(w.Header())
	file, ofFile := strings.CutPrefix(r.URL.Path, AttachmentsPath+"/")
	switch {
	case r.URL.Path == GraphQLPath:
		s.visit(w, r, way{method: http.MethodPost, onlyBy: errMethod, answer: s.ask})
	case r.URL.Path == HealthPath:
		s.health(w, r)
	case s.config.Files != nil && r.URL.Path == AttachmentsPath:
		s.visit(w, r, s.attaching())
	case s.config.Files != nil && ofFile:
		s.visit(w, r, s.fetching(file))
	default:
		missing := fault.Missing()
		s.refuse(r, http.StatusNotFound, missing).send(w)
	}
}

// way is how requests to one path are seen through.
type way struct {
	method string       // the only one
	onlyBy *fault.Fault // what is said to those who come by another
	// take takes in what comes before the deadline of the request begins, and refuses
	// what cannot be taken; nil takes nothing.
	take func(w http.ResponseWriter, r *http.Request) *answer
	// answer makes the answer and lets it leave.
	answer func(w http.ResponseWriter, r *http.Request)
	// end lets go of what was taken, once the answer has left or there is none; nil has
	// nothing to let go of.
	end func()
}

// ask answers an operation.
func (s *server) ask(w http.ResponseWriter, r *http.Request) {
	s.transport.Do(w, r.WithContext(graphql.StartOperationTrace(r.Context())), s.executor)
}

// protect sets the headers every answer has: it is nobody's to keep, to embed or
// to take for anything but what it says it is.
func protect(header http.Header) {
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Frame-Options", "DENY")
	header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Referrer-Policy", "no-referrer")
}

// visit sees one request of somebody through, and logs it.
func (s *server) visit(w http.ResponseWriter, r *http.Request, by way) {
	begun := s.config.Clock()
	requestID := s.config.NewRequestID()
	outcome := &Outcome{}
	ctx := withOutcome(graph.WithRequest(r.Context(), requestID), outcome)
	r = r.WithContext(ctx)
	var capacity authz.Capacity
	defer func() {
		if thrown := recover(); thrown != nil {
			built := s.refuse(r, http.StatusInternalServerError, s.presenter.Recover(ctx, thrown))
			outcome.note(built)
			built.send(w)
		}
		took := s.config.Clock().Sub(begun)
		s.config.Metrics.observe(*outcome, took)
		s.config.Logger.LogAttrs(ctx, slog.LevelInfo, "request",
			slog.String("requestId", requestID), slog.String("person", capacity.Person),
			slog.String("agency", capacity.Agency), slog.String("operation", outcome.Operation),
			slog.Int("status", outcome.Status), slog.String("codes", strings.Join(outcome.Codes, " ")),
			slog.Duration("took", took), slog.Int("bytes", outcome.Bytes))
	}()
	capacity, turnedAway := s.admit(w, r, by)
	if turnedAway != nil && by.take != nil && r.Method == by.method {
		cutOff(w, r) // what they send is longer than net/http would pass over
	}
	if turnedAway != nil && (capacity.Person == "" || turnedAway.status == http.StatusTooManyRequests) {
		outcome.note(*turnedAway)
		turnedAway.send(w)
		return
	}
	if by.end != nil {
		defer by.end()
	}
	if turnedAway == nil && by.take != nil {
		turnedAway = by.take(w, r)
	}
	ctx, cancel := context.WithTimeout(authz.WithCapacity(ctx, capacity), s.config.Deadline)
	defer cancel()
	ctx = s.config.AroundRequest(ctx, capacity, requestID)
	if turnedAway != nil {
		s.transport.leave(ctx, w, *turnedAway)
		return
	}
	by.answer(w, r.WithContext(ctx))
}

var (
	errMethod    = fault.Input("method", "method", "Send the operation in a POST request.")
	errAnonymous = &fault.Fault{Code: fault.Unauthenticated, Message: "Sign in to continue."}
	errTooMany   = &fault.Fault{Code: fault.RateLimited, Message: "There are too many requests in your name. Wait a moment."}
)

// admit says who is asking, or the answer for those who get no further. The
// body has not been touched.
func (s *server) admit(w http.ResponseWriter, r *http.Request, by way) (authz.Capacity, *answer) {
	turn := func(capacity authz.Capacity, status int, why error) (authz.Capacity, *answer) {
		built := s.refuse(r, status, why)
		return capacity, &built
	}
	if r.Method != by.method {
		w.Header().Set("Allow", by.method)
		return turn(authz.Capacity{}, http.StatusMethodNotAllowed, by.onlyBy)
	}
	capacity, err := s.config.Authenticate(r.Context(), r)
	known := capacity.Person != "" && capacity.Agency != "" // without a role where a condition of access has lapsed
	switch told := fault.Of(err); {
	case told != nil && told.Code == fault.Unavailable:
		return turn(authz.Capacity{}, http.StatusServiceUnavailable, err)
	case told != nil && known && told.Code != fault.Unauthenticated:
		return turn(capacity, statusOf(told.Code), err)
	case err != nil || !known:
		w.Header().Set("WWW-Authenticate", "Bearer")
		return turn(authz.Capacity{}, http.StatusUnauthorized, errAnonymous)
	}
	if wait := s.visits.wait(capacity.Person, s.config.Clock()); wait > 0 {
		w.Header().Set("Retry-After", fmt.Sprintf("%.0f", max(wait.Seconds(), 1)))
		return turn(capacity, http.StatusTooManyRequests, errTooMany)
	}
	return capacity, nil
}

// statusOf is the status of somebody signed in who is turned away before the
// request is read.
func statusOf(code fault.Code) int {
	switch code {
	case fault.BadInput, fault.RuleViolation, fault.TooExpensive:
		return http.StatusBadRequest
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.RateLimited:
		return http.StatusTooManyRequests
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	case fault.Internal:
	}
	return http.StatusInternalServerError
}

func (s *server) refuse(r *http.Request, status int, err error) answer {
	return refused(status, negotiate(r.Header.Values("Accept")), gqlerror.List{s.presenter.Present(r.Context(), err)})
}
