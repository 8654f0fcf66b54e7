package worlds

import (
	"slices"

	"accord/authz"
	"accord/domain/marac"
)

// toMeeting: who convenes or oversees the area, takes part, signed, or works on
// or is invited to a case of the list that they are not kept out of.
func (r Reach) toMeeting(viewer *Person, meeting *Meeting) authz.RelationSet {
	var set authz.RelationSet
	if slices.Contains(viewer.Areas, meeting.Area) {
		set |= when(r.has(viewer, authz.MaracCoordinator), authz.Convenor)
		set |= when(r.has(viewer, authz.Auditor), authz.Oversight)
	}
	if attending := meeting.Attends(viewer.Login); attending != nil {
		set |= when(attending.Signed, authz.Signed)
		if meeting.Open() && r.stillInvited(viewer, attending, meeting) {
			set |= partIn(attending.Part)
		}
	}
	people := r.standsFor(viewer)
	for _, listing := range meeting.Listings {
		heard := r.World.Cases[listing.Case]
		if heard.keepsOut(viewer.Login) {
			continue
		}
		restricted := len(heard.Restricted) > 0
		for _, assigned := range heard.Assigned {
			if restricted && assigned.Person != viewer.Login {
				continue
			}
			set |= when(slices.Contains(people, assigned.Person), authz.Assigned)
			set |= when(!restricted && r.answersFor(viewer, assigned.Team), authz.Team)
		}
	}
	return set
}

// stillInvited reports whether a part in the meeting is one to any case the
// viewer is not kept out of; only an invitation hangs on cases.
func (r Reach) stillInvited(viewer *Person, attending *Attending, meeting *Meeting) bool {
	return attending.Part != marac.PartInvited || slices.ContainsFunc(meeting.Listings, func(listing *Listing) bool {
		return slices.Contains(attending.Items, listing.Item) && !slices.Contains(r.World.Cases[listing.Case].Excluded, viewer.Login)
	})
}
