package program_test

import (
	"testing"

	"go.uber.org/goleak"
)

// Whatever a test set up is taken down with it: a program that is closed leaves
// nothing running.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
