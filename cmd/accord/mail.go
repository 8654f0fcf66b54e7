package main

import (
	"errors"
	"fmt"
	"time"

	"accord/internal/mail"
)

// mailFlags say which mail server takes the e-mail that tells somebody to sign in.
type mailFlags struct {
	MailServer      string `help:"Host and port of the mail server that takes the e-mail about alerts. Without it nobody is sent any." placeholder:"HOST:PORT"`
	MailSecurity    string `default:"starttls" enum:"starttls,tls,none" help:"How the way to the mail server is protected: ${enum}; none is for a server on a loopback address alone."`
	MailFrom        string `help:"The address that the e-mail comes from." placeholder:"ADDRESS"`
	MailCredentials string `help:"The file of the mail server's credentials, for its owner alone: the user's name on the first line, the password on the second." placeholder:"FILE"`
	MailAuthorities string `help:"The file of the certificate authorities, in PEM, that the mail server's certificate must go back to; without it those of the machine." placeholder:"FILE"`
	SignInAddress   string `help:"The address of Accord that stands in the e-mail." placeholder:"URL"`
}

var securities = map[string]mail.Security{"starttls": mail.StartTLS, "tls": mail.ImplicitTLS, "none": mail.ClearText}

// sender is what sends e-mail, verified but for whether the server is there; nil when no
// server is named.
func (f mailFlags) sender(clock func() time.Time) (mail.Sender, error) {
	if f.MailServer == "" {
		if f.MailFrom != "" || f.MailCredentials != "" || f.MailAuthorities != "" || f.SignInAddress != "" {
			return nil, errors.New("e-mail needs --mail-server, the host and port of the mail server")
		}
		return nil, nil //nolint:nilnil // nobody sends e-mail, and nothing is wrong with that
	}
	made, err := mail.New(mail.Config{
		Server: f.MailServer, Security: securities[f.MailSecurity], AuthoritiesFile: f.MailAuthorities,
		CredentialsFile: f.MailCredentials, From: f.MailFrom, SignIn: f.SignInAddress, Clock: clock,
	})
	if err != nil {
		return nil, fmt.Errorf("e-mail cannot be sent: %w", err)
	}
	return made, nil
}
