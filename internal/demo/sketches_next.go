package demo

import (
	"accord/domain/casework"
	"accord/domain/risk"
)

func nextMeetingCases() []sketch {
	return []sketch{
		{
			kind: casework.DomesticAbuseIntimate, level: risk.High, opener: "pc.ahmed",
			victim: human{"Bronwen Castellane", "1996-03-05"}, children: []human{{"Efa Castellane", "2024-11-19"}},
			harm: []human{{"Dale Orchard", "1993-07-21"}}, bond: casework.CurrentIntimate,
			home:   casework.SafeContact{Refuge: true, Method: "through the refuge", SafeTimes: "any"},
			keeper: "idva.byrne", assessor: "pc.ahmed", yes: []int{1, 2, 3, 4, 5, 9, 10, 11, 12, 13, 14, 15, 16, 21},
			events: []event{
				{9, "Strangled until she lost consciousness; neighbour called.", nil, casework.Offline, casework.ViolenceOrThreat},
				{2, "Came to her sister's door at night.", behaviours(casework.Following), casework.Offline, casework.ViolenceOrThreat},
			},
			plan:     []measure{{"Refuge place kept for mother and baby", "harbour-idva", "SLD-15"}, {"Pre-birth and infant assessment", "northmoor-children", "SLD-09"}},
			assigned: []string{"idva.byrne", "sw.duffy", "hv.osei"}, meetings: []string{NextMeeting},
		},
		{
			kind: casework.StalkingNotDomestic, level: risk.High, opener: "pc.ahmed",
			victim: human{"Priyanka Doss", "1999-10-28"}, harm: []human{{"", ""}}, bond: casework.Stranger,
			home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"31 Copperfield Row", "Northmoor"}, Postcode: "NM1 5AA"}, Method: "e-mail to the work address",
			},
			keeper: "isac.moss", assessor: "pc.ahmed", yes: []int{2, 3, 5, 8, 10, 11, 17}, judged: "Unknown man, escalating from messages to the doorstep in six weeks.",
			conduct: casework.ConductDecision{Classification: casework.ConductStalking, Reason: "A pattern of unwanted and intrusive contact by somebody unknown."},
			events: []event{
				{35, "Messages from new accounts each day.", behaviours(casework.Contacting), casework.Online, ""},
				{6, "Photographs of her front door sent to her.", behaviours(casework.WatchingOrSpying), casework.Both, casework.StalkingOrHarassmentPattern},
				{3, "Parcel left on the step, no sender.", behaviours(casework.Loitering, casework.Contacting), casework.Offline, casework.StalkingOrHarassmentPattern},
			},
			plan:     []measure{{"Number kept in use for evidence, second phone lent", "beacon-isac", "SLD-08"}},
			assigned: []string{"isac.moss", "ds.reid"}, meetings: []string{NextMeeting},
		},
		{
			kind: casework.HonourBasedAbuse, level: risk.High, opener: "ds.reid",
			victim: human{"Samira Qassem-Vale", "2007-05-16"}, children: []human{{"Yusra Qassem-Vale", "2012-08-30"}},
			harm: []human{{"Nadim Qassem", "1975-02-11"}, {"Faris Qassem", "2001-12-07"}}, bond: casework.FamilyMember,
			home:   casework.SafeContact{Confidential: true, Address: casework.Address{Lines: []string{"Room 6, Elder Lodge"}, Postcode: "NM3 4LP"}, Method: "through the college", SafeTimes: "term time, mornings"},
			keeper: "ds.reid", assessor: "ds.reid", yes: []int{2, 3, 4, 5, 12, 14, 17, 18},
			judged:   "Plans to take her abroad before the end of term.",
			events:   []event{{4, "Passport taken; told that a wedding is arranged.", nil, casework.Offline, casework.ViolenceOrThreat}},
			plan:     []measure{{"Application for a forced marriage protection order", "northmoor-police", "SLD-17"}, {"Sister seen at school by a social worker", "northmoor-children", "SLD-17"}},
			assigned: []string{"sw.duffy", "idva.byrne"}, meetings: []string{NextMeeting},
		},
		{
			kind: casework.HarassmentNotDomestic, level: risk.Medium, opener: "pc.ahmed",
			victim: human{"Gethin Marlowe", "1968-09-01"}, harm: []human{{"Sylvie Carrow", "1971-03-19"}}, bond: casework.Acquaintance,
			home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"The Old Signal Box", "Station Lane", "Northmoor"}, Postcode: "NM6 1HH"}, Method: "post is safe",
			},
			keeper: "ds.reid", assessor: "pc.ahmed", yes: []int{2, 5, 8, 10}, judged: "Threats now name his daughter.",
			conduct:  casework.ConductDecision{Classification: casework.ConductHarassment, Reason: "A neighbour dispute without fixation; reviewed with the SPOC on the day."},
			events:   []event{{15, "Paint thrown at the car.", behaviours(casework.InterferingWithProperty), casework.Offline, casework.ViolenceOrThreat}},
			plan:     []measure{{"Mediation ruled out; reports go to one officer", "northmoor-police", "SLD-08"}},
			assigned: []string{"ds.reid", "isac.moss"}, meetings: []string{NextMeeting},
		},
		{
			kind: casework.DomesticAbuseIntimate, level: risk.High, opener: "ds.reid",
			victim: human{"Tomasz Wierzba", "1989-01-13"}, harm: []human{{"Julian Ashgrove", "1990-05-24"}}, bond: casework.ExIntimate,
			home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"5 Weir Cottages", "Northmoor"}, Postcode: "NM5 3DG"}, Phone: "07700 900128", Method: "call", SafeTimes: "evenings",
			},
			keeper: "idva.byrne", assessor: "idva.byrne", yes: []int{1, 2, 3, 6, 8, 10, 11, 12, 14, 18, 20, 21, 22, 23, 24},
			events: []event{
				{18, "Threatened to post private pictures.", behaviours(casework.Contacting, casework.Publishing), casework.Online, casework.StalkingOrHarassmentPattern},
				{5, "Waited outside work with a knife in the car.", behaviours(casework.Loitering), casework.Offline, casework.ViolenceOrThreat},
			},
			plan:     []measure{{"Employer told, with consent; escorted to the car", "harbour-idva", "SLD-14"}},
			assigned: []string{"idva.byrne", "po.singh"}, meetings: []string{NextMeeting},
		},
		{
			kind: casework.DomesticAbuseIntimate, level: risk.Medium, opener: "pc.ahmed",
			victim: human{"Corinne Abara", "1981-06-27"}, harm: []human{{"Miles Abara", "1978-10-10"}}, bond: casework.CurrentIntimate,
			home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"22 Hawthorn Bank", "Northmoor"}, Postcode: "NM4 0ZP"}, Method: "through her mother",
			},
			keeper: "ds.reid", assessor: "pc.ahmed", yes: []int{2, 4, 12, 20},
			events:   []event{{7, "Kept in the house for two days.", nil, casework.Offline, casework.ViolenceOrThreat}},
			assigned: []string{"ds.reid"}, // not referred: no list
		},
		{
			kind: casework.StalkingNotDomestic, level: risk.Medium, opener: "pc.ward",
			victim: human{"Hollis Merriweather", "1994-02-08"}, harm: []human{{"Anton Brandt", "1985-09-15"}}, bond: casework.Acquaintance,
			assessor: "pc.ward", yes: []int{2, 8, 10},
			events: []event{{11, "Followed home from the allotment twice.", behaviours(casework.Following), casework.Offline, ""}},
		},
	}
}
