package authz

import (
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/casbin/casbin/v2"
	casbinmodel "github.com/casbin/casbin/v2/model"
)

// Compile asks casbin for every cell of every role that has a rule and keeps the
// answers. A policy without a rule, such as one that was not sound, is refused. The
// policy Accord ships is compiled once for the process.
func Compile(policy Policy) (*Table, error) {
	if len(policy.rules) == 0 {
		return nil, errors.New("the policy has no rule")
	}
	if shipped, err := shippedPolicy(); err == nil && shipped.hash == policy.hash {
		return shippedTable()
	}
	return compile(policy)
}

var (
	shippedPolicy = sync.OnceValues(DefaultPolicy)
	shippedTable  = sync.OnceValues(func() (*Table, error) {
		policy, err := shippedPolicy()
		if err != nil {
			return nil, err
		}
		return compile(policy)
	})
)

// compile asks about several roles at a time; each has cells of its own.
func compile(policy Policy) (*Table, error) {
	table := &Table{hash: policy.hash}
	faults := make([]error, roleCount)
	next := make(chan Role)
	var asking sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		asking.Go(func() {
			for role := range next {
				faults[role] = table.askAbout(role, policy)
			}
		})
	}
	for role := range roleCount {
		next <- role
	}
	close(next)
	asking.Wait()
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	table.sumReads()
	return table, nil
}

// askAbout asks for every cell of a role. One enforcer for each relation holds the
// rules of that cell's row alone, so that asking does not grow with the policy: a
// rule of another role or relation could not match (model.conf).
func (t *Table) askAbout(role Role, policy Policy) error {
	rules := policy.rulesOf(role)
	if len(rules) == 0 {
		return nil // no rule, no access
	}
	for relation := range relationCount {
		enforcer, err := enforcerOf(rules[relation])
		if err != nil {
			return fmt.Errorf("building the enforcer of %s by %s: %w", role, relation, err)
		}
		for class := range classCount {
			if err := t.ask(enforcer, role, relation, class); err != nil {
				return err
			}
		}
	}
	return nil
}

// ask asks for one cell: whether the mask of the class is read, and, where it is, for
// everything that can be allowed beyond. Full contains masked and what is written or
// revealed is read, so that every other answer could only be no; and what is not
// asked is withheld.
func (t *Table) ask(enforcer *casbin.Enforcer, role Role, relation Relation, class DataClass) error {
	target := &t.cells[role][relation]
	for _, question := range []struct {
		act   Act
		level Level
		into  *ClassSet
	}{
		{Read, Masked, &target.readMasked},
		{Read, Full, &target.readFull},
		{Write, Masked, &target.writeMasked},
		{Write, Full, &target.writeFull},
		{Reveal, Masked, &target.revealMasked},
		{Reveal, Full, &target.revealFull},
	} {
		allowed, err := enforcer.Enforce(role.String(), relation.String(), class.String(), question.act.String(), question.level.String())
		if err != nil {
			return fmt.Errorf("asking the policy for %s by %s of %s: %w", role, relation, class, err)
		}
		if allowed {
			*question.into |= SetOf(class)
		}
		if !target.readMasked.Has(class) {
			return nil
		}
	}
	return nil
}

// rulesOf returns a role's rules by relation, as casbin takes them; empty when the
// role has none.
func (p Policy) rulesOf(role Role) map[Relation][][]string {
	rules := map[Relation][][]string{}
	for _, r := range p.rules {
		if r.role == role {
			rules[r.relation] = append(rules[r.relation], r.columns())
		}
	}
	return rules
}

func enforcerOf(rules [][]string) (*casbin.Enforcer, error) {
	parsed, err := casbinmodel.NewModelFromString(model)
	if err != nil {
		return nil, fmt.Errorf("reading the access model: %w", err)
	}
	enforcer, err := casbin.NewEnforcer(parsed)
	if err != nil {
		return nil, fmt.Errorf("reading the access model: %w", err)
	}
	if len(rules) == 0 {
		return enforcer, nil
	}
	if _, err := enforcer.AddPolicies(rules); err != nil {
		return nil, fmt.Errorf("loading the rules: %w", err)
	}
	return enforcer, nil
}

// sumReads joins what each role reads over its relations.
func (t *Table) sumReads() {
	for role := range roleCount {
		for relation := range relationCount {
			read := t.cells[role][relation].readMasked
			t.reads[role].anyRelation |= read
			switch {
			case relation == BreakGlass:
				// What an emergency opens is nobody's to expect.
			case ownerHeld.Has(relation):
				t.reads[role].ownerHeld |= read
			default:
				t.reads[role].beyondOwner |= read
			}
		}
	}
}
