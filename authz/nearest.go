package authz

import "strings"

// nearest is the name that was most likely meant by one that is not known; empty
// when none is near. Upper and lower case count as the same.
func nearest(name string, names []string) string {
	folded := strings.ToUpper(name)
	best, least := "", max(2, len(name)/3)+1
	for _, known := range names {
		if away := edits(folded, strings.ToUpper(known)); away < least {
			best, least = known, away
		}
	}
	return best
}

// edits is how many letters must be put in, taken out or exchanged to make one
// text of the other (Levenshtein). Names are short; what is longer than any of
// them is far away whatever it says.
func edits(from, to string) int {
	const longest = 64
	if len(from) > longest || len(to) > longest {
		return longest
	}
	row := make([]int, len(to)+1)
	for i := range row {
		row[i] = i
	}
	for i := range len(from) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(to) {
			exchanged := diagonal
			if from[i] != to[j] {
				exchanged++
			}
			diagonal = row[j+1]
			row[j+1] = min(exchanged, row[j]+1, diagonal+1)
		}
	}
	return row[len(to)]
}
