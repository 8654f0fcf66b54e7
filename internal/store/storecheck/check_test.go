package storecheck

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.uber.org/goleak"

	"accord/internal/racetest"
	"accord/internal/store"
	"accord/internal/store/mongo"
	"accord/internal/store/mongo/mongotest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// product are indexes as a product may have them.
var product = []store.Index{
	{Name: "cases_reference", Kind: "case", Equal: []string{"reference"}, Unique: true},
	{Name: "cases_opened_newest", Kind: "case", Order: "opened", Descending: true, Visible: true},
	{Name: "cases_status_opened", Kind: "case", Equal: []string{"status"}, Order: "opened", Visible: true},
}

// looks is how often the clock was looked at: it goes on a millisecond each time,
// for the check and for the cluster.
var looks atomic.Int64

func clock() time.Time {
	return time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC).Add(time.Duration(looks.Add(1)) * time.Millisecond)
}

// serve starts a cluster whose clock agrees with that of the check.
func serve(t *testing.T, options mongotest.Options) *mongotest.Server {
	t.Helper()
	options.Clock = clock
	return mongotest.Start(t, options)
}

// quick are options of a check that takes seconds.
func quick(s *mongotest.Server) Options {
	return Options{
		URI: s.URI(), Database: "accord_check_quick", Indexes: product, Counted: "case",
		Clock: clock, ClockSkew: time.Minute, Increments: racetest.Sized(200, 60), Histories: 3, size: 500,
	}
}

func run(t *testing.T, o Options) Report {
	t.Helper()
	r, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func table(r Report) string {
	all := []string{Head()}
	for _, line := range r.Lines {
		all = append(all, line.String())
	}
	return strings.Join(append(all, r.Sum()), "\n")
}

// results are those of the lines whose contract holds the words.
func results(r Report, words string) []Result {
	var all []Result
	for _, line := range r.Lines {
		if strings.Contains(line.Group+": "+line.Contract, words) {
			all = append(all, line.Result)
		}
	}
	return all
}

// isEmpty reports whether nothing is left in the scratch database: another check
// may take its name.
func isEmpty(t *testing.T, o Options) bool {
	t.Helper()
	scratch, err := mongo.NewScratch(t.Context(), mongo.Options{URI: o.URI, Clock: o.Clock}, o.Database)
	if err != nil {
		return false
	}
	if err := scratch.Close(t.Context()); err != nil {
		t.Error(err)
	}
	return true
}

func TestASoundClusterPassesEverythingAskedFor(t *testing.T) {
	server := serve(t, mongotest.Options{})
	o := quick(server)
	steppedDown := false
	o.StepDown, o.stepDown = true, func(context.Context) error {
		steppedDown = true
		server.StepDown()
		return nil
	}
	told := 0
	o.Told = func(Line) { told++ }
	r := run(t, o)
	if !r.Passed() || r.count(OK) < 80 || r.count(NotAsked) != 2 || !steppedDown || told != len(r.Lines) {
		t.Fatalf("a sound cluster is reported as\n%s", table(r))
	}
	if r.Version != "8.0.0" || r.Cluster == "" || r.Took <= 0 {
		t.Errorf("the record says %q, %q, %s", r.Version, r.Cluster, r.Took)
	}
	for _, x := range product {
		if !slices.Equal(results(r, "plans: "+x.Name+" of the product at 500 cases"), []Result{OK}) {
			t.Errorf("the plans of %s are not looked at", x.Name)
		}
	}
	if !isEmpty(t, o) {
		t.Error("the scratch database is still there")
	}
}

func TestTheRecordSaysWhatTheTableSays(t *testing.T) {
	o := quick(serve(t, mongotest.Options{}))
	o.only = []string{"documents"}
	r := run(t, o)
	var buffer bytes.Buffer
	if err := r.WriteJSON(&buffer); err != nil {
		t.Fatal(err)
	}
	var record struct {
		Passed   bool
		Database string
		Version  string
		Lines    []struct{ Group, Contract, Result, Detail string }
	}
	if err := json.Unmarshal(buffer.Bytes(), &record); err != nil {
		t.Fatal(err)
	}
	if !record.Passed || record.Database != o.Database || record.Version != "8.0.0" || len(record.Lines) != len(r.Lines) {
		t.Fatalf("the record is %s", buffer.String())
	}
	for i, line := range record.Lines {
		want := r.Lines[i]
		if line.Group != want.Group || line.Contract != want.Contract || line.Result != string(want.Result) || line.Detail != want.Detail {
			t.Errorf("line %d is %+v, and was %+v", i, line, want)
		}
	}
}

// broken is a store with one defect, in front of a real adapter.
type broken struct {
	store.Store

	apply func(ctx context.Context, b store.Batch) error
	find  func(ctx context.Context, q store.Query) (store.Page, error)
}

func (b *broken) Apply(ctx context.Context, batch store.Batch) error {
	if b.apply == nil {
		return b.Store.Apply(ctx, batch)
	}
	return b.apply(ctx, batch)
}

func (b *broken) Find(ctx context.Context, q store.Query) (store.Page, error) {
	if b.find == nil {
		return b.Store.Find(ctx, q)
	}
	return b.find(ctx, q)
}

// What fails, fails at the line that says what is broken, and the check goes on
// and cleans up.
func TestADefectFailsAtItsContract(t *testing.T) {
	for name, c := range map[string]struct {
		group, fails string
		defect       func(store.Store) store.Store
	}{
		"guards are dropped": {"guards", "guards: hold a document that is not written", func(s store.Store) store.Store {
			return &broken{Store: s, apply: func(ctx context.Context, b store.Batch) error {
				b.Guards = nil
				return s.Apply(ctx, b)
			}}
		}},
		"receipts are forgotten": {"receipts", "receipts: answer a retry for as long as they live", func(s store.Store) store.Store {
			return &broken{Store: s, apply: func(ctx context.Context, b store.Batch) error {
				b.Receipt = nil
				return s.Apply(ctx, b)
			}}
		}},
		"a batch is split": {"batches", "batches: of which a guard is stale leave nothing behind", func(s store.Store) store.Store {
			return &broken{Store: s, apply: func(ctx context.Context, b store.Batch) error {
				if len(b.Writes) > 2 {
					return errors.Join(s.Apply(ctx, store.Batch{Entries: b.Entries}), s.Apply(ctx, store.Batch{Family: b.Family, Writes: b.Writes}))
				}
				return s.Apply(ctx, b)
			}}
		}},
		"an update is lost": {"concurrency", "concurrency: loses no guarded change of one document", func(s store.Store) store.Store {
			var applied atomic.Int64
			return &broken{Store: s, apply: func(ctx context.Context, b store.Batch) error {
				if applied.Add(1) == 40 {
					return nil
				}
				return s.Apply(ctx, b)
			}}
		}},
		"pages come backwards": {"growth", "growth: every answer of the product's world of 500 cases is right", func(s store.Store) store.Store {
			return &broken{Store: s, find: func(ctx context.Context, q store.Query) (store.Page, error) {
				page, err := s.Find(ctx, q)
				slices.Reverse(page.Documents)
				return page, err
			}}
		}},
		"an acknowledged change is lost in a failover": {"failover", "failover: ", func(s store.Store) store.Store {
			var applied atomic.Int64
			return &broken{Store: s, apply: func(ctx context.Context, b store.Batch) error {
				if b.Receipt != nil && applied.Add(1) == 150 {
					return nil
				}
				return s.Apply(ctx, b)
			}}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, mongotest.Options{})
			o := quick(server)
			o.only, o.defect = []string{c.group}, c.defect
			o.StepDown, o.stepDown = true, func(context.Context) error {
				server.StepDown()
				return nil
			}
			r := run(t, o)
			if r.Passed() || !slices.Contains(results(r, c.fails), Failed) || strings.Contains(r.Sum(), "Everything") {
				t.Errorf("the table says\n%s", table(r))
			}
			if !slices.Equal(results(r, "end: "), []Result{OK}) || !isEmpty(t, o) {
				t.Error("the scratch database is still there")
			}
		})
	}
}

func TestAPlanThatCannotBeHadFails(t *testing.T) {
	server := serve(t, mongotest.Options{})
	o := quick(server)
	o.only = []string{"plans"} // whose worlds are then not written
	r := run(t, o)
	if r.Passed() || slices.Contains(results(r, "plans: "), OK) {
		t.Errorf("plans of a world that is not there are reported as\n%s", table(r))
	}

	o.only = []string{"growth", "plans"}
	o.Indexes = nil
	server.Fail(mongotest.Failure{Command: "explain", Skip: 3, Code: 50})
	r = run(t, o)
	if r.Passed() || r.count(Failed) != 1 || !slices.Contains(results(r, "plans: seen_up"), Failed) {
		t.Errorf("an explain that fails is reported as\n%s", table(r))
	}
}

func TestAClusterThatIsRefusedIsALineOfTheTable(t *testing.T) {
	nobody := mongotest.User{Name: "reader", Privileges: []mongotest.Privilege{{Actions: []string{"find", "listCollections"}}}}
	cleaner := mongotest.Everything("writer")
	cleaner.Privileges[0].Actions = slices.DeleteFunc(cleaner.Privileges[0].Actions, func(a string) bool { return a == "dropDatabase" })
	for name, c := range map[string]struct {
		server mongotest.Options
		fails  mongo.Inspection
	}{
		"too old":      {mongotest.Options{MaxWireVersion: 17}, mongo.InspectVersion},
		"one server":   {mongotest.Options{Kind: mongotest.Standalone}, mongo.InspectReplication},
		"read-only":    {mongotest.Options{ReadOnly: true}, mongo.InspectWrites},
		"another time": {mongotest.Options{ClockOffset: time.Hour}, mongo.InspectClock},
		"no rights":    {mongotest.Options{Users: []mongotest.User{nobody}}, mongo.InspectRights},
		"no cleaning":  {mongotest.Options{Users: []mongotest.User{cleaner}}, mongo.InspectScratch},
		"wrong shards": {mongotest.Options{
			Kind: mongotest.Mongos, Sharded: map[string]bson.D{"accord_check_quick.log": {{Key: "_id", Value: int32(1)}}},
		}, mongo.InspectSharding},
	} {
		t.Run(name, func(t *testing.T) {
			o := quick(serve(t, c.server))
			r := run(t, o)
			failed := false
			for _, line := range r.Lines {
				switch want := OK; {
				case line.Contract == string(c.fails):
					failed = true
					if line.Result != Failed || !strings.HasPrefix(line.Detail, "the MongoDB cluster at 127.0.0.1:") {
						t.Errorf("it says %s", line)
					}
				default:
					if failed {
						want = NotRun
					}
					if line.Result != want {
						t.Errorf("it says %s, and should say %s", line, want)
					}
				}
			}
			if !failed || r.Passed() {
				t.Errorf("the table says\n%s", table(r))
			}
		})
	}
}

func TestADatabaseThatIsThereIsNotTouched(t *testing.T) {
	server := serve(t, mongotest.Options{})
	o := quick(server)
	o.only, o.Keep = []string{"documents"}, true
	if r := run(t, o); !r.Passed() || !slices.Equal(results(r, "end: "), []Result{NotAsked}) {
		t.Fatalf("a check that keeps its database is reported as\n%s", table(r))
	}
	server.Forget()
	r := run(t, o)
	if !slices.Equal(results(r, string(mongo.InspectScratch)), []Result{Failed}) || r.Passed() {
		t.Errorf("a database that is there is reported as\n%s", table(r))
	}
	for _, command := range server.Commands() {
		if command.Database == o.Database && command.Name != "listCollections" {
			t.Errorf("%s was sent to a database that was there", command.Name)
		}
	}
}

func TestACheckThatIsBrokenOffCleansUp(t *testing.T) {
	o := quick(serve(t, mongotest.Options{}))
	ctx, cancel := context.WithCancel(t.Context())
	o.Told = func(line Line) {
		if line.Group == "guards" {
			cancel()
		}
	}
	r, err := Run(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Passed() || !slices.Contains(results(r, "log: "), NotRun) || !slices.Equal(results(r, "end: "), []Result{OK}) {
		t.Errorf("a check that is broken off is reported as\n%s", table(r))
	}
	if !isEmpty(t, o) {
		t.Error("the scratch database is still there")
	}
}

func TestWhatMakesNoSenseIsRefusedBeforeAnything(t *testing.T) {
	server := serve(t, mongotest.Options{})
	for name, change := range map[string]func(*Options){
		"no address":             func(o *Options) { o.URI = "" },
		"no clock":               func(o *Options) { o.Clock = nil },
		"a malformed address":    func(o *Options) { o.URI = "mongodb://ann:hunter2@:x/" },
		"the product's database": func(o *Options) { o.Database = "accord" },
		"a bare prefix":          func(o *Options) { o.Database = mongo.ScratchPrefix },
		"a name with a dot":      func(o *Options) { o.Database = mongo.ScratchPrefix + "a.b" },
		"a long name":            func(o *Options) { o.Database = mongo.ScratchPrefix + strings.Repeat("a", 60) },
	} {
		o := quick(server)
		change(&o)
		r, err := Run(t.Context(), o)
		if err == nil || len(r.Lines) > 0 || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if sent := server.Commands(); len(sent) > 0 {
		t.Errorf("%s was sent", sent[0].Name)
	}
}

func TestNoSecretIsShown(t *testing.T) {
	hide := hider(mongo.Secrets("mongodb://ann:hunter%2F2@127.0.0.1:1/accord?authMechanismProperties=AWS_SESSION_TOKEN:t0ken&authMechanism=MONGODB-AWS"))
	for _, text := range []string{
		"cannot sign in with hunter/2", "of hunter%2F2", "t0ken was refused", "mongodb://ann:hunter%2F2@127.0.0.1:1/accord?authMechanismProperties=AWS_SESSION_TOKEN:t0ken&authMechanism=MONGODB-AWS",
	} {
		if shown := hide.Replace(text); strings.Contains(shown, "hunter") || strings.Contains(shown, "t0ken") {
			t.Errorf("shown: %s", shown)
		}
	}
}
