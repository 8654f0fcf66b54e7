package demo

import (
	"context"

	"accord/domain/calendar"
	"accord/domain/marac"
	"accord/internal/procedures"
	"accord/internal/records"
)

// research has the table return research on a meeting's cases: some find
// something, some return nil, and of others it is still awaited.
func (b *scribe) research(meeting string, on calendar.Date, returned func(n int) bool) error {
	b.at(on, 16)
	for who, login := range table {
		if err := b.do(login, func(ctx context.Context, s *records.Session) error {
			shown, err := s.MeetingByID(ctx, meeting)
			if err != nil {
				return err
			}
			items, err := s.ListItems(ctx, shown)
			if err != nil {
				return err
			}
			for n, item := range items {
				if !returned(n + who) {
					continue
				}
				own, err := s.ResearchAt(ctx, item)
				if err != nil {
					return err
				}
				for _, research := range own {
					if err := b.answer(ctx, s, research.ID, n+who); err != nil {
						return err
					}
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

func (b *scribe) answer(ctx context.Context, s *records.Session, research string, n int) error {
	if n%4 == 1 {
		return procedures.ReturnNil(ctx, s, research)
	}
	findings := []marac.ResearchItem{
		{Kind: marac.Fact, Text: "Known to the agency since last spring; two contacts on record."},
		{Kind: marac.Opinion, Text: "The worker who knows the family thinks she says less than happens."},
	}
	withheld := ""
	if n%4 == 3 {
		findings, withheld = findings[:1], "Notes of counselling are not shared."
	}
	return procedures.SubmitResearch(ctx, s, research, findings, withheld)
}
