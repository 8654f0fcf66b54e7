package mongo

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"

	"accord/internal/racetest"
	"accord/internal/store"
	"accord/internal/store/mongo/mongotest"
	"accord/internal/store/storetest"
)

func TestOperatorsAreWrittenInOneFile(t *testing.T) {
	t.Parallel()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var written []string
	for _, file := range files {
		name := file.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		positions := token.NewFileSet()
		parsed, err := parser.ParseFile(positions, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			literal, ok := n.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return true
			}
			switch value, err := strconv.Unquote(literal.Value); {
			case err != nil:
				t.Error(err)
			case !strings.HasPrefix(value, "$"):
			case name == "operators.go":
				written = append(written, value)
			default:
				t.Errorf("%s: operator %s is not written in operators.go", positions.Position(literal.Pos()), value)
			}
			return true
		})
	}
	listed := Operators()
	slices.Sort(listed)
	slices.Sort(written)
	if !slices.Equal(written, listed) {
		t.Errorf("operators.go writes %v and lists %v", written, listed)
	}
}

// watch is told every command, and gathers which operators are in it, and which
// commands break the adapter's word.
type watch struct {
	mu     sync.Mutex
	seen   map[string]bool
	broken map[string]bool
}

func (w *watch) started(_ context.Context, e *event.CommandStartedEvent) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var command bson.D
	if err := bson.Unmarshal(e.Command, &command); err != nil {
		w.broken[err.Error()] = true
		return
	}
	for _, part := range command {
		if !slices.Contains([]string{"$db", "$clusterTime", "$readPreference"}, part.Key) {
			w.walk(e.CommandName, part.Key, part.Value)
		}
	}
	w.checkHints(e.CommandName, e.Command)
}

func (w *watch) walk(command, key string, value any) {
	if strings.HasPrefix(key, "$") {
		w.seen[key] = true
		if !slices.Contains(Operators(), key) {
			w.broken[fmt.Sprintf("%s is sent %s", command, key)] = true
		}
	}
	switch value := value.(type) {
	case bson.D:
		for _, part := range value {
			w.walk(command, part.Key, part.Value)
		}
	case bson.A:
		for _, one := range value {
			w.walk(command, "", one)
		}
	}
}

// checkHints holds every find, and every change of what is there, to an index.
func (w *watch) checkHints(name string, command bson.Raw) {
	asked := []bson.Raw{command}
	switch name {
	case "find", "findAndModify":
	case "update", "delete":
		asked = nil
		all, _ := command.Lookup(name + "s").Array().Values()
		for _, one := range all {
			asked = append(asked, one.Document())
		}
	default:
		return
	}
	for _, one := range asked {
		if hint, ok := one.Lookup("hint").StringValueOK(); !ok || hint == "" {
			w.broken[name+" is sent without a hint"] = true
		}
	}
}

// The adapter keeps every promise of the port, and serves the whole of it by the
// operators it lists, each find and each change by an index.
func TestConformance(t *testing.T) {
	w := &watch{seen: map[string]bool{}, broken: map[string]bool{}}
	t.Cleanup(func() {
		for what := range w.broken {
			t.Error(what)
		}
		for _, operator := range Operators() {
			if !w.seen[operator] && !t.Failed() {
				t.Errorf("%s is listed and never sent", operator)
			}
		}
	})
	settings := storetest.Settings{Increments: racetest.Sized(2_000, 400), Histories: racetest.Sized(100, 15)}
	storetest.Run(t, settings, func(t *testing.T, indexes []store.Index) store.Store {
		t.Helper()
		server := mongotest.Start(t, mongotest.Options{})
		return opened(t, server, declaring(indexes...), func(o *Options) {
			o.Sign, o.Clock = storetest.Sign, func() time.Time { return noon }
			o.Monitor = &event.CommandMonitor{Started: w.started}
		})
	})
}
