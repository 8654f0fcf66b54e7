package program_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"accord/cmd/accord/program"
	"accord/cmd/accord/stage"
	"accord/domain/sharing"
	"accord/internal/procedures"
)

// Data that is put back to before an exclusion knows nothing of it. The keys do:
// whoever was kept from the case meanwhile is kept from it still, in lists too, and
// the log says that the exclusion was entered again.
func TestAnExclusionOutlivesDataThatIsPutBackToBeforeIt(t *testing.T) {
	stage.NeedsFile(t)
	folder, before := t.TempDir(), t.TempDir()
	signIn := stage.NewSignIn(t)
	s := stage.New(t, stage.Options{SignIn: signIn, Folder: folder})
	caseID, _ := firstListed(t, s)
	s.Close(t)
	stage.CopyFolder(t, before, folder)

	const officer = "pc.ahmed"
	query := `query($id: ID!) { node(id: $id) { id } }`
	s = stage.New(t, stage.Options{SignIn: signIn, Folder: folder})
	if answer := s.Ask(t, officer, query, map[string]any{"id": caseID}); !strings.Contains(string(answer.Body), caseID) {
		t.Fatalf("the officer never saw the case: %s", answer.Body)
	}
	_, coordinator := firstListed(t, s)
	if _, err := procedures.SetExclusion(t.Context(), coordinator, sharing.Exclusion{
		Case: caseID, Person: s.Capacity(t, officer).Person, Kind: sharing.ExcludedFrom, Reason: sharing.BecauseFriend,
	}); err != nil {
		t.Fatal(err)
	}
	excluded := s.Ask(t, officer, query, map[string]any{"id": caseID})
	s.Close(t)

	data := filepath.Join(folder, program.DataFolder)
	must(t, os.RemoveAll(data))
	stage.CopyFolder(t, data, filepath.Join(before, program.DataFolder))
	_, err := program.Accept(t.Context(), program.AcceptRequest{
		Data: data, Keys: filepath.Join(folder, program.KeyFolder), Reason: "an older backup was all there was",
		Clock: s.Clock.Now, Entropy: stage.Entropy(11),
	})
	must(t, err)

	s = stage.New(t, stage.Options{SignIn: signIn, Folder: folder})
	if answer := s.Ask(t, officer, query, map[string]any{"id": caseID}); !bytes.Equal(answer.Body, excluded.Body) {
		t.Errorf("after the restore the officer reads %s", answer.Body)
	}
	list := s.Ask(t, officer, `{ cases(first: 50) { edges { node { id } } } }`, nil)
	if body := string(list.Body); strings.Contains(body, caseID) || strings.Contains(body, `"errors"`) {
		t.Errorf("and lists %s", body)
	}
	entered := durable(t, s)
	found := false
	for _, e := range entered {
		found = found || e.Action == "restoreExclusion" && len(e.Records) == 1 && string(e.Records[0].Record) == caseID
	}
	if !found {
		t.Error("the log does not say that the exclusion was entered again")
	}
}
