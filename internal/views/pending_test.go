package views_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/goccy/go-yaml"

	"accord/authz"
	"accord/domain/sharing"
	"accord/internal/views"
)

// pending is what the access matrix holds and the policy does not yet, as far as it
// waits for records.
type pending struct {
	Classes map[string]string `yaml:"classes"`
	Cells   []struct {
		Class  string `yaml:"class"`
		Mark   string `yaml:"mark"`
		Record string `yaml:"record"`
	} `yaml:"cells"`
}

func readPending(t *testing.T) pending {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "authz", "pending.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var read pending
	if err := yaml.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	if len(read.Classes) == 0 || len(read.Cells) == 0 {
		t.Fatal("nothing is pending: the form of the file has changed")
	}
	return read
}

// A class is pending because no record carries it. With the first record the rows of
// the access matrix come.
func TestARecordThatExistsHasNoPendingRows(t *testing.T) {
	waiting := readPending(t)
	for _, kind := range views.Kinds() {
		carried, _, declared := authz.Carried(string(kind))
		if !declared {
			t.Errorf("no rule can be about %s: its classes and relations are not declared", kind)
		}
		if beyond := kind.Row() &^ carried; beyond != 0 {
			t.Errorf("%s is there by classes (%b) that it does not carry", kind, beyond)
		}
		for _, class := range authz.DataClasses() {
			if why, waits := waiting.Classes[class.String()]; waits && (carried | kind.Row()).Has(class) {
				t.Errorf("%s carries %s, whose rows are pending: %s", kind, class, why)
			}
		}
	}
}

// A cell that is pending names the record that it waits for, and what it gives after
// release waits until something of the class is released.
func TestARecordThatACellWaitsForIsNotThereYet(t *testing.T) {
	var released []string
	for _, source := range sharing.ReleaseSources() {
		released = append(released, views.SourceClass(source).String())
	}
	for _, cell := range readPending(t).Cells {
		if kind, there := views.KindNamed(cell.Record); there {
			t.Errorf("a cell of %s waits for %s, and it is there: %s", cell.Class, cell.Record, kind)
		}
		if cell.Mark == "x" && slices.Contains(released, cell.Class) {
			t.Errorf("what is released of %s is pending, and it is released", cell.Class)
		}
	}
}
