package views

import (
	"time"

	"accord/domain/sharing"
)

// Alert is that the viewer is told there is something to look at.
type Alert struct {
	Record
	Kind           sharing.AlertKind
	CaseID         string // empty: about no case
	RaisedAt       time.Time
	AcknowledgedAt *time.Time
}

// IsNode marks an alert as a record with an id of its own.
func (Alert) IsNode() {}

// GetID returns the alert's id.
func (a Alert) GetID() string { return a.ID }

type (
	// AlertEdge is an alert in a page.
	AlertEdge = Edge[Alert]
	// AlertConnection is a page of alerts.
	AlertConnection = Connection[Alert]
)
