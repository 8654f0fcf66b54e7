// Package fault is the one error type of Accord: what went wrong, in one clear
// sentence for the person who meets it, with the rule and source it rests on.
//
// Everything that is not a Fault is internal: it reaches nobody but the log,
// as an id.
package fault

import (
	"errors"
	"fmt"
)

// Code says what kind of refusal a Fault is. Integrators branch on it; it
// travels as extensions.code.
type Code string

// The codes an answer may carry.
const (
	Unauthenticated Code = "UNAUTHENTICATED" // nobody is signed in, whatever the cause
	Forbidden       Code = "FORBIDDEN"       // visible to the viewer, but not theirs to do
	NotFound        Code = "NOT_FOUND"       // absent, or nothing the viewer has a relation to
	BadInput        Code = "BAD_USER_INPUT"  // the request itself is malformed
	RuleViolation   Code = "RULE_VIOLATION"  // a rule of the field refuses it
	Conflict        Code = "CONFLICT"        // the record changed since it was read
	TooExpensive    Code = "TOO_EXPENSIVE"   // the operation costs more than is allowed
	RateLimited     Code = "RATE_LIMITED"    // too many requests from this person
	Unavailable     Code = "UNAVAILABLE"     // a part Accord cannot do without is not there
	Internal        Code = "INTERNAL"        // Accord is at fault; only a correlation id is said
)

// Fault is a refusal that may be shown to the person who asked. Its text never
// holds a value from a record or from the request.
type Fault struct {
	Code    Code
	Message string

	Path       string // BadInput: the input field, such as "input.dueOn"
	Constraint string // BadInput: the constraint it broke, such as "notInPast"
	Rule       string // RuleViolation: the rule of the domain, such as "R7"
	Source     string // RuleViolation: document and paragraph, such as "NPCC/CPS protocol 3.11"

	cause error
}

func (f *Fault) Error() string {
	if f.cause != nil {
		return fmt.Sprintf("%s: %s: %v", f.Code, f.Message, f.cause)
	}
	return fmt.Sprintf("%s: %s", f.Code, f.Message)
}

// Unwrap returns the internal cause, which is for the log's error kind only and
// never shown.
func (f *Fault) Unwrap() error { return f.cause }

// Of returns the Fault in err's chain, or nil when err is internal.
func Of(err error) *Fault {
	if f, ok := errors.AsType[*Fault](err); ok {
		return f
	}
	return nil
}

// Is reports whether err carries the given code.
func Is(err error, code Code) bool {
	f := Of(err)
	return f != nil && f.Code == code
}

// SignIn is the one answer to everybody who is not signed in, whatever was
// wrong: no token, a bad one, or a part that could not tell. cause stays
// internal; it must hold no token and no claim of one.
func SignIn(cause error) *Fault {
	return &Fault{Code: Unauthenticated, Message: "Sign in to continue.", cause: cause}
}

// Missing is the one answer for what does not exist and for what the viewer has
// no relation to. It never says what was asked for.
func Missing() *Fault {
	return &Fault{Code: NotFound, Message: "There is nothing here that you can see."}
}

// Refused is for an act on something visible that is not the viewer's to do.
func Refused(message string) *Fault {
	return &Fault{Code: Forbidden, Message: message}
}

// Input is for a malformed argument: where it stands, which constraint it
// breaks, and one sentence that says what would make it right.
func Input(path, constraint, message string) *Fault {
	return &Fault{Code: BadInput, Message: message, Path: path, Constraint: constraint}
}

// Rule is for a refusal by a rule of the field. It names the rule and its
// source and says what would make the act right.
func Rule(rule, source, message string) *Fault {
	return &Fault{Code: RuleViolation, Message: message, Rule: rule, Source: source}
}

// Stale is for a change to a record that somebody changed in the meantime.
func Stale() *Fault {
	return &Fault{Code: Conflict, Message: "The record has changed since you read it. Read it again and repeat your change."}
}

// Duplicate is for a record that is there already: a case has one plan, a
// reference is used once, an idempotency key stands for one input.
func Duplicate() *Fault {
	return &Fault{Code: Conflict, Message: "This is there already. Read it again and change what is there."}
}

// Unsure is for a part that failed on the way, when what it was asked to do may
// have been done; cause stays internal.
func Unsure(cause error) *Fault {
	return &Fault{Code: Unavailable, Message: "Accord cannot answer at the moment. Before you repeat a change, read the record again.", cause: cause}
}

// NotAvailable is for a part that is missing for now; cause stays internal.
func NotAvailable(cause error) *Fault {
	return &Fault{Code: Unavailable, Message: "Accord cannot answer at the moment. Nothing was changed; try again.", cause: cause}
}
