package program

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"sync"

	"accord/authz"
)

// policyInForce is the access policy that requests are decided by, and where it
// comes from.
type policyInForce struct {
	current *authz.Current
	file    string // empty: the policy that Accord ships

	rereading sync.Mutex // the last to read the file is the last to put it in force
}

// mostPolicy bounds the file of a policy, in bytes; the one that Accord ships has a
// hundredth of it.
const mostPolicy = 4 << 20

// openPolicy compiles the policy of a file, or the one that Accord ships. One that is
// not sound is refused with everything that is wrong with it. The witness is nil but in
// tests.
func openPolicy(file string, witness authz.Witness) (*policyInForce, error) {
	policy, err := readPolicy(file)
	if err != nil {
		return nil, err
	}
	current, err := authz.NewCurrent(policy, witness)
	if err != nil {
		return nil, fmt.Errorf("compiling the access policy: %w", err)
	}
	return &policyInForce{current: current, file: file}, nil
}

// unsoundPolicy is a policy with findings.
type unsoundPolicy struct {
	file     string
	findings []authz.Finding
}

func (u unsoundPolicy) Error() string {
	said := make([]string, len(u.findings))
	for i, finding := range u.findings {
		said[i] = finding.String()
	}
	return fmt.Sprintf("the access policy in %s is not sound: %s", u.file, strings.Join(said, "; "))
}

// CompilePolicy compiles the policy of a file, or the one that Accord ships.
func CompilePolicy(file string) (*authz.Table, error) {
	policy, err := openPolicy(file, nil)
	if err != nil {
		return nil, err
	}
	return policy.current.Table(), nil
}

func readPolicy(file string) (authz.Policy, error) {
	if file == "" {
		policy, err := authz.DefaultPolicy()
		if err != nil {
			return authz.Policy{}, fmt.Errorf("reading the access policy: %w", err)
		}
		return policy, nil
	}
	text, err := ReadPolicyFile(file)
	if err != nil {
		return authz.Policy{}, err
	}
	policy, findings := authz.CheckPolicy(text)
	if len(findings) > 0 {
		return authz.Policy{}, unsoundPolicy{file, findings}
	}
	return policy, nil
}

// ReadPolicyFile returns the text of a policy. It refuses a file that is far longer
// than any policy.
func ReadPolicyFile(file string) (_ []byte, err error) {
	opened, err := os.Open(file) //nolint:gosec // the operator says where
	if err != nil {
		return nil, fmt.Errorf("the access policy cannot be read: %w", err)
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	text, err := io.ReadAll(io.LimitReader(opened, mostPolicy+1))
	if err != nil {
		return nil, fmt.Errorf("the access policy cannot be read: %w", err)
	}
	if len(text) > mostPolicy {
		return nil, fmt.Errorf("the access policy cannot be read: %s is longer than any policy", file)
	}
	return text, nil
}

// Policy is the hash of the access policy in force.
func (p *Program) Policy() string { return p.policy.current.Table().Hash() }

// ReloadPolicy reads the file of the access policy again and puts it in force, for
// every request that begins from then on; one under way is answered by the policy it
// began with, and cursors given under the old one are no longer known. A policy that
// is not sound changes nothing: what is wrong is logged by line and kind, without a
// word of the file, and returned. A sound one is entered in the audit log first.
func (p *Program) ReloadPolicy(ctx context.Context) error {
	p.policy.rereading.Lock()
	defer p.policy.rereading.Unlock()
	policy, err := readPolicy(p.policy.file)
	if err == nil {
		_, err = authz.Compile(policy)
	}
	if err == nil {
		// That it is replaced is in the audit log before anybody is decided by it.
		if err = p.records.EnterPolicy(ctx, policy.Hash()); err != nil {
			return fmt.Errorf("entering a policy in the audit log: %w", err)
		}
		err = p.policy.current.Replace(policy)
	}
	if err != nil {
		p.logger.ErrorContext(ctx, "the access policy is refused; the one in force stays",
			slog.String("policy", p.Policy()), slog.String("faults", faultsOf(err)))
		return err //nolint:wrapcheck // it says what it is
	}
	p.logger.InfoContext(ctx, "the access policy was read again and is in force",
		slog.String("policy", p.Policy()), slog.Int("rules", policy.Rules()))
	return nil
}

// faultsOf tells a refusal by lines and kinds of fault, such as "3 effect, 7 columns",
// without a word of the file.
func faultsOf(err error) string {
	unsound, found := errors.AsType[unsoundPolicy](err)
	if !found {
		return "unreadable"
	}
	faults := make([]string, len(unsound.findings))
	for i, finding := range unsound.findings {
		faults[i] = strconv.Itoa(finding.Line) + " " + finding.Code
	}
	return strings.Join(faults, ", ")
}
