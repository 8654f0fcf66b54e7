package program

import (
	"fmt"
	"strings"

	"accord/authz"
	"accord/graph"
	"accord/internal/records"
	"accord/internal/views"
)

// String tells it in plain words: ids, roles, relations and classes, and no value.
func (e Explanation) String() string {
	var text strings.Builder
	line := func(head, format string, arguments ...any) {
		fmt.Fprintf(&text, "%-12s %s\n", head, fmt.Sprintf(format, arguments...))
	}
	line("Signs in as", "%s (%s, of %s)", e.SignIn, e.Capacity.Person, e.Capacity.Agency)
	line("Roles", "%s", either(names(e.Capacity.Roles), "none that reaches records"))
	line("Areas", "%s", either(strings.Join(e.Capacity.Areas, ", "), "none"))
	line("Conditions", "%s", e.conditions())
	line("Purpose", "%s", e.purpose())
	line("Policy", "%s", e.Table.Hash())
	line("Field", "%s: %s", e.Field.Name, e.rule())
	if e.Case == "" {
		line("Case", "there is none of that reference")
		return text.String()
	}
	line("Case", "%s", e.Case)
	if e.Restricted {
		line("Restricted", "to named people: nobody reaches it through a team, a meeting or an area")
	}
	if e.Excluded {
		line("Excluded", "yes: the case is not there for them, whatever their relations and roles are")
	} else {
		line("Excluded", "no")
	}
	if len(e.Records) == 0 {
		line("Record", "the case has none of the kind that holds the field")
	}
	for _, record := range e.Records {
		text.WriteByte('\n')
		line("Record", "%s", record.ID)
		for _, tie := range record.Ties {
			line("Relation", "%s", strings.TrimSpace(fmt.Sprintf("%s, by %s %s", tie.Relation, tie.By, tie.Of)))
		}
		if len(record.Ties) == 0 {
			line("Relation", "none")
		}
		for _, consulted := range e.cells(record) {
			line("Cell", "%s", consulted)
		}
		for _, decided := range e.decisions(record) {
			line("Decision", "%s", decided)
		}
	}
	return text.String()
}

func (e Explanation) conditions() string {
	if len(e.Lapsed) == 0 {
		return "agreement, vetting and training are current"
	}
	return fmt.Sprintf("not current: %s; until they are, they act in no role that reaches records", names(e.Lapsed))
}

func (e Explanation) purpose() string {
	switch purpose := e.Capacity.Purpose; {
	case purpose == "":
		return "none declared; a routine read, for " + either(string(e.Capacity.For()), "none")
	case e.Capacity.MayDeclare(purpose):
		return string(purpose)
	default:
		return fmt.Sprintf("%s, which none of the roles may declare: every request with it is refused", purpose)
	}
}

// rule is what opens the field.
func (e Explanation) rule() string {
	switch {
	case e.Field.Link != "":
		return fmt.Sprintf("leads to records of kind %s, each decided on its own", e.Field.Link)
	case e.Field.Own():
		return "opened by the class that the record says of itself"
	default:
		return "opened by " + strings.Join(strings.Split(names(e.Field.Classes), ", "), " or ")
	}
}

// classes are those that the decision about a record hangs on.
func (e Explanation) classes(record records.Explained) []authz.DataClass {
	switch {
	case e.Field.Own():
		return views.OwnClasses(record.Kind)
	case e.Field.Link == "":
		return e.Field.Classes
	}
	var classes []authz.DataClass
	for _, class := range authz.DataClasses() {
		if e.Field.Link.Row().Has(class) {
			classes = append(classes, class)
		}
	}
	return classes
}

// cells are the cells of the policy that were consulted: each role by each relation
// that reaches the record, of each class that opens the field. A link is decided by
// all that the roles hold, whatever reaches the record.
func (e Explanation) cells(record records.Explained) []string {
	var cells []string
	for _, role := range e.Capacity.Roles {
		for _, relation := range authz.Relations() {
			if e.Field.Link == "" && !record.Relations.Has(relation) {
				continue
			}
			held := e.Table.Decide([]authz.Role{role}, authz.RelationSet(0).With(relation))
			for _, class := range e.classes(record) {
				if level := held.Level(class); level != authz.Withheld || e.Field.Link == "" {
					cells = append(cells, fmt.Sprintf("%s, %s, %s, %s", role, relation, class, granted(held, class)))
				}
			}
		}
	}
	return cells
}

// granted is what a cell allows: each act with its level.
func granted(held authz.Sight, class authz.DataClass) string {
	if held.Level(class) == authz.Withheld {
		return "nothing"
	}
	allows := "read " + held.Level(class).String()
	if level := held.WriteLevel(class); level != authz.Withheld {
		allows += ", write " + level.String()
	}
	if level := held.RevealLevel(class); level != authz.Withheld {
		allows += ", reveal " + level.String()
	}
	return allows
}

// decisions is what the gate makes of the field of one record; several for a field
// whose class hangs on the party.
func (e Explanation) decisions(record records.Explained) []string {
	switch {
	case !record.There:
		return []string{"not there: for them the record does not exist, as if it never was"}
	case e.Field.Link != "":
		switch reason := e.Table.LinkReason(e.Capacity.Roles, e.Field.Link.Row()); reason {
		case 0:
			return []string{"followed: it holds what of those records is reached"}
		case authz.ReasonRole:
			return []string{"withheld, ROLE: none of the roles ever holds such a record"}
		default:
			return []string{fmt.Sprintf("followed, %s: it holds what of those records is owned or released", reason)}
		}
	case !e.Field.Own():
		return []string{decided(e.Field.Decide(record.Sight, 0))}
	}
	var all []string
	for _, class := range e.classes(record) {
		all = append(all, fmt.Sprintf("where it is of %s: %s", class, decided(e.Field.Decide(record.Sight, class))))
	}
	return all
}

func decided(decision graph.Decision) string {
	within := ""
	if decision.Within != "" {
		within = " of " + decision.Within + ", which holds it"
	}
	switch {
	case decision.Shown && decision.Reason == 0:
		return "full"
	case decision.Shown:
		return fmt.Sprintf("masked, %s", decision.Reason)
	default:
		return fmt.Sprintf("withheld, %s%s", decision.Reason, within)
	}
}

func names[T any](of []T) string {
	all := make([]string, len(of))
	for i, one := range of {
		all[i] = fmt.Sprint(one)
	}
	return strings.Join(all, ", ")
}

func either(text, instead string) string {
	if text == "" {
		return instead
	}
	return text
}
