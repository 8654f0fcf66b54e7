package audit

import "slices"

// partsRoom is what the numbers of a part, its lists' names and brackets and the
// closing brace take at most.
const partsRoom = 128

// Split returns entries that each fit into MaxEntry: the entry itself when it
// does, else parts that share everything but their records. Whoever reads one part
// sees from Part and Parts that there are more, and finds them by their Request.
// An entry that Encode refuses is returned as it is.
func (e Entry) Split() []Entry {
	if e.check() != nil {
		return []Entry{e}
	}
	whole := e
	whole.Part, whole.Parts = 0, 0
	room := MaxEntry - partsRoom - len(whole.appendRecipients(whole.appendHead(nil)))

	var parts []Entry
	var sights []sight
	var scratch []byte
	start, used := 0, 0
	cut := func(end int) {
		part := whole
		part.Records = whole.Records[start:end:end]
		parts = append(parts, part)
		start, used, sights = end, 0, nil
	}
	for i := range whole.Records {
		seen := &whole.Records[i]
		cost := func() int {
			s := seen.sight()
			number := slices.Index(sights, s)
			scratch = scratch[:0]
			if number < 0 && s != (sight{}) {
				number = len(sights)
				scratch = append(appendSight(scratch, s), ',')
			}
			scratch = append(appendRecord(scratch, seen, number), ',')
			return len(scratch)
		}
		size := cost()
		if used+size > room && i > start {
			cut(i)
			size = cost() // its sight is new in the next part
		}
		used += size
		if s := seen.sight(); s != (sight{}) && !slices.Contains(sights, s) {
			sights = append(sights, s)
		}
	}
	cut(len(whole.Records))
	if len(parts) == 1 {
		return []Entry{e}
	}
	if len(parts) == 2 { // the room for the numbers of parts may be all that it lacks
		if _, err := e.Encode(); err == nil {
			return []Entry{e}
		}
	}
	for i := range parts {
		parts[i].Part, parts[i].Parts = i+1, len(parts)
	}
	return parts
}
