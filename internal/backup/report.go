package backup

import (
	"fmt"
	"strings"
	"time"
)

// String tells the header in plain words.
func (h Header) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "Holds:     the %s\n", h.Holds)
	fmt.Fprintf(&text, "Made:      %s\n", h.Made.Format(time.RFC3339))
	fmt.Fprintf(&text, "Key:       %s\n", h.Key)
	fmt.Fprintf(&text, "Origin:    %s\n", h.Origin)
	var size int64
	for _, file := range h.Files {
		size += file.Size
	}
	fmt.Fprintf(&text, "Size:      %d bytes, schema version %d\n", size, h.Schema)
	fmt.Fprintf(&text, "%-10s %s\n", h.counted()+":", h.counts())
	fmt.Fprintf(&text, "Entries:   %s\n", h.entries())
	if h.Entries > 0 {
		fmt.Fprintf(&text, "Root:      %s over %d entries\n", h.Root, h.Entries)
	}
	return text.String()
}

func (h Header) counted() string {
	if h.Holds == Keys {
		return "Keys"
	}
	return "Documents"
}

func (h Header) counts() string {
	var all int64
	var each []string
	for _, count := range h.Counts {
		all += count.Number
		each = append(each, fmt.Sprintf("%s %d", count.Of, count.Number))
	}
	if all == 0 {
		return "none"
	}
	return fmt.Sprintf("%d (%s)", all, strings.Join(each, ", "))
}

func (h Header) entries() string {
	switch {
	case h.Entries == 0:
		return "none"
	case h.Holds == Keys:
		return fmt.Sprintf("the keys have seen %d of the audit log", h.Entries)
	default:
		return fmt.Sprintf("%d, numbered 0 to %d", h.Entries, h.Entries-1)
	}
}
