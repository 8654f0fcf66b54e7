package marac

import (
	"fmt"
	"time"

	"accord/domain/calendar"
	"accord/domain/fault"
)

const meetingSource = "SafeLives, the MARAC process"

// Plan plans a meeting of which ID, Reference, Kind, Area, StartsAt and Venue are
// set. MAPPA plans its own meetings: the two never share a record.
func Plan(m Meeting, now time.Time) (Meeting, error) {
	switch {
	case !m.Kind.Valid():
		return Meeting{}, fault.Input("input.kind", "oneOf", "Say what kind of meeting it is.")
	case m.Kind == MappaLevel2 || m.Kind == MappaLevel3:
		return Meeting{}, fault.Rule("MEETING_MAPPA_APART", "Criminal Justice Act 2003 s.325",
			"Plan a MAPPA meeting in MAPPA: it is another meeting with other members.")
	case m.Area == "":
		return Meeting{}, fault.Input("input.area", "required", "Name the area that the meeting is for.")
	case m.StartsAt.IsZero() || m.StartsAt.Before(now):
		return Meeting{}, fault.Input("input.startsAt", "notInPast", "A meeting is planned for a time to come.")
	}
	m.Status = MeetingPlanned
	return m, nil
}

// On returns the day of the meeting in London.
func (m Meeting) On() calendar.Date { return calendar.DateIn(m.StartsAt) }

// CloseReferrals ends the taking of referrals for the meeting.
func (m Meeting) CloseReferrals() (Meeting, error) {
	return m.step(MeetingPlanned, MeetingReferralsClosed)
}

// IssueList sends the list to the representatives. It is due the policy's
// number of working days before the meeting (R15). A late list is issued all the
// same, and said to be late: research done late protects better than none. An
// emergency or daily meeting has no such day.
func (m Meeting) IssueList(policy AreaPolicy, now time.Time) (Meeting, error) {
	issued, err := m.step(MeetingReferralsClosed, MeetingListed)
	if err != nil {
		return Meeting{}, err
	}
	if len(m.Refs) == 0 {
		return Meeting{}, fault.Rule("MEETING_LIST", meetingSource, "Place at least one case on the list before it is issued.")
	}
	issued.Refs = Order(m.Refs)
	issued.ListIssuedAt = now
	issued.ListIssuedLate = m.hasDeadlines() && calendar.DateIn(now) > policy.ListIssueDue(m.On())
	return issued, nil
}

// Start opens the session, on the day of the meeting or later.
func (m Meeting) Start(now time.Time) (Meeting, error) {
	started, err := m.step(MeetingListed, MeetingInSession)
	if err != nil {
		return Meeting{}, err
	}
	if calendar.DateIn(now) < m.On() {
		return Meeting{}, fault.Rule("MEETING_DAY", meetingSource, "A meeting is opened on its day. Change its time first if it is held earlier.")
	}
	return started, nil
}

// DraftMinutes ends the session; the minutes are then being written.
func (m Meeting) DraftMinutes() (Meeting, error) {
	return m.step(MeetingInSession, MeetingMinutesDraft)
}

// IssueMinutes sends the minutes out. They are due the policy's number of
// working days after the meeting (R15); late ones are issued and said to be late.
func (m Meeting) IssueMinutes(policy AreaPolicy, now time.Time) (Meeting, error) {
	issued, err := m.step(MeetingMinutesDraft, MeetingMinutesIssued)
	if err != nil {
		return Meeting{}, err
	}
	issued.MinutesIssuedAt = now
	issued.MinutesLate = calendar.DateIn(now) > policy.MinutesDue(m.On())
	return issued, nil
}

// Close ends the meeting, and with it the window in which its list can be read.
func (m Meeting) Close() (Meeting, error) {
	return m.step(MeetingMinutesIssued, MeetingClosed)
}

// ListOpen reports whether the list of a meeting in the status is open to its
// representatives and its chair: from the list's issue until the meeting is
// closed.
func ListOpen(status MeetingStatus) bool {
	switch status {
	case MeetingListed, MeetingInSession, MeetingMinutesDraft, MeetingMinutesIssued:
		return true
	case MeetingPlanned, MeetingReferralsClosed, MeetingClosed:
		return false
	}
	return false
}

// hasDeadlines reports whether the working days before the meeting are counted.
func (m Meeting) hasDeadlines() bool {
	return m.Kind == MaracScheduled || m.Kind == StalkingClinic
}

// step moves the meeting on. Each status has one that comes before it, so a
// meeting never skips a stage and never goes back.
func (m Meeting) step(from, to MeetingStatus) (Meeting, error) {
	if m.Status != from {
		return Meeting{}, fault.Rule("MEETING_STATUS", meetingSource, fmt.Sprintf("This is done with a meeting that is %s.", from.inWords()))
	}
	m.Status = to
	return m, nil
}

// inWords is the status as people say it.
func (s MeetingStatus) inWords() string {
	switch s {
	case MeetingPlanned:
		return "planned and still takes referrals"
	case MeetingReferralsClosed:
		return "closed for referrals and not listed yet"
	case MeetingListed:
		return "listed and not opened yet"
	case MeetingInSession:
		return "in session"
	case MeetingMinutesDraft:
		return "over, with its minutes being written"
	case MeetingMinutesIssued:
		return "minuted, with the minutes issued"
	case MeetingClosed:
		return "closed"
	}
	return "at another stage"
}
