package identifier_test

import (
	"crypto/rand"
	"errors"
	mathrand "math/rand/v2"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"accord/internal/secrets/identifier"
)

var errNoEntropy = errors.New("no entropy")

// seeded looks random and is the same for the same seed.
func seeded(seed byte) *mathrand.ChaCha8 { return mathrand.NewChaCha8([32]byte{seed}) }

func TestIdentifiersAreUniqueUnderConcurrentUse(t *testing.T) {
	identifiers := identifier.NewMaker(seeded(1)) // a source that is not safe by itself
	const makers, each = 8, 500
	made := make([][]string, makers)
	var all sync.WaitGroup
	for n := range makers {
		all.Go(func() {
			for range each {
				made[n] = append(made[n], identifiers.New("case"))
			}
		})
	}
	all.Wait()
	seen := make(map[string]bool)
	for _, some := range made {
		for _, id := range some {
			if seen[id] {
				t.Fatalf("%s twice", id)
			}
			seen[id] = true
			if !identifier.Is(id) {
				t.Fatalf("%s has not the form of an identifier", id)
			}
		}
	}
}

func TestIdentifiersAndReferencesFollowFromTheEntropy(t *testing.T) {
	a, b := identifier.NewMaker(seeded(3)), identifier.NewMaker(seeded(3))
	for range 20 {
		if x, y := a.New("party"), b.New("party"); x != y {
			t.Fatalf("%s and %s", x, y)
		}
		if x, y := a.Reference(), b.Reference(); x != y {
			t.Fatalf("%s and %s", x, y)
		}
	}
}

func TestAReferenceCanBeReadOut(t *testing.T) {
	identifiers := identifier.NewMaker(rand.Reader)
	form := regexp.MustCompile(`^ACC-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$`)
	places := make([]map[byte]bool, len("ACC-7K3M-92QF"))
	for n := range places {
		places[n] = make(map[byte]bool)
	}
	for range 3000 {
		reference := identifiers.Reference()
		if !form.MatchString(reference) {
			t.Fatal(reference)
		}
		for n := range len(reference) {
			places[n][reference[n]] = true
		}
	}
	for _, n := range []int{4, 5, 6, 7, 9, 10, 11, 12} {
		if len(places[n]) != 32 { // 5 bits each: 40 in all
			t.Errorf("place %d takes %d symbols, want 32", n, len(places[n]))
		}
	}
}

// Every bit of the entropy is in the identifier: any change of it is seen.
func TestAnIdentifierHolds128Bits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		random := rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "random")
		id := identifier.NewMaker(strings.NewReader(string(random))).New("case")
		bit := rapid.IntRange(0, 127).Draw(t, "bit")
		random[bit/8] ^= 1 << (bit % 8)
		other := identifier.NewMaker(strings.NewReader(string(random))).New("case")
		if id == other {
			t.Fatalf("bit %d is not in %s", bit, id)
		}
		if !identifier.Is(id) || len(id) != len("case_")+26 {
			t.Fatal(id)
		}
	})
}

func TestWhatHasNotTheFormOfAnIdentifierIsNone(t *testing.T) {
	const body = "4f0q9x2m7c1tz8r5v3k6hwnp00"
	if !identifier.Is("case_" + body) {
		t.Fatal("a good one is refused")
	}
	for _, text := range []string{
		"", "_", "case", "case_", "_" + body, body, "case_" + body + "0", "case_" + body[1:],
		"Case_" + body, "case1_" + body, "case_" + strings.ToUpper(body), "ca se_" + body,
		"case_" + strings.Replace(body, "4", "i", 1), "case_" + strings.Replace(body, "4", "u", 1),
		"case_" + body[:25] + "1",                                 // a second text of the same 128 bits
		strings.Repeat("a", 25) + "_" + body, "case__" + body[1:], // a long prefix, two lines
		"sarah", "case_sarah", "Sarah Blackwood", "prac_sarah blackwood 00000000",
	} {
		if identifier.Is(text) {
			t.Errorf("%q passes for an identifier", text)
		}
	}
}

func TestWithoutEntropyThereIsNoIdentifier(t *testing.T) {
	for name, make1 := range map[string]func(*identifier.Maker){
		"identifier": func(i *identifier.Maker) { i.New("case") },
		"reference":  func(i *identifier.Maker) { i.Reference() },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("an %s without entropy", name)
				}
			}()
			make1(identifier.NewMaker(iotest.ErrReader(errNoEntropy)))
		}()
	}
}
