package identity

import (
	"errors"
	"fmt"
	"net"
	"net/url"
)

// ValidateIssuer reports what makes a URL unfit to be a trusted issuer: it must
// be https without user, query or fragment (OpenID Connect Discovery 3). Plain
// http is accepted on a loopback host only, for the demo and the tests: on a
// network, whoever answers first would say who everybody is.
func ValidateIssuer(issuer string) error {
	u, err := url.Parse(issuer)
	if err != nil {
		return errors.New("issuer is not a URL")
	}
	if u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.Hostname() == "" {
		return fmt.Errorf("issuer %s is not a host with a path and nothing else", u.Redacted())
	}
	if u.Scheme == "https" || u.Scheme == "http" && isLoopback(u) {
		return nil
	}
	return fmt.Errorf("issuer %s is neither https nor http on a loopback address", issuer)
}

// checkTransport holds an end point to its issuer's standard: an https issuer
// cannot send anybody to plain http.
func checkTransport(endpoint, issuer string) error {
	u, err := url.Parse(endpoint)
	if err != nil || u.Hostname() == "" {
		return errors.New("not a URL")
	}
	from, err := url.Parse(issuer)
	if err != nil {
		return errors.New("issuer is not a URL")
	}
	if u.Scheme == "https" || u.Scheme == "http" && from.Scheme == "http" && isLoopback(u) {
		return nil
	}
	return errors.New("not https")
}

func isLoopback(u *url.URL) bool {
	if u.Hostname() == "localhost" {
		return true
	}
	ip := net.ParseIP(u.Hostname())
	return ip != nil && ip.IsLoopback()
}
