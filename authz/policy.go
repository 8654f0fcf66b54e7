package authz

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

//go:embed policy.csv
var defaultPolicy []byte

//go:embed model.conf
var model string

// rule is one allow line of the policy.
type rule struct {
	role     Role
	relation Relation
	class    DataClass
	act      Act
	level    Level
}

// Policy is a policy that was read and found sound, not yet compiled.
type Policy struct {
	rules []rule
	hash  string
}

// DefaultPolicy is the policy Accord ships.
func DefaultPolicy() (Policy, error) { return ParsePolicy(defaultPolicy) }

// ParsePolicy reads policy lines strictly: an unknown name, a deny line, a line
// twice, a write without its read or no line at all refuses the whole policy,
// with every fault listed.
func ParsePolicy(text []byte) (Policy, error) {
	sum := sha256.Sum256(text)
	policy := Policy{hash: hex.EncodeToString(sum[:])}
	var faults []error
	seen := map[rule]bool{}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		parsed, err := parseRule(line)
		switch {
		case err != nil:
			faults = append(faults, fmt.Errorf("policy line %d: %w", number, err))
		case seen[parsed]:
			faults = append(faults, fmt.Errorf("policy line %d: the rule is there already", number))
		default:
			seen[parsed] = true
			policy.rules = append(policy.rules, parsed)
		}
	}
	if err := lines.Err(); err != nil {
		faults = append(faults, fmt.Errorf("reading the policy: %w", err))
	}
	for _, r := range policy.rules {
		read := r
		read.act = Read
		if r.act == Write && !seen[read] {
			faults = append(faults, fmt.Errorf("policy: %s may write %s by %s but not read it", r.role, r.class, r.relation))
		}
	}
	if len(policy.rules) == 0 && len(faults) == 0 {
		faults = append(faults, errors.New("the policy has no rule"))
	}
	return policy, errors.Join(faults...)
}

func parseRule(line string) (rule, error) {
	parts := strings.Split(line, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	if len(parts) != 6 || parts[0] != "p" {
		return rule{}, errors.New(`a rule is "p, role, relation, data class, act, level" and nothing else`)
	}
	role, errRole := named[Role]("role", parts[1], roleNames[:])
	relation, errRelation := ParseRelation(parts[2])
	class, errClass := ParseDataClass(parts[3])
	act, errAct := named[Act]("act", parts[4], actNames[:])
	level, errLevel := named[Level]("level", parts[5], levelNames[:])
	if errLevel == nil && level == Withheld {
		errLevel = errors.New("a rule only allows: the level is full or masked")
	}
	if errClass == nil && NeverMasked(class) && level == Masked {
		errLevel = fmt.Errorf("%s is never masked", class)
	}
	return rule{role, relation, class, act, level}, errors.Join(errRole, errRelation, errClass, errAct, errLevel)
}
