package likeness

import (
	"slices"
	"strings"

	"github.com/dlclark/metaphone3"
)

const (
	// maxCodeLength bounds a phonetic code, in consonants. Names of more are
	// told apart by their spelling.
	maxCodeLength = 12
	// maxSounds bounds how many codes a word is found under.
	maxSounds = 4
	// asWritten begins the code of a word that the algorithm cannot read, such
	// as one in another alphabet: it sounds like itself alone.
	asWritten = "="
)

// sounds are the ways a word may be said.
type sounds struct {
	spellings []string // as an English speaker would spell them
	broad     []string // phonetic codes where voiced and unvoiced consonants are one: b is p
	exact     []string // phonetic codes where they are two
	// open says that the word ends in a vowel that is heard. In many tongues it
	// tells a woman's name from a man's: Samira, Samir.
	open bool
}

// soundsOf encodes the word and its respellings with Metaphone 3, which knows
// English and names familiar to English speakers.
func soundsOf(w word) sounds {
	if !plainLetters(w.text) {
		code := asWritten + w.text
		return sounds{spellings: []string{w.text}, broad: []string{code}, exact: []string{code}}
	}
	broad := metaphone3.Encoder{MaxLength: maxCodeLength}
	exact := metaphone3.Encoder{MaxLength: maxCodeLength, EncodeExact: true}
	heard := sounds{spellings: respellings(w), open: endsOpen(w.text)}
	for _, spelling := range heard.spellings {
		heard.broad = appendCodes(heard.broad, &broad, spelling)
		heard.exact = appendCodes(heard.exact, &exact, spelling)
	}
	if len(heard.broad) == 0 {
		heard.broad = []string{asWritten + w.text}
	}
	heard.broad = heard.broad[:min(len(heard.broad), maxSounds)]
	return heard
}

func endsOpen(text string) bool {
	const vowel = "A" // the algorithm's code of every vowel
	encoder := metaphone3.Encoder{MaxLength: maxNameLength, EncodeVowels: true}
	code, _ := encoder.Encode(text)
	return strings.HasSuffix(code, vowel)
}

func appendCodes(codes []string, encoder *metaphone3.Encoder, spelling string) []string {
	first, second := encoder.Encode(spelling)
	for _, code := range []string{first, second} {
		if code != "" && !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	return codes
}

// respellings are the word as an English speaker would spell what is said, for
// the spellings that the algorithm does not know. The word itself is first. One
// that does not fit the word's tongue does little harm: it is one more way of
// saying it, and spelling has to be near as well.
func respellings(w word) []string {
	spellings := []string{w.text}
	add := func(spelling string) {
		if plainLetters(spelling) && !slices.Contains(spellings, spelling) {
			spellings = append(spellings, spelling)
		}
	}
	add(w.said)
	text := w.text
	// Irish: bh and mh are v, s before a slender vowel is sh, c is always hard.
	irish := strings.NewReplacer("bh", "v", "mh", "v").Replace(text)
	if len(irish) > 3 && (strings.HasPrefix(irish, "sio") || strings.HasPrefix(irish, "sea")) {
		irish = "sh" + irish[2:]
	}
	if strings.HasPrefix(irish, "ci") || strings.HasPrefix(irish, "ce") {
		irish = "k" + irish[1:]
	}
	add(irish)
	// Somali: x is h, and c is the Arabic letter that English leaves out.
	somali := strings.ReplaceAll(text, "x", "h")
	if len(somali) > 2 && somali[0] == 'c' && strings.IndexByte("aeiou", somali[1]) >= 0 {
		somali = somali[1:]
	}
	add(somali)
	// Arabic, Persian and Russian: kh is nearer to h than to k.
	add(strings.ReplaceAll(text, "kh", "h"))
	// Hindi: x is ksh.
	add(strings.ReplaceAll(text, "x", "ksh"))
	// Polish, German and Punjabi: w and v are written for one sound.
	add(strings.ReplaceAll(text, "w", "v"))
	return spellings
}

func plainLetters(text string) bool {
	for _, r := range text {
		if r < 'a' || r > 'z' {
			return false
		}
	}
	return text != ""
}

// shareOne reports whether the two have a value in common.
func shareOne(a, b []string) bool {
	return slices.ContainsFunc(a, func(value string) bool { return slices.Contains(b, value) })
}
