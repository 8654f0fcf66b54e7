// Package storecheck holds a MongoDB cluster to everything that Accord needs of
// it, on a scratch database: what an operator runs before records are trusted to
// it. It needs no test framework, so that it can be part of the program.
package storecheck

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"accord/internal/store"
	"accord/internal/store/mongo"
	"accord/internal/store/storetest"
)

// Options say which cluster is checked, and how hard.
type Options struct {
	URI      string // of the cluster; the database it names is not touched
	Database string // the scratch database, which must not exist; empty makes up a name

	Kinds   []store.Kind  // the product's
	Indexes []store.Index // the product's, checked beside those of the suite
	Counted store.Kind    // the product's most frequent kind, of which there are as many as a world's size says

	Clock     func() time.Time
	ClockSkew time.Duration // how far apart the cluster's clock may be

	Increments int  // guarded changes of one document; 0 is 10,000
	Histories  int  // random histories compared with the reference; 0 is 50
	Growth     bool // look at plans at 10,000 cases too
	StepDown   bool // make the primary step down in the middle of a load
	Keep       bool // leave the scratch database as it is at the end

	// Told is called with every line when it is known; may be nil.
	Told func(Line)

	only     []string                      // tests look at these groups alone, beside start and end
	size     int                           // tests make smaller worlds; 0 is smallWorld
	defect   func(store.Store) store.Store // tests put a broken store in
	stepDown func(context.Context) error   // tests make another kind of server step down
}

// The numbers of an ordinary check.
const (
	usualIncrements = 10_000
	usualHistories  = 50
	smallWorld      = 1_000
	largeWorld      = 10_000
)

// check is one under way.
type check struct {
	Options

	scratch *mongo.Scratch // nil when the cluster was refused
	opened  *mongo.Store   // that of the last world; nil when it is closed
}

// Run checks a cluster and returns what was found. An error says that nothing
// could be checked because what was asked for makes no sense.
func Run(ctx context.Context, o Options) (_ Report, err error) {
	if o.URI == "" || o.Clock == nil {
		return Report{}, errors.New("check a store: address and clock are required")
	}
	if o.Database == "" {
		o.Database = mongo.ScratchPrefix + strings.ToLower(rand.Text()[:12])
	}
	if o.Increments == 0 {
		o.Increments = usualIncrements
	}
	if o.Histories == 0 {
		o.Histories = usualHistories
	}
	c := &check{Options: o}
	report := Report{Began: o.Clock().UTC(), Database: o.Database}
	hide := hider(mongo.Secrets(o.URI))
	tell := func(line Line) {
		line.Detail = hide.Replace(line.Detail)
		report.Lines = append(report.Lines, line)
		if o.Told != nil {
			o.Told(line)
		}
	}
	var refused error
	c.scratch, refused = mongo.NewScratch(ctx, mongo.Options{
		URI: o.URI, Kinds: o.Kinds, Sign: storetest.Sign, Clock: o.Clock, ClockSkew: o.ClockSkew,
	}, o.Database)
	if _, ok := mongo.RefusedAt(refused); refused != nil && !ok {
		return Report{}, fmt.Errorf("check a store: %w", refused)
	}
	if c.scratch != nil {
		report.Cluster, report.Version = hide.Replace(c.scratch.Hosts()), c.scratch.Version(ctx)
		defer func() { err = errors.Join(err, c.scratch.Close(ctx)) }()
	}
	for _, line := range c.start(refused, o.Clock().Sub(report.Began)) {
		tell(line)
	}
	steps := c.steps()
	if c.scratch == nil {
		tell(Line{Group: "all", Contract: fmt.Sprintf("%d more lines of this table", len(steps)), Result: NotRun, Detail: "the cluster was refused"})
		steps = nil
	}
	for _, s := range steps {
		tell(c.take(ctx, s))
	}
	report.Took = o.Clock().Sub(report.Began)
	return report, nil
}

// hider replaces what must never be shown.
func hider(secrets []string) *strings.Replacer {
	pairs := make([]string, 0, 2*len(secrets))
	for _, secret := range secrets {
		pairs = append(pairs, secret, "(not shown)")
	}
	return strings.NewReplacer(pairs...)
}

// step is one line of the table before it is known.
type step struct {
	group, name string
	take        func(ctx context.Context) (detail string, err error)
	always      bool // also when the check was broken off
}

// errNotRun says that a step could not be taken, which proves nothing.
type errNotRun struct {
	why   string
	asked bool
}

func (e errNotRun) Error() string { return e.why }

func (c *check) take(ctx context.Context, s step) Line {
	line := Line{Group: s.group, Contract: s.name, Result: OK}
	if ctx.Err() != nil && !s.always {
		line.Result, line.Detail = NotRun, "the check was broken off"
		return line
	}
	began := c.Clock()
	detail, err := s.take(ctx)
	line.Took = c.Clock().Sub(began)
	line.Detail = detail
	notRun, skipped := errors.AsType[errNotRun](err)
	switch {
	case err == nil:
	case skipped && !notRun.asked:
		line.Result, line.Detail, line.Took = NotAsked, notRun.why, 0
	case skipped:
		line.Result, line.Detail, line.Took = NotRun, notRun.why, 0
	default:
		line.Result, line.Detail = Failed, short(err.Error())
	}
	return line
}

// longestDetail keeps a line one line.
const longestDetail = 200

func short(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > longestDetail {
		return string(runes[:longestDetail]) + "…"
	}
	return text
}

// steps are all there are behind the start, in order.
func (c *check) steps() []step {
	var all []step
	for _, contract := range storetest.Contracts(storetest.Settings{Increments: c.Increments, Histories: c.Histories}) {
		all = append(all, step{group: contract.Group, name: contract.Sentence, take: func(ctx context.Context) (string, error) {
			return "", contract.Hold(ctx, c.open)
		}})
	}
	worlds := []indexSet{{"suite", storetest.Indexes(), storetest.Counted}}
	if len(c.Indexes) > 0 {
		worlds = append(worlds, indexSet{"product", c.Indexes, c.Counted})
	}
	for _, set := range worlds {
		all = append(all, c.worldSteps(set)...)
	}
	all = append(all, c.stepDownStep())
	if c.only != nil {
		all = slices.DeleteFunc(all, func(s step) bool { return !slices.Contains(c.only, s.group) })
	}
	return append(all, c.dropStep())
}

func notAsked(flag string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) {
		return "", errNotRun{why: "not asked for: " + flag}
	}
}

// open opens an empty store in the scratch database.
func (c *check) open(ctx context.Context, indexes []store.Index) (store.Store, error) {
	s, err := c.scratch.Open(ctx, indexes)
	if err != nil {
		return nil, err //nolint:wrapcheck // it becomes a line of the table
	}
	if c.defect != nil {
		return c.defect(s), nil
	}
	return s, nil
}

// start says what came of looking at the cluster and of making the scratch
// database: all lines of it, from one error.
func (c *check) start(refused error, took time.Duration) []Line {
	at, _ := mongo.RefusedAt(refused)
	var all []Line
	for _, inspection := range append(mongo.Inspections(), mongo.InspectScratch) {
		line := Line{Group: "start", Contract: string(inspection), Result: OK}
		switch {
		case at == "":
		case refused != nil && at == inspection:
			line.Result, line.Detail, line.Took = Failed, short(refused.Error()), took
			at = passed
		case at == passed:
			line.Result, line.Detail = NotRun, "the cluster was refused before"
		}
		all = append(all, line)
	}
	return all
}

// passed is no inspection: what comes behind the one that refused was not made.
const passed mongo.Inspection = "passed"
