package views

// PageInfo is where a page stands in its list.
type PageInfo struct {
	HasNextPage bool
	EndCursor   *string
}

// Edge is a record in a page.
type Edge[T any] struct {
	Cursor string
	Node   T
}

// Connection is a page of records. TotalCount is exact up to a bound; beyond it
// is nil and MoreThan says how many there are at least.
type Connection[T any] struct {
	Edges      []Edge[T]
	PageInfo   PageInfo
	TotalCount *int
	MoreThan   *int
}

type (
	// CaseEdge is a case in a page.
	CaseEdge = Edge[Case]
	// MeetingEdge is a meeting in a page.
	MeetingEdge = Edge[Meeting]
	// ActionEdge is an action in a page.
	ActionEdge = Edge[Action]

	// CaseConnection is a page of cases.
	CaseConnection = Connection[Case]
	// MeetingConnection is a page of meetings.
	MeetingConnection = Connection[Meeting]
	// ActionConnection is a page of actions.
	ActionConnection = Connection[Action]
)

// UpdateActionStatusPayload is the changed action.
type UpdateActionStatusPayload struct{ Action *Action }

// Counted says how many records the list has: exactly, or more than the count.
func (c Connection[T]) Counted(total int, more bool) Connection[T] {
	if more {
		c.TotalCount, c.MoreThan = nil, &total
		return c
	}
	c.TotalCount, c.MoreThan = &total, nil
	return c
}
