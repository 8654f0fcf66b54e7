package program_test

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"

	"accord/cmd/accord/stage"
	"accord/domain/casework"
	"accord/internal/audit"
	"accord/internal/procedures"
)

const (
	proposeLink = `mutation($input: ProposePartyLinkInput!) { proposePartyLink(input: $input) { link { id status version confirmedAt undoneAt } } }`
	confirmLink = `mutation($input: ConfirmPartyLinkInput!) { confirmPartyLink(input: $input) { link { id status version confirmedBy { name } undoneAt } } }`
	undoLink    = `mutation($input: UndoPartyLinkInput!) { undoPartyLink(input: $input) { link { id status version undoneAt } } }`
	linksOf     = `query($id: ID!) { node(id: $id) { ... on Case { partyLinks { id status version proposedBy { name } case { id } } } } }`
	sameMan     = "One telephone and one van, seen by two officers at both addresses."
)

// everythingOf is what of a case a link could have changed.
const everythingOf = `query($id: ID!) { node(id: $id) { id ... on Case { version reference status riskLevel
  victim { id name dateOfBirth aliases phones handles outwardPostcode } children { id name } perpetrators { id name dateOfBirth aliases phones handles }
  courseOfConduct { count } actions { id version } } } }`

// linkable are two cases of one perpetrator, as who works on both reads them.
type linkable struct{ first, firstParty, second, secondParty string }

func twoCases(t *testing.T, s *stage.Stage) linkable {
	t.Helper()
	perpetrator := func(id string) string {
		read, err := s.As(t, "pc.ahmed").CaseByID(t.Context(), id)
		must(t, err)
		return read.Perpetrators()[0].ID
	}
	first := perpetratorCase(t, s, "pc.ahmed", casework.Identity{Name: "Peregrine Stoddlethwaite"})
	second := perpetratorCase(t, s, "pc.ahmed", casework.Identity{Name: "Perry Stoddlethwaite"})
	return linkable{first, perpetrator(first), second, perpetrator(second)}
}

func (l linkable) proposal() map[string]any {
	return map[string]any{
		"firstCaseId": l.first, "firstPersonId": l.firstParty, "secondCaseId": l.second, "secondPersonId": l.secondParty, "reason": sameMan,
	}
}

func (l linkable) listed() listed {
	return listed{id: l.first, reference: "ACC-0000-0000", family: []string{l.first}}
}

// changesLink asks for a change of a link and returns its id; empty when it was refused.
func changesLink(t *testing.T, s *stage.Stage, login, query string, input map[string]any) (id, answer string) {
	t.Helper()
	answer = askedFor(t, s, login, "", query, map[string]any{"input": input})
	var read struct {
		Data map[string]struct{ Link struct{ ID string } }
	}
	if err := json.Unmarshal([]byte(answer), &read); err != nil {
		t.Fatalf("answered %s", answer)
	}
	for _, payload := range read.Data {
		id = payload.Link.ID
	}
	return id, answer
}

func onLink(link string, version int) map[string]any {
	return map[string]any{"linkId": link, "expectedVersion": version}
}

func undoing(link string, version int) map[string]any {
	return map[string]any{"linkId": link, "expectedVersion": version, "reason": "The van was sold before the second incident happened."}
}

// One proposes, another confirms, anybody who reaches both cases undoes; and the parties
// are at each step what they were, byte for byte.
func TestALinkTakesTwoPeopleAndIsUndoneWithoutATrace(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := twoCases(t, s)
	logins := []string{"pc.ahmed", "insp.cole", "coord.ellis", "pc.ward", "dpo.grant"}
	read := func() (all []string) {
		for _, login := range logins {
			for _, id := range []string{of.first, of.second} {
				all = append(all, askedFor(t, s, login, "", everythingOf, map[string]any{"id": id}))
			}
		}
		return all
	}
	before := read()
	if !strings.Contains(before[0], "Peregrine") {
		t.Fatalf("the officer reads %s", before[0])
	}
	same := func(when string) {
		t.Helper()
		if now := read(); !slices.Equal(now, before) {
			t.Errorf("%s: %s\nwas %s", when, now, before)
		}
	}
	var link, answer string
	entries := written(t, s, func() { link, answer = changesLink(t, s, "pc.ahmed", proposeLink, of.proposal()) })
	if !strings.Contains(answer, `"status":"PROPOSED","version":1`) {
		t.Fatalf("answered %s", answer)
	}
	combined := func(entries []audit.Entry, action string) bool {
		return slices.ContainsFunc(entries, func(e audit.Entry) bool {
			seen := map[string]bool{}
			for _, r := range e.Records {
				seen[string(r.Record)] = true
			}
			return string(e.Action) == action && e.Operation == audit.Combination && seen[link] && seen[of.first] && seen[of.second]
		})
	}
	if !combined(entries, "proposePartyLink") {
		t.Errorf("the proposal is entered as %+v", entries)
	}
	same("proposed")
	mustBeTold(t, s, "insp.cole", "LINK_PROPOSED")
	mustBeTold(t, s, "coord.ellis", "LINK_PROPOSED")
	mustBeTold(t, s, "pc.ahmed")
	for _, id := range []string{of.first, of.second} {
		if answer := askedFor(t, s, "coord.ellis", "", linksOf, map[string]any{"id": id}); !strings.Contains(answer, link) {
			t.Errorf("from %s the coordinator reads %s", id, answer)
		}
	}
	if _, answer := changesLink(t, s, "pc.ahmed", confirmLink, onLink(link, 1)); !strings.Contains(answer, "LINK_TWO_PEOPLE") {
		t.Errorf("who proposed it confirms: %s", answer)
	}
	entries = written(t, s, func() { _, answer = changesLink(t, s, "coord.ellis", confirmLink, onLink(link, 1)) })
	if !strings.Contains(answer, `"status":"CONFIRMED","version":2,"confirmedBy":{"name":"Gwen Ellis"}`) || !combined(entries, "confirmPartyLink") {
		t.Errorf("answered %s, entered %+v", answer, entries)
	}
	same("confirmed")
	mustBeTold(t, s, "pc.ahmed", "LINK_CHANGED")
	if _, answer := changesLink(t, s, "pc.ahmed", undoLink, undoing(link, 1)); !strings.Contains(answer, `"code":"CONFLICT"`) {
		t.Errorf("a version that is past is answered %s", answer)
	}
	entries = written(t, s, func() { _, answer = changesLink(t, s, "pc.ahmed", undoLink, undoing(link, 2)) })
	if !strings.Contains(answer, `"status":"UNDONE","version":3`) || !combined(entries, "undoPartyLink") {
		t.Errorf("answered %s, entered %+v", answer, entries)
	}
	same("undone")
	// It stays on the record that it was there, and may be proposed again.
	if answer := askedFor(t, s, "coord.ellis", "", linksOf, map[string]any{"id": of.second}); !strings.Contains(answer, `"status":"UNDONE"`) {
		t.Errorf("the coordinator reads %s", answer)
	}
	if again, answer := changesLink(t, s, "coord.ellis", proposeLink, of.proposal()); again == "" || again == link {
		t.Errorf("answered %s", answer)
	}
}

// A link is there for who reaches both cases. One case is not enough, and an exclusion
// from either takes it away.
func TestALinkIsThereForWhoReachesBothCases(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := twoCases(t, s)
	must(t, procedures.AssignPractitioner(t.Context(), s.As(t, "pc.ahmed"), of.first, s.Capacity(t, "ds.reid").Person))
	link, _ := changesLink(t, s, "coord.ellis", proposeLink, of.proposal())
	const node = `query($id: ID!) { node(id: $id) { id ... on PartyLink { status case { id } } } }`
	absent := func(login string) {
		t.Helper()
		never := askedFor(t, s, login, "", node, map[string]any{"id": "link_" + strings.Repeat("0", 26)})
		if answer := askedFor(t, s, login, "", node, map[string]any{"id": link}); answer != never {
			t.Errorf("%s reads %s", login, answer)
		}
		for query, input := range map[string]map[string]any{confirmLink: onLink(link, 1), undoLink: undoing(link, 1)} {
			if _, answer := changesLink(t, s, login, query, input); !strings.Contains(answer, `"code":"NOT_FOUND"`) {
				t.Errorf("%s is answered %s", login, answer)
			}
		}
	}
	for _, login := range []string{"ds.reid", "pc.ward", "hv.osei", "sys.kerr"} {
		absent(login)
	}
	if answer := askedFor(t, s, "ds.reid", "", linksOf, map[string]any{"id": of.first}); !strings.Contains(answer, `"partyLinks":[]`) {
		t.Errorf("who reaches one case reads %s", answer)
	}
	mustBeTold(t, s, "ds.reid")
	if answer := askedFor(t, s, "pc.ahmed", "", node, map[string]any{"id": link}); !strings.Contains(answer, `"status":"PROPOSED"`) {
		t.Fatalf("who reaches both reads %s", answer)
	}
	if answer := askedFor(t, s, "coord.ellis", "", setExclusion, map[string]any{"input": map[string]any{
		"caseId": of.second, "practitionerId": s.Capacity(t, "pc.ahmed").Person, "kind": "EXCLUDED_FROM", "reason": "FRIEND",
	}}); !strings.Contains(answer, `"version":1`) {
		t.Fatalf("answered %s", answer)
	}
	absent("pc.ahmed")
	if answer := askedFor(t, s, "pc.ahmed", "", linksOf, map[string]any{"id": of.first}); !strings.Contains(answer, `"partyLinks":[]`) {
		t.Errorf("who is kept from the other case reads %s", answer)
	}
	before := told(t, s, "pc.ahmed")
	if _, answer := changesLink(t, s, "coord.ellis", undoLink, undoing(link, 1)); !strings.Contains(answer, `"status":"UNDONE"`) {
		t.Errorf("answered %s", answer)
	}
	if now := told(t, s, "pc.ahmed"); !slices.Equal(now, before) {
		t.Errorf("who is kept from one of the cases is told %q after %q", now, before)
	}
}

func TestALinkThatIsRefused(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := twoCases(t, s)
	must(t, procedures.AssignPractitioner(t.Context(), s.As(t, "pc.ahmed"), of.first, s.Capacity(t, "po.singh").Person))
	link, _ := changesLink(t, s, "pc.ahmed", proposeLink, of.proposal())
	with := func(changes ...string) map[string]any {
		input := of.proposal()
		for i := 0; i < len(changes); i += 2 {
			input[changes[i]] = changes[i+1]
		}
		return input
	}
	turned := with("firstCaseId", of.second, "firstPersonId", of.secondParty, "secondCaseId", of.first, "secondPersonId", of.firstParty)
	for name, refused := range map[string]refusedChange{
		"of one case":                        {login: "pc.ahmed", query: proposeLink, input: with("secondCaseId", of.first), code: "RULE_VIOLATION", rule: "LINK_TWO_CASES"},
		"without a reason":                   {login: "pc.ahmed", query: proposeLink, input: with("reason", "same"), code: "RULE_VIOLATION", rule: "REASON_OF_SUBSTANCE"},
		"of nobody":                          {login: "pc.ahmed", query: proposeLink, input: with("secondPersonId", planted), code: "BAD_USER_INPUT", rule: "known"},
		"of a party of the other case":       {login: "pc.ahmed", query: proposeLink, input: with("secondPersonId", of.firstParty), code: "BAD_USER_INPUT", rule: "known"},
		"a second time":                      {login: "coord.ellis", query: proposeLink, input: of.proposal(), code: "CONFLICT", rule: ""},
		"a second time, the other way round": {login: "coord.ellis", query: proposeLink, input: turned, code: "CONFLICT", rule: ""},
		"by who does not reach the second":   {login: "po.singh", query: proposeLink, input: of.proposal(), code: "NOT_FOUND"},
		"by who reaches neither":             {login: "pc.ward", query: proposeLink, input: of.proposal(), code: "NOT_FOUND"},
		"by who reads masks":                 {login: "dpo.grant", query: proposeLink, input: of.proposal(), code: "FORBIDDEN"},
		"confirmed by who reads masks":       {login: "dpo.grant", query: confirmLink, input: onLink(link, 1), code: "FORBIDDEN"},
		"undone without a reason":            {login: "coord.ellis", query: undoLink, input: map[string]any{"linkId": link, "expectedVersion": 1, "reason": "no"}, code: "RULE_VIOLATION", rule: "REASON_OF_SUBSTANCE"},
	} {
		refused.of, refused.name = of.listed(), name
		mustRefuse(t, s, refused)
	}
}

// Of two who propose the same pair at the same time, one comes first.
func TestOnePairIsLinkedOnce(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := twoCases(t, s)
	answers := make([]string, 2)
	var all sync.WaitGroup
	for i, login := range []string{"pc.ahmed", "coord.ellis"} {
		all.Go(func() { _, answers[i] = changesLink(t, s, login, proposeLink, of.proposal()) })
	}
	all.Wait()
	if joined := strings.Join(answers, "\n"); strings.Count(joined, `"PROPOSED"`) != 1 || strings.Count(joined, `"CONFLICT"`) != 1 {
		t.Errorf("answered %s", joined)
	}
}
