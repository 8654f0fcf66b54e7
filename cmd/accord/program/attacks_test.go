package program_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"accord/cmd/accord/program"
	"accord/cmd/accord/stage"
	"accord/domain/fault"
	"accord/domain/marac"
	"accord/domain/sharing"
	"accord/internal/procedures"
	"accord/internal/records"
)

// firstListed is the case of the first item of the next meeting.
func firstListed(t *testing.T, s *stage.Stage) (caseID string, session *records.Session) {
	t.Helper()
	session = s.As(t, "coord.ellis")
	meeting, err := session.Meeting(t.Context(), "NM-MARAC-NEXT")
	if err != nil {
		t.Fatal(err)
	}
	items, err := session.ListItems(t.Context(), meeting)
	if err != nil || len(items) == 0 {
		t.Fatalf("%d items, %v", len(items), err)
	}
	return items[0].CaseID, session
}

// A case's actions' case's actions multiply: the answer stops at what it may hold,
// whatever the operation was reckoned to cost.
func TestAnAnswerThatFeedsOnItselfIsStopped(t *testing.T) {
	s := stage.New(t, stage.Options{})
	caseID, coordinator := firstListed(t, s)
	for n := range 30 {
		if _, err := procedures.AgreeAction(t.Context(), coordinator, marac.Action{
			Case: caseID, Description: fmt.Sprintf("Call number %d", n), Owner: s.Capacity(t, "ds.reid").Agency,
			Assignee: s.Capacity(t, "ds.reid").Person, DueOn: coordinator.Today().AddDays(7),
		}); err != nil {
			t.Fatal(err)
		}
	}
	const feeding = `query($id: ID!) { node(id: $id) { ... on Case { actions { case { actions { case { actions { case { actions { id } } } } } } } } } }`
	answer := s.Ask(t, "coord.ellis", feeding, map[string]any{"id": caseID})
	// By what it holds, not by how long it has become: that would be said too late,
	// when all of it is in memory.
	const stopped = "The answer would hold more than 20,000 records."
	if body := string(answer.Body); !strings.Contains(body, `"code":"TOO_EXPENSIVE"`) || !strings.Contains(body, stopped) || strings.Contains(body, "action_") {
		t.Errorf("answered %d bytes, beginning %.200s", len(body), body)
	}
}

func TestNobodyEnrolsThemselvesOrTakesAnAgencysRecordsAlong(t *testing.T) {
	s := stage.New(t, stage.Options{})
	directory := s.Program.Records().Directory()
	administrator := s.As(t, "sys.kerr")
	own, _ := directory.Practitioner(s.Capacity(t, "sys.kerr").Person)
	own.Roles = append(own.Roles, "MARAC_COORDINATOR")
	if err := procedures.EnrolPractitioner(t.Context(), administrator, own); !fault.Is(err, fault.Forbidden) {
		t.Errorf("the administrator gave himself a role: %v", err)
	}
	advocate, _ := directory.Practitioner(s.Capacity(t, "idva.byrne").Person)
	advocate.Agency, advocate.Roles = s.Capacity(t, "pc.ahmed").Agency, []sharing.RoleName{"INVESTIGATOR"}
	if err := procedures.EnrolPractitioner(t.Context(), administrator, advocate); !fault.Is(err, fault.RuleViolation) {
		t.Errorf("the advocate went to the police with what she held: %v", err)
	}
}

func TestAnActionIsAgreedOnlyForACaseThatIsThere(t *testing.T) {
	s := stage.New(t, stage.Options{})
	hidden, _ := firstListed(t, s)
	stranger := s.As(t, "pc.ward")
	for name, caseID := range map[string]string{"hidden": hidden, "made up": s.Program.Records().NewIdentifier("case")} {
		_, err := procedures.AgreeAction(t.Context(), stranger, marac.Action{
			Case: caseID, Description: "Visit", Owner: stranger.Capacity().Agency, Assignee: stranger.Capacity().Person, DueOn: stranger.Today(),
		})
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNoOfficerHidesACaseFromThoseWhoWouldLook(t *testing.T) {
	s := stage.New(t, stage.Options{})
	caseID, coordinator := firstListed(t, s)
	officer := s.As(t, "pc.ahmed")
	for name, exclusion := range map[string]sharing.Exclusion{
		"keeps the case to himself": {Person: officer.Capacity().Person, Kind: sharing.RestrictedTo},
		"shuts out the auditor":     {Person: s.Capacity(t, "dpo.grant").Person, Kind: sharing.ExcludedFrom},
	} {
		exclusion.Case, exclusion.Reason = caseID, sharing.BecauseColleague
		if _, err := procedures.SetExclusion(t.Context(), officer, exclusion); !fault.Is(err, fault.Forbidden) {
			t.Errorf("an officer %s: %v", name, err)
		}
	}
	nobody := sharing.Exclusion{Case: caseID, Person: coordinator.Capacity().Person, Kind: sharing.RestrictedTo, Reason: sharing.BecauseEmployeeCase}
	if _, err := procedures.SetExclusion(t.Context(), coordinator, nobody); !fault.Is(err, fault.RuleViolation) {
		t.Errorf("a case was restricted to somebody who cannot reach it: %v", err)
	}
	own := sharing.Exclusion{Case: caseID, Person: officer.Capacity().Person, Kind: sharing.ExcludedFrom, Reason: sharing.BecauseFriend}
	if err := procedures.DeclareConflict(t.Context(), officer, own.Case, own.Reason); err != nil {
		t.Errorf("an officer's own conflict: %v", err)
	}
	if _, err := s.As(t, "pc.ahmed").CaseByID(t.Context(), caseID); !fault.Is(err, fault.NotFound) {
		t.Errorf("after his own conflict the officer still reads the case: %v", err)
	}
}

// Who is invited to one item sees what belongs to it, not all the case ever held.
func TestAnInvitationOpensTheActionsOfItsItemAlone(t *testing.T) {
	s := stage.New(t, stage.Options{})
	caseID, coordinator := firstListed(t, s)
	action, err := procedures.AgreeAction(t.Context(), coordinator, marac.Action{
		Case: caseID, Description: "Talk to the landlord", Owner: s.Capacity(t, "po.singh").Agency,
		Assignee: s.Capacity(t, "po.singh").Person, DueOn: coordinator.Today(),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.As(t, "pros.lane").Action(t.Context(), action); err != nil {
		t.Errorf("an open action belongs to the item: %v", err)
	}
	held, err := s.As(t, "po.singh").LoadAction(t.Context(), action)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := procedures.UpdateActionStatus(t.Context(), s.As(t, "po.singh"), procedures.ActionStatusReport{
		Action: action, Status: marac.ActionCompleted, ExpectedVersion: held.Version(),
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.As(t, "pros.lane").Action(t.Context(), action); !fault.Is(err, fault.NotFound) {
		t.Errorf("an action done before the meeting, agreed elsewhere, is the prosecutor's to read: %v", err)
	}
}

// Who can write the file and holds no key gains nothing: a token added by hand is
// believed by nobody, and data without its log does not open.
func TestTheFileAloneGivesNobodyAccess(t *testing.T) {
	stage.NeedsFile(t)
	folder := t.TempDir()
	signIn := stage.NewSignIn(t)
	s := stage.New(t, stage.Options{SignIn: signIn, Folder: folder})
	caseID, _ := firstListed(t, s)
	stranger := s.Capacity(t, "pc.ward").Person
	s.Close(t)
	file := filepath.Join(folder, "data", program.StoreFile)
	var officer string
	var body []byte
	query(t, file, &officer, `SELECT token FROM entry WHERE id = ? AND token LIKE 'a:%' LIMIT 1`, caseID)
	query(t, file, &body, `SELECT body FROM document WHERE id = ?`, caseID)
	// Ids are of one length, so the body stays well formed.
	forged := bytes.Replace(body, []byte(officer), []byte("a:"+stranger), 1)
	if bytes.Equal(forged, body) {
		t.Fatal("the token was not found in the file")
	}
	alter(t, file, `UPDATE document SET body = ? WHERE id = ?`, forged, caseID)
	alter(t, file, `UPDATE entry SET token = ? WHERE id = ? AND token = ?`, "a:"+stranger, caseID, officer)

	s = stage.New(t, stage.Options{SignIn: signIn, Folder: folder})
	answer := s.Ask(t, "pc.ward", `query($id: ID!) { node(id: $id) { ... on Case { victim { name } } } }`, map[string]any{"id": caseID})
	if body := string(answer.Body); strings.Contains(body, `"victim"`) {
		t.Errorf("a token written into the file is believed: %s", body)
	}
	s.Close(t)

	for _, table := range []string{"log_entry", "log_hash", "checkpoint"} {
		alter(t, file, `DELETE FROM `+table)
	}
	if err := os.Remove(file + ".mark"); err != nil {
		t.Fatal(err)
	}
	if found, err := program.VerifyAudit(t.Context(), filepath.Join(folder, "data"), ""); found.Sound() || err != nil || !strings.Contains(found.String(), "the log is gone") {
		t.Errorf("a log that is gone is proved whole: %v, %s", err, found)
	}
	if _, err := program.Open(t.Context(), program.Config{
		Data: filepath.Join(folder, "data"), Keys: filepath.Join(folder, "keys"), Issuers: []string{signIn.Provider.Issuer("harbour-idva")},
		Audience: program.Audience, Clock: s.Clock.Now, Entropy: stage.Entropy(7), Logger: slog.New(slog.DiscardHandler),
	}); err == nil || !strings.Contains(err.Error(), "the audit log is empty, and the keys have seen ") {
		t.Errorf("data opened without its log: %v", err)
	}
}

// An exclusion that somebody takes out of the file still holds: every document of
// the case names who is kept from it.
func TestAnExclusionTakenOutOfTheFileStillHolds(t *testing.T) {
	stage.NeedsFile(t)
	folder := t.TempDir()
	signIn := stage.NewSignIn(t)
	s := stage.New(t, stage.Options{SignIn: signIn, Folder: folder})
	caseID, coordinator := firstListed(t, s)
	held, err := coordinator.LoadCase(t.Context(), caseID)
	if err != nil {
		t.Fatal(err)
	}
	query := `query($id: ID!) { node(id: $id) { id } }`
	const officer = "pc.ahmed"
	if _, err := procedures.SetExclusion(t.Context(), coordinator, sharing.Exclusion{
		Case: held.Value.ID, Person: s.Capacity(t, officer).Person, Kind: sharing.ExcludedFrom, Reason: sharing.BecauseFriend,
	}); err != nil {
		t.Fatal(err)
	}
	never := s.Ask(t, officer, query, map[string]any{"id": caseID})
	s.Close(t)
	alter(t, filepath.Join(folder, "data", program.StoreFile), `DELETE FROM excluded`)

	s = stage.New(t, stage.Options{SignIn: signIn, Folder: folder})
	if answer := s.Ask(t, officer, query, map[string]any{"id": caseID}); !bytes.Equal(answer.Body, never.Body) || !strings.Contains(string(answer.Body), "NOT_FOUND") {
		t.Errorf("the case is there again: %s, it was %s", answer.Body, never.Body)
	}
	for _, list := range []string{"cases", "actions"} {
		answer := s.Ask(t, officer, `{ `+list+`(first: 50) { edges { node { id } } } }`, nil)
		if strings.Contains(string(answer.Body), caseID) {
			t.Errorf("%s shows it: %s", list, answer.Body)
		}
	}
	if answer := s.Ask(t, "coord.ellis", query, map[string]any{"id": caseID}); !strings.Contains(string(answer.Body), caseID) {
		t.Errorf("the coordinator has lost it: %s", answer.Body)
	}
}

func alter(t *testing.T, file, statement string, arguments ...any) {
	t.Helper()
	db := openFile(t, file)
	if _, err := db.ExecContext(t.Context(), statement, arguments...); err != nil {
		t.Fatal(err)
	}
}

func query(t *testing.T, file string, into any, statement string, arguments ...any) {
	t.Helper()
	if err := openFile(t, file).QueryRowContext(t.Context(), statement, arguments...).Scan(into); err != nil {
		t.Fatal(err)
	}
}

func openFile(t *testing.T, file string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}
