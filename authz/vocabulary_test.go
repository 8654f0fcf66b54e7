package authz_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"accord/authz"
)

// vocabulary is the glossary of the field, word for word and in its order. What
// is stored, published and written in a policy are these names.
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
	} {
		if names != vocabulary[term] {
			t.Errorf("%s: got  %s\nwant %s", term, names, vocabulary[term])
		}
	}
	// The constants stand for their own names, not for a neighbour's.
	for constant, name := range map[fmt.Stringer]string{
		authz.Investigator: "INVESTIGATOR", authz.Prosecutor: "PROSECUTOR", authz.MaracCoordinator: "MARAC_COORDINATOR",
		authz.SystemAdministrator: "SYSTEM_ADMINISTRATOR", authz.Owner: "OWNER", authz.Released: "RELEASED",
		authz.Oversight: "OVERSIGHT", authz.AgencyParty: "AGENCY_PARTY", authz.CaseCore: "CASE_CORE",
		authz.Research: "RESEARCH", authz.NominalClass: "NOMINAL", authz.Directory: "DIRECTORY",
		authz.Withheld: "withheld", authz.Masked: "masked", authz.Full: "full", authz.Read: "read", authz.Write: "write",
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
	if names := spelt(authz.SystemRoles()); names != "LIST_RELAY FIRST_START RECORD_UPKEEP" {
		t.Errorf("the system's roles are %s", names)
	}
	for _, role := range authz.SystemRoles() {
		if _, err := authz.ParseRole(role.String()); err == nil {
			t.Errorf("%s is read as the role of a person", role)
		}
	}
}
