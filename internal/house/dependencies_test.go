package house

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"golang.org/x/mod/modfile"
)

// dependencyRow is a row of docs/dependencies.md: name and version.
var dependencyRow = regexp.MustCompile("(?m)^\\| `([^`]+)`(?: \\(npm\\))? \\| (v?\\d[^ ]*) \\|")

func TestEveryModuleSaysWhatItIsForAtTheVersionInUse(t *testing.T) {
	t.Parallel()
	said := map[string]string{}
	for _, row := range dependencyRow.FindAllStringSubmatch(string(read(t, "docs/dependencies.md")), -1) {
		said[row[1]] = row[2]
	}

	direct, all := required(t, "go.mod")
	inUse := maps.Clone(all)
	for _, tool := range []struct{ manifest, module string }{
		{"tools/golangci-lint/go.mod", "github.com/golangci/golangci-lint/v2"},
		{"tools/gofumpt/go.mod", "mvdan.cc/gofumpt"},
	} {
		_, versions := required(t, tool.manifest)
		inUse[tool.module] = versions[tool.module]
		direct[tool.module] = versions[tool.module]
	}
	var npm struct {
		Dependencies map[string]string `json:"dependencies"`
	}
	if err := json.Unmarshal(read(t, "tests/conformance/package.json"), &npm); err != nil {
		t.Fatalf("read package.json: %v", err)
	}
	maps.Copy(inUse, npm.Dependencies)
	maps.Copy(direct, npm.Dependencies)

	for module, version := range direct {
		if said[module] == "" {
			t.Errorf("docs/dependencies.md has no row for %s %s", module, version)
		}
	}
	for module, version := range said {
		if inUse[module] != version {
			t.Errorf("docs/dependencies.md says %s %s, in use is %q", module, version, inUse[module])
		}
	}
}

// required are the modules a go.mod names: those imported directly, and all.
func required(t *testing.T, manifest string) (direct, all map[string]string) {
	t.Helper()
	file, err := modfile.Parse(manifest, read(t, manifest), nil)
	if err != nil {
		t.Fatalf("read %s: %v", manifest, err)
	}
	direct, all = map[string]string{}, map[string]string{}
	for _, require := range file.Require {
		all[require.Mod.Path] = require.Mod.Version
		if !require.Indirect {
			direct[require.Mod.Path] = require.Mod.Version
		}
	}
	return direct, all
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatalf("read %s: %v", name, err)
	}
	return content
}
