package worlds

import (
	"slices"
	"time"

	"accord/authz"
	"accord/domain/casework"
	"accord/domain/fault"
	"accord/domain/mappa"
	"accord/domain/sharing"
	"accord/internal/procedures"
	"accord/internal/views"
)

// Hold records what an agency holds on a case.
type Hold struct {
	Case, Item string // names in the script
	Kind       sharing.ItemKind
	Words      string
	Basis      sharing.Basis
}

func (h Hold) String() string { return describe(h) }
func (h Hold) about() string  { return h.Case }

func (h Hold) play(at stand) (string, error) {
	item, err := procedures.RecordItem(at, at.Session, procedures.ItemRecording{Case: at.id(h.Case), Kind: h.Kind, Basis: h.Basis, Text: h.Words})
	return item.ID, err //nolint:wrapcheck // looked at as it is
}

func (h Hold) note(w *World, act Act, left made) {
	kind := views.KindOfItem(h.Kind)
	w.IDs[h.Item] = left.created[kind][0]
	w.Of[act.Key] = w.add(&Record{ID: w.IDs[h.Item], Kind: kind, Case: w.Cases[h.Case], Agency: w.People[act.By].Agency})
}

func (h Hold) secrets() []Secret {
	words, basis := h, h
	words.Words += " From a neighbour."
	basis.Basis = sharing.Opinion
	if h.Basis == sharing.Opinion {
		basis.Basis = sharing.Fact
	}
	class := views.ItemClass(h.Kind)
	return []Secret{{"what is held", class, true, words}, {"basis of what is held", class, true, basis}}
}

// Decide releases something to agencies, or refuses.
type Decide struct {
	Case, Release string // names in the script
	Source        sharing.ReleaseSource
	Of            string // name of the item, act that made the assessment or the research, name of the meeting
	Decision      sharing.DisclosureDecision
	To            []string // agencies
	Words         string
	Conditions    string
	Until         time.Duration // after the act; zero: until it is withdrawn
}

func (d Decide) String() string { return describe(d) }
func (d Decide) about() string  { return d.Case }

// item is the id of what is released: of research its first finding.
func (d Decide) item(at stand) (string, error) {
	world := at.player.World
	switch d.Source {
	case sharing.OfFinding:
		record := world.Of[d.Of]
		if record == nil {
			return "", fault.Missing()
		}
		research, err := at.LoadResearch(at, record.ID)
		if err != nil {
			return "", err //nolint:wrapcheck // looked at as it is
		}
		if len(research.Value.Items) == 0 {
			return "", fault.Missing()
		}
		return research.Value.Items[0].ID, nil
	case sharing.OfAssessment:
		if record := world.Of[d.Of]; record != nil {
			return record.ID, nil
		}
	case sharing.OfMinutes:
		if listing := world.listing(d.Case, d.Of); listing != nil {
			return listing.Item, nil
		}
	case sharing.OfIntelligence, sharing.OfAdvocateNote, sharing.OfHealthInformation:
		if id := at.id(d.Of); id != "" {
			return id, nil
		}
	}
	return "", fault.Missing()
}

// listing is a case's place on the list of a meeting; nil when it has none.
func (w *World) listing(caseName, meeting string) *Listing {
	if of := w.Cases[caseName]; of != nil {
		for _, listing := range of.Listings {
			if listing.Meeting.Name == meeting {
				return listing
			}
		}
	}
	return nil
}

func (d Decide) play(at stand) (string, error) {
	item, err := d.item(at)
	if err != nil {
		return "", err
	}
	release := sharing.Release{
		Case: at.id(d.Case), Source: d.Source, Item: item, Decision: d.Decision, Recipients: at.ids(d.To), Content: d.Words,
		Gateway: sharing.VitalInterests, Regime: sharing.Part2, Necessity: "To keep her safe.", Proportionality: "No more than is needed.",
		Consent: sharing.ConsentGiven, VictimTold: true, Conditions: d.Conditions, Schedule: sharing.NoSchedule,
	}
	if slices.Contains(d.To, "cps-northmoor") && d.Decision.Shares() {
		release.Schedule = sharing.Sensitive
	}
	if d.Until != 0 {
		release.Until = at.Now().Add(d.Until)
	}
	made, err := procedures.ReleaseItem(at, at.Session, procedures.ReleaseDecision{Release: release})
	return made.ID, err //nolint:wrapcheck // looked at as it is
}

func (d Decide) note(w *World, act Act, left made) {
	record := ReleaseOf(w, act, d)
	record.ID = left.created[views.ReleaseKind][0]
	w.IDs[d.Release] = record.ID
	if d.Until != 0 {
		record.Until = left.at.Add(d.Until)
	}
	w.Of[act.Key] = w.add(record)
	if d.Decision.Shares() {
		w.tellOf(record.Case, sharing.AlertReleased, d.To)
	}
}

// ReleaseOf is the release that an act would make.
func ReleaseOf(w *World, act Act, d Decide) *Record {
	record := &Record{
		Kind: views.ReleaseKind, Case: w.Cases[d.Case], Agency: w.People[act.By].Agency, Source: d.Source, To: d.To, Ended: !d.Decision.Shares(),
	}
	switch d.Source {
	case sharing.OfMinutes:
		record.Listing = w.listing(d.Case, d.Of)
	case sharing.OfFinding:
		record.Listing = w.Of[d.Of].Listing
	default:
	}
	return record
}

// tellOf enters that whoever answers for a case at each of some agencies is told.
func (w *World) tellOf(of *Case, kind sharing.AlertKind, agencies []string) {
	for _, agency := range agencies {
		var told []string
		for _, assigned := range of.Assigned {
			if assigned.Agency == agency {
				told = append(append(told, assigned.Person), w.supervisorsOf(assigned.Person)...)
			}
		}
		slices.Sort(told)
		for _, login := range slices.Compact(told) {
			if !of.keepsOut(login) {
				w.Told = append(w.Told, Told{To: login, Kind: kind, Case: of})
			}
		}
	}
}

func (d Decide) secrets() []Secret {
	all := []Secret{}
	class := views.SourceClass(d.Source)
	if d.Words != "" {
		words := d
		words.Words += " Since March."
		all = append(all, Secret{"what was released", class, true, words})
	}
	conditions := d
	conditions.Conditions += " For nobody else."
	return append(all, Secret{"conditions of a release", authz.SharingRecord, true, conditions})
}

// Withdraw ends a release.
type Withdraw struct{ Case, Release, Because string }

func (d Withdraw) String() string { return describe(d) }
func (d Withdraw) about() string  { return d.Case }

func (d Withdraw) play(at stand) (string, error) {
	held, err := at.LoadRelease(at, at.id(d.Release))
	if err != nil {
		return "", err //nolint:wrapcheck // looked at as it is
	}
	_, err = procedures.WithdrawRelease(at, at.Session, procedures.ReleaseWithdrawal{
		Release: held.Value.ID, Because: d.Because, ExpectedVersion: held.Version(),
	})
	return "", err //nolint:wrapcheck // looked at as it is
}

func (d Withdraw) note(w *World, act Act, _ made) {
	record := w.Record(w.IDs[d.Release])
	record.Ended = true
	w.Of[act.Key] = record
	w.tellOf(record.Case, sharing.AlertReleaseEnded, record.To)
}

func (d Withdraw) secrets() []Secret {
	because := d
	because.Because += " He knows."
	return []Secret{{"why a release was withdrawn", authz.SharingRecord, true, because}}
}

// Nominate records that the perpetrator of a case is managed under MAPPA.
type Nominate struct {
	Case     string
	Category mappa.Category
	Level    mappa.Level
	DaysAgo  int
}

func (n Nominate) String() string { return describe(n) }
func (n Nominate) about() string  { return n.Case }

func (n Nominate) play(at stand) (string, error) {
	var perpetrator string
	if of := at.player.World.Cases[n.Case]; of != nil {
		perpetrator = of.Parties[len(of.Parties)-1]
	}
	return "", procedures.RecordNominal(at, at.Session, at.id(n.Case), mappa.Nominal{ //nolint:wrapcheck // looked at as it is
		Party: perpetrator, Category: n.Category, Level: n.Level, From: at.Today().AddDays(-n.DaysAgo),
	})
}

func (n Nominate) note(w *World, act Act, left made) {
	of := w.Cases[n.Case]
	of.HasNominal = true
	w.Of[act.Key] = w.add(&Record{ID: left.created[views.NominalKind][0], Kind: views.NominalKind, Case: of})
}

func (n Nominate) secrets() []Secret {
	category, level := n, n
	category.Category, level.Level = mappa.Category3, mappa.Level3
	return []Secret{{"category", authz.NominalClass, true, category}, {"level of management", authz.NominalClass, true, level}}
}

// State records the victim personal statement.
type State struct {
	Case    string
	Words   string
	Consent []string // advocates
}

func (s State) String() string { return describe(s) }
func (s State) about() string  { return s.Case }

func (s State) play(at stand) (string, error) {
	return "", procedures.TakePersonalStatement(at, at.Session, at.id(s.Case), casework.PersonalStatement{ //nolint:wrapcheck // looked at as it is
		TakenOn: at.Today(), Text: s.Words, Preference: casework.ReadFor, ConsentedTo: at.ids(s.Consent),
	})
}

func (s State) note(w *World, act Act, left made) {
	w.Of[act.Key] = w.add(&Record{ID: left.created[views.VpsKind][0], Kind: views.VpsKind, Case: w.Cases[s.Case], Named: s.Consent})
}

func (s State) secrets() []Secret {
	words := s
	words.Words += " I do not sleep."
	return []Secret{{"words of a statement", authz.Vps, true, words}}
}

// Protect records an order that protects the victim.
type Protect struct{ Case, Conditions string }

func (p Protect) String() string { return describe(p) }
func (p Protect) about() string  { return p.Case }

func (p Protect) play(at stand) (string, error) {
	return "", procedures.RecordOrder(at, at.Session, at.id(p.Case), casework.Order{ //nolint:wrapcheck // looked at as it is
		Type: casework.Restraining, MadeOn: at.Today(), Conditions: p.Conditions,
	})
}

func (p Protect) note(w *World, act Act, left made) {
	w.Of[act.Key] = w.add(&Record{ID: left.created[views.OrderKind][0], Kind: views.OrderKind, Case: w.Cases[p.Case]})
}

func (p Protect) secrets() []Secret {
	conditions := p
	conditions.Conditions += " And not to write."
	return []Secret{{"conditions of an order", authz.OrderConditions, true, conditions}}
}

// Warned records a notice of the past.
type Warned struct {
	Case    string
	DaysAgo int
}

func (n Warned) String() string { return describe(n) }
func (n Warned) about() string  { return n.Case }

func (n Warned) play(at stand) (string, error) {
	return "", procedures.RecordNotice(at, at.Session, at.id(n.Case), casework.Notice{ //nolint:wrapcheck // looked at as it is
		Kind: casework.HarassmentWarning, IssuedOn: at.Today().AddDays(-n.DaysAgo), Force: "Southvale Police",
	})
}

func (n Warned) note(w *World, act Act, left made) {
	w.Of[act.Key] = w.add(&Record{ID: left.created[views.NoticeKind][0], Kind: views.NoticeKind, Case: w.Cases[n.Case]})
}

func (n Warned) secrets() []Secret {
	day := n
	day.DaysAgo += 10
	return []Secret{{"day of a notice", authz.CourseOfConduct, true, day}}
}
