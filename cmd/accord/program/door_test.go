package program_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"accord/cmd/accord/stage"
	"accord/internal/audit"
	"accord/internal/secrets/identifier"
)

// planted stands in every bad request, wherever the caller's own words can. No
// answer and no line of the log may repeat it.
const planted = "Kestrelquill"

// letter is a request as it leaves a client, good or bad.
type letter struct {
	method string // empty: POST
	token  string // empty: none
	header map[string]string
	body   string
}

// post sends a letter as it is, without any of the stage's manners.
func post(t *testing.T, s *stage.Stage, l letter) stage.Answer {
	t.Helper()
	method := l.method
	if method == "" {
		method = http.MethodPost
	}
	request, err := http.NewRequestWithContext(t.Context(), method, s.URL(), strings.NewReader(l.body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/graphql-response+json")
	if l.token != "" {
		request.Header.Set("Authorization", "Bearer "+l.token)
	}
	for name, value := range l.header {
		request.Header.Set(name, value)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		t.Fatalf("asking: %v", err)
	}
	body, err := io.ReadAll(response.Body)
	if closed := response.Body.Close(); err != nil || closed != nil {
		t.Fatalf("reading an answer: %v, %v", err, closed)
	}
	return stage.Answer{Status: response.StatusCode, Body: body}
}

// question encodes a query with its variables.
func question(t *testing.T, query string, variables map[string]any) string {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// refusal is the whole answer of a request that did not run. Rest is what stands
// in the extensions behind the code.
func refusal(code, message, rest string) string {
	return fmt.Sprintf(`{"errors":[{"message":%q,"extensions":{"code":%q%s}}]}`, message, code, rest)
}

// refusalAt is the same of a request that is wrong in one place of its document.
func refusalAt(line, column int, message, rest string) string {
	return fmt.Sprintf(`{"errors":[{"message":%q,"locations":[{"line":%d,"column":%d}],"extensions":{"code":"BAD_USER_INPUT"%s}}]}`,
		message, line, column, rest)
}

// written are the entries that an act leaves in the audit log.
func written(t *testing.T, s *stage.Stage, act func()) []audit.Entry {
	t.Helper()
	before := s.Entered(t)
	act()
	return s.Entries(t, before)
}

// What may stand in the log, key by key: ids, codes, numbers and words of closed
// lists. Everything else could be somebody's name.
var (
	anID      = regexp.MustCompile(`^[a-z]+_[0-9a-z]{26}$`)
	codes     = regexp.MustCompile(`^$|^([A-Z_]+)( [A-Z_]+)*$`)
	goTypes   = regexp.MustCompile(`^[*\[\]\w./]+( > [*\[\]\w./]+)*$`)
	timestamp = regexp.MustCompile(`^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$`)

	ofARequest = map[string]func(any) bool{
		"time": matching(timestamp), "level": oneOf("INFO"), "msg": oneOf("request"), "requestId": isID, "person": isIDOrNone,
		"agency": isIDOrNone, "operation": oneOf("", "query", "mutation", "upload", "download"), "status": isNumber, "codes": matching(codes),
		"took": isNumber, "bytes": isNumber,
	}
	ofAnError = map[string]func(any) bool{
		"time": matching(timestamp), "level": oneOf("ERROR"), "msg": oneOf("error not shown"), "requestId": isID,
		"code": oneOf("INTERNAL", "UNAVAILABLE"), "kind": matching(goTypes),
	}
)

func matching(form *regexp.Regexp) func(any) bool {
	return func(value any) bool { text, ok := value.(string); return ok && form.MatchString(text) }
}

func oneOf(words ...string) func(any) bool {
	return func(value any) bool { text, ok := value.(string); return ok && slices.Contains(words, text) }
}

func isNumber(value any) bool { _, ok := value.(float64); return ok }

func isID(value any) bool {
	text, ok := value.(string)
	return ok && anID.MatchString(text) && identifier.Is(text)
}

func isIDOrNone(value any) bool { return value == "" || isID(value) }

// logHoldsOnlyIDs fails when the log says anything else.
func logHoldsOnlyIDs(t *testing.T, log string) {
	t.Helper()
	for _, wrong := range wrongInLog(log) {
		t.Error(wrong)
	}
}

// wrongInLog names every key of the log that is not known, and every value that
// is no id, number, code or word of a closed list.
func wrongInLog(log string) []string {
	var wrong []string
	lines := json.NewDecoder(strings.NewReader(log))
	for lines.More() {
		var line map[string]any
		if err := lines.Decode(&line); err != nil {
			return append(wrong, fmt.Sprintf("the log is not JSON: %v", err))
		}
		form := ofARequest
		if line["msg"] == "error not shown" {
			form = ofAnError
		}
		if keys, known := slices.Sorted(maps.Keys(line)), slices.Sorted(maps.Keys(form)); !slices.Equal(keys, known) {
			wrong = append(wrong, fmt.Sprintf("a line of the log holds %v, want %v", keys, known))
			continue
		}
		for key, value := range line {
			if !form[key](value) {
				wrong = append(wrong, fmt.Sprintf("the log says %s: %v", key, value))
			}
		}
	}
	return wrong
}

func TestTheLogCheckSeesAValue(t *testing.T) {
	good := `{"time":"2026-03-02T09:30:00Z","level":"INFO","msg":"request","requestId":"request_00000000000000000000000000","person":"","agency":"",` +
		`"operation":"query","status":200,"codes":"NOT_FOUND","took":0,"bytes":17}`
	if wrong := wrongInLog(good); wrong != nil {
		t.Errorf("a good line is wrong: %v", wrong)
	}
	for name, bad := range map[string]string{
		"a name for a person": strings.Replace(good, `"person":""`, `"person":"Ada Lovelace"`, 1),
		"words for a code":    strings.Replace(good, `"NOT_FOUND"`, `"no Ada Lovelace"`, 1),
		"a further key":       strings.Replace(good, `"bytes"`, `"query":"{ viewer }","bytes"`, 1),
		"another message":     strings.Replace(good, `"msg":"request"`, `"msg":"Ada Lovelace"`, 1),
	} {
		if wrongInLog(bad) == nil {
			t.Errorf("%s passes: %s", name, bad)
		}
	}
}
