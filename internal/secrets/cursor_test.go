package secrets_test

import (
	"bytes"
	"encoding/base64"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"accord/domain/fault"
	"accord/internal/secrets"
)

func openCursors(tb testing.TB) *secrets.Cursors {
	tb.Helper()
	cursors, err := openKeyring(tb, filepath.Join(tb.TempDir(), "keys")).Cursors()
	if err != nil {
		tb.Fatal(err)
	}
	return cursors
}

func isBadCursor(err error) bool {
	f := fault.Of(err)
	return f != nil && f.Code == fault.BadInput && f.Path == "after" && f.Constraint == "cursor"
}

func TestACursorIsGoodForItsBindingAlone(t *testing.T) {
	cursors := openCursors(t)
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.StringMatching(`[a-c]{0,3}`), 4, 4)
		mine, theirs := parts.Draw(t, "mine"), parts.Draw(t, "theirs")
		place := rapid.SliceOfN(rapid.Byte(), 0, 80).Draw(t, "place")
		cursor := cursors.Encode(secrets.Binding(mine...), place)
		if again := cursors.Encode(secrets.Binding(mine...), place); again != cursor {
			t.Fatal("equal places, different cursors")
		}
		if strings.Trim(cursor, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			t.Fatalf("%s is not safe in a URL", cursor)
		}
		back, err := cursors.Decode(secrets.Binding(mine...), cursor)
		if err != nil || !bytes.Equal(back, place) {
			t.Fatalf("decoded %x, %v", back, err)
		}
		if strings.Join(mine, "|") != strings.Join(theirs, "|") {
			if _, err := cursors.Decode(secrets.Binding(theirs...), cursor); !isBadCursor(err) {
				t.Fatalf("under another binding: %v", err)
			}
		}
		raw, err := base64.RawURLEncoding.DecodeString(cursor)
		if err != nil {
			t.Fatal(err)
		}
		bit := rapid.IntRange(0, 8*len(raw)-1).Draw(t, "bit")
		raw[bit/8] ^= 1 << (bit % 8)
		if _, err := cursors.Decode(secrets.Binding(mine...), base64.RawURLEncoding.EncodeToString(raw)); !isBadCursor(err) {
			t.Fatalf("a flipped bit: %v", err)
		}
	})
}

func TestACursorThatNobodyMadeIsOneFault(t *testing.T) {
	cursors := openCursors(t)
	binding := secrets.Binding("prac_1", "agency_1", "cases", "policy")
	good := cursors.Encode(binding, []byte("a place of some length"))
	for name, cursor := range map[string]string{
		"empty":                   "",
		"too short":               "AAAA",
		"not base64":              "???",
		"padded":                  good + "=",
		"with a line break":       good[:8] + "\n" + good[8:],
		"with trailing bits set":  good[:len(good)-1] + "_",
		"longer than any cursor":  strings.Repeat("A", 4096),
		"of the standard letters": strings.Repeat("+/", 30),
	} {
		if payload, err := cursors.Decode(binding, cursor); !isBadCursor(err) || payload != nil {
			t.Errorf("%s: %x, %v", name, payload, err)
		}
	}
	other := openCursors(t)
	if _, err := other.Decode(binding, good); !isBadCursor(err) {
		t.Errorf("under another key: %v", err)
	}
}

func FuzzCursorDecode(f *testing.F) {
	cursors := openCursors(f)
	binding := secrets.Binding("prac_1", "agency_1")
	f.Add(cursors.Encode(binding, []byte("place")))
	f.Add("")
	f.Add("AAAAAAAAAAAAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, cursor string) {
		payload, err := cursors.Decode(binding, cursor)
		if err != nil {
			if !isBadCursor(err) {
				t.Fatal(err)
			}
			return
		}
		if again := cursors.Encode(binding, payload); again != cursor {
			t.Fatalf("%q and %q are the same place", cursor, again)
		}
	})
}
