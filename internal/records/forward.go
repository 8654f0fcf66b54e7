package records

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"accord/authz"
	"accord/internal/audit"
	"accord/internal/store"
	"accord/internal/views"
)

// forward returns the next version of a document, in the newest form: its head as
// reading lifts it, its tokens and fields as its record has them now, and its
// sections sealed as the steps make them. What of it was opened for that is told.
func (r *Records) forward(ctx context.Context, doc store.Document, root *caseHead, upkept int64) (store.Document, audit.RecordSeen, error) {
	seen := audit.RecordSeen{Record: audit.ID(doc.ID), Kind: doc.Kind, Version: doc.Version + 1}
	record, err := r.clearOf(ctx, doc)
	if err != nil {
		return doc, seen, err
	}
	next := doc
	next.Version++
	next.Tokens = tokensOf(record, root)
	next.Fields = r.forms.fieldsOf(record, upkept)
	next.Sections, err = r.forwardSections(ctx, doc, next.Version, &seen)
	return next, seen, err
}

// forwardSections returns the sections in the newest form, for the version that is
// being written. Those that no step changes keep their seal and are not opened.
func (r *Records) forwardSections(ctx context.Context, doc store.Document, version int64, seen *audit.RecordSeen) ([]store.Section, error) {
	if !r.forms.isOlder(doc) {
		return slices.Clone(doc.Sections), nil
	}
	makings, err := r.forms.makings(doc)
	if err != nil {
		return nil, err
	}
	key, err := r.keyring.Known(ctx, doc.Family)
	if err != nil {
		return nil, fmt.Errorf("the key of %s: %w", doc.Family, err)
	}
	next := store.Document{ID: doc.ID, Kind: doc.Kind}
	for name, made := range makings {
		if len(made.lifts) == 0 {
			kept, _ := doc.Section(name)
			putSection(&next, kept)
			continue
		}
		plain, err := r.unseal(ctx, doc, name)
		if err != nil {
			return nil, err
		}
		sealedPart, err := key.Seal(address(next, name, version), plain)
		if err != nil {
			return nil, fmt.Errorf("sealing %s of %s: %w", name, doc.ID, err)
		}
		putSection(&next, store.Section{Name: name, Version: version, Sealed: sealedPart})
		for _, opened := range []string{made.stored, name} {
			if err := noteSection(seen, opened); err != nil {
				return nil, err
			}
		}
	}
	return next.Sections, nil
}

// noteSection notes the class and level of a section by its name.
func noteSection(seen *audit.RecordSeen, name string) error {
	text, isMask := strings.CutSuffix(name, ".masked")
	class, err := authz.ParseDataClass(text)
	if err != nil {
		return fmt.Errorf("a section has a name of its own: %w", err)
	}
	level := authz.Full
	if isMask {
		level = authz.Masked
	}
	noteClass(seen, class, level)
	return nil
}

// tokensOf are who may reach a record and who is kept from it, given the head of
// the case it belongs to.
func tokensOf(record content, root *caseHead) []string {
	if record.kind() == attachedFileKind {
		return nil // its attachment says who reaches it, and who is kept from it
	}
	tokens := record.tokens(root)
	if root != nil && len(root.Restricted) > 0 {
		tokens.restrictTo(root.Restricted)
		if isOfUse(record.kind()) {
			tokens.add(overseenIn(root.Area))
		}
	}
	if root != nil {
		for _, practitioner := range root.Excluded {
			tokens.add(keptFrom(practitioner))
		}
	}
	return tokens.sorted()
}

// isOfUse reports whether a record tells how a case was used and nothing that it says:
// the auditor looks at that though the case is restricted, or nobody would.
func isOfUse(kind store.Kind) bool {
	return slices.Contains([]views.Kind{views.EmergencyKind, views.RevealKind, views.ExclusionKind}, views.Kind(kind))
}

// clearOf reads a record as far as its tokens and fields need it: what is clear,
// and what everybody may read of the directory.
func (r *Records) clearOf(ctx context.Context, doc store.Document) (content, error) {
	if slices.Contains(directoryKinds, doc.Kind) {
		return r.entryOf(ctx, doc)
	}
	return decodeClear(doc, views.Kind(doc.Kind))
}
