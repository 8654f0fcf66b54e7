package mongo

import (
	"errors"
	"net"
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
	parsed, err := connstring.ParseAndValidate(uri)
	if err != nil {
		// The driver's words may repeat the password.
		return address{}, errors.New("the address of the MongoDB cluster is malformed: give mongodb:// or mongodb+srv://, user, hosts and database as its administrator wrote them")
	}
	where := address{
		hosts: strings.Join(parsed.Hosts, ", "), database: parsed.Database, loopback: true, secret: parsed.SSL,
	}
	if where.database == "" {
		where.database = defaultDatabase
	}
	for _, host := range parsed.Hosts {
		where.loopback = where.loopback && isLoopback(host)
	}
	return where, nil
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
