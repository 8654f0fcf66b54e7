package views

import (
	"time"

	"accord/authz"
	"accord/domain/casework"
	"accord/domain/sharing"
)

// Reveal is that somebody was shown how to reach a person.
type Reveal struct {
	Record
	At time.Time
}

// RevealContent is the full section SHARING_RECORD of a reveal.
type RevealContent struct{ sharing.Reveal }

// IsNode marks a reveal as a record with an id of its own.
func (Reveal) IsNode() {}

// GetID returns the reveal's id.
func (r Reveal) GetID() string { return r.ID }

// Practitioner is who was shown it; null below full.
func (r Reveal) Practitioner() (*Practitioner, error) {
	content, err := r.content()
	if content == nil {
		return nil, err
	}
	practitioner := r.Names.Practitioner(content.By)
	return &practitioner, nil
}

// Person is the party whose safe contact was shown, by id; null below full.
func (r Reveal) Person() (*string, error) {
	content, err := r.content()
	if content == nil {
		return nil, err
	}
	return known(true, content.Party), nil
}

// Reason is what it was needed for; null below full.
func (r Reveal) Reason() (*string, error) {
	content, err := r.content()
	if content == nil {
		return nil, err
	}
	return known(true, content.Reason), nil
}

func (r Reveal) content() (*RevealContent, error) {
	if !r.full(authz.SharingRecord) {
		return nil, nil
	}
	return section[RevealContent](r.Record, authz.SharingRecord, authz.Full)
}

// SafeContact is how one person is reached safely, shown once. Whole says
// whether the address is shown with it.
type SafeContact struct {
	Record
	Contact casework.SafeContact
	Whole   bool
}

// Phone is a number that is safe to use; null when none is known.
func (s SafeContact) Phone() *string { return known(true, s.Contact.Phone) }

// Method is how to make contact; null when not recorded.
func (s SafeContact) Method() *string { return known(true, s.Contact.Method) }

// SafeTimes is when; null when not recorded.
func (s SafeContact) SafeTimes() *string { return known(true, s.Contact.SafeTimes) }

// Refuge says that the person lives in a refuge, whose address is not recorded;
// null where the address is not shown.
func (s SafeContact) Refuge() *bool { return when(s.Whole, s.Contact.Refuge) }

// Address is where the person lives; null when not known, in a refuge, and for
// those who are shown the number alone.
func (s SafeContact) Address() *Address {
	if !s.Whole || s.Contact.Address.IsEmpty() {
		return nil
	}
	return &Address{Lines: s.Contact.Address.Lines, Postcode: known(true, s.Contact.Address.Postcode)}
}
