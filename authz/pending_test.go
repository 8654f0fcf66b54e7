package authz_test

import (
	"os"
	"testing"

	"github.com/goccy/go-yaml"

	"accord/authz"
)

// pendings is what the matrix holds and the policy does not yet, each with why.
type pendings struct {
	Relations map[string]string `yaml:"relations"`
	Roles     map[string]string `yaml:"roles"`
	Classes   map[string]string `yaml:"classes"`
}

func readPending(tb testing.TB) pendings {
	tb.Helper()
	text, err := os.ReadFile("pending.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	var pending pendings
	if err := yaml.UnmarshalWithOptions(text, &pending, yaml.DisallowUnknownField()); err != nil {
		tb.Fatal(err)
	}
	return pending
}

// A record that comes without its rows, or rows that come while their record is
// still called pending, fail here.
func TestEverythingHasARuleOrIsPendingAndNothingIsBoth(t *testing.T) {
	text, err := os.ReadFile("policy.csv")
	if err != nil {
		t.Fatal(err)
	}
	ruled := struct{ relations, roles, classes map[string]bool }{map[string]bool{}, map[string]bool{}, map[string]bool{}}
	for rule := range rulesOf(t, string(text)) {
		ruled.relations[rule.relation.String()] = true
		ruled.roles[rule.role.String()] = true
		ruled.classes[rule.class.String()] = true
	}
	// The roles of systems are a matter of the systems that there are.
	for _, role := range authz.SystemRoles() {
		delete(ruled.roles, role.String())
	}
	pending := readPending(t)
	checkPending(t, authz.Relations(), ruled.relations, pending.Relations)
	checkPending(t, authz.Roles(), ruled.roles, pending.Roles)
	checkPending(t, authz.DataClasses(), ruled.classes, pending.Classes)
}

func checkPending[T interface{ String() string }](t *testing.T, all []T, ruled map[string]bool, pending map[string]string) {
	t.Helper()
	known := map[string]bool{}
	for _, one := range all {
		name := one.String()
		known[name] = true
		why, waits := pending[name]
		switch {
		case ruled[name] && waits:
			t.Errorf("%s has a rule and is pending", name)
		case !ruled[name] && !waits:
			t.Errorf("%s has no rule and is not pending", name)
		case waits && why == "":
			t.Errorf("%s is pending without a word why", name)
		}
	}
	for name := range pending {
		if !known[name] {
			t.Errorf("%s is pending and nothing that there is", name)
		}
	}
}
