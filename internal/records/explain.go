package records

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"accord/authz"
	"accord/domain/sharing"
	"accord/internal/audit"
	"accord/internal/store"
	"accord/internal/views"
)

// Explanation is why somebody reaches the records of a case, or does not. It is for
// the data protection officer and whoever runs the machine, never for the API: it
// says what an answer must not, such as that somebody is excluded. It holds ids and
// no values; no section was opened for it.
type Explanation struct {
	Capacity   authz.Capacity
	Lapsed     []sharing.Condition // conditions of access that do not hold today
	Case       string              // id; empty: there is no case of that reference
	Excluded   bool                // the case is not there for them, whatever else is said
	Restricted bool                // to named people
	Records    []Explained         // of the kinds that were asked about, in their order
}

// Explained is why one record is there for somebody, or is not.
type Explained struct {
	ID        string
	Kind      views.Kind
	Ties      []Tie // by which it is reached, by relation
	Relations authz.RelationSet
	Sight     authz.Sight
	There     bool // it exists for them
}

// Tie is what a relation to a record hangs on.
type Tie struct {
	Relation authz.Relation
	By       string // in words, such as "assignment to the case"
	Of       string // id of what it hangs on; empty when there is none
}

// explainer is the system capacity in whose name an explanation is entered in the
// audit log: nobody's role reads a case by it.
const explainer audit.System = "policy explain"

// Explain tells by what the session's capacity reaches the records of some kinds that
// belong to a case, named by its reference. That it was asked, of whom and of which
// records, is entered in the audit log first. A kind that is not reached by a relation
// of its own to a case is an error.
func (s *Session) Explain(ctx context.Context, reference string, kinds ...views.Kind) (Explanation, error) {
	told := Explanation{Capacity: s.capacity, Lapsed: s.records.Directory().lapsedOf(s.capacity.Person, s.Today())}
	found, err := s.caseOfReference(ctx, reference)
	if err != nil {
		return Explanation{}, err
	}
	if found == nil {
		s.missed(views.CaseKind, reference)
		return told, s.enterExplanation(ctx)
	}
	var head caseHead
	if err = decode(found.Head, &head); err != nil {
		return Explanation{}, err
	}
	viewer, err := s.viewer()
	if err != nil {
		return Explanation{}, err
	}
	told.Case, told.Restricted, told.Excluded = found.ID, len(head.Restricted) > 0, s.isKeptFrom(viewer, *found)
	s.trail.seen(*found)
	for _, kind := range kinds {
		docs, err := s.ofCase(ctx, kind, *found, head)
		if err != nil {
			return Explanation{}, err
		}
		for _, doc := range docs {
			s.trail.seen(doc)
			told.Records = append(told.Records, s.explain(viewer, kind, doc))
		}
	}
	return told, s.enterExplanation(ctx)
}

func (s *Session) caseOfReference(ctx context.Context, reference string) (*store.Document, error) {
	if len(reference) > maxReference {
		return nil, nil //nolint:nilnil // none has such a reference
	}
	page, err := s.records.store.Find(ctx, store.Query{Index: "case_reference", Equal: []store.Value{store.Text(reference)}, Limit: 1})
	if err != nil {
		return nil, fmt.Errorf("looking up a case: %w", err)
	}
	if len(page.Documents) == 0 {
		return nil, nil //nolint:nilnil // none has the reference
	}
	return &page.Documents[0], nil
}

// ofCase reads the records of the kind that belong to a case: the case itself, those
// of its family, or the meetings that hear it.
func (s *Session) ofCase(ctx context.Context, kind views.Kind, found store.Document, head caseHead) ([]store.Document, error) {
	switch {
	case kind == views.AttachmentKind:
		return nil, errors.New("an attachment is reached by the record it is attached to: ask about a field of that")
	case kind == views.CaseKind:
		return []store.Document{found}, nil
	case kind == views.MeetingKind:
		var meetings []string
		for _, listing := range head.Listings {
			meetings = append(meetings, listing.Meeting)
		}
		docs, err := s.records.store.GetMany(ctx, meetings)
		if err != nil {
			return nil, fmt.Errorf("reading the meetings of a case: %w", err)
		}
		return docs, nil
	case isOfCase(kindOf(kind)):
		return s.records.membersOf(ctx, kind, []string{found.ID})
	default:
		return nil, fmt.Errorf("a record of kind %s belongs to no case", kind)
	}
}

func (s *Session) explain(viewer reach, kind views.Kind, doc store.Document) Explained {
	told := Explained{ID: doc.ID, Kind: kind}
	told.Sight, told.There = s.sightOf(viewer, kind, doc)
	for _, token := range s.tokensNow(viewer, kind, doc) {
		if relation, ok := viewer.tokens[token]; ok {
			by, of := sourceOf(token)
			told.Ties = append(told.Ties, Tie{relation, by, of})
			told.Relations = told.Relations.With(relation)
		}
	}
	slices.SortStableFunc(told.Ties, func(a, b Tie) int { return int(a.Relation) - int(b.Relation) })
	return told
}

// sources say in words what a token of each kind hangs on.
var sources = map[string]string{
	"a":     "assignment to the case",
	"al":    "an alert addressed to them",
	"ap":    "their agency being party to the case",
	"c":     "the area convened",
	"ch":    "chairing a meeting",
	"cn":    "the area convened, by name",
	"cs":    "the victim's consent",
	"d":     "the area or agency audited",
	"f":     "emergency access to the case",
	"fo":    "emergency access to the case",
	"fl":    "the file submitted to them",
	"iv":    "an invitation to an item of a meeting",
	"n":     "the area whose nominals they coordinate",
	"om":    "representing the agency that owns the record at a meeting",
	"ot":    "the team of somebody assigned at the agency that owns the record",
	"ou":    "assignment to the case at the agency that owns the record",
	"post":  "the task of the alert post",
	"relay": "the task of the list relay",
	"rm":    "a release, and their part for the agency at a meeting",
	"rp":    "representing an agency at a meeting",
	"rt":    "a release, and the team of somebody assigned",
	"ru":    "a release, and assignment to the case",
	"s":     "the area they are single point of contact of",
	"sg":    "the confidentiality statement signed for a meeting",
	"t":     "the team of somebody assigned, supervised or by the duty roster",
}

func sourceOf(token string) (by, of string) {
	kind, of, _ := strings.Cut(strings.TrimPrefix(token, alone("")), ":")
	if by, known := sources[kind]; known {
		return by, of
	}
	return "token of kind " + kind, of
}

// enterExplanation enters in the audit log, before anything is told, that an
// explanation was asked for, of whom and of which records.
func (s *Session) enterExplanation(ctx context.Context) error {
	if of, known := s.records.Directory().held[s.capacity.Person]; known {
		s.trail.seen(of)
	}
	entry := s.entry(audit.Consultation, "explainPolicy")
	entry.System, entry.Person, entry.Agency, entry.Roles, entry.Purpose = explainer, "", "", nil, ""
	entry.Outcome, entry.Records = s.trail.outcome()
	return s.write(ctx, entry)
}

// Named returns the practitioners that a name can mean: their id, the name they sign
// in with, or that name behind the last part of their issuer's address, such as
// "northmoor-police/pc.ward". Sorted.
func (d *Directory) Named(name string) []string {
	var all []string
	for of, practitioner := range d.bySubject {
		issuer := of.issuer[strings.LastIndexByte(of.issuer, '/')+1:]
		if name == practitioner || name == of.name || name == issuer+"/"+of.name {
			all = append(all, practitioner)
		}
	}
	slices.Sort(all)
	return all
}

// SignIn is how a practitioner signs in, in the longer form that Named takes.
func (d *Directory) SignIn(practitioner string) string {
	of := d.practitioners[practitioner]
	return of.Issuer[strings.LastIndexByte(of.Issuer, '/')+1:] + "/" + of.Subject
}
