package demo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"accord/domain/calendar"
	"accord/domain/casework"
	"accord/domain/fault"
	"accord/domain/marac"
	"accord/domain/risk"
	"accord/domain/sharing"
	"accord/internal/procedures"
	"accord/internal/records"
)

// Casebook is a world to be written: its stories, and how its meetings lie.
type Casebook struct {
	Stories   []Story
	NextIn    int  // working days from the day it is written to the next meeting
	Between   int  // working days between the two meetings
	CloseLast bool // the last meeting is closed; otherwise its minutes are out and its list still open
	Invited   int  // number of the story whose file is submitted to the prosecutor, who is invited to its item
}

// World is when the meetings of a world are.
type World struct {
	Next, Last calendar.Date
}

// Write writes a world into an empty folder: the directory, the cases, the last
// meeting and the next one, whose list has just gone out. Issuer gives the
// sign-in issuer of an agency. The clock is set back while it writes and runs on
// afterwards.
func Write(ctx context.Context, r *records.Records, clock *Clock, issuer func(agency string) string, told Casebook) (World, error) {
	defer clock.Run()
	today := calendar.DateIn(clock.Now())
	world := World{Next: calendar.AddWorkingDays(today, told.NextIn)}
	world.Last = calendar.AddWorkingDays(world.Next, -told.Between)
	w := &writer{ctx: ctx, records: r, clock: clock, issuer: issuer, ids: map[string]string{}}
	first := calendar.AddWorkingDays(world.Last, -30)
	w.at(first, 9)
	if err := w.enrol(first.AddDays(-400), clock.real().AddDate(10, 0, 0)); err != nil {
		return World{}, err
	}
	book := &scribe{writer: w, told: told, world: world, opened: map[int]string{}, victims: map[int]string{}, items: map[string]string{}}
	return world, book.write()
}

// at sets the clock to an hour of a day in London.
func (w *writer) at(day calendar.Date, hour int) {
	w.clock.Set(day.Start().Add(time.Duration(hour) * time.Hour))
}

// scribe writes the cases and meetings of a casebook.
type scribe struct {
	*writer
	told    Casebook
	world   World
	opened  map[int]string    // case id by story
	victims map[int]string    // party id by story
	items   map[string]string // list item id by meeting and case
	last    string            // meeting ids
	next    string
}

func (b *scribe) write() error {
	all := b.told.Stories
	for _, step := range []func([]Story) error{b.planLast, b.openFirst, b.hearLast, b.openRest, b.listNext} {
		if err := step(all); err != nil {
			return err
		}
	}
	return nil
}

func (b *scribe) planLast([]Story) (err error) {
	b.at(calendar.AddWorkingDays(b.world.Last, -25), 10)
	b.last, err = b.plan(LastMeeting, b.world.Last)
	return err
}

func (b *scribe) plan(reference string, on calendar.Date) (string, error) {
	var id string
	err := b.do("coord.ellis", func(ctx context.Context, s *records.Session) error {
		planned, err := procedures.PlanMeeting(ctx, s, procedures.MeetingPlan{
			Reference: reference, Kind: marac.MaracScheduled, Area: b.ids[northmoor], StartsAt: on.Start().Add(10 * time.Hour),
			Venue: "Northmoor Civic Centre, committee room",
		})
		id = planned
		return err
	})
	return id, err
}

// openFirst opens the cases that the last meeting hears, and lists them.
func (b *scribe) openFirst(all []Story) error {
	for n, story := range all {
		if slices.Contains(story.Meetings, LastMeeting) {
			if err := b.open(n, story, calendar.AddWorkingDays(b.world.Last, -15)); err != nil {
				return err
			}
			if err := b.refer(n, b.last, calendar.AddWorkingDays(b.world.Last, -12), nil); err != nil {
				return err
			}
		}
	}
	return b.issue(b.last, b.world.Last, nil)
}

// open opens a case and records what was known in its first days.
func (b *scribe) open(n int, sk Story, on calendar.Date) error {
	b.at(on, 11)
	err := b.do(sk.Opener, func(ctx context.Context, s *records.Session) error {
		opened, err := procedures.OpenCase(ctx, s, procedures.CaseOpening{
			Type: sk.Type, RiskLevel: sk.Level, Area: b.ids[cmp.Or(sk.Area, northmoor)], Parties: parties(sk), Conduct: sk.Conduct,
		})
		if err != nil {
			return err
		}
		b.opened[n], b.victims[n] = opened.ID, opened.Victim().ID
		working := append([]string{sk.Keeper, sk.Assessor}, sk.Assigned...)
		if n == b.told.Invited {
			working = append(working, "pros.lane") // a submission assigns the receiving prosecutor
		}
		for _, login := range working {
			if login == "" || login == sk.Opener {
				continue
			}
			if err := procedures.AssignPractitioner(ctx, s, opened.ID, b.ids[login]); err != nil {
				return fmt.Errorf("assigning %s: %w", login, err)
			}
		}
		for _, e := range sk.Events {
			if err := procedures.RecordIncident(ctx, s, opened.ID, casework.Incident{
				OccurredOn: on.AddDays(-e.DaysBefore), Behaviours: e.Behaviours, Channel: e.Channel, Description: e.Words, Qualifies: e.Qualifies, CrimeReference: e.Crime,
			}); err != nil {
				return err
			}
		}
		return b.recordPast(ctx, s, opened.ID, sk, on)
	})
	if err != nil {
		return err
	}
	return b.assess(n, sk)
}

// recordPast records the notices and orders there were when the case was opened.
func (b *scribe) recordPast(ctx context.Context, s *records.Session, caseID string, sk Story, opened calendar.Date) error {
	for _, n := range sk.Notices {
		if err := procedures.RecordNotice(ctx, s, caseID, casework.Notice{
			Kind: n.Kind, IssuedOn: opened.AddDays(-n.DaysBefore), Force: n.Force, Words: n.Words,
		}); err != nil {
			return err
		}
	}
	for _, o := range sk.Orders {
		order := casework.Order{Type: o.Type, MadeOn: opened.AddDays(-o.DaysBefore), Conditions: o.Conditions}
		for _, breach := range o.Breaches {
			order.Breaches = append(order.Breaches, casework.Breach{On: opened.AddDays(-breach.DaysBefore), Words: breach.Words})
		}
		if err := procedures.RecordOrder(ctx, s, caseID, order); err != nil {
			return err
		}
	}
	return nil
}

func (b *scribe) assess(n int, sk Story) error {
	if sk.Keeper != "" {
		if err := b.do(sk.Keeper, func(ctx context.Context, s *records.Session) error {
			opened, err := s.CaseByID(ctx, b.opened[n])
			if err != nil {
				return err
			}
			_, err = procedures.RecordSafeContact(ctx, s, procedures.SafeContactRecording{
				Case: opened.ID, Party: b.victims[n], Contact: sk.Home, ExpectedVersion: int64(opened.Version),
			})
			return err
		}); err != nil {
			return err
		}
	}
	if sk.Assessor == "" {
		return b.planFor(n, sk)
	}
	if err := b.do(sk.Assessor, func(ctx context.Context, s *records.Session) error {
		return procedures.SubmitAssessment(ctx, s, b.opened[n], risk.Assessment{
			Tool: risk.SafeLivesDash24, Answers: answers(sk.Yes), AssessedOn: s.Today(),
			Judgement: risk.ProfessionalJudgement{Raises: sk.Judged != "", Rationale: sk.Judged},
		})
	}); err != nil {
		return err
	}
	return b.planFor(n, sk)
}

// planFor writes the plan, where the story has one.
func (b *scribe) planFor(n int, sk Story) error {
	if len(sk.Plan) == 0 {
		return nil
	}
	return b.do(sk.Opener, func(ctx context.Context, s *records.Session) error {
		for _, m := range sk.Plan {
			if err := procedures.AddPlanMeasure(ctx, s, b.opened[n], risk.PlanItem{
				Description: m.Words, Owner: b.ids[m.Owner], AnswersRisk: m.Answers,
			}); err != nil {
				return err
			}
		}
		return nil
	})
}

// refer refers a case, has the coordinator accept it and places it on a list.
func (b *scribe) refer(n int, meeting string, on calendar.Date, reasons []marac.ReferralReason) error {
	b.at(on, 14)
	sk := b.told.Stories[n]
	referrer := sk.Assessor
	rationale := sk.Judged
	var referral string
	if err := b.do(referrer, func(ctx context.Context, s *records.Session) (err error) {
		referral, err = procedures.SubmitReferral(ctx, s, b.opened[n], marac.Referral{
			Reasons: reasons, Rationale: rationale, Consent: sharing.ConsentGiven, Awareness: sharing.VictimAware,
		})
		return err
	}); err != nil {
		return fmt.Errorf("referring %d: %w", n, err)
	}
	b.at(calendar.AddWorkingDays(on, 1), 10)
	b.clock.Set(b.clock.Now().Add(time.Duration(n) * time.Minute)) // the list keeps the order they were placed in
	return b.do("coord.ellis", func(ctx context.Context, s *records.Session) error {
		if err := procedures.AcceptReferral(ctx, s, referral); err != nil {
			return err
		}
		item, err := procedures.ListCase(ctx, s, referral, meeting)
		b.items[meeting+b.opened[n]] = item
		return err
	})
}

// table is who sits at the meetings, beside chair and coordinator.
var table = []string{"ds.reid", "po.singh", "idva.byrne", "isac.moss", "hv.osei", "sw.duffy"}

// issue closes referrals, invites the table and issues the list, on its due day.
func (b *scribe) issue(meeting string, on calendar.Date, invited func(context.Context, *records.Session) error) error {
	b.at(calendar.AddWorkingDays(on, -8), 15)
	return b.do("coord.ellis", func(ctx context.Context, s *records.Session) error {
		if err := procedures.InviteToMeeting(ctx, s, meeting, b.ids["coord.ellis"], marac.PartCoordinator); err != nil {
			return err
		}
		if err := procedures.InviteToMeeting(ctx, s, meeting, b.ids["chair.novak"], marac.PartChair); err != nil {
			return err
		}
		for _, login := range table {
			if err := procedures.InviteToMeeting(ctx, s, meeting, b.ids[login], marac.PartRepresentative); err != nil {
				return err
			}
		}
		if invited != nil {
			if err := invited(ctx, s); err != nil {
				return err
			}
		}
		if err := procedures.CloseReferrals(ctx, s, meeting); err != nil {
			return err
		}
		return procedures.IssueList(ctx, s, meeting)
	})
}

// hearLast plays the last meeting: research, session, actions, minutes.
func (b *scribe) hearLast(all []Story) error {
	if err := b.research(b.last, calendar.AddWorkingDays(b.world.Last, -3), func(int) bool { return true }); err != nil {
		return err
	}
	b.at(b.world.Last, 10)
	if err := b.do("coord.ellis", func(ctx context.Context, s *records.Session) error {
		if err := procedures.StartMeeting(ctx, s, b.last); err != nil {
			return err
		}
		for _, login := range append([]string{"chair.novak", "coord.ellis"}, table...) {
			if err := procedures.SignStatement(ctx, s, b.last, b.ids[login]); err != nil {
				return err
			}
		}
		return b.agree(ctx, s, all)
	}); err != nil {
		return err
	}
	if err := b.begin(all); err != nil {
		return err
	}
	b.at(calendar.AddWorkingDays(b.world.Last, 2), 16)
	return b.do("coord.ellis", func(ctx context.Context, s *records.Session) error {
		if err := procedures.EndSession(ctx, s, b.last); err != nil {
			return err
		}
		if err := procedures.IssueMinutes(ctx, s, b.last); err != nil || !b.told.CloseLast {
			return err
		}
		return procedures.CloseMeeting(ctx, s, b.last)
	})
}

func (b *scribe) agree(ctx context.Context, s *records.Session, all []Story) error {
	for n, sk := range all {
		for _, u := range sk.Actions {
			if _, err := procedures.AgreeAction(ctx, s, marac.Action{
				Case: b.opened[n], Description: u.Words, Owner: b.ids[u.Owner], Assignee: b.ids[u.Who],
				DueOn: calendar.AddWorkingDays(b.world.Last, u.DueIn), AgreedAtItem: b.items[b.last+b.opened[n]],
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// begin has owners report the actions they have begun.
func (b *scribe) begin(all []Story) error {
	b.at(calendar.AddWorkingDays(b.world.Last, 1), 9)
	for n, sk := range all {
		for _, u := range sk.Actions {
			if !u.Begun {
				continue
			}
			if err := b.do(u.Who, func(ctx context.Context, s *records.Session) error {
				return b.report(ctx, s, b.opened[n], u.Words)
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *scribe) report(ctx context.Context, s *records.Session, caseID, words string) error {
	found, err := s.CaseByID(ctx, caseID)
	if err != nil {
		return err
	}
	actions, err := s.ActionsOf(ctx, found)
	if err != nil {
		return err
	}
	for _, action := range actions {
		description, err := action.Description()
		if err != nil {
			return err
		}
		if description != nil && *description == words {
			_, err := procedures.UpdateActionStatus(ctx, s, procedures.ActionStatusReport{
				Action: action.ID, Status: marac.ActionInProgress, Note: "Begun.", ExpectedVersion: action.RecordVersion,
			})
			return err
		}
	}
	return fault.Missing()
}

// openRest opens the cases of the next meeting, and the ones on no list.
func (b *scribe) openRest(all []Story) (err error) {
	b.at(calendar.AddWorkingDays(b.world.Last, 3), 10)
	if b.next, err = b.plan(NextMeeting, b.world.Next); err != nil {
		return err
	}
	for n, sk := range all {
		if slices.Contains(sk.Meetings, LastMeeting) {
			continue
		}
		if err := b.open(n, sk, calendar.AddWorkingDays(b.world.Next, -13)); err != nil {
			return err
		}
	}
	return nil
}

// listNext lists the next meeting: a further incident makes a repeat, the
// prosecutor is invited to the item of the file submitted to him, the list goes
// out and agencies begin to return their research.
func (b *scribe) listNext(all []Story) error {
	for n, sk := range all {
		if !slices.Contains(sk.Meetings, NextMeeting) {
			continue
		}
		var reasons []marac.ReferralReason
		if sk.Repeat {
			reasons = []marac.ReferralReason{marac.MaracRepeat}
			b.at(calendar.AddWorkingDays(b.world.Next, -12), 9)
			if err := b.do(sk.Opener, func(ctx context.Context, s *records.Session) error {
				return procedures.RecordIncident(ctx, s, b.opened[n], casework.Incident{
					OccurredOn: s.Today(), Channel: casework.Offline, Description: sk.Further,
					Behaviours: []casework.StalkingBehaviour{casework.InterferingWithProperty}, Qualifies: casework.ViolenceOrThreat,
				})
			}); err != nil {
				return err
			}
		}
		if err := b.refer(n, b.next, calendar.AddWorkingDays(b.world.Next, -11), reasons); err != nil {
			return err
		}
	}
	invited := func(ctx context.Context, s *records.Session) error {
		return procedures.InviteToMeeting(ctx, s, b.next, b.ids["pros.lane"], marac.PartInvited, b.items[b.next+b.opened[b.told.Invited]])
	}
	if err := b.issue(b.next, b.world.Next, invited); err != nil {
		return err
	}
	returned := calendar.AddWorkingDays(b.world.Next, -8)
	return b.research(b.next, returned, func(n int) bool { return n%3 != 2 })
}
