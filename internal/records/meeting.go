package records

import (
	"time"

	"accord/authz"
	"accord/domain/marac"
	"accord/internal/store"
	"accord/internal/views"
)

// Meeting is a meeting as it is written, with who works on the cases it hears.
type Meeting struct {
	marac.Meeting
	// Heard is who reaches the meeting through a case on its list: the relay
	// carries it from the case when the case is placed or assigned.
	Heard []HeardCase
}

// HeardCase is who works on a listed case: ids only.
type HeardCase struct {
	Item          string
	Case          string
	Practitioners []string
	Teams         []string
	Alone         bool // it is kept to these people: who stands in for them has no part
}

type meetingHead struct {
	Reference       string
	Kind            marac.MeetingKind
	Status          marac.MeetingStatus
	Area            string
	StartsAt        time.Time
	Attendance      []marac.Attendance
	Heard           []HeardCase // in the order the list is heard
	ListIssuedAt    time.Time
	ListIssuedLate  bool
	MinutesIssuedAt time.Time
	MinutesLate     bool
}

func (m Meeting) kind() store.Kind    { return kindOf(views.MeetingKind) }
func (m Meeting) id() string          { return m.ID }
func (m Meeting) family() string      { return m.ID }
func (m Meeting) row() authz.ClassSet { return authz.SetOf(authz.MeetingList) }

func (m Meeting) head() any {
	return meetingHead{
		m.Reference, m.Kind, m.Status, m.Area, m.StartsAt, m.Attendance, m.heardInOrder(), m.ListIssuedAt, m.ListIssuedLate,
		m.MinutesIssuedAt, m.MinutesLate,
	}
}

// heardInOrder puts who is heard into the order of the list.
func (m Meeting) heardInOrder() []HeardCase {
	var ordered []HeardCase
	for _, ref := range m.Refs {
		for _, heard := range m.Heard {
			if heard.Item == ref.Item {
				ordered = append(ordered, heard)
			}
		}
	}
	return ordered
}

func (m Meeting) fields() []store.Field {
	return []store.Field{
		{Name: "kind", Value: store.Text(string(m.Kind))},
		{Name: "reference", Value: store.Text(m.Reference)},
		{Name: "starts", Value: store.Number(m.StartsAt.UnixMilli())},
		{Name: "status", Value: store.Text(string(m.Status))},
	}
}

func (m Meeting) parts() []part {
	return []part{full(authz.MeetingList, views.MeetingContent{Venue: m.Venue, Refs: m.Refs})}
}

// tokens lets in who convenes and oversees the area, who takes part, who signed,
// and for single items who works on the case or is invited to it.
func (m Meeting) tokens(*caseHead) tokenSet {
	tokens := tokenSet{}
	tokens.add(relayed, convenedIn(m.Area), overseenIn(m.Area), chairedAt(m.ID), representedAt(m.ID), signedFor(m.ID))
	for _, attendance := range m.Attendance {
		tokens.add(takingPart(attendance.Practitioner))
		for _, item := range attendance.InvitedItems {
			tokens.add(invitedTo(item))
		}
	}
	for _, heard := range m.Heard {
		for _, practitioner := range heard.Practitioners {
			if heard.Alone {
				tokens.add(alone(assignedTo(practitioner)))
				continue
			}
			tokens.add(assignedTo(practitioner))
		}
		for _, team := range heard.Teams {
			tokens.add(supervisedIn(team))
		}
	}
	return tokens
}

func decodeMeeting(doc store.Document, open opener) (Meeting, error) {
	var head meetingHead
	if err := decode(doc.Head, &head); err != nil {
		return Meeting{}, err
	}
	var content views.MeetingContent
	if err := open(authz.MeetingList, authz.Full, &content); err != nil {
		return Meeting{}, err
	}
	return Meeting{
		Meeting: marac.Meeting{
			ID: doc.ID, Reference: head.Reference, Kind: head.Kind, Status: head.Status, Area: head.Area, StartsAt: head.StartsAt,
			Venue: content.Venue, Refs: content.Refs, Attendance: head.Attendance, ListIssuedAt: head.ListIssuedAt,
			ListIssuedLate: head.ListIssuedLate, MinutesIssuedAt: head.MinutesIssuedAt, MinutesLate: head.MinutesLate,
		},
		Heard: head.Heard,
	}, nil
}

func viewMeeting(record views.Record, doc store.Document) (views.Meeting, error) {
	var head meetingHead
	if err := decode(doc.Head, &head); err != nil {
		return views.Meeting{}, err
	}
	return views.Meeting{
		Record: record, Reference: head.Reference, Kind: head.Kind, Status: head.Status, StartsAt: head.StartsAt.UTC(), AreaID: head.Area,
	}, nil
}
