package likeness

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	minPhoneDigits = 7
	maxPhoneDigits = 15 // ITU-T E.164, section 6

	// tailDigits is how many of a number's last digits stand for it where the
	// country code is in doubt. Nine are in every full number of the United
	// Kingdom, whichever way it is written.
	tailDigits = 9
)

// readPhone returns the digits of a number with its country code; false when
// the text is no full number. A number without country code is of the United
// Kingdom, where the National Telephone Numbering Plan writes a leading 0 that
// falls away behind +44.
func readPhone(written string) (digits string, ok bool) {
	if !utf8.ValidString(written) || utf8.RuneCountInString(written) > maxPhoneLength {
		return "", false
	}
	text := strings.TrimSpace(norm.NFKC.String(written))
	international := strings.HasPrefix(text, "+")
	text = strings.TrimPrefix(text, "+")
	// "+44 (0)20 …" says both ways to dial; the 0 is for one of them.
	text = strings.ReplaceAll(text, "(0)", "")
	var read strings.Builder
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			read.WriteRune(r)
		case unicode.IsSpace(r) || strings.ContainsRune("-‐‑–.()/", r):
		default:
			return "", false
		}
	}
	digits = read.String()
	if rest, found := strings.CutPrefix(digits, "00"); found && !international {
		digits, international = rest, true
	}
	digits = withCountry(digits, international)
	if len(digits) < minPhoneDigits || len(digits) > maxPhoneDigits || placeholder(digits) {
		return "", false
	}
	return digits, true
}

func withCountry(digits string, international bool) string {
	const (
		unitedKingdom  = "44"
		nationalDigits = 10
	)
	if !international {
		switch national, found := strings.CutPrefix(digits, "0"); {
		case found:
			return unitedKingdom + national
		case len(digits) == nationalDigits && digits[0] == '7':
			// A mobile number that lost its 0 in a spreadsheet.
			return unitedKingdom + digits
		}
	}
	if national, found := strings.CutPrefix(digits, unitedKingdom+"0"); found {
		return unitedKingdom + national
	}
	return digits
}

// placeholder reports whether a number is what people write to get past a form:
// after the first three digits one and the same over and over.
func placeholder(digits string) bool {
	last := digits[min(3, len(digits)-1):]
	return strings.Count(last, last[:1]) == len(last)
}

// tailOf returns the digits that stand for a number where its country code is in
// doubt, or the whole number when it is shorter.
func tailOf(digits string) string { return digits[max(0, len(digits)-tailDigits):] }

// readHandle returns the handle as it is compared: in lower case, without a
// leading @, dots and underscores kept; false when the text is none.
func readHandle(written string) (handle string, ok bool) {
	if !printable(written) || utf8.RuneCountInString(written) > maxHandleLength {
		return "", false
	}
	handle = strings.ToLower(norm.NFKC.String(strings.TrimSpace(written)))
	handle = strings.TrimPrefix(handle, "@")
	length := utf8.RuneCountInString(handle)
	if length < minHandleLength || length > maxHandleLength || strings.ContainsFunc(handle, unicode.IsSpace) ||
		!strings.ContainsFunc(handle, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) {
		return "", false
	}
	return handle, true
}

// readEach reads at most limit of what was written, leaving out what cannot be
// read and what is there twice.
func readEach(written []string, limit int, read func(string) (string, bool)) []string {
	values := make([]string, 0, min(len(written), limit))
	for _, text := range written[:min(len(written), limit)] {
		if value, ok := read(text); ok && !slices.Contains(values, value) {
			values = append(values, value)
		}
	}
	return values
}
