package backup_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/streamingaead"
	"github.com/tink-crypto/tink-go/v2/tink"
	"pgregory.net/rapid"

	"accord/internal/backup"
)

// Two files, together longer than two segments of the stream.
const (
	small = 77
	large = 2<<20 + 12345
)

var (
	dataKey  = newKey(backup.Data)
	otherKey = newKey(backup.Data)
	keysKey  = newKey(backup.Keys)
	header   = backup.Header{
		Holds: backup.Data, Made: time.Date(2026, time.March, 2, 9, 30, 0, 0, time.UTC), Origin: "accord.audit/4f0q9x2m7c1tz8r5v3k6hwnp0d",
		Entries: 512, Root: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", Schema: 1,
		Counts: []backup.Count{{Of: "case", Number: 14}, {Of: "listItem", Number: 20}},
		Files:  []backup.File{{Name: "audit.origin", Size: small}, {Name: "accord.db", Size: large}},
	}
)

func newKey(purpose backup.Purpose) backup.Key {
	key, err := backup.NewKey(purpose)
	if err != nil {
		panic(err)
	}
	return key
}

// contents are those of the two files, the same every time.
var contents = sync.OnceValue(func() [][]byte {
	source := rand.NewChaCha8([32]byte{1})
	one, two := make([]byte, small), make([]byte, large)
	_, _ = source.Read(one) // a ChaCha8 always reads
	_, _ = source.Read(two)
	return [][]byte{one, two}
})

// written is a whole backup under dataKey.
var written = sync.OnceValue(func() []byte {
	var file bytes.Buffer
	if err := backup.Write(&file, dataKey, header, readers()); err != nil {
		panic(err)
	}
	return file.Bytes()
})

func readers() []io.Reader {
	return []io.Reader{bytes.NewReader(contents()[0]), bytes.NewReader(contents()[1])}
}

// restored reads a whole backup and returns its files.
func restored(file io.Reader, key backup.Key, purpose backup.Purpose) (backup.Header, [][]byte, error) {
	opened, err := backup.Open(file, key, purpose)
	if err != nil {
		return backup.Header{}, nil, err
	}
	var files [][]byte
	err = opened.Files(func(_ backup.File, content io.Reader) error {
		read, err := io.ReadAll(content)
		files = append(files, read)
		return err
	})
	return opened.Header, files, err
}

// headLength is how long the header and what stands before it are.
func headLength(file []byte) int { return 14 + int(binary.BigEndian.Uint32(file[10:])) }

func TestWhatIsBackedUpIsWhatIsRestored(t *testing.T) {
	for name, file := range map[string]io.Reader{
		"at once": bytes.NewReader(written()), "byte by byte": iotest.OneByteReader(bytes.NewReader(written())),
	} {
		got, files, err := restored(file, dataKey, backup.Data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(files) != 2 || !bytes.Equal(files[0], contents()[0]) || !bytes.Equal(files[1], contents()[1]) {
			t.Errorf("%s: other files came back", name)
		}
		if got.Key != dataKey.Fingerprint() || got.Entries != header.Entries || got.Root != header.Root || !got.Made.Equal(header.Made) {
			t.Errorf("%s: another header came back: %+v", name, got)
		}
	}
}

func TestTheHeaderIsReadWithoutAKeyAndSaysNothingOfTheContent(t *testing.T) {
	read, err := backup.ReadHeader(bytes.NewReader(written()))
	if err != nil {
		t.Fatal(err)
	}
	const told = `Holds:     the data
Made:      2026-03-02T09:30:00Z
Key:       KEY
Origin:    accord.audit/4f0q9x2m7c1tz8r5v3k6hwnp0d
Size:      2109574 bytes, schema version 1
Documents: 34 (case 14, listItem 20)
Entries:   512, numbered 0 to 511
Root:      47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU= over 512 entries
`
	if want := strings.Replace(told, "KEY", dataKey.Fingerprint(), 1); read.String() != want {
		t.Errorf("the header says\n%swant\n%s", read, want)
	}
	for _, content := range contents() {
		if bytes.Contains(written(), content[:32]) {
			t.Error("the backup holds its content in the clear")
		}
	}
	if text, err := dataKey.Text(); err != nil || bytes.Contains(written(), keyMaterial(t, text)) {
		t.Errorf("the backup holds its key, %v", err)
	}
}

func keyMaterial(t *testing.T, text []byte) []byte {
	t.Helper()
	var read struct {
		Keyset struct {
			Key []struct {
				KeyData struct{ Value string }
			}
		}
	}
	if err := json.Unmarshal(text, &read); err != nil || len(read.Keyset.Key) != 1 || read.Keyset.Key[0].KeyData.Value == "" {
		t.Fatalf("a key file of another form: %v", err)
	}
	return []byte(read.Keyset.Key[0].KeyData.Value)
}

// Equal data never make equal backups: nobody sees from outside that nothing has
// changed.
func TestTwoBackupsOfTheSameShareNothingButTheirHeader(t *testing.T) {
	var again bytes.Buffer
	if err := backup.Write(&again, dataKey, header, readers()); err != nil {
		t.Fatal(err)
	}
	head := headLength(written())
	if !bytes.Equal(again.Bytes()[:head], written()[:head]) || bytes.Equal(again.Bytes()[head:head+64], written()[head:head+64]) {
		t.Error("the header differs, or the stream does not")
	}
}

func TestWhatIsNotTheBackupAskedForIsRefused(t *testing.T) {
	head := headLength(written())
	const segment = 1 << 20
	changed := func(change func(file []byte) []byte) []byte { return change(bytes.Clone(written())) }
	cases := []struct {
		name    string
		file    []byte
		key     backup.Key
		purpose backup.Purpose
		want    error
	}{
		{"another key", written(), otherKey, backup.Data, backup.ErrOtherKey},
		{"no key", written(), backup.Key{}, backup.Data, backup.ErrNoKey},
		{"a key for keys", written(), keysKey, backup.Data, backup.ErrKeyForKeys},
		{"a key for data, asked for keys", written(), dataKey, backup.Keys, backup.ErrKeyForData},
		{"data given as keys", written(), keysKey, backup.Keys, backup.ErrHoldsData},
		{"nothing", nil, dataKey, backup.Data, backup.ErrNoBackup},
		{"a short text", []byte("hello"), dataKey, backup.Data, backup.ErrNoBackup},
		{"a database", []byte("SQLite format 3\x00 and so on"), dataKey, backup.Data, backup.ErrNoBackup},
		{"a later format", changed(func(f []byte) []byte { f[9] = 2; return f }), dataKey, backup.Data, backup.ErrLater},
		{"a format that never was", changed(func(f []byte) []byte { f[9] = 0; return f }), dataKey, backup.Data, backup.ErrDamaged},
		{"an endless header", changed(func(f []byte) []byte { f[10] = 0xff; return f }), dataKey, backup.Data, backup.ErrDamaged},
		{"the magic alone", written()[:8], dataKey, backup.Data, backup.ErrDamaged},
		{"cut in the header", written()[:head-1], dataKey, backup.Data, backup.ErrDamaged},
		{"cut behind the header", written()[:head], dataKey, backup.Data, backup.ErrDamaged},
		{"cut in the salt", written()[:head+20], dataKey, backup.Data, backup.ErrDamaged},
		{"cut before the first segment", written()[:head+40], dataKey, backup.Data, backup.ErrDamaged},
		{"cut behind the first segment", written()[:head+segment], dataKey, backup.Data, backup.ErrDamaged},
		{"cut behind the second segment", written()[:head+2*segment], dataKey, backup.Data, backup.ErrDamaged},
		{"the last byte cut", written()[:len(written())-1], dataKey, backup.Data, backup.ErrDamaged},
		{"a byte more", changed(func(f []byte) []byte { return append(f, 0) }), dataKey, backup.Data, backup.ErrDamaged},
		{"itself behind it", changed(func(f []byte) []byte { return append(f, f...) }), dataKey, backup.Data, backup.ErrDamaged},
		{"its segments exchanged", changed(func(f []byte) []byte {
			first, second := f[head+40:head+segment], f[head+segment:head+2*segment-40]
			kept := bytes.Clone(first)
			copy(first, second)
			copy(second, kept)
			return f
		}), dataKey, backup.Data, backup.ErrDamaged},
		{"its second segment left out", changed(func(f []byte) []byte {
			return append(f[:head+segment], f[head+2*segment:]...)
		}), dataKey, backup.Data, backup.ErrDamaged},
		{"another count", changed(func(f []byte) []byte {
			return bytes.Replace(f, []byte(`"number":14`), []byte(`"number":15`), 1)
		}), dataKey, backup.Data, backup.ErrDamaged},
		{"another time", changed(func(f []byte) []byte {
			return bytes.Replace(f, []byte(`2026-03-02`), []byte(`2026-03-03`), 1)
		}), dataKey, backup.Data, backup.ErrDamaged},
		{"keys, it says", changed(func(f []byte) []byte {
			return bytes.Replace(f, []byte(`"holds":"data"`), []byte(`"holds":"keys"`), 1)
		}), dataKey, backup.Data, backup.ErrHoldsKeys},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if _, _, err := restored(bytes.NewReader(c.file), c.key, c.purpose); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
		})
	}
}

// Who holds the key can write what the header does not say; it is refused like
// anything else that Write did not write.
func TestAStreamOfAnotherLengthThanTheHeaderSaysIsRefused(t *testing.T) {
	head := written()[:headLength(written())]
	whole := append(bytes.Clone(contents()[0]), contents()[1]...)
	for name, plain := range map[string][]byte{
		"as it says": whole, "a byte more": append(bytes.Clone(whole), 0), "a byte less": whole[:len(whole)-1], "nothing": nil,
	} {
		file := bytes.NewBuffer(bytes.Clone(head))
		sealed, err := streamOf(t, dataKey).NewEncryptingWriter(file, head)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := sealed.Write(plain); err != nil {
			t.Fatal(err)
		}
		if err := sealed.Close(); err != nil {
			t.Fatal(err)
		}
		_, _, err = restored(file, dataKey, backup.Data)
		if name == "as it says" && err != nil || name != "as it says" && !errors.Is(err, backup.ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func streamOf(t *testing.T, key backup.Key) tink.StreamingAEAD {
	t.Helper()
	text, err := key.Text()
	if err != nil {
		t.Fatal(err)
	}
	var read struct{ Keyset json.RawMessage }
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(read.Keyset)))
	if err != nil {
		t.Fatal(err)
	}
	stream, err := streamingaead.New(handle)
	if err != nil {
		t.Fatal(err)
	}
	return stream
}

// Whatever single bit is changed and wherever the file is cut, no restore comes to
// a good end.
func TestNoChangedByteAndNoCutIsOverlooked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		file := bytes.Clone(written())
		// Half of the draws meet the header and the beginning of the stream.
		end := rapid.SampledFrom([]int{headLength(file) + 100, len(file)}).Draw(t, "within")
		at := rapid.IntRange(0, end-1).Draw(t, "at")
		if rapid.Bool().Draw(t, "cut") {
			file = file[:at]
		} else {
			file[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		}
		_, _, err := restored(bytes.NewReader(file), dataKey, backup.Data)
		for _, known := range []error{backup.ErrDamaged, backup.ErrNoBackup, backup.ErrLater, backup.ErrOtherKey, backup.ErrHoldsKeys} {
			if errors.Is(err, known) {
				return
			}
		}
		t.Fatalf("restored with %v", err)
	})
}

// A file that cannot be read is not called damaged: the backup may be good.
func TestADiskThatFailsIsNotADamagedBackup(t *testing.T) {
	failing := errors.New("the disk fails")
	for _, after := range []int{0, 9, headLength(written()), 1 << 20, len(written())} {
		file := io.MultiReader(bytes.NewReader(written()[:after]), iotest.ErrReader(failing))
		_, _, err := restored(file, dataKey, backup.Data)
		if !errors.Is(err, failing) || errors.Is(err, backup.ErrDamaged) {
			t.Errorf("after %d bytes: %v", after, err)
		}
	}
}

func TestABackupIsWrittenOfWhatWasDescribedOnly(t *testing.T) {
	for name, c := range map[string]struct {
		key      *backup.Key
		change   func(h *backup.Header)
		contents []io.Reader
	}{
		"a key for keys":     {key: &keysKey},
		"a file missing":     {contents: readers()[:1]},
		"a file too short":   {contents: []io.Reader{bytes.NewReader(contents()[0][1:]), bytes.NewReader(contents()[1])}},
		"a file too long":    {contents: []io.Reader{bytes.NewReader(contents()[1]), bytes.NewReader(contents()[1])}},
		"a file that fails":  {contents: []io.Reader{iotest.ErrReader(os.ErrPermission), bytes.NewReader(contents()[1])}},
		"no origin":          {change: func(h *backup.Header) { h.Origin = "" }},
		"a path":             {change: func(h *backup.Header) { h.Files = []backup.File{{Name: "../x", Size: small}, {Name: "y", Size: large}} }},
		"a kind with a name": {change: func(h *backup.Header) { h.Counts = []backup.Count{{Of: "Thandeka Rowanfield", Number: 1}} }},
		"entries, no root":   {change: func(h *backup.Header) { h.Root = "" }},
		"half a second":      {change: func(h *backup.Header) { h.Made = h.Made.Add(time.Millisecond) }},
	} {
		t.Run(name, func(t *testing.T) {
			key, described, from := dataKey, header, readers()
			if c.key != nil {
				key = *c.key
			}
			if c.change != nil {
				c.change(&described)
			}
			if c.contents != nil {
				from = c.contents
			}
			if err := backup.Write(io.Discard, key, described, from); err == nil {
				t.Error("it was written")
			}
		})
	}
}

func TestAKeyFileIsReadBackAndOpensWhatItClosed(t *testing.T) {
	text, err := dataKey.Text()
	if err != nil {
		t.Fatal(err)
	}
	key, err := backup.ParseKey(text)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := restored(bytes.NewReader(written()), key, backup.Data); err != nil {
		t.Errorf("the key read back does not open: %v", err)
	}
	for name, change := range map[string]func(string) string{
		"its purpose changed": func(s string) string { return strings.Replace(s, `"purpose":"data"`, `"purpose":"keys"`, 1) },
		"no purpose":          func(s string) string { return strings.Replace(s, `"purpose":"data",`, ``, 1) },
		"another fingerprint": func(s string) string { return strings.Replace(s, dataKey.Fingerprint(), otherKey.Fingerprint(), 1) },
		"another keyset": func(s string) string {
			other, err := otherKey.Text()
			if err != nil {
				t.Fatal(err)
			}
			return strings.Replace(s, string(keyMaterial(t, []byte(s))), string(keyMaterial(t, other)), 1)
		},
		"cut":   func(s string) string { return s[:len(s)/2] },
		"empty": func(string) string { return "" },
		"no keyset": func(string) string {
			return `{"accord":"backup key, form 1","purpose":"data","fingerprint":"","keyset":{}}`
		},
		"a master": func(string) string { return `{"primaryKeyId":1,"key":[]}` },
	} {
		if _, err := backup.ParseKey([]byte(change(string(text)))); !errors.Is(err, backup.ErrNoKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever the header of a file says, reading it ends, and what it accepts has one
// form only.
func FuzzReadHeader(f *testing.F) {
	f.Add(written()[:headLength(written())])
	f.Add(written()[:20])
	f.Add([]byte("ACCORDBK\x00\x01\x00\x00\x00\x02{}"))
	f.Add([]byte("ACCORDBK\x00\x02"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, file []byte) {
		read, err := backup.ReadHeader(bytes.NewReader(file))
		if err != nil {
			for _, known := range []error{backup.ErrDamaged, backup.ErrNoBackup, backup.ErrLater} {
				if errors.Is(err, known) {
					return
				}
			}
			t.Fatalf("refused with %v", err)
		}
		text, err := json.Marshal(read)
		if err != nil || !bytes.Equal(text, file[14:headLength(file)]) {
			t.Fatalf("%+v was read from another form, %v", read, err)
		}
		_ = read.String() // whatever was accepted can be told
	})
}
