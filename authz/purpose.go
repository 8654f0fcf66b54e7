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
	case SystemAdministrator, ListRelay, FirstStart, RecordUpkeep:
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
