package stage

import (
	"encoding/csv"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"accord/authz"
)

// AskedVariable is the environment variable that names a folder: every stage with the
// policy that Accord ships leaves a file there of what was asked of the policy, for
// the test of package authz that flips each cell of it.
const AskedVariable = "ACCORD_POLICY_ASKED"

// asked gathers what is asked of the policy, each question once: the test that asked,
// roles, relations, purpose, act, classes, and "row" where it was asked whether a
// record is there.
type asked struct {
	test      string
	mutex     sync.Mutex
	questions map[string][]string
}

// witness is nil where no folder is named.
func witness(tb testing.TB, policy string) authz.Witness {
	tb.Helper()
	folder := os.Getenv(AskedVariable)
	if folder == "" || policy != "" {
		return nil
	}
	gathered := &asked{test: tb.Name(), questions: map[string][]string{}}
	tb.Cleanup(func() {
		if err := gathered.write(folder); err != nil {
			tb.Errorf("writing what was asked of the policy: %v", err)
		}
	})
	return gathered
}

// Asked keeps a question.
func (a *asked) Asked(one authz.Asked) {
	row := ""
	if one.Row {
		row = "row"
	}
	question := []string{
		a.test, spelt(one.Roles), spelt(chosen(authz.Relations(), one.Relations.Has)), string(one.Purpose), one.Act.String(),
		spelt(chosen(authz.DataClasses(), one.Classes.Has)), row,
	}
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.questions[strings.Join(question, ",")] = question
}

func (a *asked) write(folder string) error {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	file, err := os.CreateTemp(folder, "asked-*.csv")
	if err != nil {
		return err //nolint:wrapcheck // it names the file
	}
	lines := csv.NewWriter(file)
	for _, question := range a.questions {
		if err := lines.Write(question); err != nil {
			return err //nolint:wrapcheck // the same
		}
	}
	lines.Flush()
	if err := lines.Error(); err != nil {
		return err //nolint:wrapcheck // the same
	}
	return file.Close() //nolint:wrapcheck // the same
}

func chosen[T any](all []T, has func(T) bool) []T {
	return slices.DeleteFunc(all, func(one T) bool { return !has(one) })
}

// spelt are the names of a set, sorted.
func spelt[T interface{ String() string }](all []T) string {
	names := make([]string, len(all))
	for i, one := range all {
		names[i] = one.String()
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), " ")
}
