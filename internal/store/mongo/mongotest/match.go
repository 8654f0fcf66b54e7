package mongotest

import (
	"math"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// predicate is one condition on one field.
type predicate struct {
	path     path
	operator string          // $eq, $in, $nin, $gt, $gte, $lt, $lte or $exists
	operands []bson.RawValue // one, but for $in and $nin
}

// filter is a conjunction.
type filter []predicate

// parseFilter knows equality, $in, $nin, the four comparisons and $exists, all
// of them joined by "and". Everything else is refused by name.
func parseFilter(doc bson.Raw) (filter, error) {
	var f filter
	for _, e := range elements(doc) {
		if strings.HasPrefix(e.Key(), "$") {
			return nil, refuse(codeBadValue, "unknown top level operator: %s", e.Key())
		}
		p, err := parsePath(e.Key())
		if err != nil {
			return nil, err
		}
		v := e.Value()
		if !isOperators(v) {
			if err := checkOperand(v, "$eq"); err != nil {
				return nil, err
			}
			f = append(f, predicate{p, "$eq", []bson.RawValue{v}})
			continue
		}
		for _, o := range elements(v.Document()) {
			one, err := parseOperator(p, o.Key(), o.Value())
			if err != nil {
				return nil, err
			}
			f = append(f, one)
		}
	}
	return f, nil
}

func isOperators(v bson.RawValue) bool {
	if v.Type != bson.TypeEmbeddedDocument {
		return false
	}
	all := elements(v.Document())
	return len(all) > 0 && strings.HasPrefix(all[0].Key(), "$")
}

func parseOperator(p path, operator string, v bson.RawValue) (predicate, error) {
	switch operator {
	case "$eq", "$gt", "$gte", "$lt", "$lte":
		return predicate{p, operator, []bson.RawValue{v}}, checkOperand(v, operator)
	case "$in", "$nin":
		if v.Type != bson.TypeArray {
			return predicate{}, refuse(codeBadValue, "%s needs an array", operator)
		}
		operands := members(v)
		for _, member := range operands {
			if err := checkOperand(member, operator); err != nil {
				return predicate{}, err
			}
		}
		return predicate{p, operator, operands}, nil
	case "$exists":
		if v.Type != bson.TypeBoolean {
			return predicate{}, refuse(codeBadValue, "$exists takes true or false here")
		}
		return predicate{p, operator, []bson.RawValue{v}}, nil
	default:
		return predicate{}, refuse(codeBadValue, "unknown operator: %s", operator)
	}
}

func checkOperand(v bson.RawValue, operator string) error {
	comparison := operator != "$eq" && operator != "$in" && operator != "$nin"
	switch {
	case !stored(v.Type) || v.Type == bson.TypeArray:
		return refuse(codeBadValue, "%s with a value of type %s is not known to this server", operator, v.Type)
	case comparison && (v.Type == bson.TypeNull || v.Type == bson.TypeEmbeddedDocument):
		return refuse(codeBadValue, "%s with a value of type %s is not known to this server", operator, v.Type)
	case v.Type == bson.TypeDouble && math.IsNaN(v.Double()):
		return refuse(codeBadValue, "%s with NaN is not known to this server", operator)
	case v.Type == bson.TypeEmbeddedDocument && operator == "$eq" && isOperators(v):
		return refuse(codeBadValue, "cannot compare to an operator")
	}
	return nil
}

// matches says whether a document meets every condition.
func (f filter) matches(doc bson.Raw) (bool, error) {
	for _, p := range f {
		v, err := at(doc, p.path)
		if err != nil {
			return false, err
		}
		if !p.holds(v) {
			return false, nil
		}
	}
	return true, nil
}

// holds says whether a value, of which Type zero is none, meets the condition;
// an array meets it with any of its members.
func (p predicate) holds(v bson.RawValue) bool {
	switch p.operator {
	case "$exists":
		return (v.Type != 0) == p.operands[0].Boolean()
	case "$nin":
		return !p.anyOf(v)
	default:
		return p.anyOf(v)
	}
}

func (p predicate) anyOf(v bson.RawValue) bool {
	candidates := []bson.RawValue{v}
	if v.Type == bson.TypeArray {
		candidates = members(v)
	}
	return slices.ContainsFunc(candidates, func(candidate bson.RawValue) bool {
		return slices.ContainsFunc(p.operands, func(operand bson.RawValue) bool { return p.compares(candidate, operand) })
	})
}

func (p predicate) compares(v, operand bson.RawValue) bool {
	if v.Type == 0 {
		v = nothing // a missing field equals null
	}
	if brackets[v.Type] != brackets[operand.Type] {
		return false
	}
	order := compareValues(v, operand)
	switch p.operator {
	case "$gt":
		return order > 0
	case "$gte":
		return order >= 0
	case "$lt":
		return order < 0
	case "$lte":
		return order <= 0
	default: // $eq, $in, $nin
		return order == 0
	}
}

// on are the conditions on one field.
func (f filter) on(p path) filter {
	var some filter
	for _, one := range f {
		if slices.Equal(one.path, p) {
			some = append(some, one)
		}
	}
	return some
}

// points are the values a field must equal one of, sorted and each once, if a
// condition says so.
func (f filter) points() ([]bson.RawValue, bool) {
	for _, operator := range []string{"$eq", "$in"} {
		for _, p := range f {
			if p.operator == operator {
				sorted := slices.SortedFunc(slices.Values(p.operands), compareValues)
				return slices.CompactFunc(sorted, sameValue), true
			}
		}
	}
	return nil, false
}
