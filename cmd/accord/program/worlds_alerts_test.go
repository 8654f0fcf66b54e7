package program_test

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"accord/internal/demo"
	"accord/internal/records"
)

// compareAlerts holds the alerts that came into anybody's inbox against what a step
// says: their kinds, by login.
func (p *play) compareAlerts(t *testing.T, want map[string][]string, raised bool) {
	t.Helper()
	got := map[string][]string{}
	if raised {
		got = p.alerted(t)
	}
	for login := range want {
		want[login] = slices.Sorted(slices.Values(want[login]))
	}
	if len(got) != len(want) || len(got) > 0 && !reflect.DeepEqual(got, want) {
		t.Errorf("alerts: got %v, want %v", got, want)
	}
}

// alerted returns the kinds of the alerts that came in since the last time, sorted,
// by the login of whom they are for.
func (p *play) alerted(t *testing.T) map[string][]string {
	t.Helper()
	came := map[string][]string{}
	for _, agency := range demo.Agencies() {
		for _, person := range agency.People {
			inbox, err := p.stage.As(t, person.Login).Alerts(t.Context(), false, records.PageRequest{First: 100})
			must(t, err)
			for _, edge := range inbox.Edges {
				if !p.alerts[edge.Node.ID] {
					p.alerts[edge.Node.ID] = true
					came[person.Login] = append(came[person.Login], string(edge.Node.Kind))
				}
			}
		}
	}
	for login := range maps.Keys(came) {
		slices.Sort(came[login])
	}
	return came
}
