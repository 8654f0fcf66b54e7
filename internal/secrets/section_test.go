package secrets_test

import (
	"bytes"
	"errors"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"accord/internal/secrets"
)

func drawAddress(t *rapid.T, label string) secrets.Address {
	part := rapid.StringMatching(`[a-z]{1,3}`)
	return secrets.Address{
		Kind:    part.Draw(t, label+" kind"),
		Record:  part.Draw(t, label+" record"),
		Section: part.Draw(t, label+" section"),
		Version: rapid.Int64Range(1, 300).Draw(t, label+" version"),
	}
}

func TestASectionOpensAtItsAddressAndNowhereElse(t *testing.T) {
	ring := openKeyring(t, filepath.Join(t.TempDir(), "keys"))
	mine, other := familyKey(t, ring, "case_1"), familyKey(t, ring, "case_2")
	rapid.Check(t, func(t *rapid.T) {
		address := drawAddress(t, "sealed")
		plain := rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "plain")
		sealed, err := mine.Seal(address, plain)
		if err != nil {
			t.Fatal(err)
		}
		if len(sealed) != len(plain)+secrets.SealedOverhead {
			t.Fatalf("%d bytes sealed to %d", len(plain), len(sealed))
		}
		if len(plain) >= 16 && bytes.Contains(sealed, plain) {
			t.Fatal("the content stands in the sealed section")
		}
		opened, err := mine.Open(address, sealed)
		if err != nil || !bytes.Equal(opened, plain) {
			t.Fatalf("opened %x, %v", opened, err)
		}
		into, err := mine.OpenTo([]byte("before"), address, sealed)
		if err != nil || !bytes.Equal(into, append([]byte("before"), plain...)) {
			t.Fatalf("opened into %x, %v", into, err)
		}
		if again, err := mine.Seal(address, plain); err != nil || bytes.Equal(again, sealed) {
			t.Fatalf("sealed twice under one nonce (%v)", err)
		}
		refused := func(what string, key *secrets.FamilyKey, address secrets.Address, sealed []byte) {
			if plain, err := key.Open(address, sealed); !errors.Is(err, secrets.ErrSealed) || plain != nil {
				t.Fatalf("%s: opened %x, %v", what, plain, err)
			}
		}
		refused("another family", other, address, sealed)
		if elsewhere := drawAddress(t, "elsewhere"); elsewhere != address {
			refused("another address", mine, elsewhere, sealed)
		}
		moved := address
		moved.Version++
		refused("the next version", mine, moved, sealed)
		moved = address
		moved.Record += "x"
		refused("another record", mine, moved, sealed)
		moved = address
		moved.Section += ".masked"
		refused("another section", mine, moved, sealed)
		moved = address
		moved.Kind += "x"
		refused("another kind", mine, moved, sealed)
		// The same letters, cut elsewhere.
		moved = address
		moved.Kind, moved.Record = address.Kind+address.Record[:1], address.Record[1:]
		if moved.Record != "" {
			refused("letters moved between parts", mine, moved, sealed)
		}
		flipped := bytes.Clone(sealed)
		bit := rapid.IntRange(0, 8*len(sealed)-1).Draw(t, "bit")
		flipped[bit/8] ^= 1 << (bit % 8)
		refused("a flipped bit", mine, address, flipped)
		refused("cut short", mine, address, sealed[:rapid.IntRange(0, len(sealed)-1).Draw(t, "length")])
		refused("with more behind", mine, address, append(bytes.Clone(sealed), 0))
	})
}

func TestEveryBitOfASectionIsGuarded(t *testing.T) {
	ring := openKeyring(t, filepath.Join(t.TempDir(), "keys"))
	key := familyKey(t, ring, "case_1")
	sealed := seal(t, key, "the whole of it")
	for bit := range 8 * len(sealed) {
		sealed[bit/8] ^= 1 << (bit % 8)
		if _, err := key.Open(home, sealed); !errors.Is(err, secrets.ErrSealed) {
			t.Fatalf("bit %d flipped: %v, want ErrSealed", bit, err)
		}
		sealed[bit/8] ^= 1 << (bit % 8)
	}
}

func TestAnAddressThatIsNotWholeSealsNothing(t *testing.T) {
	ring := openKeyring(t, filepath.Join(t.TempDir(), "keys"))
	key := familyKey(t, ring, "case_1")
	sealed := seal(t, key, "x")
	for name, address := range map[string]secrets.Address{
		"kind":    {Record: "r", Section: "s", Version: 1},
		"record":  {Kind: "k", Section: "s", Version: 1},
		"section": {Kind: "k", Record: "r", Version: 1},
		"version": {Kind: "k", Record: "r", Section: "s"},
	} {
		if _, err := key.Seal(address, nil); err == nil {
			t.Errorf("sealed without %s", name)
		}
		if _, err := key.Open(address, sealed); err == nil {
			t.Errorf("opened without %s", name)
		}
	}
}

func TestOpeningIntoABufferAllocatesNothing(t *testing.T) {
	ring := openKeyring(t, filepath.Join(t.TempDir(), "keys"))
	key := familyKey(t, ring, "case_1")
	sealed := seal(t, key, string(make([]byte, 1024)))
	buffer := make([]byte, 0, 1024)
	// The pool of bindings may be emptied by a collection now and then; with the
	// race detector it drops a share on purpose.
	if allocations := testing.AllocsPerRun(200, func() {
		if _, err := key.OpenTo(buffer, home, sealed); err != nil {
			t.Fatal(err)
		}
	}); allocations > 1 {
		t.Fatalf("%v allocations", allocations)
	}
}
