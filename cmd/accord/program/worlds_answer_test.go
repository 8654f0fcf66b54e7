package program_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// The words of an expected answer. Every other scalar stands for itself.
const (
	wordShown    = "shown"    // what the facts say, whole
	wordInitials = "initials" // the mask of a name, as the facts say it
	wordPresent  = "present"  // something that the facts do not hold, such as an id
)

type response struct {
	Data   any `json:"data"`
	Errors []struct {
		Extensions map[string]string `json:"extensions"`
	} `json:"errors"`
	Extensions struct {
		Redactions []struct{ Field, Reason string } `json:"redactions"`
	} `json:"extensions"`
}

func (p *play) compareAnswer(t *testing.T, one step, body []byte) {
	t.Helper()
	var got response
	if err := json.Unmarshal(body, &got); err != nil {
		t.Fatalf("the answer is not JSON: %v", err)
	}
	redactions := []string{}
	for _, redaction := range got.Extensions.Redactions {
		redactions = append(redactions, redaction.Field+" "+redaction.Reason)
	}
	if !slices.Equal(redactions, *one.Redactions) {
		t.Errorf("redactions:\n got %q\nwant %q", redactions, *one.Redactions)
	}
	if one.Error == nil {
		if len(got.Errors) > 0 {
			t.Fatalf("an answer was expected: %s", body)
		}
		check := matcher{t, p.facts}
		answered, fact := got.Data, any(nil)
		if root := one.root(); root != "" {
			data, _ := got.Data.(map[string]any)
			answered = data[root]
		}
		if one.Case != "" {
			fact = p.facts.Cases[one.Case]
		}
		if node, ok := answered.(map[string]any); ok && one.Record != "" {
			delete(node, "__typename")
		}
		check.match("", one.Answer, answered, fact)
		return
	}
	if len(got.Errors) != 1 || !maps.Equal(got.Errors[0].Extensions, one.Error) {
		t.Errorf("one error %v was expected: %s", one.Error, body)
	}
	if data, _ := got.Data.(map[string]any); got.Data != nil && !allNull(data) {
		t.Errorf("beside the error there is data: %s", body)
	}
}

func allNull(data map[string]any) bool {
	for _, value := range data {
		if value != nil {
			return false
		}
	}
	return true
}

// matcher holds an answer against what is expected and what is true.
type matcher struct {
	t     *testing.T
	facts facts
}

func (m matcher) wrong(path, format string, args ...any) {
	m.t.Helper()
	m.t.Errorf("%s: %s", path, fmt.Sprintf(format, args...))
}

// match compares a value with what is expected of it; fact is what is true there.
func (m matcher) match(path string, want, got, fact any) {
	m.t.Helper()
	switch want := want.(type) {
	case map[string]any:
		if called, ok := want["the"].(string); ok && len(want) == 1 {
			if id := m.facts.id(m.t, called); got != id {
				m.wrong(path, "got %v, want the id of %s", got, called)
			}
			return
		}
		m.matchFields(path, want, got, fact)
	case []any:
		m.matchList(path, want, got)
	case string:
		m.matchWord(path, want, got, fact)
	default:
		if !reflect.DeepEqual(plain(m.t, want), got) {
			m.wrong(path, "got %v, want %v", got, want)
		}
	}
}

func (m matcher) matchWord(path, want string, got, fact any) {
	m.t.Helper()
	switch want {
	case wordPresent:
		if got == nil {
			m.wrong(path, "nothing is there")
		}
	case wordShown:
		if fact == nil && got != nil {
			m.wrong(path, "got %v, and the facts say that there is nothing", got)
			return
		}
		m.matchFact(path, got, fact)
	default:
		if got != want {
			m.wrong(path, "got %v, want %s", got, want)
		}
	}
}

// matchFact compares what was selected of a fact with the fact.
func (m matcher) matchFact(path string, got, fact any) {
	m.t.Helper()
	switch got := got.(type) {
	case map[string]any:
		of, _ := fact.(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(got)) {
			m.matchFact(path+"."+name, got[name], of[name])
		}
	case []any:
		of, _ := fact.([]any)
		if len(got) != len(of) {
			m.wrong(path, "got %d, and there are %d", len(got), len(of))
			return
		}
		for i := range got {
			m.matchFact(fmt.Sprintf("%s[%d]", path, i), got[i], of[i])
		}
	default:
		if !reflect.DeepEqual(got, fact) {
			m.wrong(path, "got %v, and the fact is %v", got, fact)
		}
	}
}

// matchFields compares an object field by field, or each object of a list whose
// facts are a list.
func (m matcher) matchFields(path string, want map[string]any, got, fact any) {
	m.t.Helper()
	if elements, ok := got.([]any); ok {
		of, _ := fact.([]any)
		if len(elements) != len(of) {
			m.wrong(path, "got %d, and there are %d", len(elements), len(of))
			return
		}
		for i := range elements {
			m.matchFields(fmt.Sprintf("%s[%d]", path, i), want, elements[i], of[i])
		}
		return
	}
	object, ok := got.(map[string]any)
	if !ok {
		m.wrong(path, "got %v, want an object", got)
		return
	}
	if fact == nil { // a record that is asked for by itself
		fact = m.facts.of(m.facts.nameOf(object), object, 1)
	}
	of, _ := fact.(map[string]any)
	if names := slices.Sorted(maps.Keys(object)); !slices.Equal(names, slices.Sorted(maps.Keys(want))) {
		m.wrong(path, "the fields %q are answered and %q expected", names, slices.Sorted(maps.Keys(want)))
		return
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if want[name] == wordInitials {
			m.matchFact(path+"."+name, object[name], of[wordInitials])
			continue
		}
		m.match(path+"."+name, want[name], object[name], of[name])
	}
}

// matchList compares a list of records by their names. An entry with several
// names says that the documents leave their order open; then it is the same for
// everybody.
func (m matcher) matchList(path string, want []any, got any) {
	m.t.Helper()
	elements, ok := got.([]any)
	if !ok {
		m.wrong(path, "got %v, want a list", got)
		return
	}
	if slices.Contains(m.namesOf(elements), "") {
		m.matchPlaces(path, want, elements)
		return
	}
	var wanted []map[string]any
	count := 0
	for _, entry := range want {
		named, ok := entry.(map[string]any)
		if !ok { // a list of plain values
			if !reflect.DeepEqual(plain(m.t, want), got) {
				m.wrong(path, "got %v, want %v", got, want)
			}
			return
		}
		wanted = append(wanted, named)
		count += len(named)
	}
	if len(elements) != count {
		m.wrong(path, "%d records are there, %d expected: %q", len(elements), count, m.namesOf(elements))
		return
	}
	at := 0
	for _, group := range wanted {
		members := elements[at : at+len(group)]
		m.matchGroup(path, group, members, at)
		at += len(group)
	}
}

// matchPlaces compares records that have no names, each with what stands at its place.
func (m matcher) matchPlaces(path string, want, got []any) {
	m.t.Helper()
	if len(want) != len(got) {
		m.wrong(path, "%d are there, %d expected: %v", len(got), len(want), got)
		return
	}
	for i := range got {
		m.match(fmt.Sprintf("%s[%d]", path, i), want[i], got[i], nil)
	}
}

func (m matcher) matchGroup(path string, group map[string]any, members []any, at int) {
	m.t.Helper()
	names := m.namesOf(members)
	if sorted := slices.Sorted(slices.Values(names)); !slices.Equal(sorted, slices.Sorted(maps.Keys(group))) {
		m.wrong(path, "from place %d stand %q, want %q", at+1, names, slices.Sorted(maps.Keys(group)))
		return
	}
	for i, name := range names {
		if i > 0 && strings.HasSuffix(path, ".list") && m.facts.heard[name] < m.facts.heard[names[i-1]] {
			m.wrong(path, "%s stands behind %s, unlike for the coordinator", name, names[i-1])
		}
		here := fmt.Sprintf("%s[%s]", path, name)
		element, _ := members[i].(map[string]any)
		record := members[i]
		if node, paged := element["node"]; paged {
			if cursor, selected := element["cursor"]; selected && cursor == "" {
				m.wrong(here, "it has no cursor")
			}
			record = node
		}
		m.match(here, group[name], record, m.facts.of(name, record, at+i+1))
	}
}

func (m matcher) namesOf(elements []any) []string {
	names := make([]string, len(elements))
	for i, element := range elements {
		names[i] = m.facts.nameOf(element)
	}
	return names
}

// plain is a value of YAML as JSON decodes it.
func plain(t *testing.T, value any) any {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatalf("encoding an expectation: %v", err)
	}
	var decoded any
	if err := json.Unmarshal(text, &decoded); err != nil {
		t.Fatalf("decoding an expectation: %v", err)
	}
	return decoded
}
