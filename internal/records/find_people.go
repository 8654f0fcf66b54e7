package records

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"accord/authz"
	"accord/internal/audit"
	"accord/internal/likeness"
	"accord/internal/secrets"
	"accord/internal/store"
	"accord/internal/views"
)

// Bounds of a search. How many parties one kind of form brings up, and how many of all
// of them are opened and compared: those first that agree in what few people share.
// What a search costs follows from these and from how much is asked, and not from how
// many cases there are. Somebody called as thousands are is surely found only with a
// date of birth, a number or a handle.
const (
	foundByOneKind = 200
	comparedAtMost = 200
	// hitsAtMost bounds what is shown.
	hitsAtMost = 50
)

// Found is whom a search brought up.
type Found struct {
	Hits      []views.PersonHit // of cases the viewer reaches, likeliest first
	Elsewhere []Elsewhere       // other cases, each once, by id
	compared  []audit.RecordSeen
	shown     []store.Document // the cases of the hits
}

// Elsewhere is a case with a party like whom was looked for that the viewer may not be
// told of.
type Elsewhere struct {
	Case     Case // what of it is clear
	Excluded bool // the viewer is kept from it
	Hidden   bool // somebody of it lives where nobody may know
	// BesideName reports whether of one such party something agreed beside the name.
	BesideName bool
}

// FindPeople looks for parties like the one who is asked for: by blind tokens first,
// and then by opening, of those that have most in common with what is asked, who they
// are. Nothing of that is shown but parties of cases that the capacity reaches, whose
// identity it holds in full. What was opened is entered with the change that Found.Keep
// is given.
func (s *Session) FindPeople(ctx context.Context, asked likeness.Particulars) (Found, error) {
	viewer, err := s.viewer()
	if err != nil {
		return Found{}, err
	}
	stop := s.phase("fetch")
	candidates, err := s.records.candidates(ctx, likeness.Asked(asked))
	if err != nil {
		return Found{}, err
	}
	cases, err := s.records.casesOf(ctx, candidates)
	stop()
	if err != nil {
		return Found{}, err
	}
	comparing := &comparison{session: s, viewer: viewer, sought: likeness.Seek(asked), together: &views.Together{}, reached: map[string]store.Document{}}
	for _, kase := range cases {
		if err := comparing.add(ctx, kase, candidates); err != nil {
			return Found{}, err
		}
	}
	return comparing.found(), nil
}

// candidate is a party that was brought up.
type candidate struct {
	traceHead
	weight int
}

// candidates finds parties by the forms asked for, which come with those first that
// few people share. Each kind of form is asked for by itself, so that one that half a
// town shares pushes nobody out.
func (r *Records) candidates(ctx context.Context, forms []string) ([]candidate, error) {
	kinds := formsByKind(forms)
	met := map[string]*candidate{}
	for i, kind := range kinds {
		asked := make([]string, len(kind))
		for at, form := range kind {
			asked[at] = r.keyring.Blind(formOfTraces, form)
		}
		page, err := r.stored.Find(ctx, store.Query{Index: traces, Tokens: asked, Limit: foundByOneKind})
		if err != nil {
			return nil, fmt.Errorf("finding people: %w", unanswered(err))
		}
		docs, err := r.believed(ctx, page.Documents)
		if err != nil {
			return nil, err
		}
		for _, doc := range docs {
			if met[doc.ID] == nil {
				met[doc.ID] = &candidate{}
				if err := decode(doc.Head, &met[doc.ID].traceHead); err != nil {
					return nil, err
				}
			}
			// One kind that few share counts for more than all that follow.
			met[doc.ID].weight += 1 << (len(kinds) - i)
		}
	}
	found := make([]candidate, 0, len(met))
	for _, one := range met {
		found = append(found, *one)
	}
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.Case, b.Case), cmp.Compare(a.Party, b.Party))
	})
	return found[:min(len(found), comparedAtMost)], nil
}

// formsByKind parts forms by their beginning, which says what they are, and keeps the
// order in which the kinds come.
func formsByKind(forms []string) [][]string {
	var kinds [][]string
	at := map[string]int{}
	for _, form := range forms {
		kind, _, _ := strings.Cut(form, ":")
		i, known := at[kind]
		if !known {
			i, at[kind] = len(kinds), len(kinds)
			kinds = append(kinds, nil)
		}
		kinds[i] = append(kinds[i], form)
	}
	return kinds
}

// casesOf reads the cases of the candidates, each once, in order of id.
func (r *Records) casesOf(ctx context.Context, candidates []candidate) ([]store.Document, error) {
	var ids []string
	for _, one := range candidates {
		ids = append(ids, one.Case)
	}
	slices.Sort(ids)
	docs, err := r.stored.GetMany(ctx, slices.Compact(ids))
	if err != nil {
		return nil, fmt.Errorf("reading the cases of people: %w", unanswered(err))
	}
	return r.believed(ctx, docs)
}

// believed returns the documents that are as records wrote them, in the newest form. A
// case whose key was destroyed is gone, and keeps nobody from finding the others; one
// that was tampered with is an error.
func (r *Records) believed(ctx context.Context, docs []store.Document) ([]store.Document, error) {
	believing := attested{r.stored, r.keyring}
	var all []store.Document
	for _, doc := range docs {
		switch err := believing.check(ctx, doc); {
		case errors.Is(err, secrets.ErrDestroyed):
			continue
		case err != nil:
			return nil, err
		}
		newest, err := r.forms.lift(doc)
		if err != nil {
			return nil, err
		}
		all = append(all, newest)
	}
	return all, nil
}

// comparison compares candidates with whom was asked for.
type comparison struct {
	session   *Session
	viewer    reach
	sought    likeness.Sought
	together  *views.Together
	reached   map[string]store.Document
	hits      []views.PersonHit
	elsewhere []Elsewhere
	compared  []audit.RecordSeen
}

// add compares the candidates of one case.
func (c *comparison) add(ctx context.Context, kase store.Document, candidates []candidate) error {
	of, err := decodeCase(kase, closed)
	if err != nil {
		return err
	}
	opened := &openedIdentities{records: c.session.records, kase: kase, seen: audit.RecordSeen{
		Record: audit.ID(kase.ID), Kind: kase.Kind, Version: kase.Version,
	}}
	sight, reached := c.session.sightOf(c.viewer, views.CaseKind, kase)
	unshown, besideName := false, false
	for _, party := range of.Parties {
		if !slices.ContainsFunc(candidates, func(one candidate) bool { return one.Case == kase.ID && one.Party == party.ID }) {
			continue
		}
		class := views.IdentityClass(party.Role)
		known, err := opened.of(ctx, class, party.ID)
		if err != nil {
			return err
		}
		agreed := c.sought.Compare(particularsOf(known.Identity))
		switch {
		case agreed.Likeness == likeness.Unlike:
		case reached && sight.Level(class) == authz.Full:
			c.hit(ctx, kase, sight, views.Person{Role: party.Role}, party.ID, agreed.Likeness)
		default:
			unshown, besideName = true, besideName || agreed.BesideName
		}
	}
	if unshown {
		hidden, err := opened.hidden(ctx)
		if err != nil {
			return err
		}
		c.elsewhere = append(c.elsewhere, Elsewhere{
			Case: of, Excluded: c.session.isKeptFrom(c.viewer, kase), Hidden: hidden, BesideName: besideName,
		})
	}
	c.compared = append(c.compared, opened.seen)
	return nil
}

// hit adds somebody who is shown.
func (c *comparison) hit(ctx context.Context, kase store.Document, sight authz.Sight, person views.Person, party string, like likeness.Likeness) {
	record := c.session.record(ctx, kase, sight, c.together)
	person.Record = record
	person.ID = party
	hit := views.PersonHit{Record: record, Likeness: views.Possible, CaseID: kase.ID, Found: person}
	if like == likeness.Likely {
		hit.Likeness = views.Likely
	}
	c.hits = append(c.hits, hit)
	c.reached[kase.ID] = kase
}

// found ends the comparison.
func (c *comparison) found() Found {
	slices.SortStableFunc(c.hits, func(a, b views.PersonHit) int {
		return cmp.Or(boolOrder(a.Likeness == views.Likely, b.Likeness == views.Likely), cmp.Compare(a.CaseID, b.CaseID))
	})
	c.hits = c.hits[:min(len(c.hits), hitsAtMost)]
	found := Found{Hits: append([]views.PersonHit{}, c.hits...), Elsewhere: c.elsewhere, compared: c.compared}
	for _, hit := range c.hits {
		if !slices.Contains(c.together.Families, hit.CaseID) {
			c.together.Families = append(c.together.Families, hit.CaseID)
			found.shown = append(found.shown, c.reached[hit.CaseID])
		}
	}
	return found
}

// Show puts on the trail of the session that the hits were there for the viewer.
func (s *Session) Show(found Found) {
	for _, kase := range found.shown {
		s.trail.seen(kase)
	}
}

// boolOrder puts what is so before what is not.
func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	default:
		return 1
	}
}

// openedIdentities opens who the parties of one case are, to be compared and not to be
// shown, each class once, and notes what was opened.
type openedIdentities struct {
	records *Records
	kase    store.Document
	seen    audit.RecordSeen
	classes map[authz.DataClass]views.Identities
}

func (o *openedIdentities) of(ctx context.Context, class authz.DataClass, party string) (views.PartyIdentity, error) {
	identities, known := o.classes[class]
	if !known {
		if err := o.records.openSection(ctx, o.kase, sectionName(class, authz.Full), &identities); err != nil {
			return views.PartyIdentity{}, err
		}
		noteClass(&o.seen, class, authz.Full)
		if o.classes == nil {
			o.classes = map[authz.DataClass]views.Identities{}
		}
		o.classes[class] = identities
	}
	for _, identity := range identities.Parties {
		if identity.Party == party {
			return identity, nil
		}
	}
	return views.PartyIdentity{}, nil
}

// hidden reports whether somebody of the case lives in a refuge or at a confidential
// address. Which area to call about them says where they went.
func (o *openedIdentities) hidden(ctx context.Context) (bool, error) {
	var contacts views.Contacts
	if err := o.records.openSection(ctx, o.kase, sectionName(authz.SafeContact, authz.Full), &contacts); err != nil {
		return false, err
	}
	noteClass(&o.seen, authz.SafeContact, authz.Full)
	return slices.ContainsFunc(contacts.Parties, func(known views.PartyContact) bool {
		return known.Contact.Refuge || known.Contact.Confidential
	}), nil
}
