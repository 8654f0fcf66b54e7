package records_test

import (
	"testing"
	"time"

	"accord/cmd/accord/stage"
	"accord/domain/calendar"
	"accord/domain/casework"
	"accord/domain/risk"
	"accord/internal/likeness"
	"accord/internal/procedures"
	"accord/internal/records"
)

// Cases that were written before anybody could be looked for come forward with what
// their people are found under; nothing else needs to change of them.
func TestPeopleOfCasesOfTheFirstFormAreFoundAsTheyComeForward(t *testing.T) {
	s := stage.New(t, stage.Options{})
	r := s.Program.Records()
	find := func() int {
		t.Helper()
		found, err := s.As(t, "pc.ahmed").FindPeople(t.Context(), likeness.Particulars{Names: []string{"Mary-Anne Aldous", "Marianne Aldous"}})
		if err != nil {
			t.Fatal(err)
		}
		return len(found.Hits)
	}
	known := find()
	if known == 0 {
		t.Fatal("nobody of the rehearsal is found")
	}
	if err := r.Untraced(t.Context()); err != nil {
		t.Fatal(err)
	}
	aged, err := r.AsYesterday(t.Context(), "case", records.Yesterday{})
	if err != nil {
		t.Fatal(err)
	}
	if got := find(); got != 0 {
		t.Fatalf("%d are found of whom nothing says so", got)
	}
	if done, err := r.BringForward(t.Context()); err != nil || done.Brought != len(aged) {
		t.Fatalf("of %d cases: %+v, %v", len(aged), done, err)
	}
	if got := find(); got != known {
		t.Errorf("%d are found, and were %d", got, known)
	}
}

// What a search costs follows from what is asked. Most of ten thousand people bear one
// of few names, and a search by the commonest of them is the dearest there is.
func BenchmarkFindPeople(b *testing.B) {
	s := stage.New(b, stage.Options{})
	given := []string{"Oliver", "Amelia", "Jack", "Isla", "Harry", "Ava", "Mohammed", "Ayesha", "Gurpreet", "Piotr"}
	family := []string{"Smith", "Jones", "Taylor", "Khan", "Singh", "Kowalski", "Okafor", "Murphy", "Evans", "Patel"}
	const cases = 5_000
	for n := range cases {
		// A third of the people are called by the ten commonest names; the others are spread.
		name := func(i int) casework.Identity {
			identity := casework.Identity{DateOfBirth: calendar.NewDate(1950+i%55, time.January, 2).AddDays(i * 37 % 360)}
			if identity.Name = given[i%10] + " " + family[i/10%10]; i%3 != 0 {
				identity.Name = given[i%10] + " " + spread(i)
			}
			return identity
		}
		opened := procedures.CaseOpening{
			Type: casework.DomesticAbuseIntimate, RiskLevel: risk.High, Area: s.Capacity(b, "pc.ahmed").Areas[0],
			Parties: []casework.Party{
				{Role: casework.Victim, Identity: name(2 * n)}, {Role: casework.Perpetrator, Identity: name(2*n + 1), Allegation: casework.Alleged},
			},
		}
		if _, err := procedures.OpenCase(b.Context(), s.As(b, "pc.ahmed"), opened); err != nil {
			b.Fatal(err)
		}
	}
	keys := s.Program.Records().Examined()
	for name, asked := range map[string]likeness.Particulars{
		"common name":           {Names: []string{"Mohammed Khan"}},
		"common name and birth": {Names: []string{"Mohammed Khan"}, DateOfBirth: calendar.NewDate(1976, time.May, 3)},
		"rare name":             {Names: []string{"Ludmila Wroblewska"}},
		"number":                {Phones: []string{"07700 900812"}},
		"everything":            {Names: []string{"Mohammed Khan", "Ayesha Patel", "Jack Smith"}, DateOfBirth: calendar.NewDate(1976, time.May, 3), Phones: []string{"07700 900812"}, Handles: []string{"night.heron"}},
	} {
		for login, reaches := range map[string]string{"pc.ward": "nothing", "coord.ellis": "everything"} {
			b.Run(name+", reaches "+reaches, func(b *testing.B) {
				keys.Store(0)
				found := 0
				for b.Loop() {
					people, err := s.As(b, login).FindPeople(b.Context(), asked)
					if err != nil {
						b.Fatal(err)
					}
					found = len(people.Hits) + len(people.Elsewhere)
				}
				b.ReportMetric(float64(keys.Load())/float64(b.N), "keys/op")
				b.ReportMetric(float64(found), "found")
			})
		}
	}
}

// spread is one of a thousand family names.
func spread(n int) string {
	onset, middle, end := []string{"Br", "Th", "W", "L", "St", "H", "Gr", "P", "M", "D"}, []string{"o", "a", "e", "i", "u"}, []string{
		"ckley", "ndell", "rton", "stead", "mber", "vering", "xley", "ffin", "gnall", "lcott",
		"thwaite", "pworth", "dgson", "nkin", "rbury", "sgrove", "tterby", "zzard", "yland", "bbett",
	}
	return onset[n%10] + middle[n/10%5] + end[n/50%20]
}

// Whoever reads a mask of somebody is not told that it is them: the case is one of
// others to a search, though its core is there.
func TestAMaskIsNoHit(t *testing.T) {
	s := stage.New(t, stage.Options{})
	asked := likeness.Particulars{Names: []string{"Marianne Aldous"}}
	known, err := s.As(t, "pc.ahmed").FindPeople(t.Context(), asked)
	if err != nil || len(known.Hits) == 0 {
		t.Fatalf("the officer finds %d, %v", len(known.Hits), err)
	}
	masked, err := s.As(t, "dpo.grant").FindPeople(t.Context(), asked)
	if err != nil || len(masked.Hits) != 0 || len(masked.Elsewhere) != len(known.Hits) {
		t.Errorf("the auditor finds %d, and %d elsewhere: %v", len(masked.Hits), len(masked.Elsewhere), err)
	}
}
