package worlds_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
)

// answer is what of an answer the properties look at.
type answer struct {
	Data   map[string]json.RawMessage `json:"data"`
	Errors []struct {
		Path       []any          `json:"path"`
		Extensions map[string]any `json:"extensions"`
	} `json:"errors"`
	Extensions struct {
		Redactions []redaction `json:"redactions"`
	} `json:"extensions"`
}

type redaction struct{ Field, Reason string }

// page is a page of a list.
type page struct {
	TotalCount *int
	MoreThan   *int
	PageInfo   struct {
		HasNextPage bool
		EndCursor   *string
	}
	Edges []struct {
		Cursor string
		Node   struct{ ID string }
	}
}

func parse(body []byte) (answer, error) {
	var parsed answer
	if err := json.Unmarshal(body, &parsed); err != nil {
		return parsed, fmt.Errorf("an answer is no JSON: %w", err)
	}
	return parsed, nil
}

// faultOf says what no answer to a good question may be: a fault but NOT_FOUND,
// or redactions out of order or said twice. Empty when nothing is wrong.
func faultOf(body []byte) string {
	parsed, err := parse(body)
	if err != nil {
		return err.Error()
	}
	for _, fault := range parsed.Errors {
		if fault.Extensions["code"] != "NOT_FOUND" {
			return fmt.Sprint(fault.Extensions["code"])
		}
	}
	redactions := parsed.Extensions.Redactions
	for i := 1; i < len(redactions); i++ {
		a, b := redactions[i-1], redactions[i]
		if cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Reason, b.Reason)) >= 0 {
			return "redactions that are not sorted, each once"
		}
	}
	if len(redactions) == 0 && bytes.Contains(body, []byte(`"redactions"`)) {
		return "an empty list of redactions"
	}
	return ""
}

// different is the first question that two rows of answers differ in; -1 when
// they are the same bytes.
func different(a, b [][]byte) int {
	return slices.IndexFunc(indexes(len(a)), func(i int) bool { return !bytes.Equal(a[i], b[i]) })
}

// apart shows two answers from shortly before where they differ.
func apart(a, b []byte) string {
	from := 0
	for from < min(len(a), len(b)) && a[from] == b[from] {
		from++
	}
	show := func(answer []byte) string { return string(answer[max(0, from-200):min(len(answer), from+200)]) }
	return "…" + show(a) + "…\n…" + show(b) + "…"
}

func indexes(count int) []int {
	all := make([]int, count)
	for i := range all {
		all[i] = i
	}
	return all
}
