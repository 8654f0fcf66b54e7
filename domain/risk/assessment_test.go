package risk_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"accord/domain/calendar"
	"accord/domain/fault"
	"accord/domain/risk"
)

var (
	now   = time.Date(2026, time.November, 23, 10, 0, 0, 0, time.UTC)
	today = calendar.DateIn(now)
	bands = risk.Bands{High: 14, Medium: 10}
)

func words[T ~string](values []T) string {
	var all []string
	for _, v := range values {
		all = append(all, string(v))
	}
	return strings.Join(all, " ")
}

func wantRule(t *testing.T, what string, err error, rule string) {
	t.Helper()
	if f := fault.Of(err); f == nil || f.Code != fault.RuleViolation || f.Rule != rule || f.Source == "" || f.Message == "" {
		t.Errorf("%s: want rule %s, got %v", what, rule, err)
	}
}

func wantInput(t *testing.T, what string, err error, path string) {
	t.Helper()
	if f := fault.Of(err); f == nil || f.Code != fault.BadInput || f.Path != path || f.Constraint == "" || f.Message == "" {
		t.Errorf("%s: want %s refused, got %v", what, path, err)
	}
}

// dash is a draft of the SafeLives Dash with so many YES from the first item on
// and the other answer for the rest.
func dash(yes int, rest risk.Answer) risk.Assessment {
	a := risk.Assessment{ID: "risk_1", Case: "case_1", Tool: risk.SafeLivesDash24, Status: risk.Draft}
	for n, item := range risk.SafeLivesDash24.Items() {
		answer := rest
		if n < yes {
			answer = risk.Yes
		}
		a.Answers = append(a.Answers, risk.AnswerGiven{Code: item.Code, Answer: answer})
	}
	return a
}

func submitted(t *testing.T, a risk.Assessment, at time.Time) risk.Assessment {
	t.Helper()
	s, err := a.Submit(bands, at)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheVocabularyIsThatOfTheField(t *testing.T) {
	for name, c := range map[string]struct{ got, want string }{
		"levels":      {words(risk.Levels()), "STANDARD MEDIUM HIGH"},
		"rosh levels": {words(risk.RoshLevels()), "LOW MEDIUM HIGH VERY_HIGH"},
		"concern":     {words(risk.ConcernLevels()), "LOW MODERATE HIGH"},
		"tools":       {words(risk.Tools()), "SAFELIVES_DASH_24 SAFELIVES_DASH_YP POLICE_DASH_27 DARA S_DASH_11 SASH FORM_270 PPN OASYS OTHER"},
		"answers":     {words(risk.Answers()), "YES NO DONT_KNOW NOT_ASKED"},
		"statuses":    {words(risk.AssessmentStatuses()), "DRAFT SUBMITTED REVIEWED SUPERSEDED"},
	} {
		if c.got != c.want {
			t.Errorf("%s\n got %s\nwant %s", name, c.got, c.want)
		}
	}
	for name, c := range map[string]struct{ known, unknown bool }{
		"level":   {risk.High.Valid(), risk.Level("").Valid()},
		"rosh":    {risk.RoshVeryHigh.Valid(), risk.RoshLevel("STANDARD").Valid()},
		"concern": {risk.ConcernModerate.Valid(), risk.ConcernLevel("MEDIUM").Valid()},
		"tool":    {risk.Dara.Valid(), risk.Tool("DASH").Valid()},
		"answer":  {risk.NotAsked.Valid(), risk.Answer("").Valid()},
		"status":  {risk.Superseded.Valid(), risk.AssessmentStatus("").Valid()},
	} {
		if !c.known || c.unknown {
			t.Errorf("%s: a value of the field is %v, another %v", name, c.known, c.unknown)
		}
	}
}

func TestTheToolsHoldTheirItemsWithCodesAndTopics(t *testing.T) {
	for _, want := range []struct {
		tool   risk.Tool
		prefix string
		count  int
	}{{risk.SafeLivesDash24, "SLD", 24}, {risk.SDash11, "SD", 11}} {
		tool, items := want.tool, want.tool.Items()
		topics := map[string]bool{}
		for n, item := range items {
			if item.Code != fmt.Sprintf("%s-%02d", want.prefix, n+1) || item.Topic == "" || topics[item.Topic] {
				t.Errorf("%s item %d is %+v", tool, n+1, item)
			}
			topics[item.Topic] = true
			if risk.Topic(item.Code) != item.Topic || !risk.KnownCode(item.Code) {
				t.Errorf("%s is not known by its code", item.Code)
			}
		}
		if len(items) != want.count {
			t.Errorf("%s has %d items, want %d", tool, len(items), want.count)
		}
	}
	if risk.Dara.Items() != nil || risk.Topic("SLD-25") != "" {
		t.Error("items that Accord does not hold are said")
	}
}

func TestOnlyYesCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, yes := dash(0, risk.No), 0
		for n := range a.Answers {
			a.Answers[n].Answer = rapid.SampledFrom(risk.Answers()).Draw(t, "answer")
			if a.Answers[n].Answer == risk.Yes {
				yes++
			}
		}
		if a.Score() != yes || len(a.Affirmed()) != yes {
			t.Fatalf("%d YES score %d and affirm %d", yes, a.Score(), len(a.Affirmed()))
		}
	})
}

func TestTheAreasThresholdsGradeTheCount(t *testing.T) {
	for yes := range 25 {
		want := risk.Standard
		if yes >= 10 {
			want = risk.Medium
		}
		if yes >= 14 {
			want = risk.High
		}
		a := submitted(t, dash(yes, risk.DontKnow), now)
		if a.Level != want || a.VisiblyHigh(bands) != (want == risk.High) {
			t.Errorf("%d YES: %s, visibly high %v", yes, a.Level, a.VisiblyHigh(bands))
		}
	}
	lower := risk.Bands{High: 12, Medium: 8}
	if a := submitted(t, dash(12, risk.No), now); !a.VisiblyHigh(lower) || a.VisiblyHigh(bands) {
		t.Error("the threshold is not the area's")
	}
	draft, police := dash(24, risk.No), submitted(t, dash(24, risk.No), now)
	police.Tool = risk.PoliceDash27
	if draft.VisiblyHigh(bands) || police.VisiblyHigh(bands) {
		t.Error("a draft, or another tool, reaches the threshold of the SafeLives Dash")
	}
}

func TestEveryItemIsAnsweredExactlyOnce(t *testing.T) {
	for path, broken := range map[string]func(a *risk.Assessment){
		"input.answers":             func(a *risk.Assessment) { a.Answers = a.Answers[1:] },
		"input.answers.code":        func(a *risk.Assessment) { a.Answers[3].Code = "SLD-25" },
		"input.answers.code again":  func(a *risk.Assessment) { a.Answers[3].Code = "SLD-01" },
		"input.answers.code extra":  func(a *risk.Assessment) { a.Answers = append(a.Answers, a.Answers[0]) },
		"input.answers.answer":      func(a *risk.Assessment) { a.Answers[3].Answer = "" },
		"input.answers none at all": func(a *risk.Assessment) { a.Answers = nil },
	} {
		a := dash(3, risk.No)
		broken(&a)
		_, err := a.Submit(bands, now)
		wantInput(t, path, err, strings.Fields(path)[0])
	}
	if a := submitted(t, dash(0, risk.NotAsked), now); a.Level != risk.Standard {
		t.Errorf("an assessment in which nothing was asked stands at %s", a.Level)
	}
}

func TestAnAssessmentSaysWhatItsToolPutsOut(t *testing.T) {
	for path, a := range map[string]risk.Assessment{
		"input.tool":         {},
		"input.assessedOn":   {Tool: risk.Ppn, AssessedOn: today + 1},
		"input.level":        {Tool: risk.Ppn, Level: "SEVERE"},
		"input.roshLevel":    {Tool: risk.Ppn, RoshLevel: risk.RoshHigh},
		"input.concernLevel": {Tool: risk.Oasys, Concern: risk.ConcernHigh},
	} {
		_, err := a.Submit(bands, now)
		wantInput(t, path, err, path)
	}
	graded := submitted(t, risk.Assessment{Tool: risk.Form270, Level: risk.Medium}, now)
	if graded.Level != risk.Medium || graded.AssessedOn != today {
		t.Errorf("the officer's grade became %s on %v", graded.Level, graded.AssessedOn)
	}
}

func TestASubmittedAssessmentNeverChanges(t *testing.T) {
	for _, status := range []risk.AssessmentStatus{risk.Submitted, risk.Reviewed, risk.Superseded} {
		a := dash(3, risk.No)
		a.Status = status
		_, err := a.Submit(bands, now)
		wantRule(t, string(status), err, "ASSESSMENT_IMMUTABLE")
	}
	draft := dash(3, risk.No)
	a := submitted(t, draft, now)
	draft.Answers[0].Answer = risk.No
	if a.Answers[0].Answer != risk.Yes {
		t.Error("a change to the draft changed what was submitted")
	}
}

func TestJudgementMayOnlyRaise(t *testing.T) {
	judged := func(yes int, j risk.ProfessionalJudgement) (risk.Assessment, error) {
		a := dash(yes, risk.No)
		a.Judgement = j
		return a.Submit(bands, now)
	}
	a, err := judged(3, risk.ProfessionalJudgement{Raises: true, Rationale: "She has gone quiet since he came back"})
	if err != nil || a.Level != risk.High {
		t.Errorf("raised to %s, %v", a.Level, err)
	}
	a, err = judged(3, risk.ProfessionalJudgement{Raises: true, To: risk.Medium, Rationale: "New to the area"})
	if err != nil || a.Level != risk.Medium {
		t.Errorf("raised to %s, %v", a.Level, err)
	}
	_, err = judged(3, risk.ProfessionalJudgement{Raises: true, Rationale: " \n"})
	wantRule(t, "no rationale", err, "R2")
	_, err = judged(14, risk.ProfessionalJudgement{Raises: true, To: risk.Medium, Rationale: "He seems calm"})
	wantRule(t, "raising to less", err, "R2")
	_, err = judged(14, risk.ProfessionalJudgement{To: risk.Standard, Rationale: "He seems calm"})
	wantRule(t, "lowering", err, "R2")
	_, err = judged(3, risk.ProfessionalJudgement{Raises: true, To: "SEVERE", Rationale: "It is"})
	wantInput(t, "a level of no scale", err, "input.judgement.to")
}

func TestNoJudgementLeavesALevelBelowItsCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := dash(rapid.IntRange(0, 24).Draw(t, "yes"), risk.No)
		a.Judgement = risk.ProfessionalJudgement{
			Raises:    rapid.Bool().Draw(t, "raises"),
			To:        rapid.SampledFrom(append(risk.Levels(), "")).Draw(t, "to"),
			Rationale: rapid.SampledFrom([]string{"", "because"}).Draw(t, "rationale"),
		}
		s, err := a.Submit(bands, now)
		if err == nil && s.Level.Below(bands.Level(a.Score())) {
			t.Fatalf("%d YES stand at %s", a.Score(), s.Level)
		}
	})
}

func TestReviewingAndSupersedingFollowSubmission(t *testing.T) {
	a := submitted(t, dash(3, risk.No), now)
	reviewed, err := a.Review()
	if err != nil || reviewed.Status != risk.Reviewed || !reflect.DeepEqual(reviewed.Answers, a.Answers) {
		t.Errorf("reviewed as %v, %v", reviewed.Status, err)
	}
	replaced, err := reviewed.Supersede()
	if err != nil || replaced.Status != risk.Superseded {
		t.Errorf("superseded as %v, %v", replaced.Status, err)
	}
	_, err = replaced.Review()
	wantRule(t, "review of what is superseded", err, "ASSESSMENT_STATUS")
	_, err = dash(3, risk.No).Supersede()
	wantRule(t, "a draft superseded", err, "ASSESSMENT_STATUS")
}

// stalking is a draft S-DASH with every item answered so.
func stalking(answer risk.Answer, comment string) risk.Assessment {
	a := risk.Assessment{ID: "risk_s", Tool: risk.SDash11}
	for _, item := range risk.SDash11.Items() {
		a.Answers = append(a.Answers, risk.AnswerGiven{Code: item.Code, Answer: answer, Comment: comment})
	}
	return a
}

func TestAYesToStalkingMakesAnSDashDue(t *testing.T) {
	yes, no := submitted(t, dash(8, risk.No), now), submitted(t, dash(7, risk.Yes), now)
	no.Answers[7].Answer = risk.DontKnow
	earlier, later := stalking(risk.No, ""), stalking(risk.No, "")
	earlier.AssessedOn = today - 1
	for name, c := range map[string]struct {
		assessments []risk.Assessment
		due         bool
	}{
		"no assessment":             {nil, false},
		"no yes to stalking":        {[]risk.Assessment{no}, false},
		"yes to stalking":           {[]risk.Assessment{yes}, true},
		"a draft says yes":          {[]risk.Assessment{dash(8, risk.No)}, false},
		"an S-DASH from before":     {[]risk.Assessment{yes, submitted(t, earlier, now)}, true},
		"an S-DASH of that day":     {[]risk.Assessment{yes, submitted(t, later, now)}, false},
		"an S-DASH not yet sent in": {[]risk.Assessment{yes, later}, true},
	} {
		if got := risk.StalkingAssessmentDue(c.assessments); got != c.due {
			t.Errorf("%s: due %v", name, got)
		}
	}
}

func TestAnSDashSaysWhyAnItemWasNotAsked(t *testing.T) {
	_, err := stalking(risk.NotAsked, " ").Submit(bands, now)
	wantRule(t, "no reason", err, "R1")
	if _, err := stalking(risk.NotAsked, "Call broke off").Submit(bands, now); err != nil {
		t.Errorf("items not asked, with the reason, are refused: %v", err)
	}
}

func TestTheLatestSubmittedFullAssessmentStands(t *testing.T) {
	first := submitted(t, dash(3, risk.No), now)
	second := submitted(t, dash(15, risk.No), now.Add(time.Hour))
	second.ID = "risk_2"
	sameInstant := second
	sameInstant.ID = "risk_3"
	extra := submitted(t, stalking(risk.Yes, ""), now.Add(2*time.Hour))
	if _, known := risk.Current([]risk.Assessment{dash(24, risk.No), extra}); known {
		t.Error("a draft, or an S-DASH alone, stands")
	}
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.Permutation([]risk.Assessment{first, dash(24, risk.No), sameInstant, second, extra}).Draw(t, "order")
		if got, known := risk.Current(all); !known || got.ID != "risk_3" {
			t.Fatalf("%s stands", got.ID)
		}
	})
	first.Status = risk.Superseded
	if got, known := risk.Current([]risk.Assessment{first}); !known || got.ID != first.ID {
		t.Error("a reader who sees only what was superseded sees nothing")
	}
}
