// Package devidp is the sign-in provider of the demo and of the tests: a real
// OpenID Connect provider with one issuer for each agency, a log-in page, and
// the authorization code flow with PKCE. It stands where an agency's own
// provider stands in service, so that the demo signs in the way service does.
//
// It knows one password, keeps everything in memory and forgets it when it
// stops. It belongs to no release build.
package devidp

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// ClientID is the one client every agency's issuer knows: a public client with
// PKCE, redirected to a loopback address with the path /callback.
const ClientID = "accord"

// DefaultAudience is what access tokens are for when Config names nothing else.
const DefaultAudience = "accord"

// maxRequestBytes is far above any log-in form or token request.
const maxRequestBytes = 64 << 10

// Config is what a provider is made from.
type Config struct {
	// BaseURL is where the provider is reached, without a path, such as
	// http://127.0.0.1:9100. With port 0, listen first and say here what came
	// of it. Only plain http on a loopback address is accepted.
	BaseURL string

	Agencies []Agency // at least one; names are unique

	Password string           // the one password of every user; not empty
	Audience string           // the aud of access tokens; DefaultAudience when empty
	Clock    func() time.Time // the time tokens and codes are issued and expire by
}

// Agency is one issuer, at BaseURL/Name.
type Agency struct {
	Name  string // lower-case letters, digits and hyphens, such as northmoor-police
	RS256 bool   // sign with RS256, as some providers do, instead of ES256
	Users []User // at least one; logins and subjects are unique within the agency
}

// User is a person who can sign in at an agency.
type User struct {
	Login   string // what is typed into the log-in page
	Subject string // the sub of the tokens; the login when empty
	Name    string // the name claim of the ID token; may be empty
}

func (u User) subject() string {
	if u.Subject == "" {
		return u.Login
	}
	return u.Subject
}

// Provider serves the issuers of all agencies. It is safe for concurrent use.
type Provider struct {
	base     string
	audience string
	clock    func() time.Time
	issuers  map[string]*issuer
	handler  http.Handler
}

var agencyName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// New checks the whole configuration, names every fault in it, and generates a
// signing key for each agency.
func New(config Config) (*Provider, error) {
	if config.Audience == "" {
		config.Audience = DefaultAudience
	}
	if err := config.check(); err != nil {
		return nil, fmt.Errorf("demo sign-in provider: %w", err)
	}

	p := &Provider{
		base:     config.BaseURL,
		audience: config.Audience,
		clock:    config.Clock,
		issuers:  make(map[string]*issuer, len(config.Agencies)),
	}
	mux := http.NewServeMux()
	for _, agency := range config.Agencies {
		i, err := newIssuer(p, agency, config.Password)
		if err != nil {
			return nil, fmt.Errorf("demo sign-in provider: agency %s: %w", agency.Name, err)
		}
		p.issuers[agency.Name] = i
		i.mount(mux, "/"+agency.Name)
	}
	p.handler = http.MaxBytesHandler(mux, maxRequestBytes)
	return p, nil
}

// Handler serves every issuer; whatever is not theirs is 404.
func (p *Provider) Handler() http.Handler { return p.handler }

// Issuer is the issuer URL of an agency, exactly as it stands in the iss of its
// tokens. An agency the provider does not serve has a URL of the same form, at
// which nothing answers.
func (p *Provider) Issuer(agency string) string { return p.base + "/" + agency }

func (c *Config) check() error {
	faults := []error{checkBase(c.BaseURL)}
	if c.Password == "" {
		faults = append(faults, errors.New("the password is empty"))
	}
	if c.Clock == nil {
		faults = append(faults, errors.New("there is no clock"))
	}
	if len(c.Agencies) == 0 {
		faults = append(faults, errors.New("there is no agency"))
	}
	var names []string
	for _, agency := range c.Agencies {
		if slices.Contains(names, agency.Name) {
			faults = append(faults, fmt.Errorf("agency %s stands twice", agency.Name))
		}
		names = append(names, agency.Name)
		faults = append(faults, agency.check())
	}
	return errors.Join(faults...)
}

func (a Agency) check() error {
	var faults []error
	if !agencyName.MatchString(a.Name) {
		faults = append(faults, fmt.Errorf("agency name %q is not lower-case letters, digits and hyphens", a.Name))
	}
	if len(a.Users) == 0 {
		faults = append(faults, fmt.Errorf("agency %s has no user", a.Name))
	}
	var logins, subjects []string
	for _, user := range a.Users {
		if user.Login == "" {
			faults = append(faults, fmt.Errorf("agency %s has a user without a login", a.Name))
		}
		if slices.Contains(logins, user.Login) || slices.Contains(subjects, user.subject()) {
			faults = append(faults, fmt.Errorf("agency %s: user %s stands twice", a.Name, user.Login))
		}
		logins = append(logins, user.Login)
		subjects = append(subjects, user.subject())
	}
	return errors.Join(faults...)
}

// checkBase refuses everything but plain http on a loopback address: this
// provider knows one password and must never stand on a network.
func checkBase(base string) error {
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "http" || u.User != nil || strings.TrimPrefix(base, "http://") != u.Host {
		return errors.New("the base URL is not of the form http://127.0.0.1:9100")
	}
	if ip := net.ParseIP(u.Hostname()); ip == nil || !ip.IsLoopback() {
		return errors.New("the base URL is not a loopback address")
	}
	return nil
}
