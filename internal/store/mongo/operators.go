package mongo

// Every operator that is ever sent to the cluster, and there are no others: none
// needs a plan that could differ between versions, and none takes text that a
// server would read as anything but a value.
const (
	opIn     = "$in"
	opNotIn  = "$nin"
	opAbove  = "$gt"
	opFrom   = "$gte"
	opBelow  = "$lt"
	opExists = "$exists"
	opSet    = "$set"
	opAdd    = "$inc"
)

// Operators is that list.
func Operators() []string {
	return []string{opIn, opNotIn, opAbove, opFrom, opBelow, opExists, opSet, opAdd}
}
