package mail

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"syscall"

	gomail "github.com/wneessen/go-mail"
)

const (
	subject = "Sign in to Accord"
	text    = "There is something for you to read in Accord. To read it, sign in:\r\n\r\n" +
		"%s\r\n\r\n" +
		"This e-mail says no more on purpose. Nobody reads an answer to it.\r\n"
)

// Sender tells somebody that there is something to read.
type Sender interface {
	// Send sends the e-mail to one address and returns once a mail server has taken
	// it. An e-mail may arrive although Send returned an error, when the connection
	// broke while the server said that it took it. No error holds the address;
	// IsPermanent tells whether to give it up.
	Send(ctx context.Context, to string) error
}

// SMTP sends through a mail server. It may be used at the same time; each e-mail is a
// connection of its own, so that nothing is kept of one for the next.
type SMTP struct {
	settings settings
}

var _ Sender = (*SMTP)(nil)

// New verifies the configuration and reads its files; it reaches for no server. The
// error has a line for each fault there is.
func New(config Config) (*SMTP, error) {
	s, err := verify(config)
	if err != nil {
		return nil, err
	}
	return &SMTP{settings: s}, nil
}

// Send is Sender's.
func (s *SMTP) Send(ctx context.Context, to string) error {
	if !plainAddress(to) {
		return errRecipient
	}
	ctx, end := context.WithTimeout(ctx, s.settings.timeout)
	defer end()

	// The library hears of the end of ctx only while it dials, and leaves a
	// connection open that does not come to signing in: it is closed here.
	line := &line{settings: s.settings}
	stop := context.AfterFunc(ctx, line.cut)
	defer stop()
	defer line.cut()

	message, err := s.message(to)
	if err != nil {
		return err
	}
	client, err := s.client(line)
	if err != nil {
		return err
	}
	session, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return unreached(ctx, err)
	}
	if err := client.SendWithSMTPClient(session, message); err != nil && !message.IsDelivered() {
		return refused(ctx, err)
	}
	// What the server has taken is sent, whether or not it says goodbye.
	_ = client.CloseWithSMTPClient(session)
	return nil
}

// message is the e-mail: constant but for its recipient, date and id. The id is random;
// by its custom it would name this machine.
func (s *SMTP) message(to string) (*gomail.Msg, error) {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithCharset(gomail.CharsetASCII), gomail.WithEncoding(gomail.EncodingUSASCII))
	if err := m.FromFormat("Accord", s.settings.from); err != nil {
		return nil, &failure{what: "the sender is no e-mail address"}
	}
	if err := m.To(to); err != nil {
		return nil, errRecipient
	}
	m.Subject(subject)
	m.SetDateWithValue(s.settings.clock().UTC())
	m.SetMessageIDWithValue(rand.Text() + "@" + s.settings.domain)
	// RFC 3834 5: so that nobody's absence is answered to it.
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetGenHeader(gomail.HeaderXAutoResponseSuppress, "All")
	m.SetBodyString(gomail.TypeTextPlain, fmt.Sprintf(text, s.settings.signIn))
	return m, nil
}

func (s *SMTP) client(line *line) (*gomail.Client, error) {
	// What does not come as a connection of TLS already is made one, or left.
	policy := gomail.TLSMandatory
	if s.settings.security != StartTLS {
		policy = gomail.NoTLS
	}
	options := []gomail.Option{
		gomail.WithPort(s.settings.port),
		gomail.WithTimeout(2 * s.settings.timeout), // the end of Send's context comes first
		gomail.WithTLSPolicy(policy),
		gomail.WithDialContextFunc(line.dial),
		// The name of this machine would stand in what every server on the way adds.
		gomail.WithHELO(s.settings.domain),
		gomail.WithoutNoop(),
		gomail.WithoutSMTPUTF8(),
	}
	if s.settings.tls != nil {
		options = append(options, gomail.WithTLSConfig(s.settings.tls.Clone()))
	}
	if s.settings.user != "" {
		options = append(options,
			gomail.WithUsername(s.settings.user), gomail.WithPassword(s.settings.password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	client, err := gomail.NewClient(s.settings.host, options...)
	if err != nil {
		return nil, &failure{what: "set up the connection", cause: err}
	}
	return client, nil
}

// line is the connection of one e-mail, kept so that it can be cut.
type line struct {
	settings settings

	mu   sync.Mutex
	conn net.Conn
	over bool
}

// dial does not take the address from the library, which writes that of an IPv6 host
// without brackets.
func (l *line) dial(ctx context.Context, network, _ string) (net.Conn, error) {
	dialer := net.Dialer{Control: l.dialable}
	conn, err := dialer.DialContext(ctx, network, net.JoinHostPort(l.settings.host, strconv.Itoa(l.settings.port)))
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	l.mu.Lock()
	l.conn = conn
	over := l.over
	l.mu.Unlock()
	if over {
		l.cut()
	}
	if l.settings.security != ImplicitTLS {
		return conn, nil
	}
	secured := tls.Client(conn, l.settings.tls.Clone())
	if err := secured.HandshakeContext(ctx); err != nil {
		return nil, fmt.Errorf("turn to TLS: %w", err)
	}
	return secured, nil
}

// dialable refuses, once a name is resolved, to speak in the clear with anybody but
// this machine.
func (l *line) dialable(_, address string, _ syscall.RawConn) error {
	if l.settings.security != ClearText {
		return nil
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil || !loopback(host) {
		return errors.New("the mail server is not on this machine")
	}
	return nil
}

// cut ends the connection, whatever it is waiting for, and any that comes later.
func (l *line) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.over = true
	if l.conn != nil {
		_ = l.conn.Close()
	}
}
