package sharing_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"accord/domain/fault"
	"accord/domain/sharing"
)

func words[T ~string](values []T) string {
	var all []string
	for _, v := range values {
		all = append(all, string(v))
	}
	return strings.Join(all, " ")
}

func TestTheVocabularyIsThatOfTheField(t *testing.T) {
	for name, c := range map[string]struct{ got, want string }{
		"agency types": {words(sharing.AgencyTypes()), "MARAC_COORDINATION OVERSIGHT POLICE CPS PROBATION PRISON IDVA_SERVICE ISAC_SERVICE ISVA_SERVICE WITNESS_CARE_UNIT WITNESS_SERVICE COURT CHILDRENS_SOCIAL_CARE ADULT_SOCIAL_CARE HEALTH_PRIMARY HEALTH_ACUTE MENTAL_HEALTH EDUCATION HOUSING SUBSTANCE_MISUSE YOT FIRE CAFCASS DWP IMMIGRATION EM_PROVIDER VOLUNTARY OTHER"},
		"consent":      {words(sharing.ConsentStates()), "GIVEN REFUSED NOT_SOUGHT_UNSAFE NOT_PRACTICABLE LACKS_CAPACITY"},
		"awareness":    {words(sharing.VictimAwarenesses()), "AWARE NOT_AWARE_UNSAFE NOT_AWARE_NOT_REACHED"},
		"gateways":     {words(sharing.LegalGateways()), "CDA_S115 CJA_S325 VITAL_INTERESTS PUBLIC_TASK LEGITIMATE_INTERESTS SAFEGUARDING_SCH1_P18 PREVENT_CRIME COMMON_LAW_PUBLIC_INTEREST CONSENT COURT_ORDER VIR"},
		"regimes":      {words(sharing.ProcessingRegimes()), "PART_2 PART_3"},
		"disclosure":   {words(sharing.DisclosureDecisions()), "SHARE SHARE_REDACTED SHARE_SUMMARY DEFER REFUSE SELF_DISCLOSURE_BY_SUBJECT"},
		"exclusions":   {words(sharing.ExclusionKinds()), "EXCLUDED_FROM RESTRICTED_TO"},
		"conflicts":    {words(sharing.ExclusionReasons()), "PARTY RELATIVE HOUSEHOLD FRIEND COLLEAGUE EMPLOYEE_CASE"},
	} {
		if c.got != c.want {
			t.Errorf("%s\n got %s\nwant %s", name, c.got, c.want)
		}
	}
	valid := []bool{
		sharing.Police.Valid(), sharing.ConsentGiven.Valid(), sharing.VictimAware.Valid(),
		sharing.VitalInterests.Valid(), sharing.Part3.Valid(), sharing.Share.Valid(),
		sharing.RestrictedTo.Valid(), sharing.BecauseFriend.Valid(),
	}
	unknown := []bool{
		sharing.AgencyType("").Valid(), sharing.ConsentState("YES").Valid(), sharing.VictimAwareness("given").Valid(),
		sharing.LegalGateway("CDA").Valid(), sharing.ProcessingRegime("PART_1").Valid(), sharing.DisclosureDecision("share").Valid(),
		sharing.ExclusionKind("").Valid(), sharing.ExclusionReason("OTHER").Valid(),
	}
	for i := range valid {
		if !valid[i] || unknown[i] {
			t.Errorf("enumeration %d: a value of the field is %v, another %v", i, valid[i], unknown[i])
		}
	}
}

func TestAnInspectorIsOnDutyFromTheStartOfAShiftUntilItsEnd(t *testing.T) {
	from := time.Date(2026, time.November, 23, 22, 0, 0, 0, time.UTC)
	until := from.Add(8 * time.Hour)
	shifts := []sharing.Shift{
		{Practitioner: "cole", Teams: []string{"response-b", "response-a"}, From: from, Until: until},
		{Practitioner: "cole", Teams: []string{"response-a"}, From: from.Add(time.Hour), Until: until},
		{Practitioner: "someone", Teams: []string{"cid"}, From: from, Until: until},
	}
	for name, c := range map[string]struct {
		at   time.Time
		want []string
	}{
		"before":       {from.Add(-time.Nanosecond), nil},
		"at the start": {from, []string{"response-a", "response-b"}},
		"in two":       {from.Add(2 * time.Hour), []string{"response-a", "response-b"}},
		"at the end":   {until, nil},
	} {
		if got := sharing.TeamsOnDuty(shifts, "cole", c.at); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: answers for %v, want %v", name, got, c.want)
		}
		if got := sharing.OnDuty(shifts, "cole", c.at); got != (c.want != nil) {
			t.Errorf("%s: on duty %v", name, got)
		}
	}
	if sharing.OnDuty(shifts, "nobody", from) {
		t.Error("somebody without a shift is on duty")
	}
}

func TestAnExclusionKeepsItsPersonOut(t *testing.T) {
	excluded := func(p string) sharing.Exclusion { return sharing.Exclusion{Person: p, Kind: sharing.ExcludedFrom} }
	restricted := func(p string) sharing.Exclusion { return sharing.Exclusion{Person: p, Kind: sharing.RestrictedTo} }
	for name, c := range map[string]struct {
		list []sharing.Exclusion
		out  bool
	}{
		"no exclusion":                           {nil, false},
		"excluded by name":                       {[]sharing.Exclusion{excluded("ahmed")}, true},
		"somebody else is excluded":              {[]sharing.Exclusion{excluded("ward")}, false},
		"the case is restricted to others":       {[]sharing.Exclusion{restricted("ward")}, true},
		"the case is restricted to the person":   {[]sharing.Exclusion{restricted("ward"), restricted("ahmed")}, false},
		"on the list, and excluded by name":      {[]sharing.Exclusion{restricted("ahmed"), excluded("ahmed")}, true},
		"named by an entry of a kind not known":  {[]sharing.Exclusion{{Person: "ahmed", Kind: "?"}}, true},
		"another named by an entry of that kind": {[]sharing.Exclusion{{Person: "ward", Kind: "?"}}, false},
	} {
		if got := sharing.KeptOut(c.list, "ahmed"); got != c.out {
			t.Errorf("%s: kept out %v", name, got)
		}
	}
}

func TestNothingAddedUndoesAnExclusionByName(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entry := rapid.Custom(func(t *rapid.T) sharing.Exclusion {
			return sharing.Exclusion{
				Person: rapid.SampledFrom([]string{"ahmed", "ward", "cole"}).Draw(t, "person"),
				Kind:   rapid.SampledFrom(sharing.ExclusionKinds()).Draw(t, "kind"),
			}
		})
		list := rapid.SliceOfN(entry, 0, 6).Draw(t, "list")
		list = append(list, sharing.Exclusion{Person: "ahmed", Kind: sharing.ExcludedFrom})
		if !sharing.KeptOut(rapid.Permutation(list).Draw(t, "order"), "ahmed") {
			t.Fatal("the excluded person reaches the case")
		}
	})
}

func TestAnExclusionNamesItsPersonCaseKindAndConflict(t *testing.T) {
	whole := sharing.Exclusion{Case: "case_1", Person: "ahmed", Kind: sharing.ExcludedFrom, Reason: sharing.BecauseFriend}
	if err := whole.Check(); err != nil {
		t.Errorf("a whole exclusion is refused: %v", err)
	}
	for name, broken := range map[string]func(e *sharing.Exclusion){
		"no person": func(e *sharing.Exclusion) { e.Person = "" },
		"no case":   func(e *sharing.Exclusion) { e.Case = "" },
		"no kind":   func(e *sharing.Exclusion) { e.Kind = "" },
		"no reason": func(e *sharing.Exclusion) { e.Reason = "" },
	} {
		e := whole
		broken(&e)
		if err := e.Check(); !fault.Is(err, fault.BadInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
