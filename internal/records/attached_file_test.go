package records_test

import (
	"bytes"
	"errors"
	"testing"

	"accord/cmd/accord/stage"
	"accord/domain/fault"
	"accord/domain/sharing"
	"accord/internal/procedures"
	"accord/internal/records"
	"accord/internal/secrets"
	"accord/internal/views"
)

var said = []byte("He was outside again at 07:40.\n")

// incidentOf is an incident of the officer's agency.
func incidentOf(t *testing.T, s *stage.Stage, caseID string) string {
	t.Helper()
	incidents, err := s.As(t, "pc.ahmed").LoadIncidents(t.Context(), caseID)
	if err != nil || len(incidents) == 0 {
		t.Fatalf("%d incidents, %v", len(incidents), err)
	}
	return incidents[0].Value.ID
}

// assessmentOf is an assessment of the officer's agency, and its case.
func assessmentOf(t *testing.T, s *stage.Stage) (caseID, assessment string) {
	t.Helper()
	officer := s.As(t, "pc.ahmed")
	for _, caseID := range casesOf(t, officer) {
		assessments, err := officer.LoadAssessments(t.Context(), caseID)
		if err != nil {
			t.Fatal(err)
		}
		for _, held := range assessments {
			if held.Value.Agency == officer.Capacity().Agency {
				return caseID, held.Value.ID
			}
		}
	}
	t.Fatal("the officer's agency has assessed nobody")
	return "", ""
}

// attach attaches words to a record and returns the id.
func attach(t *testing.T, s *stage.Stage, record string, content []byte) string {
	t.Helper()
	attachment, err := procedures.AttachFile(t.Context(), s.As(t, "pc.ahmed"), nil, procedures.FileAttachment{
		Record: record, Name: "messages.txt", DeclaredType: "text/plain", Content: content,
	})
	if err != nil {
		t.Fatal(err)
	}
	return attachment.ID
}

// Nothing but fetching a file reads its bytes: no list, no change of the case or of who
// reaches it, no exclusion and no upkeep. Bytes that cannot be believed make every read
// of them fail, so whatever goes on has not read them.
func TestNothingButFetchingAFileReadsItsBytes(t *testing.T) {
	s := stage.New(t, stage.Options{})
	r := s.Program.Records()
	caseID := casesOf(t, s.As(t, "pc.ahmed"))[0]
	id := attach(t, s, incidentOf(t, s, caseID), said)
	if err := r.Forge(t.Context(), records.FileOf(id)); err != nil {
		t.Fatal(err)
	}
	if _, content, err := s.As(t, "pc.ahmed").AttachedFile(t.Context(), id); err == nil || fault.Of(err) != nil || content != nil {
		t.Errorf("forged bytes are believed: %d, %v", len(content), err)
	}
	session := s.As(t, "pc.ahmed")
	of, err := session.CaseByID(t.Context(), caseID)
	if err != nil {
		t.Fatal(err)
	}
	if listed, err := session.AttachmentsOf(t.Context(), of); err != nil || len(listed) != 1 {
		t.Errorf("listed %v, %v", listed, err)
	}
	attach(t, s, incidentOf(t, s, caseID), []byte("And again.\n"))
	if err := procedures.AssignPractitioner(t.Context(), s.As(t, "pc.ahmed"), caseID, s.Capacity(t, "isac.moss").Person); err != nil {
		t.Errorf("who reaches the case cannot change: %v", err)
	}
	if err := procedures.DeclareConflict(t.Context(), s.As(t, "isac.moss"), caseID, sharing.BecauseFriend); err != nil {
		t.Errorf("nobody can be kept from the case: %v", err)
	}
	if done, err := r.BringForward(t.Context()); err != nil || done.Failed > 0 {
		t.Errorf("upkeep: %+v, %v", done, err)
	}
}

// Who reaches a file, and who is kept from it, is said by its attachment and its record:
// the bytes carry no token that could lag behind.
func TestTheBytesOfAFileCarryNoTokens(t *testing.T) {
	s := stage.New(t, stage.Options{})
	caseID := casesOf(t, s.As(t, "pc.ahmed"))[0]
	if err := procedures.DeclareConflict(t.Context(), s.As(t, "ds.reid"), caseID, sharing.BecauseFriend); err != nil {
		t.Fatal(err)
	}
	id := attach(t, s, incidentOf(t, s, caseID), said)
	if tokens, err := s.Program.Records().TokensOf(t.Context(), records.FileOf(id)); err != nil || len(tokens) > 0 {
		t.Errorf("they carry %v, %v", tokens, err)
	}
}

// The bytes of one attachment are never given as those of another, even with an
// attestation made anew, nor do they outlive the key of the case.
func TestTheBytesOfAFileOpenForTheirAttachmentAloneWhileTheKeyIsThere(t *testing.T) {
	s := stage.New(t, stage.Options{})
	r := s.Program.Records()
	caseID := casesOf(t, s.As(t, "pc.ahmed"))[0]
	incident := incidentOf(t, s, caseID)
	own, others := attach(t, s, incident, said), attach(t, s, incident, []byte("Of somebody else, as long.....\n"))
	fetch := func(id string) ([]byte, error) {
		_, content, err := s.As(t, "pc.ahmed").AttachedFile(t.Context(), id)
		return content, err
	}
	if content, err := fetch(own); err != nil || !bytes.Equal(content, said) {
		t.Fatalf("%q, %v", content, err)
	}
	if err := r.Lend(t.Context(), others, own); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if content, err := fetch(own); err == nil || content != nil {
			t.Errorf("what belongs to another attachment is given: %q", content)
		}
		if err := r.ReattestFile(t.Context(), own); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.DestroyFamily(t.Context(), caseID); err != nil {
		t.Fatal(err)
	}
	if content, err := fetch(others); !errors.Is(err, secrets.ErrDestroyed) || content != nil {
		t.Errorf("the bytes outlive the key of the case: %q, %v", content, err)
	}
}

// A record that changes between the look at it and the change takes no file, and one
// that upkeep has brought forward meanwhile does.
func TestAFileIsAttachedToTheRecordThatWasLookedAt(t *testing.T) {
	s := stage.New(t, stage.Options{Forms: newer})
	r := s.Program.Records()
	caseID, assessment := assessmentOf(t, s)
	attachAfter := func(meanwhile func()) error {
		t.Helper()
		session := s.As(t, "pc.ahmed")
		to, err := session.LoadAttachable(t.Context(), assessment)
		if err != nil {
			t.Fatal(err)
		}
		meanwhile()
		change := session.Change(caseID)
		attachment := records.Attachment{ID: r.Identifier(views.AttachmentKind), Name: "a.txt", Type: "text/plain"}
		if err := session.Attach(change, to, attachment, said); err != nil {
			t.Fatal(err)
		}
		return session.Apply(t.Context(), "attachFile", change)
	}
	age(t, r, "assessment")
	if err := attachAfter(func() {
		if done, err := r.BringForward(t.Context()); err != nil || done.Brought == 0 {
			t.Fatalf("upkeep: %+v, %v", done, err)
		}
	}); err != nil {
		t.Errorf("after upkeep: %v", err)
	}
	if err := attachAfter(func() {
		if err := procedures.AssignPractitioner(t.Context(), s.As(t, "pc.ahmed"), caseID, s.Capacity(t, "isac.moss").Person); err != nil {
			t.Fatal(err)
		}
	}); !fault.Is(err, fault.Conflict) {
		t.Errorf("after a change of who reaches it: %v", err)
	}
}
