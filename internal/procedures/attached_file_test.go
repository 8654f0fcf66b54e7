package procedures_test

import (
	"bytes"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"testing"
	"time"

	"accord/cmd/accord/stage"
	"accord/domain/sharing"
	"accord/internal/demo"
	"accord/internal/procedures"
	"accord/internal/records"
)

// Whoever reads the class of a record in full gets what is attached to it, and to
// everybody else there is nothing: masked, of another agency, not on the case or without
// the class, they get the bytes of an id that never was.
func TestAFileIsThereForWhoReadsItsRecordInFull(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := recordsThatTakeFiles(t, s)
	onTheCase := []string{"pc.ahmed", "insp.cole", "ds.reid", "pros.lane", "po.singh", "coord.ellis", "chair.novak", "hv.osei", "sw.duffy"}
	for record, c := range map[string]struct {
		by   string
		read []string
	}{
		of.assessment: {"pc.ahmed", onTheCase},
		of.incident:   {"pc.ahmed", append(slices.Clone(onTheCase), "idva.byrne")},
		of.order:      {"pc.ahmed", append(slices.Clone(onTheCase), "idva.byrne")},
		of.note:       {"idva.byrne", []string{"idva.byrne"}},
		of.health:     {"hv.osei", []string{"hv.osei"}}, // the coordinator is told that there is some
	} {
		content := attachedPDF(record)
		file := evidence(record)
		file.Content = content
		id := attaches(t, s, c.by, file)
		for _, login := range everybody() {
			never := s.Fetch(t, login, "attachment_15j4ezz6gwcqgm8d4f19xad8t0")
			got := s.Fetch(t, login, id)
			reads := slices.Contains(c.read, login)
			switch {
			case reads && (got.Status != http.StatusOK || !bytes.Equal(got.Body, content)):
				t.Errorf("%s does not get what is attached to %s: %d", login, record, got.Status)
			case !reads && (got.Status != http.StatusNotFound || !bytes.Equal(got.Body, never.Body) || !sameHeaders(got, never)):
				t.Errorf("%s learns of what is attached to %s: %d %s %v", login, record, got.Status, got.Body, got.Header)
			}
			if slices.Contains(listed(t, s, login, of.caseID), id) != reads {
				t.Errorf("%s: the list of attachments and the file disagree about %s", login, record)
			}
		}
	}
}

func sameHeaders(a, b stage.Response) bool {
	return reflect.DeepEqual(headersBut(a.Header), headersBut(b.Header))
}

func everybody() []string {
	var logins []string
	for _, agency := range demo.Agencies() {
		for _, person := range agency.People {
			logins = append(logins, person.Login)
		}
	}
	return logins
}

// listed are the attachments that somebody is shown of a case; none where there is no
// case for them.
func listed(t *testing.T, s *stage.Stage, login, caseID string) []string {
	t.Helper()
	answer := s.Ask(t, login, `query($id: ID!) { node(id: $id) { id } }`, map[string]any{"id": caseID})
	if code, _ := codeOf(t, answer.Body); code == "NOT_FOUND" {
		return nil
	}
	return attachmentsSeen(t, s, login, caseID)
}

// What is no attachment is not there, whatever else it is.
func TestOnlyAttachmentsAreFetched(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := recordsThatTakeFiles(t, s)
	id := attaches(t, s, "pc.ahmed", evidence(of.incident))
	never := s.Fetch(t, "pc.ahmed", "attachment_15j4ezz6gwcqgm8d4f19xad8t0")
	for _, other := range []string{of.incident, of.caseID, "file" + id[len("attachment"):], "x", "a%00b", id + "/", id + "/x", "%2e%2e"} {
		if got := s.Fetch(t, "pc.ahmed", other); got.Status != http.StatusNotFound || !bytes.Equal(got.Body, never.Body) {
			t.Errorf("%s: %d %s", other, got.Status, got.Body)
		}
	}
	asked := s.Ask(t, "pc.ahmed", `query($id: ID!) { node(id: $id) { id } }`, map[string]any{"id": "file" + id[len("attachment"):]})
	if code, _ := codeOf(t, asked.Body); code != "NOT_FOUND" {
		t.Errorf("the bytes are a record of the API: %s", asked.Body)
	}
}

// A conflict of interest ends it at the next request, and so does an assignment that is
// withdrawn; what was there a moment ago is then what never was.
func TestAFileIsGoneWithItsRecord(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := recordsThatTakeFiles(t, s)
	id := attaches(t, s, "pc.ahmed", evidence(of.incident))
	end := map[string]func(){
		"po.singh": func() {
			if err := procedures.DeclareConflict(t.Context(), s.As(t, "po.singh"), of.caseID, sharing.BecauseFriend); err != nil {
				t.Fatal(err)
			}
		},
		"idva.byrne": func() { withdraw(t, s, of.caseID, "idva.byrne") },
	}
	for _, login := range slices.Sorted(maps.Keys(end)) {
		if got := s.Fetch(t, login, id); got.Status != http.StatusOK {
			t.Fatalf("%s does not reach it at first: %d", login, got.Status)
		}
		end[login]()
		never := s.Fetch(t, login, "attachment_15j4ezz6gwcqgm8d4f19xad8t0")
		if got := s.Fetch(t, login, id); got.Status != http.StatusNotFound || !bytes.Equal(got.Body, never.Body) || !sameHeaders(got, never) {
			t.Errorf("%s still gets %d %s", login, got.Status, got.Body)
		}
	}
	if got := s.Fetch(t, "ds.reid", id); got.Status != http.StatusOK {
		t.Errorf("a colleague gets %d", got.Status)
	}
}

// withdraw ends the assignment of somebody to a case.
func withdraw(t *testing.T, s *stage.Stage, caseID, login string) {
	t.Helper()
	session := s.As(t, "pc.ahmed")
	held, err := session.LoadCase(t.Context(), caseID)
	if err != nil {
		t.Fatal(err)
	}
	practitioner, _ := session.Records().Directory().Practitioner(s.Capacity(t, login).Person)
	held.Value.Case = held.Value.HandOver(practitioner, "", s.Clock.Now())
	change := session.Change(caseID)
	records.Update(change, held)
	if err := session.Apply(t.Context(), "withdraw", change); err != nil {
		t.Fatal(err)
	}
}

// Emergency access opens files with their records, and the clock ends it. It never opens
// an advocate's notes, nor what is attached to them.
func TestEmergencyAccessOpensFilesUntilTheClockEndsIt(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := recordsThatTakeFiles(t, s)
	id := attaches(t, s, "pc.ahmed", evidence(of.incident))
	note := attaches(t, s, "idva.byrne", evidence(of.note))
	never := s.Fetch(t, "pc.ward", "attachment_15j4ezz6gwcqgm8d4f19xad8t0")
	status := func(file string) int {
		t.Helper()
		got := s.Fetch(t, "pc.ward", file)
		if got.Status == http.StatusNotFound && !bytes.Equal(got.Body, never.Body) {
			t.Errorf("answered %s", got.Body)
		}
		return got.Status
	}
	if got := status(id); got != http.StatusNotFound {
		t.Fatalf("before: %d", got)
	}
	access, err := procedures.TakeEmergencyAccess(t.Context(), s.As(t, "pc.ward"), procedures.EmergencyRequest{
		Reference: of.reference, Reason: "He has a knife and is on his way to her door.", Lasting: 4 * time.Minute,
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := status(id); got != http.StatusOK {
		t.Errorf("with access: %d", got)
	}
	if got := s.Attach(t, "pc.ward", evidence(of.incident)); got.Status != http.StatusForbidden {
		t.Errorf("emergency access attaches files: %d %s", got.Status, got.Body)
	}
	if got := status(note); got != http.StatusNotFound {
		t.Errorf("what is attached to a note: %d", got)
	}
	end := stage.Start.Add(4 * time.Minute)
	s.Clock.Set(end.Add(-time.Millisecond))
	if got := status(id); got != http.StatusOK {
		t.Errorf("a millisecond before its end: %d", got)
	}
	s.Clock.Set(end)
	if got := status(id); got != http.StatusNotFound {
		t.Errorf("at the end of %s: %d", access.ID, got)
	}
}
