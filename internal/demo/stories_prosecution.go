package demo

import (
	"accord/domain/casework"
	"accord/domain/risk"
)

// prosecutionStories retell what happened between a file and a court. The file
// of the first one is submitted to the prosecutor.
func prosecutionStories() []Story {
	return []Story{
		{
			Key: "two-notices-then-a-letter", Source: "Living in fear, p.66", Area: northmoor,
			Type: casework.DomesticAbuseIntimate, Level: risk.High, Opener: "pc.ahmed",
			Victim:   Human{"Thandeka Rowanfield", "1990-05-13"},
			Children: []Human{{"Nandi Rowanfield", "2018-10-04"}, {"Jude Rowanfield", "2013-01-27"}},
			Harm:     []Human{{"Lyle Cobbett", "1986-08-22"}}, Bond: casework.ExIntimate, Allegation: casework.Charged,
			Home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"31 Osier Close", "Northmoor"}, Postcode: "NM2 8QF"},
				Phone:   "07700 900317", Method: "text first, then call", SafeTimes: "while the children are at school",
			},
			Keeper: "idva.byrne", Assessor: "pc.ahmed", Yes: []int{2, 3, 5, 6, 7, 8, 10, 11, 12, 20, 24},
			Judged: "Two notices stopped nothing, and a summons by post left him free of any condition until she complained.",
			Conduct: casework.ConductDecision{
				Classification: casework.ConductStalking,
				Reason:         "He keeps coming to the house and the school since she ended it, whatever he is told.",
			},
			Events: []Event{
				{
					DaysBefore: 330, Words: "Pushed her down the back steps in the week she asked him to leave.",
					Channel: casework.Offline, Qualifies: casework.ViolenceOrThreat, Crime: "NM-20418",
				},
				{
					DaysBefore: 212, Words: "Sixteen texts in a day, then stood on the pavement until the lights went out.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting, casework.Loitering, casework.WatchingOrSpying},
					Channel:    casework.Both, Qualifies: casework.StalkingOrHarassmentPattern,
				},
				{
					DaysBefore: 141, Words: "At the school gate for the third week running; asked the younger child which bus they take.",
					Behaviours: []casework.StalkingBehaviour{casework.Following, casework.Contacting},
					Channel:    casework.Offline, Qualifies: casework.StalkingOrHarassmentPattern, Crime: "NM-22960",
				},
				{
					DaysBefore: 33, Words: "Back on the doorstep while on bail without conditions. She rang to ask who was protecting her.",
					Behaviours: []casework.StalkingBehaviour{casework.Loitering, casework.Contacting},
					Channel:    casework.Offline, Qualifies: casework.StalkingOrHarassmentPattern,
				},
			},
			Notices: []PastNotice{
				{
					DaysBefore: 208, Kind: casework.PoliceInformationNotice, Force: "Northmoor Police",
					Words: "Texts and visits. Told to leave her and the child alone and to write through a solicitor.",
				},
				{
					DaysBefore: 147, Kind: casework.PoliceInformationNotice, Force: "Northmoor Police",
					Words: "A second one for the same conduct; the first was not looked up.",
				},
			},
			Orders: []PastOrder{{
				DaysBefore: 9, Type: casework.BailConditions,
				Conditions: "No contact with her or the children but through solicitors; to stay away from her street and from the school.",
			}},
			Plan: []Measure{
				{"Any call from the household answered as urgent; one named officer for reports", "northmoor-police", "SLD-08"},
				{"School told who may collect, and whom to ring", "northmoor-children", "SLD-07"},
				{"Her wishes for a restraining order written down before the hearing", "harbour-idva", "SLD-03"},
			},
			Assigned: []string{"idva.byrne", "ds.reid", "sw.duffy"}, Meetings: []string{NextMeeting},
		},
		{
			Key: "letter-that-withdrew", Source: "Living in fear, p.76", Area: northmoor,
			Type: casework.DomesticAbuseIntimate, Level: risk.High, Opener: "pc.ahmed",
			Victim:   Human{"Mirela Dunnock", "1993-12-08"},
			Children: []Human{{"Petru Dunnock", "2020-06-15"}},
			Harm:     []Human{{"Grigore Stanlake", "1989-03-02"}}, Bond: casework.ExIntimate, Allegation: casework.Suspect,
			Home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"Flat 9, Bittern Court", "Northmoor"}, Postcode: "NM6 2TW"},
				Phone:   "07700 900542", Method: "call; she says the name of the street before she talks", SafeTimes: "mornings",
			},
			Keeper: "idva.byrne", Assessor: "idva.byrne",
			Yes: []int{2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 14, 17, 21, 23, 24},
			Conduct: casework.ConductDecision{
				Classification: casework.ConductStalking,
				Reason:         "Calls, watching through other people's accounts and waiting outside: one course of conduct after she left.",
			},
			Events: []Event{
				{
					DaysBefore: 190, Words: "Rang up to thirty times a night until she unplugged the phone.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting},
					Channel:    casework.Online, Qualifies: casework.StalkingOrHarassmentPattern, Crime: "NM-23377",
				},
				{
					DaysBefore: 163, Words: "Made friends online with two of her cousins and, behind an invented profile, with her workmates, to learn where she goes.",
					Behaviours: []casework.StalkingBehaviour{casework.MonitoringCommunications, casework.WatchingOrSpying},
					Channel:    casework.Online, Qualifies: casework.StalkingOrHarassmentPattern,
				},
				{
					DaysBefore: 128, Words: "Seen across the road two days after she reported him. Her fifth statement says she no longer opens the curtains.",
					Behaviours: []casework.StalkingBehaviour{casework.Loitering, casework.WatchingOrSpying},
					Channel:    casework.Offline, Qualifies: casework.StalkingOrHarassmentPattern, Crime: "NM-24015",
				},
				{
					DaysBefore: 47, Words: "A typed letter in her name took back all she had said. The officer thought it his family's work; nobody had the signature examined, nobody asked her, and the case was dropped with two witnesses willing.",
					Behaviours: []casework.StalkingBehaviour{casework.Publishing},
					Channel:    casework.Offline, Qualifies: casework.StalkingOrHarassmentPattern,
				},
			},
			Orders: []PastOrder{{
				DaysBefore: 120, Type: casework.BailConditions,
				Conditions: "No contact with her by any means or through anybody; not to come within sight of the home they used to share.",
				Breaches: []PastBreach{
					{108, "Two silent calls from his mother's phone; a note was made, no arrest."},
					{91, "Parked at the corner for an hour; gone when a patrol came the next morning."},
					{66, "A friend request from the invented profile. Not put to the court as a breach."},
				},
			}},
			Plan: []Measure{
				{"The letter sent for examination and a fresh account taken from her alone", "northmoor-police", "SLD-17"},
				{"Accounts of family and workmates gone through with them", "beacon-isac", "SLD-08"},
				{"Nursery keeps a photograph at the desk", "northmoor-children", "SLD-07"},
			},
			Assigned: []string{"idva.byrne", "isac.moss", "sw.duffy"}, Meetings: []string{NextMeeting},
		},
		{
			Key: "woken-by-him", Source: "Living in fear, p.73", Area: northmoor,
			Type: casework.DomesticAbuseIntimate, Level: risk.High, Opener: "ds.reid",
			Victim: Human{"Keziah Thornybrook", "2002-02-19"},
			Harm:   []Human{{"Reece Hallowfield", "1999-09-30"}}, Bond: casework.ExIntimate, Allegation: casework.Charged,
			Home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"6 Candlemaker Row", "Northmoor"}, Postcode: "NM1 5JV"},
				Phone:   "07700 900683", Method: "through her mother, who lives with her", SafeTimes: "after five",
			},
			Keeper: "ds.reid", Assessor: "idva.byrne",
			Yes: []int{2, 3, 5, 6, 8, 10, 11, 12, 14, 17, 20, 21, 22, 24},
			Conduct: casework.ConductDecision{
				Classification: casework.ConductHarassment,
				Reason:         "Charging advice weighed the texts by themselves, to save a trial. Neither entry to the house was set beside them; to be looked at again as stalking.",
			},
			Events: []Event{
				{
					DaysBefore: 74, Words: "Put his shoulder to the front door and got as far as the stairs; officers walked him out.",
					Behaviours: []casework.StalkingBehaviour{casework.InterferingWithProperty},
					Channel:    casework.Offline, Qualifies: casework.ViolenceOrThreat, Crime: "NM-24871",
				},
				{
					DaysBefore: 52, Words: "She opened her eyes before dawn and he was sitting at the end of the bed.",
					Behaviours: []casework.StalkingBehaviour{casework.WatchingOrSpying, casework.Loitering},
					Channel:    casework.Offline, Qualifies: casework.ViolenceOrThreat,
				},
				{
					DaysBefore: 20, Words: "Insults by text through the week and a withheld number that rang out until she barred it.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting},
					Channel:    casework.Online, Qualifies: casework.StalkingOrHarassmentPattern, Crime: "NM-25302",
				},
			},
			Plan: []Measure{
				{"Locks changed and a bar on the bedroom window", "northmoor-police", "SLD-03"},
				{"Safety talk with mother and daughter together", "harbour-idva", "SLD-08"},
			},
			Assigned: []string{"idva.byrne"}, Meetings: []string{NextMeeting},
		},
		{
			Key: "caution-conviction-again", Source: "Living in fear, p.74", Area: northmoor,
			Type: casework.StalkingNotDomestic, Level: risk.High, Opener: "pc.ahmed",
			Victim: Human{"Harriet Ngata", "1979-07-11"},
			Harm:   []Human{{"Rosalind Quaife", "1977-04-06"}}, Bond: casework.Acquaintance, Allegation: casework.Charged,
			Home: casework.SafeContact{
				Confidential: true,
				Address:      casework.Address{Lines: []string{"The Loft, 40 Ropewalk", "Northmoor"}, Postcode: "NM5 9EH"},
				Phone:        "07700 900775", Method: "e-mail to her work account, never to the private one", SafeTimes: "office hours",
			},
			Keeper: "isac.moss", Assessor: "isac.moss", Yes: []int{2, 3, 4, 5, 8, 10, 11, 14, 21, 24},
			Judged: "A caution and a conviction for the same conduct towards her have changed nothing; the messages now say how she will be hurt.",
			Conduct: casework.ConductDecision{
				Classification: casework.ConductStalking,
				Reason:         "Fixated on her for years. Charged as the lesser stalking offence although she fears violence and has stopped going out alone.",
			},
			Events: []Event{
				{
					DaysBefore: 410, Words: "Obscene posts under her photographs; convicted of it, fined, and no order asked for.",
					Behaviours: []casework.StalkingBehaviour{casework.Publishing, casework.Contacting},
					Channel:    casework.Online, Qualifies: casework.StalkingOrHarassmentPattern, Crime: "NM-18226",
				},
				{
					DaysBefore: 58, Words: "Two hundred and eleven messages in nine days, from six accounts.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting},
					Channel:    casework.Online, Qualifies: casework.StalkingOrHarassmentPattern, Crime: "NM-25118",
				},
				{
					DaysBefore: 17, Words: "A text that described what would be done to her face.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting},
					Channel:    casework.Online, Qualifies: casework.ViolenceOrThreat, Crime: "NM-25640",
				},
			},
			Notices: []PastNotice{{
				DaysBefore: 655, Kind: casework.Caution, Force: "Northmoor Police",
				Words: "Abusive messages to the same victim; admitted.",
			}},
			Plan: []Measure{
				{"Ask for the charge to be reviewed, with her statement on how she lives now", "northmoor-police", "SLD-14"},
				{"Messages saved unread by somebody else on her behalf", "beacon-isac", "SLD-05"},
			},
			Assigned: []string{"isac.moss", "ds.reid", "po.singh"}, Meetings: []string{NextMeeting},
		},
		{
			Key: "three-times-for-advice", Source: "Living in fear, p.75", Area: northmoor,
			Type: casework.DomesticAbuseFamilial, Level: risk.Medium, Opener: "pc.ahmed",
			Victim:   Human{"Perpetua Akintola", "1962-11-21"},
			Children: []Human{{"Micah Akintola", "2016-04-09"}},
			Harm:     []Human{{"Desmond Akintola", "1991-01-18"}}, Bond: casework.FamilyMember, Allegation: casework.Charged,
			Home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"17 Saltpan Terrace", "Northmoor"}, Postcode: "NM3 6DB"},
				Phone:   "07700 900209", Method: "call the landline, ask for the choir", SafeTimes: "Tuesday and Thursday mornings",
			},
			// No judgement raised it: the number of incidents brings it to the meeting.
			Keeper: "idva.byrne", Assessor: "idva.byrne", Yes: []int{2, 3, 5, 7, 8, 10, 11, 17, 20, 21, 24},
			Events: []Event{
				{
					DaysBefore: 230, Words: "Her son shouted through the letter box for money until a neighbour came out.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting, casework.Loitering},
					Channel:    casework.Offline, Qualifies: casework.StalkingOrHarassmentPattern, Crime: "NM-22004",
				},
				{
					DaysBefore: 175, Words: "Voice messages through the night saying he would fetch the boy. The recordings were asked for in every action plan and are still not on the file.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting},
					Channel:    casework.Online, Qualifies: casework.ViolenceOrThreat,
				},
				{
					DaysBefore: 96, Words: "Broke the kitchen window. By then the file had gone for advice twice and come back twice.",
					Behaviours: []casework.StalkingBehaviour{casework.InterferingWithProperty},
					Channel:    casework.Offline, Qualifies: casework.ViolenceOrThreat, Crime: "NM-24460",
				},
				{
					DaysBefore: 22, Words: "Waited at her church after the charge; she says she will give it up if it takes another winter.",
					Behaviours: []casework.StalkingBehaviour{casework.Following, casework.Loitering},
					Channel:    casework.Offline, Qualifies: casework.StalkingOrHarassmentPattern,
				},
			},
			Plan: []Measure{
				{"Grandson's school and health visitor know who has parental responsibility", "northmoor-health", "SLD-07"},
			},
			Assigned: []string{"idva.byrne", "hv.osei", "sw.duffy"}, Meetings: []string{NextMeeting},
		},
		{
			Key: "guilty-and-no-order", Source: "Living in fear, p.71", Area: northmoor,
			Type: casework.HarassmentNotDomestic, Level: risk.High, Opener: "pc.ahmed",
			Victim: Human{"Balvinder Saxby", "1974-10-02"},
			Harm:   []Human{{"Howard Tranter", "1969-06-25"}}, Bond: casework.Colleague, Allegation: casework.Convicted,
			Home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"2 Cooper's Yard", "Northmoor"}, Postcode: "NM1 9KR"},
				Phone:   "07700 900836", Method: "call his own mobile", SafeTimes: "any, but not at the shop",
			},
			Keeper: "ds.reid", Assessor: "ds.reid", Yes: []int{2, 3, 5, 10, 11, 13, 14, 18, 20, 21, 24},
			Judged: "He means the threats, the victim believes them, and nothing will bind him on the day he is let out.",
			Conduct: casework.ConductDecision{
				Classification: casework.ConductHarassment,
				Reason:         "Threats to force the payment of a debt between former partners of a firm; no fixation on the person was found.",
			},
			Events: []Event{
				{
					DaysBefore: 118, Words: "Texts that counted down the days until a visit. Not reported at the time.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting},
					Channel:    casework.Online, Qualifies: casework.ViolenceOrThreat,
				},
				{
					DaysBefore: 71, Words: "Posted a picture of the shop front with a lit match drawn over it.",
					Behaviours: []casework.StalkingBehaviour{casework.Publishing},
					Channel:    casework.Online, Qualifies: casework.ViolenceOrThreat,
				},
				{
					DaysBefore: 29, Words: "Said by voice message that he would burn the family in their beds. Reported that night; arrested by morning and kept in custody.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting},
					Channel:    casework.Online, Qualifies: casework.ViolenceOrThreat, Crime: "NM-25077",
				},
			},
			Plan: []Measure{
				{"Smoke alarms, a sealed letter box and a marker on home and shop", "northmoor-police", "SLD-14"},
				{"Victim told before any release, by a number he chose", "northmoor-probation", "SLD-03"},
			},
			Assigned: []string{"ds.reid", "po.singh"}, Meetings: []string{LastMeeting},
			Actions: []Undertaking{
				{
					Words: "Ask the prosecutor for a restraining order while sentence is open: neither file nor review had asked for one",
					Owner: "northmoor-police", Who: "ds.reid", DueIn: 5,
				},
				{
					Words: "Put the conditions the victim wants into the report for sentence",
					Owner: "northmoor-probation", Who: "po.singh", DueIn: 26, Begun: true,
				},
			},
		},
		{
			Key: "suitcases-on-campus", Source: "Living in fear, p.63", Area: northmoor,
			Type: casework.StalkingNotDomestic, Level: risk.Medium, Opener: "pc.ahmed",
			Victim: Human{"Linnea Hawksworth", "2004-08-16"},
			Harm:   []Human{{"Matteo Ferrovanni", "2003-11-05"}}, Bond: casework.Acquaintance, Allegation: casework.Acquitted,
			Home: casework.SafeContact{
				Confidential: true,
				Address:      casework.Address{Lines: []string{"Room 114, Sedge Hall", "Northmoor"}, Postcode: "NM7 3LC"},
				Phone:        "07700 900164", Method: "through the hall warden", SafeTimes: "term time, afternoons",
			},
			Keeper: "ds.reid",
			// Nobody ever assessed the risk, and there is no plan.
			Conduct: casework.ConductDecision{
				Classification: casework.ConductStalking,
				Reason:         "Two years of unanswered devotion, ending in a journey to live with her. Released by the court without an appeal; the charge became harassment, for no reason on file, and was thrown out.",
			},
			Events: []Event{
				{
					DaysBefore: 800, Words: "Began to write to her online a year after they had sat in the same class; she gave no reply.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting}, Channel: casework.Online,
				},
				{
					DaysBefore: 430, Words: "Put her photographs on his own page as though they were a couple.",
					Behaviours: []casework.StalkingBehaviour{casework.Publishing},
					Channel:    casework.Online, Qualifies: casework.StalkingOrHarassmentPattern,
				},
				{
					DaysBefore: 260, Words: "A fresh profile each time she shut one out.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting},
					Channel:    casework.Online, Qualifies: casework.StalkingOrHarassmentPattern,
				},
				{
					DaysBefore: 95, Words: "Flew in and stood between the lecture halls with his luggage, having written that he would move in. She ran, he came after her, and the porters held him.",
					Behaviours: []casework.StalkingBehaviour{casework.Following, casework.Contacting, casework.Loitering},
					Channel:    casework.Both, Qualifies: casework.StalkingOrHarassmentPattern, Crime: "NM-24483",
				},
			},
			Orders: []PastOrder{{
				DaysBefore: 93, Type: casework.BailConditions,
				Conditions: "Not to contact her and not to enter the university grounds.",
			}},
			Assigned: []string{"ds.reid"},
		},
		{
			Key: "friend-of-his-former-girlfriend", Source: "Living in fear, p.69", Area: southvale,
			Type: casework.HarassmentNotDomestic, Level: risk.Standard, Opener: "pc.ward",
			Victim: Human{"Owain Fennimore", "1997-03-28"},
			Harm:   []Human{{"Callum Drystone", "1995-12-12"}}, Bond: casework.Acquaintance, Allegation: casework.Acquitted,
			// Neither safe contact, assessment, plan nor specialist support: nobody asked.
			Conduct: casework.ConductDecision{
				Classification: casework.ConductHarassment,
				Reason:         "Treated as a quarrel over a woman both men know; whether it was stalking was not asked.",
			},
			Events: []Event{
				{
					DaysBefore: 240, Words: "Came into his kitchen in a rage because he and the man's former girlfriend are friends.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting},
					Channel:    casework.Offline, Qualifies: casework.ViolenceOrThreat, Crime: "SV-09152",
				},
				{
					DaysBefore: 221, Words: "Calls at all hours, mostly breathing. He began to look for rooms in another county.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting},
					Channel:    casework.Online, Qualifies: casework.StalkingOrHarassmentPattern,
				},
				{
					DaysBefore: 205, Words: "Threats from a page without a name. The suspect's computers were never looked into, the court could not tell who wrote them, and he was cleared.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting},
					Channel:    casework.Online, Qualifies: casework.ViolenceOrThreat, Crime: "SV-09288",
				},
			},
		},
	}
}
