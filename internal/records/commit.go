package records

import (
	"context"
	"errors"
	"fmt"

	"accord/internal/audit"
	"accord/internal/store"
	"accord/internal/views"
)

// commit is a change on its way to the store.
type commit struct {
	batch   store.Batch
	entry   audit.Entry
	read    []store.Document   // what it was made of, as it was read
	brought []audit.RecordSeen // what came to the newest form with it
}

// add adds the next version of a document that was read.
func (c *commit) add(read, next store.Document, seen audit.RecordSeen) {
	c.read = append(c.read, read)
	c.batch.Writes = append(c.batch.Writes, store.Write{Document: next, Expect: read.Version})
	c.entry.Records = append(c.entry.Records, seen)
}

// guard keeps a document as it was read while the change is committed.
func (c *commit) guard(read store.Document) {
	c.read = append(c.read, read)
	c.batch.Guards = append(c.batch.Guards, store.Guard{ID: read.ID, Version: read.Version})
}

// commitOf turns a change into what the store commits, with its audit entry, and
// with one of upkeep for what came to the newest form with it: that was neither
// seen nor changed by whoever made the change.
func (s *Session) commitOf(ctx context.Context, procedure string, c *Change) (*commit, error) {
	making := &commit{entry: s.entry(audit.Collection, procedure), batch: store.Batch{
		Family: c.family, Excluded: c.excluded, Outbox: c.outbox, Delivered: c.delivered, Receipt: c.receipt,
	}}
	viewer, err := s.viewer()
	if err != nil {
		return nil, err
	}
	root, err := s.rootOf(ctx, c)
	if err != nil {
		return nil, err
	}
	for _, write := range c.writes {
		if err = s.addWrite(ctx, viewer, root.after, write, making); err != nil {
			return nil, err
		}
	}
	if err = s.followRoot(ctx, c, root, making); err != nil {
		return nil, err
	}
	if c.operation != 0 {
		making.entry.Operation, making.entry.Recipients = c.operation, c.recipients
	}
	making.entry.Records = append(making.entry.Records, c.looked...)
	if root.read != nil {
		making.guard(*root.read)
	}
	for _, doc := range c.kept {
		making.guard(doc)
	}
	entries := []audit.Entry{making.entry}
	if len(making.brought) > 0 {
		entries = append(entries, s.records.upkeep(ctx, s.request).broughtForward(making.brought))
	}
	making.batch.Entries, err = encodeEntries(entries...)
	return making, err
}

// addWrite adds one write, as it is decided.
func (s *Session) addWrite(ctx context.Context, viewer reach, root *caseHead, write *pending, making *commit) error {
	doc, seen, brought, err := s.documentOf(ctx, viewer, root, write)
	if err != nil {
		return err
	}
	if write.doc == nil {
		making.batch.Writes = append(making.batch.Writes, store.Write{Document: doc})
		making.entry.Records = append(making.entry.Records, seen)
		return s.records.addTraces(ctx, write, &brought, making)
	}
	making.entry.Operation = audit.Alteration
	making.add(*write.doc, doc, seen)
	if err := s.records.addTraces(ctx, write, &brought, making); err != nil {
		return err
	}
	if s.records.forms.isOlder(*write.doc) {
		making.brought = append(making.brought, brought)
	}
	return nil
}

// overUpkeep reports whether nothing but upkeep has come between reading and
// writing, and takes up the documents as upkeep has left them. Whether they may be
// written is decided again.
func (s *Session) overUpkeep(ctx context.Context, c *Change, making *commit) (bool, error) {
	viewer, err := s.viewer()
	if err != nil {
		return false, err
	}
	now := map[string]store.Document{}
	moved := false
	for _, read := range making.read {
		doc, err := s.records.store.Get(ctx, read.ID)
		if errors.Is(err, store.ErrAbsent) {
			return false, nil
		}
		if err != nil {
			return false, fmt.Errorf("reading again what has changed: %w", err)
		}
		if revision(doc) != revision(read) {
			return false, nil
		}
		moved = moved || doc.Version != read.Version
		now[doc.ID] = doc
	}
	for i, doc := range c.kept {
		c.kept[i] = now[doc.ID]
	}
	for _, write := range c.writes {
		if write.doc == nil {
			continue
		}
		doc := now[write.doc.ID]
		if !write.trusted {
			sight, reached := s.sightOf(viewer, views.Kind(doc.Kind), doc)
			if !reached {
				return false, nil
			}
			write.sight = sight
		}
		write.doc, write.expect = &doc, doc.Version
	}
	return moved, nil
}
