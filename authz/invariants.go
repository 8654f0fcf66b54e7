package authz

import "slices"

// invariant is what no policy may allow, whoever writes it: each stands between a
// victim and harm that a line could do by mistake.
type invariant struct {
	code   string
	says   string
	source string
	broken func(rule) bool
}

var (
	policeRoles     = []Role{Investigator, Supervisor, DutyInspector, PoliceSpoc, PublicProtection, CustodyOfficer, ControlRoom}
	prosecutorRoles = []Role{Prosecutor, CpsSpoc}
	advocateRoles   = []Role{Idva, Isac}
	// meetingRoles run a meeting, from whichever agency they come.
	meetingRoles = []Role{MaracCoordinator, MaracChair}
)

var invariants = []invariant{
	{
		code:   "notes-in-emergency",
		says:   "an emergency never opens an advocate's notes",
		source: "domain 4.2 (12) and note 8 of the access matrix: the advocate discloses a threat to life",
		broken: func(r rule) bool { return r.class == AdvocateNotes && r.relation == BreakGlass },
	},
	{
		// Independence from the police is the advocate's value: the police route is a
		// victim information request, answered by release.
		code:   "notes-to-police",
		says:   "an advocate's notes are kept from the police, the CPS and the meeting; an officer in the case or in public protection reads what the advocate has released",
		source: "note 8 of the access matrix",
		broken: func(r rule) bool {
			if r.class != AdvocateNotes || r.relation == BreakGlass { // which is told above
				return false
			}
			asked := (r.role == Investigator || r.role == PublicProtection) && r.relation == Released && r.act == Read
			return !asked && slices.Contains(slices.Concat(policeRoles, prosecutorRoles, meetingRoles), r.role)
		},
	},
	{
		code:   "address-in-full",
		says:   "where a victim can be reached is at most masked for a chair, a coordinator, a prosecutor and an auditor",
		source: "the access matrix, safe contact and address, and its note 3",
		broken: func(r rule) bool {
			kept := slices.Concat(meetingRoles, prosecutorRoles, []Role{Auditor})
			return r.class == SafeContact && r.level == Full && slices.Contains(kept, r.role)
		},
	},
	{
		code:   "intelligence-to-advocate",
		says:   "an advocate never holds police intelligence: what they need is released as sanitised risk information",
		source: "note 7 of the access matrix",
		broken: func(r rule) bool { return r.class == Intelligence && slices.Contains(advocateRoles, r.role) },
	},
	{
		code:   "minutes-to-prosecution",
		says:   "the prosecution holds of a meeting's minutes only the extract that was released to it",
		source: "note 11 of the access matrix: CPIA 1996",
		broken: func(r rule) bool {
			return r.class == MaracMinutes && r.relation != Released && slices.Contains(prosecutorRoles, r.role)
		},
	},
	{
		code:   "administrator",
		says:   "a system administrator sees no content and has no line",
		source: "note 18 of the access matrix",
		broken: func(r rule) bool { return r.role == SystemAdministrator },
	},
	{
		code:   "system-capacity",
		says:   "a system capacity does its one task: it has the lines that Accord gives it and no others",
		source: "deny by default, domain 4.2 (1)",
		broken: func(r rule) bool { return int(r.role) >= personRoles && !shippedRules().allow(r) },
	},
}
