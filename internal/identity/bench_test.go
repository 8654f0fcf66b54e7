package identity_test

import (
	"testing"
)

// BenchmarkVerifyCold verifies tokens that were not seen lately, signature and
// all.
func BenchmarkVerifyCold(b *testing.B) {
	for _, agency := range []struct{ name, algorithm string }{{police, "ES256"}, {cps, "RS256"}} {
		b.Run(agency.algorithm, func(b *testing.B) {
			w := newWorld(b)
			verifier := w.newVerifier(b, 1) // holds two: fewer than take turns here
			tokens := make([]string, 8)
			for i := range tokens {
				tokens[i] = w.mint(b, agency.name, nil)
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if _, err := verifier.Verify(b.Context(), tokens[i%len(tokens)]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkVerifyCached verifies one token again and again, as a session does.
func BenchmarkVerifyCached(b *testing.B) {
	w := newWorld(b)
	token := w.mint(b, police, nil)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := w.verifier.Verify(b.Context(), token); err != nil {
			b.Fatal(err)
		}
	}
}
