package demo

import (
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

// World is when the meetings of the demo are.
type World struct {
	Next, Last calendar.Date
}

// Write writes the demo world into an empty folder: the directory, the cases,
// the last meeting and the next one, whose list has just gone out. Issuer gives
// the sign-in issuer of an agency. The clock is set back while it writes and runs
// on afterwards.
func Write(ctx context.Context, r *records.Records, clock *Clock, issuer func(agency string) string) (World, error) {
	defer clock.Run()
	today := calendar.DateIn(clock.Now())
	world := World{Next: calendar.AddWorkingDays(today, 7)}
	world.Last = calendar.AddWorkingDays(world.Next, -20)
	w := &writer{ctx: ctx, records: r, clock: clock, issuer: issuer, ids: map[string]string{}}
	first := calendar.AddWorkingDays(world.Last, -30)
	w.at(first, 9)
	if err := w.enrol(first.AddDays(-400), clock.real().AddDate(10, 0, 0)); err != nil {
		return World{}, err
	}
	book := &casebook{writer: w, world: world, opened: map[int]string{}, victims: map[int]string{}, items: map[string]string{}}
	return world, book.write()
}

// at sets the clock to an hour of a day in London.
func (w *writer) at(day calendar.Date, hour int) {
	w.clock.Set(day.Start().Add(time.Duration(hour) * time.Hour))
}

// casebook writes the cases and meetings.
type casebook struct {
	*writer
	world   World
	opened  map[int]string    // case id by sketch
	victims map[int]string    // party id by sketch
	items   map[string]string // list item id by meeting and case
	last    string            // meeting ids
	next    string
}

func (b *casebook) write() error {
	all := sketches()
	for _, step := range []func([]sketch) error{b.planLast, b.openFirst, b.hearLast, b.openRest, b.listNext} {
		if err := step(all); err != nil {
			return err
		}
	}
	return nil
}

func (b *casebook) planLast([]sketch) (err error) {
	b.at(calendar.AddWorkingDays(b.world.Last, -25), 10)
	b.last, err = b.plan(LastMeeting, b.world.Last)
	return err
}

func (b *casebook) plan(reference string, on calendar.Date) (string, error) {
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
func (b *casebook) openFirst(all []sketch) error {
	for n, sketch := range all {
		if slices.Contains(sketch.meetings, LastMeeting) {
			if err := b.open(n, sketch, calendar.AddWorkingDays(b.world.Last, -15)); err != nil {
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
func (b *casebook) open(n int, sk sketch, on calendar.Date) error {
	b.at(on, 11)
	area := northmoor
	if sk.opener == "pc.ward" {
		area = southvale
	}
	err := b.do(sk.opener, func(ctx context.Context, s *records.Session) error {
		opened, err := procedures.OpenCase(ctx, s, procedures.CaseOpening{
			Type: sk.kind, RiskLevel: sk.level, Area: b.ids[area], Parties: parties(sk), Conduct: sk.conduct,
		})
		if err != nil {
			return err
		}
		b.opened[n], b.victims[n] = opened.ID, opened.Victim().ID
		for _, login := range append([]string{sk.keeper, sk.assessor}, sk.assigned...) {
			if login == "" || login == sk.opener {
				continue
			}
			if err := procedures.AssignPractitioner(ctx, s, opened.ID, b.ids[login]); err != nil {
				return fmt.Errorf("assigning %s: %w", login, err)
			}
		}
		for _, e := range sk.events {
			if err := procedures.RecordIncident(ctx, s, opened.ID, casework.Incident{
				OccurredOn: on.AddDays(-e.daysAgo), Behaviours: e.behaviours, Channel: e.channel, Description: e.words, Qualifies: e.qualifies,
			}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return b.assess(n, sk)
}

func (b *casebook) assess(n int, sk sketch) error {
	if sk.keeper != "" {
		if err := b.do(sk.keeper, func(ctx context.Context, s *records.Session) error {
			return procedures.RecordSafeContact(ctx, s, b.opened[n], b.victims[n], sk.home)
		}); err != nil {
			return err
		}
	}
	if err := b.do(sk.assessor, func(ctx context.Context, s *records.Session) error {
		return procedures.SubmitAssessment(ctx, s, b.opened[n], risk.Assessment{
			Tool: risk.SafeLivesDash24, Answers: answers(sk.yes), AssessedOn: s.Today(),
			Judgement: risk.ProfessionalJudgement{Raises: sk.judged != "", Rationale: sk.judged},
		})
	}); err != nil {
		return err
	}
	planner := sk.opener
	return b.do(planner, func(ctx context.Context, s *records.Session) error {
		for _, m := range sk.plan {
			if err := procedures.AddPlanMeasure(ctx, s, b.opened[n], risk.PlanItem{
				Description: m.words, Owner: b.ids[m.owner], AnswersRisk: m.answers,
			}); err != nil {
				return err
			}
		}
		return nil
	})
}

// refer refers a case, has the coordinator accept it and places it on a list.
func (b *casebook) refer(n int, meeting string, on calendar.Date, reasons []marac.ReferralReason) error {
	b.at(on, 14)
	sk := sketches()[n]
	referrer := sk.assessor
	rationale := sk.judged
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
func (b *casebook) issue(meeting string, on calendar.Date, invited func(context.Context, *records.Session) error) error {
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
func (b *casebook) hearLast(all []sketch) error {
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
		if err := procedures.IssueMinutes(ctx, s, b.last); err != nil {
			return err
		}
		return procedures.CloseMeeting(ctx, s, b.last)
	})
}

func (b *casebook) agree(ctx context.Context, s *records.Session, all []sketch) error {
	for n, sk := range all {
		for _, u := range sk.actions {
			if _, err := procedures.AgreeAction(ctx, s, marac.Action{
				Case: b.opened[n], Description: u.words, Owner: b.ids[u.owner], Assignee: b.ids[u.who],
				DueOn: calendar.AddWorkingDays(b.world.Last, u.dueIn), AgreedAtItem: b.items[b.last+b.opened[n]],
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// begin has owners report the actions they have begun.
func (b *casebook) begin(all []sketch) error {
	b.at(calendar.AddWorkingDays(b.world.Last, 1), 9)
	for n, sk := range all {
		for _, u := range sk.actions {
			if !u.begun {
				continue
			}
			if err := b.do(u.who, func(ctx context.Context, s *records.Session) error {
				return b.report(ctx, s, b.opened[n], u.words)
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *casebook) report(ctx context.Context, s *records.Session, caseID, words string) error {
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
func (b *casebook) openRest(all []sketch) (err error) {
	b.at(calendar.AddWorkingDays(b.world.Last, 3), 10)
	if b.next, err = b.plan(NextMeeting, b.world.Next); err != nil {
		return err
	}
	for n, sk := range all {
		if slices.Contains(sk.meetings, LastMeeting) {
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
func (b *casebook) listNext(all []sketch) error {
	for n, sk := range all {
		if !slices.Contains(sk.meetings, NextMeeting) {
			continue
		}
		var reasons []marac.ReferralReason
		if sk.repeat {
			reasons = []marac.ReferralReason{marac.MaracRepeat}
			b.at(calendar.AddWorkingDays(b.world.Next, -12), 9)
			if err := b.do(sk.opener, func(ctx context.Context, s *records.Session) error {
				return procedures.RecordIncident(ctx, s, b.opened[n], casework.Incident{
					OccurredOn: s.Today(), Channel: casework.Offline, Description: "Kicked in the new door; the camera shows him.",
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
		return procedures.InviteToMeeting(ctx, s, b.next, b.ids["pros.lane"], marac.PartInvited, b.items[b.next+b.opened[0]])
	}
	if err := b.issue(b.next, b.world.Next, invited); err != nil {
		return err
	}
	returned := calendar.AddWorkingDays(b.world.Next, -8)
	return b.research(b.next, returned, func(n int) bool { return n%3 != 2 })
}

// research has the table return research on a meeting's cases: some find
// something, some return nil, and of others it is still awaited.
func (b *casebook) research(meeting string, on calendar.Date, returned func(n int) bool) error {
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

func (b *casebook) answer(ctx context.Context, s *records.Session, research string, n int) error {
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

// parties makes the people of a sketch; whoever nobody knows has no name.
func parties(sk sketch) []casework.Party {
	all := []casework.Party{{Role: casework.Victim, Identity: identity(sk.victim)}}
	for _, child := range sk.children {
		all = append(all, casework.Party{Role: casework.Child, Identity: identity(child)})
	}
	for _, harm := range sk.harm {
		all = append(all, casework.Party{Role: casework.Perpetrator, Identity: identity(harm), Relationship: sk.bond, Allegation: casework.Alleged})
	}
	return all
}

func identity(h human) casework.Identity {
	who := casework.Identity{Name: h.name}
	if born, err := calendar.ParseDate(h.born); err == nil {
		who.DateOfBirth = born
	}
	return who
}

// answers gives the answers of a SafeLives Dash: YES to the items named, NO to the rest.
func answers(yes []int) []risk.AnswerGiven {
	var given []risk.AnswerGiven
	for n, item := range risk.SafeLivesDash24.Items() {
		answer := risk.No
		if slices.Contains(yes, n+1) {
			answer = risk.Yes
		}
		given = append(given, risk.AnswerGiven{Code: item.Code, Answer: answer})
	}
	return given
}
