package mongotest

import (
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
)

const setName = "rs0"

// helloFields are what a driver may say of itself. topologyVersion and
// maxAwaitTimeMS are not among them: this server offers no streaming, so that
// drivers poll.
var helloFields = []string{"helloOk", "backpressure", "client", "compression"}

// hello tells what this server is.
func (s *Server) hello(rq *request) (bson.D, error) {
	if err := s.checkAPI(rq); err != nil {
		return nil, err
	}
	s.steppedDown = false
	primary := s.options.Kind != Secondary
	named := "isWritablePrimary"
	if rq.name != "hello" {
		named = "ismaster"
	}
	reply := bson.D{{Key: "helloOk", Value: true}, {Key: named, Value: primary}}
	switch s.options.Kind {
	case ReplicaSetPrimary, Secondary:
		term := bson.ObjectID{0: 0x7f, 1: 0xff, 2: 0xff, 3: 0xff, 10: byte(s.term >> 8), 11: byte(s.term)} //nolint:gosec // the low bytes
		reply = append(reply, bson.D{
			{Key: "hosts", Value: bson.A{s.address()}},
			{Key: "setName", Value: setName},
			{Key: "setVersion", Value: int32(1)},
			{Key: "secondary", Value: !primary},
			{Key: "me", Value: s.address()},
		}...)
		if primary {
			reply = append(reply, bson.E{Key: "primary", Value: s.address()}, bson.E{Key: "electionId", Value: term})
		}
	case Mongos:
		reply = append(reply, bson.E{Key: "msg", Value: "isdbgrid"})
	case Standalone:
	}
	reply = append(reply, bson.D{
		{Key: "maxBsonObjectSize", Value: int32(maxDocument)},
		{Key: "maxMessageSizeBytes", Value: int32(maxMessage)},
		{Key: "maxWriteBatchSize", Value: int32(maxBatch)},
		{Key: "localTime", Value: s.options.Clock().Add(s.options.ClockOffset)},
		{Key: "logicalSessionTimeoutMinutes", Value: int32(30)},
		{Key: "connectionId", Value: rq.connection},
		{Key: "minWireVersion", Value: int32(0)},
		{Key: "maxWireVersion", Value: s.options.MaxWireVersion},
		{Key: "readOnly", Value: s.options.ReadOnly},
		{Key: "ok", Value: 1.0},
	}...)
	return s.stamp(reply), nil
}

func (*Server) ping(*request) (bson.D, error) { return bson.D{}, nil }

// releases are the versions by the newest wire version they speak.
var releases = map[int32][]int32{9: {4, 4, 0}, 13: {5, 0, 0}, 17: {6, 0, 0}, 21: {7, 0, 0}, 25: {8, 0, 0}}

func (s *Server) buildInfo(*request) (bson.D, error) {
	release, known := releases[s.options.MaxWireVersion]
	if !known {
		return nil, refuse(codeBadValue, "no release is known that speaks wire version %d", s.options.MaxWireVersion)
	}
	text := string([]byte{'0' + byte(release[0]), '.', '0' + byte(release[1]), '.', '0' + byte(release[2])}) //nolint:gosec // single digits
	return bson.D{
		{Key: "version", Value: text},
		{Key: "versionArray", Value: append(slices.Clone(release), 0)},
		{Key: "maxBsonObjectSize", Value: int32(maxDocument)},
	}, nil
}

// User is who a connection is.
type User struct {
	Name       string
	Privileges []Privilege
}

// Privilege is what may be done where.
type Privilege struct {
	Database   string // empty is every database
	Collection string // empty is every collection
	Actions    []string
}

// Actions are all that this server asks for.
func Actions() []string {
	return []string{
		"find", "insert", "update", "remove", "createCollection", "createIndex", "dropCollection", "dropDatabase",
		"dropIndex", "listCollections", "listIndexes",
	}
}

// Everything is a user who may do everything.
func Everything(name string) User {
	return User{Name: name, Privileges: []Privilege{{Actions: Actions()}}}
}

func (s *Server) connectionStatus(rq *request) (bson.D, error) {
	show, err := rq.flag("showPrivileges", false)
	if err != nil {
		return nil, err
	}
	users, privileges := bson.A{}, bson.A{}
	for _, u := range s.options.Users {
		users = append(users, bson.D{{Key: "user", Value: u.Name}, {Key: "db", Value: "admin"}})
		for _, p := range u.Privileges {
			privileges = append(privileges, bson.D{
				{Key: "resource", Value: bson.D{{Key: "db", Value: p.Database}, {Key: "collection", Value: p.Collection}}},
				{Key: "actions", Value: p.Actions},
			})
		}
	}
	info := bson.D{{Key: "authenticatedUsers", Value: users}, {Key: "authenticatedUserRoles", Value: bson.A{}}}
	if show {
		info = append(info, bson.E{Key: "authenticatedUserPrivileges", Value: privileges})
	}
	return bson.D{{Key: "authInfo", Value: info}}, nil
}

// checkRights refuses what no user of the connection may do.
func (s *Server) checkRights(rq *request) error {
	if rq.command.action == "" || rq.name == "explain" {
		return nil // explain asks once it knows of which collection
	}
	return s.may(rq, rq.command.action, rq.collection)
}

func (s *Server) may(rq *request, action, collection string) error {
	if s.options.Anonymous {
		return nil
	}
	for _, u := range s.options.Users {
		for _, p := range u.Privileges {
			if (p.Database == "" || p.Database == rq.database) && (p.Collection == "" || p.Collection == collection) &&
				slices.Contains(p.Actions, action) {
				return nil
			}
		}
	}
	return refuse(codeUnauthorized, "not authorized on %s to execute command %s", rq.database, rq.name)
}
