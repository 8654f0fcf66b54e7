package house

import (
	"slices"
	"testing"
)

// The house is only held if breaking it is seen: each case breaks it once.
func TestABrokenHouseIsNamedInASentence(t *testing.T) {
	t.Parallel()
	small := []room{
		{packages: "domain/..."},
		{packages: "authz", imports: []string{"domain/..."}, modules: []string{"github.com/casbin/casbin/v2"}},
		{packages: "internal/store"},
		{packages: "internal/store/sqlite", imports: []string{"internal/store"}, modules: []string{"modernc.org/sqlite"}},
		{packages: "graph/...", imports: []string{"authz"}, modules: anyModule},
		{packages: "cmd/...", imports: []string{"..."}, modules: anyModule},
	}
	sound := []compiled{
		{ImportPath: "fmt", Standard: true},
		{ImportPath: "accord/domain/risk", Imports: []string{"fmt"}, TestImports: []string{"pgregory.net/rapid"}},
		{ImportPath: "accord/domain/marac", Imports: []string{"accord/domain/risk"}},
		{ImportPath: "accord/authz", Imports: []string{"accord/domain/risk", "github.com/casbin/casbin/v2/model"}},
		{ImportPath: "accord/internal/store"},
		{ImportPath: "accord/internal/store/sqlite", Imports: []string{"accord/internal/store", "modernc.org/sqlite"}},
		{ImportPath: "accord/graph", Imports: []string{"accord/authz", "github.com/99designs/gqlgen/graphql"}},
		{ImportPath: "accord/cmd/accord", Imports: []string{"accord/graph", "accord/internal/store/sqlite"}},
	}

	cases := []struct {
		name   string
		broken compiled
		want   []string
	}{
		{name: "a sound house has no faults", broken: compiled{ImportPath: "accord/domain/sharing"}},
		{
			name:   "the API reaches for the store",
			broken: compiled{ImportPath: "accord/graph", Imports: []string{"accord/internal/store"}},
			want:   []string{"graph imports internal/store: an arrow points back"},
		},
		{
			name:   "a rule asks who is looking",
			broken: compiled{ImportPath: "accord/domain/risk", Imports: []string{"accord/authz"}},
			want:   []string{"domain/risk imports authz: an arrow points back"},
		},
		{
			name:   "the test of a rule needs a store",
			broken: compiled{ImportPath: "accord/domain/risk", XTestImports: []string{"accord/internal/store/sqlite"}},
			want:   []string{"a test of domain/risk imports internal/store/sqlite: an arrow points back"},
		},
		{
			name:   "the port knows its adapter",
			broken: compiled{ImportPath: "accord/internal/store", Imports: []string{"accord/internal/store/sqlite"}},
			want:   []string{"internal/store imports internal/store/sqlite: an arrow points back"},
		},
		{
			name:   "a rule brings a module",
			broken: compiled{ImportPath: "accord/domain/risk", Imports: []string{"golang.org/x/text/cases"}},
			want:   []string{"domain/risk imports golang.org/x/text/cases: a module its room does not name"},
		},
		{
			name:   "the policy is asked outside authz",
			broken: compiled{ImportPath: "accord/graph", Imports: []string{"github.com/casbin/casbin/v2"}},
			want:   []string{"graph imports github.com/casbin/casbin/v2: only authz may"},
		},
		{
			name:   "a package of which nothing is said",
			broken: compiled{ImportPath: "accord/internal/helpers"},
			want:   []string{"internal/helpers has no room in the house: say in internal/house what it may import"},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := faults(small, append(slices.Clone(sound), c.broken)); !slices.Equal(got, c.want) {
				t.Errorf("faults = %q, want %q", got, c.want)
			}
		})
	}
}

func TestARoomNobodyLivesInIsAFaultUnlessItIsPlanned(t *testing.T) {
	t.Parallel()
	store := []compiled{{ImportPath: "accord/internal/store"}}
	cases := []struct {
		name  string
		rooms []room
		want  []string
	}{
		{
			name:  "misspelt",
			rooms: []room{{packages: "internal/store"}, {packages: "internal/storr"}},
			want:  []string{"no package lives in internal/storr: its arrows hold nothing"},
		},
		{
			name:  "planned",
			rooms: []room{{packages: "internal/store"}, {packages: "internal/jobs/...", planned: true}},
		},
		{
			name:  "planned and there",
			rooms: []room{{packages: "internal/store", planned: true}},
			want:  []string{"internal/store exists: its room internal/store is no longer planned"},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := faults(c.rooms, store); !slices.Equal(got, c.want) {
				t.Errorf("faults = %q, want %q", got, c.want)
			}
		})
	}
}
