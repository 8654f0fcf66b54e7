package sharing_test

import (
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"accord/domain/calendar"
	"accord/domain/sharing"
)

var someDay = calendar.NewDate(2026, time.March, 2)

func span(until calendar.Date) sharing.Span {
	return sharing.Span{From: someDay.AddDays(-400), Until: until}
}

// It is said of a condition from thirty days before its last day until that day, and of
// one that has lapsed no more.
func TestWhatLapsesSoon(t *testing.T) {
	far := span(someDay.AddDays(400))
	for name, of := range map[string]struct {
		agreement, vetted, trained sharing.Span
		want                       []sharing.Lapse
	}{
		"nothing soon":           {far, far, far, nil},
		"thirty-one days before": {far, span(someDay.AddDays(31)), far, nil},
		"thirty days before":     {far, span(someDay.AddDays(30)), far, []sharing.Lapse{{Of: sharing.CurrentVetting, Last: someDay.AddDays(30)}}},
		"on the last day":        {far, far, span(someDay), []sharing.Lapse{{Of: sharing.CurrentTraining, Last: someDay}}},
		"the day after":          {far, far, span(someDay.AddDays(-1)), nil},
		"never entered":          {sharing.Span{}, sharing.Span{}, sharing.Span{}, nil},
		"not begun":              {far, sharing.Span{From: someDay.AddDays(1), Until: someDay.AddDays(5)}, far, nil},
		"all of them, in order": {span(someDay.AddDays(3)), span(someDay.AddDays(2)), span(someDay.AddDays(1)), []sharing.Lapse{
			{Of: sharing.CurrentAgreement, Last: someDay.AddDays(3)},
			{Of: sharing.CurrentVetting, Last: someDay.AddDays(2)},
			{Of: sharing.CurrentTraining, Last: someDay.AddDays(1)},
		}},
	} {
		got := sharing.Lapsing(sharing.Agency{Agreement: of.agreement}, sharing.Practitioner{Vetted: of.vetted, Trained: of.trained}, someDay)
		if !reflect.DeepEqual(got, of.want) {
			t.Errorf("%s: %v, want %v", name, got, of.want)
		}
	}
}

// Nobody is told that a condition lapses which has lapsed, and whoever is told is told
// before it does.
func TestPropertyWhatLapsesSoonHoldsToday(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		day := func(name string) calendar.Date { return someDay.AddDays(rapid.IntRange(-60, 60).Draw(rt, name)) }
		agency := sharing.Agency{Agreement: sharing.Span{From: day("from"), Until: day("agreed")}}
		person := sharing.Practitioner{Vetted: span(day("vetted")), Trained: span(day("trained"))}
		lapsed := map[sharing.Condition]bool{}
		for _, condition := range sharing.Lapsed(agency, person, someDay) {
			lapsed[condition] = true
		}
		soon := map[sharing.Condition]bool{}
		for _, lapse := range sharing.Lapsing(agency, person, someDay) {
			soon[lapse.Of] = true
			if lapsed[lapse.Of] || lapse.Last < someDay {
				rt.Errorf("%s has lapsed and is said to lapse on %s", lapse.Of, lapse.Last)
			}
		}
		for _, condition := range sharing.Lapsed(agency, person, someDay.AddDays(sharing.LapsingSoon+1)) {
			if !lapsed[condition] && !soon[condition] {
				rt.Errorf("%s lapses within thirty days and nobody is told", condition)
			}
		}
	})
}

// Who has seen an alert is not sent an e-mail about it; what was sent stays said.
func TestWhoHasSeenAnAlertIsSentNoEMail(t *testing.T) {
	now := time.Date(2026, time.March, 2, 9, 30, 0, 0, time.UTC)
	for state, want := range map[sharing.MailState]sharing.MailState{
		sharing.MailNone: sharing.MailNone, sharing.MailDue: sharing.MailNone, sharing.MailSent: sharing.MailSent, sharing.MailGivenUp: sharing.MailGivenUp,
	} {
		seen := sharing.Alert{Mail: state}.Acknowledge(now)
		if seen.Mail != want || !seen.AcknowledgedAt.Equal(now) {
			t.Errorf("from %s: %+v", state, seen)
		}
		if again := seen.Acknowledge(now.Add(time.Hour)); again != seen {
			t.Errorf("again: %+v", again)
		}
		if sent := seen.Mailed(sharing.MailSent, now.Add(time.Minute)); sent.Mail != sharing.MailSent || !sent.MailedAt.Equal(now.Add(time.Minute)) {
			t.Errorf("sent: %+v", sent)
		}
	}
}
