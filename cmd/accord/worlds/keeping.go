package worlds

import (
	"cmp"
	"slices"
	"time"

	"accord/authz"
	"accord/domain/calendar"
	"accord/domain/fault"
	"accord/domain/sharing"
	"accord/internal/procedures"
	"accord/internal/views"
)

// A reason of substance.
const substance = "Because his brother lives next door to them."

// Exclude keeps somebody out of a case, or a case to named people; who excludes
// themselves declares a conflict.
type Exclude struct {
	Case, Login string
	Exclusion   string // its name in the script
	Kind        sharing.ExclusionKind
}

func (e Exclude) String() string { return describe(e) }
func (e Exclude) about() string  { return e.Case }

func (e Exclude) play(at stand) (string, error) {
	if e.Kind == sharing.ExcludedFrom && at.Capacity().Person == at.id(e.Login) {
		return "", procedures.DeclareConflict(at, at.Session, at.id(e.Case), sharing.BecauseRelative) //nolint:wrapcheck // looked at as it is
	}
	_, err := procedures.SetExclusion(at, at.Session, sharing.Exclusion{
		Case: at.id(e.Case), Person: at.id(e.Login), Kind: e.Kind, Reason: sharing.BecauseRelative,
	})
	return "", err //nolint:wrapcheck // looked at as it is
}

func (e Exclude) note(w *World, act Act, left made) {
	of := w.Cases[e.Case]
	w.IDs[e.Exclusion] = left.created[views.ExclusionKind][0]
	w.Of[act.Key] = w.add(&Record{ID: w.IDs[e.Exclusion], Kind: views.ExclusionKind, Case: of, Person: e.Login, By: act.By, Exclusion: e.Kind})
	if e.Kind == sharing.RestrictedTo {
		for _, named := range []string{e.Login, act.By} {
			if !slices.Contains(of.Restricted, named) {
				of.Restricted = append(slices.Clone(of.Restricted), named)
			}
		}
		return
	}
	w.handOver(of, e.Login)
	of.Excluded = append(slices.Clone(of.Excluded), e.Login)
	w.stillConvened(of)
}

// handOver ends somebody's work on a case. What they had to do passes to their
// supervisor, or else to a colleague on the case; the case itself to the supervisor
// where nobody else of the team has it.
func (w *World) handOver(of *Case, leaver string) {
	person := w.People[leaver]
	can := func(login string) bool { return login != leaver && !of.keepsOut(login) }
	at := slices.IndexFunc(of.Assigned, func(a Assigned) bool { return a.Person == leaver })
	var heir string
	teamStays := false
	for _, assigned := range of.Assigned {
		if assigned.Agency == person.Agency && can(assigned.Person) {
			heir = cmp.Or(heir, assigned.Person)
			teamStays = teamStays || assigned.Team == person.Team
		}
	}
	supervisors := slices.DeleteFunc(w.supervisorsOf(leaver), func(login string) bool { return !can(login) })
	if len(supervisors) > 0 {
		heir = supervisors[0]
	}
	works := slices.ContainsFunc(of.Assigned, func(a Assigned) bool { return a.Person == heir })
	of.Assigned = slices.DeleteFunc(slices.Clone(of.Assigned), func(a Assigned) bool { return a.Person == leaver })
	if at >= 0 && len(supervisors) > 0 && !teamStays && !works {
		inherits := person.assigned()
		inherits.Person = heir
		of.Assigned = append(of.Assigned, inherits)
	}
	for _, action := range w.OfKind(views.ActionKind) {
		if action.Case == of && action.Person == leaver && action.Status.Open() {
			action.Person = heir
		}
	}
}

// stillConvened names a coordinator of the area where a case that is kept to named
// people has none left.
func (w *World) stillConvened(of *Case) {
	if len(of.Restricted) == 0 {
		return
	}
	coordinators := w.holding(authz.MaracCoordinator, of.Area)
	coordinators = slices.DeleteFunc(coordinators, func(login string) bool { return slices.Contains(of.Excluded, login) })
	if len(coordinators) > 0 && !slices.ContainsFunc(coordinators, func(login string) bool { return slices.Contains(of.Restricted, login) }) {
		of.Restricted = append(slices.Clone(of.Restricted), coordinators[0])
	}
}

func (e Exclude) secrets() []Secret { return nil }

// Lift takes an exclusion away.
type Lift struct{ Case, Exclusion string }

func (l Lift) String() string { return describe(l) }
func (l Lift) about() string  { return l.Case }

func (l Lift) play(at stand) (string, error) {
	held, err := at.LoadExclusion(at, at.id(l.Exclusion))
	if err != nil {
		return "", err //nolint:wrapcheck // looked at as it is
	}
	_, err = procedures.LiftExclusion(at, at.Session, procedures.ExclusionLifting{
		Exclusion: held.Value.ID, Reason: substance, ExpectedVersion: held.Version(),
	})
	return "", err //nolint:wrapcheck // looked at as it is
}

func (l Lift) note(w *World, act Act, _ made) {
	lifted := w.Record(w.IDs[l.Exclusion])
	lifted.Ended = true
	w.Of[act.Key] = lifted
	of := lifted.Case
	if lifted.Exclusion == sharing.ExcludedFrom {
		of.Excluded = slices.DeleteFunc(slices.Clone(of.Excluded), func(login string) bool { return login == lifted.Person })
		return
	}
	of.Restricted = nil
	for _, other := range w.OfKind(views.ExclusionKind) {
		if other.Case == of && other.Exclusion == sharing.RestrictedTo && !other.Ended {
			of.Restricted = append(of.Restricted, other.Person, other.By)
		}
	}
	if len(of.Restricted) > 0 {
		of.Restricted = append(of.Restricted, act.By) // who lifts one of several keeps the case
	}
}

func (l Lift) secrets() []Secret { return nil }

// Break takes emergency access.
type Break struct {
	Case    string
	Reason  string
	Lasting time.Duration
}

func (b Break) String() string { return describe(b) }
func (b Break) about() string  { return b.Case }

func (b Break) play(at stand) (string, error) {
	of := at.player.World.Cases[b.Case]
	if of == nil {
		return "", fault.Missing()
	}
	access, err := procedures.TakeEmergencyAccess(at, at.Session, procedures.EmergencyRequest{Reference: of.Reference, Reason: b.Reason, Lasting: b.Lasting})
	return access.ID, err //nolint:wrapcheck // looked at as it is
}

func (b Break) note(w *World, act Act, left made) {
	w.Of[act.Key] = w.add(&Record{
		ID: left.created[views.EmergencyKind][0], Kind: views.EmergencyKind, Case: w.Cases[b.Case], Agency: w.People[act.By].Agency, Person: act.By,
		From: left.at, Until: left.at.Add(b.Lasting),
	})
}

func (b Break) secrets() []Secret {
	reason := b
	reason.Reason += " He has a knife."
	return []Secret{{"reason of an emergency", authz.SharingRecord, true, reason}}
}

// Show has somebody be shown how the victim is reached safely.
type Show struct{ Case, Reason string }

func (s Show) String() string { return describe(s) }
func (s Show) about() string  { return s.Case }

func (s Show) play(at stand) (string, error) {
	_, err := procedures.RevealSafeContact(at, at.Session, procedures.RevealRequest{
		Case: at.id(s.Case), Party: at.player.World.victim(s.Case), Reason: s.Reason,
	})
	return "", err //nolint:wrapcheck // looked at as it is
}

func (s Show) note(w *World, act Act, left made) {
	w.Of[act.Key] = w.add(&Record{ID: left.created[views.RevealKind][0], Kind: views.RevealKind, Case: w.Cases[s.Case], Agency: w.People[act.By].Agency})
}

func (s Show) purpose() authz.Purpose { return authz.SafetyPlanning }

func (s Show) secrets() []Secret {
	reason := s
	reason.Reason += " On her way home."
	return []Secret{{"reason of a reveal", authz.SharingRecord, true, reason}}
}

// Look looks for somebody whom nobody knows, so that only the auditors are the wiser.
type Look struct{ Reason string }

func (l Look) String() string { return describe(l) }

func (l Look) play(at stand) (string, error) {
	_, err := procedures.SearchPeople(at, at.Session, procedures.PeopleSearch{Names: []string{"Zebedee Xanthopoulos"}, Reason: l.Reason})
	return "", err //nolint:wrapcheck // looked at as it is
}

func (l Look) note(w *World, act Act, left made) {
	by := w.People[act.By]
	w.Of[act.Key] = w.add(&Record{ID: left.created[views.SearchKind][0], Kind: views.SearchKind, Agency: by.Agency, Areas: by.Areas})
}

func (l Look) purpose() authz.Purpose { return authz.SafetyPlanning }

func (l Look) secrets() []Secret {
	reason := l
	reason.Reason += " She asked for it."
	return []Secret{{"reason of a search", authz.SharingRecord, true, reason}}
}

// Link proposes that the perpetrators of two cases are one person.
type Link struct{ Case, Other, Link string }

func (l Link) String() string { return describe(l) }
func (l Link) about() string  { return l.Case }

func (l Link) end(w *World, name string) (sharing.LinkedParty, *Case) {
	of := w.Cases[name]
	if of == nil {
		return sharing.LinkedParty{}, nil
	}
	return sharing.LinkedParty{Case: of.ID, Party: of.Parties[len(of.Parties)-1]}, of
}

func (l Link) play(at stand) (string, error) {
	first, _ := l.end(at.player.World, l.Case)
	second, other := l.end(at.player.World, l.Other)
	if other == nil {
		return "", fault.Missing()
	}
	link, err := procedures.ProposePartyLink(at, at.Session, procedures.LinkProposal{First: first, Second: second, Reason: substance})
	return link.ID, err //nolint:wrapcheck // looked at as it is
}

func (l Link) note(w *World, act Act, left made) {
	w.IDs[l.Link] = left.created[views.PartyLinkKind][0]
	w.Of[act.Key] = w.add(&Record{ID: w.IDs[l.Link], Kind: views.PartyLinkKind, Case: w.Cases[l.Case], Other: w.Cases[l.Other], Person: act.By})
}

func (l Link) secrets() []Secret { return nil }

// Attach attaches a file to a record.
type Attach struct {
	Case string
	To   string // the act that made the record
	Name string
}

func (a Attach) String() string { return describe(a) }
func (a Attach) about() string  { return a.Case }

func (a Attach) play(at stand) (string, error) {
	record := at.player.World.Of[a.To]
	if record == nil {
		return "", fault.Missing()
	}
	_, err := procedures.AttachFile(at, at.Session, nil, procedures.FileAttachment{
		Record: record.ID, Name: a.Name, DeclaredType: "text/plain", Content: []byte("Seen by the neighbours on Friday."),
	})
	return "", err //nolint:wrapcheck // looked at as it is
}

func (a Attach) note(w *World, act Act, left made) {
	on := w.Of[a.To]
	w.Of[act.Key] = w.add(&Record{
		ID: left.created[views.AttachmentKind][0], Kind: views.AttachmentKind, Case: on.Case, Agency: w.People[act.By].Agency, On: on, Class: classOf(on.Kind),
	})
}

// classOf is the class of what may be attached to.
func classOf(kind views.Kind) authz.DataClass {
	at := slices.IndexFunc(authz.DataClasses(), func(class authz.DataClass) bool { return kind.Row().Has(class) })
	return authz.DataClasses()[at]
}

func (a Attach) secrets() []Secret { return nil }

// Agree sets until when the information-sharing agreement of an agency holds.
type Agree struct {
	Agency string
	Until  int // day
}

func (a Agree) String() string { return describe(a) }

func (a Agree) play(at stand) (string, error) {
	agency, _ := at.Records().Directory().Agency(at.id(a.Agency))
	agency.Agreement.Until = calendar.DateIn(dayOf(a.Until))
	return "", procedures.EnrolAgency(at, at.Session, agency) //nolint:wrapcheck // looked at as it is
}

func (a Agree) note(w *World, _ Act, _ made) {
	for _, person := range w.People {
		if person.Agency == a.Agency {
			person.Agreed = a.Until
		}
	}
}

func (a Agree) secrets() []Secret { return nil }
