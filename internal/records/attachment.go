package records

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"accord/authz"
	"accord/domain/fault"
	"accord/internal/store"
	"accord/internal/views"
)

// Attachment is a file attached to a record as it is written: of the class of its
// record, and reached through it and nothing else. Its bytes are a document of
// their own.
type Attachment struct {
	ID      string
	Case    string
	Of      string // id of the record
	OfKind  views.Kind
	Class   authz.DataClass
	Agency  string
	Name    string
	Type    string // media type
	Size    int
	AddedBy string
	AddedAt time.Time
}

type attachmentHead struct {
	Case    string
	Of      string
	OfKind  views.Kind
	Class   string
	Agency  string
	Type    string
	Size    int
	AddedAt time.Time
}

func (a Attachment) kind() store.Kind      { return kindOf(views.AttachmentKind) }
func (a Attachment) id() string            { return a.ID }
func (a Attachment) family() string        { return a.Case }
func (a Attachment) row() authz.ClassSet   { return authz.SetOf(a.Class) }
func (a Attachment) fields() []store.Field { return nil }

func (a Attachment) head() any {
	return attachmentHead{a.Case, a.Of, a.OfKind, a.Class.String(), a.Agency, a.Type, a.Size, a.AddedAt}
}

func (a Attachment) parts() []part {
	return []part{full(a.Class, views.AttachmentContent{Name: a.Name, AddedBy: a.AddedBy})}
}

func decodeAttachment(doc store.Document, open opener) (Attachment, error) {
	var head attachmentHead
	if err := decode(doc.Head, &head); err != nil {
		return Attachment{}, err
	}
	class, err := authz.ParseDataClass(head.Class)
	if err != nil {
		return Attachment{}, fmt.Errorf("reading the class of %s: %w", doc.ID, err)
	}
	var content views.AttachmentContent
	if err := open(class, authz.Full, &content); err != nil {
		return Attachment{}, err
	}
	return Attachment{
		ID: doc.ID, Case: head.Case, Of: head.Of, OfKind: head.OfKind, Class: class, Agency: head.Agency, Name: content.Name,
		Type: head.Type, Size: head.Size, AddedBy: content.AddedBy, AddedAt: head.AddedAt,
	}, nil
}

func viewAttachment(record views.Record, doc store.Document) (views.Attachment, error) {
	var head attachmentHead
	if err := decode(doc.Head, &head); err != nil {
		return views.Attachment{}, err
	}
	class, err := authz.ParseDataClass(head.Class)
	if err != nil {
		return views.Attachment{}, fmt.Errorf("reading the class of %s: %w", doc.ID, err)
	}
	return views.Attachment{
		Record: record, Of: head.Of, Class: class, AgencyID: head.Agency, AddedAt: head.AddedAt, Size: head.Size, Type: head.Type,
	}, nil
}

// tokens: an attachment is reached through its record, which must be held in full.
func (a Attachment) tokens(*caseHead) tokenSet { return tokenSet{} }

// viewAttached makes the view of an attachment; false when its record is not there
// for the viewer, or is and not in full.
func (s *Session) viewAttached(ctx context.Context, doc store.Document, together *views.Together) (views.Attachment, bool, error) {
	sight, reached, err := s.attachedSight(ctx, doc)
	if err != nil || !reached {
		return views.Attachment{}, false, err
	}
	s.trail.seen(doc)
	view, err := viewAttachment(s.record(ctx, doc, sight, together), doc)
	return view, err == nil, err
}

// attachedSight is what the viewer holds of the record that something is attached
// to.
func (s *Session) attachedSight(ctx context.Context, doc store.Document) (authz.Sight, bool, error) {
	head, err := decodeAttachment(doc, closed)
	if err != nil {
		return authz.Sight{}, false, err
	}
	viewer, err := s.viewer()
	if err != nil {
		return authz.Sight{}, false, err
	}
	of, err := s.records.store.Get(ctx, head.Of)
	if errors.Is(err, store.ErrAbsent) {
		return authz.Sight{}, false, nil
	}
	if err != nil {
		return authz.Sight{}, false, fmt.Errorf("reading what something is attached to: %w", err)
	}
	sight, reached := s.sightOf(viewer, head.OfKind, of)
	return sight, reached && sight.Level(head.Class) == authz.Full, nil
}

// AttachmentsOf returns the files attached to records of a case, newest first.
func (s *Session) AttachmentsOf(ctx context.Context, of views.Case) ([]views.Attachment, error) {
	docs, err := s.members(ctx, of.Together, views.AttachmentKind)
	if err != nil {
		return nil, err
	}
	attachments := []views.Attachment{}
	for _, doc := range docs {
		if doc.Family != of.ID {
			continue
		}
		attachment, reached, err := s.viewAttached(ctx, doc, of.Together)
		if err != nil {
			return nil, err
		}
		if reached {
			attachments = append(attachments, attachment)
		}
	}
	slices.SortFunc(attachments, func(a, b views.Attachment) int { return newestFirst(a.AddedAt, b.AddedAt, a.ID, b.ID) })
	return attachments, nil
}

// Attachment returns an attachment by its id.
func (s *Session) Attachment(ctx context.Context, id string) (views.Attachment, error) {
	doc, err := s.get(ctx, views.AttachmentKind, id)
	if err != nil {
		return views.Attachment{}, err
	}
	attachment, reached, err := s.viewAttached(ctx, doc, &views.Together{Families: []string{doc.Family}})
	if err == nil && !reached {
		s.missed(views.AttachmentKind, id)
		err = fault.Missing()
	}
	return attachment, err
}
