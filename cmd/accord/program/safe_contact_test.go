package program_test

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"accord/authz"
	"accord/cmd/accord/program"
	"accord/cmd/accord/stage"
	"accord/domain/casework"
	"accord/domain/risk"
	"accord/internal/audit"
	"accord/internal/procedures"
	"accord/internal/records"
)

const (
	reveal       = `mutation($input: RevealSafeContactInput!) { revealSafeContact(input: $input) { contact { address { lines postcode } refuge phone method safeTimes } } }`
	changeSafely = `mutation($input: RecordSafeContactInput!) { recordSafeContact(input: $input) { case { version victim { outwardPostcode previousOutwardPostcodes contactMethod } } } }`
	toCall       = "To call her before the hearing tomorrow."
)

func openingOf(s *records.Session, victim string) procedures.CaseOpening {
	return procedures.CaseOpening{
		Type: casework.DomesticAbuseIntimate, RiskLevel: risk.High, Area: s.Capacity().Areas[0],
		Parties: []casework.Party{{Role: casework.Victim, Identity: casework.Identity{Name: victim}}},
	}
}

func revealOf(of listed) map[string]any {
	return map[string]any{"caseId": of.id, "personId": of.victim, "reason": toCall}
}

// Who holds the address is shown it, who holds its mask the number alone; both once, for
// a purpose, and with a reason that is kept.
func TestSafeContactIsRevealedOncePerReason(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := listedCase(t, s)
	const whole = `{"data":{"revealSafeContact":{"contact":{"address":{"lines":["14 Larkspur Rise","Northmoor"],"postcode":"NM4 7QT"},"refuge":false,"phone":"07700 900461","method":"text first","safeTimes":"weekdays before three"}}}}`
	const number = `{"data":{"revealSafeContact":{"contact":{"address":null,"refuge":null,"phone":"07700 900461","method":"text first","safeTimes":"weekdays before three"}}},` +
		`"extensions":{"redactions":[{"field":"SafeContact.address","reason":"MASKED"},{"field":"SafeContact.refuge","reason":"MASKED"}]}}`
	for n, c := range []struct {
		login, purpose, want string
		full                 bool
	}{
		{"pc.ahmed", "SAFETY_PLANNING", whole, true},
		{"idva.byrne", "SAFETY_PLANNING", whole, true},
		{"coord.ellis", "MARAC_PREP", number, false},
		{"hv.osei", "SAFETY_PLANNING", number, false},
	} {
		var answer string
		entries := written(t, s, func() { answer = askedFor(t, s, c.login, c.purpose, reveal, map[string]any{"input": revealOf(of)}) })
		if answer != c.want {
			t.Errorf("%s is shown %s\nwant %s", c.login, answer, c.want)
		}
		// One commit holds the reason and says who consulted what.
		if !slices.ContainsFunc(entries, func(e audit.Entry) bool { return isReveal(t, s, e, c.login, c.purpose, of.id, c.full) }) {
			t.Errorf("entered %+v", entries)
		}
		for _, e := range entries {
			for _, seen := range e.Records {
				if seen.Full.Has(authz.VictimIdentity) {
					t.Errorf("to be shown a number opens a name: %+v", e)
				}
			}
		}
		kept := askedFor(t, s, "dpo.grant", "", `query($id: ID!) { node(id: $id) { ... on Case { reveals { practitioner { id } person reason } } } }`, map[string]any{"id": of.id})
		if got := strings.Count(kept, toCall); got != n+1 || !strings.Contains(kept, `"practitioner":{"id":"`+s.Capacity(t, c.login).Person+`"},"person":"`+of.victim+`"`) {
			t.Errorf("after %s there are %d reveals kept: %s", c.login, got, kept)
		}
	}
}

func isReveal(t *testing.T, s *stage.Stage, e audit.Entry, login, purpose, caseID string, whole bool) bool {
	t.Helper()
	if e.Action != "revealSafeContact" || e.Operation != audit.Consultation || e.Outcome != audit.Done || string(e.Purpose) != purpose ||
		string(e.Person) != s.Capacity(t, login).Person || !slices.ContainsFunc(e.Records, func(r audit.RecordSeen) bool { return r.Kind == "reveal" }) {
		return false
	}
	return slices.ContainsFunc(e.Records, func(r audit.RecordSeen) bool {
		return string(r.Record) == caseID && r.Full.Has(authz.SafeContact) == whole && r.Masked.Has(authz.SafeContact) != whole
	})
}

func TestARevealThatIsRefusedShowsAndKeepsNothing(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := listedCase(t, s)
	other, err := procedures.OpenCase(t.Context(), s.As(t, "pc.ahmed"), openingOf(s.As(t, "pc.ahmed"), "Ada Quill"))
	must(t, err)
	with := func(key, value string) map[string]any {
		input := revealOf(of)
		input[key] = value
		return input
	}
	for name, refused := range map[string]refusedChange{
		"without a purpose":                 {login: "pc.ahmed", input: revealOf(of), code: "RULE_VIOLATION", rule: "REVEAL_PURPOSE"},
		"without a reason":                  {login: "pc.ahmed", purpose: "SAFETY_PLANNING", input: with("reason", ""), code: "RULE_VIOLATION", rule: "REASON_OF_SUBSTANCE"},
		"with a reason of nothing":          {login: "pc.ahmed", purpose: "SAFETY_PLANNING", input: with("reason", strings.Repeat("aaaa ", 4)), code: "RULE_VIOLATION", rule: "REASON_OF_SUBSTANCE"},
		"of a party of another case":        {login: "pc.ahmed", purpose: "SAFETY_PLANNING", input: with("personId", other.Victim().ID), code: "NOT_FOUND"},
		"of nobody":                         {login: "pc.ahmed", purpose: "SAFETY_PLANNING", input: with("personId", planted), code: "NOT_FOUND"},
		"by the auditor":                    {login: "dpo.grant", purpose: "QA_AUDIT", input: revealOf(of), code: "FORBIDDEN"},
		"by the chair":                      {login: "chair.novak", purpose: "MARAC_PREP", input: revealOf(of), code: "FORBIDDEN"},
		"by probation, who has no number":   {login: "po.singh", purpose: "SAFETY_PLANNING", input: revealOf(of), code: "FORBIDDEN"},
		"by who does not reach the case":    {login: "pc.ward", purpose: "SAFETY_PLANNING", input: revealOf(of), code: "NOT_FOUND"},
		"for a purpose that narrows it off": {login: "po.singh", purpose: "SUPERVISION", input: revealOf(of), code: "FORBIDDEN"},
	} {
		refused.of, refused.name, refused.query = of, name, reveal
		mustRefuse(t, s, refused)
	}
}

// The number is for danger: emergency access opens it, with its own reason.
func TestUnderEmergencyAccessSafeContactIsStillRevealedWithAReason(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := listedCase(t, s)
	takes(t, s, "pc.ward", of)
	if answer := askedFor(t, s, "pc.ward", "SAFETY_PLANNING", reveal, map[string]any{"input": revealOf(of)}); !strings.Contains(answer, "14 Larkspur Rise") {
		t.Errorf("answered %s", answer)
	}
}

func TestNoRevealIsAnsweredThatCannotBeEntered(t *testing.T) {
	stage.NeedsFile(t)
	s := stage.New(t, stage.Options{})
	of := listedCase(t, s)
	alter(t, filepath.Join(s.Data, program.StoreFile), `CREATE TRIGGER full BEFORE INSERT ON log_entry BEGIN SELECT RAISE(ABORT, 'full'); END`)
	answer := askedFor(t, s, "pc.ahmed", "SAFETY_PLANNING", reveal, map[string]any{"input": revealOf(of)})
	if !strings.Contains(answer, `"code":"UNAVAILABLE"`) || strings.Contains(answer, "Larkspur") || strings.Contains(answer, "900461") {
		t.Errorf("answered %s", answer)
	}
	alter(t, filepath.Join(s.Data, program.StoreFile), `DROP TRIGGER full`)
}

func safely(of listed, version int, more map[string]any) map[string]any {
	input := map[string]any{"caseId": of.id, "personId": of.victim, "expectedVersion": version}
	maps.Copy(input, more)
	return map[string]any{"input": input}
}

// An address is in the answer of the one mutation that reveals it, and in no other.
func TestNoQueryAnswersAnAddressOrANumber(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := listedCase(t, s)
	for n, line := range []string{"99 Canary Steps", "100 Canary Steps"} {
		answer := askedFor(t, s, "idva.byrne", "", changeSafely, safely(of, versionOf(t, s, of), map[string]any{
			"addressLines": []string{line}, "postcode": fmt.Sprintf("ZZ9%d 9ZZ", n), "phone": "canary-number", "method": "text first",
		}))
		if strings.Contains(answer, "Canary") || strings.Contains(answer, "9ZZ") || strings.Contains(answer, "canary-number") || !strings.Contains(answer, `"outwardPostcode":"ZZ9`) {
			t.Errorf("answered %s", answer)
		}
	}
	const person = `{ id name dateOfBirth yearOfBirth outwardPostcode previousOutwardPostcodes contactMethod safeTimes address { lines postcode } }`
	const kase = `{ id reference victim ` + person + ` children ` + person + ` perpetrators ` + person + ` actions { id description } plan { id }
		reveals { id reason person } exclusions { id } emergencyAccess { id reason } releases { id content } currentAssessment { id } courseOfConduct { incidents { id } } referrals { id } }`
	for _, login := range []string{"pc.ahmed", "idva.byrne", "ds.reid", "coord.ellis", "hv.osei", "po.singh", "chair.novak", "dpo.grant", "insp.cole"} {
		for _, query := range []string{
			`query($id: ID!) { node(id: $id) { ... on Case ` + kase + ` } }`,
			`{ cases(first: 20) { edges { node { id victim ` + person + ` } } } }`,
			`{ meetings(first: 20) { edges { node { list { case { victim ` + person + ` } } } } } }`,
			`{ actions(first: 20) { edges { node { case { victim ` + person + ` } } } } }`,
			`{ alerts(first: 20) { edges { node { case { victim ` + person + ` } } } } }`,
		} {
			variables := map[string]any{}
			if strings.Contains(query, "$id") {
				variables["id"] = of.id
			}
			answer := askedFor(t, s, login, "", query, variables)
			if strings.Contains(answer, "Canary") || strings.Contains(answer, "9ZZ") || strings.Contains(answer, "canary-number") {
				t.Errorf("%s asks %.60s and reads %s", login, query, answer)
			}
			if strings.Contains(answer, `"GRAPHQL`) || strings.Contains(answer, `"INTERNAL"`) || strings.Contains(answer, `"BAD_USER_INPUT"`) {
				t.Errorf("%s asks %.60s and reads %s", login, query, answer)
			}
		}
	}
	if answer := askedFor(t, s, "idva.byrne", "SAFETY_PLANNING", reveal, map[string]any{"input": revealOf(of)}); !strings.Contains(answer, "100 Canary Steps") || strings.Contains(answer, `"99 Canary`) {
		t.Errorf("answered %s", answer)
	}
	if strings.Contains(s.Log(), "anary") {
		t.Error("the log holds it")
	}
}

func versionOf(t *testing.T, s *stage.Stage, of listed) int {
	t.Helper()
	read, err := s.As(t, "coord.ellis").CaseByID(t.Context(), of.id)
	must(t, err)
	return read.Version
}

func TestEarlierAddressesAreKeptAndMaskedUntilARefuge(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := listedCase(t, s)
	shows := func(more map[string]any, want string) {
		t.Helper()
		version := versionOf(t, s, of)
		answer := askedFor(t, s, "idva.byrne", "", changeSafely, safely(of, version, more))
		if want := fmt.Sprintf(`{"data":{"recordSafeContact":{"case":{"version":%d,"victim":{%s}}}}}`, version+1, want); answer != want {
			t.Errorf("answered %s\nwant     %s", answer, want)
		}
	}
	shows(map[string]any{"addressLines": []string{"3 Sable Court"}, "postcode": "AB1 2CD", "method": "call"},
		`"outwardPostcode":"AB1","previousOutwardPostcodes":["NM4"],"contactMethod":"call"`)
	shows(map[string]any{"addressLines": []string{"3 Sable Court"}, "postcode": "AB1 2CD", "method": "text"},
		`"outwardPostcode":"AB1","previousOutwardPostcodes":["NM4"],"contactMethod":"text"`) // nobody has moved
	shows(map[string]any{"refuge": true}, `"outwardPostcode":null,"previousOutwardPostcodes":[],"contactMethod":null`)
	shows(map[string]any{}, `"outwardPostcode":null,"previousOutwardPostcodes":["AB1","NM4"],"contactMethod":null`)
	shows(map[string]any{"addressLines": []string{"5 Ormer Way"}, "postcode": "CD3 4EF", "confidential": true},
		`"outwardPostcode":null,"previousOutwardPostcodes":[],"contactMethod":null`)
	held, err := s.As(t, "idva.byrne").LoadCase(t.Context(), of.id)
	must(t, err)
	victim, _ := held.Value.Victim()
	if len(victim.Contact.Previous) != 2 || victim.Contact.Previous[0].Lines[0] != "3 Sable Court" || victim.Contact.Previous[1].Lines[0] != "14 Larkspur Rise" {
		t.Errorf("kept are %d earlier addresses", len(victim.Contact.Previous))
	}
}

func TestSafeContactThatIsNotRecorded(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := listedCase(t, s)
	version := versionOf(t, s, of)
	home := map[string]any{"addressLines": []string{planted}, "postcode": "NM1 1AA"}
	refuge := map[string]any{"addressLines": []string{planted}, "refuge": true}
	for name, refused := range map[string]refusedChange{
		"the address of a refuge": {login: "idva.byrne", input: safely(of, version, refuge), code: "RULE_VIOLATION", rule: "SAFE_CONTACT_REFUGE"},
		"of an older version":     {login: "idva.byrne", input: safely(of, version-1, home), code: "CONFLICT"},
		"of a later version":      {login: "idva.byrne", input: safely(of, version+1, home), code: "CONFLICT"},
		"of a party elsewhere":    {login: "idva.byrne", input: safely(of, version, map[string]any{"personId": planted}), code: "NOT_FOUND"},
		"longer than an address":  {login: "idva.byrne", input: safely(of, version, map[string]any{"addressLines": []string{strings.Repeat(planted, 30)}}), code: "BAD_USER_INPUT", rule: "maxLength"},
		"by an officer":           {login: "pc.ahmed", input: safely(of, version, home), code: "FORBIDDEN"},
		"by the coordinator":      {login: "coord.ellis", input: safely(of, version, home), code: "FORBIDDEN"},
		"by a stranger":           {login: "pc.ward", input: safely(of, version, home), code: "NOT_FOUND"},
	} {
		refused.of, refused.name, refused.query = of, name, changeSafely
		refused.input = refused.input["input"].(map[string]any)
		mustRefuse(t, s, refused)
	}
}
