package worlds_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"accord/authz"
	"accord/cmd/accord/worlds"
	"accord/domain/casework"
	"accord/internal/views"
)

// probe asks for everything of a record that is decided on the record itself, and
// says what of it is to be shown and redacted to who holds so much of it.
type probe struct {
	text     string
	hidden   []string        // fields that are to be null
	redacted map[string]bool // type, field and reason
	held     map[authz.DataClass]authz.Level
}

func probeOf(record *worlds.Record, sight authz.Sight) probe {
	p := probe{redacted: map[string]bool{}, held: map[authz.DataClass]authz.Level{}}
	p.text = p.ask(typeNamed(record.Kind), sight, ownClass(record), record, true)
	return p
}

// ask writes the selection of a type.
func (p *probe) ask(typeName string, sight authz.Sight, own authz.DataClass, record *worlds.Record, top bool) string {
	var fields []string
	for _, field := range schema.Types[typeName].Fields {
		mark, ok := markOf(field)
		if !ok || mark.link || len(field.Arguments) > 0 {
			continue
		}
		shown, reason, class := mark.shown(sight, own)
		p.held[class] = max(p.held[class], sight.Level(class))
		if reason != "" {
			p.redacted[typeName+"."+field.Name+" "+reason] = true
		}
		if !shown && top {
			p.hidden = append(p.hidden, field.Name)
		}
		switch below := field.Type.Name(); {
		case isLeaf(field):
			fields = append(fields, field.Name)
		case below == "Person":
			fields = append(fields, field.Name+" "+p.people(field.Name, sight, record, shown))
		case schema.Types[below].Directives.ForName("governed") != nil && len(kindsOf(below)) == 0:
			fields = append(fields, field.Name+" "+p.ask(below, sight, own, record, false))
		default:
			fields = append(fields, field.Name+" { __typename }")
		}
	}
	return "{ " + strings.Join(fields, " ") + " }"
}

// people writes the selection of the parties of a case: of whom there is none,
// nothing is redacted.
func (p *probe) people(field string, sight authz.Sight, record *worlds.Record, shown bool) string {
	role := map[string]casework.PartyRole{"victim": casework.Victim, "children": casework.Child, "perpetrators": casework.Perpetrator}[field]
	below := &probe{redacted: map[string]bool{}, held: map[authz.DataClass]authz.Level{}}
	text := below.ask("Person", sight, views.IdentityClass(role), record, false)
	if shown && (role != casework.Child || record.Case.Children) {
		for redacted := range below.redacted {
			p.redacted[redacted] = true
		}
		for class, level := range below.held {
			p.held[class] = max(p.held[class], level)
		}
	}
	return text
}

// recordsAtOnce is how many records are looked up in one question.
const recordsAtOnce = 30

// lookUps looks up every record of the world by its id, and every case and meeting
// by its reference: what is there, which fields of it are null and what is said of
// them is what the account of the world says.
func (w *asked) lookUps(login string) { w.lookUpsFor(login, "") }

func (w *asked) lookUpsFor(login string, purpose authz.Purpose) {
	for chunk := range slices.Chunk(w.player.World.Records, recordsAtOnce) {
		var text strings.Builder
		probes := make([]probe, len(chunk))
		expected := map[string]bool{}
		for i, record := range chunk {
			probes[i] = probeOf(record, w.reach.SightFor(login, record, purpose))
			fmt.Fprintf(&text, "n%d: node(id: %q) { id ... on %s %s } ", i, record.ID, typeNamed(record.Kind), probes[i].text)
			if w.reach.ThereFor(login, record, purpose) {
				for redacted := range probes[i].redacted {
					expected[redacted] = true
				}
			}
			switch record.Kind {
			case views.CaseKind:
				fmt.Fprintf(&text, "r%d: case(reference: %q) { id } ", i, record.Case.Reference)
			case views.MeetingKind:
				fmt.Fprintf(&text, "r%d: meeting(reference: %q) { id } ", i, record.Meeting.Reference)
			default:
			}
		}
		parsed := w.parsed(login, worlds.Question{Query: "{ " + text.String() + "}", Purpose: purpose})
		for i, record := range chunk {
			w.lookedUp(login, record, purpose, parsed, i, probes[i])
		}
		var said []string
		for _, redaction := range parsed.Extensions.Redactions {
			said = append(said, redaction.Field+" "+redaction.Reason)
		}
		want := sorted(expected)
		slices.Sort(said)
		if !slices.Equal(said, want) {
			w.Fatalf("%s (%s) looks up %d records and is told of the redactions\n%v, the account says\n%v", login, purpose, len(chunk),
				without(said, want), without(want, said))
		}
	}
}

func without(all, but []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(one string) bool { return slices.Contains(but, one) })
}

// lookedUp holds one record of an answer against the account.
func (w *asked) lookedUp(login string, record *worlds.Record, purpose authz.Purpose, parsed answer, at int, of probe) {
	there := w.reach.ThereFor(login, record, purpose)
	got := parsed.Data[fmt.Sprintf("n%d", at)]
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(got, &fields); err != nil || there != (fields != nil) || there && string(fields["id"]) != fmt.Sprintf("%q", record.ID) {
		w.Fatalf("%s looks up %s %s and gets %s; that it is there is %v (relations %s)", login, record.Kind, record.ID, got, there, w.relations(login, record))
	}
	if byReference, asked := parsed.Data[fmt.Sprintf("r%d", at)]; asked && there != (string(byReference) != "null") {
		w.Fatalf("%s looks up %s by its reference and gets %s; that it is there is %v", login, record.ID, byReference, there)
	}
	w.seen.sighted(w.reach, login, record, there, of)
	if !there {
		return
	}
	for _, field := range of.hidden {
		if value, asked := fields[field]; asked && string(value) != "null" {
			w.Fatalf("%s (%s) holds %s %s without %s and reads %s (relations %s)", login, purpose, record.Kind, record.ID, field, value, w.relations(login, record))
		}
	}
}

func (w *asked) relations(login string, record *worlds.Record) string {
	var names []string
	for _, relation := range authz.Relations() {
		if w.reach.Relations(login, record).Has(relation) {
			names = append(names, relation.String())
		}
	}
	return strings.Join(names, " ")
}

// parsed asks a question and reads the answer.
func (w *asked) parsed(login string, question worlds.Question) answer {
	parsed, err := parse(w.ask(w.player, login, []worlds.Question{question})[0])
	if err != nil {
		w.Fatalf("%s: %v", login, err)
	}
	return parsed
}
