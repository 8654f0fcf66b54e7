package casework

import "slices"

// CaseType is what kind of abuse a case is about. Stalking needs no
// relationship: Wiltshire procedure 4.1 lists victims of stalking and harassment
// who are not victims of domestic abuse.
type CaseType string

// The case types.
const (
	DomesticAbuseIntimate CaseType = "DA_INTIMATE"
	DomesticAbuseFamilial CaseType = "DA_FAMILIAL"
	StalkingNotDomestic   CaseType = "STALKING_NON_DA"
	HarassmentNotDomestic CaseType = "HARASSMENT_NON_DA"
	HonourBasedAbuse      CaseType = "HBA"
)

// CaseTypes lists every case type.
func CaseTypes() []CaseType {
	return []CaseType{
		DomesticAbuseIntimate, DomesticAbuseFamilial, StalkingNotDomestic, HarassmentNotDomestic,
		HonourBasedAbuse,
	}
}

// Valid reports whether the type is one of CaseTypes.
func (t CaseType) Valid() bool { return slices.Contains(CaseTypes(), t) }

// CaseStatus says whether a case is worked on.
type CaseStatus string

// The case statuses.
const (
	CaseOpen   CaseStatus = "OPEN"
	CaseClosed CaseStatus = "CLOSED"
)

// CaseStatuses lists both case statuses.
func CaseStatuses() []CaseStatus { return []CaseStatus{CaseOpen, CaseClosed} }

// Valid reports whether the status is one of CaseStatuses.
func (s CaseStatus) Valid() bool { return slices.Contains(CaseStatuses(), s) }

// ConductClassification is what the conduct is held to be in law. It is decided
// on a day, with a reason, apart from the case type; R7 and R10 hang on it.
type ConductClassification string

// The classifications.
const (
	ConductUndecided  ConductClassification = "UNDECIDED"
	ConductHarassment ConductClassification = "HARASSMENT"
	ConductStalking   ConductClassification = "STALKING"
	ConductNeither    ConductClassification = "NEITHER"
)

// ConductClassifications lists every classification.
func ConductClassifications() []ConductClassification {
	return []ConductClassification{
		ConductUndecided, ConductHarassment, ConductStalking, ConductNeither,
	}
}

// Valid reports whether the classification is one of ConductClassifications.
func (c ConductClassification) Valid() bool { return slices.Contains(ConductClassifications(), c) }

// RelationshipType is what a perpetrator is, or was, to the victim.
type RelationshipType string

// The relationships.
const (
	ExIntimate          RelationshipType = "EX_INTIMATE"
	CurrentIntimate     RelationshipType = "CURRENT_INTIMATE"
	FamilyMember        RelationshipType = "FAMILY"
	Acquaintance        RelationshipType = "ACQUAINTANCE"
	Colleague           RelationshipType = "COLLEAGUE"
	Stranger            RelationshipType = "STRANGER"
	RelationshipUnknown RelationshipType = "UNKNOWN"
)

// RelationshipTypes lists every relationship.
func RelationshipTypes() []RelationshipType {
	return []RelationshipType{
		ExIntimate, CurrentIntimate, FamilyMember, Acquaintance, Colleague, Stranger,
		RelationshipUnknown,
	}
}

// Valid reports whether the relationship is one of RelationshipTypes.
func (t RelationshipType) Valid() bool { return slices.Contains(RelationshipTypes(), t) }

// StalkerTypology is what drives a stalker, as the field groups them.
type StalkerTypology string

// The typologies. Online conduct is no type of its own: it is a Channel.
const (
	Rejected          StalkerTypology = "REJECTED"
	IntimacySeeker    StalkerTypology = "INTIMACY_SEEKER"
	IncompetentSuitor StalkerTypology = "INCOMPETENT_SUITOR"
	Resentful         StalkerTypology = "RESENTFUL"
	Predatory         StalkerTypology = "PREDATORY"
	TypologyUnknown   StalkerTypology = "UNKNOWN"
)

// StalkerTypologies lists every typology.
func StalkerTypologies() []StalkerTypology {
	return []StalkerTypology{
		Rejected, IntimacySeeker, IncompetentSuitor, Resentful, Predatory, TypologyUnknown,
	}
}

// Valid reports whether the typology is one of StalkerTypologies.
func (t StalkerTypology) Valid() bool { return slices.Contains(StalkerTypologies(), t) }

// StalkingBehaviour is one of the examples of acts associated with stalking in
// the Protection from Harassment Act 1997 s.2A(3).
type StalkingBehaviour string

// The behaviours, (a) to (g).
const (
	Following                StalkingBehaviour = "FOLLOW"
	Contacting               StalkingBehaviour = "CONTACT"
	Publishing               StalkingBehaviour = "PUBLISH"
	MonitoringCommunications StalkingBehaviour = "MONITOR_COMMS"
	Loitering                StalkingBehaviour = "LOITER"
	InterferingWithProperty  StalkingBehaviour = "INTERFERE_PROPERTY"
	WatchingOrSpying         StalkingBehaviour = "WATCH_SPY"
)

// StalkingBehaviours lists every behaviour, (a) to (g).
func StalkingBehaviours() []StalkingBehaviour {
	return []StalkingBehaviour{
		Following, Contacting, Publishing, MonitoringCommunications, Loitering,
		InterferingWithProperty, WatchingOrSpying,
	}
}

// Valid reports whether the behaviour is one of StalkingBehaviours.
func (b StalkingBehaviour) Valid() bool { return slices.Contains(StalkingBehaviours(), b) }

// Channel is how conduct reached the victim. Online conduct is treated like any
// other (NPCC/CPS protocol 3.5).
type Channel string

// The channels.
const (
	Online  Channel = "ONLINE"
	Offline Channel = "OFFLINE"
	Both    Channel = "BOTH"
)

// Channels lists every channel.
func Channels() []Channel { return []Channel{Online, Offline, Both} }

// Valid reports whether the channel is one of Channels.
func (c Channel) Valid() bool { return slices.Contains(Channels(), c) }

// PartyRole is the part a person has in a case.
type PartyRole string

// The party roles.
const (
	Victim       PartyRole = "VICTIM"
	Perpetrator  PartyRole = "PERPETRATOR"
	Child        PartyRole = "CHILD"
	Dependant    PartyRole = "DEPENDANT"
	Witness      PartyRole = "WITNESS"
	OtherAtRisk  PartyRole = "OTHER_AT_RISK"
	Professional PartyRole = "PROFESSIONAL"
)

// PartyRoles lists every party role.
func PartyRoles() []PartyRole {
	return []PartyRole{Victim, Perpetrator, Child, Dependant, Witness, OtherAtRisk, Professional}
}

// Valid reports whether the role is one of PartyRoles.
func (r PartyRole) Valid() bool { return slices.Contains(PartyRoles(), r) }

// AllegationState keeps suspects, the convicted and the acquitted apart (Data
// Protection Act 2018 s.38(3)).
type AllegationState string

// The states of an allegation.
const (
	Alleged   AllegationState = "ALLEGED"
	Suspect   AllegationState = "SUSPECT"
	Charged   AllegationState = "CHARGED"
	Convicted AllegationState = "CONVICTED"
	Acquitted AllegationState = "ACQUITTED"
)

// AllegationStates lists every state of an allegation.
func AllegationStates() []AllegationState {
	return []AllegationState{Alleged, Suspect, Charged, Convicted, Acquitted}
}

// Valid reports whether the state is one of AllegationStates.
func (s AllegationState) Valid() bool { return slices.Contains(AllegationStates(), s) }

// RepeatIncidentType is why an incident would make a case a repeat (SafeLives,
// definition of a repeat). It is empty for an incident that would not.
type RepeatIncidentType string

// The kinds of incident that make a repeat.
const (
	ViolenceOrThreat            RepeatIncidentType = "VIOLENCE_OR_THREAT" // to the victim, property included
	StalkingOrHarassmentPattern RepeatIncidentType = "STALKING_HARASSMENT_PATTERN"
	RapeOrSexualAbuse           RepeatIncidentType = "RAPE_SEXUAL_ABUSE"
)

// RepeatIncidentTypes lists the kinds of incident that make a repeat.
func RepeatIncidentTypes() []RepeatIncidentType {
	return []RepeatIncidentType{ViolenceOrThreat, StalkingOrHarassmentPattern, RapeOrSexualAbuse}
}

// Valid reports whether the kind is one of RepeatIncidentTypes.
func (t RepeatIncidentType) Valid() bool { return slices.Contains(RepeatIncidentTypes(), t) }
