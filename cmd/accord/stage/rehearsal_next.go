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
			Victim: demo.Human{"Bronwen Castellane", "1996-03-05"}, Children: []demo.Human{{"Efa Castellane", "2024-11-19"}},
			Harm: []demo.Human{{"Dale Orchard", "1993-07-21"}}, Bond: casework.CurrentIntimate,
			Home:   casework.SafeContact{Refuge: true, Method: "through the refuge", SafeTimes: "any"},
			Keeper: "idva.byrne", Assessor: "pc.ahmed", Yes: []int{1, 2, 3, 4, 5, 9, 10, 11, 12, 13, 14, 15, 16, 21},
			Events: []demo.Event{
				{9, "Strangled until she lost consciousness; neighbour called.", nil, casework.Offline, casework.ViolenceOrThreat, ""},
				{2, "Came to her sister's door at night.", behaviours(casework.Following), casework.Offline, casework.ViolenceOrThreat, ""},
			},
			Plan:     []demo.Measure{{"Refuge place kept for mother and baby", "harbour-idva", "SLD-15"}, {"Pre-birth and infant assessment", "northmoor-children", "SLD-09"}},
			Assigned: []string{"idva.byrne", "sw.duffy", "hv.osei"}, Meetings: []string{demo.NextMeeting},
		},
		{
			Type: casework.StalkingNotDomestic, Level: risk.High, Opener: "pc.ahmed",
			Victim: demo.Human{"Priyanka Doss", "1999-10-28"}, Harm: []demo.Human{{"", ""}}, Bond: casework.Stranger,
			Home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"31 Copperfield Row", "Northmoor"}, Postcode: "NM1 5AA"}, Method: "e-mail to the work address",
			},
			Keeper: "isac.moss", Assessor: "pc.ahmed", Yes: []int{2, 3, 5, 8, 10, 11, 17}, Judged: "Unknown man, escalating from messages to the doorstep in six weeks.",
			Conduct: casework.ConductDecision{Classification: casework.ConductStalking, Reason: "A pattern of unwanted and intrusive contact by somebody unknown."},
			Events: []demo.Event{
				{35, "Messages from new accounts each day.", behaviours(casework.Contacting), casework.Online, "", ""},
				{6, "Photographs of her front door sent to her.", behaviours(casework.WatchingOrSpying), casework.Both, casework.StalkingOrHarassmentPattern, ""},
				{3, "Parcel left on the step, no sender.", behaviours(casework.Loitering, casework.Contacting), casework.Offline, casework.StalkingOrHarassmentPattern, ""},
			},
			Plan:     []demo.Measure{{"Number kept in use for evidence, second phone lent", "beacon-isac", "SLD-08"}},
			Assigned: []string{"isac.moss", "ds.reid"}, Meetings: []string{demo.NextMeeting},
		},
		{
			Type: casework.HonourBasedAbuse, Level: risk.High, Opener: "ds.reid",
			Victim: demo.Human{"Samira Qassem-Vale", "2007-05-16"}, Children: []demo.Human{{"Yusra Qassem-Vale", "2012-08-30"}},
			Harm: []demo.Human{{"Nadim Qassem", "1975-02-11"}, {"Faris Qassem", "2001-12-07"}}, Bond: casework.FamilyMember,
			Home:   casework.SafeContact{Confidential: true, Address: casework.Address{Lines: []string{"Room 6, Elder Lodge"}, Postcode: "NM3 4LP"}, Method: "through the college", SafeTimes: "term time, mornings"},
			Keeper: "ds.reid", Assessor: "ds.reid", Yes: []int{2, 3, 4, 5, 12, 14, 17, 18},
			Judged:   "Plans to take her abroad before the end of term.",
			Events:   []demo.Event{{4, "Passport taken; told that a wedding is arranged.", nil, casework.Offline, casework.ViolenceOrThreat, ""}},
			Plan:     []demo.Measure{{"Application for a forced marriage protection order", "northmoor-police", "SLD-17"}, {"Sister seen at school by a social worker", "northmoor-children", "SLD-17"}},
			Assigned: []string{"sw.duffy", "idva.byrne"}, Meetings: []string{demo.NextMeeting},
		},
		{
			Type: casework.HarassmentNotDomestic, Level: risk.Medium, Opener: "pc.ahmed",
			Victim: demo.Human{"Gethin Marlowe", "1968-09-01"}, Harm: []demo.Human{{"Sylvie Carrow", "1971-03-19"}}, Bond: casework.Acquaintance,
			Home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"The Old Signal Box", "Station Lane", "Northmoor"}, Postcode: "NM6 1HH"}, Method: "post is safe",
			},
			Keeper: "ds.reid", Assessor: "pc.ahmed", Yes: []int{2, 5, 8, 10}, Judged: "Threats now name his daughter.",
			Conduct:  casework.ConductDecision{Classification: casework.ConductHarassment, Reason: "A neighbour dispute without fixation; reviewed with the SPOC on the day."},
			Events:   []demo.Event{{15, "Paint thrown at the car.", behaviours(casework.InterferingWithProperty), casework.Offline, casework.ViolenceOrThreat, ""}},
			Plan:     []demo.Measure{{"Mediation ruled out; reports go to one officer", "northmoor-police", "SLD-08"}},
			Assigned: []string{"ds.reid", "isac.moss"}, Meetings: []string{demo.NextMeeting},
		},
		{
			Type: casework.DomesticAbuseIntimate, Level: risk.High, Opener: "ds.reid",
			Victim: demo.Human{"Tomasz Wierzba", "1989-01-13"}, Harm: []demo.Human{{"Julian Ashgrove", "1990-05-24"}}, Bond: casework.ExIntimate,
			Home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"5 Weir Cottages", "Northmoor"}, Postcode: "NM5 3DG"}, Phone: "07700 900128", Method: "call", SafeTimes: "evenings",
			},
			Keeper: "idva.byrne", Assessor: "idva.byrne", Yes: []int{1, 2, 3, 6, 8, 10, 11, 12, 14, 18, 20, 21, 22, 23, 24},
			Events: []demo.Event{
				{18, "Threatened to post private pictures.", behaviours(casework.Contacting, casework.Publishing), casework.Online, casework.StalkingOrHarassmentPattern, ""},
				{5, "Waited outside work with a knife in the car.", behaviours(casework.Loitering), casework.Offline, casework.ViolenceOrThreat, ""},
			},
			Plan:     []demo.Measure{{"Employer told, with consent; escorted to the car", "harbour-idva", "SLD-14"}},
			Assigned: []string{"idva.byrne", "po.singh"}, Meetings: []string{demo.NextMeeting},
		},
		{
			Type: casework.DomesticAbuseIntimate, Level: risk.Medium, Opener: "pc.ahmed",
			Victim: demo.Human{"Corinne Abara", "1981-06-27"}, Harm: []demo.Human{{"Miles Abara", "1978-10-10"}}, Bond: casework.CurrentIntimate,
			Home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"22 Hawthorn Bank", "Northmoor"}, Postcode: "NM4 0ZP"}, Method: "through her mother",
			},
			Keeper: "ds.reid", Assessor: "pc.ahmed", Yes: []int{2, 4, 12, 20},
			Events:   []demo.Event{{7, "Kept in the house for two days.", nil, casework.Offline, casework.ViolenceOrThreat, ""}},
			Assigned: []string{"ds.reid"}, // not referred: no list
		},
		{
			Type: casework.StalkingNotDomestic, Level: risk.Medium, Opener: "pc.ward", Area: "southvale",
			Victim: demo.Human{"Hollis Merriweather", "1994-02-08"}, Harm: []demo.Human{{"Anton Brandt", "1985-09-15"}}, Bond: casework.Acquaintance,
			Assessor: "pc.ward", Yes: []int{2, 8, 10},
			Events: []demo.Event{{11, "Followed home from the allotment twice.", behaviours(casework.Following), casework.Offline, "", ""}},
		},
	}
}
