package marac

import (
	"slices"
	"time"

	"accord/domain/calendar"
	"accord/domain/fault"
)

// AttendancePart is the part somebody has in a meeting.
type AttendancePart string

// The parts.
const (
	PartChair          AttendancePart = "CHAIR"
	PartRepresentative AttendancePart = "REPRESENTATIVE"
	PartCoordinator    AttendancePart = "COORDINATOR"
	PartObserver       AttendancePart = "OBSERVER"
	PartInvited        AttendancePart = "INVITED" // to stated items only
)

// AttendanceParts lists every part.
func AttendanceParts() []AttendancePart {
	return []AttendancePart{
		PartChair, PartRepresentative, PartCoordinator, PartObserver, PartInvited,
	}
}

// Valid reports whether the part is one of AttendanceParts.
func (p AttendancePart) Valid() bool { return slices.Contains(AttendanceParts(), p) }

// AttendanceStatus is whether somebody came. It is empty until that is known.
type AttendanceStatus string

// The statuses.
const (
	Present           AttendanceStatus = "PRESENT"
	Deputy            AttendanceStatus = "DEPUTY"
	ApologiesInfoSent AttendanceStatus = "APOLOGIES_INFO_SENT"
	Apologies         AttendanceStatus = "APOLOGIES"
	Absent            AttendanceStatus = "ABSENT"
	Observer          AttendanceStatus = "OBSERVER"
)

// AttendanceStatuses lists every status.
func AttendanceStatuses() []AttendanceStatus {
	return []AttendanceStatus{Present, Deputy, ApologiesInfoSent, Apologies, Absent, Observer}
}

// Valid reports whether the status is one of AttendanceStatuses.
func (s AttendanceStatus) Valid() bool { return slices.Contains(AttendanceStatuses(), s) }

// Attendance is one person's part in a meeting.
type Attendance struct {
	Practitioner string // practitioner id
	Agency       string // agency id
	Part         AttendancePart
	InvitedItems []string         // list item ids; for PartInvited only
	Status       AttendanceStatus // empty: not known yet
	SignedAt     time.Time        // of the confidentiality statement; zero: not signed
}

// Invite puts somebody on the attendance of a meeting. A meeting has one chair.
// Somebody who is no member of the MARAC, such as a prosecutor, is invited to
// stated items and to nothing else.
func (m Meeting) Invite(a Attendance) (Meeting, error) {
	switch {
	case m.Status == MeetingMinutesIssued || m.Status == MeetingClosed:
		return Meeting{}, fault.Rule("MEETING_ATTENDANCE", meetingSource, "The minutes are issued. Who attended is not changed any more.")
	case a.Practitioner == "" || a.Agency == "":
		return Meeting{}, fault.Input("input.practitioner", "required", "Name the practitioner and the agency they attend for.")
	case !a.Part.Valid():
		return Meeting{}, fault.Input("input.part", "oneOf", "Say which part they have in the meeting.")
	case m.attendanceOf(a.Practitioner) >= 0:
		return Meeting{}, fault.Rule("MEETING_ATTENDANCE", meetingSource, "This practitioner is on the attendance already.")
	case a.Part == PartChair && slices.ContainsFunc(m.Attendance, func(other Attendance) bool { return other.Part == PartChair }):
		return Meeting{}, fault.Rule("MEETING_CHAIR", meetingSource, "The meeting has a chair already.")
	case a.Part == PartInvited && len(a.InvitedItems) == 0:
		return Meeting{}, fault.Input("input.invitedItems", "required", "Name the items of the list that they are invited to.")
	case a.Part != PartInvited && len(a.InvitedItems) > 0:
		return Meeting{}, fault.Input("input.invitedItems", "invitedOnly", "Only somebody who is invited to single items has such items.")
	}
	for _, item := range a.InvitedItems {
		if !slices.ContainsFunc(m.Refs, func(ref ListRef) bool { return ref.Item == item }) {
			return Meeting{}, fault.Input("input.invitedItems", "onList", "Invite only to items that are on the list of this meeting.")
		}
	}
	a.Status, a.SignedAt = "", time.Time{}
	a.InvitedItems = slices.Clone(a.InvitedItems)
	m.Attendance = append(slices.Clone(m.Attendance), a)
	return m, nil
}

// Sign records that the attendee signed the confidentiality statement, which is
// read and signed at every meeting. It is what opens to them what is shared in
// the meeting (R15), so nobody signs before the day, nobody signs who does not
// attend, and who is not on the attendance is not found. Signing again changes
// nothing.
func (m Meeting) Sign(practitioner string, now time.Time) (Meeting, error) {
	at := m.attendanceOf(practitioner)
	if at < 0 {
		return Meeting{}, fault.Missing()
	}
	signer := m.Attendance[at]
	if !signer.SignedAt.IsZero() {
		return m, nil
	}
	if !m.takesSignatures(now) {
		return Meeting{}, fault.Rule("R15", "SafeLives agenda", "The statement is signed on the day of the meeting, until its minutes are issued.")
	}
	if !signer.Status.attends() {
		return Meeting{}, fault.Rule("R15", "SafeLives agenda", "Only who attends the meeting signs its statement. Correct the attendance first.")
	}
	if signer.Status == "" {
		signer.Status = Present
		if signer.Part == PartObserver {
			signer.Status = Observer
		}
	}
	signer.SignedAt = now
	return m.withAttendance(at, signer), nil
}

// RecordAttendance says whether somebody came. Who signed has attended. Who is
// not on the attendance is not found.
func (m Meeting) RecordAttendance(practitioner string, status AttendanceStatus) (Meeting, error) {
	at := m.attendanceOf(practitioner)
	switch {
	case at < 0:
		return Meeting{}, fault.Missing()
	case !status.Valid():
		return Meeting{}, fault.Input("input.status", "oneOf", "Say whether they were present, sent a deputy or apologies, were absent or observed.")
	case m.Status == MeetingMinutesIssued || m.Status == MeetingClosed:
		return Meeting{}, fault.Rule("MEETING_ATTENDANCE", meetingSource, "The minutes are issued. Who attended is not changed any more.")
	case !m.Attendance[at].SignedAt.IsZero() && !status.attends():
		return Meeting{}, fault.Rule("R15", "SafeLives agenda", "Who signed the confidentiality statement attended the meeting.")
	}
	attendance := m.Attendance[at]
	attendance.Status = status
	return m.withAttendance(at, attendance), nil
}

// HasSigned reports whether the practitioner signed the meeting's statement.
func (m Meeting) HasSigned(practitioner string) bool {
	at := m.attendanceOf(practitioner)
	return at >= 0 && !m.Attendance[at].SignedAt.IsZero()
}

func (m Meeting) attendanceOf(practitioner string) int {
	return slices.IndexFunc(m.Attendance, func(a Attendance) bool {
		return a.Practitioner == practitioner
	})
}

func (m Meeting) withAttendance(at int, a Attendance) Meeting {
	m.Attendance = slices.Clone(m.Attendance)
	m.Attendance[at] = a
	return m
}

func (m Meeting) takesSignatures(now time.Time) bool {
	switch m.Status {
	case MeetingListed, MeetingInSession, MeetingMinutesDraft:
		return calendar.DateIn(now) >= m.On()
	case MeetingPlanned, MeetingReferralsClosed, MeetingMinutesIssued, MeetingClosed:
		return false
	}
	return false
}

// attends reports whether somebody of the status is in the room. Before it is
// recorded, signing says so.
func (s AttendanceStatus) attends() bool {
	switch s {
	case "", Present, Deputy, Observer:
		return true
	case ApologiesInfoSent, Apologies, Absent:
		return false
	}
	return false
}
