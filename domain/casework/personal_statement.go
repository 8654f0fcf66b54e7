package casework

import (
	"slices"
	"strings"

	"accord/domain/calendar"
	"accord/domain/fault"
)

// StatementPreference is how the victim wants the statement brought before the
// court.
type StatementPreference string

// The preferences.
const (
	ReadByVictim StatementPreference = "READ_SELF"
	ReadFor      StatementPreference = "READ_FOR"
	Played       StatementPreference = "PLAYED"
	NotRead      StatementPreference = "NOT_READ"
)

// StatementPreferences lists every preference.
func StatementPreferences() []StatementPreference {
	return []StatementPreference{ReadByVictim, ReadFor, Played, NotRead}
}

// Valid reports whether the preference is one of StatementPreferences.
func (p StatementPreference) Valid() bool { return slices.Contains(StatementPreferences(), p) }

// PersonalStatement is the victim personal statement (VPS): what the crime has
// done, in the victim's words. An advocate reads it with the victim's consent, to
// support its reading in court.
type PersonalStatement struct {
	ID          string
	Case        string
	Agency      string // that took it
	TakenOn     calendar.Date
	Text        string
	Preference  StatementPreference // empty: not said
	ConsentedTo []string            // practitioner ids of advocates
}

const statementLimit = 20_000

// Check refuses a statement without words, or of a day to come.
func (p PersonalStatement) Check(today calendar.Date) error {
	switch {
	case strings.TrimSpace(p.Text) == "":
		return fault.Input("input.text", "required", "Record what the victim says.")
	case len(p.Text) > statementLimit:
		return fault.Input("input.text", "maxLength", "Record at most 20,000 characters, and attach what is longer.")
	case p.TakenOn.IsZero() || p.TakenOn > today:
		return fault.Input("input.takenOn", "notInFuture", "Say on which day it was taken, today or earlier.")
	case p.Preference != "" && !p.Preference.Valid():
		return fault.Input("input.preference", "oneOf", "Say how the victim wants it brought before the court.")
	}
	return nil
}
