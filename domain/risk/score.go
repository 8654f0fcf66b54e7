package risk

// Bands are the counts of YES from which an area grades a SafeLives Dash. They
// are the area's policy; areas differ.
type Bands struct {
	High   int // from this many on, HIGH
	Medium int // from this many on, MEDIUM
}

// Level grades a count of YES.
func (b Bands) Level(score int) Level {
	switch {
	case score >= b.High:
		return High
	case score >= b.Medium:
		return Medium
	default:
		return Standard
	}
}

// Score counts the YES among the answers and nothing else: not knowing, and not
// having asked, is not a yes.
func (a Assessment) Score() int {
	score := 0
	for _, given := range a.Answers {
		if given.Answer == Yes {
			score++
		}
	}
	return score
}

// VisiblyHigh reports whether the count of a SafeLives Dash reaches the area's
// threshold, which makes a case eligible for a MARAC (R1). No other tool has
// such a threshold; the police form with its 27 items least of all.
func (a Assessment) VisiblyHigh(bands Bands) bool {
	return a.Tool == SafeLivesDash24 && a.Status != Draft && a.Score() >= bands.High
}

// Affirmed returns the codes that were answered YES, in the order of the
// answers: the risks a plan has to answer.
func (a Assessment) Affirmed() []string {
	var codes []string
	for _, given := range a.Answers {
		if given.Answer == Yes {
			codes = append(codes, given.Code)
		}
	}
	return codes
}
