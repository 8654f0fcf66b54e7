package mail

import (
	"context"
	"errors"
	"fmt"
	"net/textproto"
	"regexp"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// failure is an e-mail that was not sent. What the server said is not in it: servers
// repeat the address, and with it who is told something.
type failure struct {
	what      string
	permanent bool
	cause     error // nil, or something that was wrong before the server heard of the recipient
}

func (f *failure) Error() string {
	if f.cause != nil {
		return fmt.Sprintf("send an e-mail: %s: %v", f.what, f.cause)
	}
	return "send an e-mail: " + f.what
}

func (f *failure) Unwrap() error { return f.cause }

// IsPermanent reports whether an error of Send says that this recipient cannot be
// reached, so that trying again is of no use. Everything else, such as a server that is
// gone, refuses Accord itself or dislikes what it is sent, may be mended by others and
// is to be tried again.
func IsPermanent(err error) bool {
	f, ok := errors.AsType[*failure](err)
	return ok && f.permanent
}

var errRecipient = &failure{what: "the recipient is no plain e-mail address", permanent: true}

// unreached is a failure before the server was told of the recipient.
func unreached(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return &failure{what: "reach the mail server", cause: ctx.Err()}
	}
	if answer, ok := errors.AsType[*textproto.Error](err); ok {
		// Even this early a server may repeat a user's name.
		return &failure{what: "the mail server refuses Accord with " + codes(answer.Code, enhanced.FindString(answer.Msg))}
	}
	if _, ok := errors.AsType[textproto.ProtocolError](err); ok {
		return &failure{what: "the mail server does not answer as one"}
	}
	return &failure{what: "reach the mail server", cause: err}
}

// refused is a failure after that.
func refused(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return &failure{what: "speak with the mail server", cause: ctx.Err()}
	}
	said, ok := errors.AsType[*gomail.SendError](err)
	if !ok || said.ErrorCode() == 0 {
		return &failure{what: "the mail server broke off"}
	}
	code, detail := said.ErrorCode(), said.EnhancedStatusCode()
	if said.Reason == gomail.ErrSMTPRcptTo {
		return &failure{
			what:      "the mail server refuses the recipient with " + codes(code, detail),
			permanent: dead(code, detail),
		}
	}
	return &failure{what: "the mail server refuses the e-mail with " + codes(code, detail)}
}

// enhanced is a status code of RFC 3463.
var enhanced = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}\b`)

func codes(code int, detail string) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", code, detail))
}

// dead reports whether a server refuses a recipient for what the recipient is. RFC 3463
// says so with 5.1.x, of the address, and 5.2.x, of the mailbox, but for 5.1.7 and
// 5.1.8, of the sender's. Without it, RFC 5321 4.2.3 has 550, 551 and 553 of the
// mailbox, and RFC 7504 556 of a domain without mail. A refusal for policy, 5.7.x, is
// mostly of Accord: relaying it has not been allowed, or the password is old.
func dead(code int, detail string) bool {
	if detail != "" {
		about := strings.HasPrefix(detail, "5.1.") || strings.HasPrefix(detail, "5.2.")
		return code >= 500 && about && detail != "5.1.7" && detail != "5.1.8"
	}
	return code == 550 || code == 551 || code == 553 || code == 556
}
