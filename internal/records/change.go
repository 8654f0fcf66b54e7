package records

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"accord/authz"
	"accord/domain/fault"
	"accord/internal/audit"
	"accord/internal/store"
)

// Held is a record loaded for a change: its value as far as the capacity reads
// it in full, and what it was when it was read.
type Held[T any] struct {
	Value T
	Sight authz.Sight

	doc    store.Document
	head   []byte            // as it was read, encoded
	before map[string][]byte // sections as they were read, encoded
}

// Version is the version of what the record said when it was read.
func (h Held[T]) Version() int64 { return revision(h.doc) }

// Allow refuses a change that the capacity may not make of a record it sees,
// before any rule is asked. Apply decides again, section by section.
func Allow[T content](ctx context.Context, s *Session, procedure string, held Held[T]) error {
	if mayWrite(held.Sight, held.Value.row()) {
		return nil
	}
	return s.refuse(ctx, procedure, notYours())
}

func notYours() error { return fault.Refused("This is not yours to change.") }

// decoderOf reads a record as far as the opener permits.
type decoderOf[T any] func(store.Document, opener) (T, error)

// load reads a record for a change.
func load[T content](ctx context.Context, s *Session, doc store.Document, sight authz.Sight, decodeAs decoderOf[T]) (Held[T], error) {
	open := func(class authz.DataClass, level authz.Level, into any) error {
		if sight.Level(class) < level {
			return nil
		}
		if err := s.records.openSection(ctx, doc, sectionName(class, level), into); err != nil {
			return err
		}
		s.trail.opened(doc, class, level)
		return nil
	}
	value, err := decodeAs(doc, open)
	if err != nil {
		return Held[T]{}, fmt.Errorf("loading %s: %w", doc.ID, err)
	}
	before, err := encodeParts(value)
	if err != nil {
		return Held[T]{}, err
	}
	head, err := encode(value.head())
	if err != nil {
		return Held[T]{}, err
	}
	return Held[T]{Value: value, Sight: sight, doc: doc, head: head, before: before}, nil
}

// Change is a set of writes of one family, applied whole or not at all.
type Change struct {
	family    string
	writes    []*pending
	excluded  []store.Exclusion
	outbox    []store.Message
	delivered []string
	receipt   *store.Receipt

	operation  audit.Operation // as which it is entered; zero: by what is written
	recipients []audit.ID
	looked     []audit.RecordSeen // what is shown with the change and entered with it
	kept       []store.Document   // what the change rests on, and must still be as it was read
}

// pending is one record to be written.
type pending struct {
	after   content
	doc     *store.Document // as it was read; nil creates the record
	head    []byte          // as it was read, encoded
	before  map[string][]byte
	sight   authz.Sight
	expect  int64
	trusted bool // decided by a rule of its own: the directory
}

// Change starts a change of one family.
func (s *Session) Change(family string) *Change { return &Change{family: family} }

// Create adds a new record to the change. Sections that hold nothing are not
// written, so that whoever opens a case need not be allowed to write all of it.
func Create[T content](c *Change, record T) error {
	var blank T
	before, err := encodeParts(blank)
	if err != nil {
		return err
	}
	c.writes = append(c.writes, &pending{after: record, before: before})
	return nil
}

// Update adds a loaded record, with its value changed, to the change.
func Update[T content](c *Change, held Held[T]) {
	doc := held.doc
	c.writes = append(c.writes, &pending{after: held.Value, doc: &doc, head: held.head, before: held.before, sight: held.Sight, expect: doc.Version})
}

// CreateByRule adds a new record that a rule of its own lets the capacity make,
// whatever its cells allow: access taken in an emergency, a conflict declared, the
// reason of a reveal. It never reaches across an exclusion.
func CreateByRule[T content](c *Change, record T) error {
	if err := Create(c, record); err != nil {
		return err
	}
	c.writes[len(c.writes)-1].trusted = true
	return nil
}

// UpdateByRule adds a loaded record that a rule of its own lets the capacity
// change.
func UpdateByRule[T content](c *Change, held Held[T]) {
	Update(c, held)
	c.writes[len(c.writes)-1].trusted = true
}

// Discloses enters the change as a disclosure to agencies.
func (c *Change) Discloses(agencies ...string) {
	c.operation = audit.Disclosure
	for _, agency := range agencies {
		c.recipients = append(c.recipients, audit.ID(agency))
	}
}

// Combines enters the change as a combination of what several cases say.
func (c *Change) Combines(cases ...Held[Case]) {
	c.operation = audit.Combination
	for _, held := range cases {
		c.looked = append(c.looked, audit.RecordSeen{Record: audit.ID(held.doc.ID), Kind: held.doc.Kind, Version: held.doc.Version})
	}
}

// Exclude keeps a practitioner from the family, or lifts that.
func (c *Change) Exclude(practitioner string, lifted bool) {
	c.excluded = append(c.excluded, store.Exclusion{Principal: practitioner, Family: c.family, Lifted: lifted})
}

// Remember keeps a receipt, so that a retry of the same input changes nothing
// again; nil keeps none.
func (c *Change) Remember(receipt *store.Receipt, result ...string) {
	if receipt != nil {
		receipt.Result = result
	}
	c.receipt = receipt
}

// Apply decides, seals and commits the change with its audit entry. What the
// capacity may not write is FORBIDDEN and changes nothing; a record that changed
// since it was read is CONFLICT.
func (s *Session) Apply(ctx context.Context, procedure string, c *Change) error {
	if c.createsInCase() {
		// What room a case has is counted before the commit: one at a time, or many
		// would pass the count together and none could be read afterwards.
		turn := s.records.turnOf(c.family)
		turn.Lock()
		defer turn.Unlock()
	}
	for {
		making, err := s.commitOf(ctx, procedure, c)
		if err != nil {
			if fault.Of(err) != nil {
				return s.refuse(ctx, procedure, err)
			}
			return err
		}
		err = s.records.store.Apply(context.WithoutCancel(ctx), making.batch)
		switch {
		case errors.Is(err, store.ErrStale):
			// Nobody changed what the records say if only upkeep came in between. It
			// comes once to a document and form, so this ends.
			again, unreadable := s.overUpkeep(ctx, c, making)
			if unreadable != nil {
				return unreadable
			}
			if again {
				continue
			}
			return s.refuse(ctx, procedure, fault.Stale())
		case errors.Is(err, store.ErrDuplicate):
			return s.refuse(ctx, procedure, fault.Duplicate())
		case err != nil:
			return fault.Unsure(fmt.Errorf("applying %s: %w", procedure, err))
		}
		return nil
	}
}

// createsInCase reports whether the change adds a record to a case.
func (c *Change) createsInCase() bool {
	return slices.ContainsFunc(c.writes, func(write *pending) bool { return write.doc == nil && isOfCase(write.after.kind()) })
}

// documentOf decides one write and makes the document it leaves. What is changed
// comes to the newest form with it, and brought tells what was opened for that.
func (s *Session) documentOf(ctx context.Context, viewer reach, root *caseHead, write *pending) (doc store.Document, seen, brought audit.RecordSeen, err error) {
	doc = store.Document{
		ID: write.after.id(), Kind: write.after.kind(), Family: write.after.family(), Version: write.expect + 1,
		Tokens: tokensOf(write.after, root),
	}
	seen = audit.RecordSeen{Record: audit.ID(doc.ID), Kind: doc.Kind, Version: doc.Version}
	brought = seen
	if doc.Head, err = encode(write.after.head()); err != nil {
		return doc, seen, brought, err
	}
	headChanged := true
	sight := write.sight
	var upkeeps int64
	if write.doc == nil {
		if _, excluded := viewer.excluded[doc.Family]; excluded {
			return doc, seen, brought, fault.Missing()
		}
		if err = s.records.checkRoom(ctx, doc); err != nil {
			return doc, seen, brought, err
		}
		sight = s.decide(viewer, doc.Tokens)
	} else {
		if bytes.Equal(doc.Head, write.head) {
			// What the capacity did not change stays, as sections do.
			headChanged, doc.Head = false, write.doc.Head
		}
		upkeeps = upkept(*write.doc)
		if doc.Sections, err = s.records.forwardSections(ctx, *write.doc, doc.Version, &brought); err != nil {
			return doc, seen, brought, err
		}
	}
	doc.Fields = s.records.forms.fieldsOf(write.after, upkeeps)
	if headChanged && !write.trusted && !mayWrite(sight, write.after.row()) {
		return doc, seen, brought, notYours()
	}
	err = s.sealParts(ctx, write, sight, &doc, &seen)
	return doc, seen, brought, err
}

// mayWrite reports whether the sight may write one of the classes at least masked.
func mayWrite(sight authz.Sight, row authz.ClassSet) bool {
	for _, class := range authz.DataClasses() {
		if row.Has(class) && sight.WriteLevel(class) >= authz.Masked {
			return true
		}
	}
	return false
}

// sealParts seals what changed. A section whose content is as it was read keeps
// its seal, so what the capacity could not open stays untouched.
func (s *Session) sealParts(ctx context.Context, write *pending, sight authz.Sight, doc *store.Document, seen *audit.RecordSeen) error {
	key, err := s.records.keyring.Family(ctx, doc.Family)
	if err != nil {
		return fmt.Errorf("the key of %s: %w", doc.Family, err)
	}
	for _, p := range write.after.parts() {
		plain, err := encode(p.value)
		if err != nil {
			return err
		}
		name := sectionName(p.class, p.level)
		if bytes.Equal(plain, write.before[name]) {
			continue
		}
		if !write.trusted && sight.WriteLevel(p.class) < p.level {
			return notYours()
		}
		sealedPart, err := key.Seal(address(*doc, name, doc.Version), plain)
		if err != nil {
			return fmt.Errorf("sealing %s of %s: %w", name, doc.ID, err)
		}
		putSection(doc, store.Section{Name: name, Version: doc.Version, Sealed: sealedPart})
		noteClass(seen, p.class, p.level)
	}
	return nil
}

func putSection(doc *store.Document, section store.Section) {
	at, found := slices.BinarySearchFunc(doc.Sections, section.Name, func(s store.Section, name string) int {
		return strings.Compare(s.Name, name)
	})
	if found {
		doc.Sections[at] = section
		return
	}
	doc.Sections = slices.Insert(doc.Sections, at, section)
}

// encodeParts encodes every section of a record by its name.
func encodeParts(record content) (map[string][]byte, error) {
	encoded := map[string][]byte{}
	for _, p := range record.parts() {
		plain, err := encode(p.value)
		if err != nil {
			return nil, err
		}
		encoded[sectionName(p.class, p.level)] = plain
	}
	return encoded, nil
}

// Bounds of an idempotency key.
const (
	maxIdempotencyKey = 100
	receiptLife       = 24 * time.Hour
)
