package marac

import (
	"slices"
	"time"
)

// MeetingKind is what kind of meeting it is.
type MeetingKind string

// The kinds.
const (
	MaracScheduled MeetingKind = "MARAC_SCHEDULED"
	MaracEmergency MeetingKind = "MARAC_EMERGENCY"
	MaracDaily     MeetingKind = "MARAC_DAILY"
	MappaLevel2    MeetingKind = "MAPPA_L2"
	MappaLevel3    MeetingKind = "MAPPA_L3"
	StalkingClinic MeetingKind = "STALKING_CLINIC"
)

// MeetingKinds lists every kind.
func MeetingKinds() []MeetingKind {
	return []MeetingKind{
		MaracScheduled, MaracEmergency, MaracDaily, MappaLevel2, MappaLevel3, StalkingClinic,
	}
}

// Valid reports whether the kind is one of MeetingKinds.
func (k MeetingKind) Valid() bool { return slices.Contains(MeetingKinds(), k) }

// MeetingStatus is how far a meeting has come.
type MeetingStatus string

// The statuses, in order.
const (
	MeetingPlanned         MeetingStatus = "PLANNED"
	MeetingReferralsClosed MeetingStatus = "REFERRALS_CLOSED"
	MeetingListed          MeetingStatus = "LISTED"
	MeetingInSession       MeetingStatus = "IN_SESSION"
	MeetingMinutesDraft    MeetingStatus = "MINUTES_DRAFT"
	MeetingMinutesIssued   MeetingStatus = "MINUTES_ISSUED"
	MeetingClosed          MeetingStatus = "CLOSED"
)

// MeetingStatuses lists every status, in order.
func MeetingStatuses() []MeetingStatus {
	return []MeetingStatus{
		MeetingPlanned, MeetingReferralsClosed, MeetingListed, MeetingInSession,
		MeetingMinutesDraft, MeetingMinutesIssued, MeetingClosed,
	}
}

// Valid reports whether the status is one of MeetingStatuses.
func (s MeetingStatus) Valid() bool { return slices.Contains(MeetingStatuses(), s) }

// Meeting is one sitting: its header, the order of its list, who attends.
type Meeting struct {
	ID              string
	Reference       string // readable and unique
	Kind            MeetingKind
	Status          MeetingStatus
	Area            string // area id
	StartsAt        time.Time
	Venue           string
	Refs            []ListRef
	Attendance      []Attendance
	ListIssuedAt    time.Time // zero: not issued
	ListIssuedLate  bool      // issued later than the area's policy says (R15)
	MinutesIssuedAt time.Time // zero: not issued
	MinutesLate     bool      // issued later than the area's policy says (R15)
}
