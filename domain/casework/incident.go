package casework

import (
	"slices"
	"time"

	"accord/domain/calendar"
	"accord/domain/fault"
)

// Incident is something that happened to the victim of a case, reported to the
// police or not. Incidents in order are the course of conduct.
type Incident struct {
	ID             string
	Case           string        // case id
	Agency         string        // id of the agency that recorded it
	RecordedBy     string        // practitioner id
	OccurredOn     calendar.Date // zero: the day is not known
	RecordedAt     time.Time
	Behaviours     []StalkingBehaviour // empty: none of s.2A(3)
	Channel        Channel             // empty: not known
	Description    string
	Qualifies      RepeatIncidentType // empty: would not make a repeat
	CrimeReference string             // empty: not recorded as a crime
}

// RecordIncident records an incident of the case at the instant now. A closed
// case takes incidents too: one of them may make it a repeat.
func (c Case) RecordIncident(i Incident, now time.Time) (Incident, error) {
	switch {
	case i.Agency == "":
		return Incident{}, fault.Input("input.agency", "required", "Name the agency that records the incident.")
	case blank(i.Description):
		return Incident{}, fault.Input("input.description", "required", "Describe what happened.")
	case i.OccurredOn > calendar.DateIn(now):
		return Incident{}, fault.Input("input.occurredOn", "notInFuture", "An incident happened today or earlier.")
	case i.Channel != "" && !i.Channel.Valid():
		return Incident{}, fault.Input("input.channel", "oneOf", "Say whether it happened online, offline or both.")
	case i.Qualifies != "" && !i.Qualifies.Valid():
		return Incident{}, fault.Input("input.qualifies", "oneOf", "Say which kind of incident would make the case a repeat, or none.")
	}
	for n, behaviour := range i.Behaviours {
		if !behaviour.Valid() || slices.Contains(i.Behaviours[:n], behaviour) {
			return Incident{}, fault.Input("input.behaviours", "oneOf", "Name each behaviour of stalking once.")
		}
	}
	i.Case, i.RecordedAt = c.ID, now
	return i, nil
}

// KnownOn returns the day the incident counts for: the day it happened, or,
// where that is not known, the day in London on which an agency recorded it.
func (i Incident) KnownOn() calendar.Date {
	if i.OccurredOn.IsZero() {
		return calendar.DateIn(i.RecordedAt)
	}
	return i.OccurredOn
}
