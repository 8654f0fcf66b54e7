package worlds

import (
	"context"
	"fmt"
	"maps"
	"os"
	"testing"
	"time"

	"accord/authz"
	"accord/cmd/accord/stage"
	"accord/domain/calendar"
	"accord/domain/fault"
	"accord/internal/audit"
	"accord/internal/demo"
	"accord/internal/records"
	"accord/internal/views"
)

// Theatre is what all worlds of a test share: the sign-in, and a data folder
// with the directory written once.
type Theatre struct {
	SignIn *stage.SignIn
	folder string
	ids    map[string]string
}

// Player has the people of a stage do what a script says.
type Player struct {
	tb      testing.TB
	Stage   *stage.Stage
	Theatre *Theatre
	World   *World

	folder  string
	entropy *entropy
	entered int64
}

// made is what an act left behind.
type made struct {
	result  string                  // what the procedure returned
	created map[views.Kind][]string // ids of new records by kind, in order
	opened  views.Case              // of an opened case
	at      time.Time
}

// stand is where a deed is played: the session of who does it, and the ids of
// what the script names.
type stand struct {
	context.Context //nolint:containedctx // lives as long as one act
	*records.Session
	player *Player
	opened *views.Case
}

// NewTheatre signs nobody in yet and writes the directory: the demo's agencies
// and people, with their own roles, in no team and on no roster.
func NewTheatre(tb testing.TB) *Theatre {
	tb.Helper()
	theatre := &Theatre{SignIn: stage.NewSignIn(tb), folder: tb.TempDir(), ids: map[string]string{}}
	source := newEntropy("directory")
	set := stage.New(tb, stage.Options{SignIn: theatre.SignIn, Entropy: source, Folder: theatre.folder, Empty: true})
	set.Clock.Set(dayOf(-500))
	if err := theatre.enrol(tb.Context(), set.Program.Records()); err != nil {
		tb.Fatalf("writing the directory: %v", err)
	}
	set.Close(tb)
	return theatre
}

// dayOf is the morning of a day, counted from the day of the world.
func dayOf(day int) time.Time {
	return calendar.DateIn(stage.Start).AddDays(day).Start().Add(8 * time.Hour)
}

// Open opens a new world: the directory, and nothing else.
func (t *Theatre) Open(tb testing.TB) *Player {
	tb.Helper()
	return t.open(tb, t.folder, t.newWorld())
}

func (t *Theatre) open(tb testing.TB, from string, world *World) *Player {
	tb.Helper()
	folder := tb.TempDir()
	stage.CopyFolder(tb, folder, from)
	p := &Player{tb: tb, Theatre: t, World: world, folder: folder, entropy: newEntropy("open")}
	p.Stage = stage.New(tb, stage.Options{SignIn: t.SignIn, Entropy: p.entropy, Folder: folder, Empty: true})
	p.entered = p.Stage.Entered(tb)
	return p
}

// Close takes the world down and its folder away.
func (p *Player) Close() {
	p.tb.Helper()
	p.Stage.Close(p.tb)
	if err := os.RemoveAll(p.folder); err != nil {
		p.tb.Errorf("removing a world: %v", err)
	}
}

// Fork opens the world once more, as it stands now, for the same script to go on
// in another way. What it does enters no account: ask of it what differs.
func (p *Player) Fork() *Player {
	p.tb.Helper()
	return p.Theatre.open(p.tb, p.folder, p.World)
}

// Beside opens another new world of the same theatre.
func (p *Player) Beside() *Player {
	p.tb.Helper()
	return p.Theatre.Open(p.tb)
}

// Play plays the acts and enters them in the account. An act that a rule or the
// policy refuses changes nothing and is counted; any other failure is an error.
func (p *Player) Play(script Script) error {
	for _, act := range script {
		left, err := p.act(act)
		switch {
		case err == nil:
			act.Do.note(p.World, act, left)
			for _, raised := range left.created[views.AlertKind] {
				p.World.add(&Record{ID: raised, Kind: views.AlertKind}) // whose it is, is found where it is read
			}
		case fault.Of(err) != nil:
			p.World.Refused = append(p.World.Refused, fmt.Sprintf("%s %s: %v", act.By, act.Do, err))
		default:
			return fmt.Errorf("%s %s: %w", act.By, act.Do, err)
		}
	}
	return nil
}

// Replay plays the acts without entering them: the account is another player's
// of nearly the same script.
func (p *Player) Replay(script Script) error {
	for _, act := range script {
		if _, err := p.act(act); err != nil && fault.Of(err) == nil {
			return fmt.Errorf("%s %s: %w", act.By, act.Do, err)
		}
	}
	return nil
}

// act has an act done and looks up in the audit log what it made.
func (p *Player) act(act Act) (made, error) {
	left := made{created: map[views.Kind][]string{}, at: dayOf(act.Day).Add(time.Duration(act.Second) * time.Second)}
	p.Stage.Clock.Set(left.at)
	defer p.Stage.Clock.Run()
	p.entropy.begin(act.Key)
	r := p.Stage.Program.Records()
	capacity, known := r.Directory().CapacityOf(p.World.IDs[act.By], calendar.DateIn(r.Now()))
	if !known {
		return left, fault.Missing()
	}
	if declares, ok := act.Do.(interface{ purpose() authz.Purpose }); ok && capacity.MayDeclare(declares.purpose()) {
		capacity.Purpose = declares.purpose()
	}
	ctx := p.tb.Context()
	at := stand{Context: ctx, Session: r.Begin(ctx, capacity, r.NewIdentifier("request")), player: p, opened: &left.opened}
	result, err := act.Do.play(at)
	left.result = result
	if err != nil {
		p.entered += int64(len(p.Stage.Entries(p.tb, p.entered)))
		return left, err //nolint:wrapcheck // a refusal is looked at
	}
	for _, entry := range p.Stage.Entries(p.tb, p.entered) {
		p.entered++
		if entry.Outcome != audit.Done {
			continue
		}
		for _, seen := range entry.Records {
			kind := views.Kind(seen.Kind)
			// What is shown once is entered as looked at.
			if seen.Version == 1 && (entry.Operation != audit.Consultation || kind == views.RevealKind) {
				left.created[kind] = append(left.created[kind], string(seen.Record))
			}
		}
	}
	return left, nil
}

// id is the id of something the script names.
func (s stand) id(name string) string { return s.player.World.IDs[name] }

// ids are the ids of what the script names.
func (s stand) ids(names []string) []string {
	var all []string
	for _, name := range names {
		all = append(all, s.id(name))
	}
	return all
}

func (t *Theatre) newWorld() *World {
	world := &World{
		IDs: map[string]string{}, People: map[string]*Person{}, Cases: map[string]*Case{}, Meetings: map[string]*Meeting{},
		Of: map[string]*Record{}, byID: map[string]*Record{},
	}
	maps.Copy(world.IDs, t.ids)
	for _, agency := range demo.Agencies() {
		for _, person := range agency.People {
			world.enrol(Enrol{Login: person.Login, Roles: person.Roles, Areas: agency.Areas})
		}
	}
	return world
}

// Reach is who reaches what in the world as it stands.
func (p *Player) Reach() Reach {
	return Reach{World: p.World, Table: tableOf(p.Stage), Now: stage.Start}
}

// Table is the policy that every world is decided by.
func (t *Theatre) Table(tb testing.TB) *authz.Table {
	tb.Helper()
	p := t.Open(tb)
	defer p.Close()
	return tableOf(p.Stage)
}

func tableOf(s *stage.Stage) *authz.Table {
	r := s.Program.Records()
	return r.FirstStart(context.Background()).Table()
}
