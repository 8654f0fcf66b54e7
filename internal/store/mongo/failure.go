package mongo

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/mongo"
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
