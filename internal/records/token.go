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

// relayed is the list relay's own: it carries a case to its meetings whoever the
// case is restricted to.
const relayed = "relay:"

// takingPart is no relation: it finds the meetings a practitioner has a part in,
// from which representative, chair, invitation and signature are read.
func takingPart(practitioner string) string { return "w:" + practitioner }

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
	for token := range s {
		kind, holder, _ := strings.Cut(token, ":")
		personal := kind == "a" || kind == "ou"
		if token == relayed {
			continue
		}
		if !personal || !slices.Contains(practitioners, holder) {
			delete(s, token)
		}
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
