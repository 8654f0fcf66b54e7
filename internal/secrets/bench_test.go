package secrets_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"accord/internal/secrets"
)

func BenchmarkSeal1KB(b *testing.B) {
	key := familyKey(b, openKeyring(b, filepath.Join(b.TempDir(), "keys")), "case_1")
	plain := make([]byte, 1024)
	b.ReportAllocs()
	b.SetBytes(1024)
	for b.Loop() {
		if _, err := key.Seal(home, plain); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen1KB(b *testing.B) {
	key := familyKey(b, openKeyring(b, filepath.Join(b.TempDir(), "keys")), "case_1")
	sealed := seal(b, key, string(make([]byte, 1024)))
	buffer := make([]byte, 0, 1024)
	b.ReportAllocs()
	b.SetBytes(1024)
	for b.Loop() {
		if _, err := key.OpenTo(buffer, home, sealed); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCachedFamily(b *testing.B) {
	ring := openKeyring(b, filepath.Join(b.TempDir(), "keys"))
	familyKey(b, ring, "case_1")
	b.ReportAllocs()
	for b.Loop() {
		familyKey(b, ring, "case_1")
	}
}

func BenchmarkCursor(b *testing.B) {
	codec := openCursors(b)
	binding := secrets.Binding("prac_1", "agency_1", "cases", "policy")
	place := []byte("2026-03-09 case_4f0q9x2m7c1tz8r5v3k6hwnp00")
	cursor := codec.Encode(binding, place)
	b.Run("encode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			codec.Encode(binding, place)
		}
	})
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := codec.Decode(binding, cursor); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkBlind(b *testing.B) {
	ring := openKeyring(b, filepath.Join(b.TempDir(), "keys"))
	b.ReportAllocs()
	for b.Loop() {
		ring.Blind("reference", "ACC-7K3M-92QF")
	}
}

// One synced commit for each key, and one for a hundred: the time is for a key.
func BenchmarkMakeFamilyKey(b *testing.B) {
	for _, batch := range []int{1, 100} {
		b.Run(fmt.Sprintf("%d a commit", batch), func(b *testing.B) {
			ring := openKeyring(b, filepath.Join(b.TempDir(), "keys"))
			families := make([]string, batch)
			made := 0
			for b.Loop() {
				for n := range families {
					families[n] = fmt.Sprintf("case_%d", made)
					made++
				}
				if _, err := ring.Prepare(b.Context(), families); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(made), "ns/key")
		})
	}
}
