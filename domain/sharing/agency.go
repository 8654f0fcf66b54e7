// Package sharing knows who takes part: agencies, their teams and practitioners,
// the duty roster, who is kept out of a case; and on which grounds information
// passes between agencies.
//
// Every agency stays the controller of what it put in (Crime and Disorder Act
// 1998 s.115 gives a power to share, and leaves control with the owner).
package sharing

import "slices"

// AgencyType is the kind of service an agency is.
type AgencyType string

// The agency types.
const (
	MaracCoordination   AgencyType = "MARAC_COORDINATION"
	Oversight           AgencyType = "OVERSIGHT"
	Police              AgencyType = "POLICE"
	Cps                 AgencyType = "CPS"
	Probation           AgencyType = "PROBATION"
	Prison              AgencyType = "PRISON"
	IdvaService         AgencyType = "IDVA_SERVICE"
	IsacService         AgencyType = "ISAC_SERVICE"
	IsvaService         AgencyType = "ISVA_SERVICE"
	WitnessCareUnit     AgencyType = "WITNESS_CARE_UNIT"
	WitnessService      AgencyType = "WITNESS_SERVICE"
	Court               AgencyType = "COURT"
	ChildrensSocialCare AgencyType = "CHILDRENS_SOCIAL_CARE"
	AdultSocialCare     AgencyType = "ADULT_SOCIAL_CARE"
	HealthPrimary       AgencyType = "HEALTH_PRIMARY"
	HealthAcute         AgencyType = "HEALTH_ACUTE"
	MentalHealth        AgencyType = "MENTAL_HEALTH"
	Education           AgencyType = "EDUCATION"
	Housing             AgencyType = "HOUSING"
	SubstanceMisuse     AgencyType = "SUBSTANCE_MISUSE"
	YouthOffendingTeam  AgencyType = "YOT"
	Fire                AgencyType = "FIRE"
	Cafcass             AgencyType = "CAFCASS"
	Dwp                 AgencyType = "DWP"
	Immigration         AgencyType = "IMMIGRATION"
	MonitoringProvider  AgencyType = "EM_PROVIDER"
	Voluntary           AgencyType = "VOLUNTARY"
	OtherAgency         AgencyType = "OTHER"
)

// AgencyTypes lists every agency type.
func AgencyTypes() []AgencyType {
	return []AgencyType{
		MaracCoordination, Oversight, Police, Cps, Probation, Prison, IdvaService, IsacService,
		IsvaService, WitnessCareUnit, WitnessService, Court, ChildrensSocialCare, AdultSocialCare,
		HealthPrimary, HealthAcute, MentalHealth, Education, Housing, SubstanceMisuse,
		YouthOffendingTeam, Fire, Cafcass, Dwp, Immigration, MonitoringProvider, Voluntary,
		OtherAgency,
	}
}

// Valid reports whether the type is one of AgencyTypes.
func (t AgencyType) Valid() bool { return slices.Contains(AgencyTypes(), t) }

// Agency is a service that takes part, controller of what it put in.
type Agency struct {
	ID        string
	Reference string // readable and unique, such as "northmoor-police"; also its sign-in issuer's last path part
	Name      string
	Type      AgencyType
	Areas     []string // ids of the areas it works in
	Agreement Span     // days on which its information-sharing agreement is in force
}

func (a Agency) worksIn(area string) bool { return slices.Contains(a.Areas, area) }

// Area is the footprint of one MARAC, with its own policy.
type Area struct {
	ID        string
	Reference string // readable and unique, such as "northmoor"
	Name      string
}

// Team is a group of an agency's practitioners under one supervision.
type Team struct {
	ID     string
	Agency string // agency id
	Name   string
}
