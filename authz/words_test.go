package authz_test

import (
	"slices"
	"testing"

	"accord/authz"
)

// represents are the roles whose agencies send a representative to a MARAC. CPS
// is not a member; coordinator, chair and auditor have a relation of their own.
var represents = []authz.Role{
	authz.Investigator, authz.Supervisor, authz.DutyInspector, authz.PublicProtection, authz.ProbationPractitioner,
	authz.Idva, authz.Isac, authz.AgencyRepresentative,
}

// shareable are the classes of which an item is released.
var shareable = []authz.DataClass{
	authz.RiskAssessment, authz.Intelligence, authz.AdvocateNotes, authz.Health, authz.Research, authz.MaracMinutes,
}

// words gathers what the matrix says beside its cells.
type words []said

func (w *words) say(note string, act authz.Act, role authz.Role, relation authz.Relation, level authz.Level, classes ...authz.DataClass) {
	for _, class := range classes {
		*w = append(*w, said{grant{role, relation, class, act, level}, inWords, note})
	}
}

func (w *words) reads(role authz.Role, relation authz.Relation, classes ...authz.DataClass) {
	w.say("", authz.Read, role, relation, authz.Full, classes...)
}

func (w *words) writes(role authz.Role, relation authz.Relation, classes ...authz.DataClass) {
	w.reads(role, relation, classes...)
	w.say("", authz.Write, role, relation, authz.Full, classes...)
}

// beside is what the access matrix says of the classes, acts and relations that are
// no cells of it. Some of it follows from cells: who owns what is released, and who
// receives it.
func beside(tb testing.TB, cells []marked) []said {
	tb.Helper()
	var w words
	for role, relation := range reach {
		// CASE_CORE: everyone who reaches the case; never null.
		w.reads(role, relation, authz.CaseCore)
		w.say("", authz.Read, role, relation, authz.Full, authz.Proceedings)
	}
	w.aboutMeetings()
	w.aboutRelease(cells)
	w.aboutSafeContact(cells)
	w.aboutSpecialists(tb, cells)
	w.inAnEmergency()
	// Alerts, an inbox for every practitioner: each reads and acknowledges their own.
	for _, role := range authz.Roles() {
		if role != authz.SystemAdministrator { // note 18: sees no content
			w.writes(role, authz.Addressee, authz.AlertClass)
		}
	}
	return w
}

func (w *words) aboutMeetings() {
	for _, role := range represents {
		// Who sees a meeting: an assigned practitioner sees the header and those items.
		w.reads(role, reach[role], authz.MeetingList)
		// MEETING_LIST: for research, names and dates of birth of victim, perpetrators and children.
		w.reads(role, authz.Representative,
			authz.CaseCore, authz.MeetingList, authz.VictimIdentity, authz.PerpetratorIdentity, authz.Children)
	}
	// Who sees a meeting: header and list are the convenor's and the chair's.
	w.reads(authz.MaracCoordinator, authz.Convenor, authz.MeetingList)
	w.reads(authz.MaracChair, authz.Chair, authz.MeetingList)
	// INVITED_ITEM: its own item, children masked, and that item's actions in full (note 11).
	w.reads(authz.Prosecutor, authz.InvitedItem,
		authz.CaseCore, authz.MeetingList, authz.VictimIdentity, authz.PerpetratorIdentity, authz.Actions)
	w.say("", authz.Read, authz.Prosecutor, authz.InvitedItem, authz.Masked, authz.Children)
	// What is shared in the meeting opens on signing: its minutes, to the roles that read minutes.
	for _, role := range []authz.Role{
		authz.PublicProtection, authz.ProbationPractitioner, authz.Idva, authz.Isac, authz.AgencyRepresentative, authz.MaracChair,
	} {
		w.reads(role, authz.Signed, authz.MaracMinutes)
	}
	// Further classes: EXCLUSION is the convenor's and the auditor's to read for their areas.
	w.reads(authz.MaracCoordinator, authz.Convenor, authz.ExclusionClass)
	w.reads(authz.Auditor, authz.Oversight, authz.ExclusionClass)
}

func (w *words) aboutRelease(cells []marked) {
	// Note 5: other agencies' assessments only by release.
	w.say("5", authz.Read, authz.Prosecutor, authz.Released, authz.Full, authz.RiskAssessment)
	// Note 11: CPS gets a chair-released extract.
	w.say("11", authz.Read, authz.Prosecutor, authz.Released, authz.Full, authz.MaracMinutes)
	w.writes(authz.MaracChair, authz.Chair, authz.SharingRecord)
	// SHARING_RECORD: owner, recipient, convenor, auditor.
	w.reads(authz.MaracCoordinator, authz.Convenor, authz.SharingRecord)
	w.reads(authz.Auditor, authz.Oversight, authz.SharingRecord)
	w.reads(authz.Prosecutor, authz.Released, authz.SharingRecord)
	for _, cell := range cells {
		switch {
		case !slices.Contains(shareable, cell.class):
		case cell.mark == "oW":
			w.writes(cell.role, authz.Owner, authz.SharingRecord)
			w.reads(cell.role, authz.Released, authz.SharingRecord)
		case cell.mark == "x":
			w.reads(cell.role, authz.Released, authz.SharingRecord)
		}
	}
	// Note 2: the full address by release of the victim liaison.
	w.say("2", authz.Read, authz.ProbationPractitioner, authz.Released, authz.Full, authz.SafeContact)
	// EXCLUSION: one's own, which no relation gives.
	for _, role := range authz.Roles() {
		if role != authz.SystemAdministrator {
			w.say("own", authz.Read, role, authz.Addressee, authz.Full, authz.ExclusionClass)
		}
	}
}

func (w *words) aboutSafeContact(cells []marked) {
	for _, cell := range cells {
		switch {
		case cell.class != authz.SafeContact:
		case cell.mark == "pR" || cell.mark == "pW":
			// Domain 4.2 (4): safe contact is revealed one at a time with a reason.
			w.say("", authz.Reveal, cell.role, reach[cell.role], authz.Full, authz.SafeContact)
		case cell.note == "3":
			// Note 3: coordinator and health see method and safe times; the number on reveal.
			w.say("3", authz.Reveal, cell.role, reach[cell.role], authz.Masked, authz.SafeContact)
		}
	}
}

func (w *words) aboutSpecialists(tb testing.TB, cells []marked) {
	tb.Helper()
	for _, cell := range cells {
		if cell.class == authz.MappaRmp {
			// NOMINAL: category and level as the risk management plan.
			cell.class = authz.NominalClass
			*w = append(*w, cell.means(tb)...)
		}
		if cell.mark == "M" && (cell.role == authz.PoliceSpoc || cell.role == authz.CpsSpoc) {
			// SPOC: masked; in full while consulted (note 20). Whoever is consulted is given the case.
			given := map[authz.Role]authz.Relation{authz.PoliceSpoc: authz.Assigned, authz.CpsSpoc: authz.Filed}[cell.role]
			w.say("20", authz.Read, cell.role, given, authz.Full, cell.class, authz.CaseCore)
		}
	}
	// Who owns an item is given the case, and so reaches it (relation OWNER): a MAPPA coordinator writes referrals.
	w.reads(authz.MappaCoordinator, authz.Assigned, authz.CaseCore)
	// Roles beside the columns: custody officer, Wiltshire procedure 5.5 and 5.7.
	w.reads(authz.CustodyOfficer, authz.Assigned, authz.CaseCore, authz.VictimIdentity, authz.RiskAssessment)
	w.writes(authz.CustodyOfficer, authz.Assigned, authz.OrderConditions)
	// Witness Care Unit, protocol 4.14 and 6.4.
	w.reads(authz.WitnessCare, authz.Assigned, authz.CaseCore, authz.ContactPerson, authz.SpecialMeasures, authz.Proceedings)
}

// inAnEmergency is what break-glass opens: of a threat to life, who is in danger and
// from whom, and what is known of the danger and done about it. The matrix says only
// what it does not open (domain 4.2 (12)): it is in no cell.
func (w *words) inAnEmergency() {
	danger := []authz.DataClass{
		authz.CaseCore, authz.VictimIdentity, authz.Children, authz.PerpetratorIdentity, authz.RiskAssessment,
		authz.CourseOfConduct, authz.OrderConditions,
		authz.SharingRecord, // that the access was taken, and why
	}
	for _, role := range []authz.Role{
		authz.Investigator, authz.Supervisor, authz.DutyInspector, authz.PublicProtection, authz.ControlRoom, authz.Idva, authz.Isac,
	} {
		w.reads(role, authz.BreakGlass, danger...)
		w.reads(role, authz.BreakGlass, authz.Plan, authz.SafeContact)
		// Who goes there or calls: police and advocates.
		w.say("", authz.Reveal, role, authz.BreakGlass, authz.Full, authz.SafeContact)
	}
	w.reads(authz.AgencyRepresentative, authz.BreakGlass, danger...)
	w.reads(authz.AgencyRepresentative, authz.BreakGlass, authz.Plan)
	// Probation holds the plan masked when the case is theirs, and no address (note 2): no more in an emergency.
	w.reads(authz.ProbationPractitioner, authz.BreakGlass, danger...)
	w.say("", authz.Read, authz.ProbationPractitioner, authz.BreakGlass, authz.Masked, authz.Plan)
}

// deviations are what the policy allows and the matrix does not say, each with
// why. There is nothing that the matrix says and the policy does not allow but
// what is pending.
var deviations = map[grant]string{
	{authz.Investigator, authz.Assigned, authz.CaseCore, authz.Write, authz.Full}: "the matrix has no mark for the writing of the core: the officer in the case opens and decides it",

	{authz.PublicProtection, authz.Assigned, authz.CaseCore, authz.Write, authz.Full}: "as the officer in the case",

	{authz.MaracCoordinator, authz.Convenor, authz.CaseCore, authz.Write, authz.Full}: "opens the case of a referral that comes without one",

	{authz.MaracCoordinator, authz.Convenor, authz.ExclusionClass, authz.Write, authz.Full}: "domain 4.2 (5): set by the coordinator or agency; everybody declares their own",

	{authz.MaracCoordinator, authz.Convenor, authz.MeetingList, authz.Write, authz.Full}: "the list is the coordinator's to make and to issue",

	{authz.MaracChair, authz.Chair, authz.MeetingList, authz.Write, authz.Full}: "the chair opens and closes the meeting",

	{authz.PublicProtection, authz.Owner, authz.Actions, authz.Read, authz.Full}:  "a representative who is not assigned reports on the agency's own actions, as every other agency's does",
	{authz.PublicProtection, authz.Owner, authz.Actions, authz.Write, authz.Full}: "the same",

	{authz.Auditor, authz.Oversight, authz.SharingRecord, authz.Write, authz.Full}: "domain 4.2 (12): emergency access is reviewed within a working day, which is the auditor's to record",
}

// systems are the lines of the capacities that no person can hold, each with the
// task it is for.
var systems = map[grant]string{
	{authz.ListRelay, authz.Convenor, authz.CaseCore, authz.Read, authz.Full}:     "finds the case that it carries",
	{authz.ListRelay, authz.Convenor, authz.MeetingList, authz.Read, authz.Full}:  "carries an accepted case to its meeting's list",
	{authz.ListRelay, authz.Convenor, authz.MeetingList, authz.Write, authz.Full}: "the same",
	{authz.ListRelay, authz.Convenor, authz.Research, authz.Read, authz.Masked}:   "asks each agency for its research: which, and that it is asked",
	{authz.ListRelay, authz.Convenor, authz.Research, authz.Write, authz.Masked}:  "the same",
	{authz.AlertPost, authz.Addressee, authz.AlertClass, authz.Read, authz.Full}:  "puts an alert into an inbox",
	{authz.AlertPost, authz.Addressee, authz.AlertClass, authz.Write, authz.Full}: "the same",
}

// notes are the notes of the matrix and what else it says in words, each with what
// holds it; one that is empty is pending.
var notes = map[string]string{
	"1":  "",
	"2":  "",
	"3":  "method and safe times are the mask of SAFE_CONTACT; the number is revealed at masked",
	"4":  "a supervisor and a duty inspector write neither assessments nor plans",
	"5":  "FILED reaches what the police submitted, RELEASED the others'",
	"6":  "intelligence reaches a prosecutor by RELEASED alone; the release names its schedule",
	"7":  "an advocate has no cell of INTELLIGENCE",
	"8":  "notes reach the police by RELEASED alone, and no auditor",
	"9":  "",
	"10": "the coordinator's RESEARCH is masked",
	"11": "minutes reach a prosecutor by RELEASED alone; an invitation gives the item's actions",
	"12": "",
	"13": "",
	"14": "",
	"15": "an advocate reads ORDER_CONDITIONS",
	"16": "CONSENTED stands in the place of a release",
	"17": "",
	"18": "SYSTEM_ADMINISTRATOR has no line",
	"19": "a MAPPA coordinator reaches cases by NOMINAL",
	"20": "a POLICE_SPOC to whom the case is given for the consultation is ASSIGNED",

	"control room":   "",
	"exclusion zone": "",
	"reviews":        "",
	"own exclusion":  "",
}
