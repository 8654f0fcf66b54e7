package demo

import (
	"accord/domain/casework"
	"accord/domain/risk"
)

// identifyingStories are stories of stalking that was seen late, or never named:
// of what was recorded when it was reported, and whether anybody asked how great
// the risk was.
func identifyingStories() []Story {
	return []Story{
		{
			Key: "known-since-fourteen", Source: "Living in fear, Victims of harassment and stalking", Area: northmoor,
			Type: casework.StalkingNotDomestic, Level: risk.Standard, Opener: "pc.ahmed",
			Victim: Human{"Ffion Tarrabee", "2007-06-11"}, Harm: []Human{{"Kester Voyle", "1991-02-26"}}, Bond: casework.Acquaintance,
			// Nobody assessed the risk, made a plan or told her who could support her.
			Conduct: casework.ConductDecision{Classification: casework.ConductStalking, Reason: "He pursued her as a child of fourteen and has begun again."},
			Events: []Event{
				{DaysBefore: 1850, Words: "Pursued her for a whole winter on the way home from school.", Behaviours: []casework.StalkingBehaviour{casework.Following, casework.WatchingOrSpying}, Channel: casework.Offline, Crime: "NMP/061882"},
				{DaysBefore: 3, Words: "Three requests to connect, from a profile with his own photograph.", Behaviours: []casework.StalkingBehaviour{casework.Contacting}, Channel: casework.Online},
				{DaysBefore: 0, Words: "Stood across the road from her house at dusk; she rang the police within minutes.", Behaviours: []casework.StalkingBehaviour{casework.Loitering, casework.WatchingOrSpying}, Channel: casework.Offline, Qualifies: casework.StalkingOrHarassmentPattern, Crime: "NMP/204417"},
			},
		},
		{
			Key: "benefit-day", Source: "Living in fear, Harassment legislation", Area: northmoor,
			Type: casework.HarassmentNotDomestic, Level: risk.High, Opener: "pc.ahmed",
			Victim: Human{"Dorcas Winnaby", "1972-10-03"}, Harm: []Human{{"Lyle Scarrow", "1980-05-15"}}, Bond: casework.Acquaintance,
			Allegation: casework.Charged,
			Home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"Flat 9, Tern Court", "Northmoor"}, Postcode: "NM2 6JV"},
				Phone:   "07700 900214", Method: "call and speak slowly; letters are read to her by the support worker", SafeTimes: "mornings, when the support worker is there",
			},
			Keeper: "ds.reid", Assessor: "ds.reid", Yes: []int{2, 5, 8, 10, 11, 20, 21},
			Judged:  "A learning disability and poor mental health: she cannot turn him away, and the few points scored do not show it.",
			Conduct: casework.ConductDecision{Classification: casework.ConductHarassment, Reason: "Stalking was considered first: he is after what she can give him, and no fixation on her was found."},
			Events: []Event{
				{DaysBefore: 300, Words: "Knocks most evenings and does not go until she hands over her supper or drink.", Behaviours: []casework.StalkingBehaviour{casework.Contacting}, Channel: casework.Offline},
				{DaysBefore: 215, Words: "Stood beside her at the cash machine past midnight until her benefit was paid in.", Behaviours: []casework.StalkingBehaviour{casework.Following, casework.WatchingOrSpying}, Channel: casework.Offline, Qualifies: casework.StalkingOrHarassmentPattern},
				{DaysBefore: 140, Words: "Back at the door for tobacco; her seventh report.", Behaviours: []casework.StalkingBehaviour{casework.Contacting}, Channel: casework.Offline},
				{DaysBefore: 12, Words: "Waited on the stairs after the notice; he is charged under section 2, the lesser offence, since he never threatened her.", Behaviours: []casework.StalkingBehaviour{casework.Loitering, casework.Contacting}, Channel: casework.Offline, Qualifies: casework.StalkingOrHarassmentPattern, Crime: "NMP/207730"},
			},
			Notices: []PastNotice{{DaysBefore: 128, Kind: casework.PoliceInformationNotice, Force: "Northmoor Police", Words: "Given after one visit of many; the other reports were not read with it."}},
			Plan: []Measure{
				{Words: "One named officer takes every call she makes", Owner: "northmoor-police", Answers: "SLD-08"},
				{Words: "Adult safeguarding enquiry, with her support worker", Owner: "northmoor-health", Answers: "SLD-20"},
			},
			Assigned: []string{"ds.reid", "hv.osei"}, Meetings: []string{LastMeeting},
			Actions: []Undertaking{
				{Words: "Ask her landlord again for the move that was refused in spring", Owner: "northmoor-police", Who: "ds.reid", DueIn: 9},
				{Words: "Arrange that her benefit is collected with somebody beside her", Owner: "northmoor-health", Who: "hv.osei", DueIn: 24, Begun: true},
			},
		},
		{
			Key: "two-notices-school-gate", Source: "Living in fear, Stalking legislation", Area: northmoor,
			Type: casework.DomesticAbuseIntimate, Level: risk.High, Opener: "ds.reid",
			Victim: Human{"Anjali Thornquist", "1989-12-19"}, Children: []Human{{"Rohan Thornquist", "2018-07-08"}},
			Harm: []Human{{"Gareth Pellinore", "1986-03-31"}}, Bond: casework.ExIntimate, Allegation: casework.Convicted,
			Home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"3 Osier Close", "Northmoor"}, Postcode: "NM5 8LW"}, Confidential: true,
				Phone: "07700 900377", Method: "text, then call from a number that shows", SafeTimes: "school hours",
			},
			Keeper: "idva.byrne", Assessor: "ds.reid", Yes: []int{2, 3, 5, 6, 7, 8, 10, 11, 12, 14, 17, 21, 22, 23, 24},
			Conduct: casework.ConductDecision{Classification: casework.ConductStalking, Reason: "Two notices, an interview by appointment and three breaches, each read alone; together they are one course of stalking that grows."},
			Events: []Event{
				{DaysBefore: 340, Words: "Rings through the night from numbers she does not know.", Behaviours: []casework.StalkingBehaviour{casework.Contacting}, Channel: casework.Online},
				{DaysBefore: 305, Words: "Drove behind her to work four days of five.", Behaviours: []casework.StalkingBehaviour{casework.Following}, Channel: casework.Offline},
				{DaysBefore: 262, Words: "Stood among the parents when Rohan came out of school.", Behaviours: []casework.StalkingBehaviour{casework.Loitering, casework.WatchingOrSpying}, Channel: casework.Offline, Qualifies: casework.StalkingOrHarassmentPattern},
				{DaysBefore: 231, Words: "Gifts and notes by way of her sister. Never arrested: he came in for interview when it suited him, so no bail conditions were set.", Behaviours: []casework.StalkingBehaviour{casework.Contacting}, Channel: casework.Both, Qualifies: casework.StalkingOrHarassmentPattern, Crime: "NMP/198341"},
			},
			Notices: []PastNotice{
				{DaysBefore: 322, Kind: casework.PoliceInformationNotice, Force: "Northmoor Police", Words: "The calls."},
				{DaysBefore: 255, Kind: casework.PoliceInformationNotice, Force: "Northmoor Police", Words: "The school; issued though he had gone on after the first."},
			},
			Orders: []PastOrder{{
				DaysBefore: 150, Type: casework.Restraining, Conditions: "No contact by any means or through others; not within 200 metres of the school.",
				Breaches: []PastBreach{
					{DaysBefore: 118, Words: "Eleven silent calls. Words of advice."},
					{DaysBefore: 66, Words: "Parked opposite the school at home time; not arrested."},
					{DaysBefore: 4, Words: "Followed her car to the motorway. Dealt with as a breach alone."},
				},
			}},
			Plan: []Measure{
				{Words: "Any further breach means arrest, and stalking is put to him beside it", Owner: "northmoor-police", Answers: "SLD-23"},
				{Words: "School has his photograph; Rohan leaves by the side door with a teacher", Owner: "northmoor-children", Answers: "SLD-08"},
				{Words: "Supervision hears of every breach on the day", Owner: "northmoor-probation", Answers: "SLD-24"},
			},
			Assigned: []string{"idva.byrne", "sw.duffy", "po.singh"}, Meetings: []string{LastMeeting, NextMeeting}, Repeat: true,
			Further: "Two tyres of her car cut outside the school at home time; another parent saw him walk off.",
			Actions: []Undertaking{
				{Words: "Put all reports since the first call into one chronology for the file", Owner: "northmoor-police", Who: "ds.reid", DueIn: 7, Begun: true},
				{Words: "Agree with the school who may collect Rohan", Owner: "northmoor-children", Who: "sw.duffy", DueIn: 12},
				{Words: "Go through the conditions of the order with her, line by line", Owner: "harbour-idva", Who: "idva.byrne", DueIn: 28},
			},
		},
		{
			Key: "breach-in-the-first-week", Source: "Living in fear, Repeat victimisation", Area: northmoor,
			Type: casework.StalkingNotDomestic, Level: risk.Medium, Opener: "pc.ahmed",
			Victim: Human{"Katarzyna Ombrell", "1993-08-22"}, Harm: []Human{{"Desmond Quarle", "1975-11-09"}}, Bond: casework.Colleague,
			Allegation: casework.Convicted,
			Home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"41 Saltmarsh Road", "Northmoor"}, Postcode: "NM7 1CE"},
				Phone:   "07700 900642", Method: "call the personal number, never the office", SafeTimes: "after seven",
			},
			Keeper: "isac.moss", Assessor: "pc.ahmed", Yes: []int{2, 3, 5, 8, 10, 11, 12, 17, 21, 23, 24},
			Conduct: casework.ConductDecision{Classification: casework.ConductStalking, Reason: "Convicted of stalking, and the stalking never stopped; what came after was charged as breach only, and a plea to the breach was taken in place of the stalking charge."},
			Events: []Event{
				{DaysBefore: 372, Words: "Months of unasked visits to her desk, her gym and her street; convicted of stalking.", Behaviours: []casework.StalkingBehaviour{casework.Following, casework.Contacting, casework.Loitering}, Channel: casework.Offline, Crime: "NMP/176205"},
				{DaysBefore: 303, Words: "At her bus stop within a week of sentence.", Behaviours: []casework.StalkingBehaviour{casework.Loitering}, Channel: casework.Offline, Qualifies: casework.StalkingOrHarassmentPattern},
				{DaysBefore: 71, Words: "Walked ten paces behind her through the market after his release.", Behaviours: []casework.StalkingBehaviour{casework.Following}, Channel: casework.Offline, Qualifies: casework.StalkingOrHarassmentPattern, Crime: "NMP/201156"},
				{DaysBefore: 38, Words: "Boarded the tram she was on and got off where she did.", Behaviours: []casework.StalkingBehaviour{casework.Following, casework.WatchingOrSpying}, Channel: casework.Offline, Qualifies: casework.StalkingOrHarassmentPattern, Crime: "NMP/203388"},
			},
			Orders: []PastOrder{{
				DaysBefore: 310, Type: casework.Restraining, Conditions: "No contact direct or indirect; not to approach her in any public place; not to enter the works where both were employed.",
				Breaches: []PastBreach{
					{DaysBefore: 303, Words: "Seventh day. Sixteen weeks in custody for the breach; nothing for stalking."},
					{DaysBefore: 71, Words: "Followed her on foot; convicted of the breach."},
					{DaysBefore: 38, Words: "Followed her by tram; convicted of the breach."},
				},
			}},
			Plan: []Measure{
				{Words: "Every further report goes to the SPOC for stalking before a charge is chosen", Owner: "northmoor-police", Answers: "SLD-23"},
				{Words: "She is told on the day when he is sentenced, moved or released", Owner: "northmoor-probation", Answers: "SLD-24"},
			},
			Assigned: []string{"isac.moss", "ds.reid", "po.singh"}, Meetings: []string{LastMeeting},
			Actions: []Undertaking{
				{Words: "Ask the prosecutor to look at the two breaches again as stalking", Owner: "northmoor-police", Who: "ds.reid", DueIn: 5},
				{Words: "Ask for work on fixation as part of his sentence", Owner: "northmoor-probation", Who: "po.singh", DueIn: 30, Begun: true},
			},
		},
		{
			Key: "headline-about-me", Source: "Living in fear, Victims of harassment and stalking", Area: northmoor,
			Type: casework.DomesticAbuseIntimate, Level: risk.High, Opener: "pc.ahmed",
			Victim: Human{"Shanice Underlow", "2002-01-30"}, Harm: []Human{{"Reece Tollamy", "1999-04-12"}}, Bond: casework.ExIntimate,
			Home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"17 Pepperpot Lane", "Northmoor"}, Postcode: "NM3 9UD"},
				Phone:   "07700 900583", Method: "through her mother's phone", SafeTimes: "before noon",
			},
			Keeper: "idva.byrne", Assessor: "idva.byrne", Yes: []int{2, 3, 4, 5, 6, 8, 10, 11, 12, 14, 15, 18, 21, 22},
			Conduct: casework.ConductDecision{Classification: casework.ConductStalking, Reason: "He has not let go since she left, and comes closer each week."},
			Events: []Event{
				{DaysBefore: 33, Words: "Sent her a picture of the bus she was sitting in.", Behaviours: []casework.StalkingBehaviour{casework.WatchingOrSpying, casework.Contacting}, Channel: casework.Both, Qualifies: casework.StalkingOrHarassmentPattern},
				{DaysBefore: 8, Words: "Told her cousin that she would not see another birthday.", Channel: casework.Offline, Qualifies: casework.ViolenceOrThreat, Crime: "NMP/208915"},
				{DaysBefore: 1, Words: "She told her mother that she expects him to kill her and to be read about. Her words were not passed on by whoever took the first call.", Channel: casework.Offline},
			},
			Plan:     []Measure{{Words: "Immediate response marker on both addresses she sleeps at", Owner: "northmoor-police", Answers: "SLD-14"}, {Words: "Daily call, and a word that means send somebody", Owner: "harbour-idva", Answers: "SLD-03"}},
			Assigned: []string{"idva.byrne", "ds.reid"}, Meetings: []string{NextMeeting},
		},
		{
			Key: "four-spellings", Source: "Living in fear, Digital crime", Area: northmoor,
			Type: casework.HarassmentNotDomestic, Level: risk.Standard, Opener: "pc.ahmed",
			Victim: Human{"Yetunde Farrowby", "1977-03-14"},
			Harm:   []Human{{"Clive Dunnock", "1969-09-06"}, {"Tamsin Dunnock", "1971-01-18"}, {"Merrin Dunnock", "2005-10-02"}}, Bond: casework.Acquaintance,
			Home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"Cobble End", "Tithe Street", "Northmoor"}, Postcode: "NM8 2FA"}, Method: "e-mail; she reads it at work", SafeTimes: "working hours",
			},
			Keeper: "ds.reid", Assessor: "pc.ahmed", Yes: []int{2, 5, 8, 10, 17},
			Conduct: casework.ConductDecision{Classification: casework.ConductHarassment, Reason: "Stalking was considered: the family takes turns in an old quarrel and no one of them is fixated on her so far. To be looked at again when the profiles are traced."},
			Events: []Event{
				{DaysBefore: 90, Words: "Insults under her photographs from a new profile.", Behaviours: []casework.StalkingBehaviour{casework.Contacting, casework.Publishing}, Channel: casework.Online},
				{DaysBefore: 61, Words: "A second and a third profile: the daughter's name misspelt, her face unchanged.", Behaviours: []casework.StalkingBehaviour{casework.Contacting}, Channel: casework.Online, Qualifies: casework.StalkingOrHarassmentPattern},
				{DaysBefore: 17, Words: "A fourth. She was told that messages of this kind count for nothing, as nobody can be shown to have sent them; none was kept as evidence.", Behaviours: []casework.StalkingBehaviour{casework.Contacting}, Channel: casework.Online, Qualifies: casework.StalkingOrHarassmentPattern},
			},
			Plan:     []Measure{{Words: "Ask the platform who holds the four profiles and keep what they sent", Owner: "northmoor-police", Answers: "SLD-08"}},
			Assigned: []string{"ds.reid", "isac.moss"}, Meetings: []string{NextMeeting},
		},
		{
			Key: "report-it-again", Source: "Living in fear, Repeat victimisation", Area: southvale,
			Type: casework.StalkingNotDomestic, Level: risk.Medium, Opener: "pc.ward",
			Victim: Human{"Huda Passmoor", "1985-07-25"}, Harm: []Human{{"Viktor Elsmarch", "1982-12-01"}}, Bond: casework.Acquaintance,
			Assessor: "pc.ward", Yes: []int{2, 3, 5, 8, 10, 11, 12, 17, 18, 21},
			Events: []Event{
				{DaysBefore: 160, Words: "Waits at the end of her shift. Advised to report the next time.", Behaviours: []casework.StalkingBehaviour{casework.Loitering}, Channel: casework.Offline},
				{DaysBefore: 121, Words: "The next time, reported. Advised to report any other.", Behaviours: []casework.StalkingBehaviour{casework.Loitering, casework.Following}, Channel: casework.Offline},
				{DaysBefore: 77, Words: "Cards through the door, five in a week. Logged; no officer came.", Behaviours: []casework.StalkingBehaviour{casework.Contacting}, Channel: casework.Offline, Qualifies: casework.StalkingOrHarassmentPattern},
				{DaysBefore: 20, Words: "Garden gate lifted off. She has lost heart in ringing.", Behaviours: []casework.StalkingBehaviour{casework.InterferingWithProperty}, Channel: casework.Offline, Qualifies: casework.ViolenceOrThreat},
			},
			Plan: []Measure{{Words: "One officer for her reports, who rings her back within a day", Owner: "southvale-police", Answers: "SLD-08"}},
		},
		{
			Key: "man-of-many-names", Source: "Living in fear, Reporting and recording", Area: northmoor,
			Type: casework.StalkingNotDomestic, Level: risk.High, Opener: "pc.ahmed",
			Victim: Human{"Leilani Brackwater", "1998-02-17"}, Harm: []Human{{"Jonty Farrimond", "1984-06-20"}}, Bond: casework.Acquaintance,
			Home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"Top floor, 60 Chandler Street", "Northmoor"}, Postcode: "NM1 4RS"},
				Phone:   "07700 900759", Method: "call; no social media, he is on it under other names", SafeTimes: "lunchtime",
			},
			Keeper: "isac.moss", Assessor: "isac.moss", Yes: []int{2, 3, 8, 10, 11, 24},
			Judged:  "He has done this to others under other names, and took on a second person's face to get round her refusal.",
			Conduct: casework.ConductDecision{Classification: casework.ConductStalking, Reason: "Fixated and deceitful contact, kept up after she had shut him out."},
			Events: []Event{
				{DaysBefore: 58, Words: "Took the machine next to hers at the gym every time, nearer than anybody would.", Behaviours: []casework.StalkingBehaviour{casework.Following, casework.WatchingOrSpying}, Channel: casework.Offline},
				{DaysBefore: 44, Words: "Found her profile, which she had never given him, and wrote daily until she blocked him.", Behaviours: []casework.StalkingBehaviour{casework.Contacting}, Channel: casework.Online, Qualifies: casework.StalkingOrHarassmentPattern},
				{DaysBefore: 30, Words: "A stranger wrote that she was sleeping with Leilani's partner. Officers found that the stranger was he; no crime was recorded.", Behaviours: []casework.StalkingBehaviour{casework.Contacting}, Channel: casework.Online, Qualifies: casework.StalkingOrHarassmentPattern},
			},
			Notices:  []PastNotice{{DaysBefore: 24, Kind: casework.PoliceInformationNotice, Force: "Northmoor Police", Words: "A notice for stalking, and the end of the enquiry; earlier victims and other names were on file."}},
			Plan:     []Measure{{Words: "Bring together what is held under each of his names", Owner: "northmoor-police", Answers: "SLD-24"}, {Words: "Go through her accounts with her and close what he could see", Owner: "beacon-isac", Answers: "SLD-08"}},
			Assigned: []string{"isac.moss", "ds.reid"}, Meetings: []string{NextMeeting},
		},
		{
			Key: "called-by-its-name", Source: "Living in fear, Reporting and recording", Area: northmoor,
			Type: casework.HarassmentNotDomestic, Level: risk.Standard, Opener: "pc.ahmed",
			Victim: Human{"Sunniva Hartmoor", "1963-05-28"}, Harm: []Human{{"Alistair Crendon", "1960-08-13"}}, Bond: casework.Acquaintance,
			Allegation: casework.Suspect,
			Home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"The Glebe", "Rook Lane", "Northmoor"}, Postcode: "NM9 5BH"}, Method: "call; do not write, letters frighten her", SafeTimes: "any",
			},
			Keeper: "ds.reid", Assessor: "pc.ahmed", Yes: []int{2, 5, 8, 20},
			Conduct: casework.ConductDecision{Classification: casework.ConductHarassment, Reason: "Stalking was considered first: a business quarrel carried on by post, without following or watching. She says that hearing it named was what helped most."},
			Events: []Event{
				{DaysBefore: 410, Words: "First of some thirty letters, each with a new demand.", Behaviours: []casework.StalkingBehaviour{casework.Contacting}, Channel: casework.Offline},
				{DaysBefore: 190, Words: "Threats of court through two firms of lawyers; each file was closed unread.", Behaviours: []casework.StalkingBehaviour{casework.Contacting}, Channel: casework.Offline},
				{DaysBefore: 2, Words: "Parcel of everything he ever sent, returned to her with notes in the margin. For the first time recorded as a crime.", Behaviours: []casework.StalkingBehaviour{casework.Contacting}, Channel: casework.Offline, Qualifies: casework.StalkingOrHarassmentPattern, Crime: "NMP/209064"},
			},
			Notices:  []PastNotice{{DaysBefore: 365, Kind: casework.PoliceInformationNotice, Force: "Northmoor Police", Words: "After the first letters."}},
			Plan:     []Measure{{Words: "Post from him is opened by her son and kept for the file", Owner: "northmoor-police", Answers: "SLD-08"}},
			Assigned: []string{"ds.reid"},
		},
		{
			Key: "under-the-window", Source: "Living in fear, Risk identification and assessment", Area: southvale,
			Type: casework.StalkingNotDomestic, Level: risk.Standard, Opener: "pc.ward",
			Victim: Human{"Mireille Oduya-Finch", "2000-09-09"}, Harm: []Human{{"Bryn Castlegate", "1987-07-04"}}, Bond: casework.Stranger,
			Allegation: casework.Charged,
			// Nobody assessed the risk or offered her an advocate.
			Conduct: casework.ConductDecision{Classification: casework.ConductStalking, Reason: "Charged by police as harassment; the prosecutor made it stalking and a sexual offence. The file did not ask for a restraining order."},
			Events: []Event{
				{DaysBefore: 6, Words: "A man she did not know sat down at her table in a coffee shop and wanted her to come back to his flat. She said no.", Behaviours: []casework.StalkingBehaviour{casework.Contacting}, Channel: casework.Offline},
				{DaysBefore: 6, Words: "Came after her to her own door and there exposed himself.", Behaviours: []casework.StalkingBehaviour{casework.Following}, Channel: casework.Offline, Qualifies: casework.RapeOrSexualAbuse, Crime: "SVP/044120"},
				{DaysBefore: 6, Words: "Did not leave the street; called to her from the pavement for an hour.", Behaviours: []casework.StalkingBehaviour{casework.Loitering, casework.Contacting}, Channel: casework.Offline},
				{DaysBefore: 5, Words: "Back in the small hours; arrested near by.", Behaviours: []casework.StalkingBehaviour{casework.Loitering, casework.WatchingOrSpying}, Channel: casework.Offline, Qualifies: casework.StalkingOrHarassmentPattern, Crime: "SVP/044121"},
			},
		},
	}
}
