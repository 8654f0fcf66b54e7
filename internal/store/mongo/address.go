package mongo

import (
	"errors"
	"net"
	"net/url"
	"strings"

	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/connstring"
)

// address is where a cluster is, as far as it may be said: without who signs in.
type address struct {
	hosts    string
	database string
	loopback bool // every host is this machine
	secret   bool // the connection is encrypted
}

// defaultDatabase is used when the address names none.
const defaultDatabase = "accord"

func parseAddress(uri string) (address, error) {
	if uri == "" {
		return address{}, ErrNoAddress
	}
	parsed, err := connstring.ParseAndValidate(uri)
	if err != nil {
		return address{}, misread(uri, err)
	}
	where := address{
		hosts: strings.Join(parsed.Hosts, ", "), database: parsed.Database, loopback: true, secret: parsed.SSL && !parsed.SSLInsecure,
	}
	if where.database == "" {
		where.database = defaultDatabase
	}
	for _, host := range parsed.Hosts {
		where.loopback = where.loopback && isLoopback(host)
	}
	return where, nil
}

// ErrNoAddress says that a cluster was asked for and none was named.
var ErrNoAddress = errors.New("give the address of a cluster: an empty one was given")

// misread says what is wrong with an address, and never a word of it: the driver's
// words may repeat the password.
func misread(uri string, err error) error {
	if _, unknown := errors.AsType[*net.DNSError](err); unknown {
		return errors.New("the hosts of the MongoDB cluster cannot be looked up: check the name in its mongodb+srv:// address, and the name server (DNS) of this machine")
	}
	scheme, rest, _ := strings.Cut(uri, "://")
	if at := strings.LastIndex(rest, "@"); (scheme == "mongodb" || scheme == "mongodb+srv") && at >= 0 && !isEncoded(rest[:at]) {
		return errors.New("the user or the password in the address of the MongoDB cluster holds a character that has a meaning of its own there: percent-encode it (@ as %40, : as %3A, / as %2F, % as %25)")
	}
	return errors.New("the address of the MongoDB cluster is malformed: give mongodb:// or mongodb+srv://, user, hosts and database as its administrator wrote them")
}

// isEncoded reports whether a user and a password are written as an address has
// them.
func isEncoded(userinfo string) bool {
	user, password, _ := strings.Cut(userinfo, ":")
	for _, part := range []string{user, password} {
		if _, err := url.PathUnescape(part); err != nil || strings.ContainsAny(part, ":/?#[]@") {
			return false
		}
	}
	return true
}

// DatabaseIn is the name of the database that an address leads to: the one in its
// path, or accord.
func DatabaseIn(uri string) (string, error) {
	where, err := parseAddress(uri)
	return where.database, err
}

func isLoopback(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	ip := net.ParseIP(name)
	return name == "localhost" || ip != nil && ip.IsLoopback() || strings.HasPrefix(host, "/") || strings.HasSuffix(host, ".sock")
}

// InDatabase is the address with another database in its path.
func InDatabase(uri, database string) (string, error) {
	if _, err := parseAddress(uri); err != nil {
		return "", err
	}
	scheme, rest, _ := strings.Cut(uri, "://")
	rest, settings, asked := strings.Cut(rest, "?")
	hosts, _, _ := strings.Cut(rest, "/") // a slash in a password is written as %2F
	whole := scheme + "://" + hosts + "/" + database
	if asked {
		whole += "?" + settings
	}
	return whole, nil
}
