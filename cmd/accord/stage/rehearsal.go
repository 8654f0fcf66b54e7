package stage

import (
	"accord/domain/casework"
	"accord/domain/risk"
	"accord/internal/demo"
)

// Rehearsal is the small world that tests and worlds are written against: ten
// cases of invented people, a last meeting that is closed, and a next one whose
// list is out.
func Rehearsal() demo.Casebook {
	return demo.Casebook{
		Stories: append(lastMeetingCases(), nextMeetingCases()...), NextIn: 7, Between: 20, CloseLast: true, Invited: 0,
	}
}

func lastMeetingCases() []demo.Story {
	return []demo.Story{
		{
			Type: casework.DomesticAbuseIntimate, Level: risk.High, Opener: "pc.ahmed",
			Victim: demo.Human{"Marianne Aldous", "1991-04-17"}, Children: []demo.Human{{"Theo Aldous", "2018-02-03"}, {"Isla Aldous", "2021-09-22"}},
			Harm: []demo.Human{{"Craig Penhale", "1988-11-30"}}, Bond: casework.ExIntimate,
			Home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"14 Larkspur Rise", "Northmoor"}, Postcode: "NM4 7QT"},
				Phone:   "07700 900461", Method: "text first", SafeTimes: "weekdays before three",
			},
			Keeper: "idva.byrne", Assessor: "pc.ahmed", Yes: []int{1, 2, 3, 4, 6, 7, 8, 10, 11, 12, 14, 15, 20, 21, 23},
			Events: []demo.Event{
				{40, "Followed to the school gate; shouted from the car.", behaviours(casework.Following, casework.WatchingOrSpying), casework.Offline, casework.StalkingOrHarassmentPattern, ""},
				{12, "Forty-three calls in one night from withheld numbers.", behaviours(casework.Contacting), casework.Online, casework.StalkingOrHarassmentPattern, ""},
				{1, "Grabbed by the throat at handover of the children.", nil, casework.Offline, casework.ViolenceOrThreat, ""},
			},
			Plan: []demo.Measure{
				{"Door camera and lock change at the new address", "northmoor-police", "SLD-08"},
				{"Handover of children moved to the contact centre", "northmoor-children", "SLD-07"},
				{"Weekly contact by the safe number", "harbour-idva", "SLD-02"},
			},
			Assigned: []string{"idva.byrne", "ds.reid", "sw.duffy", "hv.osei", "po.singh"}, Meetings: []string{demo.LastMeeting, demo.NextMeeting}, Repeat: true, Further: "Kicked in the new door; the camera shows him.",
			Actions: []demo.Undertaking{
				{"Visit with the health visitor to see both children", "northmoor-children", "sw.duffy", 5, false},
				{"Check licence conditions and ask for an exclusion zone", "northmoor-probation", "po.singh", 8, true},
				{"Ask the school to inform the safe number only", "northmoor-health", "hv.osei", 20, false},
			},
		},
		{
			Type: casework.StalkingNotDomestic, Level: risk.High, Opener: "pc.ahmed",
			Victim: demo.Human{"Odette Ferrier", "1984-08-09"}, Harm: []demo.Human{{"Warren Tuck", "1979-01-25"}}, Bond: casework.Colleague,
			Home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"Flat 2, Quillon House", "Mill Street", "Northmoor"}, Postcode: "NM1 2BX"},
				Method:  "call, say it is the dentist", SafeTimes: "after six",
			},
			Keeper: "isac.moss", Assessor: "isac.moss", Yes: []int{2, 3, 8, 10, 11, 14, 17, 18, 21, 22, 23, 24, 5, 12},
			Conduct: casework.ConductDecision{Classification: casework.ConductStalking, Reason: "Fixated, unwanted and repeated over eleven months."},
			Events: []demo.Event{
				{200, "Left flowers on the car for the ninth time after being asked to stop.", behaviours(casework.Loitering, casework.Contacting), casework.Offline, "", ""},
				{30, "Set up accounts in her name.", behaviours(casework.Publishing), casework.Online, casework.StalkingOrHarassmentPattern, ""},
			},
			Plan:     []demo.Measure{{"Marker on the address for an immediate response", "northmoor-police", "SLD-08"}, {"Devices checked for monitoring software", "beacon-isac", "SLD-08"}},
			Assigned: []string{"isac.moss", "ds.reid"}, Meetings: []string{demo.LastMeeting},
			Actions: []demo.Undertaking{
				{"Take the devices to the digital unit and return them within a week", "northmoor-police", "ds.reid", 6, true},
				{"Talk through the stalking protection order with the victim", "beacon-isac", "isac.moss", 25, false},
			},
		},
		{
			Type: casework.DomesticAbuseFamilial, Level: risk.Medium, Opener: "ds.reid",
			Victim: demo.Human{"Ines Barroso", "1957-12-02"}, Harm: []demo.Human{{"Rui Barroso", "1986-06-14"}}, Bond: casework.FamilyMember,
			Home:   casework.SafeContact{Confidential: true, Address: casework.Address{Lines: []string{"8 Tannery Walk", "Northmoor"}, Postcode: "NM2 9RD"}, Method: "through the day centre"},
			Keeper: "ds.reid", Assessor: "ds.reid", Yes: []int{2, 4, 5, 12, 20, 21, 24}, Judged: "Isolated and dependent; her account changed when her son came in.",
			Events:   []demo.Event{{21, "Bank card taken and money withdrawn.", nil, "", "", ""}},
			Plan:     []demo.Measure{{"Safeguarding enquiry for an adult at risk", "northmoor-health", "SLD-20"}},
			Assigned: []string{"hv.osei"}, Meetings: []string{demo.LastMeeting},
			Actions: []demo.Undertaking{{"Speak with the surgery about who collects the prescriptions", "northmoor-health", "hv.osei", 4, false}},
		},
	}
}

func behaviours(named ...casework.StalkingBehaviour) []casework.StalkingBehaviour { return named }
