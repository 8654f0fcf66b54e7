package mongo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
)

// oldestWireVersion is that of MongoDB 7.0, the oldest its maker still mends, and
// the first whose snapshot reads stand collections that were made a moment ago.
const (
	oldestWireVersion = 21
	oldestVersion     = "7.0"
)

// hello is what a server says of itself.
type hello struct {
	Writable bool      `bson:"isWritablePrimary"`
	ReadOnly bool      `bson:"readOnly"`
	SetName  string    `bson:"setName"`
	Message  string    `bson:"msg"` // "isdbgrid" of a router
	Now      time.Time `bson:"localTime"`
	Newest   int32     `bson:"maxWireVersion"`
}

func (h hello) isRouter() bool { return h.Message == "isdbgrid" }

// inspect refuses a cluster that Accord cannot trust its records to, in one
// sentence that says what to change. It names hosts, and never who signs in.
func (s *Store) inspect(ctx context.Context, where address, skew time.Duration, needed role) error {
	ctx, cancel := context.WithTimeout(ctx, 3*s.patience.find)
	defer cancel()
	at := InspectEncryption
	refuse := func(format string, arguments ...any) error {
		return refusal{at, fmt.Sprintf("the MongoDB cluster at %s %s", where.hosts, fmt.Sprintf(format, arguments...))}
	}
	if !where.secret && !where.loopback {
		return refuse("is on another machine and the connection is not encrypted: add tls=true to its address")
	}
	at = InspectReach
	h, err := s.hello(ctx, readpref.Nearest())
	if err != nil {
		return refuse("cannot be reached: %s", reason(err))
	}
	at = InspectVersion
	if h.Newest < oldestWireVersion {
		return refuse("is older than MongoDB %s: upgrade it", oldestVersion)
	}
	at = InspectReplication
	if h.SetName == "" && !h.isRouter() {
		return refuse("is a single server without transactions: make it a replica set")
	}
	at = InspectWrites
	asked := s.clock()
	if h, err = s.hello(ctx, readpref.Primary()); err != nil || !h.Writable || h.ReadOnly {
		return refuse("takes no writes: it has no primary at the moment, or the address leads to a member that only reads")
	}
	at = InspectClock
	if apart := h.Now.Sub(asked); skew > 0 && (apart > skew || apart < -skew) {
		return refuse("has a clock that is %s away from this machine's: set both by the same time server", apart.Abs().Round(time.Second))
	}
	at = InspectRights
	missing, err := s.missingRights(ctx, where, h.isRouter(), needed)
	switch {
	case err != nil:
		return refuse("does not say what this program may do: %s", reason(err))
	case missing != "":
		return refuse("%s", missing)
	case !h.isRouter():
		return nil
	}
	at = InspectSharding
	return s.inspectShards(ctx, refuse)
}

// reason is the first line of what is said.
func reason(err error) string {
	line, _, _ := strings.Cut(words(err), "\n")
	return line
}

func (s *Store) hello(ctx context.Context, from *readpref.ReadPref) (h hello, err error) {
	err = s.client.Database("admin").RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}, options.RunCmd().SetReadPreference(from)).Decode(&h)
	return h, err //nolint:wrapcheck // the caller says what it means
}

// role is a built-in role of the cluster, with what is needed of it.
type role struct {
	name    string
	actions []string
}

// What the program's user has to be allowed in the database, and what an auditor's.
var (
	asProgram = role{"readWrite", []string{"find", "insert", "update", "remove", "createCollection", "createIndex", "listCollections", "listIndexes"}}
	asAuditor = role{"read", []string{"find"}}
)

// privilege is one of a user's.
type privilege struct {
	Resource struct {
		Database   *string `bson:"db"`
		Collection string  `bson:"collection"` // empty for all of the database
		Any        bool    `bson:"anyResource"`
	} `bson:"resource"`
	Actions []string `bson:"actions"`
}

func (p privilege) covers(database, collection string) bool {
	if p.Resource.Any {
		return true
	}
	return p.Resource.Database != nil && (*p.Resource.Database == database || *p.Resource.Database == "") &&
		(p.Resource.Collection == collection || p.Resource.Collection == "")
}

// missingRights says what the user lacks, or that there is none, and is empty when
// nothing is missing.
func (s *Store) missingRights(ctx context.Context, where address, router bool, needed role) (string, error) {
	var status struct {
		Info struct {
			Users      []bson.Raw  `bson:"authenticatedUsers"`
			Privileges []privilege `bson:"authenticatedUserPrivileges"`
		} `bson:"authInfo"`
	}
	err := s.client.Database("admin").
		RunCommand(ctx, bson.D{{Key: "connectionStatus", Value: 1}, {Key: "showPrivileges", Value: true}}).Decode(&status)
	if err != nil {
		return "", err //nolint:wrapcheck // the caller says what it means
	}
	if len(status.Info.Users) == 0 {
		if where.loopback {
			return "", nil // a cluster of one's own machine, to try things on
		}
		return "lets anybody in: turn its authentication on and give this program a user", nil
	}
	allowed := func(action, database, collection string) bool {
		return slices.ContainsFunc(status.Info.Privileges, func(p privilege) bool {
			return p.covers(database, collection) && slices.Contains(p.Actions, action)
		})
	}
	var lacking []string
	for _, action := range needed.actions {
		if slices.ContainsFunc(collections(), func(c string) bool { return !allowed(action, where.database, c) }) {
			lacking = append(lacking, action)
		}
	}
	if len(lacking) > 0 {
		return fmt.Sprintf("does not allow this program's user to %s in database %s: give it the role %s there",
			strings.Join(lacking, ", "), where.database, needed.name), nil
	}
	if router && !allowed("find", "config", "collections") {
		return "does not let this program's user see how collections are sharded: give it the right to find in config.collections", nil
	}
	return "", nil
}

// inspectShards refuses collections that are spread in a way that would break a
// promise of the port or make every commit ask every shard.
func (s *Store) inspectShards(ctx context.Context, refuse func(string, ...any) error) error {
	type spread struct {
		Name  string `bson:"_id"`
		Key   bson.D `bson:"key"`
		Moved bool   `bson:"unsplittable"` // whole on one shard, by moveCollection
	}
	names := make([]string, 0, len(collections()))
	for _, name := range collections() {
		names = append(names, s.database.Name()+"."+name)
	}
	var all []spread
	cursor, err := s.client.Database("config").Collection("collections").
		Find(ctx, bson.D{anyOf("_id", names)}, options.Find().SetHint(byID))
	if err == nil {
		err = cursor.All(ctx, &all)
	}
	if err != nil {
		return refuse("does not say how its collections are sharded: %s", reason(err))
	}
	for _, c := range all {
		switch {
		case len(c.Key) == 0, c.Moved: // known to the router, not sharded
		case c.Name != s.database.Name()+"."+documentCollection:
			return refuse("has collection %s sharded: only %s may be", c.Name, documentCollection)
		case len(c.Key) != 1 || c.Key[0].Key != "fam":
			return refuse("has collection %s sharded by another key than fam: shard it again by {fam: 1} or {fam: \"hashed\"}", c.Name)
		}
	}
	return nil
}
