package records

import (
	"context"
	"fmt"
	"slices"

	"accord/domain/fault"
	"accord/internal/store"
	"accord/internal/views"
)

// CaseInEmergency returns what of a case is clear, for somebody who takes access to
// it because life is at risk and has no relation to it. An exclusion is not
// crossed: for whom it keeps out, the case is not there.
func (s *Session) CaseInEmergency(ctx context.Context, reference string) (Case, error) {
	viewer, err := s.viewer()
	if err != nil {
		return Case{}, err
	}
	missing := func() error {
		s.missed(views.CaseKind, reference[:min(len(reference), maxReference)])
		return fault.Missing()
	}
	if len(reference) > maxReference {
		return Case{}, missing()
	}
	page, err := s.records.store.Find(ctx, store.Query{Index: "case_reference", Equal: []store.Value{store.Text(reference)}, Limit: 1})
	if err != nil {
		return Case{}, fmt.Errorf("looking up a case in an emergency: %w", err)
	}
	if len(page.Documents) == 0 {
		return Case{}, missing()
	}
	doc := page.Documents[0]
	_, excluded := viewer.excluded[doc.Family]
	found, err := decodeCase(doc, closed)
	if err != nil {
		return Case{}, err
	}
	if excluded || found.KeepsOut(s.capacity.Person) || slices.Contains(doc.Tokens, keptFrom(s.capacity.Person)) {
		return Case{}, missing()
	}
	s.trail.seen(doc)
	return found, nil
}
