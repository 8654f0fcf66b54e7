package demo

import (
	"accord/domain/casework"
	"accord/domain/risk"
)

// sketch is a case of the demo in a few words; Write makes a case of it by the
// procedures.
type sketch struct {
	kind     casework.CaseType
	level    risk.Level
	opener   string
	victim   human
	children []human
	harm     []human
	bond     casework.RelationshipType
	home     casework.SafeContact
	keeper   string // who records the safe contact
	yes      []int  // items of the SafeLives Dash answered YES
	assessor string
	judged   string // professional judgement that raises the level, in words
	conduct  casework.ConductDecision
	events   []event
	plan     []measure
	assigned []string
	meetings []string // lists it is placed on
	repeat   bool
	actions  []undertaking
}

type human struct{ name, born string }

type event struct {
	daysAgo    int // before the case was opened; negative: after
	words      string
	behaviours []casework.StalkingBehaviour
	channel    casework.Channel
	qualifies  casework.RepeatIncidentType
}

type measure struct{ words, owner, answers string }

type undertaking struct {
	words, owner, who string
	dueIn             int // working days after the last meeting
	begun             bool
}

func sketches() []sketch {
	return append(lastMeetingCases(), nextMeetingCases()...)
}

func lastMeetingCases() []sketch {
	return []sketch{
		{
			kind: casework.DomesticAbuseIntimate, level: risk.High, opener: "pc.ahmed",
			victim: human{"Marianne Aldous", "1991-04-17"}, children: []human{{"Theo Aldous", "2018-02-03"}, {"Isla Aldous", "2021-09-22"}},
			harm: []human{{"Craig Penhale", "1988-11-30"}}, bond: casework.ExIntimate,
			home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"14 Larkspur Rise", "Northmoor"}, Postcode: "NM4 7QT"},
				Phone:   "07700 900461", Method: "text first", SafeTimes: "weekdays before three",
			},
			keeper: "idva.byrne", assessor: "pc.ahmed", yes: []int{1, 2, 3, 4, 6, 7, 8, 10, 11, 12, 14, 15, 20, 21, 23},
			events: []event{
				{40, "Followed to the school gate; shouted from the car.", behaviours(casework.Following, casework.WatchingOrSpying), casework.Offline, casework.StalkingOrHarassmentPattern},
				{12, "Forty-three calls in one night from withheld numbers.", behaviours(casework.Contacting), casework.Online, casework.StalkingOrHarassmentPattern},
				{1, "Grabbed by the throat at handover of the children.", nil, casework.Offline, casework.ViolenceOrThreat},
			},
			plan: []measure{
				{"Door camera and lock change at the new address", "northmoor-police", "SLD-08"},
				{"Handover of children moved to the contact centre", "northmoor-children", "SLD-07"},
				{"Weekly contact by the safe number", "harbour-idva", "SLD-02"},
			},
			assigned: []string{"idva.byrne", "ds.reid", "sw.duffy", "hv.osei", "po.singh", "pros.lane"}, meetings: []string{LastMeeting, NextMeeting}, repeat: true,
			actions: []undertaking{
				{"Visit with the health visitor to see both children", "northmoor-children", "sw.duffy", 5, false},
				{"Check licence conditions and ask for an exclusion zone", "northmoor-probation", "po.singh", 8, true},
				{"Ask the school to inform the safe number only", "northmoor-health", "hv.osei", 20, false},
			},
		},
		{
			kind: casework.StalkingNotDomestic, level: risk.High, opener: "pc.ahmed",
			victim: human{"Odette Ferrier", "1984-08-09"}, harm: []human{{"Warren Tuck", "1979-01-25"}}, bond: casework.Colleague,
			home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"Flat 2, Quillon House", "Mill Street", "Northmoor"}, Postcode: "NM1 2BX"},
				Method:  "call, say it is the dentist", SafeTimes: "after six",
			},
			keeper: "isac.moss", assessor: "isac.moss", yes: []int{2, 3, 8, 10, 11, 14, 17, 18, 21, 22, 23, 24, 5, 12},
			conduct: casework.ConductDecision{Classification: casework.ConductStalking, Reason: "Fixated, unwanted and repeated over eleven months."},
			events: []event{
				{200, "Left flowers on the car for the ninth time after being asked to stop.", behaviours(casework.Loitering, casework.Contacting), casework.Offline, ""},
				{30, "Set up accounts in her name.", behaviours(casework.Publishing), casework.Online, casework.StalkingOrHarassmentPattern},
			},
			plan:     []measure{{"Marker on the address for an immediate response", "northmoor-police", "SLD-08"}, {"Devices checked for monitoring software", "beacon-isac", "SLD-08"}},
			assigned: []string{"isac.moss", "ds.reid"}, meetings: []string{LastMeeting},
			actions: []undertaking{
				{"Take the devices to the digital unit and return them within a week", "northmoor-police", "ds.reid", 6, true},
				{"Talk through the stalking protection order with the victim", "beacon-isac", "isac.moss", 25, false},
			},
		},
		{
			kind: casework.DomesticAbuseFamilial, level: risk.Medium, opener: "ds.reid",
			victim: human{"Ines Barroso", "1957-12-02"}, harm: []human{{"Rui Barroso", "1986-06-14"}}, bond: casework.FamilyMember,
			home:   casework.SafeContact{Confidential: true, Address: casework.Address{Lines: []string{"8 Tannery Walk", "Northmoor"}, Postcode: "NM2 9RD"}, Method: "through the day centre"},
			keeper: "ds.reid", assessor: "ds.reid", yes: []int{2, 4, 5, 12, 20, 21, 24}, judged: "Isolated and dependent; her account changed when her son came in.",
			events:   []event{{21, "Bank card taken and money withdrawn.", nil, "", ""}},
			plan:     []measure{{"Safeguarding enquiry for an adult at risk", "northmoor-health", "SLD-20"}},
			assigned: []string{"hv.osei"}, meetings: []string{LastMeeting},
			actions: []undertaking{{"Speak with the surgery about who collects the prescriptions", "northmoor-health", "hv.osei", 4, false}},
		},
	}
}

func behaviours(named ...casework.StalkingBehaviour) []casework.StalkingBehaviour { return named }
