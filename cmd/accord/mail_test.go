package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What cannot work is said before anything is started, a sentence for each fault.
func TestMailFlagsAreVerifiedAtTheStart(t *testing.T) {
	open := filepath.Join(t.TempDir(), "credentials")
	if err := os.WriteFile(open, []byte("accord\ncorrect horse\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	good := mailFlags{MailServer: "smtp.example.org:587", MailSecurity: "starttls", MailFrom: "accord@example.org", SignInAddress: "https://accord.example/"}
	for name, of := range map[string]struct {
		change func(*mailFlags)
		fault  string // "": none
		sends  bool
	}{
		"nothing":                {func(f *mailFlags) { *f = mailFlags{MailSecurity: "starttls"} }, "", false},
		"all that is needed":     {func(*mailFlags) {}, "", true},
		"implicit TLS":           {func(f *mailFlags) { f.MailSecurity = "tls" }, "", true},
		"in the clear, here":     {func(f *mailFlags) { f.MailSecurity, f.MailServer = "none", "127.0.0.1:25" }, "", true},
		"in the clear, to there": {func(f *mailFlags) { f.MailSecurity = "none" }, "loopback", false},
		"no server":              {func(f *mailFlags) { f.MailServer = "" }, "--mail-server", false},
		"no sender":              {func(f *mailFlags) { f.MailFrom = "" }, "sender", false},
		"a link to a case":       {func(f *mailFlags) { f.SignInAddress += "?case=A12" }, "sign", false},
		"open credentials":       {func(f *mailFlags) { f.MailCredentials = open }, "mode 600", false},
		"no authorities":         {func(f *mailFlags) { f.MailAuthorities = open }, "no certificate", false},
	} {
		flags := good
		of.change(&flags)
		sender, err := flags.sender(time.Now)
		if of.fault == "" && err != nil || of.fault != "" && (err == nil || !strings.Contains(err.Error(), of.fault)) || (sender != nil) != of.sends {
			t.Errorf("%s: %v, and sends %t", name, err, sender != nil)
		}
		if err != nil && strings.Contains(err.Error(), "horse") {
			t.Errorf("%s: the fault holds the password: %v", name, err)
		}
	}
}

func TestADemoWithoutAWayToItsMailServerDoesNotStart(t *testing.T) {
	ended := accord(t.Context(), "demo", "--listen", "127.0.0.1:0", "--identity-listen", "127.0.0.1:0", "--mail-server", "smtp.example.org")
	if ended.status == 0 || !strings.Contains(ended.stderr, "host and a port") {
		t.Errorf("ended with %d: %s", ended.status, ended.stderr)
	}
}
