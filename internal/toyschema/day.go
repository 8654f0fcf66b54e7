package toyschema

import (
	"io"
	"strconv"
	"time"

	"accord/domain/fault"
)

// Day is a calendar day.
type Day struct{ time.Time }

// UnmarshalGQL reads a day such as 2026-12-03; a malformed one is a fault, and
// what is no text at all makes it panic.
func (d *Day) UnmarshalGQL(v any) error {
	parsed, err := time.Parse(time.DateOnly, v.(string)) //nolint:forcetypeassert // panics on purpose
	if err != nil {
		return fault.Input("filter.since", "day", "A day is written like 2026-12-03.")
	}
	d.Time = parsed
	return nil
}

// MarshalGQL writes the day.
func (d Day) MarshalGQL(w io.Writer) {
	_, _ = io.WriteString(w, strconv.Quote(d.Format(time.DateOnly)))
}
