package authz

// Words of the matrix that are no names of the vocabulary.
const (
	everybody = "EVERYBODY" // whoever is signed in, by no relation
	nothing   = "–"
)

// legendEntry says what a word in a cell of the matrix means.
type legendEntry struct{ sign, means string }

// legend explains the cells: the words for how much, and every relation.
func legend() []legendEntry {
	entries := []legendEntry{
		{nothing, "nothing; without any cell of the row a record of this class is not there for the role"},
		{"read", "all of it (pR and R of the access matrix)"},
		{"read+write", "all of it, and may change it (pW and W; by OWNER: oW)"},
		{"masked", "only what the mask of the class shows (M)"},
		{"write masked", "may change only what the mask shows"},
		{"reveal", "may have the contact of one person shown once, with a reason: address and number"},
		{"reveal masked", "the same for the number, never the address"},
		{everybody, "whoever is signed in"},
	}
	for relation := range relationCount {
		entries = append(entries, legendEntry{relation.String(), relationMeans[relation]})
	}
	for class := range classCount {
		if shows := maskShows[class]; shows != "" {
			entries = append(entries, legendEntry{class.String() + " masked", shows})
		}
	}
	return append(entries, legendEntry{
		"beside the table",
		"several relations and several roles of one person add up; an exclusion stands before everything and is in no cell; a purpose that is declared can only narrow",
	})
}

// relationMeans says who has each relation to a record.
var relationMeans = [relationCount]string{
	Assigned:       "is assigned to the case",
	Team:           "supervises somebody who is assigned, or has their team by the duty roster",
	Owner:          "belongs to the agency that put the item in, and is assigned, supervises or represents it (oW)",
	Representative: "represents an agency at a meeting that hears the case, from the issue of its list until it is closed",
	Signed:         "attended the meeting and signed its confidentiality statement",
	InvitedItem:    "is invited to this item of a meeting",
	Released:       "the item was released to the agency and the release has not ended (x)",
	Convenor:       "is the MARAC coordinator of the area",
	Chair:          "chairs a meeting that hears the case, from the issue of its list until it is closed",
	Spoc:           "is single point of contact for stalking in the area; stalking cases only",
	Nominal:        "is the MAPPA coordinator of the area, and the perpetrator is a nominal",
	Filed:          "is the prosecutor to whom the file was submitted",
	Consented:      "is an advocate with the victim's consent",
	Oversight:      "audits the agency, or leads the audit of the area",
	BreakGlass:     "has emergency access that has not ended",
	AgencyParty:    "belongs to any agency that is party to the case",
	Addressee:      "is who the alert is for",
}

// maskShows says what the mask of each class shows, where anything of the class can
// be masked; empty: only that it exists.
var maskShows = [classCount]string{
	VictimIdentity:      "initials and year of birth",
	Children:            "initials and year of birth",
	PerpetratorIdentity: "initials and year of birth",
	SafeContact:         "first part of the postcode, safe method and safe times",
	RiskAssessment:      "tool, level and date",
	CourseOfConduct:     "how many, the first and the last date",
	Referral:            "that there is one",
	Research:            "agency and status",
	MaracMinutes:        "date and status of the meeting",
	Plan:                "that there is one",
}
