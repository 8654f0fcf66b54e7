package fault

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
)

// maxTypes bounds how many types Kind names of one error.
const maxTypes = 16

// Kind is what the log says of an error that is shown to nobody: the types of it
// and of what it wraps, outermost first, such as "*fmt.wrapError > sqlite.fullDisk";
// of a panic the type that was thrown and where. It holds no text of the error,
// which may hold a value.
func Kind(err error) string {
	if thrown, ok := errors.AsType[*panicError](err); ok {
		return thrown.Error()
	}
	var types []string
	for err != nil && len(types) < maxTypes {
		types = append(types, fmt.Sprintf("%T", err))
		switch wrapper := err.(type) { //nolint:errorlint // walks the chain itself
		case interface{ Unwrap() error }:
			err = wrapper.Unwrap()
		case interface{ Unwrap() []error }:
			err = nil
			if joined := wrapper.Unwrap(); len(joined) > 0 {
				err = joined[0]
			}
		default:
			err = nil
		}
	}
	return strings.Join(types, " > ")
}

// panicError stands for a panic. It never holds the value that was thrown.
type panicError struct{ kind string }

func (e *panicError) Error() string { return "panic: " + e.kind }

// Panic turns what a deferred function recovered into an internal error: it knows
// the type that was thrown and the line of code, not the value.
func Panic(thrown any) error {
	return &panicError{kind: fmt.Sprintf("%T at %s", thrown, panicSite())}
}

// panicSite is the function and line that panicked: the first frame below the
// runtime's own, which stand directly below this package's.
func panicSite() string {
	callers := make([]uintptr, 64)
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers)])
	thrown := false
	for {
		frame, more := frames.Next()
		switch {
		case strings.HasPrefix(frame.Function, "runtime."):
			thrown = true
		case thrown:
			return fmt.Sprintf("%s:%d", frame.Function, frame.Line)
		}
		if !more {
			return "an unknown place"
		}
	}
}
