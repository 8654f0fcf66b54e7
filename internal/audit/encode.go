package audit

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"accord/authz"
)

// The written form is JSON with the fields in one order, nothing between them and
// nothing that is empty, so an entry has exactly one. What records show is written
// once under "sights" and referred to by number: a meeting pack has many records
// and few kinds of sight. Enumerations are their names, which outlive their
// numbers.

const timeForm = "2006-01-02T15:04:05.000Z"

// Encode writes the entry, at most MaxEntry bytes; Split makes a larger one fit.
// It refuses an entry with text of any form but ids and enumerations. Equal
// entries are equal bytes; the order of Roles does not count.
func (e Entry) Encode() ([]byte, error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	b := e.appendHead(make([]byte, 0, 512+96*len(e.Records)))
	b = appendRecords(b, e.Records)
	b = append(e.appendRecipients(b), '}')
	if len(b) > MaxEntry {
		return nil, fmt.Errorf("an audit entry of %d records is longer than %d bytes: split it", len(e.Records), MaxEntry)
	}
	return b, nil
}

// appendHead writes what comes before the records.
func (e Entry) appendHead(b []byte) []byte {
	b = append(b, `{"at":"`...)
	b = e.At.UTC().Truncate(time.Millisecond).AppendFormat(b, timeForm)
	b = append(b, '"')
	b = appendField(b, "request", string(e.Request))
	b = appendField(b, "person", string(e.Person))
	b = appendField(b, "agency", string(e.Agency))
	if len(e.Roles) > 0 {
		b = appendRoles(b, e.Roles)
	}
	b = appendField(b, "system", string(e.System))
	b = appendField(b, "purpose", string(e.Purpose))
	b = appendField(b, "operation", e.Operation.String())
	b = appendField(b, "action", string(e.Action))
	b = appendField(b, "outcome", e.Outcome.String())
	b = appendField(b, "rule", string(e.Rule))
	if e.Parts > 0 {
		b = append(b, `,"part":`...)
		b = strconv.AppendInt(b, int64(e.Part), 10)
		b = append(b, `,"parts":`...)
		b = strconv.AppendInt(b, int64(e.Parts), 10)
	}
	return b
}

func appendRoles(b []byte, roles []authz.Role) []byte {
	if !slices.IsSorted(roles) {
		roles = slices.Sorted(slices.Values(roles))
	}
	b = append(b, `,"roles":[`...)
	for i, role := range roles {
		if i > 0 && role == roles[i-1] {
			continue
		}
		b = appendElement(b, role.String())
	}
	return append(b, ']')
}

// sight is what was seen of a record.
type sight struct{ full, masked Classes }

func (s RecordSeen) sight() sight { return sight{full: s.Full, masked: s.Masked} }

// sightNumbers numbers the sights of the records as they first come.
func sightNumbers(records []RecordSeen) []sight {
	var sights []sight
	for i := range records {
		if s := records[i].sight(); s != (sight{}) && !slices.Contains(sights, s) {
			sights = append(sights, s)
		}
	}
	return sights
}

func appendRecords(b []byte, records []RecordSeen) []byte {
	if len(records) == 0 {
		return b
	}
	sights := sightNumbers(records)
	if len(sights) > 0 {
		b = append(b, `,"sights":[`...)
		for i, s := range sights {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendSight(b, s)
		}
		b = append(b, ']')
	}
	b = append(b, `,"records":[`...)
	for i := range records {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendRecord(b, &records[i], slices.Index(sights, records[i].sight()))
	}
	return append(b, ']')
}

func appendSight(b []byte, s sight) []byte {
	b = append(b, '{')
	if s.full != 0 {
		b = append(b, `"full":[`...)
		b = append(appendClasses(b, s.full), ']')
	}
	if s.masked != 0 {
		if s.full != 0 {
			b = append(b, ',')
		}
		b = append(b, `"masked":[`...)
		b = append(appendClasses(b, s.masked), ']')
	}
	return append(b, '}')
}

func appendClasses(b []byte, classes Classes) []byte {
	for _, class := range knownList {
		if classes.Has(class) {
			b = appendElement(b, class.String())
		}
	}
	return b
}

// appendRecord writes the record; number is that of its sight, below 0 for none.
func appendRecord(b []byte, seen *RecordSeen, number int) []byte {
	b = append(b, `{"id":"`...)
	b = append(b, seen.Record...)
	b = append(b, '"')
	b = appendField(b, "kind", string(seen.Kind))
	if seen.Version > 0 {
		b = append(b, `,"version":`...)
		b = strconv.AppendInt(b, seen.Version, 10)
	}
	if number >= 0 {
		b = append(b, `,"sight":`...)
		b = strconv.AppendInt(b, int64(number), 10)
	}
	return append(b, '}')
}

func (e Entry) appendRecipients(b []byte) []byte {
	if len(e.Recipients) == 0 {
		return b
	}
	b = append(b, `,"recipients":[`...)
	for _, recipient := range e.Recipients {
		b = appendElement(b, string(recipient))
	}
	return append(b, ']')
}

// appendField writes a text field behind another. The texts that pass check hold
// nothing that JSON would escape.
func appendField(b []byte, name, text string) []byte {
	if text == "" {
		return b
	}
	b = append(b, `,"`...)
	b = append(b, name...)
	b = append(b, `":"`...)
	b = append(b, text...)
	return append(b, '"')
}

// appendElement writes a text into a list.
func appendElement(b []byte, text string) []byte {
	if b[len(b)-1] != '[' {
		b = append(b, ',')
	}
	b = append(b, '"')
	b = append(b, text...)
	return append(b, '"')
}
