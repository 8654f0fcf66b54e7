package program_test

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"accord/authz"
	"accord/internal/audit"
)

// entryWanted is an audit entry as a world states it.
type entryWanted struct {
	Entry   string                `yaml:"entry"`   // operation, action, outcome, and what refused
	For     string                `yaml:"for"`     // the purpose, where it is not that of the asker's routine or declared
	To      []string              `yaml:"to"`      // names of the agencies that something was disclosed to
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
	capacity := p.stage.Capacity(t, login)
	if len(capacity.Roles) == 0 {
		purpose = "" // a condition of access has lapsed, and with it every purpose
	}
	return asker{capacity, authz.Purpose(purpose)}
}

// entered is what was entered since the last time.
type entered struct {
	asker   []audit.Entry // by whoever asked, the parts of one look joined
	alerted bool          // an alert was raised
}

// entered returns the entries since the last time: those of a person apart from
// those of the system capacities, which carry what a change means for others.
func (p *play) entered(t *testing.T) entered {
	t.Helper()
	fresh := p.stage.Entries(t, p.entries)
	p.entries += int64(len(fresh))
	var since entered
	for _, entry := range fresh {
		switch {
		case entry.System != "":
			since.alerted = since.alerted || entry.Action == "raiseAlert"
		case entry.Part > 1:
			last := &since.asker[len(since.asker)-1]
			last.Records = append(last.Records, entry.Records...)
		default:
			since.asker = append(since.asker, entry)
		}
	}
	return since
}

func (p *play) compareEntries(t *testing.T, want []entryWanted, got []audit.Entry, by asker, typed map[string]any) {
	t.Helper()
	told := make([]string, len(got))
	for i, entry := range got {
		told[i] = p.told(entry, by.purpose).String()
		if string(entry.Person) != by.capacity.Person || string(entry.Agency) != by.capacity.Agency ||
			!slices.Equal(entry.Roles, by.capacity.Roles) || !entry.At.Equal(p.stage.Clock.Now()) {
			t.Errorf("the entry does not say who asked, or when: %+v", entry)
		}
		holdsNothingTyped(t, entry, typed)
	}
	wanted := make([]string, len(want))
	for i, entry := range want {
		wanted[i] = entry.String()
	}
	if !slices.Equal(told, wanted) {
		t.Errorf("audit entries:\n got %s\nwant %s", strings.Join(told, "\n     "), strings.Join(wanted, "\n     "))
	}
}

// told is an entry as a world states it.
func (p *play) told(entry audit.Entry, purpose authz.Purpose) entryWanted {
	told := entryWanted{Entry: headOf(entry), Records: seenOf(entry)}
	if entry.Purpose != purpose {
		told.For = cmp.Or(string(entry.Purpose), "nothing")
	}
	for _, recipient := range entry.Recipients {
		told.To = append(told.To, p.facts.agencies[string(recipient)])
	}
	return told
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

// String writes an entry the way a world states it.
func (w entryWanted) String() string {
	var parts []string
	for _, kind := range slices.Sorted(maps.Keys(w.Records)) {
		parts = append(parts, kind+": "+w.Records[kind].String())
	}
	text := "{entry: " + w.Entry
	if w.For != "" {
		text += ", for: " + w.For
	}
	if len(w.To) > 0 {
		text += ", to: [" + strings.Join(slices.Sorted(slices.Values(w.To)), ", ") + "]"
	}
	if len(parts) > 0 {
		text += ", records: {" + strings.Join(parts, ", ") + "}"
	}
	return text + "}"
}

func (s seenWanted) String() string {
	var parts []string
	if s.Seen > 0 {
		parts = append(parts, fmt.Sprintf("seen: %d", s.Seen))
	}
	if s.Missing > 0 {
		parts = append(parts, fmt.Sprintf("missing: %d", s.Missing))
	}
	for _, level := range []struct {
		name    string
		classes map[string]int
	}{{"full", s.Full}, {"masked", s.Masked}} {
		var counts []string
		for _, class := range slices.Sorted(maps.Keys(level.classes)) {
			counts = append(counts, fmt.Sprintf("%s: %d", class, level.classes[class]))
		}
		if len(counts) > 0 {
			parts = append(parts, level.name+": {"+strings.Join(counts, ", ")+"}")
		}
	}
	return "{" + strings.Join(parts, ", ") + "}"
}
