package records

import (
	"time"

	"accord/authz"
	"accord/domain/calendar"
	"accord/domain/casework"
	"accord/internal/store"
	"accord/internal/views"
)

// Incident is an incident as it is written.
type Incident struct{ casework.Incident }

type incidentHead struct {
	Case       string
	Agency     string
	OccurredOn calendar.Date
	RecordedAt time.Time
}

func (i Incident) kind() store.Kind    { return kindOf(views.IncidentKind) }
func (i Incident) id() string          { return i.ID }
func (i Incident) family() string      { return i.Case }
func (i Incident) row() authz.ClassSet { return views.IncidentKind.Row() }

func (i Incident) head() any {
	return incidentHead{i.Case, i.Agency, i.OccurredOn, i.RecordedAt}
}

func (i Incident) fields() []store.Field { return nil }

func (i Incident) parts() []part {
	return []part{full(authz.CourseOfConduct, views.IncidentContent{
		RecordedBy: i.RecordedBy, Behaviours: i.Behaviours, Channel: i.Channel, Description: i.Description,
		Qualifies: i.Qualifies, CrimeReference: i.CrimeReference,
	})}
}

func (i Incident) tokens(root *caseHead) tokenSet {
	tokens := tokenSet{}
	root.addAssigned(tokens)
	root.addConvenors(tokens)
	tokens.add(inEmergency(i.Case))
	root.addChairs(tokens)
	root.addSpoc(tokens)
	root.addNominal(tokens)
	return tokens
}

func decodeIncident(doc store.Document, open opener) (Incident, error) {
	var head incidentHead
	if err := decode(doc.Head, &head); err != nil {
		return Incident{}, err
	}
	var content views.IncidentContent
	if err := open(authz.CourseOfConduct, authz.Full, &content); err != nil {
		return Incident{}, err
	}
	return Incident{casework.Incident{
		ID: doc.ID, Case: head.Case, Agency: head.Agency, RecordedBy: content.RecordedBy, OccurredOn: head.OccurredOn,
		RecordedAt: head.RecordedAt, Behaviours: content.Behaviours, Channel: content.Channel,
		Description: content.Description, Qualifies: content.Qualifies, CrimeReference: content.CrimeReference,
	}}, nil
}

func viewIncident(record views.Record, doc store.Document) (views.Incident, error) {
	var head incidentHead
	if err := decode(doc.Head, &head); err != nil {
		return views.Incident{}, err
	}
	dates := casework.Incident{OccurredOn: head.OccurredOn, RecordedAt: head.RecordedAt}
	return views.Incident{Record: record, Day: head.OccurredOn, KnownOn: dates.KnownOn(), AgencyID: head.Agency}, nil
}
