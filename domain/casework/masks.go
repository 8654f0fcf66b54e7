package casework

import (
	"strings"
	"unicode"
)

// The masks exist here once: for answers, documents and alerts alike.

// Initials masks a name: the first letter of each part, upper case, with spaces
// between, such as "A M O" for "Anne-Marie O'Neill". White space, hyphens, dots
// and other signs part a name; an apostrophe does not. Particles are parts. What
// is not a letter is never shown, marks upon letters included, so a name without
// a letter, and an empty one, give nothing.
func Initials(name string) string {
	var initials strings.Builder
	shown := false // whether the part at hand has shown its letter
	for _, sign := range name {
		switch {
		case isInitial(sign):
			if shown {
				continue
			}
			shown = true
			if initials.Len() > 0 {
				initials.WriteByte(' ')
			}
			initials.WriteRune(unicode.ToUpper(sign))
		case !joinsName(sign):
			shown = false
		}
	}
	return initials.String()
}

// isInitial reports whether the sign is one letter that can stand for a part of
// a name. Modifier letters, such as the okina, are signs before a letter.
func isInitial(sign rune) bool {
	return unicode.IsLetter(sign) && !unicode.Is(unicode.Lm, sign) && !isLigature(sign)
}

// isLigature reports whether the sign is a printer's form, which may hold
// several letters of a name, or a whole word, in one.
func isLigature(sign rune) bool {
	return sign >= 0xFB00 && sign <= 0xFDFF || // Latin, Armenian, Hebrew, Arabic forms
		sign >= 0xFE70 && sign <= 0xFEFF // Arabic forms, lam with alef among them
}

// joinsName reports whether the sign keeps the part going: what it belongs to is
// still the same part.
func joinsName(sign rune) bool {
	switch sign {
	case '\'', '’', '‘', '`', '´', '′', '＇', '·':
		return true
	}
	return unicode.In(sign, unicode.L, unicode.M, unicode.Nd, unicode.Cf)
}

// YearOfBirth masks a date of birth: the year, or zero when the date is not
// known.
func YearOfBirth(identity Identity) int { return identity.DateOfBirth.Year() }

// OutwardPostcode masks an address: the first half of its postcode, such as
// "BS16". It is empty when there is none or it is malformed, and equally when
// the address is confidential or the person lives in a refuge, so that nobody
// can tell one from the other.
func OutwardPostcode(contact SafeContact) string {
	if contact.Confidential || contact.Refuge {
		return ""
	}
	const inwardLength = 3
	postcode := strings.ToUpper(strings.Join(strings.Fields(contact.Address.Postcode), ""))
	outward := postcode
	if !isOutward(shapeOf(postcode)) {
		cut := len(postcode) - inwardLength
		if cut < 0 || shapeOf(postcode[cut:]) != "9AA" {
			return ""
		}
		outward = postcode[:cut]
	}
	if !isOutward(shapeOf(outward)) {
		return ""
	}
	return outward
}

// PreviousOutwardPostcodes masks the earlier addresses: the first half of each
// postcode, newest first. There is none where the address now is confidential or
// in a refuge: where somebody lived tells where to look for them.
func PreviousOutwardPostcodes(contact SafeContact) []string {
	if contact.Confidential || contact.Refuge {
		return nil
	}
	var outward []string
	for _, earlier := range contact.Previous {
		if code := OutwardPostcode(SafeContact{Address: earlier.Address, Confidential: earlier.Confidential}); code != "" {
			outward = append(outward, code)
		}
	}
	return outward
}

// isOutward lists the shapes of an outward code, A for a letter and 9 for a
// digit. None is as long as a whole postcode, so the two are never confused.
func isOutward(shape string) bool {
	switch shape {
	case "A9", "A99", "AA9", "AA99", "A9A", "AA9A":
		return true
	}
	return false
}

func shapeOf(text string) string {
	shape := make([]byte, len(text))
	for i := range len(text) {
		switch sign := text[i]; {
		case sign >= 'A' && sign <= 'Z':
			shape[i] = 'A'
		case sign >= '0' && sign <= '9':
			shape[i] = '9'
		default:
			shape[i] = '?'
		}
	}
	return string(shape)
}
