package authz_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"accord/authz"
)

// reading is a rule that reads, and with it what any act beside it needs.
func reading(role, relation, class string) string {
	return strings.Join([]string{"p", role, relation, class, "read", "full"}, ", ") + "\n"
}

// Each fault is told by its line, its kind, and words that say what to do.
func TestACheckTellsEveryFaultOfAPolicy(t *testing.T) {
	const allowed = "p, IDVA, ASSIGNED, PLAN, read, full\n"
	for name, c := range map[string]struct{ line, code, says string }{
		"a role that is misspelt":       {"p, PROSECUTOR_X, FILED, PLAN, read, full", "unknown-role", `unknown role "PROSECUTOR_X"; did you mean PROSECUTOR?`},
		"a relation that is misspelt":   {"p, IDVA, ASIGNED, PLAN, read, full", "unknown-relation", `unknown relation "ASIGNED"; did you mean ASSIGNED?`},
		"a class that is misspelt":      {"p, IDVA, ASSIGNED, SAFECONTACT, read, full", "unknown-class", `unknown data class "SAFECONTACT"; did you mean SAFE_CONTACT?`},
		"an act that is misspelt":       {"p, IDVA, ASSIGNED, PLAN, Read, full", "unknown-act", `unknown act "Read"; did you mean read?`},
		"a level that is misspelt":      {"p, IDVA, ASSIGNED, PLAN, read, mask", "unknown-level", `unknown level "mask"; did you mean masked?`},
		"a role like no other":          {"p, EVERYBODY_AT_ALL, ASSIGNED, PLAN, read, full", "unknown-role", `unknown role "EVERYBODY_AT_ALL"`},
		"a role with two other letters": {"p, ISBD, ASSIGNED, PLAN, read, full", "unknown-role", `unknown role "ISBD"; did you mean ISAC?`},
		"a name longer than any":        {"p, " + strings.Repeat("I", 70) + ", ASSIGNED, PLAN, read, full", "unknown-role", `unknown role "` + strings.Repeat("I", 70) + `"`},
		"an effect that denies":         {"p, IDVA, ASSIGNED, ORDER_CONDITIONS, read, full, deny", "effect", "a rule names no effect: every rule allows, and what no rule allows is withheld"},
		"an effect that allows":         {"p, IDVA, ASSIGNED, ORDER_CONDITIONS, read, full, allow", "effect", "a rule names no effect: every rule allows, and what no rule allows is withheld"},
		"a column too few":              {"p, IDVA, ASSIGNED, PLAN, read", "columns", `a rule is "p, role, relation, data class, act, level" and nothing else`},
		"a column too many":             {"p, IDVA, ASSIGNED, PLAN, read, full, full", "columns", `a rule is "p, role, relation, data class, act, level" and nothing else`},
		"a line twice":                  {"p,IDVA,ASSIGNED,PLAN,read,full", "twice", "the rule stands on line 1 already"},
		"a mask beside the whole":       {"p, IDVA, ASSIGNED, PLAN, read, masked", "contained", "line 1 allows this in full, which contains the mask"},
		"a write that is not read":      {"p, IDVA, ASSIGNED, ORDER_CONDITIONS, write, full", "not-read", "IDVA may write ORDER_CONDITIONS full by ASSIGNED but not read it"},
		"a reveal that is not read":     {"p, IDVA, ASSIGNED, SAFE_CONTACT, reveal, masked", "not-read", "IDVA may reveal SAFE_CONTACT masked by ASSIGNED but not read it"},
		"a reveal of what is never":     {"p, IDVA, ASSIGNED, PLAN, reveal, full", "never-revealed", "nothing of PLAN is revealed one person at a time: only SAFE_CONTACT is"},
		"a class of no record":          {reading("IDVA", "ASSIGNED", "MAPPA_RMP"), "no-record", "no record carries MAPPA_RMP: the rule opens nothing"},
		"a relation to another":         {reading("PUBLIC_PROTECTION", "SIGNED", "PLAN"), "unreachable", "SIGNED reaches no record that carries PLAN, which is reached by "},
		"the directory":                 {reading("AUDITOR", "OVERSIGHT", "DIRECTORY"), "unreachable", "the directory is every signed-in person's and hangs on no relation: it has no line"},
	} {
		t.Run(name, func(t *testing.T) {
			policy, findings := authz.CheckPolicy([]byte(allowed + c.line))
			if len(findings) != 1 || findings[0].Line != 2 || findings[0].Code != c.code || !strings.HasPrefix(findings[0].Says, c.says) {
				t.Errorf("found %v, want %s on line 2: %s", findings, c.code, c.says)
			}
			if policy.Rules() != 0 || policy.Hash() != "" {
				t.Error("what is left of it is a policy")
			}
		})
	}
}

// What no policy may allow is refused whoever writes it, with its source; beside it
// stands what is nearest to it and allowed.
func TestNoPolicyBreaksWhatKeepsAVictimSafe(t *testing.T) {
	for name, c := range map[string]struct{ never, allowed []string }{
		"notes-in-emergency": {
			never: []string{reading("IDVA", "BREAK_GLASS", "ADVOCATE_NOTES"), reading("INVESTIGATOR", "BREAK_GLASS", "ADVOCATE_NOTES")},
		},
		"notes-to-police": {
			never: []string{
				reading("SUPERVISOR", "RELEASED", "ADVOCATE_NOTES"), reading("DUTY_INSPECTOR", "OWNER", "ADVOCATE_NOTES"),
				reading("POLICE_SPOC", "RELEASED", "ADVOCATE_NOTES"), reading("CUSTODY_OFFICER", "RELEASED", "ADVOCATE_NOTES"),
				reading("CONTROL_ROOM", "RELEASED", "ADVOCATE_NOTES"), reading("PROSECUTOR", "RELEASED", "ADVOCATE_NOTES"),
				reading("CPS_SPOC", "RELEASED", "ADVOCATE_NOTES"), reading("MARAC_COORDINATOR", "RELEASED", "ADVOCATE_NOTES"),
				reading("MARAC_CHAIR", "RELEASED", "ADVOCATE_NOTES"), reading("INVESTIGATOR", "OWNER", "ADVOCATE_NOTES"),
				reading("PUBLIC_PROTECTION", "OWNER", "ADVOCATE_NOTES"),
			},
			allowed: []string{
				reading("INVESTIGATOR", "RELEASED", "ADVOCATE_NOTES"), reading("PUBLIC_PROTECTION", "RELEASED", "ADVOCATE_NOTES"),
				reading("IDVA", "OWNER", "ADVOCATE_NOTES"), reading("ISAC", "OWNER", "ADVOCATE_NOTES"),
			},
		},
		"address-in-full": {
			never: []string{
				reading("MARAC_CHAIR", "CHAIR", "SAFE_CONTACT"), reading("MARAC_COORDINATOR", "CONVENOR", "SAFE_CONTACT"),
				reading("PROSECUTOR", "FILED", "SAFE_CONTACT"), reading("CPS_SPOC", "SPOC", "SAFE_CONTACT"),
				reading("AUDITOR", "OVERSIGHT", "SAFE_CONTACT"), reading("PROSECUTOR", "BREAK_GLASS", "SAFE_CONTACT"),
			},
			allowed: []string{
				"p, MARAC_COORDINATOR, CONVENOR, SAFE_CONTACT, read, masked\n", reading("IDVA", "ASSIGNED", "SAFE_CONTACT"),
			},
		},
		"intelligence-to-advocate": {
			never: []string{
				reading("IDVA", "ASSIGNED", "INTELLIGENCE"), reading("ISAC", "RELEASED", "INTELLIGENCE"),
				"p, ISAC, TEAM, INTELLIGENCE, read, masked\n",
			},
			allowed: []string{reading("INVESTIGATOR", "ASSIGNED", "INTELLIGENCE"), reading("PROSECUTOR", "RELEASED", "INTELLIGENCE")},
		},
		"minutes-to-prosecution": {
			never: []string{
				reading("PROSECUTOR", "INVITED_ITEM", "MARAC_MINUTES"), reading("PROSECUTOR", "SIGNED", "MARAC_MINUTES"),
				"p, CPS_SPOC, ASSIGNED, MARAC_MINUTES, read, masked\n",
			},
			allowed: []string{reading("PROSECUTOR", "RELEASED", "MARAC_MINUTES"), reading("PUBLIC_PROTECTION", "SIGNED", "MARAC_MINUTES")},
		},
		"administrator": {
			never: []string{reading("SYSTEM_ADMINISTRATOR", "ASSIGNED", "CASE_CORE"), "p, SYSTEM_ADMINISTRATOR, OVERSIGHT, REFERRAL, read, masked\n"},
		},
		"system-capacity": {
			never: []string{
				reading("LIST_RELAY", "CONVENOR", "PLAN"), reading("LIST_RELAY", "CONVENOR", "RESEARCH"),
				reading("RECORD_UPKEEP", "ASSIGNED", "CASE_CORE"), reading("FIRST_START", "ASSIGNED", "CASE_CORE"),
			},
			allowed: []string{
				reading("LIST_RELAY", "CONVENOR", "CASE_CORE"), "p, LIST_RELAY, CONVENOR, RESEARCH, read, masked\n",
				"p, LIST_RELAY, CONVENOR, MEETING_LIST, read, masked\n", // less than it has
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, line := range c.never {
				_, findings := authz.CheckPolicy([]byte(line))
				told := slices.ContainsFunc(findings, func(f authz.Finding) bool {
					return f.Code == name && f.Line == 1 && strings.HasSuffix(f.Says, ")") && strings.Contains(f.Says, " (")
				})
				if !told {
					t.Errorf("%sfound %v", line, findings)
				}
			}
			for _, line := range c.allowed {
				if _, findings := authz.CheckPolicy([]byte(line)); len(findings) > 0 {
					t.Errorf("%sfound %v", line, findings)
				}
			}
		})
	}
}

// All faults are told at once, in the order of the lines, whatever finds them.
func TestACheckTellsFaultsInTheOrderOfTheirLines(t *testing.T) {
	text := "p, IDVA, ASSIGNED, PLAN, write, full\n" + // not read
		"p, IDVA, ASSIGNED\n" + // columns
		"# SYSTEM_ADMINISTRATOR has a line, by mistake\n" +
		"p, SYSTEM_ADMINISTRATOR, SIGNED, PLAN, read, full\n" + // reaches nothing, and may not
		"p, IDVA, ASSIGNED, PLAN, read, part\n"
	var got []string
	_, findings := authz.CheckPolicy([]byte(text))
	for _, finding := range findings {
		got = append(got, strconv.Itoa(finding.Line)+" "+finding.Code)
	}
	if want := []string{"1 not-read", "2 columns", "4 unreachable", "4 administrator", "5 unknown-level"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func shippedText(tb testing.TB) string {
	tb.Helper()
	text, err := os.ReadFile("policy.csv")
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

// Whoever changes a policy sees what it takes from the one that Accord ships and what
// it adds, in whatever order the lines are.
func TestAPolicyIsToldFromTheShippedOne(t *testing.T) {
	text := shippedText(t)
	if removed, added := authz.AgainstShipped([]byte(text)); removed != nil || added != nil {
		t.Errorf("the shipped policy differs from itself by %v and %v", removed, added)
	}
	lost, gained := "p, PROSECUTOR, INVITED_ITEM, MEETING_LIST, read, full\n", "p, MARAC_CHAIR, SIGNED, MEETING_LIST, read, full\n"
	before, _, _ := strings.Cut(text, lost)
	line := 1 + strings.Count(before, "\n")
	lines := strings.SplitAfter(strings.Replace(text, lost, "", 1), "\n")
	slices.Reverse(lines)
	removed, added := authz.AgainstShipped([]byte(gained + "p, NOBODY\n" + strings.Join(lines, "")))
	want := authz.Difference{Line: line, Rule: strings.TrimSpace(strings.TrimPrefix(lost, "p, "))}
	if !slices.Equal(removed, []authz.Difference{want}) {
		t.Errorf("removed: %v, want %v", removed, want)
	}
	want = authz.Difference{Line: 1, Rule: strings.TrimSpace(strings.TrimPrefix(gained, "p, "))}
	if !slices.Equal(added, []authz.Difference{want}) {
		t.Errorf("added: %v, want %v", added, want)
	}
}

// Any rules of the shipped policy that read are a sound policy of their own: what is
// found is found of a rule, not of those that are not there.
func TestAnyReadingPartOfTheShippedPolicyIsSound(t *testing.T) {
	var reads []string
	for line := range strings.Lines(shippedText(t)) {
		if strings.HasPrefix(line, "p,") && strings.Contains(line, ", read,") {
			reads = append(reads, line)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOfNDistinct(rapid.SampledFrom(reads), 1, 20, rapid.ID).Draw(t, "lines")
		if _, findings := authz.CheckPolicy([]byte(strings.Join(some, ""))); len(findings) > 0 {
			t.Fatalf("found %v", findings)
		}
	})
}

// Every line of every form has as many fields, no cell is empty, and none begins as a
// formula does: a spreadsheet would work it out.
func TestTheMatrixIsATableThatCanBePasted(t *testing.T) {
	var text bytes.Buffer
	table := shippedTable(t)
	if err := table.WriteCSV(&text); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&text).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	classes := authz.DataClasses()
	if len(rows) < len(classes)+len(authz.Relations()) || len(rows[0]) != 1+len(everyRole()) {
		t.Fatalf("%d rows of %d fields", len(rows), len(rows[0]))
	}
	for i, row := range rows {
		for j, field := range row {
			if i <= len(classes) && field == "" || strings.ContainsAny(field[:min(1, len(field))], "=+-@\t\r") {
				t.Errorf("row %d, field %d is %q", i, j, field)
			}
		}
	}
	for i, class := range classes {
		for j, role := range everyRole() {
			cell := rows[1+i][1+j]
			for _, relation := range authz.Relations() {
				reached := held(table, role, relation).Level(class) != authz.Withheld && class != authz.Directory
				named := slices.ContainsFunc(strings.Split(cell, "; "), func(grant string) bool { return strings.HasPrefix(grant, relation.String()+" ") })
				if reached != named {
					t.Errorf("%s of %s says %q; by %s it is reached: %t", class, role, cell, relation, reached)
				}
			}
		}
	}

	text.Reset()
	if err := table.WriteMarkdown(&text); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(text.String(), "\n")
	for i := range 2 + len(classes) {
		if strings.Count(lines[i], "|") != len(rows[0])+1 {
			t.Errorf("line %d of the Markdown has other columns: %s", i, lines[i])
		}
	}
	for _, relation := range authz.Relations() {
		if !strings.Contains(text.String(), "- **"+relation.String()+"**: ") || strings.Contains(text.String(), "- **"+relation.String()+"**: \n") {
			t.Errorf("the legend does not say what %s means", relation)
		}
	}
}
