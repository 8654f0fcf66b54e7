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
// with every fault listed by its line. Lines end in LF or CRLF; a byte order
// mark is a fault, since it hides in front of the first line.
func ParsePolicy(text []byte) (Policy, error) {
	if bytes.HasPrefix(text, []byte("\ufeff")) {
		return Policy{}, errors.New("policy line 1: the file begins with a byte order mark; save it as UTF-8 without one")
	}
	sum := sha256.Sum256(text)
	policy := Policy{hash: hex.EncodeToString(sum[:])}
	var faults []error
	seen := map[rule]int{} // the line each stands on
	lines := bufio.NewScanner(bytes.NewReader(text))
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		parsed, err := parseRule(line)
		first, twice := seen[parsed]
		switch {
		case err != nil:
			faults = append(faults, fmt.Errorf("policy line %d: %w", number, err))
		case twice:
			faults = append(faults, fmt.Errorf("policy line %d: the rule stands on line %d already", number, first))
		default:
			seen[parsed] = number
			policy.rules = append(policy.rules, parsed)
		}
	}
	if err := lines.Err(); err != nil {
		faults = append(faults, fmt.Errorf("reading the policy: %w", err))
	}
	for _, r := range policy.rules {
		if r.act == Write && !readsToo(seen, r) {
			faults = append(faults, fmt.Errorf("policy line %d: %s may write %s %s by %s but not read it",
				seen[r], r.role, r.class, r.level, r.relation))
		}
	}
	if len(policy.rules) == 0 && len(faults) == 0 {
		faults = append(faults, errors.New("the policy has no rule"))
	}
	if len(faults) > 0 {
		return Policy{}, errors.Join(faults...)
	}
	return policy, nil
}

// readsToo reports whether what a rule writes is read by the same role and
// relation, at the level of the write or in full.
func readsToo(seen map[rule]int, write rule) bool {
	read := write
	read.act = Read
	_, asMuch := seen[read]
	read.level = Full
	_, whole := seen[read]
	return asMuch || whole
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
