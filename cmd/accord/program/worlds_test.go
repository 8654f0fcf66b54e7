package program_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"accord/cmd/accord/stage"
	"accord/domain/sharing"
	"accord/internal/audit"
	"accord/internal/procedures"
)

// world is one file of testdata/worlds: people of the demo ask, and it says what
// each of them is answered and what that leaves in the audit log, with the source
// of every expectation.
type world struct {
	Theme   string `yaml:"theme"`
	Changes bool   `yaml:"changes"` // plays in a demo of its own, step after step
	Views   any    `yaml:"views"`   // anchors that the steps refer to
	Steps   []step `yaml:"steps"`

	Query     string         `yaml:"query"` // of the steps that name none
	Variables map[string]any `yaml:"variables"`
	MadeUp    map[string]any `yaml:"madeUp"`
}

// step is one question, asked by each of the people on their own, or something
// that is done between the questions: the coordinator sets an exclusion, somebody
// assigns a practitioner.
type step struct {
	Why     string     `yaml:"why"` // the source of what is expected
	Exclude *exclusion `yaml:"exclude"`
	Assign  *assigning `yaml:"assign"`

	Who       []string       `yaml:"who"`
	Query     string         `yaml:"query"` // file of testdata/queries
	Variables map[string]any `yaml:"variables"`
	MadeUp    map[string]any `yaml:"madeUp"` // variables that name what never was
	Purpose   string         `yaml:"purpose"`
	Keep      string         `yaml:"keep"`   // remembers the answer by this name
	SameAs    string         `yaml:"sameAs"` // the answer has the bytes of one remembered

	Status     int               `yaml:"status"` // of HTTP; 0 is 200
	Error      map[string]string `yaml:"error"`  // the extensions of the one error
	Answer     map[string]any    `yaml:"answer"`
	Redactions *[]string         `yaml:"redactions"`
	Audit      *[]entryWanted    `yaml:"audit"`
}

type exclusion struct {
	Person string                  `yaml:"person"`
	Case   string                  `yaml:"case"`
	Kind   sharing.ExclusionKind   `yaml:"kind"`
	Reason sharing.ExclusionReason `yaml:"reason"`
}

type assigning struct {
	By     string `yaml:"by"`
	Person string `yaml:"person"`
	Case   string `yaml:"case"`
}

func TestWorlds(t *testing.T) {
	files, err := filepath.Glob("testdata/worlds/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no worlds: %v", err)
	}
	demo := prepareDemo(t)
	shared := demo.play(t, 0)
	for n, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			told := readWorld(t, file)
			play := shared
			if told.Changes {
				play = demo.play(t, n+1)
			}
			for n := range told.Steps {
				play.step(t, told, n)
			}
		})
	}
}

func readWorld(t *testing.T, file string) world {
	t.Helper()
	var told world
	decodeStrictly(t, file, &told)
	if told.Theme == "" || len(told.Steps) == 0 {
		t.Fatalf("%s asserts nothing", file)
	}
	for n := range told.Steps {
		one := &told.Steps[n]
		if one.Query == "" {
			one.Query = told.Query
		}
		if one.Variables == nil {
			one.Variables = told.Variables
		}
		if one.MadeUp == nil {
			one.MadeUp = told.MadeUp
		}
		if lack := one.lacks(told.Changes); lack != "" {
			t.Fatalf("%s, step %d: %s", file, n+1, lack)
		}
	}
	return told
}

// acts reports whether the step does something rather than ask.
func (s step) acts() bool { return s.Exclude != nil || s.Assign != nil }

// lacks says what keeps a step from asserting something; empty when nothing does.
func (s step) lacks(changes bool) string {
	expects := s.Answer != nil || s.Error != nil || s.Redactions != nil || s.Audit != nil
	switch {
	case s.Why == "":
		return "it names no source"
	case s.acts() && (expects || len(s.Who) > 0 || !changes || s.Exclude != nil && s.Assign != nil):
		return "an act stands alone, in a world that changes"
	case s.acts():
		return ""
	case len(s.Who) == 0 || s.Query == "":
		return "it asks nothing"
	case (s.Answer == nil) == (s.Error == nil):
		return "it expects either an answer or an error"
	case s.Redactions == nil || s.Audit == nil:
		return "it does not say which redactions and audit entries it expects"
	case s.Error["code"] == "NOT_FOUND" && len(s.MadeUp) == 0:
		return "what is not found is compared with what never was: say madeUp"
	default:
		return ""
	}
}

func decodeStrictly(t *testing.T, file string, into any) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("reading a world: %v", err)
	}
	if err := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// play is a demo in which worlds are played.
type play struct {
	stage   *stage.Stage
	facts   facts
	entries int64             // of the audit log, read so far
	kept    map[string][]byte // answers remembered
}

// preparedDemo is a demo that was written and closed, to be played in copies of it.
type preparedDemo struct {
	signIn *stage.SignIn
	folder string
}

func prepareDemo(t *testing.T) preparedDemo {
	t.Helper()
	demo := preparedDemo{stage.NewSignIn(t), t.TempDir()}
	stage.New(t, stage.Options{SignIn: demo.signIn, Folder: demo.folder}).Close(t)
	return demo
}

// play opens a copy; what is random in it follows from its number.
func (d preparedDemo) play(t *testing.T, number int) *play {
	t.Helper()
	folder := t.TempDir()
	stage.CopyFolder(t, folder, d.folder)
	set := stage.New(t, stage.Options{SignIn: d.signIn, Folder: folder, Seed: uint64(number) + 1})
	return &play{stage: set, facts: readFacts(t, set), entries: set.Entered(t), kept: map[string][]byte{}}
}

func (p *play) step(t *testing.T, told world, n int) {
	t.Helper()
	one := told.Steps[n]
	if one.acts() {
		p.act(t, one)
		return
	}
	for _, login := range one.Who {
		t.Run(label(n, one, login), func(t *testing.T) { p.ask(t, one, login) })
	}
}

func label(n int, one step, login string) string {
	return strings.Join([]string{string(rune('a' + n/26)), string(rune('a' + n%26)), " ", login, " asks ", one.Query}, "")
}

// ask has somebody ask, and holds answer, redactions and audit entries against
// what the step says.
func (p *play) ask(t *testing.T, one step, login string) {
	t.Helper()
	variables := p.resolve(t, one.Variables)
	body := p.request(t, one.Query, variables)
	answered := p.send(t, login, one.Purpose, body)
	entered := p.entered(t)
	status := one.Status
	if status == 0 {
		status = http.StatusOK
	}
	if answered.Status != status {
		t.Errorf("status %d, want %d", answered.Status, status)
	}
	p.compareAnswer(t, one, answered.Body)
	compareEntries(t, *one.Audit, entered, p.asker(t, login, one), variables)
	if one.Keep != "" {
		p.kept[one.Keep] = answered.Body
	}
	if one.SameAs != "" && !bytes.Equal(answered.Body, p.kept[one.SameAs]) {
		t.Errorf("not the answer of %q:\n%s\n%s", one.SameAs, answered.Body, p.kept[one.SameAs])
	}
	if one.Error["code"] == "NOT_FOUND" {
		p.compareMadeUp(t, one, login, answered, entered)
	}
}

// compareMadeUp asks for what never was: the same bytes, the same entry.
func (p *play) compareMadeUp(t *testing.T, one step, login string, answered stage.Answer, entered []audit.Entry) {
	t.Helper()
	madeUp := p.send(t, login, one.Purpose, p.request(t, one.Query, p.resolve(t, one.MadeUp)))
	if !bytes.Equal(madeUp.Body, answered.Body) || madeUp.Status != answered.Status {
		t.Errorf("it can be told from what never was:\n%s\n%s", answered.Body, madeUp.Body)
	}
	invented := p.entered(t)
	compareEntries(t, *one.Audit, invented, p.asker(t, login, one), one.MadeUp)
	for i := range min(len(invented), len(entered)) {
		if invented[i].Records[0].Record == entered[i].Records[0].Record {
			t.Error("two different look-ups are entered as one")
		}
	}
}

func (p *play) request(t *testing.T, query string, variables map[string]any) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "queries", query+".graphql"))
	if err != nil {
		t.Fatalf("reading a query: %v", err)
	}
	body, err := json.Marshal(map[string]any{"query": string(text), "variables": variables})
	if err != nil {
		t.Fatalf("encoding a question: %v", err)
	}
	return body
}

// send sends a request, with the purpose that is declared for it.
func (p *play) send(t *testing.T, login, purpose string, body []byte) stage.Answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.stage.URL(), bytes.NewReader(body))
	if err != nil {
		t.Fatalf("making a request: %v", err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+p.stage.Token(t, login))
	if purpose != "" {
		request.Header.Set("Accord-Purpose", purpose)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatalf("asking: %v", err)
	}
	answered, err := io.ReadAll(response.Body)
	if closed := response.Body.Close(); err != nil || closed != nil {
		t.Fatalf("reading an answer: %v, %v", err, closed)
	}
	return stage.Answer{Status: response.StatusCode, Body: answered}
}

// act has somebody do what the step says.
func (p *play) act(t *testing.T, one step) {
	t.Helper()
	var err error
	switch ctx := t.Context(); {
	case one.Exclude != nil:
		e := one.Exclude
		err = procedures.ExcludePractitioner(ctx, p.stage.As(t, "coord.ellis"), sharing.Exclusion{
			Case: p.facts.id(t, "case of "+e.Case), Person: p.stage.Capacity(t, e.Person).Person, Kind: e.Kind, Reason: e.Reason,
		})
	case one.Assign != nil:
		a := one.Assign
		err = procedures.AssignPractitioner(ctx, p.stage.As(t, a.By), p.facts.id(t, "case of "+a.Case), p.stage.Capacity(t, a.Person).Person)
	}
	if err != nil {
		t.Fatalf("%s: %v", one.Why, err)
	}
	p.entered(t) // the entries of the act are not those of the next question
}

// The pack that the worlds ask for is the one that the program prints.
func TestThePackOfTheWorldsIsTheOneThatIsPrinted(t *testing.T) {
	asked, err := os.ReadFile("testdata/queries/meeting_pack.graphql")
	if err != nil {
		t.Fatal(err)
	}
	printed, err := os.ReadFile("../meeting_pack.graphql")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(strings.Fields(string(asked)), strings.Fields(string(printed))) {
		t.Error("the worlds ask for another pack than the one that the program prints")
	}
}
