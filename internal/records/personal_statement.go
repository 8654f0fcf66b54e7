package records

import (
	"context"

	"accord/authz"
	"accord/domain/calendar"
	"accord/domain/casework"
	"accord/internal/store"
	"accord/internal/views"
)

// PersonalStatement is the victim personal statement as it is written.
type PersonalStatement struct{ casework.PersonalStatement }

type personalStatementHead struct {
	Case        string
	Agency      string
	TakenOn     calendar.Date
	ConsentedTo []string // practitioner ids
}

func (p PersonalStatement) kind() store.Kind    { return kindOf(views.VpsKind) }
func (p PersonalStatement) id() string          { return p.ID }
func (p PersonalStatement) family() string      { return p.Case }
func (p PersonalStatement) row() authz.ClassSet { return views.VpsKind.Row() }

func (p PersonalStatement) head() any {
	return personalStatementHead{p.Case, p.Agency, p.TakenOn, p.ConsentedTo}
}

// fields hold the case, so that a case has one statement.
func (p PersonalStatement) fields() []store.Field {
	return []store.Field{{Name: "case", Value: store.Text(p.Case)}}
}

func (p PersonalStatement) parts() []part {
	return []part{full(authz.Vps, views.PersonalStatementContent{Text: p.Text, Preference: string(p.Preference)})}
}

// tokens lets in who works on the case, and the advocates that the victim
// consented to (access matrix, note 16).
func (p PersonalStatement) tokens(root *caseHead) tokenSet {
	tokens := tokenSet{}
	root.addAssigned(tokens)
	for _, assignment := range root.Assignments {
		for _, advocate := range p.ConsentedTo {
			if assignment.Practitioner == advocate {
				tokens.add(consentedTo(advocate))
			}
		}
	}
	return tokens
}

func decodePersonalStatement(doc store.Document, open opener) (PersonalStatement, error) {
	var head personalStatementHead
	if err := decode(doc.Head, &head); err != nil {
		return PersonalStatement{}, err
	}
	var content views.PersonalStatementContent
	if err := open(authz.Vps, authz.Full, &content); err != nil {
		return PersonalStatement{}, err
	}
	return PersonalStatement{casework.PersonalStatement{
		ID: doc.ID, Case: head.Case, Agency: head.Agency, TakenOn: head.TakenOn, ConsentedTo: head.ConsentedTo,
		Text: content.Text, Preference: casework.StatementPreference(content.Preference),
	}}, nil
}

func viewPersonalStatement(record views.Record, doc store.Document) (views.PersonalStatement, error) {
	var head personalStatementHead
	if err := decode(doc.Head, &head); err != nil {
		return views.PersonalStatement{}, err
	}
	return views.PersonalStatement{Record: record, AgencyID: head.Agency, TakenOn: head.TakenOn}, nil
}

// PersonalStatementOf returns the victim personal statement of a case; nil when
// there is none for the viewer.
func (s *Session) PersonalStatementOf(ctx context.Context, of views.Case) (*views.PersonalStatement, error) {
	statements, err := membersOf(ctx, s, of.Together, views.VpsKind, of.ID, viewPersonalStatement)
	if err != nil || len(statements) == 0 {
		return nil, err
	}
	return &statements[0], nil
}
