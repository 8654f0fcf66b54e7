package sharing

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"accord/domain/fault"
)

// ReleaseSource is what kind of thing a release is of.
type ReleaseSource string

// The sources.
const (
	OfIntelligence      ReleaseSource = "INTELLIGENCE"
	OfAdvocateNote      ReleaseSource = "ADVOCATE_NOTE"
	OfHealthInformation ReleaseSource = "HEALTH_INFORMATION"
	OfFinding           ReleaseSource = "RESEARCH_FINDING" // one finding of an agency's research
	OfAssessment        ReleaseSource = "RISK_ASSESSMENT"
	OfMinutes           ReleaseSource = "MINUTES_EXTRACT" // from the minutes of one list item, by the chair
)

// ReleaseSources lists every source.
func ReleaseSources() []ReleaseSource {
	return []ReleaseSource{OfIntelligence, OfAdvocateNote, OfHealthInformation, OfFinding, OfAssessment, OfMinutes}
}

// Valid reports whether the source is one of ReleaseSources.
func (s ReleaseSource) Valid() bool { return slices.Contains(ReleaseSources(), s) }

// DisclosureSchedule says how the prosecution lists what is released to it
// (Criminal Procedure and Investigations Act 1996).
type DisclosureSchedule string

// The schedules.
const (
	NoSchedule   DisclosureSchedule = "NONE"         // not for the prosecution, or evidence
	NonSensitive DisclosureSchedule = "MG6C"         // unused material, not sensitive
	Sensitive    DisclosureSchedule = "MG6D"         // unused material, sensitive
	Flagged      DisclosureSchedule = "MG6E_FLAGGED" // unused material the disclosure officer flags
)

// DisclosureSchedules lists every schedule.
func DisclosureSchedules() []DisclosureSchedule {
	return []DisclosureSchedule{NoSchedule, NonSensitive, Sensitive, Flagged}
}

// Valid reports whether the schedule is one of DisclosureSchedules.
func (s DisclosureSchedule) Valid() bool { return slices.Contains(DisclosureSchedules(), s) }

// Release is the decision about sharing one item with named agencies, and what
// is shared. A refusal is recorded like a release. What was released stays what
// it was: a later change of the item is another release.
type Release struct {
	ID       string
	Case     string
	Source   ReleaseSource
	Item     string // id of what it is of: an item, a finding, an assessment, a list item
	Meeting  string // of a minutes extract: the meeting; else empty
	ListedAs string // id of the list item that a finding or an extract is for; else empty
	Owner    string // agency id; of a minutes extract, the chair's

	Decision   DisclosureDecision
	Recipients []string // agency ids, sorted; of a refusal, those it was refused to
	Content    string   // what is shared: the whole, redacted or summed up; empty when nothing is

	Gateway         LegalGateway
	Regime          ProcessingRegime
	Necessity       string // why it is necessary
	Proportionality string // why it is proportionate
	Consent         ConsentState
	VictimTold      bool
	NotToldBecause  string // when the victim was not told
	Conditions      string // empty: none
	Schedule        DisclosureSchedule

	DecidedBy string // practitioner id
	DecidedAt time.Time
	Until     time.Time // zero: until it is withdrawn

	WithdrawnBy      string
	WithdrawnAt      time.Time // zero: not withdrawn
	WithdrawnBecause string
}

// releaseTextLimit bounds each text of a release but its content.
const releaseTextLimit = 4000

// Shares reports whether the decision lets the recipients have something.
func (d DisclosureDecision) Shares() bool {
	return d == Share || d == ShareRedacted || d == ShareSummary
}

// Live reports whether the recipients have it now: it ends at the moment it
// expires and at the moment it is withdrawn.
func (r Release) Live(now time.Time) bool {
	return r.Decision.Shares() && r.WithdrawnAt.IsZero() && (r.Until.IsZero() || now.Before(r.Until))
}

// Check refuses a decision that could not be accounted for. Owner and recipients
// are who they are in the directory; parties are the agencies on the case.
func (r Release) Check(owner AgencyType, recipients []Agency, parties []string, now time.Time) error {
	if err := r.checkDecision(now); err != nil {
		return err
	}
	if err := r.checkGrounds(owner); err != nil {
		return err
	}
	for _, recipient := range recipients {
		if err := r.checkRecipient(recipient, parties); err != nil {
			return err
		}
	}
	return r.checkSchedule(recipients)
}

func (r Release) checkDecision(now time.Time) error {
	switch {
	case !r.Source.Valid():
		return fault.Input("input.source", "oneOf", "Say what is to be released.")
	case !r.Decision.Valid():
		return fault.Input("input.decision", "oneOf", "Say what was decided.")
	case len(r.Recipients) == 0:
		return fault.Input("input.recipientIds", "required", "Name the agencies that it is released to, or refused to.")
	case slices.Contains(r.Recipients, r.Owner):
		return fault.Input("input.recipientIds", "notOwner", "An agency has what it put in; name the others.")
	case r.Decision.Shares() && blank(r.Content):
		return fault.Input("input.content", "required", "Say what is shared: the words, the redacted words, or the summary.")
	case !r.Decision.Shares() && !blank(r.Content):
		return fault.Input("input.content", "forbidden", "Nothing is shared by this decision. Leave the content out.")
	case len(r.Content) > itemTextLimit:
		return fault.Input("input.content", "maxLength", "Share at most 20,000 characters at a time.")
	case !r.Until.IsZero() && !r.Until.After(now):
		return fault.Rule("RELEASE_EXPIRY", "domain: disclosure decision (Caldicott 2 and 3)",
			"A release ends in the future. Give a later expiry, or none.")
	}
	return nil
}

// checkGrounds: Caldicott 1 to 3 and 6, Human Rights Act 1998 Article 8 (2):
// justified, necessary, proportionate, lawful, and all of it said.
func (r Release) checkGrounds(owner AgencyType) error {
	switch {
	case !r.Gateway.Valid():
		return fault.Rule("RELEASE_GATEWAY", "Data Protection Act 2018; Crime and Disorder Act 1998 s.115",
			"Name the legal gateway under which it is released or refused.")
	case !r.Regime.Valid():
		return fault.Input("input.regime", "oneOf", "Say under which part of the Data Protection Act 2018 this is decided.")
	case r.Regime == Part3 && !owner.IsCompetentAuthority():
		return fault.Rule("RELEASE_REGIME", "Data Protection Act 2018 s.30",
			"Only a competent authority decides under part 3. Decide under part 2.")
	case blank(r.Necessity):
		return fault.Rule("RELEASE_NECESSITY", "Caldicott principles 1 and 2; Human Rights Act 1998 Article 8(2)",
			"Say why it is necessary, or why it is not.")
	case blank(r.Proportionality):
		return fault.Rule("RELEASE_PROPORTIONALITY", "Caldicott principle 3; Human Rights Act 1998 Article 8(2)",
			"Say why it is proportionate, or why it is not.")
	case !r.Consent.Valid():
		return fault.Input("input.consent", "oneOf", "Say what is known of the victim's consent.")
	case r.Gateway == ConsentGateway && r.Consent != ConsentGiven:
		return fault.Rule("RELEASE_CONSENT", "UK GDPR Article 7",
			"Consent is the gateway only where it was given. Name another gateway, or record the consent.")
	case r.Gateway == CrimeAndDisorderActS115 && owner.IsAdvocacy():
		return fault.Rule("RELEASE_GATEWAY_OWNER", "Crime and Disorder Act 1998 s.115",
			"Section 115 lets relevant authorities disclose; an advocacy service is none. Name another gateway.")
	case !r.VictimTold && blank(r.NotToldBecause):
		return fault.Rule("RELEASE_AWARENESS", "Caldicott principle 8: no surprises",
			"Say whether the victim was told, and if not, why not.")
	case !r.Schedule.Valid():
		return fault.Input("input.schedule", "oneOf", "Say on which disclosure schedule it stands, or NONE.")
	case max(len(r.Necessity), len(r.Proportionality), len(r.NotToldBecause), len(r.Conditions)) > releaseTextLimit:
		return fault.Input("input", "maxLength", "Give each reason and condition in at most 4,000 characters.")
	}
	return nil
}

func (r Release) checkRecipient(recipient Agency, parties []string) error {
	switch {
	case !slices.Contains(parties, recipient.ID):
		return fault.Rule("RELEASE_RECIPIENT", "Caldicott principle 4: need to know",
			"Name agencies that work on this case.")
	case r.Source == OfIntelligence && recipient.Type.IsAdvocacy():
		return fault.Rule("RELEASE_INTELLIGENCE", "Access matrix, note 7",
			"Intelligence does not go to an advocacy service. Release the risk information it supports, in a summary of your assessment.")
	case r.Source == OfAdvocateNote && recipient.Type == Police && !slices.Contains([]LegalGateway{VictimInformationRequest, VitalInterests, ConsentGateway}, r.Gateway):
		return fault.Rule("RELEASE_VIR", "Police, Crime, Sentencing and Courts Act 2022 ss.44A-F",
			"A note of an advocacy service goes to the police on a victim information request, with the victim's consent, or where life is at risk. Set gateway to VIR, CONSENT or VITAL_INTERESTS.")
	case r.Gateway == CriminalJusticeActS325 && !recipient.Type.isMappaBody():
		return fault.Rule("RELEASE_MAPPA", "Criminal Justice Act 2003 s.325(4)",
			"Section 325 is for MAPPA bodies among themselves. Name another gateway.")
	}
	return nil
}

// checkSchedule: anything the prosecution team holds may be disclosable, so it is
// said beforehand on which schedule it stands (Criminal Procedure and
// Investigations Act 1996). Intelligence goes by the sensitive one (access
// matrix, note 6).
func (r Release) checkSchedule(recipients []Agency) error {
	toProsecution := slices.ContainsFunc(recipients, func(a Agency) bool { return a.Type == Cps })
	switch {
	case !r.Decision.Shares():
		return nil
	case toProsecution && r.Schedule == NoSchedule && r.Source != OfAssessment:
		return fault.Rule("RELEASE_SCHEDULE", "Criminal Procedure and Investigations Act 1996",
			"Say on which disclosure schedule it stands when it goes to the prosecution.")
	case toProsecution && r.Source == OfIntelligence && r.Schedule != Sensitive:
		return fault.Rule("RELEASE_SCHEDULE", "Access matrix, note 6",
			"Intelligence goes to the prosecution on the sensitive schedule, MG6D.")
	case !toProsecution && r.Schedule != NoSchedule:
		return fault.Input("input.schedule", "prosecutionOnly", "A disclosure schedule is for what goes to the prosecution. Choose NONE.")
	}
	return nil
}

// isMappaBody reports whether the agency is a responsible authority or under the
// duty to cooperate (Criminal Justice Act 2003 s.325).
func (t AgencyType) isMappaBody() bool {
	return slices.Contains([]AgencyType{
		Police, Probation, Prison, ChildrensSocialCare, AdultSocialCare, HealthPrimary, HealthAcute, MentalHealth,
		Education, Housing, YouthOffendingTeam, Dwp, Immigration, MonitoringProvider,
	}, t)
}

// Withdraw ends a release for the future. What was read stays read, which is why
// it is said why.
func (r Release) Withdraw(by, because string, now time.Time) (Release, error) {
	switch {
	case !r.Decision.Shares():
		return Release{}, fault.Rule("RELEASE_WITHDRAW", "Accord, release", "Nothing was released by this decision, so nothing can be withdrawn.")
	case !r.WithdrawnAt.IsZero():
		return Release{}, fault.Rule("RELEASE_WITHDRAW", "Accord, release", "The release is withdrawn already.")
	case blank(because):
		return Release{}, fault.Input("input.because", "required", "Say why the release is withdrawn.")
	case len(because) > releaseTextLimit:
		return Release{}, fault.Input("input.because", "maxLength", "Say it in at most 4,000 characters.")
	}
	r.WithdrawnBy, r.WithdrawnAt, r.WithdrawnBecause = by, now, because
	return r, nil
}

// blank reports whether a text says nothing: no letter and no digit is in it.
func blank(text string) bool {
	return !strings.ContainsFunc(text, func(sign rune) bool { return unicode.IsLetter(sign) || unicode.IsDigit(sign) })
}
