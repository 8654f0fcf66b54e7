package mail_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"accord/internal/mail"
)

const recipient = "coord.ellis@northshire.example"

func noon() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

func sender(t *testing.T, s *server, changes ...func(*mail.Config)) *mail.SMTP {
	t.Helper()
	config := mail.Config{
		Server:          s.address,
		AuthoritiesFile: s.authorities,
		From:            "accord@accord.example",
		SignIn:          "https://accord.example/",
		Clock:           noon,
	}
	if s.implicit {
		config.Security = mail.ImplicitTLS
	}
	for _, change := range changes {
		change(&config)
	}
	made, err := mail.New(config)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return made
}

func clearText(c *mail.Config) { c.Security, c.AuthoritiesFile = mail.ClearText, "" }

func credentials(t *testing.T) func(*mail.Config) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "credentials")
	if err := os.WriteFile(file, []byte("accord\ncorrect horse\n"), 0o600); err != nil {
		t.Fatalf("write: %v", err)
	}
	return func(c *mail.Config) { c.CredentialsFile = file }
}

// eMail is every byte of it but the random part of its id.
const eMail = "Auto-Submitted: auto-generated\r\n" +
	"Date: Sun, 22 Nov 2026 12:00:00 +0000\r\n" +
	"MIME-Version: 1.0\r\n" +
	"Message-ID: <ID@accord.example>\r\n" +
	"Subject: Sign in to Accord\r\n" +
	"X-Auto-Response-Suppress: All\r\n" +
	"From: \"Accord\" <accord@accord.example>\r\n" +
	"To: <coord.ellis@northshire.example>\r\n" +
	"Content-Transfer-Encoding: 7bit\r\n" +
	"Content-Type: text/plain; charset=US-ASCII\r\n" +
	"\r\n" +
	"There is something for you to read in Accord. To read it, sign in:\r\n" +
	"\r\n" +
	"https://accord.example/\r\n" +
	"\r\n" +
	"This e-mail says no more on purpose. Nobody reads an answer to it.\r\n"

var messageID = regexp.MustCompile(`(?m)^Message-ID: <([A-Z2-7]{26})@accord\.example>\r$`)

func TestTheEMailIsTheSameForEveryOccasion(t *testing.T) {
	t.Parallel()
	s := start(t, &server{})
	made := sender(t, s)
	var ids []string
	for range 20 {
		if err := made.Send(t.Context(), recipient); err != nil {
			t.Fatalf("Send: %v", err)
		}
	}
	s.commands()
	for _, message := range s.messages {
		id := messageID.FindStringSubmatch(message)
		if id == nil {
			t.Fatalf("no random id in\n%s", message)
		}
		ids = append(ids, id[1])
		if got := strings.Replace(message, id[1], "ID", 1); got != eMail {
			t.Fatalf("the e-mail is\n%q, want\n%q", got, eMail)
		}
	}
	slices.Sort(ids)
	if len(slices.Compact(ids)) != 20 {
		t.Errorf("ids of 20 e-mails: %v", ids)
	}
}

func TestNothingIsSaidBeforeTLS(t *testing.T) {
	t.Parallel()
	for _, implicit := range []bool{false, true} {
		s := start(t, &server{implicit: implicit})
		if err := sender(t, s, credentials(t)).Send(t.Context(), recipient); err != nil {
			t.Fatalf("implicit %t: Send: %v", implicit, err)
		}
		want := []string{
			"tls EHLO accord.example",
			"tls AUTH PLAIN " + base64.StdEncoding.EncodeToString([]byte("\x00accord\x00correct horse")),
			"tls MAIL FROM:<accord@accord.example> BODY=8BITMIME",
			"tls RCPT TO:<coord.ellis@northshire.example>",
			"tls DATA",
			"tls RSET",
			"tls QUIT",
		}
		if !implicit {
			want = append([]string{"EHLO accord.example", "STARTTLS"}, want...)
		}
		if got := s.commands(); !slices.Equal(got, want) {
			t.Errorf("implicit %t: the server heard %q, want %q", implicit, got, want)
		}
	}
}

func TestTheNameOfThisMachineGoesNowhere(t *testing.T) {
	t.Parallel()
	name, err := os.Hostname()
	if err != nil {
		t.Fatalf("hostname: %v", err)
	}
	s := start(t, &server{})
	if err := sender(t, s).Send(t.Context(), recipient); err != nil {
		t.Fatalf("Send: %v", err)
	}
	for _, text := range append(s.commands(), s.messages...) {
		if strings.Contains(strings.ToLower(text), strings.ToLower(name)) {
			t.Errorf("%q is said in %q", name, text)
		}
	}
}

func TestAServerWithoutTLSHearsNothingOfAnybody(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		server *server
		change func(*mail.Config)
	}{
		{name: "STARTTLS is not offered", server: &server{noTLS: true}},
		{name: "STARTTLS is refused", server: &server{answers: map[string]string{"STARTTLS": "454 4.7.0 not now"}}},
		{name: "EHLO is not known", server: &server{answers: map[string]string{"EHLO": "502 5.5.1 what"}}},
		{name: "TLS is not spoken at once", server: &server{}, change: func(c *mail.Config) { c.Security = mail.ImplicitTLS }},
		{name: "its certificate goes back to nobody", server: &server{}, change: func(c *mail.Config) { c.AuthoritiesFile = "" }},
		{name: "its certificate goes back to nobody, TLS at once", server: &server{implicit: true}, change: func(c *mail.Config) { c.AuthoritiesFile = "" }},
		{name: "its certificate is another's", server: &server{}, change: func(c *mail.Config) { _, c.AuthoritiesFile = certificate(t, net.IPv4(127, 0, 0, 2)) }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, c.server)
			change := c.change
			if change == nil {
				change = func(*mail.Config) {}
			}
			err := sender(t, s, credentials(t), func(c *mail.Config) { c.Timeout = 2 * time.Second }, change).Send(t.Context(), recipient)
			if err == nil || mail.IsPermanent(err) {
				t.Errorf("Send: %v, permanent %t", err, mail.IsPermanent(err))
			}
			for _, asked := range s.commands() {
				if strings.Contains(asked, "ellis") || strings.Contains(asked, "AUTH") || strings.Contains(asked, "MAIL") {
					t.Errorf("the server heard %q", asked)
				}
			}
			if len(s.messages) > 0 {
				t.Errorf("the server took %q", s.messages)
			}
		})
	}
}

func TestClearTextStaysOnThisMachine(t *testing.T) {
	t.Parallel()
	s := start(t, &server{noTLS: true, noAuth: true})
	if err := sender(t, s, clearText).Send(t.Context(), recipient); err != nil {
		t.Fatalf("Send: %v", err)
	}
	s.commands()
	if len(s.messages) != 1 {
		t.Errorf("%d messages", len(s.messages))
	}
}

func TestSignsInOnlyWhereThatIsOffered(t *testing.T) {
	t.Parallel()
	s := start(t, &server{noAuth: true})
	if err := sender(t, s, credentials(t)).Send(t.Context(), recipient); err == nil || mail.IsPermanent(err) {
		t.Errorf("Send: %v", err)
	}
	s.commands()
	if len(s.messages) != 0 {
		t.Error("sent without signing in")
	}
}

func TestADeadAddressIsGivenUpAndNothingElse(t *testing.T) {
	t.Parallel()
	const echo = " <coord.ellis@northshire.example> accord correct horse"
	cases := []struct {
		at, answer string
		permanent  bool
	}{
		{"RCPT", "550 5.1.1" + echo, true},
		{"RCPT", "550 5.1.10" + echo, true},
		{"RCPT", "550 5.2.1" + echo, true},
		{"RCPT", "556 5.1.10" + echo, true},
		{"RCPT", "550" + echo, true},
		{"RCPT", "551" + echo, true},
		{"RCPT", "553" + echo, true},
		{"RCPT", "556" + echo, true},

		{"RCPT", "450 4.2.1" + echo, false},
		{"RCPT", "451 4.1.1" + echo, false},
		{"RCPT", "452 4.2.2" + echo, false},
		{"RCPT", "450" + echo, false},
		{"RCPT", "421 4.3.2" + echo, false},
		{"RCPT", "550 5.7.1" + echo, false},
		{"RCPT", "554 5.7.1" + echo, false},
		{"RCPT", "550 5.1.8" + echo, false},
		{"RCPT", "550 5.1.7" + echo, false},
		{"RCPT", "530 5.7.0" + echo, false},
		{"RCPT", "503 5.5.1" + echo, false},
		{"RCPT", "554" + echo, false},
		{"RCPT", "501" + echo, false},
		{"MAIL", "550 5.1.8" + echo, false},
		{"MAIL", "550 5.1.1" + echo, false},
		{"AUTH", "535 5.7.8" + echo, false},
		{"AUTH", "550 5.1.1" + echo, false},
		{"DATA", "554 5.1.1" + echo, false},
		{".", "550 5.7.1" + echo, false},
		{".", "552 5.2.3" + echo, false},
		{".", "451 4.3.0" + echo, false},
		{".", "", false},
		{"MAIL", "", false},
		{"RCPT", "", false},
		{"DATA", "", false},
		{"AUTH", "", false},
		{"HELLO", "554 5.7.1" + echo, false},
		{"HELLO", "ellis correct horse", false},
		{"EHLO", "421 4.3.2" + echo, false},
	}
	for _, c := range cases {
		t.Run(c.at+" "+c.answer[:min(9, len(c.answer))], func(t *testing.T) {
			t.Parallel()
			s := start(t, &server{answers: map[string]string{c.at: c.answer}})
			err := sender(t, s, credentials(t)).Send(t.Context(), recipient)
			if err == nil || mail.IsPermanent(err) != c.permanent || mail.IsPermanent(fmt.Errorf("outbox: %w", err)) != c.permanent {
				t.Fatalf("Send: %v, permanent %t", err, mail.IsPermanent(err))
			}
			tellsNobody(t, err)
			if code, _, _ := strings.Cut(c.answer, " "); len(code) == 3 && !strings.Contains(err.Error(), code) {
				t.Errorf("the error does not hold the code: %v", err)
			}
			s.commands()
		})
	}
}

// tellsNobody checks that neither an error nor anything in it holds who was to read
// something, or a password.
func tellsNobody(t *testing.T, err error) {
	t.Helper()
	for ; err != nil; err = errors.Unwrap(err) {
		for _, text := range []string{err.Error(), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", err)} {
			for _, secret := range []string{"ellis", "northshire", "horse"} {
				if strings.Contains(text, secret) {
					t.Errorf("the error holds %q: %s", secret, text)
				}
			}
		}
	}
}

func TestWhatTheServerHasTakenIsSent(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"RSET", "QUIT"} {
		for _, answer := range []string{"421 4.3.2 closing", "500 5.5.1 what", ""} {
			s := start(t, &server{answers: map[string]string{at: answer}})
			if err := sender(t, s).Send(t.Context(), recipient); err != nil {
				t.Errorf("%s, %q: %v", at, answer, err)
			}
			s.commands()
			if len(s.messages) != 1 {
				t.Errorf("%s, %q: %d messages", at, answer, len(s.messages))
			}
		}
	}
}

func TestASlowServerIsLeft(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA"} {
		s := start(t, &server{silent: at})
		err := sender(t, s, credentials(t), func(c *mail.Config) { c.Timeout = 200 * time.Millisecond }).Send(t.Context(), recipient)
		if !errors.Is(err, context.DeadlineExceeded) || mail.IsPermanent(err) {
			t.Errorf("%s: %v", at, err)
		}
		tellsNobody(t, err)
		s.commands() // returns once the connection is closed
	}
}

func TestACallerWhoLeavesIsLetGoAtOnce(t *testing.T) {
	t.Parallel()
	s := start(t, &server{silent: "RCPT"})
	ctx, leave := context.WithCancel(t.Context())
	var leaving sync.WaitGroup
	leaving.Go(func() {
		for range 5 { // EHLO, STARTTLS, EHLO, MAIL, RCPT
			<-s.heard
		}
		leave()
	})
	err := sender(t, s).Send(ctx, recipient)
	if !errors.Is(err, context.Canceled) || mail.IsPermanent(err) {
		t.Errorf("Send: %v", err)
	}
	leaving.Wait()
	if err := sender(t, s).Send(ctx, recipient); !errors.Is(err, context.Canceled) {
		t.Errorf("Send for somebody who has left: %v", err)
	}
}

func TestAServerThatIsNotThereMayComeBack(t *testing.T) {
	t.Parallel()
	s := start(t, &server{})
	s.listener.Close()
	err := sender(t, s).Send(t.Context(), recipient)
	if err == nil || mail.IsPermanent(err) {
		t.Errorf("Send: %v", err)
	}
	tellsNobody(t, err)
}

func TestRecipientsThatAreMoreThanAnAddressAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t, &server{})
	made := sender(t, s)
	for _, to := range []string{
		"", " ", "ellis", "ellis@", "@northshire.example", "ellis@northshire@example",
		"ellis@northshire.example\r\nBcc: other@example.org", "ellis@northshire.example\nBcc: other@example.org",
		"ellis@northshire.example\r\n\r\nMore to read", "ellis@northshire.example\r\nRCPT TO:<other@example.org>",
		"ellis@northshire.example\x00", "ellis@northshire.example ", "ellis@northshire.example, other@example.org",
		"Ellis <ellis@northshire.example>", "<ellis@northshire.example>", `"el lis"@northshire.example`, `"ellis"@northshire.example`,
		"ellis(horse)@northshire.example", "ellis@[127.0.0.1]", "éllis@northshire.example", "ellis@nörthshire.example",
		"ellis@northshire.example>\r\nDATA", "ellis@northshire.example> NOTIFY=SUCCESS", "ellis=?utf-8?q?=0d=0a?=@northshire.example\t",
		strings.Repeat("a", 250) + "@northshire.example",
	} {
		err := made.Send(t.Context(), to)
		if err == nil || !mail.IsPermanent(err) {
			t.Errorf("%q: %v, permanent %t", to, err, mail.IsPermanent(err))
		}
		tellsNobody(t, err)
	}
	if heard := s.commands(); len(heard) != 0 {
		t.Errorf("the server heard %q", heard)
	}
}

func TestWhateverTheRecipientTheEMailIsTheSame(t *testing.T) {
	t.Parallel()
	s := start(t, &server{noTLS: true})
	made := sender(t, s, clearText)
	parts := rapid.OneOf(rapid.Rune(), rapid.SampledFrom([]rune("ab.@<>\r\n :,\"'+-")))
	rapid.Check(t, func(rt *rapid.T) {
		to := string(rapid.SliceOfN(parts, 0, 8).Draw(rt, "to")) + rapid.SampledFrom([]string{"", "@northshire.example"}).Draw(rt, "domain")
		s.mu.Lock()
		s.messages, s.said = nil, nil
		s.mu.Unlock()
		if err := made.Send(t.Context(), to); err != nil {
			if !mail.IsPermanent(err) {
				rt.Fatalf("%q: %v", to, err)
			}
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if len(s.messages) != 1 {
			rt.Fatalf("%q: %d messages", to, len(s.messages))
		}
		id := messageID.FindStringSubmatch(s.messages[0])
		want := strings.Replace(eMail, "<coord.ellis@northshire.example>", "<"+to+">", 1)
		if got := strings.Replace(s.messages[0], id[1], "ID", 1); got != want {
			rt.Fatalf("%q: the e-mail is\n%q, want\n%q", to, got, want)
		}
		if slices.Index(s.said, "RCPT TO:<"+to+">") < 0 {
			rt.Fatalf("%q: the server heard %q", to, s.said)
		}
	})
}

func TestManyMayBeSentAtTheSameTime(t *testing.T) {
	t.Parallel()
	s := start(t, &server{})
	made := sender(t, s, credentials(t))
	var sending sync.WaitGroup
	for range 10 {
		sending.Go(func() {
			if err := made.Send(t.Context(), recipient); err != nil {
				t.Errorf("Send: %v", err)
			}
		})
	}
	sending.Wait()
	s.commands()
	if len(s.messages) != 10 {
		t.Errorf("%d messages", len(s.messages))
	}
}
