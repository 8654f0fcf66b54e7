package demo

import (
	"accord/domain/casework"
	"accord/domain/risk"
)

// victimCareStories retells what "Living in fear" found of notices given in
// place of an investigation, of advice that left the victim alone with it, and
// of investigations that came late or left evidence uncollected.
func victimCareStories() []Story {
	return []Story{
		{
			Key: "knife-behind-the-door", Source: "Living in fear, Police Information Notices", Area: northmoor,
			Type: casework.DomesticAbuseIntimate, Level: risk.High, Opener: "pc.ahmed",
			Victim: Human{"Ewa Larkwood", "1990-02-26"}, Harm: []Human{{"Desmond Tarn", "1986-09-08"}},
			Bond: casework.ExIntimate, Allegation: casework.Suspect,
			Home: casework.SafeContact{
				Confidential: true, Address: casework.Address{Lines: []string{"31 Cooper's Yard", "Northmoor"}, Postcode: "NM2 6WK"},
				Phone: "07700 900217", Method: "call, no voicemail", SafeTimes: "lunch hour, twelve to one",
			},
			Keeper: "idva.byrne", Assessor: "pc.ahmed", Yes: []int{2, 3, 4, 5, 6, 8, 10, 11, 12, 13, 14, 20, 21, 24},
			Conduct: casework.ConductDecision{
				Classification: casework.ConductStalking, Reason: "He lay in wait inside her home, after weeks of unwanted calls. The earlier closing was reviewed and set aside.",
			},
			Events: []Event{
				{
					DaysBefore: 74, Words: "Calls through the night after she had moved her things out; he says that she will be sorry.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting}, Channel: casework.Online,
				},
				{
					DaysBefore: 51, Words: "Her spare key is missing after he came to collect his post.",
					Behaviours: []casework.StalkingBehaviour{casework.InterferingWithProperty}, Channel: casework.Offline,
				},
				{
					DaysBefore: 33, Words: "A caller who gave no name told the control room that he was in her flat with a knife and meant to kill her when she came home. Arrested there before she came. Filed without a crime number; the caller was never traced and the knife never examined.",
					Behaviours: []casework.StalkingBehaviour{casework.Loitering, casework.InterferingWithProperty}, Channel: casework.Offline,
					Qualifies: casework.ViolenceOrThreat,
				},
			},
			Notices: []PastNotice{{
				DaysBefore: 32, Kind: casework.PoliceInformationNotice, Force: "Northmoor Police",
				Words: "Given as he left custody, and the matter filed the same evening. He was not interviewed about the knife.",
			}},
			Plan: []Measure{
				{"Locks changed and the address marked for an immediate response", "northmoor-police", "SLD-13"},
				{"Recording of the call kept, caller sought, knife sent for examination", "northmoor-police", "SLD-14"},
				{"Places to sleep until the flat is safe, and a word for the telephone", "harbour-idva", "SLD-02"},
			},
			Assigned: []string{"idva.byrne", "isac.moss", "ds.reid"}, Meetings: []string{NextMeeting},
		},
		{
			Key: "gifts-at-the-nursery", Source: "Living in fear, Police Information Notices", Area: northmoor,
			Type: casework.DomesticAbuseIntimate, Level: risk.High, Opener: "pc.ahmed",
			Victim: Human{"Adaeze Whitlow", "1997-10-14"}, Children: []Human{{"Chidi Whitlow", "2023-03-30"}},
			Harm: []Human{{"Lorcan Brabazon", "1992-01-05"}}, Bond: casework.ExIntimate, Allegation: casework.Charged,
			Home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"Flat 9, Osier Court", "Weaver Road", "Northmoor"}, Postcode: "NM5 8TJ"},
				Phone:   "07700 900583", Method: "text, signed as the library", SafeTimes: "after the nursery run, from ten",
			},
			Keeper: "idva.byrne", Assessor: "idva.byrne", Yes: []int{2, 3, 4, 5, 6, 8, 10, 11, 12, 14, 17, 21, 23, 24},
			Conduct: casework.ConductDecision{
				Classification: casework.ConductStalking, Reason: "Persistent at three places of her life, with numbers changed to get round her refusals.",
			},
			Events: []Event{
				{
					DaysBefore: 155, Words: "Twenty messages a day since she ended it after six weeks; new numbers whenever she stops answering.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting}, Channel: casework.Online,
				},
				{
					DaysBefore: 141, Words: "Perfume and a bracelet left for her at the reception desk; he sat in the foyer until she finished.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting, casework.Loitering}, Channel: casework.Offline,
				},
				{
					DaysBefore: 96, Words: "Stood at the nursery gate at closing time and spoke to her son by name.",
					Behaviours: []casework.StalkingBehaviour{casework.Following, casework.WatchingOrSpying, casework.Loitering}, Channel: casework.Offline,
					Qualifies: casework.StalkingOrHarassmentPattern,
				},
				{
					DaysBefore: 45, Words: "On her landing at six in the morning, and again that night. She rang the police a second time.",
					Behaviours: []casework.StalkingBehaviour{casework.Loitering, casework.WatchingOrSpying}, Channel: casework.Offline,
					Qualifies: casework.StalkingOrHarassmentPattern, Crime: "NMP/20417",
				},
			},
			Notices: []PastNotice{{
				DaysBefore: 137, Kind: casework.PoliceInformationNotice, Force: "Northmoor Police",
				Words: "Given for calls and presents, though the visits to work were known. She was told that it was dealt with.",
			}},
			Orders: []PastOrder{{
				DaysBefore: 42, Type: casework.BailConditions,
				Conditions: "No contact with her by any means or through anybody; to keep 200 metres from her home, her work and the nursery.",
				Breaches: []PastBreach{
					{36, "Eleven silent calls to her desk. Logged; he was not arrested."},
					{24, "Parked across from the nursery. Arrested, and bailed again on the same terms."},
					{8, "A card pushed under her door, unsigned, in his writing. No officer has been sent yet."},
				},
			}},
			Plan: []Measure{
				{"Every breach answered by arrest, and remand asked for at the next one", "northmoor-police", "SLD-23"},
				{"Nursery given a photograph and a password for collection", "northmoor-children", "SLD-17"},
				{"Diary and screenshots kept together; weekly call", "harbour-idva", "SLD-08"},
			},
			Assigned: []string{"idva.byrne", "isac.moss", "ds.reid", "sw.duffy", "hv.osei"}, Meetings: []string{NextMeeting},
		},
		{
			Key: "bank-counter", Source: "Living in fear, Police Information Notices", Area: southvale,
			Type: casework.StalkingNotDomestic, Level: risk.Standard, Opener: "pc.ward",
			Victim: Human{"Mei-Lin Ashdown", "1999-06-03"}, Harm: []Human{{"Percival Grout", "1974-12-12"}},
			Bond: casework.Stranger, Allegation: casework.Alleged,
			// Nobody assessed the risk, and there is no plan.
			Events: []Event{
				{
					DaysBefore: 170, Words: "A customer comes to her till every day and puts chocolates on the counter. Last year he did so with the woman at the next till.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting, casework.Loitering}, Channel: casework.Offline,
				},
				{
					DaysBefore: 118, Words: "Waits outside at the end of her shift and walks behind her to the bus.",
					Behaviours: []casework.StalkingBehaviour{casework.Following, casework.Loitering}, Channel: casework.Offline,
					Qualifies: casework.StalkingOrHarassmentPattern,
				},
				{
					DaysBefore: 37, Words: "She had moved to a branch in the next town; he has found it and begun anew.",
					Behaviours: []casework.StalkingBehaviour{casework.Following, casework.WatchingOrSpying}, Channel: casework.Offline,
					Qualifies: casework.StalkingOrHarassmentPattern,
				},
				{
					DaysBefore: 12, Words: "Asked him to leave her alone; he shouted at her across the banking hall.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting}, Channel: casework.Offline,
					Qualifies: casework.ViolenceOrThreat,
				},
			},
			Notices: []PastNotice{{
				DaysBefore: 6, Kind: casework.PoliceInformationNotice, Force: "Southvale Police",
				Words: "Handed to him at his door. Nobody put a question to him; the colleague before her was not asked.",
			}},
		},
		{
			Key: "reminded-of-the-notice", Source: "Living in fear, Police Information Notices", Area: northmoor,
			Type: casework.DomesticAbuseIntimate, Level: risk.High, Opener: "ds.reid",
			Victim: Human{"Shirin Hathersage", "1983-05-20"}, Harm: []Human{{"Kaspar Wendle", "1980-08-17"}},
			Bond: casework.ExIntimate, Allegation: casework.Convicted,
			Home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"3 Tollgate Mews", "Northmoor"}, Postcode: "NM1 9GS"},
				Phone:   "07700 900342", Method: "ring twice, then ring again", SafeTimes: "Mondays and Thursdays",
			},
			Keeper: "ds.reid", Assessor: "ds.reid", Yes: []int{2, 3, 4, 5, 6, 8, 10, 11, 12, 14, 20, 21, 22, 24},
			Conduct: casework.ConductDecision{
				Classification: casework.ConductStalking, Reason: "Convicted of harassment only; the whole course, read together, shows fixation.",
			},
			Events: []Event{
				{
					DaysBefore: 310, Words: "Emails to her work address, each longer than the one before.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting}, Channel: casework.Online,
				},
				{
					DaysBefore: 258, Words: "A letter three weeks after the notice: paper does not frighten him.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting}, Channel: casework.Offline,
					Qualifies: casework.StalkingOrHarassmentPattern,
				},
				{
					DaysBefore: 190, Words: "Took a room in the next street and walked her dog out of the garden.",
					Behaviours: []casework.StalkingBehaviour{casework.Following, casework.WatchingOrSpying, casework.InterferingWithProperty}, Channel: casework.Offline,
					Qualifies: casework.StalkingOrHarassmentPattern, Crime: "NMP/11862",
				},
				{
					DaysBefore: 163, Words: "Posted her number with an offer of company; forty strangers rang.",
					Behaviours: []casework.StalkingBehaviour{casework.Publishing}, Channel: casework.Online,
					Qualifies: casework.StalkingOrHarassmentPattern, Crime: "NMP/13007",
				},
			},
			Notices: []PastNotice{
				{DaysBefore: 279, Kind: casework.PoliceInformationNotice, Force: "Northmoor Police", Words: "For the emails. No statement was taken from her."},
				{DaysBefore: 254, Kind: casework.HarassmentWarning, Force: "Northmoor Police", Words: "Given by telephone after the letter: an officer told him to remember the notice. The letter was not collected."},
			},
			Orders: []PastOrder{{
				DaysBefore: 48, Type: casework.Restraining, Conditions: "Not to contact her or have others do so; to publish nothing about her; not to enter the streets marked on the plan.",
			}},
			Plan: []Measure{
				{"Order on the record of the control room, with arrest on breach", "northmoor-police", "SLD-08"},
				{"Supervision to work on fixation; victim's worker told of every change", "northmoor-probation", "SLD-22"},
				{"Advocate keeps in touch after the sentence", "harbour-idva", "SLD-05"},
			},
			Assigned: []string{"idva.byrne", "isac.moss", "po.singh"}, Meetings: []string{LastMeeting},
			Actions: []Undertaking{
				{Words: "Ask the site that carried the offer to take it down and keep its records", Owner: "northmoor-police", Who: "ds.reid", DueIn: 6},
				{Words: "Find out whether he still holds the room in the next street", Owner: "northmoor-probation", Who: "po.singh", DueIn: 12},
				{Words: "Go through the order with her and say whom to ring on a breach", Owner: "harbour-idva", Who: "idva.byrne", DueIn: 26, Begun: true},
			},
		},
		{
			Key: "through-the-children", Source: "Living in fear, p.52", Area: northmoor,
			Type: casework.DomesticAbuseIntimate, Level: risk.High, Opener: "pc.ahmed",
			Victim:   Human{"Paulina Drummock", "1985-11-09"},
			Children: []Human{{"Oskar Drummock", "2013-04-22"}, {"Lidia Drummock", "2015-12-01"}},
			Harm:     []Human{{"Aleks Drummock", "1982-07-03"}}, Bond: casework.ExIntimate, Allegation: casework.Suspect,
			Home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"18 Saltpan Lane", "Northmoor"}, Postcode: "NM6 4PF"},
				Phone:   "07700 900764", Method: "call her, never the children's telephones", SafeTimes: "school hours",
			},
			Keeper: "idva.byrne", Assessor: "pc.ahmed", Yes: []int{2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 14, 17, 20, 22, 24},
			Conduct: casework.ConductDecision{
				Classification: casework.ConductStalking, Reason: "Eight months of threats; stopped at one number, he found the next way in.",
			},
			Events: []Event{
				{
					DaysBefore: 244, Words: "Threatening messages and calls begin in the week he moves out.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting}, Channel: casework.Online, Qualifies: casework.ViolenceOrThreat,
				},
				{
					DaysBefore: 112, Words: "Told at the front desk to block him, and did. That evening he rang her son instead.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting}, Channel: casework.Online,
				},
				{
					DaysBefore: 60, Words: "Both children asked, night after night, to make her ring back; her daughter hides the telephone and cries.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting, casework.MonitoringCommunications}, Channel: casework.Online,
					Qualifies: casework.StalkingOrHarassmentPattern,
				},
				{
					DaysBefore: 4, Words: "Told her son that something would happen to his mother if she kept silent. Arrested the next day.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting}, Channel: casework.Online,
					Qualifies: casework.ViolenceOrThreat, Crime: "NMP/24590",
				},
			},
			Notices: []PastNotice{
				{DaysBefore: 105, Kind: casework.PoliceInformationNotice, Force: "Northmoor Police", Words: "For messages to her alone. The calls to the children were not asked about."},
				{DaysBefore: 57, Kind: casework.HarassmentWarning, Force: "Northmoor Police", Words: "Advised by word of mouth to use a solicitor about contact."},
			},
			Plan: []Measure{
				{"Her own number stays on, unread, so that threats are seen and kept", "northmoor-police", "SLD-08"},
				{"Contact with the children only through the centre, and a worker for both", "northmoor-children", "SLD-07"},
				{"The children's telephones replaced and the old ones kept as evidence", "beacon-isac", "SLD-17"},
			},
			Assigned: []string{"idva.byrne", "isac.moss", "sw.duffy", "hv.osei"}, Meetings: []string{NextMeeting},
		},
		{
			Key: "told-to-go-offline", Source: "Living in fear, p.52", Area: northmoor,
			Type: casework.HarassmentNotDomestic, Level: risk.Standard, Opener: "pc.ahmed",
			Victim: Human{"Tamsin Obuya", "2001-08-28"}, Harm: []Human{{"Gwenda Pellow", "2000-03-11"}},
			Bond: casework.Acquaintance, Allegation: casework.Alleged,
			Home:   casework.SafeContact{Phone: "07700 900655", Method: "text", SafeTimes: "any"},
			Keeper: "ds.reid", Assessor: "pc.ahmed", Yes: []int{2, 5, 8, 10},
			Conduct: casework.ConductDecision{
				Classification: casework.ConductHarassment, Reason: "Abuse without fixation, as far as was asked; nobody read the messages before deciding.",
			},
			Events: []Event{
				{
					DaysBefore: 66, Words: "Insults by private message from a woman she once shared a house with.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting}, Channel: casework.Online,
				},
				{
					DaysBefore: 19, Words: "The insults go on and her friends receive them too. Advised to close her accounts; she felt blamed for having any. Nothing was recorded and no message saved.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting, casework.Publishing}, Channel: casework.Online,
					Qualifies: casework.StalkingOrHarassmentPattern,
				},
			},
			Assigned: []string{"ds.reid"},
		},
		{
			Key: "attacked-under-order", Source: "Living in fear, p.54", Area: northmoor,
			Type: casework.StalkingNotDomestic, Level: risk.High, Opener: "pc.ahmed",
			Victim: Human{"Emrys Bellwether", "1978-01-31"}, Harm: []Human{{"Ruben Stagg", "1976-05-06"}},
			Bond: casework.Colleague, Allegation: casework.Convicted,
			Home: casework.SafeContact{
				Confidential: true, Address: casework.Address{Lines: []string{"The Lodge", "Priory Fields", "Northmoor"}, Postcode: "NM7 2DL"},
				Phone: "07700 900909", Method: "through his brother", SafeTimes: "evenings",
			},
			Keeper: "isac.moss", Assessor: "isac.moss", Yes: []int{1, 2, 3, 5, 8, 10, 11, 13, 14, 23, 24},
			Judged: "Hurt while an order was in force, and the report of it led to nothing. He says that he would not call the police again.",
			Conduct: casework.ConductDecision{
				Classification: casework.ConductStalking, Reason: "A grievance from work pursued for two years, across a conviction.",
			},
			Events: []Event{
				{
					DaysBefore: 205, Words: "Waited in the car park of the new employer on four evenings.",
					Behaviours: []casework.StalkingBehaviour{casework.Loitering, casework.WatchingOrSpying}, Channel: casework.Offline,
					Qualifies: casework.StalkingOrHarassmentPattern, Crime: "NMP/09274",
				},
				{
					DaysBefore: 29, Words: "Struck from behind with a bottle on the towpath; stitches to the scalp. Put down as a brawl, without a crime number.",
					Behaviours: []casework.StalkingBehaviour{casework.Following}, Channel: casework.Offline, Qualifies: casework.ViolenceOrThreat,
				},
				{
					DaysBefore: 11, Words: "Rang to ask what had become of his report, and was told that nobody had it.",
				},
			},
			Orders: []PastOrder{{
				DaysBefore: 94, Type: casework.Restraining, Conditions: "Not to approach him or come to where he works; not to speak of him to his employers.",
				Breaches: []PastBreach{
					{71, "A message to the employer that he is a thief. Recorded; no arrest."},
					{29, "The blow on the towpath. The order was not looked up, and there was no arrest."},
				},
			}},
			// There is no plan.
			Assigned: []string{"isac.moss", "ds.reid", "po.singh"}, Meetings: []string{NextMeeting},
		},
		{
			Key: "weeks-from-birth", Source: "Living in fear, p.55", Area: northmoor,
			Type: casework.StalkingNotDomestic, Level: risk.Standard, Opener: "pc.ahmed",
			Victim: Human{"Ilinca Marlpit", "1998-09-25"}, Harm: []Human{{"Darragh Sleight", "1984-02-14"}},
			Bond: casework.Acquaintance, Allegation: casework.Charged,
			// Nobody assessed the risk, and there is no plan.
			Conduct: casework.ConductDecision{
				Classification: casework.ConductHarassment,
				Reason:         "Charged under section 2 of the Act by the response team, and left so when the file was first read; why it is not stalking was not asked.",
			},
			Events: []Event{
				{
					DaysBefore: 31, Words: "Behind her on the way to the clinic, in her ninth month, on three appointments.",
					Behaviours: []casework.StalkingBehaviour{casework.Following, casework.WatchingOrSpying}, Channel: casework.Offline,
					Qualifies: casework.StalkingOrHarassmentPattern,
				},
				{
					DaysBefore: 17, Words: "Came to the door twice in one day and would not go while she was alone.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting, casework.Loitering}, Channel: casework.Offline,
					Qualifies: casework.StalkingOrHarassmentPattern,
				},
				{
					DaysBefore: 5, Words: "Said that he would hurt her and then her boyfriend. He has a conviction for the rape of another woman and two for breaking restraining orders, one of them hers.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting}, Channel: casework.Offline,
					Qualifies: casework.ViolenceOrThreat, Crime: "NMP/24871",
				},
			},
			Assigned: []string{"hv.osei"},
		},
		{
			Key: "camera-over-the-car-park", Source: "Living in fear, p.56", Area: northmoor,
			Type: casework.DomesticAbuseIntimate, Level: risk.Medium, Opener: "pc.ahmed",
			Victim: Human{"Noor Applegarth", "1994-04-04"}, Harm: []Human{{"Stellan Applegarth", "1991-10-19"}},
			Bond: casework.ExIntimate, Allegation: casework.Alleged,
			Home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"40 Bellfounder Street", "Northmoor"}, Postcode: "NM3 7HY"},
				Phone:   "07700 900136", Method: "text first", SafeTimes: "before nine in the morning",
			},
			Keeper: "idva.byrne", Assessor: "pc.ahmed", Yes: []int{2, 3, 5, 6, 8, 10, 11, 12, 14, 20},
			Events: []Event{
				{
					DaysBefore: 58, Words: "Photograph of her trolley sent to her while she was still at the till.",
					Behaviours: []casework.StalkingBehaviour{casework.WatchingOrSpying, casework.Contacting}, Channel: casework.Both,
				},
				{
					DaysBefore: 40, Words: "He stood by her car outside the shop. She reported it within the hour and named the camera above him; no officer asked for the pictures, which are kept for thirty days.",
					Behaviours: []casework.StalkingBehaviour{casework.Loitering, casework.Following}, Channel: casework.Offline,
					Qualifies: casework.StalkingOrHarassmentPattern, Crime: "NMP/23115",
				},
			},
			// There is no plan.
			Assigned: []string{"idva.byrne"},
		},
		{
			Key: "son-was-hit", Source: "Living in fear, p.61", Area: northmoor,
			Type: casework.DomesticAbuseIntimate, Level: risk.High, Opener: "pc.ahmed",
			Victim: Human{"Beatrix Sandiford", "1979-07-16"}, Children: []Human{{"Jonty Sandiford", "2011-10-27"}},
			Harm: []Human{{"Magnus Ferrow", "1975-03-02"}}, Bond: casework.ExIntimate, Allegation: casework.Charged,
			Home: casework.SafeContact{
				Address: casework.Address{Lines: []string{"Orchard End", "Chapel Hill", "Northmoor"}, Postcode: "NM8 3VB"},
				Phone:   "07700 900478", Method: "call her at work", SafeTimes: "weekdays, two to four",
			},
			Keeper: "idva.byrne", Assessor: "idva.byrne", Yes: []int{2, 4, 5, 6, 8, 10, 12, 17, 18, 24},
			Judged: "He never laid a hand on her, but he hit her son, and a notice did not stop him. Nothing has bound him since.",
			Conduct: casework.ConductDecision{
				Classification: casework.ConductHarassment,
				Reason:         "Calls and emails only, with no following or watching found. He was seen by appointment, so there was no bail; the requisition was posted eleven weeks on.",
			},
			Events: []Event{
				{
					DaysBefore: 251, Words: "Knocked the boy, who is not his, against a door. She ended the relationship that week.",
					Channel: casework.Offline, Crime: "NMP/06530",
				},
				{
					DaysBefore: 214, Words: "Emails and missed calls every day, to which she has not replied.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting}, Channel: casework.Online,
				},
				{
					DaysBefore: 169, Words: "A notice has changed nothing: nine calls on her birthday.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting}, Channel: casework.Online,
					Qualifies: casework.StalkingOrHarassmentPattern,
				},
				{
					DaysBefore: 134, Words: "Wrote that the boy owes him an apology. She went to the police again.",
					Behaviours: []casework.StalkingBehaviour{casework.Contacting}, Channel: casework.Online,
					Qualifies: casework.StalkingOrHarassmentPattern, Crime: "NMP/14988",
				},
			},
			Notices: []PastNotice{{
				DaysBefore: 195, Kind: casework.PoliceInformationNotice, Force: "Northmoor Police",
				Words: "For the emails. The assault on her son was on record and was not put beside them.",
			}},
			Plan: []Measure{
				{"Ask the court for bail with conditions at the first hearing", "northmoor-police", "SLD-08"},
				{"A worker for her son, and his school told what to do if he is met there", "northmoor-children", "SLD-18"},
			},
			Assigned: []string{"idva.byrne", "sw.duffy"}, Meetings: []string{NextMeeting},
		},
	}
}
