package mongo

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"accord/internal/store"
	"accord/internal/store/mongo/mongotest"
)

// started is a server with what a program before has left, or with nothing.
func started(t *testing.T, before bool) *mongotest.Server {
	t.Helper()
	server := mongotest.Start(t, mongotest.Options{})
	if before {
		apply(t, opened(t, server, declaring(areaNotes)), many(3))
		server.Forget()
	}
	return server
}

// startingCommands are those a start sends: their names, and how many of the name
// come before each.
func startingCommands(t *testing.T, before bool) []step {
	t.Helper()
	server := started(t, before)
	_ = opened(t, server)
	var all []step
	seen := map[string]int{}
	for _, c := range server.Commands() {
		all = append(all, step{name: c.Name, skip: seen[c.Name]})
		seen[c.Name]++
	}
	return all
}

// A start that is broken off at any of its commands says so in one line, or goes
// on; and the next start finds nothing amiss.
func TestAStartMayBeBrokenOffAnywhere(t *testing.T) {
	t.Parallel()
	for _, before := range []bool{false, true} {
		for _, one := range startingCommands(t, before) {
			for sentence, f := range map[string]mongotest.Failure{
				"refused":         {Code: 8000},
				"closed after it": {CloseConnection: true, AfterApplying: true},
			} {
				t.Run(fmt.Sprintf("over something %t, %s %d, %s", before, one.name, one.skip, sentence), func(t *testing.T) {
					t.Parallel()
					server := started(t, before)
					f := f
					f.Command, f.Skip = one.name, one.skip
					server.Fail(f)
					s, err := Open(t.Context(), optionsFor(server))
					if err == nil {
						err = s.Close()
					}
					if err != nil && (strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "127.0.0.1")) {
						t.Errorf("it says %q", err)
					}
					// Who makes a collection twice looks whether it is there.
					if f.Code != 0 && err == nil || server.Pending() != 0 {
						t.Error("nothing failed")
					}
					isWhole(t, server, before)
				})
			}
		}
	}
}

// isWhole starts again, and finds what was there and can be added.
func isWhole(t *testing.T, server *mongotest.Server, before bool) {
	t.Helper()
	s := opened(t, server)
	notes := 0
	if before {
		notes = 3
	}
	for i := range notes {
		if got, want := page(t, s, "reference", store.Text(strconv.Itoa(i))), fmt.Sprintf("n%04d", i); got != want {
			t.Errorf("note %s is found as %q", want, got)
		}
	}
	if claims := held(t, reached(t, server), claimCollection); len(claims) != notes {
		t.Errorf("the claims are %v", claims)
	}
	apply(t, s, saving(aCase), logging("one"))
	if got := entries(t, s); len(got) != 1 {
		t.Errorf("the log holds %v", got)
	}
}

func TestExplainRefusesWhatFindRefuses(t *testing.T) {
	t.Parallel()
	s, server := alone(t)
	for want, q := range map[string]store.Query{
		`explain: no index "none" is declared`: {Index: "none", Limit: 1},
		"explain: a limit is 1 to 1001, not 0": {Index: "newest"},
	} {
		_, err := s.Explain(t.Context(), q)
		refusedWith(t, err, want)
	}
	explained, err := s.Explain(t.Context(), store.Query{Index: "newest", Limit: 1})
	if explained != nil || err != nil || len(server.Commands()) != 0 {
		t.Errorf("what can find nothing is explained: %v and %v", explained, err)
	}
}
