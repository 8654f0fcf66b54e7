package stage

import (
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"accord/internal/records"
)

// written are the rehearsals that stages of this test binary begin with: to write
// one takes as long as many a test.
var written = struct {
	sync.Mutex
	rehearsals map[rehearsal]*left
}{rehearsals: map[rehearsal]*left{}}

// rehearsal is what a written rehearsal follows from.
type rehearsal struct {
	signIn string // address of the sign-in, which the people are enrolled under
	seed   uint64
	forms  string
}

// left is what writing it left behind.
type left struct {
	files  map[string][]byte // by their path within the folder
	source []byte            // where everything random goes on
}

// beginsRehearsed reports whether a stage begins with the rehearsal and nothing else.
func (o Options) beginsRehearsed() bool {
	if _, err := os.Stat(filepath.Join(o.Folder, "data")); err == nil || o.Empty || o.Entropy != nil || o.Cluster != "" {
		return false
	}
	return o.Clock == nil || o.Clock().Equal(Start)
}

// rehearse puts the rehearsal into the folder of the options, and returns where
// everything random goes on.
func rehearse(tb testing.TB, options Options) io.Reader {
	tb.Helper()
	of := rehearsal{signIn: options.SignIn.server.URL, seed: options.Seed, forms: counted(options.Forms)}
	written.Lock()
	defer written.Unlock()
	before, known := written.rehearsals[of]
	if !known {
		before = write(tb, options)
		written.rehearsals[of] = before
	}
	for path, content := range before.files {
		path = filepath.Join(options.Folder, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			tb.Fatalf("beginning with the rehearsal: %v", err)
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			tb.Fatalf("beginning with the rehearsal: %v", err)
		}
	}
	source := &rand.ChaCha8{}
	if err := source.UnmarshalBinary(before.source); err != nil {
		tb.Fatalf("going on with what is random: %v", err)
	}
	return &seeded{source: source}
}

func write(tb testing.TB, options Options) *left {
	tb.Helper()
	source := newSeeded(options.Seed)
	folder := tb.TempDir()
	New(tb, Options{SignIn: options.SignIn, Entropy: source, Folder: folder, Forms: options.Forms}).Close(tb)
	state, err := source.source.MarshalBinary()
	if err != nil {
		tb.Fatalf("keeping what is random: %v", err)
	}
	files := map[string][]byte{}
	err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		within, err := filepath.Rel(folder, path)
		if err != nil {
			return fmt.Errorf("reading the rehearsal: %w", err)
		}
		files[within], err = os.ReadFile(path) //nolint:gosec // a folder of the test
		return err                             //nolint:wrapcheck // names the path itself
	})
	if err != nil {
		tb.Fatalf("reading the rehearsal: %v", err)
	}
	return &left{files: files, source: state}
}

// counted says in which form a program writes each kind.
func counted(forms records.Forms) string {
	var text strings.Builder
	for _, kind := range slices.Sorted(maps.Keys(forms)) {
		fmt.Fprintf(&text, "%s %d;", kind, 1+len(forms[kind]))
	}
	return text.String()
}

// address is where the first sign-in provider of this test binary listened.
var address struct {
	sync.Mutex
	used string
}

// sameAddress listens where the sign-in providers before listened, if nobody does,
// so that what was written for their people is good for those of the next.
func sameAddress(tb testing.TB) net.Listener {
	tb.Helper()
	address.Lock()
	defer address.Unlock()
	var config net.ListenConfig
	if address.used != "" {
		if listener, err := config.Listen(tb.Context(), "tcp", address.used); err == nil {
			return listener
		}
	}
	listener, err := config.Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatalf("listening for the sign-in: %v", err)
	}
	if address.used == "" {
		address.used = listener.Addr().String()
	}
	return listener
}
