package authz_test

import (
	"cmp"
	"os"
	"slices"
	"testing"

	"github.com/goccy/go-yaml"

	"accord/authz"
)

// pendings is what the matrix holds and the policy does not yet, each with why.
type pendings struct {
	Relations map[string]string `yaml:"relations"`
	Roles     map[string]string `yaml:"roles"`
	Classes   map[string]string `yaml:"classes"`
	Cells     []pendingCells    `yaml:"cells"`
	Notes     map[string]string `yaml:"notes"`
}

// pendingCells are cells that wait for one record, of a class that has records.
type pendingCells struct {
	Class  string   `yaml:"class"`
	Roles  []string `yaml:"roles"`
	Mark   string   `yaml:"mark"`
	Note   string   `yaml:"note"` // empty: no note beside the cell
	Record string   `yaml:"record"`
	Why    string   `yaml:"why"`
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

// cause is why what the matrix says is pending; empty when it is not.
func (p pendings) cause(one said) string {
	for _, cells := range p.Cells {
		if cells.hold(one) && slices.Contains(cells.Roles, one.role.String()) {
			return cells.Why
		}
	}
	return cmp.Or(p.Classes[one.class.String()], p.Roles[one.role.String()], p.Relations[one.relation.String()])
}

// hold reports whether it is said of the class, by the mark and with the note.
func (c pendingCells) hold(one said) bool {
	return c.Class == one.class.String() && c.Mark == one.mark && c.Note == one.note
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

// What a pending cell would give is said by the matrix and not allowed by the
// policy, role by role.
func TestAPendingCellIsOfTheMatrixAndHasNoRule(t *testing.T) {
	table, all := shippedTable(t), everythingSaid(t)
	for _, cells := range readPending(t).Cells {
		if cells.Why == "" || cells.Record == "" {
			t.Errorf("%s of %v is pending without a word why or for which record", cells.Class, cells.Roles)
		}
		for _, name := range cells.Roles {
			of := 0
			for _, one := range all {
				if !cells.hold(one) || one.role.String() != name {
					continue
				}
				of++
				if one.class != authz.Directory && allowed(table, one.grant) && !saidOtherwise(all, one) {
					t.Errorf("%s has a rule and is pending for %s", one.grant, cells.Record)
				}
			}
			if of == 0 {
				t.Errorf("%s of %s is pending by the mark %s, note %q, and the matrix has no such cell", cells.Class, name, cells.Mark, cells.Note)
			}
		}
	}
}

// saidOtherwise reports whether the same is also said by another mark or note.
func saidOtherwise(all []said, one said) bool {
	return slices.ContainsFunc(all, func(other said) bool {
		same := other.grant == one.grant
		return same && (other.mark != one.mark || other.note != one.note)
	})
}
