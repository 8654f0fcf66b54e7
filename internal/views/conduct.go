package views

import (
	"accord/authz"
	"accord/domain/calendar"
	"accord/domain/casework"
)

// CourseOfConduct is what happened over time, by the case's Sight.
type CourseOfConduct struct {
	Record
	Recorded []Incident // those that reach the viewer, latest first
}

// Count is how many incidents are recorded; null when withheld.
func (c CourseOfConduct) Count() *int {
	return when(c.atLeastMasked(authz.CourseOfConduct), len(c.Recorded))
}

// FirstOn is the day of the first incident known.
func (c CourseOfConduct) FirstOn() *calendar.Date {
	if len(c.Recorded) == 0 {
		return nil
	}
	return known(c.atLeastMasked(authz.CourseOfConduct), c.Recorded[len(c.Recorded)-1].KnownOn)
}

// LastOn is the day of the last incident known.
func (c CourseOfConduct) LastOn() *calendar.Date {
	if len(c.Recorded) == 0 {
		return nil
	}
	return known(c.atLeastMasked(authz.CourseOfConduct), c.Recorded[0].KnownOn)
}

// Incidents are the incidents themselves; null when masked.
func (c CourseOfConduct) Incidents() []Incident {
	if !c.full(authz.CourseOfConduct) {
		return nil
	}
	return c.Recorded
}

// Incident is one thing that happened.
type Incident struct {
	Record
	Day      calendar.Date // zero: not known
	KnownOn  calendar.Date // the day it counts for: Day, or the day it was recorded
	AgencyID string
}

// IncidentContent is the sealed section of an incident.
type IncidentContent struct {
	RecordedBy     string
	Behaviours     []casework.StalkingBehaviour
	Channel        casework.Channel
	Description    string
	Qualifies      casework.RepeatIncidentType
	CrimeReference string
}

// IsNode marks an incident as a record with an id of its own.
func (Incident) IsNode() {}

// GetID returns the incident's id.
func (i Incident) GetID() string { return i.ID }

// Agency is the agency that recorded it; null when masked.
func (i Incident) Agency() *Agency {
	return when(i.full(authz.CourseOfConduct), i.Names.Agency(i.AgencyID))
}

// OccurredOn is the day it happened; null when masked or not known.
func (i Incident) OccurredOn() *calendar.Date {
	return known(i.full(authz.CourseOfConduct), i.Day)
}

// Description is what happened; null when masked.
func (i Incident) Description() (*string, error) {
	content, err := i.content()
	if content == nil {
		return nil, err
	}
	return &content.Description, nil
}

// Behaviours are those of s.2A(3); null when masked.
func (i Incident) Behaviours() ([]casework.StalkingBehaviour, error) {
	content, err := i.content()
	if content == nil {
		return nil, err
	}
	return append([]casework.StalkingBehaviour{}, content.Behaviours...), nil
}

// Channel is null when masked or not known.
func (i Incident) Channel() (*casework.Channel, error) {
	content, err := i.content()
	if content == nil {
		return nil, err
	}
	return known(true, content.Channel), nil
}

func (i Incident) content() (*IncidentContent, error) {
	if !i.full(authz.CourseOfConduct) {
		return nil, nil
	}
	return section[IncidentContent](i.Record, authz.CourseOfConduct, authz.Full)
}
