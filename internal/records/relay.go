package records

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"

	"accord/authz"
	"accord/domain/fault"
	"accord/domain/marac"
	"accord/internal/store"
)

// Topics of the outbox: what a change in one family means for another.
const (
	TopicHeard    = "heard"    // who works on a listed case has changed: tell its meeting
	TopicResearch = "research" // a list was issued: ask each agency for its research
)

// Consequence is an undelivered message: ids only.
type Consequence struct {
	ID       string
	Topic    string
	Case     string
	Meeting  string
	Item     string
	Agencies []string
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
			return nil, err
		}
	}
	return consequences, nil
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
	heard := HeardCase{Item: item, Case: c.ID}
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
// applied already and is not applied again. Otherwise it returns the receipt that
// the change must keep; nil without a key.
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
		return nil, true, nil
	}
}
