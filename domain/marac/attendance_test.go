package marac_test

import (
	"strings"
	"testing"
	"time"

	"accord/domain/marac"
)

func invited(t *testing.T, m marac.Meeting, part marac.AttendancePart, items ...string) marac.Meeting {
	t.Helper()
	m, err := m.Invite(marac.Attendance{Practitioner: "prac_1", Agency: "agency_1", Part: part, InvitedItems: items})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAnAttendeeIsInvitedOnceToWhatTheyAttend(t *testing.T) {
	m := invited(t, planned(t), marac.PartInvited, "item_1")
	if got := m.Attendance[0]; got.Status != "" || !got.SignedAt.IsZero() || len(got.InvitedItems) != 1 {
		t.Errorf("invited as %+v", got)
	}
	_, err := m.Invite(marac.Attendance{Practitioner: "prac_1", Agency: "agency_1", Part: marac.PartObserver})
	wantRule(t, "twice", err, "MEETING_ATTENDANCE")
	for path, a := range map[string]marac.Attendance{
		"input.practitioner":           {Agency: "agency_1", Part: marac.PartChair},
		"input.part":                   {Practitioner: "prac_2", Agency: "agency_1"},
		"input.invitedItems":           {Practitioner: "prac_2", Agency: "agency_1", Part: marac.PartInvited},
		"input.invitedItems elsewhere": {Practitioner: "prac_2", Agency: "agency_1", Part: marac.PartInvited, InvitedItems: []string{"item_9"}},
		"input.invitedItems and all":   {Practitioner: "prac_2", Agency: "agency_1", Part: marac.PartRepresentative, InvitedItems: []string{"item_1"}},
	} {
		_, err := m.Invite(a)
		want, _, _ := strings.Cut(path, " ")
		wantInput(t, path, err, want)
	}
}

func TestNobodyArrivesSigned(t *testing.T) {
	m, err := planned(t).Invite(marac.Attendance{
		Practitioner: "prac_1", Agency: "agency_1", Part: marac.PartObserver, Status: marac.Present, SignedAt: now,
	})
	if err != nil || m.HasSigned("prac_1") || m.Attendance[0].Status != "" {
		t.Errorf("invited as %+v, %v", m.Attendance, err)
	}
}

func TestAMeetingHasOneChair(t *testing.T) {
	_, err := invited(t, planned(t), marac.PartChair).Invite(marac.Attendance{Practitioner: "prac_2", Agency: "agency_1", Part: marac.PartChair})
	wantRule(t, "a second chair", err, "MEETING_CHAIR")
}

func TestWhoAttendsIsFixedWithTheMinutes(t *testing.T) {
	for _, status := range []marac.MeetingStatus{marac.MeetingMinutesIssued, marac.MeetingClosed} {
		m := invited(t, planned(t), marac.PartRepresentative)
		m.Status = status
		_, err := m.Invite(marac.Attendance{Practitioner: "prac_2", Agency: "agency_1", Part: marac.PartObserver})
		wantRule(t, "an invitation when "+string(status), err, "MEETING_ATTENDANCE")
		_, err = m.RecordAttendance("prac_1", marac.Present)
		wantRule(t, "attendance when "+string(status), err, "MEETING_ATTENDANCE")
	}
}

func TestTheStatementIsSignedOnTheDayUntilTheMinutesAreIssued(t *testing.T) {
	for _, status := range marac.MeetingStatuses() {
		m := invited(t, planned(t), marac.PartRepresentative)
		m.Status = status
		signable := status == marac.MeetingListed || status == marac.MeetingInSession || status == marac.MeetingMinutesDraft
		signed, err := m.Sign("prac_1", meetingStart)
		if signable {
			if err != nil || !signed.HasSigned("prac_1") || signed.Attendance[0].Status != marac.Present || m.HasSigned("prac_1") {
				t.Errorf("%s: %+v, %v", status, signed.Attendance, err)
			}
		} else {
			wantRule(t, string(status), err, "R15")
		}
		_, err = m.Sign("prac_1", meetingStart.Add(-24*time.Hour))
		wantRule(t, "the day before, "+string(status), err, "R15")
	}
}

func TestOnlyWhoAttendsSigns(t *testing.T) {
	m := invited(t, planned(t), marac.PartRepresentative)
	m.Status = marac.MeetingInSession
	for _, status := range marac.AttendanceStatuses() {
		recorded, err := m.RecordAttendance("prac_1", status)
		if err != nil {
			t.Fatal(err)
		}
		attends := status == marac.Present || status == marac.Deputy || status == marac.Observer
		signed, err := recorded.Sign("prac_1", meetingStart)
		if attends && (err != nil || signed.Attendance[0].Status != status) {
			t.Errorf("%s: %+v, %v", status, signed.Attendance, err)
		}
		if !attends {
			wantRule(t, string(status), err, "R15")
		}
	}
	_, err := m.Sign("prac_9", meetingStart)
	wantMissing(t, "somebody who is not on the attendance", err)
}

func TestAnObserverSignsAsOne(t *testing.T) {
	m := invited(t, planned(t), marac.PartObserver)
	m.Status = marac.MeetingInSession
	signed, err := m.Sign("prac_1", meetingStart)
	if err != nil || signed.Attendance[0].Status != marac.Observer {
		t.Errorf("signed as %+v, %v", signed.Attendance, err)
	}
}

func TestSigningAgainChangesNothing(t *testing.T) {
	m := invited(t, planned(t), marac.PartRepresentative)
	m.Status = marac.MeetingInSession
	m, err := m.Sign("prac_1", meetingStart)
	if err != nil {
		t.Fatal(err)
	}
	m.Status = marac.MeetingClosed
	again, err := m.Sign("prac_1", meetingStart.Add(time.Hour))
	if err != nil || !again.Attendance[0].SignedAt.Equal(meetingStart) {
		t.Errorf("signed again at %v, %v", again.Attendance[0].SignedAt, err)
	}
}

func TestWhoSignedHasAttended(t *testing.T) {
	m := invited(t, planned(t), marac.PartRepresentative)
	m.Status = marac.MeetingInSession
	m, err := m.Sign("prac_1", meetingStart)
	if err != nil {
		t.Fatal(err)
	}
	_, err = m.RecordAttendance("prac_1", marac.Absent)
	wantRule(t, "absent after signing", err, "R15")
	_, err = m.RecordAttendance("prac_1", "LATE")
	wantInput(t, "a status of no list", err, "input.status")
	_, err = m.RecordAttendance("prac_9", marac.Present)
	wantMissing(t, "somebody who is not on the attendance", err)
	if _, err = m.RecordAttendance("prac_1", marac.Deputy); err != nil {
		t.Errorf("the deputy signed: %v", err)
	}
}
