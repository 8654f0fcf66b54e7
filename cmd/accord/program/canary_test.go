package program_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"accord/cmd/accord/stage"
)

// canaries are words that stand for what people write down: one for each
// sensitive field, each found nowhere else.
type canaries struct {
	words  []string
	fields []string
}

// in returns the word for a field.
func (c *canaries) in(field string) string {
	if at := slices.Index(c.fields, field); at >= 0 {
		return c.words[at]
	}
	word := fmt.Sprintf("Kestrel%c%cQuill", 'A'+len(c.words)/26, 'A'+len(c.words)%26)
	c.words, c.fields = append(c.words, word), append(c.fields, field)
	return word
}

// foundIn names every field whose word stands in the content, and in what form.
func (c *canaries) foundIn(content []byte) []string {
	folded := bytes.ToLower(content)
	var found []string
	for i, word := range c.words {
		for form, bytesOf := range plainForms(word) {
			if bytes.Contains(folded, bytes.ToLower(bytesOf)) {
				found = append(found, c.fields[i]+" "+form)
			}
		}
		for form, text := range base64Forms(word) {
			if bytes.Contains(content, []byte(text)) {
				found = append(found, c.fields[i]+" "+form)
			}
		}
	}
	return found
}

// plainForms are those whose letters may be upper or lower case.
func plainForms(word string) map[string][]byte {
	var little, big []byte
	for _, unit := range utf16.Encode([]rune(word)) {
		little, big = append(little, byte(unit), byte(unit>>8)), append(big, byte(unit>>8), byte(unit))
	}
	return map[string][]byte{
		"as it is": []byte(word), "in UTF-16LE": little, "in UTF-16BE": big, "in hexadecimal": []byte(hex.EncodeToString([]byte(word))),
	}
}

// base64Forms are what base64 makes of a word that begins at any of the three
// places within a group, without the letters that its neighbours share.
func base64Forms(word string) map[string]string {
	forms := map[string]string{}
	for name, encoding := range map[string]*base64.Encoding{"base64": base64.RawStdEncoding, "base64url": base64.RawURLEncoding} {
		for before := range 3 {
			encoded := encoding.EncodeToString(append(make([]byte, before), word...))
			forms[fmt.Sprintf("in %s, %d in", name, before)] = encoded[(before*8+5)/6 : (before+len(word))*8/6]
		}
	}
	return forms
}

func TestTheSearchFindsACanaryInEveryForm(t *testing.T) {
	var c canaries
	word := c.in("a name")
	if found := c.foundIn([]byte("what a person called Kestrel writes with a Quill")); found != nil {
		t.Errorf("found %v where there is none", found)
	}
	for name, content := range map[string]string{
		"as it is": word, "in capitals": strings.ToUpper(word), "UTF-16": string(plainForms(word)["in UTF-16LE"]),
		"UTF-16BE": string(plainForms(word)["in UTF-16BE"]), "hex": fmt.Sprintf("%x", word), "HEX": fmt.Sprintf("%X", word),
		"base64":             base64.StdEncoding.EncodeToString([]byte(word)),
		"base64, one behind": base64.StdEncoding.EncodeToString([]byte("x" + word + "yz")),
		"base64, two behind": base64.URLEncoding.EncodeToString([]byte("xx" + word + "y")),
	} {
		if found := c.foundIn([]byte("before" + content + "behind")); len(found) == 0 {
			t.Errorf("%s is not found", name)
		}
	}
}

// clearFiles searches every file below the folders, and returns their names.
func clearFiles(t *testing.T, c *canaries, folders ...string) []string {
	t.Helper()
	var names []string
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			content, err := os.ReadFile(path) //nolint:gosec // a folder of the test
			if err != nil {
				return err //nolint:wrapcheck // said below
			}
			names = append(names, entry.Name())
			if found := c.foundIn(content); len(found) > 0 {
				t.Errorf("%s holds %s", entry.Name(), strings.Join(found, "; "))
			}
			return nil
		})
		if err != nil {
			t.Fatalf("searching %s: %v", folder, err)
		}
	}
	return names
}

// What people write about people is sealed: it is in no file of the data folder
// or the key folder, in no line of the log, in no error and in no metric, in no
// form. That each word was really written is shown by somebody who reads it.
func TestWhatPeopleWriteStandsNowhereInTheClear(t *testing.T) {
	stage.NeedsFile(t)
	s := stage.New(t, stage.Options{})
	c := &canaries{}
	told := tell(t, s, c)
	unread := []string{"team name", "idempotency key"} // written, and shown to nobody
	for i, word := range c.words {
		if slices.Contains(unread, c.fields[i]) {
			continue
		}
		if !strings.Contains(told.read, word) {
			t.Errorf("nobody reads %s: it was not written, and not finding it proves nothing", c.fields[i])
		}
	}
	for _, refused := range told.refused {
		if found := c.foundIn(refused.Body); len(found) > 0 || !strings.Contains(string(refused.Body), `"errors":[`) {
			t.Errorf("an error holds %v: %s", found, refused.Body)
		}
	}
	names := clearFiles(t, c, s.Data, s.Keys)
	for _, expected := range []string{"accord.db", "accord.db-wal", "accord.db-shm", "audit.origin", "keys.db", "master.json"} {
		if !slices.Contains(names, expected) {
			t.Errorf("%s was not searched; the folders hold %v", expected, names)
		}
	}
	metrics := httptest.NewRecorder()
	s.Program.Metrics().ServeHTTP(metrics, httptest.NewRequest(http.MethodGet, "/metrics", http.NoBody))
	if found := c.foundIn(metrics.Body.Bytes()); len(found) > 0 || !strings.Contains(metrics.Body.String(), "accord_requests_total") {
		t.Errorf("the metrics hold %v: %s", found, metrics.Body)
	}
	if found := c.foundIn([]byte(s.Log())); len(found) > 0 || s.Log() == "" {
		t.Errorf("the log holds %v", found)
	}
	logHoldsOnlyIDs(t, s.Log())
	s.Close(t)
	clearFiles(t, c, s.Data, s.Keys)
}
