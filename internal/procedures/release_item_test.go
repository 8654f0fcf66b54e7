package procedures_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"accord/cmd/accord/stage"
	"accord/internal/audit"
)

const whatIsShared = `query($id: ID!) { node(id: $id) { ... on Case {
  advocateNotes { id text } intelligence { id text }
  releases { source decision owner { name } recipients { name } withdrawnAt content grounds { gateway necessity } }
} } }`

const recordItem = `mutation($case: ID!, $kind: ItemKind!, $text: String!) {
  recordItem(input: {caseId: $case, kind: $kind, basis: FACT, text: $text}) { item { id } } }`

const releaseItem = `mutation($input: ReleaseItemInput!) { releaseItem(input: $input) { release { id version content } } }`

// firstListed is the case of the first item of the next meeting.
func firstListed(t *testing.T, s *stage.Stage) string {
	t.Helper()
	var pack struct {
		Meeting struct {
			List []struct{ Case struct{ ID string } }
		}
	}
	succeeded(t, s.Ask(t, "coord.ellis", `{ meeting(reference: "NM-MARAC-NEXT") { list { case { id } } } }`, nil), &pack)
	return pack.Meeting.List[0].Case.ID
}

// succeeded reads what a mutation left, which must have gone well.
func succeeded(t *testing.T, answer stage.Answer, into any) {
	t.Helper()
	var body struct {
		Data   json.RawMessage
		Errors []any
	}
	if err := json.Unmarshal(answer.Body, &body); err != nil || len(body.Errors) > 0 {
		t.Fatalf("answered %s, %v", answer.Body, err)
	}
	if err := json.Unmarshal(body.Data, into); err != nil {
		t.Fatal(err)
	}
}

// record records what somebody's agency holds on a case and returns its id.
func record(t *testing.T, s *stage.Stage, login, caseID, kind, text string) string {
	t.Helper()
	var made struct {
		RecordItem struct{ Item struct{ ID string } }
	}
	succeeded(t, s.Ask(t, login, recordItem, map[string]any{"case": caseID, "kind": kind, "text": text}), &made)
	return made.RecordItem.Item.ID
}

type released struct {
	ID      string
	Version int
	Content *string
}

func release(t *testing.T, s *stage.Stage, login string, input map[string]any) released {
	t.Helper()
	var made struct{ ReleaseItem struct{ Release released } }
	succeeded(t, s.Ask(t, login, releaseItem, map[string]any{"input": input}), &made)
	return made.ReleaseItem.Release
}

// decision is a sound decision to share an advocate's note with the police.
func decision(t *testing.T, s *stage.Stage, caseID, note string) map[string]any {
	t.Helper()
	return map[string]any{
		"caseId": caseID, "source": "ADVOCATE_NOTE", "itemId": note, "decision": "SHARE_SUMMARY",
		"recipientIds": []string{s.Capacity(t, "pc.ahmed").Agency}, "content": "He knows the new address.",
		"gateway": "VITAL_INTERESTS", "regime": "PART_2", "necessity": "He has said that he will come tonight.",
		"proportionality": "One sentence, and not how she knows.", "consent": "GIVEN", "victimTold": true,
	}
}

// The advocate's notes are the service's own. What the advocate releases is read by
// whom it was released to, in the words that were released, until it is withdrawn.
func TestAnAdvocatesNoteIsReadInTheWordsThatWereReleasedUntilTheyAreWithdrawn(t *testing.T) {
	s := stage.New(t, stage.Options{})
	caseID := firstListed(t, s)
	ask := func(login string) []byte { return s.Ask(t, login, whatIsShared, map[string]any{"id": caseID}).Body }
	note := record(t, s, "idva.byrne", caseID, "ADVOCATE_NOTE", "CANARY-NOTE she told me where he waits")
	others := []string{"pc.ahmed", "ds.reid", "po.singh", "coord.ellis", "chair.novak", "hv.osei", "sw.duffy", "pros.lane", "dpo.grant", "pc.ward"}
	before := map[string][]byte{}
	for _, login := range others {
		before[login] = ask(login)
		if bytes.Contains(before[login], []byte("CANARY")) || bytes.Contains(before[login], []byte(note)) {
			t.Errorf("%s reads the advocate's note: %s", login, before[login])
		}
	}
	entered := s.Entered(t)
	made := release(t, s, "idva.byrne", decision(t, s, caseID, note))
	disclosed := s.Entries(t, entered)[0]
	if disclosed.Operation != audit.Disclosure || len(disclosed.Recipients) != 1 || string(disclosed.Recipients[0]) != s.Capacity(t, "pc.ahmed").Agency {
		t.Errorf("the release is entered as %s to %v", disclosed.Operation, disclosed.Recipients)
	}
	for _, login := range others {
		after := ask(login)
		if bytes.Contains(after, []byte("CANARY")) || bytes.Contains(after, []byte(note)) && login != "pc.ahmed" && login != "ds.reid" {
			t.Errorf("%s reads the note itself: %s", login, after)
		}
		shown := bytes.Contains(after, []byte("He knows the new address."))
		switch login {
		case "pc.ahmed", "ds.reid":
			if !shown {
				t.Errorf("%s of the police does not read what was released: %s", login, after)
			}
		case "coord.ellis", "dpo.grant":
			if shown || bytes.Equal(after, before[login]) {
				t.Errorf("%s sees that something was shared, and not what: %s", login, after)
			}
		default:
			if !bytes.Equal(after, before[login]) {
				t.Errorf("a release to the police changes what %s is answered:\n%s\n%s", login, before[login], after)
			}
		}
	}
	withdraw := map[string]any{"id": made.ID, "version": made.Version}
	const withdrawRelease = `mutation($id: ID!, $version: Int!) { withdrawRelease(input: {releaseId: $id, because: "He is in custody.", expectedVersion: $version}) { release { withdrawnAt } } }`
	if refusal := s.Ask(t, "pc.ahmed", withdrawRelease, withdraw); !strings.Contains(string(refusal.Body), `"code":"FORBIDDEN"`) {
		t.Errorf("the recipient withdraws what was released to them: %s", refusal.Body)
	}
	var gone any
	succeeded(t, s.Ask(t, "idva.byrne", withdrawRelease, withdraw), &gone)
	for _, login := range []string{"pc.ahmed", "ds.reid"} {
		if after := ask(login); !bytes.Equal(after, before[login]) {
			t.Errorf("after the withdrawal %s is answered\n%s, before it was\n%s", login, after, before[login])
		}
	}
	alerts := string(s.Ask(t, "pc.ahmed", `{ alerts { totalCount edges { node { kind case { id } } } } }`, nil).Body)
	if !strings.Contains(alerts, `"totalCount":2`) || !strings.Contains(alerts, "ITEM_RELEASED") || !strings.Contains(alerts, "RELEASE_ENDED") || !strings.Contains(alerts, caseID) {
		t.Errorf("the officer in the case is alerted by %s", alerts)
	}
}

// A release that ends by itself is gone at the moment it ends, to the millisecond.
func TestAReleaseEndsByItself(t *testing.T) {
	s := stage.New(t, stage.Options{})
	caseID := firstListed(t, s)
	note := record(t, s, "idva.byrne", caseID, "ADVOCATE_NOTE", "She is afraid of Saturday.")
	ask := func() []byte { return s.Ask(t, "pc.ahmed", whatIsShared, map[string]any{"id": caseID}).Body }
	before := ask()
	input := decision(t, s, caseID, note)
	end := stage.Start.Add(4 * time.Minute) // before the tokens of the stage end
	input["until"] = end.Format(time.RFC3339)
	release(t, s, "idva.byrne", input)
	s.Clock.Set(end.Add(-time.Millisecond))
	if during := ask(); !bytes.Contains(during, []byte("He knows the new address.")) {
		t.Errorf("a millisecond before its end: %s", during)
	}
	s.Clock.Set(end)
	if after := ask(); !bytes.Equal(after, before) {
		t.Errorf("at its end: %s, before the release %s", after, before)
	}
}

// Retrying a release with its key releases nothing twice.
func TestAReleaseIsMadeOnceHoweverOftenItIsSent(t *testing.T) {
	s := stage.New(t, stage.Options{})
	caseID := firstListed(t, s)
	note := record(t, s, "idva.byrne", caseID, "ADVOCATE_NOTE", "She is afraid of Saturday.")
	input := decision(t, s, caseID, note)
	input["idempotencyKey"] = "once"
	first, again := release(t, s, "idva.byrne", input), release(t, s, "idva.byrne", input)
	if first.ID != again.ID {
		t.Errorf("the retry made %s beside %s", again.ID, first.ID)
	}
}
