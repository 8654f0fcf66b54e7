package attached_test

import (
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"accord/internal/attached"
)

// sound checks a name that was kept.
func sound(tb testing.TB, name string) {
	tb.Helper()
	if !utf8.ValidString(name) || utf8.RuneCountInString(name) > 200 || name == "" {
		tb.Fatalf("name %q", name)
	}
	if filepath.Base(name) != name || strings.ContainsAny(name, `/\:*?"<>|`) || name[0] == '.' || strings.TrimSpace(name) != name {
		tb.Fatalf("name %q", name)
	}
	if strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }) {
		tb.Fatalf("name %q", name)
	}
}

func TestNamesOfFiles(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 196) + ".txt"
	cases := []struct {
		name, kept string // kept is "" when the name is refused
		says       string
	}{
		{name: "messages.txt", kept: "messages.txt"},
		{name: "  messages   of  him .txt ", kept: "messages of him .txt"},
		{name: "messages\u00a0and\u2003calls.txt", kept: "messages and calls.txt"},
		{name: "v1.2 (final) & signed, it's #3.txt", kept: "v1.2 (final) & signed, it's #3.txt"},
		{name: "Zoë Ó Súilleabháin.txt", kept: "Zoë Ó Súilleabháin.txt"},
		{name: "李明 محمد ਗੁਰਪ੍ਰੀਤ.txt", kept: "李明 محمد ਗੁਰਪ੍ਰੀਤ.txt"},
		{name: "می\u200cخواهم.txt", kept: "می\u200cخواهم.txt"},
		{name: "console.txt", kept: "console.txt"},
		{name: "statement.pdf.txt", kept: "statement.pdf.txt"},
		{name: "MESSAGES.TXT", kept: "MESSAGES.TXT"},
		{name: long, kept: long},

		{name: "é" + long, says: "200 characters"},
		{name: strings.Repeat("a", 100_000) + ".txt", says: "200 characters"},
		{name: "", says: "extension"},
		{name: "messages", says: "extension"},
		{name: " .txt", says: "dot"},
		{name: ".txt", says: "dot"},
		{name: ".hidden.txt", says: "dot"},
		{name: "..txt", says: "dot"},
		{name: "\u200c.txt", says: "before it"},
		{name: "../messages.txt", says: "slashes"},
		{name: "a/messages.txt", says: "slashes"},
		{name: `a\messages.txt`, says: "slashes"},
		{name: `C:\messages.txt`, says: "slashes"},
		{name: "a\u2215messages.txt", says: "slashes"},
		{name: "a\uff0fmessages.txt", says: "slashes"},
		{name: "run.exe:messages.txt", says: "colons"},
		{name: `a".txt`, says: "quotation marks"},
		{name: "a?.txt", says: "slashes"},
		{name: "a<b>.txt", says: "slashes"},
		{name: "a|b.txt", says: "slashes"},
		{name: "a\nb.txt", says: "control characters"},
		{name: "a.txt\n", says: "control characters"},
		{name: "a\r\nContent-Type: text/html.txt", says: "control characters"},
		{name: "a\x00.txt", says: "control characters"},
		{name: "a.exe\x00.txt", says: "control characters"},
		{name: "a\tb.txt", says: "control characters"},
		{name: "a\x7f.txt", says: "control characters"},
		{name: "a\u0085.txt", says: "control characters"},
		{name: "a\u2028.txt", says: "control characters"},
		{name: "gpj\u202etxt.exe.txt", says: "direction"},
		{name: "a\u202dtxt.txt", says: "direction"},
		{name: "a\u2066b\u2069.txt", says: "direction"},
		{name: "a\u200fb.txt", says: "direction"},
		{name: "a\u200bb.txt", says: "slashes"},
		{name: "a\ufeffb.txt", says: "slashes"},
		{name: "a\ue000.txt", says: "slashes"},
		{name: "a\ufffd.txt", says: "slashes"},
		{name: "a\xff.txt", says: "slashes"},
		{name: "CON.txt", says: "devices"},
		{name: "nul.old.txt", says: "devices"},
		{name: "com1 .txt", says: "devices"},
	}
	for _, c := range cases {
		got, err := attached.Check(c.name, "text/plain", []byte("text"))
		if c.kept == "" {
			if err == nil {
				t.Errorf("%q is kept as %q", c.name, got.Name)
				continue
			}
			refused(t, err, c.says)
			continue
		}
		if err != nil || got.Name != c.kept {
			t.Errorf("%q: %q, %v; want %q", c.name, got.Name, err, c.kept)
		}
		sound(t, got.Name)
	}
}

func TestWhateverTheNameWhatIsKeptIsSound(t *testing.T) {
	t.Parallel()
	signs := rapid.OneOf(rapid.Rune(), rapid.SampledFrom([]rune("abc ./\\:\u202e\u200c\u00a0\n\x00")))
	rapid.Check(t, func(rt *rapid.T) {
		name := string(rapid.SliceOfN(signs, 0, 12).Draw(rt, "name")) + rapid.SampledFrom([]string{"", ".txt", ".TXT", " .txt", ".txt "}).Draw(rt, "end")
		got, err := attached.Check(name, "text/plain", []byte("text"))
		if err != nil {
			refused(t, err, "")
			return
		}
		sound(t, got.Name)
		if again, err := attached.Check(got.Name, "text/plain", []byte("text")); err != nil || again != got {
			rt.Fatalf("%q is kept as %q and then as %q, %v", name, got.Name, again.Name, err)
		}
	})
}
