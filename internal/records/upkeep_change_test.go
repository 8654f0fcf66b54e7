package records_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"accord/domain/calendar"

	"accord/authz"
	"accord/cmd/accord/stage"
	"accord/domain/casework"
	"accord/domain/fault"
	"accord/domain/marac"
	"accord/domain/risk"
	"accord/internal/audit"
	"accord/internal/procedures"
	"accord/internal/records"
)

// casesOf are the ids of the cases that somebody of the demo works on.
func casesOf(t *testing.T, s *records.Session) []string {
	t.Helper()
	page, err := s.Cases(t.Context(), records.CaseFilter{}, records.OpenedOldest, records.PageRequest{First: 50})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, edge := range page.Edges {
		ids = append(ids, edge.Node.ID)
	}
	return ids
}

func measure(s *records.Session, words string) risk.PlanItem {
	return risk.PlanItem{Description: words, Owner: s.Capacity().Agency}
}

// planOf loads the plan of a case for a change.
func planOf(t *testing.T, s *records.Session, caseID string) records.Held[records.Plan] {
	t.Helper()
	held, there, err := s.LoadPlan(t.Context(), caseID)
	if err != nil || !there {
		t.Fatalf("the plan of %s is there: %v, %v", caseID, there, err)
	}
	return held
}

func addTo(t *testing.T, s *records.Session, held records.Held[records.Plan], words string) error {
	t.Helper()
	added, err := held.Value.Add(measure(s, words), s.Today())
	if err != nil {
		t.Fatal(err)
	}
	held.Value.Plan = added
	change := s.Change(held.Value.Case)
	records.Update(change, held)
	return s.Apply(t.Context(), "addPlanMeasure", change)
}

// What a change touches comes forward with it. The trail does not say that whoever
// made the change has seen what upkeep opened.
func TestAChangeBringsItsRecordForward(t *testing.T) {
	s := stage.New(t, stage.Options{Forms: newer})
	r := s.Program.Records()
	owner := s.As(t, "po.singh")
	page, err := owner.Actions(t.Context(), records.ActionFilter{Mine: true}, records.PageRequest{First: 1})
	if err != nil || len(page.Edges) == 0 {
		t.Fatalf("%d actions, %v", len(page.Edges), err)
	}
	action := page.Edges[0].Node
	described, err := action.Description()
	if err != nil {
		t.Fatal(err)
	}
	age(t, r, "action", "case")
	first := s.Entered(t)
	report := procedures.ActionStatusReport{
		Action: action.ID, Status: marac.ActionInProgress, Note: "Asked twice.", ExpectedVersion: action.RecordVersion,
	}
	if action.Facts.Status == marac.ActionInProgress {
		report.Status = marac.ActionCompleted
	}
	updated, err := procedures.UpdateActionStatus(t.Context(), s.As(t, "po.singh"), report)
	if err != nil {
		t.Fatal(err)
	}
	if updated.Facts.Owner != action.Facts.Owner || updated.Facts.Owner == "" {
		t.Errorf("the action is %q's and was %q's", updated.Facts.Owner, action.Facts.Owner)
	}
	if now, err := updated.Description(); err != nil || *now != *described || updated.RecordVersion != action.RecordVersion+1 {
		t.Errorf("version %d says %q, and version %d said %q: %v", updated.RecordVersion, *now, action.RecordVersion, *described, err)
	}
	doc := stored(t, r, action.ID)
	if doc.Form != 2 || !strings.Contains(words(doc.Opened["ACTIONS"]), "description") || strings.Contains(words(doc.Opened["ACTIONS"]), "words") {
		t.Errorf("the action is of form %d and holds %s", doc.Form, words(doc.Opened["ACTIONS"]))
	}
	kase := stored(t, r, doc.Family)
	if kase.Form != 1 {
		t.Errorf("the case was not changed and is of form %d", kase.Form)
	}
	var changed, brought *audit.Entry
	for _, entry := range s.Entries(t, first) {
		switch {
		case entry.Operation == audit.Alteration && entry.Action == "updateActionStatus":
			changed = &entry
		case entry.System == "record upkeep":
			brought = &entry
		}
	}
	if changed == nil || brought == nil || brought.Request != changed.Request || brought.Person != "" || len(brought.Records) != 1 ||
		brought.Records[0].Version != doc.Version || !brought.Records[0].Full.Has(authz.Actions) {
		t.Errorf("entered as %+v and %+v", changed, brought)
	}
}

// Who comes to a case reaches what hangs on it, and that comes forward with the case
// in one batch; the other cases wait for upkeep.
func TestAChangeOfACaseTakesItsFamilyAlong(t *testing.T) {
	s := stage.New(t, stage.Options{Forms: newer})
	r := s.Program.Records()
	caseID := casesOf(t, s.As(t, "pc.ahmed"))[0]
	age(t, r, "case", "plan", "action", "assessment")
	written := answers(t, s)
	plan := planOf(t, s.As(t, "pc.ahmed"), caseID).Value.ID
	if err := procedures.AssignPractitioner(t.Context(), s.As(t, "coord.ellis"), caseID, s.Capacity(t, "pros.lane").Person); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{caseID, plan} {
		if doc := stored(t, r, id); doc.Form != 2 {
			t.Errorf("%s is of form %d", id, doc.Form)
		}
	}
	if other := casesOf(t, s.As(t, "coord.ellis")); len(other) < 2 || older(t, r) == 0 {
		t.Errorf("all %d cases came forward with one", len(other))
	}
	told := answers(t, s)
	if bytes.Equal(told["pros.lane"], written["pros.lane"]) {
		t.Error("the prosecutor is told nothing new")
	}
	for _, who := range []string{"idva.byrne", "spoc.hart", "chair.novak"} {
		if strings.Count(string(told[who]), "description") != strings.Count(string(written[who]), "description") {
			t.Errorf("%s is told %s and was told %s", who, told[who], written[who])
		}
	}
}

// An advocate writes how the victim is reached and not the core of the case. That the
// head is written in another form is no change of hers; and since the case may give
// its plan to others in the new form, the plan comes along.
func TestWhoChangesOneSectionOfAnOldRecordNeedsNoRightToTheRest(t *testing.T) {
	s := stage.New(t, stage.Options{Forms: newer})
	r := s.Program.Records()
	advocate := s.As(t, "idva.byrne")
	caseID := casesOf(t, advocate)[0]
	plan := planOf(t, advocate, caseID).Value.ID
	held, err := advocate.LoadCase(t.Context(), caseID)
	if err != nil {
		t.Fatal(err)
	}
	age(t, r, "case")
	was := yesterday["plan"]
	was.Tokens = func(tokens []string) []string {
		return slices.DeleteFunc(tokens, func(token string) bool { return strings.HasPrefix(token, "c:") })
	}
	if _, err := r.AsYesterday(t.Context(), "plan", was); err != nil {
		t.Fatal(err)
	}
	before := stored(t, r, caseID)
	contact := casework.SafeContact{Phone: "07700 900123", Method: "text first"}
	if _, err := procedures.RecordSafeContact(t.Context(), advocate, procedures.SafeContactRecording{
		Case: caseID, Party: held.Value.Parties[0].ID, Contact: contact, ExpectedVersion: held.Version(),
	}); err != nil {
		t.Fatal(err)
	}
	after := stored(t, r, caseID)
	if after.Form != 2 || !strings.Contains(after.Head.String(), `"area"`) || strings.Contains(after.Head.String(), `"district"`) {
		t.Errorf("the case is of form %d with the head %s", after.Form, after.Head)
	}
	for _, section := range before.Sections {
		now, _ := after.Section(section.Name)
		changed := strings.HasPrefix(section.Name, "SAFE_CONTACT") || section.Name == "ATTESTATION"
		if (now.Version == section.Version) == changed {
			t.Errorf("%s is sealed at version %d and was at %d", section.Name, now.Version, section.Version)
		}
	}
	if doc := stored(t, r, plan); doc.Form != 2 || !slices.ContainsFunc(doc.Tokens, func(token string) bool { return strings.HasPrefix(token, "c:") }) {
		t.Errorf("the plan is of form %d and reached by %v", doc.Form, doc.Tokens)
	}
}

// Upkeep between reading and writing changes nothing that somebody could have
// missed; somebody else's change does.
func TestUpkeepIsNobodysConflict(t *testing.T) {
	s := stage.New(t, stage.Options{Forms: newer})
	r := s.Program.Records()
	officer := s.As(t, "pc.ahmed")
	caseID := casesOf(t, officer)[0]
	age(t, r, "case", "plan", "action", "assessment")
	held, other := planOf(t, officer, caseID), planOf(t, officer, caseID)
	if _, err := r.BringForward(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := addTo(t, officer, held, "Read before upkeep, written after it"); err != nil {
		t.Fatalf("upkeep came between, and the change is refused: %v", err)
	}
	if err := addTo(t, officer, other, "Read before the change, written after it"); !fault.Is(err, fault.Conflict) {
		t.Errorf("a change came between: %v", err)
	}
	items := planOf(t, s.As(t, "pc.ahmed"), caseID).Value.Items
	if len(items) != len(held.Value.Items)+1 || items[len(items)-1].Description != "Read before upkeep, written after it" {
		t.Errorf("the plan holds %d measures and held %d", len(items), len(held.Value.Items))
	}
}

// The directory is read at the start, kept in memory and changed from there.
func TestTheDirectoryComesForwardUnderTheAdministrator(t *testing.T) {
	s := stage.New(t, stage.Options{Forms: newer})
	r := s.Program.Records()
	enrolled, _ := r.Directory().Practitioner(s.Capacity(t, "hv.osei").Person)
	aged := age(t, r, "practitioner")
	enrolled.Name = "Abena Osei-Mensah"
	if err := procedures.EnrolPractitioner(t.Context(), s.As(t, "sys.kerr"), enrolled); err != nil {
		t.Fatal(err)
	}
	if done, err := r.BringForward(t.Context()); err != nil || done.Brought != len(aged)-1 {
		t.Fatalf("of %d but one: %+v, %v", len(aged), done, err)
	}
	enrolled.Name = "Abena Osei"
	if err := procedures.EnrolPractitioner(t.Context(), s.As(t, "sys.kerr"), enrolled); err != nil {
		t.Fatal(err)
	}
	for _, id := range aged {
		found, _ := r.Directory().Practitioner(id)
		if capacity, known := r.Directory().Capacity(found.Issuer, found.Subject, calendar.DateIn(r.Now())); found.Name == "" || !known || capacity.Person != id {
			t.Errorf("%s is in the directory as %+v", id, found)
		}
		if doc := stored(t, r, id); doc.Form != 2 {
			t.Errorf("%s is of form %d", id, doc.Form)
		}
	}
}

// clients and how much each of them writes while upkeep runs.
const (
	clients   = 16
	writesFor = 6
)

func TestNothingIsLostWhileRecordsComeForward(t *testing.T) {
	s := stage.New(t, stage.Options{Forms: newer})
	r := s.Program.Records()
	logins := []string{"pc.ahmed", "ds.reid", "idva.byrne", "isac.moss"}
	type work struct{ login, caseID string }
	var all []work
	want := map[string][]string{}
	for _, login := range logins {
		for _, caseID := range casesOf(t, s.As(t, login)) {
			words := "first of " + login
			err := procedures.AddPlanMeasure(t.Context(), s.As(t, login), caseID, measure(s.As(t, login), words))
			if err == nil {
				all = append(all, work{login, caseID})
				want[caseID] = append(want[caseID], words)
			} else if !fault.Is(err, fault.Forbidden) && !fault.Is(err, fault.NotFound) {
				t.Fatal(err)
			}
		}
	}
	if len(want) < 3 {
		t.Fatalf("plans of %d cases can be written", len(want))
	}
	for _, login := range logins {
		s.Capacity(t, login)
	}
	aged := age(t, r, "case", "plan", "action", "assessment")

	var wait sync.WaitGroup
	var working atomic.Int32
	working.Store(clients)
	begin := make(chan struct{})
	var mutex sync.Mutex
	for client := range clients {
		session := func(login string) *records.Session {
			return r.Begin(context.Background(), s.Capacity(t, login), r.NewIdentifier("request"))
		}
		wait.Go(func() {
			defer working.Add(-1)
			<-begin
			for n := range writesFor {
				on := all[(client*5+n)%len(all)]
				words := fmt.Sprintf("client %d, measure %d", client, n)
				for {
					by := session(on.login)
					err := procedures.AddPlanMeasure(context.Background(), by, on.caseID, measure(by, words))
					if fault.Is(err, fault.Conflict) {
						continue // another client was first
					}
					if err != nil {
						t.Errorf("%s: %v", words, err)
						return
					}
					break
				}
				mutex.Lock()
				want[on.caseID] = append(want[on.caseID], words)
				mutex.Unlock()
			}
		})
	}
	close(begin)
	turns, brought := 0, 0
	for working.Load() > 0 || older(t, r) > 0 {
		done, err := r.BringForward(t.Context())
		if err != nil || done.Failed > 0 || done.Passed > 0 {
			t.Fatalf("%+v, %v", done, err)
		}
		turns++
		brought += done.Brought
	}
	wait.Wait()
	t.Logf("%d of %d came forward by upkeep in %d turns, the others with a change", brought, len(aged), turns)
	for caseID, words := range want {
		var held []string
		for _, item := range planOf(t, s.As(t, "coord.ellis"), caseID).Value.Items {
			held = append(held, item.Description)
		}
		for _, said := range words {
			if !slices.Contains(held, said) {
				t.Errorf("the plan of %s lost %q", caseID, said)
			}
		}
	}
	for _, id := range aged {
		if doc := stored(t, r, id); doc.Form != 2 {
			t.Errorf("%s is of form %d", id, doc.Form)
		}
	}
	seen := map[audit.ID]map[int64]bool{}
	for _, entry := range s.Entries(t, 0) {
		for _, one := range entry.Records {
			if entry.Operation == audit.Alteration && entry.Outcome == audit.Done {
				if seen[one.Record] == nil {
					seen[one.Record] = map[int64]bool{}
				}
				seen[one.Record][one.Version] = true
			}
		}
	}
	for _, id := range aged {
		if doc := stored(t, r, id); !seen[audit.ID(id)][doc.Version] {
			t.Errorf("version %d of %s is not entered", doc.Version, id)
		}
	}
}
