package procedures_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"

	"accord/authz"
	"accord/cmd/accord/stage"
	"accord/domain/calendar"
	"accord/domain/casework"
	"accord/internal/attached"
	"accord/internal/audit"
	"accord/internal/procedures"
	"accord/internal/records"
	"accord/internal/views"
)

// attachedPDF is a sound file that says something.
func attachedPDF(words string) []byte {
	return []byte("%PDF-1.7\n% " + words + "\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n" +
		"trailer\n<</Size 3/Root 1 0 R>>\n%%EOF\n")
}

// evidence is a file for a record.
func evidence(record string) stage.File {
	return stage.File{Record: record, Name: "door camera.pdf", Type: "application/pdf", Content: attachedPDF("she is seen at the door")}
}

// attaches has a file attached, which must go well, and returns its id.
func attaches(t *testing.T, s *stage.Stage, login string, file stage.File) string {
	t.Helper()
	answer := s.Attach(t, login, file)
	var made struct{ Attachment struct{ ID string } }
	if answer.Status != http.StatusCreated {
		t.Fatalf("%s is answered %d %s", login, answer.Status, answer.Body)
	}
	succeeded(t, answer.Answer, &made)
	return made.Attachment.ID
}

// attachables are a record of each kind that takes files, of one case.
type attachables struct {
	caseID, reference                         string
	assessment, incident, order, note, health string
}

func recordsThatTakeFiles(t *testing.T, s *stage.Stage) attachables {
	t.Helper()
	a := attachables{caseID: firstListed(t, s)}
	if err := procedures.RecordOrder(t.Context(), s.As(t, "pc.ahmed"), a.caseID, casework.Order{
		Type: casework.Restraining, MadeOn: calendar.DateIn(stage.Start), Conditions: "Not to go within a mile of the school.",
	}); err != nil {
		t.Fatal(err)
	}
	var read struct {
		Node struct {
			Reference         string
			CurrentAssessment struct{ ID string }
			CourseOfConduct   struct{ Incidents []struct{ ID string } }
			Orders            []struct{ ID string }
		}
	}
	succeeded(t, s.Ask(t, "pc.ahmed", `query($id: ID!) { node(id: $id) { ... on Case {
		reference currentAssessment { id } courseOfConduct { incidents { id } } orders { id } } } }`, map[string]any{"id": a.caseID}), &read)
	a.reference, a.assessment, a.incident, a.order = read.Node.Reference, read.Node.CurrentAssessment.ID, read.Node.CourseOfConduct.Incidents[0].ID, read.Node.Orders[0].ID
	a.note = record(t, s, "idva.byrne", a.caseID, "ADVOCATE_NOTE", "She told me where he waits.")
	a.health = record(t, s, "hv.osei", a.caseID, "HEALTH_INFORMATION", "Bruises on the upper arm.")
	return a
}

// attachmentsSeen are the attachments that somebody is shown of a case.
func attachmentsSeen(t *testing.T, s *stage.Stage, login, caseID string) []string {
	t.Helper()
	var read struct {
		Node struct {
			Attachments []struct{ ID, Name, Of, Type string }
		}
	}
	succeeded(t, s.Ask(t, login, `query($id: ID!) { node(id: $id) { ... on Case { attachments { id of name type size agency { name } } } } }`, map[string]any{"id": caseID}), &read)
	var ids []string
	for _, attachment := range read.Node.Attachments {
		ids = append(ids, attachment.ID)
	}
	return ids
}

// codeOf is the code of the one error of an answer, its rule or its path.
func codeOf(t *testing.T, body []byte) (code, rule string) {
	t.Helper()
	var read struct {
		Errors []struct {
			Extensions struct{ Code, Rule, Source, Path string }
		}
	}
	if err := json.Unmarshal(body, &read); err != nil || len(read.Errors) != 1 {
		return "", ""
	}
	extensions := read.Errors[0].Extensions
	return extensions.Code, extensions.Rule + extensions.Path
}

// Files are attached by the agency that holds the record, by who may change it there.
// Whoever does not reach the record gets the bytes of a record that never was.
func TestAFileIsAttachedByWhoHoldsTheRecord(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := recordsThatTakeFiles(t, s)
	never := s.Attach(t, "pc.ahmed", evidence("incident_15j4ezz6gwcqgm8d4f19xad8t0"))
	if code, _ := codeOf(t, never.Body); never.Status != http.StatusNotFound || code != "NOT_FOUND" {
		t.Fatalf("a record that never was: %d %s", never.Status, never.Body)
	}
	for _, c := range []struct {
		login, record string
		status        int
	}{
		{"pc.ahmed", of.incident, http.StatusCreated},
		{"ds.reid", of.incident, http.StatusCreated},       // of the same agency
		{"pc.ahmed", of.assessment, http.StatusCreated},    // submitted, and not changed by it
		{"pc.ahmed", of.order, http.StatusCreated},         //
		{"idva.byrne", of.note, http.StatusCreated},        //
		{"hv.osei", of.health, http.StatusCreated},         //
		{"idva.byrne", of.incident, http.StatusForbidden},  // writes incidents of the case, and not this one
		{"po.singh", of.incident, http.StatusForbidden},    // reads it
		{"insp.cole", of.incident, http.StatusForbidden},   // reads it, of the agency
		{"coord.ellis", of.incident, http.StatusForbidden}, // reads it
		{"coord.ellis", of.health, http.StatusForbidden},   // is told that it is there
		{"idva.byrne", of.assessment, http.StatusNotFound}, // another agency's
		{"mappa.okoro", of.incident, http.StatusNotFound},  //
		{"pc.ahmed", of.note, http.StatusNotFound},         //
		{"pc.ward", of.incident, http.StatusNotFound},      // not on the case
		{"dpo.grant", of.incident, http.StatusNotFound},    //
		{"sys.kerr", of.incident, http.StatusNotFound},     //
		{"pc.ahmed", "nonsense", http.StatusNotFound},      //
		{"pc.ahmed", "", http.StatusNotFound},              //
		{"pc.ahmed", of.caseID, http.StatusBadRequest},     // a case takes none
		{"pc.ward", of.caseID, http.StatusBadRequest},      // whether it is there or not
		{"pc.ahmed", "notice_15j4ezz6gwcqgm8d4f19xad8t0", http.StatusBadRequest},
	} {
		before := s.Entered(t)
		answer := s.Attach(t, c.login, evidence(c.record))
		if answer.Status != c.status {
			t.Errorf("%s attaches to %s: %d %s", c.login, c.record, answer.Status, answer.Body)
		}
		if c.status == http.StatusNotFound && !bytes.Equal(answer.Body, never.Body) {
			t.Errorf("%s learns something of %s: %s", c.login, c.record, answer.Body)
		}
		if entries := s.Entries(t, before); len(entries) == 0 || c.status != http.StatusCreated && slices.ContainsFunc(entries, func(e audit.Entry) bool { return e.Outcome == audit.Done }) {
			t.Errorf("%s attaching to %s is entered as %+v", c.login, c.record, entries)
		}
	}
	if seen := attachmentsSeen(t, s, "pc.ahmed", of.caseID); len(seen) != 4 {
		t.Errorf("the officer in the case sees %v", seen)
	}
}

// What is not what it says it is changes nothing, whoever sends it, and is entered.
func TestAFileThatIsNotWhatItSaysIsRefused(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := recordsThatTakeFiles(t, s)
	good := attachedPDF("statement")
	program := append([]byte("MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00"), make([]byte, 400)...)
	for what, c := range map[string]struct {
		file   stage.File
		status int
		rule   string
	}{
		"an executable named .pdf": {stage.File{Name: "statement.pdf", Type: "application/pdf", Content: program}, 400, "ATTACHMENT_TYPE"},
		"an executable":            {stage.File{Name: "statement.exe", Type: "application/octet-stream", Content: program}, 400, "ATTACHMENT_TYPE"},
		"another declared type":    {stage.File{Name: "statement.pdf", Type: "image/png", Content: good}, 400, "ATTACHMENT_TYPE"},
		"another extension":        {stage.File{Name: "statement.png", Type: "application/pdf", Content: good}, 400, "ATTACHMENT_TYPE"},
		"a program before it":      {stage.File{Name: "statement.pdf", Type: "application/pdf", Content: slices.Concat(program[:200], good)}, 400, "ATTACHMENT_TYPE"},
		"a page behind it":         {stage.File{Name: "statement.pdf", Type: "application/pdf", Content: slices.Concat(good, []byte("<script>alert(1)</script>"))}, 400, "ATTACHMENT_TYPE"},
		"a page named .txt":        {stage.File{Name: "a.txt", Type: "text/plain", Content: []byte("<!DOCTYPE html><script>alert(1)</script>")}, 400, "ATTACHMENT_TYPE"},
		"nothing":                  {stage.File{Name: "statement.pdf", Type: "application/pdf"}, 400, "input.content"},
		"no extension":             {stage.File{Name: "statement", Type: "application/pdf", Content: good}, 400, "input.name"},
		"a path":                   {stage.File{Name: "../../statement.pdf", Type: "application/pdf", Content: good}, 400, "input.name"},
		"a turned name":            {stage.File{Name: "statement\u202efdp.pdf", Type: "application/pdf", Content: good}, 400, "input.name"},
		"a line in the name":       {stage.File{Name: "a\r\nSet-Cookie: b.pdf", Type: "application/pdf", Content: good}, 400, "input.name"},
		"too large":                {stage.File{Name: "statement.pdf", Type: "application/pdf", Content: make([]byte, attached.MaxSize+1)}, 413, "body"},
		"a long key":               {stage.File{Name: "statement.pdf", Type: "application/pdf", Content: good, Key: strings.Repeat("k", 101)}, 400, "input.idempotencyKey"},
	} {
		c.file.Record = of.incident
		before := s.Entered(t)
		answer := s.Attach(t, "pc.ahmed", c.file)
		if _, rule := codeOf(t, answer.Body); answer.Status != c.status || rule != c.rule {
			t.Errorf("%s: %d %s", what, answer.Status, answer.Body)
		}
		entries := s.Entries(t, before)
		if len(entries) == 0 || slices.ContainsFunc(entries, func(e audit.Entry) bool { return e.Outcome != audit.Refused || e.Action != "attachFile" }) {
			t.Errorf("%s is entered as %+v", what, entries)
		}
		if strings.Contains(string(answer.Body), "statement") || strings.Contains(s.Log(), "statement") {
			t.Errorf("%s: the name of the file is repeated", what)
		}
	}
	if seen := attachmentsSeen(t, s, "pc.ahmed", of.caseID); len(seen) != 0 {
		t.Errorf("kept %v", seen)
	}
}

// Sending a file again with its key attaches nothing twice; the key stands for that file
// on that record.
func TestAFileIsAttachedOnceHoweverOftenItIsSent(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := recordsThatTakeFiles(t, s)
	file := evidence(of.incident)
	file.Key = "once"
	first, again := attaches(t, s, "pc.ahmed", file), attaches(t, s, "pc.ahmed", file)
	if first != again {
		t.Errorf("the retry made %s beside %s", again, first)
	}
	for what, change := range map[string]func(*stage.File){
		"content": func(f *stage.File) { f.Content = attachedPDF("another") }, "name": func(f *stage.File) { f.Name = "b.pdf" },
		"record": func(f *stage.File) { f.Record = of.order },
	} {
		other := file
		change(&other)
		answer := s.Attach(t, "pc.ahmed", other)
		if _, rule := codeOf(t, answer.Body); rule != "input.idempotencyKey" {
			t.Errorf("another %s under the same key: %s", what, answer.Body)
		}
	}
	if seen := attachmentsSeen(t, s, "pc.ahmed", of.caseID); len(seen) != 1 {
		t.Errorf("kept %v", seen)
	}
}

// What is attached and what is fetched is entered by the ids of the file and the record,
// with the class in full.
func TestAttachingAndFetchingAreEntered(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := recordsThatTakeFiles(t, s)
	before := s.Entered(t)
	file := attaches(t, s, "pc.ahmed", evidence(of.incident))
	attaching := s.Entries(t, before)[0]
	if attaching.Operation != audit.Collection || attaching.Action != "attachFile" || attaching.Outcome != audit.Done || !sawInFull(attaching, file, authz.CourseOfConduct) {
		t.Errorf("attaching is entered as %+v", attaching)
	}
	before = s.Entered(t)
	s.Fetch(t, "po.singh", file)
	entries := s.Entries(t, before)
	if len(entries) != 1 {
		t.Fatalf("fetching is entered as %+v", entries)
	}
	fetching := entries[0]
	if fetching.Operation != audit.Consultation || fetching.Action != "attachedFile" || fetching.Outcome != audit.Done ||
		string(fetching.Person) != s.Capacity(t, "po.singh").Person || !sawInFull(fetching, file, authz.CourseOfConduct) ||
		!slices.ContainsFunc(fetching.Records, func(r audit.RecordSeen) bool { return r.Kind == "attachedFile" && r.Full.Has(authz.CourseOfConduct) }) {
		t.Errorf("fetching is entered as %+v", fetching)
	}
	before = s.Entered(t)
	attachmentsSeen(t, s, "po.singh", of.caseID)
	for _, entry := range s.Entries(t, before) {
		for _, seen := range entry.Records {
			if seen.Kind == "attachedFile" {
				t.Errorf("a list of attachments read the bytes: %+v", entry)
			}
		}
	}
	before = s.Entered(t)
	s.Fetch(t, "pc.ward", file)
	if entries = s.Entries(t, before); len(entries) != 1 || entries[0].Outcome != audit.NotFound || string(entries[0].Records[0].Record) != file || entries[0].Records[0].Full != 0 {
		t.Errorf("a look at nothing is entered as %+v", entries)
	}
}

func sawInFull(entry audit.Entry, record string, class authz.DataClass) bool {
	return slices.ContainsFunc(entry.Records, func(r audit.RecordSeen) bool {
		return string(r.Record) == record && r.Kind == "attachment" && r.Full.Has(class)
	})
}

// A record has room for fifty files.
func TestARecordTakesFiftyFiles(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := recordsThatTakeFiles(t, s)
	for i := range 50 {
		if _, err := procedures.AttachFile(t.Context(), s.As(t, "pc.ahmed"), nil, procedures.FileAttachment{
			Record: of.incident, Name: fmt.Sprintf("%d.pdf", i), DeclaredType: "application/pdf", Content: attachedPDF("one"),
		}); err != nil {
			t.Fatal(err)
		}
	}
	answer := s.Attach(t, "pc.ahmed", evidence(of.incident))
	if _, rule := codeOf(t, answer.Body); answer.Status != http.StatusBadRequest || rule != "ATTACHMENT_COUNT" {
		t.Errorf("one more is answered %d %s", answer.Status, answer.Body)
	}
	attaches(t, s, "pc.ahmed", evidence(of.order))
	if seen := attachmentsSeen(t, s, "pc.ahmed", of.caseID); len(seen) != 51 {
		t.Errorf("there are %d", len(seen))
	}
}

// large is a sound picture file of a size: a PDF with a stream that nothing compresses.
func large(t *testing.T, size int) []byte {
	t.Helper()
	content := make([]byte, size)
	if _, err := rand.Read(content); err != nil {
		t.Fatal(err)
	}
	start, end := attachedPDF("")[:20], []byte("\n%%EOF\n")
	copy(content, start)
	copy(content[size-len(end):], end)
	return content
}

// An agency has room for 200 MB in a case, and what it attached leaves the others theirs.
func TestAnAgencyHasRoomFor200MBInACase(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := recordsThatTakeFiles(t, s)
	session := s.As(t, "pc.ahmed")
	change := session.Change(of.caseID)
	for _, size := range []int{100 << 20, 100<<20 - len(attachedPDF("exactly"))} {
		if err := records.CreateByRule(change, records.Attachment{ // its bytes weigh nothing here
			ID: session.Records().Identifier(views.AttachmentKind), Case: of.caseID, Of: of.incident, OfKind: views.IncidentKind,
			Class: authz.CourseOfConduct, Agency: session.Capacity().Agency, Name: "long.mp4", Type: "video/mp4", Size: size,
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := session.Apply(t.Context(), "attachMuch", change); err != nil {
		t.Fatal(err)
	}
	file := evidence(of.order)
	file.Content = attachedPDF("one byte more than there is room for")
	answer := s.Attach(t, "pc.ahmed", file)
	if _, rule := codeOf(t, answer.Body); answer.Status != http.StatusBadRequest || rule != "ATTACHMENT_TOTAL" {
		t.Errorf("more is answered %d %s", answer.Status, answer.Body)
	}
	file.Content = attachedPDF("exactly")
	attaches(t, s, "pc.ahmed", file)
	attaches(t, s, "idva.byrne", evidence(of.note))
}

// A file as large as there is comes back byte for byte, and takes no more memory than a
// few times its size.
func TestTheLargestFileComesBackAsItWas(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := recordsThatTakeFiles(t, s)
	content := large(t, attached.MaxSize)
	file := stage.File{Record: of.incident, Name: "camera.pdf", Type: "application/pdf", Content: content}
	attach := func() { attaches(t, s, "pc.ahmed", file) }
	upload := allocated(attach)
	id := attaches(t, s, "pc.ahmed", file)
	var back stage.Response
	download := allocated(func() { back = s.Fetch(t, "po.singh", id) })
	if back.Status != http.StatusOK || !bytes.Equal(back.Body, content) {
		t.Errorf("%d, %d bytes came back", back.Status, len(back.Body))
	}
	t.Logf("attaching %d bytes allocates %.1f times that, fetching them %.1f, the test's own client included",
		len(content), upload, download)
	if stage.InFile() && (upload > 8 || download > 8) {
		t.Errorf("attaching allocates %.1f times the file and fetching it %.1f", upload, download)
	}
}

// allocated is how many times the largest file a call allocates in all.
func allocated(call func()) float64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	call()
	runtime.ReadMemStats(&after)
	return float64(after.TotalAlloc-before.TotalAlloc) / attached.MaxSize
}

// headersBut are the headers of an answer but for those that say when.
func headersBut(header http.Header, names ...string) http.Header {
	rest := maps.Clone(header)
	for _, name := range append(names, "Date") {
		rest.Del(name)
	}
	return rest
}
