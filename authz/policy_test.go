package authz_test

import (
	"bytes"
	"strings"
	"testing"

	"accord/authz"
)

// sound is a policy of two rules: a comment, a blank line, a rule that reads and
// one that writes.
const sound = `# Who sees what.

p, IDVA, ASSIGNED, PLAN, read, full
p, IDVA, ASSIGNED, PLAN, write, full
`

func TestAPolicyIsRefusedWithEveryFaultByItsLine(t *testing.T) {
	const (
		shape  = `a rule is "p, role, relation, data class, act, level" and nothing else`
		effect = "a rule names no effect: every rule allows, and what no rule allows is withheld"
	)
	cases := map[string]struct {
		text   string
		faults []string // whole lines of the refusal, in their order
	}{
		"an unknown role": {
			sound + "p, ADVOCATE, ASSIGNED, PLAN, read, full", []string{`policy line 5: unknown role "ADVOCATE"`},
		},
		"an unknown relation": {
			sound + "p, IDVA, FRIEND, PLAN, read, full", []string{`policy line 5: unknown relation "FRIEND"`},
		},
		"an unknown data class": {
			sound + "p, IDVA, ASSIGNED, PLANS, read, full", []string{`policy line 5: unknown data class "PLANS"; did you mean PLAN?`},
		},
		"an unknown act": {
			sound + "p, IDVA, ASSIGNED, PLAN, delete, full", []string{`policy line 5: unknown act "delete"`},
		},
		"an unknown level": {
			sound + "p, IDVA, ASSIGNED, PLAN, read, partly", []string{`policy line 5: unknown level "partly"`},
		},
		"a name in another case": {
			sound + "p, idva, ASSIGNED, PLAN, read, full", []string{`policy line 5: unknown role "idva"; did you mean IDVA?`},
		},
		"a wildcard": {
			sound + "p, IDVA, *, PLAN, read, full", []string{`policy line 5: unknown relation "*"`},
		},
		"a rule that withholds": {
			sound + "p, IDVA, ASSIGNED, REFERRAL, read, withheld",
			[]string{"policy line 5: a rule only allows: the level is full or masked"},
		},
		"a line that denies":      {sound + "p, IDVA, ASSIGNED, REFERRAL, read, full, deny", []string{"policy line 5: " + effect}},
		"a line that says allow":  {sound + "p, IDVA, ASSIGNED, REFERRAL, read, full, allow", []string{"policy line 5: " + effect}},
		"an empty field more":     {sound + "p, IDVA, ASSIGNED, REFERRAL, read, full,", []string{"policy line 5: " + shape}},
		"a field too few":         {sound + "p, IDVA, ASSIGNED, REFERRAL, read", []string{"policy line 5: " + shape}},
		"a comment behind a rule": {sound + "p, IDVA, ASSIGNED, REFERRAL, read, full # own", []string{`policy line 5: unknown level "full # own"`}},
		"a second kind of rule":   {sound + "p2, IDVA, ASSIGNED, REFERRAL, read, full", []string{"policy line 5: " + shape}},
		"a role that inherits":    {sound + "g, IDVA, ISAC", []string{"policy line 5: " + shape}},
		"a rule in quotation marks": {
			sound + `p, "IDVA", ASSIGNED, REFERRAL, read, full`, []string{`policy line 5: unknown role "\"IDVA\""; did you mean IDVA?`},
		},
		"a rule twice": {
			sound + "  p,IDVA,ASSIGNED,PLAN,read,full", []string{"policy line 5: the rule stands on line 3 already"},
		},
		"the core of a case masked": {
			sound + "p, IDVA, ASSIGNED, CASE_CORE, read, masked", []string{"policy line 5: CASE_CORE is never masked"},
		},
		"the directory masked": {
			sound + "p, IDVA, ASSIGNED, DIRECTORY, read, masked", []string{
				"policy line 5: DIRECTORY is never masked",
				"policy line 5: the directory is every signed-in person's and hangs on no relation: it has no line",
			},
		},
		"a write without its read": {
			sound + "p, IDVA, ASSIGNED, REFERRAL, write, full",
			[]string{"policy line 5: IDVA may write REFERRAL full by ASSIGNED but not read it"},
		},
		"a write of which only the mask is read": {
			sound + "p, IDVA, ASSIGNED, REFERRAL, write, full\np, IDVA, ASSIGNED, REFERRAL, read, masked",
			[]string{"policy line 5: IDVA may write REFERRAL full by ASSIGNED but not read it"},
		},
		"a write that is read by another relation, by another role and of another class": {
			sound + "p, IDVA, ASSIGNED, REFERRAL, write, full\np, IDVA, OWNER, REFERRAL, read, full\n" +
				"p, ISAC, ASSIGNED, REFERRAL, read, full\np, IDVA, ASSIGNED, CASE_CORE, read, full",
			[]string{"policy line 5: IDVA may write REFERRAL full by ASSIGNED but not read it"},
		},
		"an empty file":        {"", []string{"the policy has no rule"}},
		"nothing but comments": {"# Nobody sees anything.\n\n   # Nor\r\n", []string{"the policy has no rule"}},
		"a byte order mark": {
			"\ufeff" + sound, []string{"policy line 1: the file begins with a byte order mark; save it as UTF-8 without one"},
		},
		"carriage returns alone": {
			"p, IDVA, ASSIGNED, PLAN, read, full\rp, IDVA, ASSIGNED, PLAN, write, full\r", []string{"policy line 1: " + shape},
		},
		"a line without end": {
			sound + strings.Repeat("p", 1<<17), []string{"reading the policy: bufio.Scanner: token too long"},
		},
		"many faults, in lines that end in CRLF": {
			strings.ReplaceAll("# Who sees what.\np, ADVOCATE, FRIEND, PLANS, delete, partly\np, IDVA, ASSIGNED, PLAN, read, full\n"+
				"p, IDVA, ASSIGNED, PLAN, read, full\n\np, IDVA, ASSIGNED, REFERRAL, write, full\ng, IDVA, ISAC\n", "\n", "\r\n"),
			[]string{
				`policy line 2: unknown role "ADVOCATE"`, `policy line 2: unknown relation "FRIEND"`,
				`policy line 2: unknown data class "PLANS"; did you mean PLAN?`,
				`policy line 2: unknown act "delete"`, `policy line 2: unknown level "partly"`,
				"policy line 4: the rule stands on line 3 already",
				"policy line 6: IDVA may write REFERRAL full by ASSIGNED but not read it",
				"policy line 7: " + shape,
			},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			policy, err := authz.ParsePolicy([]byte(c.text))
			if err == nil {
				t.Fatal("it was accepted")
			}
			if want := strings.Join(c.faults, "\n"); err.Error() != want {
				t.Errorf("got\n%v\nwant\n%s", err, want)
			}
			if _, err := authz.Compile(policy); err == nil {
				t.Error("what is left of it was compiled")
			}
		})
	}
}

func TestAPolicyIsReadHoweverItIsSetOut(t *testing.T) {
	want := matrixOf(t, sound)
	for name, text := range map[string]string{
		"as it is":               sound,
		"lines that end in CRLF": strings.ReplaceAll(sound, "\n", "\r\n"),
		"no end to the last":     strings.TrimSpace(sound),
		"spaces behind":          strings.ReplaceAll(sound, "\n", " \t\n"),
		"spaces before":          strings.ReplaceAll(sound, "\np", "\n\t p"),
		"no spaces within":       strings.ReplaceAll(sound, ", ", ","),
		"the write first":        "p, IDVA, ASSIGNED, PLAN, write, full\np, IDVA, ASSIGNED, PLAN, read, full\n",
	} {
		if got := matrixOf(t, text); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
	}
	if got := matrixOf(t, sound+"p, IDVA, ASSIGNED, SAFE_CONTACT, reveal, masked\np, IDVA, ASSIGNED, SAFE_CONTACT, read, full\n"); !strings.Contains(got, "ASSIGNED read+reveal masked\n") {
		t.Errorf("a number that is shown once:\n%s", got)
	}
	const mask = "p, IDVA, ASSIGNED, PLAN, write, masked\np, IDVA, ASSIGNED, PLAN, read, "
	for level, want := range map[string]string{"masked": "ASSIGNED masked+write masked", "full": "ASSIGNED read+write masked"} {
		if got := matrixOf(t, mask+level); !strings.Contains(got, want+"\n") {
			t.Errorf("a mask is written by whom reads at %s:\n%s", level, got)
		}
	}
}

func compiled(tb testing.TB, text string) *authz.Table {
	tb.Helper()
	policy, err := authz.ParsePolicy([]byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	table, err := authz.Compile(policy)
	if err != nil {
		tb.Fatal(err)
	}
	return table
}

func matrixOf(tb testing.TB, text string) string {
	tb.Helper()
	var written bytes.Buffer
	if err := compiled(tb, text).WriteMatrix(&written); err != nil {
		tb.Fatal(err)
	}
	return written.String()
}

func FuzzParsePolicy(f *testing.F) {
	for _, text := range []string{sound, "", "# a\r\n", "p,,,,,", sound + "g, IDVA, ISAC\n", "\ufeffp", "p, IDVA, ASSIGNED, PLAN, read, full, deny"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		policy, err := authz.ParsePolicy([]byte(text))
		if err != nil {
			return
		}
		// What is accepted says of every line that it allows, and goes on saying
		// it with nothing but another fault behind it.
		if again, err := authz.ParsePolicy([]byte(text + "\ng, IDVA, ISAC")); err == nil {
			t.Fatalf("a line that is no rule was accepted: %v", again)
		}
		for line := range strings.Lines(text) {
			line = strings.TrimSpace(line)
			if line != "" && !strings.HasPrefix(line, "#") && strings.Count(line, ",") != 5 {
				t.Fatalf("accepted %q in %v", line, policy)
			}
		}
	})
}
