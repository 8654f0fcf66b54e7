package likeness

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// word is one word of a name as it is compared: in small letters without marks.
type word struct {
	text string
	// said is the word with the letters that its marks stand for, such as
	// "aleksich" for Aleksić; mostly it equals text.
	said string
}

// joined returns the words written as one, as in Annemarie for Anne Marie.
func joined(words []word) word {
	var all word
	for _, w := range words {
		all.text += w.text
		all.said += w.said
	}
	return all
}

// wordsOf splits a name into its words. O'Brien are two words, which are also
// tried as one; Sa'ad is one.
func wordsOf(written string) []word {
	var words []word
	for _, piece := range strings.FieldsFunc(written, betweenWords) {
		pieces := strings.FieldsFunc(piece, isApostrophe)
		if len(pieces) > 1 && !oneLetter(pieces[0]) {
			pieces = []string{strings.Join(pieces, "")}
		}
		for _, p := range pieces {
			words = appendWords(words, p)
		}
	}
	return words
}

// appendWords appends the words of a piece without spaces: one, or where it is
// written in Han characters one for each, since Chinese is written without spaces
// and a name has two or three.
func appendWords(words []word, piece string) []word {
	for _, p := range strings.FieldsFunc(spaceHan(piece), unicode.IsSpace) {
		if w := foldWord(p); w.text != "" {
			words = append(words, w)
		}
	}
	return words
}

func spaceHan(piece string) string {
	var spaced strings.Builder
	for _, r := range piece {
		spaced.WriteRune(r)
		if unicode.Is(unicode.Han, r) {
			spaced.WriteByte(' ')
		}
	}
	return spaced.String()
}

func betweenWords(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsNumber(r) && !isApostrophe(r) &&
		r != zeroWidthJoiner && r != zeroWidthNonJoiner
}

func isApostrophe(r rune) bool { return strings.ContainsRune("'’‘`´′ʼʻʾʿʹ", r) }

func oneLetter(text string) bool {
	letters := 0
	for _, r := range text {
		if !unicode.IsMark(r) {
			letters++
		}
	}
	return letters == 1
}

// letters are those that Unicode does not take apart, as they are written by
// people who have not got them.
var letters = map[rune]string{
	'ł': "l", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'æ': "ae", 'œ': "oe", 'ß': "ss", 'ħ': "h",
	'ı': "i", 'ŋ': "ng", 'ə': "a", 'ɓ': "b", 'ɗ': "d", 'ƙ': "k", 'ɛ': "e", 'ɔ': "o", 'ŧ': "t", 'ſ': "s",
}

// hushed are the letters whose mark turns them into another sound, which those
// who do not write marks sometimes spell out: Kovač, Kovach.
var hushed = map[rune]string{'s': "sh", 'c': "ch", 'z': "zh"}

// hushing are the marks that do so: caron, cedilla, comma below, acute, dot.
const hushing = "\u030c\u0327\u0326\u0301\u0307"

// inFull are names that are commonly cut short, in full.
var inFull = map[string]string{"md": "mohammed", "mohd": "mohammed", "muhd": "mohammed"}

// foldWord takes a word's marks off and writes it in small letters.
func foldWord(piece string) word {
	var text, said strings.Builder
	var last rune // the letter before, if it can be hushed and is not said yet
	flush := func() {
		if last != 0 {
			said.WriteRune(last)
			last = 0
		}
	}
	for _, r := range norm.NFKD.String(strings.ToLower(norm.NFKC.String(piece))) {
		switch plain, special := letters[r]; {
		case unicode.IsMark(r):
			if last != 0 && strings.ContainsRune(hushing, r) {
				said.WriteString(hushed[last])
				last = 0
			}
		case special:
			flush()
			text.WriteString(plain)
			said.WriteString(plain)
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			flush()
			text.WriteRune(r)
			if hushed[r] != "" {
				last = r
			} else {
				said.WriteRune(r)
			}
		}
	}
	flush()
	if full, short := inFull[text.String()]; short {
		return word{text: full, said: full}
	}
	return word{text: text.String(), said: said.String()}
}
