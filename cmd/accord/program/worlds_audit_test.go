package program_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"accord/authz"
	"accord/cmd/accord/stage"
	"accord/internal/audit"
)

// entryWanted is an audit entry as a world states it.
type entryWanted struct {
	Entry   string                `yaml:"entry"`   // operation, action, outcome, and what refused
	Records map[string]seenWanted `yaml:"records"` // by kind
}

// seenWanted is how many records of a kind were seen or looked for in vain, and
// in how many of them each class was seen in full or as its mask.
type seenWanted struct {
	Seen    int            `yaml:"seen"`
	Missing int            `yaml:"missing"`
	Full    map[string]int `yaml:"full"`
	Masked  map[string]int `yaml:"masked"`
}

// asker is who an entry must name.
type asker struct {
	capacity authz.Capacity
	purpose  authz.Purpose
}

// asker is for what is declared, or for what routine reads are; a purpose that was
// turned away is nobody's.
func (p *play) asker(t *testing.T, login string, one step) asker {
	t.Helper()
	purpose, known := p.facts.Purposes[login]
	if !known {
		t.Fatalf("the facts name no purpose of %s", login)
	}
	if one.Purpose != "" && one.Status == 0 {
		purpose = one.Purpose
	}
	return asker{p.stage.Capacity(t, login), authz.Purpose(purpose)}
}

// entered returns the entries since the last time, the parts of one look joined.
func (p *play) entered(t *testing.T) []audit.Entry {
	t.Helper()
	fresh := p.stage.Entries(t, p.entries)
	p.entries += int64(len(fresh))
	var joined []audit.Entry
	for _, entry := range fresh {
		if entry.Part > 1 {
			last := &joined[len(joined)-1]
			last.Records = append(last.Records, entry.Records...)
			continue
		}
		joined = append(joined, entry)
	}
	return joined
}

func compareEntries(t *testing.T, want []entryWanted, got []audit.Entry, by asker, typed map[string]any) {
	t.Helper()
	told := make([]string, len(got))
	for i, entry := range got {
		told[i] = describe(headOf(entry), seenOf(entry))
		if string(entry.Person) != by.capacity.Person || string(entry.Agency) != by.capacity.Agency ||
			!slices.Equal(entry.Roles, by.capacity.Roles) || entry.Purpose != by.purpose || !entry.At.Equal(stage.Start) {
			t.Errorf("the entry does not say who asked, when or for what: %+v", entry)
		}
		holdsNothingTyped(t, entry, typed)
	}
	wanted := make([]string, len(want))
	for i, entry := range want {
		wanted[i] = describe(entry.Entry, entry.Records)
	}
	if !slices.Equal(told, wanted) {
		t.Errorf("audit entries:\n got %s\nwant %s", strings.Join(told, "\n     "), strings.Join(wanted, "\n     "))
	}
}

// holdsNothingTyped: an entry names a record by its id, and what was not found by
// its id or a blind token, never by the words that were typed.
func holdsNothingTyped(t *testing.T, entry audit.Entry, typed map[string]any) {
	t.Helper()
	encoded, err := entry.Encode()
	if err != nil {
		t.Fatalf("encoding an entry: %v", err)
	}
	for _, value := range typed {
		if text, ok := value.(string); ok && len(text) > 3 && !strings.Contains(text, "_") && bytes.Contains(encoded, []byte(text)) {
			t.Errorf("the entry holds what was typed, %q: %s", text, encoded)
		}
	}
}

func headOf(entry audit.Entry) string {
	return strings.TrimSpace(fmt.Sprintf("%s %s %s %s", entry.Operation, entry.Action, entry.Outcome, entry.Rule))
}

func seenOf(entry audit.Entry) map[string]seenWanted {
	byKind := map[string]seenWanted{}
	for _, record := range entry.Records {
		seen, known := byKind[string(record.Kind)]
		if !known {
			seen = seenWanted{Full: map[string]int{}, Masked: map[string]int{}}
		}
		if record.Version == 0 {
			seen.Missing++
		} else {
			seen.Seen++
		}
		for _, class := range record.Full.List() {
			seen.Full[class.String()]++
		}
		for _, class := range record.Masked.List() {
			seen.Masked[class.String()]++
		}
		byKind[string(record.Kind)] = seen
	}
	return byKind
}

func describe(head string, records map[string]seenWanted) string {
	var text strings.Builder
	text.WriteString(head)
	for _, kind := range slices.Sorted(maps.Keys(records)) {
		seen := records[kind]
		fmt.Fprintf(&text, "; %s %d", kind, seen.Seen)
		if seen.Missing > 0 {
			fmt.Fprintf(&text, ", missing %d", seen.Missing)
		}
		for _, class := range slices.Sorted(maps.Keys(seen.Full)) {
			fmt.Fprintf(&text, ", %s full %d", class, seen.Full[class])
		}
		for _, class := range slices.Sorted(maps.Keys(seen.Masked)) {
			fmt.Fprintf(&text, ", %s masked %d", class, seen.Masked[class])
		}
	}
	return text.String()
}
