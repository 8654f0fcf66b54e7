package casework_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"accord/domain/casework"
	"accord/domain/fault"
	"accord/domain/sharing"
)

func addressIn(postcode string) casework.Address {
	return casework.Address{Lines: []string{"1 Larkspur Rise"}, Postcode: postcode}
}

func TestWhatOfSafeContactIsNotRecorded(t *testing.T) {
	long := strings.Repeat("x", 1001)
	for name, c := range map[string]struct {
		contact    casework.SafeContact
		constraint string
		rule       string
	}{
		"nothing":                             {casework.SafeContact{}, "", ""},
		"an address":                          {casework.SafeContact{Address: addressIn("NM1 1AA"), Phone: "07700 900001"}, "", ""},
		"a refuge":                            {casework.SafeContact{Refuge: true, Phone: "07700 900001"}, "", ""},
		"a refuge with blank lines":           {casework.SafeContact{Refuge: true, Address: casework.Address{Lines: []string{" ", ""}}}, "", ""},
		"the address of a refuge":             {casework.SafeContact{Refuge: true, Address: addressIn("")}, "", "SAFE_CONTACT_REFUGE"},
		"the postcode of a refuge":            {casework.SafeContact{Refuge: true, Address: casework.Address{Postcode: "NM1 1AA"}}, "", "SAFE_CONTACT_REFUGE"},
		"a line as long as a letter":          {casework.SafeContact{Address: casework.Address{Lines: []string{long}}}, "maxLength", ""},
		"more lines than an address has":      {casework.SafeContact{Address: casework.Address{Lines: make([]string, 11)}}, "maxLength", ""},
		"a postcode as long as a letter":      {casework.SafeContact{Address: casework.Address{Postcode: long}}, "maxLength", ""},
		"a number as long as a letter":        {casework.SafeContact{Phone: long}, "maxLength", ""},
		"a method as long as a letter":        {casework.SafeContact{Method: long}, "maxLength", ""},
		"safe times as long as a letter":      {casework.SafeContact{SafeTimes: long}, "maxLength", ""},
		"a method as long as a method may be": {casework.SafeContact{Method: long[1:]}, "", ""},
	} {
		err := c.contact.Check()
		f := fault.Of(err)
		if f == nil {
			f = &fault.Fault{}
		}
		if f.Rule != c.rule || f.Constraint != c.constraint || (err != nil) != (c.rule+c.constraint != "") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever is recorded one after the other: every address that was left is kept, newest
// first, and none is made up.
func TestEveryAddressThatWasLeftIsKeptNewestFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var contact casework.SafeContact
		var left []casework.EarlierAddress
		shown := 0 // of those, to whom the mask may show a part
		for range rapid.IntRange(0, 8).Draw(t, "changes") {
			next := casework.SafeContact{
				Refuge: rapid.Bool().Draw(t, "refuge"), Confidential: rapid.Bool().Draw(t, "confidential"), Phone: rapid.SampledFrom([]string{"", "07700 900001"}).Draw(t, "phone"),
				Previous: []casework.EarlierAddress{{Address: addressIn("ZZ9 9ZZ")}}, // what is earlier is not for who records to say
			}
			if !next.Refuge {
				next.Address = rapid.SampledFrom([]casework.Address{{}, addressIn("NM1 1AA"), addressIn("NM2 2BB"), addressIn("NM3 3CC")}).Draw(t, "address")
			}
			if was := contact.Address; !was.IsEmpty() && was.Postcode != next.Address.Postcode {
				left = append([]casework.EarlierAddress{{Address: was, Confidential: contact.Confidential}}, left...)
				if !contact.Confidential {
					shown++
				}
			}
			before := slices.Clone(contact.Previous)
			replaced := contact.Replace(next)
			if !slices.EqualFunc(before, contact.Previous, sameEarlier) {
				t.Fatal("what was read has changed")
			}
			contact = replaced
			if !same(contact.Address, next.Address) || contact.Refuge != next.Refuge || contact.Phone != next.Phone {
				t.Fatalf("recorded %+v as %+v", next, contact)
			}
		}
		if !slices.EqualFunc(contact.Previous, left, sameEarlier) {
			t.Fatalf("kept are %v, left were %v", contact.Previous, left)
		}
		masked := casework.PreviousOutwardPostcodes(contact)
		hidden := contact.Refuge || contact.Confidential
		if hidden && len(masked) > 0 || !hidden && len(masked) != shown {
			t.Fatalf("the mask shows %q of %v, in a refuge: %v", masked, left, contact.Refuge)
		}
		if len(left) > 0 && contact.IsEmpty() {
			t.Fatal("a contact with earlier addresses is taken for none")
		}
	})
}

func sameEarlier(a, b casework.EarlierAddress) bool {
	return same(a.Address, b.Address) && a.Confidential == b.Confidential
}

func same(a, b casework.Address) bool {
	return a.Postcode == b.Postcode && slices.Equal(a.Lines, b.Lines)
}

func TestACaseIsHandedOverOnceAndForTheTeamOfWhoLeaves(t *testing.T) {
	now := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	leaver := sharing.Practitioner{ID: "prac_leaver", Agency: "agency_police", Team: "team_response"}
	assigned := func(people ...string) casework.Case {
		var of casework.Case
		for _, person := range people {
			of.Assignments = append(of.Assignments, casework.Assignment{Practitioner: person, Agency: "agency_police"})
		}
		return of
	}
	for name, c := range map[string]struct {
		of   casework.Case
		to   string
		want []string
	}{
		"to the supervisor":         {assigned("prac_other", "prac_leaver"), "prac_supervisor", []string{"prac_other", "prac_supervisor"}},
		"to who has it already":     {assigned("prac_leaver", "prac_other"), "prac_other", []string{"prac_other"}},
		"to nobody":                 {assigned("prac_leaver", "prac_other"), "", []string{"prac_other"}},
		"by who has nothing of it":  {assigned("prac_other"), "prac_supervisor", []string{"prac_other"}},
		"of a case that nobody has": {assigned(), "prac_supervisor", nil},
	} {
		before := slices.Clone(c.of.Assignments)
		after := c.of.HandOver(leaver, c.to, now)
		var people []string
		for _, assignment := range after.Assignments {
			people = append(people, assignment.Practitioner)
			if assignment.Practitioner == "prac_supervisor" && (assignment.Team != leaver.Team || assignment.Agency != leaver.Agency || !assignment.From.Equal(now)) {
				t.Errorf("%s: handed over as %+v", name, assignment)
			}
		}
		if !slices.Equal(people, c.want) {
			t.Errorf("%s: %q have it, want %q", name, people, c.want)
		}
		if !slices.Equal(c.of.Assignments, before) {
			t.Errorf("%s: what was read has changed", name)
		}
	}
}
