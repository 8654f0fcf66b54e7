package views

import (
	"accord/authz"
	"accord/domain/calendar"
	"accord/domain/casework"
)

// Notice is a notice that was issued in the past, by any force.
type Notice struct {
	Record
	Issued calendar.Date
}

// NoticeContent is the sealed section of a notice.
type NoticeContent struct {
	Kind  casework.NoticeKind
	Force string
	Words string
}

// IsNode marks a notice as a record with an id of its own.
func (Notice) IsNode() {}

// GetID returns the notice's id.
func (n Notice) GetID() string { return n.ID }

// IssuedOn is the day it was issued; null when masked.
func (n Notice) IssuedOn() *calendar.Date { return known(n.full(authz.CourseOfConduct), n.Issued) }

// Kind is which kind of notice it was; null when masked.
func (n Notice) Kind() (*casework.NoticeKind, error) {
	content, err := n.content()
	if content == nil {
		return nil, err
	}
	return &content.Kind, nil
}

// Force is the force that issued it; null when masked.
func (n Notice) Force() (*string, error) {
	content, err := n.content()
	if content == nil {
		return nil, err
	}
	return &content.Force, nil
}

// Description is what it was about; null when masked or not known.
func (n Notice) Description() (*string, error) {
	content, err := n.content()
	if content == nil {
		return nil, err
	}
	return known(true, content.Words), nil
}

func (n Notice) content() (*NoticeContent, error) {
	if !n.full(authz.CourseOfConduct) {
		return nil, nil
	}
	return section[NoticeContent](n.Record, authz.CourseOfConduct, authz.Full)
}
