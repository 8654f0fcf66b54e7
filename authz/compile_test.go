package authz_test

import (
	"testing"

	"accord/authz"
)

// The policy that everybody starts with is compiled once for the process, and a
// policy that differs from it by a comment is another.
func TestTheShippedPolicyIsCompiledOnce(t *testing.T) {
	first := shippedTable(t)
	policy, err := authz.DefaultPolicy()
	if err != nil {
		t.Fatal(err)
	}
	again, err := authz.Compile(policy)
	if err != nil || again != first {
		t.Errorf("compiled again: %t, %v", again != first, err)
	}
	other := compiled(t, shippedText(t)+"\n# reviewed\n")
	if other == first || other.Hash() == first.Hash() {
		t.Error("another text is taken for the shipped one")
	}
	for _, role := range everyRole() {
		for _, relation := range authz.Relations() {
			if held(other, role, relation) != held(first, role, relation) {
				t.Errorf("compiled on its own, %s by %s holds something else", role, relation)
			}
		}
	}
}

// What a start pays for a policy of its own.
func BenchmarkCompile(b *testing.B) {
	policy, err := authz.ParsePolicy([]byte(shippedText(b) + "\n# of its own\n"))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := authz.Compile(policy); err != nil {
			b.Fatal(err)
		}
	}
}
