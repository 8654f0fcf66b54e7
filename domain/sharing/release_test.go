package sharing_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"accord/domain/fault"
	"accord/domain/sharing"
)

var (
	decidedAt = time.Date(2026, time.March, 2, 9, 30, 0, 0, time.UTC)

	police    = sharing.Agency{ID: "agency_police", Type: sharing.Police}
	prosecute = sharing.Agency{ID: "agency_cps", Type: sharing.Cps}
	advocacy  = sharing.Agency{ID: "agency_isac", Type: sharing.IsacService}
	probation = sharing.Agency{ID: "agency_probation", Type: sharing.Probation}
	voluntary = sharing.Agency{ID: "agency_voluntary", Type: sharing.Voluntary}
	onTheCase = []string{police.ID, prosecute.ID, advocacy.ID, probation.ID, voluntary.ID}
)

// finding is a sound release of a finding of probation's research to the police.
func finding() sharing.Release {
	return sharing.Release{
		Case: "case_1", Source: sharing.OfFinding, Item: "finding_1", Owner: probation.ID, Decision: sharing.Share,
		Recipients: []string{police.ID}, Content: "Missed two appointments.", Gateway: sharing.CrimeAndDisorderActS115,
		Regime: sharing.Part3, Necessity: "To find him.", Proportionality: "Dates only.", Consent: sharing.ConsentNotSoughtUnsafe,
		NotToldBecause: "He reads her letters.", Schedule: sharing.NoSchedule,
	}
}

func TestAReleaseCanBeAccountedFor(t *testing.T) {
	for name, c := range map[string]struct {
		change func(r *sharing.Release)
		owner  sharing.Agency
		to     []sharing.Agency
		code   fault.Code
		rule   string
	}{
		"as it should be":         {nil, probation, []sharing.Agency{police}, "", ""},
		"of nothing":              {func(r *sharing.Release) { r.Source = "" }, probation, []sharing.Agency{police}, fault.BadInput, ""},
		"without a decision":      {func(r *sharing.Release) { r.Decision = "" }, probation, []sharing.Agency{police}, fault.BadInput, ""},
		"to nobody":               {func(r *sharing.Release) { r.Recipients = nil }, probation, nil, fault.BadInput, ""},
		"to the owner":            {func(r *sharing.Release) { r.Recipients = []string{probation.ID} }, probation, []sharing.Agency{probation}, fault.BadInput, ""},
		"of no words":             {func(r *sharing.Release) { r.Content = " " }, probation, []sharing.Agency{police}, fault.BadInput, ""},
		"refused, with words":     {func(r *sharing.Release) { r.Decision = sharing.RefuseDisclosure }, probation, []sharing.Agency{police}, fault.BadInput, ""},
		"refused, as it should":   {func(r *sharing.Release) { r.Decision, r.Content = sharing.RefuseDisclosure, "" }, probation, []sharing.Agency{police}, "", ""},
		"ended already":           {func(r *sharing.Release) { r.Until = decidedAt }, probation, []sharing.Agency{police}, fault.RuleViolation, "RELEASE_EXPIRY"},
		"ending at once":          {func(r *sharing.Release) { r.Until = decidedAt.Add(time.Millisecond) }, probation, []sharing.Agency{police}, "", ""},
		"without a gateway":       {func(r *sharing.Release) { r.Gateway = "" }, probation, []sharing.Agency{police}, fault.RuleViolation, "RELEASE_GATEWAY"},
		"under no part":           {func(r *sharing.Release) { r.Regime = "" }, probation, []sharing.Agency{police}, fault.BadInput, ""},
		"part 3 by a charity":     {func(r *sharing.Release) { r.Gateway = sharing.VitalInterests }, voluntary, []sharing.Agency{police}, fault.RuleViolation, "RELEASE_REGIME"},
		"not said why needed":     {func(r *sharing.Release) { r.Necessity = "\t" }, probation, []sharing.Agency{police}, fault.RuleViolation, "RELEASE_NECESSITY"},
		"not said why in measure": {func(r *sharing.Release) { r.Proportionality = "" }, probation, []sharing.Agency{police}, fault.RuleViolation, "RELEASE_PROPORTIONALITY"},
		"consent not asked":       {func(r *sharing.Release) { r.Gateway = sharing.ConsentGateway }, probation, []sharing.Agency{police}, fault.RuleViolation, "RELEASE_CONSENT"},
		"consent not known":       {func(r *sharing.Release) { r.Consent = "" }, probation, []sharing.Agency{police}, fault.BadInput, ""},
		"section 115 by an advocate": {
			func(r *sharing.Release) { r.Regime = sharing.Part2 }, advocacy, []sharing.Agency{police}, fault.RuleViolation, "RELEASE_GATEWAY_OWNER",
		},
		"victim not told, unsaid": {func(r *sharing.Release) { r.NotToldBecause = "" }, probation, []sharing.Agency{police}, fault.RuleViolation, "RELEASE_AWARENESS"},
		"victim told":             {func(r *sharing.Release) { r.NotToldBecause, r.VictimTold = "", true }, probation, []sharing.Agency{police}, "", ""},
		"to somebody elsewhere": {
			func(r *sharing.Release) { r.Recipients = []string{"agency_far"} }, probation,
			[]sharing.Agency{{ID: "agency_far", Type: sharing.Police}},
			fault.RuleViolation, "RELEASE_RECIPIENT",
		},
		"intelligence to an advocate": {
			func(r *sharing.Release) { r.Source, r.Recipients = sharing.OfIntelligence, []string{advocacy.ID} }, police,
			[]sharing.Agency{advocacy},
			fault.RuleViolation, "RELEASE_INTELLIGENCE",
		},
		"a note to the police by public task": {
			func(r *sharing.Release) {
				r.Source, r.Gateway, r.Regime = sharing.OfAdvocateNote, sharing.PublicTask, sharing.Part2
			},
			advocacy,
			[]sharing.Agency{police},
			fault.RuleViolation, "RELEASE_VIR",
		},
		"a note to the police on request": {
			func(r *sharing.Release) {
				r.Source, r.Gateway, r.Regime = sharing.OfAdvocateNote, sharing.VictimInformationRequest, sharing.Part2
			},
			advocacy,
			[]sharing.Agency{police},
			"", "",
		},
		"section 325 to a charity": {
			func(r *sharing.Release) {
				r.Gateway, r.Recipients = sharing.CriminalJusticeActS325, []string{voluntary.ID}
			}, probation,
			[]sharing.Agency{voluntary},
			fault.RuleViolation, "RELEASE_MAPPA",
		},
		"to the prosecution unscheduled": {
			func(r *sharing.Release) { r.Recipients = []string{prosecute.ID} }, probation, []sharing.Agency{prosecute}, fault.RuleViolation, "RELEASE_SCHEDULE",
		},
		"to the prosecution on a schedule": {
			func(r *sharing.Release) { r.Recipients, r.Schedule = []string{prosecute.ID}, sharing.NonSensitive }, probation, []sharing.Agency{prosecute}, "", "",
		},
		"intelligence to the prosecution, not sensitive": {
			func(r *sharing.Release) {
				r.Source, r.Recipients, r.Schedule = sharing.OfIntelligence, []string{prosecute.ID}, sharing.NonSensitive
			},
			police,
			[]sharing.Agency{prosecute},
			fault.RuleViolation, "RELEASE_SCHEDULE",
		},
		"scheduled, and not to the prosecution": {
			func(r *sharing.Release) { r.Schedule = sharing.Sensitive }, probation, []sharing.Agency{police}, fault.BadInput, "",
		},
	} {
		release := finding()
		release.Owner = c.owner.ID
		if c.change != nil {
			c.change(&release)
		}
		err := release.Check(c.owner.Type, c.to, onTheCase, decidedAt)
		found := fault.Of(err)
		switch {
		case c.code == "" && err != nil:
			t.Errorf("%s: refused: %v", name, err)
		case c.code != "" && (found == nil || found.Code != c.code || found.Rule != c.rule):
			t.Errorf("%s: %v, want %s %s", name, err, c.code, c.rule)
		case found != nil && found.Code == fault.RuleViolation && found.Source == "":
			t.Errorf("%s: the refusal names no source", name)
		}
	}
}

func TestAReleaseIsLiveFromItsDecisionUntilItEndsOrIsWithdrawn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		release := finding()
		release.Decision = rapid.SampledFrom(sharing.DisclosureDecisions()).Draw(t, "decision")
		moment := func(name string) time.Time {
			return decidedAt.Add(time.Duration(rapid.Int64Range(1, 1000).Draw(t, name)) * time.Second)
		}
		if rapid.Bool().Draw(t, "ends") {
			release.Until = moment("until")
		}
		if release.Decision.Shares() && rapid.Bool().Draw(t, "withdrawn") {
			withdrawn, err := release.Withdraw("prac_1", "He is in custody.", moment("withdrawn at"))
			if err != nil {
				t.Fatal(err)
			}
			release = withdrawn
			if _, err := release.Withdraw("prac_1", "Again.", decidedAt); err == nil {
				t.Fatal("it is withdrawn twice")
			}
		}
		now := moment("now")
		shares := release.Decision == sharing.Share || release.Decision == sharing.ShareRedacted || release.Decision == sharing.ShareSummary
		want := shares && release.WithdrawnAt.IsZero() && (release.Until.IsZero() || release.Until.After(now))
		if release.Live(now) != want {
			t.Fatalf("%+v is live at %s: %v", release, now, !want)
		}
	})
}

func TestAWithdrawalSaysWhy(t *testing.T) {
	if _, err := finding().Withdraw("prac_1", " ", decidedAt); !fault.Is(err, fault.BadInput) {
		t.Errorf("without a word: %v", err)
	}
	refused := finding()
	refused.Decision = sharing.RefuseDisclosure
	if _, err := refused.Withdraw("prac_1", "Why.", decidedAt); !fault.Is(err, fault.RuleViolation) {
		t.Errorf("a refusal is withdrawn: %v", err)
	}
}

func TestAnItemIsHeldByAServiceOfItsKind(t *testing.T) {
	for _, agency := range sharing.AgencyTypes() {
		for _, kind := range sharing.ItemKinds() {
			item := sharing.OwnedItem{Kind: kind, Basis: sharing.Fact, Text: "He was seen at the school."}
			want := kind == sharing.Intelligence && agency == sharing.Police ||
				kind == sharing.AdvocateNote && (agency == sharing.IdvaService || agency == sharing.IsacService || agency == sharing.IsvaService) ||
				kind == sharing.HealthInformation && (agency == sharing.HealthPrimary || agency == sharing.HealthAcute || agency == sharing.MentalHealth || agency == sharing.SubstanceMisuse)
			if got := item.Check(agency) == nil; got != want {
				t.Errorf("%s holds %s: %v", agency, kind, got)
			}
		}
	}
	for name, item := range map[string]sharing.OwnedItem{
		"no kind":  {Basis: sharing.Fact, Text: "x"},
		"no basis": {Kind: sharing.Intelligence, Text: "x"},
		"no words": {Kind: sharing.Intelligence, Basis: sharing.Opinion, Text: " \n"},
		"too many": {Kind: sharing.Intelligence, Basis: sharing.Opinion, Text: string(make([]byte, 20_001))},
	} {
		if err := item.Check(sharing.Police); !fault.Is(err, fault.BadInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
