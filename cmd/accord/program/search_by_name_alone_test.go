package program_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"accord/authz"
	"accord/cmd/accord/stage"
	"accord/domain/calendar"
	"accord/domain/casework"
	"accord/domain/fault"
	"accord/domain/sharing"
	"accord/internal/procedures"
)

// What somebody makes up and adds to a name gets no more than the name: whoever is known
// under it is answered as whoever is not, byte for byte, and nobody is told.
func TestWhatIsMadeUpBesideANameDoesNotTellThatSomebodyIsKnown(t *testing.T) {
	const known, unknown = "Thandeka Rowanfield", "Ermintrude Vossbinder"
	born := calendar.NewDate(1988, time.May, 17)
	recorded := casework.Identity{
		Name: known, DateOfBirth: born, Phones: []string{"07700 900411"}, Handles: []string{"@rowan.t"},
	}
	for _, c := range []struct {
		name   string
		held   casework.Identity
		asked  map[string]any // beside the name
		points bool           // something beside the name agrees
	}{
		{"nothing", recorded, nil, false},
		{"an invented handle", recorded, map[string]any{"handles": []string{"invented.handle"}}, false},
		{"an invented number", recorded, map[string]any{"phones": []string{"07700 900999"}}, false},
		{"an invented number and handle", recorded, map[string]any{"phones": []string{"07700 900999"}, "handles": []string{"invented.handle"}}, false},
		{"another day of birth", recorded, bornOn("1961-11-02"), false},
		{"a day of birth where none is recorded", casework.Identity{Name: known}, bornOn("1988-05-17"), false},
		{"a handle where none is recorded", casework.Identity{Name: known}, map[string]any{"handles": []string{"rowan.t"}}, false},
		{"the handle", recorded, map[string]any{"handles": []string{"rowan.t"}}, true},
		{"the number", recorded, map[string]any{"phones": []string{"07700900411"}}, true},
		{"the day of birth", recorded, bornOn("1988-05-17"), true},
		{"the handle and an invented number", recorded, map[string]any{"phones": []string{"07700 900999"}, "handles": []string{"rowan.t"}}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := stage.New(t, stage.Options{})
			perpetratorCase(t, s, "pc.ahmed", c.held)
			alertsArrive(t, s)
			before := len(told(t, s, "pc.ahmed"))
			answer := searchFor(t, s, "pc.ward", "INVESTIGATION", personLookedFor(known, c.asked))
			alertsArrive(t, s)
			tellings := len(told(t, s, "pc.ahmed")) - before
			other := nobody
			if !c.points {
				other = searchFor(t, s, "pc.ward", "INVESTIGATION", personLookedFor(unknown, c.asked))
			}
			switch {
			case c.points && (!strings.Contains(answer, northern) || !strings.Contains(answer, `"hits":[]`) || tellings != 1):
				t.Errorf("answered %s, and %d alerts", answer, tellings)
			case !c.points && (answer != other || answer != nobody || tellings != 0):
				t.Errorf("answered %s, and %d alerts; of somebody unknown %s", answer, tellings, other)
			}
		})
	}
}

// The limit holds for searches that run at the same time.
func TestNobodySearchesBeyondTheLimitAtOnce(t *testing.T) {
	s := stage.New(t, stage.Options{})
	searcher := s.Capacity(t, "pc.ahmed")
	searcher.Purpose = authz.Investigation
	held := s.Program.Records()
	errs := make([]error, 2*sharing.SearchesAnHour)
	var searching sync.WaitGroup
	for n := range errs {
		session := held.Begin(t.Context(), searcher, held.NewIdentifier("request"))
		searching.Go(func() {
			_, errs[n] = procedures.SearchPeople(t.Context(), session, procedures.PeopleSearch{Names: []string{"Nobody Wheresoever"}, Reason: toFind})
		})
	}
	searching.Wait()
	passed := 0
	for _, err := range errs {
		switch {
		case err == nil:
			passed++
		case fault.Of(err) == nil || fault.Of(err).Code != fault.RateLimited:
			t.Errorf("a search is refused with %v", err)
		}
	}
	if passed != sharing.SearchesAnHour {
		t.Errorf("%d searches at once are answered, want %d", passed, sharing.SearchesAnHour)
	}
}
