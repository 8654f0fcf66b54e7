package records

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"accord/authz"
	"accord/domain/fault"
	"accord/internal/audit"
	"accord/internal/secrets/identifier"
	"accord/internal/store"
	"accord/internal/views"
)

// trail is what a session looked at: which records, and which classes of them
// were opened. It is entered in the audit log before the answer leaves.
type trail struct {
	mutex   sync.Mutex
	records map[string]*audit.RecordSeen
	asked   bool // a list was asked for, whatever was on it

	inEmergency bool // a record was there that nothing but emergency access leads to
}

// lookInEmergency notes that a record was there through emergency access alone: who
// reviews the access finds every look under it by the purpose of the entry.
func (t *trail) lookInEmergency() {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.inEmergency = true
}

func (t *trail) wasInEmergency() bool {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return t.inEmergency
}

// ask notes that a list was asked for: that nothing was on it is told too.
func (t *trail) ask() {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.asked = true
}

func (t *trail) wasAsked() bool {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return t.asked
}

// seen notes that a record was there for the viewer.
func (t *trail) seen(doc store.Document) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.noted(doc)
}

// opened notes that a section was opened.
func (t *trail) opened(doc store.Document, class authz.DataClass, level authz.Level) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	noteClass(t.noted(doc), class, level)
}

// noteClass notes a class at a level: in full says masked too.
func noteClass(seen *audit.RecordSeen, class authz.DataClass, level authz.Level) {
	if level == authz.Full {
		seen.Full = seen.Full.With(class)
		seen.Masked &^= audit.ClassesOf(class)
	} else if !seen.Full.Has(class) {
		seen.Masked = seen.Masked.With(class)
	}
}

func (t *trail) noted(doc store.Document) *audit.RecordSeen {
	if t.records == nil {
		t.records = map[string]*audit.RecordSeen{}
	}
	seen := t.records[doc.ID]
	if seen == nil {
		seen = &audit.RecordSeen{Record: audit.ID(doc.ID), Kind: doc.Kind, Version: doc.Version}
		t.records[doc.ID] = seen
	}
	return seen
}

// missed notes that a look-up found nothing: by its id, or by a blind token of
// what was typed.
func (s *Session) missed(kind views.Kind, typed string) {
	if !identifier.Is(typed) {
		typed = s.records.keyring.Blind("reference", typed)
	}
	s.trail.mutex.Lock()
	defer s.trail.mutex.Unlock()
	if s.trail.records == nil {
		s.trail.records = map[string]*audit.RecordSeen{}
	}
	if s.trail.records[typed] == nil {
		s.trail.records[typed] = &audit.RecordSeen{Record: audit.ID(typed), Kind: kindOf(kind)}
	}
}

// outcome says whether anything was there, and what was looked at, in order of
// id.
func (t *trail) outcome() (audit.Outcome, []audit.RecordSeen) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	records := make([]audit.RecordSeen, 0, len(t.records))
	outcome := audit.Done
	found, missed := false, false
	for _, seen := range t.records {
		records = append(records, *seen)
		found = found || seen.Version > 0
		missed = missed || seen.Version == 0
	}
	if missed && !found {
		outcome = audit.NotFound
	}
	slices.SortFunc(records, func(a, b audit.RecordSeen) int { return cmp.Compare(a.Record, b.Record) })
	return outcome, records
}

// entry makes an entry of this session.
func (s *Session) entry(operation audit.Operation, action string) audit.Entry {
	entry := audit.Entry{
		At: s.now, Request: audit.ID(s.request), Purpose: s.capacity.For(), Operation: operation, Action: audit.Action(action),
		Outcome: audit.Done,
	}
	if s.trail.wasInEmergency() {
		entry.Purpose = authz.Emergency
	}
	if s.capacity.System != "" {
		entry.System = audit.System(s.capacity.System)
		return entry
	}
	entry.Person, entry.Agency, entry.Roles = audit.ID(s.capacity.Person), audit.ID(s.capacity.Agency), s.capacity.Roles
	return entry
}

// Enter enters what the session looked at in the audit log. The answer waits for
// it: without the entry there is no answer. Failure is how the request ended when
// it ended badly, and nil otherwise.
func (s *Session) Enter(ctx context.Context, action string, failure error) error {
	stop := s.phase("audit")
	defer stop()
	entry := s.entry(audit.Consultation, action)
	entry.Outcome, entry.Records = s.trail.outcome()
	if len(entry.Records) == 0 && failure == nil && !s.trail.wasAsked() {
		return nil // no record was asked for: the directory and the schema are everybody's
	}
	if outcome, rule := audit.OutcomeOf(failure); outcome == audit.Refused {
		entry.Outcome, entry.Rule = outcome, rule
	}
	return s.write(ctx, entry)
}

// write appends entries of their own to the log. The client that hangs up does
// not take the entry back.
func (s *Session) write(ctx context.Context, entry audit.Entry) error {
	encoded, err := encodeEntries(entry)
	if err != nil {
		return err
	}
	if err := s.records.store.Apply(context.WithoutCancel(ctx), store.Batch{Family: logFamily, Entries: encoded}); err != nil {
		return fault.NotAvailable(fmt.Errorf("entering a look in the audit log: %w", err))
	}
	return nil
}

func encodeEntries(entries ...audit.Entry) ([][]byte, error) {
	var encoded [][]byte
	for _, entry := range entries {
		for _, part := range entry.Split() {
			one, err := part.Encode()
			if err != nil {
				return nil, fmt.Errorf("encoding an audit entry: %w", err)
			}
			encoded = append(encoded, one)
		}
	}
	return encoded, nil
}

// Refuse enters a refusal by a rule in the audit log and returns it; nothing has
// changed.
func (s *Session) Refuse(ctx context.Context, procedure string, refusal error) error {
	return s.refuse(ctx, procedure, refusal)
}

func (s *Session) refuse(ctx context.Context, procedure string, refusal error) error {
	entry := s.entry(audit.Alteration, procedure)
	entry.Outcome, entry.Rule = audit.OutcomeOf(refusal)
	_, entry.Records = s.trail.outcome()
	if err := s.write(ctx, entry); err != nil {
		return err
	}
	return refusal
}

// logFamily names the family of a batch that holds entries only.
const logFamily = "log"

// AuditEntries returns the encoded entries of the audit log from a number on.
// Entries hold ids and no values; they are read by the auditor's tools and never
// through the API.
func (r *Records) AuditEntries(ctx context.Context, first int64) ([][]byte, error) {
	var all [][]byte
	for {
		page, err := r.store.Log().Entries(ctx, first+int64(len(all)), store.MaxPage)
		if err != nil {
			return nil, fmt.Errorf("reading the audit log: %w", err)
		}
		all = append(all, page...)
		if len(page) < store.MaxPage {
			return all, nil
		}
	}
}
