package program_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"accord/authz"
	"accord/cmd/accord/program"
	"accord/cmd/accord/stage"
	"accord/domain/sharing"
	"accord/internal/audit"
	"accord/internal/procedures"
)

const aboutVictim = `query($reference: String!) { case(reference: $reference) { reference
	victim { name dateOfBirth yearOfBirth outwardPostcode address { lines } }
	plan { items { description } } currentAssessment { level answers { answer } } } }`

// aboutVictimFields are the fields of it that are explained.
var aboutVictimFields = []string{
	"Case.reference", "Case.plan", "Case.currentAssessment", "Person.name", "Person.dateOfBirth", "Person.yearOfBirth",
	"Person.outwardPostcode", "Person.address", "Plan.items",
}

// explained is a program that has ended, and a case of it.
type explained struct {
	stage     *stage.Stage
	reference string
}

func (e explained) ask(t *testing.T, login, field string) program.Explanation {
	t.Helper()
	told, err := program.Explain(t.Context(), e.request(login, field))
	if err != nil {
		t.Fatalf("%s of %s: %v", login, field, err)
	}
	return told
}

func (e explained) request(login, field string) program.ExplainRequest {
	return program.ExplainRequest{
		Data: e.stage.Data, Keys: e.stage.Keys, As: login, Case: e.reference, Field: field,
		Clock: e.stage.Clock.Now, Entropy: stage.Entropy(17),
	}
}

// answered is what the API said of each field to somebody before the program ended:
// "full", the reason it is not, or nothing when the case was not there for them.
func answered(t *testing.T, s *stage.Stage, login, reference string) map[string]string {
	t.Helper()
	answer := s.Ask(t, login, aboutVictim, map[string]any{"reference": reference})
	var read struct {
		Data       struct{ Case *struct{ Victim, Plan any } }
		Extensions struct {
			Redactions []struct{ Field, Reason string }
		}
	}
	if err := json.Unmarshal(answer.Body, &read); err != nil {
		t.Fatalf("%v: %s", err, answer.Body)
	}
	said := map[string]string{}
	if read.Data.Case == nil {
		return said
	}
	for _, field := range aboutVictimFields {
		hidden := strings.HasPrefix(field, "Person.") && read.Data.Case.Victim == nil || field == "Plan.items" && read.Data.Case.Plan == nil
		if !hidden {
			said[field] = "full"
		}
	}
	for _, redaction := range read.Extensions.Redactions {
		if slices.Contains(aboutVictimFields, redaction.Field) {
			said[redaction.Field] = redaction.Reason
		}
	}
	return said
}

// What is explained is what the API answered, for people who hold all, some and none
// of a case.
func TestAnExplanationIsWhatTheAPIAnswers(t *testing.T) {
	stage.NeedsFile(t)
	s := stage.New(t, stage.Options{})
	reference := referenceOf(t, s)
	logins := []string{"coord.ellis", "idva.byrne", "pc.ahmed", "po.singh", "ds.reid", "isac.moss", "pc.ward", "sys.kerr", "spoc.hart"}
	said := map[string]map[string]string{}
	for _, login := range logins {
		said[login] = answered(t, s, login, reference)
	}
	s.Close(t)

	e := explained{s, reference}
	reasons := map[string]bool{}
	for _, login := range logins {
		for _, field := range aboutVictimFields {
			told := e.ask(t, login, field)
			want, there := said[login][field]
			if got := summary(told); there && got != want {
				t.Errorf("%s of %s: the API said %s, explained is %s:\n%s", login, field, want, got, told)
			}
			if len(said[login]) == 0 && strings.HasPrefix(field, "Case.") && summary(told) != "not there" {
				t.Errorf("%s has no such case, explained is\n%s", login, told)
			}
			reasons[summary(told)] = true
			for _, secret := range []string{"Aldous", "Marianne", "Larkspur", "NM4", "1991", "07700"} {
				if strings.Contains(told.String(), secret) {
					t.Errorf("%s of %s tells a value:\n%s", login, field, told)
				}
			}
		}
	}
	for _, reason := range []string{"full", "not there", "MASKED", "REVEAL_NEEDED", "ROLE"} {
		if !reasons[reason] {
			t.Errorf("nobody was told %q", reason)
		}
	}
}

// summary is an explanation of a victim in a word: "full", the reason it is not, or
// "not there".
func summary(told program.Explanation) string {
	if len(told.Records) == 0 || !told.Records[0].There {
		return "not there"
	}
	if told.Field.Link != "" {
		if reason := told.Table.LinkReason(told.Capacity.Roles, told.Field.Link.Row()); reason != 0 {
			return reason.String()
		}
		return "full"
	}
	if decision := told.Field.Decide(told.Records[0].Sight, authz.VictimIdentity); decision.Reason != 0 {
		return decision.Reason.String()
	}
	return "full"
}

func referenceOf(t *testing.T, s *stage.Stage) string {
	t.Helper()
	answer := s.Ask(t, "idva.byrne", `{ cases(first: 50) { edges { node { reference victim { name } } } } }`, nil)
	var read struct {
		Data struct {
			Cases struct {
				Edges []struct {
					Node struct {
						Reference string
						Victim    struct{ Name string }
					}
				}
			}
		}
	}
	must(t, json.Unmarshal(answer.Body, &read))
	for _, edge := range read.Data.Cases.Edges {
		if edge.Node.Victim.Name == "Marianne Aldous" {
			return edge.Node.Reference
		}
	}
	t.Fatalf("the case is not there: %s", answer.Body)
	return ""
}

// Whoever is kept from a case is told nothing by the API; the data protection officer
// is told why. Each question is in the audit log, in nobody's name, with the records
// and without a class: nothing was opened.
func TestAnExplanationSaysWhoIsExcludedAndIsEntered(t *testing.T) {
	stage.NeedsFile(t)
	folder, signIn := t.TempDir(), stage.NewSignIn(t)
	s := stage.New(t, stage.Options{Folder: folder, SignIn: signIn})
	reference := referenceOf(t, s)
	e := explained{s, reference}
	if _, err := program.Explain(t.Context(), e.request("pc.ahmed", "Person.name")); err == nil || !strings.Contains(err.Error(), "another Accord is using this key folder") {
		t.Errorf("beside a running program: %v", err)
	}
	officer := s.Capacity(t, "pc.ahmed").Person
	caseID := caseOf(t, s, reference)
	_, err := procedures.SetExclusion(t.Context(), s.As(t, "coord.ellis"), sharing.Exclusion{
		Case: caseID, Person: officer, Kind: sharing.ExcludedFrom, Reason: sharing.BecauseFriend,
	})
	must(t, err)
	entered := s.Entered(t)
	s.Close(t)

	told := e.ask(t, "northmoor-police/pc.ahmed", "Person.name")
	if text := told.String(); !told.Excluded || summary(told) != "not there" || !strings.Contains(text, "\nExcluded     yes: ") || !strings.Contains(text, "\nDecision     not there: ") || strings.Contains(text, "ROLE") {
		t.Errorf("of somebody who is excluded:\n%s", text)
	}
	if told := e.ask(t, officer, "Plan.items"); !told.Excluded || len(told.Records) != 1 {
		t.Errorf("by the practitioner's id:\n%s", told)
	}
	e.reference = "ACC-0000-0000"
	if told := e.ask(t, "idva.byrne", "Person.name"); told.Case != "" || !strings.Contains(told.String(), "there is none of that reference") {
		t.Errorf("of a case that is not there:\n%s", told)
	}

	s = stage.New(t, stage.Options{Folder: folder, SignIn: signIn})
	var explanations []audit.Entry
	for _, entry := range s.Entries(t, entered) {
		if entry.Action == "explainPolicy" {
			explanations = append(explanations, entry)
		}
	}
	if len(explanations) != 3 {
		t.Fatalf("%d explanations are entered", len(explanations))
	}
	for i, entry := range explanations {
		outcome, of := audit.Done, officer
		if i == 2 {
			outcome, of = audit.NotFound, s.Capacity(t, "idva.byrne").Person
		}
		if entry.System != "policy explain" || entry.Person != "" || entry.Agency != "" || entry.Roles != nil || entry.Purpose != "" ||
			entry.Operation != audit.Consultation || entry.Outcome != audit.Done && entry.Outcome != outcome {
			t.Errorf("entered %+v", entry)
		}
		seen := map[string]bool{}
		for _, record := range entry.Records {
			seen[string(record.Record)] = true
			if record.Full != 0 || record.Masked != 0 {
				t.Errorf("something of %s was opened", record.Record)
			}
		}
		if !seen[of] || i < 2 && !seen[caseID] || i == 2 && len(entry.Records) != 2 {
			t.Errorf("entered %+v", entry.Records)
		}
	}
}

func caseOf(t *testing.T, s *stage.Stage, reference string) string {
	t.Helper()
	found, err := s.As(t, "coord.ellis").Case(t.Context(), reference)
	must(t, err)
	return found.ID
}

// What cannot be explained is said in one sentence, and a folder that is not there is
// not made.
func TestWhatCannotBeExplainedIsSaid(t *testing.T) {
	stage.NeedsFile(t)
	s := stage.New(t, stage.Options{})
	reference := referenceOf(t, s)
	s.Close(t)
	broken := filepath.Join(t.TempDir(), "policy.csv")
	policyFile(t, broken, func(lines []string) []string { return append([]string{"p, IDVA"}, lines...) })
	for name, c := range map[string]struct {
		change func(*program.ExplainRequest)
		says   string
	}{
		"a field that is none":   {func(r *program.ExplainRequest) { r.Field = "Person.home" }, "the schema has no such field: give its type and its name, such as Person.address"},
		"a field of everybody":   {func(r *program.ExplainRequest) { r.Field = "Agency.name" }, "Agency.name is no field of a record that belongs to a case"},
		"nobody of the name":     {func(r *program.ExplainRequest) { r.As = "pc.nobody" }, "nobody in the directory signs in by that name: give it as at sign-in, behind the agency (southvale-police/pc.ward), or the practitioner's id"},
		"no name":                {func(r *program.ExplainRequest) { r.As = "" }, "nobody in the directory signs in by that name: give it as at sign-in, behind the agency (southvale-police/pc.ward), or the practitioner's id"},
		"another's agency":       {func(r *program.ExplainRequest) { r.As = "harbour-idva/pc.ahmed" }, "nobody in the directory signs in by that name: give it as at sign-in, behind the agency (southvale-police/pc.ward), or the practitioner's id"},
		"a purpose that is none": {func(r *program.ExplainRequest) { r.Purpose = "CURIOSITY" }, "there is no such purpose: the README lists them"},
		"a folder that is none":  {func(r *program.ExplainRequest) { r.Data = filepath.Join(r.Data, "nowhere") }, filepath.Join(s.Data, "nowhere") + " is not there"},
		"a policy that is not":   {func(r *program.ExplainRequest) { r.Policy = broken }, "the access policy in " + broken + ` is not sound: policy line 1: a rule is "p, role, relation, data class, act, level" and nothing else`},
	} {
		t.Run(name, func(t *testing.T) {
			request := explained{s, reference}.request("pc.ahmed", "Person.name")
			c.change(&request)
			if told, err := program.Explain(t.Context(), request); err == nil || err.Error() != c.says {
				t.Errorf("%v\n%v, want %s", told.Case, err, c.says)
			}
		})
	}

	// A purpose is told with whether it may be declared.
	request := explained{s, reference}.request("pc.ahmed", "Person.name")
	for purpose, says := range map[string]string{
		"": "\nPurpose      none declared; a routine read, for INVESTIGATION\n", "SAFETY_PLANNING": "\nPurpose      SAFETY_PLANNING\n",
		"QA_AUDIT": "\nPurpose      QA_AUDIT, which none of the roles may declare: every request with it is refused\n",
	} {
		request.Purpose = purpose
		if told, err := program.Explain(t.Context(), request); err != nil || !strings.Contains(told.String(), says) {
			t.Errorf("%s: %v\n%s", purpose, err, told)
		}
	}
}
