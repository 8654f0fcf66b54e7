package program

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"accord/internal/audit"
	"accord/internal/secrets"
	"accord/internal/store"
)

// AcceptRequest says which loss is accepted.
type AcceptRequest struct {
	Data, Keys string // folders; no program may be running on them
	MongoDB    string // address of the cluster that holds the documents; empty when Data does
	Reason     string // why it is known, 1 to 500 characters on one line
	Clock      func() time.Time
	Entropy    io.Reader
}

// Accepted says what was accepted.
type Accepted struct {
	At     time.Time
	Seen   int64 // entries that the keys had seen
	Found  int64 // entries that the log had
	Entry  int64 // number of the entry that says so
	Reason string
}

const maxReason = 500

// Accept records that whoever runs Accord knows that the audit log is not the one
// the keys have seen: in the log, by an entry of the system capacity "restore", and
// beside the keys with the reason. From then on the program starts. It is an error
// when nothing is missing.
func Accept(ctx context.Context, request AcceptRequest) (_ Accepted, err error) {
	reason := strings.TrimSpace(request.Reason)
	if reason == "" || utf8.RuneCountInString(reason) > maxReason || !utf8.ValidString(reason) || strings.ContainsFunc(reason, unicode.IsControl) {
		return Accepted{}, errors.New("the reason is one line of 1 to 500 characters")
	}
	if request.Data, err = dataFolder(request.Data); err != nil {
		return Accepted{}, err
	}
	if request.Keys, err = keyFolder(request.Keys); err != nil {
		return Accepted{}, err
	}
	if err = oneStore(request.Data, request.MongoDB); err != nil {
		return Accepted{}, err
	}
	opened := &Program{}
	defer func() { err = errors.Join(err, opened.Close()) }()
	keyring, documents, err := opened.openData(ctx, Config{Data: request.Data, Keys: request.Keys, MongoDB: request.MongoDB, Clock: request.Clock, Entropy: request.Entropy})
	if err != nil {
		return Accepted{}, err
	}
	origin, _, err := originOf(keyring)
	if err != nil {
		return Accepted{}, err
	}
	keeper, err := newKeeper(ctx, keyring, documents.Log(), origin)
	missing, isGap := errors.AsType[*gap](err)
	switch {
	case err == nil:
		return Accepted{}, errors.New("nothing is missing: the audit log has everything that the keys have seen")
	case !isGap:
		return Accepted{}, fmt.Errorf("opening the audit log: %w", err)
	case missing.found.N == 0: // another store, or none: nothing goes on from it
		return Accepted{}, fmt.Errorf("%w; the loss of all of it is not accepted: if nothing can be restored, begin with empty folders and ask the agencies for their cases again", missing)
	}
	now := request.Clock().UTC().Truncate(time.Millisecond)
	acceptance := secrets.Acceptance{At: now, Seen: keeper.kept, Reason: reason}
	if acceptance.Found, err = documents.Log().Checkpoint(ctx); err != nil {
		return Accepted{}, fmt.Errorf("reading the audit log: %w", err)
	}
	if err = enterAcceptance(ctx, keyring, documents, acceptance); err != nil {
		return Accepted{}, err
	}
	newest, err := documents.Log().Checkpoint(ctx)
	if err != nil {
		return Accepted{}, fmt.Errorf("reading the audit log: %w", err)
	}
	if err := keyring.Accept(ctx, acceptance, newest); err != nil {
		return Accepted{}, fmt.Errorf("keeping what was accepted: %w", err)
	}
	return Accepted{At: now, Seen: missing.seen.N, Found: missing.found.N, Entry: missing.found.N, Reason: reason}, nil
}

// AcceptedLosses returns what was accepted with the keys of a folder, oldest first.
func AcceptedLosses(ctx context.Context, keys string) ([]Accepted, error) {
	keys, err := keyFolder(keys)
	if err != nil {
		return nil, err
	}
	contents, acceptances, err := secrets.ReadAcceptances(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("reading what was accepted: %w", err)
	}
	origin := audit.Origin{Name: contents.Origin, Verifier: contents.Verifier}
	losses := make([]Accepted, len(acceptances))
	for i, acceptance := range acceptances {
		seen, err := audit.OpenCheckpoint(origin, acceptance.Seen)
		if err != nil {
			return nil, fmt.Errorf("reading what was accepted: %w", err)
		}
		losses[i] = Accepted{At: acceptance.At, Seen: seen.N, Reason: acceptance.Reason}
		if acceptance.Found == nil {
			continue
		}
		found, err := audit.OpenCheckpoint(origin, acceptance.Found)
		if err != nil {
			return nil, fmt.Errorf("reading what was accepted: %w", err)
		}
		losses[i].Found, losses[i].Entry = found.N, found.N
	}
	return losses, nil
}

// enterAcceptance enters it in the log. The entry holds no reason, as it holds no
// other text: a blind token stands for what is kept beside the keys, so that nobody
// can change that later.
func enterAcceptance(ctx context.Context, keyring *secrets.Keyring, documents store.Store, acceptance secrets.Acceptance) error {
	token := keyring.Blind("acceptance", string(secrets.Binding(string(acceptance.Seen), string(acceptance.Found), acceptance.Reason)))
	entry := audit.Entry{
		At: acceptance.At, Request: audit.ID(keyring.Identifiers().New("request")), System: "restore",
		Operation: audit.Alteration, Action: "acceptLoss", Outcome: audit.Done,
		Records: []audit.RecordSeen{{Record: audit.ID(token), Kind: "acceptance"}},
	}
	encoded, err := entry.Encode()
	if err != nil {
		return fmt.Errorf("entering what is accepted: %w", err)
	}
	if err := documents.Apply(ctx, store.Batch{Entries: [][]byte{encoded}}); err != nil {
		return fmt.Errorf("entering what is accepted: %w", err)
	}
	return nil
}
