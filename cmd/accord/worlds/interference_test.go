package worlds_test

import (
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"accord/authz"
	"accord/cmd/accord/worlds"
	"accord/domain/casework"
	"accord/domain/risk"
	"accord/domain/sharing"
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
	before, raised := len(w.player.World.Records), len(w.player.World.OfKind(views.AlertKind))
	w.play(act)
	record := w.player.World.Of[act.Key]
	if record == nil {
		return // the act was refused
	}
	told := w.toldSince(raised)
	made := len(w.player.World.Records)-before > len(w.player.World.OfKind(views.AlertKind))-raised
	for _, login := range w.sampled {
		sight := w.reach.Sight(login, record)
		if made && sight.Reaches(record.Kind.Row()) || sight.Level(classOf(record.Kind)) == authz.Full {
			continue
		}
		if !made && record.Kind == views.ResearchKind && sight.Reaches(record.Kind.Row()) {
			continue // that research came back is what its mask shows
		}
		changed := w.ask(w.player, login, w.questions)
		if slices.Contains(told, login) {
			w.forgetAlerts(w.answers[login], changed)
		}
		if at := different(w.answers[login], changed); at >= 0 {
			w.Fatalf("%s has nothing of %s %s and sees that it was added by %s %s:\n%s\n%s", login, record.Kind, record.ID, act.By, act.Do,
				w.questions[at], apart(w.answers[login][at], changed[at]))
		}
		w.seen.kept("addition of "+string(record.Kind), login)
	}
}

// toldSince lists who was told anything since so many alerts were raised.
func (w *asked) toldSince(raised int) []string {
	alerts := w.player.World.OfKind(views.AlertKind)
	if len(alerts) == raised {
		return nil
	}
	w.whoIsTold()
	var told []string
	for _, alert := range alerts[raised:] {
		told = append(told, alert.Person)
	}
	return told
}

// forgetAlerts leaves out of rows of answers what was asked about alerts.
func (w *asked) forgetAlerts(rows ...[][]byte) {
	for i, question := range w.questions {
		if !asksOfAlerts(question) {
			continue
		}
		for _, row := range rows {
			row[i] = nil
		}
	}
}

func asksOfAlerts(question worlds.Question) bool {
	if strings.Contains(question.Query, "alerts") {
		return true
	}
	for _, value := range question.Variables {
		if id, ok := value.(string); ok && strings.HasPrefix(id, string(views.AlertKind)+"_") {
			return true
		}
	}
	return false
}

// afterwards is the second of the morning from which on acts are done that are not in
// the script.
const afterwards = 300

// drawAddition draws an act at the end of the script: of somebody who works on a
// case, of an agency that was asked for its research, or a case of its own.
func (w *asked) drawAddition() (worlds.Act, bool) {
	world := w.player.World
	act := worlds.Act{Key: "added", Second: afterwards}
	if len(world.Cases) == 0 {
		return act, false
	}
	of := world.Cases[rapid.SampledFrom(sorted(world.Cases)).Draw(w.T, "added to")]
	if len(of.Assigned) == 0 {
		return act, false
	}
	act.By = rapid.SampledFrom(of.Assigned).Draw(w.T, "added by").Person
	switch rapid.IntRange(0, 11).Draw(w.T, "added") {
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
	case 5:
		act.Do = worlds.Protect{Case: of.Name, Conditions: "Not to come near."}
	case 6:
		kind := rapid.SampledFrom(sharing.ItemKinds()).Draw(w.T, "kind of item")
		act.Do = worlds.Hold{Case: of.Name, Item: "added", Kind: kind, Words: "Known for long.", Basis: sharing.Fact}
	case 7:
		act.Do = worlds.Break{Case: of.Name, Reason: "The neighbours hear screaming behind the door.", Lasting: time.Hour}
		act.By = rapid.SampledFrom([]string{"pc.ward", "insp.cole", "ds.reid"}).Draw(w.T, "breaks in")
	case 8, 9, 10:
		return w.drawRelease("added", 0)
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
