package procedures

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"

	"accord/domain/fault"
	"accord/internal/attached"
	"accord/internal/malware"
	"accord/internal/records"
	"accord/internal/views"
)

// Bounds of what is attached. They keep a case small enough to be read at once and to be
// copied in good time; whoever has more has a case file, which is not kept here.
const (
	maxAttachments   = 50        // to one record
	maxAttachedBytes = 200 << 20 // by one agency to one case
)

const attachmentSource = "Accord, attachments"

// Scanner says whether content holds malware. Its error means that nobody knows, which
// is not to be taken for clean.
type Scanner interface {
	Scan(ctx context.Context, content io.Reader) (malware.Verdict, error)
}

// FileAttachment is a file and the record it belongs to.
type FileAttachment struct {
	Record         string // id
	Name           string // as the file is called, with its extension
	DeclaredType   string // media type it was sent as
	Content        []byte
	IdempotencyKey string // empty: none
}

// sameFile is what a retry must send again. The content goes in by its digest, so that it
// is not encoded to be compared.
type sameFile struct {
	Record, Name, DeclaredType string
	Digest                     []byte
}

// AttachFile attaches a file to what an agency has recorded, as that agency. It is of the
// class of the record from then on, and there for who reads that in full. Nil for a
// scanner scans nothing.
//
// SafeLives Dash guidance: a submitted assessment never changes. It takes files all the
// same: what was answered and decided stays as it is, and a file that comes later says so
// by its own date.
func AttachFile(ctx context.Context, s *records.Session, scanner Scanner, file FileAttachment) (views.Attachment, error) {
	const procedure = "attachFile"
	digest := sha256.Sum256(file.Content)
	receipt, done, err := s.Retried(ctx, procedure, file.IdempotencyKey,
		sameFile{file.Record, file.Name, file.DeclaredType, digest[:]})
	if err != nil {
		return views.Attachment{}, err
	}
	if done {
		return s.Attachment(ctx, receipt.Result[0])
	}
	to, err := s.LoadAttachable(ctx, file.Record)
	if err != nil {
		return views.Attachment{}, refused(ctx, s, procedure, err)
	}
	if err = s.AllowAttaching(ctx, procedure, to); err != nil {
		return views.Attachment{}, err
	}
	accepted, err := attached.Check(file.Name, file.DeclaredType, file.Content)
	if err != nil {
		return views.Attachment{}, refused(ctx, s, procedure, err)
	}
	if err = checkAttachments(ctx, s, to, accepted.Size); err != nil {
		return views.Attachment{}, refused(ctx, s, procedure, err)
	}
	if err = scan(ctx, scanner, file.Content); err != nil {
		return views.Attachment{}, refused(ctx, s, procedure, err)
	}
	attachment := records.Attachment{
		ID: s.Records().Identifier(views.AttachmentKind), Name: accepted.Name, Type: accepted.MediaType,
	}
	change := s.Change(to.Case)
	if err = s.Attach(change, to, attachment, file.Content); err != nil {
		return views.Attachment{}, err
	}
	change.Remember(receipt, attachment.ID)
	if err = s.Apply(ctx, procedure, change); err != nil {
		return views.Attachment{}, err
	}
	return s.Attachment(ctx, attachment.ID)
}

// checkAttachments counts the viewer's agency's own alone, so that a refusal tells nobody
// what others have attached to the case. Of files that come at the same moment one or two
// may pass the bound.
func checkAttachments(ctx context.Context, s *records.Session, to records.Attachable, size int) error {
	files, held, err := s.Attached(ctx, to)
	switch {
	case err != nil:
		return err
	case files >= maxAttachments:
		return fault.Rule("ATTACHMENT_COUNT", attachmentSource,
			"A record has at most 50 files attached to it. Attach what matters most, or put several pages into one PDF.")
	case held+int64(size) > maxAttachedBytes:
		return fault.Rule("ATTACHMENT_TOTAL", attachmentSource,
			"Your agency has attached 200 MB to this case, which is all there is room for. Keep larger material where your agency keeps evidence.")
	default:
		return nil
	}
}

// scan refuses what is not clean. What was found is not said: whoever attached it could
// learn from it how to get past the scanner.
func scan(ctx context.Context, scanner Scanner, content []byte) error {
	if scanner == nil {
		return nil
	}
	verdict, err := scanner.Scan(ctx, bytes.NewReader(content))
	switch {
	case err != nil:
		return fault.NotAvailable(fmt.Errorf("scanning what is to be attached: %w", err))
	case !verdict.Clean():
		return fault.Rule("ATTACHMENT_MALWARE", attachmentSource,
			"The file was taken for malware and is not kept. Do not open it; show it to your agency's security team, and attach a clean copy.")
	default:
		return nil
	}
}
