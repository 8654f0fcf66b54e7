package stage

import (
	"accord/domain/casework"
	"accord/domain/risk"
	"accord/internal/demo"
)

func nextMeetingCases() []demo.Story {
	return []demo.Story{
		{
			Type: casework.DomesticAbuseIntimate, Level: risk.High, Opener: "pc.ahmed",
			Victim: demo.Human{Name: "Bronwen Castellane", Born: "1996-03-05"}, Children: []demo.Human{{Name: "Efa Castellane", Born: "2024-11-19"}},
			Harm: []demo.Human{{Name: "Dale Orchard", Born: "1993-07-21"}}, Bond: casework.CurrentIntimate,
			Home:   casework.SafeContact{Refuge: true, Method: "through the refuge", SafeTimes: "any"},
			Keeper: "idva.byrne", Assessor: "pc.ahmed", Yes: []int{1, 2, 3, 4, 5, 9, 10, 11, 12, 13, 14, 15, 16, 21},
			Events: []demo.Event{
				{DaysBefore: 9, Words: "Strangled until she lost consciousness; neighbour called.", Behaviours: nil, Channel: casework.Offline, Qualifies: casework.ViolenceOrThreat},
				{DaysBefore: 2, Words: "Came to her sister's door at night.", Behaviours: behaviours(casework.Following), Channel: casework.Offline, Qualifies: casework.ViolenceOrThreat},
			},
			Plan:     []demo.Measure{{Words: "Refuge place kept for mother and baby", Owner: "harbour-idva", Answers: "SLD-15"}, {Words: "Pre-birth and infant assessment", Owner: "northmoor-children", Answers: "SLD-09"}},
			Assigned: []string{"idva.byrne", "sw.duffy", "hv.osei"}, Meetings: []string{demo.NextMeeting},
		},
		{
			Type: casework.StalkingNotDomestic, Level: risk.High, Opener: "pc.ahmed",
			Victim: demo.Human{Name: "Priyanka Doss", Born: "1999-10-28"}, Harm: []demo.Human{{Name: "", Born: ""}}, Bond: casework.Stranger,
			Home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"31 Copperfield Row", "Northmoor"}, Postcode: "NM1 5AA"}, Method: "e-mail to the work address",
			},
			Keeper: "isac.moss", Assessor: "pc.ahmed", Yes: []int{2, 3, 5, 8, 10, 11, 17}, Judged: "Unknown man, escalating from messages to the doorstep in six weeks.",
			Conduct: casework.ConductDecision{Classification: casework.ConductStalking, Reason: "A pattern of unwanted and intrusive contact by somebody unknown."},
			Events: []demo.Event{
				{DaysBefore: 35, Words: "Messages from new accounts each day.", Behaviours: behaviours(casework.Contacting), Channel: casework.Online, Qualifies: ""},
				{DaysBefore: 6, Words: "Photographs of her front door sent to her.", Behaviours: behaviours(casework.WatchingOrSpying), Channel: casework.Both, Qualifies: casework.StalkingOrHarassmentPattern},
				{DaysBefore: 3, Words: "Parcel left on the step, no sender.", Behaviours: behaviours(casework.Loitering, casework.Contacting), Channel: casework.Offline, Qualifies: casework.StalkingOrHarassmentPattern},
			},
			Plan:     []demo.Measure{{Words: "Number kept in use for evidence, second phone lent", Owner: "beacon-isac", Answers: "SLD-08"}},
			Assigned: []string{"isac.moss", "ds.reid"}, Meetings: []string{demo.NextMeeting},
		},
		{
			Type: casework.HonourBasedAbuse, Level: risk.High, Opener: "ds.reid",
			Victim: demo.Human{Name: "Samira Qassem-Vale", Born: "2007-05-16"}, Children: []demo.Human{{Name: "Yusra Qassem-Vale", Born: "2012-08-30"}},
			Harm: []demo.Human{{Name: "Nadim Qassem", Born: "1975-02-11"}, {Name: "Faris Qassem", Born: "2001-12-07"}}, Bond: casework.FamilyMember,
			Home:   casework.SafeContact{Confidential: true, Address: casework.Address{Lines: []string{"Room 6, Elder Lodge"}, Postcode: "NM3 4LP"}, Method: "through the college", SafeTimes: "term time, mornings"},
			Keeper: "ds.reid", Assessor: "ds.reid", Yes: []int{2, 3, 4, 5, 12, 14, 17, 18},
			Judged:   "Plans to take her abroad before the end of term.",
			Events:   []demo.Event{{DaysBefore: 4, Words: "Passport taken; told that a wedding is arranged.", Behaviours: nil, Channel: casework.Offline, Qualifies: casework.ViolenceOrThreat}},
			Plan:     []demo.Measure{{Words: "Application for a forced marriage protection order", Owner: "northmoor-police", Answers: "SLD-17"}, {Words: "Sister seen at school by a social worker", Owner: "northmoor-children", Answers: "SLD-17"}},
			Assigned: []string{"sw.duffy", "idva.byrne"}, Meetings: []string{demo.NextMeeting},
		},
		{
			Type: casework.HarassmentNotDomestic, Level: risk.Medium, Opener: "pc.ahmed",
			Victim: demo.Human{Name: "Gethin Marlowe", Born: "1968-09-01"}, Harm: []demo.Human{{Name: "Sylvie Carrow", Born: "1971-03-19"}}, Bond: casework.Acquaintance,
			Home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"The Old Signal Box", "Station Lane", "Northmoor"}, Postcode: "NM6 1HH"}, Method: "post is safe",
			},
			Keeper: "ds.reid", Assessor: "pc.ahmed", Yes: []int{2, 5, 8, 10}, Judged: "Threats now name his daughter.",
			Conduct:  casework.ConductDecision{Classification: casework.ConductHarassment, Reason: "A neighbour dispute without fixation; reviewed with the SPOC on the day."},
			Events:   []demo.Event{{DaysBefore: 15, Words: "Paint thrown at the car.", Behaviours: behaviours(casework.InterferingWithProperty), Channel: casework.Offline, Qualifies: casework.ViolenceOrThreat}},
			Plan:     []demo.Measure{{Words: "Mediation ruled out; reports go to one officer", Owner: "northmoor-police", Answers: "SLD-08"}},
			Assigned: []string{"ds.reid", "isac.moss"}, Meetings: []string{demo.NextMeeting},
		},
		{
			Type: casework.DomesticAbuseIntimate, Level: risk.High, Opener: "ds.reid",
			Victim: demo.Human{Name: "Tomasz Wierzba", Born: "1989-01-13"}, Harm: []demo.Human{{Name: "Julian Ashgrove", Born: "1990-05-24"}}, Bond: casework.ExIntimate,
			Home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"5 Weir Cottages", "Northmoor"}, Postcode: "NM5 3DG"}, Phone: "07700 900128", Method: "call", SafeTimes: "evenings",
			},
			Keeper: "idva.byrne", Assessor: "idva.byrne", Yes: []int{1, 2, 3, 6, 8, 10, 11, 12, 14, 18, 20, 21, 22, 23, 24},
			Events: []demo.Event{
				{DaysBefore: 18, Words: "Threatened to post private pictures.", Behaviours: behaviours(casework.Contacting, casework.Publishing), Channel: casework.Online, Qualifies: casework.StalkingOrHarassmentPattern},
				{DaysBefore: 5, Words: "Waited outside work with a knife in the car.", Behaviours: behaviours(casework.Loitering), Channel: casework.Offline, Qualifies: casework.ViolenceOrThreat},
			},
			Plan:     []demo.Measure{{Words: "Employer told, with consent; escorted to the car", Owner: "harbour-idva", Answers: "SLD-14"}},
			Assigned: []string{"idva.byrne", "po.singh"}, Meetings: []string{demo.NextMeeting},
		},
		{
			Type: casework.DomesticAbuseIntimate, Level: risk.Medium, Opener: "pc.ahmed",
			Victim: demo.Human{Name: "Corinne Abara", Born: "1981-06-27"}, Harm: []demo.Human{{Name: "Miles Abara", Born: "1978-10-10"}}, Bond: casework.CurrentIntimate,
			Home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"22 Hawthorn Bank", "Northmoor"}, Postcode: "NM4 0ZP"}, Method: "through her mother",
			},
			Keeper: "ds.reid", Assessor: "pc.ahmed", Yes: []int{2, 4, 12, 20},
			Events:   []demo.Event{{DaysBefore: 7, Words: "Kept in the house for two days.", Behaviours: nil, Channel: casework.Offline, Qualifies: casework.ViolenceOrThreat}},
			Assigned: []string{"ds.reid"}, // not referred: no list
		},
		{
			Type: casework.StalkingNotDomestic, Level: risk.Medium, Opener: "pc.ward", Area: "southvale",
			Victim: demo.Human{Name: "Hollis Merriweather", Born: "1994-02-08"}, Harm: []demo.Human{{Name: "Anton Brandt", Born: "1985-09-15"}}, Bond: casework.Acquaintance,
			Assessor: "pc.ward", Yes: []int{2, 8, 10},
			Events: []demo.Event{{DaysBefore: 11, Words: "Followed home from the allotment twice.", Behaviours: behaviours(casework.Following), Channel: casework.Offline, Qualifies: ""}},
		},
	}
}
