package mongotest

import (
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// session is what the server remembers of a logical session.
type session struct {
	number      int64 // the newest txnNumber; 0 is none
	state       sessionState
	transaction *transaction // while it is open
	outcomes    map[int]bson.D
	taken       chan struct{} // closed when the command that runs in it has ended; nil while none does
}

// sessionState is what became of the newest txnNumber.
type sessionState int

const (
	idle      sessionState = iota
	retryable              // it is a write that may be retried; outcomes holds its statements
	open
	committed
	aborted
)

// checkSession reads which session and which transaction a command is of.
func (s *Server) checkSession(rq *request) error {
	v, has := rq.value("lsid")
	if has {
		id, err := sessionID(v)
		if err != nil {
			return err
		}
		if rq.session = s.sessions[id]; rq.session == nil {
			rq.session = &session{}
			s.sessions[id] = rq.session
		}
	}
	if v, rq.numbered = rq.value("txnNumber"); rq.numbered {
		var ok bool
		if rq.number, ok = v.Int64OK(); !ok || rq.number < 1 {
			return refuse(codeTypeMismatch, "txnNumber has to be a long above 0")
		}
		if !has {
			return refuse(codeInvalidOptions, "Transaction number requires a session ID to be specified")
		}
		if s.options.Kind == Standalone {
			return refuse(codeIllegalOperation, "Transaction numbers are only allowed on a replica set member or mongos")
		}
	}
	for name, flag := range map[string]*bool{"autocommit": &rq.inTransaction, "startTransaction": &rq.starts} {
		if v, has = rq.value(name); !has {
			continue
		}
		b, ok := v.BooleanOK()
		if !ok || b != (name == "startTransaction") {
			return refuse(codeInvalidOptions, "%s takes one value only", name)
		}
		*flag = true
	}
	if rq.starts && !rq.inTransaction || rq.inTransaction && !rq.numbered {
		return refuse(codeInvalidOptions, "a transaction needs txnNumber and autocommit: false")
	}
	limit, err := rq.integer("maxTimeMS")
	if err != nil {
		return err
	}
	if limit > 0 {
		rq.patience = time.After(time.Duration(limit) * time.Millisecond)
	}
	return nil
}

// sessionID is the UUID of an lsid that holds nothing else.
func sessionID(v bson.RawValue) (string, error) {
	doc, ok := v.DocumentOK()
	if !ok {
		return "", refuse(codeTypeMismatch, "lsid has to be a document")
	}
	if err := allow(doc, "lsid", "id"); err != nil {
		return "", err
	}
	id, _ := field(doc, "id")
	kind, data, ok := id.BinaryOK()
	if !ok || kind != bson.TypeBinaryUUID || len(data) != 16 {
		return "", refuse(codeTypeMismatch, "lsid.id has to be a UUID")
	}
	return string(data), nil
}

// ends says whether the command commits or aborts.
func (rq *request) ends() bool {
	return rq.name == "commitTransaction" || rq.name == "abortTransaction"
}

// enter finds or begins what the command is a part of.
func (s *Server) enter(rq *request) error {
	switch {
	case rq.inTransaction && !rq.command.inside:
		return refuse(codeNotInTransaction, "Cannot run '%s' in a multi-document transaction.", rq.name)
	case rq.ends() && (!rq.inTransaction || rq.starts):
		return refuse(codeInvalidOptions, "%s is of a transaction that was started before", rq.name)
	case !rq.numbered:
		return nil
	case rq.number < rq.session.number:
		return refuse(codeTransactionTooOld, "Cannot start transaction %d because a newer transaction %d has already started on this session.", rq.number, rq.session.number)
	case rq.inTransaction && rq.starts:
		return s.startTransaction(rq)
	case rq.inTransaction:
		return s.joinTransaction(rq)
	case !rq.command.single:
		return refuse(codeNotRetryable, "txnNumber may only be provided for multi-document transactions and retryable write commands. autocommit:false was not provided, and %s is not a retryable write command.", rq.name)
	case rq.number > rq.session.number:
		s.renew(rq)
		rq.session.state, rq.session.outcomes = retryable, map[int]bson.D{}
	case rq.session.state != retryable:
		return refuse(codeStaleTransaction, "Cannot retry a retryable write on a transaction number that has been used for a multi-document transaction")
	}
	return nil
}

// renew turns a session to a newer number; what was open under the older one is
// aborted.
func (s *Server) renew(rq *request) {
	if rq.session.state == open {
		s.end(rq.session, aborted)
	}
	rq.session.number = rq.number
}

func (s *Server) startTransaction(rq *request) error {
	if rq.number == rq.session.number {
		return refuse(codeConflictingOperation, "a transaction of this number was started already")
	}
	if rq.name == "getMore" || rq.name == "killCursors" {
		return refuse(codeNotInTransaction, "Cannot run %s as the first operation in a transaction.", rq.name)
	}
	s.renew(rq)
	rq.session.state, rq.session.outcomes = open, nil
	rq.session.transaction = s.begin(false)
	rq.transaction = rq.session.transaction
	return nil
}

func (s *Server) joinTransaction(rq *request) error {
	if rq.concern.given {
		return refuse(codeInvalidOptions, "Only the first command in a transaction may specify a readConcern")
	}
	if rq.number == rq.session.number {
		switch rq.session.state {
		case open:
			rq.transaction = rq.session.transaction
			return nil
		case committed:
			if rq.name == "commitTransaction" {
				return nil
			}
			return refuse(codeTransactionCommitted, "Transaction with { txnNumber: %d } has been committed.", rq.number)
		case aborted:
			return refuse(codeNoSuchTransaction, "Transaction with { txnNumber: %d } has been aborted.", rq.number)
		case idle, retryable:
		}
	}
	return refuse(codeNoSuchTransaction, "Given transaction number %d does not match any in-progress transactions. The active transaction number is %d", rq.number, rq.session.number)
}

// leave aborts the transaction of a command that failed: whatever failed in it,
// nothing of it is kept.
func (s *Server) leave(rq *request, err error) {
	if rq.takes {
		close(rq.session.taken)
		rq.session.taken, rq.takes = nil, false
	}
	if err == nil || !rq.inTransaction || rq.ends() || rq.session == nil {
		return
	}
	if rq.session.state == open && rq.session.number == rq.number {
		s.end(rq.session, aborted)
	}
}

// end commits or aborts what is open.
func (s *Server) end(of *session, as sessionState) {
	t := of.transaction
	for id, c := range s.cursors {
		if c.of == t {
			delete(s.cursors, id)
		}
	}
	if as == committed {
		s.commit(t)
	} else {
		s.abort(t)
	}
	of.state, of.transaction = as, nil
}

func (s *Server) commitTransaction(rq *request) (bson.D, error) {
	if err := s.checkToken(rq); err != nil {
		return nil, err
	}
	if rq.session.state == open {
		s.end(rq.session, committed)
	}
	return bson.D{}, nil
}

func (s *Server) abortTransaction(rq *request) (bson.D, error) {
	if err := s.checkToken(rq); err != nil {
		return nil, err
	}
	s.end(rq.session, aborted)
	return bson.D{}, nil
}

// checkToken lets a recovery token through where a mongos gave one.
func (s *Server) checkToken(rq *request) error {
	if _, has := rq.value("recoveryToken"); has && s.options.Kind != Mongos {
		return refuse(codeInvalidOptions, "a recovery token is for a mongos")
	}
	return nil
}

// endSessions forgets sessions; what is open in them is aborted.
func (s *Server) endSessions(rq *request) (bson.D, error) {
	v, _ := rq.value("endSessions")
	if v.Type != bson.TypeArray {
		return nil, refuse(codeTypeMismatch, "endSessions has to be an array")
	}
	for _, member := range members(v) {
		id, err := sessionID(member)
		if err != nil {
			return nil, err
		}
		if ended := s.sessions[id]; ended != nil && ended.state == open {
			s.end(ended, aborted)
		}
		delete(s.sessions, id)
	}
	return bson.D{}, nil
}

// take waits until no other command runs in the session: a write that is retried
// while it is still under way must not be begun again.
func (s *Server) take(rq *request) error {
	if rq.session == nil {
		return nil
	}
	for rq.session.taken != nil {
		if err := s.wait(rq, rq.session.taken); err != nil {
			return err
		}
	}
	rq.session.taken, rq.takes = make(chan struct{}), true
	return nil
}

// wait waits, with the server unlocked, until something has ended.
func (s *Server) wait(rq *request, ended <-chan struct{}) error {
	s.mu.Unlock()
	defer s.mu.Lock()
	select {
	case <-ended:
		return nil
	case <-rq.patience:
		return refuse(codeMaxTimeExpired, "operation exceeded time limit")
	case <-s.closing:
		return refuse(codeShutdown, "the server is shutting down")
	}
}
