package records

import (
	"accord/authz"
	"accord/domain/calendar"
	"accord/domain/casework"
	"accord/internal/store"
	"accord/internal/views"
)

// Notice is a past notice as it is written.
type Notice struct{ casework.Notice }

type noticeHead struct {
	Case     string
	Agency   string
	IssuedOn calendar.Date
}

func (n Notice) kind() store.Kind      { return kindOf(views.NoticeKind) }
func (n Notice) id() string            { return n.ID }
func (n Notice) family() string        { return n.Case }
func (n Notice) row() authz.ClassSet   { return views.NoticeKind.Row() }
func (n Notice) head() any             { return noticeHead{n.Case, n.Agency, n.IssuedOn} }
func (n Notice) fields() []store.Field { return nil }

func (n Notice) parts() []part {
	return []part{full(authz.CourseOfConduct, views.NoticeContent{Kind: n.Kind, Force: n.Force, Words: n.Words})}
}

func (n Notice) tokens(root *caseHead) tokenSet {
	tokens := tokenSet{}
	root.addAssigned(tokens)
	root.addConvenors(tokens)
	tokens.add(inEmergency(n.Case))
	root.addChairs(tokens)
	root.addSpoc(tokens)
	root.addNominal(tokens)
	return tokens
}

func decodeNotice(doc store.Document, open opener) (Notice, error) {
	var head noticeHead
	if err := decode(doc.Head, &head); err != nil {
		return Notice{}, err
	}
	var content views.NoticeContent
	if err := open(authz.CourseOfConduct, authz.Full, &content); err != nil {
		return Notice{}, err
	}
	return Notice{casework.Notice{
		ID: doc.ID, Case: head.Case, Agency: head.Agency, Kind: content.Kind, IssuedOn: head.IssuedOn, Force: content.Force,
		Words: content.Words,
	}}, nil
}

func viewNotice(record views.Record, doc store.Document) (views.Notice, error) {
	var head noticeHead
	if err := decode(doc.Head, &head); err != nil {
		return views.Notice{}, err
	}
	return views.Notice{Record: record, Issued: head.IssuedOn}, nil
}
