package authz_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"accord/authz"
)

// vocabulary is the glossary of the field, word for word and in its order. What
// is stored, published and written in a policy are these names, and those added.
var vocabulary = map[string]string{
	"Role": "INVESTIGATOR SUPERVISOR DUTY_INSPECTOR POLICE_SPOC PUBLIC_PROTECTION CUSTODY_OFFICER CONTROL_ROOM PROSECUTOR " +
		"CPS_SPOC PROBATION_PRACTITIONER MAPPA_COORDINATOR IDVA ISAC MARAC_COORDINATOR MARAC_CHAIR AGENCY_REPRESENTATIVE " +
		"WITNESS_CARE AUDITOR SYSTEM_ADMINISTRATOR",
	"Relation": "ASSIGNED TEAM OWNER REPRESENTATIVE SIGNED INVITED_ITEM RELEASED CONVENOR CHAIR SPOC NOMINAL FILED CONSENTED " +
		"OVERSIGHT BREAK_GLASS AGENCY_PARTY",
	"DataClass": "CASE_CORE VICTIM_IDENTITY SAFE_CONTACT CHILDREN PERPETRATOR_IDENTITY RISK_ASSESSMENT COURSE_OF_CONDUCT " +
		"INTELLIGENCE ADVOCATE_NOTES ADVOCATE_STATEMENT HEALTH CHARGING_ADVICE PROCEEDINGS REFERRAL RESEARCH MEETING_LIST " +
		"MARAC_MINUTES ACTIONS PLAN MAPPA_MINUTES MAPPA_RMP NOMINAL ORDER_CONDITIONS VPS CONTACT_PERSON SPECIAL_MEASURES " +
		"WITHDRAWAL SUPPORT_CONSENT SHARING_RECORD EXCLUSION AUDIT STATISTICS DIRECTORY",
	"RedactionReason": "ROLE NOT_RELEASED MASKED PURPOSE REVEAL_NEEDED",
	"AccessPurpose":   "MARAC_PREP MARAC_ACTION SAFETY_PLANNING INVESTIGATION PROSECUTION SUPERVISION MAPPA QA_AUDIT SAR BREAK_GLASS",
}

// added are Accord's own words, which stand behind those of the glossary, each with
// why there is no word of the glossary for it.
var added = map[string][]struct{ name, why string }{
	"Relation": {
		{"ADDRESSEE", "the inbox of a practitioner belongs to no case, and every relation of the glossary is to a case or a meeting"},
	},
	"DataClass": {
		{"ALERT", "that there is something to read, and for whom, is no content of a case: it is read by who may read nothing else"},
	},
	"SystemRole": {
		{"LIST_RELAY", "nobody carries an accepted case to its meeting by hand"},
		{"ALERT_POST", "nobody writes into another's inbox"},
		{"FIRST_START", "an empty folder has nobody who could enrol the first"},
		{"RECORD_UPKEEP", "records of an older form are brought to the newest by nobody"},
	},
	"Act": {
		{"read", "pR, R, M and x of the access matrix"},
		{"write", "pW, W and oW of the access matrix"},
		{"reveal", "domain 4.2 (4) and note 3: shown once, of one person, with a reason, which is neither of the two"},
	},
	"Level": {
		{"withheld", "– of the access matrix"},
		{"masked", "M of the access matrix"},
		{"full", "R and W of the access matrix"},
	},
}

// wordsOf are the words of a term: the glossary's, and behind them what was added.
func wordsOf(tb testing.TB, term string) string {
	tb.Helper()
	all := strings.Fields(vocabulary[term])
	for _, word := range added[term] {
		if word.why == "" {
			tb.Errorf("%s was added to %s without a reason", word.name, term)
		}
		if slices.Contains(all, word.name) {
			tb.Errorf("%s was added to %s and stands in the glossary", word.name, term)
		}
		all = append(all, word.name)
	}
	return strings.Join(all, " ")
}

func spelt[T fmt.Stringer](all []T) string {
	names := make([]string, len(all))
	for i, one := range all {
		names[i] = one.String()
	}
	return strings.Join(names, " ")
}

func TestTheVocabularyIsTheGlossarysWordForWord(t *testing.T) {
	reasons := []authz.Reason{
		authz.ReasonRole, authz.ReasonNotReleased, authz.ReasonMasked, authz.ReasonPurpose, authz.ReasonRevealNeeded,
	}
	purposes := make([]string, len(authz.Purposes()))
	for i, purpose := range authz.Purposes() {
		purposes[i] = string(purpose)
	}
	for term, names := range map[string]string{
		"Role":            spelt(authz.Roles()),
		"Relation":        spelt(authz.Relations()),
		"DataClass":       spelt(authz.DataClasses()),
		"RedactionReason": spelt(reasons),
		"AccessPurpose":   strings.Join(purposes, " "),
		"SystemRole":      spelt(authz.SystemRoles()),
		"Act":             spelt(everyAct),
		"Level":           spelt([]authz.Level{authz.Withheld, authz.Masked, authz.Full}),
	} {
		if want := wordsOf(t, term); names != want {
			t.Errorf("%s: got  %s\nwant %s", term, names, want)
		}
	}
	// The constants stand for their own names, not for a neighbour's.
	for constant, name := range map[fmt.Stringer]string{
		authz.Investigator: "INVESTIGATOR", authz.Prosecutor: "PROSECUTOR", authz.MaracCoordinator: "MARAC_COORDINATOR",
		authz.SystemAdministrator: "SYSTEM_ADMINISTRATOR", authz.Owner: "OWNER", authz.Released: "RELEASED",
		authz.Oversight: "OVERSIGHT", authz.AgencyParty: "AGENCY_PARTY", authz.CaseCore: "CASE_CORE",
		authz.Research: "RESEARCH", authz.NominalClass: "NOMINAL", authz.Directory: "DIRECTORY",
		authz.Addressee: "ADDRESSEE", authz.AlertClass: "ALERT", authz.AlertPost: "ALERT_POST",
		authz.Withheld: "withheld", authz.Masked: "masked", authz.Full: "full",
		authz.Read: "read", authz.Write: "write", authz.Reveal: "reveal",
	} {
		if constant.String() != name {
			t.Errorf("%s is called %s", name, constant)
		}
	}
}

func TestANameIsReadAsItIsWrittenAndNothingElseIs(t *testing.T) {
	for _, role := range authz.Roles() {
		if read, err := authz.ParseRole(role.String()); err != nil || read != role {
			t.Errorf("%s is read as %s, %v", role, read, err)
		}
		var written bytes.Buffer
		role.MarshalGQL(&written)
		var read authz.Role
		if err := read.UnmarshalGQL(strings.Trim(written.String(), `"`)); err != nil || read != role {
			t.Errorf("%s is published as %s, read as %s, %v", role, written.String(), read, err)
		}
	}
	for _, relation := range authz.Relations() {
		if read, err := authz.ParseRelation(relation.String()); err != nil || read != relation {
			t.Errorf("%s is read as %s, %v", relation, read, err)
		}
	}
	for _, class := range authz.DataClasses() {
		if read, err := authz.ParseDataClass(class.String()); err != nil || read != class {
			t.Errorf("%s is read as %s, %v", class, read, err)
		}
	}
	for _, name := range []string{"", "investigator", "INVESTIGATOR ", "INVESTIGATORS", "ASSIGNED ", "case_core"} {
		if role, err := authz.ParseRole(name); err == nil {
			t.Errorf("the role %q is read as %s", name, role)
		}
		if relation, err := authz.ParseRelation(name); err == nil {
			t.Errorf("the relation %q is read as %s", name, relation)
		}
		if class, err := authz.ParseDataClass(name); err == nil {
			t.Errorf("the class %q is read as %s", name, class)
		}
	}
	var role authz.Role
	if err := role.UnmarshalGQL(7); err == nil {
		t.Error("a number is read as a role")
	}
}

// A person who could be given a system's role would act with nobody behind it.
func TestNobodyCanBeGivenTheRoleOfASystem(t *testing.T) {
	for _, role := range authz.SystemRoles() {
		if _, err := authz.ParseRole(role.String()); err == nil {
			t.Errorf("%s is read as the role of a person", role)
		}
	}
}
