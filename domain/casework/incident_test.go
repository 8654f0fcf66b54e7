package casework_test

import (
	"testing"

	"accord/domain/casework"
)

func TestAnIncidentIsRecordedForItsCaseAtItsInstant(t *testing.T) {
	recorded, err := opened(t).RecordIncident(casework.Incident{
		ID: "incident_1", Agency: "agency_police", OccurredOn: today, Channel: casework.Online,
		Behaviours:  []casework.StalkingBehaviour{casework.Contacting, casework.WatchingOrSpying},
		Description: "Messages through the night", Qualifies: casework.StalkingOrHarassmentPattern,
	}, now)
	if err != nil || recorded.Case != "case_1" || !recorded.RecordedAt.Equal(now) {
		t.Errorf("recorded as %+v, %v", recorded, err)
	}
}

func TestAnIncidentIsRefusedForWhatIsWrongWithIt(t *testing.T) {
	for path, broken := range map[string]func(i *casework.Incident){
		"input.agency":      func(i *casework.Incident) { i.Agency = "" },
		"input.description": func(i *casework.Incident) { i.Description = " " },
		"input.occurredOn":  func(i *casework.Incident) { i.OccurredOn = today + 1 },
		"input.channel":     func(i *casework.Incident) { i.Channel = "POST" },
		"input.qualifies":   func(i *casework.Incident) { i.Qualifies = "OTHER" },
		"input.behaviours": func(i *casework.Incident) {
			i.Behaviours = []casework.StalkingBehaviour{casework.Following, casework.Following}
		},
	} {
		i := casework.Incident{Agency: "agency_police", OccurredOn: today, Description: "Waited outside"}
		broken(&i)
		_, err := opened(t).RecordIncident(i, now)
		wantInput(t, path, err, path)
	}
}

func TestAClosedCaseTakesIncidents(t *testing.T) {
	c := opened(t)
	c.Status = casework.CaseClosed
	if _, err := c.RecordIncident(casework.Incident{Agency: "agency_idva", Description: "A threat"}, now); err != nil {
		t.Errorf("an incident after the case was closed is refused: %v", err)
	}
}

func TestAnIncidentOfUnknownDayCountsForTheDayItWasRecorded(t *testing.T) {
	if got := (casework.Incident{RecordedAt: now}).KnownOn(); got != today {
		t.Errorf("counts for %v", got)
	}
	if got := (casework.Incident{RecordedAt: now, OccurredOn: today - 3}).KnownOn(); got != today-3 {
		t.Errorf("counts for %v", got)
	}
}
