package worlds_test

import (
	"bytes"
	"flag"
	"os"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"accord/authz"
	"accord/cmd/accord/worlds"
	"accord/internal/racetest"
)

// enough is how many worlds have everybody ask in some of them.
const enough = 40

// worldsAsked is how many worlds the properties are asked of; ACCORD_WORLDS says
// another number. With the race detector they are the fewest that have every relation,
// every kind and every class in them, since one world is rich.
func worldsAsked() int { return racetest.Sized(enough, 8) }

// stages is how many worlds are played side by side.
const stages = 2

func worldsWanted(t *testing.T) int {
	t.Helper()
	said, ok := os.LookupEnv("ACCORD_WORLDS")
	if !ok {
		return worldsAsked()
	}
	wanted, err := strconv.Atoi(said)
	if err != nil || wanted < 1 {
		t.Fatalf("ACCORD_WORLDS is %q: say a number of worlds", said)
	}
	return wanted
}

// The properties that must hold of every answer, whoever asks and whatever the
// world: all are asked of the same worlds, because a world costs more than a
// question.
func TestPropertyOfEveryWorld(t *testing.T) {
	wanted := worldsWanted(t)
	if err := flag.Set("rapid.checks", strconv.Itoa((wanted+stages-1)/stages)); err != nil {
		t.Fatal(err)
	}
	theatre, seen := worlds.NewTheatre(t), newCoverage()
	// What is rare may come in none of a few worlds: then some more are drawn, a few
	// times, before anything is said to be lacking.
	for range mostRounds {
		inWorlds(t, theatre, seen)
		if wanted < worldsAsked() || testing.Short() || t.Failed() || len(seen.lacks(theatre.Table(t))) == 0 {
			break
		}
	}
	if wanted >= worldsAsked() && !testing.Short() && !t.Failed() {
		seen.check(t, theatre.Table(t))
	}
	if wanted >= enough && !testing.Short() && !t.Failed() {
		seen.everybody(t)
	}
	t.Log(seen.summary())
}

// mostRounds bounds how often more worlds are drawn.
const mostRounds = 4

// inWorlds asks everything of some worlds.
func inWorlds(t *testing.T, theatre *worlds.Theatre, seen *coverage) {
	t.Helper()
	t.Run("worlds", func(t *testing.T) {
		for n := range stages {
			t.Run(strconv.Itoa(n+1), func(t *testing.T) {
				t.Parallel()
				rapid.Check(t, func(rt *rapid.T) {
					w := write(t, rt, theatre, seen)
					defer w.close()
					w.whoIsTold()
					w.everybodyLooksUp()
					w.listsEqualLookUps()
					w.hiddenIsNotFound()
					w.secretsChangeNothing()
					w.additionsChangeNothing()
					w.releasesEnd()
					w.lapsedIsUnknown()
					w.exclusionBeatsEverything()
				})
			})
		}
	})
}

// asked is one world with the questions that are asked of it.
type asked struct {
	*rapid.T
	theatre *worlds.Theatre
	seen    *coverage

	script  worlds.Script
	secret  worlds.Secret
	at      int // the act that holds the secret; -1: the world has none
	player  *worlds.Player
	twin    *worlds.Player // with the secret changed
	added   worlds.Script  // what was done after the script
	reach   worlds.Reach
	sampled []string // who asks

	questions []worlds.Question
	answers   map[string][][]byte
}

// write draws a world, plays it, and beside it the same one with a secret changed.
func write(tb testing.TB, rt *rapid.T, theatre *worlds.Theatre, seen *coverage) *asked {
	tb.Helper()
	w := &asked{T: rt, theatre: theatre, seen: seen, at: -1, answers: map[string][][]byte{}}
	w.script = worlds.Scripts().Draw(rt, "script")
	w.drawSecret()
	w.player = theatre.Open(tb)
	before := w.script
	if w.at >= 0 {
		before = w.script[:w.at]
	}
	w.must(w.player.Play(before))
	if w.at >= 0 {
		w.twin = w.player.Fork()
		w.must(w.player.Play(w.script[w.at:]))
		w.must(w.twin.Replay(w.script.With(w.at, w.secret.Changed)[w.at:]))
	}
	w.reach = w.player.Reach()
	logins := w.player.World.Logins()
	w.sampled = rapid.SliceOfNDistinct(rapid.SampledFrom(logins), viewersAsked, viewersAsked, rapid.ID[string]).Draw(rt, "who asks")
	if rare := slices.DeleteFunc(logins, func(login string) bool { return !w.reachesRarely(login) || slices.Contains(w.sampled, login) }); len(rare) > 0 {
		w.sampled = append(w.sampled[:viewersAsked-1], rapid.SampledFrom(rare).Draw(rt, "and asks"))
	}
	drawn := slices.DeleteFunc(operations(w.player.World).Draw(rt, "questions"), func(q worlds.Question) bool {
		q.Purpose = "" // the price hangs on the question alone
		return bytes.Contains(w.player.Ask(w.sampled[0], q), []byte(`"TOO_EXPENSIVE"`))
	})
	w.questions = append(broad(w.player.World), drawn...)
	for _, login := range w.sampled {
		w.answers[login] = w.ask(w.player, login, w.questions)
	}
	seen.world(w)
	return w
}

// reachesRarely reports whether somebody reaches anything in a way that few
// worlds have.
func (w *asked) reachesRarely(login string) bool {
	return slices.ContainsFunc(w.player.World.Records, func(record *worlds.Record) bool {
		set := w.reach.Relations(login, record)
		rare := []authz.Relation{authz.Signed, authz.InvitedItem, authz.Spoc, authz.Nominal, authz.Released, authz.Consented, authz.BreakGlass}
		return w.reach.There(login, record) && slices.ContainsFunc(rare, set.Has)
	})
}

// viewersAsked is how many of the people of a world ask everything; all of them look up
// every record.
var viewersAsked = racetest.Sized(3, 2)

// play has something done that is not in the script.
func (w *asked) play(act worlds.Act) {
	w.added = append(w.added, act)
	w.must(w.player.Play(worlds.Script{act}))
}

func (w *asked) must(err error) {
	if err != nil {
		w.Fatalf("playing the script: %v", err)
	}
}

func (w *asked) close() {
	w.player.Close()
	if w.twin != nil {
		w.twin.Close()
	}
}

// drawSecret chooses a value of the script that some may read and others not.
func (w *asked) drawSecret() {
	var holders []int
	for i, act := range w.script {
		if len(act.Secrets()) > 0 {
			holders = append(holders, i)
		}
	}
	if len(holders) == 0 {
		return
	}
	w.at = rapid.SampledFrom(holders).Draw(w.T, "act with a secret")
	secrets := w.script[w.at].Secrets()
	w.secret = secrets[rapid.IntRange(0, len(secrets)-1).Draw(w.T, "secret")]
}

// ask asks the questions and holds every answer against what holds of all.
func (w *asked) ask(p *worlds.Player, login string, questions []worlds.Question) [][]byte {
	answers := make([][]byte, len(questions))
	capacity := authz.Capacity{Roles: w.player.Reach().Roles(login)}
	for i, question := range questions {
		if question.Purpose != "" && !capacity.MayDeclare(question.Purpose) {
			question.Purpose = ""
		}
		answers[i] = p.Ask(login, question)
		if fault := faultOf(answers[i]); fault != "" {
			w.Fatalf("%s asks %s and is answered %s\n%s", login, question, fault, answers[i])
		}
	}
	return answers
}
