//go:build !release

package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"text/tabwriter"
	"time"

	"accord/cmd/accord/program"
	"accord/internal/demo"
	"accord/internal/devidp"
	"accord/internal/mail"
	"accord/internal/server"
)

type demoCommand struct {
	Listen         string `default:"127.0.0.1:8080" help:"Where the API answers." placeholder:"ADDRESS"`
	IdentityListen string `default:"127.0.0.1:9100" help:"Where the sign-in provider answers." placeholder:"ADDRESS"`
	Data           string `help:"The folder to keep; made when it is not there. It holds the data in DIR/data, the keys in DIR/keys and the address of the sign-in provider in DIR/sign-in. Without it a temporary folder, gone afterwards." placeholder:"DIR"`
	Policy         string `help:"The file of the access policy, read again on SIGHUP; without it the policy that Accord ships." type:"existingfile" placeholder:"FILE"`
	MalwareScanner string `env:"ACCORD_MALWARE_SCANNER" help:"The clamd that is asked about every file before it is attached: unix:///path or tcp://host:port of this machine; without it files are not scanned." placeholder:"ADDRESS"`
	clusterFlag
	mailFlags
}

// Run starts the sign-in provider, then Accord, whose port opens last, when
// everything is ready; it prints who can sign in and stops when ctx ends.
func (c *demoCommand) Run(s *surroundings) (err error) {
	started, err := startDemo(s, *c)
	if s.ctx.Err() != nil && err != nil {
		return nil // stopped before it had started; what had is gone again
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, started.close()) }()
	if c.Policy != "" {
		stop := started.rereadOnHangUp(s)
		defer stop()
	}
	if err := started.introduce(s.stdout); err != nil {
		return fmt.Errorf("printing who can sign in: %w", err)
	}
	return started.serve(s.ctx)
}

// runningDemo is a demo with both ports open.
type runningDemo struct {
	program   *program.Program
	api       net.Listener
	identity  *demoSignIn
	mail      mail.Sender // nil: nobody is sent e-mail
	temporary string      // folder to be removed; empty when it stays
}

// demoSignIn is the sign-in provider on its port.
type demoSignIn struct {
	provider *devidp.Provider
	stop     context.CancelFunc
	ended    chan error
	address  string
}

func startDemo(s *surroundings, command demoCommand) (_ *runningDemo, err error) {
	started := &runningDemo{}
	cluster, err := command.address()
	if err != nil {
		return nil, err
	}
	clock := demo.NewClock(time.Now)
	if started.mail, err = command.sender(clock.Now); err != nil {
		return nil, err
	}
	if command.Data != "" {
		if err = mustHoldFolders(command.Data); err != nil {
			return nil, err
		}
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, started.close())
		}
	}()
	// A port in use is said before the long work. Until all is ready nothing may
	// answer there, so it is let go again and opened last.
	probe, err := listenLoopback(s.ctx, "--listen", command.Listen)
	if err != nil {
		return nil, err
	}
	if err = probe.Close(); err != nil {
		return nil, fmt.Errorf("trying the port: %w", err)
	}
	if started.identity, err = startSignIn(s.ctx, command.IdentityListen); err != nil {
		return nil, err
	}
	data := command.Data
	if data == "" {
		if data, err = os.MkdirTemp("", "accord-demo-"); err != nil {
			return nil, fmt.Errorf("making a temporary folder: %w", err)
		}
		started.temporary = data
	}
	if err = started.open(s, data, cluster, command, clock); err != nil {
		return nil, err
	}
	started.api, err = listenLoopback(s.ctx, "--listen", command.Listen)
	return started, err
}

// open opens Accord on the data folder and writes the demo world into a new one. A
// start that fails before that leaves the folder as it was.
func (d *runningDemo) open(s *surroundings, folder, cluster string, command demoCommand, clock *demo.Clock) (err error) {
	var issuers []string
	for _, agency := range demo.Agencies() {
		issuers = append(issuers, d.identity.provider.Issuer(agency.Reference))
	}
	data, keys := filepath.Join(folder, program.DataFolder), filepath.Join(folder, program.KeyFolder)
	made := []string{notThere(data), notThere(keys)}
	d.program, err = program.Open(s.ctx, program.Config{
		Data: data, Keys: keys, Issuers: issuers, Audience: program.Audience,
		MongoDB: cluster, Policy: command.Policy, MalwareScanner: command.MalwareScanner, Mail: d.mail, Clock: clock.Now, Entropy: rand.Reader,
		Logger: slog.New(slog.NewJSONHandler(s.stderr, &slog.HandlerOptions{Level: slog.LevelError})),
		Rate:   server.RateLimit{PerSecond: 200, Burst: 1000, People: 1000},
	})
	if err != nil {
		return errors.Join(err, removeMade(made))
	}
	return d.world(s.ctx, folder, clock)
}

func startSignIn(ctx context.Context, address string) (*demoSignIn, error) {
	listener, err := listenLoopback(ctx, "--identity-listen", address)
	if err != nil {
		return nil, err
	}
	base := "http://" + listener.Addr().String()
	provider, err := devidp.New(devidp.Config{BaseURL: base, Agencies: demo.SignIn(), Password: demo.Password, Clock: time.Now})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("starting the sign-in provider: %w", err), listener.Close())
	}
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	signIn := &demoSignIn{provider: provider, stop: stop, ended: make(chan error, 1), address: base}
	go func() {
		signIn.ended <- server.Serve(serving, listener, provider.Handler(), server.DefaultConnectionLimits())
	}()
	return signIn, nil
}

// listenLoopback opens a port on this machine only; the demo's password is known
// to everybody.
func listenLoopback(ctx context.Context, flag, address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil || !isLoopback(host) {
		return nil, fmt.Errorf("%s takes an address of this machine, such as 127.0.0.1:8080", flag)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("the port of %s is in use: choose another address for %s", address, flag)
	case err != nil:
		return nil, fmt.Errorf("%s cannot be opened: choose another address for %s", address, flag)
	}
	return listener, nil
}

// isLoopback reports whether a host is an address of this machine only.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// introduce says who can sign in, and how to ask the first question.
func (d *runningDemo) introduce(w io.Writer) error {
	api := "http://" + d.api.Addr().String() + server.GraphQLPath
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintf(table, "Accord demo. Every name in it is invented. Password for all: %s\n\n", demo.Password)
	_, _ = fmt.Fprintf(table, "agency\tuser\twho\n")
	for _, agency := range demo.Agencies() {
		for _, person := range agency.People {
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", agency.Reference, person.Login, person.Part)
		}
	}
	if err := table.Flush(); err != nil {
		return err //nolint:wrapcheck // the caller says what was being printed
	}
	executable, err := os.Executable()
	if err != nil {
		executable = "accord"
	}
	flag := ""
	if d.identity.address != "http://127.0.0.1:9100" {
		flag = " --identity " + d.identity.address
	}
	_, err = fmt.Fprintf(w, "\nSign-in  %s/<agency>\nAPI      %s\n\nThe pack of the next meeting, as its coordinator:\n\n%s\n\nStop with Ctrl-C.\n",
		d.identity.address, api, curlLine(executable, flag, api))
	return err //nolint:wrapcheck // the caller says what was being printed
}

// serve answers until ctx ends, then stops everything.
func (d *runningDemo) serve(ctx context.Context) error { return d.program.Serve(ctx, d.api) }

// close stops the sign-in provider and the program, and removes what is temporary.
func (d *runningDemo) close() error {
	var faults []error
	if d.program != nil {
		faults = append(faults, d.program.Close())
	}
	if d.identity != nil {
		d.identity.stop()
		faults = append(faults, <-d.identity.ended)
	}
	if d.temporary != "" {
		faults = append(faults, os.RemoveAll(d.temporary))
	}
	return errors.Join(faults...)
}
