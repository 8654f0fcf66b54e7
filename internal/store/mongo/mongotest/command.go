package mongotest

import (
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// command is one command this server knows.
type command struct {
	run    func(*Server, *request) (bson.D, error)
	target target
	fields []string // beside those every command may carry
	writes bool     // needs a primary that is not read-only
	single bool     // a write that may be retried and that needs a write concern
	inside bool     // may be part of a transaction
	stable bool     // of the Stable API, version 1
	raw    bool     // stands outside of sessions and failures
	action string   // what a user must be allowed to do, if anything
}

// target is what the first field of a command names.
type target int

const (
	nobody       target = iota // the value says nothing
	onCollection               // a collection
	onAdmin                    // nothing, and the database has to be admin
)

// everywhere are the fields any command may carry.
var everywhere = []string{
	"$db", "lsid", "txnNumber", "autocommit", "startTransaction", "$clusterTime", "apiVersion", "apiStrict",
	"apiDeprecationErrors", "maxTimeMS", "$readPreference", "readConcern", "writeConcern", "comment",
}

// commands are all this server knows, by name.
func commands() map[string]command {
	return map[string]command{
		"hello":            {run: (*Server).hello, fields: helloFields, raw: true, stable: true},
		"isMaster":         {run: (*Server).hello, fields: helloFields, raw: true},
		"ismaster":         {run: (*Server).hello, fields: helloFields, raw: true},
		"ping":             {run: (*Server).ping, stable: true},
		"buildInfo":        {run: (*Server).buildInfo},
		"connectionStatus": {run: (*Server).connectionStatus, fields: []string{"showPrivileges"}},
		"endSessions":      {run: (*Server).endSessions, target: onAdmin, stable: true},

		"listCollections": {run: (*Server).listCollections, fields: []string{"filter", "nameOnly", "cursor", "authorizedCollections"}, stable: true, action: "listCollections"},
		"create":          {run: (*Server).createCollection, target: onCollection, writes: true, stable: true, action: "createCollection"},
		"drop":            {run: (*Server).drop, target: onCollection, writes: true, stable: true, action: "dropCollection"},
		"dropDatabase":    {run: (*Server).dropDatabase, writes: true, stable: true, action: "dropDatabase"},
		"createIndexes":   {run: (*Server).createIndexes, target: onCollection, fields: []string{"indexes", "commitQuorum"}, writes: true, stable: true, action: "createIndex"},
		"listIndexes":     {run: (*Server).listIndexes, target: onCollection, fields: []string{"cursor"}, stable: true, action: "listIndexes"},
		"dropIndexes":     {run: (*Server).dropIndexes, target: onCollection, fields: []string{"index"}, writes: true, stable: true, action: "dropIndex"},

		"insert":        {run: (*Server).insert, target: onCollection, fields: []string{"documents", "ordered"}, writes: true, single: true, inside: true, stable: true, action: "insert"},
		"update":        {run: (*Server).update, target: onCollection, fields: []string{"updates", "ordered"}, writes: true, single: true, inside: true, stable: true, action: "update"},
		"delete":        {run: (*Server).remove, target: onCollection, fields: []string{"deletes", "ordered"}, writes: true, single: true, inside: true, stable: true, action: "remove"},
		"findAndModify": {run: (*Server).findAndModify, target: onCollection, fields: []string{"query", "update", "remove", "new", "upsert", "fields", "sort", "hint"}, writes: true, single: true, inside: true, stable: true, action: "update"},

		"find":        {run: (*Server).find, target: onCollection, fields: findFields, inside: true, stable: true, action: "find"},
		"getMore":     {run: (*Server).getMore, fields: []string{"collection", "batchSize"}, inside: true, stable: true},
		"killCursors": {run: (*Server).killCursors, target: onCollection, fields: []string{"cursors"}, inside: true, stable: true},
		"explain":     {run: (*Server).explain, fields: []string{"verbosity"}, stable: true, action: "find"},

		"commitTransaction": {run: (*Server).commitTransaction, target: onAdmin, fields: []string{"recoveryToken"}, inside: true, stable: true},
		"abortTransaction":  {run: (*Server).abortTransaction, target: onAdmin, fields: []string{"recoveryToken"}, inside: true, stable: true},
	}
}

// request is a command under way.
type request struct {
	name       string
	command    command
	database   string
	collection string
	body       bson.Raw
	connection int64
	record     *Command

	session       *session
	number        int64 // txnNumber
	numbered      bool
	inTransaction bool // autocommit: false
	starts        bool // startTransaction: true
	transaction   *transaction
	takes         bool // the session is taken by this command
	concern       readConcern
	patience      <-chan time.Time // ends a wait; nil never
}

// value is a field of the command; ok is false where there is none.
func (rq *request) value(name string) (bson.RawValue, bool) { return field(rq.body, name) }

// document is a field that holds a document; nil where there is none.
func (rq *request) document(name string) (bson.Raw, error) {
	v, has := rq.value(name)
	if !has {
		return nil, nil
	}
	d, ok := v.DocumentOK()
	if !ok {
		return nil, refuse(codeTypeMismatch, "%s has to be a document", name)
	}
	return d, nil
}

// flag is a field that holds true or false.
func (rq *request) flag(name string, otherwise bool) (bool, error) {
	return flagOf(rq.body, name, otherwise)
}

func flagOf(doc bson.Raw, name string, otherwise bool) (bool, error) {
	v, has := field(doc, name)
	if !has {
		return otherwise, nil
	}
	b, ok := v.BooleanOK()
	if !ok {
		return false, refuse(codeTypeMismatch, "%s has to be true or false", name)
	}
	return b, nil
}

// integer is a field that holds a whole number, not below 0; -1 where there is
// none.
func (rq *request) integer(name string) (int64, error) {
	v, has := rq.value(name)
	if !has {
		return -1, nil
	}
	n, ok := v.AsInt64OK()
	if !ok || v.Type == bson.TypeDouble || n < 0 {
		return 0, refuse(codeBadValue, "%s has to be a whole number, not below 0", name)
	}
	return n, nil
}

// documents is a field that holds an array of documents, at least one.
func (rq *request) documents(name string) ([]bson.Raw, error) {
	v, has := rq.value(name)
	if !has || v.Type != bson.TypeArray {
		return nil, refuse(codeTypeMismatch, "%s has to be an array", name)
	}
	var all []bson.Raw
	for _, member := range members(v) {
		d, ok := member.DocumentOK()
		if !ok {
			return nil, refuse(codeTypeMismatch, "%s has to be an array of documents", name)
		}
		all = append(all, d)
	}
	if len(all) == 0 || len(all) > maxBatch {
		return nil, refuse(codeInvalidOptions, "%s holds 1 to %d documents", name, maxBatch)
	}
	return all, nil
}

// allow refuses every field of a document that is not listed.
func allow(doc bson.Raw, in string, fields ...string) error {
	seen := map[string]bool{}
	for _, e := range elements(doc) {
		if !slices.Contains(fields, e.Key()) {
			return refuse(codeUnknownField, "BSON field '%s.%s' is an unknown field.", in, e.Key())
		}
		if seen[e.Key()] {
			return refuse(codeUnknownField, "BSON field '%s.%s' is a duplicate field", in, e.Key())
		}
		seen[e.Key()] = true
	}
	return nil
}

// parse reads what every command has in common.
func (s *Server) parse(m message, connection int64) (*request, error) {
	rq := &request{body: m.body, connection: connection, record: &Command{Body: m.body, Connection: connection}}
	rq.record.note()
	all := elements(m.body)
	if len(all) == 0 {
		return rq, refuse(codeFailedToParse, "a command has a name")
	}
	rq.name = all[0].Key()
	if v, has := rq.value("$db"); has {
		rq.database, _ = v.StringValueOK()
	}
	if m.legacy {
		rq.database = "admin"
	}
	rq.record.Name, rq.record.Database = rq.name, rq.database
	var known bool
	if rq.command, known = s.known[rq.name]; !known {
		return rq, refuse(codeCommandNotFound, "no such command: '%s'", rq.name)
	}
	if m.legacy && !rq.command.raw {
		return rq, refuse(352, "unsupported OP_QUERY command: %s. The client driver may require an upgrade.", rq.name)
	}
	if rq.database == "" || strings.ContainsAny(rq.database, "/\\. \"$\x00") {
		return rq, refuse(codeInvalidNamespace, "a command names its database")
	}
	if err := allow(m.body, rq.name, append(slices.Concat(rq.command.fields, everywhere), rq.name)...); err != nil {
		return rq, err
	}
	switch rq.command.target {
	case onCollection:
		name, ok := all[0].Value().StringValueOK()
		if !ok || name == "" || strings.HasPrefix(name, "system.") || strings.ContainsAny(name, "$\x00") {
			return rq, refuse(codeInvalidNamespace, "%s names a collection", rq.name)
		}
		rq.collection = name
	case onAdmin:
		if rq.database != "admin" {
			return rq, refuse(codeUnauthorized, "%s may only be run against the admin database.", rq.name)
		}
	case nobody:
	}
	return rq, nil
}

// answer runs a command; nil closes the connection.
func (s *Server) answer(m message, connection int64) bson.Raw {
	s.mu.Lock()
	defer s.mu.Unlock()
	rq, err := s.parse(m, connection)
	if err == nil && rq.command.raw {
		reply, refused := rq.command.run(s, rq)
		if refused != nil {
			reply = asRefusal(refused).answer(rq)
		}
		return document(reply)
	}
	s.received = append(s.received, rq.record)
	var reply bson.D
	var injected *Failure
	if err == nil {
		injected = s.failure(rq.name)
		reply, err = s.attempt(rq, injected)
	}
	if err != nil {
		refused := asRefusal(err)
		rq.record.Code = refused.code
		reply = refused.answer(rq)
	}
	if injected != nil && injected.CloseConnection {
		return nil
	}
	return document(s.stamp(reply))
}

// attempt runs a command with the failure that was asked for, if any.
func (s *Server) attempt(rq *request, injected *Failure) (bson.D, error) {
	if injected == nil {
		return s.run(rq)
	}
	if !injected.applies() {
		s.hold(injected)
		if injected.CloseConnection {
			return nil, nil
		}
		return injected.instead(s, rq)
	}
	reply, err := s.run(rq)
	s.hold(injected)
	if err != nil {
		return nil, err
	}
	return injected.after(reply)
}

// run checks what every command has in common, and runs it.
func (s *Server) run(rq *request) (bson.D, error) {
	for _, check := range []func(*request) error{
		s.checkAPI, s.checkSession, s.take, s.checkRole, s.checkRights, s.checkConcerns, s.enter,
	} {
		if err := check(rq); err != nil {
			s.leave(rq, err)
			return nil, err
		}
	}
	reply, err := rq.command.run(s, rq)
	s.leave(rq, err)
	if err != nil {
		return nil, err
	}
	return append(reply, bson.E{Key: "ok", Value: 1.0}), nil
}

// stamp puts the times of a replica set on an answer.
func (s *Server) stamp(reply bson.D) bson.D {
	if s.options.Kind == Standalone {
		return reply
	}
	now := s.timestamp(s.time)
	return append(reply,
		bson.E{Key: "$clusterTime", Value: bson.D{
			{Key: "clusterTime", Value: now},
			{Key: "signature", Value: bson.D{{Key: "hash", Value: bson.Binary{Data: make([]byte, 20)}}, {Key: "keyId", Value: int64(0)}}},
		}},
		bson.E{Key: "operationTime", Value: now},
	)
}

func (s *Server) timestamp(at int64) bson.Timestamp {
	return bson.Timestamp{T: s.epoch, I: uint32(at)} //nolint:gosec // commits are counted from 1
}
