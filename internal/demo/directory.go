// Package demo is the invented world that Accord shows itself with: two areas,
// eleven agencies, the people who work there, and the cases of one MARAC. Every
// name, address and event in it is fictional. Everything is written by the
// procedures, as the people whose work it is, on the days it would have been.
package demo

import (
	"time"

	"accord/domain/calendar"
	"accord/domain/sharing"
	"accord/internal/devidp"
)

// Password is everybody's in the demo.
const Password = "demo-only"

// Current are the days on which agreements, vetting and training are current, of
// every agency and person of the demo.
func Current() sharing.Span {
	return sharing.Span{From: calendar.NewDate(2024, time.January, 1), Until: calendar.NewDate(2037, time.December, 31)}
}

// The meetings of the demo.
const (
	NextMeeting = "NM-MARAC-NEXT"
	LastMeeting = "NM-MARAC-LAST"
)

// Areas of the demo.
const (
	northmoor = "northmoor"
	southvale = "southvale"
)

// Agency is an agency of the demo, with the people who sign in there.
type Agency struct {
	Reference string // also the last part of its issuer's address
	Name      string
	Type      sharing.AgencyType
	Areas     []string
	People    []Person
	RS256     bool // signs in with an older algorithm, as some agencies do
}

// Person is somebody who signs in.
type Person struct {
	Login      string
	Name       string
	Roles      []sharing.RoleName
	Team       string
	Supervises []string
	Part       string // what they are in the demo, in words
}

// Teams of the demo.
const (
	responseTeam   = "response"
	protectionTeam = "protection"
)

// Agencies lists the agencies of the demo.
func Agencies() []Agency {
	north, south, both := []string{northmoor}, []string{southvale}, []string{northmoor, southvale}
	return []Agency{
		{Reference: "northmoor-police", Name: "Northmoor Police", Type: sharing.Police, Areas: north, People: []Person{
			{Login: "pc.ahmed", Name: "Tariq Ahmed", Roles: roles("INVESTIGATOR"), Team: responseTeam, Part: "investigator"},
			{Login: "insp.cole", Name: "Helen Cole", Roles: roles("SUPERVISOR", "DUTY_INSPECTOR"), Supervises: []string{responseTeam}, Part: "duty inspector, supervisor of the response team"},
			{Login: "ds.reid", Name: "Morag Reid", Roles: roles("PUBLIC_PROTECTION"), Team: protectionTeam, Part: "public protection, police representative"},
			{Login: "spoc.hart", Name: "Colin Hart", Roles: roles("POLICE_SPOC"), Part: "police SPOC for stalking"},
		}},
		{Reference: "cps-northmoor", Name: "CPS Northmoor", Type: sharing.Cps, Areas: north, RS256: true, People: []Person{
			{Login: "pros.lane", Name: "Adrian Lane", Roles: roles("PROSECUTOR"), Part: "prosecutor, invited to one item"},
			{Login: "spoc.vale", Name: "Ruth Vale", Roles: roles("CPS_SPOC"), Part: "CPS SPOC for stalking"},
		}},
		{Reference: "northmoor-probation", Name: "Northmoor Probation", Type: sharing.Probation, Areas: north, People: []Person{
			{Login: "po.singh", Name: "Harpreet Singh", Roles: roles("PROBATION_PRACTITIONER"), Part: "probation practitioner, representative"},
			{Login: "mappa.okoro", Name: "Ngozi Okoro", Roles: roles("MAPPA_COORDINATOR"), Part: "MAPPA coordinator"},
		}},
		{Reference: "harbour-idva", Name: "Harbour IDVA Service", Type: sharing.IdvaService, Areas: north, People: []Person{
			{Login: "idva.byrne", Name: "Sinead Byrne", Roles: roles("IDVA"), Part: "IDVA, representative"},
		}},
		{Reference: "beacon-isac", Name: "Beacon Stalking Advocacy", Type: sharing.IsacService, Areas: north, People: []Person{
			{Login: "isac.moss", Name: "Jonah Moss", Roles: roles("ISAC"), Part: "ISAC, representative"},
		}},
		{Reference: "northmoor-marac", Name: "Northmoor MARAC", Type: sharing.MaracCoordination, Areas: north, People: []Person{
			{Login: "coord.ellis", Name: "Gwen Ellis", Roles: roles("MARAC_COORDINATOR"), Part: "MARAC coordinator"},
			{Login: "chair.novak", Name: "Petra Novak", Roles: roles("MARAC_CHAIR"), Part: "MARAC chair"},
		}},
		{Reference: "northmoor-health", Name: "Northmoor Health Visiting", Type: sharing.HealthPrimary, Areas: north, People: []Person{
			{Login: "hv.osei", Name: "Abena Osei", Roles: roles("AGENCY_REPRESENTATIVE"), Part: "health representative"},
		}},
		{Reference: "northmoor-children", Name: "Northmoor Children's Services", Type: sharing.ChildrensSocialCare, Areas: north, People: []Person{
			{Login: "sw.duffy", Name: "Liam Duffy", Roles: roles("AGENCY_REPRESENTATIVE"), Part: "children's services representative"},
		}},
		{Reference: "southvale-police", Name: "Southvale Police", Type: sharing.Police, Areas: south, People: []Person{
			{Login: "pc.ward", Name: "Elaine Ward", Roles: roles("INVESTIGATOR"), Part: "investigator in another area"},
		}},
		{Reference: "accord-oversight", Name: "Accord Oversight", Type: sharing.Oversight, Areas: both, People: []Person{
			{Login: "dpo.grant", Name: "Fiona Grant", Roles: roles("AUDITOR"), Part: "lead auditor of both areas"},
			{Login: "sys.kerr", Name: "Duncan Kerr", Roles: roles("SYSTEM_ADMINISTRATOR"), Part: "system administrator"},
		}},
	}
}

func roles(names ...sharing.RoleName) []sharing.RoleName { return names }

// AgencyOf returns the reference of the agency where somebody signs in; empty
// when nobody has this name.
func AgencyOf(login string) string {
	for _, agency := range Agencies() {
		for _, person := range agency.People {
			if person.Login == login {
				return agency.Reference
			}
		}
	}
	return ""
}

// SignIn configures the demo's sign-in provider.
func SignIn() []devidp.Agency {
	var configured []devidp.Agency
	for _, agency := range Agencies() {
		one := devidp.Agency{Name: agency.Reference, RS256: agency.RS256}
		for _, person := range agency.People {
			one.Users = append(one.Users, devidp.User{Login: person.Login, Name: person.Name})
		}
		configured = append(configured, one)
	}
	return configured
}
