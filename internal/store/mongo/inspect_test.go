package mongo

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"accord/internal/store"
	"accord/internal/store/mongo/mongotest"
)

// cluster is what a store is opened on, and in what way.
type cluster struct {
	server  mongotest.Options
	uri     func(address string) string // nil is the server's own
	changes func(*Options)
	at      Inspection
	want    string // HOST stands for where the server listens
}

// dialling reaches a server whatever host an address names.
func dialling(to string) options.ContextDialer { return dialer(to) }

type dialer string

func (d dialer) DialContext(ctx context.Context, network, _ string) (net.Conn, error) {
	var machine net.Dialer
	return machine.DialContext(ctx, network, string(d))
}

func users(privileges ...mongotest.Privilege) []mongotest.User {
	return []mongotest.User{{Name: "accord-service", Privileges: privileges}}
}

// allBut are the needed actions without one.
func allBut(missing ...string) []string {
	var actions []string
	for _, action := range asProgram.actions {
		if !strings.Contains(strings.Join(missing, " "), action) {
			actions = append(actions, action)
		}
	}
	return actions
}

func atClock(apart time.Duration) cluster {
	c := cluster{
		server:  mongotest.Options{Clock: func() time.Time { return noon }, ClockOffset: apart},
		changes: func(o *Options) { o.ClockSkew = time.Minute },
	}
	if apart.Abs() > time.Minute {
		c.at = InspectClock
		c.want = "the MongoDB cluster at HOST has a clock that is 1m1s away from this machine's: set both by the same time server"
	}
	return c
}

func lacking(action string) cluster {
	return cluster{
		server: mongotest.Options{Users: users(mongotest.Privilege{Database: "accord", Actions: allBut(action)})},
		at:     InspectRights,
		want:   "the MongoDB cluster at HOST does not allow this program's user to " + action + " in database accord: give it the role readWrite there",
	}
}

func sharding(namespace string, key bson.D, users []mongotest.User) cluster {
	return cluster{server: mongotest.Options{Kind: mongotest.Mongos, Sharded: map[string]bson.D{namespace: key}, Users: users}}
}

func (c cluster) refused(at Inspection, want string) cluster {
	c.at, c.want = at, "the MongoDB cluster at HOST "+want
	return c
}

// hasty does not wait for a server that will not come.
func hasty(o *Options) {
	o.patience = patience{find: 300 * time.Millisecond, read: time.Second, commit: 5 * time.Second, leave: time.Second}
}

// far is an address on another machine, though the dialer comes to this one.
func far(settings string) func(string) string {
	return func(string) string {
		return "mongodb://db.example.org:27017/?replicaSet=rs0&directConnection=true" + settings
	}
}

func clusters() map[string]cluster {
	all := map[string]cluster{
		"a writable primary":                   {},
		"a clock a minute ahead":               atClock(time.Minute),
		"a clock a minute behind":              atClock(-time.Minute),
		"a clock a minute and one ahead":       atClock(61 * time.Second),
		"a clock a minute and one behind":      atClock(-61 * time.Second),
		"nobody who signs in, on this machine": {server: mongotest.Options{Anonymous: true}},
		"MongoDB 7.0":                          {server: mongotest.Options{MaxWireVersion: 21}},
		"MongoDB 6.0": cluster{server: mongotest.Options{MaxWireVersion: 17}}.
			refused(InspectVersion, "is older than MongoDB 7.0: upgrade it"),
		"a wire version between 6.0 and 7.0": cluster{server: mongotest.Options{MaxWireVersion: 20}}.
			refused(InspectVersion, "is older than MongoDB 7.0: upgrade it"),
		"MongoDB 4.0, which the driver does not speak to": cluster{server: mongotest.Options{MaxWireVersion: 7}, changes: hasty}.
			refused(InspectReach, "cannot be reached: server at HOST reports wire version 7, but this version of the Go driver requires at least 9 (MongoDB 4.4)"),
		"a single server": cluster{server: mongotest.Options{Kind: mongotest.Standalone}}.
			refused(InspectReplication, "is a single server without transactions: make it a replica set"),
		"a secondary whose primary nobody reaches": cluster{server: mongotest.Options{Kind: mongotest.Secondary}, changes: hasty}.
			refused(InspectWrites, "takes no writes: it has no primary at the moment, or the address leads to a member that only reads"),
		"a secondary that is spoken to directly": cluster{
			server: mongotest.Options{Kind: mongotest.Secondary}, changes: hasty,
			uri: func(address string) string { return "mongodb://" + address + "/?directConnection=true" },
		}.refused(InspectWrites, "takes no writes: it has no primary at the moment, or the address leads to a member that only reads"),
		"a member that only reads": cluster{server: mongotest.Options{ReadOnly: true}}.
			refused(InspectWrites, "takes no writes: it has no primary at the moment, or the address leads to a member that only reads"),
		"another set than the address names": cluster{changes: hasty, uri: func(address string) string {
			return "mongodb://accord:hunter2@" + address + "/?replicaSet=other"
		}}.refused(InspectReach, "cannot be reached: no server there belongs to the replica set that its address names"),
		"another machine, unencrypted": {
			uri: far(""), at: InspectEncryption,
			want: "the MongoDB cluster at db.example.org:27017 is on another machine and the connection is not encrypted: add tls=true to its address",
		},
		"another machine, encrypted in name only": {
			uri: far("&tls=true"), changes: hasty, at: InspectReach,
			want: "the MongoDB cluster at db.example.org:27017 cannot be reached: the connection was closed by the other side",
		},
		"a user who may read alone": cluster{
			server: mongotest.Options{Users: users(mongotest.Privilege{Database: "accord", Actions: []string{"find", "listCollections", "listIndexes"}})},
		}.refused(InspectRights, "does not allow this program's user to insert, update, remove, createCollection, createIndex in database accord: give it the role readWrite there"),
		"a user who may do all, elsewhere": cluster{
			server: mongotest.Options{Users: users(mongotest.Privilege{Database: "others", Actions: asProgram.actions})},
		}.refused(InspectRights, "does not allow this program's user to find, insert, update, remove, createCollection, createIndex, listCollections, listIndexes "+
			"in database accord: give it the role readWrite there"),
		"a user who may do all, in one collection": cluster{
			server: mongotest.Options{Users: users(mongotest.Privilege{Database: "accord", Collection: "document", Actions: asProgram.actions})},
		}.refused(InspectRights, "does not allow this program's user to find, insert, update, remove, createCollection, createIndex, listCollections, listIndexes "+
			"in database accord: give it the role readWrite there"),
		"a user who may do all, in the database": {
			server: mongotest.Options{Users: users(mongotest.Privilege{Database: "accord", Actions: asProgram.actions})},
		},
		"a router whose documents are sharded by family":         sharding("accord.document", bson.D{equals("fam", 1)}, nil),
		"a router whose documents are sharded by family, hashed": sharding("accord.document", bson.D{equals("fam", "hashed")}, nil),
		"a router that shards another database":                  sharding("others.document", bson.D{equals("_id", 1)}, nil),
		"a router that knows a collection and does not shard it": sharding("accord.claim", bson.D{}, nil),
		"a router whose documents are sharded by id": sharding("accord.document", bson.D{equals("_id", "hashed")}, nil).
			refused(InspectSharding, `has collection accord.document sharded by another key than fam: shard it again by {fam: 1} or {fam: "hashed"}`),
		"a router whose documents are sharded by more than the family": sharding("accord.document", bson.D{equals("fam", 1), equals("_id", 1)}, nil).
			refused(InspectSharding, `has collection accord.document sharded by another key than fam: shard it again by {fam: 1} or {fam: "hashed"}`),
		"a router whose log is sharded": sharding("accord.log", bson.D{equals("_id", 1)}, nil).
			refused(InspectSharding, "has collection accord.log sharded: only document may be"),
		"a router that hides how it shards": sharding("accord.document", bson.D{equals("fam", 1)}, users(mongotest.Privilege{Database: "accord", Actions: asProgram.actions})).
			refused(InspectRights, "does not let this program's user see how collections are sharded: give it the right to find in config.collections"),
		"a router that shows how it shards": sharding("accord.document", bson.D{equals("fam", 1)}, users(
			mongotest.Privilege{Database: "accord", Actions: asProgram.actions}, mongotest.Privilege{Database: "config", Collection: "collections", Actions: []string{"find"}},
		)),
	}
	for _, action := range []string{"find", "insert", "update", "remove", "createCollection", "createIndex", "listCollections", "listIndexes"} {
		all["a user who may not "+action] = lacking(action)
	}
	return all
}

func TestAClusterIsTrustedOrRefusedInOneSentence(t *testing.T) {
	t.Parallel()
	for name, c := range clusters() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := mongotest.Start(t, c.server)
			host := strings.TrimPrefix(strings.SplitN(server.URI(), "/?", 2)[0], "mongodb://")
			o := optionsFor(server)
			if c.uri != nil {
				o.URI = c.uri(host)
				o.adjust = func(settings *options.ClientOptions) { settings.SetDialer(dialling(host)) }
			}
			if c.changes != nil {
				c.changes(&o)
			}
			s, err := Open(t.Context(), o)
			if c.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				if _, refused := RefusedAt(err); refused {
					t.Error("no error is a refusal")
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
				return
			}
			refusedWith(t, err, strings.ReplaceAll(c.want, "HOST", host))
			if got, refused := RefusedAt(err); !refused || got != c.at {
				t.Errorf("refused at %q, and not at %q", got, c.at)
			}
			for _, command := range server.Commands() {
				if command.Name != "connectionStatus" && command.Name != "find" && command.Name != "endSessions" {
					t.Errorf("%s was sent to a cluster that is not trusted", command.Name)
				}
			}
		})
	}
}

func TestAServerThatIsNotThereIsSaidNotToBeReached(t *testing.T) {
	t.Parallel()
	server := mongotest.Start(t, mongotest.Options{})
	server.Close() // its port refuses connections now
	host := strings.TrimPrefix(strings.SplitN(server.URI(), "/?", 2)[0], "mongodb://")
	_, err := Open(t.Context(), optionsFor(server, hasty))
	refusedWith(t, err, "the MongoDB cluster at "+host+" cannot be reached: connection refused")
}

func TestAClusterThatFailsWhileItIsLookedAtIsRefused(t *testing.T) {
	t.Parallel()
	for command, want := range map[string]string{
		"connectionStatus": " does not say what this program may do: the cluster answers with error 8000 (Location8000)",
		"find":             " does not say how its collections are sharded: the cluster answers with error 8000 (Location8000)",
	} {
		server := mongotest.Start(t, mongotest.Options{Kind: mongotest.Mongos})
		host := strings.TrimPrefix(strings.SplitN(server.URI(), "/?", 2)[0], "mongodb://")
		server.Fail(mongotest.Failure{Command: command, Code: 8000, Message: "hunter2 is not the password"})
		_, err := Open(t.Context(), optionsFor(server))
		refusedWith(t, err, "the MongoDB cluster at "+host+want)
	}
}

// What looks like an address, and is none or none that can be used, never says
// the password again.
func TestAnAddressThatCannotBeUsedIsNotRepeated(t *testing.T) {
	t.Parallel()
	const malformed = "the address of the MongoDB cluster is malformed: give mongodb:// or mongodb+srv://, user, hosts and database as its administrator wrote them"
	const encode = "the user or the password in the address of the MongoDB cluster holds a character that has a meaning of its own there: percent-encode it (@ as %40, : as %3A, / as %2F, % as %25)"
	const unusable = "the address of the MongoDB cluster cannot be used: look at its options, its certificate files and its way of signing in"
	for _, c := range []struct{ uri, want string }{
		{"hunter2", malformed},
		{"http://accord:hunter2@127.0.0.1", malformed},
		{"mongodb://accord:hunter2@", malformed},
		{"mongodb://accord:hunter2@127.0.0.1:hunter2", malformed},
		{"mongodb:/accord:hunter2@127.0.0.1", malformed},
		{"mongodb://accord:hunter2/@127.0.0.1", encode},
		{"mongodb://accord:hunter2%@127.0.0.1", encode},
		{"mongodb://accord:hunt@er2@127.0.0.1", encode},
		{"mongodb://accord:hunt:er2@127.0.0.1", encode},
		{"mongodb+srv://accord:hunt/er2@db.example.org", encode},
		{"mongodb+srv://accord:hunter2@db.hunter2.invalid", "the hosts of the MongoDB cluster cannot be looked up: check the name in its mongodb+srv:// address, and the name server (DNS) of this machine"},
		{"", "give the address of a cluster: an empty one was given"},
		{"mongodb://accord:hunter2@127.0.0.1/?w=1&journal=perhaps", malformed},
		{"mongodb://accord:hunter2@127.0.0.1/?tls=true&tlsCAFile=/nowhere/hunter2.pem", unusable},
		{"mongodb://accord:hunter2@127.0.0.1/?authMechanism=HUNTER2", malformed},
	} {
		if c.uri == "" {
			_, err := OpenLog(t.Context(), c.uri)
			refusedWith(t, err, c.want)
			continue
		}
		_, err := Open(t.Context(), Options{URI: c.uri, Sign: signed, Clock: func() time.Time { return noon }})
		refusedWith(t, err, c.want)
		if c.want == malformed {
			_, err = InDatabase(c.uri, "other")
			refusedWith(t, err, malformed)
		}
		_, err = OpenLog(t.Context(), c.uri)
		refusedWith(t, err, c.want)
	}
}

func TestAStoreIsOpenedWithAllItNeeds(t *testing.T) {
	t.Parallel()
	clock := func() time.Time { return noon }
	for want, o := range map[string]Options{
		"open store: address, sign and clock are required":   {},
		"open store: address, sign and clock are required ":  {URI: "mongodb://127.0.0.1", Clock: clock},
		"open store: address, sign and clock are required  ": {URI: "mongodb://127.0.0.1", Sign: signed},
		`open store: a declared kind has no proper name: ""`: {URI: "mongodb://127.0.0.1", Sign: signed, Clock: clock, Kinds: []store.Kind{""}},
	} {
		_, err := Open(t.Context(), o)
		refusedWith(t, err, strings.TrimRight(want, " "))
	}
}

func TestAnAddressIsReadForWhereAndHowSecretly(t *testing.T) {
	t.Parallel()
	for uri, want := range map[string]address{
		"mongodb://127.0.0.1":                            {hosts: "127.0.0.1", database: "accord", loopback: true},
		"mongodb://localhost:1,[::1]:2/cases":            {hosts: "localhost:1, [::1]:2", database: "cases", loopback: true},
		"mongodb://127.0.0.1,10.0.0.1/":                  {hosts: "127.0.0.1, 10.0.0.1", database: "accord"},
		"mongodb://localhost.example.org/?tls=true":      {hosts: "localhost.example.org", database: "accord", secret: true},
		"mongodb://accord:hunter2@%2Ftmp%2Fmongod.sock/": {hosts: "/tmp/mongod.sock", database: "accord", loopback: true},
	} {
		got, err := parseAddress(uri)
		if err != nil || got != want {
			t.Errorf("%s: got %+v and %v", uri, got, err)
		}
	}
}

func TestAnAddressIsTurnedToAnotherDatabase(t *testing.T) {
	t.Parallel()
	for uri, want := range map[string]string{
		"mongodb://127.0.0.1":                                "mongodb://127.0.0.1/scratch",
		"mongodb://a:b%2Fc@one:1,two:2/cases?replicaSet=rs0": "mongodb://a:b%2Fc@one:1,two:2/scratch?replicaSet=rs0",
		"mongodb://127.0.0.1/?tls=true":                      "mongodb://127.0.0.1/scratch?tls=true",
	} {
		if got, err := InDatabase(uri, "scratch"); err != nil || got != want {
			t.Errorf("%s: got %s and %v", uri, got, err)
		}
	}
}

// mongotest listens on this machine alone, so what is decided about another one is
// asked for directly.
func TestAClusterOfAnotherMachineKnowsWhoComesIn(t *testing.T) {
	t.Parallel()
	server := mongotest.Start(t, mongotest.Options{Anonymous: true})
	s := opened(t, server)
	for where, want := range map[address]string{
		{hosts: "db.example.org", database: "accord"}:       "lets anybody in: turn its authentication on and give this program a user",
		{hosts: "here", database: "accord", loopback: true}: "",
	} {
		if got, err := s.missingRights(t.Context(), where, false, asProgram); err != nil || got != want {
			t.Errorf("%s: got %q and %v", where.hosts, got, err)
		}
	}
}

// Whoever proves the log need not be able to change it.
func TestAnAuditorReadsTheLogWithTheRightToRead(t *testing.T) {
	t.Parallel()
	reader := users(mongotest.Privilege{Database: "accord", Actions: []string{"find"}})
	log, err := OpenLog(t.Context(), mongotest.Start(t, mongotest.Options{Users: reader}).URI())
	if err != nil {
		t.Fatal(err)
	}
	if err := log.Close(); err != nil {
		t.Error(err)
	}
	_, err = OpenLog(t.Context(), mongotest.Start(t, mongotest.Options{Users: users(mongotest.Privilege{Database: "others", Actions: []string{"find"}})}).URI())
	if err == nil || !strings.Contains(err.Error(), "to find in database accord: give it the role read there") {
		t.Errorf("without the right: %v", err)
	}
}
