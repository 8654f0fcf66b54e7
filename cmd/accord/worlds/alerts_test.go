package worlds_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"accord/cmd/accord/worlds"
	"accord/domain/sharing"
	"accord/internal/views"
)

// inbox is what the alerts of somebody say.
type inbox struct {
	TotalCount int
	Edges      []struct{ Node alert }
}

type alert struct {
	ID   string
	Kind sharing.AlertKind
	Case *struct{ ID string }
}

// whoIsTold reads everybody's alerts: each is one person's, nobody is told of a case
// they are kept out of, what a release raises is what the account says, and no alert
// names anybody.
func (w *asked) whoIsTold() {
	world := w.player.World
	raised := map[string]*worlds.Record{}
	for _, record := range world.OfKind(views.AlertKind) {
		raised[record.ID] = record
	}
	names := namesIn(world)
	for _, login := range world.Logins() {
		answered := w.ask(w.player, login, []worlds.Question{{Query: `{ alerts(first: 100) { totalCount edges { node { id kind raisedAt acknowledgedAt } } } }`}})[0]
		for _, name := range names {
			if strings.Contains(string(answered), name) {
				w.Fatalf("the alerts of %s name %s:\n%s", login, name, answered)
			}
		}
		var read inbox
		if err := json.Unmarshal(w.data(login, worlds.Question{Query: `{ alerts(first: 100) { totalCount edges { node { id kind case { id } } } } }`})["alerts"], &read); err != nil {
			w.Fatalf("%s reads their alerts: %v", login, err)
		}
		var got []string
		for _, edge := range read.Edges {
			record := raised[edge.Node.ID]
			if record == nil || record.Person != "" && record.Person != login {
				w.Fatalf("%s reads the alert %s, which is another's or none", login, edge.Node.ID)
			}
			record.Person = login
			if there := edge.Node.Case != nil; there && !w.reach.There(login, world.Record(edge.Node.Case.ID)) {
				w.Fatalf("an alert leads %s to a case that is not there for them", login)
			}
			if edge.Node.Kind == sharing.AlertReleased || edge.Node.Kind == sharing.AlertReleaseEnded {
				got = append(got, string(edge.Node.Kind))
			}
			w.seen.tried("alert")
		}
		if w.reach.Lapsed(login) {
			continue // they read none, and what they were told is kept for them
		}
		var want []string
		for _, told := range world.Told {
			if told.To == login {
				want = append(want, string(told.Kind))
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) || read.TotalCount != len(read.Edges) {
			w.Fatalf("%s has %d alerts, of releases %v, the account says %v", login, read.TotalCount, got, want)
		}
	}
}

// namesIn lists what an alert must not say: names of parties, references and ids of
// cases, names of people and agencies.
func namesIn(world *worlds.World) []string {
	var names []string
	for _, of := range world.Cases {
		names = append(names, of.ID, of.Reference)
		names = append(names, of.Parties...)
	}
	names = append(names, "Marsh", "O'Neil", "Pike", "Quill", "Northmoor", "Southvale", "Harbour", "Beacon")
	for login := range world.People {
		names = append(names, fmt.Sprintf("%q", login), world.IDs[login])
	}
	return names
}
