package mongotest

import (
	"go.mongodb.org/mongo-driver/v2/bson"
)

// Failure is what goes wrong with a command. Without a code and with the
// connection left open, the command is only held, or nothing happens.
type Failure struct {
	Command string // its name; empty is any but hello
	Skip    int    // so many of them pass first
	Times   int    // so many of them fail; 0 is one

	Code     int32    // of the error answered; 0 answers none
	CodeName string   // empty is MongoDB's own name of the code
	Message  string   // empty says that it was asked for
	Labels   []string // nil is those MongoDB would put on the code

	WriteError        bool // the error is that of the first write, not of the command
	WriteConcernError bool // the command has its effect, and the error says that a majority may not have it
	CloseConnection   bool // closes the connection in place of an answer
	AfterApplying     bool // the command has its effect first

	// Arrived, if not nil, is sent to when the command has come: before it has
	// its effect, or after with AfterApplying. The command is then held until
	// Until, if not nil, is closed or sent to. Other commands go on meanwhile.
	Arrived chan<- struct{}
	Until   <-chan struct{}
}

// Fail lets a failure come to the commands that follow, after those that were
// asked for before.
func (s *Server) Fail(f Failure) {
	if f.Times == 0 {
		f.Times = 1
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failures = append(s.failures, &f)
}

// Pending is how many of the failures asked for have not come yet.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, f := range s.failures {
		n += f.Times
	}
	return n
}

// failure is what comes to a command now, or nil.
func (s *Server) failure(name string) *Failure {
	for i, f := range s.failures {
		switch {
		case f.Command != "" && f.Command != name:
			continue
		case f.Skip > 0:
			f.Skip--
			continue
		}
		f.Times--
		if f.Times == 0 {
			s.failures = append(s.failures[:i:i], s.failures[i+1:]...)
		}
		return f
	}
	return nil
}

// applies says whether the command has its effect.
func (f *Failure) applies() bool {
	return f.AfterApplying || f.WriteConcernError
}

// hold lets the command wait, with the server unlocked.
func (s *Server) hold(f *Failure) {
	s.mu.Unlock()
	defer s.mu.Lock()
	if f.Arrived != nil {
		select {
		case f.Arrived <- struct{}{}:
		case <-s.closing:
		}
	}
	if f.Until != nil {
		select {
		case <-f.Until:
		case <-s.closing:
		}
	}
}

func (f *Failure) refusal() *refusal {
	r := &refusal{code: f.Code, name: f.CodeName, message: f.Message, labels: f.Labels}
	if r.message == "" {
		r.message = "a failure that was asked for"
	}
	return r
}

// instead is the answer in place of the effect. In a transaction it aborts, as
// any error does.
func (f *Failure) instead(s *Server, rq *request) (bson.D, error) {
	if f.Code == 0 {
		return s.run(rq)
	}
	if err := s.checkSession(rq); err != nil {
		return nil, err
	}
	refused := f.refusal()
	s.leave(rq, refused)
	if !f.WriteError {
		return nil, refused
	}
	reply := bson.D{
		{Key: "n", Value: int32(0)},
		{Key: "writeErrors", Value: bson.A{bson.D{
			{Key: "index", Value: int32(0)}, {Key: "code", Value: f.Code}, {Key: "errmsg", Value: refused.message},
		}}},
	}
	if rq.name == "update" {
		reply = append(reply, bson.E{Key: "nModified", Value: int32(0)})
	}
	if f.Labels != nil {
		reply = append(reply, bson.E{Key: "errorLabels", Value: f.Labels})
	}
	return append(reply, bson.E{Key: "ok", Value: 1.0}), nil
}

// after is the answer after the effect.
func (f *Failure) after(reply bson.D) (bson.D, error) {
	switch {
	case f.Code == 0:
		return reply, nil
	case !f.WriteConcernError:
		return nil, f.refusal()
	}
	refused := f.refusal()
	reply = append(reply, bson.E{Key: "writeConcernError", Value: bson.D{
		{Key: "code", Value: f.Code}, {Key: "codeName", Value: refused.codeName()}, {Key: "errmsg", Value: refused.message},
	}})
	if f.Labels != nil {
		reply = append(reply, bson.E{Key: "errorLabels", Value: f.Labels})
	}
	return reply, nil
}

// StepDown makes the server refuse everything as no longer the primary, until a
// driver has asked hello again; it is elected again then. What was open is
// aborted.
func (s *Server) StepDown() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.steppedDown = true
	s.term++
	for _, of := range s.sessions {
		if of.state == open {
			s.end(of, aborted)
		}
	}
}

// ForgetHistory makes every read as of a time before now be refused with
// SnapshotTooOld.
func (s *Server) ForgetHistory() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.oldest = s.time
}
