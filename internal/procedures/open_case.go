package procedures

import (
	"context"

	"accord/domain/calendar"
	"accord/domain/casework"
	"accord/domain/fault"
	"accord/domain/risk"
	"accord/internal/records"
	"accord/internal/views"
)

// CaseOpening is what is known when a case is opened.
type CaseOpening struct {
	Type      casework.CaseType
	RiskLevel risk.Level // the level decided on opening
	Area      string
	OpenedOn  calendar.Date    // zero: today
	Parties   []casework.Party // ids are given here
	Conduct   casework.ConductDecision
}

// OpenCase opens a case. The practitioner who opens it is assigned to it and
// their agency is party to it.
func OpenCase(ctx context.Context, s *records.Session, opening CaseOpening) (views.Case, error) {
	const procedure = "openCase"
	directory := s.Records().Directory()
	practitioner, _ := directory.Practitioner(s.Capacity().Person)
	agency, _ := directory.Agency(s.Capacity().Agency)
	if !opening.RiskLevel.Valid() {
		return views.Case{}, refused(ctx, s, procedure, fault.Input("input.riskLevel", "oneOf", "Grade the risk as STANDARD, MEDIUM or HIGH."))
	}
	for i := range opening.Parties {
		opening.Parties[i].ID = s.Records().NewIdentifier("party")
	}
	opened, err := casework.Open(casework.Case{
		ID: s.Records().Identifier(views.CaseKind), Reference: s.Records().Reference(), Type: opening.Type,
		RiskLevel: opening.RiskLevel, OpenedOn: opening.OpenedOn, Area: opening.Area, Parties: opening.Parties,
		PartyAgencies: []string{agency.ID},
	}, s.Today())
	if err == nil {
		opened, err = opened.Assign(practitioner, s.Now())
	}
	if err == nil && opening.Conduct.Classification != "" {
		opening.Conduct.DecidedBy = practitioner.ID
		opened, err = opened.Classify(opening.Conduct, s.Today())
	}
	if err != nil {
		return views.Case{}, refused(ctx, s, procedure, err)
	}
	change := s.Change(opened.ID)
	if err := records.Create(change, records.Case{Case: opened}.WithAgency(agency)); err != nil {
		return views.Case{}, err
	}
	if err := s.Apply(ctx, procedure, change); err != nil {
		return views.Case{}, err
	}
	return s.CaseByID(ctx, opened.ID)
}
