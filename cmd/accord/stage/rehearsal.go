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
			Victim: demo.Human{Name: "Marianne Aldous", Born: "1991-04-17"}, Children: []demo.Human{{Name: "Theo Aldous", Born: "2018-02-03"}, {Name: "Isla Aldous", Born: "2021-09-22"}},
			Harm: []demo.Human{{Name: "Craig Penhale", Born: "1988-11-30"}}, Bond: casework.ExIntimate,
			Home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"14 Larkspur Rise", "Northmoor"}, Postcode: "NM4 7QT"},
				Phone:   "07700 900461", Method: "text first", SafeTimes: "weekdays before three",
			},
			Keeper: "idva.byrne", Assessor: "pc.ahmed", Yes: []int{1, 2, 3, 4, 6, 7, 8, 10, 11, 12, 14, 15, 20, 21, 23},
			Events: []demo.Event{
				{DaysBefore: 40, Words: "Followed to the school gate; shouted from the car.", Behaviours: behaviours(casework.Following, casework.WatchingOrSpying), Channel: casework.Offline, Qualifies: casework.StalkingOrHarassmentPattern},
				{DaysBefore: 12, Words: "Forty-three calls in one night from withheld numbers.", Behaviours: behaviours(casework.Contacting), Channel: casework.Online, Qualifies: casework.StalkingOrHarassmentPattern},
				{DaysBefore: 1, Words: "Grabbed by the throat at handover of the children.", Behaviours: nil, Channel: casework.Offline, Qualifies: casework.ViolenceOrThreat},
			},
			Plan: []demo.Measure{
				{Words: "Door camera and lock change at the new address", Owner: "northmoor-police", Answers: "SLD-08"},
				{Words: "Handover of children moved to the contact centre", Owner: "northmoor-children", Answers: "SLD-07"},
				{Words: "Weekly contact by the safe number", Owner: "harbour-idva", Answers: "SLD-02"},
			},
			Assigned: []string{"idva.byrne", "ds.reid", "sw.duffy", "hv.osei", "po.singh"}, Meetings: []string{demo.LastMeeting, demo.NextMeeting}, Repeat: true, Further: "Kicked in the new door; the camera shows him.",
			Actions: []demo.Undertaking{
				{Words: "Visit with the health visitor to see both children", Owner: "northmoor-children", Who: "sw.duffy", DueIn: 5, Begun: false},
				{Words: "Check licence conditions and ask for an exclusion zone", Owner: "northmoor-probation", Who: "po.singh", DueIn: 8, Begun: true},
				{Words: "Ask the school to inform the safe number only", Owner: "northmoor-health", Who: "hv.osei", DueIn: 20, Begun: false},
			},
		},
		{
			Type: casework.StalkingNotDomestic, Level: risk.High, Opener: "pc.ahmed",
			Victim: demo.Human{Name: "Odette Ferrier", Born: "1984-08-09"}, Harm: []demo.Human{{Name: "Warren Tuck", Born: "1979-01-25"}}, Bond: casework.Colleague,
			Home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"Flat 2, Quillon House", "Mill Street", "Northmoor"}, Postcode: "NM1 2BX"},
				Method:  "call, say it is the dentist", SafeTimes: "after six",
			},
			Keeper: "isac.moss", Assessor: "isac.moss", Yes: []int{2, 3, 8, 10, 11, 14, 17, 18, 21, 22, 23, 24, 5, 12},
			Conduct: casework.ConductDecision{Classification: casework.ConductStalking, Reason: "Fixated, unwanted and repeated over eleven months."},
			Events: []demo.Event{
				{DaysBefore: 200, Words: "Left flowers on the car for the ninth time after being asked to stop.", Behaviours: behaviours(casework.Loitering, casework.Contacting), Channel: casework.Offline, Qualifies: ""},
				{DaysBefore: 30, Words: "Set up accounts in her name.", Behaviours: behaviours(casework.Publishing), Channel: casework.Online, Qualifies: casework.StalkingOrHarassmentPattern},
			},
			Plan:     []demo.Measure{{Words: "Marker on the address for an immediate response", Owner: "northmoor-police", Answers: "SLD-08"}, {Words: "Devices checked for monitoring software", Owner: "beacon-isac", Answers: "SLD-08"}},
			Assigned: []string{"isac.moss", "ds.reid"}, Meetings: []string{demo.LastMeeting},
			Actions: []demo.Undertaking{
				{Words: "Take the devices to the digital unit and return them within a week", Owner: "northmoor-police", Who: "ds.reid", DueIn: 6, Begun: true},
				{Words: "Talk through the stalking protection order with the victim", Owner: "beacon-isac", Who: "isac.moss", DueIn: 25, Begun: false},
			},
		},
		{
			Type: casework.DomesticAbuseFamilial, Level: risk.Medium, Opener: "ds.reid",
			Victim: demo.Human{Name: "Ines Barroso", Born: "1957-12-02"}, Harm: []demo.Human{{Name: "Rui Barroso", Born: "1986-06-14"}}, Bond: casework.FamilyMember,
			Home:   casework.SafeContact{Confidential: true, Address: casework.Address{Lines: []string{"8 Tannery Walk", "Northmoor"}, Postcode: "NM2 9RD"}, Method: "through the day centre"},
			Keeper: "ds.reid", Assessor: "ds.reid", Yes: []int{2, 4, 5, 12, 20, 21, 24}, Judged: "Isolated and dependent; her account changed when her son came in.",
			Events:   []demo.Event{{DaysBefore: 21, Words: "Bank card taken and money withdrawn.", Behaviours: nil, Channel: "", Qualifies: ""}},
			Plan:     []demo.Measure{{Words: "Safeguarding enquiry for an adult at risk", Owner: "northmoor-health", Answers: "SLD-20"}},
			Assigned: []string{"hv.osei"}, Meetings: []string{demo.LastMeeting},
			Actions: []demo.Undertaking{{Words: "Speak with the surgery about who collects the prescriptions", Owner: "northmoor-health", Who: "hv.osei", DueIn: 4, Begun: false}},
		},
	}
}

func behaviours(named ...casework.StalkingBehaviour) []casework.StalkingBehaviour { return named }
