package authz_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"flag"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/casbin/casbin/v2"

	"accord/authz"
)

var update = flag.Bool("update", false, "write the golden file of the matrix anew")

// shipped is the table of the policy Accord ships, compiled once for all tests.
var shipped = sync.OnceValues(func() (*authz.Table, error) {
	policy, err := authz.DefaultPolicy()
	if err != nil {
		return nil, err
	}
	return authz.Compile(policy)
})

func shippedTable(tb testing.TB) *authz.Table {
	tb.Helper()
	table, err := shipped()
	if err != nil {
		tb.Fatal(err)
	}
	return table
}

// grant is one thing that is allowed, or asked.
type grant struct {
	role     authz.Role
	relation authz.Relation
	class    authz.DataClass
	act      authz.Act
	level    authz.Level
}

func (g grant) String() string {
	return strings.Join([]string{
		g.role.String(), g.relation.String(), g.class.String(), g.act.String(), g.level.String(),
	}, ", ")
}

// held is what one role holds by one relation alone.
func held(table *authz.Table, role authz.Role, relation authz.Relation) authz.Sight {
	return table.Decide([]authz.Role{role}, authz.RelationSet(0).With(relation))
}

var everyAct = []authz.Act{authz.Read, authz.Write, authz.Reveal}

func everyRole() []authz.Role { return append(authz.Roles(), authz.SystemRoles()...) }

func allowed(table *authz.Table, asked grant) bool {
	sight := held(table, asked.role, asked.relation)
	switch asked.act {
	case authz.Write:
		return sight.WriteLevel(asked.class) >= asked.level
	case authz.Reveal:
		return sight.RevealLevel(asked.class) >= asked.level
	default:
		return sight.Level(asked.class) >= asked.level
	}
}

// Casbin is asked about every cell, every act and every level. For each role and
// relation it holds the rules of the two alone, which the next test shows to be no
// different: with all the rules of the policy the asking would take minutes.
func TestTheTableAnswersForEveryCellAsCasbinDoes(t *testing.T) {
	t.Parallel()
	rules := map[wayTo][][]string{}
	for rule := range rulesOf(t, shippedText(t)) {
		way := wayTo{rule.role, rule.relation}
		rules[way] = append(rules[way], strings.Split(rule.String(), ", "))
	}
	table := shippedTable(t)
	for _, role := range everyRole() {
		t.Run(role.String(), func(t *testing.T) {
			t.Parallel()
			enforcers := map[authz.Relation]*casbin.Enforcer{}
			for _, relation := range authz.Relations() {
				enforcers[relation] = enforcerOf(t, rules[wayTo{role, relation}])
			}
			for cell := range cellsOf(role) {
				for _, level := range []authz.Level{authz.Masked, authz.Full} {
					cell.level = level
					want, err := enforcers[cell.relation].Enforce(cell.role.String(), cell.relation.String(), cell.class.String(),
						cell.act.String(), level.String())
					if err != nil {
						t.Fatal(err)
					}
					if got := allowed(table, cell); got != want {
						t.Errorf("%s: the table says %t, casbin %t", cell, got, want)
					}
				}
			}
		})
	}
}

func enforcerOf(tb testing.TB, rules [][]string) *casbin.Enforcer {
	tb.Helper()
	enforcer, err := casbin.NewEnforcer("model.conf")
	if err != nil {
		tb.Fatal(err)
	}
	if len(rules) > 0 {
		if _, err := enforcer.AddPolicies(rules); err != nil {
			tb.Fatal(err)
		}
	}
	return enforcer
}

// One casbin enforcer that holds every rule is asked what the table was compiled
// from one for each role and relation. It takes long to answer, so it is asked everything
// about every cell that a rule stands for, and a thousand other questions,
// which the text of the policy draws.
func TestTheTableAnswersAsCasbinDoes(t *testing.T) {
	enforcer, err := casbin.NewEnforcer("model.conf", "policy.csv")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("policy.csv")
	if err != nil {
		t.Fatal(err)
	}
	table := shippedTable(t)
	drawn := rand.New(rand.NewChaCha8(sha256.Sum256(text)))
	asked := map[grant]bool{}
	acts, levels := everyAct, []authz.Level{authz.Masked, authz.Full}
	ask := func(question grant) {
		if asked[question] || question.class == authz.Directory && question.act == authz.Read {
			return // the directory is every signed-in person's, beside the policy
		}
		asked[question] = true
		want, err := enforcer.Enforce(question.role.String(), question.relation.String(), question.class.String(),
			question.act.String(), question.level.String())
		if err != nil {
			t.Fatal(err)
		}
		if got := allowed(table, question); got != want {
			t.Errorf("%s: the table says %t, casbin %t", question, got, want)
		}
	}
	for rule := range rulesOf(t, string(text)) {
		for _, act := range acts {
			for _, level := range levels {
				ask(grant{rule.role, rule.relation, rule.class, act, level})
			}
		}
	}
	if len(asked) < 500 {
		t.Errorf("only %d questions about cells that a rule stands for", len(asked))
	}
	for range 1000 {
		ask(grant{
			one(drawn, everyRole()), one(drawn, authz.Relations()), one(drawn, authz.DataClasses()), one(drawn, acts), one(drawn, levels),
		})
	}
}

func one[T any](drawn *rand.Rand, of []T) T { return of[drawn.IntN(len(of))] }

// rulesOf reads the rules of a policy in the plainest way.
func rulesOf(tb testing.TB, text string) map[grant]bool {
	tb.Helper()
	named := map[string]grant{}
	for _, role := range everyRole() {
		for _, relation := range authz.Relations() {
			for _, class := range authz.DataClasses() {
				for _, act := range everyAct {
					for _, level := range []authz.Level{authz.Masked, authz.Full} {
						rule := grant{role, relation, class, act, level}
						named["p, "+rule.String()] = rule
					}
				}
			}
		}
	}
	rules := map[grant]bool{}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		rule, ok := named[line]
		if !ok {
			tb.Fatalf("no rule: %s", line)
		}
		rules[rule] = true
	}
	return rules
}

func TestAPolicyThatIsNotSoundNeverReplacesOneThatIs(t *testing.T) {
	good, err := authz.ParsePolicy([]byte(sound))
	if err != nil {
		t.Fatal(err)
	}
	better, err := authz.ParsePolicy([]byte(sound + "p, IDVA, ASSIGNED, REFERRAL, read, full\n"))
	if err != nil {
		t.Fatal(err)
	}
	broken, err := authz.ParsePolicy([]byte(sound + "p, IDVA, ASSIGNED, REFERRAL, read, full, deny\n"))
	if err == nil {
		t.Fatal("a line that denies was accepted")
	}
	if current, err := authz.NewCurrent(broken, nil); err == nil || current != nil {
		t.Errorf("a start with a broken policy gives %v, %v", current, err)
	}
	current, err := authz.NewCurrent(good, nil)
	if err != nil {
		t.Fatal(err)
	}
	first := current.Table()

	// Whoever asks meanwhile sees one of the two sound tables, each whole.
	referral := map[string]authz.Level{first.Hash(): authz.Withheld, hashOf(t, better): authz.Full}
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				table := current.Table()
				want, known := referral[table.Hash()]
				sight := held(table, authz.Idva, authz.Assigned)
				if !known || sight.Level(authz.Referral) != want || sight.WriteLevel(authz.Plan) != authz.Full {
					t.Errorf("the table %s gives %s of REFERRAL", table.Hash(), sight.Level(authz.Referral))
					return
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for _, policy := range []authz.Policy{broken, {}} {
		if err := current.Replace(policy); err == nil {
			t.Error("a broken policy was put in force")
		}
		if current.Table() != first {
			t.Error("a broken policy moved the table in force")
		}
	}
	if err := current.Replace(better); err != nil {
		t.Error(err)
	}
	second := current.Table()
	if second == first || held(second, authz.Idva, authz.Assigned).Level(authz.Referral) != authz.Full {
		t.Error("a sound policy was not put in force")
	}
	if err := current.Replace(broken); err == nil || current.Table() != second {
		t.Error("a broken policy replaced the second")
	}
	// A request that took its table keeps it.
	if held(first, authz.Idva, authz.Assigned).Level(authz.Referral) != authz.Withheld {
		t.Error("the table a request took has changed")
	}
	close(done)
	readers.Wait()
}

func hashOf(tb testing.TB, policy authz.Policy) string {
	tb.Helper()
	table, err := authz.Compile(policy)
	if err != nil {
		tb.Fatal(err)
	}
	return table.Hash()
}

// The golden files are what a data protection officer reviews: run the test with
// -update and read what has changed. They leave out which text it was compiled from:
// that changes with a comment.
func TestTheMatrixOfTheShippedPolicyIsAsReviewed(t *testing.T) {
	table := shippedTable(t)
	for file, write := range map[string]func(io.Writer) error{
		"matrix.golden": table.WriteMatrix, "matrix.golden.md": table.WriteMarkdown, "matrix.golden.csv": table.WriteCSV,
	} {
		t.Run(file, func(t *testing.T) {
			var written bytes.Buffer
			if err := write(&written); err != nil {
				t.Fatal(err)
			}
			text := bytes.ReplaceAll(written.Bytes(), []byte(table.Hash()), []byte("…"))
			golden := filepath.Join("testdata", file)
			if *update {
				if err := os.WriteFile(golden, text, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			reviewed, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(text, reviewed) {
				t.Errorf("the policy gives another matrix than was reviewed (-update writes it anew):\n%s", text)
			}
		})
	}
}

var errFull = errors.New("no space left")

// short takes so many bytes and no more.
type short struct{ left int }

func (s *short) Write(p []byte) (int, error) {
	if s.left -= len(p); s.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestAMatrixThatCouldNotBeWrittenIsAnError(t *testing.T) {
	table := compiled(t, sound)
	if err := table.WriteMatrix(io.Discard); err != nil {
		t.Error(err)
	}
	for _, left := range []int{0, len("INVESTIGATOR\n"), strings.Index(matrixOf(t, sound), "  PLAN") + 1} {
		if err := table.WriteMatrix(&short{left}); !errors.Is(err, errFull) {
			t.Errorf("after %d bytes: %v", left, err)
		}
	}
	for form, write := range map[string]func(io.Writer) error{"Markdown": table.WriteMarkdown, "CSV": table.WriteCSV} {
		if err := write(&short{100}); !errors.Is(err, errFull) {
			t.Errorf("as %s: %v", form, err)
		}
	}
}
