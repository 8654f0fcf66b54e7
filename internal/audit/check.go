package audit

import (
	"errors"
	"fmt"
	"slices"

	"accord/authz"
	"accord/domain/fault"
	"accord/internal/secrets/identifier"
)

// Bounds of one entry.
const (
	MaxEntry      = 64 << 10 // encoded, in bytes
	maxRecipients = 256
	maxRoles      = 64
	maxWord       = 64
	maxSystem     = 40
)

// refusals are the codes that may stand where no rule does.
var refusals = map[fault.Code]bool{
	fault.Unauthenticated: true, fault.Forbidden: true, fault.BadInput: true, fault.RuleViolation: true,
	fault.Conflict: true, fault.TooExpensive: true, fault.RateLimited: true, fault.Unavailable: true,
	fault.Internal: true,
	fault.NotFound: false, // an outcome of its own
}

// check refuses an entry that says too little or could say too much. Its errors
// name the field and never what stands in it.
func (e Entry) check() error {
	if year := e.At.UTC().Year(); year < 2000 || year > 9999 {
		return errors.New("an audit entry needs its time")
	}
	if !identifier.Is(string(e.Request)) {
		return errors.New("the request of an audit entry is not an identifier")
	}
	if err := e.checkActor(); err != nil {
		return err
	}
	if e.Purpose != "" && !slices.Contains(authz.Purposes(), e.Purpose) {
		return errors.New("the purpose of an audit entry is none of the enumeration")
	}
	if e.Operation.String() == "" {
		return errors.New("the operation of an audit entry is none of the enumeration")
	}
	if !isWord(string(e.Action)) {
		return errors.New("the action of an audit entry is not the name of a query or procedure")
	}
	if err := e.checkOutcome(); err != nil {
		return err
	}
	if e.Part < 0 || e.Part > e.Parts || (e.Part == 0) != (e.Parts == 0) {
		return errors.New("the parts of an audit entry are not numbered from 1")
	}
	return e.checkRecords()
}

// checkActor wants a person acting for an agency in a role, or a system capacity.
func (e Entry) checkActor() error {
	if len(e.Roles) > maxRoles {
		return errors.New("an audit entry has more roles than there are")
	}
	for _, role := range e.Roles {
		if int(role) >= len(authz.Roles()) {
			return errors.New("a role of an audit entry is none of the enumeration")
		}
	}
	if e.System != "" {
		if e.Person != "" || e.Agency != "" {
			return errors.New("an audit entry is of a person or of a system capacity, not of both")
		}
		if !isSystem(string(e.System)) {
			return errors.New("the system capacity of an audit entry is not lower-case words")
		}
		return nil
	}
	if !identifier.Is(string(e.Person)) {
		return errors.New("the person of an audit entry is not an identifier")
	}
	if !identifier.Is(string(e.Agency)) {
		return errors.New("the agency of an audit entry is not an identifier")
	}
	return nil
}

func (e Entry) checkOutcome() error {
	switch e.Outcome {
	case Done, NotFound:
		if e.Rule != "" {
			return errors.New("an audit entry that is no refusal names a rule")
		}
		return nil
	case Refused:
		if !isRule(string(e.Rule)) && !refusals[fault.Code(e.Rule)] {
			return errors.New("an audit entry of a refusal needs its rule or code")
		}
		return nil
	default:
		return errors.New("the outcome of an audit entry is none of the enumeration")
	}
}

func (e Entry) checkRecords() error {
	for i := range e.Records {
		seen := &e.Records[i]
		switch {
		case !identifier.Is(string(seen.Record)):
			return fmt.Errorf("record %d of an audit entry is not an identifier", i)
		case !isWord(string(seen.Kind)):
			return fmt.Errorf("the kind of record %d of an audit entry is no kind", i)
		case seen.Version < 0:
			return fmt.Errorf("the version of record %d of an audit entry is below 0", i)
		case (seen.Full|seen.Masked)&^knownClasses != 0:
			return fmt.Errorf("a class of record %d of an audit entry is none of the enumeration", i)
		case seen.Full&seen.Masked != 0:
			return fmt.Errorf("a class of record %d of an audit entry is both full and masked", i)
		}
	}
	if len(e.Recipients) > maxRecipients {
		return errors.New("an audit entry has too many recipients")
	}
	for i, recipient := range e.Recipients {
		if !identifier.Is(string(recipient)) {
			return fmt.Errorf("recipient %d of an audit entry is not an identifier", i)
		}
	}
	return nil
}

// isWord accepts the names of the schema and of kinds: letters and digits, a
// lower-case letter first.
func isWord(text string) bool {
	if text == "" || len(text) > maxWord || text[0] < 'a' || text[0] > 'z' {
		return false
	}
	for i := range len(text) {
		c := text[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// isSystem accepts lower-case words with one space between them.
func isSystem(text string) bool {
	if len(text) > maxSystem {
		return false
	}
	before := byte(' ')
	for i := range len(text) {
		c := text[i]
		if (c < 'a' || c > 'z') && (c != ' ' || before == ' ') {
			return false
		}
		before = c
	}
	return before != ' '
}

// isRule accepts R and a number, or the upper-case words of a rule that has none.
func isRule(text string) bool {
	if text == "" || len(text) > maxWord || text[0] < 'A' || text[0] > 'Z' {
		return false
	}
	for i := range len(text) {
		c := text[i]
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return true
}
