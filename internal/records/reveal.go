package records

import (
	"context"
	"slices"
	"time"

	"accord/authz"
	"accord/domain/casework"
	"accord/domain/fault"
	"accord/domain/sharing"
	"accord/internal/audit"
	"accord/internal/store"
	"accord/internal/views"
)

// Reveal is that safe contact was shown to somebody, as it is written.
type Reveal struct{ sharing.Reveal }

type revealHead struct {
	Case string
	At   time.Time
	By   string // practitioner id
}

func (r Reveal) kind() store.Kind      { return kindOf(views.RevealKind) }
func (r Reveal) id() string            { return r.ID }
func (r Reveal) family() string        { return r.Case }
func (r Reveal) row() authz.ClassSet   { return views.RevealKind.Row() }
func (r Reveal) head() any             { return revealHead{r.Case, r.At, r.By} }
func (r Reveal) fields() []store.Field { return nil }

func (r Reveal) parts() []part {
	return []part{full(authz.SharingRecord, views.RevealContent{Reveal: r.Reveal})}
}

// tokens lets in the convenor and the auditor.
func (r Reveal) tokens(root *caseHead) tokenSet {
	tokens := tokenSet{}
	root.addConvenors(tokens)
	tokens.add(overseenIn(root.Area), overseenIn(r.Agency))
	return tokens
}

func decodeReveal(doc store.Document, open opener) (Reveal, error) {
	var head revealHead
	if err := decode(doc.Head, &head); err != nil {
		return Reveal{}, err
	}
	var content views.RevealContent
	if err := open(authz.SharingRecord, authz.Full, &content); err != nil {
		return Reveal{}, err
	}
	content.ID, content.Case, content.At = doc.ID, head.Case, head.At
	return Reveal{content.Reveal}, nil
}

func viewReveal(record views.Record, doc store.Document) (views.Reveal, error) {
	var head revealHead
	if err := decode(doc.Head, &head); err != nil {
		return views.Reveal{}, err
	}
	return views.Reveal{Record: record, At: head.At}, nil
}

// RevealsOf returns to whom safe contact of a case was shown, newest first.
func (s *Session) RevealsOf(ctx context.Context, of views.Case) ([]views.Reveal, error) {
	reveals, err := membersOf(ctx, s, of.Together, views.RevealKind, of.ID, viewReveal)
	slices.SortFunc(reveals, func(a, b views.Reveal) int { return newestFirst(a.At, b.At, a.ID, b.ID) })
	return reveals, err
}

// Contact is how one party is reached safely, loaded to be shown once.
type Contact struct {
	Case   Case        // what of it is clear
	Level  authz.Level // how much of safe contact may be revealed
	doc    store.Document
	sight  authz.Sight
	party  string
	record views.Record
}

// LoadContact reads of whom safe contact is to be shown, and how much of it may be.
// Nothing is opened yet: first it is entered who is shown it, and why.
func (s *Session) LoadContact(ctx context.Context, caseID, party string) (Contact, error) {
	held, err := s.LoadCaseHead(ctx, caseID)
	if err != nil {
		return Contact{}, err
	}
	if !slices.ContainsFunc(held.Value.Parties, func(p casework.Party) bool { return p.ID == party }) {
		return Contact{}, fault.Missing()
	}
	sight := held.Sight.Revealing()
	return Contact{
		Case: held.Value, Level: sight.Level(authz.SafeContact), doc: held.doc, sight: sight, party: party,
		record: s.record(ctx, held.doc, sight, nil),
	}, nil
}

// Reveals enters the change as the look that it keeps the reason of: who consulted the
// safe contact of a case, at which level.
func (c *Change) Reveals(contact Contact) {
	seen := audit.RecordSeen{Record: audit.ID(contact.doc.ID), Kind: contact.doc.Kind, Version: contact.doc.Version}
	noteClass(&seen, authz.SafeContact, contact.Level)
	c.operation, c.looked = audit.Consultation, append(c.looked, seen)
}

// ShowContact opens safe contact that was entered as revealed, and shows what of it may
// be. The number stands in the full section, which is opened for it; who is shown the
// number alone is shown nothing else of it.
func (s *Session) ShowContact(ctx context.Context, contact Contact) (views.SafeContact, error) {
	shown := views.SafeContact{Record: contact.record, Whole: contact.Level == authz.Full}
	if contact.Level < authz.Masked {
		return shown, fault.Missing()
	}
	var contacts views.Contacts
	if err := s.records.openSection(ctx, contact.doc, sectionName(authz.SafeContact, authz.Full), &contacts); err != nil {
		return shown, err
	}
	s.trail.opened(contact.doc, authz.SafeContact, contact.Level)
	for _, known := range contacts.Parties {
		if known.Party != contact.party {
			continue
		}
		shown.Contact = known.Contact
		shown.Contact.Previous = nil
		if !shown.Whole {
			shown.Contact.Address, shown.Contact.Refuge = casework.Address{}, false
		}
	}
	return shown, nil
}

// RevealedSince is how often the viewer was shown safe contact of a case since a moment.
func (s *Session) RevealedSince(ctx context.Context, caseID string, since time.Time) (int, error) {
	docs, err := s.records.membersOf(ctx, views.RevealKind, []string{caseID})
	if err != nil {
		return 0, err
	}
	count := 0
	for _, doc := range docs {
		var head revealHead
		if err := decode(doc.Head, &head); err != nil {
			return 0, err
		}
		if head.By == s.capacity.Person && head.At.After(since) {
			count++
		}
	}
	return count, nil
}
