package records

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"

	"accord/authz"
	"accord/domain/casework"
	"accord/internal/audit"
	"accord/internal/likeness"
	"accord/internal/secrets/identifier"
	"accord/internal/store"
	"accord/internal/views"
)

// traceKind is what one party of a case is found under. It is made of the case, in the
// same batch, shows nobody anything and is no part of the API.
const traceKind store.Kind = "trace"

// traces names the index that finds parties by what they are found under.
const traces = "traces"

// formOfTraces keeps apart what stands for a form of somebody's particulars.
const formOfTraces = "trace"

// trace is what one party is found under: tokens that stand for the forms of their
// name, their birthday, their numbers and handles, and say nothing of them without the
// keyring. Who may reach the case stands on the case alone.
type trace struct {
	Case, Party string
	blind       []string // sorted
}

type traceHead struct{ Case, Party string }

func (t trace) kind() store.Kind      { return traceKind }
func (t trace) id() string            { return traceID(t.Case, t.Party) }
func (t trace) family() string        { return t.Case }
func (t trace) row() authz.ClassSet   { return authz.SetOf() }
func (t trace) head() any             { return traceHead{t.Case, t.Party} }
func (t trace) fields() []store.Field { return nil }
func (t trace) parts() []part         { return nil }

func (t trace) tokens(*caseHead) tokenSet {
	tokens := tokenSet{}
	tokens.add(t.blind...)
	return tokens
}

// traceID is the same for a party whenever its trace is written.
func traceID(caseID, party string) string {
	sum := sha256.Sum256([]byte("trace\n" + caseID + "\n" + party))
	return string(traceKind) + "_" + identifier.Encode(sum[:identifier.Bytes])
}

// traceOf is what a party is found under. How they are reached safely is no part of
// it: nobody finds out by a number whose number it is (domain: safe contact is never
// searched).
func (r *Records) traceOf(caseID string, known views.PartyIdentity) trace {
	made := trace{Case: caseID, Party: known.Party}
	for _, form := range likeness.Forms(particularsOf(known.Identity)) {
		made.blind = append(made.blind, r.keyring.Blind(formOfTraces, form))
	}
	slices.Sort(made.blind)
	return made
}

// particularsOf are the particulars of somebody as a search reads them.
func particularsOf(identity casework.Identity) likeness.Particulars {
	particulars := likeness.Particulars{DateOfBirth: identity.DateOfBirth, Phones: identity.Phones, Handles: identity.Handles}
	if identity.Name != "" {
		particulars.Names = append(particulars.Names, identity.Name)
	}
	particulars.Names = append(particulars.Names, identity.Aliases...)
	return particulars
}

// identityClasses are the classes that hold who the parties of a case are.
func identityClasses() []authz.DataClass {
	return []authz.DataClass{authz.VictimIdentity, authz.Children, authz.PerpetratorIdentity}
}

// addTraces adds to a batch that writes a case what its parties are found under now:
// those of the classes that the change rewrites, or all of them when the case comes
// from an older form. What the change leaves alone may not even have been opened.
func (r *Records) addTraces(ctx context.Context, write *pending, brought *audit.RecordSeen, making *commit) error {
	changed, ok := write.after.(Case)
	if !ok {
		return nil
	}
	if write.doc != nil && r.forms.isOlder(*write.doc) {
		if err := r.addAllTraces(ctx, *write.doc, brought, making); err != nil {
			return err
		}
	}
	var known []views.PartyIdentity
	for _, p := range changed.parts() {
		if p.level != authz.Full || !slices.Contains(identityClasses(), p.class) {
			continue
		}
		plain, err := encode(p.value)
		if err != nil {
			return err
		}
		if bytes.Equal(plain, write.before[sectionName(p.class, p.level)]) {
			continue
		}
		for _, party := range changed.Parties {
			if views.IdentityClass(party.Role) == p.class {
				known = append(known, views.PartyIdentity{Party: party.ID, Identity: party.Identity})
			}
		}
	}
	return r.putTraces(ctx, changed.ID, write.doc == nil, known, making)
}

// addAllTraces adds what every party is found under, as the case says that is stored.
// What was opened for it is told.
func (r *Records) addAllTraces(ctx context.Context, kase store.Document, seen *audit.RecordSeen, making *commit) error {
	var known []views.PartyIdentity
	for _, class := range identityClasses() {
		var identities views.Identities
		if err := r.openSection(ctx, kase, sectionName(class, authz.Full), &identities); err != nil {
			return err
		}
		noteClass(seen, class, authz.Full)
		known = append(known, identities.Parties...)
	}
	return r.putTraces(ctx, kase.ID, false, known, making)
}

// putTraces writes the traces of parties that are not as they are stored.
func (r *Records) putTraces(ctx context.Context, caseID string, fresh bool, known []views.PartyIdentity, making *commit) error {
	if len(known) == 0 {
		return nil
	}
	stored := map[string]store.Document{}
	if !fresh {
		docs, err := r.store.Families(ctx, traceKind, []string{caseID}, store.MaxPage)
		if err != nil {
			return fmt.Errorf("reading what parties are found under: %w", err)
		}
		for _, doc := range docs {
			stored[doc.ID] = doc
		}
	}
	for _, one := range known {
		made := r.traceOf(caseID, one)
		was := stored[made.id()]
		if was.Version > 0 && slices.Equal(was.Tokens, made.blind) {
			continue
		}
		head, err := encode(made.head())
		if err != nil {
			return err
		}
		making.put(store.Write{Expect: was.Version, Document: store.Document{
			ID: made.id(), Kind: made.kind(), Family: made.family(), Version: was.Version + 1, Head: head,
			Tokens: made.blind, Fields: r.forms.fieldsOf(made, upkept(was)),
		}})
	}
	return nil
}

// put adds a write of what follows from another record of the batch, in place of one
// that is there for the same document.
func (c *commit) put(write store.Write) {
	for i, other := range c.batch.Writes {
		if other.Document.ID == write.Document.ID {
			c.batch.Writes[i] = write
			return
		}
	}
	c.batch.Writes = append(c.batch.Writes, write)
}
