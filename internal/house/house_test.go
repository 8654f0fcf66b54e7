package house

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

func TestNoArrowOfTheHousePointsBack(t *testing.T) {
	t.Parallel()
	packages := list(t, "-deps", "./...")
	for _, fault := range faults(rooms, packages) {
		t.Error(fault)
	}
}

func TestAReleaseHoldsNoDemoAndNoDevelopmentSignIn(t *testing.T) {
	t.Parallel()
	release := list(t, "-deps", "-tags", "release", "./cmd/accord")
	for _, p := range release {
		if withinAny(p.ImportPath, notInRelease) {
			t.Errorf("a release holds %s", p.ImportPath)
		}
	}

	// If the default build did not hold them, the test above would see nothing
	// whatever the tags say.
	demo := list(t, "-deps", "./cmd/accord")
	for _, absent := range notInRelease {
		if !slices.ContainsFunc(demo, func(p compiled) bool { return within(p.ImportPath, absent) }) {
			t.Errorf("the demo build does not hold %s, so its absence from a release proves nothing", absent)
		}
	}
}

func TestNoProgramHoldsWhatIsForTests(t *testing.T) {
	t.Parallel()
	for _, p := range list(t, "-deps", "./cmd/accord") {
		if withinAny(p.ImportPath, onlyInTests) {
			t.Errorf("the program holds %s", p.ImportPath)
		}
	}
}

// list asks go list about packages of the module.
func list(t *testing.T, arguments ...string) []compiled {
	t.Helper()
	lookAtSources(t)

	fields := "-json=ImportPath,Standard,Imports,TestImports,XTestImports"
	command := exec.CommandContext(t.Context(), "go", append([]string{"list", fields}, arguments...)...)
	command.Dir = root
	var said bytes.Buffer
	command.Stderr = &said
	output, err := command.Output()
	if err != nil {
		t.Fatalf("go list %s: %v\n%s", strings.Join(arguments, " "), err, said.String())
	}

	var packages []compiled
	for decoder := json.NewDecoder(bytes.NewReader(output)); ; {
		var p compiled
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatalf("go list %s: %v", strings.Join(arguments, " "), err)
		}
		packages = append(packages, p)
	}
}

// lookAtSources touches every source of the module. What go list reads is
// invisible to go test, which would answer "cached" after an import changed;
// what the test itself looks at is not.
func lookAtSources(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		switch {
		case entry.IsDir() && path != root && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "bin"):
			return fs.SkipDir
		case entry.IsDir():
			return nil
		case strings.HasSuffix(name, ".go") || name == "go.mod":
			_, err := os.Stat(path)
			return err
		default:
			return nil
		}
	})
	if err != nil {
		t.Fatalf("read the sources: %v", err)
	}
}
