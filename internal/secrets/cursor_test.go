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
	"accord/internal/secrets/cursors"
)

func openCursors(tb testing.TB) *cursors.Codec {
	tb.Helper()
	codec, err := openKeyring(tb, filepath.Join(tb.TempDir(), "keys")).Cursors()
	if err != nil {
		tb.Fatal(err)
	}
	return codec
}

func isBadCursor(err error) bool {
	f := fault.Of(err)
	return f != nil && f.Code == fault.BadInput && f.Path == "after" && f.Constraint == "cursor"
}

func TestACursorIsGoodForItsBindingAlone(t *testing.T) {
	codec := openCursors(t)
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.StringMatching(`[a-c]{0,3}`), 4, 4)
		mine, theirs := parts.Draw(t, "mine"), parts.Draw(t, "theirs")
		place := rapid.SliceOfN(rapid.Byte(), 0, 80).Draw(t, "place")
		cursor := codec.Encode(secrets.Binding(mine...), place)
		if again := codec.Encode(secrets.Binding(mine...), place); again != cursor {
			t.Fatal("equal places, different cursors")
		}
		if strings.Trim(cursor, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			t.Fatalf("%s is not safe in a URL", cursor)
		}
		back, err := codec.Decode(secrets.Binding(mine...), cursor)
		if err != nil || !bytes.Equal(back, place) {
			t.Fatalf("decoded %x, %v", back, err)
		}
		if strings.Join(mine, "|") != strings.Join(theirs, "|") {
			if _, err := codec.Decode(secrets.Binding(theirs...), cursor); !isBadCursor(err) {
				t.Fatalf("under another binding: %v", err)
			}
		}
		raw, err := base64.RawURLEncoding.DecodeString(cursor)
		if err != nil {
			t.Fatal(err)
		}
		bit := rapid.IntRange(0, 8*len(raw)-1).Draw(t, "bit")
		raw[bit/8] ^= 1 << (bit % 8)
		if _, err := codec.Decode(secrets.Binding(mine...), base64.RawURLEncoding.EncodeToString(raw)); !isBadCursor(err) {
			t.Fatalf("a flipped bit: %v", err)
		}
	})
}

func TestACursorThatNobodyMadeIsOneFault(t *testing.T) {
	codec := openCursors(t)
	binding := secrets.Binding("prac_1", "agency_1", "cases", "policy")
	good := codec.Encode(binding, []byte("a place of some length"))
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
		if payload, err := codec.Decode(binding, cursor); !isBadCursor(err) || payload != nil {
			t.Errorf("%s: %x, %v", name, payload, err)
		}
	}
	other := openCursors(t)
	if _, err := other.Decode(binding, good); !isBadCursor(err) {
		t.Errorf("under another key: %v", err)
	}
}
