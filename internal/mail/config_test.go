package mail_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"accord/internal/mail"
)

func TestEveryFaultOfTheConfigurationIsNamed(t *testing.T) {
	t.Parallel()
	write := func(text string, mode os.FileMode) string {
		file := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatalf("write: %v", err)
		}
		if err := os.Chmod(file, mode); err != nil {
			t.Fatalf("chmod: %v", err)
		}
		return file
	}
	_, authorities := certificate(t, net.IPv4(127, 0, 0, 1))
	const signIn = "the address to sign in at"
	cases := []struct {
		name   string
		change func(*mail.Config)
		fault  string // part of the one fault there is, or ""
	}{
		{"all is well", func(*mail.Config) {}, ""},
		{"implicit TLS", func(c *mail.Config) { c.Security = mail.ImplicitTLS }, ""},
		{"authorities of its own", func(c *mail.Config) { c.AuthoritiesFile = authorities }, ""},
		{"credentials", func(c *mail.Config) { c.CredentialsFile = write("accord\nhorse", 0o600) }, ""},
		{"credentials of Windows", func(c *mail.Config) { c.CredentialsFile = write("accord\r\nhorse\r\n", 0o400) }, ""},
		{"clear text on this machine", func(c *mail.Config) { c.Security, c.Server = mail.ClearText, "127.0.0.1:25" }, ""},
		{"clear text on this machine by name", func(c *mail.Config) { c.Security, c.Server = mail.ClearText, "localhost:25" }, ""},
		{"clear text on this machine, IPv6", func(c *mail.Config) { c.Security, c.Server = mail.ClearText, "[::1]:25" }, ""},
		{"a sign-in below a path", func(c *mail.Config) { c.SignIn = "https://example.org/accord/sign-in" }, ""},
		{"a sign-in on this machine", func(c *mail.Config) { c.SignIn = "http://127.0.0.1:8080/" }, ""},

		{"no server", func(c *mail.Config) { c.Server = "" }, "a host and a port"},
		{"no port", func(c *mail.Config) { c.Server = "smtp.example.org" }, "a host and a port"},
		{"no host", func(c *mail.Config) { c.Server = ":587" }, "a host and a port"},
		{"an address instead of a server", func(c *mail.Config) { c.Server = "smtp://smtp.example.org:587" }, "a host and a port"},
		{"a socket", func(c *mail.Config) { c.Server = "unix:///run/smtp:25" }, "a host and a port"},
		{"port 0", func(c *mail.Config) { c.Server = "smtp.example.org:0" }, "1 to 65535"},
		{"a named port", func(c *mail.Config) { c.Server = "smtp.example.org:smtp" }, "1 to 65535"},
		{"clear text elsewhere", func(c *mail.Config) { c.Security = mail.ClearText }, "loopback"},
		{"clear text almost here", func(c *mail.Config) { c.Security, c.Server = mail.ClearText, "localhost.example.org:25" }, "loopback"},
		{"another protection", func(c *mail.Config) { c.Security = 7 }, "the protection"},
		{"credentials in the clear", func(c *mail.Config) {
			c.Security, c.Server, c.CredentialsFile = mail.ClearText, "127.0.0.1:25", write("accord\nhorse", 0o600)
		}, "never sent without TLS"},
		{"authorities without TLS", func(c *mail.Config) {
			c.Security, c.Server, c.AuthoritiesFile = mail.ClearText, "127.0.0.1:25", authorities
		}, "no use for"},
		{"authorities that are not there", func(c *mail.Config) { c.AuthoritiesFile = filepath.Join(t.TempDir(), "none") }, "authorities cannot be read"},
		{"authorities that are none", func(c *mail.Config) { c.AuthoritiesFile = write("horse", 0o600) }, "no certificate"},
		{"authorities that are a folder", func(c *mail.Config) { c.AuthoritiesFile = t.TempDir() }, "authorities cannot be read"},
		{"credentials that are not there", func(c *mail.Config) { c.CredentialsFile = filepath.Join(t.TempDir(), "none") }, "credentials cannot be read"},
		{"credentials anybody may read", func(c *mail.Config) { c.CredentialsFile = write("accord\nhorse", 0o644) }, "mode 600"},
		{"credentials the group may read", func(c *mail.Config) { c.CredentialsFile = write("accord\nhorse", 0o640) }, "mode 600"},
		{"credentials without a password", func(c *mail.Config) { c.CredentialsFile = write("horse\n", 0o600) }, "two lines"},
		{"credentials with an empty password", func(c *mail.Config) { c.CredentialsFile = write("horse\n\n", 0o600) }, "two lines"},
		{"credentials of three lines", func(c *mail.Config) { c.CredentialsFile = write("accord\nhorse\nmore", 0o600) }, "two lines"},
		{"credentials without end", func(c *mail.Config) { c.CredentialsFile = write("accord\n"+strings.Repeat("horse", 1000), 0o600) }, "cannot be read"},
		{"no sender", func(c *mail.Config) { c.From = "" }, "the sender"},
		{"a sender with a name", func(c *mail.Config) { c.From = "Accord <accord@example.org>" }, "the sender"},
		{"a sender with more", func(c *mail.Config) { c.From = "accord@example.org\r\nBcc: a@b" }, "the sender"},
		{"no sign-in", func(c *mail.Config) { c.SignIn = "" }, signIn},
		{"a sign-in in the clear", func(c *mail.Config) { c.SignIn = "http://accord.example/" }, signIn},
		{"a sign-in for one case", func(c *mail.Config) { c.SignIn = "https://accord.example/?case=A12" }, signIn},
		{"a sign-in for one place", func(c *mail.Config) { c.SignIn = "https://accord.example/#case" }, signIn},
		{"a sign-in with nothing behind its question mark", func(c *mail.Config) { c.SignIn = "https://accord.example/?" }, signIn},
		{"a sign-in for one person", func(c *mail.Config) { c.SignIn = "https://ellis@accord.example/" }, signIn},
		{"a sign-in of two lines", func(c *mail.Config) { c.SignIn = "https://accord.example/\r\nmore" }, signIn},
		{"a sign-in with spaces", func(c *mail.Config) { c.SignIn = "https://accord.example/a b" }, signIn},
		{"a sign-in in other letters", func(c *mail.Config) { c.SignIn = "https://äccord.example/" }, signIn},
		{"a sign-in elsewhere", func(c *mail.Config) { c.SignIn = "ftp://accord.example/" }, signIn},
		{"a sign-in that is a script", func(c *mail.Config) { c.SignIn = "javascript:alert(1)" }, signIn},
		{"a time limit below nothing", func(c *mail.Config) { c.Timeout = -time.Second }, "time limit"},
		{"no clock", func(c *mail.Config) { c.Clock = nil }, "clock"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			config := mail.Config{Server: "smtp.example.org:587", From: "accord@example.org", SignIn: "https://accord.example/", Clock: noon}
			c.change(&config)
			_, err := mail.New(config)
			if c.fault == "" {
				if err != nil {
					t.Errorf("New: %v", err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.fault) || strings.Contains(err.Error(), "\n") {
				t.Errorf("New: %v, want one fault with %q", err, c.fault)
			}
			if err != nil && strings.Contains(err.Error(), "horse") {
				t.Errorf("the fault holds the password: %v", err)
			}
		})
	}
}

func TestAllFaultsAreNamedAtOnce(t *testing.T) {
	t.Parallel()
	_, err := mail.New(mail.Config{Security: -1, CredentialsFile: "/none/there", Timeout: -1})
	if err == nil {
		t.Fatal("an empty configuration is accepted")
	}
	faults := strings.Split(err.Error(), "\n")
	for i, part := range []string{"host and a port", "protection", "credentials", "sender", "sign in", "time limit", "clock"} {
		if i >= len(faults) || !strings.Contains(faults[i], part) {
			t.Errorf("fault %d of %q does not speak of %q", i, faults, part)
		}
	}
}
