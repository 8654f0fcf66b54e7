package views

import (
	"time"

	"accord/authz"
	"accord/domain/calendar"
	"accord/domain/sharing"
)

// EmergencyAccess is access that somebody took because life was at risk.
type EmergencyAccess struct {
	Record
	PersonID    string
	From        time.Time
	Until       time.Time
	ReviewDueOn calendar.Date
	ReviewedAt  *time.Time
	Version     int
}

// EmergencyContent is the full section SHARING_RECORD of emergency access.
type EmergencyContent struct{ sharing.EmergencyAccess }

// IsNode marks emergency access as a record with an id of its own.
func (EmergencyAccess) IsNode() {}

// GetID returns its id.
func (e EmergencyAccess) GetID() string { return e.ID }

// Practitioner is who took it.
func (e EmergencyAccess) Practitioner() *Practitioner {
	practitioner := e.Names.Practitioner(e.PersonID)
	return &practitioner
}

// Reason is why it was taken.
func (e EmergencyAccess) Reason() (*string, error) {
	content, err := e.content()
	if content == nil {
		return nil, err
	}
	return known(true, content.Reason), nil
}

// Justified is what the reviewer found; null before the review.
func (e EmergencyAccess) Justified() (*bool, error) {
	content, err := e.content()
	if content == nil {
		return nil, err
	}
	return when(!content.ReviewedAt.IsZero(), content.Justified), nil
}

// Review is what the reviewer said; null before the review.
func (e EmergencyAccess) Review() (*string, error) {
	content, err := e.content()
	if content == nil {
		return nil, err
	}
	return known(true, content.Review), nil
}

func (e EmergencyAccess) content() (*EmergencyContent, error) {
	if !e.full(authz.SharingRecord) {
		return nil, nil
	}
	return section[EmergencyContent](e.Record, authz.SharingRecord, authz.Full)
}
