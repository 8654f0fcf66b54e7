package mongotest

import (
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// readConcern is what a read asks to see.
type readConcern struct {
	given bool
	level string // empty where only a time was given
	at    int64  // atClusterTime; 0 where none was given
}

// checkAPI refuses every API but the Stable API, version 1, and under it every
// command that is not part of it.
func (s *Server) checkAPI(rq *request) error {
	version, has := rq.value("apiVersion")
	strict, err := rq.flag("apiStrict", false)
	if err != nil {
		return err
	}
	if _, err = rq.flag("apiDeprecationErrors", false); err != nil {
		return err
	}
	if !has {
		if strict {
			return refuse(codeAPIVersion, "Provided apiStrict without passing apiVersion")
		}
		return nil
	}
	if text, ok := version.StringValueOK(); !ok || text != "1" {
		return refuse(codeAPIVersion, "API version must be \"1\"")
	}
	if strict && !rq.command.stable {
		return refuse(codeAPIStrict, "Provided apiStrict:true, but the command %s is not in API Version 1", rq.name)
	}
	return nil
}

// checkRole refuses what this server may not do now.
func (s *Server) checkRole(rq *request) error {
	data := rq.command.inside || rq.command.writes || rq.command.action != ""
	switch {
	case data && (s.steppedDown || s.options.Kind == Secondary):
		if rq.command.writes || rq.ends() {
			return refuse(codeNotWritablePrimary, "not primary")
		}
		return refuse(codeNotPrimaryNoSecondary, "not primary and secondaryOk=false")
	case s.options.ReadOnly && rq.command.writes:
		return refuse(codeIllegalOperation, "this server is read-only")
	}
	return nil
}

// checkConcerns reads what the command asks of reading and of writing.
func (s *Server) checkConcerns(rq *request) error {
	if err := checkPreference(rq); err != nil {
		return err
	}
	if err := s.checkWriteConcern(rq); err != nil {
		return err
	}
	doc, err := rq.document("readConcern")
	if err != nil {
		return err
	}
	rq.concern = readConcern{given: doc != nil}
	if doc == nil {
		return s.checkLevel(rq)
	}
	if err = allow(doc, "readConcern", "level", "afterClusterTime", "atClusterTime"); err != nil {
		return err
	}
	if v, has := field(doc, "level"); has {
		rq.concern.level, _ = v.StringValueOK()
		if !slices.Contains([]string{"local", "majority", "snapshot"}, rq.concern.level) {
			return refuse(codeBadValue, "the level of this read concern is not known to this server")
		}
	}
	after, hasAfter, err := s.clusterTime(doc, "afterClusterTime")
	if err != nil {
		return err
	}
	if after > s.time {
		return refuse(codeInvalidOptions, "afterClusterTime is ahead of the cluster")
	}
	at, hasAt, err := s.clusterTime(doc, "atClusterTime")
	if err != nil {
		return err
	}
	if hasAt {
		if rq.concern.level != "snapshot" || hasAfter {
			return refuse(codeInvalidOptions, "atClusterTime goes with level snapshot, and without afterClusterTime")
		}
		if at > s.time {
			return refuse(codeInvalidOptions, "atClusterTime is ahead of the cluster")
		}
		if at < s.oldest {
			return refuse(codeSnapshotTooOld, "Read timestamp is older than the oldest available timestamp.")
		}
		rq.concern.at = at
	}
	return s.checkLevel(rq)
}

// checkLevel refuses a level where MongoDB knows none.
func (s *Server) checkLevel(rq *request) error {
	level := rq.concern.level
	switch {
	case rq.starts:
		if rq.concern.at != 0 {
			return refuse(codeInvalidOptions, "a transaction at a time of the past is not known to this server")
		}
		if !s.options.Lenient && level != "snapshot" && level != "majority" {
			return refuse(codeInvalidOptions, "a transaction starts with read concern snapshot or majority here")
		}
	case level == "":
	case rq.inTransaction:
		// joinTransaction refuses it.
	case rq.command.writes || rq.ends() || rq.name == "killCursors":
		return refuse(codeInvalidOptions, "Command %s does not support a read concern level", rq.name)
	case level == "snapshot" && (rq.name != "find" && rq.name != "getMore" || s.options.Kind == Standalone):
		return refuse(codeInvalidOptions, "Command %s does not support { readConcern: { level: \"snapshot\" } } here", rq.name)
	}
	return nil
}

// clusterTime is a time of this cluster, by its commits; 0 where there is none.
func (s *Server) clusterTime(doc bson.Raw, name string) (at int64, has bool, err error) {
	v, has := field(doc, name)
	if !has {
		return 0, false, nil
	}
	seconds, count, ok := v.TimestampOK()
	if !ok || seconds != s.epoch || s.options.Kind == Standalone {
		return 0, false, refuse(codeInvalidOptions, "%s is no time of this cluster", name)
	}
	return int64(count), true, nil
}

func checkPreference(rq *request) error {
	preference, err := rq.document("$readPreference")
	if err != nil || preference == nil {
		return err
	}
	if err = allow(preference, "$readPreference", "mode"); err != nil {
		return err
	}
	if mode, _ := field(preference, "mode"); mode.Type != bson.TypeString || mode.StringValue() != "primary" {
		return refuse(codeBadValue, "only reads of the primary are known to this server")
	}
	return nil
}

// checkWriteConcern holds writes outside of transactions, and commits, to the
// majority.
func (s *Server) checkWriteConcern(rq *request) error {
	doc, err := rq.document("writeConcern")
	if err != nil {
		return err
	}
	if doc == nil {
		if rq.command.single && !rq.inTransaction && !s.options.Lenient {
			return refuse(codeInvalidOptions, "a write outside of a transaction names the write concern majority here")
		}
		return nil
	}
	if rq.inTransaction && !rq.ends() {
		return refuse(codeInvalidOptions, "writeConcern is not allowed within a multi-statement transaction")
	}
	if !rq.command.writes && !rq.ends() {
		return refuse(codeInvalidOptions, "Command %s does not support writeConcern", rq.name)
	}
	if err = allow(doc, "writeConcern", "w", "j", "wtimeout"); err != nil {
		return err
	}
	w, _ := field(doc, "w")
	text, isText := w.StringValueOK()
	number, isNumber := w.AsInt64OK()
	if isText && text == "majority" || s.options.Lenient && isNumber && number == 1 {
		return nil
	}
	return refuse(codeInvalidOptions, "the write concern has to be the majority")
}
