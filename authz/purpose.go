package authz

import "slices"

// Purpose is what a viewer is looking for; it narrows, never widens.
type Purpose string

// The purposes.
const (
	MaracPrep      Purpose = "MARAC_PREP"
	MaracAction    Purpose = "MARAC_ACTION"
	SafetyPlanning Purpose = "SAFETY_PLANNING"
	Investigation  Purpose = "INVESTIGATION"
	Prosecution    Purpose = "PROSECUTION"
	Supervision    Purpose = "SUPERVISION"
	Mappa          Purpose = "MAPPA"
	QaAudit        Purpose = "QA_AUDIT"
	Sar            Purpose = "SAR"
	Emergency      Purpose = "BREAK_GLASS"
)

// Purposes lists every purpose.
func Purposes() []Purpose {
	return []Purpose{
		MaracPrep, MaracAction, SafetyPlanning, Investigation, Prosecution, Supervision, Mappa, QaAudit, Sar, Emergency,
	}
}

// Declarable lists the purposes that a request may declare: emergency access is
// entered by itself.
func Declarable() []Purpose {
	return slices.DeleteFunc(Purposes(), func(purpose Purpose) bool { return purpose == Emergency })
}

// purposesOf lists what a role may declare; the first is what its routine reads
// are for. Emergency access is granted, never declared, and a subject access
// request is the auditor's to answer.
func purposesOf(role Role) []Purpose {
	switch role {
	case Investigator, CustodyOfficer, ControlRoom:
		return []Purpose{Investigation, SafetyPlanning, MaracPrep, MaracAction}
	case Supervisor, DutyInspector:
		return []Purpose{Supervision, Investigation, SafetyPlanning, MaracPrep}
	case PublicProtection:
		return []Purpose{SafetyPlanning, Investigation, MaracPrep, MaracAction, Mappa}
	case PoliceSpoc, CpsSpoc:
		return []Purpose{Supervision}
	case Prosecutor, WitnessCare:
		return []Purpose{Prosecution, MaracAction}
	case ProbationPractitioner:
		return []Purpose{Supervision, SafetyPlanning, MaracPrep, MaracAction, Mappa}
	case MappaCoordinator:
		return []Purpose{Mappa}
	case Idva, Isac, AgencyRepresentative:
		return []Purpose{SafetyPlanning, MaracPrep, MaracAction}
	case MaracCoordinator, MaracChair:
		return []Purpose{MaracPrep, MaracAction}
	case Auditor:
		return []Purpose{QaAudit, Sar}
	case SystemAdministrator, ListRelay, AlertPost, FirstStart, RecordUpkeep:
		return nil
	default:
		return nil
	}
}

// MayDeclare reports whether one of the capacity's roles may declare the purpose.
func (c Capacity) MayDeclare(purpose Purpose) bool {
	return slices.ContainsFunc(c.Roles, func(role Role) bool { return slices.Contains(purposesOf(role), purpose) })
}

// For is what a request of the capacity is for: what it declares, or what the
// routine reads of its first role are for; empty when that role has none.
func (c Capacity) For() Purpose {
	if c.Purpose != "" || len(c.Roles) == 0 {
		return c.Purpose
	}
	if listed := purposesOf(c.Roles[0]); len(listed) > 0 {
		return listed[0]
	}
	return ""
}

// coveredBy lists the classes that a purpose covers in full. What is declared
// narrows (Caldicott 2 and 3: use what the purpose needs, and the least of it);
// a routine read, with nothing declared, is for the viewer's part in the case and
// narrows nothing. Core and directory are never narrowed.
func coveredBy(purpose Purpose) ClassSet {
	everything := ^ClassSet(0)
	switch purpose {
	case MaracPrep:
		// A meeting is prepared from what was shared for it, not from intelligence or the prosecution's file.
		return everything &^ SetOf(Intelligence, ChargingAdvice, Withdrawal, Vps, SpecialMeasures)
	case MaracAction:
		return everything &^ SetOf(Intelligence, AdvocateNotes, Health, ChargingAdvice, Withdrawal, Vps, SpecialMeasures)
	case SafetyPlanning:
		return everything &^ SetOf(Intelligence, ChargingAdvice, Withdrawal)
	case Investigation:
		// What was said for a safeguarding meeting is not evidence (domain: CPIA 1996).
		// An advocate's note reaches the police only where it was released for it.
		return everything &^ SetOf(MaracMinutes)
	case Prosecution:
		return everything &^ SetOf(MeetingList, Research, AdvocateNotes, SafeContact)
	case Supervision:
		return everything &^ SetOf(AdvocateNotes, SafeContact)
	case Mappa:
		return everything &^ SetOf(AdvocateNotes, ChargingAdvice, Withdrawal, Vps)
	case QaAudit, Sar, Emergency, "":
		return everything
	default:
		return SetOf(CaseCore, Directory)
	}
}
