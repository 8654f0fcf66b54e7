package views

import (
	"time"

	"accord/authz"
)

// Attachment is a file attached to a record, of the class and the owner of the
// record.
type Attachment struct {
	Record
	Of       string // id of the record
	Class    authz.DataClass
	AgencyID string
	AddedAt  time.Time
	Size     int
	Type     string // media type, as it was sniffed
}

// AttachmentContent is the full section of an attachment.
type AttachmentContent struct {
	Name    string
	AddedBy string
}

// IsNode marks an attachment as a record with an id of its own.
func (Attachment) IsNode() {}

// GetID returns the attachment's id.
func (a Attachment) GetID() string { return a.ID }

// OwnClass is the class of the record it is attached to.
func (a Attachment) OwnClass() authz.DataClass { return a.Class }

// Agency is the agency that attached it.
func (a Attachment) Agency() *Agency {
	agency := a.Names.Agency(a.AgencyID)
	return &agency
}

// Name is the file's name; null below full.
func (a Attachment) Name() (*string, error) {
	if !a.full(a.Class) {
		return nil, nil
	}
	content, err := section[AttachmentContent](a.Record, a.Class, authz.Full)
	return known(err == nil, content.Name), err
}
