package program_test

import (
	"bytes"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"accord/cmd/accord/stage"
	"accord/internal/audit"
)

// worldFiles are the worlds: they stand beside the policy that they hold to its word.
const worldFiles = "../../../authz/testdata/worlds/*.yaml"

// fewestWorlds is one for each rule and each note of the access matrix whose record is
// there; fewer would be read past somewhere else.
const fewestWorlds = 70

// world is one file: people of the rehearsal ask and act, and it says what each of
// them is answered, what that leaves in the audit log and whom it alerts, with the
// source of every expectation.
type world struct {
	Rule    string `yaml:"rule"`    // in a sentence, with its source
	Changes bool   `yaml:"changes"` // plays in a rehearsal of its own, step after step
	Views   any    `yaml:"views"`   // anchors that the steps refer to
	Steps   []step `yaml:"steps"`

	Query     string         `yaml:"query"` // of the steps that name no question
	Variables map[string]any `yaml:"variables"`
	MadeUp    map[string]any `yaml:"madeUp"`
}

// step is one question, asked by each of the people on their own, or what is given
// between the questions.
type step struct {
	Why   string `yaml:"why"` // the source of what is expected
	Given []deed `yaml:"given"`

	Who     []string `yaml:"who"`
	Purpose string   `yaml:"purpose"`
	Inquiry `yaml:",inline"`
	MadeUp  map[string]any `yaml:"madeUp"` // variables or input that name what never was
	As      string         `yaml:"as"`     // what the world calls the record that is answered
	Keep    string         `yaml:"keep"`   // remembers the answer by this name
	SameAs  string         `yaml:"sameAs"` // the answer has the bytes of one remembered

	Status     int                 `yaml:"status"` // of HTTP; 0 is 200
	Error      map[string]string   `yaml:"error"`  // the extensions of the one error
	Answer     any                 `yaml:"answer"`
	Redactions *[]string           `yaml:"redactions"`
	Audit      *[]entryWanted      `yaml:"audit"`
	Alerts     map[string][]string `yaml:"alerts"` // kinds of the alerts raised, by login; whoever is not named is told nothing
}

func TestWorlds(t *testing.T) {
	files, err := filepath.Glob(worldFiles)
	if err != nil || len(files) < fewestWorlds {
		t.Fatalf("there are %d worlds: %v", len(files), err)
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
	if told.Rule == "" || len(told.Steps) == 0 {
		t.Fatalf("%s asserts nothing", file)
	}
	for n := range told.Steps {
		one := &told.Steps[n]
		if len(one.Given) == 0 && one.isOpen() {
			one.Query = told.Query
		}
		if one.Query != "" {
			one.Variables = orElse(one.Variables, told.Variables)
			one.MadeUp = orElse(one.MadeUp, told.MadeUp)
		}
		if lack := one.lacks(told.Changes); lack != "" {
			t.Fatalf("%s, step %d: %s", file, n+1, lack)
		}
	}
	return told
}

// orElse is the first of the maps that is there.
func orElse(these, those map[string]any) map[string]any {
	if these != nil {
		return these
	}
	return those
}

// lacks says what keeps a step from asserting something; empty when nothing does.
func (s step) lacks(changes bool) string {
	expects := s.Answer != nil || s.Error != nil || s.Redactions != nil || s.Audit != nil || s.Alerts != nil
	switch {
	case s.Why == "":
		return "it names no source"
	case len(s.Given) > 0 && (expects || len(s.Who) > 0 || !changes):
		return "what is given stands alone, in a world that changes"
	case len(s.Given) > 0:
		return ""
	case len(s.Who) == 0 || s.isOpen():
		return "it asks nothing"
	case s.changes() && !changes:
		return "what changes something plays in a world that changes"
	case (s.Answer == nil) == (s.Error == nil):
		return "it expects either an answer or an error"
	case s.Redactions == nil || s.Audit == nil:
		return "it does not say which redactions and audit entries it expects"
	case s.Error["code"] == "NOT_FOUND" && len(s.MadeUp) == 0 && s.Case == "":
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

// play is a rehearsal in which worlds are played.
type play struct {
	stage   *stage.Stage
	facts   facts
	entries int64             // of the audit log, read so far
	kept    map[string][]byte // answers remembered
	alerts  map[string]bool   // raised so far, by id
}

// preparedDemo is a rehearsal that was written and closed, to be played in copies of it.
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
	return &play{
		stage: set, facts: readFacts(t, set), entries: set.Entered(t), kept: map[string][]byte{}, alerts: map[string]bool{},
	}
}

func (p *play) step(t *testing.T, told world, n int) {
	t.Helper()
	one := told.Steps[n]
	for _, deed := range one.Given {
		p.do(t, deed)
	}
	for _, login := range one.Who {
		t.Run(label(n, one, login), func(t *testing.T) { p.ask(t, one, login) })
	}
}

func label(n int, one step, login string) string {
	return strings.Join([]string{string(rune('a' + n/26)), string(rune('a' + n%26)), " ", login, " asks ", one.name()}, "")
}

// ask has somebody ask, and holds answer, redactions, audit entries and alerts
// against what the step says.
func (p *play) ask(t *testing.T, one step, login string) {
	t.Helper()
	asked := p.put(t, one.Inquiry, login, nil)
	answered := p.send(t, login, one.Purpose, asked)
	entered := p.entered(t)
	status := one.Status
	if status == 0 {
		status = http.StatusOK
	}
	if answered.Status != status {
		t.Errorf("status %d, want %d", answered.Status, status)
	}
	if one.As != "" {
		p.facts.call(t, one.As, answered.Body)
	}
	if one.Fetches != "" && one.Error == nil {
		if string(answered.Body) != one.Answer || len(*one.Redactions) > 0 {
			t.Errorf("fetched %q, want %q", answered.Body, one.Answer)
		}
	} else {
		p.compareAnswer(t, one, answered.Body)
	}
	p.compareEntries(t, *one.Audit, entered.asker, p.asker(t, login, one), asked.variables)
	p.compareAlerts(t, one.Alerts, entered.alerted)
	if one.Keep != "" {
		p.kept[one.Keep] = answered.Body
	}
	if one.SameAs != "" && !bytes.Equal(answered.Body, p.kept[one.SameAs]) {
		t.Errorf("not the answer of %q:\n%s\n%s", one.SameAs, answered.Body, p.kept[one.SameAs])
	}
	if one.Error["code"] == "NOT_FOUND" {
		p.compareMadeUp(t, one, login, answered, entered.asker)
	}
}

// compareMadeUp asks for what never was: the same bytes, the same entry.
func (p *play) compareMadeUp(t *testing.T, one step, login string, answered stage.Answer, entered []audit.Entry) {
	t.Helper()
	never := one.MadeUp
	if one.Case != "" {
		never = map[string]any{"reference": "ACC-0000-0000"}
	}
	asked := p.put(t, one.Inquiry, login, never)
	madeUp := p.send(t, login, one.Purpose, asked)
	if !bytes.Equal(madeUp.Body, answered.Body) || madeUp.Status != answered.Status {
		t.Errorf("it can be told from what never was:\n%s\n%s", answered.Body, madeUp.Body)
	}
	invented := p.entered(t)
	p.compareEntries(t, *one.Audit, invented.asker, p.asker(t, login, one), never)
	for i := range min(len(invented.asker), len(entered)) {
		if missed := missedOf(entered[i]); len(missed) > 0 && slices.Equal(missedOf(invented.asker[i]), missed) {
			t.Error("two different look-ups are entered as one")
		}
	}
}

// missedOf lists what an entry says was looked for in vain.
func missedOf(entry audit.Entry) []audit.ID {
	var missed []audit.ID
	for _, record := range entry.Records {
		if record.Version == 0 {
			missed = append(missed, record.Record)
		}
	}
	return missed
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

func merged(these, over map[string]any) map[string]any {
	both := maps.Clone(these)
	if both == nil {
		both = map[string]any{}
	}
	maps.Copy(both, over)
	return both
}
