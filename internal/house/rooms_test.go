package house

import "strings"

// room is one part of the house.
type room struct {
	// packages is a pattern: "authz" is that package, "domain/..." every
	// package below domain and domain itself. A package lives in the room with
	// the longest pattern that fits.
	packages string
	// imports are the patterns of Accord's own packages it may import; its own
	// room is always among them.
	imports []string
	// modules are the modules of others it may import; "*" is any.
	modules []string
	// planned says that no package need live here yet. Once one does, this
	// goes.
	planned bool
}

var anyModule = []string{"*"}

// rooms is the house, from the ground up.
var rooms = []room{
	{packages: "domain/..."},
	{
		packages: "authz",
		imports:  []string{"domain/..."},
		modules:  []string{"github.com/casbin/casbin/v2"},
	},
	{packages: "internal/views/...", imports: []string{"domain/...", "authz"}},
	{
		packages: "internal/likeness",
		imports:  []string{"domain/..."},
		modules:  []string{"github.com/dlclark/metaphone3", "github.com/hbollon/go-edlib", "golang.org/x/text/unicode/norm"},
	},

	// What records stand on.
	{packages: "internal/secrets/...", imports: []string{"domain/..."}, modules: anyModule},
	{
		packages: "internal/store",
		imports:  []string{"domain/..."},
		modules:  []string{"go.mongodb.org/mongo-driver/v2/bson", "golang.org/x/mod/sumdb"},
	},
	{
		packages: "internal/store/sqlite",
		imports:  []string{"domain/...", "internal/store"},
		modules:  []string{"modernc.org/sqlite", "go.mongodb.org/mongo-driver/v2/bson", "golang.org/x/mod/sumdb"},
	},
	{
		packages: "internal/store/mongo",
		imports:  []string{"domain/...", "internal/store"},
		modules:  []string{"go.mongodb.org/mongo-driver/v2", "golang.org/x/mod/sumdb"},
	},
	{packages: "internal/store/mongo/mongotest", modules: []string{"go.mongodb.org/mongo-driver/v2"}},
	{
		packages: "internal/store/storetest",
		imports:  []string{"domain/...", "internal/store"},
		modules:  []string{"go.mongodb.org/mongo-driver/v2/bson", "golang.org/x/mod/sumdb"},
	},
	{
		packages: "internal/store/storecheck",
		imports:  []string{"domain/...", "internal/store", "internal/store/storetest", "internal/store/mongo"},
	},

	{
		packages: "internal/audit/...",
		imports:  []string{"domain/...", "authz", "internal/secrets/...", "internal/store"},
		modules:  anyModule,
	},
	{packages: "internal/backup", modules: []string{"github.com/tink-crypto/tink-go/v2"}},
	{
		packages: "internal/records/...",
		imports: []string{
			"domain/...", "authz", "internal/views/...", "internal/store", "internal/audit/...", "internal/secrets/...",
			"internal/likeness",
		},
		modules: anyModule,
	},
	{
		packages: "internal/procedures/...",
		imports: []string{
			"domain/...", "authz", "internal/views/...", "internal/records/...", "internal/likeness", "internal/attached", "internal/malware",
		},
		modules: anyModule,
	},
	{
		packages: "internal/jobs/...",
		imports:  []string{"domain/...", "authz", "internal/records/...", "internal/procedures/..."},
		modules:  anyModule,
	},

	// What others do for Accord: tell somebody to sign in, say what a file is and
	// whether it is malware.
	{packages: "internal/mail", modules: []string{"github.com/wneessen/go-mail"}},
	{packages: "internal/malware"},
	{packages: "internal/attached", imports: []string{"domain/..."}, modules: []string{"github.com/gabriel-vasile/mimetype"}},

	// The door.
	{packages: "graph/...", imports: []string{"domain/...", "authz", "internal/views/..."}, modules: anyModule},
	{
		packages: "resolvers/...",
		imports: []string{
			"domain/...", "authz", "internal/views/...", "internal/records/...", "internal/procedures/...", "graph/...",
		},
		modules: anyModule,
	},
	{packages: "internal/identity/...", imports: []string{"domain/...", "authz"}, modules: anyModule},
	{
		packages: "internal/server/...",
		imports: []string{
			"domain/...", "authz", "internal/views/...", "internal/audit/...", "internal/identity/...", "graph/...",
		},
		modules: anyModule,
	},

	// What only the demo and the tests start.
	{packages: "internal/devidp/...", imports: []string{"domain/..."}, modules: anyModule},
	{
		packages: "internal/demo/...",
		imports: []string{
			"domain/...", "authz", "internal/views/...", "internal/records/...", "internal/procedures/...",
			"internal/identity/...", "internal/devidp/...",
		},
		modules: anyModule,
	},
	{packages: "internal/disktest"},
	{packages: "internal/racetest"},
	{packages: "internal/toyschema", imports: []string{"domain/..."}, modules: anyModule},

	{packages: "internal/house"},
	{packages: "bench/...", imports: []string{"..."}, modules: anyModule},
	{packages: "cmd/...", imports: []string{"..."}, modules: anyModule},
}

// homes are modules that end at the rooms named, whoever else may import any.
var homes = map[string][]string{
	"github.com/casbin/casbin":    {"authz"},
	"modernc.org/sqlite":          {"internal/store/sqlite", "internal/secrets/..."},
	"github.com/zitadel/oidc":     {"internal/devidp/..."},
	"github.com/vektah/gqlparser": {"graph/...", "resolvers/...", "internal/server/...", "internal/toyschema"},
	"github.com/99designs/gqlgen": {"graph/...", "resolvers/...", "internal/server/...", "internal/toyschema"},

	"github.com/wneessen/go-mail":        {"internal/mail"},
	"github.com/gabriel-vasile/mimetype": {"internal/attached"},
}

// testModules are what a test of any room may import beside the room's own.
var testModules = []string{"pgregory.net/rapid", "go.uber.org/goleak", "github.com/goccy/go-yaml"}

// groundFloor are the rooms whose tests, too, stay on the ground: a rule that
// needs a store to be tested is in the wrong room.
var groundFloor = []string{"domain/...", "authz", "internal/views/..."}

// notInRelease are the packages a release must not hold.
var notInRelease = []string{"accord/internal/demo", "accord/internal/devidp", "github.com/zitadel/oidc"}

// onlyInTests are the packages no program of ours may hold.
var onlyInTests = []string{"accord/internal/store/mongo/mongotest", "accord/cmd/accord/stage", "accord/internal/racetest", "testing"}

// fits reports whether a package, named from Accord's root, fits a pattern.
func fits(pattern, name string) bool {
	if pattern == "..." {
		return true
	}
	if root, below := strings.CutSuffix(pattern, "/..."); below {
		return name == root || strings.HasPrefix(name, root+"/")
	}
	return name == pattern
}

func fitsAny(patterns []string, name string) bool {
	for _, pattern := range patterns {
		if fits(pattern, name) {
			return true
		}
	}
	return false
}

// within reports whether an import path is the module or package given, any
// major version of it, or a package below it.
func within(path, root string) bool {
	return path == root || strings.HasPrefix(path, root+"/")
}

func withinAny(path string, roots []string) bool {
	for _, root := range roots {
		if root == "*" || within(path, root) {
			return true
		}
	}
	return false
}
