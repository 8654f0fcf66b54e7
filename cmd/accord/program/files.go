package program

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"accord/domain/fault"
	"accord/graph"
	"accord/internal/malware"
	"accord/internal/procedures"
	"accord/internal/server"
)

// scanTime is how long a scanner may take over one file: less than the server gives to
// the whole request, so that the refusal is entered and answered in its time.
const scanTime = 10 * time.Second

// openScanner makes sure that the configured scanner answers: what cannot be scanned
// cannot be attached, and whoever starts Accord is to know it before anybody else does.
// Without one configured it is nil.
func openScanner(ctx context.Context, config Config) (procedures.Scanner, error) {
	if config.MalwareScanner == "" {
		return nil, nil
	}
	scanner, err := malware.New(config.MalwareScanner, malware.Within(scanTime))
	if err != nil {
		return nil, err //nolint:wrapcheck // a sentence for whoever configures Accord
	}
	if err := scanner.Ping(ctx); err != nil {
		return nil, fmt.Errorf("the malware scanner is configured and does not answer: %w", err)
	}
	return logged{scanner, config.Logger}, nil
}

// logged is a scanner whose failures and finds are logged, the finds by their names. They
// are told to nobody else: whoever attached the file could learn from them how to get
// past the scanner.
type logged struct {
	scanner *malware.Scanner
	logger  *slog.Logger
}

// Scan implements procedures.Scanner.
func (l logged) Scan(ctx context.Context, content io.Reader) (malware.Verdict, error) {
	verdict, err := l.scanner.Scan(ctx, content)
	switch request := slog.String("requestId", graph.RequestID(ctx)); {
	case err != nil:
		l.logger.LogAttrs(ctx, slog.LevelError, "the malware scanner did not answer", request, slog.String("kind", fault.Kind(err)))
	case !verdict.Clean():
		l.logger.LogAttrs(ctx, slog.LevelError, "malware was refused", request, slog.String("signature", verdict.Signature()))
	}
	return verdict, err //nolint:wrapcheck // the procedure says what was being done
}

// files attaches and fetches files in the session of the request.
type files struct{ scanner procedures.Scanner }

// Attach implements server.Files.
func (f files) Attach(ctx context.Context, file server.Upload) (server.Attached, error) {
	attachment, err := procedures.AttachFile(ctx, sessionFrom(ctx), f.scanner, procedures.FileAttachment{
		Record: file.Record, Name: file.Name, DeclaredType: file.Type, Content: file.Content, IdempotencyKey: file.IdempotencyKey,
	})
	if err != nil {
		return server.Attached{}, err //nolint:wrapcheck // a fault, or shown to nobody
	}
	name, err := attachment.Name()
	if err != nil {
		return server.Attached{}, fmt.Errorf("reading the name of what was attached: %w", err)
	}
	return server.Attached{ID: attachment.ID, Name: said(name), Type: attachment.Type, Size: attachment.Size}, nil
}

// Fetch implements server.Files.
func (f files) Fetch(ctx context.Context, id string) (server.Attached, error) {
	attachment, content, err := sessionFrom(ctx).AttachedFile(ctx, id)
	if err != nil {
		return server.Attached{}, err //nolint:wrapcheck // the same
	}
	name, err := attachment.Name()
	if err != nil {
		return server.Attached{}, fmt.Errorf("reading the name of a file: %w", err)
	}
	return server.Attached{ID: id, Name: said(name), Type: attachment.Type, Size: attachment.Size, Content: content}, nil
}

// said is a text, or nothing where there is none to be seen.
func said(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
