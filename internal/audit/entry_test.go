package audit_test

import (
	"bytes"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"accord/authz"
	"accord/domain/fault"
	"accord/internal/audit"
	"accord/internal/secrets/identifier"
	"accord/internal/store"
)

// The written form is a contract with every log that exists.
func TestAnEntryIsWrittenInItsOneForm(t *testing.T) {
	const (
		request = "req_00000000000000000000000004"
		person  = "prac_00000000000000000000000008"
		agency  = "agency_0000000000000000000000000c"
		one     = "case_0000000000000000000000000g"
		two     = "research_0000000000000000000000000m"
		sought  = "blind_0000000000000000000000000r"
	)
	cases := []struct {
		name  string
		entry audit.Entry
		want  string
	}{
		{
			"a look at a meeting pack",
			audit.Entry{
				At:      time.Date(2026, 3, 9, 13, 0, 0, 1_999_999, time.FixedZone("", 3600)),
				Request: request, Person: person, Agency: agency,
				Roles:     []authz.Role{authz.MaracChair, authz.MaracCoordinator, authz.MaracChair},
				Purpose:   authz.MaracPrep,
				Operation: audit.Consultation, Action: "meeting", Outcome: audit.Done,
				Records: []audit.RecordSeen{
					{Record: one, Kind: "case", Version: 3, Full: audit.ClassesOf(authz.CaseCore, authz.Actions), Masked: audit.ClassesOf(authz.Health)},
					{Record: two, Kind: "research", Version: 1},
					{Record: one, Kind: "case", Version: 3, Full: audit.ClassesOf(authz.Actions, authz.CaseCore), Masked: audit.ClassesOf(authz.Health)},
					{Record: two, Kind: "research", Version: 2, Masked: audit.ClassesOf(authz.Research)},
				},
			},
			`{"at":"2026-03-09T12:00:00.001Z","request":"` + request + `","person":"` + person + `","agency":"` + agency + `",` +
				`"roles":["MARAC_COORDINATOR","MARAC_CHAIR"],"purpose":"MARAC_PREP","operation":"CONSULTATION","action":"meeting","outcome":"DONE",` +
				`"sights":[{"full":["CASE_CORE","ACTIONS"],"masked":["HEALTH"]},{"masked":["RESEARCH"]}],` +
				`"records":[{"id":"` + one + `","kind":"case","version":3,"sight":0},{"id":"` + two + `","kind":"research","version":1},` +
				`{"id":"` + one + `","kind":"case","version":3,"sight":0},{"id":"` + two + `","kind":"research","version":2,"sight":1}]}`,
		},
		{
			"a reference that was not found",
			audit.Entry{
				At: noon, Request: request, Person: person, Agency: agency, Roles: []authz.Role{authz.Idva},
				Operation: audit.Consultation, Action: "case", Outcome: audit.NotFound,
				Records: []audit.RecordSeen{{Record: sought, Kind: "case"}},
			},
			`{"at":"2026-03-09T12:00:00.000Z","request":"` + request + `","person":"` + person + `","agency":"` + agency + `","roles":["IDVA"],` +
				`"operation":"CONSULTATION","action":"case","outcome":"NOT_FOUND","records":[{"id":"` + sought + `","kind":"case"}]}`,
		},
		{
			"a disclosure by a system capacity, refused, the second part of two",
			audit.Entry{
				At: noon, Request: request, System: "list relay", Operation: audit.Disclosure, Action: "issueList",
				Outcome: audit.Refused, Rule: "R7", Part: 2, Parts: 2, Recipients: []audit.ID{agency},
			},
			`{"at":"2026-03-09T12:00:00.000Z","request":"` + request + `","system":"list relay","operation":"DISCLOSURE","action":"issueList",` +
				`"outcome":"REFUSED","rule":"R7","part":2,"parts":2,"recipients":["` + agency + `"]}`,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			encoded, err := c.entry.Encode()
			if err != nil {
				t.Fatal(err)
			}
			if string(encoded) != c.want {
				t.Fatalf("written\n%s\nwant\n%s", encoded, c.want)
			}
			decoded, err := audit.Decode(encoded)
			if err != nil {
				t.Fatal(err)
			}
			again, err := decoded.Encode()
			if err != nil || !bytes.Equal(again, encoded) {
				t.Fatalf("read and written again\n%s, %v", again, err)
			}
		})
	}
}

func drawEntry(t *rapid.T) audit.Entry {
	ids := identifier.NewMaker(seeded(rapid.Byte().Draw(t, "seed")))
	id := func(prefix string) audit.ID { return audit.ID(ids.New(prefix)) }
	entry := audit.Entry{
		At:        noon.Add(time.Duration(rapid.Int64Range(-5e11, 5e11).Draw(t, "at")) * time.Millisecond),
		Request:   id("req"),
		Purpose:   rapid.SampledFrom([]authz.Purpose{"", authz.MaracPrep, authz.Sar, authz.Emergency}).Draw(t, "purpose"),
		Operation: audit.Operation(rapid.IntRange(1, 6).Draw(t, "operation")),
		Action:    audit.Action(rapid.StringMatching(`[a-z][A-Za-z0-9]{0,20}`).Draw(t, "action")),
		Outcome:   audit.Done,
	}
	if rapid.Bool().Draw(t, "system") {
		entry.System = audit.System(rapid.StringMatching(`[a-z]{1,8}( [a-z]{1,8})?`).Draw(t, "capacity"))
	} else {
		entry.Person, entry.Agency = id("prac"), id("agency")
		entry.Roles = rapid.SliceOfNDistinct(rapid.SampledFrom(authz.Roles()), 1, 4, rapid.ID[authz.Role]).Draw(t, "roles")
		slices.Sort(entry.Roles)
	}
	if rapid.Bool().Draw(t, "refused") {
		entry.Outcome = audit.Refused
		entry.Rule = rapid.SampledFrom([]audit.Rule{"R1", "R18", "FORBIDDEN", "CONFLICT"}).Draw(t, "rule")
	}
	kinds := rapid.SampledFrom([]store.Kind{"case", "meeting", "listItem"})
	sets := rapid.SampledFrom([]audit.Classes{0, 1, audit.ClassesOf(authz.Health, authz.Directory), audit.ClassesOf(authz.DataClasses()...)})
	for range rapid.IntRange(0, 6).Draw(t, "records") {
		full := sets.Draw(t, "full")
		entry.Records = append(entry.Records, audit.RecordSeen{
			Record: id("case"), Kind: kinds.Draw(t, "kind"), Version: rapid.Int64Range(0, 1<<40).Draw(t, "version"),
			Full: full, Masked: sets.Draw(t, "masked") &^ full,
		})
	}
	for range rapid.IntRange(0, 2).Draw(t, "recipients") {
		entry.Recipients = append(entry.Recipients, id("agency"))
	}
	return entry
}

func TestWhatIsDecodedIsWhatWasEncoded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entry := drawEntry(t)
		encoded, err := entry.Encode()
		if err != nil {
			t.Fatal(err)
		}
		decoded, err := audit.Decode(encoded)
		if err != nil {
			t.Fatalf("%s: %v", encoded, err)
		}
		if !reflect.DeepEqual(decoded, entry) {
			t.Fatalf("encoded %+v\ndecoded %+v", entry, decoded)
		}
	})
}

// leaves calls visit for every value that an entry holds, with its path.
func leaves(path string, value reflect.Value, visit func(path string, leaf reflect.Value)) {
	switch {
	case value.Type() == reflect.TypeFor[time.Time]():
		visit(path, value)
	case value.Kind() == reflect.Struct:
		for i := range value.NumField() {
			leaves(path+"."+value.Type().Field(i).Name, value.Field(i), visit)
		}
	case value.Kind() == reflect.Slice:
		if value.Len() == 0 {
			value.Set(reflect.MakeSlice(value.Type(), 1, 1))
		}
		leaves(path+"[]", value.Index(0), visit)
	default:
		visit(path, value)
	}
}

func TestNoFieldOfAnEntryCouldHoldAValueOfARecord(t *testing.T) {
	allowed := []reflect.Type{
		reflect.TypeFor[time.Time](), reflect.TypeFor[int](), reflect.TypeFor[int64](), // times, parts, versions
		reflect.TypeFor[audit.ID](), reflect.TypeFor[audit.System](), reflect.TypeFor[audit.Action](),
		reflect.TypeFor[audit.Rule](), reflect.TypeFor[audit.Operation](), reflect.TypeFor[audit.Outcome](),
		reflect.TypeFor[audit.Classes](), reflect.TypeFor[authz.Role](), reflect.TypeFor[authz.Purpose](), reflect.TypeFor[store.Kind](),
	}
	entry := reflect.New(reflect.TypeFor[audit.Entry]()).Elem()
	seen := 0
	leaves("Entry", entry, func(path string, leaf reflect.Value) {
		seen++
		if !slices.Contains(allowed, leaf.Type()) {
			t.Errorf("%s is a %s, which could hold anything", path, leaf.Type())
		}
	})
	if seen < 15 {
		t.Fatalf("only %d fields were looked at", seen)
	}
}

// Every text field of an entry, one by one, is given what a person might be
// called or write.
func TestAValueOfARecordInAnyFieldIsRefused(t *testing.T) {
	values := []string{
		"Sarah Blackwood", "sarah.blackwood@example.org", "O'Neill", "12 Mill Lane", "NM1 4AB", "07700 900123", "1987-04-02",
		"Śārā", "sarah-jane", `x","records":[]}`, "<b>", "\x00", "\n", strings.Repeat("a", 200),
	}
	fields := 0
	probe := look(identifiers(), noon)
	leaves("Entry", reflect.ValueOf(&probe).Elem(), func(path string, leaf reflect.Value) {
		if leaf.Kind() != reflect.String {
			return
		}
		fields++
		for _, value := range values {
			entry := look(identifiers(), noon)
			entry.Outcome, entry.Rule = audit.Refused, "R7"
			entry.Recipients = []audit.ID{entry.Agency}
			if strings.HasSuffix(path, ".System") {
				entry.Person, entry.Agency, entry.System = "", "", "list relay"
			}
			if _, err := entry.Encode(); err != nil {
				t.Fatalf("before the change: %v", err)
			}
			leaves("Entry", reflect.ValueOf(&entry).Elem(), func(p string, leaf reflect.Value) {
				if p == path {
					leaf.SetString(value)
				}
			})
			encoded, err := entry.Encode()
			if err == nil {
				t.Errorf("%s took %q: %s", path, value, encoded)
			} else if strings.Contains(err.Error(), value) {
				t.Errorf("%s: the error repeats the value: %v", path, err)
			}
		}
	})
	if fields != 10 {
		t.Fatalf("%d text fields were tried", fields)
	}
}

func TestANameInSmallLettersIsNoIdentifier(t *testing.T) {
	for _, name := range []audit.ID{"sarah", "case_sarah", "prac_sarahblackwood", "prac_sarah_jane_blackwood_north"} {
		entry := look(identifiers(), noon)
		entry.Records[0].Record = name
		if _, err := entry.Encode(); err == nil {
			t.Errorf("%s passed for an identifier", name)
		}
	}
}

func TestAnEntryThatSaysTooLittleOrContradictsItselfIsRefused(t *testing.T) {
	cases := map[string]func(*audit.Entry){
		"no time":                    func(e *audit.Entry) { e.At = time.Time{} },
		"no request":                 func(e *audit.Entry) { e.Request = "" },
		"nobody":                     func(e *audit.Entry) { e.Person = "" },
		"no agency":                  func(e *audit.Entry) { e.Agency = "" },
		"a person who is a system":   func(e *audit.Entry) { e.System = "list relay" },
		"a role that is none":        func(e *audit.Entry) { e.Roles = []authz.Role{200} },
		"a purpose that is none":     func(e *audit.Entry) { e.Purpose = "CURIOSITY" },
		"no operation":               func(e *audit.Entry) { e.Operation = 0 },
		"an operation that is none":  func(e *audit.Entry) { e.Operation = 7 },
		"no action":                  func(e *audit.Entry) { e.Action = "" },
		"no outcome":                 func(e *audit.Entry) { e.Outcome = 0 },
		"a refusal without a rule":   func(e *audit.Entry) { e.Outcome = audit.Refused },
		"a rule without a refusal":   func(e *audit.Entry) { e.Rule = "R7" },
		"a part of none":             func(e *audit.Entry) { e.Part = 1 },
		"a part behind the last":     func(e *audit.Entry) { e.Part, e.Parts = 3, 2 },
		"no kind":                    func(e *audit.Entry) { e.Records[0].Kind = "" },
		"a version below 0":          func(e *audit.Entry) { e.Records[0].Version = -1 },
		"a class that is none":       func(e *audit.Entry) { e.Records[0].Full = 1 << 63 },
		"a class full and masked":    func(e *audit.Entry) { e.Records[0].Masked = e.Records[0].Full },
		"a hundred roles":            func(e *audit.Entry) { e.Roles = make([]authz.Role, 100) },
		"more recipients than exist": func(e *audit.Entry) { e.Recipients = slices.Repeat([]audit.ID{e.Agency}, 300) },
		"two spaces in the system":   func(e *audit.Entry) { e.Person, e.Agency, e.System = "", "", "list  relay" },
		"a system that ends open":    func(e *audit.Entry) { e.Person, e.Agency, e.System = "", "", "list " },
	}
	for name, spoil := range cases {
		entry := look(identifiers(), noon)
		spoil(&entry)
		if _, err := entry.Encode(); err == nil {
			t.Errorf("%s: encoded", name)
		}
		if parts := entry.Split(); len(parts) != 1 {
			t.Errorf("%s: split into %d", name, len(parts))
		}
	}
}

func TestOnlyTheOneFormIsDecoded(t *testing.T) {
	encoded, err := look(identifiers(), noon).Encode()
	if err != nil {
		t.Fatal(err)
	}
	text := string(encoded)
	replaced := func(old, with string) string {
		t.Helper()
		if !strings.Contains(text, old) {
			t.Fatalf("%s is not in the entry", old)
		}
		return strings.Replace(text, old, with, 1)
	}
	for name, other := range map[string]string{
		"empty":                    "",
		"not JSON":                 text[:len(text)-1],
		"a space":                  replaced(`,"request"`, `, "request"`),
		"more behind":              text + " ",
		"a field nobody knows":     replaced(`,"request"`, `,"name":"x","request"`),
		"a field twice":            replaced(`,"request"`, `,"at":"2026-03-09T12:00:00.000Z","request"`),
		"a field in other letters": replaced(`"request"`, `"Request"`),
		"an escape":                replaced(`"case"`, `"c\u0061se"`),
		"another time zone":        replaced(`12:00:00.000Z`, `13:00:00.000+01:00`),
		"classes out of order":     replaced(`"full":["CASE_CORE"]`, `"full":["HEALTH","CASE_CORE"]`),
		"a class nobody knows":     replaced(`CASE_CORE`, `CASE_COVE`),
		"a role nobody knows":      replaced(`MARAC_COORDINATOR`, `MARAC`),
		"an operation of none":     replaced(`CONSULTATION`, `READING`),
		"an outcome of none":       replaced(`"DONE"`, `"OK"`),
		"an empty list":            replaced(`,"records"`, `,"recipients":[],"records"`),
		"a sight of none":          replaced(`"sight":0`, `"sight":1`),
		"a sight below none":       replaced(`"sight":0`, `"sight":-1`),
		"a sight nobody has":       replaced(`,"sight":0`, ``),
		"too long":                 text + strings.Repeat(" ", audit.MaxEntry),
	} {
		if entry, err := audit.Decode([]byte(other)); err == nil {
			t.Errorf("%s: decoded %+v", name, entry)
		}
	}
}

func TestALookAtMoreThanFitsIsSplitWithoutLoss(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := identifier.NewMaker(seeded(9))
		entry := look(ids, noon)
		entry.Records = nil
		entry.Recipients = slices.Repeat([]audit.ID{entry.Agency}, rapid.IntRange(0, 256).Draw(t, "recipients"))
		sights := rapid.SampledFrom([]int{1, 40, 1 << 20}).Draw(t, "sights")
		for n := range rapid.IntRange(0, 2400).Draw(t, "records") {
			seen := audit.RecordSeen{Record: audit.ID(ids.New("assessment")), Kind: "assessment", Version: int64(n)}
			seen.Full = audit.Classes((1+n%sights)*2654435761) & audit.ClassesOf(authz.DataClasses()...)
			entry.Records = append(entry.Records, seen)
		}
		parts := entry.Split()
		var records []audit.RecordSeen
		for n, part := range parts {
			encoded, err := part.Encode()
			if err != nil {
				t.Fatalf("part %d of %d: %v", n+1, len(parts), err)
			}
			if n < len(parts)-1 && len(encoded) < audit.MaxEntry*9/10 {
				t.Fatalf("part %d of %d is only %d bytes", n+1, len(parts), len(encoded))
			}
			if len(parts) > 1 && (part.Part != n+1 || part.Parts != len(parts)) {
				t.Fatalf("part %d of %d says %d of %d", n+1, len(parts), part.Part, part.Parts)
			}
			records = append(records, part.Records...)
			part.Records, part.Part, part.Parts = entry.Records, 0, 0
			if !reflect.DeepEqual(part, entry) {
				t.Fatal("a part differs in more than its records")
			}
		}
		if !slices.Equal(records, entry.Records) {
			t.Fatalf("%d records became %d", len(entry.Records), len(records))
		}
		if _, err := entry.Encode(); (err == nil) != (len(parts) == 1) {
			t.Fatalf("%d parts, whole: %v", len(parts), err)
		}
	})
}

func TestTheOutcomeFollowsFromTheError(t *testing.T) {
	cases := []struct {
		err     error
		outcome audit.Outcome
		rule    audit.Rule
	}{
		{nil, audit.Done, ""},
		{fault.Missing(), audit.NotFound, ""},
		{fault.Rule("R7", "NPCC/CPS protocol 3.11", "No."), audit.Refused, "R7"},
		{fault.Refused("No."), audit.Refused, "FORBIDDEN"},
		{fault.Stale(), audit.Refused, "CONFLICT"},
		{errors.New("a value"), audit.Refused, "INTERNAL"},
	}
	for _, c := range cases {
		entry := look(identifiers(), noon)
		entry.Outcome, entry.Rule = audit.OutcomeOf(c.err)
		if entry.Outcome != c.outcome || entry.Rule != c.rule {
			t.Errorf("%v: %v %q", c.err, entry.Outcome, entry.Rule)
		}
		if _, err := entry.Encode(); err != nil {
			t.Errorf("%v: %v", c.err, err)
		}
	}
}

func TestASetOfClassesHoldsEveryClassThereIs(t *testing.T) {
	all := authz.DataClasses()
	if len(all) > 64 {
		t.Fatalf("%d classes do not fit into the set", len(all))
	}
	if list := audit.ClassesOf(all...).List(); !slices.Equal(list, all) {
		t.Fatalf("%v", list)
	}
	set := audit.ClassesOf(authz.Health).With(authz.Directory)
	if !set.Has(authz.Health) || !set.Has(authz.Directory) || set.Has(authz.CaseCore) {
		t.Fatalf("%v", set.List())
	}
}

func FuzzEntryDecode(f *testing.F) {
	ids := identifiers()
	system := audit.Entry{
		At: noon, Request: audit.ID(ids.New("req")), System: "list relay", Operation: audit.Erasure, Action: "destroyKey",
		Outcome: audit.Refused, Rule: "R7", Part: 1, Parts: 2,
	}
	for _, entry := range []audit.Entry{look(ids, noon), system} {
		encoded, err := entry.Encode()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(encoded)
	}
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, encoded []byte) {
		entry, err := audit.Decode(encoded)
		if err != nil {
			return
		}
		again, err := entry.Encode()
		if err != nil || !bytes.Equal(again, encoded) {
			t.Fatalf("%s is written again as %s, %v", encoded, again, err)
		}
	})
}
