package resolvers

import (
	"github.com/99designs/gqlgen/graphql"

	"accord/graph"
	"accord/internal/records"
)

func caseFilter(given *graph.CaseFilter) records.CaseFilter {
	if given == nil {
		return records.CaseFilter{}
	}
	return records.CaseFilter{Status: given.Status.Value(), Type: given.Type.Value(), RiskLevel: given.RiskLevel.Value()}
}

func meetingFilter(given *graph.MeetingFilter) records.MeetingFilter {
	if given == nil {
		return records.MeetingFilter{}
	}
	return records.MeetingFilter{Status: given.Status.Value(), Kind: given.Kind.Value()}
}

func actionFilter(given *graph.ActionFilter) records.ActionFilter {
	if given == nil {
		return records.ActionFilter{}
	}
	mine := given.Mine.Value()
	return records.ActionFilter{Status: given.Status.Value(), Overdue: given.Overdue.Value(), Mine: mine != nil && *mine}
}

// text is what was given, or nothing.
func text(given graphql.Omittable[*string]) string {
	if value := given.Value(); value != nil {
		return *value
	}
	return ""
}
