//go:build !release

package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"accord/internal/demo"
	"accord/internal/devidp"
	"accord/internal/identity"
)

type tokenCommand struct {
	As       string `required:"true" help:"Who signs in, such as coord.ellis." placeholder:"USER"`
	Identity string `default:"http://127.0.0.1:9100" help:"Address of the demo's sign-in provider, without an agency; on this machine only." placeholder:"URL"`
}

// Run signs in the way a browser does and prints the access token and nothing
// else.
func (c *tokenCommand) Run(s *surroundings) error {
	agency := demo.AgencyOf(c.As)
	if agency == "" {
		return errors.New("nobody in the demo has this user name")
	}
	base, err := url.Parse(c.Identity)
	if err != nil || base.Scheme != "http" || c.Identity != "http://"+base.Host || !isLoopback(base.Hostname()) {
		return errors.New("--identity takes an address of this machine without an agency, such as http://127.0.0.1:9100")
	}
	token, err := identity.SignIn(s.ctx, identity.SignInRequest{
		Issuer: c.Identity + "/" + agency, ClientID: devidp.ClientID, Login: c.As, Password: demo.Password, Clock: time.Now, HTTPClient: http.DefaultClient,
	})
	if err != nil {
		return fmt.Errorf("signing in: %w", err)
	}
	if _, err := fmt.Fprintln(s.stdout, token); err != nil {
		return fmt.Errorf("printing the token: %w", err)
	}
	return nil
}
