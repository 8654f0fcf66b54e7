package worlds_test

import (
	"bytes"
	"maps"
	"regexp"
	"slices"

	"pgregory.net/rapid"

	"accord/cmd/accord/worlds"
	"accord/domain/sharing"
)

// exclusionBeatsEverything: who is kept out of a case is answered as if it never
// was, whatever they are and however they reached it.
func (w *asked) exclusionBeatsEverything() {
	world := w.player.World
	var reached []worlds.Exclude
	for _, name := range sorted(world.Cases) {
		of := world.Cases[name]
		for _, login := range world.Logins() {
			if w.reach.There(login, world.Record(of.ID)) {
				reached = append(reached, worlds.Exclude{Case: name, Login: login, Exclusion: "excluded", Kind: sharing.ExcludedFrom})
			}
		}
	}
	if len(reached) == 0 {
		return
	}
	exclusion := rapid.SampledFrom(reached).Draw(w.T, "exclusion")
	of := world.Cases[exclusion.Case]
	by := []string{exclusion.Login} // a conflict that they declare
	if exclusion.Login != "coord.ellis" {
		by = append(by, "coord.ellis")
	}
	act := worlds.Act{Key: "excluded", Second: afterwards + 4, By: rapid.SampledFrom(by).Draw(w.T, "excluded by"), Do: exclusion}
	w.must(w.player.Play(worlds.Script{act}))
	if !slices.Contains(of.Excluded, exclusion.Login) {
		return // refused: an auditor is not excluded, a case is not left to nobody
	}
	answers := w.ask(w.player, exclusion.Login, w.questions)
	for i, answer := range answers {
		for _, identifies := range world.Family(of) {
			if bytes.Contains(answer, []byte(`"`+identifies+`"`)) {
				w.Fatalf("%s was excluded from %s and still reads %s:\n%s\n%s", exclusion.Login, of.Name, identifies, w.questions[i], answer)
			}
		}
	}
	w.whoIsTold()
	w.lookUps(exclusion.Login)
	w.lists(exclusion.Login)
	w.meetingLists(exclusion.Login)
	w.seen.kept("exclusion", exclusion.Login)
	w.seen.tried("exclusion")
	if rapid.IntRange(0, 4).Draw(w.T, "beside a world without the case") == 0 {
		w.asIfItNeverWas(exclusion.Login, of)
	}
}

var researchID = regexp.MustCompile(`research_[0-9a-z]{26}`)

// asIfItNeverWas plays the world without the case and compares bytes, where the
// meetings went the same way: a list that only had this case is never issued.
func (w *asked) asIfItNeverWas(login string, of *worlds.Case) {
	never := w.player.Beside()
	defer never.Close()
	w.must(never.Play(append(slices.Clone(w.script), w.added...).Without(of.Name)))
	for name, meeting := range w.player.World.Meetings {
		other := never.World.Meetings[name]
		if other == nil || other.Status != meeting.Status ||
			never.Reach().There(login, never.World.Record(other.ID)) != w.reach.There(login, w.player.World.Record(meeting.ID)) {
			return
		}
	}
	// The research of a list is asked for in one go, so that its ids hang on the
	// whole list; who asks for a record by such an id is left out.
	// An alert that somebody has stays theirs: it names no case.
	questions := slices.DeleteFunc(slices.Clone(w.questions), func(q worlds.Question) bool {
		return asksOfAlerts(q) || slices.ContainsFunc(slices.Collect(maps.Values(q.Variables)), func(value any) bool {
			id, _ := value.(string)
			return researchID.MatchString(id)
		})
	})
	a, b := w.ask(w.player, login, questions), w.ask(never, login, questions)
	for i := range questions {
		a[i], b[i] = researchID.ReplaceAll(a[i], []byte("research")), researchID.ReplaceAll(b[i], []byte("research"))
	}
	if at := different(a, b); at >= 0 {
		w.Fatalf("%s was excluded from %s and can tell it from a case that never was:\n%s\n%s", login, of.Name, questions[at], apart(a[at], b[at]))
	}
	w.seen.never.Add(1)
}
