package worlds_test

import (
	"slices"

	"pgregory.net/rapid"

	"accord/authz"
	"accord/cmd/accord/worlds"
	"accord/domain/casework"
	"accord/domain/risk"
	"accord/internal/views"
)

// secretsChangeNothing: a value changed that somebody may not read changes no
// byte of what they are answered.
func (w *asked) secretsChangeNothing() {
	if w.twin == nil {
		return
	}
	act := w.script[w.at]
	record := w.player.World.Of[act.Key]
	if record == nil {
		return // the act was refused
	}
	for _, login := range w.sampled {
		held := w.reach.Sight(login, record).Level(w.secret.Class)
		if held == authz.Full || held == authz.Masked && !w.secret.Keeps {
			continue
		}
		changed := w.ask(w.twin, login, w.questions)
		if at := different(w.answers[login], changed); at >= 0 {
			w.Fatalf("%s holds %s of %s %s and sees another %s (act %d):\n%s\n%s", login, w.secret.Class, record.Kind, held, w.secret.What, w.at,
				w.questions[at], apart(w.answers[login][at], changed[at]))
		}
		w.seen.kept(w.secret.What, login)
	}
	w.seesTheSecret(record)
}

// seesTheSecret notes whether a changed value is seen at all, so that a run whose
// changes nobody could ever see does not pass for a proof.
func (w *asked) seesTheSecret(record *worlds.Record) {
	for _, login := range w.sampled {
		if w.reach.Sight(login, record).Level(w.secret.Class) == authz.Full && different(w.answers[login], w.ask(w.twin, login, w.questions)) >= 0 {
			w.seen.shown.Add(1)
			return
		}
	}
}

// additionsChangeNothing: a record added that is not there for somebody, or of
// which they hold no more than that it is there already, changes no byte.
func (w *asked) additionsChangeNothing() {
	act, ok := w.drawAddition()
	if !ok {
		return
	}
	before := len(w.player.World.Records)
	w.added = worlds.Script{act}
	w.must(w.player.Play(w.added))
	record := w.player.World.Of[act.Key]
	if record == nil {
		return // the act was refused
	}
	made := len(w.player.World.Records) > before
	for _, login := range w.sampled {
		sight := w.reach.Sight(login, record)
		if made && sight.Reaches(record.Kind.Row()) || sight.Level(classOf(record.Kind)) == authz.Full {
			continue
		}
		if !made && record.Kind == views.ResearchKind && sight.Reaches(record.Kind.Row()) {
			continue // that research came back is what its mask shows
		}
		changed := w.ask(w.player, login, w.questions)
		if at := different(w.answers[login], changed); at >= 0 {
			w.Fatalf("%s has nothing of %s %s and sees that it was added by %s %s:\n%s\n%s", login, record.Kind, record.ID, act.By, act.Do,
				w.questions[at], apart(w.answers[login][at], changed[at]))
		}
		w.seen.kept("addition of "+string(record.Kind), login)
	}
}

// drawAddition draws an act at the end of the script: of somebody who works on a
// case, of an agency that was asked for its research, or a case of its own.
func (w *asked) drawAddition() (worlds.Act, bool) {
	world := w.player.World
	act := worlds.Act{Key: "added", Day: 0}
	if len(world.Cases) == 0 {
		return act, false
	}
	of := world.Cases[rapid.SampledFrom(sorted(world.Cases)).Draw(w.T, "added to")]
	if len(of.Assigned) == 0 {
		return act, false
	}
	act.By = rapid.SampledFrom(of.Assigned).Draw(w.T, "added by").Person
	switch rapid.IntRange(0, 5).Draw(w.T, "added") {
	case 0:
		act.Do = worlds.Happen{Case: of.Name, DaysAgo: 3, Incident: casework.Incident{Description: "A letter."}}
	case 1:
		act.Do = worlds.Assess{Case: of.Name, Tool: risk.SafeLivesDash24, Yes: []int{1, 2}}
	case 2:
		act.Do = worlds.Measure{Case: of.Name, Words: "New locks.", Owner: "northmoor-police"}
	case 3:
		act.Do = worlds.Undertake{Case: of.Name, Action: "added", Login: act.By, Words: "Call her.", DueIn: 2}
	case 4:
		awaited := slices.DeleteFunc(world.OfKind(views.ResearchKind), func(r *worlds.Record) bool { return r.Research == "SUBMITTED" })
		if len(awaited) == 0 {
			return act, false
		}
		research := rapid.SampledFrom(awaited).Draw(w.T, "awaited")
		for _, attending := range research.Meeting.Attendance {
			if attending.Agency == research.Agency {
				act.By = attending.Person
			}
		}
		act.Do = worlds.Search{Meeting: research.Meeting.Name, Case: research.Case.Name, Findings: worlds.Finding("Seen on Friday.")}
	default:
		act.Do = worlds.OpenCase{
			Case: "added", Type: casework.DomesticAbuseFamilial, Level: risk.High, Area: of.Area,
			Parties: []casework.Party{{Role: casework.Victim, Identity: casework.Identity{Name: "Una Vane"}}},
		}
	}
	return act, true
}

// classOf is the class that a kind of record that is added to holds.
func classOf(kind views.Kind) authz.DataClass {
	for _, class := range authz.DataClasses() {
		if kind.Row().Has(class) {
			return class
		}
	}
	return authz.CaseCore
}
