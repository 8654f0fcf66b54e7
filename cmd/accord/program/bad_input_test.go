package program_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator/core"

	"accord/cmd/accord/stage"
	"accord/graph"
	"accord/internal/audit"
)

func tooMuch(limit string) string {
	return refusal("TOO_EXPENSIVE", "The operation passes the limit of "+limit+". Ask for less at a time.", "")
}

// doubling is a document of fragments each of which spreads the next one twice.
func doubling(fragments int) string {
	var document strings.Builder
	document.WriteString(`query ` + planted + ` { case(reference: "` + planted + `") { ...F0 } }`)
	for i := range fragments {
		fmt.Fprintf(&document, " fragment F%d on Case { ...F%d ...F%d }", i, i+1, i+1)
	}
	fmt.Fprintf(&document, " fragment F%d on Case { id }", fragments)
	return document.String()
}

func repeated(count int, text func(n int) string) string {
	var all strings.Builder
	for n := range count {
		all.WriteString(text(n))
	}
	return all.String()
}

// Every bad request of somebody signed in has one clear answer with its code: no
// internals, nothing echoed, nothing in the log but ids, one entry in the audit
// log.
func TestBadInputIsRefusedInOneSentenceEnteredAndEchoedNowhere(t *testing.T) {
	s := stage.New(t, stage.Options{})
	token := s.Token(t, "coord.ellis")
	person := s.Capacity(t, "coord.ellis").Person
	ask := func(query string, variables map[string]any) letter {
		return letter{body: question(t, query, variables)}
	}
	deep := `{ case(reference: "` + planted + `") {` + strings.Repeat(" actions { case {", 5_000) + " id" + strings.Repeat("}", 10_002)
	cases := map[string]struct {
		letter letter
		status int
		want   string
	}{
		"malformed query": {
			ask("{\n  case(reference: \""+planted+"\") {\n    id "+planted+": }", nil), 400,
			refusalAt(3, 22, "The document cannot be read at line 3, column 22.", `,"constraint":"document","path":"query"`),
		},
		"unknown field": {
			ask("{\n  case(reference: \"x\") { "+planted+" } }", nil), 400,
			refusalAt(2, 26, "Type Case has no field of that name. (Line 2, column 26.)", `,"rule":"FieldsOnCorrectType"`),
		},
		"unknown argument": {
			ask(`{ case(reference: "x", `+planted+`: 1) { id } }`, nil), 400,
			refusalAt(1, 3, "The field or directive has no argument of that name. (Line 1, column 3.)", `,"rule":"KnownArgumentNames"`),
		},
		"wrong type": {
			ask(`{ cases(first: "`+planted+`") { totalCount } }`, nil), 400,
			refusalAt(1, 17, "The value does not fit Int. (Line 1, column 17.)", `,"rule":"ValuesOfCorrectType"`),
		},
		"wrong type of a variable": {
			ask(`query($`+planted+`: Int!) { cases(first: $`+planted+`) { totalCount } }`, map[string]any{planted: planted}), 400,
			refusal("BAD_USER_INPUT", "The variable of type Int! at line 1, column 7 does not fit.", `,"constraint":"type"`),
		},
		"unknown value of an enumeration": {
			ask(`query($f: CaseFilter) { cases(filter: $f) { totalCount } }`, map[string]any{"f": map[string]any{"status": planted}}), 400,
			refusal("BAD_USER_INPUT", "The variable of type CaseFilter at line 1, column 7 does not fit, at status.", `,"constraint":"type","path":"status"`),
		},
		"unknown field of an input": {
			ask(`query($f: CaseFilter) { cases(filter: $f) { totalCount } }`, map[string]any{"f": map[string]any{planted: 1}}), 400,
			refusal("BAD_USER_INPUT", "The variable of type CaseFilter at line 1, column 7 has a field that its type does not know.", `,"constraint":"knownField"`),
		},
		"an operation that is not there": {
			letter{body: `{"query":"query A { __typename } query B { __typename }","operationName":"` + planted + `"}`},
			400,
			refusal("BAD_USER_INPUT", "The document holds no operation of that name, or several and operationName is not given.", `,"constraint":"operation","path":"operationName"`),
		},
		"a subscription": {
			ask(`subscription `+planted+` { `+planted+` }`, nil), 400,
			refusalAt(1, 1, "The schema has no operations of that kind. (Line 1, column 1.)", `,"rule":"KnownRootType"`),
		},
		"not JSON":  {letter{body: planted}, 400, refusal("BAD_USER_INPUT", "The body is not one JSON object in UTF-8.", `,"constraint":"json","path":"body"`)},
		"not UTF-8": {letter{body: `{"query":"{ __typename }","x":"` + planted + "\xff\"}"}, 400, refusal("BAD_USER_INPUT", "The body is not one JSON object in UTF-8.", `,"constraint":"json","path":"body"`)},
		"a key given twice": {
			letter{body: `{"query":"{ __typename }","query":"{ ` + planted + ` }"}`},
			400,
			refusal("BAD_USER_INPUT", "A key of the body is given twice.", `,"constraint":"uniqueKeys","path":"body"`),
		},
		"a batch": {
			letter{body: `[{"query":"{ ` + planted + `: __typename }"},{"query":"{ __typename }"}]`},
			400,
			refusal("BAD_USER_INPUT", "The body is an array. Send one operation at a time.", `,"constraint":"object","path":"body"`),
		},
		"a form": {
			letter{body: "query=" + planted, header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}},
			415,
			refusal("BAD_USER_INPUT", "Send the request as application/json in UTF-8.", `,"constraint":"mediaType","path":"Content-Type"`),
		},
		"5 MB": {
			letter{body: `{"query":"` + strings.Repeat(planted, 5<<20/len(planted)) + `"}`},
			413,
			refusal("BAD_USER_INPUT", "The body is longer than 1048576 bytes.", `,"constraint":"size","path":"body"`),
		},
		"10,000 deep":           {ask(deep, nil), 400, tooMuch("4,000 tokens in a document")},
		"17 deep":               {ask(`{ `+planted+`: case(reference: "x") {`+strings.Repeat(" actions { case {", 8)+` id`+strings.Repeat("}", 18), nil), 400, tooMuch("16 levels of depth")},
		"24 doubling fragments": {ask(doubling(24), nil), 400, tooMuch("2,000 fields in a document with its fragments written out")},
		"101 aliases": {
			ask(`{ `+repeated(101, func(n int) string { return fmt.Sprintf("%s%d: viewer { id } ", planted, n) })+`}`, nil), 400,
			tooMuch("100 renamed or repeated fields"),
		},
		"too dear": {
			ask(`query `+planted+` { cases(first: 100) { edges { node { actions { case { referrals { id agency { name } reasons } } } } } } }`, nil), 400,
			tooMuch("20,000 points of cost"),
		},
		"six changes": {
			ask(`mutation { `+repeated(6, func(n int) string {
				return fmt.Sprintf(`%s%d: updateActionStatus(input: {actionId: %q, status: AGREED, expectedVersion: 1}) { action { id } } `, planted, n, planted)
			})+`}`, nil), 400, tooMuch("5 changes in one operation"),
		},
		"defer": {
			ask(`{ ... @defer(label: "`+planted+`") { viewer { id } } }`, nil), 400,
			refusalAt(1, 8, "Answers are given whole: @defer and @stream are not served. (Line 1, column 8.)", `,"rule":"NoIncrementalDelivery"`),
		},
		"unknown purpose": {
			letter{body: `{"query":"{ viewer { id } }"}`, header: map[string]string{"Accord-Purpose": planted}},
			400,
			refusal("BAD_USER_INPUT", "Declare one of MARAC_PREP, MARAC_ACTION, SAFETY_PLANNING, INVESTIGATION, PROSECUTION, SUPERVISION, MAPPA, QA_AUDIT or SAR in Accord-Purpose, or leave the header out.", `,"constraint":"enum","path":"Accord-Purpose"`),
		},
		"the purpose of emergency access": {
			letter{body: `{"query":"{ ` + planted + `: viewer { id } }"}`, header: map[string]string{"Accord-Purpose": "BREAK_GLASS"}},
			403,
			refusal("FORBIDDEN", "BREAK_GLASS is entered by itself while emergency access runs; declare what you do under it, such as SAFETY_PLANNING.", ""),
		},
		"the purpose of another role": {
			letter{body: `{"query":"{ ` + planted + `: viewer { id } }"}`, header: map[string]string{"Accord-Purpose": "QA_AUDIT"}},
			403,
			refusal("FORBIDDEN", "None of your roles at this agency works for this purpose. Leave the header out, or declare one that is yours.", ""),
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			c.letter.token = token
			logged := len(s.Log())
			var answer stage.Answer
			entries := written(t, s, func() { answer = post(t, s, c.letter) })
			if answer.Status != c.status || string(answer.Body) != c.want {
				t.Errorf("answered %d %s\nwant     %d %s", answer.Status, answer.Body, c.status, c.want)
			}
			if strings.Contains(string(answer.Body)+s.Log()[logged:], planted) {
				t.Errorf("the request is repeated in the answer or the log: %s %s", answer.Body, s.Log()[logged:])
			}
			if len(entries) != 1 {
				t.Fatalf("%d audit entries", len(entries))
			}
			e := entries[0]
			if string(e.Person) != person || e.Operation != audit.Consultation || e.Outcome != audit.Refused ||
				!strings.Contains(c.want, `"code":"`+string(e.Rule)+`"`) || len(e.Records) != 0 {
				t.Errorf("entered %+v", e)
			}
		})
	}
	logHoldsOnlyIDs(t, s.Log())
}

// A client that is still sending gets the answer and then the end of the
// connection, not a reset in its place.
func TestWhoIsStillSendingTooMuchIsAnsweredFirst(t *testing.T) {
	s := stage.New(t, stage.Options{})
	connection, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(s.URL(), "http://"), "/graphql"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = fmt.Fprintf(connection, "POST /graphql HTTP/1.1\r\nHost: accord\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n"+
		"Content-Length: %d\r\nConnection: close\r\n\r\n%s", s.Token(t, "coord.ellis"), 5<<20, strings.Repeat(" ", 64<<10))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(connection)
	if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 413 ") || !strings.HasSuffix(string(answer), `"path":"body"}}]}`) {
		t.Errorf("answered %v %s", err, answer)
	}
	if err := connection.Close(); err != nil {
		t.Error(err)
	}
}

// Whoever is not signed in gets the same bytes, whatever was wrong, and enters
// nothing: there is nobody to enter, and the log is not for strangers to fill.
func TestStrangersGetTheSameBytesWhateverIsWrongWithTheirToken(t *testing.T) {
	s := stage.New(t, stage.Options{})
	mint := func(edit func(header, claims map[string]any)) string {
		token, err := s.SignIn().Provider.Mint("northmoor-marac", func(header, claims map[string]any) {
			claims["name"] = planted
			if edit != nil {
				edit(header, claims)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	good := mint(nil)
	if answer := post(t, s, letter{token: good, body: `{"query":"{ viewer { name } }"}`}); string(answer.Body) != `{"data":{"viewer":{"name":"Gwen Ellis"}}}` {
		t.Fatalf("a good token is answered %d %s", answer.Status, answer.Body)
	}
	claim := func(name string, value any) string {
		return mint(func(_, claims map[string]any) { claims[name] = value })
	}
	tokens := map[string]string{
		"no token":             "",
		"no JWT":               planted,
		"expired":              claim("exp", stage.Start.Add(-1e9*3600).Unix()),
		"without an end":       mint(func(_, claims map[string]any) { delete(claims, "exp") }),
		"another audience":     claim("aud", planted),
		"another issuer":       claim("iss", "https://"+planted+".example"),
		"an unknown subject":   claim("sub", planted),
		"of an unknown issuer": stage.NewSignIn(t).Token(t, "coord.ellis"),
		"an ID token":          mint(func(header, _ map[string]any) { header["typ"] = "JWT" }),
		"a log-out token":      mint(func(header, _ map[string]any) { header["typ"] = "logout+jwt" }),
		"unsigned":             mint(func(header, _ map[string]any) { header["alg"] = "none" }),
		"the public key used":  mint(func(header, _ map[string]any) { header["alg"] = "HS256" }),
		"cut":                  good[:len(good)-4],
		"long":                 good + strings.Repeat("A", 16<<10),
	}
	want := refusal("UNAUTHENTICATED", "Sign in to continue.", "")
	before := s.Entered(t)
	for name, token := range tokens {
		for _, body := range []string{`{"query":"{ ` + planted + ` }"}`, planted} {
			answer := post(t, s, letter{token: token, body: body})
			if answer.Status != 401 || string(answer.Body) != want {
				t.Errorf("%s: answered %d %s", name, answer.Status, answer.Body)
			}
		}
	}
	get := post(t, s, letter{method: "GET", token: good, header: map[string]string{planted: planted}})
	if want := refusal("BAD_USER_INPUT", "Send the operation in a POST request.", `,"constraint":"method","path":"method"`); get.Status != 405 || string(get.Body) != want {
		t.Errorf("GET: answered %d %s", get.Status, get.Body)
	}
	if after := s.Entered(t); after != before {
		t.Errorf("%d audit entries", after-before)
	}
	if strings.Contains(s.Log(), planted) {
		t.Errorf("the log repeats a request: %s", s.Log())
	}
	logHoldsOnlyIDs(t, s.Log())
}

// What is looked up under something that is no id, or the id of another kind, is
// not there, in the same bytes as an id that never was; each look is entered.
func TestMalformedIdsAndReferencesAreNotFound(t *testing.T) {
	s := stage.New(t, stage.Options{})
	const coordinator = "coord.ellis"
	var found struct {
		Data struct {
			Viewer  struct{ ID, Agency struct{ ID string } }
			Meeting struct {
				ID   string
				List []struct {
					Case struct {
						ID, Reference string
						Victim        struct{ ID string }
					}
				}
			}
		}
	}
	ids := s.Ask(t, coordinator, `{ meeting(reference: "NM-MARAC-NEXT") { id list { case { id reference victim { id } } } } }`, nil)
	if err := json.Unmarshal(ids.Body, &found); err != nil || len(found.Data.Meeting.List) == 0 {
		t.Fatalf("%v: %s", err, ids.Body)
	}
	kase := found.Data.Meeting.List[0].Case
	_, body, _ := strings.Cut(kase.ID, "_")
	long := strings.Repeat(planted, 10<<10/len(planted))
	madeUp := "case_" + strings.Repeat("0", 26)
	texts := map[string]string{
		"empty": "", "10 KB": long, "NUL": "\x00", "NUL behind an id": kase.ID + "\x00", "a prefix": "case_", "a long prefix": "case_" + long,
		"upper case": strings.ToUpper(kase.ID), "an id with another prefix": "action_" + body, "an unknown prefix": "nobody_" + body,
		"a party": kase.Victim.ID, "a practitioner": s.Capacity(t, coordinator).Person, "an agency": s.Capacity(t, coordinator).Agency,
		"a wildcard": "%", "quotes": `' OR ''='`, "text": planted,
	}
	lookups := map[string]struct {
		query string
		kind  string
		also  map[string]string // what is an id or reference elsewhere, and not here
	}{
		"node":    {`query($text: ID!) { node(id: $text) { id } }`, "", map[string]string{"a reference": kase.Reference}},
		"case":    {`query($text: String!) { case(reference: $text) { id } }`, "case", map[string]string{"an id": kase.ID, "a meeting": "NM-MARAC-NEXT"}},
		"meeting": {`query($text: String!) { meeting(reference: $text) { id } }`, "meeting", map[string]string{"an id": found.Data.Meeting.ID, "a case": kase.Reference}},
		"updateActionStatus": {
			`mutation($text: ID!) { updateActionStatus(input: {actionId: $text, status: COMPLETED, expectedVersion: 1}) { action { id } } }`,
			"action",
			map[string]string{"a case": kase.ID},
		},
	}
	for root, look := range lookups {
		never := s.Ask(t, coordinator, look.query, map[string]any{"text": madeUp})
		want := fmt.Sprintf(`{"errors":[{"message":"There is nothing here that you can see.","path":[%q],"locations":[{"line":1,"column":%d}],"extensions":{"code":"NOT_FOUND"}}],"data":{%q:null}}`,
			root, strings.Index(look.query, root)+1, root)
		if never.Status != 200 || string(never.Body) != want {
			t.Errorf("%s: an id that never was is answered %d %s, want %s", root, never.Status, never.Body, want)
		}
		maps.Copy(look.also, texts)
		for name, text := range look.also {
			logged := len(s.Log())
			var answer stage.Answer
			entries := written(t, s, func() { answer = s.Ask(t, coordinator, look.query, map[string]any{"text": text}) })
			if answer.Status != 200 || string(answer.Body) != want {
				t.Errorf("%s by %s is answered %d %.300s", root, name, answer.Status, answer.Body)
			}
			if strings.Contains(s.Log()[logged:], planted) {
				t.Errorf("%s by %s: the log repeats it", root, name)
			}
			if len(entries) != 1 || entries[0].Outcome != audit.NotFound || entries[0].Operation != audit.Consultation ||
				string(entries[0].Action) != root || len(entries[0].Records) != 1 || entries[0].Records[0].Version != 0 {
				t.Errorf("%s by %s is entered as %+v", root, name, entries)
			}
		}
	}
	logHoldsOnlyIDs(t, s.Log())
}

func TestAPageOutsideItsBoundsAndAForgedCursorAreBadInput(t *testing.T) {
	s := stage.New(t, stage.Options{})
	const meetings, cases = `query($first: Int!, $after: String) { meetings(first: $first, after: $after) { pageInfo { endCursor } } }`,
		`query($first: Int!, $after: String) { cases(first: $first, after: $after) { pageInfo { endCursor } } }`
	cursor := func(login, query, root string) string {
		var page struct {
			Data map[string]struct{ PageInfo struct{ EndCursor string } }
		}
		answer := s.Ask(t, login, query, map[string]any{"first": 1})
		if err := json.Unmarshal(answer.Body, &page); err != nil || page.Data[root].PageInfo.EndCursor == "" {
			t.Fatalf("%v: %s", err, answer.Body)
		}
		return page.Data[root].PageInfo.EndCursor
	}
	own := cursor("coord.ellis", meetings, "meetings")
	if answer := s.Ask(t, "coord.ellis", meetings, map[string]any{"first": 1, "after": own}); !strings.HasPrefix(string(answer.Body), `{"data":{"meetings":{`) {
		t.Fatalf("a good cursor is answered %s", answer.Body)
	}
	const bounds, place = `"message":"Ask for 1 to 100 records.","path":["meetings"],"locations":[{"line":1,"column":39}],"extensions":{"code":"BAD_USER_INPUT","constraint":"range","path":"first"}`,
		`"message":"The cursor is not one that this list gave you. Start the list again without it.","path":["meetings"],"locations":[{"line":1,"column":39}],"extensions":{"code":"BAD_USER_INPUT","constraint":"cursor","path":"after"}`
	for name, c := range map[string]struct {
		variables map[string]any
		want      string
	}{
		"none":                   {map[string]any{"first": 0}, bounds},
		"fewer than none":        {map[string]any{"first": -1}, bounds},
		"101":                    {map[string]any{"first": 101}, bounds},
		"the largest":            {map[string]any{"first": 1<<31 - 1}, bounds},
		"a forged cursor":        {map[string]any{"first": 1, "after": planted}, place},
		"an empty cursor":        {map[string]any{"first": 1, "after": ""}, place},
		"a changed cursor":       {map[string]any{"first": 1, "after": flipped(own)}, place},
		"a cursor with more":     {map[string]any{"first": 1, "after": own + "AAAA"}, place},
		"another list's cursor":  {map[string]any{"first": 1, "after": cursor("coord.ellis", cases, "cases")}, place},
		"somebody else's cursor": {map[string]any{"first": 1, "after": cursor("idva.byrne", meetings, "meetings")}, place},
		"10 KB":                  {map[string]any{"first": 1, "after": strings.Repeat(planted, 10<<10/len(planted))}, place},
	} {
		var answer stage.Answer
		entries := written(t, s, func() { answer = s.Ask(t, "coord.ellis", meetings, c.variables) })
		if want := `{"errors":[{` + c.want + `}],"data":null}`; answer.Status != 200 || string(answer.Body) != want {
			t.Errorf("%s: answered %d %s, want %s", name, answer.Status, answer.Body, want)
		}
		if len(entries) != 1 || entries[0].Outcome != audit.Refused || entries[0].Rule != "BAD_USER_INPUT" || entries[0].Action != "meetings" {
			t.Errorf("%s: entered %+v", name, entries)
		}
	}
	if strings.Contains(s.Log(), planted) {
		t.Error("the log repeats a cursor")
	}
	logHoldsOnlyIDs(t, s.Log())
}

// flipped is a text with its first letter exchanged.
func flipped(text string) string {
	if text[0] == 'A' {
		return "B" + text[1:]
	}
	return "A" + text[1:]
}

// 24 fragments that each spread the next twice are 2^24 fields written out. The
// walkers look at each selection of the document at most once, on the real
// schema, though no limit stops them.
func TestWalkingDoublingFragmentsTakesNoMoreStepsThanTheDocumentHoldsSelections(t *testing.T) {
	const fragments, selections = 24, 2*24 + 3
	document, err := parser.ParseQuery(&ast.Source{Input: doubling(fragments)})
	if err != nil {
		t.Fatal(err)
	}
	boundless := graph.Limits{Tokens: 1 << 40, Depth: 1 << 40, Fields: 1 << 40, Fragments: 1 << 40, Aliases: 1 << 40, Mutations: 1 << 40, Cost: 1 << 40}
	for name, limits := range map[string]graph.Limits{"with the limits": graph.DefaultLimits(), "without": boundless} {
		shape, refused := graph.MeasureShape(document, limits)
		if shape.Steps > selections {
			t.Errorf("%s: the shape took %d steps over %d selections", name, shape.Steps, selections)
		}
		if (refused != nil) != (name == "with the limits") {
			t.Errorf("%s: refused %v", name, refused)
		}
	}
	shape, _ := graph.MeasureShape(document, boundless)
	if shape.Fields < 1<<fragments || shape.Steps != selections {
		t.Errorf("written out %d fields in %d steps over %d selections", shape.Fields, shape.Steps, selections)
	}
	schema := graph.NewExecutableSchema(graph.Config{}).Schema()
	// Rules take time; what pricing needs of validation is its walk.
	core.Walk(schema, document, &core.Events{})
	for name, limit := range map[string]int{"with the limit": graph.DefaultLimits().Cost, "without": boundless.Cost} {
		price, refused := graph.MeasurePrice(document, document.Operations[0], nil, limit)
		if price.Steps > selections || (refused != nil) != (name == "with the limit") {
			t.Errorf("%s: the price took %d steps over %d selections, refused %v", name, price.Steps, selections, refused)
		}
	}
	price, _ := graph.MeasurePrice(document, document.Operations[0], nil, boundless.Cost)
	if price.Cost < 1<<fragments || price.Steps != selections {
		t.Errorf("costs %d in %d steps over %d selections", price.Cost, price.Steps, selections)
	}
}
