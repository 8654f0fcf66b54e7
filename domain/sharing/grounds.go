package sharing

import "slices"

// ConsentState is what is known of the victim's consent. Consent is no gate for
// a MARAC: without it, sharing rests on a recorded reason why it is necessary
// and proportionate. For support services it is the gate (NPCC/CPS protocol 6.1).
type ConsentState string

// The states of consent.
const (
	ConsentGiven           ConsentState = "GIVEN"
	ConsentRefused         ConsentState = "REFUSED"
	ConsentNotSoughtUnsafe ConsentState = "NOT_SOUGHT_UNSAFE"
	ConsentNotPracticable  ConsentState = "NOT_PRACTICABLE"
	ConsentLacksCapacity   ConsentState = "LACKS_CAPACITY"
)

// ConsentStates lists every state of consent.
func ConsentStates() []ConsentState {
	return []ConsentState{
		ConsentGiven, ConsentRefused, ConsentNotSoughtUnsafe, ConsentNotPracticable,
		ConsentLacksCapacity,
	}
}

// Valid reports whether the state is one of ConsentStates.
func (s ConsentState) Valid() bool { return slices.Contains(ConsentStates(), s) }

// VictimAwareness says whether the victim knows of the referral, and if not, why.
type VictimAwareness string

// The states of awareness.
const (
	VictimAware              VictimAwareness = "AWARE"
	VictimNotAwareUnsafe     VictimAwareness = "NOT_AWARE_UNSAFE"
	VictimNotAwareNotReached VictimAwareness = "NOT_AWARE_NOT_REACHED"
)

// VictimAwarenesses lists every state of awareness.
func VictimAwarenesses() []VictimAwareness {
	return []VictimAwareness{VictimAware, VictimNotAwareUnsafe, VictimNotAwareNotReached}
}

// Valid reports whether the state is one of VictimAwarenesses.
func (a VictimAwareness) Valid() bool { return slices.Contains(VictimAwarenesses(), a) }

// LegalGateway is the power or duty in law under which information is shared.
type LegalGateway string

// The gateways.
const (
	CrimeAndDisorderActS115  LegalGateway = "CDA_S115" // police, councils, health, probation
	CriminalJusticeActS325   LegalGateway = "CJA_S325" // MAPPA bodies among themselves only
	VitalInterests           LegalGateway = "VITAL_INTERESTS"
	PublicTask               LegalGateway = "PUBLIC_TASK"
	LegitimateInterests      LegalGateway = "LEGITIMATE_INTERESTS"
	SafeguardingSchedule1P18 LegalGateway = "SAFEGUARDING_SCH1_P18" // Data Protection Act 2018, schedule 1
	PreventCrime             LegalGateway = "PREVENT_CRIME"
	CommonLawPublicInterest  LegalGateway = "COMMON_LAW_PUBLIC_INTEREST"
	ConsentGateway           LegalGateway = "CONSENT"
	CourtOrder               LegalGateway = "COURT_ORDER"
	VictimInformationRequest LegalGateway = "VIR" // Police, Crime, Sentencing and Courts Act 2022 ss.44A-F
)

// LegalGateways lists every gateway.
func LegalGateways() []LegalGateway {
	return []LegalGateway{
		CrimeAndDisorderActS115, CriminalJusticeActS325, VitalInterests, PublicTask,
		LegitimateInterests, SafeguardingSchedule1P18, PreventCrime, CommonLawPublicInterest,
		ConsentGateway, CourtOrder, VictimInformationRequest,
	}
}

// Valid reports whether the gateway is one of LegalGateways.
func (g LegalGateway) Valid() bool { return slices.Contains(LegalGateways(), g) }

// ProcessingRegime is the part of the Data Protection Act 2018 a disclosure is
// made under; the same agency may change part with the purpose.
type ProcessingRegime string

// The regimes.
const (
	Part2 ProcessingRegime = "PART_2" // general processing: UK GDPR
	Part3 ProcessingRegime = "PART_3" // competent authorities, for law enforcement
)

// ProcessingRegimes lists both regimes.
func ProcessingRegimes() []ProcessingRegime { return []ProcessingRegime{Part2, Part3} }

// Valid reports whether the regime is one of ProcessingRegimes.
func (r ProcessingRegime) Valid() bool { return slices.Contains(ProcessingRegimes(), r) }

// DisclosureDecision is what was decided about disclosing an item. A refusal is
// recorded like a disclosure.
type DisclosureDecision string

// The decisions.
const (
	Share                   DisclosureDecision = "SHARE"
	ShareRedacted           DisclosureDecision = "SHARE_REDACTED"
	ShareSummary            DisclosureDecision = "SHARE_SUMMARY"
	DeferDisclosure         DisclosureDecision = "DEFER"
	RefuseDisclosure        DisclosureDecision = "REFUSE"
	SelfDisclosureBySubject DisclosureDecision = "SELF_DISCLOSURE_BY_SUBJECT" // the subject tells the recipient themselves
)

// DisclosureDecisions lists every decision.
func DisclosureDecisions() []DisclosureDecision {
	return []DisclosureDecision{
		Share, ShareRedacted, ShareSummary, DeferDisclosure, RefuseDisclosure,
		SelfDisclosureBySubject,
	}
}

// Valid reports whether the decision is one of DisclosureDecisions.
func (d DisclosureDecision) Valid() bool { return slices.Contains(DisclosureDecisions(), d) }
