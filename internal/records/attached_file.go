package records

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"accord/authz"
	"accord/domain/fault"
	"accord/internal/secrets/identifier"
	"accord/internal/store"
	"accord/internal/views"
)

// attachedFileKind is the bytes of an attachment, apart from what is said of it: no list
// of a case's records reads them. It is no record of its own and no part of the API.
const attachedFileKind store.Kind = "attachedFile"

// attachedFile is the bytes of an attachment as they are written: in the family of the
// case, whose key seals them, in the class of the record the file is attached to.
type attachedFile struct {
	attachment Attachment
	bytes      []byte
}

// asItIs is a section that is no document of its own: the bytes of a file.
type asItIs []byte

func (f attachedFile) kind() store.Kind      { return attachedFileKind }
func (f attachedFile) id() string            { return fileOf(f.attachment.ID) }
func (f attachedFile) family() string        { return f.attachment.Case }
func (f attachedFile) row() authz.ClassSet   { return f.attachment.row() }
func (f attachedFile) head() any             { return struct{}{} }
func (f attachedFile) fields() []store.Field { return nil }
func (f attachedFile) parts() []part         { return []part{full(f.attachment.Class, asItIs(f.bytes))} }

// tokens: the bytes are reached through their attachment.
func (f attachedFile) tokens(*caseHead) tokenSet { return tokenSet{} }

// fileOf is the id of the bytes of an attachment.
func fileOf(attachment string) string {
	_, random, _ := strings.Cut(attachment, "_")
	return "file_" + random
}

// attachableClass is the class of each kind of record that files may be attached to:
// what an agency has recorded, with the evidence for it. What a meeting decides, and
// what was released, is said in words.
var attachableClass = map[views.Kind]authz.DataClass{
	views.AssessmentKind: authz.RiskAssessment, views.IncidentKind: authz.CourseOfConduct,
	views.OrderKind: authz.OrderConditions, views.IntelligenceKind: authz.Intelligence,
	views.AdvocateNoteKind: authz.AdvocateNotes, views.HealthKind: authz.Health,
}

// Attachable is a record that files may be attached to, as the capacity reaches it.
type Attachable struct {
	ID     string
	Kind   views.Kind
	Class  authz.DataClass // of the record, and of what is attached to it
	Case   string
	Agency string // that holds the record; empty: none does

	sight authz.Sight
	doc   store.Document
}

// LoadAttachable looks up what a file is to be attached to. Nothing of it is opened.
func (s *Session) LoadAttachable(ctx context.Context, id string) (Attachable, error) {
	prefix, _, _ := strings.Cut(id, "_")
	kind := views.Kind(prefix)
	class, attachable := attachableClass[kind]
	switch {
	case !attachable && identifier.Is(id):
		return Attachable{}, fault.Input("input.recordId", "attachable",
			"Files are attached to assessments, incidents, orders, intelligence, advocates' notes and health information.")
	case !attachable:
		kind = views.CaseKind // what stands before the underscore is the caller's word
	}
	doc, err := s.get(ctx, kind, id)
	if err != nil {
		return Attachable{}, err
	}
	viewer, err := s.viewer()
	if err != nil {
		return Attachable{}, err
	}
	sight, reached := s.sightOf(viewer, kind, doc)
	if !reached {
		s.missed(kind, id)
		return Attachable{}, fault.Missing()
	}
	s.trail.seen(doc)
	var head struct{ Agency string }
	if err := decode(doc.Head, &head); err != nil {
		return Attachable{}, err
	}
	return Attachable{ID: id, Kind: kind, Class: class, Case: doc.Family, Agency: head.Agency, sight: sight, doc: doc}, nil
}

// AllowAttaching refuses to attach to a record that the capacity may not write, or that
// another agency holds: who reads the file there would take it for that agency's.
func (s *Session) AllowAttaching(ctx context.Context, procedure string, to Attachable) error {
	switch {
	case to.sight.WriteLevel(to.Class) != authz.Full, to.sight.Level(to.Class) != authz.Full:
		return s.refuse(ctx, procedure, notYours())
	case to.Agency != "" && to.Agency != s.capacity.Agency:
		return s.refuse(ctx, procedure, fault.Refused("A file is attached by the agency that holds the record."))
	default:
		return nil
	}
}

// Attached says how much is attached to a record, and how much its holder has attached
// to the case, without opening anything.
func (s *Session) Attached(ctx context.Context, to Attachable) (files int, bytesOfAgency int64, err error) {
	docs, err := s.records.membersOf(ctx, views.AttachmentKind, []string{to.Case})
	if err != nil {
		return 0, 0, err
	}
	for _, doc := range docs {
		attachment, err := decodeAttachment(doc, closed)
		if err != nil {
			return 0, 0, err
		}
		if attachment.Of == to.ID {
			files++
		}
		if attachment.Agency == s.capacity.Agency {
			bytesOfAgency += int64(attachment.Size)
		}
	}
	return files, bytesOfAgency, nil
}

// Attach adds a file to the change: what is said of it, and its bytes beside that. The
// record must stay as it was loaded until the change is committed, and whether the
// capacity may attach to it was asked of AllowAttaching; where the file is, and whose, is
// given here.
func (s *Session) Attach(c *Change, to Attachable, attachment Attachment, content []byte) error {
	attachment.Case, attachment.Of, attachment.OfKind, attachment.Class = to.Case, to.ID, to.Kind, to.Class
	attachment.Agency, attachment.AddedBy, attachment.AddedAt = s.capacity.Agency, s.capacity.Person, s.now
	attachment.Size = len(content)
	if err := CreateByRule(c, attachment); err != nil {
		return err
	}
	c.kept = append(c.kept, to.doc)
	return CreateByRule(c, attachedFile{attachment, content})
}

// AttachedFile returns an attachment and its bytes, for who holds the class of its record
// in full. What is returned is to be entered before it leaves, as everything on the
// trail is.
func (s *Session) AttachedFile(ctx context.Context, id string) (views.Attachment, []byte, error) {
	attachment, err := s.Attachment(ctx, id)
	if err != nil {
		return views.Attachment{}, nil, err
	}
	if attachment.Sight.Level(attachment.Class) != authz.Full { // the last line, as for any section
		return views.Attachment{}, nil, fmt.Errorf("the bytes of %s were asked for beyond the viewer's sight", id)
	}
	stop := s.phase("fetch")
	doc, err := s.records.store.Get(ctx, fileOf(id))
	stop()
	switch {
	case errors.Is(err, store.ErrAbsent), err == nil && doc.Kind != attachedFileKind:
		return views.Attachment{}, nil, fmt.Errorf("%s has no bytes", id)
	case err != nil:
		return views.Attachment{}, nil, fmt.Errorf("reading the bytes of %s: %w", id, err)
	}
	stop = s.phase("unseal")
	content, err := s.records.unseal(ctx, doc, sectionName(attachment.Class, authz.Full))
	stop()
	if err != nil {
		return views.Attachment{}, nil, err
	}
	if len(content) != attachment.Size {
		return views.Attachment{}, nil, fmt.Errorf("%s has %d bytes and says %d", id, len(content), attachment.Size)
	}
	s.trail.opened(doc, attachment.Class, authz.Full)
	return attachment, content, nil
}
