package program_test

import (
	"bytes"
	"strings"
	"testing"

	"accord/cmd/accord/stage"
)

const header = `query($reference: String!) { meeting(reference: $reference) { reference } }`

// The first test of all: who has no relation to a meeting is told what a made-up
// reference is told, byte for byte.
func TestAMeetingDoesNotExistForWhoHasNoRelationToIt(t *testing.T) {
	s := stage.New(t, stage.Options{})
	for _, login := range []string{"pc.ward", "sys.kerr", "mappa.okoro", "spoc.hart", "spoc.vale"} {
		asked := s.Ask(t, login, header, map[string]any{"reference": "NM-MARAC-NEXT"})
		madeUp := s.Ask(t, login, header, map[string]any{"reference": "NM-MARAC-NONE"})
		if !bytes.Equal(asked.Body, madeUp.Body) || asked.Status != madeUp.Status {
			t.Errorf("%s can tell the meeting from one that never was:\n%s\n%s", login, asked.Body, madeUp.Body)
		}
		if !strings.Contains(string(asked.Body), `"code":"NOT_FOUND"`) {
			t.Errorf("%s is not told NOT_FOUND: %s", login, asked.Body)
		}
	}
	convenor := s.Ask(t, "coord.ellis", header, map[string]any{"reference": "NM-MARAC-NEXT"})
	if want := `{"data":{"meeting":{"reference":"NM-MARAC-NEXT"}}}`; strings.TrimSpace(string(convenor.Body)) != want {
		t.Errorf("the coordinator is answered %s, want %s", convenor.Body, want)
	}
}
