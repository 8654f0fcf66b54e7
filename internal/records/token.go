package records

import (
	"slices"
	"strings"

	"accord/authz"
)

// A token says how a document may be reached: a relation and what it hangs on.
// A document carries the tokens of everybody who may reach it; a viewer holds
// the tokens of their relations. Tokens that match are the relations, so that a
// list and a single look-up cannot disagree.

func assignedTo(practitioner string) string        { return "a:" + practitioner }
func supervisedIn(team string) string              { return "t:" + team }
func ownedByPerson(practitioner string) string     { return "ou:" + practitioner }
func ownedByTeam(team string) string               { return "ot:" + team }
func ownedAtMeeting(meeting, agency string) string { return "om:" + meeting + "@" + agency }
func representedAt(meeting string) string          { return "rp:" + meeting }
func signedFor(meeting string) string              { return "sg:" + meeting }
func invitedTo(item string) string                 { return "iv:" + item }
func convenedIn(area string) string                { return "c:" + area }
func chairedAt(meeting string) string              { return "ch:" + meeting }
func spocOf(area string) string                    { return "s:" + area }
func overseenIn(areaOrAgency string) string        { return "d:" + areaOrAgency }
func filedWith(prosecutor string) string           { return "fl:" + prosecutor }
func nominalIn(area string) string                 { return "n:" + area }
func consentedTo(advocate string) string           { return "cs:" + advocate }
func inEmergency(family string) string             { return "f:" + family }
func emergencyOf(access string) string             { return "fo:" + access }
func addressedTo(practitioner string) string       { return "al:" + practitioner }
func workedOnBy(agency string) string              { return "ap:" + agency }

// What is released to an agency is there for its practitioners on the case, their
// supervisors, and its people at the meetings that hear the case.
func releasedToPerson(practitioner string) string     { return "ru:" + practitioner }
func releasedToTeam(team string) string               { return "rt:" + team }
func releasedAtMeeting(meeting, agency string) string { return "rm:" + meeting + "@" + agency }

// convenedBy is a coordinator's by name: a case restricted to named people is
// still convened by whoever of them coordinates its area.
func convenedBy(area, coordinator string) string { return "cn:" + area + "@" + coordinator }

// alone is a token as whom it names holds it, and nobody who stands in for them.
func alone(token string) string { return "!" + token }

// relayed is the list relay's own: it carries a case to its meetings whoever the
// case is restricted to.
const relayed = "relay:"

// posted is the alert post's own.
const posted = "post:"

// takingPart is no relation: it finds the meetings a practitioner has a part in,
// from which representative, chair, invitation and signature are read.
func takingPart(practitioner string) string { return "w:" + practitioner }

// givenTo is no relation: it finds the cases that a practitioner is assigned to,
// whoever they are restricted to.
func givenTo(practitioner string) string { return "g:" + practitioner }

// keptFrom is no relation but the end of all: who is excluded from a case is named
// on every document of it, where the attestation covers it. The store's own row of
// exclusions, which it does not cover, only spares lists the search.
func keptFrom(practitioner string) string { return "x:" + practitioner }

// tokenSet gathers tokens of a document, each once.
type tokenSet map[string]struct{}

func (s tokenSet) add(tokens ...string) {
	for _, token := range tokens {
		s[token] = struct{}{}
	}
}

func (s tokenSet) sorted() []string {
	tokens := make([]string, 0, len(s))
	for token := range s {
		tokens = append(tokens, token)
	}
	slices.Sort(tokens)
	return tokens
}

// restrictTo keeps only what named practitioners hold themselves: a case that is
// restricted to named people is reached by people through nothing else.
func (s tokenSet) restrictTo(practitioners []string) {
	var own []string
	for token := range s {
		if token == relayed || token == posted || strings.HasPrefix(token, givenTo("")) {
			continue
		}
		delete(s, token)
		if slices.Contains(practitioners, personOf(token)) {
			own = append(own, alone(token))
		}
	}
	s.add(own...)
}

// personOf is whom a token names; empty for what is held through a team, an area,
// an agency or a meeting.
func personOf(token string) string {
	kind, holder, _ := strings.Cut(token, ":")
	switch kind {
	case "a", "ou", "fl", "cs", "ru":
		return holder
	case "cn":
		_, coordinator, _ := strings.Cut(holder, "@")
		return coordinator
	default:
		return ""
	}
}

// held is a viewer's tokens with the relation each stands for.
type held map[string]authz.Relation

// relations are those by which a document with these tokens is reached.
func (h held) relations(tokens []string) authz.RelationSet {
	var set authz.RelationSet
	for _, token := range tokens {
		if relation, ok := h[token]; ok {
			set = set.With(relation)
		}
	}
	return set
}
