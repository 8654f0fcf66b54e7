package worlds_test

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"accord/authz"
	"accord/cmd/accord/worlds"
	"accord/domain/sharing"
)

// drawRelease draws the release of something that is its owner's to release: what the
// script releases somewhere, once more.
func (w *asked) drawRelease(name string, until time.Duration) (worlds.Act, bool) {
	var able []worlds.Act
	for _, act := range w.script {
		decided, ok := act.Do.(worlds.Decide)
		if !ok || w.player.World.Of[act.Key] == nil {
			continue
		}
		decided.Release, decided.Decision, decided.Words, decided.Until = name, sharing.ShareSummary, "He has a key.", until
		able = append(able, worlds.Act{Key: name, Second: afterwards + 1, By: act.By, Do: decided})
	}
	if len(able) == 0 {
		return worlds.Act{}, false
	}
	return rapid.SampledFrom(able).Draw(w.T, "released again"), true
}

// clockAfter is later on the same morning; nothing but a release that lasts until
// shortly before ends in between.
const (
	untilBefore = 95 * time.Minute // after an act, which is done at eight o'clock
	clockAfter  = 20 * time.Minute // after the world is looked at, which is at half past nine
)

// releasesEnd: a release that is withdrawn or has expired leaves its recipients byte
// for byte what they had before it, but for the alerts; and it never was anything to
// anybody else.
func (w *asked) releasesEnd() {
	expires := rapid.Bool().Draw(w.T, "expires")
	var until time.Duration
	if expires {
		until = untilBefore
	}
	act, ok := w.drawRelease("ended", until)
	if !ok {
		return
	}
	decided, _ := act.Do.(worlds.Decide)
	recipients, others := w.receiving(act, decided)
	questions := slices.DeleteFunc(slices.Clone(w.questions), asksOfAlerts)
	before := map[string][][]byte{}
	for _, login := range slices.Concat(recipients, others) {
		before[login] = w.ask(w.player, login, questions)
	}
	w.play(act)
	if w.player.World.Of[act.Key] == nil {
		return // refused: the case is not there for its owner any more
	}
	for _, login := range others {
		w.unchanged(login, "others than recipients", questions, before[login])
		w.seen.tried("release beside others")
	}
	for _, login := range recipients {
		there := w.reach.There(login, w.player.World.Record(w.player.World.Cases[decided.Case].ID)) // without it, they need the id
		if there && different(before[login], w.ask(w.player, login, questions)) < 0 {
			w.Fatalf("%s is a recipient of %s and is shown nothing of it", login, decided)
		}
	}
	if expires {
		w.player.Stage.Clock.Set(w.reach.Now.Add(clockAfter))
		defer w.player.Stage.Clock.Run()
	} else {
		w.play(worlds.Act{Key: "withdrawn", Second: afterwards + 2, By: act.By, Do: worlds.Withdraw{
			Case: decided.Case, Release: decided.Release, Because: "It was a mistake.",
		}})
		if !w.player.World.Of[act.Key].Ended {
			w.Fatalf("%s cannot withdraw their own release", act.By)
		}
	}
	for _, login := range slices.Concat(recipients, others) {
		w.unchanged(login, "recipients of what has ended", questions, before[login])
	}
	switch {
	case len(recipients) == 0:
	case expires:
		w.seen.tried("release expired")
	default:
		w.seen.tried("release withdrawn")
	}
}

// receiving draws who would be a recipient and nothing else of a release, and who would
// have nothing of it.
func (w *asked) receiving(act worlds.Act, decided worlds.Decide) (recipients, others []string) {
	world := w.player.World
	release := worlds.ReleaseOf(world, act, decided)
	for _, login := range world.Logins() {
		switch relations := w.reach.Relations(login, release); {
		case !w.reach.There(login, release):
			others = append(others, login)
		case relations == authz.RelationSet(0).With(authz.Released):
			recipients = append(recipients, login)
		}
	}
	if len(recipients) > 0 {
		recipients = []string{rapid.SampledFrom(recipients).Draw(w.T, "recipient")}
	}
	if len(others) > 0 {
		others = []string{rapid.SampledFrom(others).Draw(w.T, "somebody else")}
	}
	return recipients, others
}

func (w *asked) unchanged(login, who string, questions []worlds.Question, before [][]byte) {
	after := w.ask(w.player, login, questions)
	if at := different(before, after); at >= 0 {
		w.Fatalf("%s, of the %s, is answered otherwise than before:\n%s\n%s", login, who, questions[at], apart(before[at], after[at]))
	}
}

// lapsedIsUnknown: whose agreement, vetting or training has lapsed is answered as if
// there were no case and no meeting at all.
func (w *asked) lapsedIsUnknown() {
	if rapid.IntRange(0, 2).Draw(w.T, "somebody lapses") > 0 {
		return
	}
	var reaching []string
	for _, login := range w.player.World.Logins() {
		there := func(record *worlds.Record) bool { return w.reach.There(login, record) }
		if slices.ContainsFunc(w.player.World.Records, there) {
			reaching = append(reaching, login)
		}
	}
	if len(reaching) == 0 {
		return
	}
	login := rapid.SampledFrom(reaching).Draw(w.T, "lapses")
	lapse := worlds.Lapse(w.player.World, login, rapid.SampledFrom(sharing.Conditions()).Draw(w.T, "condition"))
	full, empty := w.player.Fork(), w.player.Beside()
	defer full.Close()
	defer empty.Close()
	w.must(full.Replay(worlds.Script{lapse}))
	w.must(empty.Replay(append(w.script.OfDirectory(), lapse)))
	questions := slices.Clone(w.questions)
	for i := range questions {
		questions[i].Purpose = "" // nobody declares one without a role
	}
	a, b := w.ask(full, login, questions), w.ask(empty, login, questions)
	if at := different(a, b); at >= 0 {
		w.Fatalf("%s has lapsed and is not answered as if there were nothing (%s):\n%s\n%s", login, lapse.Do, questions[at], apart(a[at], b[at]))
	}
	w.seen.tried("lapsed")
	w.seen.kept("everything from who has lapsed", login)
}
