package views

import (
	"slices"

	"accord/authz"
	"accord/domain/casework"
	"accord/domain/sharing"
)

// OwnClasses are the classes that a Classed view of a record of the kind can say: of a
// case, those of its parties; of a release, those of what can be released.
func OwnClasses(kind Kind) []authz.DataClass {
	var classes []authz.DataClass
	for _, class := range authz.DataClasses() {
		if kind.Row().Has(class) {
			classes = append(classes, class)
		}
	}
	if kind == CaseKind {
		classes = nil
		for _, role := range casework.PartyRoles() {
			classes = append(classes, IdentityClass(role))
		}
	}
	if kind == ReleaseKind {
		classes = nil
		for _, source := range sharing.ReleaseSources() {
			classes = append(classes, SourceClass(source))
		}
	}
	slices.Sort(classes)
	return slices.Compact(classes)
}
