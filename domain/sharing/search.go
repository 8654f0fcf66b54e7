package sharing

import (
	"time"

	"accord/domain/fault"
)

// Search is that somebody looked for a person, and why: not whom they looked for,
// which nobody needs to keep, and not what was found, which the audit log says.
type Search struct {
	ID     string
	By     string // practitioner id
	Agency string
	Areas  []string // of who looked
	Reason string
	At     time.Time
}

// How often one person may look, so that nobody walks through everybody who is
// known by asking for one after the other (domain: no scanning).
const (
	SearchesAnHour = 30
	SearchesADay   = 200
)

// CheckSearches refuses a search by somebody who has looked so often in the last
// hour and in the last day. The fault is RATE_LIMITED.
func CheckSearches(inHour, inDay int) error {
	if inHour >= SearchesAnHour || inDay >= SearchesADay {
		return &fault.Fault{
			Code:    fault.RateLimited,
			Message: "You have searched 30 times in an hour or 200 times in a day. Wait, or ask your supervisor.",
		}
	}
	return nil
}

// contactTypes are the agencies that are called about somebody whom another case
// holds. Never a service: that an advocacy service, a hospital or a refuge stands
// behind a case says what happened to whom.
var contactTypes = []AgencyType{MaracCoordination, Police}

// ContactPoint returns the agency to be called about a case of the area: who
// coordinates its MARAC, or else its police; false when it has neither. It depends
// on the area alone and never on who works on the case.
func ContactPoint(area string, agencies []Agency) (Agency, bool) {
	for _, wanted := range contactTypes {
		found := Agency{}
		for _, agency := range agencies {
			// The first by id, so that the answer is the same whatever order they come in.
			if agency.Type == wanted && agency.worksIn(area) && (found.ID == "" || agency.ID < found.ID) {
				found = agency
			}
		}
		if found.ID != "" {
			return found, true
		}
	}
	return Agency{}, false
}
