package risk

// Current returns the assessment that stands: the latest submitted of those
// given, which are the ones a reader may see. Drafts never stand, and neither
// does a supplementary tool: an S-DASH or a screen adds to the full assessment
// beside it. False: none stands.
func Current(assessments []Assessment) (Assessment, bool) {
	return latest(assessments, func(a Assessment) bool { return !a.Tool.Supplementary() })
}

// CurrentOf returns the latest submitted assessment made with the tool.
func CurrentOf(assessments []Assessment, tool Tool) (Assessment, bool) {
	return latest(assessments, func(a Assessment) bool { return a.Tool == tool })
}

// StalkingAssessmentDue reports whether an S-DASH is due (R1): the current
// SafeLives Dash says YES to stalking, and no S-DASH was submitted for that day
// or later.
func StalkingAssessmentDue(assessments []Assessment) bool {
	dash, made := CurrentOf(assessments, SafeLivesDash24)
	if !made || !dash.saysYesTo(StalkingItem) {
		return false
	}
	stalking, made := CurrentOf(assessments, SDash11)
	return !made || stalking.AssessedOn < dash.AssessedOn
}

func (a Assessment) saysYesTo(code string) bool {
	for _, given := range a.Answers {
		if given.Code == code {
			return given.Answer == Yes
		}
	}
	return false
}

// latest picks by the instant of submission; of one instant, the higher id, so
// that every reader picks the same.
func latest(assessments []Assessment, counts func(Assessment) bool) (Assessment, bool) {
	var found Assessment
	known := false
	for _, a := range assessments {
		if a.Status == Draft || a.Status == "" || !counts(a) {
			continue
		}
		newer := a.SubmittedAt.After(found.SubmittedAt) ||
			a.SubmittedAt.Equal(found.SubmittedAt) && a.ID > found.ID
		if !known || newer {
			found, known = a, true
		}
	}
	return found, known
}
