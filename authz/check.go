package authz

import (
	"fmt"
	"strings"
	"sync"
)

// check returns what is wrong with rules that can be read: what does nothing, and
// what no policy may allow.
func (d draft) check() []Finding {
	var findings []Finding
	for _, r := range d.rules {
		for _, fault := range []func(rule) (code, says string){d.checkMask, d.checkRead, checkReach, checkInvariants} {
			if code, says := fault(r); code != "" {
				findings = append(findings, Finding{d.lines[r], code, says})
			}
		}
	}
	return findings
}

// checkMask finds a mask of what is never masked, and one that is in another rule.
func (d draft) checkMask(r rule) (code, says string) {
	if r.level != Masked {
		return "", ""
	}
	if NeverMasked(r.class) {
		return codeNeverMasked, fmt.Sprintf("%s is never masked", r.class)
	}
	whole := r
	whole.level = Full
	if line, both := d.lines[whole]; both {
		return codeContained, fmt.Sprintf("line %d allows this in full, which contains the mask", line)
	}
	return "", ""
}

// checkRead finds what is written or revealed and not read by the same role and
// relation, as much of it or in full; and what is revealed that nothing reveals.
func (d draft) checkRead(r rule) (code, says string) {
	if r.act == Read {
		return "", ""
	}
	if r.act == Reveal && r.class != SafeContact {
		return codeNeverRevealed, fmt.Sprintf("nothing of %s is revealed one person at a time: only SAFE_CONTACT is", r.class)
	}
	read := r
	read.act = Read
	_, asMuch := d.lines[read]
	read.level = Full
	_, whole := d.lines[read]
	if asMuch || whole {
		return "", ""
	}
	return codeNotRead, fmt.Sprintf("%s may %s %s %s by %s but not read it", r.role, r.act, r.class, r.level, r.relation)
}

// checkReach finds a rule that can never do anything, because its relation reaches
// no record that carries its class.
func checkReach(r rule) (code, says string) {
	reached := reachedBy(r.class)
	switch {
	case r.class == Directory:
		return codeUnreachable, "the directory is every signed-in person's and hangs on no relation: it has no line"
	case reached == 0:
		return codeNoRecord, fmt.Sprintf("no record carries %s: the rule opens nothing", r.class)
	case reached.Has(r.relation):
		return "", ""
	}
	var by []string
	for _, relation := range Relations() {
		if reached.Has(relation) {
			by = append(by, relation.String())
		}
	}
	return codeUnreachable, fmt.Sprintf("%s reaches no record that carries %s, which is reached by %s",
		r.relation, r.class, strings.Join(by, ", "))
}

func checkInvariants(r rule) (code, says string) {
	for _, never := range invariants {
		if never.broken(r) {
			return never.code, fmt.Sprintf("%s (%s)", never.says, never.source)
		}
	}
	return "", ""
}

// shippedRules are the rules of the policy Accord ships.
var shippedRules = sync.OnceValue(func() draft {
	shipped, _ := readDraft(defaultPolicy) // its faults are found where it is read to be used
	return shipped
})

// allow reports whether a rule is among these, or contained in one of them.
func (d draft) allow(r rule) bool {
	_, same := d.lines[r]
	r.level = Full
	_, whole := d.lines[r]
	return same || whole
}

// Difference is a rule that one policy has and another has not.
type Difference struct {
	Line int    // in the policy that has it
	Rule string // "role, relation, data class, act, level"
}

// AgainstShipped tells a policy from the one Accord ships: the rules that it no
// longer has, and those it has beyond, in the order of their lines. Lines that cannot
// be read count for nothing.
func AgainstShipped(text []byte) (removed, added []Difference) {
	here, _ := readDraft(text)
	return shippedRules().without(here), here.without(shippedRules())
}

func (d draft) without(other draft) []Difference {
	var all []Difference
	for _, r := range d.rules {
		if _, both := other.lines[r]; !both {
			all = append(all, Difference{d.lines[r], r.String()})
		}
	}
	return all
}
