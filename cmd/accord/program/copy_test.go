package program_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"accord/cmd/accord/program"
	"accord/cmd/accord/stage"
	"accord/internal/audit"
	"accord/internal/racetest"
	"accord/internal/store"
	"accord/internal/store/mongo"
	"accord/internal/store/mongo/mongotest"
	"accord/internal/store/sqlite"
	"accord/internal/store/storetest"
)

func atStart() time.Time { return stage.Start }

func fileAt(path string) storetest.Place {
	return storetest.Place{
		Store: func(ctx context.Context) (store.Store, error) {
			return sqlite.Open(ctx, sqlite.Options{Path: path, Indexes: storetest.Indexes(), Sign: storetest.Sign, Clock: atStart})
		},
		Log: func(ctx context.Context) (io.Closer, error) { return sqlite.OpenLog(ctx, path) },
		Source: func(ctx context.Context) (store.Source, error) {
			return sqlite.OpenSource(ctx, sqlite.SourceOptions{Path: path, Indexes: storetest.Indexes(), Now: stage.Start})
		},
		Target: func(ctx context.Context, of store.State, restart bool) (store.Target, error) {
			return sqlite.OpenTarget(ctx, sqlite.TargetOptions{
				Path: path, Indexes: storetest.Indexes(), Of: of, Now: stage.Start, Restart: restart,
			})
		},
	}
}

func databaseAt(uri string) storetest.Place {
	return storetest.Place{
		Store: func(ctx context.Context) (store.Store, error) {
			return mongo.Open(ctx, mongo.Options{URI: uri, Indexes: storetest.Indexes(), Sign: storetest.Sign, Clock: atStart})
		},
		Log:    func(ctx context.Context) (io.Closer, error) { return mongo.OpenLog(ctx, uri) },
		Source: func(ctx context.Context) (store.Source, error) { return mongo.OpenSource(ctx, uri, stage.Start) },
		Target: func(ctx context.Context, of store.State, restart bool) (store.Target, error) {
			return mongo.OpenTarget(ctx, mongo.TargetOptions{URI: uri, Indexes: storetest.Indexes(), Of: of, Now: stage.Start, Restart: restart})
		},
	}
}

// What holds for copies within one store holds from each to the other.
func TestCopiesBetweenTheStores(t *testing.T) {
	file := func(t *testing.T) storetest.Place {
		t.Helper()
		return fileAt(filepath.Join(t.TempDir(), "store.db"))
	}
	database := func(t *testing.T) storetest.Place {
		t.Helper()
		return databaseAt(mongotest.Start(t, mongotest.Options{}).URI())
	}
	t.Run("from the file to the cluster", func(t *testing.T) { storetest.RunCopies(t, racetest.Sized(3, 1), file, database) })
	t.Run("from the cluster to the file", func(t *testing.T) { storetest.RunCopies(t, racetest.Sized(3, 1), database, file) })
}

// copied copies, and must.
func copied(t *testing.T, request program.CopyRequest) program.CopyReport {
	t.Helper()
	request.Clock = atStart
	if request.Tell == nil {
		request.Tell = func(string, store.Part, int64) {}
	}
	report, err := program.Copy(t.Context(), request)
	if err != nil || !report.Sound() {
		t.Fatalf("%v\n%+v", err, report)
	}
	return report
}

// rehearsed is the folder of a program that has been in service and was closed.
func rehearsed(t *testing.T, signIn *stage.SignIn) string {
	t.Helper()
	stage.NeedsFile(t)
	folder := t.TempDir()
	s := stage.New(t, stage.Options{SignIn: signIn, Folder: folder})
	s.Ask(t, "coord.ellis", header, map[string]any{"reference": "NM-MARAC-NEXT"})
	s.Close(t)
	return folder
}

// withKeysOf makes a folder whose keys are those of another, as they were.
func withKeysOf(t *testing.T, folder string) string {
	t.Helper()
	from, to := filepath.Join(folder, program.KeyFolder), t.TempDir()
	if err := os.Mkdir(filepath.Join(to, program.KeyFolder), 0o700); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(from)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		content, err := os.ReadFile(filepath.Join(from, file.Name()))
		if err == nil {
			err = os.WriteFile(filepath.Join(to, program.KeyFolder, file.Name()), content, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return to
}

// answers are what some people are answered by the program on a folder, or on a
// cluster: who sees much, who sees little, and who sees nothing.
func answers(t *testing.T, signIn *stage.SignIn, folder, cluster string) map[string]string {
	t.Helper()
	pack, err := os.ReadFile(filepath.Join("..", "meeting_pack.graphql"))
	if err != nil {
		t.Fatal(err)
	}
	const caseload = `{ cases(first: 20) { edges { node { id reference version victim { name } plan { measures { description } } } } } }`
	s := stage.New(t, stage.Options{SignIn: signIn, Folder: folder, Cluster: cluster, Seed: 99})
	all := map[string]string{}
	for _, login := range []string{"coord.ellis", "pc.ahmed", "idva.byrne", "sw.duffy", "po.singh", "pc.ward", "sys.kerr"} {
		for name, query := range map[string]string{"pack": string(pack), "caseload": caseload} {
			var variables map[string]any
			if name == "pack" {
				variables = map[string]any{"reference": "NM-MARAC-NEXT"}
			}
			all[login+" "+name] = string(s.Ask(t, login, query, variables).Body)
		}
	}
	s.Close(t)
	return all
}

// From a folder to a cluster and back to another folder: the program answers alike
// on all three, and goes on.
func TestTheProgramAnswersAlikeOnItsCopies(t *testing.T) {
	signIn := stage.NewSignIn(t)
	first := rehearsed(t, signIn)
	uri := mongotest.Start(t, mongotest.Options{}).URI()
	inCluster, second := withKeysOf(t, first), withKeysOf(t, first)
	firstData, secondData := filepath.Join(first, program.DataFolder), filepath.Join(second, program.DataFolder)
	there := copied(t, program.CopyRequest{From: firstData, To: uri})
	back := copied(t, program.CopyRequest{From: uri, Origin: firstData, To: secondData})
	if there.Log != back.Log || there.Compared.Of(store.DocumentPart) != back.Compared.Of(store.DocumentPart) {
		t.Errorf("there %+v\nback %+v", there, back)
	}
	direct := copied(t, program.CopyRequest{From: firstData, To: filepath.Join(t.TempDir(), "new")})
	if direct.Log != there.Log {
		t.Errorf("directly %+v", direct)
	}
	want := answers(t, signIn, first, "")
	if !strings.Contains(want["coord.ellis pack"], "Marianne Aldous") || strings.Contains(want["coord.ellis pack"], `"errors"`) {
		t.Fatalf("the question shows too little: %s", want["coord.ellis pack"])
	}
	for place, got := range map[string]map[string]string{
		"the cluster":       answers(t, signIn, inCluster, uri),
		"the second folder": answers(t, signIn, second, ""),
	} {
		for asked, answer := range want {
			if got[asked] != answer {
				t.Errorf("%s answers %s with\n%s\nand not with\n%s", place, asked, got[asked], answer)
			}
		}
	}
	for place, at := range map[string][2]string{"the cluster": {filepath.Join(inCluster, program.DataFolder), uri}, "the second folder": {secondData, ""}} {
		if found, err := program.VerifyAudit(t.Context(), at[0], at[1]); err != nil || !found.Sound() {
			t.Errorf("the log in %s: %v\n%s", place, err, found)
		}
	}
}

// Broken off after every page in turn, while it copies and while it compares, and
// gone on with: the copy is the same, and nobody gets in before it is finished.
func TestACopyThatIsBrokenOffGoesOn(t *testing.T) {
	signIn := stage.NewSignIn(t)
	data := filepath.Join(rehearsed(t, signIn), program.DataFolder)
	for name, to := range map[string]func(t *testing.T) string{
		"to a cluster": func(t *testing.T) string { t.Helper(); return mongotest.Start(t, mongotest.Options{}).URI() },
		"to a folder":  func(t *testing.T) string { t.Helper(); return filepath.Join(t.TempDir(), "data") },
	} {
		t.Run(name, func(t *testing.T) {
			want := copied(t, program.CopyRequest{From: data, To: to(t)})
			for pages, broken := 1, true; broken; pages++ {
				place := to(t)
				broken = breakOff(t, program.CopyRequest{From: data, To: place}, pages)
				if !broken {
					break
				}
				mustBeUnfinished(t, place, data)
				if got := copied(t, program.CopyRequest{From: data, To: place}); got.Log != want.Log {
					t.Errorf("after page %d: %+v", pages, got)
				}
			}
		})
	}
}

func breakOff(t *testing.T, request program.CopyRequest, pages int) (broken bool) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	request.Clock = atStart
	request.Tell = func(string, store.Part, int64) {
		pages--
		if pages == 0 {
			cancel()
		}
	}
	_, err := program.Copy(ctx, request)
	if err != nil && err.Error() != "the copy was broken off: run accord copy again, it goes on where it was" {
		t.Fatalf("broken off, it says %v", err)
	}
	return err != nil
}

// originOf is a data folder that says whose audit log a cluster holds.
func originOf(t *testing.T, data string) string {
	t.Helper()
	origin, err := audit.ReadOrigin(data)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := audit.KeepOrigin(folder, origin); err != nil {
		t.Fatal(err)
	}
	return folder
}

func mustBeUnfinished(t *testing.T, place, data string) {
	t.Helper()
	folder, cluster := place, ""
	if program.IsCluster(place) {
		folder, cluster = originOf(t, data), place
	}
	_, err := program.VerifyAudit(t.Context(), folder, cluster)
	if err == nil || !strings.HasSuffix(err.Error(), store.ErrUnfinished.Error()) {
		t.Fatalf("its log is read: %v", err)
	}
}
