package graph

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"accord/domain/fault"
)

// unsuggestive marks gqlparser's rules that do not say "did you mean". gqlgen
// adds the suggesting twin of two of them unless it finds this very name.
const unsuggestive = "WithoutSuggestions"

// noIncrementalDelivery refuses @defer, whose result a single answer drops, and
// @stream, which nothing here serves.
var noIncrementalDelivery = core.Rule{
	Name: "NoIncrementalDelivery",
	RuleFunc: func(observers *core.Events, addError core.AddErrFunc) {
		observers.OnDirective(func(_ *core.Walker, directive *ast.Directive) {
			if directive.Name == "defer" || directive.Name == "stream" {
				addError(core.At(directive.Position))
			}
		})
	},
}

// ruleSentences says for each validation rule what is wrong, in words that hold
// nothing of the request. A sentence with %s takes the type of the schema at
// which it happened.
var ruleSentences = map[string]string{
	"FieldsOnCorrectType":          "Type %s has no field of that name.",
	"FragmentsOnCompositeTypes":    "A fragment is on an object, interface or union, and %s is none.",
	"KnownArgumentNames":           "The field or directive has no argument of that name.",
	"KnownDirectives":              "There is no such directive, or not in this place.",
	"KnownFragmentNames":           "The document does not define that fragment.",
	"KnownRootType":                "The schema has no operations of that kind.",
	"KnownTypeNames":               "The schema has no type of that name.",
	"LoneAnonymousOperation":       "An operation without a name stands alone in its document.",
	"MaxIntrospectionDepth":        "The introspection goes too deep.",
	"NoFragmentCycles":             "A fragment does not spread itself.",
	"NoIncrementalDelivery":        "Answers are given whole: @defer and @stream are not served.",
	"NoUndefinedVariables":         "The operation does not declare that variable.",
	"NoUnusedFragments":            "A fragment that is defined is also spread.",
	"NoUnusedVariables":            "A variable that is declared is also used.",
	"OverlappingFieldsCanBeMerged": "Two fields of one name in the answer ask for different things; rename one.",
	"PossibleFragmentSpreads":      "The fragment can never apply to type %s.",
	"ProvidedRequiredArguments":    "A required argument is missing.",
	"ScalarLeafs":                  "Fields are selected of objects, all the way down, and of nothing else; see type %s.",
	"SingleFieldSubscriptions":     "A subscription selects one field.",
	"UniqueArgumentNames":          "An argument is given once.",
	"UniqueDirectivesPerLocation":  "A directive stands once in a place.",
	"UniqueFragmentNames":          "A fragment is defined once.",
	"UniqueInputFieldNames":        "A field of an input is given once.",
	"UniqueOperationNames":         "Operations of one document differ in name.",
	"UniqueVariableNames":          "A variable is declared once.",
	"ValuesOfCorrectType":          "The value does not fit %s.",
	"VariablesAreInputTypes":       "A variable is of an input type.",
	"VariablesInAllowedPosition":   "A variable of that type cannot stand where %s is expected.",
}

// ValidationRules is the set of rules every document is held to, made anew for
// each call because gqlgen changes it. Use it with SetDisableSuggestion(true).
func ValidationRules() *rules.Rules {
	return rules.NewRules(
		discreet(rules.FieldsOnCorrectTypeRuleWithoutSuggestions),
		discreet(rules.FragmentsOnCompositeTypesRule),
		discreet(rules.KnownArgumentNamesRuleWithoutSuggestions),
		discreet(rules.KnownDirectivesRule),
		discreet(rules.KnownFragmentNamesRule),
		discreet(rules.KnownRootTypeRule),
		discreet(rules.KnownTypeNamesRuleWithoutSuggestions),
		discreet(rules.LoneAnonymousOperationRule),
		discreet(rules.MaxIntrospectionDepth),
		discreet(rules.NoFragmentCyclesRule),
		discreet(noIncrementalDelivery),
		discreet(rules.NoUndefinedVariablesRule),
		discreet(rules.NoUnusedFragmentsRule),
		discreet(rules.NoUnusedVariablesRule),
		discreet(rules.OverlappingFieldsCanBeMergedRule),
		discreet(rules.PossibleFragmentSpreadsRule),
		discreet(rules.ProvidedRequiredArgumentsRule),
		discreet(rules.ScalarLeafsRuleWithoutSuggestions),
		discreet(rules.SingleFieldSubscriptionsRule),
		discreet(rules.UniqueArgumentNamesRule),
		discreet(rules.UniqueDirectivesPerLocationRule),
		discreet(rules.UniqueFragmentNamesRule),
		discreet(rules.UniqueInputFieldNamesRule),
		discreet(rules.UniqueOperationNamesRule),
		discreet(rules.UniqueVariableNamesRule),
		discreet(rules.ValuesOfCorrectTypeRuleWithoutSuggestions),
		discreet(rules.VariablesAreInputTypesRule),
		discreet(rules.VariablesInAllowedPositionRule),
	)
}

// discreet keeps what a rule finds and where, and replaces what it says: the
// rules quote the document, which may hold a name or an address.
func discreet(rule core.Rule) core.Rule {
	return core.Rule{Name: rule.Name, RuleFunc: func(observers *core.Events, addError core.AddErrFunc) {
		at := ""
		observePlace(rule.Name, observers, &at)
		rule.RuleFunc(observers, func(options ...core.ErrorOption) {
			addError(append(options, func(err *gqlerror.Error) { hush(err, rule.Name, at) })...)
		})
	}}
}

// observePlace notes the type of the schema that the walk is at. It observes
// before the rule does, so the note is of the place the rule speaks about.
func observePlace(rule string, observers *core.Events, at *string) {
	note := func(definition *ast.Definition) {
		*at = ""
		if definition != nil {
			*at = definition.Name
		}
	}
	switch strings.TrimSuffix(rule, unsuggestive) {
	case "FieldsOnCorrectType":
		observers.OnField(func(_ *core.Walker, field *ast.Field) { note(field.ObjectDefinition) })
	case "ScalarLeafs":
		observers.OnField(func(walker *core.Walker, field *ast.Field) {
			note(nil)
			if field.Definition != nil {
				note(walker.Schema.Types[field.Definition.Type.Name()])
			}
		})
	case "FragmentsOnCompositeTypes":
		observers.OnInlineFragment(func(walker *core.Walker, fragment *ast.InlineFragment) {
			note(walker.Schema.Types[fragment.TypeCondition])
		})
		observers.OnFragment(func(walker *core.Walker, fragment *ast.FragmentDefinition) {
			note(walker.Schema.Types[fragment.TypeCondition])
		})
	case "PossibleFragmentSpreads":
		observers.OnInlineFragment(func(_ *core.Walker, fragment *ast.InlineFragment) { note(fragment.ObjectDefinition) })
		observers.OnFragmentSpread(func(_ *core.Walker, spread *ast.FragmentSpread) { note(spread.ObjectDefinition) })
	case "ValuesOfCorrectType", "VariablesInAllowedPosition":
		observers.OnValue(func(_ *core.Walker, value *ast.Value) { note(value.Definition) })
	}
}

// hush replaces an error of a validation rule by the fault that says the same
// without a word of the document.
func hush(err *gqlerror.Error, rule, at string) {
	name := strings.TrimSuffix(rule, unsuggestive)
	sentence, known := ruleSentences[name]
	switch {
	case !known:
		sentence = "The document breaks a rule of GraphQL."
	case strings.Contains(sentence, "%s"):
		if at == "" {
			at = "the one expected here"
		}
		sentence = fmt.Sprintf(sentence, at)
	}
	f := fault.Input("", "", located(sentence, err.Locations))
	f.Rule = name
	*err = *refusal(f, err.Locations...)
	err.Rule = name
}

// located ends a sentence with the place it speaks about, when there is one.
func located(sentence string, at []gqlerror.Location) string {
	if len(at) == 0 || at[0].Line < 1 {
		return sentence
	}
	return fmt.Sprintf("%s (Line %d, column %d.)", sentence, at[0].Line, at[0].Column)
}
