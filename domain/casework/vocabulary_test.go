package casework_test

import (
	"strings"
	"testing"

	"accord/domain/casework"
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
		"case types":    {words(casework.CaseTypes()), "DA_INTIMATE DA_FAMILIAL STALKING_NON_DA HARASSMENT_NON_DA HBA"},
		"case statuses": {words(casework.CaseStatuses()), "OPEN CLOSED"},
		"conduct":       {words(casework.ConductClassifications()), "UNDECIDED HARASSMENT STALKING NEITHER"},
		"relationships": {words(casework.RelationshipTypes()), "EX_INTIMATE CURRENT_INTIMATE FAMILY ACQUAINTANCE COLLEAGUE STRANGER UNKNOWN"},
		"typologies":    {words(casework.StalkerTypologies()), "REJECTED INTIMACY_SEEKER INCOMPETENT_SUITOR RESENTFUL PREDATORY UNKNOWN"},
		"behaviours":    {words(casework.StalkingBehaviours()), "FOLLOW CONTACT PUBLISH MONITOR_COMMS LOITER INTERFERE_PROPERTY WATCH_SPY"},
		"channels":      {words(casework.Channels()), "ONLINE OFFLINE BOTH"},
		"party roles":   {words(casework.PartyRoles()), "VICTIM PERPETRATOR CHILD DEPENDANT WITNESS OTHER_AT_RISK PROFESSIONAL"},
		"allegations":   {words(casework.AllegationStates()), "ALLEGED SUSPECT CHARGED CONVICTED ACQUITTED"},
		"repeats":       {words(casework.RepeatIncidentTypes()), "VIOLENCE_OR_THREAT STALKING_HARASSMENT_PATTERN RAPE_SEXUAL_ABUSE"},
	} {
		if c.got != c.want {
			t.Errorf("%s\n got %s\nwant %s", name, c.got, c.want)
		}
	}
	for name, c := range map[string]struct{ known, unknown bool }{
		"case type":    {casework.HonourBasedAbuse.Valid(), casework.CaseType("").Valid()},
		"case status":  {casework.CaseClosed.Valid(), casework.CaseStatus("open").Valid()},
		"conduct":      {casework.ConductStalking.Valid(), casework.ConductClassification("?").Valid()},
		"relationship": {casework.Stranger.Valid(), casework.RelationshipType("EX").Valid()},
		"typology":     {casework.Predatory.Valid(), casework.StalkerTypology("CYBER").Valid()},
		"behaviour":    {casework.WatchingOrSpying.Valid(), casework.StalkingBehaviour("").Valid()},
		"channel":      {casework.Both.Valid(), casework.Channel("").Valid()},
		"party role":   {casework.Dependant.Valid(), casework.PartyRole("").Valid()},
		"allegation":   {casework.Acquitted.Valid(), casework.AllegationState("").Valid()},
		"repeat":       {casework.RapeOrSexualAbuse.Valid(), casework.RepeatIncidentType("").Valid()},
	} {
		if !c.known || c.unknown {
			t.Errorf("%s: a value of the field is %v, another %v", name, c.known, c.unknown)
		}
	}
}
