package mongotest

import "go.mongodb.org/mongo-driver/v2/bson"

// Command is a command as it came, hello left out.
type Command struct {
	Name       string
	Database   string
	Body       bson.Raw // document sequences merged in as arrays
	Connection int64    // numbered from 1

	Session          string // the 16 bytes of its lsid; empty where it had none
	TxnNumber        int64  // 0 where it had none
	InTransaction    bool   // autocommit: false
	StartTransaction bool

	Code         int32 // of the error answered; 0 where there was none
	KeysExamined int   // entries of indexes that were looked at
	DocsExamined int   // documents that were looked at
}

// note takes down what the body says of session and transaction, proper or not.
func (c *Command) note() {
	if lsid, ok := c.Body.Lookup("lsid").DocumentOK(); ok {
		_, id, _ := lsid.Lookup("id").BinaryOK()
		c.Session = string(id)
	}
	c.TxnNumber, _ = c.Body.Lookup("txnNumber").Int64OK()
	_, c.InTransaction = field(c.Body, "autocommit")
	c.StartTransaction, _ = c.Body.Lookup("startTransaction").BooleanOK()
}

// Commands are the commands that came since Forget, in the order in which they
// came. One that is still under way may change until it is answered.
func (s *Server) Commands() []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Command, len(s.received))
	for i, c := range s.received {
		all[i] = *c
	}
	return all
}

// Forget forgets the commands that came.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.received = nil
}
