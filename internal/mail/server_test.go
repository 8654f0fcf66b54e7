package mail_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// server is a mail server in process: it speaks SMTP (RFC 5321), STARTTLS (RFC 3207)
// and AUTH PLAIN (RFC 4954) over the wire.
type server struct {
	implicit bool              // TLS from the first byte
	noTLS    bool              // STARTTLS is not offered
	noAuth   bool              // AUTH is not offered
	answers  map[string]string // instead of the usual one, by the first word of a command; "." is the end of the message
	silent   string            // a command that is never answered, whose connection stays

	address     string
	authorities string // a file with its certificate

	listener net.Listener
	config   *tls.Config
	serving  sync.WaitGroup

	mu       sync.Mutex
	said     []string // every command, with "tls " before it when it came over TLS
	messages []string // every message that was taken, as it came
	heard    chan struct{}
}

func start(t *testing.T, s *server) *server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listen: %v", err)
	}
	s.listener, s.address, s.heard = listener, listener.Addr().String(), make(chan struct{}, 100)
	s.config, s.authorities = certificate(t, net.IPv4(127, 0, 0, 1))
	s.serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			s.serving.Go(func() {
				defer conn.Close()
				s.serve(conn)
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		s.serving.Wait()
	})
	return s
}

// certificate is one that signs itself, for an address, and a file with it.
func certificate(t *testing.T, ip net.IP) (config *tls.Config, authorities string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatalf("key: %v", err)
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "a mail server"},
		NotBefore:             time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:              time.Date(2120, 1, 1, 0, 0, 0, 0, time.UTC),
		IPAddresses:           []net.IP{ip},
		IsCA:                  true,
		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatalf("certificate: %v", err)
	}
	file := filepath.Join(t.TempDir(), "authorities.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatalf("write: %v", err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}, file
}

func (s *server) serve(conn net.Conn) {
	secure := s.implicit
	if s.implicit {
		conn = tls.Server(conn, s.config)
	}
	in := bufio.NewReader(conn)
	say := func(text string) { fmt.Fprintf(conn, "%s\r\n", text) }
	if text, other := s.answers["HELLO"]; other {
		say(text)
		return
	}
	say("220 mx.example ESMTP")
	for {
		asked, err := in.ReadString('\n')
		if err != nil {
			return
		}
		asked = strings.TrimSuffix(asked, "\r\n")
		s.note(asked, secure)
		word, _, _ := strings.Cut(asked, " ")
		if word == s.silent {
			in.ReadString('\n') // until the other side has had enough
			return
		}
		if text, other := s.answers[word]; other {
			if text == "" {
				return // without a word
			}
			say(text)
			if strings.HasPrefix(text, "421") {
				return
			}
			continue
		}
		switch word {
		case "EHLO":
			offers := []string{"mx.example", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"}
			if !s.noTLS && !secure {
				offers = append(offers, "STARTTLS")
			}
			if !s.noAuth {
				offers = append(offers, "AUTH PLAIN LOGIN CRAM-MD5")
			}
			for i, offer := range offers {
				if i < len(offers)-1 {
					say("250-" + offer)
				} else {
					say("250 " + offer)
				}
			}
		case "STARTTLS":
			say("220 go on")
			conn, secure = tls.Server(conn, s.config), true
			in = bufio.NewReader(conn)
		case "AUTH":
			say("235 2.7.0 welcome")
		case "DATA":
			say("354 go on")
			message, ok := content(in)
			if !ok {
				return
			}
			if text, other := s.answers["."]; other {
				if text == "" {
					return
				}
				say(text)
				continue
			}
			s.mu.Lock()
			s.messages = append(s.messages, message)
			s.mu.Unlock()
			say("250 2.0.0 taken")
		case "QUIT":
			say("221 2.0.0 bye")
			return
		default:
			say("250 2.0.0 fine")
		}
	}
}

// content reads a message up to the line with a dot alone.
func content(in *bufio.Reader) (string, bool) {
	var message strings.Builder
	for {
		text, err := in.ReadString('\n')
		if err != nil {
			return "", false
		}
		if text == ".\r\n" {
			return message.String(), true
		}
		message.WriteString(strings.TrimPrefix(text, "."))
	}
}

func (s *server) note(asked string, secure bool) {
	if secure {
		asked = "tls " + asked
	}
	s.mu.Lock()
	s.said = append(s.said, asked)
	s.mu.Unlock()
	select {
	case s.heard <- struct{}{}:
	default: // nobody listens
	}
}

// commands are all that came, once every connection is over.
func (s *server) commands() []string {
	s.listener.Close()
	s.serving.Wait()
	return slices.Clone(s.said)
}
