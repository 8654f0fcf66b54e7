package records

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"accord/authz"
	"accord/internal/audit"
	"accord/internal/secrets"
	"accord/internal/store"
	"accord/internal/views"
)

// Upkeep is what a turn of upkeep did, counted in documents.
type Upkeep struct {
	Brought int // are of the newest form now
	Passed  int // have no key any more, and stay as they are
	Met     int // were changed meanwhile, and come again
	Failed  int // could not be read; the error says why of the first
}

// upkeepPage bounds how many documents of the directory are written at once, and
// how many of any kind are looked up. A case is written with all that is of an
// older form in it.
const upkeepPage = 100

// upkeep starts a session of the system capacity that brings documents forward. The
// policy gives it nothing: it shows nobody anything and changes nothing that a
// record says.
func (r *Records) upkeep(ctx context.Context, request string) *Session {
	return r.Begin(ctx, authz.Capacity{System: "record upkeep", Roles: []authz.Role{authz.RecordUpkeep}}, request)
}

// broughtForward is the entry for documents that came to the newest form.
func (s *Session) broughtForward(brought []audit.RecordSeen) audit.Entry {
	entry := s.entry(audit.Alteration, "bringForward")
	entry.Records = brought
	return entry
}

// checkForms refuses data that a later program has written: what it holds can be
// neither shown nor kept by this one.
func (r *Records) checkForms(ctx context.Context) error {
	for _, kind := range Kinds() {
		page, err := r.stored.Find(ctx, store.Query{Index: formIndex(kind), Limit: 1})
		if err != nil {
			return fmt.Errorf("reading the forms of records: %w", err)
		}
		for _, doc := range page.Documents {
			if _, err := r.forms.stepsFrom(doc); err != nil {
				return err
			}
		}
	}
	return nil
}

// OlderForms counts the records of every kind that are of an older form, each up
// to store.MaxPage.
func (r *Records) OlderForms(ctx context.Context) (map[store.Kind]int, error) {
	counts := map[store.Kind]int{}
	for _, kind := range kindsOfRecords() {
		count, err := r.stored.Count(ctx, olderOnes(kind, r.forms.newest(kind), 1), store.MaxPage)
		if err != nil {
			return nil, fmt.Errorf("counting what is of an older form: %w", err)
		}
		counts[kind] = count
	}
	return counts, nil
}

// BringForward brings what is of an older form to the newest, family by family,
// each in one batch that is guarded and entered in the audit log. It may run while
// the program serves, be ended by its context, and be called again: the index tells
// what is left. Documents that cannot be read do not keep it from the others.
func (r *Records) BringForward(ctx context.Context) (Upkeep, error) {
	turn := &turn{records: r, ids: map[string][]string{}}
	for _, kind := range kindsOfRecords() {
		if err := turn.bringKind(ctx, kind); err != nil {
			return turn.done, err
		}
	}
	return turn.done, turn.failure
}

// turn is one turn of upkeep.
type turn struct {
	records *Records
	done    Upkeep
	failure error
	ids     map[string][]string // documents of the page by family
}

func (t *turn) bringKind(ctx context.Context, kind store.Kind) error {
	query := olderOnes(kind, t.records.forms.newest(kind), upkeepPage)
	for {
		// As it is stored: one document that nobody can read must not hide the others.
		// Nothing of it is believed but where to look.
		page, err := t.records.stored.Find(ctx, query)
		if err != nil {
			return fmt.Errorf("looking for what is of an older form: %w", err)
		}
		clear(t.ids)
		var families []string
		for _, doc := range page.Documents {
			if len(t.ids[doc.Family]) == 0 {
				families = append(families, doc.Family)
			}
			t.ids[doc.Family] = append(t.ids[doc.Family], doc.ID)
		}
		for _, family := range families {
			if err := t.bringFamily(ctx, family); err != nil {
				return err
			}
		}
		if !page.More {
			return nil
		}
		last := page.Documents[len(page.Documents)-1]
		query.After = &store.Position{Order: orderOf(last, formField), ID: last.ID}
	}
}

// bringFamily brings a family forward and counts what became of it. Its error is
// that of the context: the turn is over.
func (t *turn) bringFamily(ctx context.Context, family string) error {
	brought, err := t.records.bringFamily(ctx, family, t.ids[family])
	found := len(t.ids[family])
	switch {
	case err == nil:
		t.done.Brought += brought
	case ctx.Err() != nil:
		return fmt.Errorf("upkeep was ended: %w", ctx.Err())
	case errors.Is(err, secrets.ErrDestroyed):
		t.done.Passed += found
	case errors.Is(err, store.ErrStale):
		t.done.Met += found
	default:
		t.done.Failed += found
		if t.failure == nil {
			t.failure = fmt.Errorf("bringing records forward: %w", err)
		}
	}
	return nil
}

// bringFamily writes what of a family is of an older form, in one batch, and
// returns how many documents that were. Those with the ids are among them.
func (r *Records) bringFamily(ctx context.Context, family string, ids []string) (int, error) {
	if _, err := r.keyring.Known(ctx, family); err != nil {
		return 0, fmt.Errorf("the key of a family: %w", err)
	}
	making := &commit{batch: store.Batch{Family: family}}
	var err error
	switch kase, absent := r.store.Get(ctx, family); {
	case errors.Is(absent, store.ErrAbsent):
		err = r.bringDocuments(ctx, ids, making) // the directory
	case absent != nil:
		err = fmt.Errorf("reading what a family hangs on: %w", absent)
	case kase.Kind == kindOf(views.CaseKind):
		err = r.bringCase(ctx, kase, making)
	default:
		err = r.bringDocuments(ctx, ids, making) // a meeting
	}
	if err != nil || len(making.brought) == 0 {
		return 0, err
	}
	entry := r.upkeep(ctx, r.NewIdentifier("request")).broughtForward(making.entry.Records)
	if making.batch.Entries, err = encodeEntries(entry); err != nil {
		return 0, err
	}
	if err = r.store.Apply(ctx, making.batch); err != nil {
		return 0, fmt.Errorf("writing what was brought forward: %w", err)
	}
	// The directory in memory says the same as before; whoever changes an entry of it
	// meets upkeep as with any record.
	return len(making.brought), nil
}

// bringDocuments brings documents forward that hang on no case.
func (r *Records) bringDocuments(ctx context.Context, ids []string, making *commit) error {
	docs, err := r.store.GetMany(ctx, ids)
	if err != nil {
		return fmt.Errorf("reading what is of an older form: %w", err)
	}
	for _, doc := range docs {
		if isOfCase(doc.Kind) {
			return fmt.Errorf("%s hangs on a case that is not there", doc.ID)
		}
		if err := r.bring(ctx, doc, nil, making); err != nil {
			return err
		}
	}
	return nil
}

// bringCase brings a case forward with all that hangs on it. Where the case itself
// is of the newest form already, only what is not is read and written, and the case
// must stay as it is meanwhile: the tokens follow from it.
func (r *Records) bringCase(ctx context.Context, kase store.Document, making *commit) error {
	var head caseHead
	if err := decode(kase.Head, &head); err != nil {
		return err
	}
	comes := r.forms.isOlder(kase)
	if comes {
		if err := r.bring(ctx, kase, &head, making); err != nil {
			return err
		}
		// What it is found under is made of what it says now.
		if err := r.addAllTraces(ctx, kase, &making.entry.Records[len(making.entry.Records)-1], making); err != nil {
			return err
		}
	} else {
		making.guard(kase)
	}
	for _, kind := range familyKinds() {
		if !comes && len(r.forms[kindOf(kind)]) == 0 {
			continue
		}
		docs, err := r.membersOf(ctx, kind, []string{kase.ID})
		if err != nil {
			return err
		}
		for _, doc := range docs {
			if err := r.bring(ctx, doc, &head, making); err != nil {
				return err
			}
		}
	}
	return nil
}

// bring adds a document to the batch in its newest form. One that is of it already
// is written only if the case gives it other tokens now.
func (r *Records) bring(ctx context.Context, doc store.Document, root *caseHead, making *commit) error {
	next, seen, err := r.forward(ctx, doc, root, upkept(doc)+1)
	if err != nil {
		return err
	}
	if r.forms.isOlder(doc) {
		making.brought = append(making.brought, seen)
	} else if slices.Equal(next.Tokens, doc.Tokens) {
		return nil
	}
	making.add(doc, next, seen)
	return nil
}
