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

// InformationItemPayload is the recorded item.
type InformationItemPayload struct{ Item *InformationItem }

// ReleasePayload is the decision about sharing.
type ReleasePayload struct{ Release *Release }

// Declared is that a conflict of interest was declared.
type Declared struct{ Viewer Viewer }

// ExclusionPayload is the exclusion; nil for who may not read it.
type ExclusionPayload struct{ Exclusion *Exclusion }

// EmergencyAccessPayload is the access.
type EmergencyAccessPayload struct{ Access *EmergencyAccess }

// SafeContactPayload is safe contact, shown once.
type SafeContactPayload struct{ Contact *SafeContact }

// CasePayload is the changed case.
type CasePayload struct{ Case *Case }

// PartyLinkPayload is the link.
type PartyLinkPayload struct{ Link *PartyLink }

// AlertPayload is the alert.
type AlertPayload struct{ Alert *Alert }

// Counted says how many records the list has: exactly, or more than the count.
func (c Connection[T]) Counted(total int, more bool) Connection[T] {
	if more {
		c.TotalCount, c.MoreThan = nil, &total
		return c
	}
	c.TotalCount, c.MoreThan = &total, nil
	return c
}
