package records_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"accord/cmd/accord/stage"
	"accord/domain/sharing"
	"accord/internal/procedures"
	"accord/internal/views"
)

// outbound sends nothing anywhere.
type outbound struct{}

func (outbound) Send(context.Context, string) error { return nil }

// released has the advocate release a note to the police, until a moment.
func released(t *testing.T, s *stage.Stage, until time.Time) {
	t.Helper()
	ctx := t.Context()
	coordinator := s.As(t, "coord.ellis")
	meeting, err := coordinator.Meeting(ctx, "NM-MARAC-NEXT")
	must(t, err)
	items, err := coordinator.ListItems(ctx, meeting)
	must(t, err)
	note, err := procedures.RecordItem(ctx, s.As(t, "idva.byrne"), procedures.ItemRecording{
		Case: items[0].CaseID, Kind: sharing.AdvocateNote, Basis: sharing.Fact, Text: "Kestrelnote.",
	})
	must(t, err)
	_, err = procedures.ReleaseItem(ctx, s.As(t, "idva.byrne"), procedures.ReleaseDecision{Release: sharing.Release{
		Case: items[0].CaseID, Source: sharing.OfAdvocateNote, Item: note.ID, Decision: sharing.ShareSummary,
		Recipients: []string{s.Capacity(t, "pc.ahmed").Agency}, Content: "Kestrelsummary.", Gateway: sharing.VitalInterests,
		Regime: sharing.Part2, Necessity: "Kestrelneed is great.", Proportionality: "Kestrelmeasure is small.",
		Consent: sharing.ConsentGiven, VictimTold: true, Schedule: "NONE", Until: until,
	}})
	must(t, err)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Once a release has ended and was swept, its document names no recipient's people any
// more and is in no index of what is to end; a change of its case does not bring them
// back.
func TestASweptReleaseLosesItsRecipientsTokens(t *testing.T) {
	s := stage.New(t, stage.Options{})
	released(t, s, stage.Start.Add(time.Minute))
	kinds := func() (tokens []string, ends bool) {
		docs, err := s.Program.Records().StoredOf(t.Context(), views.ReleaseKind)
		must(t, err)
		for _, token := range docs[0].Tokens {
			kind, _, _ := strings.Cut(token, ":")
			tokens = append(tokens, kind)
		}
		_, ends = docs[0].Field("until")
		return tokens, ends
	}
	heldBy := func(tokens []string) bool {
		return slices.ContainsFunc(tokens, func(kind string) bool { return kind == "ru" || kind == "rt" || kind == "rm" })
	}
	overseers := func(tokens []string) int {
		return len(slices.DeleteFunc(slices.Clone(tokens), func(kind string) bool { return kind != "d" }))
	}
	before, ends := kinds()
	if !heldBy(before) || !ends {
		t.Fatalf("released it has %v, ends %t", before, ends)
	}
	s.Clock.Set(stage.Start.Add(time.Minute))
	s.TakeTurns(t)
	if tokens, ends := kinds(); heldBy(tokens) || ends || !slices.Contains(tokens, "ou") || overseers(tokens) != overseers(before) {
		t.Errorf("swept it has %v, ends %t", tokens, ends)
	}
	docs, err := s.Program.Records().StoredOf(t.Context(), views.ReleaseKind)
	must(t, err)
	must(t, procedures.AssignPractitioner(t.Context(), s.As(t, "coord.ellis"), docs[0].Family, s.Capacity(t, "spoc.hart").Person))
	if tokens, ends := kinds(); heldBy(tokens) || ends {
		t.Errorf("after a change of its case it has %v, ends %t", tokens, ends)
	}
}

// An alert is ids, a kind and times, whatever it is about and wherever it is mailed.
func TestAnAlertIsStoredWithoutAWord(t *testing.T) {
	s := stage.New(t, stage.Options{Mail: outbound{}})
	officer, _ := s.Program.Records().Directory().Practitioner(s.Capacity(t, "pc.ahmed").Person)
	officer.Mail = "Kestrelmail@northmoor.example"
	must(t, procedures.EnrolPractitioner(t.Context(), s.As(t, "sys.kerr"), officer))
	released(t, s, stage.Start.Add(time.Minute))
	s.TakeTurns(t)
	s.Clock.Set(stage.Start.Add(time.Hour))
	s.TakeTurns(t)
	docs, err := s.Program.Records().StoredOf(t.Context(), views.AlertKind)
	must(t, err)
	if len(docs) < 4 {
		t.Fatalf("%d alerts are stored", len(docs))
	}
	for _, doc := range docs {
		if len(doc.Sections) != 1 { // the attestation
			t.Errorf("an alert has %d sections", len(doc.Sections))
		}
		said := append([]string{doc.Head.String()}, doc.Tokens...)
		for _, field := range doc.Fields {
			said = append(said, field.Value.Text)
		}
		text := strings.Join(said, " ")
		for _, name := range []string{"Kestrel", "Ahmed", "Byrne", "@", "Aldous"} {
			if strings.Contains(text, name) {
				t.Errorf("an alert holds %s: %s", name, text)
			}
		}
	}
}
