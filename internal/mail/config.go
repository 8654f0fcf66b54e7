// Package mail sends the one e-mail Accord sends: that there is something to read, and
// where to sign in. It is the same for everybody and every occasion. A mailbox is read
// on lock screens, by assistants and by whoever gets hold of a telephone, and crosses
// machines no agency controls: so the e-mail names no person, no case and no kind of
// alert, and its link leads to the sign-in and nowhere else.
package mail

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	stdmail "net/mail"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// Security is how the way to the mail server is protected.
type Security int

// The zero Security is StartTLS.
const (
	// StartTLS begins in the clear and goes on only once the server has turned to
	// TLS (RFC 3207); what does not offer it is left.
	StartTLS Security = iota
	// ImplicitTLS is TLS from the first byte (RFC 8314).
	ImplicitTLS
	// ClearText has no protection. It is for a mail server on a loopback address
	// alone, which takes the mail on over TLS, and never carries credentials.
	ClearText
)

const (
	usualTimeout = 30 * time.Second
	// The longest names and files that are accepted, in bytes.
	longestAddress     = 254     // RFC 5321 4.5.3.1.3, less the angle brackets
	longestCredentials = 4 << 10 // each of the two lines is far shorter
	longestAuthorities = 1 << 20
)

// Config says which mail server takes Accord's e-mail, and what stands in it.
type Config struct {
	// Server is the host and port of the mail server, such as
	// "smtp.example.org:587".
	Server string
	// Security is how it is reached; the zero value is StartTLS.
	Security Security
	// AuthoritiesFile is a file of certificates in PEM that the server's must go
	// back to; "" stands for those the machine trusts.
	AuthoritiesFile string
	// CredentialsFile is a file that nobody but its owner may read: the user's name
	// on its first line, the password on its second. "" signs in nowhere.
	CredentialsFile string
	// From is the address the e-mail comes from, without a name.
	From string
	// SignIn is the address of Accord that a reader signs in at: https, or http on a
	// loopback address, without a query or a fragment.
	SignIn string
	// Timeout limits sending one e-mail, the connection included; 0 stands for 30
	// seconds.
	Timeout time.Duration
	// Clock dates the e-mail.
	Clock func() time.Time
}

// settings are a Config that holds.
type settings struct {
	host           string
	port           int
	security       Security
	tls            *tls.Config
	user, password string
	from, domain   string
	signIn         string
	timeout        time.Duration
	clock          func() time.Time
}

// verify returns what the configuration comes to, or all its faults, a sentence each.
func verify(c Config) (settings, error) {
	s := settings{security: c.Security, timeout: c.Timeout, clock: c.Clock, from: c.From, signIn: c.SignIn}
	var faults []error
	fault := func(err error) {
		if err != nil {
			faults = append(faults, err)
		}
	}
	var err error
	s.host, s.port, err = server(c.Server)
	fault(err)
	fault(s.protect(c))
	fault(s.readCredentials(c))
	if !plainAddress(c.From) {
		fault(errors.New("the sender of e-mail must be a plain address, such as accord@example.org"))
	}
	_, s.domain, _ = strings.Cut(c.From, "@")
	fault(signIn(c.SignIn))
	switch {
	case c.Timeout < 0:
		fault(errors.New("the time limit for e-mail must not be negative"))
	case c.Timeout == 0:
		s.timeout = usualTimeout
	}
	if c.Clock == nil {
		fault(errors.New("e-mail needs a clock"))
	}
	return s, errors.Join(faults...)
}

func server(address string) (host string, port int, err error) {
	host, number, err := net.SplitHostPort(address)
	if err != nil || host == "" || strings.ContainsAny(host, " /\\@\r\n\t") {
		return "", 0, errors.New("the mail server must be a host and a port, such as smtp.example.org:587")
	}
	parsed, err := strconv.ParseUint(number, 10, 16)
	if err != nil || parsed == 0 {
		return "", 0, errors.New("the port of the mail server must be a number from 1 to 65535")
	}
	return host, int(parsed), nil
}

// protect settles the protection of the way to the server.
func (s *settings) protect(c Config) error {
	switch c.Security {
	case StartTLS, ImplicitTLS:
	case ClearText:
		if !loopback(s.host) {
			return errors.New("e-mail without TLS is for a mail server on a loopback address alone")
		}
		if c.AuthoritiesFile != "" {
			return errors.New("e-mail without TLS has no use for certificate authorities")
		}
		return nil
	default:
		return errors.New("the protection of the mail server must be STARTTLS, implicit TLS or, on a loopback address, none")
	}
	s.tls = &tls.Config{ServerName: s.host, MinVersion: tls.VersionTLS12}
	if c.AuthoritiesFile == "" {
		return nil
	}
	text, err := short(c.AuthoritiesFile, longestAuthorities)
	if err != nil {
		return fmt.Errorf("the file of the mail server's certificate authorities cannot be read: %w", err)
	}
	s.tls.RootCAs = x509.NewCertPool()
	if !s.tls.RootCAs.AppendCertsFromPEM(text) {
		return errors.New("the file of the mail server's certificate authorities holds no certificate in PEM")
	}
	return nil
}

// readCredentials reads them from their file. No error holds any of them.
func (s *settings) readCredentials(c Config) error {
	if c.CredentialsFile == "" {
		return nil
	}
	if c.Security == ClearText {
		return errors.New("credentials for the mail server are never sent without TLS")
	}
	info, err := os.Stat(c.CredentialsFile)
	if err != nil {
		return fmt.Errorf("the file of the mail server's credentials cannot be read: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return errors.New("the file of the mail server's credentials must be for its owner alone (mode 600)")
	}
	text, err := short(c.CredentialsFile, longestCredentials)
	if err != nil {
		return fmt.Errorf("the file of the mail server's credentials cannot be read: %w", err)
	}
	lines := strings.Split(strings.TrimRight(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n"), "\n")
	if len(lines) != 2 || lines[0] == "" || lines[1] == "" {
		return errors.New("the file of the mail server's credentials must hold two lines, the user's name and the password")
	}
	s.user, s.password = lines[0], lines[1]
	return nil
}

// short reads a file that has at most so many bytes.
func short(name string, most int64) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("look at the file: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > most {
		return nil, fmt.Errorf("it is no file of at most %d bytes", most)
	}
	text, err := os.ReadFile(name) //nolint:gosec // the file is the operator's
	if err != nil {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	return text, nil
}

// signIn checks the one link of the e-mail: it leads to where everybody signs in, so
// there is nothing in it that could tell one reader or one occasion from another.
func signIn(address string) error {
	const wrong = "the address to sign in at must be an https address, or http on a loopback address, with no user, query or fragment and in plain characters"
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host == "" || parsed.User != nil || strings.ContainsAny(address, "?#") || len(address) > longestAddress {
		return errors.New(wrong)
	}
	for _, r := range address {
		if r <= ' ' || r > '~' || strings.ContainsRune(`<>"`, r) {
			return errors.New(wrong)
		}
	}
	if parsed.Scheme != "https" && (parsed.Scheme != "http" || !loopback(parsed.Hostname())) {
		return errors.New(wrong)
	}
	return nil
}

func loopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

// plainAddress reports whether an address is no more than that: no name, quotation or
// comment, one line of visible ASCII.
func plainAddress(address string) bool {
	if len(address) > longestAddress {
		return false
	}
	for _, r := range address {
		if r <= ' ' || r > '~' || strings.ContainsRune(`<>(),;:"\[]`, r) {
			return false
		}
	}
	parsed, err := stdmail.ParseAddress(address)
	return err == nil && parsed.Name == "" && parsed.Address == address
}
