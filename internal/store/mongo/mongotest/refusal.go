package mongotest

import (
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// The error codes the server answers with, as MongoDB numbers and names them.
const (
	codeInternal              int32 = 1
	codeBadValue              int32 = 2
	codeFailedToParse         int32 = 9
	codeUnauthorized          int32 = 13
	codeTypeMismatch          int32 = 14
	codeIllegalOperation      int32 = 20
	codeLockTimeout           int32 = 24
	codeNamespaceNotFound     int32 = 26
	codeIndexNotFound         int32 = 27
	codeConflictingUpdate     int32 = 40
	codeCursorNotFound        int32 = 43
	codeNamespaceExists       int32 = 48
	codeMaxTimeExpired        int32 = 50
	codeCommandNotFound       int32 = 59
	codeImmutableField        int32 = 66
	codeCannotCreateIndex     int32 = 67
	codeInvalidOptions        int32 = 72
	codeInvalidNamespace      int32 = 73
	codeIndexOptionsConflict  int32 = 85
	codeIndexKeysConflict     int32 = 86
	codeShutdown              int32 = 91
	codeWriteConflict         int32 = 112
	codeConflictingOperation  int32 = 117
	codeParallelArrays        int32 = 171
	codeStaleTransaction      int32 = 217
	codeTransactionTooOld     int32 = 225
	codeSnapshotTooOld        int32 = 239
	codeNoSuchTransaction     int32 = 251
	codeTransactionCommitted  int32 = 256
	codeNotInTransaction      int32 = 263
	codeNoQueryPlan           int32 = 291
	codeAPIVersion            int32 = 322
	codeAPIStrict             int32 = 323
	codeNotWritablePrimary    int32 = 10107
	codeTooLarge              int32 = 10334
	codeDuplicateKey          int32 = 11000
	codeNotPrimaryNoSecondary int32 = 13435
	codeUnknownField          int32 = 40415
	codeForeignCursor         int32 = 50738
	codeNotRetryable          int32 = 50768
)

var codeNames = map[int32]string{
	codeInternal:              "InternalError",
	codeBadValue:              "BadValue",
	codeFailedToParse:         "FailedToParse",
	codeUnauthorized:          "Unauthorized", //nolint:misspell // MongoDB spells it so
	codeTypeMismatch:          "TypeMismatch",
	codeIllegalOperation:      "IllegalOperation",
	codeLockTimeout:           "LockTimeout",
	codeNamespaceNotFound:     "NamespaceNotFound",
	codeIndexNotFound:         "IndexNotFound",
	codeConflictingUpdate:     "ConflictingUpdateOperators",
	codeCursorNotFound:        "CursorNotFound",
	codeNamespaceExists:       "NamespaceExists",
	codeMaxTimeExpired:        "MaxTimeMSExpired",
	codeCommandNotFound:       "CommandNotFound",
	codeImmutableField:        "ImmutableField",
	codeCannotCreateIndex:     "CannotCreateIndex",
	codeInvalidOptions:        "InvalidOptions",
	codeInvalidNamespace:      "InvalidNamespace",
	codeIndexOptionsConflict:  "IndexOptionsConflict",
	codeIndexKeysConflict:     "IndexKeySpecsConflict",
	codeShutdown:              "ShutdownInProgress",
	codeWriteConflict:         "WriteConflict",
	codeConflictingOperation:  "ConflictingOperationInProgress",
	codeParallelArrays:        "CannotIndexParallelArrays",
	codeStaleTransaction:      "IncompleteTransactionHistory",
	codeTransactionTooOld:     "TransactionTooOld",
	codeSnapshotTooOld:        "SnapshotTooOld",
	codeNoSuchTransaction:     "NoSuchTransaction",
	codeTransactionCommitted:  "TransactionCommitted",
	codeNotInTransaction:      "OperationNotSupportedInTransaction",
	codeNoQueryPlan:           "NoQueryExecutionPlans",
	codeAPIVersion:            "APIVersionError",
	codeAPIStrict:             "APIStrictError",
	codeNotWritablePrimary:    "NotWritablePrimary",
	codeTooLarge:              "BSONObjectTooLarge",
	codeDuplicateKey:          "DuplicateKey",
	codeNotPrimaryNoSecondary: "NotPrimaryNoSecondaryOk",
}

// codeName is MongoDB's name of a code; a code without one is named by its
// number.
func codeName(code int32) string {
	if name, known := codeNames[code]; known {
		return name
	}
	return fmt.Sprint("Location", code)
}

// The labels by which a driver decides what to try again.
const (
	labelTransient = "TransientTransactionError"
	labelRetryable = "RetryableWriteError"
)

// refusal is an error as the server answers it.
type refusal struct {
	code    int32
	name    string // empty is MongoDB's own name of the code
	message string
	labels  []string // nil leaves the choice to labelsFor
	details bson.D   // what else the answer carries: keyPattern and keyValue of a duplicate
}

func (r *refusal) Error() string { return fmt.Sprintf("(%s) %s", r.codeName(), r.message) }

func (r *refusal) codeName() string {
	if r.name != "" {
		return r.name
	}
	return codeName(r.code)
}

// refuse says no with one of MongoDB's codes.
func refuse(code int32, format string, args ...any) error {
	return &refusal{code: code, message: fmt.Sprintf(format, args...)}
}

// asRefusal makes an answer of any error.
func asRefusal(err error) *refusal {
	if r, ok := errors.AsType[*refusal](err); ok {
		return r
	}
	return &refusal{code: codeInternal, message: err.Error()}
}

// retriable are the codes after which a retryable write is worth another try on
// a primary.
var retriable = []int32{codeShutdown, codeNotWritablePrimary, codeNotPrimaryNoSecondary, 6, 7, 89, 134, 189, 262, 9001, 11600, 11602, 13436}

// labelsFor are the labels MongoDB puts on an error, by what was asked
// (error_labels: isTransientTransactionError, RetryableWriteError).
func labelsFor(code int32, rq *request) []string {
	ends := rq.name == "commitTransaction" || rq.name == "abortTransaction"
	transient := code == codeWriteConflict || code == codeLockTimeout || code == codeNoSuchTransaction || code == codeSnapshotTooOld
	switch {
	case rq.inTransaction && !ends:
		if transient || slices.Contains(retriable, code) {
			return []string{labelTransient}
		}
	case ends:
		if transient {
			return []string{labelTransient}
		}
		if slices.Contains(retriable, code) {
			return []string{labelRetryable}
		}
	case rq.numbered:
		if slices.Contains(retriable, code) {
			return []string{labelRetryable}
		}
	}
	return nil
}

// answer is the reply that carries the refusal.
func (r *refusal) answer(rq *request) bson.D {
	reply := bson.D{
		{Key: "ok", Value: 0.0},
		{Key: "errmsg", Value: r.message},
		{Key: "code", Value: r.code},
		{Key: "codeName", Value: r.codeName()},
	}
	labels := r.labels
	if labels == nil {
		labels = labelsFor(r.code, rq)
	}
	if len(labels) > 0 {
		reply = append(reply, bson.E{Key: "errorLabels", Value: labels})
	}
	return append(reply, r.details...)
}
