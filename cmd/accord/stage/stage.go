// Package stage sets up the real program for tests and benchmarks: the real
// store in a folder of its own, the real sign-in provider, ports of this machine
// chosen freely, and a clock that the test holds. People sign in the way they do
// in service.
package stage

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"accord/authz"
	"accord/cmd/accord/program"
	"accord/domain/calendar"
	"accord/internal/audit"
	"accord/internal/demo"
	"accord/internal/devidp"
	"accord/internal/identity"
	"accord/internal/mail"
	"accord/internal/records"
	"accord/internal/server"
)

// Start is the time that a stage's clock shows when it is set up: a Monday
// morning far from holidays.
var Start = time.Date(2026, time.March, 2, 9, 30, 0, 0, time.UTC)

// Stage is a program under test.
type Stage struct {
	Program *program.Program
	Clock   *demo.Clock
	Data    string // the data folder
	Keys    string // the key folder

	signIn *SignIn
	server *httptest.Server
	log    *journal
}

// SignIn is a running sign-in provider with the demo's agencies and people. Its
// tokens are good for every stage set up with it.
type SignIn struct {
	Provider *devidp.Provider
	server   *httptest.Server
	mutex    sync.Mutex
	tokens   map[string]string
}

// Options change how a stage is set up; the zero value is the usual one.
type Options struct {
	SignIn  *SignIn          // shared with other stages; nil starts one
	Seed    uint64           // of everything random: the same seed gives the same ids
	Entropy io.Reader        // everything random; nil takes it from Seed
	Folder  string           // of data and keys; empty: a temporary one
	Empty   bool             // without the rehearsal's world
	Clock   func() time.Time // the time in service; nil stands still at Start
	Cluster string           // address of the cluster with the documents; empty: as ClusterVariable says
	Forms   records.Forms    // of records; nil: those of the program
	Policy  string           // file of the access policy; empty: the policy that Accord ships
	// Ticks are when the program does by itself what is due; nil: never, but TakeTurns does.
	Ticks <-chan time.Time
	// MalwareScanner is the address of the scanner of files; empty: there is none.
	MalwareScanner string
	// Mail sends e-mail about alerts; nil: nobody is sent any.
	Mail mail.Sender
	// Around stands around the API, to measure it; nil: nothing does.
	Around func(api http.Handler) http.Handler
}

// NewSignIn starts a sign-in provider that stops with the test.
func NewSignIn(tb testing.TB) *SignIn {
	tb.Helper()
	signIn := &SignIn{tokens: map[string]string{}}
	signIn.server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		signIn.Provider.Handler().ServeHTTP(w, r)
	}))
	if err := signIn.server.Listener.Close(); err != nil {
		tb.Fatalf("starting the sign-in provider: %v", err)
	}
	signIn.server.Listener = sameAddress(tb)
	signIn.server.Start()
	tb.Cleanup(signIn.server.Close)
	provider, err := devidp.New(devidp.Config{
		BaseURL: signIn.server.URL, Agencies: demo.SignIn(), Password: demo.Password, Clock: func() time.Time { return Start },
	})
	if err != nil {
		tb.Fatalf("starting the sign-in provider: %v", err)
	}
	signIn.Provider = provider
	return signIn
}

// Token signs somebody in through the code flow, once, and returns their token.
func (s *SignIn) Token(tb testing.TB, login string) string {
	tb.Helper()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if token, ok := s.tokens[login]; ok {
		return token
	}
	token, err := identity.SignIn(tb.Context(), identity.SignInRequest{
		Issuer: s.Provider.Issuer(demo.AgencyOf(login)), ClientID: devidp.ClientID, Login: login, Password: demo.Password,
		Clock: func() time.Time { return Start }, HTTPClient: s.server.Client(),
	})
	if err != nil {
		tb.Fatalf("signing in %s: %v", login, err)
	}
	s.tokens[login] = token
	return token
}

// New sets up a stage that is taken down with the test.
func New(tb testing.TB, options Options) *Stage {
	tb.Helper()
	if options.SignIn == nil {
		options.SignIn = NewSignIn(tb)
	}
	if options.Folder == "" {
		options.Folder = tb.TempDir()
	}
	if options.Cluster == "" {
		options.Cluster = cluster(tb, options.Folder)
	}
	if options.beginsRehearsed() {
		options.Entropy = rehearse(tb, options)
	}
	if options.Clock == nil {
		options.Clock = func() time.Time { return Start }
	}
	if options.Entropy == nil {
		options.Entropy = Entropy(options.Seed)
	}
	if options.Ticks == nil {
		options.Ticks = make(chan time.Time)
	}
	stage := &Stage{
		Clock: demo.NewClock(options.Clock), Data: options.Folder + "/data", Keys: options.Folder + "/keys",
		signIn: options.SignIn, log: &journal{},
	}
	var issuers []string
	for _, agency := range demo.Agencies() {
		issuers = append(issuers, options.SignIn.Provider.Issuer(agency.Reference))
	}
	opened, err := program.Open(tb.Context(), program.Config{
		Data: stage.Data, Keys: stage.Keys, Issuers: issuers, Audience: program.Audience, Clock: stage.Clock.Now, ClockStands: true,
		MongoDB: options.Cluster, Entropy: options.Entropy, Logger: slog.New(slog.NewJSONHandler(stage.log, nil)),
		Rate:  server.RateLimit{PerSecond: 1e6, Burst: 1_000_000, People: 1000},
		Forms: options.Forms, Policy: options.Policy, Witness: witness(tb, options.Policy), Ticks: options.Ticks, Mail: options.Mail,
		MalwareScanner: options.MalwareScanner,
	})
	if err != nil {
		tb.Fatalf("opening the program: %v", err)
	}
	stage.Program = opened
	if options.Around == nil {
		options.Around = func(api http.Handler) http.Handler { return api }
	}
	stage.server = httptest.NewServer(options.Around(opened.Handler()))
	tb.Cleanup(func() { stage.Close(tb) })
	if !options.Empty && len(opened.Records().Directory().Areas()) == 0 {
		if _, err := demo.Write(tb.Context(), opened.Records(), stage.Clock, options.SignIn.Provider.Issuer, Rehearsal()); err != nil {
			tb.Fatalf("writing the rehearsal: %v", err)
		}
	}
	return stage
}

// Close takes the stage down before the test ends, so that its folder can be
// opened again.
func (s *Stage) Close(tb testing.TB) {
	tb.Helper()
	if s.Program == nil {
		return
	}
	s.server.Close()
	if err := s.Program.Close(); err != nil {
		tb.Errorf("closing the program: %v", err)
	}
	s.Program = nil
}

// URL is where the API answers.
func (s *Stage) URL() string { return s.server.URL + server.GraphQLPath }

// Token is a bearer token of somebody of the demo.
func (s *Stage) Token(tb testing.TB, login string) string {
	tb.Helper()
	return s.signIn.Token(tb, login)
}

// SignIn is the stage's sign-in provider.
func (s *Stage) SignIn() *SignIn { return s.signIn }

// Capacity is in whose name somebody of the demo acts, for procedures.
func (s *Stage) Capacity(tb testing.TB, login string) authz.Capacity {
	tb.Helper()
	capacity, known := s.Program.Records().Directory().Capacity(s.signIn.Provider.Issuer(demo.AgencyOf(login)), login, calendar.DateIn(s.Clock.Now()))
	if !known {
		tb.Fatalf("%s is not in the directory", login)
	}
	return capacity
}

// As starts a session of somebody of the demo, for procedures.
func (s *Stage) As(tb testing.TB, login string) *records.Session {
	tb.Helper()
	r := s.Program.Records()
	return r.Begin(tb.Context(), s.Capacity(tb, login), r.NewIdentifier("request"))
}

// Answer is what the API answered.
type Answer struct {
	Status int
	Body   []byte
}

// Ask asks the API as somebody of the demo.
func (s *Stage) Ask(tb testing.TB, login, query string, variables map[string]any) Answer {
	tb.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		tb.Fatalf("encoding a question: %v", err)
	}
	return s.Send(tb, s.Token(tb, login), body)
}

// Send sends a request body with a bearer token, as they are.
func (s *Stage) Send(tb testing.TB, token string, body []byte) Answer {
	tb.Helper()
	request, err := http.NewRequestWithContext(tb.Context(), http.MethodPost, s.URL(), bytes.NewReader(body))
	if err != nil {
		tb.Fatalf("making a request: %v", err)
	}
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := s.server.Client().Do(request)
	if err != nil {
		tb.Fatalf("asking: %v", err)
	}
	answered, err := io.ReadAll(response.Body)
	if closed := response.Body.Close(); err != nil || closed != nil {
		tb.Fatalf("reading an answer: %v, %v", err, closed)
	}
	return Answer{Status: response.StatusCode, Body: answered}
}

// Entries returns the audit entries from a number on, decoded.
func (s *Stage) Entries(tb testing.TB, first int64) []audit.Entry {
	tb.Helper()
	encoded, err := s.Program.Records().AuditEntries(tb.Context(), first)
	if err != nil {
		tb.Fatalf("reading the audit log: %v", err)
	}
	entries := make([]audit.Entry, len(encoded))
	for i, one := range encoded {
		if entries[i], err = audit.Decode(one); err != nil {
			tb.Fatalf("decoding audit entry %d: %v", first+int64(i), err)
		}
	}
	return entries
}

// Entered is how many audit entries there are.
func (s *Stage) Entered(tb testing.TB) int64 {
	tb.Helper()
	return int64(len(s.Entries(tb, 0)))
}

// Tick ticks once.
func Tick() <-chan time.Time {
	tick := make(chan time.Time, 1)
	tick <- Start
	return tick
}

// TakeTurns does every job of the program that is due by the stage's clock.
func (s *Stage) TakeTurns(tb testing.TB) {
	tb.Helper()
	if err := s.Program.TakeTurns(tb.Context()); err != nil {
		tb.Errorf("doing what is due: %v", err)
	}
}

// Entropy is a reader of bytes that look random and are the same for the same
// seed, safe for concurrent use.
func Entropy(seed uint64) io.Reader { return newSeeded(seed) }

func newSeeded(seed uint64) *seeded {
	var key [16]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	return &seeded{source: rand.NewChaCha8(sha256.Sum256(key[:]))}
}

type seeded struct {
	mutex  sync.Mutex
	source *rand.ChaCha8
}

func (s *seeded) Read(b []byte) (int, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	n, err := s.source.Read(b)
	if err != nil {
		return n, fmt.Errorf("reading entropy: %w", err)
	}
	return n, nil
}

// Log is what the program has logged so far.
func (s *Stage) Log() string {
	s.log.mutex.Lock()
	defer s.log.mutex.Unlock()
	return s.log.text.String()
}

// journal keeps what is logged by several requests at once.
type journal struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (j *journal) Write(b []byte) (int, error) {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return j.text.Write(b) //nolint:wrapcheck // a buffer in memory
}
