// Package records is the only way to reach or change a record. It knows who may
// reach what (tokens and relations), how much of it they see (Sight), keeps
// content sealed, guards changes by version, and enters every look and every
// change in the audit log.
package records

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"sync"
	"sync/atomic"
	"time"

	"accord/authz"
	"accord/domain/fault"
	"accord/internal/secrets"
	"accord/internal/secrets/cursors"
	"accord/internal/secrets/identifier"
	"accord/internal/store"
	"accord/internal/views"
)

// Config is what records stand on. Every part but Forms is needed.
type Config struct {
	Store   store.Store
	Keyring *secrets.Keyring
	Policy  *authz.Current
	Clock   func() time.Time
	// Forms are the forms of records; nil: those that this program declares. A test
	// gives others, since a form that was left behind comes once in years.
	Forms Forms
	// Mails says that there is a mail server: whoever has an address is sent an e-mail
	// about their alerts.
	Mails bool
}

// Records reaches and changes records.
type Records struct {
	store       store.Store // attested and lifted
	stored      store.Store // as it is
	forms       Forms
	keyring     *secrets.Keyring
	policy      *authz.Current
	clock       func() time.Time
	identifiers *identifier.Maker
	cursors     *cursors.Codec
	directory   atomic.Pointer[Directory]
	reloading   sync.Mutex     // one reads the directory at a time, so that the last to begin is the last to end
	searchTurns *searchTurns   // of the people who search
	mails       bool           // whoever has an address is sent an e-mail about their alerts
	turns       [64]sync.Mutex // of the cases that something is added to, by a sum of their ids
	fresh       bool           // opened on a folder in which nothing had happened
}

// Open makes records ready: the directory is read. It refuses data that a later
// program has written.
func Open(ctx context.Context, config Config) (*Records, error) {
	codec, err := config.Keyring.Cursors()
	if err != nil {
		return nil, fmt.Errorf("opening the cursor key: %w", err)
	}
	forms := config.Forms
	if forms == nil {
		forms = formsOfRecords
	}
	if err := forms.check(); err != nil {
		return nil, err
	}
	records := &Records{
		store: lifting{attested{config.Store, config.Keyring}, forms}, stored: config.Store, forms: forms,
		keyring: config.Keyring, policy: config.Policy, clock: config.Clock,
		identifiers: config.Keyring.Identifiers(), cursors: codec, searchTurns: newSearchTurns(), mails: config.Mails,
	}
	if err := records.checkForms(ctx); err != nil {
		return nil, err
	}
	if err := records.reloadDirectory(ctx); err != nil {
		// Whoever starts Accord is told what is wrong, not to try again.
		if f := fault.Of(err); f != nil && f.Unwrap() != nil {
			err = f.Unwrap()
		}
		return nil, err
	}
	if err := records.checkLog(ctx); err != nil {
		return nil, err
	}
	if err := records.restoreExclusions(ctx); err != nil {
		return nil, err
	}
	return records, nil
}

// checkLog refuses data whose audit log is gone: nothing was ever written
// without an entry.
func (r *Records) checkLog(ctx context.Context) error {
	_, err := r.store.Log().Checkpoint(ctx)
	switch {
	case err == nil:
		return nil
	case !errors.Is(err, store.ErrAbsent):
		return fmt.Errorf("reading the audit log: %w", err)
	case len(r.Directory().held) > 0:
		return errors.New("the audit log is gone, and the data is not: restore both from the same backup")
	}
	r.fresh = true
	return nil
}

// Indexes declares every index that records ask. A store is opened with them.
func Indexes() []store.Index {
	kase, meeting, action := kindOf(views.CaseKind), kindOf(views.MeetingKind), kindOf(views.ActionKind)
	indexes := []store.Index{
		{Name: "case_reference", Kind: kase, Equal: []string{"reference"}, Unique: true},
		{Name: "cases_opened_newest", Kind: kase, Order: "opened", Descending: true, Visible: true},
		{Name: "cases_opened_oldest", Kind: kase, Order: "opened", Visible: true},
		{Name: "cases_reference", Kind: kase, Order: "reference", Visible: true},
		{Name: "cases_status_opened_newest", Kind: kase, Equal: []string{"status"}, Order: "opened", Descending: true, Visible: true},
		{Name: "plan_case", Kind: kindOf(views.PlanKind), Equal: []string{"case"}, Unique: true},
		{Name: "meeting_reference", Kind: meeting, Equal: []string{"reference"}, Unique: true},
		{Name: "meetings_starts_latest", Kind: meeting, Order: "starts", Descending: true, Visible: true},
		{Name: "meetings_status_starts_latest", Kind: meeting, Equal: []string{"status"}, Order: "starts", Descending: true, Visible: true},
		{Name: "actions_due", Kind: action, Order: "due", Visible: true},
		{Name: "actions_status_due", Kind: action, Equal: []string{"status"}, Order: "due", Visible: true},
		{Name: "actions_assignee_due", Kind: action, Equal: []string{"assignee"}, Order: "due", Visible: true},
		{Name: "research_item_agency", Kind: kindOf(views.ResearchKind), Equal: []string{"item", "agency"}, Unique: true},
		{Name: emergencies, Kind: kindOf(views.EmergencyKind), Equal: []string{"person"}, Order: untilField, Descending: true},
		{Name: reviewsOfEmergencies, Kind: kindOf(views.EmergencyKind), Equal: []string{"review"}, Order: "from"},
		{Name: "alerts_newest", Kind: kindOf(views.AlertKind), Order: "raised", Descending: true, Visible: true},
		{Name: "alerts_state_newest", Kind: kindOf(views.AlertKind), Equal: []string{"state"}, Order: "raised", Descending: true, Visible: true},
		{Name: alertsToMail, Kind: kindOf(views.AlertKind), Equal: []string{mailField}, Order: "raised"},
		{Name: alertsMailed, Kind: kindOf(views.AlertKind), Equal: []string{mailedToField}, Order: mailedField, Descending: true},
		{Name: releasesEnding, Kind: kindOf(views.ReleaseKind), Order: untilField},
		{Name: traces, Kind: traceKind, Visible: true},
		{Name: searchesOf, Kind: kindOf(views.SearchKind), Equal: []string{"person"}, Order: "at"},
		{Name: "link_pair", Kind: kindOf(views.PartyLinkKind), Equal: []string{"pair"}, Unique: true},
		{Name: "links_first", Kind: kindOf(views.PartyLinkKind), Equal: []string{"first"}},
		{Name: "links_second", Kind: kindOf(views.PartyLinkKind), Equal: []string{"second"}},
		{Name: "statement_case", Kind: kindOf(views.VpsKind), Equal: []string{"case"}, Unique: true},
		{Name: "practitioner_subject", Kind: practitionerKind, Equal: []string{"subject"}, Unique: true},
		{Name: jobsByTurn, Kind: jobKind, Order: "next"},
	}
	for _, kind := range directoryKinds {
		indexes = append(indexes, store.Index{Name: allOf(kind), Kind: kind})
	}
	for _, kind := range Kinds() {
		indexes = append(indexes, store.Index{Name: formIndex(kind), Kind: kind, Order: formField, Descending: true})
	}
	return indexes
}

// Kinds declares the kinds of document that records keep.
func Kinds() []store.Kind { return append(kindsOfRecords(), attachedFileKind, jobKind, traceKind) }

// kindsOfRecords are the kinds of what people have said: those that upkeep brings
// forward. A job comes forward with its next turn, a trace is made anew with its case, and
// the bytes of a file are in the one form there is.
func kindsOfRecords() []store.Kind {
	kinds := append([]store.Kind{}, directoryKinds...)
	for _, kind := range views.Kinds() {
		kinds = append(kinds, kindOf(kind))
	}
	return kinds
}

// turnOf is the turn in which something is added to a case. Cases may share one.
func (r *Records) turnOf(family string) *sync.Mutex {
	return &r.turns[crc32.ChecksumIEEE([]byte(family))%uint32(len(r.turns))]
}

// Identifier makes a new id for a record of the kind.
func (r *Records) Identifier(kind views.Kind) string { return r.identifiers.New(string(kind)) }

// NewIdentifier makes a new id with the prefix, for what is no record of its own:
// a party, an agency, a plan item.
func (r *Records) NewIdentifier(prefix string) string { return r.identifiers.New(prefix) }

// Reference makes a new random case reference.
func (r *Records) Reference() string { return r.identifiers.Reference() }

// Now is the one clock.
func (r *Records) Now() time.Time { return r.clock() }

// Ready says why records cannot be reached; nil when they can.
func (r *Records) Ready(ctx context.Context) error {
	if _, err := r.store.Outbox(ctx, 1); err != nil {
		return fmt.Errorf("the store does not answer: %w", err)
	}
	return nil
}
