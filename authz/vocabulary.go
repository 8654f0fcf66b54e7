// Package authz decides who may see and do what: a capacity (who acts, for
// whom, in which roles), the relations that reach a record, and the sight they
// give of it. The policy is a table that a data protection officer can read;
// it is compiled with casbin when it loads and asked as bit masks after that.
package authz

import (
	"fmt"
	"io"
	"strconv"
)

// Role is a part a practitioner holds at their agency.
type Role uint8

// The roles, as columns of the access matrix and beside it.
const (
	Investigator Role = iota
	Supervisor
	DutyInspector
	PoliceSpoc
	PublicProtection
	CustodyOfficer
	ControlRoom
	Prosecutor
	CpsSpoc
	ProbationPractitioner
	MappaCoordinator
	Idva
	Isac
	MaracCoordinator
	MaracChair
	AgencyRepresentative
	WitnessCare
	Auditor
	SystemAdministrator
	ListRelay    // system capacity: carries a listed case to its meeting
	AlertPost    // system capacity: puts alerts into the inboxes of their addressees
	FirstStart   // system capacity: enrols the first agencies and people of an empty folder
	RecordUpkeep // system capacity: brings records of an older form to the newest
	roleCount
)

// personRoles is how many roles a person can hold. The others are system
// capacities, which nobody can be given.
const personRoles = int(ListRelay)

var roleNames = [roleCount]string{
	"INVESTIGATOR", "SUPERVISOR", "DUTY_INSPECTOR", "POLICE_SPOC", "PUBLIC_PROTECTION",
	"CUSTODY_OFFICER", "CONTROL_ROOM", "PROSECUTOR", "CPS_SPOC", "PROBATION_PRACTITIONER",
	"MAPPA_COORDINATOR", "IDVA", "ISAC", "MARAC_COORDINATOR", "MARAC_CHAIR",
	"AGENCY_REPRESENTATIVE", "WITNESS_CARE", "AUDITOR", "SYSTEM_ADMINISTRATOR",
	"LIST_RELAY", "ALERT_POST", "FIRST_START", "RECORD_UPKEEP",
}

// Relation is what ties a viewer to a record. A relation gives rows; a cell of
// the policy gives fields of those rows; nothing else gives either.
type Relation uint8

// The relations.
const (
	Assigned       Relation = iota // a practitioner assigned to the case
	Team                           // the supervisor of an assigned practitioner; the duty inspector by roster
	Owner                          // the agency that put the item in, and assigned, supervising or representing it
	Representative                 // the agency's named person for a meeting, from the list's issue
	Signed                         // signed the meeting's confidentiality statement
	InvitedItem                    // invited to one item of a meeting
	Released                       // the item was released to the agency
	Convenor                       // MARAC coordinator of the area
	Chair                          // chair of the meeting
	Spoc                           // single point of contact for stalking of the area
	Nominal                        // MAPPA coordinator of the area
	Filed                          // prosecutor to whom the file was submitted
	Consented                      // advocate with the victim's consent
	Oversight                      // auditor of the agency; lead auditor of the area
	BreakGlass                     // live emergency grant
	AgencyParty                    // any practitioner of a party agency; no rule of the default policy uses it
	Addressee                      // the practitioner an alert is for
	relationCount
)

var relationNames = [relationCount]string{
	"ASSIGNED", "TEAM", "OWNER", "REPRESENTATIVE", "SIGNED", "INVITED_ITEM", "RELEASED",
	"CONVENOR", "CHAIR", "SPOC", "NOMINAL", "FILED", "CONSENTED", "OVERSIGHT", "BREAK_GLASS",
	"AGENCY_PARTY", "ADDRESSEE",
}

// DataClass is the kind of content a value is, the unit that the policy grants
// and that a record is sealed by.
type DataClass uint8

// The data classes.
const (
	CaseCore DataClass = iota
	VictimIdentity
	SafeContact
	Children
	PerpetratorIdentity
	RiskAssessment
	CourseOfConduct
	Intelligence
	AdvocateNotes
	AdvocateStatement
	Health
	ChargingAdvice
	Proceedings
	Referral
	Research
	MeetingList
	MaracMinutes
	Actions
	Plan
	MappaMinutes
	MappaRmp
	NominalClass
	OrderConditions
	Vps
	ContactPerson
	SpecialMeasures
	Withdrawal
	SupportConsent
	SharingRecord
	ExclusionClass
	Audit
	Statistics
	Directory
	AlertClass
	classCount
)

var classNames = [classCount]string{
	"CASE_CORE", "VICTIM_IDENTITY", "SAFE_CONTACT", "CHILDREN", "PERPETRATOR_IDENTITY",
	"RISK_ASSESSMENT", "COURSE_OF_CONDUCT", "INTELLIGENCE", "ADVOCATE_NOTES",
	"ADVOCATE_STATEMENT", "HEALTH", "CHARGING_ADVICE", "PROCEEDINGS", "REFERRAL", "RESEARCH",
	"MEETING_LIST", "MARAC_MINUTES", "ACTIONS", "PLAN", "MAPPA_MINUTES", "MAPPA_RMP", "NOMINAL",
	"ORDER_CONDITIONS", "VPS", "CONTACT_PERSON", "SPECIAL_MEASURES", "WITHDRAWAL",
	"SUPPORT_CONSENT", "SHARING_RECORD", "EXCLUSION", "AUDIT", "STATISTICS", "DIRECTORY",
	"ALERT",
}

// Level is how much of a data class a viewer holds.
type Level uint8

// The levels, least first.
const (
	Withheld Level = iota // nothing
	Masked                // what the mask of the class shows
	Full                  // everything
)

var levelNames = [...]string{"withheld", "masked", "full"}

// Act is what a policy row allows.
type Act uint8

// The acts.
const (
	Read Act = iota
	Write
	Reveal // have safe contact shown once, for one person, with a reason: at Masked the number alone, in Full the address too
	actCount
)

var actNames = [actCount]string{"read", "write", "reveal"}

// Reason says why a field is not shown in full. It never says that somebody is
// excluded.
type Reason uint8

// The reasons.
const (
	ReasonRole         Reason = iota + 1 // no role of the viewer reads the class
	ReasonNotReleased                    // the owner has not released it
	ReasonMasked                         // only the mask is the viewer's
	ReasonPurpose                        // the purpose declared does not cover it
	ReasonRevealNeeded                   // revealed one at a time, with a reason
)

var reasonNames = [...]string{"", "ROLE", "NOT_RELEASED", "MASKED", "PURPOSE", "REVEAL_NEEDED"}

func (r Role) String() string      { return roleNames[r] }
func (r Relation) String() string  { return relationNames[r] }
func (c DataClass) String() string { return classNames[c] }
func (l Level) String() string     { return levelNames[l] }
func (a Act) String() string       { return actNames[a] }
func (r Reason) String() string    { return reasonNames[r] }

// Roles lists every role a person can hold, in the order of the matrix.
func Roles() []Role { return counted[Role](personRoles) }

// SystemRoles lists the roles of system capacities, which no person can hold.
func SystemRoles() []Role { return counted[Role](int(roleCount))[personRoles:] }

// Relations lists every relation.
func Relations() []Relation { return counted[Relation](int(relationCount)) }

// DataClasses lists every data class.
func DataClasses() []DataClass { return counted[DataClass](int(classCount)) }

func counted[T ~uint8](count int) []T {
	all := make([]T, count)
	for i := range all {
		all[i] = T(i)
	}
	return all
}

// ParseRole reads the name of a role that a person can hold; an unknown name is
// an error, never a default.
func ParseRole(name string) (Role, error) {
	return named[Role]("role", name, roleNames[:personRoles])
}

// ParseRelation reads a relation's name.
func ParseRelation(name string) (Relation, error) {
	return named[Relation]("relation", name, relationNames[:])
}

// ParseDataClass reads a data class's name.
func ParseDataClass(name string) (DataClass, error) {
	return named[DataClass]("data class", name, classNames[:])
}

func named[T ~uint8](what, name string, names []string) (T, error) {
	for i, n := range names {
		if n == name {
			return T(i), nil
		}
	}
	return 0, fmt.Errorf("unknown %s %q", what, name)
}

// MarshalGQL writes the role as the enumeration value of the schema.
func (r Role) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(r.String())) }

// UnmarshalGQL reads the enumeration value of the schema.
func (r *Role) UnmarshalGQL(v any) error {
	name, _ := v.(string)
	parsed, err := ParseRole(name)
	*r = parsed
	return err
}
