package records

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"accord/authz"
	"accord/domain/fault"
	"accord/domain/marac"
	"accord/domain/sharing"
	"accord/internal/secrets"
	"accord/internal/store"
	"accord/internal/views"
)

// Topics of the outbox: what a change in one family means for another.
const (
	TopicHeard    = "heard"    // who works on a listed case has changed: tell its meeting
	TopicResearch = "research" // a list was issued: ask each agency for its research
	TopicAlert    = "alert"    // somebody is to be told that there is something to look at
	TopicMoved    = "moved"    // a practitioner is in another team: their cases follow
)

// Consequence is an undelivered message: ids only.
type Consequence struct {
	ID       string
	Topic    string
	Case     string
	Meeting  string
	Item     string
	Agencies []string
	To       string // practitioner id: who is told, or who has moved
	Alert    sharing.AlertKind
}

// AlertID is the id of the alert that the consequence raises: the same for whoever
// delivers it, so that of two who deliver it at the same moment one raises it.
func (c Consequence) AlertID() string {
	_, random, _ := strings.Cut(c.ID, "_")
	return string(views.AlertKind) + "_" + random
}

// Heard tells the meetings that hear a case who works on it now.
func (s *Session) Heard(c *Change, of Case) error {
	for _, listing := range of.Listings {
		if err := s.post(c, Consequence{Topic: TopicHeard, Case: of.ID, Meeting: listing.Meeting, Item: listing.Item}); err != nil {
			return err
		}
	}
	return nil
}

// AskForResearch asks the agencies for their research on a listed case.
func (s *Session) AskForResearch(c *Change, ref marac.ListRef, meeting string, agencies []string) error {
	return s.post(c, Consequence{Topic: TopicResearch, Case: ref.Case, Meeting: meeting, Item: ref.Item, Agencies: agencies})
}

// Tell alerts practitioners, each once, that there is something to look at. Who is
// kept from the case is not told.
func (s *Session) Tell(c *Change, kind sharing.AlertKind, of Case, practitioners ...string) error {
	told := map[string]bool{}
	for _, practitioner := range practitioners {
		if practitioner == "" || told[practitioner] || slices.Contains(of.Excluded, practitioner) {
			continue
		}
		told[practitioner] = true
		if err := s.post(c, Consequence{Topic: TopicAlert, Case: of.ID, To: practitioner, Alert: kind}); err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) post(c *Change, consequence Consequence) error {
	consequence.ID = s.records.NewIdentifier("message")
	body, err := encode(consequence)
	if err != nil {
		return err
	}
	c.outbox = append(c.outbox, store.Message{ID: consequence.ID, Topic: consequence.Topic, Body: bson.Raw(body)})
	return nil
}

// Undelivered returns the oldest consequences that have not reached their family.
func (r *Records) Undelivered(ctx context.Context) ([]Consequence, error) {
	const atOnce = 100
	messages, err := r.store.Outbox(ctx, atOnce)
	if err != nil {
		return nil, fmt.Errorf("reading the outbox: %w", err)
	}
	consequences := make([]Consequence, len(messages))
	for i, message := range messages {
		if err := decode(message.Body, &consequences[i]); err != nil {
			consequences[i] = Consequence{} // nobody can say what it was for
		}
		consequences[i].ID, consequences[i].Topic = message.ID, message.Topic
	}
	return consequences, nil
}

// HasGone reports whether what a consequence is for is not in the store, or cannot be
// read by anybody any more: then it can never be delivered. What is only out of reach
// of the capacity that delivers it is not gone.
func (r *Records) HasGone(ctx context.Context, consequence Consequence) (bool, error) {
	var needed []string
	switch consequence.Topic {
	case TopicHeard:
		needed = []string{consequence.Case, consequence.Meeting, consequence.Item}
	case TopicResearch:
		needed = []string{consequence.Case}
	case TopicAlert, TopicMoved:
		needed = []string{consequence.To} // in the store: another program may have enrolled them
	default:
		return false, nil // a later program knows what it is for
	}
	for _, id := range needed {
		doc, err := r.stored.Get(ctx, id)
		if errors.Is(err, store.ErrAbsent) {
			return true, nil
		}
		if err != nil {
			return false, fmt.Errorf("looking for what a consequence is for: %w", err)
		}
		if _, err := r.keyring.Known(ctx, doc.Family); errors.Is(err, secrets.ErrDestroyed) {
			return true, nil
		} else if err != nil {
			return false, fmt.Errorf("the key of %s: %w", doc.Family, err)
		}
	}
	return false, nil
}

// Relay starts a session of the system capacity that delivers consequences. It
// convenes every area, and may write lists and ask for research, nothing else.
func (r *Records) Relay(ctx context.Context) *Session {
	return r.Begin(ctx, authz.Capacity{
		System: "list relay", Roles: []authz.Role{authz.ListRelay}, Areas: r.Directory().Areas(),
	}, r.NewIdentifier("request"))
}

// FirstStart starts the session that enrols the first administrator of an empty
// folder; later it may do nothing.
func (r *Records) FirstStart(ctx context.Context) *Session {
	return r.Begin(ctx, authz.Capacity{System: "first start", Roles: []authz.Role{authz.FirstStart}}, r.NewIdentifier("request"))
}

// Delivers says that the change is what a message asked for.
func (c *Change) Delivers(message string) { c.delivered = append(c.delivered, message) }

// Settle marks a message delivered that has nothing left to change.
func (s *Session) Settle(ctx context.Context, message string) error {
	err := s.records.store.Apply(ctx, store.Batch{Family: messageFamily, Delivered: []string{message}})
	if err != nil {
		return fmt.Errorf("settling a message: %w", err)
	}
	return nil
}

const messageFamily = "outbox"

// Heards is who reaches a meeting through this case: its practitioners and their
// teams, or the named people alone when it is restricted.
func (c Case) Heards(item string) HeardCase {
	heard := HeardCase{Item: item, Case: c.ID, Alone: len(c.Restricted) > 0}
	for _, assignment := range c.Assignments {
		restricted := len(c.Restricted) > 0
		named := false
		for _, practitioner := range c.Restricted {
			named = named || practitioner == assignment.Practitioner
		}
		if restricted && !named {
			continue
		}
		heard.Practitioners = append(heard.Practitioners, assignment.Practitioner)
		if assignment.Team != "" && !restricted {
			heard.Teams = append(heard.Teams, assignment.Team)
		}
	}
	return heard
}

// Retried looks for the receipt of an idempotency key. True: the same input was
// applied already and is not applied again; the receipt says what it left. Otherwise
// it returns the receipt that the change must keep; nil without a key.
func (s *Session) Retried(ctx context.Context, procedure, key string, input any) (*store.Receipt, bool, error) {
	if key == "" {
		return nil, false, nil
	}
	if len(key) > maxIdempotencyKey {
		return nil, false, s.refuse(ctx, procedure, fault.Input("input.idempotencyKey", "maxLength", "Choose a key of at most 100 characters."))
	}
	encoded, err := encode(input)
	if err != nil {
		return nil, false, err
	}
	hash := []byte(s.records.keyring.Blind("input "+procedure, string(encoded)))
	blind := s.records.keyring.Blind("idempotency key", key)
	kept, err := s.records.store.Receipt(ctx, s.capacity.Person, blind)
	switch {
	case errors.Is(err, store.ErrAbsent):
		return &store.Receipt{Person: s.capacity.Person, Key: blind, Input: hash, Until: s.now.Add(receiptLife)}, false, nil
	case err != nil:
		return nil, false, fmt.Errorf("reading a receipt: %w", err)
	case !bytes.Equal(kept.Input, hash):
		return nil, false, s.refuse(ctx, procedure, fault.Input("input.idempotencyKey", "sameInput", "Choose another key: this one stands for another change."))
	default:
		return &kept, true, nil
	}
}
