package worlds

import (
	"context"
	"slices"
	"time"

	"accord/authz"
	"accord/domain/calendar"
	"accord/domain/fault"
	"accord/domain/marac"
	"accord/domain/sharing"
	"accord/internal/procedures"
	"accord/internal/records"
	"accord/internal/views"
)

// Refer refers a case.
type Refer struct {
	Case      string
	Referral  string // its name in the script
	Rationale string
	Consent   sharing.ConsentState
	Because   string
}

func (r Refer) String() string { return describe(r) }
func (r Refer) about() string  { return r.Case }

func (r Refer) play(at stand) (string, error) {
	return procedures.SubmitReferral(at, at.Session, at.id(r.Case), marac.Referral{ //nolint:wrapcheck // looked at as it is
		Reasons: []marac.ReferralReason{marac.ProfessionalConcern}, Rationale: r.Rationale, Consent: r.Consent, ConsentReason: r.Because,
		Awareness: sharing.VictimAware,
	})
}

func (r Refer) note(w *World, act Act, left made) {
	w.IDs[r.Referral] = left.result
	w.Of[act.Key] = w.add(&Record{ID: left.result, Kind: views.ReferralKind, Case: w.Cases[r.Case], Agency: w.People[act.By].Agency})
}

func (r Refer) secrets() []Secret {
	rationale, consent := r, r
	rationale.Rationale += " He waits outside the school."
	consent.Consent, consent.Because = sharing.ConsentLacksCapacity, "Sharing is needed to keep her safe."
	return []Secret{{"rationale", authz.Referral, true, rationale}, {"consent", authz.Referral, true, consent}}
}

// Accept takes a referral.
type Accept struct{ Case, Referral string }

func (a Accept) String() string { return describe(a) }
func (a Accept) about() string  { return a.Case }

func (a Accept) play(at stand) (string, error) {
	return "", procedures.AcceptReferral(at, at.Session, at.id(a.Referral)) //nolint:wrapcheck // looked at as it is
}

func (a Accept) note(*World, Act, made) {}
func (a Accept) secrets() []Secret      { return nil }

// Place places a case on a list.
type Place struct{ Case, Referral, Meeting string }

func (p Place) String() string { return describe(p) }
func (p Place) about() string  { return p.Case }

func (p Place) play(at stand) (string, error) {
	return procedures.ListCase(at, at.Session, at.id(p.Referral), at.id(p.Meeting)) //nolint:wrapcheck // looked at as it is
}

func (p Place) note(w *World, act Act, left made) {
	meeting, of := w.Meetings[p.Meeting], w.Cases[p.Case]
	listing := &Listing{Item: left.result, Case: p.Case, Meeting: meeting, Children: of.Children}
	meeting.Listings, of.Listings = append(meeting.Listings, listing), append(of.Listings, listing)
	w.Of[act.Key] = w.add(&Record{ID: left.result, Kind: views.ListItemKind, Case: of, Meeting: meeting, Listing: listing})
}

func (p Place) secrets() []Secret { return nil }

// Convene plans a meeting.
type Convene struct {
	Meeting  string // its name in the script, and its reference
	Kind     marac.MeetingKind
	Area     string
	StartsOn int // day
	Venue    string
}

func (c Convene) String() string    { return describe(c) }
func (c Convene) starts() time.Time { return dayOf(c.StartsOn).Add(30 * time.Minute) }
func (c Convene) reference() string { return "M-" + c.Meeting }

func (c Convene) play(at stand) (string, error) {
	return procedures.PlanMeeting(at, at.Session, procedures.MeetingPlan{ //nolint:wrapcheck // looked at as it is
		Reference: c.reference(), Kind: c.Kind, Area: at.id(c.Area), StartsAt: c.starts(), Venue: c.Venue,
	})
}

func (c Convene) note(w *World, act Act, left made) {
	meeting := &Meeting{
		Name: c.Meeting, ID: left.result, Reference: c.reference(), Area: c.Area, Kind: c.Kind, Status: marac.MeetingPlanned,
		StartsAt: c.starts().UnixMilli(),
	}
	w.Meetings[c.Meeting], w.IDs[c.Meeting] = meeting, meeting.ID
	w.Of[act.Key] = w.add(&Record{ID: meeting.ID, Kind: views.MeetingKind, Meeting: meeting})
}

func (c Convene) secrets() []Secret {
	venue := c
	venue.Venue += ", side entrance"
	return []Secret{{"venue", authz.MeetingList, true, venue}}
}

// Invite puts somebody on the attendance of a meeting.
type Invite struct {
	Meeting, Login string
	Part           marac.AttendancePart
	Cases          []string // whose items they are invited to
}

func (i Invite) String() string { return describe(i) }

func (i Invite) items(w *World) []string {
	var items []string
	for _, listing := range w.Meetings[i.Meeting].Listings {
		if slices.Contains(i.Cases, listing.Case) {
			items = append(items, listing.Item)
		}
	}
	return items
}

func (i Invite) play(at stand) (string, error) {
	if at.player.World.Meetings[i.Meeting] == nil {
		return "", fault.Missing()
	}
	return "", procedures.InviteToMeeting(at, at.Session, at.id(i.Meeting), at.id(i.Login), i.Part, i.items(at.player.World)...) //nolint:wrapcheck // looked at as it is
}

func (i Invite) note(w *World, _ Act, _ made) {
	meeting := w.Meetings[i.Meeting]
	meeting.Attendance = append(meeting.Attendance, &Attending{Person: i.Login, Agency: w.People[i.Login].Agency, Part: i.Part, Items: i.items(w)})
}

func (i Invite) secrets() []Secret { return nil }

// Advance brings a meeting to its next stage.
type Advance struct {
	Meeting string
	To      marac.MeetingStatus
}

func (a Advance) String() string { return describe(a) }

func (a Advance) play(at stand) (string, error) {
	steps := map[marac.MeetingStatus]func(context.Context, *records.Session, string) error{
		marac.MeetingReferralsClosed: procedures.CloseReferrals, marac.MeetingListed: procedures.IssueList,
		marac.MeetingInSession: procedures.StartMeeting, marac.MeetingMinutesDraft: procedures.EndSession,
		marac.MeetingMinutesIssued: procedures.IssueMinutes, marac.MeetingClosed: procedures.CloseMeeting,
	}
	return "", steps[a.To](at, at.Session, at.id(a.Meeting))
}

func (a Advance) note(w *World, _ Act, left made) {
	meeting := w.Meetings[a.Meeting]
	meeting.Status = a.To
	if a.To != marac.MeetingListed {
		return
	}
	// Each agency at the table is asked for its research, case by case.
	created := left.created[views.ResearchKind]
	for _, listing := range meeting.Heard() {
		var asked []string
		for _, attending := range meeting.Attendance {
			if attending.Part == marac.PartRepresentative && !slices.Contains(asked, attending.Agency) {
				asked = append(asked, attending.Agency)
			}
		}
		for _, agency := range asked {
			if len(created) == 0 {
				return
			}
			w.add(&Record{
				ID: created[0], Kind: views.ResearchKind, Case: w.Cases[listing.Case], Meeting: meeting, Listing: listing, Agency: agency,
				Research: marac.ResearchRequested,
			})
			created = created[1:]
		}
	}
}

func (a Advance) secrets() []Secret { return nil }

// Sign has the coordinator take somebody's signature.
type Sign struct{ Meeting, Login string }

func (s Sign) String() string { return describe(s) }

func (s Sign) play(at stand) (string, error) {
	return "", procedures.SignStatement(at, at.Session, at.id(s.Meeting), at.id(s.Login)) //nolint:wrapcheck // looked at as it is
}

func (s Sign) note(w *World, _ Act, _ made) {
	if attending := w.Meetings[s.Meeting].Attends(s.Login); attending != nil {
		attending.Signed = true
	}
}

func (s Sign) secrets() []Secret { return nil }

// Search returns an agency's research; without findings a nil return.
type Search struct {
	Meeting, Case string
	Findings      []marac.ResearchItem
	Withheld      string
}

func (s Search) String() string { return describe(s) }
func (s Search) about() string  { return s.Case }

// asked is the research that the agency of somebody was asked for.
func (s Search) asked(w *World, login string) *Record {
	for _, record := range w.OfKind(views.ResearchKind) {
		if record.Case.Name == s.Case && record.Meeting.Name == s.Meeting && record.Agency == w.People[login].Agency {
			return record
		}
	}
	return nil
}

func (s Search) play(at stand) (string, error) {
	record := s.asked(at.player.World, at.login())
	switch {
	case record == nil:
		return "", fault.Missing()
	case len(s.Findings) == 0:
		return "", procedures.ReturnNil(at, at.Session, record.ID) //nolint:wrapcheck // looked at as it is
	default:
		return "", procedures.SubmitResearch(at, at.Session, record.ID, s.Findings, s.Withheld) //nolint:wrapcheck // looked at as it is
	}
}

func (s stand) login() string {
	for login, person := range s.player.World.People {
		if person.ID == s.Capacity().Person {
			return login
		}
	}
	return ""
}

func (s Search) note(w *World, act Act, _ made) {
	record := s.asked(w, act.By)
	record.Research = marac.ResearchNilReturn
	if len(s.Findings) > 0 {
		record.Research = marac.ResearchSubmitted
	}
	w.Of[act.Key] = record
}

func (s Search) secrets() []Secret {
	if len(s.Findings) == 0 {
		return nil
	}
	text, kind, withheld, more := s, s, s, s
	text.Findings, kind.Findings = slices.Clone(s.Findings), slices.Clone(s.Findings)
	text.Findings[0].Text += " Twice."
	kind.Findings[0].Kind = marac.Opinion
	if s.Findings[0].Kind == marac.Opinion {
		kind.Findings[0].Kind = marac.Fact
	}
	withheld.Withheld += " Counselling notes."
	more.Findings = append(slices.Clone(s.Findings), marac.ResearchItem{Kind: marac.Fact, Text: "And one thing more."})
	return []Secret{
		{"finding", authz.Research, true, text},
		{"kind of finding", authz.Research, true, kind},
		{"what is withheld", authz.Research, true, withheld},
		{"another finding", authz.Research, true, more},
	}
}

// Undertake agrees an action.
type Undertake struct {
	Case, Action string // names in the script
	Meeting      string // at whose item it is agreed; empty: outside a meeting
	Login        string
	Words        string
	DueIn        int // days after the act
}

func (u Undertake) String() string { return describe(u) }
func (u Undertake) about() string  { return u.Case }

func (u Undertake) play(at stand) (string, error) {
	world := at.player.World
	action := marac.Action{
		Case: at.id(u.Case), Description: u.Words, Owner: at.id(agencyOf(u.Login).Reference), Assignee: at.id(u.Login), DueOn: at.Today().AddDays(u.DueIn),
	}
	if action.Case == "" {
		return "", fault.Missing()
	}
	for _, listing := range world.Cases[u.Case].Listings {
		if listing.Meeting.Name == u.Meeting {
			action.AgreedAtItem = listing.Item
		}
	}
	return procedures.AgreeAction(at, at.Session, action) //nolint:wrapcheck // looked at as it is
}

func (u Undertake) note(w *World, act Act, left made) {
	w.IDs[u.Action] = left.result
	record := &Record{
		ID: left.result, Kind: views.ActionKind, Case: w.Cases[u.Case], Agency: w.People[u.Login].Agency, Person: u.Login,
		Status: marac.ActionAgreed, DueOn: calendar.DateIn(left.at).AddDays(u.DueIn),
	}
	for _, listing := range w.Cases[u.Case].Listings {
		if listing.Meeting.Name == u.Meeting {
			record.Listing = listing
		}
	}
	w.Of[act.Key] = w.add(record)
}

func (u Undertake) secrets() []Secret {
	words, due := u, u
	words.Words += " By car."
	due.DueIn += 3
	return []Secret{{"description of an action", authz.Actions, true, words}, {"day an action is due", authz.Actions, true, due}}
}

// Report says how far an action is.
type Report struct {
	Case, Action string
	Status       marac.ActionStatus
	Note         string
}

func (r Report) String() string { return describe(r) }
func (r Report) about() string  { return r.Case }

func (r Report) play(at stand) (string, error) {
	action, err := at.Action(at, at.id(r.Action))
	if err != nil {
		return "", err //nolint:wrapcheck // looked at as it is
	}
	_, err = procedures.UpdateActionStatus(at, at.Session, procedures.ActionStatusReport{
		Action: action.ID, Status: r.Status, Note: r.Note, ExpectedVersion: action.RecordVersion,
	})
	return "", err //nolint:wrapcheck // looked at as it is
}

func (r Report) note(w *World, act Act, _ made) {
	record := w.Record(w.IDs[r.Action])
	record.Status = r.Status
	w.Of[act.Key] = record
}

func (r Report) secrets() []Secret {
	note := r
	note.Note += " She agreed."
	return []Secret{{"note on an action", authz.Actions, true, note}}
}

// Finding is one fact found.
func Finding(text string) []marac.ResearchItem {
	return []marac.ResearchItem{{Kind: marac.Fact, Text: text}}
}
