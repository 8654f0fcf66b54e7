package graph_test

import (
	"slices"
	"strings"
	"testing"

	"accord/authz"
	"accord/graph"
	"accord/internal/views"
)

func fieldOf(t *testing.T, name string) graph.Field {
	t.Helper()
	marks, err := graph.ReadMarks(accordSchema(t))
	if err != nil {
		t.Fatal(err)
	}
	field, err := marks.Field(name)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return field
}

func TestAFieldIsOfTheRecordThatItsTypeShows(t *testing.T) {
	for name, want := range map[string][]views.Kind{
		"Case.reference":         {views.CaseKind},
		"Person.address":         {views.CaseKind},
		"Address.lines":          {views.CaseKind},
		"CourseOfConduct.count":  {views.CaseKind},
		"Incident.description":   {views.IncidentKind},
		"AnswerGiven.comment":    {views.AssessmentKind},
		"PlanItem.description":   {views.PlanKind},
		"Meeting.status":         {views.MeetingKind},
		"ListItem.position":      {views.ListItemKind},
		"ResearchItem.text":      {views.ResearchKind},
		"Breach.description":     {views.OrderKind},
		"Case.currentAssessment": {views.CaseKind},
		"Action.description":     {views.ActionKind},
		"Notice.kind":            {views.NoticeKind},
		"Referral.status":        {views.ReferralKind},
		"InformationItem.text":   {views.HealthKind, views.IntelligenceKind, views.AdvocateNoteKind},
		"PersonHit.likeness":     nil,
	} {
		if field := fieldOf(t, name); !slices.Equal(field.Kinds, want) {
			t.Errorf("%s is of the kinds %q, want %q", name, field.Kinds, want)
		}
	}
}

func TestWhatOpensAFieldIsWhatItsMarkSays(t *testing.T) {
	address, name, plan := fieldOf(t, "Person.address"), fieldOf(t, "Person.name"), fieldOf(t, "Case.plan")
	if address.Own() || !slices.Equal(address.Classes, []authz.DataClass{authz.SafeContact}) || address.Link != "" {
		t.Errorf("an address: %+v", address)
	}
	if !name.Own() {
		t.Errorf("a name: %+v", name)
	}
	for kind, own := range map[views.Kind][]authz.DataClass{
		views.CaseKind:         {authz.VictimIdentity, authz.Children, authz.PerpetratorIdentity},
		views.AdvocateNoteKind: {authz.AdvocateNotes},
		views.ReleaseKind:      {authz.RiskAssessment, authz.Intelligence, authz.AdvocateNotes, authz.Health, authz.Research, authz.MaracMinutes},
	} {
		if got := views.OwnClasses(kind); !slices.Equal(got, own) {
			t.Errorf("a record of kind %s can be of %v", kind, got)
		}
	}
	if plan.Link != views.PlanKind || plan.Own() {
		t.Errorf("a link: %+v", plan)
	}
	if !fieldOf(t, "Agency.name").Directory || address.Directory {
		t.Error("the directory is not told from a record")
	}
	marks, err := graph.ReadMarks(accordSchema(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Person.home":     "the schema has no such field: give its type and its name, such as Person.address",
		"Person":          "the schema has no such field: give its type and its name, such as Person.address",
		"":                "the schema has no such field: give its type and its name, such as Person.address",
		"Query.cases":     "Query.cases holds no content of a record: ask about a field of the record it leads to",
		"CaseEdge.cursor": "CaseEdge.cursor holds no content of a record: ask about a field of the record it leads to",
	} {
		if field, err := marks.Field(name); err == nil || err.Error() != want {
			t.Errorf("%q: %+v, %v", name, field, err)
		}
	}
}

// What is told of a field is what the gate makes of it, for whoever asks.
func TestADecisionIsToldAsTheGateMakesIt(t *testing.T) {
	for _, who := range []asker{idva, prosecutor, investigator, nobody} {
		for _, name := range []string{"Person.name", "Person.yearOfBirth", "Person.dateOfBirth", "Person.address", "Person.outwardPostcode"} {
			told := fieldOf(t, name).Decide(who.assigned().Sight, authz.VictimIdentity)
			got := ask(t, who, name, nil, who.victim())
			want := ""
			if told.Reason != 0 {
				want = redacted(name, told.Reason.String())
			}
			if got.redactions != want {
				t.Errorf("%v asks for %s: the gate says %s, told is %+v", []authz.Role(who), name, got.redactions, told)
			}
			if shown := ask(t, who, name, planted, who.victim()); (shown.err == nil) != told.Shown {
				t.Errorf("%v asks for %s: the gate gives %v, told is %+v", []authz.Role(who), name, shown.err, told)
			}
		}
	}
}

// Nothing below a field that is not shown is there, and that field says why.
func TestAPartIsDecidedByWhatHoldsIt(t *testing.T) {
	told := fieldOf(t, "Address.lines").Decide(idva.assigned().Sight, authz.VictimIdentity)
	if told.Shown || told.Reason != authz.ReasonRevealNeeded || told.Within != "Person.address" {
		t.Errorf("the lines of an address: %+v", told)
	}
	if told := fieldOf(t, "PlanItem.description").Decide(prosecutor.assigned().Sight, 0); told.Shown || told.Within != "Plan.items" || told.Reason != authz.ReasonMasked {
		t.Errorf("an item of a masked plan: %+v", told)
	}
	if told := fieldOf(t, "PlanItem.description").Decide(idva.assigned().Sight, 0); !told.Shown || told.Reason != 0 || told.Within != "" {
		t.Errorf("an item of a plan: %+v", told)
	}
	if told := fieldOf(t, "Agency.name").Decide(authz.Sight{}, 0); !told.Shown || told.Reason != 0 {
		t.Errorf("the directory: %+v", told)
	}
}

// Every field of the schema can be asked about, but for those that hold no content.
func TestEveryFieldOfTheSchemaCanBeExplained(t *testing.T) {
	schema := accordSchema(t)
	marks, err := graph.ReadMarks(schema)
	if err != nil {
		t.Fatal(err)
	}
	// Of no record, but of what was looked for or revealed.
	acts := []string{"PersonHit", "SafeContact"}
	asked := 0
	for _, definition := range schema.Types {
		plumbing := definition.Directives.ForName("plumbing") != nil
		if definition.Kind != "OBJECT" || strings.HasPrefix(definition.Name, "__") {
			continue
		}
		for _, field := range definition.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			name := definition.Name + "." + field.Name
			told, err := marks.Field(name)
			if (err != nil) != plumbing {
				t.Errorf("%s: %v", name, err)
			}
			if err == nil && told.Kinds == nil && !told.Directory && !slices.Contains(acts, definition.Name) {
				t.Errorf("%s is of no record: a type of which one is must be named as the kind, be linked to, or be held by one", name)
			}
			asked++
		}
	}
	if asked < 100 {
		t.Errorf("only %d fields", asked)
	}
}
