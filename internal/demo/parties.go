package demo

import (
	"cmp"
	"slices"

	"accord/domain/calendar"
	"accord/domain/casework"
	"accord/domain/risk"
)

// parties makes the people of a story; whoever nobody knows has no name.
func parties(sk Story) []casework.Party {
	all := []casework.Party{{Role: casework.Victim, Identity: identity(sk.Victim)}}
	for _, child := range sk.Children {
		all = append(all, casework.Party{Role: casework.Child, Identity: identity(child)})
	}
	for _, harm := range sk.Harm {
		all = append(all, casework.Party{Role: casework.Perpetrator, Identity: identity(harm), Relationship: sk.Bond, Allegation: cmp.Or(sk.Allegation, casework.Alleged)})
	}
	return all
}

func identity(h Human) casework.Identity {
	who := casework.Identity{Name: h.Name}
	if born, err := calendar.ParseDate(h.Born); err == nil {
		who.DateOfBirth = born
	}
	return who
}

// answers gives the answers of a SafeLives Dash: YES to the items named, NO to the rest.
func answers(yes []int) []risk.AnswerGiven {
	var given []risk.AnswerGiven
	for n, item := range risk.SafeLivesDash24.Items() {
		answer := risk.No
		if slices.Contains(yes, n+1) {
			answer = risk.Yes
		}
		given = append(given, risk.AnswerGiven{Code: item.Code, Answer: answer})
	}
	return given
}
