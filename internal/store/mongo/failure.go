package mongo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/topology"
)

// failure is an error of the cluster in words that may be kept: what was being
// done, and the number and name of the error. A cluster's own words repeat keys,
// filters and whole documents; they stay behind Unwrap, with the labels the driver goes by.
type failure struct {
	doing string
	cause error
}

func (f *failure) Error() string { return f.doing + ": " + words(f.cause) }

func (f *failure) Unwrap() error { return f.cause }

// failed says what was being done when the cluster failed.
func failed(cause error, doing string, arguments ...any) error {
	if cause == nil {
		return nil
	}
	return &failure{doing: fmt.Sprintf(doing, arguments...), cause: cause}
}

// words are what an error says, but for what the cluster says in it.
func words(err error) string {
	if selection, ok := errors.AsType[topology.ServerSelectionError](err); ok {
		return unreached(selection)
	}
	refused, ok := errors.AsType[mongo.ServerError](err)
	if !ok {
		return err.Error()
	}
	numbers := slices.Compact(slices.Sorted(slices.Values(refused.ErrorCodes())))
	if len(numbers) == 0 || numbers[0] == 0 {
		return err.Error() // not of the cluster but of the way there
	}
	said := "the cluster answers with error " + strings.Trim(fmt.Sprint(numbers), "[]")
	if named, ok := errors.AsType[mongo.CommandError](err); ok && named.Name != "" {
		said += " (" + named.Name + ")"
	}
	return said
}

// unreached says why no server was found. The driver's own words are all it knows
// of every server, in its own notation.
func unreached(selection topology.ServerSelectionError) string {
	var causes []string
	for _, server := range selection.Desc.Servers {
		if server.LastError == nil {
			continue
		}
		if said := causeOf(server.LastError); !slices.Contains(causes, said) {
			causes = append(causes, said)
		}
	}
	switch {
	case len(causes) > 0:
		slices.Sort(causes)
		return strings.Join(causes, "; ")
	case selection.Desc.CompatibilityErr != nil:
		return selection.Desc.CompatibilityErr.Error()
	case len(selection.Desc.Servers) == 0:
		return "no server there belongs to the replica set that its address names"
	default:
		return "no server that can be used has answered in time"
	}
}

// causeOf is what lies at the bottom of an error of the way to a server.
func causeOf(err error) string {
	if refused, ok := errors.AsType[driver.Error](err); ok {
		return fmt.Sprintf("the cluster answers with error %d (%s)", refused.Code, refused.Name)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) {
		return "the connection was closed by the other side"
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) {
		return "no answer in time"
	}
	for {
		if lookup, ok := err.(*net.DNSError); ok { //nolint:errorlint // this link of the chain
			return "the name of a host cannot be looked up: " + lookup.Err
		}
		under := errors.Unwrap(err)
		if under == nil {
			line, _, _ := strings.Cut(err.Error(), "\n")
			return line
		}
		err = under
	}
}
