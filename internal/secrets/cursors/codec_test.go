package cursors_test

import (
	"bytes"
	"testing"

	"accord/domain/fault"
	"accord/internal/secrets/cursors"
)

func TestAKeyOfAnotherLengthMakesNoCodec(t *testing.T) {
	for _, size := range []int{0, cursors.KeySize - 1, cursors.KeySize + 1} {
		if _, err := cursors.New(make([]byte, size)); err == nil {
			t.Errorf("a key of %d bytes makes a codec", size)
		}
	}
}

func FuzzCursorDecode(f *testing.F) {
	codec, err := cursors.New(bytes.Repeat([]byte{7}, cursors.KeySize))
	if err != nil {
		f.Fatal(err)
	}
	binding := []byte("prac_1 agency_1")
	f.Add(codec.Encode(binding, []byte("place")))
	f.Add("")
	f.Add("AAAAAAAAAAAAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, cursor string) {
		payload, err := codec.Decode(binding, cursor)
		if err != nil {
			if bad := fault.Of(err); bad == nil || bad.Code != fault.BadInput || bad.Constraint != "cursor" {
				t.Fatal(err)
			}
			return
		}
		if again := codec.Encode(binding, payload); again != cursor {
			t.Fatalf("%q and %q are the same place", cursor, again)
		}
	})
}
