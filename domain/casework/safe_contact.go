package casework

import (
	"slices"

	"accord/domain/fault"
)

// SafeContact is where and how a person may be reached without telling the
// perpetrator.
type SafeContact struct {
	Address      Address
	Confidential bool             // no part of the address is shown masked
	Refuge       bool             // lives in a refuge, whose address is never stored
	Phone        string           // a number that is safe to use
	Method       string           // how to make contact, such as "text first"
	SafeTimes    string           // when, such as "weekdays before three"
	Previous     []EarlierAddress // newest first; kept, and never shown but masked
}

// Address is a postal address in the United Kingdom.
type Address struct {
	Lines    []string
	Postcode string
}

// How long what is recorded of a contact may be.
const (
	addressLines = 10
	shortLimit   = 200  // of a line, a postcode, a number
	longLimit    = 1000 // of how and when
)

// Check refuses the address of a refuge. It is never stored as an address: who
// finds the record finds everybody who lives there.
func (s SafeContact) Check() error {
	long := func(limit int, texts ...string) bool {
		return slices.ContainsFunc(texts, func(text string) bool { return len(text) > limit })
	}
	switch {
	case s.Refuge && !s.Address.IsEmpty():
		return fault.Rule("SAFE_CONTACT_REFUGE", "Accord, safe contact",
			"Leave the address empty: the address of a refuge is never recorded.")
	case len(s.Address.Lines) > addressLines || long(shortLimit, s.Address.Lines...):
		return fault.Input("input.addressLines", "maxLength", "Give the address in at most 10 lines of 200 characters.")
	case long(shortLimit, s.Address.Postcode):
		return fault.Input("input.postcode", "maxLength", "Give the postcode in at most 200 characters.")
	case long(shortLimit, s.Phone):
		return fault.Input("input.phone", "maxLength", "Give the number in at most 200 characters.")
	case long(longLimit, s.Method):
		return fault.Input("input.method", "maxLength", "Say how to make contact in at most 1,000 characters.")
	case long(longLimit, s.SafeTimes):
		return fault.Input("input.safeTimes", "maxLength", "Say when contact is safe in at most 1,000 characters.")
	}
	return nil
}

// EarlierAddress is where somebody lived.
type EarlierAddress struct {
	Address      `bson:",inline"`
	Confidential bool // it was, and stays so: no part of it is shown masked
}

// Replace is the contact with what is known now. The address that was known before
// is kept in front of the earlier ones, unless it still holds: where somebody lived
// is where they are looked for first.
func (s SafeContact) Replace(with SafeContact) SafeContact {
	with.Previous = s.Previous
	if !s.Address.IsEmpty() && !s.Address.equals(with.Address) {
		with.Previous = append([]EarlierAddress{{s.Address, s.Confidential}}, s.Previous...)
	}
	return with
}

// IsEmpty reports whether nothing is known of how to reach a person.
func (s SafeContact) IsEmpty() bool {
	return s.Address.IsEmpty() && !s.Confidential && !s.Refuge && s.Phone == "" && s.Method == "" && s.SafeTimes == "" &&
		len(s.Previous) == 0
}

func (a Address) equals(other Address) bool {
	return a.Postcode == other.Postcode && slices.Equal(a.Lines, other.Lines)
}

// IsEmpty reports whether the address says nothing.
func (a Address) IsEmpty() bool {
	return blank(a.Postcode) && !slices.ContainsFunc(a.Lines, func(line string) bool {
		return !blank(line)
	})
}
