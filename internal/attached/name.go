package attached

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"accord/domain/fault"
)

// maxName is how long a file's name may be, in characters.
const maxName = 200

// What is wrong with a name.
var (
	errNameMissing = fault.Input("input.name", "notEmpty", "Give the file a name that has an extension and something before it.")
	errNameLong    = fault.Input("input.name", "maxLength", "Give the file a name of at most 200 characters.")
	errNameSigns   = fault.Input("input.name", "fileName",
		"Give the file a name without slashes, colons, quotation marks and the like, control characters and characters that change the direction of the text.")
	errNameKept = fault.Input("input.name", "fileName",
		"Give the file a name that does not begin with a dot and is not one a computer keeps for its devices.")
)

const (
	// signs separate paths or streams, or mean something to a shell, on one system
	// or another; the others only look like them.
	signs = `/\:*?"<>|` + "\u2044\u2215\u2216\u29f5\u29f8\uff0f\uff3c"
	// joiners are the two invisible characters that spelling needs, in Persian and
	// in the languages of India among others.
	joiners = "\u200c\u200d"
)

// devices are names that Windows keeps, whatever the extension.
var devices = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9\x{b9}\x{b2}\x{b3}]|lpt[0-9\x{b9}\x{b2}\x{b3}]) *(\.|$)`)

// clean is a name as it is kept: runs of space are one space, none stands at its
// ends. What cannot be kept as it was meant is refused, not mended: a name cut short
// or with characters missing is another name.
func clean(name string) (string, error) {
	if !utf8.ValidString(name) {
		return "", errNameSigns
	}
	for _, r := range name {
		// Not graphic are control and format characters, the overrides of
		// direction among them, and what Unicode has not assigned.
		if !unicode.IsGraphic(r) && !strings.ContainsRune(joiners, r) || strings.ContainsRune(signs, r) || r == utf8.RuneError {
			return "", errNameSigns
		}
	}
	cleaned := strings.Join(strings.FieldsFunc(name, unicode.IsSpace), " ")
	dot := strings.LastIndexByte(cleaned, '.')
	switch {
	case utf8.RuneCountInString(cleaned) > maxName:
		return "", errNameLong
	case strings.HasPrefix(cleaned, "."), devices.MatchString(cleaned):
		return "", errNameKept
	case dot < 0, strings.Trim(cleaned[:dot], ". "+joiners) == "":
		return "", errNameMissing
	}
	return cleaned, nil
}
